/* cross_fit.h: models of behaviour that never judge a row, nor one of its group, that they have seen: what
 * training takes its thresholds from, and measuring its figures. */
#pragma once
#include "eval/behaviour_columns.h"
#include "eval/behaviour_table.h"
#include "model/model.h"
#include "model/train.h"

#define SP_CROSS_FOLDS_MAX 20

struct sp_cross_options {
    enum sp_model_kind kind; /* boosted or forest */
    uint32_t folds;
    uint64_t seed;
    bool choose;   /* choose depth and rounds within each training part; else the middle of the choices */
    bool progress; /* a line on standard error a fold */
};

/* One number a row of each, of a model, a calibration and thresholds that were fitted on other groups. */
struct sp_cross_fit {
    uint32_t fold_count;
    uint32_t *folds;
    double *margins;
    double *probabilities;
    struct sp_model_file models[SP_CROSS_FOLDS_MAX]; /* of each fold, not calibrated */
};
int sp_cross_fit(struct sp_cross_fit *out, const struct sp_columns *columns,
                 const struct sp_cross_options *options, struct sp_error *err);
void sp_cross_fit_free(struct sp_cross_fit *fit);
#define sp_autocrossfit __attribute__((cleanup(sp_cross_fit_free)))

/* Whether groups of both labels suffice for FOLDS folds; the error says what to do. */
int sp_cross_check(const struct sp_table *table, uint32_t folds, struct sp_error *err);

/* The parameters whose models are best out of fold within TABLE (by Brier score); MARGINS (row_count, may be
 * NULL) receives their margins. */
int sp_cross_choose(struct sp_train_params *params, double *margins, const struct sp_table *table,
                    const int8_t *monotone, const struct sp_cross_options *options, struct sp_error *err);

/* The model's own probability of a margin, without calibration. */
double sp_cross_link(enum sp_model_kind kind, double margin);

/* A probability to alarm at, and what it did to the honest packages that it was chosen on. */
struct sp_alarm_threshold {
    double value;
    size_t alarms, packages; /* honest */
    double upper;            /* Clopper-Pearson, 95 %, one-sided, of the share of alarms */
};
/* Chooses the lowest threshold at or above LEAST at which at most PER_1000 of 1,000 honest packages are
 * alarms (a package is one where any of its rows is; twins, which are made up to be hard, count only where
 * there are no others), half way (in log-odds) to the next row above. Only rows
 * for which USE is set count; USE may be NULL. */
int sp_alarm_threshold(struct sp_alarm_threshold *out, const double *probabilities,
                       const struct sp_behaviour_table *table, const bool *use, double per_1000, double least,
                       struct sp_error *err);

/* A block says "rather an attack than not"; a review at least "one in twenty". */
#define SP_BLOCK_LEAST 0.5
#define SP_REVIEW_LEAST 0.05
