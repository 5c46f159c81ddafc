/* The run along its time: a row for each package, a bar for each process, marks for what was found and
 * called. One SVG of integers. */
#include "report/run_html.h"
#include "report/report.h"

#include <string.h>

#define WIDTH 1200
#define LEFT 250 /* the labels */
#define RIGHT 14
#define TOP 44 /* phases and ticks */
#define LANE 9
#define LANES_MAX 4u
#define ROWS_KNOWN 1000u
#define ROWS_SHOWN 16u
#define BARS_MAX 400u  /* of one row */
#define MARKS_MAX 300u /* of the whole */

struct row {
    const char *package, *who; /* who: where package is NULL */
    size_t processes, marks;
    unsigned lanes, y;
    bool shown;
};
struct timeline {
    struct sp_html *html;
    struct row *rows;
    size_t count, capacity;
    struct sp_map known;
    uint64_t span;
};

static int
x_of(const struct timeline *line, uint64_t time)
{
    uint64_t since = time > line->html->started ? time - line->html->started : 0;
    if (since > line->span)
        since = line->span;
    return LEFT + (int)((double)since / (double)line->span * (WIDTH - LEFT - RIGHT));
}

/* The row of PACKAGE, or of WHO; NULL: no room. */
static struct row *
row_of(struct timeline *line, const char *package, const char *who)
{
    const char *key = package ? package : sp_html_who(who);
    uint32_t at;
    if (sp_map_get(&line->known, key, strlen(key), &at))
        return &line->rows[at];
    if (line->count >= ROWS_KNOWN)
        return NULL;
    if (sp_map_set(&line->known, key, strlen(key), (uint32_t)line->count, line->html->err) < 0 ||
        sp_grow(line->rows, line->capacity, line->count + 1, line->html->err) < 0) {
        line->html->failed = true;
        return NULL;
    }
    line->rows[line->count] = (struct row){ .package = package, .who = who, .lanes = 1 };
    return &line->rows[line->count++];
}

static uint64_t
end_of(const struct timeline *line, const struct sp_run_process *process)
{
    return process->ended ? process->ended : line->html->started + line->span;
}

static bool
is_call(const struct sp_event *event)
{
    return event->kind == SP_EVENT_CONNECTION || event->kind == SP_EVENT_DATAGRAM ||
           event->kind == SP_EVENT_PASSED;
}

/* The package URL of FINDING goes to OUT; NULL: none. */
static const char *
purl_of(const struct sp_finding *finding, struct sp_buffer *out)
{
    sp_buffer_clear(out);
    if (sp_report_purl(out, finding->ecosystem, finding->name, finding->version, NULL) < 0 || !out->length)
        return NULL;
    return out->bytes;
}

static struct row *
row_of_finding(struct timeline *line, const struct sp_finding *finding)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    const char *package = purl_of(finding, &purl);
    uint32_t at;
    const char *key = package ? package : sp_html_who(NULL);
    return sp_map_get(&line->known, key, strlen(key), &at) ? &line->rows[at] : NULL;
}

static void
find_rows(struct timeline *line)
{
    const struct sp_run_report *run = line->html->run;
    for (size_t i = 0; i < run->process_count && !line->html->failed; i++) {
        struct row *row = row_of(line, run->processes[i].package, run->processes[i].who);
        if (row)
            row->processes++;
    }
    for (size_t i = 0; i < run->event_count && !line->html->failed; i++) {
        const struct sp_event *event = &run->events[i];
        bool mark = is_call(event) || event->kind == SP_EVENT_DECOY || event->kind == SP_EVENT_CANARY;
        struct row *row = mark ? row_of(line, event->package, NULL) : NULL;
        if (row)
            row->marks++;
    }
    for (size_t i = 0; i < run->verdict->count && !line->html->failed; i++) {
        struct row *row =
            run->verdict->findings[i].time ? row_of_finding(line, &run->verdict->findings[i]) : NULL;
        if (row && run->verdict->findings[i].severity != SP_SEVERITY_NONE)
            row->marks += 1000;
    }
}

/* Those with marks first, then those with most processes; drawn in the order in which they began. */
static size_t
choose_rows(struct timeline *line)
{
    size_t shown = 0;
    for (; shown < ROWS_SHOWN && shown < line->count; shown++) {
        struct row *best = NULL;
        for (size_t i = 0; i < line->count; i++) {
            struct row *row = &line->rows[i];
            if (!row->shown && (!best || row->marks > best->marks ||
                                (row->marks == best->marks && row->processes > best->processes)))
                best = row;
        }
        best->shown = true;
    }
    return shown;
}

/* How many lanes the bars of ROW take, or, with DRAW, the bars themselves. */
static void
walk_bars(struct timeline *line, struct row *row, bool draw)
{
    struct sp_html *html = line->html;
    int ends[LANES_MAX] = { 0 };
    size_t bars = 0;
    for (size_t i = 0; i < html->run->process_count && bars < BARS_MAX; i++) {
        const struct sp_run_process *process = &html->run->processes[i];
        struct row *of = row_of(line, process->package, process->who);
        if (of != row)
            continue;
        int from = x_of(line, process->began), to = x_of(line, end_of(line, process));
        if (to < from + 2)
            to = from + 2;
        unsigned lane = 0;
        while (lane < LANES_MAX - 1 && ends[lane] > from)
            lane++;
        /* nothing new can be seen of one that lies within what is drawn */
        if (ends[lane] >= to)
            continue;
        if (row->lanes < lane + 1)
            row->lanes = lane + 1;
        ends[lane] = to + 1;
        bars++;
        if (!draw)
            continue;
        sp_html_putf(html, "<rect class=\"%s\" x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"2\"><title>",
                     row->package ? "bar" : "own", from, row->y + 6 + lane * LANE, to - from, LANE - 2);
        if (process->words)
            sp_html_words(html, process->words, 300);
        else
            sp_html_text(html, process->program, 300);
        sp_html_put(html, " (");
        sp_html_time(html, process->began);
        sp_html_put(html, " to ");
        sp_html_time(html, end_of(line, process));
        sp_html_put(html, ")</title></rect>\n");
    }
}

static void
put_phases(struct timeline *line, int height)
{
    struct sp_html *html = line->html;
    const struct sp_run_report *run = html->run;
    unsigned bands = 0;
    int free_from = 0; /* where the next label does not lie over the last */
    for (size_t i = 0; i < run->event_count && bands < 8; i++) {
        if (run->events[i].kind != SP_EVENT_PHASE)
            continue;
        uint64_t end = html->started + line->span;
        for (size_t j = i + 1; j < run->event_count; j++)
            if (run->events[j].kind == SP_EVENT_PHASE) {
                end = run->events[j].time;
                break;
            }
        int from = x_of(line, run->events[i].time), to = x_of(line, end);
        sp_html_putf(html, "<rect class=\"band%u\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>\n",
                     bands++ % 2, from, to > from ? to - from : 1, height);
        const char *name = sp_phase_name(run->events[i].phase);
        int wide = 8 * (int)strlen(name) + 10;
        if (from < free_from || from + wide > WIDTH)
            continue;
        sp_html_putf(html, "<text class=\"phase\" x=\"%d\" y=\"16\">%s</text>\n", from + 5, name);
        free_from = from + wide;
    }
}

/* Ticks at 1, 2 or 5 times a power of ten, six to twelve of them. */
static void
put_ticks(struct timeline *line, int height)
{
    uint64_t step = 1000000;
    for (unsigned turn = 0; line->span / step > 8; turn++)
        step = turn % 3 == 1 ? step / 2 * 5 : step * 2;
    for (uint64_t at = 0; at <= line->span; at += step) {
        int x = x_of(line, line->html->started + at);
        char text[SP_TEXT_FIGURE_MAX];
        if (step >= 1000000000u)
            snprintf(text, sizeof(text), "%llu s", (unsigned long long)(at / 1000000000u));
        else
            snprintf(text, sizeof(text), "%llu ms", (unsigned long long)(at / 1000000u));
        sp_html_putf(line->html, "<path class=\"grid\" d=\"M%d 24V%d\"/><text x=\"%d\" y=\"36\">%s</text>\n",
                     x, height, x + 3, x < WIDTH - 60 ? text : "");
    }
}

static void
put_rows(struct timeline *line)
{
    struct sp_html *html = line->html;
    for (size_t i = 0; i < line->count; i++) {
        struct row *row = &line->rows[i];
        if (!row->shown)
            continue;
        sp_html_putf(html, "<path class=\"grid\" d=\"M0 %uH%d\"/><text class=\"label\" x=\"2\" y=\"%u\">",
                     row->y, WIDTH, row->y + 14 + (row->lanes - 1) * LANE / 2);
        const char *name = row->package ? row->package : sp_html_who(row->who);
        sp_html_fitted(html, row->package && !strncmp(name, "pkg:", 4) ? name + 4 : name, 32);
        sp_html_put(html, "<title>");
        sp_html_text(html, name, 400);
        sp_html_put(html, "</title></text>\n");
        walk_bars(line, row, true);
    }
}

static void
put_marks(struct timeline *line)
{
    struct sp_html *html = line->html;
    const struct sp_run_report *run = html->run;
    size_t marks = 0;
    int last = -100;
    const struct row *last_row = NULL;
    for (size_t i = 0; i < run->event_count && marks < MARKS_MAX; i++) {
        const struct sp_event *event = &run->events[i];
        const struct row *row = is_call(event) ? row_of(line, event->package, NULL) : NULL;
        int x = row ? x_of(line, event->time) : 0;
        if (!row || !row->shown || (row == last_row && x - last < 4))
            continue;
        last = x;
        last_row = row;
        marks++;
        sp_html_putf(html, "<circle class=\"net\" cx=\"%d\" cy=\"%u\" r=\"4\"><title>", x,
                     row->y + 6 + row->lanes * LANE / 2);
        sp_html_text(html, event->subject, 200);
        if (event->port)
            sp_html_putf(html, ":%u", event->port);
        sp_html_put(html, " ");
        sp_html_text(html, event->detail, 200);
        sp_html_put(html, "</title></circle>\n");
    }
    for (size_t i = 0; i < run->verdict->count && marks < 2 * MARKS_MAX; i++) {
        const struct sp_finding *finding = &run->verdict->findings[i];
        const struct row *row =
            finding->time && finding->severity != SP_SEVERITY_NONE ? row_of_finding(line, finding) : NULL;
        if (!row || !row->shown)
            continue;
        int x = x_of(line, finding->time);
        marks++;
        sp_html_putf(html, "<path class=\"%s\" d=\"M%d %ul6 11h-12z\"><title>",
                     finding->severity == SP_SEVERITY_BLOCK ? "bad" : "warn", x, row->y + 3);
        sp_html_text(html, finding->message, 300);
        sp_html_put(html, "</title></path>\n");
    }
}

static uint64_t
span_of(const struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    uint64_t end = html->started + run->total;
    for (size_t i = 0; i < run->process_count; i++) {
        end = run->processes[i].began > end ? run->processes[i].began : end;
        end = run->processes[i].ended > end ? run->processes[i].ended : end;
    }
    for (size_t i = 0; i < run->event_count; i++)
        end = run->events[i].time > end ? run->events[i].time : end;
    return end > html->started ? end - html->started : 0;
}

static void
draw(struct timeline *line)
{
    struct sp_html *html = line->html;
    unsigned y = TOP;
    size_t shown = choose_rows(line);
    for (size_t i = 0; i < line->count; i++) {
        struct row *row = &line->rows[i];
        if (!row->shown)
            continue;
        row->y = y;
        walk_bars(line, row, false);
        y += 12 + row->lanes * LANE;
    }
    int height = (int)y + 2;
    sp_html_put(html, "<h2>Timeline</h2>\n<div class=\"pane\">\n");
    sp_html_putf(html,
                 "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Phases, processes, findings and "
                 "connections along the time of the run\">\n",
                 WIDTH, height);
    put_phases(line, height);
    put_ticks(line, height);
    put_rows(line);
    put_marks(line);
    sp_html_put(html,
                "</svg>\n<div class=\"legend\"><span><b class=\"k0\">&#9632;</b> process of a package</span>"
                "<span><b class=\"k1\">&#9632;</b> other process</span>"
                "<span><b class=\"k2\">&#9650;</b> finding</span>"
                "<span><b class=\"k3\">&#9675;</b> connection</span>");
    if (shown < line->count)
        sp_html_putf(html, "<span>%zu more packages are not drawn</span>", line->count - shown);
    sp_html_put(html, "</div>\n</div>\n");
}

void
sp_html_timeline(struct sp_html *html)
{
    struct timeline line = { .html = html, .span = span_of(html) };
    if (line.span)
        find_rows(&line);
    if (line.count && !html->failed)
        draw(&line);
    free(line.rows);
    sp_map_free(&line.known);
}
