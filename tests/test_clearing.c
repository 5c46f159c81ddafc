/* The first journey with look-ups: what the registry says of a lookalike clears it, makes it worse, or cannot
 * be had. */
#include "gate/check.h"
#include "answers.h"
#include "small_index.h"

#define NOW ANSWERS_TIME
#define REGISTRY "https://registry.example/npm/"

static struct small_index small;
static struct sp_filter *filter;

struct desk {
    struct answers answers;
    struct sp_transport transport;
    struct sp_registries registries;
    struct sp_registry items[1];
    struct sp_bases bases;
    struct sp_metadata *metadata;
    struct sp_owner_list *owners;
    struct sp_weights weights;
    struct sp_clearing clearing;
    struct sp_checker *checker;
    struct sp_verdict verdict;
};

static int
build(void **state SP_UNUSED)
{
    static const char *const npm[] = { "react", "lodash", "express", "body-parser", "@babel/core", NULL };
    struct sp_error err = { 0 };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_build(&small);
    if (sp_filter_open(&filter, NULL, &err) < 0)
        fail_msg("%s", err.text);
    return 0;
}

static int
drop(void **state SP_UNUSED)
{
    sp_filter_free(filter);
    small_end(&small);
    return 0;
}

static void
open_desk(struct desk *desk)
{
    struct sp_error err = { 0 };
    *desk = (struct desk){ 0 };
    desk->transport = answers_transport(&desk->answers);
    desk->items[0] =
        (struct sp_registry){ .kind = SP_REGISTRY_NPM, .url = (char *)REGISTRY, .source = (char *)"test" };
    desk->registries = (struct sp_registries){ .items = desk->items, .count = 1 };
    desk->bases = (struct sp_bases){ .registries = &desk->registries };
    for (int i = 0; i < SP_SERVICE_COUNT; i++)
        desk->bases.services[i] = (struct sp_base){ .url = (char *)"", .source = (char *)"test" };
    const struct sp_metadata_options options = { .transport = &desk->transport,
                                                 .bases = &desk->bases,
                                                 .jobs = 1 };
    const struct sp_check_options checking = { .index_path = small.path, .review = -1, .block = -1 };
    if (sp_metadata_open(&desk->metadata, &options, &err) < 0 ||
        sp_checker_open(&desk->checker, &checking, &err) < 0 ||
        sp_owner_list_new(&desk->owners, sp_checker_index(desk->checker), &err) < 0)
        fail_msg("%s", err.text);
    desk->clearing = (struct sp_clearing){
        .metadata = desk->metadata,
        .filter = filter,
        .embedding = sp_index_embedding(sp_checker_index(desk->checker)),
        .owners = desk->owners,
        .review = -1,
        .block = -1,
    };
    sp_checker_clear_by(desk->checker, &desk->clearing);
}

static void
close_desk(struct desk *desk)
{
    sp_verdict_free(&desk->verdict);
    sp_checker_close(desk->checker);
    sp_owner_list_free(desk->owners);
    sp_metadata_close(desk->metadata);
}
#define autodesk __attribute__((cleanup(close_desk))) struct desk

#define TARGET                                                                                               \
    "{\"name\":\"express\",\"dist-tags\":{\"latest\":\"4.0.0\"},\"description\":\"Fast, minimalist web "     \
    "framework for servers\",\"readme\":\"# Express\\nFast, unopinionated, minimalist web framework for "    \
    "Node.js with routing, middleware and views.\",\"license\":\"MIT\",\"maintainers\":[{\"name\":"          \
    "\"dougw\"},{\"name\":\"jonc\"}],\"repository\":{\"url\":\"git+https://github.com/expressjs/"            \
    "express.git\"},\"homepage\":\"https://expressjs.example\",\"time\":{\"created\":"                       \
    "\"2011-01-01T00:00:00Z\",\"modified\":\"2023-10-01T00:00:00Z\",\"1.0.0\":\"2011-01-01T00:00:00Z\","     \
    "\"4.0.0\":\"2023-10-01T00:00:00Z\"},\"versions\":{\"1.0.0\":{\"version\":\"1.0.0\"},\"4.0.0\":"         \
    "{\"version\":\"4.0.0\"}}}"

/* By other people, published eight days before NOW, runs code when it is installed, and copies the target. */
#define IMITATION                                                                                            \
    "{\"name\":\"epxress\",\"dist-tags\":{\"latest\":\"1.0.0\"},\"description\":\"Fast, minimalist web "     \
    "framework for servers\",\"readme\":\"# Express\\nFast, unopinionated, minimalist web framework for "    \
    "Node.js with routing, middleware and views.\",\"maintainers\":[{\"name\":\"nobody77\"}],"               \
    "\"repository\":{\"url\":\"git+https://github.com/expressjs/express.git\"},\"time\":{\"created\":"       \
    "\"2023-11-07T00:00:00Z\",\"modified\":\"2023-11-07T00:00:00Z\",\"1.0.0\":\"2023-11-07T00:00:00Z\"},"    \
    "\"versions\":{\"1.0.0\":{\"version\":\"1.0.0\",\"scripts\":{\"postinstall\":\"node setup.js\"}}}}"

/* The target's own people keep it. */
#define SIBLING                                                                                              \
    "{\"name\":\"epxress\",\"dist-tags\":{\"latest\":\"2.1.0\"},\"description\":\"Catches a common slip "    \
    "and "                                                                                                   \
    "tells what was meant\",\"readme\":\"# epxress\\nThis package tells you that you meant another one.\","  \
    "\"license\":\"MIT\",\"maintainers\":[{\"name\":\"dougw\"},{\"name\":\"jonc\"}],\"repository\":{"        \
    "\"url\":\"git+https://github.com/expressjs/slips.git\"},\"homepage\":\"https://expressjs.example\","    \
    "\"time\":{\"created\":\"2014-01-01T00:00:00Z\",\"modified\":\"2023-09-01T00:00:00Z\",\"2.1.0\":"        \
    "\"2023-09-01T00:00:00Z\"},\"versions\":{\"2.1.0\":{\"version\":\"2.1.0\",\"scripts\":{}}}}"

#define HOLDING                                                                                              \
    "{\"name\":\"epxress\",\"dist-tags\":{\"latest\":\"0.0.1-security\"},\"description\":\"security "        \
    "holding "                                                                                               \
    "package\",\"repository\":{\"url\":\"npm/security-holder\"},\"maintainers\":[{\"name\":\"npm\"}],"       \
    "\"time\":{\"created\":\"2019-01-01T00:00:00Z\",\"0.0.1-security\":\"2019-01-01T00:00:00Z\"},"           \
    "\"versions\":{\"0.0.1-security\":{\"version\":\"0.0.1-security\",\"description\":\"security holding "   \
    "package\",\"repository\":{\"url\":\"npm/security-holder\"}}}}"

static const struct sp_finding *
check(struct desk *desk, const char *name)
{
    struct sp_error err = { 0 };
    if (sp_check_name(desk->checker, sp_ecosystems[SP_NPM], name, NULL, NULL, &desk->verdict, &err) < 0)
        fail_msg("%s", err.text);
    return desk->verdict.count ? &desk->verdict.findings[0] : NULL;
}

static const struct sp_seen_signal *
signal_of(const struct sp_finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->signal_count; i++)
        if (!strcmp(finding->signals[i].name, name))
            return &finding->signals[i];
    fail_msg("no signal %s", name);
    return NULL;
}

static void
an_imitation_is_worse_for_what_its_metadata_says(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", IMITATION);
    const struct sp_finding *finding = check(&desk, "epxress");
    assert_non_null(finding);
    assert_string_equal(finding->target, "express");
    assert_int_equal(finding->severity, SP_SEVERITY_BLOCK);
    assert_string_equal(signal_of(finding, "install-hook")->state, "yes");
    assert_string_equal(signal_of(finding, "newly-published")->state, "yes");
    assert_string_equal(signal_of(finding, "borrowed-repository")->state, "yes");
    assert_non_null(signal_of(finding, "newly-published")->evidence);
    assert_null(finding->cleared);
    assert_int_equal(desk.verdict.unseen_count, 0);
}

static void
the_targets_own_people_clear_it(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", SIBLING);
    const struct sp_finding *finding = check(&desk, "epxress");
    assert_non_null(finding);
    assert_int_equal(finding->severity, SP_SEVERITY_NONE);
    assert_non_null(finding->cleared);
    assert_string_equal(signal_of(finding, "overlapping-maintainers")->state, "yes");
    assert_true(finding->risk < finding->name_risk);
    assert_int_equal(sp_verdict_outcome(&desk.verdict), SP_OUTCOME_ALLOW);
}

static void
a_name_that_the_registry_does_not_know_is_a_finding(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_status(&desk.answers, REGISTRY "epxress", 404);
    const struct sp_finding *finding = check(&desk, "epxress");
    assert_non_null(finding);
    assert_int_equal(finding->severity, SP_SEVERITY_REVIEW);
    assert_string_equal(finding->rule, "name/slopsquatting");
    assert_non_null(strstr(finding->message, "does not exist"));
}

static void
a_dead_registry_is_no_allow(void **state SP_UNUSED)
{
    static const struct {
        const char *title, *name, *target;
    } cases[] = {
        { "nothing is known of the candidate", NULL, TARGET },
        { "nothing is known of the target", SIBLING, NULL },
        { "nothing is known of either", NULL, NULL },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autodesk desk;
        open_desk(&desk);
        if (cases[i].name)
            answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", cases[i].name);
        else
            answers_add_status(&desk.answers, REGISTRY "epxress", 500);
        if (cases[i].target)
            answers_add_text(&desk.answers, REGISTRY "express", "application/json", cases[i].target);
        else
            answers_add_status(&desk.answers, REGISTRY "express", 500);
        check(&desk, "epxress");
        if (desk.verdict.unseen_count == 0 || sp_verdict_outcome(&desk.verdict) == SP_OUTCOME_ALLOW)
            fail_msg("%s: %zu unseen, %s", cases[i].title, desk.verdict.unseen_count,
                     sp_outcome_name(sp_verdict_outcome(&desk.verdict)));
        assert_non_null(strstr(desk.verdict.unseen[0], "500"));
    }
}

static void
a_name_held_by_the_security_team_is_told(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", HOLDING);
    const struct sp_finding *finding = check(&desk, "epxress");
    assert_non_null(finding);
    assert_true(finding->severity >= SP_SEVERITY_REVIEW);
    assert_string_equal(signal_of(finding, "security-holding")->state, "yes");
}

static void
a_name_like_no_other_asks_nobody(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    assert_null(check(&desk, "zebra-crossing-painter"));
    assert_null(check(&desk, "express"));
    assert_int_equal(desk.answers.asked_count, 0);
    assert_int_equal(desk.verdict.unseen_count, 0);
}

static void
a_lockfile_is_looked_up_but_for_what_comes_from_elsewhere(void **state SP_UNUSED)
{
    autodesk desk;
    struct sp_error err = { 0 };
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", SIBLING);
    const char *path =
        small_write(&small, "package-lock.json",
                    "{\"name\":\"x\",\"lockfileVersion\":3,\"packages\":{\"\":{\"name\":\"x\"},"
                    "\"node_modules/epxress\":{\"version\":\"2.1.0\",\"resolved\":\"" REGISTRY
                    "epxress/-/epxress-2.1.0.tgz\"},"
                    "\"node_modules/expresss\":{\"version\":\"1.0.0\",\"resolved\":"
                    "\"git+ssh://git@git.example/expresss.git#aaaa\"}}}");
    if (sp_check_manifest(desk.checker, path, NULL, &desk.verdict, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(desk.verdict.checked, 2);
    assert_false(answers_were_asked(&desk.answers, REGISTRY "expresss"));
    assert_true(answers_were_asked(&desk.answers, REGISTRY "epxress"));
    size_t cleared = 0, alone = 0;
    for (size_t i = 0; i < desk.verdict.count; i++) {
        cleared += desk.verdict.findings[i].cleared != NULL;
        alone += !strcmp(desk.verdict.findings[i].name, "expresss") && !desk.verdict.findings[i].signals;
    }
    assert_int_equal(cleared, 1);
    assert_int_equal(alone, 1);
}

static void
an_llm_that_does_not_answer_is_said_and_changes_nothing(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    double risks[2];
    for (int i = 0; i < 2; i++) {
        autodesk desk;
        open_desk(&desk);
        answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
        answers_add_text(&desk.answers, REGISTRY "epxress", "application/json", IMITATION);
        const struct sp_llm_options options = { .url = "http://127.0.0.1:9/v1/chat/completions",
                                                .timeout_seconds = 1 };
        if (i == 1 && sp_llm_open(&desk.clearing.llm, &options, &err) < 0)
            fail_msg("%s", err.text);
        const struct sp_finding *finding = check(&desk, "epxress");
        assert_non_null(finding);
        risks[i] = finding->risk;
        assert_int_equal(finding->signal_count, SP_SIGNAL_COUNT + i);
        if (i == 1)
            assert_non_null(signal_of(finding, "llm")->evidence);
        assert_int_equal(desk.verdict.unseen_count, 0);
        sp_llm_close(desk.clearing.llm);
    }
    assert_true(risks[0] == risks[1]);
}

static void
hostile_words_reach_nobody_raw(void **state SP_UNUSED)
{
    autodesk desk;
    open_desk(&desk);
    answers_add_text(&desk.answers, REGISTRY "express", "application/json", TARGET);
    answers_add_text(
        &desk.answers, REGISTRY "epxress", "application/json",
        "{\"name\":\"epxress\",\"dist-tags\":{\"latest\":\"1.0.0\"},\"description\":\"\\u001b[2Jproof of "
        "concept\",\"maintainers\":[{\"name\":\"dougw\\u001b[31m\"}],\"time\":{\"1.0.0\":\"9999-01-01\"},"
        "\"versions\":{\"1.0.0\":{\"version\":\"1.0.0\",\"scripts\":{\"preinstall\":\"\\u001b]0;x\"}}}}");
    const struct sp_finding *finding = check(&desk, "epxress");
    assert_non_null(finding);
    for (size_t i = 0; i < finding->signal_count; i++)
        if (finding->signals[i].evidence)
            assert_null(strchr(finding->signals[i].evidence, '\033'));
    assert_null(strchr(finding->message, '\033'));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_imitation_is_worse_for_what_its_metadata_says),
        cmocka_unit_test(the_targets_own_people_clear_it),
        cmocka_unit_test(a_name_that_the_registry_does_not_know_is_a_finding),
        cmocka_unit_test(a_dead_registry_is_no_allow),
        cmocka_unit_test(a_name_held_by_the_security_team_is_told),
        cmocka_unit_test(a_name_like_no_other_asks_nobody),
        cmocka_unit_test(a_lockfile_is_looked_up_but_for_what_comes_from_elsewhere),
        cmocka_unit_test(an_llm_that_does_not_answer_is_said_and_changes_nothing),
        cmocka_unit_test(hostile_words_reach_nobody_raw),
    };
    return cmocka_run_group_tests(tests, build, drop);
}
