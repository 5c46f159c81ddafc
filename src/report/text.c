#include "report/text.h"
#include "report/alignment.h"
#include "base/utf8.h"
#include "ecosystem/ecosystem.h"

#include <math.h>
#include <string.h>

#define BODY_INDENT 6

static const struct severity_text {
    enum sp_paint paint;
    const char *heading;
} severity_texts[] = {
    [SP_SEVERITY_NONE] = { SP_PAINT_GOOD, "Cleared: looks like another, and its metadata says why it may" },
    [SP_SEVERITY_REVIEW] = { SP_PAINT_REVIEW, "Review: look before you install" },
    [SP_SEVERITY_BLOCK] = { SP_PAINT_BLOCK, "Block: do not install" },
};

/* ---------------------------------------------------------------- writing */

static int
put_format(const struct sp_text *text, struct sp_error *err, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (need < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "cannot format '%s'", format);
    struct sp_buffer *out = text->out;
    if (sp_buffer_reserve(out, (size_t)need, err) < 0)
        return -1;
    vsnprintf(out->bytes + out->length, (size_t)need + 1, format, args);
    out->length += (size_t)need;
    return 0;
}

int
sp_text_put(const struct sp_text *text, struct sp_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int status = put_format(text, err, format, args);
    va_end(args);
    return status;
}

int
sp_text_paint(const struct sp_text *text, enum sp_paint paint, struct sp_error *err, const char *format, ...)
{
    static const char *const codes[] = {
        [SP_PAINT_BLOCK] = "1;31", [SP_PAINT_REVIEW] = "1;33", [SP_PAINT_GOOD] = "1;32",
        [SP_PAINT_BOLD] = "1",     [SP_PAINT_DIM] = "2",
    };
    if (text->colour && sp_text_put(text, err, "\033[%sm", codes[paint]) < 0)
        return -1;
    va_list args;
    va_start(args, format);
    int status = put_format(text, err, format, args);
    va_end(args);
    return status < 0 || !text->colour ? status : sp_text_put(text, err, "\033[0m");
}

const char *
sp_text_shown(char out[SP_TEXT_SHOWN_MAX], const char *string)
{
    sp_utf8_printable(out, SP_TEXT_SHOWN_MAX, string ? string : "", string ? strlen(string) : 0);
    return out;
}

static bool
starts_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

const char *
sp_text_fitted(char out[SP_TEXT_SHOWN_MAX], const char *string, unsigned columns)
{
    static const char gap[] = "...";
    char whole[SP_TEXT_SHOWN_MAX];
    sp_text_shown(whole, string);
    size_t length = strlen(whole), head = 0, tail = length;
    if (sp_alignment_columns(whole, length) <= columns)
        return strcpy(out, whole);

    unsigned room = columns > 8 ? columns - 3 : 5, taken = 0;
    while (head < length && taken < room / 2) {
        size_t size;
        sp_utf8_decode(whole + head, length - head, &size);
        taken += sp_alignment_columns(whole + head, size);
        head += size;
    }
    while (tail > head) {
        size_t start = tail - 1;
        while (start > head && !starts_character(whole[start]))
            start--;
        taken += sp_alignment_columns(whole + start, tail - start);
        if (taken > room)
            break;
        tail = start;
    }
    snprintf(out, SP_TEXT_SHOWN_MAX, "%.*s%s%s", (int)head, whole, gap, whole + tail);
    return out;
}

/* Words that do not fit a line of their own are left whole: they are names and addresses, to be copied. */
static int
put_wrapped(const struct sp_text *text, unsigned start, const char *string, struct sp_error *err)
{
    unsigned width = text->width ? text->width : 80, column = start;
    while (*string) {
        size_t length = strcspn(string, " ");
        unsigned columns = sp_alignment_columns(string, length);
        if (column > start && column + 1 + columns > width) {
            if (sp_text_put(text, err, "\n%*s", (int)start, "") < 0)
                return -1;
            column = start;
        } else if (column > start) {
            if (sp_text_put(text, err, " ") < 0)
                return -1;
            column++;
        }
        if (sp_text_put(text, err, "%.*s", (int)length, string) < 0)
            return -1;
        column += columns;
        string += length;
        string += strspn(string, " ");
    }
    return 0;
}

int
sp_text_line(const struct sp_text *text, unsigned indent, const char *before, const char *string,
             struct sp_error *err)
{
    char printable[SP_TEXT_SHOWN_MAX];
    size_t most =
        text->shown_max && text->shown_max < sizeof(printable) ? text->shown_max : sizeof(printable);
    sp_utf8_printable(printable, most < 16 ? 16 : most, string, strlen(string));
    if (sp_text_put(text, err, "%*s%s", (int)indent, "", before) < 0)
        return -1;
    int status = text->wrap ? put_wrapped(text, indent + (unsigned)strlen(before), printable, err)
                            : sp_buffer_append_string(text->out, printable, err);
    return status < 0 ? -1 : sp_text_put(text, err, "\n");
}

/* ---------------------------------------------------------------- figures */

const char *
sp_text_size(char out[SP_TEXT_FIGURE_MAX], uint64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
    if (bytes < 1000) {
        snprintf(out, SP_TEXT_FIGURE_MAX, "%u B", (unsigned)bytes);
        return out;
    }
    double size = (double)bytes / 1000;
    size_t unit = 0;
    for (; size >= 999.95 && unit + 1 < SP_COUNT(units); unit++)
        size /= 1000;
    snprintf(out, SP_TEXT_FIGURE_MAX, "%.1f %s", size, units[unit]);
    return out;
}

const char *
sp_text_duration(char out[SP_TEXT_FIGURE_MAX], uint64_t nanoseconds)
{
    double seconds = (double)nanoseconds / 1e9;
    unsigned long long whole = (nanoseconds + 500000000u) / 1000000000u;
    if (seconds < 9.995)
        snprintf(out, SP_TEXT_FIGURE_MAX, "%.2f s", seconds);
    else if (seconds < 59.95)
        snprintf(out, SP_TEXT_FIGURE_MAX, "%.1f s", seconds);
    else
        snprintf(out, SP_TEXT_FIGURE_MAX, "%llu min %llu s", whole / 60, whole % 60);
    return out;
}

/* ---------------------------------------------------------------- finding */

int
sp_text_heading(const struct sp_text *text, enum sp_severity severity, struct sp_error *err)
{
    const struct severity_text *severity_text = &severity_texts[severity];
    return sp_text_paint(text, severity_text->paint, err, "%s", severity_text->heading);
}

static const char *
ecosystem_title(char out[SP_TEXT_SHOWN_MAX], const char *name)
{
    const struct sp_ecosystem *found = sp_ecosystem_find(name, strlen(name));
    return found ? found->title : sp_text_shown(out, name);
}

/* ", package-lock.json:14:5" */
static int
put_place(const struct sp_text *text, const struct sp_place *place, struct sp_error *err)
{
    char file[SP_TEXT_SHOWN_MAX];
    if (!place->file)
        return sp_text_put(text, err, "\n");
    if (!strcmp(place->file, "-"))
        return sp_text_put(text, err, ", line %u\n", place->line);
    if (sp_text_put(text, err, ", %s", sp_text_shown(file, place->file)) < 0)
        return -1;
    if (place->line && sp_text_put(text, err, ":%u", place->line) < 0)
        return -1;
    if (place->line && place->column && sp_text_put(text, err, ":%u", place->column) < 0)
        return -1;
    return sp_text_put(text, err, "\n");
}

/* "name@version  npm, package-lock.json:14:5" */
static int
put_subject(const struct sp_text *text, const struct sp_finding *finding, bool severity, struct sp_error *err)
{
    char name[SP_TEXT_SHOWN_MAX], version[SP_TEXT_SHOWN_MAX];
    enum sp_paint paint = severity_texts[finding->severity].paint;
    if (sp_text_put(text, err, "  ") < 0)
        return -1;
    if (severity && sp_text_paint(text, paint, err, "%-8s", sp_severity_name(finding->severity)) < 0)
        return -1;
    if (sp_text_paint(text, paint, err, "%s",
                      finding->name ? sp_text_shown(name, finding->name) : "laid to no package") < 0)
        return -1;
    if (finding->name && finding->version &&
        sp_text_put(text, err, "@%s", sp_text_shown(version, finding->version)) < 0)
        return -1;
    if (finding->ecosystem && sp_text_put(text, err, "  %s", ecosystem_title(name, finding->ecosystem)) < 0)
        return -1;
    return put_place(text, &finding->place, err);
}

/* Whether a drawing helps: the names differ, and have enough in common to be set side by side. */
static bool
is_telling(const struct sp_finding *finding)
{
    if (!finding->name || !finding->target)
        return false;
    size_t kept = 0, length = strlen(finding->target);
    for (size_t i = 0; i < finding->edit_count; i++)
        if (finding->edits[i].kind == SP_EDIT_KEEP || finding->edits[i].kind == SP_EDIT_MOVE)
            kept += finding->edits[i].to_length;
    return strcmp(finding->name, finding->target) && (!finding->edit_count || kept * 3 >= length);
}

static int
put_alignment(const struct sp_text *text, const struct sp_finding *finding, struct sp_error *err)
{
    struct sp_alignment_style style = {
        .name_label = "name",
        .target_label = "target",
        .indent = BODY_INDENT,
        .width = text->width ? text->width : 80,
        .colour = text->colour,
    };
    return sp_alignment_draw(text->out, finding->name, finding->target, finding->edits, finding->edit_count,
                             &style, err);
}

static int
put_categories(const struct sp_text *text, const struct sp_finding *finding, struct sp_error *err)
{
    for (size_t i = 0; i < finding->category_count; i++) {
        const char *title = text->category_title ? text->category_title(finding->categories[i]) : NULL;
        if (sp_text_put(text, err, "%s%s", i ? ", " : "", title ? title : finding->categories[i]) < 0)
            return -1;
    }
    return sp_text_put(text, err, finding->category_count ? "; " : "");
}

/* How it was judged: the categories and the risk. */
static int
put_reasons(const struct sp_text *text, const struct sp_finding *finding, struct sp_error *err)
{
    if (sp_text_put(text, err, "%*s", BODY_INDENT, "") < 0 || put_categories(text, finding, err) < 0)
        return -1;
    if (finding->risk >= 0 && finding->signals)
        return sp_text_put(text, err, "risk %.2f (%.2f by the name alone)\n", finding->risk,
                           finding->name_risk);
    return finding->risk >= 0 ? sp_text_put(text, err, "risk %.2f\n", finding->risk)
                              : sp_text_put(text, err, "rule %s\n", finding->rule);
}

/* ---------------------------------------------------------------- signals */

#define SIGNALS_SHOWN 3
#define SIGNALS_MAX 64

/* The signals of FINDING that are to be shown, the heaviest first; returns how many. */
static size_t
choose_signals(const struct sp_text *text, const struct sp_finding *finding,
               const struct sp_seen_signal *out[SIGNALS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < finding->signal_count && count < SIGNALS_MAX; i++) {
        const struct sp_seen_signal *signal = &finding->signals[i];
        double weight = fabs(signal->contribution);
        bool speaks = finding->severity == SP_SEVERITY_NONE ? signal->contribution < -0.05
                                                            : signal->contribution > 0.05;
        if (!text->explain && (!speaks || !signal->evidence))
            continue;
        size_t at = count++;
        for (; at && fabs(out[at - 1]->contribution) < weight; at--)
            out[at] = out[at - 1];
        out[at] = signal;
    }
    return !text->explain && count > SIGNALS_SHOWN ? SIGNALS_SHOWN : count;
}

static int
put_signals(const struct sp_text *text, const struct sp_finding *finding, struct sp_error *err)
{
    const struct sp_seen_signal *chosen[SIGNALS_MAX];
    char shown[SP_TEXT_SHOWN_MAX];
    size_t count = choose_signals(text, finding, chosen);
    for (size_t i = 0; i < count; i++) {
        const struct sp_seen_signal *signal = chosen[i];
        if (!text->explain) {
            if (sp_text_line(text, BODY_INDENT, "- ", signal->evidence, err) < 0)
                return -1;
            continue;
        }
        if (sp_text_put(text, err, "%*s%+6.2f  %-7s  %s%s%s\n", BODY_INDENT, "", signal->contribution,
                        signal->state, signal->name, signal->evidence ? ": " : "",
                        sp_text_shown(shown, signal->evidence)) < 0)
            return -1;
    }
    return 0;
}

int
sp_text_finding(const struct sp_text *text, const struct sp_finding *finding,
                const struct sp_text_finding *how, struct sp_error *err)
{
    if (put_subject(text, finding, how->severity, err) < 0)
        return -1;
    if (finding->message && sp_text_line(text, BODY_INDENT, "", finding->message, err) < 0)
        return -1;
    if (how->whence && sp_text_line(text, BODY_INDENT, "", how->whence, err) < 0)
        return -1;
    if (how->about && sp_text_line(text, BODY_INDENT, "", how->about, err) < 0)
        return -1;
    if (how->when && sp_text_line(text, BODY_INDENT, "", how->when, err) < 0)
        return -1;
    if (is_telling(finding) && put_alignment(text, finding, err) < 0)
        return -1;
    if (put_reasons(text, finding, err) < 0)
        return -1;
    if (put_signals(text, finding, err) < 0)
        return -1;
    if (finding->cleared && sp_text_line(text, BODY_INDENT, "cleared: ", finding->cleared, err) < 0)
        return -1;
    if (finding->severity != SP_SEVERITY_NONE && finding->advice &&
        sp_text_line(text, BODY_INDENT, "> ", finding->advice, err) < 0)
        return -1;
    return how->allow ? sp_text_put(text, err, "%*sto allow it: %s\n", BODY_INDENT, "", how->allow) : 0;
}
