/* judged.h: what door one said of each labelled pair, and sums over groups of them. */
#pragma once
#include "eval/pairs.h"
#include "model/metrics.h"

struct sp_judged_pair {
    const struct sp_labelled_pair *pair;
    bool trusted;        /* the candidate itself is a trusted package of today: exempt */
    int place;           /* of the right target among the matches, 0 first; -1 not found */
    double name_risk;    /* the highest risk of any match: what alarms */
    double pair_risk;    /* of the pair as given */
    uint32_t categories; /* of the pair as given */
    double seconds;      /* of the search */
};

struct sp_judged {
    const char *title; /* "shipped index", "with the missing targets added" */
    size_t added;      /* targets that were added */
    struct sp_risk_thresholds thresholds;
    struct sp_judged_pair *pairs; /* owned; COUNT of them */
    size_t count;
    double median, p99; /* seconds a search */
    double names_per_second;
};

int sp_judge_pairs(struct sp_judged *out, const struct sp_pairs *pairs, struct sp_index *index,
                   struct sp_error *err);
void sp_judged_free(struct sp_judged *judged);

struct sp_eval_group {
    size_t attacks, benign;
    size_t first, third;                       /* attacks whose target came first, among the first three */
    size_t attack_review, attack_block;        /* alarms on attacks */
    size_t benign_review, benign_block;        /* false alarms */
    struct sp_confusion at_review;             /* pair risk at the review threshold */
    double auc, best_f1, fitted_f1, always_f1; /* of the pair risk; NaN where there is one class only */
};

/* Sums the pairs for which CHOOSE says yes. */
int sp_eval_sum(struct sp_eval_group *out, const struct sp_judged *judged, unsigned folds, uint64_t seed,
                bool (*choose)(const struct sp_judged_pair *pair, const void *context), const void *context,
                struct sp_error *err);
