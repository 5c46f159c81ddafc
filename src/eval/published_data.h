/* published_data.h: the training rows that QUT-DV25 publishes (CC0, doi 10.7910/DVN/LBMXJY). Most are counts
 * of n-grams, of which a row has few: they are kept as places and values. */
#pragma once
#include "model/table.h"

#include <stdint.h>

#define SP_PUBLISHED_ROWS_MAX 100000
#define SP_PUBLISHED_FEATURES_MAX 1000000

/* Zero-initialise. Row i has the entries STARTS[i] up to STARTS[i + 1], by rising place. */
struct sp_published_rows {
    size_t row_count, feature_count;
    float *labels;
    size_t *starts;
    struct sp_published_entry {
        uint32_t place;
        float value;
    } * entries;
    size_t label_capacity, start_capacity, entry_count, entry_capacity;
};

/* Reads libsvm text, or a CSV table with a column "label" where PATH's name has ".csv" in it; either plain or
 * packed with zstd. The columns "row" and "Total_Error_Counts" are passed over: the latter repeats
 * Total_Paths in every row, an error of its authors. */
int sp_published_read(struct sp_published_rows *rows, const char *path, struct sp_error *err);
void sp_published_rows_free(struct sp_published_rows *rows);
#define sp_autopublished __attribute__((cleanup(sp_published_rows_free)))

/* Chooses at most LIMIT features by chi-square of their presence against the label, over the rows ROWS only;
 * PLACES (LIMIT numbers) receives them in rising order, *COUNT how many. */
int sp_published_select(size_t *places, size_t *count, size_t limit, const struct sp_published_rows *all,
                        const size_t *rows, size_t row_count, struct sp_error *err);
/* Fills OUT (sp_table_free) with the columns PLACES of the rows ROWS; what a row has no entry for is ABSENT.
 * NAMES: COUNT names, borrowed. */
int sp_published_table(struct sp_table *out, const char *const *names, const size_t *places, size_t count,
                       const struct sp_published_rows *all, const size_t *rows, size_t row_count,
                       float absent, struct sp_error *err);

/* The majority vote of equal rows, over all features: learnt from TRAIN, one share a row of TEST. *DISTINCT,
 * where not NULL, receives how many different rows TRAIN has. */
int sp_published_majority(double *scores, size_t *distinct, const struct sp_published_rows *all,
                          const size_t *train, size_t train_count, const size_t *test, size_t test_count,
                          struct sp_error *err);

/* A row of the published table of results. */
struct sp_published_result {
    char set[48], model[48];
    double test_accuracy, f1, auc;
};
/* *OUT is malloc'd, the caller's. */
int sp_published_results(struct sp_published_result **out, size_t *count, const char *path,
                         struct sp_error *err);
