/* ensemble.h: several models that speak as one: the mean of their log-odds. What one split or one seed makes
 * of few rows is luck; the mean of some has less of it. */
#pragma once
#include "model/validate.h"

#include <stdbool.h>

struct sp_ensemble {
    const struct sp_train_params *members; /* borrowed */
    size_t count;
    bool ranked; /* a member speaks by the share of its training rows that score lower, so that folds, whose
                    models have other scales, can be compared; for models too small to learn rows by heart */
    unsigned seeds; /* each member is trained so many times; a logistic model, which has no luck, once */
};
/* An sp_scorer whose context is a struct sp_ensemble. */
sp_scorer sp_score_by_ensemble;

/* How a scorer does out of fold over several divisions into folds, one after another from SEED: means and
 * standard deviations. */
struct sp_division_figures {
    struct sp_figure_spread {
        double mean, deviation;
    } auc, best_f1,            /* best threshold of all, chosen on the rows themselves */
        f1, precision, recall, /* each fold at the threshold that is best on the others */
        kept_f1, kept_rate;    /* at the threshold that keeps SP_KEPT_RECALL: F1 and false-positive rate */
};
#define SP_KEPT_RECALL 0.9
struct sp_divisions {
    unsigned folds, count;
    uint64_t seed;
};
int sp_division_figures(struct sp_division_figures *out, const struct sp_table *table,
                        const struct sp_divisions *divisions, sp_scorer *scorer, void *context,
                        struct sp_error *err);
