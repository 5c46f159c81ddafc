/* The head of a trace, and the replay of whole traces. */
#include "base/buffer.h"
#include "base/file.h"
#include "gate/install.h"
#include "gate/replay.h"
#include "gate/trace_head.h"
#include "trace/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char scratch[] = "/tmp/sallyport-replay-XXXXXX";
static char path[64];

static int
make_scratch(void **state)
{
    (void)state;
    if (!mkdtemp(scratch))
        return -1;
    snprintf(path, sizeof(path), "%s/run.trace", scratch);
    /* there is no index here, unless a case names one */
    return setenv("SALLYPORT_INDEX", "/nosuch/index", 1);
}

static int
remove_scratch(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(scratch);
}

/* -------------------------------------------------------------------- head */

static const char *const words[] = { "npm", "ci", "--x=\xff\xfe", "a\nb\"c", NULL };
static const struct sp_run_package packages[] = {
    { .ecosystem = "npm", .name = "@babel/core", .version = "7.0.0", .direct = true },
    { .ecosystem = "npm", .name = "left-pad", .version = "1.3.0" },
    { .ecosystem = "npm", .name = "chalk", .direct = true },
};
static const struct sp_run_report begun = {
    .tool_version = "0.1.0",
    .kind = "run",
    .command = words,
    .project = "/work/\xe9t\xe9",
    .manager = "npm",
    .mode = "enforce",
    .net = "registry",
    .started = 123456789012345,
    .packages = packages,
    .package_count = SP_COUNT(packages),
};

static void
make_decoys(struct sp_decoys *decoys, struct sp_arena *arena)
{
    static const char *const env[] = { "NPM_TOKEN=npm_abcdefghijklmnopqrstuvwxyz0123456789", "HOME=/home/u",
                                       NULL };
    struct sp_error err;
    const struct sp_decoy_wishes wishes = { .home = "/home/u", .env = env };
    if (sp_decoys_make(decoys, arena, &wishes, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(decoys->count > 20);
}

static void
a_head_comes_back_as_it_was_written(void **state)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer json = { 0 };
    struct sp_decoys decoys;
    struct sp_trace_head head;
    struct sp_error err = { 0 };
    (void)state;
    make_decoys(&decoys, &arena);
    assert_int_equal(sp_trace_head_write(&begun, "/home/u", NULL, "npm", &decoys, &json, &err), 0);
    if (sp_trace_head_read(json.bytes, &head, &arena, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; words[i]; i++)
        assert_string_equal(head.command[i], words[i]);
    assert_null(head.command[SP_COUNT(words) - 1]);
    assert_string_equal(head.tool_version, "0.1.0");
    assert_string_equal(head.kind, "run");
    assert_string_equal(head.manager, "npm");
    assert_string_equal(head.ecosystem, "npm");
    assert_string_equal(head.project, begun.project);
    assert_string_equal(head.home, "/home/u");
    assert_string_equal(head.mode, "enforce");
    assert_string_equal(head.net, "registry");
    assert_true(head.started == begun.started);
    assert_int_equal(head.package_count, 3);
    assert_string_equal(head.packages[0].purl, "pkg:npm/%40babel/core@7.0.0");
    assert_string_equal(head.packages[1].purl, "pkg:npm/chalk");
    assert_string_equal(head.packages[2].purl, "pkg:npm/left-pad@1.3.0");
    assert_true(head.packages[0].direct && head.packages[1].direct && !head.packages[2].direct);
}

static void
decoys_come_back_and_are_found_again(void **state)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer json = { 0 };
    struct sp_decoys decoys;
    struct sp_trace_head head;
    struct sp_error err = { 0 };
    (void)state;
    make_decoys(&decoys, &arena);
    assert_int_equal(sp_trace_head_write(&begun, "/home/u", "/work", "npm", &decoys, &json, &err), 0);
    assert_int_equal(sp_trace_head_read(json.bytes, &head, &arena, &err), 0);
    assert_string_equal(head.project, "/work");
    assert_int_equal(head.decoys.count, decoys.count);
    for (size_t i = 0; i < decoys.count; i++) {
        const struct sp_decoy *got = &head.decoys.items[i], *wanted = &decoys.items[i];
        assert_string_equal(got->id, wanted->id);
        assert_string_equal(got->title, wanted->title);
        assert_string_equal(got->canary, wanted->canary);
        assert_int_equal(got->reading_proves, wanted->reading_proves);
        assert_true(!got->path == !wanted->path && (!got->path || !strcmp(got->path, wanted->path)));
        assert_true(!got->name == !wanted->name && (!got->name || !strcmp(got->name, wanted->name)));
        for (size_t j = 0; wanted->needles[j]; j++) {
            const char *needle = wanted->needles[j];
            assert_string_equal(got->needles[j], needle);
            const struct sp_decoy *found = sp_decoys_find(&head.decoys, needle, strlen(needle));
            assert_true(found && !strcmp(found->id, sp_decoys_find(&decoys, needle, strlen(needle))->id));
        }
    }
    /* far from what is refused as made to cost time */
    assert_true(sp_decoys_crowding(&decoys) < 64);
    assert_true(sp_decoys_needles(&decoys) < SP_TRACE_NEEDLES_MAX / 4);
}

#define REST "\"kind\":\"run\",\"mode\":\"audit\",\"net\":\"none\",\"command\":[\"x\"]"
#define DECOY "\"id\":\"a\",\"title\":\"b\",\"path\":\"/c\""

static void
heads_that_no_writer_makes_are_refused(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        { "{\"version\":1," REST ",\"decoys\":[]}", NULL },
        { "{\"version\":1," REST ",\"decoys\":[],\"new\":{\"a\":[1]}}", NULL },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY "}]}", NULL },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"needles\":[\"0123456789abcdef\"]}]}", NULL },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":{\"hex\":\"2fff\"}}", NULL },
        { "", "" },
        { "[]", "an array where an object" },
        { "{\"version\":1", "" },
        { "{\"version\":1," REST ",\"decoys\":[]} x", "" },
        { "{" REST ",\"decoys\":[]}", "of version 0" },
        { "{\"version\":2," REST ",\"decoys\":[]}", "of version 2; this Sallyport reads version 1" },
        { "{\"version\":-1," REST ",\"decoys\":[]}", "a number" },
        { "{\"version\":1.5," REST ",\"decoys\":[]}", "a number" },
        { "{\"version\":1," REST ",\"decoys\":[],\"started\":9223372036854775808}", "a number" },
        { "{\"version\":1," REST "}", "\"decoys\" is missing" },
        { "{\"version\":1,\"kind\":\"run\",\"mode\":\"audit\",\"net\":\"none\",\"decoys\":[]}",
          "\"command\" is missing" },
        { "{\"version\":1," REST ",\"decoys\":[],\"kind\":\"walk\"}", "that is none" },
        { "{\"version\":1," REST ",\"decoys\":[],\"mode\":null}", "that is none" },
        { "{\"version\":1," REST ",\"decoys\":[],\"net\":\"all\"}", "that is none" },
        { "{\"version\":1," REST ",\"decoys\":[],\"ecosystem\":\"cobol\"}", "\"ecosystem\" that is none" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":\"home\"}", "absolute" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":\"/a\\u0000b\"}", "a NUL" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":{\"hex\":\"2f00\"}}", "no hexadecimal" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":{\"hex\":\"2ff\"}}", "half a byte" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":{\"hex\":\"2f\",\"x\":1}}", "end of a text" },
        { "{\"version\":1," REST ",\"decoys\":[],\"home\":[\"/\"]}", "where a text should stand" },
        { "{\"version\":1," REST ",\"decoys\":[],\"direct\":[],\"direct\":[]}", "twice" },
        { "{\"version\":1," REST ",\"decoys\":[],\"direct\":[null]}", "null in a list" },
        { "{\"version\":1," REST ",\"decoys\":[1]}", "where a decoy should stand" },
        { "{\"version\":1," REST ",\"decoys\":[{\"id\":\"a\",\"path\":\"/c\"}]}", "without \"id\"" },
        { "{\"version\":1," REST ",\"decoys\":[{\"id\":\"a\",\"title\":\"b\"}]}", "neither" },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"name\":\"N\"}]}", "neither" },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"needles\":[\"short\"]}]}", "a needle" },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"canary\":\"0123456789012345678901234\"}]}",
          "a canary" },
        { "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"reading_proves\":1}]}", "true or false" },
    };
    (void)state;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autoarena struct sp_arena arena = { 0 };
        struct sp_trace_head head;
        struct sp_error err = { 0 };
        int result = sp_trace_head_read(cases[i].json, &head, &arena, &err);
        if ((result == 0) != !cases[i].why ||
            (cases[i].why && (err.code != SP_ERROR_INPUT || !strstr(err.text, cases[i].why))))
            fail_msg("%s\n%d '%s', not '%s'", cases[i].json, result, err.text,
                     cases[i].why ? cases[i].why : "taken");
    }
}

static void
needles_that_were_chosen_to_cost_time_are_refused(void **state)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer json = { 0 };
    struct sp_trace_head head;
    struct sp_error err;
    (void)state;
    assert_int_equal(sp_buffer_printf(&json, &err,
                                      "{\"version\":1," REST ",\"decoys\":[{" DECOY
                                      ",\"needles\":[\"aaaaaaaaaaaaaaaa\""),
                     0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(sp_buffer_printf(&json, &err, ",\"aaaaaaaaaaaa%04d\"", i), 0);
    assert_int_equal(sp_buffer_append_string(&json, "]}]}", &err), 0);
    assert_int_equal(sp_trace_head_read(json.bytes, &head, &arena, &err), -1);
    assert_non_null(strstr(err.text, "cost time"));
}

static void
more_decoys_or_needles_than_are_read_are_refused(void **state)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer json = { 0 };
    struct sp_trace_head head;
    struct sp_error err;
    (void)state;
    assert_int_equal(sp_buffer_append_string(&json, "{\"version\":1," REST ",\"decoys\":[", &err), 0);
    for (size_t i = 0; i <= SP_TRACE_DECOYS_MAX; i++)
        assert_int_equal(sp_buffer_printf(&json, &err, "%s{" DECOY "}", i ? "," : ""), 0);
    assert_int_equal(sp_buffer_append_string(&json, "]}", &err), 0);
    assert_int_equal(sp_trace_head_read(json.bytes, &head, &arena, &err), -1);
    assert_non_null(strstr(err.text, "more decoys than are read"));
    sp_buffer_clear(&json);
    assert_int_equal(
        sp_buffer_append_string(&json, "{\"version\":1," REST ",\"decoys\":[{" DECOY ",\"needles\":[", &err),
        0);
    for (size_t i = 0; i <= SP_TRACE_NEEDLES_MAX; i++)
        assert_int_equal(sp_buffer_printf(&json, &err, "%s\"%08zx%08zx\"", i ? "," : "", i * 2654435761u, i),
                         0);
    assert_int_equal(sp_buffer_append_string(&json, "]}]}", &err), 0);
    assert_int_equal(sp_trace_head_read(json.bytes, &head, &arena, &err), -1);
    assert_non_null(strstr(err.text, "more than is read"));
}

/* ------------------------------------------------------------------ replay */

static void
write_trace(const struct sp_run_report *report, const struct sp_event *events, size_t count)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer head = { 0 };
    struct sp_decoys decoys;
    struct sp_trace_writer *writer;
    struct sp_error err;
    make_decoys(&decoys, &arena);
    assert_int_equal(sp_trace_head_write(report, "/home/u", "/work", "npm", &decoys, &head, &err), 0);
    assert_int_equal(sp_trace_create(&writer, path, head.bytes, &err), 0);
    for (size_t i = 0; i < count; i++)
        sp_trace_write(writer, &events[i]);
    assert_int_equal(sp_trace_finish(writer, &err), 0);
}

static struct sp_replay *
play(bool fail_on_review)
{
    struct sp_replay *replay;
    struct sp_error err;
    const struct sp_replay_options options = { .path = path,
                                               .tool_version = "0.1.0",
                                               .fail_on_review = fail_on_review };
    if (sp_replay_run(&replay, &options, &err) < 0)
        fail_msg("%s", err.text);
    return replay;
}

#define SECOND UINT64_C(1000000000)
static const struct sp_run_report simple = { .kind = "run",
                                             .command = words,
                                             .manager = "npm",
                                             .mode = "enforce",
                                             .net = "registry",
                                             .started = 10 * SECOND };
static const struct sp_event thief[] = {
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_FETCH, .time = 10 * SECOND, .subject = "the command starts" },
    { .kind = SP_EVENT_COMMAND,
      .time = 10 * SECOND,
      .value = 1,
      .subject = "npm\x1f"
                 "ci\x1f" },
    { .kind = SP_EVENT_FORK, .time = 10 * SECOND, .value = 1, .process = 5, .pid = 2 },
    { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_INSTALL, .time = 11 * SECOND, .subject = "/work/x" },
    { .kind = SP_EVENT_DECOY,
      .phase = SP_PHASE_INSTALL,
      .time = 12 * SECOND,
      .package = "pkg:npm/evil@1.0.0",
      .subject = "/home/u/.ssh/id_ed25519",
      .detail = "ssh-key" },
    { .kind = SP_EVENT_EXIT, .time = 12 * SECOND, .process = 5, .value = 9 },
};

static void
a_thief_is_blocked_again(void **state)
{
    (void)state;
    write_trace(&simple, thief, SP_COUNT(thief));
    struct sp_replay *replay = play(false);
    const struct sp_run_report *report = sp_replay_report(replay);
    assert_int_equal(report->outcome, SP_OUTCOME_BLOCK);
    assert_int_equal(report->exit_code, SP_RUN_BLOCKED);
    assert_string_equal(report->stopped, "at the first proof");
    assert_string_equal(report->verdict->findings[0].rule, "run/decoy-read");
    assert_string_equal(report->verdict->findings[0].name, "evil");
    assert_int_equal(report->command_status, 128 + 9);
    assert_int_equal(report->landed, SP_LANDED_NEVER);
    assert_string_equal(report->replayed, path);
    /* times are the run's, not the replay's */
    assert_true(report->started == 10 * SECOND && report->total == 2 * SECOND);
    assert_true(report->events[report->event_count - 1].time == 12 * SECOND);
    for (size_t i = 0; i < report->event_count; i++)
        assert_true(report->events[i].time >= 10 * SECOND && report->events[i].time <= 12 * SECOND);
    sp_replay_free(replay);
}

static void
two_replays_say_the_same(void **state)
{
    sp_autobuffer struct sp_buffer first = { 0 }, second = { 0 }, text = { 0 };
    struct sp_error err;
    (void)state;
    write_trace(&simple, thief, SP_COUNT(thief));
    struct sp_replay *replay = play(false);
    assert_int_equal(sp_run_report_json(sp_replay_report(replay), &first, &err), 0);
    assert_int_equal(
        sp_run_report_text(sp_replay_report(replay), &(struct sp_run_report_options){ 0 }, &text, &err), 0);
    sp_replay_free(replay);
    replay = play(false);
    assert_int_equal(sp_run_report_json(sp_replay_report(replay), &second, &err), 0);
    sp_replay_free(replay);
    assert_string_equal(first.bytes, second.bytes);
    assert_non_null(strstr(text.bytes, "replayed"));
    assert_null(strstr(text.bytes, "+0"));
}

static void
without_an_index_what_door_one_said_then_stands_and_it_is_told(void **state)
{
    const struct sp_event event = { .kind = SP_EVENT_PACKAGE,
                                    .time = 10 * SECOND,
                                    .subject = "crossenv",
                                    .package = "pkg:npm/crossenv",
                                    .value = SP_SEVERITY_BLOCK,
                                    .detail = "may be mistaken for 'cross-env'" };
    (void)state;
    write_trace(&simple, &event, 1);
    struct sp_replay *replay = play(false);
    const struct sp_run_report *report = sp_replay_report(replay);
    assert_int_equal(report->exit_code, SP_RUN_BLOCKED);
    assert_string_equal(report->verdict->findings[0].name, "crossenv");
    assert_string_equal(report->verdict->findings[0].message, event.detail);
    assert_int_equal(report->verdict->unseen_count, 1);
    assert_non_null(strstr(report->verdict->unseen[0], "names were not judged again"));
    sp_replay_free(replay);
    /* and without any finding nothing is proved safe */
    write_trace(&simple, NULL, 0);
    replay = play(false);
    assert_int_equal(sp_replay_report(replay)->exit_code, SP_RUN_INCONCLUSIVE);
    sp_replay_free(replay);
}

/* left's installer starts a shell; .numbers of COUNTS are what the kernel counted. */
static void
a_replay_is_judged_by_the_model_it_is_given(void **state)
{
    static const char toy[] =
        "sallyport-model 1\nkind boosted\nnote features_version 1\nfeatures 2\nfeature all.own.shells\n"
        "feature all.syscall.io\nbase 0\ncalibration none\nthreshold block 0.9\nthreshold review 0.5\ntrees "
        "1\n"
        "tree 0 3\n0 split all.own.shells 0.5 1 2 left 10\n1 leaf -4 5\n2 leaf 4 5\nend\n";
    static const uint64_t numbers[] = { 1, 1, 1 };
    static const struct sp_event events[] = {
        { .kind = SP_EVENT_PLACE,
          .time = SECOND,
          .subject = "/work/node_modules/left",
          .package = "pkg:npm/left@1.0.0" },
        { .kind = SP_EVENT_COMMAND, .time = SECOND, .value = 1, .subject = "npm\x1f" },
        { .kind = SP_EVENT_FORK, .time = SECOND, .process = 1, .value = 1 },
        { .kind = SP_EVENT_FORK, .time = SECOND, .process = 2, .parent = 1 },
        { .kind = SP_EVENT_EXEC,
          .time = SECOND,
          .process = 2,
          .subject = "/bin/sh",
          .detail = "sh\x1f",
          .bytes = 3,
          .directory = "/work/node_modules/left" },
        { .kind = SP_EVENT_COUNTS, .time = SECOND, .process = 2, .numbers = numbers, .number_count = 3 },
        { .kind = SP_EVENT_COUNTS, .time = SECOND, .process = 1, .numbers = numbers, .number_count = 3 },
    };
    char model[] = "/tmp/sallyport-toy-XXXXXX";
    struct sp_error err = { 0 };
    (void)state;
    int fd = mkstemp(model);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(sp_file_write(model, toy, strlen(toy), &err), 0);
    /* with the counts; without those of the last process, which is npm's; without any */
    for (size_t count = SP_COUNT(events); count >= SP_COUNT(events) - 2; count--) {
        struct sp_replay *replay = NULL;
        struct sp_replay_options options = { .path = path, .tool_version = "0.1.0", .model = model };
        write_trace(&simple, events, count);
        if (sp_replay_run(&replay, &options, &err) < 0)
            fail_msg("%s", err.text);
        const struct sp_run_report *report = sp_replay_report(replay);
        if (count == SP_COUNT(events) - 2) {
            assert_int_equal(report->exit_code, SP_RUN_INCONCLUSIVE);
            assert_non_null(report->model_silent);
            assert_int_equal(report->risk_count, 0);
            sp_replay_free(replay);
            options.no_model = true;
            options.model = NULL;
            assert_int_equal(sp_replay_run(&replay, &options, &err), 0);
            assert_null(sp_replay_report(replay)->model);
            sp_replay_free(replay);
            continue;
        }
        const struct sp_finding *last = &report->verdict->findings[report->verdict->count - 1];
        assert_int_equal(report->exit_code, SP_RUN_BLOCKED);
        assert_int_equal(report->risk_count, 1);
        assert_string_equal(report->risks[0].package, "pkg:npm/left@1.0.0");
        assert_string_equal(last->rule, "run/behaviour-model");
        assert_string_equal(last->name, "left");
        assert_string_equal(last->version, "1.0.0");
        assert_string_equal(last->message,
                            "behaves like an attack: risk 0.98 (started 1 shell while installing)");
        sp_replay_free(replay);
    }
    unlink(model);
}

static void
loads_and_packages_come_back(void **state)
{
    static const struct sp_event events[] = {
        { .kind = SP_EVENT_ARTEFACT,
          .time = 11 * SECOND,
          .package = "pkg:npm/left-pad@1.3.0",
          .subject = "https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz",
          .detail = "sha512-x",
          .value = 1 },
        { .kind = SP_EVENT_PHASE, .phase = SP_PHASE_LOAD, .time = 12 * SECOND, .subject = "loading" },
        { .kind = SP_EVENT_LOADED,
          .phase = SP_PHASE_LOAD,
          .time = 14 * SECOND,
          .package = "pkg:npm/warm@1.0.0",
          .subject = "require('warm')",
          .value = SP_LOAD_FAILED,
          .detail = "Error: no" },
    };
    struct sp_run_report with = simple;
    (void)state;
    with.packages = packages;
    with.package_count = SP_COUNT(packages);
    write_trace(&with, events, SP_COUNT(events));
    struct sp_replay *replay = play(false);
    const struct sp_run_report *report = sp_replay_report(replay);
    /* three of the project's own files, of which one was served, and one from a warm cache */
    assert_int_equal(report->package_count, 4);
    assert_int_equal(report->direct, 2);
    assert_int_equal(report->indirect, 2);
    assert_true(report->packages[2].from_cache && !strcmp(report->packages[2].digest, "sha512-x"));
    assert_int_equal(report->load_count, 1);
    assert_string_equal(report->loads[0].package, "pkg:npm/warm@1.0.0");
    assert_string_equal(report->loads[0].said, "Error: no");
    assert_int_equal(report->loads[0].outcome, SP_LOAD_FAILED);
    assert_true(report->load_time == 2 * SECOND && report->command_time == 2 * SECOND);
    sp_replay_free(replay);
}

static void
what_is_refused_says_why(void **state)
{
    static const struct sp_event impossible = { .kind = SP_EVENT_LOADED, .time = 1, .value = 99 };
    struct sp_trace_writer *writer;
    struct sp_replay *replay;
    struct sp_error err;
    const struct sp_replay_options options = { .path = path };
    (void)state;
    write_trace(&simple, &impossible, 1);
    assert_int_equal(sp_replay_run(&replay, &options, &err), -1);
    assert_non_null(strstr(err.text, "outcome that is none"));
    assert_int_equal(sp_trace_create(&writer, path, "{\"version\":7}", &err), 0);
    assert_int_equal(sp_trace_finish(writer, &err), 0);
    assert_int_equal(sp_replay_run(&replay, &options, &err), -1);
    assert_true(err.code == SP_ERROR_INPUT && strstr(err.text, "the trace's head: of version 7"));
    assert_int_equal(sp_file_write(path, "no trace", 8, &err), 0);
    assert_int_equal(sp_replay_run(&replay, &options, &err), -1);
    assert_non_null(strstr(err.text, "is no trace"));
    /* an index that was asked for and is not there */
    write_trace(&simple, NULL, 0);
    assert_int_equal(
        sp_replay_run(&replay, &(struct sp_replay_options){ .path = path, .index_path = "/nosuch" }, &err),
        -1);
    assert_non_null(strstr(err.text, "there is no index"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_comes_back_as_it_was_written),
        cmocka_unit_test(decoys_come_back_and_are_found_again),
        cmocka_unit_test(heads_that_no_writer_makes_are_refused),
        cmocka_unit_test(needles_that_were_chosen_to_cost_time_are_refused),
        cmocka_unit_test(more_decoys_or_needles_than_are_read_are_refused),
        cmocka_unit_test(a_thief_is_blocked_again),
        cmocka_unit_test(two_replays_say_the_same),
        cmocka_unit_test(without_an_index_what_door_one_said_then_stands_and_it_is_told),
        cmocka_unit_test(a_replay_is_judged_by_the_model_it_is_given),
        cmocka_unit_test(loads_and_packages_come_back),
        cmocka_unit_test(what_is_refused_says_why),
    };
    return cmocka_run_group_tests_name("trace head and replay", tests, make_scratch, remove_scratch);
}
