/* Training and measuring on made-up runs of a known truth. */
#include "behaviour_rows.h"
#include "base/file.h"
#include "behaviour/vector.h"
#include "eval/behaviour_alarms.h"
#include "eval/behaviour_eval.h"
#include "eval/behaviour_train.h"
#include "eval/cross_fit.h"
#include "eval/measures.h"
#include "eval/published_data.h"
#include "model/metrics.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char folder[64];

static const char *
write_file(char path[128], const char *name, const struct sp_buffer *text)
{
    struct sp_error err = { 0 };
    snprintf(path, 128, "%s/%s", folder, name);
    if (sp_file_write(path, text->bytes, text->length, &err) < 0)
        fail_msg("%s", err.text);
    return path;
}

static void
bounds_are_clopper_and_pearsons(void **state SP_UNUSED)
{
    /* 0 of n: 1 - 0.05^(1/n); the others from tables of the beta distribution */
    assert_true(fabs(sp_binomial_upper(0, 100, 0.95) - (1 - pow(0.05, 0.01))) < 1e-9);
    assert_true(fabs(sp_binomial_upper(1, 10, 0.95) - 0.3941633) < 1e-6);
    assert_true(fabs(sp_binomial_lower(1, 10, 0.95) - 0.0051162) < 1e-6);
    assert_true(fabs(sp_binomial_upper(5, 10, 0.95) - 0.7775589) < 1e-6);
    assert_true(sp_binomial_upper(3, 3, 0.95) == 1);
    assert_true(sp_binomial_lower(0, 3, 0.95) == 0);
    assert_true(sp_binomial_upper(0, 0, 0.95) == 1);
}

static void
measures_equal_those_made_by_hand(void **state SP_UNUSED)
{
    /* two caught, one missed, one false alarm, two quiet */
    const double scores[] = { 0.9, 0.8, 0.2, 0.6, 0.1, 0.3 };
    const float labels[] = { 1, 1, 1, 0, 0, 0 };
    struct sp_measures m;
    assert_int_equal(sp_measure(&m, scores, labels, 6, 0.5, NULL), 0);
    assert_true(fabs(m.accuracy - 4.0 / 6) < 1e-12);
    assert_true(fabs(m.precision - 2.0 / 3) < 1e-12);
    assert_true(fabs(m.recall - 2.0 / 3) < 1e-12);
    assert_true(fabs(m.f1 - 2.0 / 3) < 1e-12);
    assert_true(fabs(m.kappa - 1.0 / 3) < 1e-12);
    assert_true(fabs(m.auc - 7.0 / 9) < 1e-12);
}

static void
read_made(struct sp_behaviour_table *table, const struct made_rows *rows)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    made_table(&text, rows);
    if (sp_behaviour_table_take(table, text.bytes, text.length, "made.csv", &err) < 0 ||
        sp_behaviour_table_finish(table, &err) < 0)
        fail_msg("%s", err.text);
}

static const struct made_rows small = {
    .seed = 3, .real = 120, .twins = 40, .techniques = 10, .a_technique = 6, .told = 1, .loud = 0.5
};

/* Ten honest packages with scores 0.1 to 1.0, one alarm in ten allowed: the threshold lies between the
 * highest and the second. */
static void
a_threshold_keeps_its_budget(void **state SP_UNUSED)
{
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_alarm_threshold threshold;
    read_made(&table, &small);
    size_t rows = table.table.row_count;
    sp_autofree double *p = calloc(rows, sizeof(*p));
    for (size_t i = 0; i < rows; i++)
        p[i] = table.rows[i].attack ? 0.9 : 0.001 * (double)(i % 160);
    p[0] = 0.7;
    assert_int_equal(sp_alarm_threshold(&threshold, p, &table, NULL, 0, 0.05, NULL), 0);
    assert_int_equal(threshold.alarms, 0);
    assert_int_equal(threshold.packages, 120);
    assert_true(threshold.value > 0.7 && threshold.value <= 0.9);
    assert_int_equal(sp_alarm_threshold(&threshold, p, &table, NULL, 10, 0.05, NULL), 0);
    assert_int_equal(threshold.alarms, 1); /* 10 of 1,000 are 1.2 of the 120 that are no twins */
    assert_true(threshold.value < 0.7 && threshold.value > 0.1);
    assert_true(fabs(threshold.upper - sp_binomial_upper(1, 120, 0.95)) < 1e-12);
    assert_int_equal(sp_alarm_threshold(&threshold, p, &table, NULL, 10, 0.95, NULL), 0);
    assert_true(threshold.value == 0.95);
    /* all honest above all attacks: nothing may alarm */
    for (size_t i = 0; i < rows; i++)
        p[i] = table.rows[i].attack ? 0.1 : 1;
    assert_int_equal(sp_alarm_threshold(&threshold, p, &table, NULL, 0, 0.05, NULL), 0);
    assert_true(threshold.value <= 1);
}

/* Labels are drawn by group, and one column is the group's number: with the group on both sides of a split
 * it tells the label, else nothing does. */
static void
nothing_leaks_through_a_group(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    if (sp_train_available(&err) < 0)
        skip();
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    sp_autocolumns struct sp_columns columns = { 0 };
    sp_autocrossfit struct sp_cross_fit fit = { 0 };
    bool chosen[SP_VECTOR_MAX];
    made_head(&text);
    for (unsigned group = 0; group < 60; group++) {
        for (unsigned i = 0; i < 5; i++) {
            char name[32], family[32], value[32];
            snprintf(name, sizeof(name), "p-%u-%u", group, i);
            snprintf(family, sizeof(family), "f-%u", group);
            snprintf(value, sizeof(value), "%u", 100 + group);
            made_row(&text, name, group * 2654435761u >> 16 & 1 ? "attack" : "honest", "", family, "x",
                     "all.own.hosts", value);
        }
    }
    if (sp_behaviour_table_take(&table, text.bytes, text.length, "made.csv", &err) < 0 ||
        sp_behaviour_table_finish(&table, &err) < 0 ||
        sp_columns_choose(chosen, NULL, 0, NULL, 0, &err) < 0 ||
        sp_columns_take(&columns, &table.table, chosen, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(columns.count, 1);
    const struct sp_cross_options options = { .kind = SP_MODEL_BOOSTED, .folds = 5, .seed = 1 };
    if (sp_cross_fit(&fit, &columns, &options, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < table.table.row_count; i++)
        for (size_t j = 0; j < table.table.row_count; j++)
            if (table.rows[i].group == table.rows[j].group && fit.folds[i] != fit.folds[j])
                fail_msg("rows %zu and %zu of a group stand on two sides", i, j);
    double auc;
    assert_int_equal(sp_roc_auc(&auc, fit.margins, table.table.labels, NULL, table.table.row_count, &err), 0);
    if (auc > 0.75)
        fail_msg("AUC %.3f from a number that says nothing about other groups", auc);
}

static void
too_few_groups_are_said(void **state SP_UNUSED)
{
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    struct made_rows rows = small;
    rows.techniques = 2;
    read_made(&table, &rows);
    assert_int_equal(sp_cross_check(&table.table, 5, &err), -1);
    assert_non_null(strstr(err.text, "2 groups of attack rows cannot fill 5 parts"));
}

static void
train(const char *table, const char *model, double per_1000)
{
    struct sp_behaviour_training training = sp_behaviour_training_defaults();
    struct sp_error err = { 0 };
    training.tables = &table;
    training.table_count = 1;
    training.model_path = model;
    training.folds = 3;
    training.block_per_1000 = per_1000;
    training.review_per_1000 = 10 * per_1000;
    training.command = "sallyport train behaviour made.csv";
    sp_autofclose FILE *out = fopen("/dev/null", "w");
    if (sp_train_behaviour(&training, out, false, &err) < 0)
        fail_msg("%s", err.text);
}

static const struct sp_figure *
find_row(const struct sp_figure_table *table, const char *first, const char *second)
{
    for (size_t i = 0; table && i < table->row_count; i++) {
        const struct sp_figure *row = table->figures + i * table->column_count;
        if (!strcmp(row[0].text, first) && (!second || !strcmp(row[1].text, second)))
            return row;
    }
    fail_msg("no row %s %s", first, second ? second : "");
    return NULL;
}

static void
a_model_is_fitted_and_judges_fresh_runs(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    if (sp_train_available(&err) < 0)
        skip();
    char table[128], again[128], fresh[128], first[128], second[128];
    sp_autobuffer struct sp_buffer text = { 0 }, fresh_text = { 0 }, one = { 0 }, two = { 0 };
    made_table(&text, &small);
    struct made_rows other = small;
    other.seed = 9;
    other.from = 8; /* two techniques that are known, eight that are not */
    made_table(&fresh_text, &other);
    write_file(table, "made.csv", &text);
    write_file(fresh, "fresh.csv", &fresh_text);
    snprintf(first, sizeof(first), "%s/first.model", folder);
    snprintf(second, sizeof(second), "%s/second.model", folder);
    train(table, first, 10);
    train(table, second, 10);
    assert_int_equal(sp_file_read(first, 1 << 24, &one, &err), 0);
    assert_int_equal(sp_file_read(second, 1 << 24, &two, &err), 0);
    assert_string_equal(one.bytes, two.bytes); /* the same input gives the same bytes */
    assert_non_null(strstr(one.bytes, "\nnote features_version 1\n"));
    assert_non_null(strstr(one.bytes, "\nnote table made.csv sha256 "));
    assert_non_null(strstr(one.bytes, "\nthreshold block "));
    assert_null(strstr(one.bytes, "feature run."));
    assert_null(strstr(one.bytes, "own.duration"));

    const char *tables[] = { table }, *freshes[] = { fresh };
    struct sp_behaviour_eval options = { .tables = tables,
                                         .table_count = 1,
                                         .model_path = first,
                                         .fresh = freshes,
                                         .fresh_count = 1,
                                         .folds = 3,
                                         .seed = 1 };
    sp_autofigures struct sp_figures figures = { 0 };
    if (sp_eval_behaviour(&figures, &options, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_figure_table *known = sp_figures_find(&figures, "fresh_known_techniques"),
                                 *news = sp_figures_find(&figures, "fresh_new_techniques");
    assert_non_null(known);
    assert_non_null(news);
    assert_int_equal(known->row_count, 2);
    assert_int_equal(news->row_count, 8);
    /* every attack touches a decoy, so all are caught */
    const struct sp_figure *row = find_row(news, "technique-12", NULL);
    assert_true(row[1].number == 6 && row[2].number == 6);
    assert_non_null(strstr(sp_figures_find(&figures, "false_alarms")->title, "fitted on"));
    /* a table is not fresh to itself */
    snprintf(again, sizeof(again), "%s", table);
    freshes[0] = again;
    sp_autofigures struct sp_figures refused = { 0 };
    assert_int_equal(sp_eval_behaviour(&refused, &options, &err), -1);
    assert_non_null(strstr(err.text, "not fresh"));
}

static void
tables_are_made_out_of_fold(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    if (sp_train_available(&err) < 0)
        skip();
    char path[128];
    sp_autobuffer struct sp_buffer text = { 0 };
    made_table(&text, &small);
    const char *tables[] = { write_file(path, "made.csv", &text) };
    const struct sp_behaviour_eval options = {
        .tables = tables, .table_count = 1, .scope_package = true, .folds = 3, .seed = 1
    };
    sp_autofigures struct sp_figures figures = { 0 };
    if (sp_eval_behaviour(&figures, &options, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_figure_table *models = sp_figures_find(&figures, "models");
    double own = NAN, filetop = NAN, package = NAN;
    for (size_t i = 0; i < models->row_count; i++) {
        const struct sp_figure *row = models->figures + i * models->column_count;
        assert_null(strstr(row[0].text, ", run"));
        if (strcmp(row[2].text, "boosted trees") != 0)
            continue;
        own = !strcmp(row[0].text, "own") ? row[7].number : own;
        filetop = !strcmp(row[0].text, "filetop, package") ? row[7].number : filetop;
        package = !strcmp(row[0].text, "all 36, package") ? row[7].number : package;
    }
    assert_true(own > 0.97);     /* decoys tell */
    assert_true(filetop < 0.75); /* noise does not */
    assert_true(package < 0.75);
    /* by hand: the rule 'anything outside was called' over the rows as they were made */
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    read_made(&table, &small);
    size_t loud = 0, twins = 0;
    for (size_t i = 0; i < table.table.row_count; i++) {
        twins += table.rows[i].twin;
        loud += table.rows[i].twin && table.rows[i].outside;
    }
    const struct sp_figure *row = find_row(sp_figures_find(&figures, "false_alarms"), "twins",
                                           "anything outside the registry was called");
    assert_true(row[2].number == (double)twins && row[3].number == (double)loud && loud > 0);
    assert_true(fabs(row[5].number - 1000 * sp_binomial_upper(loud, twins, 0.95)) < 1e-9);
    /* both forms can be written; the JSON can be read */
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    assert_int_equal(sp_figures_write(&figures, false, out, &err), 0);
    fclose(out);
    assert_non_null(strstr(bytes, "GuardDog"));
    free(bytes);
    out = open_memstream(&bytes, &size);
    assert_int_equal(sp_figures_write(&figures, true, out, &err), 0);
    fclose(out);
    json_t *root = json_loads(bytes, 0, NULL);
    assert_non_null(root);
    assert_true(json_array_size(json_object_get(json_object_get(root, "techniques"), "rows")) == 10);
    json_decref(root);
    free(bytes);
}

static void
published_rows_are_read(void **state SP_UNUSED)
{
    char path[128];
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer svm = { 0 }, csv = { 0 }, bad = { 0 };
    sp_autopublished struct sp_published_rows rows = { 0 }, table = { 0 }, wrong = { 0 };
    sp_buffer_append_string(&svm, "0 2:1 7:3\n1\n1 2:1\n1 2:1\n0 2:1\n", NULL);
    if (sp_published_read(&rows, write_file(path, "a.svm", &svm), &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(rows.row_count, 5);
    assert_int_equal(rows.feature_count, 8);
    double scores[5];
    size_t all[] = { 0, 1, 2, 3, 4 }, distinct;
    assert_int_equal(sp_published_majority(scores, &distinct, &rows, all, 5, all, 5, &err), 0);
    assert_int_equal(distinct, 3);
    assert_true(scores[0] == 0 && scores[1] == 1 && fabs(scores[2] - 2.0 / 3) < 1e-12);
    size_t places[1], count;
    assert_int_equal(sp_published_select(places, &count, 1, &rows, all, 5, &err), 0);
    assert_int_equal(count, 1);
    assert_int_equal(places[0], 7); /* chi-square 1.875 against 0.833 */
    sp_buffer_append_string(
        &csv, "row,Total_Paths,Total_Error_Counts,Root,label\r\n0,5,5,2,1\r\n1,4,4,0,0\r\n", NULL);
    if (sp_published_read(&table, write_file(path, "a.csv", &csv), &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(table.feature_count, 2);
    assert_true(table.entries[1].value == 2);
    sp_buffer_append_string(&bad, "0 7:1 2:1\n", NULL);
    assert_int_equal(sp_published_read(&wrong, write_file(path, "b.svm", &bad), &err), -1);
    assert_non_null(strstr(err.text, "b.svm:1"));
}

static int
make_folder(void **state SP_UNUSED)
{
    snprintf(folder, sizeof(folder), "/tmp/sallyport-eval-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
drop_folder(void **state SP_UNUSED)
{
    static const char *const names[] = { "made.csv", "fresh.csv", "first.model", "second.model",
                                         "a.svm",    "a.csv",     "b.svm" };
    char path[128];
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_clopper_and_pearsons),
        cmocka_unit_test(measures_equal_those_made_by_hand),
        cmocka_unit_test(a_threshold_keeps_its_budget),
        cmocka_unit_test(nothing_leaks_through_a_group),
        cmocka_unit_test(too_few_groups_are_said),
        cmocka_unit_test(a_model_is_fitted_and_judges_fresh_runs),
        cmocka_unit_test(tables_are_made_out_of_fold),
        cmocka_unit_test(published_rows_are_read),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
