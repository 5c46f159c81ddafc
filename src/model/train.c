#include "model/train.h"
#include "model/logistic.h"
#include "model/xgboost.h"

struct sp_train_params
sp_train_defaults(enum sp_model_kind kind)
{
    struct sp_train_params params = {
        .kind = kind,
        .rounds = 1,
        .depth = 5,
        .eta = 1,
        .subsample = 1,
        .colsample = 1,
        .min_child_weight = 1,
        .scale_pos_weight = 1,
        .seed = 1,
        .threads = 1,
    };
    switch (kind) {
    case SP_MODEL_BOOSTED:
        params.rounds = 150;
        params.eta = 0.1;
        params.subsample = params.colsample = 0.8;
        params.lambda = 1;
        break;
    case SP_MODEL_FOREST:
        params.rounds = 200;
        params.depth = 12;
        params.subsample = 0.632; /* the share of rows that a bootstrap sample holds */
        params.colsample = 0;     /* the square root of the features */
        break;
    case SP_MODEL_LOGISTIC:
        params.lambda = 1;
        break;
    case SP_MODEL_TREE:
        break;
    }
    return params;
}

static int
check_params(const struct sp_train_params *params, const struct sp_table *table, struct sp_error *err)
{
    if (params->rounds == 0 || params->rounds > SP_MODEL_TREES_MAX || params->depth == 0 ||
        params->depth > SP_MODEL_DEPTH_MAX)
        return sp_fail(err, SP_ERROR_USAGE, "%u rounds of depth %u; 1 to %d and 1 to %d are allowed",
                       params->rounds, params->depth, SP_MODEL_TREES_MAX, SP_MODEL_DEPTH_MAX);
    if (params->kind == SP_MODEL_TREE && params->rounds != 1)
        return sp_fail(err, SP_ERROR_USAGE, "a single tree has 1 round, not %u", params->rounds);
    bool root_rule = params->kind == SP_MODEL_FOREST && params->colsample == 0;
    if (!(params->eta > 0 && params->eta <= 1) || !(params->subsample > 0 && params->subsample <= 1) ||
        !(root_rule || (params->colsample > 0 && params->colsample <= 1)))
        return sp_fail(err, SP_ERROR_USAGE, "eta, subsample and colsample must be above 0, at most 1");
    if (!(params->lambda >= 0 && params->lambda <= 1e9) ||
        !(params->min_child_weight >= 0 && params->min_child_weight <= 1e9) ||
        !(params->scale_pos_weight > 0 && params->scale_pos_weight <= 1e9))
        return sp_fail(err, SP_ERROR_USAGE,
                       "lambda and min_child_weight must be 0 or more, scale_pos_weight above 0");
    for (size_t i = 0; params->monotone && i < table->feature_count; i++) {
        if (params->monotone[i] < -1 || params->monotone[i] > 1)
            return sp_fail(err, SP_ERROR_USAGE, "%s: a monotone constraint is -1, 0 or 1", table->names[i]);
    }
    return 0;
}

int
sp_train(struct sp_model **out, const struct sp_table *table, const struct sp_train_params *params,
         struct sp_error *err)
{
    if (sp_table_check(table, err) < 0 || check_params(params, table, err) < 0)
        return -1;
    if (params->kind == SP_MODEL_LOGISTIC)
        return sp_logistic_train(out, table, params, err);
    return sp_xgboost_train(out, NULL, table, params, err);
}

int
sp_train_available(struct sp_error *err)
{
    struct sp_xgboost xgboost;
    return sp_xgboost_load(&xgboost, err);
}
