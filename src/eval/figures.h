/* figures.h: tables of figures, written as text or as one JSON document. */
#pragma once
#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>

#define SP_FIGURE_COLUMNS_MAX 16

enum sp_figure_kind {
    SP_FIGURE_TEXT,
    SP_FIGURE_COUNT,
    SP_FIGURE_NUMBER, /* four places; not-a-number is "n/a", in JSON null */
};

struct sp_figure_column {
    const char *key; /* in JSON; its heading in text is the same with blanks for underscores */
    enum sp_figure_kind kind;
};

struct sp_figure {
    const char *text; /* copied; NULL: none */
    double number;
};
#define SP_TEXT(words) ((struct sp_figure){ .text = (words) })
#define SP_NUMBER(value) ((struct sp_figure){ .number = (double)(value) })

struct sp_figure_table {
    const char *id, *title, *note; /* NOTE may be NULL */
    struct sp_figure_column columns[SP_FIGURE_COLUMNS_MAX];
    size_t column_count;
    struct sp_figure *figures; /* row after row */
    size_t row_count, capacity;
};

/* Zero-initialise. */
struct sp_figures {
    struct sp_figure_table *tables;
    size_t count, capacity;
    struct sp_arena arena;
};

/* Begins a table; all texts are copied. COLUMNS ends with a NULL key. */
int sp_figures_begin(struct sp_figures *figures, const char *id, const char *title, const char *note,
                     const struct sp_figure_column *columns, struct sp_error *err);
/* Appends a row to the last table: a figure for each of its columns. */
int sp_figures_add(struct sp_figures *figures, const struct sp_figure *row, struct sp_error *err);
/* The table ID, or NULL. */
const struct sp_figure_table *sp_figures_find(const struct sp_figures *figures, const char *id);
int sp_figures_write(const struct sp_figures *figures, bool json, FILE *out, struct sp_error *err);
void sp_figures_free(struct sp_figures *figures);
#define sp_autofigures __attribute__((cleanup(sp_figures_free)))
