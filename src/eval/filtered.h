/* filtered.h: what the benignity filter does to the alarms by name, over labelled pairs whose metadata
 * somebody kept. */
#pragma once
#include "eval/figures.h"
#include "eval/pairs.h"
#include "metadata/signal.h"

struct sp_filtered_eval {
    const char *filter_path;        /* NULL: the one in the box */
    struct sp_risk_thresholds name; /* of the risk by name: the alarms before the filter */
    const double *risks;            /* of each pair, by name; borrowed */
    /* Reads the signals of a pair into OUT, which is zeroed: 0: something is known; 1: no metadata; -1: an
     * error, which ends all. Not called for pairs below the risk from which the filter looks. */
    int (*read)(void *context, const struct sp_labelled_pair *pair,
                struct sp_signal_seen out[SP_SIGNAL_COUNT]);
    void *context;
};
/* Fills FIGURES with the tables "filtered" (all pairs, by data set, by ecosystem; by name alone and by the
 * filter), "filtered_signals" (each signal where it is known) and "filtered_time" (of judging, and of
 * reading, which includes what READ does). Active attacks whose package is held or gone are judged by what
 * the registry says of them today: count them apart, they are no test of anything but the floor. */
int sp_eval_filtered(struct sp_figures *figures, const struct sp_filtered_eval *options,
                     const struct sp_pairs *pairs, struct sp_error *err);
