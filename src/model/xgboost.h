/* xgboost.h: the few functions of XGBoost's C API that training needs, found when first asked for, not
 * linked: linking costs every process about 30 ms. Used within src/model and by its test. */
#pragma once
#include "model/train.h"

#define SP_XGBOOST_MARGIN 1        /* kinds of sp_xgboost_predict */
#define SP_XGBOOST_CONTRIBUTIONS 2 /* feature_count + 1 numbers a row */

struct sp_xgboost {
    void (*version)(int *major, int *minor, int *patch);
    const char *(*last_error)(void);
    int (*matrix_create)(const float *values, uint64_t rows, uint64_t columns, float missing, void **out);
    int (*matrix_free)(void *matrix);
    int (*matrix_set_floats)(void *matrix, const char *field, const float *values, uint64_t count);
    int (*booster_create)(void *const matrices[], uint64_t count, void **out);
    int (*booster_free)(void *booster);
    int (*booster_set)(void *booster, const char *name, const char *value);
    int (*booster_update)(void *booster, int round, void *matrix);
    int (*booster_save)(void *booster, const char *config, uint64_t *length, const char **bytes);
    int (*booster_predict)(void *booster, void *matrix, const char *config, const uint64_t **shape,
                           uint64_t *dimensions, const float **values);
};

/* Fills OUT; the library stays loaded. */
int sp_xgboost_load(struct sp_xgboost *out, struct sp_error *err);

/* Grows the trees of *OUT, which is not yet calibrated. BOOSTER, where not NULL, receives XGBoost's own
 * model, to be freed with booster_free. TABLE and PARAMS were checked. */
int sp_xgboost_train(struct sp_model **out, void **booster, const struct sp_table *table,
                     const struct sp_train_params *params, struct sp_error *err);

/* XGBoost's own answer for the rows of TABLE; VALUES has one number a row, or feature_count + 1. */
int sp_xgboost_predict(void *booster, const struct sp_table *table, int kind, float *values,
                       struct sp_error *err);
