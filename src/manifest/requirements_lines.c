#include "manifest/requirements_lines.h"
#include "base/memory.h"
#include "manifest/text.h"

#include <string.h>
#include <strings.h>

/* ---- encoding ---- */

static int
accept_encoding(const char *path, unsigned line, const char *name, size_t length, enum sp_text_encoding *out,
                struct sp_error *err)
{
    static const struct {
        const char *name;
        enum sp_text_encoding encoding;
    } known[] = { { "utf-8", SP_TEXT_UTF8 },         { "utf8", SP_TEXT_UTF8 },
                  { "utf-8-sig", SP_TEXT_UTF8 },     { "ascii", SP_TEXT_UTF8 },
                  { "us-ascii", SP_TEXT_UTF8 },      { "latin-1", SP_TEXT_LATIN1 },
                  { "latin1", SP_TEXT_LATIN1 },      { "iso-8859-1", SP_TEXT_LATIN1 },
                  { "iso-8859-15", SP_TEXT_LATIN1 }, { "cp1252", SP_TEXT_LATIN1 } };
    for (size_t i = 0; i < SP_COUNT(known); i++) {
        if (strlen(known[i].name) == length && !strncasecmp(known[i].name, name, length)) {
            *out = known[i].encoding;
            return 0;
        }
    }
    return sp_fail(err, SP_ERROR_INPUT, "%.300s:%u:1: the encoding \"%.*s\" is not read; save it as UTF-8",
                   path, line, length > 40 ? 40 : (int)length, name);
}

int
sp_requirements_encoding(const char *path, const char *content, size_t length, enum sp_text_encoding *out,
                         struct sp_error *err)
{
    *out = SP_TEXT_UTF8;
    const char *end = content + length;
    for (unsigned line = 1; line <= 2 && content < end; line++) {
        const char *stop = memchr(content, '\n', (size_t)(end - content));
        if (!stop)
            stop = end;
        const char *word = *content == '#' ? sp_text_find(content, (size_t)(stop - content), "coding") : NULL;
        if (word && word + 6 < stop && (word[6] == ':' || word[6] == '=')) {
            word += 7;
            while (word < stop && (*word == ' ' || *word == '\t'))
                word++;
            const char *from = word;
            while (word < stop && !strchr(" \t\r", *word) && *word != '*')
                word++;
            return accept_encoding(path, line, from, (size_t)(word - from), out, err);
        }
        content = stop < end ? stop + 1 : end;
    }
    return 0;
}

/* ---- lines ---- */

void
sp_requirements_lines_free(struct sp_requirements_lines *lines)
{
    sp_buffer_free(&lines->line);
    free(lines->pieces);
    lines->pieces = NULL;
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

/* The size of the line break at AT, 0 where there is none. Python's splitlines, which pip uses, knows more of
 * them than an editor shows: a comment can hide a package behind U+2028. */
static size_t
break_size(const char *s, size_t left)
{
    unsigned char c = (unsigned char)s[0];
    if (c == '\r')
        return left > 1 && s[1] == '\n' ? 2 : 1;
    if (c == '\n' || c == '\v' || c == '\f' || (c >= 0x1c && c <= 0x1e))
        return 1;
    if (c == 0xc2 && left > 1 && (unsigned char)s[1] == 0x85)
        return 2;
    if (c == 0xe2 && left > 2 && (unsigned char)s[1] == 0x80 && ((unsigned char)s[2] & 0xfe) == 0xa8)
        return 3;
    return 0;
}

static size_t
line_end(const struct sp_text *text, size_t from, size_t *next)
{
    for (size_t i = from; i < text->length; i++) {
        size_t size = break_size(text->bytes + i, text->length - i);
        if (size) {
            *next = i + size;
            return i;
        }
    }
    *next = text->length;
    return text->length;
}

static bool
is_comment(const char *s, size_t length)
{
    size_t i = 0;
    while (i < length && is_space(s[i]))
        i++;
    return i < length && s[i] == '#';
}

static int
add_piece(struct sp_requirements_lines *lines, size_t from, size_t to, struct sp_error *err)
{
    if (lines->piece_count == SP_REQUIREMENTS_PIECES_MAX ||
        to - from > SP_REQUIREMENTS_LINE_MAX - lines->line.length) {
        uint32_t line, column;
        sp_text_seek(lines->text, from, &line, &column);
        return sp_fail(err, SP_ERROR_LIMIT,
                       "%.300s:%u:%u: a line of more than 16 MB or 100000 pieces; cut it", lines->path, line,
                       column);
    }
    if (sp_grow(lines->pieces, lines->piece_capacity, lines->piece_count + 1, err) < 0)
        return -1;
    lines->pieces[lines->piece_count++] = (struct sp_line_piece){ lines->line.length, from };
    return sp_buffer_append(&lines->line, lines->text->bytes + from, to - from, err);
}

/* One logical line: physical ones joined while they end in a backslash. A comment line ends the joining. */
static int
join(struct sp_requirements_lines *lines, struct sp_error *err)
{
    const char *s = lines->text->bytes;
    sp_buffer_clear(&lines->line);
    lines->piece_count = 0;
    while (lines->at < lines->text->length) {
        size_t from = lines->at;
        size_t to = line_end(lines->text, from, &lines->at);
        bool comment = is_comment(s + from, to - from);
        bool goes_on = to > from && s[to - 1] == '\\' && !comment;
        /* pip puts a space before it, so that it is a comment in the joined line as well */
        if (comment && lines->piece_count && lines->line.length < SP_REQUIREMENTS_LINE_MAX &&
            sp_buffer_append_byte(&lines->line, ' ', err) < 0)
            return -1;
        while (goes_on && to > from && s[to - 1] == '\\')
            to--;
        while (goes_on && from < to && s[from] == '\\')
            from++;
        if (add_piece(lines, from, to, err) < 0)
            return -1;
        if (!goes_on)
            break;
    }
    return 0;
}

static size_t
comment_start(const char *s, size_t length)
{
    for (const char *at = s; (at = memchr(at, '#', length - (size_t)(at - s))); at++)
        if (at == s || is_space(at[-1]))
            return (size_t)(at - s);
    return length;
}

int
sp_requirements_lines_next(struct sp_requirements_lines *lines, const char **from, size_t *length,
                           struct sp_error *err)
{
    while (lines->at < lines->text->length) {
        if (join(lines, err) < 0)
            return -1;
        char *s = lines->line.bytes;
        size_t first = 0, last = comment_start(s, lines->line.length);
        while (first < last && is_space(s[first]))
            first++;
        while (first < last && is_space(s[last - 1]))
            last--;
        if (first == last)
            continue;
        s[last] = '\0';
        *from = s + first;
        *length = last - first;
        return 1;
    }
    return 0;
}

void
sp_requirements_lines_place(struct sp_requirements_lines *lines, const char *byte, uint32_t *line,
                            uint32_t *column)
{
    size_t offset = (size_t)(byte - lines->line.bytes);
    size_t low = 0, high = lines->piece_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (lines->pieces[middle].in_line <= offset)
            low = middle;
        else
            high = middle;
    }
    sp_text_seek(lines->text, lines->pieces[low].in_file + offset - lines->pieces[low].in_line, line, column);
}
