/* metrics.h: how good scores are. A row is called positive where its score is at or above the threshold.
 * Labels are 0 or 1; WEIGHTS may be NULL (all 1). A ratio whose denominator is 0 is not-a-number: print it as
 * "n/a". Scores must be numbers; infinities are fine. */
#pragma once
#include "base/error.h"

#include <stddef.h>

/* Sums of weights: plain counts where there are none. */
struct sp_confusion {
    double true_positive, false_positive, true_negative, false_negative;
};
struct sp_confusion sp_confusion_at(const double *scores, const float *labels, const float *weights,
                                    size_t count, double threshold);
double sp_precision(const struct sp_confusion *confusion);
double sp_recall(const struct sp_confusion *confusion); /* the true-positive rate */
double sp_f1(const struct sp_confusion *confusion);
double sp_accuracy(const struct sp_confusion *confusion);
double sp_false_positive_rate(const struct sp_confusion *confusion);
/* Cohen's kappa: agreement beyond chance. */
double sp_kappa(const struct sp_confusion *confusion);

/* The curve's corners from (0, 0), whose threshold is infinite, to (1, 1); equal scores are one step. */
struct sp_roc_point {
    double threshold, false_positive_rate, true_positive_rate;
    struct sp_confusion confusion;
};
struct sp_roc {
    struct sp_roc_point *points; /* owned; thresholds fall */
    size_t count;
};
int sp_roc_curve(struct sp_roc *out, const double *scores, const float *labels, const float *weights,
                 size_t count, struct sp_error *err);
void sp_roc_free(struct sp_roc *roc);
#define sp_autoroc __attribute__((cleanup(sp_roc_free)))

/* The area under the curve: the chance that a positive scores above a negative, ties counted half. */
double sp_roc_area(const struct sp_roc *roc);
/* Average precision: precision at each step, weighted by the recall it adds. */
double sp_average_precision(const struct sp_roc *roc);
/* The threshold of the best F1; of equal ones the highest. Not-a-number without positives. */
double sp_best_f1_threshold(const struct sp_roc *roc);
/* The lowest threshold whose false-positive rate is at most LIMIT: a score that was seen, or infinity where
 * even the highest score is too much. Not-a-number without negatives. */
double sp_threshold_for_rate(const struct sp_roc *roc, double limit);

/* sp_roc_curve and sp_roc_area in one. */
int sp_roc_auc(double *auc, const double *scores, const float *labels, const float *weights, size_t count,
               struct sp_error *err);

/* The mean squared distance of PROBABILITIES from the labels. */
double sp_brier(const double *probabilities, const float *labels, const float *weights, size_t count);

/* Bins of equal width over [0, 1]; the last holds 1 itself. */
struct sp_calibration_bin {
    double low, high, weight;
    double predicted, observed; /* weighted means; not-a-number in an empty bin */
};
void sp_calibration_bins(struct sp_calibration_bin *bins, size_t bin_count, const double *probabilities,
                         const float *labels, const float *weights, size_t count);
/* The weighted mean distance between predicted and observed over the bins. */
double sp_calibration_error(const struct sp_calibration_bin *bins, size_t bin_count);

/* Clopper and Pearson's exact bounds (Biometrika 1934), one-sided: with CONFIDENCE (0.95) the true share of
 * what happened COUNT times in TRIALS is at most the upper, at least the lower bound. Without trials 1 and 0.
 */
double sp_binomial_upper(size_t count, size_t trials, double confidence);
double sp_binomial_lower(size_t count, size_t trials, double confidence);

/* The PERCENT-th percentile by nearest rank: a value that was seen. Sorts VALUES. Not-a-number for none. */
double sp_percentile(double *values, size_t count, double percent);
