/* filter_train.h: fits the benignity filter (metadata/filter.h) on labelled pairs and what was known of them.
 * Signals that the rows cannot speak of get weights by hand, each with its reason. docs/benignity.md. */
#pragma once
#include "eval/signal_rows.h"
#include "model/model.h"
#include "name/search.h"

/* The weight of a signal where the rows cannot give one. */
struct sp_filter_prior {
    enum sp_signal_id signal;
    double weight; /* in log-odds, added where the signal is yes; its sign is the signal's lean */
    const char *reason;
};
extern const struct sp_filter_prior sp_filter_priors[SP_SIGNAL_COUNT]; /* in the order of the signals */

struct sp_filter_training {
    const char *signals_path; /* see signal_rows.h */
    const char *model_path;   /* written; NULL: not */
    const char *command;      /* written into the model; may be NULL */
    unsigned folds;
    uint64_t seed;
    struct sp_risk_thresholds name; /* of the risk by name: what alarms where nothing else is known */
    double look;                    /* the risk by name below which nothing is looked up */
    /* The risk of a pair by a model that has not seen it; not-a-number: there is none. */
    double (*name_risk)(const void *context, const struct sp_signal_row *row);
    const void *context;
};

/* Prints the out-of-fold figures and the weights to OUT. */
int sp_train_filter(const struct sp_filter_training *training, FILE *out, struct sp_error *err);
