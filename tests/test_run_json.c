/* The JSON of a run's report: that it is what its schema says, and holds what happened. */
#include "run_scene.h"
#include "ecosystem/ecosystem.h"
#include "schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static json_t *
load_schema(const char *name)
{
    char path[1024];
    json_error_t error;
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    snprintf(path, sizeof(path), "%s/schema/%s.schema.json", docs ? docs : "docs", name);
    json_t *schema = json_load_file(path, 0, &error);
    if (!schema)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return schema;
}

static json_t *
load(const char *text)
{
    json_error_t error;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!document)
        fail_msg("%s\n%s", error.text, text);
    return document;
}

static void
assert_valid(const char *text)
{
    char why[512];
    json_t *schema = load_schema("run"), *document = load(text);
    if (!schema_holds(schema, schema, document, why))
        fail_msg("%s in:\n%s", why, text);
    json_decref(document);
    json_decref(schema);
}

static const struct sp_event some_events[] = {
    { .kind = SP_EVENT_PHASE, .time = 500 * MS, .subject = "npm ci" },
    { .kind = SP_EVENT_PACKAGE,
      .time = 600 * MS,
      .subject = "crossenv",
      .package = "pkg:npm/crossenv",
      .value = SP_SEVERITY_BLOCK },
    { .kind = SP_EVENT_CONNECTION,
      .phase = SP_PHASE_INSTALL,
      .time = 1500 * MS,
      .subject = "203.0.113.9",
      .port = 443,
      .bytes = 517 },
    { .kind = SP_EVENT_LOADED, .phase = SP_PHASE_LOAD, .time = 2500 * MS, .value = SP_LOAD_FAILED },
};

static void
fill(struct run *run)
{
    given_run(run);
    given_finding(run, &given_crossenv);
    given_finding(run, &given_thief);
    given_finding(run, &given_startup_file);
    given_unseen(run, "something");
    given_refusal(run);
    run->report.loads = &given_unloaded;
    run->report.load_count = 1;
    run->report.changes = given_changes;
    run->report.change_count = SP_COUNT(given_changes);
    run->report.events = some_events;
    run->report.event_count = SP_COUNT(some_events);
    run->report.limit_values = &given_limits;
}

static void
a_document_is_what_the_schema_says(void **state)
{
    (void)state;
    struct run run;
    fill(&run);
    assert_valid(json_of(&run));
    assert_true(run.out.bytes[run.out.length - 1] == '\n');
    given_end(&run);
}

static void
what_the_model_said_is_what_the_schema_says(void **state)
{
    (void)state;
    struct run run;
    fill(&run);
    run.report.model = &given_model;
    run.report.risks = given_risks;
    run.report.risk_count = SP_COUNT(given_risks);
    assert_valid(json_of(&run));
    json_t *document = load(run.out.bytes), *risks = json_object_get(document, "risks");
    const char *fingerprint, *package, *feature, *severity;
    double probability, contribution;
    assert_int_equal(json_array_size(risks), 3);
    assert_int_equal(json_unpack(document, "{s:{s:s}}", "model", "fingerprint", &fingerprint), 0);
    assert_string_equal(fingerprint, "000000001234abcd");
    assert_int_equal(json_unpack(json_array_get(risks, 0), "{s:s, s:F, s:s, s:[{s:s, s:F}]}", "package",
                                 &package, "probability", &probability, "severity", &severity, "reasons",
                                 "feature", &feature, "contribution", &contribution),
                     0);
    assert_true(probability == 0.9712 && contribution == 3.25);
    assert_string_equal(severity, "block");
    assert_string_equal(feature, "install.own.decoys");
    /* what was not seen is no number */
    json_t *unseen = json_array_get(json_object_get(json_array_get(risks, 0), "reasons"), 1);
    assert_true(json_is_null(json_object_get(unseen, "value")));
    assert_true(json_is_null(json_object_get(json_array_get(risks, 1), "package")));
    json_decref(document);
    run.report.model_silent = "without probes there are no counts";
    run.report.risk_count = 0;
    assert_valid(json_of(&run));
    given_end(&run);
}

static void
a_run_with_its_processes_is_what_the_schema_says(void **state)
{
    (void)state;
    struct run run;
    struct sp_finding allowed = given_thief;
    allowed.severity = SP_SEVERITY_NONE;
    allowed.was = SP_SEVERITY_BLOCK;
    allowed.allowed = "p:3";
    given_run(&run);
    given_scene(&run);
    given_finding(&run, &allowed);
    run.report.sight = "without probes";
    run.report.script_count = 1;
    assert_valid(json_of(&run));
    json_t *document = load(run.out.bytes);
    const char *word, *phase, *line, *by;
    double time, began;
    int process;
    json_t *last = json_array_get(json_object_get(document, "processes"), 7);
    assert_int_equal(
        json_unpack(last, "{s:[s], s:F, s:i}", "words", &word, "began", &began, "parent", &process), 0);
    assert_string_equal(word, "curl");
    assert_int_equal(process, 7);
    assert_true(began > 3.214 && began < 3.216);
    assert_int_equal(json_array_size(json_object_get(last, "words")), 5);
    assert_int_equal(json_unpack(json_array_get(json_object_get(document, "findings"), 1),
                                 "{s:s, s:F, s:i, s:s}", "phase", &phase, "time", &time, "process_number",
                                 &process, "policy_line", &line),
                     0);
    assert_string_equal(phase, "install");
    assert_true(time > 3.299 && time < 3.301);
    assert_int_equal(process, 8);
    assert_string_equal(line, "allow run/decoy-read pkg:npm/left-thief@1.3.1");
    assert_int_equal(
        json_unpack(document, "{s:[{s:s, s:s}]}", "allowed", "severity", &word, "allowed_by", &by), 0);
    assert_string_equal(word, "block");
    assert_string_equal(by, "p:3");
    json_decref(document);
    given_end(&run);
}

static void
an_empty_document_is_valid(void **state)
{
    (void)state;
    struct run run = { 0 };
    run.report = (struct sp_run_report){
        .tool_version = "1.2.3", .kind = "scan", .verdict = &run.verdict, .command_status = -1
    };
    assert_valid(json_of(&run));
    given_end(&run);
}

static void
a_document_holds_what_happened(void **state)
{
    (void)state;
    struct run run;
    fill(&run);
    json_t *document = load(json_of(&run));
    const char *verdict, *word, *landed, *change, *phase, *outcome, *what;
    int exit_code, status, port;
    double seconds, added, time;
    json_int_t memory;
    assert_int_equal(json_unpack(document, "{s:s, s:i, s:i, s:[s], s:s, s:{s:F}, s:{s:I}}", "verdict",
                                 &verdict, "exit_code", &exit_code, "command_status", &status, "command",
                                 &word, "landed", &landed, "timing", "added", &added, "limits", "memory",
                                 &memory),
                     0);
    assert_string_equal(verdict, "block");
    assert_int_equal(exit_code, 100);
    assert_int_equal(status, 0);
    assert_string_equal(word, "npm");
    assert_string_equal(landed, "refused");
    assert_true(added > 0.409 && added < 0.411);
    assert_true(memory == (json_int_t)8 << 30);
    assert_int_equal(json_unpack(document, "{s:[{s:s}], s:[{s:s, s:F}], s:[{}, {s:s}, {s:s, s:i, s:F}]}",
                                 "changes", "change", &change, "loads", "what", &what, "seconds", &seconds,
                                 "events", "outcome", &outcome, "phase", &phase, "port", &port, "time",
                                 &time),
                     0);
    assert_string_equal(change, "new");
    assert_string_equal(what, "require('left-thief')");
    assert_true(seconds > 0.119 && seconds < 0.121);
    assert_string_equal(outcome, "block");
    assert_string_equal(phase, "install");
    assert_int_equal(port, 443);
    assert_true(time > 0.999 && time < 1.001);
    json_decref(document);
    given_end(&run);
}

static void
a_finding_laid_to_no_package_has_null_for_its_name(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_startup_file);
    json_t *document = load(json_of(&run));
    json_t *finding = json_array_get(json_object_get(document, "findings"), 0);
    static const char *const keys[] = { "name", "ecosystem", "purl", "version", "target" };
    for (size_t i = 0; i < SP_COUNT(keys); i++)
        assert_true(json_is_null(json_object_get(finding, keys[i])));
    json_decref(document);
    assert_valid(run.out.bytes);
    given_end(&run);
}

/* Each change makes a valid document invalid; the validator must say so. */
static void
the_schema_refuses_a_broken_document(void **state)
{
    (void)state;
    static const struct {
        const char *what, *list, *key, *value;
    } broken[] = {
        { "a verdict of another name", NULL, "verdict", "\"fine\"" },
        { "a member too many", NULL, "extra", "1" },
        { "a missing verdict", NULL, "verdict", NULL },
        { "a missing list of what was not seen", NULL, "unseen", NULL },
        { "an exit code that is text", NULL, "exit_code", "\"100\"" },
        { "an exit code that no process has", NULL, "exit_code", "256" },
        { "an unknown landing", NULL, "landed", "\"perhaps\"" },
        { "events that are no list", NULL, "events", "{}" },
        { "a timing without its parts", NULL, "timing", "{}" },
        { "limits without their parts", NULL, "limits", "{\"by\": \"cgroup v2\"}" },
        { "an unknown kind of event", "events", "kind", "\"miracle\"" },
        { "an unknown phase", "events", "phase", "\"nap\"" },
        { "a time before the run", "events", "time", "-0.1" },
        { "a port nought", "events", "port", "0" },
        { "a port beyond the last", "events", "port", "65536" },
        { "an event without its value", "events", "value", NULL },
        { "an unknown outcome of a load", "loads", "outcome", "\"bored\"" },
        { "an unknown change", "changes", "change", "\"+\"" },
        { "things that are negative", "changes", "things", "-1" },
        { "a package of an unknown registry", "packages", "ecosystem", "\"attic\"" },
        { "a package that is direct in words", "packages", "direct", "\"yes\"" },
        { "a finding of an unknown severity", "findings", "severity", "\"severe\"" },
    };
    json_t *schema = load_schema("run");
    for (size_t i = 0; i < SP_COUNT(broken); i++) {
        struct run run;
        char why[512];
        fill(&run);
        json_t *document = load(json_of(&run));
        json_t *part =
            broken[i].list ? json_array_get(json_object_get(document, broken[i].list), 0) : document;
        if (broken[i].value)
            json_object_set_new(part, broken[i].key, json_loads(broken[i].value, JSON_DECODE_ANY, NULL));
        else
            json_object_del(part, broken[i].key);
        if (schema_holds(schema, schema, document, why))
            fail_msg("accepted: %s", broken[i].what);
        json_decref(document);
        given_end(&run);
    }
    json_decref(schema);
}

static bool
lists(json_t *choices, const char *word)
{
    size_t i;
    json_t *each;
    json_array_foreach(choices, i, each)
    {
        if (json_is_string(each) && !strcmp(json_string_value(each), word))
            return true;
    }
    return false;
}

static void
the_schema_lists_every_word_that_is_written(void **state)
{
    (void)state;
    json_t *schema = load_schema("run");
    json_t *kinds = schema_at(schema, "#/definitions/event/properties/kind/enum");
    json_t *phases = schema_at(schema, "#/definitions/event/properties/phase/enum");
    json_t *loads = schema_at(schema, "#/definitions/loadOutcome/enum");
    json_t *landed = schema_at(schema, "#/properties/landed/enum");
    assert_int_equal(json_array_size(kinds), SP_EVENT_KIND_END - 1);
    for (int kind = 1; kind < SP_EVENT_KIND_END; kind++)
        assert_true(lists(kinds, sp_event_kind_name((enum sp_event_kind)kind)));
    assert_int_equal(json_array_size(phases), SP_PHASE_COUNT);
    for (int phase = 0; phase < SP_PHASE_COUNT; phase++)
        assert_true(lists(phases, sp_phase_name((enum sp_phase)phase)));
    assert_int_equal(json_array_size(loads), SP_LOAD_REMEMBERED + 1);
    for (int outcome = 0; outcome <= SP_LOAD_REMEMBERED; outcome++)
        assert_true(lists(loads, sp_load_outcome_name((enum sp_load_outcome)outcome)));
    assert_int_equal(json_array_size(landed), SP_LANDED_NEVER + 1);
    for (int each = 0; each <= SP_LANDED_NEVER; each++)
        assert_true(lists(landed, sp_landed_name((enum sp_landed)each)));
    json_decref(schema);
}

/* One word means one thing in both documents. */
static void
what_check_and_run_share_is_the_same_in_both_schemas(void **state)
{
    (void)state;
    static const char *const shared[] = { "#/definitions/tool",  "#/definitions/ecosystem",
                                          "#/definitions/place", "#/definitions/category",
                                          "#/definitions/edit",  "#/definitions/verdict/enum",
                                          "#/definitions/count" };
    json_t *check = load_schema("check"), *run = load_schema("run");
    for (size_t i = 0; i < SP_COUNT(shared); i++)
        if (!json_equal(schema_at(check, shared[i]), schema_at(run, shared[i])))
            fail_msg("%s differs", shared[i]);
    /* a run's finding has all that a name's has, and what behaviour adds */
    json_t *needed = schema_at(check, "#/definitions/finding/required"), *word;
    size_t at;
    json_array_foreach(needed, at, word)
    {
        assert_true(lists(schema_at(run, "#/definitions/finding/required"), json_string_value(word)));
    }
    json_t *ecosystems = schema_at(run, "#/definitions/ecosystemOrNone/enum");
    assert_int_equal(json_array_size(ecosystems), SP_ECOSYSTEM_COUNT + 1);
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        assert_true(lists(ecosystems, sp_ecosystems[i]->name));
    json_decref(check);
    json_decref(run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_what_the_schema_says),
        cmocka_unit_test(what_the_model_said_is_what_the_schema_says),
        cmocka_unit_test(a_run_with_its_processes_is_what_the_schema_says),
        cmocka_unit_test(an_empty_document_is_valid),
        cmocka_unit_test(a_document_holds_what_happened),
        cmocka_unit_test(a_finding_laid_to_no_package_has_null_for_its_name),
        cmocka_unit_test(the_schema_refuses_a_broken_document),
        cmocka_unit_test(the_schema_lists_every_word_that_is_written),
        cmocka_unit_test(what_check_and_run_share_is_the_same_in_both_schemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
