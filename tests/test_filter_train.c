/* The table of signals and the filter fitted on it, over made-up pairs. */
#include "eval/filter_train.h"
#include "eval/filtered.h"
#include "eval/registry_words.h"
#include "eval/signal_eval.h"
#include "metadata/filter.h"
#include "small_index.h"

#include <math.h>

static struct small_index small;

static int
begin(void **state SP_UNUSED)
{
    small_begin(&small);
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    small_end(&small);
    return 0;
}

#define HEADER                                                                                               \
    "ecosystem\tname\ttarget\tlabel\tkind\tobvious_not_typosquat\tis_adversarial_name\tis_fork\t"            \
    "has_distinct_purpose\tis_test\tis_known_maintainer\tno_readme\thas_suspicious_intent\t"                 \
    "is_relocated_package\toverlapped_maintainers\tcomprehensive_metadata\tactive_development\t"             \
    "confuguard_verdict\n"
#define HONEST "npm\tlodash-tidy\tlodash\tbenign\t\t0\t0\t0\t1\t0\t0\t0\t0\t0\t0\t1\t1\tcleared\n"
#define HOSTILE "npm\tlodahs\tlodash\tattack\tstealthy\t0\t1\t0\t\t0\t0\t1\t1\t0\t0\t0\t0\talarm\n"
/* of malware, whose registry is not always said */
#define ACTIVE "\tloadsh\tlodash\tattack\tactive\t0\t1\t0\t0\t0\t0\t1\t1\t0\t0\t0\t0\talarm\n"

static void
the_table_is_read_without_malware(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autosignalrows struct sp_signal_rows rows = { 0 };
    if (sp_signal_rows_read(&rows, small_write(&small, "rows.tsv", HEADER HONEST ACTIVE HOSTILE), &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.rows[1].name, "lodahs");
    assert_true(rows.rows[1].attack && rows.rows[1].alarm && rows.rows[1].judged);
    assert_false(rows.rows[0].attack || rows.rows[0].alarm);
    assert_true(rows.rows[1].values[1] == 1 && rows.rows[1].values[0] == 0);
    assert_true(isnan(rows.rows[1].values[3])); /* nothing stands there */
    assert_int_equal(rows.rows[0].group, rows.rows[1].group);
}

static void
damaged_tables_are_refused_by_their_line(void **state SP_UNUSED)
{
    const struct {
        const char *story, *text, *expected;
    } cases[] = {
        { "a column is missing", "ecosystem\tname\ttarget\tlabel\nnpm\ta\tb\tattack\n",
          "obvious_not_typosquat" },
        { "no label", "ecosystem\tname\ttarget\nnpm\ta\tb\n", "label" },
        { "a value that is no 0 or 1",
          HEADER HONEST "npm\tlodahs\tlodash\tattack\t\t0\t1\tmaybe\t0\t0\t0\t1\t1\t0\t0\t0\t0\talarm\n",
          ":3: is_fork is 'maybe'" },
        { "a 2", HEADER "npm\tlodahs\tlodash\tattack\t\t2\t1\t0\t0\t0\t0\t1\t1\t0\t0\t0\t0\talarm\n",
          ":2: obvious_not_typosquat is '2'" },
        { "another label", HEADER "npm\ta\tb\tperhaps\t\t0\t0\t0\t1\t0\t0\t0\t0\t0\t0\t1\t1\tcleared\n",
          ":2: the label" },
        { "another verdict", HEADER "npm\ta\tb\tattack\t\t0\t0\t0\t1\t0\t0\t0\t0\t0\t0\t1\t1\tfine\n",
          ":2: the verdict" },
        { "another registry", HEADER "cpan\ta\tb\tattack\t\t0\t0\t0\t1\t0\t0\t0\t0\t0\t0\t1\t1\talarm\n",
          ":2: 'cpan' is no ecosystem" },
        { "honest pairs alone", HEADER HONEST HONEST, "0 of them attacks" },
        { "attacks alone", HEADER HOSTILE, "1 of them attacks" },
        { "malware alone", HEADER ACTIVE, "0 pairs without malware" },
        { "a row cut short", HEADER HONEST "npm\tlodahs\tlodash\tattack\n", ":3" },
        { "nothing", "", "rows.tsv" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        sp_autosignalrows struct sp_signal_rows rows = { 0 };
        const char *path = small_write(&small, "rows.tsv", cases[i].text);
        if (sp_signal_rows_read(&rows, path, &err) == 0)
            fail_msg("%s: was read", cases[i].story);
        if (!strstr(err.text, cases[i].expected))
            fail_msg("%s: '%s' lacks '%s'", cases[i].story, err.text, cases[i].expected);
    }
}

/* ------------------------------------------------------------------- fitting */

/* A hundred targets, two lookalikes each: attacks mostly without a readme, honest ones mostly of their own
 * purpose. Every tenth pair is the other way round, so that no signal is a proof. */
static char *
write_rows(void)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_buffer_append_string(&text, HEADER, NULL);
    for (unsigned i = 0; i < 200; i++) {
        bool attack = i % 2, odd = i % 20 >= 18;
        sp_buffer_printf(&text, NULL,
                         "npm\tname-%u\ttarget-%u\t%s\t%s\t0\t%d\t1\t%d\t0\t%d\t%d\t0\t0\t0\t0\t0\t%s\n", i,
                         i / 2, attack ? "attack" : "benign", attack ? "stealthy" : "", i % 3 == 0,
                         attack == odd, attack, attack != odd, attack ? "alarm" : "cleared");
    }
    return small_write(&small, "fit.tsv", sp_buffer_string(&text));
}

static double
even_risk(const void *context SP_UNUSED, const struct sp_signal_row *row SP_UNUSED)
{
    return 0.5;
}

static double
no_risk(const void *context SP_UNUSED, const struct sp_signal_row *row SP_UNUSED)
{
    return NAN;
}

static struct sp_filter_training
training_of(const char *model)
{
    return (struct sp_filter_training){
        .signals_path = write_rows(),
        .model_path = model,
        .command = "sallyport train confusion",
        .folds = 5,
        .seed = 1,
        .name = { 0.8, 0.95 },
        .look = 0.3,
        .name_risk = even_risk,
    };
}

static void
a_fitted_filter_weighs_what_the_rows_tell(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    const struct sp_filter_training training = training_of(small_path(&small, "fitted.model"));
    FILE *nowhere = fopen("/dev/null", "w");
    if (sp_train_filter(&training, nowhere, &err) < 0)
        fail_msg("%s", err.text);
    fclose(nowhere);
    struct sp_filter *filter = NULL;
    if (sp_filter_open(&filter, training.model_path, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(sp_filter_look_from(filter) == 0.3);
    struct sp_signal_seen seen[SP_SIGNAL_COUNT] = { 0 };
    for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++)
        seen[i].state = SP_SIGNAL_YES;
    struct sp_filtered got;
    sp_filter_judge(filter, 0.5, seen, &got);
    const double *of = got.contributions + SP_FILTER_SIGNALS;
    assert_true(of[SP_SIGNAL_NO_README] > 0.5);
    assert_true(of[SP_SIGNAL_DISTINCT_PURPOSE] < -0.5);
    /* the rows call attackers known maintainers: against all sense, so the weight is the one by hand; and
     * those of which they tell nothing, too */
    const enum sp_signal_id by_hand[] = { SP_SIGNAL_KNOWN_OWNER, SP_SIGNAL_FORK, SP_SIGNAL_RELOCATED,
                                          SP_SIGNAL_INSTALL_HOOK, SP_SIGNAL_LONG_LIVED };
    for (size_t i = 0; i < SP_COUNT(by_hand); i++)
        if (fabs(of[by_hand[i]] - sp_filter_priors[by_hand[i]].weight) > 1e-6)
            fail_msg("%s: %g is not the weight by hand",
                     sp_filter_feature_name(SP_FILTER_SIGNALS + by_hand[i]), of[by_hand[i]]);
    sp_filter_free(filter);

    struct sp_buffer text = { 0 };
    assert_int_equal(sp_file_read(training.model_path, 1 << 20, &text, &err), 0);
    size_t marked = 0, fitted = 0;
    for (const char *at = text.bytes; (at = strstr(at, "no data: prior: ")); at++)
        marked++;
    for (const char *at = text.bytes; (at = strstr(at, ": fitted, ")); at++)
        fitted++;
    /* every weight says where it comes from; the names' is 0.25 by hand, since all names were equally risky
     */
    assert_int_equal(marked + fitted, SP_FILTER_FEATURE_COUNT);
    assert_true(fitted == 2 || fitted == 3); /* adversarial names are as many on both sides */
    sp_buffer_free(&text);
}

static void
fitting_twice_gives_the_same_bytes(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_buffer text[2] = { { 0 }, { 0 } };
    FILE *nowhere = fopen("/dev/null", "w");
    for (int i = 0; i < 2; i++) {
        const struct sp_filter_training training = training_of(small_path(&small, i ? "b.model" : "a.model"));
        if (sp_train_filter(&training, nowhere, &err) < 0 ||
            sp_file_read(training.model_path, 1 << 20, &text[i], &err) < 0)
            fail_msg("%s", err.text);
    }
    fclose(nowhere);
    assert_string_equal(text[0].bytes, text[1].bytes);
    sp_buffer_free(&text[0]);
    sp_buffer_free(&text[1]);
}

static void
pairs_without_a_risk_by_name_are_refused(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_filter_training training = training_of(NULL);
    training.name_risk = no_risk;
    assert_int_equal(sp_train_filter(&training, stdout, &err), -1);
    assert_non_null(strstr(err.text, "200 stand in no file of pairs"));
}

static void
every_prior_stands_at_its_signal_with_a_reason(void **state SP_UNUSED)
{
    for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++) {
        if (sp_filter_priors[i].signal != i || !(fabs(sp_filter_priors[i].weight) <= 4) ||
            sp_filter_priors[i].weight == 0 || !sp_filter_priors[i].reason)
            fail_msg("%s: its prior is off", sp_filter_feature_name(SP_FILTER_SIGNALS + i));
    }
    for (unsigned i = 0; i < SP_TWELVE; i++)
        if (sp_twelve_monotone[i] * sp_filter_priors[sp_twelve[i].signal].weight < 0 ||
            strcmp(sp_twelve[i].column, sp_twelve_names[i]) != 0)
            fail_msg("%s leans both ways", sp_twelve_names[i]);
}

/* ------------------------------------------------------------------- figures */

/* Of ten attacks and ten honest names, all risky by name: what is read of each, by the digit in its name. */
static int
read_scene(void *context, const struct sp_labelled_pair *pair, struct sp_signal_seen out[SP_SIGNAL_COUNT])
{
    size_t *calls = context;
    ++*calls;
    if (strchr(pair->name, '9'))
        return 1; /* no metadata */
    for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++)
        out[i].state = SP_SIGNAL_NO;
    out[pair->attack ? SP_SIGNAL_SECURITY_HOLDING : SP_SIGNAL_KNOWN_OWNER].state = SP_SIGNAL_YES;
    return 0;
}

static void
the_filter_is_measured_before_and_after(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    sp_autopairs struct sp_pairs pairs = { 0 };
    sp_autofigures struct sp_figures figures = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_buffer_append_string(&text, "ecosystem\tname\ttarget\tlabel\tkind\n", NULL);
    for (unsigned i = 0; i < 10; i++)
        sp_buffer_printf(&text, NULL, "npm\tbad%u\tlodash\tattack\tactive\npypi\tgood%u\tflask\tbenign\t\n",
                         i, i);
    double risks[20];
    for (unsigned i = 0; i < 20; i++)
        risks[i] = i == 0 ? 0.01 : 0.99; /* bad0 is not even looked up */
    if (sp_pairs_read(&pairs, small_write(&small, "pairs.tsv", sp_buffer_string(&text)), &err) < 0)
        fail_msg("%s", err.text);
    size_t calls = 0;
    const struct sp_filtered_eval options = {
        .name = { 0.5, 0.9 }, .risks = risks, .read = read_scene, .context = &calls
    };
    if (sp_eval_filtered(&figures, &options, &pairs, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(calls, 19);
    const struct sp_figure_table *table = sp_figures_find(&figures, "filtered");
    assert_non_null(table);
    /* first row: all pairs, by name alone; second: by the filter */
    const struct sp_figure *before = table->figures, *after = before + table->column_count;
    const struct {
        const char *key;
        double before, after;
    } expected[] = {
        { "attacks", 10, 10 },
        { "benign", 10, 10 },
        { "recall", 0.9, 0.9 },
        { "precision", 9.0 / 19, 0.9 }, /* good9 is not known: its name speaks */
        { "false_positive_rate", 1, 0.1 },
    };
    for (size_t i = 0; i < SP_COUNT(expected); i++) {
        size_t at = 0;
        while (at < table->column_count && strcmp(table->columns[at].key, expected[i].key) != 0)
            at++;
        if (at == table->column_count)
            fail_msg("there is no column %s", expected[i].key);
        if (fabs(before[at].number - expected[i].before) > 1e-9 ||
            fabs(after[at].number - expected[i].after) > 1e-9)
            fail_msg("%s: before %g, after %g", expected[i].key, before[at].number, after[at].number);
    }
    const struct sp_figure_table *signals = sp_figures_find(&figures, "filtered_signals");
    assert_non_null(signals);
    assert_int_equal(signals->row_count, SP_SIGNAL_COUNT);
}

/* ------------------------------------------------------- words of registries */

static double
word_feature(const float values[SP_REGISTRY_WORD_FEATURES], const char *name)
{
    for (size_t i = 0; i < SP_REGISTRY_WORD_FEATURES; i++)
        if (!strcmp(sp_registry_word_names[i], name))
            return (double)values[i];
    fail_msg("'%s' is no feature", name);
    return 0;
}

static void
patterns_are_counted_without_the_candidates(void **state SP_UNUSED)
{
    static const char npm[] = "name\tsummary\n"
                              "eslint-config-one\tConfig, config and CONFIG\n"
                              "@own/eslint-config-two\t\n"
                              "@own/lodash\t\n"
                              "@their/lodash\t\n"
                              "eslint_config_three\ttypo of a config\n"
                              "eslint-config-typo\ttypo typo\n" /* a candidate: nothing of it counts */
                              "typo-eslint-config\t\n";
    static const char pypi[] = "name\tsummary\nTypo\ta Typo\n";
    static const char pairs_text[] = "ecosystem\tname\ttarget\tlabel\n"
                                     "npm\teslint-config-typo\teslint-config-one\tattack\n"
                                     "npm\tlodahs\tlodash\tattack\n"
                                     "npm\t@their/x\tlodash\tattack\n";
    static const struct {
        size_t pair;
        const char *feature;
        double count; /* NaN: no such word */
    } cases[] = {
        { 0, "pattern-filled", 2 }, /* -one and -three; @own is one word more */
        { 0, "target-goes-on", 0 },   { 1, "target-identifier", 1 }, { 0, "extra-words", 1 },
        { 0, "extra-npm", 1 },        { 0, "extra-told-npm", 1 },    { 0, "extra-pypi", 1 },
        { 0, "extra-told-pypi", 1 },  { 0, "extra-first", 1 },       { 0, "extra-last", 0 },
        { 0, "target-extra-npm", 1 }, { 0, "target-extra-told", 0 }, { 1, "extra-npm", 0 },
        { 1, "extra-last", 0 },
    };
    struct sp_error err = { 0 };
    sp_autopairs struct sp_pairs pairs = { 0 };
    struct sp_registry_words words = { 0 };
    if (sp_pairs_read(&pairs, small_write(&small, "pairs.tsv", pairs_text), &err) < 0 ||
        sp_registry_words_read(&words, small_write(&small, "npm.tsv", npm),
                               small_write(&small, "pypi.tsv", pypi), &pairs, &err) < 0)
        fail_msg("%s", err.text);
    float values[2][SP_REGISTRY_WORD_FEATURES];
    for (size_t i = 0; i < 2; i++)
        sp_registry_words_of(&words, &pairs.pairs[i], values[i]);
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        double got = word_feature(values[cases[i].pair], cases[i].feature);
        double expected = strcmp(cases[i].feature, "extra-words") ? log1p(cases[i].count) : cases[i].count;
        if (fabs(got - expected) > 1e-6)
            fail_msg("%s of %s: %g, not %g", cases[i].feature, pairs.pairs[cases[i].pair].name, got,
                     expected);
    }
    assert_true(word_feature(values[1], "pattern-filled") == -1); /* no word in common */
    sp_registry_words_free(&words);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_read_without_malware),
        cmocka_unit_test(damaged_tables_are_refused_by_their_line),
        cmocka_unit_test(a_fitted_filter_weighs_what_the_rows_tell),
        cmocka_unit_test(fitting_twice_gives_the_same_bytes),
        cmocka_unit_test(pairs_without_a_risk_by_name_are_refused),
        cmocka_unit_test(patterns_are_counted_without_the_candidates),
        cmocka_unit_test(every_prior_stands_at_its_signal_with_a_reason),
        cmocka_unit_test(the_filter_is_measured_before_and_after),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
