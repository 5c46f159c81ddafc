#include "eval/signal_rows.h"
#include "base/hash.h"
#include "base/tsv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct sp_twelve sp_twelve[SP_TWELVE] = {
    { "obvious_not_typosquat", SP_SIGNAL_OBVIOUS_DIFFERENCE },
    { "is_adversarial_name", SP_SIGNAL_ADVERSARIAL_NAME },
    { "is_fork", SP_SIGNAL_FORK },
    { "has_distinct_purpose", SP_SIGNAL_DISTINCT_PURPOSE },
    { "is_test", SP_SIGNAL_EXPERIMENT },
    { "is_known_maintainer", SP_SIGNAL_KNOWN_OWNER },
    { "no_readme", SP_SIGNAL_NO_README },
    { "has_suspicious_intent", SP_SIGNAL_SUSPICIOUS_INTENT },
    { "is_relocated_package", SP_SIGNAL_RELOCATED },
    { "overlapped_maintainers", SP_SIGNAL_OVERLAPPING_MAINTAINERS },
    { "comprehensive_metadata", SP_SIGNAL_COMPREHENSIVE_METADATA },
    { "active_development", SP_SIGNAL_ACTIVE_DEVELOPMENT },
};
const char *const sp_twelve_names[SP_TWELVE] = {
    "obvious_not_typosquat",
    "is_adversarial_name",
    "is_fork",
    "has_distinct_purpose",
    "is_test",
    "is_known_maintainer",
    "no_readme",
    "has_suspicious_intent",
    "is_relocated_package",
    "overlapped_maintainers",
    "comprehensive_metadata",
    "active_development",
};
/* is_fork holds for three of four pairs, and for attacks more often: sense and rows disagree, so its
 * direction is left to the rows. */
const int8_t sp_twelve_monotone[SP_TWELVE] = { -1, 1, 0, -1, -1, -1, 1, 1, -1, -1, -1, -1 };

enum { ECOSYSTEM, NAME, TARGET, LABEL, KIND, VERDICT, PAIR_COLUMNS };

static int
copy_field(const char **to, struct sp_signal_rows *rows, const struct sp_tsv_field *field,
           struct sp_error *err)
{
    *to = sp_arena_copy(&rows->arena, field->bytes, field->length, err);
    return *to ? 0 : -1;
}

static int
read_pair(struct sp_signal_rows *out, const struct sp_tsv *tsv, const struct sp_tsv_row *line,
          struct sp_map *groups, struct sp_error *err)
{
    const struct sp_tsv_field *field = line->field;
    struct sp_signal_row row = { .attack = sp_tsv_is(&field[LABEL], "attack") };
    row.ecosystem = sp_ecosystem_find(field[ECOSYSTEM].bytes, field[ECOSYSTEM].length);
    bool active = sp_tsv_is(&field[KIND], "active");
    if (!row.ecosystem && !active)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s' is no ecosystem", tsv->path, line->line,
                       (int)(field[ECOSYSTEM].length < 40 ? field[ECOSYSTEM].length : 40),
                       field[ECOSYSTEM].bytes);
    if (!row.attack && !sp_tsv_is(&field[LABEL], "benign"))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: the label must be attack or benign", tsv->path,
                       line->line);
    row.alarm = sp_tsv_is(&field[VERDICT], "alarm");
    row.judged = row.alarm || sp_tsv_is(&field[VERDICT], "cleared");
    if (!row.judged && field[VERDICT].length)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: the verdict must be alarm, cleared or nothing",
                       tsv->path, line->line);
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_buffer_printf(&key, err, "%d ", row.ecosystem ? (int)row.ecosystem->id : -1) < 0 ||
        sp_buffer_append(&key, field[TARGET].bytes, field[TARGET].length, err) < 0)
        return -1;
    uint32_t *group = sp_map_at(groups, key.bytes, key.length, (uint32_t)groups->count, err);
    if (!group || copy_field(&row.name, out, &field[NAME], err) < 0 ||
        copy_field(&row.target, out, &field[TARGET], err) < 0 ||
        copy_field(&row.kind, out, &field[KIND], err) < 0 ||
        sp_grow(out->rows, out->capacity, out->count + 1, err) < 0)
        return -1;
    row.group = *group;
    out->rows[out->count++] = row;
    return 0;
}

static int
read_values(struct sp_signal_row *row, const struct sp_tsv *tsv, const struct sp_tsv_row *line,
            struct sp_error *err)
{
    for (size_t i = 0; i < SP_TWELVE; i++) {
        const struct sp_tsv_field *field = &line->field[i];
        if (!field->length)
            row->values[i] = NAN;
        else if (field->length == 1 && (field->bytes[0] == '0' || field->bytes[0] == '1'))
            row->values[i] = (float)(field->bytes[0] - '0');
        else
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %s is '%.*s'; it must be 0, 1 or nothing",
                           tsv->path, line->line, sp_twelve_names[i],
                           (int)(field->length < 40 ? field->length : 40), field->bytes);
    }
    return 0;
}

/* A row has room for sixteen columns, so the file is read in two passes. */
static int
read_pass(struct sp_signal_rows *out, const char *path, bool values, struct sp_error *err)
{
    static const char *const pair_names[] = { "ecosystem",          "name", "target", "label", "kind",
                                              "confuguard_verdict", NULL };
    const char *names[SP_TWELVE + 1] = { 0 };
    memcpy(names, sp_twelve_names, sizeof(sp_twelve_names));
    sp_autotsv struct sp_tsv tsv;
    sp_automap struct sp_map groups = { 0 };
    if (sp_tsv_open(&tsv, path, values ? names : pair_names, values ? SP_TWELVE : LABEL + 1, err) < 0)
        return -1;
    struct sp_tsv_row line;
    size_t at = 0;
    int status;
    while ((status = sp_tsv_next(&tsv, &line, err)) > 0) {
        if (values && at >= out->count)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: changed while it was read", path);
        if ((values ? read_values(&out->rows[at++], &tsv, &line, err)
                    : read_pair(out, &tsv, &line, &groups, err)) < 0)
            return -1;
    }
    return status;
}

int
sp_signal_rows_read(struct sp_signal_rows *out, const char *path, struct sp_error *err)
{
    if (read_pass(out, path, false, err) < 0 || read_pass(out, path, true, err) < 0)
        return -1;
    size_t kept = 0, attacks = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (!strcmp(out->rows[i].kind, "active"))
            continue;
        attacks += out->rows[i].attack;
        out->rows[kept++] = out->rows[i];
    }
    out->count = kept;
    if (!attacks || attacks == kept)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: %zu pairs without malware, %zu of them attacks; both "
                       "labels are needed",
                       path, kept, attacks);
    return 0;
}

void
sp_signal_rows_free(struct sp_signal_rows *rows)
{
    free(rows->rows);
    sp_arena_free(&rows->arena);
    *rows = (struct sp_signal_rows){ 0 };
}

int
sp_signal_rows_table(struct sp_table *out, const struct sp_signal_rows *rows, struct sp_error *err)
{
    sp_table_init(out, sp_twelve_names, SP_TWELVE);
    for (size_t i = 0; i < rows->count; i++)
        if (sp_table_add(out, rows->rows[i].values, rows->rows[i].attack, 1, rows->rows[i].group, err) < 0)
            return -1;
    return 0;
}
