#include "manifest/text.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* Only what is no UTF-8 is copied: with the file itself that stays below 512 MB. */
#define DECODED_MAX ((size_t)64 << 20)

static int
add_point(struct sp_buffer *out, uint32_t point, struct sp_error *err)
{
    char bytes[4];
    size_t size = sp_utf8_encode(point, bytes);
    if (out->length + size > DECODED_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %zu MB that is no UTF-8; save it as UTF-8",
                       DECODED_MAX >> 20);
    return sp_buffer_append(out, bytes, size, err);
}

static int
decode_utf16(struct sp_buffer *out, const char *path, const unsigned char *bytes, size_t length, bool big,
             struct sp_error *err)
{
    if (length % 2)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s:1:1: UTF-16 with half a character at its end; save it as UTF-8", path);
    for (size_t i = 2; i < length; i += 2) {
        uint32_t unit = big ? (uint32_t)bytes[i] << 8 | bytes[i + 1] : (uint32_t)bytes[i + 1] << 8 | bytes[i];
        if (unit >= 0xd800 && unit < 0xdc00 && i + 3 < length) {
            const unsigned char *next = bytes + i + 2;
            uint32_t low = big ? (uint32_t)next[0] << 8 | next[1] : (uint32_t)next[1] << 8 | next[0];
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (unit >= 0xd800 && unit < 0xe000)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%.300s:1:1: UTF-16 with half of a surrogate pair; save it as UTF-8", path);
        if (add_point(out, unit, err) < 0)
            return -1;
    }
    return 0;
}

static int
decode_latin1(struct sp_buffer *out, const char *bytes, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++)
        if (add_point(out, (unsigned char)bytes[i], err) < 0)
            return -1;
    return 0;
}

static int
check(struct sp_text *text, const char *path, struct sp_error *err)
{
    uint32_t line, column;
    for (size_t i = 0; i < text->length;) {
        size_t size = 1;
        unsigned char c = (unsigned char)text->bytes[i];
        if (c == 0 ||
            (c >= 0x80 && sp_utf8_decode(text->bytes + i, text->length - i, &size) == SP_UTF8_INVALID)) {
            sp_text_seek(text, i, &line, &column);
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:%u:%u: %s", path, line, column,
                           c == 0 ? "a NUL byte; this is no text file"
                                  : "bytes that are no UTF-8; save the file as UTF-8");
        }
        i += size;
    }
    return 0;
}

int
sp_text_open(struct sp_text *text, const char *path, const char *content, size_t length,
             enum sp_text_encoding encoding, struct sp_error *err)
{
    *text = (struct sp_text){ .line = 1 };
    bool little = length >= 2 && !memcmp(content, "\xff\xfe", 2);
    bool big = length >= 2 && !memcmp(content, "\xfe\xff", 2);
    if (length >= 3 && !memcmp(content, "\xef\xbb\xbf", 3)) {
        content += 3;
        length -= 3;
    } else if (little || big) {
        if (decode_utf16(&text->decoded, path, (const unsigned char *)content, length, big, err) < 0)
            return -1;
    } else if (encoding == SP_TEXT_LATIN1 && !sp_utf8_valid(content, length)) {
        if (decode_latin1(&text->decoded, content, length, err) < 0)
            return -1;
    }
    if (little || big || text->decoded.bytes) {
        content = sp_buffer_string(&text->decoded);
        length = text->decoded.length;
    }
    text->bytes = content;
    text->length = length;
    return check(text, path, err);
}

void
sp_text_free(struct sp_text *text)
{
    sp_buffer_free(&text->decoded);
}

void
sp_text_seek(struct sp_text *text, size_t offset, uint32_t *line, uint32_t *column)
{
    if (offset < text->at) {
        text->at = text->line_start = 0;
        text->line = 1;
    }
    /* a lone CR ends a line too, CRLF ends one */
    for (; text->at < offset; text->at++) {
        char c = text->bytes[text->at];
        if (c == '\n' || (c == '\r' && text->bytes[text->at + 1] != '\n')) {
            text->line++;
            text->line_start = text->at + 1;
        }
    }
    *line = text->line;
    *column = (uint32_t)(offset - text->line_start + 1);
}

const char *
sp_text_find(const char *bytes, size_t length, const char *word)
{
    return bytes ? memmem(bytes, length, word, strlen(word)) : NULL;
}
