/* train.h: learns a model from a table. Trees are grown by XGBoost, loaded when first needed: a process that
 * only predicts never pays for it. Logistic regression is our own. The same table, parameters and seed give
 * the same model. */
#pragma once
#include "model/model.h"
#include "model/table.h"

struct sp_train_params {
    enum sp_model_kind kind;
    unsigned rounds;  /* trees; a single tree has 1 */
    unsigned depth;   /* at most SP_MODEL_DEPTH_MAX */
    double eta;       /* boosted: the learning rate */
    double subsample; /* share of the rows a tree sees, drawn without replacement */
    double colsample; /* share of the features: of a tree when boosted, of a split in a forest */
    double lambda; /* L2: of leaves, or of logistic weights (over standardised features, not the intercept) */
    double min_child_weight;
    double scale_pos_weight; /* multiplies the weight of positives; 1 for none */
    const int8_t *monotone;  /* one a feature: -1 falling, 0 free, 1 rising; NULL: all free; borrowed */
    uint64_t seed;
    unsigned threads; /* at most 2 are used; 1 is faster on small tables and busy machines */
};

/* What each kind is trained with where the caller does not say. */
struct sp_train_params sp_train_defaults(enum sp_model_kind kind);

/* Learns *OUT, without calibration and thresholds; the caller frees it. Fails with a line that says what to
 * install where trees are asked for and XGBoost is missing. */
int sp_train(struct sp_model **out, const struct sp_table *table, const struct sp_train_params *params,
             struct sp_error *err);
/* Whether trees can be trained here; ERR says why not. */
int sp_train_available(struct sp_error *err);
