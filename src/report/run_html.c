/* A run as one page: it loads nothing, runs nothing, and holds strangers' strings as text alone. */
#include "report/run_html.h"
#include "report/report.h"

#include <string.h>

#define REASONS_SHOWN 100u
#define ROWS_SHOWN 200u /* of a table */
#define PACKAGES_SHOWN 2000u

/* ------------------------------------------------------------ the heading */

static void
put_fact(struct sp_html *html, const char *title)
{
    sp_html_putf(html, "</dd></div><div><dt>%s</dt><dd>", title);
}

static void
put_landed(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    uint64_t things, bytes;
    sp_run_landed(run, &things, &bytes);
    switch (run->landed) {
    case SP_LANDED_YES:
    case SP_LANDED_WOULD:
        sp_html_count(html, things);
        sp_html_putf(html, " thing%s%s", sp_text_plural(things),
                     run->landed == SP_LANDED_YES ? "" : " would");
        return;
    case SP_LANDED_FAILED:
        sp_html_put(html, "failed, and was undone");
        return;
    case SP_LANDED_NOTHING:
        sp_html_put(html, "there was nothing to land");
        return;
    default:
        sp_html_put(html, "nothing");
    }
}

static void
put_facts(struct sp_html *html)
{
    char text[SP_TEXT_FIGURE_MAX];
    const struct sp_run_report *run = html->run;
    sp_html_put(html, "<dl class=\"facts\"><div><dt>Packages</dt><dd>");
    sp_html_count(html, run->package_count);
    if (run->ran_code) {
        sp_html_put(html, ", ");
        sp_html_count(html, run->ran_code);
        sp_html_put(html, " ran code");
    }
    put_fact(html, "Processes");
    sp_html_count(html, run->process_count + run->process_more);
    put_fact(html, "Landed");
    put_landed(html);
    put_fact(html, "Time");
    sp_html_put(html, sp_text_duration(text, run->total));
    sp_html_put(html, " <span class=\"soft\">(ours "); /* what a bare install had not taken */
    sp_html_put(html, sp_text_duration(text, sp_run_added_time(run)));
    sp_html_put(html, ")</span>");
    put_fact(html, "Exit code");
    sp_html_putf(html, "%d", run->exit_code);
    if (run->mode) {
        put_fact(html, "Mode");
        sp_html_text(html, run->mode, 40);
    }
    sp_html_put(html, "</dd></div></dl>\n");
}

static void
put_notes(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    if (run->sight) {
        sp_html_put(html, "<div class=\"note\">");
        sp_html_text(html, run->sight, 600);
        sp_html_put(html, "</div>\n");
    }
    if (run->verdict->unseen_count) {
        sp_html_put(html, "<div class=\"note\"><strong>Could not be seen</strong><ul>");
        for (size_t i = 0; i < run->verdict->unseen_count && i < 50; i++) {
            sp_html_put(html, "<li>");
            sp_html_text(html, run->verdict->unseen[i], 600);
            sp_html_put(html, "</li>");
        }
        if (run->verdict->unseen_count > 50)
            sp_html_putf(html, "<li>%zu more</li>", run->verdict->unseen_count - 50);
        sp_html_put(html, "</ul></div>\n");
    }
    if (run->stopped) {
        sp_html_put(html, "<div class=\"note\">Stopped ");
        sp_html_text(html, run->stopped, 300);
        sp_html_put(html, "</div>\n");
    }
}

static const char *
headline(const struct sp_run_report *run)
{
    switch (run->outcome) {
    case SP_OUTCOME_ALLOW:
        return "Nothing was found against this install";
    case SP_OUTCOME_REVIEW:
        return "Look before you use what this install made";
    case SP_OUTCOME_BLOCK:
        return run->landed == SP_LANDED_YES ? "It has landed in spite of a block: remove it"
                                            : "Do not install this";
    default:
        return "Not everything could be seen: nothing is proved safe";
    }
}

static void
put_top(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    const char *outcome = sp_outcome_name(run->outcome);
    sp_html_putf(html, "<header class=\"top %s\"><div class=\"badge %s\">%s</div><div><h1>", outcome, outcome,
                 outcome);
    sp_html_put(html, headline(run));
    sp_html_put(html, "</h1><p class=\"cmd m\">");
    size_t words = 0;
    for (const char *const *word = run->command; word && *word && words < 60; word++, words++) {
        if (words)
            sp_html_put(html, " ");
        sp_html_text(html, *word, 200);
    }
    if (run->project) {
        sp_html_put(html, " <span class=\"soft\">in</span> ");
        sp_html_text(html, run->project, 400);
    }
    sp_html_put(html, "</p></div></header>\n");
    put_facts(html);
    put_notes(html);
}

/* ------------------------------------------------------------ the reasons */

static void
put_row(struct sp_html *html, const char *title, const char *text, bool code)
{
    if (!text || !*text)
        return;
    sp_html_putf(html, "<dt>%s</dt><dd%s>", title, code ? " class=\"m\"" : "");
    sp_html_text(html, text, 700);
    sp_html_put(html, "</dd>");
}

static const char *
path_of(const struct sp_run_report *run, const struct sp_finding *finding)
{
    for (size_t i = 0; finding->name && i < run->package_count; i++) {
        const struct sp_run_package *package = &run->packages[i];
        if (package->path && package->name && !strcmp(package->name, finding->name) && package->ecosystem &&
            finding->ecosystem && !strcmp(package->ecosystem, finding->ecosystem) &&
            (!finding->version || (package->version && !strcmp(package->version, finding->version))))
            return package->path;
    }
    return NULL;
}

static void
put_when(struct sp_html *html, const struct sp_finding *finding)
{
    char text[SP_TEXT_FIGURE_MAX];
    bool timed = finding->time > html->started && html->started;
    if (!finding->phase && !timed)
        return;
    sp_html_put(html, "<dt>when</dt><dd>");
    if (finding->phase) {
        sp_html_put(html, "during ");
        sp_html_text(html, finding->phase, 60);
        sp_html_put(html, timed ? ", " : "");
    }
    if (timed) {
        sp_html_put(html, sp_text_duration(text, finding->time - html->started));
        sp_html_put(html, " after the start");
    }
    sp_html_put(html, "</dd>");
}

static void
put_reason(struct sp_html *html, const struct sp_finding *finding)
{
    sp_autobuffer struct sp_buffer purl = { 0 }, line = { 0 };
    if (sp_report_purl(&purl, finding->ecosystem, finding->name, finding->version, html->err) < 0 ||
        sp_run_policy_line(finding, &line, html->err) < 0) {
        html->failed = true;
        return;
    }
    sp_html_putf(html, "<article class=\"card %s\"><span class=\"tag m\">",
                 sp_severity_name(finding->allowed ? finding->was : finding->severity));
    sp_html_text(html, finding->rule, 100);
    sp_html_put(html, "</span><h3>");
    sp_html_text(html, finding->name ? finding->name : "Laid to no package", 300);
    if (finding->name && finding->version) {
        sp_html_put(html, "<span class=\"soft\">@");
        sp_html_text(html, finding->version, 100);
        sp_html_put(html, "</span>");
    }
    sp_html_put(html, "</h3><p>");
    sp_html_text(html, finding->message, 1000);
    sp_html_put(html, "</p><dl>");
    put_row(html, "package", purl.bytes, true);
    put_row(html, "through", path_of(html->run, finding), false);
    put_when(html, finding);
    put_row(html, "about", finding->subject ? sp_run_short_path(html->run, finding->subject) : NULL, true);
    put_row(html, "process", finding->process, true);
    put_row(html, "named in", finding->place.file, true);
    put_row(html, "like", finding->target, true);
    sp_html_put(html, "</dl>");
    if (finding->advice) {
        sp_html_put(html, "<p class=\"do\">");
        sp_html_text(html, finding->advice, 1000);
        sp_html_put(html, "</p>");
    }
    if (line.length && !finding->allowed) {
        sp_html_put(html, "<details><summary class=\"soft\">to allow it, add this line to sallyport.policy"
                          "</summary><pre>");
        sp_html_text(html, line.bytes, 0);
        sp_html_put(html, "</pre></details>");
    }
    sp_html_put(html, "</article>\n");
}

static void
put_reasons(struct sp_html *html)
{
    const struct sp_verdict *verdict = html->run->verdict;
    size_t block = sp_verdict_count(verdict, SP_SEVERITY_BLOCK),
           review = sp_verdict_count(verdict, SP_SEVERITY_REVIEW);
    size_t shown = 0, allowed = sp_run_allowed(html->run);
    if (block + review) {
        sp_html_putf(html, "<h2>Reasons<small>%zu to block, %zu to review</small></h2>\n", block, review);
        for (int severity = SP_SEVERITY_BLOCK; severity >= SP_SEVERITY_REVIEW; severity--)
            for (int strongest = 1; strongest >= 0; strongest--)
                for (size_t i = 0; i < verdict->count && shown < REASONS_SHOWN && !html->failed; i++)
                    if ((int)verdict->findings[i].severity == severity &&
                        sp_rule_needs_version(verdict->findings[i].rule) == (strongest == 1)) {
                        put_reason(html, &verdict->findings[i]);
                        shown++;
                    }
        if (shown < block + review)
            sp_html_putf(html, "<p class=\"soft\">%zu more findings</p>\n", block + review - shown);
    }
    if (html->run->policy) {
        sp_html_put(html, "<h2>Policy<small>");
        sp_html_text(html, html->run->policy, 400);
        sp_html_putf(html, " was followed; it allowed %zu finding%s</small></h2>\n", allowed,
                     sp_text_plural(allowed));
        for (size_t i = 0; i < verdict->count && shown < 2 * REASONS_SHOWN && !html->failed; i++)
            if (verdict->findings[i].allowed) {
                put_reason(html, &verdict->findings[i]);
                shown++;
            }
    }
}

/* ------------------------------------------------------------- the model */

static void
put_risk(struct sp_html *html, const struct sp_package_risk *risk)
{
    sp_html_putf(html, "<details class=\"fold\"><summary><span class=\"m\">%.3f</span> ", risk->probability);
    sp_html_text(html, risk->package ? risk->package : "what is laid to nobody", 300);
    if (risk->severity != SP_SEVERITY_NONE)
        sp_html_putf(html, " <span class=\"soft\">%s</span>", sp_severity_name(risk->severity));
    sp_html_put(html, "</summary>\n<table><tr><th>adds</th><th>because it</th><th>feature</th></tr>\n");
    for (size_t i = 0; i < risk->reason_count && !html->failed; i++) {
        sp_html_putf(html, "<tr><td class=\"m\">%+.2f</td><td>", risk->reasons[i].contribution);
        sp_html_text(html, risk->reasons[i].words, 300);
        sp_html_put(html, "</td><td class=\"m\">");
        sp_html_text(html, risk->reasons[i].feature, 100);
        sp_html_put(html, "</td></tr>\n");
    }
    sp_html_putf(html,
                 "<tr><td class=\"m\">%+.2f</td><td>where every package begins</td><td></td></tr>"
                 "</table></details>\n",
                 risk->bias);
}

static void
put_risks(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    if (!run->model || (!run->risk_count && !run->model_silent))
        return;
    sp_html_put(html, "<h2>Risk by the behaviour model<small>");
    if (run->model_silent) {
        sp_html_put(html, "it did not judge: ");
        sp_html_text(html, run->model_silent, 300);
    } else
        sp_html_putf(html, "review from %.2f, block from %.2f; model %016llx", run->model->review,
                     run->model->block, (unsigned long long)run->model->fingerprint);
    sp_html_put(html, "</small></h2>\n<div class=\"pane\">\n");
    for (size_t i = 0; i < run->risk_count && i < ROWS_SHOWN && !html->failed; i++)
        put_risk(html, &run->risks[i]);
    if (run->risk_count > ROWS_SHOWN)
        sp_html_putf(html, "<p class=\"soft\">%zu more</p>", run->risk_count - ROWS_SHOWN);
    sp_html_put(html, "</div>\n");
}

/* ----------------------------------------------------------- what it did */

/* "name@version" of a purl. */
static void
put_package_cell(struct sp_html *html, const char *package)
{
    sp_html_put(html, "<td class=\"m soft\">");
    sp_html_text(html, package && !strncmp(package, "pkg:", 4) ? package + 4 : package, 200);
    sp_html_put(html, "</td>");
}

static void
put_act(struct sp_html *html, enum sp_act_kind kind, const struct sp_act *act)
{
    char text[SP_TEXT_FIGURE_MAX];
    sp_html_putf(html, "<tr><td class=\"m%s\">", act->weight >= 4 ? " hot" : "");
    sp_html_text(html, sp_run_short_path(html->run, act->what), 400);
    if (act->port)
        sp_html_putf(html, ":%u", act->port);
    if (act->detail && kind != SP_ACT_RAN) {
        sp_html_put(html, " <span class=\"soft\">");
        sp_html_text(html, act->detail, 200);
        sp_html_put(html, "</span>");
    }
    sp_html_put(html, "</td>");
    put_package_cell(html, act->package);
    sp_html_put(html, "<td class=\"n\">");
    if (act->bytes)
        sp_html_put(html, sp_text_size(text, act->bytes));
    sp_html_put(html, "</td><td class=\"n\">");
    sp_html_count(html, act->times);
    sp_html_put(html, "</td></tr>\n");
}

static void
put_acts(struct sp_html *html, enum sp_act_kind kind, const char *title, const char *what, bool open)
{
    const struct sp_act_list *list = &html->acts->lists[kind];
    size_t all = list->count + list->more;
    if (!all)
        return;
    sp_html_putf(html, "<details class=\"fold\"%s><summary>%s <span class=\"soft\">", open ? " open" : "",
                 title);
    sp_html_count(html, all);
    if (kind == SP_ACT_WROTE)
        sp_html_putf(html, ", %zu outside the project", list->outside);
    sp_html_putf(html,
                 "</span></summary>\n<table><tr><th>%s</th><th>laid to</th><th class=\"n\">bytes</th>"
                 "<th class=\"n\">times</th></tr>\n",
                 what);
    for (size_t i = 0; i < list->count && i < ROWS_SHOWN && !html->failed; i++)
        put_act(html, kind, &list->items[i]);
    sp_html_put(html, "</table>");
    if (all > ROWS_SHOWN || list->more) {
        sp_html_put(html, "<p class=\"soft\">");
        sp_html_count(html, all - (list->count < ROWS_SHOWN ? list->count : ROWS_SHOWN));
        sp_html_put(html, " more</p>");
    }
    sp_html_put(html, "</details>\n");
}

static void
put_what_it_did(struct sp_html *html)
{
    bool any = false;
    for (size_t i = 0; i < SP_ACT_KIND_COUNT; i++)
        any |= html->acts->lists[i].count != 0;
    if (!any)
        return;
    sp_html_put(html, "<h2>What it did</h2>\n<div class=\"pane\">\n");
    put_acts(html, SP_ACT_CONTACTED, "Connections", "to", true);
    put_acts(html, SP_ACT_NAMED, "Names looked up", "name", false);
    put_acts(html, SP_ACT_READ, "Read outside the project", "file",
             html->acts->lists[SP_ACT_READ].count <= 12);
    put_acts(html, SP_ACT_WROTE, "Written", "file", html->acts->lists[SP_ACT_WROTE].count <= 12);
    put_acts(html, SP_ACT_RAN, "Programs", "program", html->acts->lists[SP_ACT_RAN].count <= 8);
    sp_html_put(html, "</div>\n");
}

static void
put_scripts(struct sp_html *html)
{
    sp_autoscripts struct sp_run_scripts scripts = { 0 };
    sp_autobuffer struct sp_buffer setting = { 0 };
    if (!html->run->script_count || html->failed)
        return;
    if (sp_run_scripts_find(&scripts, html->run, html->err) < 0 ||
        sp_run_scripts_setting(&scripts, &setting, html->err) < 0) {
        html->failed = true;
        return;
    }
    sp_html_put(
        html,
        "<h2>Scripts that the package manager blocks</h2>\n<div class=\"pane\"><table><tr><th>package"
        "</th><th>scripts</th><th class=\"n\">programs</th><th class=\"n\">files of its own</th>"
        "<th class=\"n\">elsewhere</th><th class=\"n\">contacted</th><th class=\"n\">findings</th></tr>\n");
    for (size_t i = 0; i < scripts.count && !html->failed; i++) {
        const struct sp_run_script *script = &scripts.items[i];
        sp_html_put(html, "<tr><td class=\"m\">");
        sp_html_text(html, script->package, 200);
        sp_html_put(html, "</td><td>");
        sp_html_text(html, script->stages, 0);
        sp_html_putf(
            html,
            "%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">"
            "%zu</td><td class=\"n%s\">%zu</td></tr>\n",
            script->well ? "" : " (failed)", script->ran, script->wrote_inside, script->wrote_outside,
            script->acts.lists[SP_ACT_CONTACTED].count, script->block ? " hot" : "",
            script->block + script->review);
    }
    sp_html_put(html, "</table>");
    if (setting.length) {
        sp_html_put(html, "<p>Those that ended well with nothing found, for package.json: <code>");
        sp_html_text(html, setting.bytes, 0);
        sp_html_put(html, "</code></p>");
    }
    sp_html_put(html, "</div>\n");
}

/* ---------------------------------------------------- packages and changes */

static void
put_package(struct sp_html *html, const struct sp_run_package *package)
{
    sp_html_put(html, "<tr><td class=\"m\">");
    sp_html_text(html, package->name, 300);
    if (package->version) {
        sp_html_put(html, "<span class=\"soft\">@");
        sp_html_text(html, package->version, 100);
        sp_html_put(html, "</span>");
    }
    sp_html_put(html, "</td><td>");
    sp_html_text(html, package->path, 400);
    sp_html_putf(html, "</td><td>%s%s%s</td></tr>\n", package->direct ? "direct" : "indirect",
                 package->ran_code ? ", ran code" : "", package->refused ? ", refused" : "");
}

static void
put_packages(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    if (!run->package_count)
        return;
    sp_html_put(html, "<details class=\"fold\"><summary>Packages <span class=\"soft\">");
    sp_html_count(html, run->package_count);
    sp_html_put(html, "</span></summary>\n<table><tr><th>package</th><th>through</th><th></th></tr>\n");
    for (size_t i = 0; i < run->package_count && i < PACKAGES_SHOWN && !html->failed; i++)
        put_package(html, &run->packages[i]);
    sp_html_put(html, "</table>");
    if (run->package_count > PACKAGES_SHOWN)
        sp_html_putf(html, "<p class=\"soft\">%zu more</p>", run->package_count - PACKAGES_SHOWN);
    sp_html_put(html, "</details>\n");
}

static void
put_changes(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    char text[SP_TEXT_FIGURE_MAX];
    size_t all = run->change_count + run->change_more;
    if (!all)
        return;
    sp_html_put(html, "<details class=\"fold\"><summary>Changes <span class=\"soft\">");
    sp_html_count(html, all);
    sp_html_put(
        html,
        "</span></summary>\n<table><tr><th></th><th>path</th><th></th><th class=\"n\">bytes</th></tr>\n");
    for (size_t i = 0; i < run->change_count && i < ROWS_SHOWN && !html->failed; i++) {
        const struct sp_run_change *change = &run->changes[i];
        const char *kind = change->kind == '+'   ? "new"
                           : change->kind == '~' ? "modified"
                           : change->kind == '-' ? "deleted"
                                                 : "refused";
        sp_html_putf(html, "<tr><td>%s</td><td class=\"m\">", kind);
        sp_html_text(html, change->path ? sp_run_short_path(run, change->path) : NULL, 400);
        sp_html_put(html, "</td><td>");
        sp_html_text(html, change->why, 300);
        sp_html_put(html, "</td><td class=\"n\">");
        if (change->bytes)
            sp_html_put(html, sp_text_size(text, change->bytes));
        sp_html_put(html, "</td></tr>\n");
    }
    sp_html_put(html, "</table>");
    if (all > ROWS_SHOWN)
        sp_html_putf(html, "<p class=\"soft\">%zu more</p>", all - ROWS_SHOWN);
    sp_html_put(html, "</details>\n");
}

static void
put_loads(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    if (!run->load_count)
        return;
    sp_html_put(html, "<details class=\"fold\"><summary>Loaded <span class=\"soft\">");
    sp_html_count(html, run->load_count);
    sp_html_put(html, "</span></summary>\n<table><tr><th>package</th><th>what</th><th></th><th></th></tr>\n");
    for (size_t i = 0; i < run->load_count && i < ROWS_SHOWN && !html->failed; i++) {
        const struct sp_run_load *load = &run->loads[i];
        sp_html_put(html, "<tr>");
        put_package_cell(html, load->package);
        sp_html_put(html, "<td class=\"m\">");
        sp_html_text(html, load->what, 300);
        sp_html_putf(html, "</td><td>%s</td><td>", sp_load_outcome_name(load->outcome));
        sp_html_text(html, load->said, 300);
        sp_html_put(html, "</td></tr>\n");
    }
    sp_html_put(html, "</table>");
    if (run->load_count > ROWS_SHOWN)
        sp_html_putf(html, "<p class=\"soft\">%zu more</p>", run->load_count - ROWS_SHOWN);
    sp_html_put(html, "</details>\n");
}

static void
put_footer(struct sp_html *html)
{
    const struct sp_run_report *run = html->run;
    sp_html_put(html, "<footer>Sallyport ");
    sp_html_text(html, run->tool_version, 60);
    if (run->watched) {
        sp_html_put(html, "; watched by ");
        sp_html_text(html, run->watched, 300);
    }
    sp_html_put(html, ". This page loads nothing and runs no script.</footer>\n");
}

int
sp_run_report_html(const struct sp_run_report *report, const struct sp_run_report_options *options,
                   struct sp_buffer *out, struct sp_error *err)
{
    sp_autoacts struct sp_run_acts acts = { 0 };
    struct sp_html html = { .out = out,
                            .err = err,
                            .run = report,
                            .options = options,
                            .acts = &acts,
                            .started = sp_run_started(report) };
    if (sp_run_acts_find(&acts, report, NULL, SP_PHASE_COUNT, err) < 0)
        return -1;
    sp_html_head(&html);
    sp_html_put(&html, "<body>\n<main>\n");
    put_top(&html);
    put_reasons(&html);
    put_risks(&html);
    sp_html_timeline(&html);
    put_what_it_did(&html);
    sp_html_process_tree(&html);
    put_scripts(&html);
    if (report->package_count || report->change_count || report->load_count) {
        sp_html_put(&html, "<h2>Packages and files</h2>\n<div class=\"pane\">\n");
        put_packages(&html);
        put_changes(&html);
        put_loads(&html);
        sp_html_put(&html, "</div>\n");
    }
    put_footer(&html);
    sp_html_put(&html, "</main>\n</body>\n</html>\n");
    return html.failed ? -1 : 0;
}
