/* saved.h: what saved metadata says of labelled pairs. */
#pragma once
#include "eval/pairs.h"
#include "gate/lookups.h"

struct sp_saved;
/* DIRECTORY holds kept answers (sallyport lookup --save); nobody else is asked. INDEX is borrowed. */
int sp_saved_open(struct sp_saved **out, const char *directory, struct sp_index *index, struct sp_error *err);
void sp_saved_close(struct sp_saved *saved);

struct sp_saved_pair {
    bool known;       /* both are there in what was saved */
    double name_risk; /* of the pair as it is given */
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    struct sp_filtered filtered;
    double seconds; /* reading signals and judging, metadata at hand */
};
int sp_saved_read(struct sp_saved *saved, const struct sp_labelled_pair *pair, struct sp_saved_pair *out,
                  struct sp_error *err);

struct sp_saved_eval {
    const char *pairs_path; /* TSV, see pairs.h; rows whose source is "made up" are left out: they exercise
                               the code and count for nothing */
    const char *directory;
    const char *index_path, *filter_path; /* NULL: the default */
    bool made_up;                         /* only those rows, marked so */
};
struct sp_figures;
/* Fills FIGURES with the tables of filtered.h. */
int sp_eval_saved(struct sp_figures *figures, const struct sp_saved_eval *options, struct sp_error *err);
