#include "base/json_reader.h"
#include "base/utf8.h"

#include <string.h>

/* What the grammar allows at the next token. */
enum state {
    WANT_VALUE,
    WANT_FIRST_KEY,   /* or '}' */
    WANT_KEY,         /* after a comma */
    WANT_COLON,       /* read together with the value that follows */
    WANT_FIRST_VALUE, /* or ']' */
    WANT_COMMA,       /* or the closing bracket */
    WANT_NOTHING,     /* the document is complete */
    BROKEN,
};

int
sp_json_reader_open(struct sp_json_reader *reader, const char *path, const char *content, size_t size,
                    struct sp_buffer *scratch, struct sp_error *err)
{
    *reader = (struct sp_json_reader){
        .path = path, .content = content, .size = size, .line_now = 1, .scratch = scratch, .text = ""
    };
    if (size >= 2 && (!memcmp(content, "\xff\xfe", 2) || !memcmp(content, "\xfe\xff", 2)))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:1:1: UTF-16; save the file as UTF-8", path);
    if (size >= 3 && !memcmp(content, "\xef\xbb\xbf", 3))
        reader->at = reader->line_start = 3;
    return 0;
}

/* ---- errors ---- */

static enum sp_json_token
fail_at(struct sp_json_reader *reader, size_t at, enum sp_error_code code, const char *what,
        struct sp_error *err)
{
    reader->state = BROKEN;
    sp_fail(err, code, "%.300s:%u:%zu: %s", reader->path, reader->line_now, at - reader->line_start + 1,
            what);
    return SP_JSON_FAILED;
}

static enum sp_json_token
fail_unexpected(struct sp_json_reader *reader, const char *expected, struct sp_error *err)
{
    char what[160];
    if (reader->at >= reader->size)
        snprintf(what, sizeof(what), "the file ends where %s should stand; it is truncated: make it again",
                 expected);
    else if (reader->content[reader->at] == '\0')
        snprintf(what, sizeof(what), "a NUL byte where %s should stand; it is no JSON: make it again",
                 expected);
    else
        snprintf(what, sizeof(what), "'%c' where %s should stand; make the file again, or mend it here",
                 reader->content[reader->at], expected);
    return fail_at(reader, reader->at, SP_ERROR_INPUT, what, err);
}

/* ---- white space ---- */

static void
skip_space(struct sp_json_reader *reader)
{
    const char *s = reader->content;
    size_t at = reader->at;
    for (; at < reader->size; at++) {
        if (s[at] == '\n') {
            reader->line_now++;
            reader->line_start = at + 1;
        } else if (s[at] != ' ' && s[at] != '\t' && s[at] != '\r') {
            break;
        }
    }
    reader->at = at;
}

/* ---- strings ---- */

#define ONES 0x0101010101010101ull
#define HIGH 0x8080808080808080ull

/* Whether one of eight bytes is a quote, a backslash, a control character or not ASCII. */
static bool
has_special(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    uint64_t quote = word ^ (ONES * '"'), slash = word ^ (ONES * '\\');
    return ((word | (word - ONES * 0x20) | ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash)) & HIGH) !=
           0;
}

static bool
is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

static int
hex4(const char *digits, size_t have)
{
    int value = 0;
    if (have < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The code point of the escape at AT (a backslash); its size in the file goes to *SIZE. NULL: well formed;
 * else what is wrong with it. */
static const char *
read_escape(const struct sp_json_reader *reader, size_t at, uint32_t *point, size_t *size)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *s = reader->content + at;
    size_t have = reader->size - at;
    const char *simple = have > 1 && s[1] ? strchr(from, s[1]) : NULL;
    *size = 2;
    if (simple) {
        *point = (uint32_t)to[simple - from];
        return NULL;
    }
    if (have < 2 || s[1] != 'u')
        return "an escape that JSON does not have; write \\\\ for a backslash";
    int first = hex4(s + 2, have - 2);
    if (first < 0)
        return "\\u without four hexadecimal digits; mend the escape";
    *size = 6;
    *point = (uint32_t)first;
    if (first < 0xd800 || first > 0xdfff)
        return NULL;
    int second = first < 0xdc00 && have > 7 && s[6] == '\\' && s[7] == 'u' ? hex4(s + 8, have - 8) : -1;
    if (second < 0xdc00 || second > 0xdfff) {
        *point = 0xfffd;
        if (reader->forgiving)
            return NULL;
        return "half of a surrogate pair; write both halves or none";
    }
    *size = 12;
    *point = 0x10000 + ((uint32_t)(first - 0xd800) << 10) + (uint32_t)(second - 0xdc00);
    return NULL;
}

/* Checks the string whose first byte is at reader->at and moves behind its closing quote; its raw bytes are
 * [*FROM, *TO). */
static int
scan_string(struct sp_json_reader *reader, size_t *from, size_t *to, struct sp_error *err)
{
    const char *s = reader->content;
    size_t at = reader->at, size = reader->size;
    *from = at;
    reader->escaped = false;
    for (;;) {
        while (at + 8 <= size && !has_special(s + at))
            at += 8;
        while (at < size && is_plain(s[at]))
            at++;
        if (at >= size)
            break;
        unsigned char c = (unsigned char)s[at];
        if (c == '"') {
            *to = at;
            reader->at = at + 1;
            return 0;
        }
        const char *wrong = NULL;
        size_t step = 1;
        if (c == '\\') {
            uint32_t point;
            reader->escaped = true;
            wrong = read_escape(reader, at, &point, &step);
        } else if (c < 0x20) {
            wrong = c == '\n' || c == '\r' ? "a line ends inside a string; close the string before it"
                                           : "a control character inside a string; write it as an escape";
        } else if (c >= 0x80 && sp_utf8_decode(s + at, size - at, &step) == SP_UTF8_INVALID) {
            wrong = reader->forgiving ? NULL : "bytes that are no UTF-8; save the file as UTF-8";
        }
        if (wrong)
            return fail_at(reader, at, SP_ERROR_INPUT, wrong, err);
        at += step;
    }
    reader->at = size;
    fail_unexpected(reader, "the end of a string", err);
    return -1;
}

/* The string was scanned already: only its size and memory can fail here. */
static int
decode_string(struct sp_json_reader *reader, size_t from, size_t to, struct sp_error *err)
{
    size_t keep = reader->keep ? reader->keep : to - from, room = to - from < keep ? to - from : keep + 12;
    if (room > SP_JSON_READER_ESCAPED_MAX)
        return fail_at(reader, from, SP_ERROR_LIMIT,
                       "a string of more than 16 MB with escapes; do not trust this file", err);
    sp_buffer_clear(reader->scratch);
    if (sp_buffer_reserve(reader->scratch, room, err) < 0)
        return -1;
    char *out = reader->scratch->bytes;
    size_t used = 0;
    while (from < to && used < keep) {
        const char *slash = memchr(reader->content + from, '\\', to - from);
        size_t plain = slash ? (size_t)(slash - reader->content) - from : to - from;
        if (plain > keep - used)
            plain = keep - used, slash = NULL;
        memcpy(out + used, reader->content + from, plain);
        used += plain;
        from += plain;
        if (slash) {
            uint32_t point = 0;
            size_t step;
            read_escape(reader, from, &point, &step);
            used += sp_utf8_encode(point, out + used); /* never longer than the escape */
            from += step;
        }
    }
    out[used] = '\0';
    reader->scratch->length = used;
    reader->text = out;
    reader->length = used;
    return 0;
}

static enum sp_json_token
read_string(struct sp_json_reader *reader, enum sp_json_token token, bool decode, struct sp_error *err)
{
    size_t from, to;
    reader->at++; /* the quote */
    reader->column++;
    if (scan_string(reader, &from, &to, err) < 0)
        return SP_JSON_FAILED;
    if (decode && reader->escaped) {
        if (decode_string(reader, from, to, err) < 0) {
            reader->state = BROKEN;
            return SP_JSON_FAILED;
        }
    } else {
        reader->text = reader->content + from;
        reader->length = to - from;
    }
    return token;
}

/* ---- numbers and words ---- */

static size_t
skip_digits(const char *s, size_t at, size_t size)
{
    while (at < size && s[at] >= '0' && s[at] <= '9')
        at++;
    return at;
}

/* The end of the number at AT, 0 where the grammar is broken. */
static size_t
number_end(const char *s, size_t at, size_t size)
{
    at += s[at] == '-';
    size_t digits = skip_digits(s, at, size);
    if (digits == at || (s[at] == '0' && digits > at + 1))
        return 0;
    at = digits;
    if (at < size && s[at] == '.') {
        digits = skip_digits(s, at + 1, size);
        if (digits == at + 1)
            return 0;
        at = digits;
    }
    if (at < size && (s[at] == 'e' || s[at] == 'E')) {
        at++;
        at += at < size && (s[at] == '+' || s[at] == '-');
        digits = skip_digits(s, at, size);
        if (digits == at)
            return 0;
        at = digits;
    }
    return at;
}

static enum sp_json_token
read_number(struct sp_json_reader *reader, struct sp_error *err)
{
    size_t end = number_end(reader->content, reader->at, reader->size);
    if (!end)
        return fail_at(reader, reader->at, SP_ERROR_INPUT,
                       "a number that JSON does not have; write it as 12, -1.5 or 2e10", err);
    reader->text = reader->content + reader->at;
    reader->length = end - reader->at;
    reader->at = end;
    return SP_JSON_NUMBER;
}

static enum sp_json_token
read_word(struct sp_json_reader *reader, const char *word, enum sp_json_token token, struct sp_error *err)
{
    size_t length = strlen(word);
    if (reader->size - reader->at < length || memcmp(reader->content + reader->at, word, length) != 0)
        return fail_unexpected(reader, "a value", err);
    reader->at += length;
    return token;
}

/* ---- structure ---- */

static enum sp_json_token
open_bracket(struct sp_json_reader *reader, char bracket, struct sp_error *err)
{
    if (reader->depth == SP_JSON_READER_DEPTH_MAX)
        return fail_at(reader, reader->at, SP_ERROR_LIMIT,
                       "nested deeper than 200 levels; no manifest is: do not trust this file", err);
    reader->kind[++reader->depth] = (uint8_t)bracket;
    reader->state = bracket == '{' ? WANT_FIRST_KEY : WANT_FIRST_VALUE;
    reader->at++;
    return bracket == '{' ? SP_JSON_OBJECT : SP_JSON_ARRAY;
}

static void
end_value(struct sp_json_reader *reader)
{
    reader->state = reader->depth ? WANT_COMMA : WANT_NOTHING;
}

static enum sp_json_token
close_bracket(struct sp_json_reader *reader)
{
    bool object = reader->kind[reader->depth] == '{';
    reader->depth--;
    reader->at++;
    end_value(reader);
    return object ? SP_JSON_OBJECT_END : SP_JSON_ARRAY_END;
}

static enum sp_json_token
read_value(struct sp_json_reader *reader, bool decode, struct sp_error *err)
{
    char c = reader->at < reader->size ? reader->content[reader->at] : '\0';
    if (c == '{' || c == '[')
        return open_bracket(reader, c, err);
    end_value(reader);
    if (c == '"')
        return read_string(reader, SP_JSON_STRING, decode, err);
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(reader, err);
    if (c == 't')
        return read_word(reader, "true", SP_JSON_TRUE, err);
    if (c == 'f')
        return read_word(reader, "false", SP_JSON_FALSE, err);
    if (c == 'n')
        return read_word(reader, "null", SP_JSON_NULL, err);
    return fail_unexpected(reader, "a value", err);
}

/* A comma, then what follows it: a value in an array, a key in an object. False: no comma. */
static bool
read_comma(struct sp_json_reader *reader)
{
    if (reader->at >= reader->size || reader->content[reader->at] != ',')
        return false;
    reader->at++;
    skip_space(reader);
    reader->state = reader->kind[reader->depth] == '{' ? WANT_KEY : WANT_VALUE;
    return true;
}

static void
mark(struct sp_json_reader *reader)
{
    reader->line = reader->line_now;
    reader->column = (uint32_t)(reader->at - reader->line_start + 1);
}

static enum sp_json_token
next_token(struct sp_json_reader *reader, bool decode, struct sp_error *err)
{
    skip_space(reader);
    char closing = reader->depth && reader->kind[reader->depth] == '{' ? '}' : ']';
    char c = reader->at < reader->size ? reader->content[reader->at] : '\0';

    if (reader->state == WANT_COLON) {
        if (c != ':')
            return fail_unexpected(reader, "':'", err);
        reader->at++;
        skip_space(reader);
        mark(reader);
        return read_value(reader, decode, err);
    }
    if (reader->state == WANT_COMMA || reader->state == WANT_FIRST_KEY || reader->state == WANT_FIRST_VALUE) {
        mark(reader);
        if (c == closing)
            return close_bracket(reader);
    }
    if (reader->state == WANT_COMMA && !read_comma(reader))
        return fail_unexpected(reader, closing == '}' ? "',' or '}'" : "',' or ']'", err);

    mark(reader);
    if (reader->state == WANT_KEY || reader->state == WANT_FIRST_KEY) {
        if (reader->at >= reader->size || reader->content[reader->at] != '"')
            return fail_unexpected(reader, "a key in double quotes", err);
        reader->state = WANT_COLON;
        return read_string(reader, SP_JSON_KEY, decode, err);
    }
    if (reader->state == WANT_NOTHING) {
        if (reader->at < reader->size)
            return fail_unexpected(reader, "the end of the file", err);
        return SP_JSON_END;
    }
    return read_value(reader, decode, err);
}

enum sp_json_token
sp_json_next(struct sp_json_reader *reader, struct sp_error *err)
{
    if (reader->state == BROKEN) {
        sp_fail(err, SP_ERROR_INTERNAL, "%.300s: read on after an error", reader->path);
        return SP_JSON_FAILED;
    }
    return next_token(reader, true, err);
}

int
sp_json_skip(struct sp_json_reader *reader, enum sp_json_token token, struct sp_error *err)
{
    if (token != SP_JSON_OBJECT && token != SP_JSON_ARRAY)
        return token == SP_JSON_FAILED ? -1 : 0;
    for (unsigned outside = reader->depth - 1; reader->depth > outside;)
        if (next_token(reader, false, err) == SP_JSON_FAILED)
            return -1;
    return 0;
}

int
sp_json_skip_value(struct sp_json_reader *reader, struct sp_error *err)
{
    return sp_json_skip(reader, next_token(reader, false, err), err);
}

bool
sp_json_is(const struct sp_json_reader *reader, const char *word)
{
    return strlen(word) == reader->length && !memcmp(word, reader->text, reader->length);
}

const char *
sp_json_token_name(enum sp_json_token token)
{
    switch (token) {
    case SP_JSON_OBJECT:
        return "an object";
    case SP_JSON_ARRAY:
        return "an array";
    case SP_JSON_STRING:
        return "a string";
    case SP_JSON_NUMBER:
        return "a number";
    case SP_JSON_TRUE:
    case SP_JSON_FALSE:
        return "true or false";
    case SP_JSON_NULL:
        return "null";
    default:
        return "nothing";
    }
}
