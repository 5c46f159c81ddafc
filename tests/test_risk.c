/* The model's judge: which models it refuses, what it says of a run, what it cannot say. */
#include "features_scene.h"

#include "behaviour/risk.h"
#include "behaviour/vector.h"
#include "model/model.h"

static char path[] = "/tmp/sallyport-risk-XXXXXX";

static int
make_file(void **state SP_UNUSED)
{
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state SP_UNUSED)
{
    return unlink(path);
}

/* Two stumps: what is read of planted secrets, and threads at install. Margin without both: -2. */
#define HEAD "sallyport-model 1\nkind boosted\n"
#define NOTES "note a toy of the tests\nnote features_version 1\n"
#define FEATURES                                                                                             \
    "features 3\nfeature all.own.decoys\nfeature install.own.decoys\nfeature install.own.threads\n"
#define MIDDLE "base -1\ncalibration none\n"
#define THRESHOLDS "threshold block 0.9\nthreshold review 0.5\n"
#define TREES                                                                                                \
    "trees 3\ntree 0 3\n0 split all.own.decoys 0.5 1 2 left 10\n1 leaf -0.5 5\n2 leaf 2 5\n"                 \
    "tree 1 3\n0 split install.own.decoys 0.5 1 2 left 10\n1 leaf 0 5\n2 leaf 1 5\n"                         \
    "tree 2 3\n0 split install.own.threads 100 1 2 left 10\n1 leaf -0.5 8\n2 leaf 1.5 2\nend\n"
#define TOY HEAD NOTES FEATURES MIDDLE THRESHOLDS TREES

static int
open_text(struct sp_risk_judge **judge, const char *text, struct sp_error *err)
{
    if (sp_file_write(path, text, strlen(text), err) < 0)
        fail_msg("%s", err->text);
    return sp_risk_open(judge, path, err);
}

static struct sp_risk_judge *
toy(const char *text)
{
    struct sp_risk_judge *judge = NULL;
    struct sp_error err = { 0 };
    if (open_text(&judge, text, &err) < 0)
        fail_msg("%s", err.text);
    return judge;
}

static void
judge_run(struct run *run, const char *model, struct sp_risks *risks)
{
    struct sp_error err = { 0 };
    struct sp_risk_judge *judge = toy(model);
    look(run);
    *risks = (struct sp_risks){ 0 };
    if (sp_risk_judge_rows(judge, run->rows, run->count, NULL, 0, risks, &err) < 0)
        fail_msg("%s", err.text);
    sp_risk_close(judge);
}

/* Every process hands on its counts; left's installer reads decoys and begins many threads. */
static struct run
whole_run(size_t decoys)
{
    static const char *const paths[] = { "/home/user/.ssh/id_rsa", "/home/user/.aws/credentials" };
    uint64_t numbers[SP_COUNT_END] = { 0 };
    struct run run = begin();
    for (size_t i = 0; i < decoys; i++)
        act(&run, (struct sp_event){ SP_EVENT_DECOY, .process = 2, .subject = paths[i],
                                     .detail = i ? "aws" : "ssh-key" });
    for (uint32_t i = 1; i <= 4; i++) {
        numbers[SP_COUNT_THREADS] = i == 2 && decoys ? 200 : 3;
        numbers[SP_COUNT_IO] = 50;
        take_counts(&run, i, numbers, SP_COUNT_END);
    }
    return run;
}

static const struct sp_package_risk *
risk_of(const struct sp_risks *risks, const char *package)
{
    for (size_t i = 0; i < risks->count; i++)
        if (!package ? !risks->items[i].package
                     : risks->items[i].package && !strcmp(risks->items[i].package, package))
            return &risks->items[i];
    fail_msg("%s was not judged", package ? package : "nobody");
    return NULL;
}

/* ----------------------------------------------------------------- opening */

static void
what_is_no_model_of_behaviour_is_refused_in_one_line(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *text, *says;
    } cases[] = {
        { "an empty file", "", "not whole" },
        { "a damaged file", HEAD NOTES FEATURES MIDDLE THRESHOLDS "trees 3\ntree 0 3\n", "not whole" },
        { "a feature that there is not",
          HEAD NOTES "features 1\nfeature all.own.nonsense\n" MIDDLE THRESHOLDS "trees 0\nend\n",
          "'all.own.nonsense' is no feature" },
        { "a part that there is not",
          HEAD NOTES "features 1\nfeature fetch.own.decoys\n" MIDDLE THRESHOLDS "trees 0\nend\n",
          "'fetch.own.decoys' is no feature" },
        { "no version", HEAD FEATURES MIDDLE THRESHOLDS TREES, "no note 'features_version" },
        { "a version that is no number", HEAD "note features_version 1x\n" FEATURES MIDDLE THRESHOLDS TREES,
          "no note 'features_version" },
        { "another version", HEAD "note features_version 999\n" FEATURES MIDDLE THRESHOLDS TREES,
          "version 999 of the features" },
        { "no threshold to block", HEAD NOTES FEATURES MIDDLE "threshold review 0.5\n" TREES,
          "no threshold 'block'" },
        { "no threshold to review", HEAD NOTES FEATURES MIDDLE "threshold block 0.5\n" TREES,
          "no threshold 'review'" },
        { "thresholds the wrong way round",
          HEAD NOTES FEATURES MIDDLE "threshold block 0.5\nthreshold review 0.6\n" TREES,
          "'review' (0.6) above 'block' (0.5)" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        struct sp_risk_judge *judge = NULL;
        if (open_text(&judge, cases[i].text, &err) == 0)
            fail_msg("%s: was not refused", cases[i].name);
        if (!strstr(err.text, cases[i].says) || strchr(err.text, '\n') || !strstr(err.text, path))
            fail_msg("%s: says '%s'", cases[i].name, err.text);
        assert_null(judge);
    }
}

static void
a_model_that_is_not_there_says_what_to_do(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_risk_judge *judge = NULL;
    assert_true(sp_risk_open(&judge, "/nosuch/model", &err) < 0);
    assert_non_null(strstr(err.text, "--no-model"));
    assert_int_equal(err.code, SP_ERROR_INPUT);
}

static void
the_compiled_form_judges_alike(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_automodelfile struct sp_model_file file = { 0 };
    struct sp_risk_judge *text = toy(TOY), *compiled = NULL;
    assert_int_equal(sp_model_load(&file, path, &err), 0);
    assert_string_equal(sp_model_note(&file.view, "features_version"), "1");
    assert_null(sp_model_note(&file.view, "features"));
    assert_int_equal(sp_file_write(path, file.compiled.bytes, file.compiled.length, &err), 0);
    if (sp_risk_open(&compiled, path, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_risk_model *a = sp_risk_model(text), *b = sp_risk_model(compiled);
    assert_true(a->fingerprint == b->fingerprint && a->block == 0.9 && b->review == 0.5);
    assert_string_equal(a->note, "a toy of the tests");
    assert_string_equal(b->note, "a toy of the tests");
    assert_int_equal(b->features_version, SP_VECTOR_VERSION);
    sp_risk_close(text);
    sp_risk_close(compiled);
    assert_int_equal(sp_file_write(path, file.compiled.bytes, file.compiled.length - 8, &err), 0);
    assert_true(sp_risk_open(&compiled, path, &err) < 0);
    assert_non_null(strstr(err.text, "bytes where its counts ask for"));
    assert_null(compiled);
}

static void
a_note_more_is_no_other_model(void **state SP_UNUSED)
{
    struct sp_risk_judge *one = toy(TOY),
                         *two = toy(HEAD "note more\n" NOTES FEATURES MIDDLE THRESHOLDS TREES),
                         *other = toy(HEAD NOTES FEATURES "base -1.5\ncalibration none\n" THRESHOLDS TREES);
    assert_true(sp_risk_model(one)->fingerprint == sp_risk_model(two)->fingerprint);
    assert_true(sp_risk_model(one)->fingerprint != sp_risk_model(other)->fingerprint);
    sp_risk_close(one);
    sp_risk_close(two);
    sp_risk_close(other);
}

static void
the_model_in_the_box_can_judge(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_risk_judge *judge = NULL;
    if (sp_risk_open(&judge, NULL, &err) < 0)
        fail_msg("%s", err.text);
    sp_risk_close(judge);
}

/* ----------------------------------------------------------------- judging */

static void
who_acts_like_an_attack_is_told_with_its_reasons(void **state SP_UNUSED)
{
    struct sp_risks risks;
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer message = { 0 };
    struct run run = whole_run(2);
    judge_run(&run, TOY, &risks);
    assert_null(risks.blind);
    assert_int_equal(risks.unjudged, 0);
    assert_int_equal(risks.count, 2);
    const struct sp_package_risk *left = risk_of(&risks, LEFT), *right = risk_of(&risks, RIGHT);
    assert_true(left == &risks.items[0]); /* the highest first */
    assert_int_equal(left->severity, SP_SEVERITY_BLOCK);
    assert_int_equal(right->severity, SP_SEVERITY_NONE);
    /* -1 + 2 + 1 + 1.5, and -1 - 0.5 + 0 - 0.5 */
    assert_true(fabs(left->probability - 1 / (1 + exp(-3.5))) < 1e-6);
    assert_true(fabs(right->probability - 1 / (1 + exp(2))) < 1e-6);
    assert_int_equal(sp_risk_message(left, &message, &err), 0);
    assert_string_equal(
        sp_buffer_string(&message),
        "behaves like an attack: risk 0.97 (touched 2 planted secrets while installing; started "
        "200 threads while installing)");
    sp_risks_free(&risks);
    end(&run);
}

static void
contributions_add_up_to_the_margin(void **state SP_UNUSED)
{
    struct sp_risks risks;
    struct run run = whole_run(1);
    judge_run(&run, TOY, &risks);
    for (size_t i = 0; i < risks.count; i++) {
        const struct sp_package_risk *risk = &risks.items[i];
        double margin = risk->bias;
        for (size_t r = 0; r < risk->reason_count; r++) {
            margin += risk->reasons[r].contribution;
            if (r)
                assert_true(fabs(risk->reasons[r].contribution) <= fabs(risk->reasons[r - 1].contribution));
        }
        assert_true(fabs(1 / (1 + exp(-margin)) - risk->probability) < 1e-5);
    }
    /* two parts of one feature are one reason */
    const struct sp_package_risk *left = risk_of(&risks, LEFT);
    assert_int_equal(left->reason_count, 2);
    assert_string_equal(left->reasons[1].feature, "install.own.threads");
    assert_string_equal(left->reasons[0].feature, "all.own.decoys");
    sp_risks_free(&risks);
    end(&run);
}

static void
what_spoke_for_it_is_said_once(void **state SP_UNUSED)
{
    const struct sp_risk_reason reasons[] = {
        { "a", "did one", 1, 3 },   { "b", "did two", 1, 2 },      { "c", "started no shells", 0, -1.5 },
        { "d", "did three", 1, 1 }, { "e", "did nothing", 0, -1 }, { "f", "did four", 1, 0.5 },
    };
    const struct sp_package_risk risk = { .probability = 0.914, .reasons = reasons, .reason_count = 6 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err;
    assert_int_equal(sp_risk_message(&risk, &out, &err), 0);
    assert_string_equal(sp_buffer_string(&out),
                        "behaves like an attack: risk 0.91 (did one; did two; did three; "
                        "in its favour: started no shells)");
}

static void
what_is_laid_to_nobody_is_judged_too(void **state SP_UNUSED)
{
    static const char model[] =
        HEAD NOTES "features 1\nfeature all.own.shells\n" MIDDLE THRESHOLDS
                   "trees 1\ntree 0 3\n0 split all.own.shells 1.5 1 2 left 10\n1 leaf 0 5\n2 leaf 4 5\nend\n";
    uint64_t numbers[SP_COUNT_END] = { 0 };
    struct sp_risks risks;
    struct run run = whole_run(0);
    /* seen too late to know whose it is: nobody told of its beginning */
    for (uint32_t i = 0; i < 2; i++)
        act(&run, (struct sp_event){ SP_EVENT_EXEC, .process = 70, .subject = "/bin/sh", .bytes = 4,
                                     .detail = "sh\x1f", .directory = "/" });
    take_counts(&run, 70, numbers, SP_COUNT_END);
    judge_run(&run, model, &risks);
    const struct sp_package_risk *nobody = risk_of(&risks, NULL);
    assert_int_equal(nobody->severity, SP_SEVERITY_BLOCK);
    assert_string_equal(nobody->reasons[0].words, "started 2 shells");
    assert_int_equal(risk_of(&risks, LEFT)->severity, SP_SEVERITY_NONE);
    sp_risks_free(&risks);
    end(&run);
}

/* ------------------------------------------------------------------- sight */

static void
without_counts_nobody_is_judged(void **state SP_UNUSED)
{
    struct sp_risks risks;
    struct run run = begin();
    judge_run(&run, TOY, &risks);
    assert_non_null(risks.blind);
    assert_false(risks.dropped);
    assert_int_equal(risks.count + risks.unjudged, 0);
    sp_risks_free(&risks);
    end(&run);
}

static void
what_the_sandbox_sees_by_itself_is_enough_for_a_model_of_that(void **state SP_UNUSED)
{
    static const char model[] =
        HEAD NOTES "features 1\nfeature all.own.decoys\n" MIDDLE THRESHOLDS
                   "trees 1\ntree 0 3\n0 split all.own.decoys 0.5 1 2 left 10\n1 leaf 0 5\n2 leaf 5 5\nend\n";
    struct sp_risks risks;
    struct run run = begin();
    act(&run, (struct sp_event){ SP_EVENT_DECOY, .process = 2, .subject = "/home/user/.ssh/id_rsa",
                                 .detail = "ssh-key" });
    judge_run(&run, model, &risks);
    assert_null(risks.blind);
    assert_int_equal(risk_of(&risks, LEFT)->severity, SP_SEVERITY_BLOCK);
    sp_risks_free(&risks);
    end(&run);
}

static void
a_package_whose_counts_are_missing_is_not_acquitted(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END] = { 0 };
    struct sp_risks risks;
    struct run run = begin();
    take_counts(&run, 2, numbers, SP_COUNT_END);
    take_counts(&run, 4, numbers, SP_COUNT_END); /* left is whole, right is not */
    judge_run(&run, TOY, &risks);
    assert_null(risks.blind);
    assert_int_equal(risks.unjudged, 1);
    assert_string_equal(risks.unjudged_name, RIGHT);
    assert_int_equal(risks.count, 1);
    assert_string_equal(risks.items[0].package, LEFT);
    sp_risks_free(&risks);
    end(&run);
}

static void
lost_events_silence_the_model(void **state SP_UNUSED)
{
    struct sp_risks risks;
    struct run run = whole_run(2);
    act(&run, (struct sp_event){ SP_EVENT_DROPPED, .value = 7 });
    judge_run(&run, TOY, &risks);
    assert_true(risks.blind && risks.dropped);
    assert_int_equal(risks.count, 0);
    sp_risks_free(&risks);
    end(&run);
}

static void
a_run_in_which_nobody_acted_has_nothing_to_judge(void **state SP_UNUSED)
{
    struct sp_risks risks;
    struct run run = begin_with(true);
    judge_run(&run, TOY, &risks);
    assert_null(risks.blind);
    assert_int_equal(risks.count + risks.unjudged, 0);
    sp_risks_free(&risks);
    end(&run);
}

/* ------------------------------------------------------------------- words */

static void
every_feature_has_words(void **state SP_UNUSED)
{
    static const double values[] = { 0, 1, 2, 1234567, 0.25, NAN };
    struct sp_error err = { 0 };
    for (size_t i = 0; i < sp_feature_count; i++) {
        const char *id = sp_feature_table[i].id;
        char all[SP_COUNT(values)][256];
        for (size_t v = 0; v < SP_COUNT(values); v++) {
            sp_autobuffer struct sp_buffer out = { 0 };
            if (sp_risk_words(i, values[v], "while loading", &out, &err) < 0)
                fail_msg("%s: %s", id, err.text);
            const char *words = sp_buffer_string(&out);
            snprintf(all[v], sizeof(all[v]), "%s", words);
            if (out.length < 16 || out.length > 120 || strchr(words, '#') || strstr(words, "  ") ||
                !strstr(words, " while loading"))
                fail_msg("%s = %g: '%s'", id, values[v], words);
            for (size_t before = 0; before < v; before++)
                if (!strcmp(all[before], words))
                    fail_msg("%s: '%s' stands for %g and %g", id, words, values[before], values[v]);
        }
        if (strstr(all[0], "%") ||
            (!strstr(all[0], "no") && !strstr(all[0], "never") && !strstr(all[0], "0 ")))
            fail_msg("%s: none is '%s'", id, all[0]);
    }
}

static void
words_read_well(void **state SP_UNUSED)
{
    static const struct {
        const char *id;
        double value;
        const char *when, *words;
    } cases[] = {
        { "own.decoys-proving", 2, "while installing",
          "read 2 planted secrets that no honest install reads while installing" },
        { "own.bytes-sent-after-sensitive", 312, "", "sent 312 bytes after reading a secret" },
        { "own.bytes-sent-after-sensitive", 0, "", "sent nothing after reading a secret" },
        { "own.shells", 3, "while building", "started 3 shells while building" },
        { "own.shells", 0, "", "started no shells" },
        { "own.shells", 1, "", "started 1 shell" },
        { "own.peak-memory", 123456789, "", "took 123 MB of memory" },
        { "own.slept", 90000, "while loading", "slept 90 s while loading" },
        { "own.slept", 250, "", "slept 250 milliseconds" },
        { "own.time-checks", 0, "", "never read the clock" },
        { "own.time-checks", 1, "", "read the clock 1 time" },
        { "own.name-entropy", 4.318, "", "looked up host names of at most 4.32 bits a letter" },
        { "own.shells", NAN, "", "'shells' could not be seen" },
    };
    struct sp_error err = { 0 };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer out = { 0 };
        assert_int_equal(sp_risk_words(index_of(cases[i].id), cases[i].value, cases[i].when, &out, &err), 0);
        assert_string_equal(sp_buffer_string(&out), cases[i].words);
    }
    sp_autobuffer struct sp_buffer out = { 0 };
    assert_true(sp_risk_words(sp_feature_count, 1, "", &out, &err) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_model_of_behaviour_is_refused_in_one_line),
        cmocka_unit_test(a_model_that_is_not_there_says_what_to_do),
        cmocka_unit_test(the_compiled_form_judges_alike),
        cmocka_unit_test(a_note_more_is_no_other_model),
        cmocka_unit_test(the_model_in_the_box_can_judge),
        cmocka_unit_test(who_acts_like_an_attack_is_told_with_its_reasons),
        cmocka_unit_test(contributions_add_up_to_the_margin),
        cmocka_unit_test(what_spoke_for_it_is_said_once),
        cmocka_unit_test(what_is_laid_to_nobody_is_judged_too),
        cmocka_unit_test(without_counts_nobody_is_judged),
        cmocka_unit_test(what_the_sandbox_sees_by_itself_is_enough_for_a_model_of_that),
        cmocka_unit_test(a_package_whose_counts_are_missing_is_not_acquitted),
        cmocka_unit_test(lost_events_silence_the_model),
        cmocka_unit_test(a_run_in_which_nobody_acted_has_nothing_to_judge),
        cmocka_unit_test(every_feature_has_words),
        cmocka_unit_test(words_read_well),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
