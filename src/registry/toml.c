#include "registry/toml.h"
#include "base/utf8.h"

#include <string.h>

#define DEPTH_MAX 32
#define KEY_MAX ((size_t)4096)

struct toml {
    struct sp_config_file *file;
    const char *prefix;
    int (*call)(void *context, const struct sp_toml_item *item, struct sp_error *err);
    void *context;
    struct sp_error *err;

    const char *at, *stop;
    unsigned line;
    struct sp_buffer key;  /* of the table, and while a value is read of the value */
    struct sp_buffer text; /* of the string last read */
    size_t group, groups;
    unsigned depth;
};

static int
damaged(struct toml *toml, const char *what)
{
    return sp_fail(toml->err, SP_ERROR_INPUT, "%s:%u: %s; write it as TOML", toml->file->path, toml->line,
                   what);
}

static char
peek(const struct toml *toml)
{
    return toml->at < toml->stop ? *toml->at : '\0';
}

static bool
step(struct toml *toml, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(toml->stop - toml->at) < length || memcmp(toml->at, word, length) != 0)
        return false;
    toml->at += length;
    return true;
}

static void
skip_blanks(struct toml *toml)
{
    while (peek(toml) == ' ' || peek(toml) == '\t')
        toml->at++;
}

/* Blanks, line ends and comments. */
static void
skip_lines(struct toml *toml)
{
    for (;;) {
        skip_blanks(toml);
        if (peek(toml) == '#')
            while (toml->at < toml->stop && *toml->at != '\n')
                toml->at++;
        if (peek(toml) == '\n')
            toml->line++;
        else if (peek(toml) != '\r')
            return;
        toml->at++;
    }
}

/* ------------------------------------------------------------------ strings */

static int
read_escape(struct toml *toml)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\x1b\"\\";
    char c = peek(toml);
    const char *known = c ? strchr(from, c) : NULL;
    toml->at += toml->at < toml->stop;
    if (known)
        return sp_buffer_append_byte(&toml->text, to[known - from], toml->err);
    size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t point = 0;
    for (size_t i = 0; i < digits; i++, toml->at++) {
        char d = peek(toml);
        if (!((d >= '0' && d <= '9') || (d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F')))
            return damaged(toml, "an escape with a digit that is none");
        point = point << 4 | (uint32_t)(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
    }
    if (!digits || !point || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return damaged(toml, "an escape that is none");
    char bytes[4];
    return sp_buffer_append(&toml->text, bytes, sp_utf8_encode(point, bytes), toml->err);
}

/* A backslash at the end of a line takes the blanks that follow away; false: this is none. */
static bool
skip_folded(struct toml *toml)
{
    const char *at = toml->at;
    while (at < toml->stop && strchr(" \t\r", *at))
        at++;
    if (at == toml->stop || *at != '\n')
        return false;
    while (toml->at < toml->stop && strchr(" \t\r\n", *toml->at))
        toml->line += *toml->at++ == '\n';
    return true;
}

/* A string of any of the four kinds goes to .text. */
static int
read_string(struct toml *toml)
{
    const char quote = peek(toml);
    const char triple[] = { quote, quote, quote, '\0' }, single[] = { quote, '\0' };
    bool multi = step(toml, triple);
    sp_buffer_clear(&toml->text);
    if (!multi)
        toml->at++;
    else if (step(toml, "\r\n") || step(toml, "\n"))
        toml->line++;
    while (toml->at < toml->stop) {
        if (step(toml, multi ? triple : single)) {
            /* up to two quotes may stand before the closing ones */
            for (int i = 0; multi && i < 2 && peek(toml) == quote; i++, toml->at++)
                if (sp_buffer_append_byte(&toml->text, quote, toml->err) < 0)
                    return -1;
            return 0;
        }
        char c = *toml->at++;
        if (c == '\n' && !multi)
            return damaged(toml, "a string that does not end on its line");
        toml->line += c == '\n';
        if (c == '\\' && quote == '"') {
            if (!(multi && skip_folded(toml)) && read_escape(toml) < 0)
                return -1;
        } else if (sp_buffer_append_byte(&toml->text, c, toml->err) < 0) {
            return -1;
        }
    }
    return damaged(toml, "a string that does not end");
}

/* --------------------------------------------------------------------- keys */

static bool
is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Appends one part of a key. */
static int
read_part(struct toml *toml)
{
    if (toml->key.length && sp_buffer_append_byte(&toml->key, '.', toml->err) < 0)
        return -1;
    if (peek(toml) == '"' || peek(toml) == '\'') {
        if (read_string(toml) < 0)
            return -1;
        for (char *c = toml->text.bytes; c && *c; c++)
            *c = *c == '.' ? '\x01' : *c;
        return sp_buffer_append(&toml->key, sp_buffer_string(&toml->text), toml->text.length, toml->err);
    }
    const char *start = toml->at;
    while (is_bare(peek(toml)))
        toml->at++;
    if (toml->at == start)
        return damaged(toml, "a key is missing");
    return sp_buffer_append(&toml->key, start, (size_t)(toml->at - start), toml->err);
}

/* Appends a dotted key. */
static int
read_key(struct toml *toml)
{
    do {
        skip_blanks(toml);
        if (read_part(toml) < 0)
            return -1;
        if (toml->key.length > KEY_MAX)
            return sp_fail(toml->err, SP_ERROR_LIMIT, "%s:%u: a key of more than %zu bytes; shorten it",
                           toml->file->path, toml->line, KEY_MAX);
        skip_blanks(toml);
    } while (step(toml, "."));
    return 0;
}

static void
cut_key(struct toml *toml, size_t length)
{
    toml->key.length = length;
    if (toml->key.bytes)
        toml->key.bytes[length] = '\0';
}

/* ------------------------------------------------------------------- values */

static int
give(struct toml *toml, const char *value, size_t length, unsigned line)
{
    const char *key = sp_buffer_string(&toml->key);
    struct sp_arena *arena = &toml->file->reading->arena;
    if (strncmp(key, toml->prefix, strlen(toml->prefix)) != 0)
        return 0;
    struct sp_toml_item item = { .group = toml->group, .line = line };
    item.key = sp_arena_copy(arena, key, toml->key.length, toml->err);
    item.value = item.key ? sp_arena_copy(arena, value, length, toml->err) : NULL;
    return item.value ? toml->call(toml->context, &item, toml->err) : -1;
}

static int read_value(struct toml *toml);

static int
read_pair(struct toml *toml)
{
    const size_t length = toml->key.length;
    if (read_key(toml) < 0)
        return -1;
    if (!step(toml, "="))
        return damaged(toml, "a key without '='");
    skip_blanks(toml);
    if (read_value(toml) < 0)
        return -1;
    cut_key(toml, length);
    return 0;
}

/* "[1, 2]" or "{a = 1}"; both may hold line ends (TOML 1.1). */
static int
read_many(struct toml *toml, bool table)
{
    const size_t group = toml->group;
    const char *close = table ? "}" : "]";
    if (++toml->depth > DEPTH_MAX)
        return sp_fail(toml->err, SP_ERROR_LIMIT, "%s:%u: nested more than %d deep; make it flatter",
                       toml->file->path, toml->line, DEPTH_MAX);
    if (table)
        toml->group = ++toml->groups;
    for (;;) {
        skip_lines(toml);
        if (step(toml, close))
            break;
        if ((table ? read_pair(toml) : read_value(toml)) < 0)
            return -1;
        skip_lines(toml);
        if (step(toml, ","))
            continue;
        if (!step(toml, close))
            return damaged(toml, table ? "an inline table that does not end" : "an array that does not end");
        break;
    }
    toml->group = group;
    toml->depth--;
    return 0;
}

static int
read_value(struct toml *toml)
{
    const unsigned line = toml->line;
    if (peek(toml) == '"' || peek(toml) == '\'')
        return read_string(toml) < 0 ? -1
                                     : give(toml, sp_buffer_string(&toml->text), toml->text.length, line);
    if (step(toml, "["))
        return read_many(toml, false);
    if (step(toml, "{"))
        return read_many(toml, true);
    const char *start = toml->at;
    while (toml->at < toml->stop && !strchr(",]}#\r\n", *toml->at)) /* numbers and dates: none of ours */
        toml->at++;
    size_t length = (size_t)(toml->at - start);
    while (length && strchr(" \t", start[length - 1]))
        length--;
    if (!length)
        return damaged(toml, "a value is missing");
    bool boolean =
        (length == 4 && memcmp(start, "true", 4) == 0) || (length == 5 && memcmp(start, "false", 5) == 0);
    return boolean ? give(toml, start, length, line) : 0;
}

static int
read_statement(struct toml *toml, size_t *table)
{
    if (!step(toml, "["))
        return read_pair(toml);
    bool many = step(toml, "[");
    cut_key(toml, 0);
    if (read_key(toml) < 0)
        return -1;
    if (!step(toml, many ? "]]" : "]"))
        return damaged(toml, "a table's name that does not end");
    toml->group = many ? ++toml->groups : 0;
    *table = toml->key.length;
    return 0;
}

int
sp_toml_read(struct sp_config_file *file, const char *prefix,
             int (*call)(void *context, const struct sp_toml_item *item, struct sp_error *err), void *context,
             struct sp_error *err)
{
    struct toml toml = {
        .file = file, .prefix = prefix, .call = call, .context = context, .err = err, .line = 1
    };
    toml.at = sp_buffer_string(&file->content);
    toml.stop = toml.at + file->content.length;
    size_t table = 0;
    int status = 0;
    for (skip_lines(&toml); toml.at < toml.stop && status == 0; skip_lines(&toml)) {
        status = read_statement(&toml, &table);
        cut_key(&toml, table);
        skip_blanks(&toml);
        if (status == 0 && toml.at < toml.stop && !strchr("#\r\n", *toml.at))
            status = damaged(&toml, "something follows a value on its line");
    }
    sp_buffer_free(&toml.key);
    sp_buffer_free(&toml.text);
    return status;
}
