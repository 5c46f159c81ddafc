/* npmrc.c: the format of .npmrc, as the "ini" package of npm reads it. */
#include "registry/reading.h"

#include <string.h>

static const char *
skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\v' || *at == '\f'))
        at++;
    return at;
}

static const char *
drop_blanks(const char *start, const char *end)
{
    while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\v' || end[-1] == '\f'))
        end--;
    return end;
}

/* The inside of a JSON string, as far as settings need it: \uXXXX is kept as it is written. */
static size_t
unescape_json(const char *at, const char *end, char *out)
{
    size_t count = 0;
    while (at < end) {
        char c = *at++;
        if (c == '\\' && at < end && *at != 'u') {
            c = *at++;
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c;
        }
        out[count++] = c;
    }
    return count;
}

/* Outside of quotes a ';' or '#' ends the value, unless a backslash stands before it. */
static size_t
unescape_plain(const char *at, const char *end, char *out)
{
    size_t count = 0;
    for (; at < end && *at != ';' && *at != '#'; at++) {
        if (*at == '\\' && at + 1 < end && strchr("\\;#", at[1]))
            at++;
        out[count++] = *at;
    }
    return (size_t)(drop_blanks(out, out + count) - out);
}

/* Writes what the bytes from AT to END mean to OUT (as long) and returns its length. */
static size_t
unquote(const char *at, const char *end, char *out)
{
    at = skip_blanks(at, end);
    end = drop_blanks(at, end);
    bool quoted = end - at >= 2 && (*at == '"' || *at == '\'') && end[-1] == *at;
    if (quoted && *at == '"')
        return unescape_json(at + 1, end - 1, out);
    if (quoted) {
        memcpy(out, at + 1, (size_t)(end - at - 2));
        return (size_t)(end - at - 2);
    }
    return unescape_plain(at, end, out);
}

static int
read_line(struct sp_config_file *file, struct sp_settings *settings, unsigned line, const char *at,
          const char *end, char *scratch, struct sp_error *err)
{
    const char *equals = memchr(at, '=', (size_t)(end - at));
    const char *key_end = equals ? equals : end;
    size_t key_length = unquote(at, key_end, scratch);
    char *value = scratch + key_length;
    size_t value_length = equals ? unquote(equals + 1, end, value) : 4;
    if (!equals)
        memcpy(value, "true", 4);
    if (key_length > 2 && memcmp(scratch + key_length - 2, "[]", 2) == 0)
        key_length -= 2;
    if (!key_length)
        return 0;
    if (memchr(scratch, '\n', key_length) || memchr(value, '\n', value_length))
        return memmem(scratch, key_length, "ca", 2)
                   ? 0
                   : sp_fail(err, SP_ERROR_INPUT, "%s:%u: a line break within a value; write one line",
                             file->path, line);
    return sp_config_add(file, settings, line, scratch, key_length, value, value_length, err);
}

int
sp_npmrc_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err)
{
    const size_t from = settings->count;
    const char *at = sp_buffer_string(&file->content), *stop = at + file->content.length;
    sp_autofree char *scratch = malloc(file->content.length + 8); /* "true" may be more than what is read */
    bool section = false;
    if (!scratch)
        return sp_fail_memory(err);
    for (unsigned line = 1; at < stop; line++) {
        const char *newline = memchr(at, '\n', (size_t)(stop - at));
        const char *end = newline ? newline : stop, *start = skip_blanks(at, end);
        if (end > start && end[-1] == '\r')
            end--;
        at = newline ? newline + 1 : stop;
        if (start == end || *start == ';' || *start == '#')
            continue;
        if (*start == '[' && drop_blanks(start, end)[-1] == ']')
            section = true; /* npm keeps a section apart, and asks none of them */
        else if (!section && read_line(file, settings, line, start, end, scratch, err) < 0)
            return -1;
    }
    sp_settings_reverse(settings, from);
    return 0;
}
