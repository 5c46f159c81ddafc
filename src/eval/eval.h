/* eval.h: how good door one is on labelled pairs, and how quiet over whole registries. */
#pragma once
#include "base/error.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sp_eval_options {
    const char *pairs_path; /* TSV, see pairs.h */
    const char *index_path; /* NULL: the default */
    bool json;              /* one document, docs/output.md; else text */
    unsigned folds;         /* for figures whose threshold is fitted */
    uint64_t seed;
    unsigned threads; /* for whole registries */
    const char
        *names[SP_ECOSYSTEM_COUNT]; /* TSV with a column name: all names of a registry, to count alarms */
    bool stated_only, high_only;    /* only pairs whose target the source states; of high quality */
};

/* Judges the pairs twice, with the index as it is and with the missing targets added, and writes the tables.
 */
int sp_eval_confusion(const struct sp_eval_options *options, FILE *out, struct sp_error *err);
