#include "eval/ensemble.h"
#include "base/memory.h"
#include "eval/pairs.h"
#include "model/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A forest of few rows says 0 or 1 with more certainty than it has. */
#define SHARE_LEAST 0.005

static double
odds_of(enum sp_model_kind kind, double margin)
{
    if (kind == SP_MODEL_BOOSTED || kind == SP_MODEL_LOGISTIC)
        return margin;
    return sp_logit(fmin(1 - SHARE_LEAST, fmax(SHARE_LEAST, margin)));
}

static int
by_rising(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The first of COUNT sorted numbers that is above VALUE, or, with EQUAL, not below it. */
static size_t
first_above(const double *sorted, size_t count, double value, bool equal)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value || (!equal && sorted[middle] == value))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int
score_ranked(void *params, const struct sp_table *train, const struct sp_table *test, double *scores,
             struct sp_error *err)
{
    sp_automodel struct sp_model *model = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    sp_autofree double *seen = sp_new_array(train->row_count, sizeof(*seen), err);
    if (!seen || sp_train(&model, train, params, err) < 0 || sp_model_use(&file, model, err) < 0)
        return -1;
    for (size_t i = 0; i < train->row_count; i++)
        seen[i] = sp_model_margin(&file.view, sp_table_row(train, i));
    qsort(seen, train->row_count, sizeof(*seen), by_rising);
    for (size_t i = 0; i < test->row_count; i++) {
        double margin = sp_model_margin(&file.view, sp_table_row(test, i));
        size_t below = first_above(seen, train->row_count, margin, true);
        size_t above = first_above(seen, train->row_count, margin, false);
        scores[i] = (double)(below + above) / 2 / (double)train->row_count;
    }
    return 0;
}

int
sp_score_by_ensemble(void *context, const struct sp_table *train, const struct sp_table *test, double *scores,
                     struct sp_error *err)
{
    const struct sp_ensemble *ensemble = context;
    sp_autofree double *one = sp_new_array(test->row_count, sizeof(*one), err);
    if (!one)
        return -1;
    memset(scores, 0, test->row_count * sizeof(*scores));
    for (size_t i = 0; i < ensemble->count; i++) {
        struct sp_train_params params = ensemble->members[i];
        unsigned seeds = params.kind == SP_MODEL_LOGISTIC ? 1 : ensemble->seeds;
        for (unsigned seed = 0; seed < seeds; seed++) {
            params.seed = ensemble->members[i].seed + seed;
            if ((ensemble->ranked ? score_ranked : sp_score_by_model)(&params, train, test, one, err) < 0)
                return -1;
            for (size_t k = 0; k < test->row_count; k++)
                scores[k] += (ensemble->ranked ? one[k] : odds_of(params.kind, one[k])) /
                             (seeds * (double)ensemble->count);
        }
    }
    return 0;
}

/* The highest threshold that keeps SP_KEPT_RECALL of the positives. */
static const struct sp_confusion *
keep(const struct sp_roc *roc)
{
    for (size_t i = 0; i < roc->count; i++)
        if (roc->points[i].true_positive_rate >= SP_KEPT_RECALL)
            return &roc->points[i].confusion;
    return &roc->points[roc->count - 1].confusion;
}

static void
add(struct sp_figure_spread *spread, double value)
{
    /* sums until the end: of values, and of their squares */
    spread->mean += value;
    spread->deviation += value * value;
}

static void
end_sum(struct sp_figure_spread *spread, unsigned count)
{
    spread->mean /= count;
    spread->deviation = sqrt(fmax(0, spread->deviation / count - spread->mean * spread->mean));
}

int
sp_division_figures(struct sp_division_figures *out, const struct sp_table *table,
                    const struct sp_divisions *divisions, sp_scorer *scorer, void *context,
                    struct sp_error *err)
{
    size_t count = table->row_count;
    *out = (struct sp_division_figures){ 0 };
    sp_autofree double *scores = sp_new_array(count, sizeof(*scores), err);
    sp_autofree uint32_t *folds = sp_new_array(count, sizeof(*folds), err);
    if (!scores || !folds)
        return -1;
    for (unsigned i = 0; i < divisions->count; i++) {
        sp_autoroc struct sp_roc roc = { 0 };
        struct sp_confusion fitted;
        if (sp_folds(folds, table, divisions->folds, divisions->seed + i, err) < 0 ||
            sp_out_of_fold(scores, table, folds, divisions->folds, scorer, context, err) < 0 ||
            sp_roc_curve(&roc, scores, table->labels, NULL, count, err) < 0 ||
            sp_fitted_confusion(&fitted, scores, table->labels, folds, count, divisions->folds, err) < 0)
            return -1;
        struct sp_confusion best =
            sp_confusion_at(scores, table->labels, NULL, count, sp_best_f1_threshold(&roc));
        const struct sp_confusion *kept = keep(&roc);
        double precision = sp_precision(&fitted);
        add(&out->auc, sp_roc_area(&roc));
        add(&out->best_f1, sp_f1(&best));
        add(&out->f1, sp_f1(&fitted));
        add(&out->precision, isnan(precision) ? 0 : precision);
        add(&out->recall, sp_recall(&fitted));
        add(&out->kept_f1, sp_f1(kept));
        add(&out->kept_rate, sp_false_positive_rate(kept));
    }
    struct sp_figure_spread *all[] = { &out->auc,    &out->best_f1, &out->f1,       &out->precision,
                                       &out->recall, &out->kept_f1, &out->kept_rate };
    for (size_t i = 0; i < SP_COUNT(all); i++)
        end_sum(all[i], divisions->count);
    return 0;
}
