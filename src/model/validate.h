/* validate.h: how a model does on rows that it did not see. Rows of a group (versions of a package, names
 * made from one target) never stand on both sides. */
#pragma once
#include "model/table.h"
#include "model/train.h"

/* Learns from TRAIN and gives each row of TEST a score: higher is more likely positive. */
typedef int sp_scorer(void *context, const struct sp_table *train, const struct sp_table *test,
                      double *scores, struct sp_error *err);

/* Gives each row its fold, 0 to FOLD_COUNT - 1. Groups stay whole; each fold's share of either label is kept
 * near even: groups, largest first (in seeded order where equal), go to the fold that has least of their
 * labels. Fails where there are fewer groups than folds. FOLDS: row_count numbers. */
int sp_folds(uint32_t *folds, const struct sp_table *table, uint32_t fold_count, uint64_t seed,
             struct sp_error *err);

/* For each fold: SCORER learns from the other folds and scores it. SCORES: row_count numbers. */
int sp_out_of_fold(double *scores, const struct sp_table *table, const uint32_t *folds, uint32_t fold_count,
                   sp_scorer *scorer, void *context, struct sp_error *err);

/* Trains with CONTEXT, a struct sp_train_params, and scores by margin. */
sp_scorer sp_score_by_model;
