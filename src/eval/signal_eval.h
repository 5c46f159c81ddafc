/* signal_eval.h: what metadata can tell: the tables of ConfuGuard over its twelve signals, and what names and
 * the target's own fame add to them or can do without. docs/reproducing-confuguard.md. */
#pragma once
#include "eval/figures.h"

#include <stdint.h>

struct sp_signal_eval {
    const char *signals_path;         /* see signal_rows.h */
    const char *pairs_path;           /* labelled pairs, see pairs.h; NULL: only the twelve are judged */
    const char *index_path;           /* NULL: the default */
    const char *npm_path, *pypi_path; /* all names of the registries, see registry_words.h; NULL: without */
    unsigned folds, divisions;
    uint64_t seed;
    bool progress;
};
/* Fills FIGURES with the tables. Needs XGBoost. */
int sp_eval_signals(struct sp_figures *figures, const struct sp_signal_eval *options, struct sp_error *err);

/* Of signal_joined.c: the tables over names and metadata together. */
int sp_eval_joined(struct sp_figures *figures, const struct sp_signal_eval *options, struct sp_error *err);
