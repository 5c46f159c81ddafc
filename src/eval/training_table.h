/* training_table.h: the rows that the name risk is fitted on. */
#pragma once
#include "base/hash.h"
#include "eval/pairs.h"
#include "eval/train.h"
#include "model/table.h"
#include "name/search.h"

struct sp_background_name {
    const struct sp_ecosystem *ecosystem;
    const char *name;
};

/* Labelled pairs first, row by row, then background matches. Zero-initialise. */
struct sp_training_table {
    struct sp_table table;
    struct sp_background_name *names; /* the sample, which is searched in every round */
    size_t name_count, name_capacity;
    struct sp_map known;  /* background rows already there */
    struct sp_map groups; /* ecosystem and target -> group */
    struct sp_arena arena;
};

/* Adds a row for each pair. */
int sp_training_add_pairs(struct sp_training_table *training, const struct sp_pairs *pairs,
                          struct sp_searcher *searcher, struct sp_error *err);
/* Draws about SAMPLE untrusted names from the list PATH that stand in no pair. */
int sp_training_draw(struct sp_training_table *training, const struct sp_pairs *pairs,
                     struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *path,
                     unsigned sample, uint64_t seed, struct sp_error *err);
/* Searches every background name and adds its KEEP riskiest matches with WEIGHT as negatives; *ADDED are new.
 */
int sp_training_add_background(struct sp_training_table *training, struct sp_searcher *searcher,
                               unsigned keep, float weight, size_t *added, struct sp_error *err);
int sp_training_write(const struct sp_training_table *training, const struct sp_pairs *pairs,
                      const char *path, struct sp_error *err);
void sp_training_free(struct sp_training_table *training);
