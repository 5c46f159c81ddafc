/* behaviour_columns.h: which numbers of a run a model sees, and which may only raise its suspicion. */
#pragma once
#include "behaviour/vector.h"
#include "model/table.h"

#include <stdbool.h>
#include <stdint.h>

/* What the model in the box does not see although it is of the package: it tells the machine, not the
 * package. docs/behaviour-model.md shows this list. */
struct sp_unseen_feature {
    const char *id, *reason;
};
extern const struct sp_unseen_feature sp_unseen_features[];
extern const size_t sp_unseen_feature_count;

/* Features of which more is never more harmless, whatever a small sample says. */
extern const char *const sp_rising_features[];
extern const size_t sp_rising_feature_count;

/* Whether the model in the box sees the column INDEX of behaviour/vector.h: of a package, in the parts all,
 * build, install and load; not the group install, which is of the whole run. */
bool sp_behaviour_seen(size_t index);
/* 1: the risk may only rise with the column; else 0. */
int8_t sp_behaviour_monotone(size_t index);

/* A table with some columns of another. Free with sp_columns_free. */
struct sp_columns {
    size_t *at; /* the places in the other's rows, COUNT of them */
    size_t count;
    const char **names; /* owned array of borrowed names */
    int8_t *monotone;
    struct sp_table table; /* values are its own; labels, weights and groups the other's */
};
/* Takes the columns of TABLE (in the order of behaviour/vector.h) that CHOSEN marks and that are not the same
 * in every row. Fails where none is left. */
int sp_columns_take(struct sp_columns *out, const struct sp_table *table, const bool *chosen,
                    struct sp_error *err);
void sp_columns_free(struct sp_columns *columns);
#define sp_autocolumns __attribute__((cleanup(sp_columns_free)))

/* Marks in CHOSEN (sp_vector_count) what the model in the box sees, then adds what a pattern of WITH (as
 * those of file names; never of the part run) matches, then takes away what one of WITHOUT does. A pattern
 * that matches nothing is an error. */
int sp_columns_choose(bool *chosen, const char *const *with, size_t with_count, const char *const *without,
                      size_t without_count, struct sp_error *err);
