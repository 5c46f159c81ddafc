/* For eyes: what, why, and what to do. */
#include "report/report.h"
#include "report/text.h"

#include <string.h>

#define UNSEEN_SHOWN 10

/* ---------------------------------------------------------------- finding */

/* Keeps the first finding's two names for the last line, if a shell would read them as they are. */
static int
keep_hint(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/._:-";
    const char *ecosystem = finding->target_ecosystem ? finding->target_ecosystem : finding->ecosystem;
    if (report->hint.length || !finding->name || !finding->target ||
        !strcmp(finding->name, finding->target) || finding->name[strspn(finding->name, plain)] ||
        finding->target[strspn(finding->target, plain)])
        return 0;
    return sp_buffer_printf(&report->hint, err, "sallyport explain %s:%s %s:%s", finding->ecosystem,
                            finding->name, ecosystem, finding->target);
}

static int
put_heading(struct sp_report *report, enum sp_severity severity, struct sp_error *err)
{
    if (report->streaming || report->group == severity)
        return 0;
    report->group = severity;
    if (report->out->length && sp_text_put(&report->text, err, "\n") < 0)
        return -1;
    return sp_text_heading(&report->text, severity, err) < 0 ? -1 : sp_text_put(&report->text, err, "\n\n");
}

static int
text_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    bool first = report->group != finding->severity;
    if (put_heading(report, finding->severity, err) < 0)
        return -1;
    if ((report->streaming ? report->written > 0 : !first) && sp_text_put(&report->text, err, "\n") < 0)
        return -1;
    struct sp_text_finding how = { .severity = report->streaming };
    return keep_hint(report, finding, err) < 0 ? -1 : sp_text_finding(&report->text, finding, &how, err);
}

/* -------------------------------------------------------- first and last */

static int
put_unseen(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX], printable[SP_TEXT_SHOWN_MAX];
    size_t lines = totals->unseen_count < UNSEEN_SHOWN ? totals->unseen_count : UNSEEN_SHOWN;
    size_t more = totals->unseen_count - lines + totals->unseen_more;
    if (sp_text_paint(&report->text, SP_PAINT_REVIEW, err,
                      "Inconclusive: not everything could be looked at") < 0 ||
        sp_text_put(&report->text, err, "\n") < 0)
        return -1;
    for (size_t i = 0; i < lines; i++)
        if (sp_text_put(&report->text, err, "  %s\n", sp_text_shown(printable, totals->unseen[i])) < 0)
            return -1;
    if (more && sp_text_put(&report->text, err, "  and %s more\n", sp_report_count(count, more)) < 0)
        return -1;
    if (totals->unreadable &&
        sp_text_put(&report->text, err, "  %s line%s of the input could not be read as a name\n",
                    sp_report_count(count, totals->unreadable), sp_text_plural(totals->unreadable)) < 0)
        return -1;
    return 0;
}

static bool
something_unseen(const struct sp_report_totals *totals)
{
    return totals->unseen_count || totals->unseen_more || totals->unreadable;
}

static int
text_begin(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    report->text = (struct sp_text){
        .out = report->out,
        .colour = report->options->colour,
        .width = report->options->width,
        .explain = report->options->explain,
        .category_title = report->options->category_title,
    };
    return totals && something_unseen(totals) ? put_unseen(report, totals, err) : 0;
}

/* "1,502 packages checked against 19,743 popular npm packages: " */
static int
put_checked(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    const char *against = report->options->against;
    return sp_text_put(&report->text, err,
                       "%s package%s checked%s%s: ", sp_report_count(count, totals->checked),
                       sp_text_plural(totals->checked), against ? " against " : "", against ? against : "");
}

static int
put_result(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char block[SP_REPORT_COUNT_MAX], review[SP_REPORT_COUNT_MAX];
    sp_report_count(block, totals->block);
    sp_report_count(review, totals->review);
    if (totals->block && totals->review)
        return sp_text_paint(&report->text, SP_PAINT_BLOCK, err, "%s to block, %s to review", block, review);
    if (totals->block)
        return sp_text_paint(&report->text, SP_PAINT_BLOCK, err, "%s to block", block);
    if (totals->review)
        return sp_text_paint(&report->text, SP_PAINT_REVIEW, err, "%s to review", review);
    return sp_text_paint(&report->text, something_unseen(totals) ? SP_PAINT_REVIEW : SP_PAINT_GOOD, err,
                         "nothing found%s", something_unseen(totals) ? " in what could be read" : "");
}

static int
put_cleared(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    if (!totals->cleared)
        return 0;
    return sp_text_put(&report->text, err, "; %s lookalike%s cleared by %s metadata%s",
                       sp_report_count(count, totals->cleared), sp_text_plural(totals->cleared),
                       totals->cleared == 1 ? "its" : "their",
                       report->options->explain ? "" : " (--explain shows why)");
}

/* The last line: what to do. */
static int
put_advice(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    if (totals->block &&
        sp_text_put(&report->text, err, "Do not install before the name%s under block %s put right",
                    sp_text_plural(totals->block), totals->block == 1 ? "is" : "are") < 0)
        return -1;
    if (!totals->block && totals->review &&
        sp_text_put(&report->text, err, "Make sure that the name%s under review %s what you meant",
                    sp_text_plural(totals->review), totals->review == 1 ? "is" : "are") < 0)
        return -1;
    if (!totals->block && !totals->review)
        return sp_text_put(&report->text, err,
                           "Mend what could not be read and check again: nothing is proved safe.\n");
    if (report->hint.length)
        return sp_text_put(&report->text, err, "; why: %s\n", report->hint.bytes);
    return sp_text_put(&report->text, err, ".\n");
}

static int
text_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    bool unseen = something_unseen(totals);
    if (report->written && sp_text_put(&report->text, err, "\n") < 0)
        return -1;
    if (report->streaming && unseen && put_unseen(report, totals, err) < 0)
        return -1;
    if (put_checked(report, totals, err) < 0 || put_result(report, totals, err) < 0 ||
        put_cleared(report, totals, err) < 0 || sp_text_put(&report->text, err, "\n") < 0)
        return -1;
    return totals->block || totals->review || unseen ? put_advice(report, totals, err) : 0;
}

const struct sp_report_format sp_report_text = {
    .id = "text",
    .title = "for people",
    .begin = text_begin,
    .finding = text_finding,
    .end = text_end,
};
