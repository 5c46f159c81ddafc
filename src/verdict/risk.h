/* risk.h: what a model said of the packages of a run. All strings live as long as what made them says. */
#pragma once
#include "verdict/finding.h"

/* Why: one feature, over all parts of the vector in which the model knows it. */
struct sp_risk_reason {
    const char *feature; /* the part that weighed most: "install.own.decoys" */
    const char *words;   /* "read 2 planted secrets while installing" */
    double value;        /* of that part; not-a-number: not seen */
    double contribution; /* to the margin, all parts added up; above 0: towards an attack */
};

struct sp_package_risk {
    const char *package; /* purl; NULL: what is laid to nobody */
    double probability;
    enum sp_severity severity;
    double bias; /* what the model says before it knows anything; with all contributions the margin */
    const struct sp_risk_reason *reasons; /* those with a contribution, the heaviest first */
    size_t reason_count;
};

struct sp_risk_model {
    const char *path;
    const char *note; /* its first note; NULL */
    uint64_t fingerprint;
    unsigned features_version;
    double review, block; /* thresholds */
};
