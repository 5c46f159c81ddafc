/* pairs.h: labelled pairs of names, as published data sets give them. */
#pragma once
#include "base/memory.h"
#include "ecosystem/ecosystem.h"
#include "model/metrics.h"
#include "name/search.h"

struct sp_labelled_pair {
    const struct sp_ecosystem *ecosystem;
    const char *name, *target;
    bool attack;            /* else benign */
    const char *kind;       /* "active", "stealthy", or "" */
    const char *categories; /* in the source's words; may be "" */
    const char *source;     /* the data set */
    bool stated;            /* the source itself names the target */
    bool high_quality;
    uint32_t file;         /* which of the files read it came from, 0 first */
    uint32_t target_group; /* pairs of one target */
    uint32_t group;        /* pairs that must stay on one side of a split: one target, or one campaign */
};

/* Zero-initialise. */
struct sp_pairs {
    struct sp_labelled_pair *pairs;
    size_t count, capacity;
    uint32_t files;
    size_t invalid; /* rows whose name or target breaks today's rules of the registry; not kept */
    struct sp_arena arena;
};

/* Appends the rows of the TSV file PATH: columns ecosystem, name, target, label (attack, benign), and where
 * they are there kind, categories, source, target_known, quality; others are ignored. */
int sp_pairs_read(struct sp_pairs *pairs, const char *path, struct sp_error *err);
/* Numbers the groups: pairs that share a target, a target's namespace, or a campaign. */
int sp_pairs_group(struct sp_pairs *pairs, struct sp_error *err);
void sp_pairs_free(struct sp_pairs *pairs);
#define sp_autopairs __attribute__((cleanup(sp_pairs_free)))

/* The campaign that a pair is known to belong to; NULL none. Hundreds of names of one campaign are one
 * observation about how attackers think, so figures are also given without them. */
const char *sp_pair_campaign(const struct sp_labelled_pair *pair);

/* Whether the match names the pair's target, compared as the registry compares names. */
bool sp_pair_is_target(const struct sp_labelled_pair *pair, const struct sp_match *match);

/* Builds at PATH a copy of INDEX that also trusts the targets of PAIRS; *ADDED of them were missing. */
int sp_pairs_augment(const struct sp_pairs *pairs, struct sp_index *index, const char *path, size_t *added,
                     struct sp_error *err);

/* A path in the folder for temporary files ($TMPDIR or /tmp) that nobody else has; an empty file is there. */
int sp_temporary_path(char *out, size_t size, struct sp_error *err);

/* What happens where each fold is judged at the threshold that was best on the other folds: no row chooses
 * its own. */
int sp_fitted_confusion(struct sp_confusion *out, const double *scores, const float *labels,
                        const uint32_t *folds, size_t count, unsigned fold_count, struct sp_error *err);
/* Its F1. */
int sp_fitted_f1(double *out, const double *scores, const float *labels, const uint32_t *folds, size_t count,
                 unsigned fold_count, struct sp_error *err);
