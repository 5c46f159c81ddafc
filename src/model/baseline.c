#include "model/baseline.h"
#include "model/metrics.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

/* The rows of a table by value: each distinct one with its weights. */
struct lookup {
    struct sp_map places;
    struct votes {
        double positive, total;
    } * votes;
    size_t count, capacity;
    float *key; /* a row with one spelling of not-a-number and of zero */
    size_t key_size;
};

static void
lookup_free(struct lookup *lookup)
{
    sp_map_free(&lookup->places);
    free(lookup->votes);
    free(lookup->key);
}

static const char *
key_of(struct lookup *lookup, const float *row)
{
    for (size_t i = 0; i < lookup->key_size / sizeof(*row); i++)
        lookup->key[i] = isnan(row[i]) ? NAN : row[i] == 0 ? 0 : row[i];
    return (const char *)lookup->key;
}

static int
lookup_fill(struct lookup *lookup, const struct sp_table *table, struct sp_error *err)
{
    lookup->key_size = table->feature_count * sizeof(*lookup->key);
    lookup->key = sp_new_array(table->feature_count, sizeof(*lookup->key), err);
    if (!lookup->key)
        return -1;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *key = key_of(lookup, sp_table_row(table, i));
        uint32_t *place = sp_map_at(&lookup->places, key, lookup->key_size, (uint32_t)lookup->count, err);
        if (!place || sp_grow(lookup->votes, lookup->capacity, lookup->count + 1, err) < 0)
            return -1;
        if (*place == lookup->count)
            lookup->votes[lookup->count++] = (struct votes){ 0 };
        double weight = table->weights ? (double)table->weights[i] : 1;
        lookup->votes[*place].total += weight;
        lookup->votes[*place].positive += weight * (double)table->labels[i];
    }
    return 0;
}

int
sp_score_by_majority(SP_UNUSED void *context, const struct sp_table *train, const struct sp_table *test,
                     double *scores, struct sp_error *err)
{
    __attribute__((cleanup(lookup_free))) struct lookup lookup = { 0 };
    if (lookup_fill(&lookup, train, err) < 0)
        return -1;
    struct votes all = { 0 };
    for (size_t i = 0; i < lookup.count; i++) {
        all.positive += lookup.votes[i].positive;
        all.total += lookup.votes[i].total;
    }
    for (size_t i = 0; i < test->row_count; i++) {
        uint32_t place;
        const char *key = key_of(&lookup, sp_table_row(test, i));
        bool known = sp_map_get(&lookup.places, key, lookup.key_size, &place);
        struct votes votes = known && lookup.votes[place].total > 0 ? lookup.votes[place] : all;
        scores[i] = votes.total > 0 ? votes.positive / votes.total : 0;
    }
    return 0;
}

int
sp_distinct_rows(struct sp_distinct *out, const struct sp_table *table, struct sp_error *err)
{
    __attribute__((cleanup(lookup_free))) struct lookup lookup = { 0 };
    if (lookup_fill(&lookup, table, err) < 0)
        return -1;
    double right = 0, total = 0;
    for (size_t i = 0; i < lookup.count; i++) {
        right += fmax(lookup.votes[i].positive, lookup.votes[i].total - lookup.votes[i].positive);
        total += lookup.votes[i].total;
    }
    *out = (struct sp_distinct){ lookup.count, total > 0 ? right / total : NAN };
    return 0;
}

static double
feature_score(const struct sp_best_feature *rule, const float *row)
{
    float value = row[rule->feature];
    return rule->direction * (double)(isnan(value) ? rule->fill : value);
}

int
sp_best_feature(struct sp_best_feature *out, const struct sp_table *table, struct sp_error *err)
{
    sp_autofree double *scores = sp_new_array(table->row_count, sizeof(*scores), err);
    if (!scores)
        return -1;
    struct sp_best_feature best = { .direction = 1, .auc = NAN, .fill = -INFINITY };
    for (size_t i = 0; i < 2 * table->feature_count; i++) {
        struct sp_best_feature rule = { .feature = i / 2,
                                        .direction = 1,
                                        .fill = i % 2 ? INFINITY : -INFINITY };
        for (size_t row = 0; row < table->row_count; row++)
            scores[row] = feature_score(&rule, sp_table_row(table, row));
        if (sp_roc_auc(&rule.auc, scores, table->labels, table->weights, table->row_count, err) < 0)
            return -1;
        if (rule.auc < 0.5) {
            rule.direction = -1;
            rule.auc = 1 - rule.auc;
        }
        if (i == 0 || rule.auc > best.auc)
            best = rule;
    }
    *out = best;
    return 0;
}

int
sp_score_by_best_feature(SP_UNUSED void *context, const struct sp_table *train, const struct sp_table *test,
                         double *scores, struct sp_error *err)
{
    struct sp_best_feature rule;
    if (sp_best_feature(&rule, train, err) < 0)
        return -1;
    for (size_t i = 0; i < test->row_count; i++)
        scores[i] = feature_score(&rule, sp_table_row(test, i));
    return 0;
}
