/* calibration.h: turns a model's margin into a probability that can be believed.
 * Source: Platt 1999 with the targets of Lin, Lin and Weng 2007; isotonic regression by
 * pool-adjacent-violators (Ayer et al. 1955), read between its knots by straight lines. Both are monotone:
 * they never reorder two rows. */
#pragma once
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define SP_KNOTS_MAX 256

enum sp_calibration_kind {
    SP_CALIBRATION_NONE, /* the model's own link */
    SP_CALIBRATION_PLATT,
    SP_CALIBRATION_ISOTONIC,
};

struct sp_knot {
    double margin, probability;
};

/* Owns nothing; may be copied. */
struct sp_calibration {
    enum sp_calibration_kind kind;
    double slope, intercept; /* Platt: 1 / (1 + exp(-(slope * margin + intercept))), slope at least 0 */
    size_t knot_count;       /* isotonic: 1 to SP_KNOTS_MAX, margins rising, probabilities never falling */
    struct sp_knot knots[SP_KNOTS_MAX];
};

const char *sp_calibration_name(enum sp_calibration_kind kind);

/* 1 / (1 + exp(-MARGIN)). */
double sp_sigmoid(double margin);
/* The inverse; PROBABILITY is held within 1e-15 of the ends. */
double sp_logit(double probability);

/* Isotonic regression in place: VALUES becomes the non-falling sequence that is nearest in weighted squares.
 * WEIGHTS may be NULL (all 1). */
int sp_pava(double *values, const double *weights, size_t count, struct sp_error *err);

/* Fits KIND on COUNT margins that the model did not see in training (out-of-fold) and their labels (0 or 1).
 * WEIGHTS may be NULL. Equal margins are pooled first. Isotonic probabilities are held within
 * [1 / (W + 2), (W + 1) / (W + 2)] for a total weight W: a table never claims more certainty than it has
 * rows. At most SP_KNOTS_MAX knots are kept, those that bend the line least are dropped. Fails where the
 * margins are not finite or there are fewer than two classes. */
int sp_calibration_fit(struct sp_calibration *out, enum sp_calibration_kind kind, const double *margins,
                       const float *labels, const float *weights, size_t count, struct sp_error *err);

/* MARGIN's probability; with SP_CALIBRATION_NONE its sigmoid. Never not-a-number for a MARGIN that is a
 * number. */
double sp_calibration_apply(const struct sp_calibration *calibration, double margin);
/* The straight lines between COUNT (at least 1) knots, flat beyond the ends. */
double sp_knots_read(const struct sp_knot *knots, size_t count, double margin);
