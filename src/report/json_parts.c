#include "report/json_parts.h"
#include "report/alignment.h"

#include <string.h>

void
sp_report_json_text(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    sp_json_string(json, text);
}

void
sp_report_json_count(struct sp_json *json, const char *key, uint64_t count)
{
    sp_json_key(json, key);
    sp_json_integer(json, count > INT64_MAX ? INT64_MAX : (long long)count);
}

int
sp_report_json_purl(struct sp_json *json, const char *key, const char *ecosystem, const char *name,
                    const char *version, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    if (sp_report_purl(&purl, ecosystem, name, version, err) < 0)
        return -1;
    sp_report_json_text(json, key, purl.length ? purl.bytes : NULL);
    return 0;
}

static void
put_place(struct sp_json *json, const struct sp_place *place)
{
    sp_json_key(json, "place");
    sp_json_begin_object(json);
    sp_report_json_text(json, "file", place->file);
    sp_json_key(json, "line");
    place->line ? sp_json_integer(json, place->line) : sp_json_null(json);
    sp_json_key(json, "column");
    place->column ? sp_json_integer(json, place->column) : sp_json_null(json);
    sp_json_end_object(json);
}

/* Empty where the edits do not fit the names: a reader must be able to trust the offsets. */
static void
put_alignment(struct sp_json *json, const struct sp_finding *finding)
{
    bool fits = finding->name && finding->target &&
                sp_alignment_fits(finding->name, finding->target, finding->edits, finding->edit_count);
    sp_json_key(json, "alignment");
    sp_json_begin_array(json);
    for (size_t i = 0; fits && i < finding->edit_count; i++) {
        const struct sp_edit *edit = &finding->edits[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "op", sp_edit_kind_name(edit->kind));
        sp_json_key(json, "from");
        sp_json_string_n(json, finding->name + edit->from, edit->from_length);
        sp_json_key(json, "to");
        sp_json_string_n(json, finding->target + edit->to, edit->to_length);
        sp_report_json_count(json, "from_offset", edit->from);
        sp_report_json_count(json, "to_offset", edit->to);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static int
put_target(struct sp_json *json, const struct sp_finding *finding, struct sp_error *err)
{
    const char *ecosystem = finding->target_ecosystem ? finding->target_ecosystem : finding->ecosystem;
    sp_report_json_text(json, "target", finding->target);
    sp_report_json_text(json, "target_ecosystem", finding->target ? ecosystem : NULL);
    sp_json_key(json, "target_rank");
    finding->target_rank > 0 ? sp_json_integer(json, (long long)finding->target_rank) : sp_json_null(json);
    return sp_report_json_purl(json, "target_purl", ecosystem, finding->target, NULL, err);
}

/* What metadata said; null where nothing was looked up. */
static void
put_signals(struct sp_json *json, const struct sp_finding *finding)
{
    sp_json_key(json, "name_risk");
    finding->signals ? sp_json_number(json, finding->name_risk, 4) : sp_json_null(json);
    sp_report_json_text(json, "cleared", finding->cleared);
    sp_json_key(json, "signals");
    if (!finding->signals) {
        sp_json_null(json);
        return;
    }
    sp_json_begin_array(json);
    for (size_t i = 0; i < finding->signal_count; i++) {
        const struct sp_seen_signal *signal = &finding->signals[i];
        sp_json_begin_object(json);
        sp_report_json_text(json, "signal", signal->name);
        sp_report_json_text(json, "state", signal->state);
        sp_report_json_text(json, "evidence", signal->evidence);
        sp_json_key(json, "log_odds");
        sp_json_number(json, signal->contribution, 4);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

int
sp_report_json_finding(struct sp_json *json, const struct sp_finding *finding, struct sp_error *err)
{
    sp_report_json_text(json, "rule", finding->rule);
    sp_report_json_text(json, "severity", sp_severity_name(finding->severity));
    sp_report_json_text(json, "ecosystem", finding->ecosystem);
    if (sp_report_json_purl(json, "purl", finding->ecosystem, finding->name, finding->version, err) < 0)
        return -1;
    sp_report_json_text(json, "name", finding->name);
    sp_report_json_text(json, "version", finding->version);
    if (put_target(json, finding, err) < 0)
        return -1;
    sp_json_key(json, "categories");
    sp_json_begin_array(json);
    for (size_t i = 0; i < finding->category_count; i++)
        sp_json_string(json, finding->categories[i]);
    sp_json_end_array(json);
    sp_json_key(json, "risk");
    finding->risk >= 0 ? sp_json_number(json, finding->risk, 4) : sp_json_null(json);
    put_signals(json, finding);
    put_place(json, &finding->place);
    put_alignment(json, finding);
    sp_report_json_text(json, "message", finding->message);
    sp_report_json_text(json, "advice", finding->advice);
    return 0;
}

void
sp_report_json_act(struct sp_json *json, const struct sp_finding *finding, uint64_t started)
{
    sp_report_json_text(json, "phase", finding->phase);
    sp_report_json_text(json, "subject", finding->subject);
    sp_report_json_text(json, "process", finding->process);
    sp_json_key(json, "process_number");
    finding->process_number ? sp_json_integer(json, finding->process_number) : sp_json_null(json);
    sp_json_key(json, "time");
    if (finding->time)
        sp_json_number(json, finding->time > started ? (double)(finding->time - started) / 1e9 : 0, 9);
    else
        sp_json_null(json);
}

void
sp_report_json_tool(struct sp_json *json, const char *version)
{
    sp_json_key(json, "tool");
    sp_json_begin_object(json);
    sp_report_json_text(json, "name", "sallyport");
    sp_report_json_text(json, "version", version);
    sp_json_end_object(json);
}

int
sp_report_json_hand_over(struct sp_report *report, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    if (sp_json_finish(json) < 0)
        return -1;
    if (sp_buffer_append(report->out, sp_buffer_string(&json->out), json->out.length, err) < 0)
        return -1;
    sp_buffer_clear(&json->out);
    return 0;
}
