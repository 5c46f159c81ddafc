/* Collecting: lists, the order of a vector, what a table holds already. The runs themselves: tests/run. */
#include "base/file.h"
#include "base/tree.h"
#include "behaviour/vector.h"
#include "eval/collect_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static char folder[] = "/tmp/sallyport-collect-XXXXXX";

static int
make_folder(void **state SP_UNUSED)
{
    return mkdtemp(folder) ? 0 : -1;
}

static int
drop_folder(void **state SP_UNUSED)
{
    return sp_tree_remove(folder, NULL);
}

static const char *
write_file(const char *name, const char *text)
{
    static char path[256];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (sp_file_write(path, text, strlen(text), &err) < 0)
        fail_msg("%s", err.text);
    return path;
}

#define HEAD "ecosystem\tname\tversion\tlabel\ttechnique\tfamily\torigin\tculprit\tflags\tnote\n"

static void
a_list_says_what_is_known_of_each_package(void **state SP_UNUSED)
{
    sp_autocollectlist struct sp_collect_list list = { 0 };
    struct sp_error err;
    const char *path = write_file("good.tsv", HEAD "npm\t@a/b\t1.2.3\thonest\t\t\treal\t\t\tcli\n"
                                                   "pypi\tRuamel.Yaml\t\thonest\t\tpypi:r\treal\t\tsdist\t\n"
                                                   "npm\tfront\t1.0.0\tattack\tpull\tf\treplica\tback\t\t\n");
    if (sp_collect_list_read(&list, path, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].name, "@a/b");
    assert_string_equal(list.items[0].family, "npm:@a/b");
    assert_string_equal(list.items[0].culprit, "@a/b");
    assert_false(list.items[0].attack);
    assert_null(list.items[1].version);
    assert_true(list.items[1].source);
    assert_string_equal(list.items[1].family, "pypi:r");
    assert_true(list.items[2].attack);
    assert_string_equal(list.items[2].technique, "pull");
    assert_string_equal(list.items[2].culprit, "back");
}

static void
a_bad_list_is_refused_with_file_and_line(void **state SP_UNUSED)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "ecosystem\tname\tversion\nnpm\tx\t1.0.0\n", "label" },
        { HEAD "maven\tx\t1\thonest\t\t\t\t\t\t\n", ":2: 'maven': packages of npm and pypi can be run" },
        { HEAD "npm\t--global\t1.0.0\thonest\t\t\t\t\t\t\n", ":2:" },
        { HEAD "npm\t../x\t1.0.0\thonest\t\t\t\t\t\t\n", ":2:" },
        { HEAD "npm\tx\t--flag\thonest\t\t\t\t\t\t\n", ":2: '--flag' is no version" },
        { HEAD "npm\tx\t1.0.0 && id\thonest\t\t\t\t\t\t\n", "is no version" },
        { HEAD "npm\tx\t1.0.0\tgood\t\t\t\t\t\t\n", ":2: the label must be attack or honest" },
        { HEAD "npm\tx\t1.0.0\tattack\t\t\t\t\t\t\n", ":2: an attack needs a technique" },
        { HEAD "npm\tx\t1.0.0\tattack\ta,b\t\t\t\t\t\n", "one word without quotes and commas" },
        { HEAD "npm\tx\t1.0.0\thonest\t\t\t\t\t\t\nnpm\tx\t1.0.0\thonest\t\t\t\t\t\t\n",
          ":3: x 1.0.0 is listed already" },
        { HEAD "npm\tx\t1.0.0\thonest\t\t\t\t../y\t\t\n", ":2: the culprit" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autocollectlist struct sp_collect_list list = { 0 };
        struct sp_error err = { 0 };
        if (sp_collect_list_read(&list, write_file("bad.tsv", cases[i].text), &err) == 0)
            fail_msg("was read: %s", cases[i].text);
        if (!strstr(err.text, cases[i].says))
            fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
    }
}

static void
every_place_of_a_vector_has_a_name_that_leads_back(void **state SP_UNUSED)
{
    char name[SP_VECTOR_NAME_MAX];
    assert_int_equal(sp_vector_count(), 5 * sp_feature_count + sp_rule_count);
    for (size_t i = 0; i < sp_vector_count(); i++)
        assert_int_equal(sp_vector_index(sp_vector_name(i, name)), i);
    assert_int_equal(sp_vector_index("all.own.decoy"), -1);
    assert_int_equal(sp_vector_index("fetch.own.decoys"), -1);
    assert_int_equal(sp_vector_index("all"), -1);
}

#define X "pkg:npm/x@1.0.0"

static void
a_vector_holds_the_package_s_own_rows_and_the_run_s(void **state SP_UNUSED)
{
    struct sp_feature_row rows[6] = {
        { .kind = "all", .phase = -1 },
        { .kind = "all", .phase = SP_PHASE_INSTALL },
        { .package = X, .kind = "package", .phase = SP_PHASE_INSTALL },
        { .package = "pkg:npm/y@1.0.0", .kind = "package", .phase = SP_PHASE_LOAD },
        { .package = X, .kind = "package", .phase = -1 },
        { .kind = "manager", .phase = SP_PHASE_FETCH },
    };
    float vector[SP_VECTOR_MAX];
    size_t decoys = (size_t)sp_vector_index("all.own.decoys"),
           direct = (size_t)sp_vector_index("all.install.direct-dependencies");
    for (size_t i = 0; i < SP_COUNT(rows); i++)
        for (size_t k = 0; k < sp_feature_count; k++)
            rows[i].values[k] = (double)(100 * i + k % 100);
    rows[4].values[direct % sp_feature_count] = NAN;
    rows[4].values[0] = NAN;
    assert_true(sp_vector_fill(vector, rows, SP_COUNT(rows), X));
    assert_float_equal(vector[decoys], 400 + decoys, 0);
    assert_float_equal(vector[sp_vector_index("install.own.decoys")], 200 + decoys, 0);
    /* it was not loaded: nothing happened there, which is known; but for what is not known at all */
    assert_float_equal(vector[sp_vector_index("load.own.decoys")], 0, 0);
    assert_true(isnan(vector[SP_VECTOR_LOAD * sp_feature_count]));
    assert_float_equal(vector[sp_vector_index("run.own.decoys")], decoys, 0);
    assert_float_equal(vector[direct], rows[0].values[direct], 0);
    assert_false(sp_vector_fill(vector, rows, SP_COUNT(rows), "pkg:npm/z@1.0.0"));
    assert_true(isnan(vector[decoys]));
}

static void
a_vector_holds_the_worst_that_each_rule_said_of_the_package(void **state SP_UNUSED)
{
    const struct sp_finding findings[] = {
        { .rule = "run/connection",
          .severity = SP_SEVERITY_REVIEW,
          .ecosystem = "npm",
          .name = "x",
          .version = "1.0.0" },
        { .rule = "run/data-sent", .severity = SP_SEVERITY_BLOCK, .ecosystem = "npm", .name = "x" },
        { .rule = "run/data-sent", .severity = SP_SEVERITY_REVIEW, .ecosystem = "npm", .name = "x" },
        { .rule = "run/listen", .severity = SP_SEVERITY_BLOCK, .ecosystem = "npm", .name = "y" },
        { .rule = "run/listen",
          .severity = SP_SEVERITY_BLOCK,
          .ecosystem = "npm",
          .name = "x",
          .version = "2.0.0" },
        { .rule = "run/staged", .severity = SP_SEVERITY_REVIEW },
        { .rule = "name/confusion", .severity = SP_SEVERITY_BLOCK, .ecosystem = "npm", .name = "x" },
    };
    float vector[SP_VECTOR_MAX] = { 0 };
    sp_vector_rules(vector, findings, SP_COUNT(findings), X);
    assert_float_equal(vector[sp_vector_index("rule.connection")], 1, 0);
    assert_float_equal(vector[sp_vector_index("rule.data-sent")], 2, 0);
    assert_float_equal(vector[sp_vector_index("rule.listen")], 0, 0);
    assert_float_equal(vector[sp_vector_index("rule.staged")], 0, 0);
    sp_vector_rules(vector, findings, SP_COUNT(findings), NULL);
    assert_float_equal(vector[sp_vector_index("rule.staged")], 1, 0);
    assert_float_equal(vector[sp_vector_index("rule.listen")], 0, 0);
}

static void
a_row_that_could_not_be_made_has_all_its_fields(void **state SP_UNUSED)
{
    const struct sp_collect_item item = { .ecosystem = sp_ecosystems[SP_NPM],
                                          .name = "x",
                                          .technique = "",
                                          .family = "npm:x",
                                          .origin = "real",
                                          .culprit = "x" };
    const struct sp_collect_run run = { .item = &item, .net = SP_NET_SINKHOLE, .number = 2 };
    sp_autobuffer struct sp_buffer head = { 0 }, row = { 0 };
    struct sp_error err;
    if (sp_collect_head(&head, &err) < 0 ||
        sp_collect_failed_row(&run, "no \"sandbox\"", 1.5, &row, &err) < 0)
        fail_msg("%s", err.text);
    size_t commas[2] = { 0 };
    for (const char *at = head.bytes; *at; at++)
        commas[0] += *at == ',';
    for (const char *at = row.bytes; *at; at++)
        commas[1] += *at == ',';
    assert_int_equal(commas[0], commas[1]);
    if (!strstr(row.bytes,
                ",npm,x,,,honest,,npm:x,real,sinkhole,2,subject,error,-1,,0,1.5,\"no \"\"sandbox\"\"\",NaN,"))
        fail_msg("%.200s", row.bytes);
}

/* Nothing is left to run, so nothing runs. */
static void
collect_into(const char *table, const struct sp_collect_list *list, struct sp_collect_totals *totals,
             struct sp_error *err, int wanted)
{
    static const char *const env[] = { NULL };
    const struct sp_collect_options options = {
        .env = env, .out = table, .jobs = 1, .net = SP_COLLECT_REGISTRY, .repeats = 1
    };
    if (sp_collect(list, &options, totals, err) != wanted)
        fail_msg("%s", wanted ? "it was taken" : err->text);
}

static void
what_the_table_holds_is_not_run_again_and_half_a_run_is_cut_off(void **state SP_UNUSED)
{
    sp_autocollectlist struct sp_collect_list list = { 0 };
    sp_autobuffer struct sp_buffer table = { 0 }, after = { 0 };
    struct sp_error err;
    struct sp_collect_totals totals;
    if (sp_collect_list_read(&list, write_file("one.tsv", HEAD "npm\tx\t\thonest\t\t\treal\t\t\t\n"), &err) <
        0)
        fail_msg("%s", err.text);
    struct sp_collect_run run = { .item = &list.items[0], .net = SP_NET_REGISTRY, .number = 1 };
    if (sp_collect_head(&table, &err) < 0 || sp_collect_failed_row(&run, "why", 1, &table, &err) < 0)
        fail_msg("%s", err.text);
    size_t whole = table.length;
    /* a dependency's row whose subject never came, and half a line */
    if (sp_collect_failed_row(&run, "y", 1, &table, &err) < 0)
        fail_msg("%s", err.text);
    char *role = strstr(table.bytes + whole, "subject");
    memcpy(role, "depends", 7);
    if (sp_buffer_append_string(&table, "1,npm,x", &err) < 0)
        fail_msg("%s", err.text);
    const char *path = write_file("table.csv", table.bytes);
    collect_into(path, &list, &totals, &err, 0);
    assert_int_equal(totals.wanted, 1);
    assert_int_equal(totals.before, 1);
    assert_int_equal(totals.done, 0);
    assert_int_equal(sp_file_read(path, 1 << 20, &after, &err), 0);
    assert_int_equal(after.length, whole);
}

static void
a_table_of_other_features_is_left_alone(void **state SP_UNUSED)
{
    sp_autocollectlist struct sp_collect_list list = { 0 };
    sp_autobuffer struct sp_buffer after = { 0 };
    struct sp_error err;
    struct sp_collect_totals totals;
    const char *path = write_file("other.csv", "a,b,c\n1,2,3\n");
    collect_into(path, &list, &totals, &err, -1);
    assert_non_null(strstr(err.text, "take another --out"));
    assert_int_equal(sp_file_read(path, 1 << 20, &after, &err), 0);
    assert_string_equal(after.bytes, "a,b,c\n1,2,3\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_says_what_is_known_of_each_package),
        cmocka_unit_test(a_bad_list_is_refused_with_file_and_line),
        cmocka_unit_test(every_place_of_a_vector_has_a_name_that_leads_back),
        cmocka_unit_test(a_vector_holds_the_package_s_own_rows_and_the_run_s),
        cmocka_unit_test(a_vector_holds_the_worst_that_each_rule_said_of_the_package),
        cmocka_unit_test(a_row_that_could_not_be_made_has_all_its_fields),
        cmocka_unit_test(what_the_table_holds_is_not_run_again_and_half_a_run_is_cut_off),
        cmocka_unit_test(a_table_of_other_features_is_left_alone),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
