#include "gate/replay.h"
#include "base/utf8.h"
#include "ecosystem/purl.h"
#include "gate/evidence.h"
#include "gate/install.h"
#include "gate/trace_head.h"
#include "trace/file.h"

#include <string.h>
#include <sys/wait.h>

#define LOADS_MAX SP_EVIDENCE_PACKAGES_MAX
#define RECORDED_MAX 1000u /* findings that stand for what door one said then */

struct sp_replay {
    struct sp_replay_options options;
    struct sp_arena arena;
    struct sp_trace_head head;
    struct sp_checker *checker;  /* NULL: there is no index */
    struct sp_risk_judge *model; /* NULL: there is none, or none is to judge */
    struct sp_verdict verdict;
    struct sp_evidence evidence;
    bool evidence_open;
    struct sp_run_load *loads;
    size_t load_count, load_capacity, load_more;
    size_t recorded, recorded_more;
    uint64_t last, load_began;
    uint32_t token, process; /* of the command itself */
    struct sp_run_report report;
};

/* ---------------------------------------------------------------- door one */

static int
open_door_one(struct sp_replay *replay, struct sp_error *err)
{
    const struct sp_check_options options = { .index_path = replay->options.index_path,
                                              .review = -1,
                                              .block = -1 };
    struct sp_error problem = { 0 };
    if (sp_checker_open(&replay->checker, &options, &problem) == 0)
        return 0;
    replay->checker = NULL;
    if (replay->options.index_path || problem.code == SP_ERROR_MEMORY) {
        *err = problem;
        return -1;
    }
    return sp_verdict_unseen(&replay->verdict, err,
                             "names were not judged again; what was said of them in the run stands: %s",
                             problem.text);
}

static int
open_model(struct sp_replay *replay, struct sp_error *err)
{
    struct sp_error problem = { 0 };
    if (replay->options.no_model || sp_risk_open(&replay->model, replay->options.model, &problem) == 0)
        return 0;
    if (replay->options.model || problem.code == SP_ERROR_MEMORY) {
        *err = problem;
        return -1;
    }
    return sp_verdict_unseen(&replay->verdict, err, "behaviour model: could not judge, because of %s",
                             problem.text);
}

/* What door one said in the run, where nobody can be asked now. */
static int
take_judgement(struct sp_replay *replay, const struct sp_event *event, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_arena *arena = &replay->verdict.arena;
    struct sp_purl purl = { 0 };
    char said[SP_ERROR_TEXT_MAX];
    if (replay->checker || event->value < SP_SEVERITY_REVIEW)
        return 0;
    if (replay->recorded >= RECORDED_MAX) {
        replay->recorded_more++;
        return 0;
    }
    struct sp_finding finding = {
        .rule = "name/confusion",
        .severity = event->value >= SP_SEVERITY_BLOCK ? SP_SEVERITY_BLOCK : SP_SEVERITY_REVIEW,
        .risk = -1,
    };
    const char *text = event->subject;
    if (event->package && sp_purl_parse(event->package, strlen(event->package), &purl, arena, NULL) == 0 &&
        purl.ecosystem && sp_purl_package_name(&purl, &name, NULL) == 0) {
        finding.ecosystem = purl.ecosystem->name;
        finding.version = purl.version;
        text = sp_buffer_string(&name);
    }
    const char *detail = event->detail ? event->detail : "was judged so in the run";
    sp_utf8_printable(said, sizeof(said), detail, strnlen(detail, sizeof(said)));
    finding.message = sp_arena_copy(arena, said, strlen(said), err);
    finding.name = sp_arena_copy(arena, text ? text : "?", text ? strlen(text) : 1, err);
    if (!finding.message || !finding.name)
        return -1;
    replay->recorded++;
    return sp_verdict_add(&replay->verdict, &finding, err);
}

/* Those that the project's files named, as they were judged before anything ran. */
static int
enter_packages(struct sp_replay *replay, struct sp_error *err)
{
    struct sp_evidence *evidence = &replay->evidence;
    for (size_t i = 0; i < replay->head.package_count; i++) {
        size_t before = evidence->package_count;
        if (sp_evidence_purl(evidence, replay->head.packages[i].purl, err) < 0)
            return -1;
        if (evidence->package_count > before)
            evidence->packages[before].direct = replay->head.packages[i].direct;
    }
    return sp_evidence_judge(evidence, err);
}

/* ------------------------------------------------------------------ events */

static int
take_head(void *context, const char *json, struct sp_error *err)
{
    struct sp_replay *replay = context;
    struct sp_trace_head *head = &replay->head;
    if (sp_trace_head_read(json, head, &replay->arena, err) < 0)
        return sp_fail_within(err, "%.300s", replay->options.path);
    if (open_door_one(replay, err) < 0 || open_model(replay, err) < 0)
        return -1;
    const struct sp_evidence_options options = {
        .decoys = &head->decoys,
        .home = head->home,
        .project = head->project,
        .manager = head->ecosystem ? head->manager : NULL,
        .ecosystem = head->ecosystem,
        .unanswered = head->net && strcmp(head->net, "sinkhole") != 0,
        .replayed = true,
        .checker = replay->checker,
        .model = replay->model,
        .model_named = replay->options.model != NULL,
        .verdict = &replay->verdict,
    };
    replay->evidence_open = true;
    if (sp_evidence_open(&replay->evidence, &options, err) < 0)
        return -1;
    return enter_packages(replay, err);
}

static const char *
keep(struct sp_replay *replay, const char *string)
{
    return string ? sp_arena_copy(&replay->arena, string, strlen(string), NULL) : NULL;
}

static int
take_load(struct sp_replay *replay, const struct sp_event *event, struct sp_error *err)
{
    if (event->value < SP_LOAD_DONE || event->value > SP_LOAD_REMEMBERED)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: a load with an outcome that is none (%lld)",
                       replay->options.path, (long long)event->value);
    if (replay->load_count >= LOADS_MAX ||
        sp_grow(replay->loads, replay->load_capacity, replay->load_count + 1, NULL) < 0) {
        replay->load_more++;
        return 0;
    }
    replay->loads[replay->load_count++] = (struct sp_run_load){
        .package = keep(replay, event->package),
        .what = keep(replay, event->subject),
        .outcome = (enum sp_load_outcome)event->value,
        .said = keep(replay, event->detail),
    };
    /* what came from a warm cache no proxy saw: the run found it in the result */
    return event->package ? sp_evidence_purl(&replay->evidence, event->package, err) : 0;
}

/* Follows the command that the run was for: its token, its first process, how that ended. */
static void
follow_command(struct sp_replay *replay, const struct sp_event *event)
{
    if (event->kind == SP_EVENT_COMMAND && !event->package && !replay->token)
        replay->token = event->value > 0 && event->value <= UINT32_MAX ? (uint32_t)event->value : 0;
    else if (event->kind == SP_EVENT_FORK && replay->token && !replay->process &&
             event->value == (int64_t)replay->token)
        replay->process = event->process;
    else if (event->kind == SP_EVENT_EXIT && replay->process && event->process == replay->process) {
        int status = (int)(event->value & 0xffff);
        replay->report.command_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
}

static int
take_event(void *context, const struct sp_event *event, struct sp_error *err)
{
    struct sp_replay *replay = context;
    const struct sp_event_sink sink = sp_evidence_sink(&replay->evidence);
    if (event->time > replay->last)
        replay->last = event->time;
    if (event->kind == SP_EVENT_PHASE && event->phase == SP_PHASE_LOAD && !replay->load_began)
        replay->load_began = event->time;
    follow_command(replay, event);
    sp_event_send(&sink, event);
    if (event->kind == SP_EVENT_LOADED)
        return take_load(replay, event, err);
    return event->kind == SP_EVENT_PACKAGE ? take_judgement(replay, event, err) : 0;
}

/* ----------------------------------------------------------------- verdict */

static int
exit_code(const struct sp_replay *replay, enum sp_outcome outcome)
{
    switch (outcome) {
    case SP_OUTCOME_BLOCK:
        return SP_RUN_BLOCKED;
    case SP_OUTCOME_INCONCLUSIVE:
        return SP_RUN_INCONCLUSIVE;
    case SP_OUTCOME_REVIEW:
        return replay->options.fail_on_review ? SP_RUN_REVIEW : 0;
    case SP_OUTCOME_ALLOW:
        break;
    }
    return 0;
}

/* Times as far as the events tell them. */
static void
fill_times(struct sp_replay *replay)
{
    struct sp_run_report *report = &replay->report;
    uint64_t started = replay->head.started;
    if (!started && replay->evidence.event_count)
        started = replay->evidence.events[0].time;
    uint64_t last = replay->last > started ? replay->last : started;
    uint64_t load = replay->load_began > started && replay->load_began < last ? replay->load_began : last;
    report->started = started;
    report->total = last - started;
    report->load_time = last - load;
    report->command_time = report->total - report->load_time;
}

static void
fill_report(struct sp_replay *replay)
{
    const struct sp_trace_head *head = &replay->head;
    struct sp_evidence *evidence = &replay->evidence;
    struct sp_run_report *report = &replay->report;
    bool enforced = !strcmp(head->mode, "enforce");
    report->tool_version = replay->options.tool_version;
    report->replayed = replay->options.path;
    report->kind = head->kind;
    report->command = head->command;
    report->project = head->project;
    report->manager = head->manager;
    report->mode = head->mode;
    report->net = head->net;
    report->outcome = sp_verdict_outcome(&replay->verdict);
    report->exit_code = exit_code(replay, report->outcome);
    report->verdict = &replay->verdict;
    report->watched = "a trace of the run";
    report->stopped = enforced && evidence->worst >= SP_SEVERITY_BLOCK ? "at the first proof" : NULL;
    sp_evidence_report(evidence, report);
    for (size_t i = 0; i < evidence->package_count; i++)
        evidence->packages[i].direct ? report->direct++ : report->indirect++;
    report->ran_code = evidence->source_builds;
    report->loads = replay->loads;
    report->load_count = replay->load_count;
    report->landed = SP_LANDED_NEVER;
    report->landing = "a replay lands nothing, and no trace tells what landed";
    fill_times(replay);
}

static int
conclude(struct sp_replay *replay, struct sp_error *err)
{
    if (sp_evidence_sum_up(&replay->evidence, err) < 0)
        return -1;
    if (replay->recorded_more &&
        sp_verdict_unseen(&replay->verdict, err, "%zu more names that were found wanting in the run",
                          replay->recorded_more) < 0)
        return -1;
    if (replay->load_more &&
        sp_verdict_unseen(&replay->verdict, err, "%zu more loads than are kept", replay->load_more) < 0)
        return -1;
    fill_report(replay);
    return 0;
}

int
sp_replay_run(struct sp_replay **out, const struct sp_replay_options *options, struct sp_error *err)
{
    struct sp_replay *replay = sp_new(struct sp_replay, err);
    if (!replay)
        return -1;
    replay->options = *options;
    replay->report.command_status = -1;
    const struct sp_trace_reading reading = { .head = take_head, .event = take_event, .context = replay };
    if (sp_trace_read(options->path, &reading, err) < 0 || conclude(replay, err) < 0) {
        sp_replay_free(replay);
        return -1;
    }
    *out = replay;
    return 0;
}

const struct sp_run_report *
sp_replay_report(const struct sp_replay *replay)
{
    return &replay->report;
}

void
sp_replay_free(struct sp_replay *replay)
{
    if (!replay)
        return;
    if (replay->evidence_open)
        sp_evidence_free(&replay->evidence);
    sp_checker_close(replay->checker);
    sp_risk_close(replay->model);
    sp_verdict_free(&replay->verdict);
    free(replay->loads);
    sp_arena_free(&replay->arena);
    free(replay);
}
