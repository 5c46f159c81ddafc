/* For eyes: what, why, and what to do. */
#include "report/report.h"
#include "report/alignment.h"
#include "base/utf8.h"
#include "ecosystem/ecosystem.h"

#include <string.h>

#define SHOWN_MAX 1024
#define UNSEEN_SHOWN 10

enum paint { PAINT_BLOCK, PAINT_REVIEW, PAINT_GOOD, PAINT_BOLD, PAINT_DIM };

static const struct severity_text {
    enum paint paint;
    const char *heading, *verdict;
} severity_texts[] = {
    [SP_SEVERITY_REVIEW] = { PAINT_REVIEW, "Review: look before you install", "review" },
    [SP_SEVERITY_BLOCK] = { PAINT_BLOCK, "Block: do not install", "block" },
};

/* ---------------------------------------------------------------- writing */

static int SP_PRINTF(3, 4) put(struct sp_report *report, struct sp_error *err, const char *format, ...)
{
    char text[2 * SHOWN_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return sp_buffer_append_string(report->out, text, err);
}

static int SP_PRINTF(4, 5)
    paint(struct sp_report *report, enum paint colour, struct sp_error *err, const char *format, ...)
{
    static const char *const codes[] = {
        [PAINT_BLOCK] = "1;31", [PAINT_REVIEW] = "1;33", [PAINT_GOOD] = "1;32",
        [PAINT_BOLD] = "1",     [PAINT_DIM] = "2",
    };
    char text[2 * SHOWN_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (!report->options->colour)
        return put(report, err, "%s", text);
    return put(report, err, "\033[%sm%s\033[0m", codes[colour], text);
}

/* TEXT as it may be shown on a terminal, in OUT. */
static const char *
shown(char out[SHOWN_MAX], const char *text)
{
    sp_utf8_printable(out, SHOWN_MAX, text, strlen(text));
    return out;
}

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static const char *
ecosystem_title(const char *name)
{
    const struct sp_ecosystem *found = sp_ecosystem_find(name, strlen(name));
    return found ? found->title : name;
}

/* ---------------------------------------------------------------- finding */

/* "name@version  npm, package-lock.json:14:5" */
static int
put_subject(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    char name[SHOWN_MAX], version[SHOWN_MAX], file[SHOWN_MAX];
    const struct severity_text *severity = &severity_texts[finding->severity];
    if (put(report, err, "  ") < 0)
        return -1;
    if (report->streaming && paint(report, severity->paint, err, "%-8s", severity->verdict) < 0)
        return -1;
    if (paint(report, severity->paint, err, "%s", shown(name, finding->name)) < 0)
        return -1;
    if (finding->version && put(report, err, "@%s", shown(version, finding->version)) < 0)
        return -1;
    if (put(report, err, "  %s", ecosystem_title(finding->ecosystem)) < 0)
        return -1;
    if (!finding->place.file)
        return put(report, err, "\n");
    if (!strcmp(finding->place.file, "-"))
        return put(report, err, ", line %u\n", finding->place.line);
    if (put(report, err, ", %s", shown(file, finding->place.file)) < 0)
        return -1;
    if (finding->place.line && put(report, err, ":%u", finding->place.line) < 0)
        return -1;
    if (finding->place.line && finding->place.column && put(report, err, ":%u", finding->place.column) < 0)
        return -1;
    return put(report, err, "\n");
}

/* Whether a drawing helps: the names differ, and have enough in common to be set side by side. */
static bool
is_telling(const struct sp_finding *finding)
{
    size_t kept = 0, length = strlen(finding->target);
    for (size_t i = 0; i < finding->edit_count; i++)
        if (finding->edits[i].kind == SP_EDIT_KEEP || finding->edits[i].kind == SP_EDIT_MOVE)
            kept += finding->edits[i].to_length;
    return strcmp(finding->name, finding->target) && (!finding->edit_count || kept * 3 >= length);
}

static int
put_alignment(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    struct sp_alignment_style style = {
        .name_label = "name",
        .target_label = "target",
        .indent = 6,
        .width = report->options->width ? report->options->width : 80,
        .colour = report->options->colour,
    };
    return sp_alignment_draw(report->out, finding->name, finding->target, finding->edits, finding->edit_count,
                             &style, err);
}

static int
put_categories(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    for (size_t i = 0; i < finding->category_count; i++) {
        const char *title =
            report->options->category_title ? report->options->category_title(finding->categories[i]) : NULL;
        if (put(report, err, "%s%s", i ? ", " : "", title ? title : finding->categories[i]) < 0)
            return -1;
    }
    return put(report, err, finding->category_count ? "; " : "");
}

/* How it was judged: the categories and the risk. */
static int
put_reasons(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    if (put(report, err, "      ") < 0 || put_categories(report, finding, err) < 0)
        return -1;
    return finding->risk >= 0 ? put(report, err, "risk %.2f\n", finding->risk)
                              : put(report, err, "rule %s\n", finding->rule);
}

static int
put_line(struct sp_report *report, const char *before, const char *text, struct sp_error *err)
{
    char printable[SHOWN_MAX];
    return text ? put(report, err, "      %s%s\n", before, shown(printable, text)) : 0;
}

/* Keeps the first finding's two names for the last line, if a shell would read them as they are. */
static int
keep_hint(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/._:-";
    const char *ecosystem = finding->target_ecosystem ? finding->target_ecosystem : finding->ecosystem;
    if (report->hint.length || !finding->target || !strcmp(finding->name, finding->target) ||
        finding->name[strspn(finding->name, plain)] || finding->target[strspn(finding->target, plain)])
        return 0;
    return sp_buffer_printf(&report->hint, err, "sallyport explain %s:%s %s:%s", finding->ecosystem,
                            finding->name, ecosystem, finding->target);
}

static int
put_heading(struct sp_report *report, enum sp_severity severity, struct sp_error *err)
{
    const struct severity_text *text = &severity_texts[severity];
    if (report->streaming || report->group == severity)
        return 0;
    report->group = severity;
    if (report->out->length && put(report, err, "\n") < 0)
        return -1;
    return paint(report, text->paint, err, "%s", text->heading) < 0 ? -1 : put(report, err, "\n\n");
}

static int
text_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err)
{
    bool first = report->group != finding->severity;
    if (put_heading(report, finding->severity, err) < 0)
        return -1;
    if ((report->streaming ? report->written > 0 : !first) && put(report, err, "\n") < 0)
        return -1;
    if (keep_hint(report, finding, err) < 0 || put_subject(report, finding, err) < 0 ||
        put_line(report, "", finding->message, err) < 0)
        return -1;
    if (finding->target && is_telling(finding) && put_alignment(report, finding, err) < 0)
        return -1;
    return put_reasons(report, finding, err) < 0 ? -1 : put_line(report, "> ", finding->advice, err);
}

/* -------------------------------------------------------- first and last */

static int
put_unseen(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX], printable[SHOWN_MAX];
    size_t lines = totals->unseen_count < UNSEEN_SHOWN ? totals->unseen_count : UNSEEN_SHOWN;
    size_t more = totals->unseen_count - lines + totals->unseen_more;
    if (paint(report, PAINT_REVIEW, err, "Inconclusive: not everything could be looked at") < 0 ||
        put(report, err, "\n") < 0)
        return -1;
    for (size_t i = 0; i < lines; i++)
        if (put(report, err, "  %s\n", shown(printable, totals->unseen[i])) < 0)
            return -1;
    if (more && put(report, err, "  and %s more\n", sp_report_count(count, more)) < 0)
        return -1;
    if (totals->unreadable && put(report, err, "  %s line%s of the input could not be read as a name\n",
                                  sp_report_count(count, totals->unreadable), plural(totals->unreadable)) < 0)
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
    return totals && something_unseen(totals) ? put_unseen(report, totals, err) : 0;
}

/* "1,502 packages checked against 19,743 popular npm packages: " */
static int
put_checked(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    const char *against = report->options->against;
    return put(report, err, "%s package%s checked%s%s: ", sp_report_count(count, totals->checked),
               plural(totals->checked), against ? " against " : "", against ? against : "");
}

static int
put_result(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    char block[SP_REPORT_COUNT_MAX], review[SP_REPORT_COUNT_MAX];
    sp_report_count(block, totals->block);
    sp_report_count(review, totals->review);
    if (totals->block && totals->review)
        return paint(report, PAINT_BLOCK, err, "%s to block, %s to review", block, review);
    if (totals->block)
        return paint(report, PAINT_BLOCK, err, "%s to block", block);
    if (totals->review)
        return paint(report, PAINT_REVIEW, err, "%s to review", review);
    return paint(report, something_unseen(totals) ? PAINT_REVIEW : PAINT_GOOD, err, "nothing found%s",
                 something_unseen(totals) ? " in what could be read" : "");
}

/* The last line: what to do. */
static int
put_advice(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    if (totals->block && put(report, err, "Do not install before the name%s under block %s put right",
                             plural(totals->block), totals->block == 1 ? "is" : "are") < 0)
        return -1;
    if (!totals->block && totals->review &&
        put(report, err, "Make sure that the name%s under review %s what you meant", plural(totals->review),
            totals->review == 1 ? "is" : "are") < 0)
        return -1;
    if (!totals->block && !totals->review)
        return put(report, err, "Mend what could not be read and check again: nothing is proved safe.\n");
    if (report->hint.length)
        return put(report, err, "; why: %s\n", report->hint.bytes);
    return put(report, err, ".\n");
}

static int
text_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err)
{
    bool unseen = something_unseen(totals);
    if (report->written && put(report, err, "\n") < 0)
        return -1;
    if (report->streaming && unseen && put_unseen(report, totals, err) < 0)
        return -1;
    if (put_checked(report, totals, err) < 0 || put_result(report, totals, err) < 0 ||
        put(report, err, "\n") < 0)
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
