/* behaviour_eval.h: DySec's tables on our runs, and what the model of the box is worth beside them. */
#pragma once
#include "base/error.h"
#include "eval/figures.h"

#include <stdbool.h>
#include <stdint.h>

struct sp_behaviour_eval {
    const char *const *tables; /* CSV, see behaviour_table.h */
    size_t table_count;
    const char *model_path;   /* a model to judge by; NULL: models are fitted, out of fold */
    const char *const *fresh; /* with MODEL_PATH: tables that it was not fitted on */
    size_t fresh_count;
    bool scope_run, scope_package; /* which of the two ways to see DySec's features */
    uint32_t folds;
    uint64_t seed;
    bool progress; /* lines on standard error */
};

/* Fills FIGURES (zeroed before; freed by the caller). */
int sp_eval_behaviour(struct sp_figures *figures, const struct sp_behaviour_eval *options,
                      struct sp_error *err);
