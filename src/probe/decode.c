/* decode.c: records of the kernel as events. Their strings are hostile; their lengths are ours, and checked.
 */
#include "base/buffer.h"
#include "base/hash.h"
#include "probe/calls.h"
#include "probe/read.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#define PATHS_MAX 262144u /* files whose path is remembered, for the bytes that are told later */
#define PENDING_MAX 64u   /* commands whose words come in several records */
#define TEXT_MAX 32768u

struct pending {
    uint32_t process; /* 0: free */
    struct sp_buffer words;
};

struct sp_wire_text {
    const struct sp_decoys *decoys;
    struct sp_map files; /* device and inode -> index */
    struct sp_arena arena;
    const char **paths;
    size_t path_count, path_capacity;
    struct pending pending[PENDING_MAX];
    struct sp_buffer words;
    const char *calls[SP_WIRE_CALLS]; /* names by number */
    char strings[4][2 * TEXT_MAX], name[256], addresses[2][INET6_ADDRSTRLEN];
};

int
sp_wire_text_new(struct sp_wire_text **out, const struct sp_decoys *decoys, struct sp_error *err)
{
    struct sp_wire_text *text = sp_new(struct sp_wire_text, err);
    if (!text)
        return -1;
    text->decoys = decoys;
    for (size_t i = 0; i < sp_call_row_count; i++) {
        int number = sp_call_number(&sp_call_rows[i]);
        if (number >= 0)
            text->calls[number] = sp_call_rows[i].name;
    }
    *out = text;
    return 0;
}

void
sp_wire_text_free(struct sp_wire_text *text)
{
    if (!text)
        return;
    for (size_t i = 0; i < PENDING_MAX; i++)
        sp_buffer_free(&text->pending[i].words);
    sp_buffer_free(&text->words);
    sp_map_free(&text->files);
    sp_arena_free(&text->arena);
    free(text->paths);
    free(text);
}

/* ---------------------------------------------------------------- paths */

struct file_key {
    uint64_t inode;
    uint32_t device, zero;
};

const char *
sp_wire_path(const struct sp_wire_text *text, uint32_t device, uint64_t inode)
{
    const struct file_key key = { .inode = inode, .device = device };
    uint32_t at;
    return sp_map_get(&text->files, (const char *)&key, sizeof(key), &at) ? text->paths[at] : NULL;
}

static void
remember_path(struct sp_wire_text *text, uint32_t device, uint64_t inode, const char *path)
{
    const struct file_key key = { .inode = inode, .device = device };
    uint32_t at;
    if (sp_map_get(&text->files, (const char *)&key, sizeof(key), &at)) {
        /* an inode may be another file by now */
        if (!text->paths[at] || strcmp(text->paths[at], path) != 0)
            text->paths[at] = sp_arena_copy(&text->arena, path, strlen(path), NULL);
        return;
    }
    if (text->path_count >= PATHS_MAX ||
        sp_grow(text->paths, text->path_capacity, text->path_count + 1, NULL) < 0)
        return;
    const char *kept = sp_arena_copy(&text->arena, path, strlen(path), NULL);
    if (kept &&
        sp_map_set(&text->files, (const char *)&key, sizeof(key), (uint32_t)text->path_count, NULL) == 0)
        text->paths[text->path_count++] = kept;
}

/* Takes "." and ".." and doubled slashes out of PATH, in place. Only by the letters: a link that stands
 * before
 * ".." would lead elsewhere, which docs/probes.md says. */
static void
tidy(char *path)
{
    char *to = path;
    for (const char *from = path; *from;) {
        while (*from == '/')
            from++;
        size_t length = strcspn(from, "/");
        if (length == 2 && from[0] == '.' && from[1] == '.') {
            while (to > path && *--to != '/')
                continue;
        } else if (length && !(length == 1 && from[0] == '.')) {
            *to++ = '/';
            memmove(to, from, length);
            to += length;
        }
        from += length;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

static const char *
join(char *out, const char *directory, size_t directory_length, const char *name, size_t length)
{
    size_t at = 0;
    if (!length || name[0] != '/') {
        memcpy(out, directory, directory_length);
        at = directory_length;
        if (length)
            out[at++] = '/';
    }
    memcpy(out + at, name, length);
    out[at + length] = '\0';
    if (out[0] == '/' && length)
        tidy(out);
    return out;
}

/* ---------------------------------------------------------------- parts */

/* The strings of a record, one after the other. */
struct parts {
    const char *at[4];
    size_t length[4];
};

static bool
split(const struct sp_wire *wire, const char *strings, size_t left, struct parts *parts)
{
    for (size_t i = 0; i < 4; i++) {
        if (wire->lengths[i] > left || wire->lengths[i] >= TEXT_MAX)
            return false;
        parts->at[i] = strings;
        parts->length[i] = wire->lengths[i];
        strings += wire->lengths[i];
        left -= wire->lengths[i];
    }
    return true;
}

/* Part WHICH as a string; it ends at its first NUL. */
static const char *
string(struct sp_wire_text *text, const struct parts *parts, size_t which)
{
    size_t length = strnlen(parts->at[which], parts->length[which]);
    memcpy(text->strings[which], parts->at[which], length);
    text->strings[which][length] = '\0';
    return text->strings[which];
}

/* Bytes that may hold anything: NUL as C0 80. */
static const char *
bytes_as_string(struct sp_wire_text *text, const struct parts *parts, size_t which)
{
    char *to = text->strings[which];
    for (size_t i = 0; i < parts->length[which]; i++) {
        char byte = parts->at[which][i];
        if (byte) {
            *to++ = byte;
        } else {
            *to++ = (char)0xc0;
            *to++ = (char)0x80;
        }
    }
    *to = '\0';
    return text->strings[which];
}

static const char *
address(struct sp_wire_text *text, const struct parts *parts, size_t which)
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    const char *from = parts->at[which];
    size_t length = parts->length[which];
    if (length == 16 && !memcmp(from, mapped, sizeof(mapped))) {
        from += 12;
        length = 4;
    }
    if (length != 4 && length != 16)
        return NULL;
    return inet_ntop(length == 4 ? AF_INET : AF_INET6, from, text->addresses[which], INET6_ADDRSTRLEN);
}

/* ---------------------------------------------------------------- words */

static struct pending *
pending_of(struct sp_wire_text *text, uint32_t process, bool make)
{
    struct pending *unused = NULL;
    for (size_t i = 0; i < PENDING_MAX; i++) {
        if (text->pending[i].process == process)
            return &text->pending[i];
        if (!text->pending[i].process)
            unused = &text->pending[i];
    }
    if (make && unused) {
        unused->process = process;
        unused->words.length = 0;
    }
    return make ? unused : NULL;
}

static void
add_words(struct sp_buffer *words, const char *bytes, size_t length)
{
    if (sp_buffer_append(words, bytes, length, NULL) < 0)
        return;
    for (char *at = words->bytes + words->length - length; length--; at++)
        *at = *at == SP_EVENT_WORD_END ? '?' : *at ? *at : SP_EVENT_WORD_END;
}

static const char *
whole_words(struct sp_wire_text *text, const struct sp_wire *wire, const struct parts *parts)
{
    struct pending *before = pending_of(text, wire->process, false);
    text->words.length = 0;
    if (before && before->process) {
        if (sp_buffer_append(&text->words, before->words.bytes, before->words.length, NULL) < 0)
            return NULL;
        before->process = 0;
    }
    add_words(&text->words, parts->at[1], parts->length[1]);
    return text->words.length ? sp_buffer_string(&text->words) : "";
}

/* ---------------------------------------------------------------- kinds */

static const char *
protocol_name(int64_t value)
{
    unsigned family = (unsigned)(value >> 16) & 0xffff, type = (unsigned)(value >> 8) & 0xff;
    switch (family) {
    case 0:
        break;
    case AF_UNIX:
        return "unix";
    case AF_PACKET:
        return "packet";
    case AF_NETLINK:
        return "netlink";
    case AF_VSOCK:
        return "vsock";
    case AF_INET:
    case AF_INET6:
        if (type == SOCK_RAW)
            return "raw";
        break;
    default:
        return "other";
    }
    switch ((unsigned)value & 0xff) {
    case IPPROTO_TCP:
        return "tcp";
    case IPPROTO_UDP:
        return "udp";
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        return "icmp";
    default:
        return "raw";
    }
}

static void
decode_change(struct sp_wire_text *text, const struct sp_wire *wire, const struct parts *parts,
              struct sp_event *event)
{
    event->value = wire->act;
    event->subject = join(text->strings[0], parts->at[0], parts->length[0], parts->at[1], parts->length[1]);
    if (wire->act == SP_FILE_RENAME || wire->act == SP_FILE_LINK)
        event->detail =
            join(text->strings[2], parts->at[2], parts->length[2], parts->at[3], parts->length[3]);
    else if (wire->act == SP_FILE_SYMLINK)
        event->detail = string(text, parts, 3);
    else if (wire->act == SP_FILE_MODE || wire->act == SP_FILE_MKDIR || wire->act == SP_FILE_MKNOD) {
        snprintf(text->name, sizeof(text->name), "%04llo", (unsigned long long)wire->value & 07777);
        event->detail = text->name;
    }
}

static void
decode_code(struct sp_wire_text *text, const struct sp_wire *wire, const struct parts *parts,
            struct sp_event *event)
{
    const char *call = wire->bytes < SP_WIRE_CALLS ? text->calls[wire->bytes] : NULL;
    event->subject = string(text, parts, 0);
    switch (wire->act) {
    case SP_ACT_MMAP:
        event->value =
            wire->value || strncmp(event->subject, "memfd:", 6) == 0 ? SP_CODE_MEMORY_MAPPED : SP_CODE_MAPPED;
        break;
    case SP_ACT_MEMFD:
        event->value = SP_CODE_MEMFD;
        break;
    case SP_ACT_PRCTL:
        event->value = SP_CODE_RENAMED;
        break;
    case SP_ACT_POWER:
        event->value = SP_CODE_PTRACE;
        event->detail = call;
        break;
    case SP_ACT_STRING:
    case SP_ACT_MARSHAL:
        event->value = wire->act == SP_ACT_STRING ? SP_CODE_STRING : SP_CODE_MARSHAL;
        event->detail = string(text, parts, 1);
        break;
    default:
        event->value = SP_CODE_FOREIGN;
        event->subject = call ? call : "unknown";
        break;
    }
    event->bytes = wire->value < 0;
}

static const char *
decoy_id(const struct sp_wire_text *text, uint32_t index)
{
    return index && text->decoys && index <= text->decoys->count ? text->decoys->items[index - 1].id : NULL;
}

static int
fill(struct sp_wire_text *text, const struct sp_wire *wire, const struct parts *parts, struct sp_event *event)
{
    switch (wire->kind) {
    case SP_WIRE_FORK:
        event->kind = SP_EVENT_FORK;
        return 1;
    case SP_WIRE_WORDS_PART: {
        struct pending *words = pending_of(text, wire->process, true);
        if (words)
            add_words(&words->words, parts->at[1], parts->length[1]);
        return 0;
    }
    case SP_WIRE_EXEC:
        event->kind = SP_EVENT_EXEC;
        event->subject = string(text, parts, 0);
        event->detail = whole_words(text, wire, parts);
        event->directory = string(text, parts, 2);
        if (!strncmp(event->subject, "memfd:", 6))
            event->value = (event->value & ~(int64_t)SP_EXEC_DELETED) | SP_EXEC_MEMORY;
        if (wire->flags & SP_WIRE_CUT)
            event->value |= SP_EXEC_WORDS_CUT;
        if (!parts->length[0])
            event->value |= SP_EXEC_PATH_CUT;
        return 1;
    case SP_WIRE_EXIT:
        event->kind = SP_EVENT_EXIT;
        return 1;
    case SP_WIRE_OPEN:
    case SP_WIRE_PROOF:
        event->kind = SP_EVENT_OPEN;
        event->subject = string(text, parts, 0);
        event->detail = decoy_id(text, wire->index);
        remember_path(text, wire->device, wire->id, event->subject);
        return 1;
    case SP_WIRE_LOOK:
        event->kind = SP_EVENT_LOOK;
        event->subject = string(text, parts, 0);
        return 1;
    case SP_WIRE_BYTES:
        event->kind = SP_EVENT_BYTES;
        event->subject = sp_wire_path(text, wire->device, wire->id);
        return 1;
    case SP_WIRE_CHANGE:
        event->kind = SP_EVENT_CHANGE;
        decode_change(text, wire, parts, event);
        return 1;
    case SP_WIRE_SOCKET:
        event->kind = SP_EVENT_SOCKET;
        event->detail = protocol_name(wire->value);
        event->subject = wire->value >> 16 == AF_UNIX ? string(text, parts, 0) : address(text, parts, 0);
        event->value = wire->act;
        return 1;
    case SP_WIRE_TCP:
        event->kind = SP_EVENT_TCP;
        event->subject = address(text, parts, 0);
        event->detail = address(text, parts, 1);
        event->bytes = wire->from_port;
        return 1;
    case SP_WIRE_SAID_BYTES:
        event->kind = SP_EVENT_SAID;
        event->subject = address(text, parts, 0);
        event->detail = bytes_as_string(text, parts, 1);
        event->value = wire->act == SP_ACT_TLS ? SP_SAID_TLS : SP_SAID_WRITE;
        return 1;
    case SP_WIRE_CODE:
        event->kind = SP_EVENT_CODE;
        decode_code(text, wire, parts, event);
        return 1;
    case SP_WIRE_NAME:
        event->kind = SP_EVENT_NAME;
        event->subject = string(text, parts, 0);
        event->detail = "getaddrinfo";
        return 1;
    default:
        return -1;
    }
}

int
sp_wire_decode(struct sp_wire_text *text, const void *bytes, size_t length, struct sp_event *event)
{
    struct sp_wire wire;
    struct parts parts;
    if (length < sizeof(wire))
        return -1;
    memcpy(&wire, bytes, sizeof(wire));
    if (!split(&wire, (const char *)bytes + sizeof(wire), length - sizeof(wire), &parts))
        return -1;
    *event = (struct sp_event){
        .time = wire.time,
        .pid = wire.pid,
        .process = wire.process,
        .parent = wire.parent,
        .port = wire.port,
        .from_port = wire.from_port,
        .value = wire.value,
        .bytes = wire.bytes,
    };
    return fill(text, &wire, &parts, event);
}

/* ----------------------------------------------------------------- more */

/* The name that a DNS question (RFC 1035, 4.1.2) of LENGTH bytes asks for; false: it is none. */
static bool
question(const unsigned char *bytes, size_t length, char out[256])
{
    size_t at = 12, to = 0;
    if (length < 17 || bytes[2] & 0x80 || bytes[4] || bytes[5] != 1)
        return false;
    while (at < length && bytes[at]) {
        size_t label = bytes[at++];
        if (label > 63 || at + label >= length || to + label + 1 >= 255)
            return false;
        for (size_t i = 0; i < label; i++)
            out[to++] = (char)(bytes[at + i] ? bytes[at + i] : '?');
        out[to++] = '.';
        at += label;
    }
    if (!to || at + 5 > length)
        return false;
    out[to - 1] = '\0';
    return true;
}

bool
sp_wire_more(struct sp_wire_text *text, const struct sp_event *event, struct sp_event *more)
{
    if (event->kind == SP_EVENT_OPEN && event->detail) {
        *more = *event;
        more->kind = SP_EVENT_DECOY;
        more->value = 0;
        more->bytes = 0;
        return true;
    }
    if (event->kind != SP_EVENT_SAID || event->port != 53 || !event->detail)
        return false;
    unsigned char bytes[SP_WIRE_SAID];
    size_t length = 0;
    for (const char *at = event->detail; *at && length < sizeof(bytes); at++) {
        bool nul = (unsigned char)at[0] == 0xc0 && (unsigned char)at[1] == 0x80;
        bytes[length++] = nul ? 0 : (unsigned char)*at;
        at += nul;
    }
    if (!question(bytes, length, text->name))
        return false;
    *more = (struct sp_event){
        .kind = SP_EVENT_NAME,
        .time = event->time,
        .pid = event->pid,
        .process = event->process,
        .subject = text->name,
    };
    return true;
}
