#include "report/alignment.h"
#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

#define GAP "\xc2\xb7" /* U+00B7: no registry allows it in a name */
#define CODE_POINTS_MAX 4

struct cell {
    char text[16];
    uint8_t width; /* columns; 0: nothing stands here */
    uint32_t point;
};

/* One column of the drawing: what stands in the name, what in the target, and the mark beneath. */
struct column {
    struct cell name, target;
    char mark;
};

struct drawing {
    struct sp_buffer *out;
    const struct sp_alignment_style *style;
    struct column *columns; /* owned */
    size_t count, capacity;
};

/* ------------------------------------------------------------------ cells */

static bool
between(uint32_t point, uint32_t first, uint32_t last)
{
    return point >= first && point <= last;
}

/* Letters that a terminal would set from right to left would move their neighbours about. */
static bool
runs_leftwards(uint32_t point)
{
    return between(point, 0x590, 0x8ff) || between(point, 0xfb1d, 0xfdff) || between(point, 0xfe70, 0xfefe) ||
           between(point, 0x10800, 0x10fff) || between(point, 0x1e800, 0x1efff);
}

static bool
is_combining(uint32_t point)
{
    return between(point, 0x300, 0x36f) || between(point, 0x483, 0x489) || between(point, 0x1ab0, 0x1aff) ||
           between(point, 0x1dc0, 0x1dff) || between(point, 0x20d0, 0x20ff) || between(point, 0xfe20, 0xfe2f);
}

static bool
is_wide(uint32_t point)
{
    return between(point, 0x1100, 0x115f) || between(point, 0x2e80, 0xa4cf) ||
           between(point, 0xac00, 0xd7a3) || between(point, 0xf900, 0xfaff) ||
           between(point, 0xfe30, 0xfe4f) || between(point, 0xff01, 0xff60) ||
           between(point, 0xffe0, 0xffe6) || between(point, 0x1f300, 0x1faff) ||
           between(point, 0x20000, 0x3fffd);
}

/* Reads one character of TEXT into CELL and returns how many bytes it took. */
static size_t
read_cell(struct cell *cell, const char *text, size_t length)
{
    size_t size;
    uint32_t point = sp_utf8_decode(text, length, &size);
    cell->point = point;
    if (point == SP_UTF8_INVALID || !sp_utf8_is_printable(point)) {
        cell->width = (uint8_t)sp_utf8_printable(cell->text, sizeof(cell->text), text, size);
    } else if (runs_leftwards(point)) {
        cell->width = (uint8_t)snprintf(cell->text, sizeof(cell->text), "\\u{%x}", point);
    } else {
        /* a combining mark needs something to stand on, or it would change the letter before it */
        snprintf(cell->text, sizeof(cell->text), "%s%.*s", is_combining(point) ? "\xe2\x97\x8c" : "",
                 (int)size, text);
        cell->width = is_wide(point) ? 2 : 1;
    }
    return size;
}

unsigned
sp_alignment_columns(const char *text, size_t length)
{
    unsigned columns = 0;
    while (length) {
        struct cell cell;
        size_t size = read_cell(&cell, text, length);
        columns += cell.width;
        text += size;
        length -= size;
    }
    return columns;
}

/* ---------------------------------------------------------------- columns */

static struct column *
add_column(struct drawing *drawing, char mark, struct sp_error *err)
{
    if (sp_grow(drawing->columns, drawing->capacity, drawing->count + 1, err) < 0)
        return NULL;
    struct column *column = &drawing->columns[drawing->count++];
    *column = (struct column){ .mark = mark };
    return column;
}

/* Sets the characters of NAME above those of TARGET, one to one as far as both reach. */
static int
add_run(struct drawing *drawing, const char *name, size_t name_length, const char *target,
        size_t target_length, char mark, struct sp_error *err)
{
    while (name_length || target_length) {
        struct column *column = add_column(drawing, mark, err);
        if (!column)
            return -1;
        size_t used = name_length ? read_cell(&column->name, name, name_length) : 0;
        name += used;
        name_length -= used;
        used = target_length ? read_cell(&column->target, target, target_length) : 0;
        target += used;
        target_length -= used;
    }
    return 0;
}

static unsigned
column_width(const struct column *column)
{
    unsigned width = column->name.width > column->target.width ? column->name.width : column->target.width;
    return width ? width : 1;
}

/* ------------------------------------------------------------------- rows */

enum row { ROW_NAME, ROW_TARGET, ROW_MARKS };

static int
put_padded(struct sp_buffer *out, const char *text, unsigned width, unsigned columns, struct sp_error *err)
{
    return sp_buffer_printf(out, err, "%s%*s", text, (int)(columns - width), "");
}

static int
put_cell(struct drawing *drawing, const struct column *column, enum row row, struct sp_error *err)
{
    unsigned columns = column_width(column);
    if (row == ROW_MARKS) {
        char marks[sizeof(column->name.text) + 1];
        memset(marks, column->mark, columns);
        marks[columns] = '\0';
        return sp_buffer_append_string(drawing->out, marks, err);
    }
    const struct cell *cell = row == ROW_NAME ? &column->name : &column->target;
    const char *text = cell->width ? cell->text : GAP;
    unsigned width = cell->width ? cell->width : 1;
    if (!drawing->style->colour || column->mark == ' ')
        return put_padded(drawing->out, text, width, columns, err);
    if (sp_buffer_append_string(drawing->out, row == ROW_NAME ? "\033[1;31m" : "\033[1;32m", err) < 0 ||
        sp_buffer_append_string(drawing->out, text, err) < 0 ||
        sp_buffer_append_string(drawing->out, "\033[0m", err) < 0)
        return -1;
    return put_padded(drawing->out, "", width, columns, err);
}

static void
trim_line(struct sp_buffer *out, size_t start)
{
    while (out->length > start && out->bytes[out->length - 1] == ' ')
        out->bytes[--out->length] = '\0';
}

static unsigned
label_width(const struct sp_alignment_style *style)
{
    size_t name = strlen(style->name_label), target = strlen(style->target_label);
    return (unsigned)(name > target ? name : target) + 2;
}

static int
put_row(struct drawing *drawing, size_t first, size_t last, enum row row, struct sp_error *err)
{
    const struct sp_alignment_style *style = drawing->style;
    const char *label = row == ROW_NAME ? style->name_label : row == ROW_TARGET ? style->target_label : "";
    size_t start = drawing->out->length;
    if (sp_buffer_printf(drawing->out, err, "%*s%-*s", (int)style->indent, "", (int)label_width(style),
                         label) < 0)
        return -1;
    for (size_t i = first; i < last; i++)
        if (put_cell(drawing, &drawing->columns[i], row, err) < 0)
            return -1;
    trim_line(drawing->out, start);
    return sp_buffer_append_byte(drawing->out, '\n', err);
}

static bool
any_mark(const struct drawing *drawing, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (drawing->columns[i].mark != ' ')
            return true;
    return false;
}

/* Writes the columns in pieces that fit the width, each with the ROWS asked for, then forgets them. */
static int
put_rows(struct drawing *drawing, const enum row *rows, size_t row_count, struct sp_error *err)
{
    unsigned labels = drawing->style->indent + label_width(drawing->style);
    unsigned room = drawing->style->width > labels + 20 ? drawing->style->width - labels : 20;
    for (size_t first = 0; first < drawing->count;) {
        size_t last = first;
        for (unsigned used = 0; last < drawing->count; last++) {
            used += column_width(&drawing->columns[last]);
            if (used > room && last > first)
                break;
        }
        for (size_t i = 0; i < row_count; i++)
            if ((rows[i] != ROW_MARKS || any_mark(drawing, first, last)) &&
                put_row(drawing, first, last, rows[i], err) < 0)
                return -1;
        first = last;
    }
    drawing->count = 0;
    return 0;
}

/* ------------------------------------------------------------ code points */

static int
name_point(struct sp_buffer *out, uint32_t point, struct sp_error *err)
{
    if (point < 0x80)
        return sp_buffer_printf(out, err, "'%c'", (int)point);
    char title[128];
    UErrorCode status = U_ZERO_ERROR;
    u_charName((UChar32)point, U_EXTENDED_CHAR_NAME, title, sizeof(title), &status);
    return sp_buffer_printf(out, err, "U+%04X%s%s", point, U_SUCCESS(status) ? " " : "",
                            U_SUCCESS(status) ? title : "");
}

/* An eye cannot tell U+0430 from 'a': say it in words. */
static int
put_code_points(struct drawing *drawing, struct sp_error *err)
{
    unsigned told = 0;
    for (size_t i = 0; i < drawing->count && told < CODE_POINTS_MAX; i++) {
        const struct column *column = &drawing->columns[i];
        uint32_t name = column->name.point, target = column->target.point;
        if (!column->name.width || name == target || name == SP_UTF8_INVALID || target == SP_UTF8_INVALID ||
            (name < 0x80 && (!column->target.width || target < 0x80)))
            continue;
        told++;
        if (sp_buffer_printf(drawing->out, err, "%*s", (int)drawing->style->indent, "") < 0 ||
            name_point(drawing->out, name, err) < 0)
            return -1;
        if (column->target.width && (sp_buffer_append_string(drawing->out, " stands for ", err) < 0 ||
                                     name_point(drawing->out, target, err) < 0))
            return -1;
        if (sp_buffer_append_byte(drawing->out, '\n', err) < 0)
            return -1;
    }
    return 0;
}

/* ---------------------------------------------------------------- drawing */

static int
compare_target_start(const void *a, const void *b)
{
    const struct sp_edit *x = *(const struct sp_edit *const *)a, *y = *(const struct sp_edit *const *)b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->to_length > y->to_length) - (x->to_length < y->to_length);
}

bool
sp_alignment_fits(const char *name, const char *target, const struct sp_edit *edits, size_t count)
{
    const struct sp_edit *by_target[256];
    if (!count || count > SP_COUNT(by_target))
        return false;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (edits[i].from_length && edits[i].from != at)
            return false;
        at += edits[i].from_length;
        by_target[i] = &edits[i];
    }
    if (at != strlen(name))
        return false;
    qsort(by_target, count, sizeof(by_target[0]), compare_target_start);
    at = 0;
    for (size_t i = 0; i < count; i++) {
        if (by_target[i]->to_length && by_target[i]->to != at)
            return false;
        at += by_target[i]->to_length;
    }
    return at == strlen(target);
}

/* Whether the runs stand in the same order on both sides, so that one column serves both. */
static bool
in_order(const struct sp_edit *edits, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (edits[i].to_length && edits[i].to < at)
            return false;
        if (edits[i].to_length)
            at = (size_t)edits[i].to + edits[i].to_length;
    }
    return true;
}

static int
draw_in_order(struct drawing *drawing, const char *name, const char *target, const struct sp_edit *edits,
              size_t count, struct sp_error *err)
{
    static const enum row rows[] = { ROW_NAME, ROW_TARGET, ROW_MARKS };
    for (size_t i = 0; i < count; i++)
        if (add_run(drawing, name + edits[i].from, edits[i].from_length, target + edits[i].to,
                    edits[i].to_length, edits[i].kind == SP_EDIT_KEEP ? ' ' : '^', err) < 0)
            return -1;
    struct column *columns = drawing->columns;
    size_t column_count = drawing->count;
    if (put_rows(drawing, rows, SP_COUNT(rows), err) < 0)
        return -1;
    drawing->columns = columns;
    drawing->count = column_count;
    return put_code_points(drawing, err);
}

/* Tokens changed places: each name has its own row of marks, and a moved token the same digit in both. */
static int
draw_moved(struct drawing *drawing, const char *name, const char *target, const struct sp_edit *edits,
           size_t count, struct sp_error *err)
{
    static const enum row name_rows[] = { ROW_NAME, ROW_MARKS }, target_rows[] = { ROW_TARGET, ROW_MARKS };
    const struct sp_edit *by_target[256];
    char marks[256];
    char digit = '0';
    for (size_t i = 0; i < count; i++) {
        if (edits[i].kind == SP_EDIT_MOVE && digit < '9')
            digit++;
        marks[i] = edits[i].kind == SP_EDIT_KEEP ? ' ' : edits[i].kind == SP_EDIT_MOVE ? digit : '^';
        by_target[i] = &edits[i];
        if (add_run(drawing, name + edits[i].from, edits[i].from_length, NULL, 0, marks[i], err) < 0)
            return -1;
    }
    if (put_rows(drawing, name_rows, SP_COUNT(name_rows), err) < 0)
        return -1;
    qsort(by_target, count, sizeof(by_target[0]), compare_target_start);
    for (size_t i = 0; i < count; i++)
        if (add_run(drawing, NULL, 0, target + by_target[i]->to, by_target[i]->to_length,
                    marks[by_target[i] - edits], err) < 0)
            return -1;
    return put_rows(drawing, target_rows, SP_COUNT(target_rows), err);
}

/* The names alone, where it is not known how they answer to each other. */
static int
draw_bare(struct drawing *drawing, const char *name, const char *target, struct sp_error *err)
{
    static const enum row rows[] = { ROW_NAME, ROW_TARGET };
    if (add_run(drawing, name, strlen(name), NULL, 0, ' ', err) < 0 ||
        put_rows(drawing, &rows[0], 1, err) < 0 ||
        add_run(drawing, NULL, 0, target, strlen(target), ' ', err) < 0)
        return -1;
    return put_rows(drawing, &rows[1], 1, err);
}

int
sp_alignment_draw(struct sp_buffer *out, const char *name, const char *target, const struct sp_edit *edits,
                  size_t count, const struct sp_alignment_style *style, struct sp_error *err)
{
    struct drawing drawing = { .out = out, .style = style };
    int status;
    if (!sp_alignment_fits(name, target, edits, count))
        status = draw_bare(&drawing, name, target, err);
    else if (in_order(edits, count))
        status = draw_in_order(&drawing, name, target, edits, count, err);
    else
        status = draw_moved(&drawing, name, target, edits, count, err);
    free(drawing.columns);
    return status;
}
