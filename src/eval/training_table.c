#include "eval/training_table.h"
#include "base/file.h"
#include "base/tsv.h"

#include <math.h>
#include <string.h>

static int
group_of(struct sp_training_table *training, const struct sp_ecosystem *ecosystem, const char *target,
         uint32_t *out, struct sp_error *err)
{
    char key[SP_NAME_MAX + 16];
    int length = snprintf(key, sizeof(key), "%d %s", ecosystem->id, target);
    uint32_t *group =
        sp_map_at(&training->groups, key, (size_t)length, (uint32_t)training->groups.count, err);
    if (!group)
        return -1;
    *out = *group;
    return 0;
}

/* An attack that was malicious weighs more than a name that somebody found confusing. */
static float
pair_weight(const struct sp_labelled_pair *pair)
{
    return pair->attack && strcmp(pair->kind, "active") == 0 ? 2.f : 1.f;
}

int
sp_training_add_pairs(struct sp_training_table *training, const struct sp_pairs *pairs,
                      struct sp_searcher *searcher, struct sp_error *err)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct sp_labelled_pair *pair = &pairs->pairs[i];
        struct sp_match match;
        struct sp_features_view view;
        if (sp_relate(searcher, pair->ecosystem, pair->name, pair->ecosystem, pair->target, &match, err) <
                0 ||
            sp_relate_features(searcher, &view, err) < 0)
            return -1;
        if (!training->table.names)
            sp_table_init(&training->table, view.names, view.count);
        /* the background's targets share the groups of the pairs that have the same target */
        char key[SP_NAME_MAX + 16];
        int length = snprintf(key, sizeof(key), "%d %s", pair->ecosystem->id, match.target);
        if (sp_map_set(&training->groups, key, (size_t)length, pair->group, err) < 0 ||
            sp_table_add(&training->table, view.values, pair->attack, pair_weight(pair), pair->group, err) <
                0)
            return -1;
    }
    return 0;
}

int
sp_training_draw(struct sp_training_table *training, const struct sp_pairs *pairs,
                 struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *path,
                 unsigned sample, uint64_t seed, struct sp_error *err)
{
    static const char *const columns[] = { "name", NULL };
    sp_automap struct sp_map taken = { 0 };
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->pairs[i].ecosystem == ecosystem &&
            sp_map_set(&taken, pairs->pairs[i].name, strlen(pairs->pairs[i].name), 0, err) < 0)
            return -1;
    /* how many names there are decides the share that is drawn; a name is in by its own hash, so that the
     * sample hardly changes when the list grows */
    size_t rows = 0;
    for (int pass = 0; pass < 2; pass++) {
        sp_autotsv struct sp_tsv tsv;
        if (sp_tsv_open(&tsv, path, columns, 1, err) < 0)
            return -1;
        double share = rows ? (double)sample / (double)rows : 0;
        struct sp_tsv_row row;
        int status;
        while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
            if (pass == 0) {
                rows++;
                continue;
            }
            const struct sp_tsv_field *name = &row.field[0];
            double draw = (double)(sp_hash(name->bytes, name->length, seed) >> 11) * 0x1p-53;
            if (draw >= share || sp_map_get(&taken, name->bytes, name->length, NULL))
                continue;
            static _Thread_local struct sp_search_result result;
            if (sp_search(searcher, ecosystem, name->bytes, name->length, &result, NULL) < 0 ||
                result.trusted)
                continue;
            if (sp_grow(training->names, training->name_capacity, training->name_count + 1, err) < 0)
                return -1;
            char *copy = sp_arena_copy(&training->arena, name->bytes, name->length, err);
            if (!copy)
                return -1;
            training->names[training->name_count++] = (struct sp_background_name){ ecosystem, copy };
        }
        if (status < 0)
            return -1;
    }
    return 0;
}

static int
add_match(struct sp_training_table *training, struct sp_searcher *searcher,
          const struct sp_background_name *name, const struct sp_match *found, float weight, size_t *added,
          struct sp_error *err)
{
    char key[SP_NAME_MAX * 2 + 32];
    int length = snprintf(key, sizeof(key), "%d %s %s", name->ecosystem->id, name->name, found->target);
    size_t before = training->known.count;
    if (!sp_map_at(&training->known, key, (size_t)length, 0, err))
        return -1;
    if (training->known.count == before)
        return 0;
    struct sp_match match;
    struct sp_features_view view;
    uint32_t group;
    if (sp_relate(searcher, name->ecosystem, name->name, name->ecosystem, found->target, &match, err) < 0 ||
        sp_relate_features(searcher, &view, err) < 0 ||
        group_of(training, name->ecosystem, match.target, &group, err) < 0 ||
        sp_table_add(&training->table, view.values, 0.f, weight, group, err) < 0)
        return -1;
    ++*added;
    return 0;
}

int
sp_training_add_background(struct sp_training_table *training, struct sp_searcher *searcher, unsigned keep,
                           float weight, size_t *added, struct sp_error *err)
{
    struct sp_search_result *result = sp_new(struct sp_search_result, err);
    sp_autofree struct sp_search_result *owned = result;
    if (!owned)
        return -1;
    *added = 0;
    for (size_t i = 0; i < training->name_count; i++) {
        const struct sp_background_name *name = &training->names[i];
        if (sp_search(searcher, name->ecosystem, name->name, strlen(name->name), result, err) < 0)
            return -1;
        unsigned kept = 0;
        for (size_t k = 0; k < result->count && kept < keep; k++) {
            const struct sp_match *match = &result->matches[k];
            if (match->target_id == UINT32_MAX || match->target_ecosystem != name->ecosystem)
                continue;
            if (add_match(training, searcher, name, match, weight, added, err) < 0)
                return -1;
            kept++;
        }
    }
    return 0;
}

int
sp_training_write(const struct sp_training_table *training, const struct sp_pairs *pairs, const char *path,
                  struct sp_error *err)
{
    const struct sp_table *table = &training->table;
    sp_autobuffer struct sp_buffer out = { 0 };
    if (sp_buffer_append_string(&out, "label\tweight\tgroup\tsource\tecosystem\tkind\tname\ttarget", err) < 0)
        return -1;
    for (size_t k = 0; k < table->feature_count; k++)
        if (sp_buffer_printf(&out, err, "\t%s", table->names[k]) < 0)
            return -1;
    for (size_t i = 0; i < table->row_count; i++) {
        const struct sp_labelled_pair *pair = i < pairs->count ? &pairs->pairs[i] : NULL;
        if (sp_buffer_printf(&out, err, "\n%g\t%g\t%u\t%s\t%s\t%s\t%s\t%s", table->labels[i],
                             table->weights ? table->weights[i] : 1.f, table->groups[i],
                             pair ? pair->source : "background", pair ? pair->ecosystem->name : "",
                             pair ? pair->kind : "", pair ? pair->name : "", pair ? pair->target : "") < 0)
            return -1;
        const float *values = sp_table_row(table, i);
        for (size_t k = 0; k < table->feature_count; k++)
            if ((isnan(values[k]) ? sp_buffer_append_byte(&out, '\t', err)
                                  : sp_buffer_printf(&out, err, "\t%.7g", values[k])) < 0)
                return -1;
    }
    if (sp_buffer_append_byte(&out, '\n', err) < 0)
        return -1;
    return sp_file_write(path, out.bytes, out.length, err);
}

void
sp_training_free(struct sp_training_table *training)
{
    sp_table_free(&training->table);
    free(training->names);
    sp_map_free(&training->known);
    sp_map_free(&training->groups);
    sp_arena_free(&training->arena);
    *training = (struct sp_training_table){ 0 };
}
