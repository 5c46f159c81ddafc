/* train.h: fits the name risk on labelled pairs, against a background of real names.
 *
 * Positives are attack pairs, negatives benign pairs, and for each of a sample of real, untrusted names the
 * match that the model of the round before found riskiest: what an alarm on an honest name would be. A name's
 * own place in a list is used for nothing but being in that sample. */
#pragma once
#include "base/error.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sp_confusion_training {
    const char *index_path;   /* NULL: the default */
    const char *const *pairs; /* TSV files, see pairs.h */
    size_t pair_files;
    const char *names[SP_ECOSYSTEM_COUNT]; /* TSV with a column name: all names of a registry; may be NULL */
    const char *model_path;                /* written; NULL: not */
    const char *features_path;             /* the table as TSV; NULL: not */
    const char *signals_path;              /* what was known of pairs, see signal_rows.h; NULL: no filter */
    const char *filter_path;               /* the benignity filter fitted on it; NULL: not written */
    unsigned rounds;                       /* of looking for hard negatives */
    unsigned sample;                       /* background names an ecosystem */
    unsigned folds;                        /* for the out-of-fold figures */
    uint64_t seed;
    double review_share, block_share; /* of all names that may be alarms: 0.01, 0.002 */
    const char *command;              /* written into the model */
};

struct sp_confusion_training sp_confusion_training_defaults(void);

/* Prints the out-of-fold figures to OUT and progress to stderr where PROGRESS. */
int sp_train_confusion(const struct sp_confusion_training *training, FILE *out, bool progress,
                       struct sp_error *err);
