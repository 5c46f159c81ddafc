#include "model/calibration.h"
#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *
sp_calibration_name(enum sp_calibration_kind kind)
{
    static const char *const names[] = { "none", "platt", "isotonic" };
    return names[kind];
}

double
sp_sigmoid(double margin)
{
    return 1.0 / (1.0 + exp(-margin));
}

double
sp_logit(double probability)
{
    double held = fmin(fmax(probability, 1e-15), 1 - 1e-15);
    return log(held / (1 - held));
}

struct block {
    double value, weight;
    size_t count;
};

int
sp_pava(double *values, const double *weights, size_t count, struct sp_error *err)
{
    sp_autofree struct block *blocks = sp_new_array(count, sizeof(*blocks), err);
    if (!blocks)
        return -1;
    size_t top = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[top++] = (struct block){ values[i], weights ? weights[i] : 1, 1 };
        while (top > 1 && blocks[top - 2].value >= blocks[top - 1].value) {
            struct block *left = &blocks[top - 2], *right = &blocks[top - 1];
            double weight = left->weight + right->weight;
            if (weight > 0)
                left->value = (left->value * left->weight + right->value * right->weight) / weight;
            left->weight = weight;
            left->count += right->count;
            top--;
        }
    }
    for (size_t i = 0, at = 0; i < top; i++) {
        for (size_t j = 0; j < blocks[i].count; j++)
            values[at++] = blocks[i].value;
    }
    return 0;
}

/* A margin that was seen, with all its rows. */
struct seen {
    double margin, weight, positive;
};

static int
by_margin(const void *a, const void *b)
{
    double left = ((const struct seen *)a)->margin, right = ((const struct seen *)b)->margin;
    return (left > right) - (left < right);
}

/* Sorts, pools equal margins, and leaves out rows without weight. */
static int
gather(struct seen **out, size_t *out_count, const double *margins, const float *labels, const float *weights,
       size_t count, struct sp_error *err)
{
    sp_autofree struct seen *rows = sp_new_array(count, sizeof(*rows), err);
    if (!rows)
        return -1;
    size_t used = 0;
    double positive = 0, total = 0;
    for (size_t i = 0; i < count; i++) {
        double weight = weights ? weights[i] : 1;
        if (!(fabs(margins[i]) <= 1e30))
            return sp_fail(err, SP_ERROR_INPUT, "row %zu: cannot calibrate on margin %g", i, margins[i]);
        if (weight <= 0)
            continue;
        rows[used++] = (struct seen){ margins[i], weight, weight * labels[i] };
        total += weight;
        positive += weight * labels[i];
    }
    if (positive <= 0 || positive >= total)
        return sp_fail(err, SP_ERROR_INPUT, "cannot calibrate on rows of one class; give both");
    qsort(rows, used, sizeof(*rows), by_margin);
    size_t kept = 0;
    for (size_t i = 1; i < used; i++) {
        if (rows[i].margin == rows[kept].margin) {
            rows[kept].weight += rows[i].weight;
            rows[kept].positive += rows[i].positive;
        } else {
            rows[++kept] = rows[i];
        }
    }
    *out_count = kept + 1;
    *out = sp_take(rows);
    return 0;
}

/* Newton's method with halved steps on two parameters (Lin, Lin and Weng 2007). */

static double
platt_loss(const struct seen *rows, size_t count, const double target[2], double slope, double intercept)
{
    double loss = 0;
    for (size_t i = 0; i < count; i++) {
        double margin = slope * rows[i].margin + intercept;
        double soft = margin > 0 ? margin + log1p(exp(-margin)) : log1p(exp(margin)); /* -log(1 - p) */
        double goal = rows[i].positive * target[1] + (rows[i].weight - rows[i].positive) * target[0];
        loss += rows[i].weight * soft - goal * margin;
    }
    return loss;
}

static void
fit_platt(struct sp_calibration *out, const struct seen *rows, size_t count)
{
    double positive = 0, negative = 0, mean = 0, spread = 0;
    for (size_t i = 0; i < count; i++) {
        positive += rows[i].positive;
        negative += rows[i].weight - rows[i].positive;
        mean += rows[i].weight * rows[i].margin;
    }
    mean /= positive + negative;
    for (size_t i = 0; i < count; i++)
        spread += rows[i].weight * (rows[i].margin - mean) * (rows[i].margin - mean);
    spread = sqrt(spread / (positive + negative));
    double target[2] = { 1 / (negative + 2), (positive + 1) / (positive + 2) };
    double slope = 0, intercept = log((positive + 1) / (negative + 1));
    double loss = platt_loss(rows, count, target, slope, intercept);
    for (int round = 0; round < 100 && spread > 0; round++) {
        double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
        for (size_t i = 0; i < count; i++) {
            double x = rows[i].margin, p = sp_sigmoid(slope * x + intercept);
            double goal = rows[i].positive * target[1] + (rows[i].weight - rows[i].positive) * target[0];
            double gap = rows[i].weight * p - goal, bend = rows[i].weight * p * (1 - p);
            g0 += gap * x;
            g1 += gap;
            h00 += bend * x * x;
            h01 += bend * x;
            h11 += bend;
        }
        h00 += 1e-12 * (1 + spread * spread);
        h11 += 1e-12;
        double determinant = h00 * h11 - h01 * h01;
        if (!(determinant > 0) || fabs(g0) + fabs(g1) < 1e-10)
            break;
        double d0 = -(h11 * g0 - h01 * g1) / determinant, d1 = -(h00 * g1 - h01 * g0) / determinant;
        double step = 1, fallen = 0;
        for (; step > 1e-10; step /= 2) {
            double lower = platt_loss(rows, count, target, slope + step * d0, intercept + step * d1);
            fallen = loss - lower;
            if (fallen >= -1e-4 * step * (g0 * d0 + g1 * d1)) {
                loss = lower;
                break;
            }
        }
        if (step <= 1e-10)
            break;
        slope += step * d0;
        intercept += step * d1;
        if (fallen < 1e-13 * (1 + fabs(loss)))
            break;
    }
    /* a model that is worse than chance is not turned round: it says the base rate */
    if (slope < 0) {
        slope = 0;
        intercept = log((positive + 1) / (negative + 1));
    }
    out->slope = slope;
    out->intercept = intercept;
}

/* Drops inner knots until SP_KNOTS_MAX are left, each time the one nearest to the line of its neighbours. */
static void
thin_knots(struct sp_knot *knots, size_t *count)
{
    while (*count > SP_KNOTS_MAX) {
        size_t least = 1;
        double least_bend = INFINITY;
        for (size_t i = 1; i + 1 < *count; i++) {
            struct sp_knot ends[2] = { knots[i - 1], knots[i + 1] };
            double bend = fabs(knots[i].probability - sp_knots_read(ends, 2, knots[i].margin));
            if (bend < least_bend) {
                least_bend = bend;
                least = i;
            }
        }
        memmove(&knots[least], &knots[least + 1], (*count - least - 1) * sizeof(*knots));
        --*count;
    }
}

static int
fit_isotonic(struct sp_calibration *out, const struct seen *rows, size_t count, struct sp_error *err)
{
    sp_autofree double *values = sp_new_array(count, sizeof(*values), err);
    sp_autofree double *weights = sp_new_array(count, sizeof(*weights), err);
    sp_autofree struct sp_knot *knots = sp_new_array(count, sizeof(*knots), err);
    if (!values || !weights || !knots)
        return -1;
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = rows[i].positive / rows[i].weight;
        weights[i] = rows[i].weight;
        total += rows[i].weight;
    }
    if (sp_pava(values, weights, count, err) < 0)
        return -1;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool inner = i > 0 && i + 1 < count && values[i] == values[i - 1] && values[i] == values[i + 1];
        if (!inner)
            knots[kept++] = (struct sp_knot){
                rows[i].margin,
                fmin(fmax(values[i], 1 / (total + 2)), (total + 1) / (total + 2)),
            };
    }
    thin_knots(knots, &kept);
    memcpy(out->knots, knots, kept * sizeof(*knots));
    out->knot_count = kept;
    return 0;
}

int
sp_calibration_fit(struct sp_calibration *out, enum sp_calibration_kind kind, const double *margins,
                   const float *labels, const float *weights, size_t count, struct sp_error *err)
{
    memset(out, 0, sizeof(*out));
    if (kind == SP_CALIBRATION_NONE)
        return 0;
    sp_autofree struct seen *rows = NULL;
    size_t row_count = 0;
    if (gather(&rows, &row_count, margins, labels, weights, count, err) < 0)
        return -1;
    if (kind == SP_CALIBRATION_ISOTONIC && fit_isotonic(out, rows, row_count, err) < 0)
        return -1;
    if (kind == SP_CALIBRATION_PLATT)
        fit_platt(out, rows, row_count);
    out->kind = kind;
    return 0;
}

double
sp_knots_read(const struct sp_knot *knots, size_t count, double margin)
{
    if (margin <= knots[0].margin)
        return knots[0].probability;
    size_t low = 0, high = count; /* knots[low].margin < margin */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (knots[middle].margin < margin)
            low = middle;
        else
            high = middle;
    }
    if (high == count)
        return knots[count - 1].probability;
    const struct sp_knot *left = &knots[low], *right = &knots[high];
    double share = (margin - left->margin) / (right->margin - left->margin);
    double read = left->probability + share * (right->probability - left->probability);
    /* rounding must not make the line overshoot: it would no longer be monotone */
    return read > right->probability ? right->probability : read;
}

double
sp_calibration_apply(const struct sp_calibration *calibration, double margin)
{
    if (calibration->kind == SP_CALIBRATION_ISOTONIC)
        return sp_knots_read(calibration->knots, calibration->knot_count, margin);
    if (calibration->kind == SP_CALIBRATION_PLATT)
        return sp_sigmoid(calibration->slope * margin + calibration->intercept);
    return sp_sigmoid(margin);
}
