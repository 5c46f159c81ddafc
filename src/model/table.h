/* table.h: rows to learn from: features, label, weight and the group that must not be torn apart. */
#pragma once
#include "base/error.h"
#include "base/memory.h"

#include <stddef.h>
#include <stdint.h>

/* Made with sp_table_init and sp_table_add, or filled by hand over memory that the caller owns. */
struct sp_table {
    size_t row_count, feature_count;
    const char *const *names; /* feature_count of them, borrowed */
    float *values;            /* row_count x feature_count, row after row; missing: not-a-number */
    float *labels;            /* 0 or 1 */
    float *weights;           /* NULL: all 1 */
    uint32_t *groups;         /* NULL: each row is its own */
    /* private */
    size_t value_capacity, label_capacity, weight_capacity, group_capacity;
};

/* An empty table over COUNT features; NAMES must outlive it. */
void sp_table_init(struct sp_table *table, const char *const *names, size_t count);
/* Appends a row (feature_count VALUES, copied). */
int sp_table_add(struct sp_table *table, const float *values, float label, float weight, uint32_t group,
                 struct sp_error *err);
/* Copies the COUNT rows numbered in ROWS into OUT, to be freed with sp_table_free. */
int sp_table_pick(struct sp_table *out, const struct sp_table *table, const size_t *rows, size_t count,
                  struct sp_error *err);
/* Refuses a table that cannot be learnt from: no rows, one class only, a label that is not 0 or 1, a weight
 * that is negative, an infinite value, names missing. */
int sp_table_check(const struct sp_table *table, struct sp_error *err);
const float *sp_table_row(const struct sp_table *table, size_t row);
void sp_table_free(struct sp_table *table);
#define sp_autotable __attribute__((cleanup(sp_table_free)))
