/* published.h: our trainer on the rows that QUT-DV25 publishes, beside what its authors report, and beside
 * what a mere look-up of equal rows reaches: whether we reproduce them, and what their data gives away. */
#pragma once
#include "base/error.h"
#include "eval/figures.h"

#include <stdbool.h>
#include <stdint.h>

struct sp_published_eval {
    const char *folder; /* holds the files, plain or as .zst; docs/reproducing-dysec.md names them */
    uint32_t folds;
    uint64_t seed;
    bool progress; /* lines on standard error */
};

int sp_eval_published(struct sp_figures *figures, const struct sp_published_eval *options,
                      struct sp_error *err);
