/* The whole of a run as one document. docs/schema/run.schema.json describes it. */
#include "report/run.h"
#include "report/json_parts.h"
#include "report/run_scripts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void
put_truth(struct sp_json *json, const char *key, bool value)
{
    sp_json_key(json, key);
    sp_json_bool(json, value);
}

/* COUNT, or null where it is 0: unknown. */
static void
put_known(struct sp_json *json, const char *key, uint64_t count)
{
    if (count) {
        sp_report_json_count(json, key, count);
        return;
    }
    sp_json_key(json, key);
    sp_json_null(json);
}

static void
put_seconds(struct sp_json *json, const char *key, uint64_t nanoseconds)
{
    sp_json_key(json, key);
    sp_json_number(json, (double)nanoseconds / 1e9, 9);
}

static void
put_command(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "command");
    sp_json_begin_array(json);
    for (const char *const *word = report->command; word && *word; word++)
        sp_json_string(json, *word);
    sp_json_end_array(json);
    sp_json_key(json, "command_status");
    report->command_status < 0 ? sp_json_null(json) : sp_json_integer(json, report->command_status);
    sp_json_key(json, "exit_code");
    sp_json_integer(json, report->exit_code);
}

/* One that a policy allowed keeps the severity that it had. */
static int
put_finding(struct sp_json *json, const struct sp_run_report *report, const struct sp_finding *finding,
            struct sp_error *err)
{
    sp_autobuffer struct sp_buffer line = { 0 };
    struct sp_finding shown = *finding;
    if (finding->allowed)
        shown.severity = finding->was;
    if (sp_run_policy_line(finding, &line, err) < 0)
        return -1;
    sp_json_begin_object(json);
    if (sp_report_json_finding(json, &shown, err) < 0)
        return -1;
    sp_report_json_act(json, finding, sp_run_started(report));
    sp_report_json_text(json, "policy_line", line.length ? line.bytes : NULL);
    sp_report_json_text(json, "allowed_by", finding->allowed);
    sp_json_end_object(json);
    return 0;
}

static int
put_verdict(struct sp_json *json, const struct sp_run_report *report, struct sp_error *err)
{
    const struct sp_verdict *verdict = report->verdict;
    sp_report_json_text(json, "verdict", sp_outcome_name(report->outcome));
    sp_report_json_count(json, "block", sp_verdict_count(verdict, SP_SEVERITY_BLOCK));
    sp_report_json_count(json, "review", sp_verdict_count(verdict, SP_SEVERITY_REVIEW));
    sp_json_key(json, "findings");
    sp_json_begin_array(json);
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->findings[i].severity >= SP_SEVERITY_REVIEW &&
            put_finding(json, report, &verdict->findings[i], err) < 0)
            return -1;
    sp_json_end_array(json);
    sp_report_json_text(json, "policy", report->policy);
    sp_json_key(json, "allowed");
    sp_json_begin_array(json);
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->findings[i].allowed && put_finding(json, report, &verdict->findings[i], err) < 0)
            return -1;
    sp_json_end_array(json);
    sp_json_key(json, "cleared");
    sp_json_begin_array(json);
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->findings[i].cleared && put_finding(json, report, &verdict->findings[i], err) < 0)
            return -1;
    sp_json_end_array(json);
    sp_json_key(json, "unseen");
    sp_json_begin_array(json);
    for (size_t i = 0; i < verdict->unseen_count; i++)
        sp_json_string(json, verdict->unseen[i]);
    sp_json_end_array(json);
    sp_report_json_text(json, "stopped", report->stopped);
    return 0;
}

/* Not-a-number is null. */
static void
put_measure(struct sp_json *json, const char *key, double value)
{
    sp_json_key(json, key);
    isnan(value) ? sp_json_null(json) : sp_json_number(json, value, 9);
}

static void
put_model(struct sp_json *json, const struct sp_run_report *report)
{
    const struct sp_risk_model *model = report->model;
    char fingerprint[24];
    sp_json_key(json, "model");
    if (!model) {
        sp_json_null(json);
        return;
    }
    snprintf(fingerprint, sizeof(fingerprint), "%016llx", (unsigned long long)model->fingerprint);
    sp_json_begin_object(json);
    sp_report_json_text(json, "path", model->path);
    sp_report_json_text(json, "fingerprint", fingerprint);
    sp_report_json_count(json, "features_version", model->features_version);
    sp_report_json_text(json, "note", model->note);
    put_measure(json, "review_from", model->review);
    put_measure(json, "block_from", model->block);
    sp_report_json_text(json, "silent", report->model_silent);
    sp_json_end_object(json);
}

static void
put_risks(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "risks");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->risk_count; i++) {
        const struct sp_package_risk *risk = &report->risks[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "package", risk->package);
        put_measure(json, "probability", risk->probability);
        sp_report_json_text(json, "severity", sp_severity_name(risk->severity));
        put_measure(json, "bias", risk->bias);
        sp_json_key(json, "reasons");
        sp_json_begin_array(json);
        for (size_t r = 0; r < risk->reason_count; r++) {
            sp_json_begin_object(json);
            sp_report_json_text(json, "feature", risk->reasons[r].feature);
            put_measure(json, "value", risk->reasons[r].value);
            put_measure(json, "contribution", risk->reasons[r].contribution);
            sp_report_json_text(json, "words", risk->reasons[r].words);
            sp_json_end_object(json);
        }
        sp_json_end_array(json);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static int
put_packages(struct sp_json *json, const struct sp_run_report *report, struct sp_error *err)
{
    sp_report_json_count(json, "direct", report->direct);
    sp_report_json_count(json, "indirect", report->indirect);
    sp_report_json_count(json, "ran_code", report->ran_code);
    sp_json_key(json, "packages");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->package_count; i++) {
        const struct sp_run_package *package = &report->packages[i];
        sp_json_begin_object(json);
        if (sp_report_json_purl(json, "purl", package->ecosystem, package->name, package->version, err) < 0)
            return -1;
        sp_report_json_text(json, "ecosystem", package->ecosystem);
        sp_report_json_text(json, "name", package->name);
        sp_report_json_text(json, "version", package->version);
        sp_report_json_text(json, "digest", package->digest);
        sp_report_json_text(json, "url", package->url);
        sp_report_json_text(json, "path", package->path);
        put_truth(json, "direct", package->direct);
        put_truth(json, "ran_code", package->ran_code);
        put_truth(json, "refused", package->refused);
        put_truth(json, "from_cache", package->from_cache);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    return 0;
}

static void
put_loads(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "loads");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->load_count; i++) {
        const struct sp_run_load *load = &report->loads[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "package", load->package);
        sp_report_json_text(json, "what", load->what);
        sp_report_json_text(json, "outcome", sp_load_outcome_name(load->outcome));
        sp_report_json_text(json, "said", load->said);
        put_seconds(json, "seconds", load->nanoseconds);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
put_notes(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "notes");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->unfollowed_count; i++)
        sp_json_string(json, report->unfollowed[i]);
    for (size_t i = 0; i < report->note_count; i++)
        sp_json_string(json, report->notes[i]);
    sp_json_end_array(json);
}

static const char *
change_name(char kind)
{
    switch (kind) {
    case '+':
        return "new";
    case '~':
        return "modified";
    case '-':
        return "deleted";
    default:
        return "refused";
    }
}

static void
put_changes(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "changes");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->change_count; i++) {
        const struct sp_run_change *change = &report->changes[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "change", change_name(change->kind));
        sp_report_json_text(json, "path", change->path);
        sp_report_json_count(json, "things", change->things);
        sp_report_json_count(json, "bytes", change->bytes);
        sp_report_json_text(json, "why", change->why);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_report_json_count(json, "changes_more", report->change_more);
}

static void
put_landing(struct sp_json *json, const struct sp_run_report *report)
{
    uint64_t things, bytes;
    sp_run_landed(report, &things, &bytes);
    sp_report_json_text(json, "landed", sp_landed_name(report->landed));
    sp_report_json_text(json, "landing", report->landing);
    sp_report_json_count(json, "landed_things", things);
    sp_report_json_count(json, "landed_bytes", bytes);
    sp_report_json_text(json, "evidence", report->evidence);
}

/* The word that an event's value stands for, where it is one of ours. */
static const char *
event_outcome(const struct sp_event *event)
{
    if (event->kind == SP_EVENT_LOADED)
        return sp_load_outcome_name((enum sp_load_outcome)event->value);
    if (event->kind == SP_EVENT_PACKAGE && event->value >= SP_SEVERITY_NONE &&
        event->value <= SP_SEVERITY_BLOCK)
        return sp_severity_name((enum sp_severity)event->value);
    return NULL;
}

static void
put_events(struct sp_json *json, const struct sp_run_report *report)
{
    uint64_t started = sp_run_started(report);
    sp_json_key(json, "events");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->event_count; i++) {
        const struct sp_event *event = &report->events[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "kind", sp_event_kind_name(event->kind));
        sp_report_json_text(json, "phase", sp_phase_name(event->phase));
        put_seconds(json, "time", event->time > started ? event->time - started : 0);
        put_known(json, "pid", event->pid);
        put_known(json, "process", event->process);
        put_known(json, "parent", event->parent);
        sp_report_json_text(json, "package", event->package);
        sp_report_json_text(json, "subject", event->subject);
        sp_report_json_text(json, "detail", event->detail);
        put_known(json, "port", event->port);
        put_known(json, "from_port", event->from_port);
        sp_report_json_text(json, "directory", event->directory);
        sp_report_json_count(json, "bytes", event->bytes);
        sp_json_key(json, "value");
        sp_json_integer(json, event->value);
        sp_report_json_text(json, "outcome", event_outcome(event));
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_report_json_count(json, "events_more", report->event_more);
}

/* argv, of which each word ends in SP_EVENT_WORD_END. */
static void
put_words(struct sp_json *json, const char *words)
{
    sp_json_key(json, "words");
    if (!words) {
        sp_json_null(json);
        return;
    }
    sp_json_begin_array(json);
    while (*words) {
        size_t length = strcspn(words, (const char[]){ SP_EVENT_WORD_END, 0 });
        sp_json_string_n(json, words, length);
        words += length + (words[length] != 0);
    }
    sp_json_end_array(json);
}

static void
put_processes(struct sp_json *json, const struct sp_run_report *report)
{
    uint64_t started = sp_run_started(report);
    sp_json_key(json, "processes");
    sp_json_begin_array(json);
    for (size_t i = 0; i < report->process_count; i++) {
        const struct sp_run_process *process = &report->processes[i];
        sp_json_begin_object(json);
        sp_report_json_count(json, "number", process->number);
        put_known(json, "parent", process->parent);
        put_known(json, "pid", process->pid);
        sp_report_json_text(json, "who", process->who);
        sp_report_json_text(json, "package", process->package);
        sp_report_json_text(json, "phase", sp_phase_name(process->phase));
        sp_report_json_text(json, "program", process->program);
        put_words(json, process->words);
        sp_report_json_text(json, "directory", process->directory);
        put_seconds(json, "began", process->began > started ? process->began - started : 0);
        sp_json_key(json, "ended");
        if (process->ended)
            sp_json_number(json, process->ended > started ? (double)(process->ended - started) / 1e9 : 0, 9);
        else
            sp_json_null(json);
        sp_json_key(json, "status");
        process->ended ? sp_json_integer(json, process->status) : sp_json_null(json);
        put_known(json, "peak_memory", process->peak_memory);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_report_json_count(json, "processes_more", report->process_more);
}

static void
put_script(struct sp_json *json, const struct sp_run_script *script)
{
    const struct sp_act_list *called = &script->acts.lists[SP_ACT_CONTACTED];
    sp_json_begin_object(json);
    sp_report_json_text(json, "package", script->package);
    sp_report_json_text(json, "scripts", script->stages);
    put_truth(json, "ended_well", script->well);
    sp_report_json_count(json, "programs", script->ran);
    sp_report_json_count(json, "files_of_its_own", script->wrote_inside);
    sp_report_json_count(json, "files_elsewhere", script->wrote_outside);
    sp_json_key(json, "contacted");
    sp_json_begin_array(json);
    for (size_t i = 0; i < called->count && i < 100; i++)
        sp_json_string(json, called->items[i].what);
    sp_json_end_array(json);
    sp_report_json_count(json, "block", script->block);
    sp_report_json_count(json, "review", script->review);
    put_truth(json, "proposed", script->proposed);
    sp_json_end_object(json);
}

static int
put_scripts(struct sp_json *json, const struct sp_run_report *report, struct sp_error *err)
{
    sp_autoscripts struct sp_run_scripts scripts = { 0 };
    if (sp_run_scripts_find(&scripts, report, err) < 0)
        return -1;
    sp_json_key(json, "blocked_scripts");
    sp_json_begin_object(json);
    sp_report_json_text(json, "setting", scripts.setting);
    sp_json_key(json, "proposed");
    sp_json_begin_array(json);
    for (size_t i = 0; i < scripts.count; i++)
        if (scripts.items[i].proposed)
            sp_json_string(json, scripts.items[i].name);
    sp_json_end_array(json);
    sp_json_key(json, "packages");
    sp_json_begin_array(json);
    for (size_t i = 0; i < scripts.count; i++)
        put_script(json, &scripts.items[i]);
    sp_json_end_array(json);
    sp_report_json_count(json, "packages_more", scripts.more);
    sp_json_end_object(json);
    return 0;
}

static void
put_limits(struct sp_json *json, const struct sp_run_report *report)
{
    const struct sp_limits *values = report->limit_values;
    bool missing = report->limits_missing && *report->limits_missing;
    sp_json_key(json, "limits");
    sp_json_begin_object(json);
    sp_report_json_text(json, "by", report->limits);
    sp_report_json_text(json, "missing", missing ? report->limits_missing : NULL);
    sp_json_key(json, "time");
    values && values->time ? sp_json_number(json, (double)values->time / 1e9, 9) : sp_json_null(json);
    put_known(json, "memory", values ? values->memory : 0);
    put_known(json, "processes", values ? values->processes : 0);
    put_known(json, "file_size", values ? values->file_size : 0);
    put_known(json, "disk", values ? values->disk : 0);
    put_known(json, "files", values ? values->files : 0);
    sp_json_end_object(json);
}

static void
put_timing(struct sp_json *json, const struct sp_run_report *report)
{
    sp_json_key(json, "timing");
    sp_json_begin_object(json);
    put_seconds(json, "total", report->total);
    put_seconds(json, "sandbox_start", report->sandbox_start);
    put_seconds(json, "command", report->command_time);
    put_seconds(json, "load", report->load_time);
    put_seconds(json, "landing", report->landing_time);
    put_seconds(json, "verdict", report->verdict_time);
    put_seconds(json, "added", sp_run_added_time(report));
    sp_json_end_object(json);
}

int
sp_run_report_json(const struct sp_run_report *report, struct sp_buffer *out, struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_report_json_tool(&json, report->tool_version);
    sp_report_json_text(&json, "kind", report->kind);
    put_command(&json, report);
    sp_report_json_text(&json, "project", report->project);
    sp_report_json_text(&json, "manager", report->manager);
    sp_report_json_text(&json, "mode", report->mode);
    sp_report_json_text(&json, "net", report->net);
    sp_report_json_text(&json, "watched", report->watched);
    sp_report_json_text(&json, "sight", report->sight);
    if (put_verdict(&json, report, err) < 0)
        return -1;
    put_model(&json, report);
    put_risks(&json, report);
    if (put_packages(&json, report, err) < 0)
        return -1;
    put_loads(&json, report);
    if (put_scripts(&json, report, err) < 0)
        return -1;
    put_notes(&json, report);
    put_landing(&json, report);
    put_changes(&json, report);
    put_limits(&json, report);
    put_timing(&json, report);
    put_processes(&json, report);
    put_events(&json, report);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    if (sp_buffer_append(out, sp_buffer_string(&json.out), json.out.length, err) < 0)
        return -1;
    return sp_buffer_append_byte(out, '\n', err);
}
