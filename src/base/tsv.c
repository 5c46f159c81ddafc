#include "base/tsv.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

/* Tables of the project are at most tens of megabytes; a full registry list a few hundred. */
#define TSV_SIZE_MAX ((size_t)2 << 30)

static int
read_header(struct sp_tsv *tsv, const char *const *names, unsigned required, struct sp_error *err)
{
    const char *line;
    size_t length;
    int status = sp_lines_next(&tsv->lines, &line, &length, err);
    if (status < 0)
        return -1;
    if (status == 0)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: is empty; its first line must name the columns",
                       tsv->path);
    for (tsv->wanted = 0; names[tsv->wanted] && tsv->wanted < SP_COUNT(tsv->at); tsv->wanted++)
        tsv->at[tsv->wanted] = -1;
    const char *at = line, *end = line + length;
    for (;; at++) {
        const char *stop = memchr(at, '\t', (size_t)(end - at));
        if (!stop)
            stop = end;
        for (unsigned i = 0; i < tsv->wanted; i++)
            if (strlen(names[i]) == (size_t)(stop - at) && memcmp(names[i], at, strlen(names[i])) == 0)
                tsv->at[i] = (int)tsv->columns;
        if (++tsv->columns > SP_TSV_COLUMNS_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s:1: more than %d columns", tsv->path,
                           SP_TSV_COLUMNS_MAX);
        at = stop;
        if (stop == end)
            break;
    }
    for (unsigned i = 0; i < required; i++)
        if (tsv->at[i] < 0)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:1: no column '%s'; the first line must name it",
                           tsv->path, names[i]);
    return 0;
}

int
sp_tsv_open(struct sp_tsv *tsv, const char *path, const char *const *names, unsigned required,
            struct sp_error *err)
{
    *tsv = (struct sp_tsv){ .path = path, .fd = -1 };
    size_t size;
    tsv->fd = sp_file_open(path, TSV_SIZE_MAX, &size, err);
    if (tsv->fd < 0 || sp_lines_open(&tsv->lines, tsv->fd, path, SP_TSV_LINE_MAX, err) < 0)
        return -1;
    return read_header(tsv, names, required, err);
}

int
sp_tsv_next(struct sp_tsv *tsv, struct sp_tsv_row *row, struct sp_error *err)
{
    const char *line;
    size_t length;
    int status;
    do {
        status = sp_lines_next(&tsv->lines, &line, &length, err);
        if (status <= 0)
            return status;
    } while (!length);
    row->line = tsv->lines.number;
    if (tsv->lines.cut)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s:%zu: a line of more than %d bytes", tsv->path, row->line,
                       SP_TSV_LINE_MAX);
    if (!sp_utf8_valid(line, length) || memchr(line, '\0', length))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: is no valid UTF-8 text", tsv->path, row->line);
    for (unsigned i = 0; i < SP_COUNT(row->field); i++) {
        row->field[i].bytes = "";
        row->field[i].length = 0;
    }
    unsigned column = 0;
    const char *at = line, *end = line + length;
    for (;; at++, column++) {
        const char *stop = memchr(at, '\t', (size_t)(end - at));
        if (!stop)
            stop = end;
        for (unsigned i = 0; i < tsv->wanted; i++)
            if (tsv->at[i] == (int)column) {
                row->field[i].bytes = at;
                row->field[i].length = (size_t)(stop - at);
            }
        at = stop;
        if (stop == end)
            break;
    }
    if (column + 1 != tsv->columns)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %u fields, the header names %u columns", tsv->path,
                       row->line, column + 1, tsv->columns);
    return 1;
}

bool
sp_tsv_is(const struct sp_tsv_field *field, const char *word)
{
    return field->length == strlen(word) && memcmp(field->bytes, word, field->length) == 0;
}

int
sp_tsv_number(const struct sp_tsv *tsv, const struct sp_tsv_row *row, unsigned field, uint64_t empty,
              uint64_t *out, struct sp_error *err)
{
    const struct sp_tsv_field *text = &row->field[field];
    *out = empty;
    if (!text->length)
        return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        if (c < '0' || c > '9' || value > (UINT64_MAX - 9) / 10)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s' is no whole number", tsv->path, row->line,
                           (int)(text->length < 40 ? text->length : 40), text->bytes);
        value = value * 10 + (uint64_t)(c - '0');
    }
    *out = value;
    return 0;
}

void
sp_tsv_close(struct sp_tsv *tsv)
{
    sp_lines_free(&tsv->lines);
    if (tsv->fd >= 0)
        close(tsv->fd);
    tsv->fd = -1;
}
