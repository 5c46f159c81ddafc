/* logistic.c: each feature becomes two columns: its standardised value (0 where missing), and whether it is
 * missing. A missing value thus has a weight of its own; where training never saw one, that weight is 0 and
 * it counts as the mean. The L2 penalty is lambda / 2 times the squared weights, the intercept's excepted. */
#include "model/logistic.h"
#include "model/trees.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define FEATURES_MAX 1000
#define LAMBDA_LEAST 1e-6 /* without any, separable rows have no optimum */
#define ROUNDS_MAX 60

struct fit {
    const struct sp_table *table;
    double lambda, scale_positive;
    size_t features, columns; /* columns: the intercept, then values, then missing marks */
    double *mean, *scale;     /* scale 0: the feature is constant */
    double *weights, *step, *gradient, *matrix, *trial;
    bool *held; /* at 0, by a monotone constraint or because the column is constant */
    /* the row at hand: its columns that are not 0 */
    size_t *place, filled;
    double *value;
};

static double
row_weight(const struct fit *fit, size_t row)
{
    double weight = fit->table->weights ? fit->table->weights[row] : 1;
    return fit->table->labels[row] > 0 ? weight * fit->scale_positive : weight;
}

static void
standardise(struct fit *fit)
{
    for (size_t j = 0; j < fit->features; j++) {
        double total = 0, sum = 0, spread = 0;
        for (size_t i = 0; i < fit->table->row_count; i++) {
            double value = (double)sp_table_row(fit->table, i)[j];
            double weight = row_weight(fit, i);
            if (isnan(value))
                continue;
            total += weight;
            sum += weight * value;
        }
        fit->mean[j] = total > 0 ? sum / total : 0;
        for (size_t i = 0; i < fit->table->row_count; i++) {
            double value = (double)sp_table_row(fit->table, i)[j];
            if (!isnan(value))
                spread += row_weight(fit, i) * (value - fit->mean[j]) * (value - fit->mean[j]);
        }
        double scale = total > 0 ? sqrt(spread / total) : 0;
        fit->scale[j] = scale > 1e-9 * fabs(fit->mean[j]) ? scale : 0;
        fit->held[1 + j] = fit->scale[j] == 0;
    }
}

static void
open_row(struct fit *fit, size_t row)
{
    const float *values = sp_table_row(fit->table, row);
    fit->place[0] = 0;
    fit->value[0] = 1;
    fit->filled = 1;
    for (size_t j = 0; j < fit->features; j++) {
        bool missing = isnan(values[j]);
        size_t column = missing ? 1 + fit->features + j : 1 + j;
        if (fit->held[column])
            continue;
        fit->place[fit->filled] = column;
        fit->value[fit->filled++] = missing ? 1 : ((double)values[j] - fit->mean[j]) / fit->scale[j];
    }
}

static double
row_margin(const struct fit *fit, const double *weights)
{
    double margin = 0;
    for (size_t k = 0; k < fit->filled; k++)
        margin += weights[fit->place[k]] * fit->value[k];
    return margin;
}

static double
loss_of(struct fit *fit, const double *weights)
{
    double loss = 0;
    for (size_t i = 0; i < fit->table->row_count; i++) {
        open_row(fit, i);
        double margin = row_margin(fit, weights);
        double signed_margin = fit->table->labels[i] > 0 ? margin : -margin;
        loss += row_weight(fit, i) *
                (signed_margin > 0 ? log1p(exp(-signed_margin)) : log1p(exp(signed_margin)) - signed_margin);
    }
    for (size_t j = 1; j < fit->columns; j++)
        loss += fit->lambda / 2 * weights[j] * weights[j];
    return loss;
}

static void
gather(struct fit *fit)
{
    size_t columns = fit->columns;
    memset(fit->gradient, 0, columns * sizeof(double));
    memset(fit->matrix, 0, columns * columns * sizeof(double));
    for (size_t i = 0; i < fit->table->row_count; i++) {
        open_row(fit, i);
        double weight = row_weight(fit, i), p = sp_sigmoid(row_margin(fit, fit->weights));
        double gap = weight * (p - (double)fit->table->labels[i]), bend = weight * p * (1 - p);
        for (size_t k = 0; k < fit->filled; k++) {
            fit->gradient[fit->place[k]] += gap * fit->value[k];
            /* the lower triangle: among a row's columns, places need not rise */
            for (size_t l = 0; l <= k; l++) {
                size_t a = fit->place[k], b = fit->place[l];
                fit->matrix[(a > b ? a : b) * columns + (a > b ? b : a)] +=
                    bend * fit->value[k] * fit->value[l];
            }
        }
    }
    for (size_t j = 0; j < columns; j++) {
        if (j > 0)
            fit->gradient[j] += fit->lambda * fit->weights[j];
        fit->matrix[j * columns + j] += j > 0 ? fit->lambda : 1e-12;
        if (fit->held[j]) {
            fit->gradient[j] = 0;
            fit->matrix[j * columns + j] = 1;
        }
    }
}

/* Solves matrix * step = -gradient by Cholesky, in place. */
static bool
solve(struct fit *fit)
{
    size_t n = fit->columns;
    double *a = fit->matrix, *x = fit->step;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j) {
                if (!(sum > 0))
                    return false;
                a[i * n + i] = sqrt(sum);
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        double sum = -fit->gradient[i];
        for (size_t k = 0; k < i; k++)
            sum -= a[i * n + k] * x[k];
        x[i] = sum / a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < n; k++)
            sum -= a[k * n + i] * x[k];
        x[i] = sum / a[i * n + i];
    }
    return true;
}

static int
descend(struct fit *fit, struct sp_error *err)
{
    double loss = loss_of(fit, fit->weights);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        gather(fit);
        double steepest = 0;
        for (size_t j = 0; j < fit->columns; j++)
            steepest = fmax(steepest, fabs(fit->gradient[j]));
        if (steepest < 1e-9 * (1 + (double)fit->table->row_count))
            return 0;
        if (!solve(fit))
            return sp_fail(err, SP_ERROR_INPUT,
                           "logistic regression: columns depend on each other; raise lambda");
        double length = 1, lower = loss;
        for (; length > 1e-8; length /= 2) {
            for (size_t j = 0; j < fit->columns; j++)
                fit->trial[j] = fit->weights[j] + length * fit->step[j];
            lower = loss_of(fit, fit->trial);
            if (lower <= loss)
                break;
        }
        if (length <= 1e-8)
            return 0; /* as low as rounding lets it get */
        memcpy(fit->weights, fit->trial, fit->columns * sizeof(double));
        if (loss - lower < 1e-13 * (1 + loss))
            return 0;
        loss = lower;
    }
    return 0;
}

/* Holds at 0 the weights that a constraint forbids; whether there were any. */
static bool
hold_forbidden(struct fit *fit, const int8_t *monotone)
{
    bool any = false;
    for (size_t j = 0; monotone && j < fit->features; j++) {
        if (monotone[j] * fit->weights[1 + j] < 0) {
            fit->held[1 + j] = any = true;
            fit->weights[1 + j] = 0;
        }
    }
    return any;
}

static int
hand_over(struct sp_model **out, const struct fit *fit, struct sp_error *err)
{
    sp_automodel struct sp_model *model = NULL;
    if (sp_model_new(&model, SP_MODEL_LOGISTIC, fit->table->names, fit->features, err) < 0)
        return -1;
    model->base = fit->weights[0];
    for (size_t j = 0; j < fit->features; j++) {
        struct sp_model_term *term = &model->terms[j];
        term->weight = fit->scale[j] > 0 ? fit->weights[1 + j] / fit->scale[j] : 0;
        term->centre = fit->mean[j];
        term->missing = fit->weights[1 + fit->features + j];
        if (!(fabs(term->weight) <= SP_MODEL_NUMBER_MAX && fabs(term->centre) <= SP_MODEL_NUMBER_MAX &&
              fabs(term->missing) <= SP_MODEL_NUMBER_MAX))
            return sp_fail(err, SP_ERROR_INPUT,
                           "logistic regression: rescale %s, its values are out of range",
                           fit->table->names[j]);
    }
    *out = sp_take(model);
    return 0;
}

int
sp_logistic_train(struct sp_model **out, const struct sp_table *table, const struct sp_train_params *params,
                  struct sp_error *err)
{
    if (table->feature_count > FEATURES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "logistic regression: %zu features; at most %d",
                       table->feature_count, FEATURES_MAX);
    size_t features = table->feature_count, columns = 2 * features + 1;
    sp_autofree double *numbers =
        sp_new_array(2 * features + 5 * columns + columns * columns, sizeof(double), err);
    sp_autofree size_t *places = sp_new_array(columns, sizeof(*places), err);
    sp_autofree bool *held = sp_new_array(columns, sizeof(*held), err);
    if (!numbers || !places || !held)
        return -1;
    struct fit fit = {
        .table = table,
        .lambda = fmax(params->lambda, LAMBDA_LEAST),
        .scale_positive = params->scale_pos_weight,
        .features = features,
        .columns = columns,
        .mean = numbers,
        .scale = numbers + features,
        .weights = numbers + 2 * features,
        .step = numbers + 2 * features + columns,
        .gradient = numbers + 2 * features + 2 * columns,
        .trial = numbers + 2 * features + 3 * columns,
        .value = numbers + 2 * features + 4 * columns,
        .matrix = numbers + 2 * features + 5 * columns,
        .place = places,
        .held = held,
    };
    standardise(&fit);
    do {
        if (descend(&fit, err) < 0)
            return -1;
    } while (hold_forbidden(&fit, params->monotone));
    return hand_over(out, &fit, err);
}
