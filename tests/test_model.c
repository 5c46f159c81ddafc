/* Models: metrics, calibration and folds against values worked out by hand; the evaluator against XGBoost;
 * the two file forms against damage. */
#include "base/buffer.h"
#include "model/baseline.h"
#include "model/metrics.h"
#include "model/model.h"
#include "model/train.h"
#include "model/validate.h"
#include "model/xgboost.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
check_near(double got, double expected, double within, const char *what, int line)
{
    bool same = isnan(expected) ? isnan(got) : got == expected || fabs(got - expected) <= within;
    if (!same)
        fail_msg("line %d: %s is %.12g, expected %.12g", line, what, got, expected);
}
#define assert_near(got, expected) check_near((got), (expected), 1e-9, #got, __LINE__)
#define assert_within(got, expected, within) check_near((got), (expected), (within), #got, __LINE__)
#define assert_ok(call) check_ok((call), &err, #call, __LINE__)

static void
check_ok(int status, const struct sp_error *err, const char *what, int line)
{
    if (status != 0)
        fail_msg("line %d: %s: %s", line, what, err->text);
}

/* Metrics. */

static const double scores[] = { 0.9, 0.8, 0.8, 0.6, 0.4, 0.2 };
static const float labels[] = { 1, 1, 0, 1, 0, 0 };
#define ROWS SP_COUNT(scores)

static void
confusion_and_its_ratios(SP_UNUSED void **state)
{
    struct sp_confusion at = sp_confusion_at(scores, labels, NULL, ROWS, 0.8);
    assert_near(at.true_positive, 2);
    assert_near(at.false_positive, 1);
    assert_near(at.true_negative, 2);
    assert_near(at.false_negative, 1);
    struct sp_confusion made = { 40, 10, 30, 20 };
    assert_near(sp_precision(&made), 0.8);
    assert_near(sp_recall(&made), 40.0 / 60);
    assert_near(sp_f1(&made), 80.0 / 110);
    assert_near(sp_accuracy(&made), 0.7);
    assert_near(sp_false_positive_rate(&made), 0.25);
    assert_near(sp_kappa(&made), 0.4); /* chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; (0.7 - 0.5) / 0.5 */
    const float weights[] = { 1, 2, 3, 4, 5, 6 };
    struct sp_confusion weighted = sp_confusion_at(scores, labels, weights, ROWS, 0.6);
    assert_near(weighted.true_positive, 7);
    assert_near(weighted.false_positive, 3);
    assert_near(weighted.true_negative, 11);
    assert_near(weighted.false_negative, 0);
}

static void
ratios_of_nothing_are_not_numbers(SP_UNUSED void **state)
{
    struct sp_confusion none = { 0 }, all_right = { .true_negative = 5 };
    assert_near(sp_precision(&none), NAN);
    assert_near(sp_recall(&none), NAN);
    assert_near(sp_f1(&none), NAN);
    assert_near(sp_accuracy(&none), NAN);
    assert_near(sp_false_positive_rate(&none), NAN);
    assert_near(sp_kappa(&all_right), NAN);
    assert_near(sp_accuracy(&all_right), 1);
    assert_near(sp_brier(NULL, NULL, NULL, 0), NAN);
    assert_near(sp_percentile(NULL, 0, 50), NAN);
}

static void
roc_curve_area_and_thresholds(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_autoroc struct sp_roc roc;
    assert_ok(sp_roc_curve(&roc, scores, labels, NULL, ROWS, &err));
    assert_int_equal(roc.count, 6); /* the tied 0.8 is one step */
    assert_near(roc.points[0].threshold, INFINITY);
    assert_near(roc.points[2].threshold, 0.8);
    assert_near(roc.points[2].true_positive_rate, 2.0 / 3);
    assert_near(roc.points[2].false_positive_rate, 1.0 / 3);
    assert_near(roc.points[5].true_positive_rate, 1);
    assert_near(roc.points[5].false_positive_rate, 1);
    /* of 9 pairs: 7 right, the tie of 0.8 counts half, one (0.6 below 0.8) is wrong */
    assert_near(sp_roc_area(&roc), 7.5 / 9);
    assert_near(sp_average_precision(&roc), (1 + 2.0 / 3 + 3.0 / 4) / 3);
    assert_near(sp_best_f1_threshold(&roc), 0.6); /* 6 / 7 */
    assert_near(sp_threshold_for_rate(&roc, 0), 0.9);
    assert_near(sp_threshold_for_rate(&roc, 0.34), 0.6);
    assert_near(sp_threshold_for_rate(&roc, 1), 0.2);
}

static void
roc_with_weights_ties_and_one_class(SP_UNUSED void **state)
{
    struct sp_error err;
    double auc;
    const double all_tied[] = { 3, 3, 3 }, two[] = { 1, 2, 2 };
    const float mixed[] = { 1, 0, 0 }, ones[] = { 1, 1, 1 }, weights[] = { 1, 1, 3 };
    assert_ok(sp_roc_auc(&auc, all_tied, mixed, NULL, 3, &err));
    assert_near(auc, 0.5);
    assert_ok(sp_roc_auc(&auc, two, mixed, weights, 3, &err));
    assert_near(auc, 0);
    assert_ok(sp_roc_auc(&auc, scores, labels, (const float[]){ 1, 2, 3, 4, 5, 6 }, ROWS, &err));
    assert_near(auc, (1 * 14 + 2 * 11 + 2 * 3 / 2.0 + 4 * 11) / (7.0 * 14));
    assert_ok(sp_roc_auc(&auc, two, ones, NULL, 3, &err));
    assert_near(auc, NAN);
    const double high_negative[] = { 0.1, 0.9, 0.9 };
    sp_autoroc struct sp_roc roc;
    assert_ok(sp_roc_curve(&roc, high_negative, mixed, NULL, 3, &err));
    assert_near(sp_threshold_for_rate(&roc, 0.01), INFINITY);
    assert_int_equal(sp_roc_auc(&auc, (const double[]){ NAN, 1, 2 }, mixed, NULL, 3, &err), -1);
}

static void
brier_bins_and_percentiles(SP_UNUSED void **state)
{
    const double probabilities[] = { 0.1, 0.4, 1.0, 0.6 };
    const float truth[] = { 0, 1, 1, 0 };
    assert_near(sp_brier(probabilities, truth, NULL, 4), (0.01 + 0.36 + 0 + 0.36) / 4);
    struct sp_calibration_bin bins[4];
    sp_calibration_bins(bins, 4, probabilities, truth, NULL, 4);
    assert_near(bins[0].predicted, 0.1);
    assert_near(bins[1].observed, 1);
    assert_near(bins[3].low, 0.75);
    assert_near(bins[3].weight, 1);
    assert_near(sp_calibration_error(bins, 4), (0.1 + 0.6 + 0.6 + 0) / 4);
    sp_calibration_bins(bins, 4, probabilities, truth, NULL, 1);
    assert_near(bins[2].predicted, NAN);
    double times[] = { 50, 20, 15, 40, 35 };
    assert_near(sp_percentile(times, 5, 30), 20);
    assert_near(sp_percentile(times, 5, 50), 35);
    assert_near(sp_percentile(times, 5, 99), 50);
    assert_near(sp_percentile(times, 5, 0), 15);
}

/* Calibration. */

static void
pava_pools_what_falls(SP_UNUSED void **state)
{
    struct sp_error err;
    double values[] = { 1, 3, 2, 4, 3.5, 5 };
    const double expected[] = { 1, 2.5, 2.5, 3.75, 3.75, 5 };
    assert_ok(sp_pava(values, NULL, 6, &err));
    for (size_t i = 0; i < 6; i++)
        assert_near(values[i], expected[i]);
    double weighted[] = { 3, 1, 2 };
    const double weights[] = { 1, 3, 1 };
    assert_ok(sp_pava(weighted, weights, 3, &err));
    assert_near(weighted[0], 1.5);
    assert_near(weighted[1], 1.5);
    assert_near(weighted[2], 2);
}

static void
isotonic_calibration_by_hand(SP_UNUSED void **state)
{
    struct sp_error err;
    struct sp_calibration fitted;
    const double margins[] = { 2, -1, 0, 1, 1, 3 };
    const float truth[] = { 0, 0, 1, 1, 0, 1 };
    /* by margin: 0 | 1 | {1, 0} | 0 | 1; pooled: 0 | (1 + 1 + 0) / 4 = 0.5 | 1; held to 1/8 and 7/8 */
    assert_ok(sp_calibration_fit(&fitted, SP_CALIBRATION_ISOTONIC, margins, truth, NULL, 6, &err));
    assert_int_equal(fitted.knot_count, 4);
    assert_near(sp_calibration_apply(&fitted, -9), 1.0 / 8);
    assert_near(sp_calibration_apply(&fitted, 0), 0.5);
    assert_near(sp_calibration_apply(&fitted, 1.3), 0.5);
    assert_near(sp_calibration_apply(&fitted, 2.5), (0.5 + 7.0 / 8) / 2);
    assert_near(sp_calibration_apply(&fitted, 99), 7.0 / 8);
    const float one_class[] = { 1, 1, 1, 1, 1, 1 };
    assert_int_equal(sp_calibration_fit(&fitted, SP_CALIBRATION_PLATT, margins, one_class, NULL, 6, &err),
                     -1);
}

static uint64_t
next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t word = *seed;
    word = (word ^ (word >> 29)) * 0xbf58476d1ce4e5b9u;
    return word ^ (word >> 32);
}

static double
uniform(uint64_t *seed)
{
    return (double)(next_random(seed) >> 11) / 9007199254740992.0;
}

static void
platt_finds_the_slope_and_every_calibration_is_monotone(SP_UNUSED void **state)
{
    struct sp_error err;
    enum { COUNT = 20000 };
    static double margins[COUNT];
    static float truth[COUNT], unlike[COUNT];
    uint64_t seed = 3;
    for (size_t i = 0; i < COUNT; i++) {
        margins[i] = uniform(&seed) * 8 - 4;
        truth[i] = uniform(&seed) < sp_sigmoid(2 * margins[i] - 1);
        unlike[i] = 1 - truth[i];
    }
    struct sp_calibration fitted;
    assert_ok(sp_calibration_fit(&fitted, SP_CALIBRATION_PLATT, margins, truth, NULL, COUNT, &err));
    assert_within(fitted.slope, 2, 0.1);
    assert_within(fitted.intercept, -1, 0.1);
    assert_ok(sp_calibration_fit(&fitted, SP_CALIBRATION_PLATT, margins, unlike, NULL, COUNT, &err));
    assert_near(fitted.slope, 0);
    assert_ok(sp_calibration_fit(&fitted, SP_CALIBRATION_ISOTONIC, margins, truth, NULL, COUNT, &err));
    assert_true(fitted.knot_count <= SP_KNOTS_MAX);
    double before = 0, worst = 0;
    for (double margin = -5; margin < 5; margin += 0.001) {
        double now = sp_calibration_apply(&fitted, margin);
        assert_true(now >= before && now <= 1);
        before = now;
        if (fabs(margin) < 3.5)
            worst = fmax(worst, fabs(now - sp_sigmoid(2 * margin - 1)));
    }
    assert_true(worst < 0.15);
}

/* Folds and baselines. */

enum { FEATURES = 9 };
static const char *const names[FEATURES] = { "distance",   "ratio", "age",     "noise.1", "shared",
                                             "popularity", "flag",  "noise.2", "length" };

/* Rows whose label follows distance, age and flag with noise; a seventh of the values is missing. */
static void
fill_table(struct sp_table *table, size_t rows, uint64_t seed)
{
    struct sp_error err;
    sp_table_init(table, names, FEATURES);
    for (size_t i = 0; i < rows; i++) {
        float values[FEATURES];
        for (size_t j = 0; j < FEATURES; j++)
            values[j] = (float)(j % 3 == 0 ? floor(uniform(&seed) * 6) : uniform(&seed) * 10 - 5);
        double margin = 1.5 * (double)values[0] - (double)values[2] - (values[6] > 2 ? 3 : 0) - 2;
        for (size_t j = 0; j < FEATURES; j++) {
            if (uniform(&seed) < 1.0 / 7)
                values[j] = NAN;
        }
        float label = uniform(&seed) < sp_sigmoid(margin);
        assert_ok(sp_table_add(table, values, label, (float)(0.5 + uniform(&seed)), (uint32_t)(i / 3), &err));
    }
}

static void
folds_keep_groups_whole_and_labels_even(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_autotable struct sp_table table;
    fill_table(&table, 600, 5);
    uint32_t folds[600], again[600], other[600];
    assert_ok(sp_folds(folds, &table, 5, 1, &err));
    assert_ok(sp_folds(again, &table, 5, 1, &err));
    assert_ok(sp_folds(other, &table, 5, 2, &err));
    assert_memory_equal(folds, again, sizeof(folds));
    assert_memory_not_equal(folds, other, sizeof(folds));
    double rows[5] = { 0 }, positive[5] = { 0 }, all = 0;
    for (size_t i = 0; i < 600; i++) {
        assert_int_equal(folds[i], folds[i / 3 * 3]);
        rows[folds[i]]++;
        positive[folds[i]] += (double)table.labels[i];
        all += (double)table.labels[i];
    }
    for (size_t i = 0; i < 5; i++) {
        assert_true(fabs(rows[i] - 120) <= 6);
        assert_true(fabs(positive[i] - all / 5) <= 3);
    }
}

static void
folds_by_hand(SP_UNUSED void **state)
{
    struct sp_error err;
    float values[8] = { 0 }, truth[] = { 1, 1, 1, 0, 0, 0, 1, 0 };
    uint32_t groups[] = { 7, 7, 7, 9, 9, 9, 3, 4 }, folds[8];
    struct sp_table table = { .row_count = 8,
                              .feature_count = 1,
                              .names = names,
                              .values = values,
                              .labels = truth,
                              .groups = groups };
    /* the three positives to one fold; the three negatives to the other, which is emptier; then the single
     * positive beside the negatives, the single negative beside the positives */
    assert_ok(sp_folds(folds, &table, 2, 1, &err));
    assert_int_equal(folds[0], folds[2]);
    assert_int_not_equal(folds[0], folds[3]);
    assert_int_equal(folds[6], folds[3]);
    assert_int_equal(folds[7], folds[0]);
    assert_int_equal(sp_folds(folds, &table, 5, 1, &err), -1); /* four groups */
    assert_non_null(strstr(err.text, "4 groups"));
}

static void
majority_and_best_feature_by_hand(SP_UNUSED void **state)
{
    struct sp_error err;
    float values[] = { 1, 5, 1, 5, 1, 5, 2, NAN, 2, NAN, 3, 0 }, truth[] = { 1, 1, 0, 0, 0, 1 };
    struct sp_table table = {
        .row_count = 6, .feature_count = 2, .names = names, .values = values, .labels = truth
    };
    struct sp_distinct distinct;
    assert_ok(sp_distinct_rows(&distinct, &table, &err));
    assert_int_equal(distinct.rows, 3);
    assert_near(distinct.majority_accuracy, 5.0 / 6);
    float asked[] = { 1, 5, 2, NAN, 9, 9 };
    struct sp_table test = { .row_count = 3, .feature_count = 2, .names = names, .values = asked };
    double got[3];
    assert_ok(sp_score_by_majority(NULL, &table, &test, got, &err));
    assert_near(got[0], 2.0 / 3);
    assert_near(got[1], 0);
    assert_near(got[2], 0.5);
    /* the second feature turned round, missing lowest: positives -5, -5, 0 against negatives -5, -inf, -inf
     */
    struct sp_best_feature best;
    assert_ok(sp_best_feature(&best, &table, &err));
    assert_int_equal(best.feature, 1);
    assert_int_equal(best.direction, -1);
    assert_near(best.auc, 8.0 / 9);
    assert_ok(sp_score_by_best_feature(NULL, &table, &test, got, &err));
    assert_near(got[1], -INFINITY);
}

/* Models. */

struct grown {
    enum sp_model_kind kind;
    unsigned depth, rounds; /* rounds: no multiple of the trees that are walked at once */
};
static struct grown boosted = { SP_MODEL_BOOSTED, 5, 61 }, deep_forest = { SP_MODEL_FOREST, 12, 21 },
                    single_tree = { SP_MODEL_TREE, 4, 1 };

/* Our margins and contributions against XGBoost's, on rows that it did not see. */
static void
equals_xgboost(void **state)
{
    const struct grown *grown = *state;
    struct sp_error err;
    if (sp_train_available(&err) < 0) {
        print_message("SKIPPED, nothing compared: %s\n", err.text);
        skip();
    }
    sp_autotable struct sp_table table, fresh;
    fill_table(&table, 900, 11);
    fill_table(&fresh, 400, 12);
    struct sp_train_params params = sp_train_defaults(grown->kind);
    params.depth = grown->depth;
    params.rounds = grown->rounds;
    sp_automodel struct sp_model *model = NULL;
    void *booster = NULL;
    assert_ok(sp_xgboost_train(&model, &booster, &table, &params, &err));
    assert_int_equal(model->tree_count, params.rounds);
    sp_automodelfile struct sp_model_file file = { 0 };
    assert_ok(sp_model_use(&file, model, &err));
    static float margins[400], contributions[400][FEATURES + 1];
    assert_ok(sp_xgboost_predict(booster, &fresh, SP_XGBOOST_MARGIN, margins, &err));
    assert_ok(sp_xgboost_predict(booster, &fresh, SP_XGBOOST_CONTRIBUTIONS, contributions[0], &err));
    for (size_t i = 0; i < 400; i++) {
        const float *row = sp_table_row(&fresh, i);
        double margin = sp_model_margin(&file.view, row), sum = 0;
        float ours[FEATURES + 1];
        assert_within(margin, (double)margins[i], 1e-5);
        assert_int_equal(sp_model_contributions(&file.view, row, ours), 0);
        for (size_t j = 0; j <= FEATURES; j++) {
            assert_within((double)ours[j], (double)contributions[i][j], 1e-4);
            sum += (double)ours[j];
        }
        assert_within(sum, margin, 1e-5);
        double probability = sp_model_predict(&file.view, row);
        assert_true(probability >= 0 && probability <= 1);
    }
    struct sp_xgboost xgboost;
    assert_ok(sp_xgboost_load(&xgboost, &err));
    xgboost.booster_free(booster);
}

/* Trains twice from one seed: the same bytes, and better than chance by far out of fold. */
static void
training_is_deterministic_and_learns(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_autotable struct sp_table table;
    fill_table(&table, 900, 21);
    uint32_t folds[900];
    assert_ok(sp_folds(folds, &table, 4, 1, &err));
    for (int kind = 0; kind < SP_MODEL_KINDS; kind++) {
        if (kind != SP_MODEL_LOGISTIC && sp_train_available(&err) < 0) {
            print_message("SKIPPED for %s: %s\n", sp_model_kind_name((enum sp_model_kind)kind), err.text);
            continue;
        }
        struct sp_train_params params = sp_train_defaults((enum sp_model_kind)kind);
        params.rounds = kind == SP_MODEL_TREE ? 1 : 30;
        sp_autobuffer struct sp_buffer first = { 0 }, second = { 0 };
        for (int time = 0; time < 2; time++) {
            sp_automodel struct sp_model *model = NULL;
            assert_ok(sp_train(&model, &table, &params, &err));
            assert_ok(sp_model_write(model, time ? &second : &first, &err));
        }
        assert_string_equal(first.bytes, second.bytes);
        double out_of_fold[900], auc;
        assert_ok(sp_out_of_fold(out_of_fold, &table, folds, 4, sp_score_by_model, &params, &err));
        assert_ok(sp_roc_auc(&auc, out_of_fold, table.labels, NULL, 900, &err));
        if (auc < (kind == SP_MODEL_TREE ? 0.75 : 0.85))
            fail_msg("%s: out-of-fold ROC AUC %.3f", sp_model_kind_name((enum sp_model_kind)kind), auc);
    }
}

static void
monotone_constraints_hold(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_autotable struct sp_table table;
    fill_table(&table, 900, 31);
    /* against the data, so that an ignored constraint would show */
    const int8_t monotone[FEATURES] = { -1, 1, 1 };
    const enum sp_model_kind kinds[] = { SP_MODEL_LOGISTIC, SP_MODEL_BOOSTED, SP_MODEL_FOREST };
    for (size_t k = 0; k < SP_COUNT(kinds); k++) {
        if (kinds[k] != SP_MODEL_LOGISTIC && sp_train_available(&err) < 0) {
            print_message("SKIPPED: %s\n", err.text);
            continue;
        }
        struct sp_train_params params = sp_train_defaults(kinds[k]);
        params.monotone = monotone;
        params.rounds = 30;
        sp_automodel struct sp_model *model = NULL;
        sp_automodelfile struct sp_model_file file = { 0 };
        assert_ok(sp_train(&model, &table, &params, &err));
        assert_ok(sp_model_use(&file, model, &err));
        for (size_t i = 0; i < 50; i++) {
            for (size_t j = 0; j < 3; j++) {
                float row[FEATURES];
                memcpy(row, sp_table_row(&table, i), sizeof(row));
                double before = -INFINITY;
                for (float value = -6; value < 7; value += 0.25f) {
                    row[j] = value;
                    double now = monotone[j] * sp_model_margin(&file.view, row);
                    assert_true(now >= before - 1e-6);
                    before = now;
                }
            }
        }
    }
}

static void
logistic_regression_by_hand(SP_UNUSED void **state)
{
    struct sp_error err;
    /* one mark, 30 of 40 positive with it, 10 of 40 without: the unpenalised log-odds are log 3 and -log 3 */
    sp_autotable struct sp_table table;
    sp_table_init(&table, names, 1);
    const float with = 1, without = 0, missing = NAN;
    for (int i = 0; i < 40; i++) {
        assert_ok(sp_table_add(&table, &with, i < 30, 1, 0, &err));
        assert_ok(sp_table_add(&table, &without, i < 10, 1, 0, &err));
    }
    struct sp_train_params params = sp_train_defaults(SP_MODEL_LOGISTIC);
    params.lambda = 0;
    sp_automodel struct sp_model *model = NULL, *gaps = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    assert_ok(sp_train(&model, &table, &params, &err));
    assert_ok(sp_model_use(&file, model, &err));
    assert_within(sp_model_margin(&file.view, &with), log(3), 1e-4);
    assert_within(sp_model_margin(&file.view, &without), -log(3), 1e-4);
    assert_within(sp_model_predict(&file.view, &with), 0.75, 1e-4);
    assert_within(sp_model_margin(&file.view, &missing), 0, 1e-4); /* never seen missing: the mean */
    float contributions[2];
    sp_model_contributions(&file.view, &with, contributions);
    assert_within((double)contributions[0], log(3), 1e-4);
    assert_within((double)contributions[1], 0, 1e-4);
    for (int i = 0; i < 40; i++)
        assert_ok(sp_table_add(&table, &missing, i < 36, 1, 0, &err));
    sp_model_file_free(&file);
    assert_ok(sp_train(&gaps, &table, &params, &err));
    assert_ok(sp_model_use(&file, gaps, &err));
    assert_within(sp_model_margin(&file.view, &missing), log(9), 1e-4); /* missing is a value of its own */
    const float endless = INFINITY;
    assert_true(isfinite(sp_model_margin(&file.view, &endless)));
}

/* File forms. */

static const char small[] = "sallyport-model 1\n"
                            "kind boosted\n"
                            "command sallyport train name --seed 7\n"
                            "note 2 rows\n"
                            "features 2\n"
                            "feature distance\n"
                            "feature age\n"
                            "base -0.5\n"
                            "calibration isotonic 2\n"
                            "knot -1 0.25\n"
                            "knot 1 0.75\n"
                            "threshold review 0.5\n"
                            "trees 2\n"
                            "tree 0 5\n"
                            "0 split distance 1.5 1 2 right 10\n"
                            "1 leaf 0.75 4\n"
                            "2 split age 3 3 4 left 6\n"
                            "3 leaf 0.5 2\n"
                            "4 leaf -0.25 4\n"
                            "tree 1 1\n"
                            "0 leaf 0.125 10\n"
                            "end\n";

static void
text_form_by_hand_and_round(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_automodel struct sp_model *model = NULL;
    /* the numbers must not depend on the locale; where none with a comma is installed this proves nothing */
    setlocale(LC_ALL, "de_DE.UTF-8");
    assert_ok(sp_model_read(&model, small, strlen(small), "small", &err));
    sp_autobuffer struct sp_buffer text = { 0 };
    assert_ok(sp_model_write(model, &text, &err));
    setlocale(LC_ALL, "C");
    assert_string_equal(text.bytes, small);
    sp_automodelfile struct sp_model_file file = { 0 };
    assert_ok(sp_model_use(&file, model, &err));
    const struct sp_model_view *view = &file.view;
    assert_near(sp_model_margin(view, (const float[]){ 1, 9 }), 0.375);
    assert_near(sp_model_margin(view, (const float[]){ 1.5f, 9 }), -0.625); /* 1.5 is not below 1.5 */
    assert_near(sp_model_margin(view, (const float[]){ NAN, NAN }), 0.125); /* right, then left */
    assert_near(sp_model_predict(view, (const float[]){ NAN, NAN }), 0.5 + 0.125 / 4);
    /* the tree's mean is 0.4 * 0.75 + 0.2 * 0.5 - 0.4 * 0.25 = 0.3; knowing only distance = 1 gives 0.75,
     * only age = 9: 0.4 * 0.75 - 0.6 * 0.25 = 0.15; Shapley: distance (0.45 + 0.6) / 2, age (-0.15 + 0) / 2
     */
    float contributions[3];
    sp_model_contributions(view, (const float[]){ 1, 9 }, contributions);
    assert_within((double)contributions[0], 0.525, 1e-6);
    assert_within((double)contributions[1], -0.075, 1e-6);
    assert_within((double)contributions[2], -0.075, 1e-6); /* base + 0.3 + 0.125 */
    double value;
    assert_true(sp_model_threshold(view, "review", &value));
    assert_near(value, 0.5);
    assert_false(sp_model_threshold(view, "block", &value));
    assert_int_equal(sp_model_feature_count(view), 2);
    assert_string_equal(sp_model_feature_name(view, 1), "age");
    assert_int_equal(sp_model_feature_index(view, "age"), 1);
    assert_int_equal(sp_model_feature_index(view, "none"), -1);
}

static void
both_forms_load_from_a_file_alike(SP_UNUSED void **state)
{
    struct sp_error err;
    char path[] = "/tmp/sallyport-model-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    sp_automodelfile struct sp_model_file text = { 0 }, compiled = { 0 };
    assert_ok(sp_file_write(path, small, strlen(small), &err));
    assert_ok(sp_model_load(&text, path, &err));
    assert_ok(sp_file_write(path, text.compiled.bytes, text.compiled.length, &err));
    assert_ok(sp_model_load(&compiled, path, &err));
    unlink(path);
    assert_non_null(compiled.mapping.bytes);
    assert_true(text.view.fingerprint == compiled.view.fingerprint);
    const float row[] = { 2, 4 };
    assert_near(sp_model_predict(&compiled.view, row), sp_model_predict(&text.view, row));
}

/* The small model with one piece of text replaced, and what the refusal must name. */
static const struct {
    const char *name, *old, *new, *says;
} damages[] = {
    { "unknown version", "model 1", "model 2", "format 2" },
    { "unknown kind", "boosted", "bayes", "kind" },
    { "no whole file", "end\n", "", "not whole" },
    { "more after the end", "end\n", "end\nend\n", "follows" },
    { "a feature twice", "feature age", "feature distance", "twice" },
    { "fewer features than said", "features 2", "features 3", "'feature' was expected" },
    { "endless base", "base -0.5", "base inf", "number" },
    { "huge base", "base -0.5", "base 1e300", "range" },
    { "falling knots", "1 0.75", "1 0.15", "rise" },
    { "knot beyond 1", "1 0.75", "1 1.75", "within" },
    { "threshold beyond 1", "review 0.5", "review 1.5", "probability" },
    { "unknown feature", "split age", "split ages", "does not have" },
    { "a child before its parent", "3 3 4 left", "3 1 2 left", "after their parent" },
    { "a child of itself", "3 3 4 left", "3 2 3 left", "after their parent" },
    { "a child shared by two", "1.5 1 2 right", "1.5 3 4 right", "level by level" },
    { "a child beyond the tree", "3 3 4 left", "3 4 5 left", "level by level" },
    { "a node that nothing leads to", "2 split age 3 3 4 left 6", "2 leaf 1 6", "no split leads" },
    { "a split without children", "3 leaf 0.5 2", "3 split age 1 4 5 left 2", "level by level" },
    { "negative cover", "0.75 4", "0.75 -4", "no numbers" },
    { "a leaf of not-a-number", "leaf 0.75", "leaf nan", "number" },
    { "hexadecimal", "leaf 0.75", "leaf 0x1p3", "number" },
    { "two spaces", "kind boosted", "kind  boosted", "words" },
    { "carriage return", "kind boosted", "kind boosted\r", "carriage" },
    { "escape in a note", "note 2", "note \033[2J", "printable" },
    { "more trees than there are", "trees 2", "trees 3", "'tree' was expected" },
    { "absurd count", "trees 2", "trees 99999999999999999999", "count" },
};

static void
damaged_text_is_refused_by_name(SP_UNUSED void **state)
{
    for (size_t i = 0; i < SP_COUNT(damages); i++) {
        const char *at = strstr(small, damages[i].old);
        assert_non_null(at);
        char text[sizeof(small) + 64];
        snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - small), small, damages[i].new,
                 at + strlen(damages[i].old));
        struct sp_error err;
        struct sp_model *model = NULL;
        int status = sp_model_read(&model, text, strlen(text), "small", &err);
        if (status != -1 || model || !strstr(err.text, damages[i].says))
            fail_msg("%s: status %d, '%s' lacks '%s'", damages[i].name, status, err.text, damages[i].says);
    }
}

/* Opens SIZE bytes in memory of just that size; where that succeeds, uses all that is offered. */
static bool
survive(const char *bytes, size_t size)
{
    sp_autofree char *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    struct sp_model_view view;
    if (sp_model_open(&view, copy, size, NULL) < 0)
        return false;
    const float rows[][4] = { { 0 }, { NAN, NAN }, { INFINITY, -INFINITY }, { 3, 2 } };
    for (size_t i = 0; view.feature_count <= 4 && i < SP_COUNT(rows); i++) {
        float contributions[5];
        double probability = sp_model_predict(&view, rows[i]);
        assert_true(probability >= 0 && probability <= 1);
        sp_model_contributions(&view, rows[i], contributions);
    }
    double value;
    sp_model_threshold(&view, "review", &value);
    return sp_model_feature_index(&view, "age") < 4;
}

static void
damaged_compiled_model_is_refused_or_harmless(SP_UNUSED void **state)
{
    struct sp_error err;
    sp_automodel struct sp_model *model = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    assert_ok(sp_model_read(&model, small, strlen(small), "small", &err));
    assert_ok(sp_model_use(&file, model, &err));
    char *bytes = file.compiled.bytes;
    size_t size = file.compiled.length;
    assert_true(survive(bytes, size));
    for (size_t i = 0; i < size; i++) {
        assert_false(survive(bytes, i));
        for (int change = 1; change < 256; change = change * 2 + 1) {
            bytes[i] ^= (char)change;
            survive(bytes, size);
            bytes[i] ^= (char)change;
        }
    }
    struct sp_model_node *nodes = (struct sp_model_node *)(bytes + ((const char *)file.view.nodes - bytes));
    struct sp_model_node kept = nodes[2];
    const struct sp_model_node bad[] = {
        { 3, 1, 3 }, { 3, 2, 1 }, { 3, 1, 0 }, { INFINITY, 1, 1 }, { 3, 0, 0 }
    };
    for (size_t i = 0; i < SP_COUNT(bad); i++) {
        nodes[2] = bad[i];
        assert_false(survive(bytes, size));
    }
    nodes[2] = kept;
    assert_true(survive(bytes, size));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confusion_and_its_ratios),
        cmocka_unit_test(ratios_of_nothing_are_not_numbers),
        cmocka_unit_test(roc_curve_area_and_thresholds),
        cmocka_unit_test(roc_with_weights_ties_and_one_class),
        cmocka_unit_test(brier_bins_and_percentiles),
        cmocka_unit_test(pava_pools_what_falls),
        cmocka_unit_test(isotonic_calibration_by_hand),
        cmocka_unit_test(platt_finds_the_slope_and_every_calibration_is_monotone),
        cmocka_unit_test(folds_keep_groups_whole_and_labels_even),
        cmocka_unit_test(folds_by_hand),
        cmocka_unit_test(majority_and_best_feature_by_hand),
        { "boosted_equals_xgboost", equals_xgboost, NULL, NULL, &boosted },
        { "deep_forest_equals_xgboost", equals_xgboost, NULL, NULL, &deep_forest },
        { "single_tree_equals_xgboost", equals_xgboost, NULL, NULL, &single_tree },
        cmocka_unit_test(training_is_deterministic_and_learns),
        cmocka_unit_test(monotone_constraints_hold),
        cmocka_unit_test(logistic_regression_by_hand),
        cmocka_unit_test(text_form_by_hand_and_round),
        cmocka_unit_test(both_forms_load_from_a_file_alike),
        cmocka_unit_test(damaged_text_is_refused_by_name),
        cmocka_unit_test(damaged_compiled_model_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
