#include "eval/pairs.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/tsv.h"
#include "model/metrics.h"

#include <math.h>
#include <string.h>

enum { ECOSYSTEM, NAME, TARGET, LABEL, KIND, CATEGORIES, SOURCE, QUALITY };

static bool
is_valid(const struct sp_ecosystem *ecosystem, const struct sp_tsv_field *name, struct sp_buffer *scratch)
{
    return sp_ecosystem_read_name(ecosystem, name->bytes, name->length, scratch, NULL) == 0;
}

static int
read_row(struct sp_pairs *pairs, const struct sp_tsv *tsv, const struct sp_tsv_row *row,
         struct sp_buffer *scratch, struct sp_error *err)
{
    const struct sp_tsv_field *field = row->field;
    struct sp_labelled_pair pair = { .attack = sp_tsv_is(&field[LABEL], "attack") };
    pair.ecosystem = sp_ecosystem_find(field[ECOSYSTEM].bytes, field[ECOSYSTEM].length);
    if (!pair.ecosystem)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: '%.*s' is no ecosystem", tsv->path, row->line,
                       (int)(field[ECOSYSTEM].length < 40 ? field[ECOSYSTEM].length : 40),
                       field[ECOSYSTEM].bytes);
    if (!pair.attack && !sp_tsv_is(&field[LABEL], "benign"))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: the label must be attack or benign", tsv->path,
                       row->line);
    if (!is_valid(pair.ecosystem, &field[NAME], scratch) ||
        !is_valid(pair.ecosystem, &field[TARGET], scratch)) {
        pairs->invalid++;
        return 0;
    }
    const char **strings[] = { [NAME] = &pair.name,
                               [TARGET] = &pair.target,
                               [KIND] = &pair.kind,
                               [CATEGORIES] = &pair.categories,
                               [SOURCE] = &pair.source };
    for (size_t i = 0; i < SP_COUNT(strings); i++) {
        if (!strings[i])
            continue;
        *strings[i] = sp_arena_copy(&pairs->arena, field[i].bytes, field[i].length, err);
        if (!*strings[i])
            return -1;
    }
    pair.high_quality = tsv->at[QUALITY] < 0 || sp_tsv_is(&field[QUALITY], "high");
    if (sp_grow(pairs->pairs, pairs->capacity, pairs->count + 1, err) < 0)
        return -1;
    pair.file = pairs->files;
    pairs->pairs[pairs->count++] = pair;
    return 0;
}

/* target_known is read in a pass of its own: a row has room for eight columns. */
static int
read_stated(struct sp_pairs *pairs, size_t from, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name", "target", "target_known", NULL };
    sp_autotsv struct sp_tsv tsv;
    sp_autobuffer struct sp_buffer scratch = { 0 };
    if (sp_tsv_open(&tsv, path, columns, 3, err) < 0)
        return -1;
    struct sp_tsv_row row;
    size_t at = from;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        const struct sp_ecosystem *ecosystem = sp_ecosystem_find(row.field[0].bytes, row.field[0].length);
        if (!is_valid(ecosystem, &row.field[1], &scratch) || !is_valid(ecosystem, &row.field[2], &scratch))
            continue;
        pairs->pairs[at++].stated = sp_tsv_is(&row.field[3], "stated");
    }
    return status;
}

int
sp_pairs_read(struct sp_pairs *pairs, const char *path, struct sp_error *err)
{
    static const char *const columns[] = { "ecosystem", "name",       "target", "label",
                                           "kind",      "categories", "source", "quality" };
    const char *names[SP_COUNT(columns) + 1] = { 0 };
    memcpy(names, columns, sizeof(columns));
    sp_autotsv struct sp_tsv tsv;
    sp_autobuffer struct sp_buffer scratch = { 0 };
    size_t from = pairs->count;
    if (sp_tsv_open(&tsv, path, names, 4, err) < 0)
        return -1;
    struct sp_tsv_row row;
    int status;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0)
        if (read_row(pairs, &tsv, &row, &scratch, err) < 0)
            return -1;
    if (status < 0)
        return -1;
    if (pairs->count == from)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: holds no pairs", path);
    pairs->files++;
    return read_stated(pairs, from, path, err);
}

const char *
sp_pair_campaign(const struct sp_labelled_pair *pair)
{
    if (!pair->attack || pair->kind[0] != 'a')
        return NULL;
    /* February 2020: hundreds of gems, a delimiter changed in each */
    if (pair->ecosystem->id == SP_RUBYGEMS && strcmp(pair->categories, "delimiter modification") == 0)
        return "rubygems delimiters 2020";
    /* March 2022: names of the @azure scope without it */
    if (pair->ecosystem->id == SP_NPM && strncmp(pair->target, "@azure/", 7) == 0)
        return "npm @azure 2022";
    /* 2023-24: letters of one vendor's names replaced by foreign ones */
    if (pair->ecosystem->id == SP_NUGET)
        return "nuget homoglyphs";
    return NULL;
}

int
sp_pairs_group(struct sp_pairs *pairs, struct sp_error *err)
{
    sp_automap struct sp_map groups = { 0 }, targets = { 0 };
    sp_autobuffer struct sp_buffer key = { 0 }, name = { 0 };
    for (size_t i = 0; i < pairs->count; i++) {
        struct sp_labelled_pair *pair = &pairs->pairs[i];
        const char *campaign = sp_pair_campaign(pair);
        sp_buffer_clear(&key);
        if (sp_ecosystem_read_name(pair->ecosystem, pair->target, strlen(pair->target), &name, err) < 0)
            return -1;
        struct sp_name_parts parts;
        pair->ecosystem->split(name.bytes, name.length, &parts);
        struct sp_slice part =
            parts.namespace_.length ? parts.namespace_ : (struct sp_slice){ name.bytes, name.length };
        int status = campaign ? sp_buffer_append_string(&key, campaign, err)
                              : sp_buffer_printf(&key, err, "%d %.*s", pair->ecosystem->id, (int)part.length,
                                                 part.bytes);
        uint32_t *group =
            status < 0 ? NULL : sp_map_at(&groups, key.bytes, key.length, (uint32_t)groups.count, err);
        if (!group)
            return -1;
        pair->group = *group;
        sp_buffer_clear(&key);
        if (sp_buffer_printf(&key, err, "%d %s", pair->ecosystem->id, name.bytes) < 0 ||
            !(group = sp_map_at(&targets, key.bytes, key.length, (uint32_t)targets.count, err)))
            return -1;
        pair->target_group = *group;
    }
    return 0;
}

void
sp_pairs_free(struct sp_pairs *pairs)
{
    free(pairs->pairs);
    sp_arena_free(&pairs->arena);
    *pairs = (struct sp_pairs){ 0 };
}

bool
sp_pair_is_target(const struct sp_labelled_pair *pair, const struct sp_match *match)
{
    if (match->target_ecosystem != pair->ecosystem || match->target_id == UINT32_MAX)
        return false;
    if (strcmp(match->target, pair->target) == 0)
        return true;
    sp_autobuffer struct sp_buffer a = { 0 }, b = { 0 };
    return sp_ecosystem_read_name(pair->ecosystem, match->target, strlen(match->target), &a, NULL) == 0 &&
           sp_ecosystem_read_name(pair->ecosystem, pair->target, strlen(pair->target), &b, NULL) == 0 &&
           a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

int
sp_pairs_augment(const struct sp_pairs *pairs, struct sp_index *index, const char *path, size_t *added,
                 struct sp_error *err)
{
    sp_autobuffer struct sp_buffer table = { 0 }, extra = { 0 };
    if (sp_buffer_append_string(&table, "ecosystem\tname\n", err) < 0 ||
        sp_buffer_printf(&extra, err, "%s.targets", path) < 0)
        return -1;
    for (size_t i = 0; i < pairs->count; i++)
        if (sp_buffer_printf(&table, err, "%s\t%s\n", pairs->pairs[i].ecosystem->name,
                             pairs->pairs[i].target) < 0)
            return -1;
    if (sp_file_write(extra.bytes, table.bytes, table.length, err) < 0)
        return -1;
    struct sp_index_recipe recipe = { .base = index, .extra = extra.bytes };
    int status = sp_index_build(&recipe, path, NULL, err);
    unlink(extra.bytes);
    if (status < 0)
        return -1;

    struct sp_index *augmented = NULL;
    if (sp_index_open(&augmented, path, err) < 0)
        return -1;
    *added = 0;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        *added += sp_index_trusted_count(augmented, (enum sp_ecosystem_id)id) -
                  sp_index_trusted_count(index, (enum sp_ecosystem_id)id);
    sp_index_close(augmented);
    return 0;
}

int
sp_temporary_path(char *out, size_t size, struct sp_error *err)
{
    const char *dir = getenv("TMPDIR");
    int length = snprintf(out, size, "%s/sallyport-XXXXXX", dir && *dir ? dir : "/tmp");
    if (length < 0 || (size_t)length >= size)
        return sp_fail(err, SP_ERROR_USAGE, "TMPDIR is too long a path");
    int fd = mkstemp(out);
    if (fd < 0)
        return sp_fail_errno(err, "%.200s: cannot create a temporary file; set TMPDIR", out);
    close(fd);
    return 0;
}

int
sp_fitted_confusion(struct sp_confusion *out, const double *scores, const float *labels,
                    const uint32_t *folds, size_t count, unsigned fold_count, struct sp_error *err)
{
    sp_autofree double *kept = sp_new_array(count, sizeof(*kept), err);
    sp_autofree float *kept_labels = sp_new_array(count, sizeof(*kept_labels), err);
    if (!kept || !kept_labels)
        return -1;
    struct sp_confusion total = { 0 };
    for (unsigned fold = 0; fold < fold_count; fold++) {
        size_t others = 0;
        for (size_t i = 0; i < count; i++)
            if (folds[i] != fold) {
                kept[others] = scores[i];
                kept_labels[others++] = labels[i];
            }
        sp_autoroc struct sp_roc roc = { 0 };
        if (!others || sp_roc_curve(&roc, kept, kept_labels, NULL, others, err) < 0)
            return others ? -1 : sp_fail(err, SP_ERROR_INPUT, "too few pairs for %u folds", fold_count);
        double threshold = sp_best_f1_threshold(&roc);
        for (size_t i = 0; i < count; i++) {
            if (folds[i] != fold)
                continue;
            bool alarm = scores[i] >= threshold, attack = labels[i] > 0;
            total.true_positive += alarm && attack;
            total.false_positive += alarm && !attack;
            total.true_negative += !alarm && !attack;
            total.false_negative += !alarm && attack;
        }
    }
    *out = total;
    return 0;
}

int
sp_fitted_f1(double *out, const double *scores, const float *labels, const uint32_t *folds, size_t count,
             unsigned fold_count, struct sp_error *err)
{
    struct sp_confusion total;
    if (sp_fitted_confusion(&total, scores, labels, folds, count, fold_count, err) < 0)
        return -1;
    *out = sp_f1(&total);
    return 0;
}
