/* The benignity filter: what metadata may do to a name's risk, by the model in the box and by small ones. */
#include "metadata/filter.h"
#include "small_index.h"

#include <math.h>

static struct small_index small;
static struct sp_filter *shipped;

static int
begin(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    small_begin(&small);
    if (sp_filter_open(&shipped, NULL, &err) < 0)
        fail_msg("%s", err.text);
    return 0;
}

static int
end(void **state SP_UNUSED)
{
    sp_filter_free(shipped);
    small_end(&small);
    return 0;
}

/* "+install-hook +newly-published" over a candidate of which everything else is known to be no; "?" in front:
 * unknown instead. */
static void
scene(struct sp_signal_seen seen[SP_SIGNAL_COUNT], const char *words)
{
    for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++)
        seen[i] = (struct sp_signal_seen){ .state = SP_SIGNAL_NO, .value = NAN };
    while (*words) {
        size_t length = strcspn(words, " ");
        unsigned found = SP_SIGNAL_COUNT;
        for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++) {
            const char *name = sp_filter_feature_name(SP_FILTER_SIGNALS + i) + strlen("signal.");
            if (strlen(name) == length - 1 && !memcmp(name, words + 1, length - 1))
                found = i;
        }
        if (found == SP_SIGNAL_COUNT)
            fail_msg("'%s' begins with no signal", words);
        seen[found].state = *words == '+' ? SP_SIGNAL_YES : SP_SIGNAL_UNKNOWN;
        words += length;
        words += *words == ' ';
    }
}

static struct sp_filtered
judge(const struct sp_filter *filter, double name_risk, const char *words)
{
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    struct sp_filtered out;
    scene(seen, words);
    sp_filter_judge(filter, name_risk, seen, &out);
    return out;
}

/* --------------------------------------------------------------- the shipped */

static const bool benign[SP_SIGNAL_COUNT] = {
    [SP_SIGNAL_OBVIOUS_DIFFERENCE] = true,
    [SP_SIGNAL_DISTINCT_PURPOSE] = true,
    [SP_SIGNAL_EXPERIMENT] = true,
    [SP_SIGNAL_EXTENSION] = true,
    [SP_SIGNAL_KNOWN_OWNER] = true,
    [SP_SIGNAL_OVERLAPPING_MAINTAINERS] = true,
    [SP_SIGNAL_COMPREHENSIVE_METADATA] = true,
    [SP_SIGNAL_ACTIVE_DEVELOPMENT] = true,
    [SP_SIGNAL_RELOCATED] = true,
    [SP_SIGNAL_POPULAR] = true,
    [SP_SIGNAL_LONG_LIVED] = true,
    [SP_SIGNAL_OLDER_THAN_TARGET] = true,
    [SP_SIGNAL_PROVENANCE] = true,
};
static const double name_risks[] = { 0, 0.3, 0.7, 0.9, 0.99, 1 };

/* Random scenes (a fixed sequence): each signal in each of them is turned. */
static void
each_signal_moves_the_risk_its_own_way_only(void **state SP_UNUSED)
{
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 3000; round++) {
        struct sp_signal_seen seen[SP_SIGNAL_COUNT];
        for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            seen[i] = (struct sp_signal_seen){ .state = (enum sp_signal_state)(
                                                   random >> 20 & 1 ? SP_SIGNAL_NO : random % 3) };
        }
        /* enough is known, whatever is turned */
        seen[SP_SIGNAL_NO_README].state = seen[SP_SIGNAL_EXPERIMENT].state = SP_SIGNAL_NO;
        seen[SP_SIGNAL_RELOCATED].state = seen[SP_SIGNAL_PROVENANCE].state = SP_SIGNAL_NO;
        double name_risk = name_risks[round % SP_COUNT(name_risks)];
        for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++) {
            struct sp_filtered no, yes, unknown;
            enum sp_signal_state kept = seen[i].state;
            seen[i].state = SP_SIGNAL_NO;
            sp_filter_judge(shipped, name_risk, seen, &no);
            seen[i].state = SP_SIGNAL_YES;
            sp_filter_judge(shipped, name_risk, seen, &yes);
            seen[i].state = SP_SIGNAL_UNKNOWN;
            sp_filter_judge(shipped, name_risk, seen, &unknown);
            seen[i].state = kept;
            const char *name = sp_filter_feature_name(SP_FILTER_SIGNALS + i);
            if (benign[i] ? yes.risk > no.risk : yes.risk < no.risk)
                fail_msg("%s: no %g, yes %g", name, no.risk, yes.risk);
            if (benign[i] ? yes.severity > no.severity : yes.severity < no.severity)
                fail_msg("%s: severity no %d, yes %d", name, no.severity, yes.severity);
            if (unknown.risk < no.risk)
                fail_msg("%s: unknown %g is less than no %g", name, unknown.risk, no.risk);
        }
    }
}

static void
a_riskier_name_is_never_less_risky(void **state SP_UNUSED)
{
    static const char *const scenes[] = { "", "+no-readme", "+distinct-purpose +comprehensive-metadata",
                                          "+newly-published +install-hook +near-copy" };
    for (size_t i = 0; i < SP_COUNT(scenes); i++)
        for (size_t k = 1; k < SP_COUNT(name_risks); k++) {
            double lower = judge(shipped, name_risks[k - 1], scenes[i]).risk;
            double higher = judge(shipped, name_risks[k], scenes[i]).risk;
            if (higher < lower)
                fail_msg("'%s': name risk %g gives %g, %g gives %g", scenes[i], name_risks[k - 1], lower,
                         name_risks[k], higher);
        }
}

static void
what_is_known_decides(void **state SP_UNUSED)
{
    const struct {
        const char *story, *words;
        double name_risk;
        enum sp_severity least, most;
        const char *floor; /* begins so; NULL: whatever */
    } cases[] = {
        { "a new copy that runs code",
          "+newly-published +install-hook +near-copy +no-readme +adversarial-name", 0.95, SP_SEVERITY_BLOCK,
          SP_SEVERITY_BLOCK },
        { "a new copy that runs code and pretends to be extended care",
          "+newly-published +install-hook +near-copy +distinct-purpose +comprehensive-metadata +provenance "
          "+extension +active-development",
          0.9, SP_SEVERITY_REVIEW, SP_SEVERITY_BLOCK },
        { "the same, and it added the target's maintainers",
          "+newly-published +install-hook +near-copy +overlapping-maintainers", 0.9, SP_SEVERITY_REVIEW,
          SP_SEVERITY_BLOCK },
        { "a held name", "+security-holding +known-owner +popular +long-lived", 0.9, SP_SEVERITY_REVIEW,
          SP_SEVERITY_BLOCK, "the registry" },
        { "a placeholder that says what it is for", "+no-readme +suspicious-intent +adversarial-name", 0.9,
          SP_SEVERITY_REVIEW, SP_SEVERITY_BLOCK },
        { "an honest lookalike", "+distinct-purpose +comprehensive-metadata +long-lived +adversarial-name",
          0.95, SP_SEVERITY_NONE, SP_SEVERITY_NONE },
        { "two veterans", "+long-lived +popular +comprehensive-metadata", 0.9, SP_SEVERITY_NONE,
          SP_SEVERITY_NONE },
        { "the target's own people", "+overlapping-maintainers +no-readme +adversarial-name", 0.99,
          SP_SEVERITY_NONE, SP_SEVERITY_NONE, "published by those" },
        { "a verified owner", "+known-owner +no-readme +newly-published +install-hook", 0.99,
          SP_SEVERITY_NONE, SP_SEVERITY_NONE },
        { "an owner's name on a borrowed repository",
          "+known-owner +borrowed-repository +newly-published +install-hook +near-copy", 0.99,
          SP_SEVERITY_REVIEW, SP_SEVERITY_BLOCK },
        { "popular and nothing else", "+popular +adversarial-name", 0.9, SP_SEVERITY_REVIEW,
          SP_SEVERITY_REVIEW, "downloads alone" },
        { "a weak name of which nothing is said", "", 0.5, SP_SEVERITY_NONE, SP_SEVERITY_NONE,
          "the name is no alarm" },
        { "a weak name without a readme", "+no-readme +suspicious-intent", 0.5, SP_SEVERITY_REVIEW,
          SP_SEVERITY_BLOCK },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_filtered got = judge(shipped, cases[i].name_risk, cases[i].words);
        if (got.severity < cases[i].least || got.severity > cases[i].most)
            fail_msg("%s: severity %s at risk %g (%s)", cases[i].story, sp_severity_name(got.severity),
                     got.risk, got.floor ? got.floor : "the model");
        assert_true(got.known);
        if (cases[i].floor && (!got.floor || strncmp(got.floor, cases[i].floor, strlen(cases[i].floor)) != 0))
            fail_msg("%s: decided by '%s', not '%s'", cases[i].story, got.floor ? got.floor : "the model",
                     cases[i].floor);
    }
}

static void
contributions_add_up_to_the_risk(void **state SP_UNUSED)
{
    static const char *const scenes[] = { "", "+no-readme +adversarial-name", "?no-readme ?suspicious-intent",
                                          "+distinct-purpose +long-lived ?popular" };
    struct sp_model_file file = { 0 };
    struct sp_error err = { 0 };
    if (sp_model_load(&file, getenv("SALLYPORT_FILTER"), &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < SP_COUNT(scenes); i++) {
        struct sp_filtered got = judge(shipped, 0.95, scenes[i]);
        double margin = got.bias;
        for (unsigned k = 0; k < SP_FILTER_FEATURE_COUNT; k++)
            margin += got.contributions[k];
        assert_null(got.floor);
        if (fabs(sp_model_probability(&file.view, margin) - got.risk) > 1e-5)
            fail_msg("'%s': contributions give %g, the risk is %g", scenes[i],
                     sp_model_probability(&file.view, margin), got.risk);
    }
    sp_model_file_free(&file);
}

static void
the_name_speaks_where_nothing_is_known(void **state SP_UNUSED)
{
    struct sp_signal_seen seen[SP_SIGNAL_COUNT] = { 0 };
    struct sp_filtered out;
    /* what can be read off the names is no knowledge */
    seen[SP_SIGNAL_OBVIOUS_DIFFERENCE].state = seen[SP_SIGNAL_ADVERSARIAL_NAME].state = SP_SIGNAL_YES;
    seen[SP_SIGNAL_LONG_LIVED].state = seen[SP_SIGNAL_POPULAR].state = SP_SIGNAL_YES;
    sp_filter_judge(shipped, 0.999, seen, &out);
    assert_false(out.known);
    assert_true(out.risk == 0.999);
    assert_int_equal(out.severity, SP_SEVERITY_BLOCK);
    sp_filter_judge(shipped, 0.01, seen, &out);
    assert_int_equal(out.severity, SP_SEVERITY_NONE);
    seen[SP_SIGNAL_NO_README].state = SP_SIGNAL_NO;
    sp_filter_judge(shipped, 0.999, seen, &out);
    assert_true(out.known);
    assert_true(out.risk < 0.999);
}

static void
thresholds_are_in_order(void **state SP_UNUSED)
{
    struct sp_risk_thresholds thresholds = sp_filter_thresholds(shipped);
    assert_true(thresholds.review > 0 && thresholds.review <= thresholds.block && thresholds.block < 1);
    assert_true(sp_filter_look_from(shipped) > 0 && sp_filter_look_from(shipped) < 1);
}

/* --------------------------------------------------------------- small models */

#define HEAD "sallyport-model 1\nkind logistic\n"
#define NOTE "note filter_version 1\n"
#define ONE "features 1\nfeature signal.no-readme\n"
#define BODY "base 0\ncalibration none\n"
#define THRESHOLDS                                                                                           \
    "threshold review 0.5\nthreshold block 0.9\nthreshold look 0.2\nthreshold name-review 0.8\n"             \
    "threshold name-block 0.9\n"
#define TERM "term signal.no-readme 2 0 0\nend\n"

static void
a_small_model_by_hand(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    struct sp_filter *filter = NULL;
    const char *path = small_write(&small, "small.model", HEAD NOTE ONE BODY THRESHOLDS TERM);
    if (sp_filter_open(&filter, path, &err) < 0)
        fail_msg("%s", err.text);
    struct sp_filtered got = judge(filter, 0.9, "+no-readme");
    assert_true(fabs(got.risk - 1 / (1 + exp(-2))) < 1e-6);
    assert_int_equal(got.severity, SP_SEVERITY_REVIEW);
    assert_true(fabs(got.contributions[SP_FILTER_SIGNALS + SP_SIGNAL_NO_README] - 2) < 1e-6);
    assert_true(got.contributions[SP_FILTER_NAME_MARGIN] == 0);
    assert_true(sp_filter_look_from(filter) == 0.2);
    sp_filter_free(filter);
}

static void
other_models_are_refused(void **state SP_UNUSED)
{
    const struct {
        const char *story, *text, *expected;
    } cases[] = {
        { "no version", HEAD ONE BODY THRESHOLDS TERM, "filter_version" },
        { "a later version", HEAD "note filter_version 2\n" ONE BODY THRESHOLDS TERM, "filter_version" },
        { "a feature of another room",
          HEAD NOTE "features 1\nfeature own.shells\n" BODY THRESHOLDS "term own.shells 2 0 0\nend\n",
          "'own.shells'" },
        { "no threshold for look-ups", HEAD NOTE ONE BODY "threshold review 0.5\nthreshold block 0.9\n" TERM,
          "'look'" },
        { "thresholds crossed",
          HEAD NOTE ONE BODY "threshold review 0.95\nthreshold block 0.9\nthreshold look 0.2\n"
                             "threshold name-review 0.8\nthreshold name-block 0.9\n" TERM,
          "above" },
        { "a damaged file", HEAD NOTE ONE BODY THRESHOLDS "term signal.no-readme 2\n", "other.model" },
        { "an empty file", "", "other.model" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        struct sp_filter *filter = NULL;
        const char *path = small_write(&small, "other.model", cases[i].text);
        if (sp_filter_open(&filter, path, &err) == 0)
            fail_msg("%s: was opened", cases[i].story);
        assert_null(filter);
        if (!strstr(err.text, cases[i].expected))
            fail_msg("%s: '%s' lacks '%s'", cases[i].story, err.text, cases[i].expected);
    }
    struct sp_error err = { 0 };
    struct sp_filter *filter = NULL;
    assert_int_equal(sp_filter_open(&filter, small_path(&small, "absent"), &err), -1);
    assert_non_null(strstr(err.text, "SALLYPORT_FILTER"));
}

static void
margins_of_names_are_bounded(void **state SP_UNUSED)
{
    assert_true(sp_filter_name_margin(0) == -8);
    assert_true(sp_filter_name_margin(1) == 8);
    assert_true(sp_filter_name_margin(NAN) == -8);
    assert_true(fabs(sp_filter_name_margin(0.5)) < 1e-12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_signal_moves_the_risk_its_own_way_only),
        cmocka_unit_test(a_riskier_name_is_never_less_risky),
        cmocka_unit_test(what_is_known_decides),
        cmocka_unit_test(contributions_add_up_to_the_risk),
        cmocka_unit_test(the_name_speaks_where_nothing_is_known),
        cmocka_unit_test(thresholds_are_in_order),
        cmocka_unit_test(a_small_model_by_hand),
        cmocka_unit_test(other_models_are_refused),
        cmocka_unit_test(margins_of_names_are_bounded),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
