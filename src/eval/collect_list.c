#include "eval/collect_list.h"
#include "base/buffer.h"
#include "base/tsv.h"

#include <string.h>

enum { ECOSYSTEM, NAME, VERSION, LABEL, TECHNIQUE, FAMILY, ORIGIN, CULPRIT, FLAGS, COLUMNS };

#define SHOWN(field) (int)((field)->length < 60 ? (field)->length : 60), (field)->bytes

/* Versions come from a file and go to a command line. */
static bool
is_version(const struct sp_tsv_field *field)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+-_!";
    return !field->length || (field->length < 128 && field->bytes[0] >= '0' && field->bytes[0] <= '9' &&
                              strspn(field->bytes, allowed) == field->length);
}

static bool
is_word(const struct sp_tsv_field *field)
{
    for (size_t i = 0; i < field->length; i++)
        if ((unsigned char)field->bytes[i] <= ' ' || field->bytes[i] == '"' || field->bytes[i] == ',' ||
            field->bytes[i] == 0x7f)
            return false;
    return field->length < 200;
}

static int
check_row(const struct sp_tsv *tsv, const struct sp_tsv_row *row, struct sp_collect_item *item,
          struct sp_error *err)
{
    const struct sp_tsv_field *field = row->field;
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct sp_error why = { 0 };
    item->ecosystem = sp_ecosystem_find(field[ECOSYSTEM].bytes, field[ECOSYSTEM].length);
    if (!item->ecosystem || (item->ecosystem->id != SP_NPM && item->ecosystem->id != SP_PYPI))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s': packages of npm and pypi can be run",
                       tsv->path, row->line, SHOWN(&field[ECOSYSTEM]));
    if (sp_ecosystem_read_name(item->ecosystem, field[NAME].bytes, field[NAME].length, &scratch, &why) < 0)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %.400s", tsv->path, row->line, why.text);
    if (!is_version(&field[VERSION]))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s' is no version", tsv->path, row->line,
                       SHOWN(&field[VERSION]));
    item->attack = sp_tsv_is(&field[LABEL], "attack");
    if (!item->attack && !sp_tsv_is(&field[LABEL], "honest"))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: the label must be attack or honest", tsv->path,
                       row->line);
    if (item->attack && !field[TECHNIQUE].length)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: an attack needs a technique", tsv->path, row->line);
    for (size_t i = TECHNIQUE; i <= ORIGIN; i++)
        if (!is_word(&field[i]))
            return sp_fail(err, SP_ERROR_INPUT,
                           "%.300s:%zu: '%.*s' must be one word without quotes and commas", tsv->path,
                           row->line, SHOWN(&field[i]));
    if (field[CULPRIT].length && sp_ecosystem_read_name(item->ecosystem, field[CULPRIT].bytes,
                                                        field[CULPRIT].length, &scratch, &why) < 0)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: the culprit: %.400s", tsv->path, row->line,
                       why.text);
    return 0;
}

static const char *
keep(struct sp_collect_list *list, const struct sp_tsv_field *field, struct sp_error *err)
{
    return sp_arena_copy(&list->arena, field->bytes, field->length, err);
}

static int
check_new(struct sp_collect_list *list, const struct sp_tsv *tsv, const struct sp_tsv_row *row,
          const struct sp_collect_item *item, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    size_t before = list->known.count;
    if (sp_buffer_printf(&key, err, "%s %s %s", item->ecosystem->name, item->name,
                         item->version ? item->version : "") < 0 ||
        !sp_map_at(&list->known, key.bytes, key.length, 0, err))
        return -1;
    return list->known.count > before
               ? 0
               : sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %s %s is listed already; name it once", tsv->path,
                         row->line, item->name, item->version ? item->version : "");
}

static int
add_row(struct sp_collect_list *list, const struct sp_tsv *tsv, const struct sp_tsv_row *row,
        struct sp_error *err)
{
    const struct sp_tsv_field *field = row->field;
    struct sp_collect_item item = { 0 };
    if (check_row(tsv, row, &item, err) < 0)
        return -1;
    if (list->count >= SP_COLLECT_ITEMS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s:%zu: more than %u packages", tsv->path, row->line,
                       SP_COLLECT_ITEMS_MAX);
    item.name = keep(list, &field[NAME], err);
    item.version = field[VERSION].length ? keep(list, &field[VERSION], err) : NULL;
    item.technique = keep(list, &field[TECHNIQUE], err);
    item.origin = keep(list, &field[ORIGIN], err);
    item.culprit = field[CULPRIT].length ? keep(list, &field[CULPRIT], err) : item.name;
    /* versions of a package belong together */
    item.family = field[FAMILY].length ? keep(list, &field[FAMILY], err)
                                       : sp_arena_printf(&list->arena, err, "%s:%s", item.ecosystem->name,
                                                         item.name ? item.name : "");
    item.source = memmem(field[FLAGS].bytes, field[FLAGS].length, "sdist", 5) != NULL;
    if (!item.name || (field[VERSION].length && !item.version) || !item.technique || !item.origin ||
        !item.culprit || !item.family || check_new(list, tsv, row, &item, err) < 0 ||
        sp_grow(list->items, list->capacity, list->count + 1, err) < 0)
        return -1;
    list->items[list->count++] = item;
    return 0;
}

int
sp_collect_list_read(struct sp_collect_list *list, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name",   "version", "label", "technique",
                                           "family",    "origin", "culprit", "flags", NULL };
    sp_autotsv struct sp_tsv tsv = { .fd = -1 };
    struct sp_tsv_row row;
    int status;
    if (sp_tsv_open(&tsv, path, columns, LABEL + 1, err) < 0)
        return -1;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0)
        if (add_row(list, &tsv, &row, err) < 0)
            return -1;
    return status;
}

void
sp_collect_list_free(struct sp_collect_list *list)
{
    free(list->items);
    sp_map_free(&list->known);
    sp_arena_free(&list->arena);
    *list = (struct sp_collect_list){ 0 };
}
