#include "model/table.h"

#include <math.h>
#include <string.h>

void
sp_table_init(struct sp_table *table, const char *const *names, size_t count)
{
    *table = (struct sp_table){ .names = names, .feature_count = count };
}

int
sp_table_add(struct sp_table *table, const float *values, float label, float weight, uint32_t group,
             struct sp_error *err)
{
    size_t rows = table->row_count + 1;
    if (sp_grow(table->values, table->value_capacity, rows * table->feature_count, err) < 0 ||
        sp_grow(table->labels, table->label_capacity, rows, err) < 0 ||
        sp_grow(table->weights, table->weight_capacity, rows, err) < 0 ||
        sp_grow(table->groups, table->group_capacity, rows, err) < 0)
        return -1;
    memcpy(table->values + table->row_count * table->feature_count, values,
           table->feature_count * sizeof(*values));
    table->labels[table->row_count] = label;
    table->weights[table->row_count] = weight;
    table->groups[table->row_count] = group;
    table->row_count = rows;
    return 0;
}

int
sp_table_pick(struct sp_table *out, const struct sp_table *table, const size_t *rows, size_t count,
              struct sp_error *err)
{
    sp_autotable struct sp_table picked;
    sp_table_init(&picked, table->names, table->feature_count);
    for (size_t i = 0; i < count; i++) {
        size_t row = rows[i];
        if (sp_table_add(&picked, sp_table_row(table, row), table->labels[row],
                         table->weights ? table->weights[row] : 1,
                         table->groups ? table->groups[row] : (uint32_t)row, err) < 0)
            return -1;
    }
    *out = picked;
    picked = (struct sp_table){ 0 };
    return 0;
}

int
sp_table_check(const struct sp_table *table, struct sp_error *err)
{
    if (table->row_count == 0 || table->feature_count == 0 || !table->names)
        return sp_fail(err, SP_ERROR_INPUT, "a table without rows, features or names");
    double total = 0, positive = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        float label = table->labels[i], weight = table->weights ? table->weights[i] : 1;
        if (label != 0 && label != 1)
            return sp_fail(err, SP_ERROR_INPUT, "row %zu: label %g is neither 0 nor 1", i, (double)label);
        if (!(weight >= 0) || isinf(weight))
            return sp_fail(err, SP_ERROR_INPUT, "row %zu: weight %g", i, (double)weight);
        const float *values = sp_table_row(table, i);
        for (size_t j = 0; j < table->feature_count; j++) {
            if (isinf(values[j]))
                return sp_fail(err, SP_ERROR_INPUT, "row %zu: %s is infinite", i, table->names[j]);
        }
        total += weight;
        positive += weight * label;
    }
    if (positive <= 0 || positive >= total)
        return sp_fail(err, SP_ERROR_INPUT, "%zu rows, all of one class: give both", table->row_count);
    return 0;
}

const float *
sp_table_row(const struct sp_table *table, size_t row)
{
    return table->values + row * table->feature_count;
}

void
sp_table_free(struct sp_table *table)
{
    free(table->values);
    free(table->labels);
    free(table->weights);
    free(table->groups);
    *table = (struct sp_table){ 0 };
}
