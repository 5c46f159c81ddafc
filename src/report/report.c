#include "report/report.h"
#include "ecosystem/purl.h"

#include <string.h>

const struct sp_report_format *const sp_report_formats[] = {
    &sp_report_text,
    &sp_report_json,
    &sp_report_json_lines,
    &sp_report_sarif,
};
const size_t sp_report_format_count = SP_COUNT(sp_report_formats);

const struct sp_report_format *
sp_report_format_find(const char *id)
{
    for (size_t i = 0; i < sp_report_format_count; i++)
        if (!strcmp(sp_report_formats[i]->id, id))
            return sp_report_formats[i];
    return NULL;
}

int
sp_report_begin(struct sp_report *report, const struct sp_report_format *format,
                const struct sp_report_options *options, const struct sp_report_totals *totals,
                struct sp_buffer *out, struct sp_error *err)
{
    *report = (struct sp_report){
        .format = format,
        .options = options,
        .out = out,
        .streaming = !totals,
    };
    return format->begin(report, totals, err);
}

int
sp_report_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    bool cleared = finding->cleared && report->options->explain && report->format != &sp_report_sarif;
    if (finding->severity < SP_SEVERITY_REVIEW && !cleared)
        return 0;
    if (report->format->finding(report, finding, err) < 0)
        return -1;
    report->written++;
    return 0;
}

int
sp_report_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    return report->format->end(report, totals, err);
}

void
sp_report_free(struct sp_report *report)
{
    sp_json_free(&report->json);
    sp_buffer_free(&report->hint);
}

size_t
sp_report_cleared(const struct sp_verdict *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->count; i++)
        count += verdict->findings[i].cleared != NULL;
    return count;
}

struct sp_report_totals
sp_report_totals_of(const struct sp_verdict *verdict)
{
    return (struct sp_report_totals){
        .outcome = sp_verdict_outcome(verdict),
        .checked = verdict->checked,
        .review = sp_verdict_count(verdict, SP_SEVERITY_REVIEW),
        .block = sp_verdict_count(verdict, SP_SEVERITY_BLOCK),
        .cleared = sp_report_cleared(verdict),
        .unseen = verdict->unseen,
        .unseen_count = verdict->unseen_count,
    };
}

int
sp_report_verdict(const struct sp_report_format *format, const struct sp_report_options *options,
                  const struct sp_verdict *verdict, struct sp_buffer *out, struct sp_error *err)
{
    sp_autoreport struct sp_report report;
    struct sp_report_totals totals = sp_report_totals_of(verdict);
    if (sp_report_begin(&report, format, options, &totals, out, err) < 0)
        return -1;
    /* within a severity the order is that of the input, so that a reader can follow along in the file */
    for (int severity = SP_SEVERITY_BLOCK; severity >= SP_SEVERITY_NONE; severity--)
        for (size_t i = 0; i < verdict->count; i++)
            if ((int)verdict->findings[i].severity == severity &&
                sp_report_finding(&report, &verdict->findings[i], err) < 0)
                return -1;
    return sp_report_end(&report, &totals, err);
}

int
sp_report_purl(struct sp_buffer *out, const char *ecosystem, const char *name, const char *version,
               struct sp_error *err)
{
    const struct sp_ecosystem *found = ecosystem ? sp_ecosystem_find(ecosystem, strlen(ecosystem)) : NULL;
    if (!found || !name)
        return 0;
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_purl purl;
    struct sp_error ignored = { 0 };
    if (sp_purl_from_package(found, name, version, &purl, &arena, &ignored) < 0 ||
        sp_purl_format(&purl, &text, &ignored) < 0)
        return ignored.code == SP_ERROR_MEMORY ? sp_fail_memory(err) : 0;
    return sp_buffer_append(out, sp_buffer_string(&text), text.length, err);
}

const char *
sp_report_count(char out[SP_REPORT_COUNT_MAX], size_t count)
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), "%zu", count);
    char *to = out;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}
