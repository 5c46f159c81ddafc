#include "eval/measures.h"
#include "model/baseline.h"
#include "model/metrics.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

int
sp_measure(struct sp_measures *out, const double *scores, const float *labels, size_t count, double cut,
           struct sp_error *err)
{
    struct sp_confusion confusion = sp_confusion_at(scores, labels, NULL, count, cut);
    *out = (struct sp_measures){
        .accuracy = sp_accuracy(&confusion),
        .precision = sp_precision(&confusion),
        .recall = sp_recall(&confusion),
        .f1 = sp_f1(&confusion),
        .kappa = sp_kappa(&confusion),
    };
    return sp_roc_auc(&out->auc, scores, labels, NULL, count, err);
}

static const struct {
    const char *title, *published;
    enum sp_model_kind kind;
} methods[SP_METHODS] = {
    [SP_METHOD_FOREST] = { "random forest", "Random Forest", SP_MODEL_FOREST },
    [SP_METHOD_TREE] = { "decision tree", "Decision Tree", SP_MODEL_TREE },
    [SP_METHOD_BOOSTED] = { "boosted trees", "Gradient Boosting", SP_MODEL_BOOSTED },
    [SP_METHOD_LOGISTIC] = { "logistic regression", "Logistic Regression", SP_MODEL_LOGISTIC },
    [SP_METHOD_BEST_FEATURE] = { "best single feature", NULL, 0 },
    [SP_METHOD_MAJORITY] = { "majority look-up", NULL, 0 },
};

const char *
sp_method_title(enum sp_method method)
{
    return methods[method].title;
}

const char *
sp_method_published(enum sp_method method)
{
    return methods[method].published;
}

/* Logistic regression solves for all columns at once, which costs their square: beyond so many, those that
 * part the labels best in training are taken. */
#define LOGISTIC_COLUMNS_MAX 256

struct parting {
    double much;
    size_t column;
};

static int
by_much_falling(const void *a, const void *b)
{
    const struct parting *left = a, *right = b;
    if (left->much != right->much)
        return left->much < right->much ? 1 : -1;
    return (left->column > right->column) - (left->column < right->column);
}

static float
logarithm(float value)
{
    return copysignf(log1pf(fabsf(value)), value);
}

/* How far the classes' means lie apart in COLUMN, in standard deviations. */
static double
part_labels(const struct sp_table *table, size_t column)
{
    double count[2] = { 0 }, sum[2] = { 0 }, squares = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        double value = (double)logarithm(sp_table_row(table, i)[column]);
        if (isnan(value))
            continue;
        int label = table->labels[i] > 0;
        count[label]++;
        sum[label] += value;
        squares += value * value;
    }
    double all = count[0] + count[1];
    if (count[0] == 0 || count[1] == 0)
        return 0;
    double spread = squares / all - pow((sum[0] + sum[1]) / all, 2);
    return spread > 1e-12 ? fabs(sum[1] / count[1] - sum[0] / count[0]) / sqrt(spread) : 0;
}

static int
choose_columns(struct parting **out, size_t *count, const struct sp_table *table, struct sp_error *err)
{
    struct parting *partings = sp_new_array(table->feature_count, sizeof(*partings), err);
    if (!partings)
        return -1;
    *count = table->feature_count;
    for (size_t i = 0; i < table->feature_count; i++)
        partings[i] = (struct parting){ 0, i };
    if (*count > LOGISTIC_COLUMNS_MAX) {
        for (size_t i = 0; i < table->feature_count; i++)
            partings[i].much = part_labels(table, i);
        qsort(partings, table->feature_count, sizeof(*partings), by_much_falling);
        *count = LOGISTIC_COLUMNS_MAX;
    }
    *out = partings;
    return 0;
}

/* A copy of COUNT columns of TABLE as logarithms: log(1 + x), the sign kept. */
static int
copy_logarithms(struct sp_table *out, const struct sp_table *table, const struct parting *columns,
                size_t count, struct sp_error *err)
{
    *out = *table;
    out->feature_count = count; /* the names are of no use here, but as many are there */
    out->values = sp_new_array(table->row_count * count, sizeof(*out->values), err);
    if (!out->values)
        return -1;
    for (size_t i = 0; i < table->row_count; i++)
        for (size_t j = 0; j < count; j++)
            out->values[i * count + j] = logarithm(sp_table_row(table, i)[columns[j].column]);
    return 0;
}

static void
drop_copy(struct sp_table *copy)
{
    free(copy->values);
}
#define autocopy __attribute__((cleanup(drop_copy)))

/* -------------------------------------------------------------- scores */

/* The place of SCORE among the COUNT sorted ones, as a share: comparable between folds of other scales. */
static double
rank_of(double score, const double *sorted, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < score)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)low / (double)count;
}

static int
by_rising(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The cut over SCORES that is right most often; of equal ones the highest. */
static int
best_cut(double *out, const double *scores, const float *labels, size_t count, struct sp_error *err)
{
    sp_autoroc struct sp_roc roc = { 0 };
    if (sp_roc_curve(&roc, scores, labels, NULL, count, err) < 0)
        return -1;
    double best = -1;
    *out = INFINITY;
    for (size_t i = 0; i < roc.count; i++) {
        double accuracy = sp_accuracy(&roc.points[i].confusion);
        if (accuracy > best) {
            best = accuracy;
            *out = roc.points[i].threshold;
        }
    }
    return 0;
}

static int
score_by_one(const struct sp_table *train, const struct sp_table *test, double *scores, struct sp_error *err)
{
    struct sp_best_feature rule;
    sp_autofree double *seen = sp_new_array(train->row_count, sizeof(*seen), err);
    double cut;
    if (!seen || sp_best_feature(&rule, train, err) < 0)
        return -1;
    for (int pass = 0; pass < 2; pass++) {
        const struct sp_table *table = pass ? test : train;
        double *into = pass ? scores : seen;
        for (size_t i = 0; i < table->row_count; i++) {
            float value = sp_table_row(table, i)[rule.feature];
            into[i] = rule.direction * (double)(isnan(value) ? rule.fill : value);
        }
    }
    if (best_cut(&cut, seen, train->labels, train->row_count, err) < 0)
        return -1;
    qsort(seen, train->row_count, sizeof(*seen), by_rising);
    /* ranks, bent so that the cut lies at one half */
    double middle = isinf(cut) && cut > 0 ? 1 : rank_of(cut, seen, train->row_count);
    for (size_t i = 0; i < test->row_count; i++) {
        double rank = rank_of(scores[i], seen, train->row_count);
        bool above = scores[i] >= cut;
        scores[i] = above ? 0.5 + (middle < 1 ? (rank - middle) / (1 - middle) / 2 : 0)
                          : (middle > 0 ? rank / middle * 0.499999 : 0);
    }
    return 0;
}

static int
score_by_trained(const struct sp_method_options *options, const struct sp_table *train,
                 const struct sp_table *test, double *scores, struct sp_error *err)
{
    enum sp_model_kind kind = methods[options->method].kind;
    struct sp_train_params params = sp_train_defaults(kind);
    params.seed = options->seed;
    if (kind == SP_MODEL_BOOSTED) {
        params.colsample = train->feature_count > 40 ? 0.5 : 0.8;
        params.monotone = options->monotone;
    }
    if (kind == SP_MODEL_TREE)
        params.depth = 10;
    if (kind == SP_MODEL_FOREST) {
        params.depth = 20;
        params.rounds = options->forest_trees ? options->forest_trees : params.rounds;
    }
    if (sp_score_by_model(&params, train, test, scores, err) < 0)
        return -1;
    for (size_t i = 0; i < test->row_count; i++)
        scores[i] = kind == SP_MODEL_BOOSTED || kind == SP_MODEL_LOGISTIC ? sp_sigmoid(scores[i])
                                                                          : fmin(1, fmax(0, scores[i]));
    return 0;
}

int
sp_method_score(const struct sp_method_options *options, const struct sp_table *train,
                const struct sp_table *test, double *scores, struct sp_error *err)
{
    autocopy struct sp_table train_copy = { 0 }, test_copy = { 0 };
    sp_autofree struct parting *columns = NULL;
    if (options->method == SP_METHOD_LOGISTIC) {
        size_t count;
        if (choose_columns(&columns, &count, train, err) < 0 ||
            copy_logarithms(&train_copy, train, columns, count, err) < 0 ||
            copy_logarithms(&test_copy, test, columns, count, err) < 0)
            return -1;
        train = &train_copy;
        test = &test_copy;
    }
    switch (options->method) {
    case SP_METHOD_BEST_FEATURE:
        return score_by_one(train, test, scores, err);
    case SP_METHOD_MAJORITY:
        return sp_score_by_majority(NULL, train, test, scores, err);
    default:
        return score_by_trained(options, train, test, scores, err);
    }
}

static int
score(void *context, const struct sp_table *train, const struct sp_table *test, double *scores,
      struct sp_error *err)
{
    return sp_method_score(context, train, test, scores, err);
}

int
sp_method_out_of_fold(double *scores, const struct sp_method_options *options, const struct sp_table *table,
                      const uint32_t *folds, uint32_t fold_count, struct sp_error *err)
{
    return sp_out_of_fold(scores, table, folds, fold_count, score, (void *)options, err);
}
