#include "model/xgboost.h"
#include "model/plain_locale.h"
#include "model/trees.h"

#include <dlfcn.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    { "XGBoostVersion", offsetof(struct sp_xgboost, version) },
    { "XGBGetLastError", offsetof(struct sp_xgboost, last_error) },
    { "XGDMatrixCreateFromMat", offsetof(struct sp_xgboost, matrix_create) },
    { "XGDMatrixFree", offsetof(struct sp_xgboost, matrix_free) },
    { "XGDMatrixSetFloatInfo", offsetof(struct sp_xgboost, matrix_set_floats) },
    { "XGBoosterCreate", offsetof(struct sp_xgboost, booster_create) },
    { "XGBoosterFree", offsetof(struct sp_xgboost, booster_free) },
    { "XGBoosterSetParam", offsetof(struct sp_xgboost, booster_set) },
    { "XGBoosterUpdateOneIter", offsetof(struct sp_xgboost, booster_update) },
    { "XGBoosterSaveModelToBuffer", offsetof(struct sp_xgboost, booster_save) },
    { "XGBoosterPredictFromDMatrix", offsetof(struct sp_xgboost, booster_predict) },
};

int
sp_xgboost_load(struct sp_xgboost *out, struct sp_error *err)
{
    void *library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        library = dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return sp_fail(err, SP_ERROR_SYSTEM,
                       "cannot load XGBoost, which training trees needs: install libxgboost0 (%.200s)",
                       dlerror());
    /* never closed: its threads and static state do not survive that; a second dlopen finds it loaded */
    for (size_t i = 0; i < SP_COUNT(functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function)
            return sp_fail(err, SP_ERROR_SYSTEM,
                           "XGBoost has no function %s; version 1.6 or later is needed: install libxgboost0",
                           functions[i].name);
        memcpy((char *)out + functions[i].offset, &function, sizeof(function));
    }
    return 0;
}

static int
fail_by(const struct sp_xgboost *xgboost, const char *doing, struct sp_error *err)
{
    const char *text = xgboost->last_error();
    return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost failed to %s: %.*s", doing,
                   (int)strcspn(text ? text : "", "\n"), text ? text : "");
}

/* XGBoost's model, as JSON. */

struct columns {
    json_t *left, *right, *feature, *split, *missing_left, *cover;
    size_t count;
};

static int
tree_columns(struct columns *out, const json_t *tree, struct sp_error *err)
{
    *out = (struct columns){
        .left = json_object_get(tree, "left_children"),
        .right = json_object_get(tree, "right_children"),
        .feature = json_object_get(tree, "split_indices"),
        .split = json_object_get(tree, "split_conditions"),
        .missing_left = json_object_get(tree, "default_left"),
        .cover = json_object_get(tree, "sum_hessian"),
    };
    json_t *all[] = { out->left, out->right, out->feature, out->split, out->missing_left, out->cover };
    out->count = json_array_size(out->left);
    for (size_t i = 0; i < SP_COUNT(all); i++) {
        if (json_array_size(all[i]) != out->count || out->count == 0)
            return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost's model has a tree of an unknown form");
    }
    return 0;
}

static double
number_at(const json_t *array, size_t index)
{
    const json_t *value = json_array_get(array, index);
    return json_is_true(value) ? 1 : json_number_value(value);
}

/* Renumbers a tree level by level; nodes that pruning cut off are left out. */
static int
take_tree(struct sp_model *model, const json_t *tree, struct sp_error *err)
{
    struct columns columns;
    if (tree_columns(&columns, tree, err) < 0)
        return -1;
    if (columns.count > SP_MODEL_NODES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "XGBoost grew a tree of %zu nodes; use a smaller depth",
                       columns.count);
    sp_autofree size_t *queue = sp_new_array(columns.count, sizeof(*queue), err);
    sp_autofree struct sp_model_node *nodes = sp_new_array(columns.count, sizeof(*nodes), err);
    sp_autofree float *covers = sp_new_array(columns.count, sizeof(*covers), err);
    if (!queue || !nodes || !covers)
        return -1;
    size_t filled = 1; /* queue[0] is the root, 0 */
    for (size_t i = 0; i < filled; i++) {
        size_t id = queue[i];
        double left = number_at(columns.left, id), right = number_at(columns.right, id);
        nodes[i].split = (float)number_at(columns.split, id);
        covers[i] = (float)number_at(columns.cover, id);
        if (left < 0)
            continue;
        if (left >= (double)columns.count || right < 0 || right >= (double)columns.count ||
            filled + 2 > columns.count || filled - i > UINT16_MAX)
            return sp_fail(err, SP_ERROR_LIMIT,
                           "XGBoost grew a tree too large or malformed; use a smaller depth");
        double feature = number_at(columns.feature, id);
        if (feature < 0 || feature >= (double)model->feature_count)
            return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost's model splits by feature %g", feature);
        nodes[i].feature = (uint16_t)feature;
        if (number_at(columns.missing_left, id) == 0)
            nodes[i].feature |= SP_NODE_MISSING_RIGHT;
        nodes[i].step = (uint16_t)(filled - i);
        queue[filled++] = (size_t)left;
        queue[filled++] = (size_t)right;
    }
    return sp_model_add_tree(model, nodes, covers, filled, err);
}

static int
take_base(struct sp_model *model, const json_t *learner, struct sp_error *err)
{
    const json_t *param = json_object_get(learner, "learner_model_param");
    const char *text = json_string_value(json_object_get(param, "base_score"));
    if (!text)
        return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost's model has no base score");
    text += *text == '['; /* newer versions write a list of one */
    float base = strtof(text, NULL);
    model->base = model->kind == SP_MODEL_BOOSTED ? sp_logit((double)base) : (double)base;
    return 0;
}

static int
take_model(struct sp_model *model, const char *bytes, size_t length, struct sp_error *err)
{
    json_error_t problem;
    json_t *root = json_loadb(bytes, length, 0, &problem);
    if (!root)
        return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost's model is no JSON: %s", problem.text);
    const json_t *learner = json_object_get(root, "learner");
    const json_t *booster = json_object_get(json_object_get(learner, "gradient_booster"), "model");
    const json_t *trees = json_object_get(booster, "trees");
    int status = take_base(model, learner, err);
    if (status == 0 && json_array_size(trees) == 0)
        status = sp_fail(err, SP_ERROR_INTERNAL, "XGBoost's model has no trees");
    for (size_t i = 0; status == 0 && i < json_array_size(trees); i++)
        status = take_tree(model, json_array_get(trees, i), err);
    json_decref(root);
    return status;
}

/* Training. */

struct handles {
    struct sp_xgboost xgboost;
    void *matrix, *booster;
};

static void
drop_handles(struct handles *handles)
{
    if (handles->booster)
        handles->xgboost.booster_free(handles->booster);
    if (handles->matrix)
        handles->xgboost.matrix_free(handles->matrix);
}

static int
fill_matrix(struct handles *handles, const struct sp_table *table, struct sp_error *err)
{
    const struct sp_xgboost *xgboost = &handles->xgboost;
    if (xgboost->matrix_create(table->values, table->row_count, table->feature_count, NAN,
                               &handles->matrix) != 0 ||
        xgboost->matrix_set_floats(handles->matrix, "label", table->labels, table->row_count) != 0 ||
        (table->weights &&
         xgboost->matrix_set_floats(handles->matrix, "weight", table->weights, table->row_count) != 0))
        return fail_by(xgboost, "take the rows", err);
    return 0;
}

static int
set(struct handles *handles, const char *name, const char *value, struct sp_error *err)
{
    if (handles->xgboost.booster_set(handles->booster, name, value) != 0)
        return fail_by(&handles->xgboost, name, err);
    return 0;
}

static int
set_number(struct handles *handles, const char *name, double value, struct sp_error *err)
{
    char text[40];
    snprintf(text, sizeof(text), "%.9g", value);
    return set(handles, name, text, err);
}

static int
set_monotone(struct handles *handles, const int8_t *monotone, size_t count, struct sp_error *err)
{
    if (!monotone)
        return 0;
    sp_autobuffer struct sp_buffer text = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (sp_buffer_printf(&text, err, "%c%d", i ? ',' : '(', monotone[i]) < 0)
            return -1;
    }
    if (sp_buffer_append_byte(&text, ')', err) < 0)
        return -1;
    return set(handles, "monotone_constraints", text.bytes, err);
}

/* The share of positives, with their weight as the booster sees it. */
static double
prior(const struct sp_table *table, double scale_positive)
{
    double positive = 0, negative = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        double weight = table->weights ? table->weights[i] : 1;
        positive += weight * table->labels[i] * scale_positive;
        negative += weight * (1 - table->labels[i]);
    }
    return positive / (positive + negative);
}

#define EXACT_ROWS_MAX 65536 /* beyond, split points are looked for among 256 a feature */

static int
set_params(struct handles *handles, const struct sp_table *table, const struct sp_train_params *params,
           struct sp_error *err)
{
    bool boosted = params->kind == SP_MODEL_BOOSTED, forest = params->kind == SP_MODEL_FOREST;
    /* a forest draws features anew for each split, which only the histogram method can do */
    bool exact = !forest && table->row_count <= EXACT_ROWS_MAX;
    double colsample = params->colsample;
    if (forest && colsample == 0)
        colsample = sqrt((double)table->feature_count) / (double)table->feature_count;
    const struct {
        const char *name, *value;
    } words[] = {
        { "verbosity", "0" },
        { "booster", "gbtree" },
        { "objective", boosted ? "binary:logistic" : "reg:squarederror" },
        { "tree_method", exact ? "exact" : "hist" },
        { "grow_policy", "depthwise" },
    };
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "base_score", boosted ? prior(table, params->scale_pos_weight) : 0 },
        { "max_depth", params->depth },
        { "eta", boosted ? params->eta : 1 },
        { "subsample", params->subsample },
        { forest ? "colsample_bynode" : "colsample_bytree", colsample },
        { "num_parallel_tree", forest ? params->rounds : 1 },
        { "lambda", params->lambda },
        { "min_child_weight", params->min_child_weight },
        { "scale_pos_weight", params->scale_pos_weight },
        { "seed", (double)(params->seed & 0xffffff) },
        { "nthread", params->threads > 1 ? 2 : 1 },
    };
    for (size_t i = 0; i < SP_COUNT(words); i++) {
        if (set(handles, words[i].name, words[i].value, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < SP_COUNT(numbers); i++) {
        if (set_number(handles, numbers[i].name, numbers[i].value, err) < 0)
            return -1;
    }
    return set_monotone(handles, params->monotone, table->feature_count, err);
}

int
sp_xgboost_train(struct sp_model **out, void **booster, const struct sp_table *table,
                 const struct sp_train_params *params, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    __attribute__((cleanup(drop_handles))) struct handles handles = { 0 };
    if (sp_xgboost_load(&handles.xgboost, err) < 0 || fill_matrix(&handles, table, err) < 0)
        return -1;
    if (handles.xgboost.booster_create(&handles.matrix, 1, &handles.booster) != 0)
        return fail_by(&handles.xgboost, "make a model", err);
    if (set_params(&handles, table, params, err) < 0)
        return -1;
    int rounds = params->kind == SP_MODEL_BOOSTED ? (int)params->rounds : 1;
    for (int round = 0; round < rounds; round++) {
        if (handles.xgboost.booster_update(handles.booster, round, handles.matrix) != 0)
            return fail_by(&handles.xgboost, "train", err);
    }
    uint64_t length;
    const char *bytes; /* owned by the booster */
    if (handles.xgboost.booster_save(handles.booster, "{\"format\": \"json\"}", &length, &bytes) != 0)
        return fail_by(&handles.xgboost, "save its model", err);
    sp_automodel struct sp_model *model = NULL;
    if (sp_model_new(&model, params->kind, table->names, table->feature_count, err) < 0 ||
        take_model(model, bytes, length, err) < 0)
        return -1;
    *out = sp_take(model);
    if (booster)
        *booster = sp_take(handles.booster);
    return 0;
}

int
sp_xgboost_predict(void *booster, const struct sp_table *table, int kind, float *values, struct sp_error *err)
{
    __attribute__((cleanup(drop_handles))) struct handles handles = { 0 };
    if (sp_xgboost_load(&handles.xgboost, err) < 0 || fill_matrix(&handles, table, err) < 0)
        return -1;
    char config[160];
    snprintf(config, sizeof(config),
             "{\"type\": %d, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
             "\"strict_shape\": false}",
             kind);
    const uint64_t *shape;
    uint64_t dimensions;
    const float *answer;
    if (handles.xgboost.booster_predict(booster, handles.matrix, config, &shape, &dimensions, &answer) != 0)
        return fail_by(&handles.xgboost, "predict", err);
    size_t count = 1;
    for (uint64_t i = 0; i < dimensions; i++)
        count *= shape[i];
    size_t width = kind == SP_XGBOOST_CONTRIBUTIONS ? table->feature_count + 1 : 1;
    if (count != table->row_count * width)
        return sp_fail(err, SP_ERROR_INTERNAL, "XGBoost answered with %zu numbers", count);
    memcpy(values, answer, count * sizeof(*values));
    return 0;
}
