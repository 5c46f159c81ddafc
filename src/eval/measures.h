/* measures.h: the six figures of DySec's tables, for the models of those tables and for what a table gives
 * away without learning. */
#pragma once
#include "model/table.h"

#include <stdint.h>

struct sp_measures {
    double accuracy, precision, recall, f1, auc, kappa;
};
/* A score at or above CUT is positive. */
int sp_measure(struct sp_measures *out, const double *scores, const float *labels, size_t count, double cut,
               struct sp_error *err);

enum sp_method {
    SP_METHOD_FOREST,
    SP_METHOD_TREE,
    SP_METHOD_BOOSTED,
    SP_METHOD_LOGISTIC, /* on log(1 + x), as counts have long tails; at most 256 columns, chosen in training
                         */
    SP_METHOD_BEST_FEATURE, /* one feature, its direction and cut from training */
    SP_METHOD_MAJORITY,     /* the vote of equal rows */
    SP_METHODS,
};
const char *sp_method_title(enum sp_method method);
/* How QUT-DV25's table of results calls it; NULL: it has none such. */
const char *sp_method_published(enum sp_method method);

/* MONOTONE (one a feature, or NULL) holds for boosted trees only: the published models know none. */
struct sp_method_options {
    enum sp_method method;
    const int8_t *monotone;
    uint64_t seed;
    unsigned forest_trees; /* 0: 200 */
};

/* What METHOD, fitted on TRAIN, says of the rows of TEST: shares within [0, 1] in one number a row, of which
 * 0.5 and more is positive. */
int sp_method_score(const struct sp_method_options *options, const struct sp_table *train,
                    const struct sp_table *test, double *scores, struct sp_error *err);
/* The same out of fold, over all of TABLE. */
int sp_method_out_of_fold(double *scores, const struct sp_method_options *options,
                          const struct sp_table *table, const uint32_t *folds, uint32_t fold_count,
                          struct sp_error *err);
