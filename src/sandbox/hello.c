#include "sandbox/hello.h"

#include <string.h>

/* --- ClientHello ---------------------------------------------------------------------------------------- */

/* What is left to read of a vector. Reading beyond it sets BAD, and everything after reads as nothing. */
struct view {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static uint32_t
take_number(struct view *view, unsigned size)
{
    uint32_t value = 0;
    if (view->left < size) {
        view->bad = true;
        view->left = 0;
        return 0;
    }
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | view->at[i];
    view->at += size;
    view->left -= size;
    return value;
}

static struct view
take_bytes(struct view *view, size_t size)
{
    struct view part = { .at = view->at };
    if (view->left < size) {
        view->bad = part.bad = true;
        view->left = 0;
        return part;
    }
    part.left = size;
    view->at += size;
    view->left -= size;
    return part;
}

/* A vector whose length stands before it in SIZE bytes. */
static struct view
take_vector(struct view *view, unsigned size)
{
    uint32_t length = take_number(view, size);
    return take_bytes(view, length);
}

static bool
copy_host(char *out, struct view name)
{
    if (name.left && name.at[name.left - 1] == '.')
        name.left--;
    if (!name.left || name.left >= SP_HELLO_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.left; i++) {
        unsigned char byte = name.at[i];
        if (byte >= 'A' && byte <= 'Z')
            byte |= 0x20;
        if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
              byte == '.' || byte == ':'))
            return false;
        out[i] = (char)byte;
    }
    out[name.left] = 0;
    return true;
}

static bool
read_server_names(char *name, struct view extension)
{
    struct view list = take_vector(&extension, 2);
    while (list.left) {
        uint32_t type = take_number(&list, 1);
        struct view host = take_vector(&list, 2);
        if (list.bad || type != 0 || *name || !copy_host(name, host))
            return false;
    }
    return !extension.bad && !extension.left && *name;
}

/* The body of the handshake message. */
static bool
read_body(char *name, struct view hello)
{
    take_bytes(&hello, 2 + 32); /* version, random */
    take_vector(&hello, 1);     /* session */
    take_vector(&hello, 2);     /* ciphers */
    take_vector(&hello, 1);     /* compression */
    if (hello.bad)
        return false;
    if (!hello.left)
        return true; /* before extensions were invented */
    struct view extensions = take_vector(&hello, 2);
    bool seen = false;
    while (extensions.left) {
        uint32_t type = take_number(&extensions, 2);
        struct view extension = take_vector(&extensions, 2);
        if (extensions.bad)
            return false;
        if (type == 0 && (seen || !read_server_names(name, extension)))
            return false;
        seen |= type == 0;
    }
    return !extensions.bad && !hello.bad;
}

enum sp_said
sp_hello_read(char name[SP_HELLO_NAME_MAX], const unsigned char *bytes, size_t length)
{
    unsigned char hello[SP_HELLO_MAX];
    size_t have = 0;
    struct view records = { .at = bytes, .left = length < SP_HELLO_MAX ? length : SP_HELLO_MAX };
    bool whole = length < SP_HELLO_MAX;
    *name = 0;
    while (records.left >= 5) {
        uint32_t type = take_number(&records, 1), version = take_number(&records, 2);
        uint32_t size = take_number(&records, 2);
        if (type != 22 || version >> 8 != 3 || !size || size > SP_HELLO_MAX)
            return SP_SAID_NOTHING;
        size_t part = size < records.left ? size : records.left;
        memcpy(hello + have, records.at, part); /* the whole input fits, so its parts do */
        have += part;
        take_bytes(&records, part);
        if (have && hello[0] != 1)
            return SP_SAID_NOTHING;
        if (have < 4)
            continue;
        size_t need = 4 + ((size_t)hello[1] << 16 | (size_t)hello[2] << 8 | hello[3]);
        if (need > SP_HELLO_MAX)
            return SP_SAID_NOTHING;
        if (have >= need) {
            if (read_body(name, (struct view){ .at = hello + 4, .left = need - 4 }))
                return SP_SAID_THIS;
            *name = 0;
            return SP_SAID_NOTHING;
        }
    }
    if (records.left && records.at[0] != 22)
        return SP_SAID_NOTHING;
    return whole ? SP_SAID_MORE : SP_SAID_NOTHING;
}

/* --- HTTP ----------------------------------------------------------------------------------------------- */

static void
copy_printable(char *out, size_t size, const char *bytes, size_t length)
{
    size_t count = length < size - 1 ? length : size - 1;
    for (size_t i = 0; i < count; i++)
        out[i] = bytes[i] > 0x20 && bytes[i] < 0x7f ? bytes[i] : '?';
    out[count] = 0;
}

/* "METHOD path[ HTTP/1.1]": a method is 3 to 20 capital letters. */
static enum sp_said
read_request_line(struct sp_http_head *out, const char *line, size_t length, bool complete)
{
    size_t method = 0;
    while (method < length && method < 21 && line[method] >= 'A' && line[method] <= 'Z')
        method++;
    if (method == length && method < 21 && !complete)
        return SP_SAID_MORE;
    if (method < 3 || method > 20 || method == length || line[method] != ' ')
        return SP_SAID_NOTHING;
    const char *path = line + method + 1;
    size_t rest = length - method - 1;
    const char *space = memchr(path, ' ', rest);
    size_t path_length = space ? (size_t)(space - path) : rest;
    copy_printable(out->method, sizeof(out->method), line, method);
    copy_printable(out->path, sizeof(out->path), path, path_length);
    if (!complete)
        return SP_SAID_MORE;
    if (!space || !path_length || rest - path_length < 6 || memcmp(space + 1, "HTTP/", 5))
        return SP_SAID_NOTHING;
    copy_printable(out->version, sizeof(out->version), space + 1, rest - path_length - 1);
    return SP_SAID_THIS;
}

static bool
has_word(const char *text, size_t length, const char *word)
{
    size_t need = strlen(word);
    for (size_t i = 0; i + need <= length; i++)
        if (!strncasecmp(text + i, word, need))
            return true;
    return false;
}

static void
read_field(struct sp_http_head *out, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    size_t left = length - name - 1;
    while (left && (*value == ' ' || *value == '\t'))
        value++, left--;
    while (left && (value[left - 1] == ' ' || value[left - 1] == '\t'))
        left--;
#define IS(text) (name == sizeof(text) - 1 && !strncasecmp(line, text, name))
    if (IS("host") && !*out->host) {
        copy_printable(out->host, sizeof(out->host), value, left);
    } else if (IS("content-length")) {
        uint64_t number = 0;
        for (size_t i = 0; i < left && value[i] >= '0' && value[i] <= '9' && number < UINT64_MAX / 16; i++)
            number = number * 10 + (uint64_t)(value[i] - '0');
        out->content_length = number;
        out->has_body = number != 0;
    } else if (IS("transfer-encoding") && has_word(value, left, "chunked")) {
        out->chunked = true;
    } else if (IS("expect") && has_word(value, left, "100-continue")) {
        out->expects = true;
    } else if (IS("accept")) {
        out->wants_json = has_word(value, left, "json") || has_word(value, left, "*/*");
    } else if (IS("upgrade")) {
        out->upgrade = true;
    }
#undef IS
}

enum sp_said
sp_http_read(struct sp_http_head *out, bool *looks_so, const char *bytes, size_t length)
{
    memset(out, 0, sizeof(*out));
    *looks_so = false;
    out->wants_json = true;
    size_t limit = length < SP_HTTP_HEAD_MAX ? length : SP_HTTP_HEAD_MAX;
    bool first = true;
    for (size_t at = 0;;) {
        const char *line = bytes + at, *stop = at < limit ? memchr(line, '\n', limit - at) : NULL;
        size_t size = stop ? (size_t)(stop - line) : limit - at;
        if (stop && size && line[size - 1] == '\r')
            size--;
        if (first) {
            enum sp_said said = read_request_line(out, line, size, stop != NULL);
            if (said == SP_SAID_NOTHING)
                return said;
            *looks_so = *out->method != 0;
            first = false;
        } else if (stop && size) {
            read_field(out, line, size);
        }
        if (!stop)
            return length < SP_HTTP_HEAD_MAX ? SP_SAID_MORE : SP_SAID_NOTHING;
        at = (size_t)(stop + 1 - bytes);
        if (!size) {
            out->length = at;
            out->has_body |= out->chunked;
            return SP_SAID_THIS;
        }
    }
}

enum { CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_BYTES, CHUNK_AFTER, CHUNK_TRAILER, CHUNK_TRAILER_LINE };

static int
hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

size_t
sp_chunks_read(struct sp_chunks *chunks, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && !chunks->ended && !chunks->broken) {
        if (chunks->state == CHUNK_BYTES) {
            size_t part = chunks->left < length - at ? (size_t)chunks->left : length - at;
            at += part;
            chunks->left -= part;
            if (!chunks->left)
                chunks->state = CHUNK_AFTER;
            continue;
        }
        char byte = bytes[at++];
        int digit = hex_digit(byte);
        switch (chunks->state) {
        case CHUNK_SIZE:
            if (digit >= 0 && chunks->left < UINT64_MAX / 32)
                chunks->left = chunks->left * 16 + (unsigned)digit;
            else if (byte == '\n')
                chunks->state = chunks->left ? CHUNK_BYTES : CHUNK_TRAILER;
            else if (byte == ';' || byte == '\r' || byte == ' ')
                chunks->state = CHUNK_EXTENSION;
            else
                chunks->broken = true;
            break;
        case CHUNK_EXTENSION:
            if (byte == '\n')
                chunks->state = chunks->left ? CHUNK_BYTES : CHUNK_TRAILER;
            break;
        case CHUNK_AFTER:
            if (byte == '\n')
                chunks->state = CHUNK_SIZE;
            else if (byte != '\r')
                chunks->broken = true;
            break;
        case CHUNK_TRAILER:
            if (byte == '\n')
                chunks->ended = true;
            else if (byte != '\r')
                chunks->state = CHUNK_TRAILER_LINE;
            break;
        case CHUNK_TRAILER_LINE:
            if (byte == '\n')
                chunks->state = CHUNK_TRAILER;
            break;
        }
    }
    return at;
}
