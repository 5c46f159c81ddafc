#include "eval/figures.h"
#include "base/json.h"
#include "base/utf8.h"
#include "model/plain_locale.h"

#include <math.h>
#include <string.h>

static const char *
copy(struct sp_figures *figures, const char *text, struct sp_error *err)
{
    return sp_arena_copy(&figures->arena, text, strlen(text), err);
}

int
sp_figures_begin(struct sp_figures *figures, const char *id, const char *title, const char *note,
                 const struct sp_figure_column *columns, struct sp_error *err)
{
    if (sp_grow(figures->tables, figures->capacity, figures->count + 1, err) < 0)
        return -1;
    struct sp_figure_table table = { .id = copy(figures, id, err), .title = copy(figures, title, err) };
    if (note)
        table.note = copy(figures, note, err);
    if (!table.id || !table.title || (note && !table.note))
        return -1;
    while (columns[table.column_count].key && table.column_count < SP_FIGURE_COLUMNS_MAX) {
        table.columns[table.column_count] = columns[table.column_count];
        table.column_count++;
    }
    figures->tables[figures->count++] = table;
    return 0;
}

int
sp_figures_add(struct sp_figures *figures, const struct sp_figure *row, struct sp_error *err)
{
    struct sp_figure_table *table = &figures->tables[figures->count - 1];
    size_t at = table->row_count * table->column_count;
    if (sp_grow(table->figures, table->capacity, at + table->column_count, err) < 0)
        return -1;
    for (size_t i = 0; i < table->column_count; i++) {
        struct sp_figure figure = row[i];
        if (figure.text) {
            figure.text = copy(figures, figure.text, err);
            if (!figure.text)
                return -1;
        }
        table->figures[at + i] = figure;
    }
    table->row_count++;
    return 0;
}

const struct sp_figure_table *
sp_figures_find(const struct sp_figures *figures, const char *id)
{
    for (size_t i = 0; i < figures->count; i++)
        if (!strcmp(figures->tables[i].id, id))
            return &figures->tables[i];
    return NULL;
}

#define CELL_MAX 512

static void
spell(char cell[CELL_MAX], const struct sp_figure_column *column, const struct sp_figure *figure)
{
    if (column->kind == SP_FIGURE_TEXT)
        sp_utf8_printable(cell, CELL_MAX, figure->text ? figure->text : "",
                          figure->text ? strlen(figure->text) : 0);
    else if (isnan(figure->number))
        snprintf(cell, CELL_MAX, "n/a");
    else
        snprintf(cell, CELL_MAX, column->kind == SP_FIGURE_COUNT ? "%.0f" : "%.4f", figure->number);
}

static void
spell_heading(char cell[CELL_MAX], const struct sp_figure_column *column)
{
    snprintf(cell, CELL_MAX, "%s", column->key);
    for (char *at = cell; *at; at++)
        *at = *at == '_' ? ' ' : *at;
}

static void
write_text(const struct sp_figure_table *table, FILE *out)
{
    int widths[SP_FIGURE_COLUMNS_MAX] = { 0 };
    char cell[CELL_MAX];
    fprintf(out, "%s\n", table->title);
    if (table->note)
        fprintf(out, "  (%s)\n", table->note);
    /* first measure, then print */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t row = 0; row <= table->row_count; row++) {
            for (size_t i = 0; i < table->column_count; i++) {
                if (row == 0)
                    spell_heading(cell, &table->columns[i]);
                else
                    spell(cell, &table->columns[i], &table->figures[(row - 1) * table->column_count + i]);
                if (pass == 0 && (int)strlen(cell) > widths[i])
                    widths[i] = (int)strlen(cell);
                if (pass == 0)
                    continue;
                bool left = table->columns[i].kind == SP_FIGURE_TEXT, last = i + 1 == table->column_count;
                fprintf(out, "  %*s", left ? (last ? 0 : -widths[i]) : widths[i], cell);
            }
            if (pass == 1)
                fputc('\n', out);
        }
    }
    fputc('\n', out);
}

static void
write_json(const struct sp_figure_table *table, struct sp_json *json)
{
    sp_json_key(json, table->id);
    sp_json_begin_object(json);
    sp_json_key(json, "title");
    sp_json_string(json, table->title);
    sp_json_key(json, "note");
    sp_json_string(json, table->note);
    sp_json_key(json, "rows");
    sp_json_begin_array(json);
    for (size_t row = 0; row < table->row_count; row++) {
        sp_json_begin_object(json);
        for (size_t i = 0; i < table->column_count; i++) {
            const struct sp_figure *figure = &table->figures[row * table->column_count + i];
            sp_json_key(json, table->columns[i].key);
            if (table->columns[i].kind == SP_FIGURE_TEXT)
                sp_json_string(json, figure->text ? figure->text : "");
            else
                sp_json_number(json, figure->number, 10);
        }
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_json_end_object(json);
}

int
sp_figures_write(const struct sp_figures *figures, bool json, FILE *out, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    if (!json) {
        for (size_t i = 0; i < figures->count; i++)
            write_text(&figures->tables[i], out);
        return 0;
    }
    sp_autojson struct sp_json document = { .err = err };
    sp_json_begin_object(&document);
    for (size_t i = 0; i < figures->count; i++)
        write_json(&figures->tables[i], &document);
    sp_json_end_object(&document);
    if (sp_json_finish(&document) < 0)
        return -1;
    fprintf(out, "%s\n", sp_buffer_string(&document.out));
    return 0;
}

void
sp_figures_free(struct sp_figures *figures)
{
    for (size_t i = 0; i < figures->count; i++)
        free(figures->tables[i].figures);
    free(figures->tables);
    sp_arena_free(&figures->arena);
    *figures = (struct sp_figures){ 0 };
}
