/* One document, and one object a line for streams. docs/schema/check.schema.json describes both. */
#include "report/report.h"
#include "report/json_parts.h"

#include <string.h>

static void
put_unseen(struct sp_json *json, const struct sp_report_totals *totals)
{
    sp_report_json_count(json, "unreadable", totals->unreadable);
    sp_json_key(json, "unseen");
    sp_json_begin_array(json);
    for (size_t i = 0; i < totals->unseen_count; i++)
        sp_json_string(json, totals->unseen[i]);
    sp_json_end_array(json);
    sp_report_json_count(json, "unseen_more", totals->unseen_more);
}

static void
put_totals(struct sp_json *json, const struct sp_report_totals *totals)
{
    sp_report_json_text(json, "verdict", sp_outcome_name(totals->outcome));
    sp_report_json_count(json, "checked", totals->checked);
    sp_report_json_count(json, "block", totals->block);
    sp_report_json_count(json, "review", totals->review);
    sp_report_json_count(json, "cleared", totals->cleared);
}

/* --------------------------------------------------------------- document */

static int
document_begin(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    struct sp_json *json = &report->json;
    json->err = err;
    sp_json_begin_object(json);
    sp_report_json_tool(json, report->options->version);
    if (totals)
        put_totals(json, totals);
    sp_json_key(json, "findings");
    sp_json_begin_array(json);
    return sp_report_json_hand_over(report, err);
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
    return sp_report_json_hand_over(report, err);
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
    return sp_report_json_hand_over(report, err) < 0 ? -1 : sp_buffer_append_byte(report->out, '\n', err);
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
    sp_report_json_text(&report->json, "type", type);
}

static int
line_end(struct sp_report *report, struct sp_error *err)
{
    sp_json_end_object(&report->json);
    return sp_report_json_hand_over(report, err) < 0 ? -1 : sp_buffer_append_byte(report->out, '\n', err);
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
    sp_report_json_tool(&report->json, report->options->version);
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
