/* What a run holds in number: changes, connections, loads, packages, events. */
#include "report/run_sheet.h"

#include <string.h>

#define CHANGES_SHOWN 200
#define CONNECTIONS_SHOWN 64

#define put(sheet, ...) sp_text_put(&(sheet)->text, __VA_ARGS__)

unsigned
sp_run_columns(const struct sp_run_sheet *sheet)
{
    unsigned width = sheet->text.width ? sheet->text.width : 80;
    return width < 40 ? 40 : width;
}

/* STRING in at most COLUMNS columns, or whole where nothing is to be cut short. */
static const char *
fitted(const struct sp_run_sheet *sheet, char out[SP_TEXT_SHOWN_MAX], const char *string, unsigned most)
{
    return sheet->options->verbose ? sp_text_shown(out, string) : sp_text_fitted(out, string, most);
}

/* ---------------------------------------------------------------- lists */

size_t
sp_run_list_count(const struct sp_run_sheet *sheet, const struct sp_run_list *list)
{
    size_t wanted = 0, count = list->count(sheet->run);
    for (size_t i = 0; i < count; i++)
        wanted += !list->wanted || list->wanted(sheet->run, i);
    return wanted;
}

static int
put_more(const struct sp_run_sheet *sheet, size_t more, size_t lost, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    const char *where = sheet->options->verbose ? "they are among the events" : "--verbose lists them";
    if (more && put(sheet, err, "  %s more; %s\n", sp_report_count(count, more), where) < 0)
        return -1;
    return lost ? put(sheet, err, "  %s more were counted but not kept\n", sp_report_count(count, lost)) : 0;
}

static int
put_title(const struct sp_run_sheet *sheet, enum sp_paint paint, const char *title, struct sp_error *err)
{
    if (put(sheet, err, "\n") < 0 || sp_text_paint(&sheet->text, paint, err, "%s", title) < 0)
        return -1;
    return put(sheet, err, "\n");
}

int
sp_run_list_put(const struct sp_run_sheet *sheet, const struct sp_run_list *list, struct sp_error *err)
{
    size_t wanted = sp_run_list_count(sheet, list), count = list->count(sheet->run), shown = 0;
    size_t lost = list->more ? list->more(sheet->run) : 0;
    size_t most = sheet->options->verbose ? SIZE_MAX : list->shown ? list->shown : sheet->items;
    if (!wanted && !lost)
        return 0;
    if (put_title(sheet, list->paint, list->title, err) < 0)
        return -1;
    for (size_t i = 0; i < count && shown < most; i++) {
        if (list->wanted && !list->wanted(sheet->run, i))
            continue;
        if (list->put_item(sheet, i, err) < 0)
            return -1;
        shown++;
    }
    return put_more(sheet, wanted - shown, lost, err);
}

static size_t
unseen_count(const struct sp_run_report *run)
{
    return run->verdict->unseen_count;
}

static int
put_unseen(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    return sp_text_line(&sheet->text, 2, "", sheet->run->verdict->unseen[i], err);
}

static size_t
change_count(const struct sp_run_report *run)
{
    return run->change_count;
}

static size_t
change_more(const struct sp_run_report *run)
{
    return run->change_more;
}

static bool
is_refused(const struct sp_run_report *run, size_t i)
{
    return run->changes[i].kind == '!';
}

/* "+ node_modules/left-pad/ (12 things, 9.8 kB)", "! .git/hooks/post-checkout  (no declared output)" */
static int
put_change(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char path[SP_TEXT_SHOWN_MAX], why[SP_TEXT_SHOWN_MAX], count[SP_REPORT_COUNT_MAX],
        size[SP_TEXT_FIGURE_MAX];
    const struct sp_run_change *change = &sheet->run->changes[i];
    const char *name = change->path ? sp_run_short_path(sheet->run, change->path) : "";
    size_t length = strlen(name);
    bool slash = change->things > 1 && (!length || name[length - 1] != '/');
    char kind = strchr("+~-!", change->kind) && change->kind ? change->kind : '?';
    if (put(sheet, err, "  %c %s%s", kind, fitted(sheet, path, name, sp_run_columns(sheet) - 34),
            slash ? "/" : "") < 0)
        return -1;
    if (kind == '!')
        return put(sheet, err, "  (%s)\n", change->why ? fitted(sheet, why, change->why, 60) : "refused");
    sp_text_size(size, change->bytes);
    if (change->things > 1)
        return put(sheet, err, " (%s things%s%s)\n", sp_report_count(count, change->things),
                   change->bytes ? ", " : "", change->bytes ? size : "");
    return change->bytes ? put(sheet, err, " (%s)\n", size) : put(sheet, err, "\n");
}

static size_t
load_count(const struct sp_run_report *run)
{
    return run->load_count;
}

static bool
load_failed(const struct sp_run_report *run, size_t i)
{
    return run->loads[i].outcome != SP_LOAD_DONE && run->loads[i].outcome != SP_LOAD_REMEMBERED;
}

/* "pkg:npm/x@1  require('x'): failed: Error: Cannot find module 'react'" */
static int
put_load(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char package[SP_TEXT_SHOWN_MAX], what[SP_TEXT_SHOWN_MAX], said[SP_TEXT_SHOWN_MAX];
    const struct sp_run_load *load = &sheet->run->loads[i];
    unsigned third = sp_run_columns(sheet) / 3;
    fitted(sheet, package, load->package ? load->package : "laid to no package", third);
    fitted(sheet, what, load->what, third);
    fitted(sheet, said, load->said, third);
    return put(sheet, err, "  %s  %s: %s%s%s\n", package, what, sp_load_outcome_name(load->outcome),
               load->said ? ": " : "", said);
}

static size_t
finding_count(const struct sp_run_report *run)
{
    return run->verdict->count;
}

static bool
is_allowed(const struct sp_run_report *run, size_t i)
{
    return run->verdict->findings[i].allowed != NULL;
}

/* "run/connection  pkg:npm/x@1: calls 203.0.113.9:443 (block; sallyport.policy:3)" */
static int
put_allowed(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char name[SP_TEXT_SHOWN_MAX], message[SP_TEXT_SHOWN_MAX], allowed[SP_TEXT_SHOWN_MAX];
    const struct sp_finding *finding = &sheet->run->verdict->findings[i];
    sp_autobuffer struct sp_buffer purl = { 0 };
    if (sp_report_purl(&purl, finding->ecosystem, finding->name, finding->version, err) < 0)
        return -1;
    unsigned half = sp_run_columns(sheet) / 2;
    fitted(sheet, name,
           purl.length     ? purl.bytes
           : finding->name ? finding->name
                           : "laid to no package",
           half);
    return sp_text_put(&sheet->text, err, "  %s  %s: %s (%s; %s)\n", finding->rule, name,
                       fitted(sheet, message, finding->message, half), sp_severity_name(finding->was),
                       sp_text_shown(allowed, finding->allowed));
}

static bool
is_cleared(const struct sp_run_report *run, size_t i)
{
    return run->verdict->findings[i].cleared != NULL;
}

/* "npm:preact, not mistaken for react: the same people publish both" */
static int
put_cleared(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char name[SP_TEXT_SHOWN_MAX], target[SP_TEXT_SHOWN_MAX], why[SP_TEXT_SHOWN_MAX];
    const struct sp_finding *finding = &sheet->run->verdict->findings[i];
    return sp_text_put(&sheet->text, err, "  %s, like %s: %s\n", sp_text_shown(name, finding->name),
                       sp_text_shown(target, finding->target),
                       fitted(sheet, why, finding->cleared, sp_run_columns(sheet) * 2 / 3));
}

static size_t
risk_count(const struct sp_run_report *run)
{
    return run->risk_count;
}

/* "  0.97 block   pkg:npm/x@1", and where it is a finding all that went into it. */
static int
put_risk(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char name[SP_TEXT_SHOWN_MAX], words[SP_TEXT_SHOWN_MAX];
    const struct sp_package_risk *risk = &sheet->run->risks[i];
    if (put(sheet, err, "  %.3f %-6s  %s\n", risk->probability,
            risk->severity == SP_SEVERITY_NONE ? "" : sp_severity_name(risk->severity),
            sp_text_shown(name, risk->package ? risk->package : "what is laid to nobody")) < 0)
        return -1;
    if (risk->severity == SP_SEVERITY_NONE)
        return 0;
    for (size_t r = 0; r < risk->reason_count; r++)
        if (put(sheet, err, "      %+6.2f  %s\n", risk->reasons[r].contribution,
                sp_text_shown(words, risk->reasons[r].words)) < 0)
            return -1;
    return put(sheet, err, "      %+6.2f  where every package begins\n", risk->bias);
}

static size_t
unfollowed_count(const struct sp_run_report *run)
{
    return run->unfollowed_count;
}

static int
put_unfollowed(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char text[SP_TEXT_SHOWN_MAX];
    return put(sheet, err, "  %s\n", sp_text_shown(text, sheet->run->unfollowed[i]));
}

static size_t
note_count(const struct sp_run_report *run)
{
    return run->note_count;
}

static int
put_note(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char text[SP_TEXT_SHOWN_MAX];
    return put(sheet, err, "  %s\n", sp_text_shown(text, sheet->run->notes[i]));
}

static size_t
package_count(const struct sp_run_report *run)
{
    return run->package_count;
}

static int
put_package(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char text[SP_TEXT_SHOWN_MAX];
    const struct sp_run_package *package = &sheet->run->packages[i];
    sp_autobuffer struct sp_buffer purl = { 0 };
    if (sp_report_purl(&purl, package->ecosystem, package->name, package->version, err) < 0)
        return -1;
    if (put(sheet, err, "  %s  %s%s%s%s", sp_text_shown(text, purl.length ? purl.bytes : package->name),
            package->direct ? "direct" : "indirect", package->ran_code ? ", ran code" : "",
            package->refused ? ", refused" : "", package->from_cache ? ", from the cache" : "") < 0)
        return -1;
    if (package->path && put(sheet, err, ", through %s", sp_text_shown(text, package->path)) < 0)
        return -1;
    return put(sheet, err, "\n");
}

static size_t
event_count(const struct sp_run_report *run)
{
    return run->event_count;
}

static size_t
event_more(const struct sp_run_report *run)
{
    return run->event_more;
}

/* "   1.204 s  install  decoy       /home/u/.ssh/id_ed25519: ssh-key; pkg:npm/x@1" */
static int
put_event(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err)
{
    char text[SP_TEXT_SHOWN_MAX];
    const struct sp_event *event = &sheet->run->events[i];
    uint64_t started = sp_run_started(sheet->run);
    double seconds = event->time > started ? (double)(event->time - started) / 1e9 : 0;
    if (put(sheet, err, "  %8.3f s  %-7s  %-10s  %s", seconds, sp_phase_name(event->phase),
            sp_event_kind_name(event->kind), sp_text_shown(text, event->subject)) < 0)
        return -1;
    if (event->port && put(sheet, err, ":%u", event->port) < 0)
        return -1;
    if (event->detail && put(sheet, err, ": %s", sp_text_shown(text, event->detail)) < 0)
        return -1;
    if (event->package && put(sheet, err, "; %s", sp_text_shown(text, event->package)) < 0)
        return -1;
    return put(sheet, err, "\n");
}

const struct sp_run_list sp_run_list_unseen = {
    "Could not be seen", SP_PAINT_REVIEW, unseen_count, NULL, put_unseen, NULL, 0
};
const struct sp_run_list sp_run_list_refused = {
    "Changes that do not land", SP_PAINT_REVIEW, change_count, is_refused, put_change, NULL, 0
};
const struct sp_run_list sp_run_list_unloaded = {
    "Did not load (a note, not an alarm)", SP_PAINT_BOLD, load_count, load_failed, put_load, NULL, 0
};
const struct sp_run_list sp_run_list_allowed = {
    "Allowed by the policy", SP_PAINT_BOLD, finding_count, is_allowed, put_allowed, NULL, 0
};
const struct sp_run_list sp_run_list_cleared = {
    "Lookalikes cleared by their metadata", SP_PAINT_BOLD, finding_count, is_cleared, put_cleared, NULL, 0
};
const struct sp_run_list sp_run_list_unfollowed = {
    "Settings that are not followed", SP_PAINT_BOLD, unfollowed_count, NULL, put_unfollowed, NULL, 0
};
const struct sp_run_list sp_run_list_notes = {
    "Left out of the load phase", SP_PAINT_BOLD, note_count, NULL, put_note, NULL, SIZE_MAX
};
const struct sp_run_list sp_run_list_changes = { "Changes",  SP_PAINT_BOLD, change_count, NULL,
                                                 put_change, change_more,   CHANGES_SHOWN };
const struct sp_run_list sp_run_list_risks = {
    "Risk by the behaviour model", SP_PAINT_BOLD, risk_count, NULL, put_risk, NULL, SIZE_MAX
};
const struct sp_run_list sp_run_list_packages = { "Packages",  SP_PAINT_BOLD, package_count, NULL,
                                                  put_package, NULL,          SIZE_MAX };
const struct sp_run_list sp_run_list_events = { "Events",  SP_PAINT_BOLD, event_count, NULL,
                                                put_event, event_more,    SIZE_MAX };

/* ------------------------------------------------------------ connections */

static bool
is_connection(const struct sp_event *event)
{
    return event->kind == SP_EVENT_CONNECTION || event->kind == SP_EVENT_DATAGRAM ||
           event->kind == SP_EVENT_PASSED;
}

bool
sp_run_same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static bool
same_connection(const struct sp_event *a, const struct sp_event *b)
{
    return a->kind == b->kind && a->port == b->port && !a->value == !b->value &&
           sp_run_same_text(a->subject, b->subject) && sp_run_same_text(a->detail, b->detail) &&
           sp_run_same_text(a->package, b->package);
}

struct connections {
    const struct sp_event *first[CONNECTIONS_SHOWN]; /* of each that differs */
    size_t times[CONNECTIONS_SHOWN];
    size_t count, further;
};

/* At most MOST that differ, so that a run with a million calls costs no more than one walk. */
static void
find_connections(struct connections *out, const struct sp_run_report *run, size_t most)
{
    *out = (struct connections){ 0 };
    for (size_t i = 0; i < run->event_count; i++) {
        const struct sp_event *event = &run->events[i];
        size_t j = 0;
        if (!is_connection(event))
            continue;
        while (j < out->count && !same_connection(out->first[j], event))
            j++;
        if (j == most) {
            out->further++;
            continue;
        }
        if (j == out->count)
            out->first[out->count++] = event;
        out->times[j]++;
    }
}

void
sp_run_connections_count(const struct sp_run_report *run, size_t *held, size_t *passed)
{
    *held = *passed = 0;
    for (size_t i = 0; i < run->event_count; i++)
        if (is_connection(&run->events[i]))
            ++*(run->events[i].kind == SP_EVENT_PASSED ? passed : held);
}

/* "203.0.113.9:443  TLS to evil.example; refused, 512 B sent; pkg:npm/x@1 (3 times)" */
static int
put_connection(const struct sp_run_sheet *sheet, const struct sp_event *event, size_t times,
               struct sp_error *err)
{
    char subject[SP_TEXT_SHOWN_MAX], detail[SP_TEXT_SHOWN_MAX], package[SP_TEXT_SHOWN_MAX];
    char sent[SP_TEXT_FIGURE_MAX], back[SP_TEXT_FIGURE_MAX], count[SP_REPORT_COUNT_MAX];
    const char *how = event->value ? "answered in the sandbox" : "refused";
    sp_text_size(sent, event->bytes);
    if (put(sheet, err, "  %s", fitted(sheet, subject, event->subject, sp_run_columns(sheet) / 2)) < 0)
        return -1;
    if (event->port && put(sheet, err, ":%u", event->port) < 0)
        return -1;
    if (event->detail &&
        put(sheet, err, "  %s;", fitted(sheet, detail, event->detail, sp_run_columns(sheet) / 2)) < 0)
        return -1;
    if (event->kind == SP_EVENT_PASSED) {
        sp_text_size(back, event->value > 0 ? (uint64_t)event->value : 0);
        if (put(sheet, err, " passed through (--allow-host), %s sent, %s back", sent, back) < 0)
            return -1;
    } else if (put(sheet, err, " %s%s, %s sent", event->kind == SP_EVENT_DATAGRAM ? "datagram " : "", how,
                   sent) < 0) {
        return -1;
    }
    if (event->package &&
        put(sheet, err, "; %s", fitted(sheet, package, event->package, sp_run_columns(sheet) / 2)) < 0)
        return -1;
    return times > 1 ? put(sheet, err, " (%s times)\n", sp_report_count(count, times))
                     : put(sheet, err, "\n");
}

int
sp_run_connections_put(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    struct connections found;
    find_connections(&found, sheet->run, sheet->options->verbose ? CONNECTIONS_SHOWN : sheet->items);
    if (!found.count)
        return 0;
    if (put_title(sheet, SP_PAINT_REVIEW, "Connections", err) < 0)
        return -1;
    for (size_t i = 0; i < found.count; i++)
        if (put_connection(sheet, found.first[i], found.times[i], err) < 0)
            return -1;
    return put_more(sheet, found.further, 0, err);
}
