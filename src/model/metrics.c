#include "model/metrics.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static double
weight_of(const float *weights, size_t row)
{
    return weights ? (double)weights[row] : 1;
}

static double
ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

struct sp_confusion
sp_confusion_at(const double *scores, const float *labels, const float *weights, size_t count,
                double threshold)
{
    struct sp_confusion confusion = { 0 };
    for (size_t i = 0; i < count; i++) {
        double weight = weight_of(weights, i);
        if (scores[i] >= threshold)
            *(labels[i] > 0 ? &confusion.true_positive : &confusion.false_positive) += weight;
        else
            *(labels[i] > 0 ? &confusion.false_negative : &confusion.true_negative) += weight;
    }
    return confusion;
}

double
sp_precision(const struct sp_confusion *confusion)
{
    return ratio(confusion->true_positive, confusion->true_positive + confusion->false_positive);
}

double
sp_recall(const struct sp_confusion *confusion)
{
    return ratio(confusion->true_positive, confusion->true_positive + confusion->false_negative);
}

double
sp_f1(const struct sp_confusion *confusion)
{
    double twice = 2 * confusion->true_positive;
    return ratio(twice, twice + confusion->false_positive + confusion->false_negative);
}

static double
total(const struct sp_confusion *confusion)
{
    return confusion->true_positive + confusion->false_positive + confusion->true_negative +
           confusion->false_negative;
}

double
sp_accuracy(const struct sp_confusion *confusion)
{
    return ratio(confusion->true_positive + confusion->true_negative, total(confusion));
}

double
sp_false_positive_rate(const struct sp_confusion *confusion)
{
    return ratio(confusion->false_positive, confusion->false_positive + confusion->true_negative);
}

double
sp_kappa(const struct sp_confusion *confusion)
{
    double all = total(confusion);
    double called = confusion->true_positive + confusion->false_positive;
    double are = confusion->true_positive + confusion->false_negative;
    double agreed = confusion->true_positive + confusion->true_negative;
    /* times all squared, so that whole counts stay exact */
    double chance = called * are + (all - called) * (all - are);
    return ratio(agreed * all - chance, all * all - chance);
}

struct scored {
    double score, positive, negative;
};

static int
by_score_falling(const void *a, const void *b)
{
    double left = ((const struct scored *)a)->score, right = ((const struct scored *)b)->score;
    return (left < right) - (left > right);
}

int
sp_roc_curve(struct sp_roc *out, const double *scores, const float *labels, const float *weights,
             size_t count, struct sp_error *err)
{
    *out = (struct sp_roc){ 0 };
    sp_autofree struct scored *rows = sp_new_array(count, sizeof(*rows), err);
    sp_autofree struct sp_roc_point *points = sp_new_array(count + 1, sizeof(*points), err);
    if (!rows || !points)
        return -1;
    double positive = 0, negative = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(scores[i]))
            return sp_fail(err, SP_ERROR_INPUT, "row %zu: its score is not a number", i);
        double weight = weight_of(weights, i);
        rows[i] = (struct scored){ scores[i], labels[i] > 0 ? weight : 0, labels[i] > 0 ? 0 : weight };
        positive += rows[i].positive;
        negative += rows[i].negative;
    }
    qsort(rows, count, sizeof(*rows), by_score_falling);
    size_t last = 0;
    struct sp_confusion confusion = { .true_negative = negative, .false_negative = positive };
    points[0] = (struct sp_roc_point){ INFINITY, ratio(0, negative), ratio(0, positive), confusion };
    for (size_t i = 0; i < count; i++) {
        confusion.true_positive += rows[i].positive;
        confusion.false_positive += rows[i].negative;
        confusion.true_negative = fmax(negative - confusion.false_positive, 0);
        confusion.false_negative = fmax(positive - confusion.true_positive, 0);
        if (i == 0 || rows[i].score != rows[i - 1].score)
            last++;
        points[last] = (struct sp_roc_point){ rows[i].score, ratio(confusion.false_positive, negative),
                                              ratio(confusion.true_positive, positive), confusion };
    }
    out->points = sp_take(points);
    out->count = last + 1;
    return 0;
}

void
sp_roc_free(struct sp_roc *roc)
{
    free(roc->points);
    *roc = (struct sp_roc){ 0 };
}

double
sp_roc_area(const struct sp_roc *roc)
{
    double area = 0;
    for (size_t i = 1; i < roc->count; i++) {
        const struct sp_confusion *from = &roc->points[i - 1].confusion, *to = &roc->points[i].confusion;
        area += (to->false_positive - from->false_positive) * (to->true_positive + from->true_positive) / 2;
    }
    const struct sp_confusion *none = &roc->points[0].confusion;
    return ratio(area, none->true_negative * none->false_negative);
}

double
sp_average_precision(const struct sp_roc *roc)
{
    double sum = 0;
    for (size_t i = 1; i < roc->count; i++) {
        const struct sp_confusion *from = &roc->points[i - 1].confusion, *to = &roc->points[i].confusion;
        double gained = to->true_positive - from->true_positive;
        if (gained > 0)
            sum += gained * sp_precision(to);
    }
    return ratio(sum, roc->points[0].confusion.false_negative);
}

double
sp_best_f1_threshold(const struct sp_roc *roc)
{
    double best = 0, threshold = NAN;
    for (size_t i = 1; i < roc->count; i++) {
        double f1 = sp_f1(&roc->points[i].confusion);
        if (f1 > best) {
            best = f1;
            threshold = roc->points[i].threshold;
        }
    }
    return threshold;
}

double
sp_threshold_for_rate(const struct sp_roc *roc, double limit)
{
    double threshold = NAN;
    for (size_t i = 0; i < roc->count && roc->points[i].false_positive_rate <= limit; i++)
        threshold = roc->points[i].threshold;
    return threshold;
}

int
sp_roc_auc(double *auc, const double *scores, const float *labels, const float *weights, size_t count,
           struct sp_error *err)
{
    sp_autoroc struct sp_roc roc;
    if (sp_roc_curve(&roc, scores, labels, weights, count, err) < 0)
        return -1;
    *auc = sp_roc_area(&roc);
    return 0;
}

double
sp_brier(const double *probabilities, const float *labels, const float *weights, size_t count)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < count; i++) {
        double gap = probabilities[i] - (double)labels[i], weight = weight_of(weights, i);
        sum += weight * gap * gap;
        all += weight;
    }
    return ratio(sum, all);
}

void
sp_calibration_bins(struct sp_calibration_bin *bins, size_t bin_count, const double *probabilities,
                    const float *labels, const float *weights, size_t count)
{
    for (size_t i = 0; i < bin_count; i++)
        bins[i] = (struct sp_calibration_bin){ .low = (double)i / (double)bin_count,
                                               .high = (double)(i + 1) / (double)bin_count };
    for (size_t i = 0; i < count; i++) {
        double place = floor(probabilities[i] * (double)bin_count), weight = weight_of(weights, i);
        if (!(place > 0))
            place = 0;
        size_t bin = place >= (double)bin_count ? bin_count - 1 : (size_t)place;
        bins[bin].weight += weight;
        bins[bin].predicted += weight * probabilities[i];
        bins[bin].observed += weight * (double)labels[i];
    }
    for (size_t i = 0; i < bin_count; i++) {
        bins[i].predicted = ratio(bins[i].predicted, bins[i].weight);
        bins[i].observed = ratio(bins[i].observed, bins[i].weight);
    }
}

double
sp_calibration_error(const struct sp_calibration_bin *bins, size_t bin_count)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < bin_count; i++) {
        if (bins[i].weight > 0)
            sum += bins[i].weight * fabs(bins[i].predicted - bins[i].observed);
        all += bins[i].weight;
    }
    return ratio(sum, all);
}

static int
by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double
sp_percentile(double *values, size_t count, double percent)
{
    if (count == 0 || !(percent >= 0 && percent <= 100))
        return NAN;
    qsort(values, count, sizeof(*values), by_value);
    double rank = ceil(percent / 100 * (double)count);
    size_t place = rank < 1 ? 0 : (size_t)rank - 1;
    return values[place < count ? place : count - 1];
}

/* The chance that at most COUNT of TRIALS happen, each with the chance SHARE. */
static double
binomial_at_most(size_t count, size_t trials, double share)
{
    if (share <= 0 || count >= trials)
        return 1;
    if (share >= 1)
        return 0;
    double sum = 0, odds = log(share) - log1p(-share), none = (double)trials * log1p(-share);
    double ways = 0; /* log of trials over i */
    for (size_t i = 0; i <= count; i++) {
        sum += exp(ways + none + (double)i * odds);
        ways += log((double)(trials - i)) - log((double)(i + 1));
    }
    return sum < 1 ? sum : 1;
}

double
sp_binomial_upper(size_t count, size_t trials, double confidence)
{
    if (count >= trials)
        return 1;
    double low = 0, high = 1;
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (binomial_at_most(count, trials, middle) > 1 - confidence)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double
sp_binomial_lower(size_t count, size_t trials, double confidence)
{
    if (count == 0 || trials == 0)
        return 0;
    return 1 - sp_binomial_upper(trials - count, trials, confidence);
}
