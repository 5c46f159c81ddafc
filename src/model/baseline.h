/* baseline.h: what a table gives away without learning. A model is worth what it has over these. Both are
 * sp_scorers for sp_out_of_fold; their context is NULL. */
#pragma once
#include "model/validate.h"

/* The share of positives among the training rows that equal a row bit by bit (missing equals missing), or
 * among all where none does. */
sp_scorer sp_score_by_majority;

/* One feature and its direction, the one with the best ROC AUC in training; a missing value ranks below all
 * others or above them, whichever does better there. */
sp_scorer sp_score_by_best_feature;

/* What sp_score_by_best_feature would take: its number, its direction (1 or -1) and its ROC AUC. */
struct sp_best_feature {
    size_t feature;
    int direction;
    double auc;
    float fill; /* what missing counts as: an infinity of either sign */
};
int sp_best_feature(struct sp_best_feature *out, const struct sp_table *table, struct sp_error *err);

/* Distinct rows of TABLE by value, and how often a majority vote over them is right (the ceiling that no
 * model without further features can pass). */
struct sp_distinct {
    size_t rows;
    double majority_accuracy;
};
int sp_distinct_rows(struct sp_distinct *out, const struct sp_table *table, struct sp_error *err);
