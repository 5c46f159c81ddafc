#include "eval/judged.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>
#include <time.h>

static double
seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static int
judge_pair(struct sp_judged_pair *out, struct sp_searcher *searcher, struct sp_search_result *result,
           struct sp_error *err)
{
    const struct sp_labelled_pair *pair = out->pair;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (sp_search(searcher, pair->ecosystem, pair->name, strlen(pair->name), result, err) < 0)
        return -1;
    out->seconds = seconds_since(&start);
    out->trusted = result->trusted;
    out->place = -1;
    out->name_risk = result->count ? result->matches[0].risk : 0;
    for (size_t i = 0; i < result->count && out->place < 0; i++)
        if (sp_pair_is_target(pair, &result->matches[i]))
            out->place = (int)i;
    struct sp_match match;
    if (sp_relate(searcher, pair->ecosystem, pair->name, pair->ecosystem, pair->target, &match, err) < 0)
        return -1;
    out->pair_risk = match.risk;
    out->categories = match.categories;
    return 0;
}

static int
judge_all(struct sp_judged *out, const struct sp_pairs *pairs, struct sp_searcher *searcher,
          struct sp_error *err)
{
    sp_autofree struct sp_search_result *result = sp_new(struct sp_search_result, err);
    sp_autofree double *times = sp_new_array(pairs->count, sizeof(*times), err);
    out->pairs = sp_new_array(pairs->count, sizeof(*out->pairs), err);
    if (!result || !times || !out->pairs)
        return -1;
    double total = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        out->pairs[i].pair = &pairs->pairs[i];
        if (judge_pair(&out->pairs[i], searcher, result, err) < 0)
            return -1;
        times[i] = out->pairs[i].seconds;
        total += times[i];
    }
    out->count = pairs->count;
    out->median = sp_percentile(times, out->count, 50);
    out->p99 = sp_percentile(times, out->count, 99);
    out->names_per_second = total > 0 ? (double)out->count / total : 0;
    return 0;
}

int
sp_judge_pairs(struct sp_judged *out, const struct sp_pairs *pairs, struct sp_index *index,
               struct sp_error *err)
{
    struct sp_searcher *searcher = NULL;
    if (sp_searcher_new(&searcher, index, err) < 0)
        return -1;
    out->thresholds = sp_searcher_thresholds(searcher);
    /* where a name became popular since, the search is still asked what it resembles; it is no alarm */
    sp_searcher_search_trusted(searcher, true);
    int status = judge_all(out, pairs, searcher, err);
    sp_searcher_free(searcher);
    return status;
}

void
sp_judged_free(struct sp_judged *judged)
{
    free(judged->pairs);
    judged->pairs = NULL;
}

static void
count_pair(struct sp_eval_group *out, const struct sp_judged *judged, const struct sp_judged_pair *pair)
{
    bool review = !pair->trusted && pair->name_risk >= judged->thresholds.review;
    bool block = !pair->trusted && pair->name_risk >= judged->thresholds.block;
    if (pair->pair->attack) {
        out->attacks++;
        out->first += pair->place == 0;
        out->third += pair->place >= 0 && pair->place < 3;
        out->attack_review += review;
        out->attack_block += block;
    } else {
        out->benign++;
        out->benign_review += review;
        out->benign_block += block;
    }
}

/* Figures of the pair risk, for which both classes must be there. */
static int
rate(struct sp_eval_group *out, const struct sp_judged *judged, const double *scores, float *labels,
     uint32_t *groups, size_t count, unsigned folds, uint64_t seed, struct sp_error *err)
{
    out->auc = out->best_f1 = out->fitted_f1 = out->always_f1 = NAN;
    if (!count)
        return 0;
    out->at_review = sp_confusion_at(scores, labels, NULL, count, judged->thresholds.review);
    if (!out->attacks || !out->benign)
        return 0;
    sp_autoroc struct sp_roc roc = { 0 };
    if (sp_roc_curve(&roc, scores, labels, NULL, count, err) < 0)
        return -1;
    struct sp_confusion best = sp_confusion_at(scores, labels, NULL, count, sp_best_f1_threshold(&roc));
    struct sp_confusion always = sp_confusion_at(scores, labels, NULL, count, -INFINITY);
    out->auc = sp_roc_area(&roc);
    out->best_f1 = sp_f1(&best);
    out->always_f1 = sp_f1(&always);

    sp_autofree uint32_t *parts = sp_new_array(count, sizeof(*parts), err);
    if (!parts)
        return -1;
    struct sp_table table = { .row_count = count, .labels = labels, .groups = groups };
    struct sp_error few = { 0 };
    if (sp_folds(parts, &table, folds, seed, &few) < 0)
        return 0; /* fewer groups than folds: there is no fitted figure */
    return sp_fitted_f1(&out->fitted_f1, scores, labels, parts, count, folds, err);
}

int
sp_eval_sum(struct sp_eval_group *out, const struct sp_judged *judged, unsigned folds, uint64_t seed,
            bool (*choose)(const struct sp_judged_pair *, const void *), const void *context,
            struct sp_error *err)
{
    *out = (struct sp_eval_group){ 0 };
    sp_autofree double *scores = sp_new_array(judged->count, sizeof(*scores), err);
    sp_autofree float *labels = sp_new_array(judged->count, sizeof(*labels), err);
    sp_autofree uint32_t *groups = sp_new_array(judged->count, sizeof(*groups), err);
    if (!scores || !labels || !groups)
        return -1;
    size_t count = 0;
    for (size_t i = 0; i < judged->count; i++) {
        const struct sp_judged_pair *pair = &judged->pairs[i];
        if (!choose(pair, context))
            continue;
        count_pair(out, judged, pair);
        scores[count] = pair->pair_risk;
        labels[count] = pair->pair->attack;
        groups[count++] = pair->pair->group;
    }
    return rate(out, judged, scores, labels, groups, count, folds, seed, err);
}
