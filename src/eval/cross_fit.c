#include "eval/cross_fit.h"
#include "model/calibration.h"
#include "model/metrics.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

#define INNER_FOLDS 3

double
sp_cross_link(enum sp_model_kind kind, double margin)
{
    if (kind == SP_MODEL_BOOSTED || kind == SP_MODEL_LOGISTIC)
        return sp_sigmoid(margin);
    return margin < 0 ? 0 : margin > 1 ? 1 : margin;
}

/* How many groups hold rows of LABEL. */
static int
count_groups(size_t *out, const struct sp_table *table, int label, struct sp_error *err)
{
    /* groups are numbered by a row of theirs */
    sp_autofree bool *seen = sp_new_array(table->row_count, sizeof(*seen), err);
    if (!seen)
        return -1;
    *out = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        uint32_t group = table->groups[i];
        if ((table->labels[i] > 0) != label || seen[group])
            continue;
        seen[group] = true;
        ++*out;
    }
    return 0;
}

int
sp_cross_check(const struct sp_table *table, uint32_t folds, struct sp_error *err)
{
    for (int label = 0; label < 2; label++) {
        size_t groups;
        if (count_groups(&groups, table, label, err) < 0)
            return -1;
        if (groups < folds)
            return sp_fail(
                err, SP_ERROR_INPUT,
                "%zu groups of %s rows cannot fill %u parts: rows that share a technique, a family or "
                "a package are one group; add others",
                groups, label ? "attack" : "honest", folds);
    }
    return 0;
}

struct choice {
    unsigned depth, rounds;
};
/* the middle one is taken where nothing is chosen */
static const struct choice boosted_choices[] = { { 3, 200 }, { 4, 150 }, { 6, 100 } };
static const struct choice forest_choices[] = { { 8, 200 }, { 12, 200 }, { 16, 200 } };

static struct sp_train_params
params_of(const struct sp_cross_options *options, const int8_t *monotone, size_t which)
{
    struct sp_train_params params = sp_train_defaults(options->kind);
    const struct choice *choice =
        options->kind == SP_MODEL_FOREST ? &forest_choices[which] : &boosted_choices[which];
    params.depth = choice->depth;
    params.rounds = choice->rounds;
    if (options->kind == SP_MODEL_BOOSTED) {
        params.colsample = 0.5;
        params.lambda = 2;
    }
    params.monotone = monotone;
    params.seed = options->seed;
    return params;
}

int
sp_cross_choose(struct sp_train_params *params, double *margins, const struct sp_table *table,
                const int8_t *monotone, const struct sp_cross_options *options, struct sp_error *err)
{
    size_t rows = table->row_count;
    sp_autofree uint32_t *folds = sp_new_array(rows, sizeof(*folds), err);
    sp_autofree double *tried = sp_new_array(rows, sizeof(*tried), err);
    sp_autofree double *shares = sp_new_array(rows, sizeof(*shares), err);
    if (!folds || !tried || !shares || sp_folds(folds, table, INNER_FOLDS, options->seed + 7, err) < 0)
        return -1;
    double best = INFINITY;
    for (size_t which = options->choose ? 0 : 1; which < (options->choose ? 3 : 2); which++) {
        struct sp_train_params trial = params_of(options, monotone, which);
        if (sp_out_of_fold(tried, table, folds, INNER_FOLDS, sp_score_by_model, &trial, err) < 0)
            return -1;
        for (size_t i = 0; i < rows; i++)
            shares[i] = sp_cross_link(options->kind, tried[i]);
        double brier = sp_brier(shares, table->labels, table->weights, rows);
        if (!(brier < best))
            continue;
        best = brier;
        *params = trial;
        if (margins)
            memcpy(margins, tried, rows * sizeof(*margins));
    }
    return 0;
}

/* Fits on the rows outside FOLD, calibrates within them, and judges those inside. */
static int
fit_fold(struct sp_cross_fit *fit, const struct sp_columns *columns, uint32_t fold,
         const struct sp_cross_options *options, struct sp_error *err)
{
    const struct sp_table *table = &columns->table;
    sp_autofree size_t *rows = sp_new_array(table->row_count, sizeof(*rows), err);
    sp_autofree double *margins = sp_new_array(table->row_count, sizeof(*margins), err);
    sp_autotable struct sp_table train = { 0 };
    size_t count = 0;
    if (!rows || !margins)
        return -1;
    for (size_t i = 0; i < table->row_count; i++)
        if (fit->folds[i] != fold)
            rows[count++] = i;
    struct sp_train_params params;
    struct sp_calibration calibration;
    sp_automodel struct sp_model *model = NULL;
    if (sp_table_pick(&train, table, rows, count, err) < 0 ||
        sp_cross_choose(&params, margins, &train, columns->monotone, options, err) < 0 ||
        sp_calibration_fit(&calibration, SP_CALIBRATION_PLATT, margins, train.labels, train.weights, count,
                           err) < 0 ||
        sp_train(&model, &train, &params, err) < 0 || sp_model_use(&fit->models[fold], model, err) < 0)
        return -1;
    for (size_t i = 0; i < table->row_count; i++) {
        if (fit->folds[i] != fold)
            continue;
        fit->margins[i] = sp_model_margin(&fit->models[fold].view, sp_table_row(table, i));
        fit->probabilities[i] = sp_calibration_apply(&calibration, fit->margins[i]);
    }
    return 0;
}

int
sp_cross_fit(struct sp_cross_fit *out, const struct sp_columns *columns,
             const struct sp_cross_options *options, struct sp_error *err)
{
    const struct sp_table *table = &columns->table;
    sp_autocrossfit struct sp_cross_fit fit = { .fold_count = options->folds };
    if (options->folds < 2 || options->folds > SP_CROSS_FOLDS_MAX)
        return sp_fail(err, SP_ERROR_USAGE, "%u parts; 2 to %d are allowed", options->folds,
                       SP_CROSS_FOLDS_MAX);
    /* each training part is divided once more */
    if (sp_cross_check(table, options->folds > INNER_FOLDS ? options->folds : INNER_FOLDS + 1, err) < 0)
        return -1;
    fit.folds = sp_new_array(table->row_count, sizeof(*fit.folds), err);
    fit.margins = sp_new_array(table->row_count, sizeof(*fit.margins), err);
    fit.probabilities = sp_new_array(table->row_count, sizeof(*fit.probabilities), err);
    if (!fit.folds || !fit.margins || !fit.probabilities ||
        sp_folds(fit.folds, table, options->folds, options->seed, err) < 0)
        return -1;
    for (uint32_t fold = 0; fold < options->folds; fold++) {
        if (options->progress)
            fprintf(stderr, "behaviour: part %u of %u\n", fold + 1, options->folds);
        if (fit_fold(&fit, columns, fold, options, err) < 0)
            return sp_fail_within(err, "part %u", fold + 1);
    }
    *out = fit;
    fit = (struct sp_cross_fit){ 0 };
    return 0;
}

void
sp_cross_fit_free(struct sp_cross_fit *fit)
{
    for (uint32_t i = 0; i < fit->fold_count; i++)
        sp_model_file_free(&fit->models[i]);
    free(fit->folds);
    free(fit->margins);
    free(fit->probabilities);
    *fit = (struct sp_cross_fit){ 0 };
}

/* -------------------------------------------------------- thresholds */

static int
by_falling(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* Whether there are honest packages that nobody made up. */
static bool
has_real(const struct sp_behaviour_table *table, const bool *use)
{
    for (size_t i = 0; i < table->table.row_count; i++)
        if ((!use || use[i]) && !table->rows[i].attack && !table->rows[i].twin)
            return true;
    return false;
}

int
sp_alarm_threshold(struct sp_alarm_threshold *out, const double *probabilities,
                   const struct sp_behaviour_table *table, const bool *use, double per_1000, double least,
                   struct sp_error *err)
{
    sp_autofree double *highest = sp_new_array(table->package_count, sizeof(*highest), err);
    if (!highest)
        return -1;
    for (size_t i = 0; i < table->package_count; i++)
        highest[i] = -1;
    size_t rows = table->table.row_count, packages = 0;
    bool twins = !has_real(table, use);
    for (size_t i = 0; i < rows; i++)
        if ((!use || use[i]) && !table->rows[i].attack && (twins || !table->rows[i].twin))
            highest[table->rows[i].package] = fmax(highest[table->rows[i].package], probabilities[i]);
    qsort(highest, table->package_count, sizeof(*highest), by_falling);
    while (packages < table->package_count && highest[packages] >= 0)
        packages++;
    if (packages == 0)
        return sp_fail(err, SP_ERROR_INPUT, "no honest package to choose a threshold on");
    size_t allowed = (size_t)floor((double)packages * per_1000 / 1000 + 1e-9);
    double quiet = allowed < packages ? highest[allowed] : 0, next = 1;
    for (size_t i = 0; i < rows; i++)
        if ((!use || use[i]) && probabilities[i] > quiet && probabilities[i] < next)
            next = probabilities[i];
    double value = sp_sigmoid((sp_logit(quiet) + sp_logit(next)) / 2);
    if (!(value > quiet && value <= next))
        value = next;
    value = fmax(value, least);
    *out = (struct sp_alarm_threshold){ .value = value, .packages = packages };
    for (size_t i = 0; i < packages; i++)
        out->alarms += highest[i] >= value;
    out->upper = sp_binomial_upper(out->alarms, packages, 0.95);
    return 0;
}
