/* filter.h: the benignity filter: the risk of a name and what metadata says become one calibrated risk, by a
 * model whose weights are data (docs/benignity.md). */
#pragma once
#include "metadata/signal.h"
#include "model/model.h"

/* What the model may see; a model file names those that it uses. Not-a-number: unknown. */
enum sp_filter_feature {
    SP_FILTER_NAME_MARGIN, /* log-odds of the risk by name, within [-8, 8] */
    SP_FILTER_SIGNALS,     /* then one a signal: 0 no, 1 yes */
    SP_FILTER_FEATURE_COUNT = SP_FILTER_SIGNALS + SP_SIGNAL_COUNT,
};
/* "name-margin", then "signal." and the signal's name. */
const char *sp_filter_feature_name(unsigned feature);

/* A model file says with which version of the features and rules it was fitted: "filter_version 1". */
#define SP_FILTER_VERSION "1"
/* NAME_RISK as the model sees it. */
double sp_filter_name_margin(double name_risk);

struct sp_filter;
/* PATH: a model file of either form; NULL: the one in the box. */
int sp_filter_open(struct sp_filter **out, const char *path, struct sp_error *err);
void sp_filter_free(struct sp_filter *filter);

struct sp_filtered {
    double risk;
    enum sp_severity severity;                     /* by the filter's own thresholds and its floors */
    double contributions[SP_FILTER_FEATURE_COUNT]; /* log-odds; 0 where a feature is not used */
    double bias;
    bool known;        /* enough of the candidate is known for a decision; else the name alone speaks */
    const char *floor; /* what decided in the model's place ("names held by the registry's security team
                          are not served"); NULL: nothing did */
};
/* NAME_RISK: the match's, by name alone. SEEN as read; thread-safe. */
void sp_filter_judge(const struct sp_filter *filter, double name_risk,
                     const struct sp_signal_seen seen[SP_SIGNAL_COUNT], struct sp_filtered *out);
/* A name risk below this is never looked up: no metadata would make an alarm of it. */
double sp_filter_look_from(const struct sp_filter *filter);
struct sp_risk_thresholds sp_filter_thresholds(const struct sp_filter *filter);
