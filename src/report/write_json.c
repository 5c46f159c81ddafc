/* One document, and one object a line for streams. docs/schema/check.schema.json describes both. */
#include "report/report.h"
#include "report/alignment.h"

#include <string.h>

static void
put_text(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    sp_json_string(json, text);
}

static void
put_count(struct sp_json *json, const char *key, size_t count)
{
    sp_json_key(json, key);
    sp_json_integer(json, (long long)count);
}

static int
put_purl(struct sp_json *json, const char *key, const char *ecosystem, const char *name, const char *version,
         struct sp_error *err)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    if (sp_report_purl(&purl, ecosystem, name, version, err) < 0)
        return -1;
    put_text(json, key, purl.length ? purl.bytes : NULL);
    return 0;
}

static void
put_place(struct sp_json *json, const struct sp_place *place)
{
    sp_json_key(json, "place");
    sp_json_begin_object(json);
    put_text(json, "file", place->file);
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
    bool fits = finding->target &&
                sp_alignment_fits(finding->name, finding->target, finding->edits, finding->edit_count);
    sp_json_key(json, "alignment");
    sp_json_begin_array(json);
    for (size_t i = 0; fits && i < finding->edit_count; i++) {
        const struct sp_edit *edit = &finding->edits[i];
        sp_json_begin_object(json);
        put_text(json, "op", sp_edit_kind_name(edit->kind));
        sp_json_key(json, "from");
        sp_json_string_n(json, finding->name + edit->from, edit->from_length);
        sp_json_key(json, "to");
        sp_json_string_n(json, finding->target + edit->to, edit->to_length);
        put_count(json, "from_offset", edit->from);
        put_count(json, "to_offset", edit->to);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static int
put_target(struct sp_json *json, const struct sp_finding *finding, struct sp_error *err)
{
    const char *ecosystem = finding->target_ecosystem ? finding->target_ecosystem : finding->ecosystem;
    put_text(json, "target", finding->target);
    put_text(json, "target_ecosystem", finding->target ? ecosystem : NULL);
    sp_json_key(json, "target_rank");
    finding->target_rank > 0 ? sp_json_integer(json, (long long)finding->target_rank) : sp_json_null(json);
    return put_purl(json, "target_purl", ecosystem, finding->target, NULL, err);
}

int
sp_report_json_finding(struct sp_json *json, const struct sp_finding *finding, struct sp_error *err)
{
    put_text(json, "rule", finding->rule);
    put_text(json, "severity", sp_severity_name(finding->severity));
    put_text(json, "ecosystem", finding->ecosystem);
    if (put_purl(json, "purl", finding->ecosystem, finding->name, finding->version, err) < 0)
        return -1;
    put_text(json, "name", finding->name);
    put_text(json, "version", finding->version);
    if (put_target(json, finding, err) < 0)
        return -1;
    sp_json_key(json, "categories");
    sp_json_begin_array(json);
    for (size_t i = 0; i < finding->category_count; i++)
        sp_json_string(json, finding->categories[i]);
    sp_json_end_array(json);
    sp_json_key(json, "risk");
    finding->risk >= 0 ? sp_json_number(json, finding->risk, 4) : sp_json_null(json);
    put_place(json, &finding->place);
    put_alignment(json, finding);
    put_text(json, "message", finding->message);
    put_text(json, "advice", finding->advice);
    return 0;
}

static void
put_tool(struct sp_json *json, const struct sp_report_options *options)
{
    sp_json_key(json, "tool");
    sp_json_begin_object(json);
    put_text(json, "name", "sallyport");
    put_text(json, "version", options->version);
    sp_json_end_object(json);
}

static void
put_unseen(struct sp_json *json, const struct sp_report_totals *totals)
{
    put_count(json, "unreadable", totals->unreadable);
    sp_json_key(json, "unseen");
    sp_json_begin_array(json);
    for (size_t i = 0; i < totals->unseen_count; i++)
        sp_json_string(json, totals->unseen[i]);
    sp_json_end_array(json);
    put_count(json, "unseen_more", totals->unseen_more);
}

static void
put_totals(struct sp_json *json, const struct sp_report_totals *totals)
{
    put_text(json, "verdict", sp_outcome_name(totals->outcome));
    put_count(json, "checked", totals->checked);
    put_count(json, "block", totals->block);
    put_count(json, "review", totals->review);
}

/* Moves what was written so far to the report's buffer. */
static int
hand_over(struct sp_report *report, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    if (sp_json_finish(json) < 0)
        return -1;
    if (sp_buffer_append(report->out, sp_buffer_string(&json->out), json->out.length, err) < 0)
        return -1;
    sp_buffer_clear(&json->out);
    return 0;
}

/* --------------------------------------------------------------- document */

static int
document_begin(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_begin_object(json);
    put_tool(json, report->options);
    if (totals)
        put_totals(json, totals);
    sp_json_key(json, "findings");
    sp_json_begin_array(json);
    return hand_over(report, err);
}

static int
document_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_begin_object(json);
    if (sp_report_json_finding(json, finding, err) < 0)
        return -1;
    sp_json_end_object(json);
    return hand_over(report, err);
}

static int
document_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_end_array(json);
    put_unseen(json, totals);
    if (report->streaming)
        put_totals(json, totals);
    sp_json_end_object(json);
    return hand_over(report, err) < 0 ? -1 : sp_buffer_append_byte(report->out, '\n', err);
}

const struct sp_report_format sp_report_json = {
    .id = "json",
    .title = "one JSON document (for names on standard input: JSON Lines)",
    .begin = document_begin,
    .finding = document_finding,
    .end = document_end,
};

/* ------------------------------------------------------------------ lines */

/* Each line is a value of its own, so the writer starts afresh for it. */
static void
line_begin(struct sp_report *report, const char *type, struct sp_error *err)
{
    sp_json_free(&report->json);
    report->json = (struct sp_json){ .err = err, .compact = true };
    sp_json_begin_object(&report->json);
    put_text(&report->json, "type", type);
}

static int
line_end(struct sp_report *report, struct sp_error *err)
{
    sp_json_end_object(&report->json);
    return hand_over(report, err) < 0 ? -1 : sp_buffer_append_byte(report->out, '\n', err);
}

static int
lines_begin(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    (void)report, (void)totals, (void)err;
    return 0;
}

static int
lines_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    line_begin(report, "finding", err);
    if (sp_report_json_finding(&report->json, finding, err) < 0)
        return -1;
    return line_end(report, err);
}

static int
lines_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    line_begin(report, "summary", err);
    put_tool(&report->json, report->options);
    put_totals(&report->json, totals);
    put_unseen(&report->json, totals);
    return line_end(report, err);
}

const struct sp_report_format sp_report_json_lines = {
    .id = "jsonl",
    .title = "JSON Lines: one object a finding, then one summary",
    .begin = lines_begin,
    .finding = lines_finding,
    .end = lines_end,
};
