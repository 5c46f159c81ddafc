/* The tables of the papers: pairs, groups, counts by hand, training. */
#include "eval/eval.h"
#include "eval/judged.h"
#include "eval/pairs.h"
#include "eval/scan.h"
#include "eval/train.h"
#include "model/train.h"
#include "small_index.h"

#include <jansson.h>
#include <math.h>

static struct small_index small;

static const char pairs_text[] = "ecosystem\tname\ttarget\tlabel\tkind\tcategories\tsource\textra\n"
                                 "npm\tlodahs\tlodash\tattack\tactive\t\tset-a\tx\n"
                                 "npm\texpres\texpress\tattack\tactive\t\tset-a\tx\n"
                                 "npm\tbody-parse\tbody-parser\tbenign\t\t\tset-a\tx\n"
                                 "npm\tunguarded-nmae\tunguarded-name\tattack\tactive\t\tset-b\tx\n"
                                 "npm\treact-table-tools\treact\tbenign\t\t\tset-b\tx\n";

static int
build_index(void **state SP_UNUSED)
{
    static const char *const npm[] = { "react", "lodash", "express", "body-parser", "@babel/core", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_build(&small);
    return 0;
}

static int
drop_index(void **state SP_UNUSED)
{
    small_end(&small);
    return 0;
}

static void
read_pairs(struct sp_pairs *pairs, const char *text)
{
    struct sp_error err = { 0 };
    const char *path = small_write(&small, "pairs.tsv", text);
    if (sp_pairs_read(pairs, path, &err) < 0 || sp_pairs_group(pairs, &err) < 0)
        fail_msg("%s", err.text);
}

static void
pairs_are_read_by_the_names_of_their_columns(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    read_pairs(&pairs, pairs_text);
    assert_int_equal(pairs.count, 5);
    assert_string_equal(pairs.pairs[1].name, "expres");
    assert_string_equal(pairs.pairs[1].target, "express");
    assert_true(pairs.pairs[1].attack);
    assert_false(pairs.pairs[2].attack);
    assert_string_equal(pairs.pairs[3].source, "set-b");
    assert_int_not_equal(pairs.pairs[0].group, pairs.pairs[1].group);
}

static void
pairs_of_one_target_or_campaign_share_a_group(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    read_pairs(&pairs, "ecosystem\tname\ttarget\tlabel\tkind\tcategories\n"
                       "pypi\ta-b\tRequests\tattack\tactive\t\n"
                       "pypi\tb-c\trequests\tbenign\t\t\n"
                       "npm\tarm-a\t@azure/arm-a\tattack\tactive\t\n"
                       "npm\tarm-b\t@azure/arm-b\tattack\tactive\t\n"
                       "rubygems\tx_y\tx-y\tattack\tactive\tdelimiter modification\n"
                       "rubygems\tu_v\tu-v\tattack\tactive\tdelimiter modification\n");
    assert_int_equal(pairs.pairs[0].group, pairs.pairs[1].group);
    assert_int_equal(pairs.pairs[2].group, pairs.pairs[3].group);
    assert_int_not_equal(pairs.pairs[2].target_group, pairs.pairs[3].target_group);
    assert_int_equal(pairs.pairs[4].group, pairs.pairs[5].group);
    assert_null(sp_pair_campaign(&pairs.pairs[0]));
    assert_non_null(sp_pair_campaign(&pairs.pairs[4]));
}

static void
damaged_pairs_are_refused_with_their_line(void **state SP_UNUSED)
{
    static const struct {
        const char *story, *text, *expected;
    } cases[] = {
        { "no column of targets", "ecosystem\tname\tlabel\n", "no column 'target'" },
        { "a label that is neither", "ecosystem\tname\ttarget\tlabel\nnpm\ta\tb\tmaybe\n", ":2: the label" },
        { "no such ecosystem", "ecosystem\tname\ttarget\tlabel\nfoo\ta\tb\tattack\n", ":2: 'foo'" },
        { "a row cut short", "ecosystem\tname\ttarget\tlabel\nnpm\ta\n", ":2: 2 fields" },
        { "nothing but the header", "ecosystem\tname\ttarget\tlabel\n", "holds no pairs" },
        { "nothing at all", "", "is empty" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autopairs struct sp_pairs pairs = { 0 };
        struct sp_error err = { 0 };
        const char *path = small_write(&small, "damaged.tsv", cases[i].text);
        if (sp_pairs_read(&pairs, path, &err) == 0)
            fail_msg("%s: was taken", cases[i].story);
        if (!strstr(err.text, cases[i].expected))
            fail_msg("%s: '%s' lacks '%s'", cases[i].story, err.text, cases[i].expected);
    }
}

static bool
choose_all(const struct sp_judged_pair *pair SP_UNUSED, const void *context SP_UNUSED)
{
    return true;
}

/* The index has no model: risk is likeness, review from 0.5. By hand: lodahs 1 - 1/6 (one transposition), expres
 * 1 - 1/7 and body-parse 1 - 1/11 are alarms; react-table-tools is not. */
static void
counts_are_those_of_a_hand_count(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    struct sp_error err = { 0 };
    struct sp_judged judged = { 0 };
    struct sp_eval_group group;
    read_pairs(&pairs, pairs_text);
    assert_int_equal(sp_judge_pairs(&judged, &pairs, small.index, &err), 0);
    assert_int_equal(sp_eval_sum(&group, &judged, 2, 1, choose_all, NULL, &err), 0);
    assert_int_equal(group.attacks, 3);
    assert_int_equal(group.benign, 2);
    assert_int_equal(group.first, 2); /* the target of the third is not in the index */
    assert_int_equal(group.attack_review, 2);
    assert_int_equal(group.benign_review, 1);
    assert_true(fabs(group.always_f1 - 2 * 3.0 / (2 * 3 + 2)) < 1e-9);
    /* pairs as given: unguarded-nmae differs little from its target too */
    assert_true(group.at_review.true_positive == 3 && group.at_review.false_positive == 1);
    sp_judged_free(&judged);
}

static void
added_targets_are_found(void **state SP_UNUSED)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    struct sp_error err = { 0 };
    struct sp_index *augmented = NULL;
    size_t added = 0;
    read_pairs(&pairs, pairs_text);
    const char *path = small_path(&small, "augmented");
    assert_int_equal(sp_pairs_augment(&pairs, small.index, path, &added, &err), 0);
    assert_int_equal(added, 1);
    assert_int_equal(sp_index_open(&augmented, path, &err), 0);
    struct sp_judged judged = { 0 };
    assert_int_equal(sp_judge_pairs(&judged, &pairs, augmented, &err), 0);
    assert_int_equal(judged.pairs[3].place, 0);
    sp_judged_free(&judged);
    sp_index_close(augmented);
}

static void
whole_registries_are_counted(void **state SP_UNUSED)
{
    struct sp_registry_scan scan;
    struct sp_error err = { 0 };
    const char *names =
        small_write(&small, "all.tsv", "name\nlodash\nlodahs\nreact\nquite-another-thing\n.no\n");
    assert_int_equal(sp_scan_registry(&scan, small.index, NULL, small_ecosystem("npm"), names, 2, &err), 0);
    assert_int_equal(scan.names, 4);
    assert_int_equal(scan.invalid, 1);
    assert_int_equal(scan.trusted, 2);
    assert_int_equal(sp_registry_scan_alarms(&scan, 0.5), 1);
    assert_int_equal(sp_registry_scan_alarms(&scan, sp_registry_scan_threshold(&scan, 0)), 0);
    sp_registry_scan_free(&scan);
}

static void
the_document_holds_both_indices(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    const struct sp_eval_options options = {
        .pairs_path = small_write(&small, "pairs.tsv", pairs_text),
        .index_path = small.path,
        .json = true,
        .folds = 2,
        .seed = 1,
        .threads = 1,
    };
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(sp_eval_confusion(&options, out, &err), 0);
    fclose(out);
    json_t *document = json_loads(text, 0, NULL);
    free(text);
    assert_non_null(document);
    assert_int_equal(json_integer_value(json_object_get(document, "pairs")), 5);
    json_t *results = json_object_get(document, "results");
    assert_int_equal(json_array_size(results), 2);
    json_t *second = json_array_get(results, 1);
    assert_int_equal((int)json_number_value(json_object_get(second, "targets_added")), 1);
    json_t *all = json_array_get(json_object_get(second, "groups"), 0);
    assert_true(fabs(json_number_value(json_object_get(all, "match_first")) - 1.0) < 1e-9);
    json_decref(document);
}

static char *
train_text(const char *pairs, const char *names, const char *to)
{
    struct sp_error err = { 0 };
    struct sp_confusion_training training = sp_confusion_training_defaults();
    training.index_path = small.path;
    training.pairs = &pairs;
    training.pair_files = 1;
    training.names[SP_NPM] = names;
    training.model_path = to;
    training.rounds = 1;
    training.sample = 100;
    training.folds = 2;
    FILE *nowhere = fopen("/dev/null", "w");
    if (sp_train_confusion(&training, nowhere, false, &err) < 0)
        fail_msg("%s", err.text);
    fclose(nowhere);
    struct sp_buffer model = { 0 };
    if (sp_file_read(to, 1 << 20, &model, &err) < 0)
        fail_msg("%s", err.text);
    return model.bytes;
}

static void
training_gives_the_same_model_twice(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    if (sp_train_available(&err) < 0) {
        print_message("skipped: %s\n", err.text);
        skip();
    }
    static const char *const targets[] = { "lodash", "express", "react", "body-parser", "webpack", "chalk" };
    struct sp_buffer rows = { 0 }, names = { 0 };
    sp_buffer_append_string(&rows, "ecosystem\tname\ttarget\tlabel\tkind\n", &err);
    sp_buffer_append_string(&names, "name\n", &err);
    for (size_t i = 0; i < SP_COUNT(targets); i++) {
        sp_buffer_printf(&rows, &err, "npm\t%ss\t%s\tattack\tactive\n", targets[i], targets[i]);
        sp_buffer_printf(&rows, &err, "npm\t%.4sx\t%s\tattack\tactive\n", targets[i], targets[i]);
        sp_buffer_printf(&rows, &err, "npm\t%s-plugin-thing\t%s\tbenign\t\n", targets[i], targets[i]);
        sp_buffer_printf(&rows, &err, "npm\tsome-%s-wrapper\t%s\tbenign\t\n", targets[i], targets[i]);
        sp_buffer_printf(&names, &err, "honest-%s\n%s-for-us\n", targets[i], targets[i]);
    }
    const char *pairs = small_write(&small, "fit.tsv", rows.bytes);
    const char *list = small_write(&small, "list.tsv", names.bytes);
    char *first = train_text(pairs, list, small_path(&small, "one.model"));
    char *second = train_text(pairs, list, small_path(&small, "two.model"));
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "review"));
    free(first);
    free(second);
    sp_buffer_free(&rows);
    sp_buffer_free(&names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_read_by_the_names_of_their_columns),
        cmocka_unit_test(pairs_of_one_target_or_campaign_share_a_group),
        cmocka_unit_test(damaged_pairs_are_refused_with_their_line),
        cmocka_unit_test(counts_are_those_of_a_hand_count),
        cmocka_unit_test(added_targets_are_found),
        cmocka_unit_test(whole_registries_are_counted),
        cmocka_unit_test(the_document_holds_both_indices),
        cmocka_unit_test(training_gives_the_same_model_twice),
    };
    return cmocka_run_group_tests(tests, build_index, drop_index);
}
