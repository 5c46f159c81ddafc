/* behaviour_train.h: fits the model of the box on tables of runs. */
#pragma once
#include "base/error.h"
#include "model/model.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sp_behaviour_training {
    const char *const *tables; /* CSV, see behaviour_table.h */
    size_t table_count;
    const char *model_path;  /* written; NULL: not */
    enum sp_model_kind kind; /* boosted or forest */
    uint32_t folds;
    uint64_t seed;
    double block_per_1000, review_per_1000; /* honest packages that may be alarms */
    const char *const *with, *const *without;
    size_t with_count, without_count;
    const char *command; /* written into the model */
};
struct sp_behaviour_training sp_behaviour_training_defaults(void);

/* Prints what was read and the figures out of fold to OUT, and progress to standard error where PROGRESS. */
int sp_train_behaviour(const struct sp_behaviour_training *training, FILE *out, bool progress,
                       struct sp_error *err);
