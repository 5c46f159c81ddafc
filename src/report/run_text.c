/* A run for eyes: one line when all is well; else what was found, what was not seen, what to do. */
#include "report/run_sheet.h"

#include <string.h>

#define LINES_MAX 44 /* about a screenful; --verbose goes beyond */
#define REASONS_SHOWN 3
#define REASON_LINES 9 /* that one takes */
#define ITEMS_SHOWN 3  /* of a list; 1 where the reasons need the room */

#define put(sheet, ...) sp_text_put(&(sheet)->text, __VA_ARGS__)

static bool
is_clean(const struct sp_run_sheet *sheet)
{
    const struct sp_run_report *run = sheet->run;
    return run->outcome == SP_OUTCOME_ALLOW && !sheet->block && !sheet->review &&
           !run->verdict->unseen_count && !run->stopped && run->landed != SP_LANDED_FAILED;
}

/* ------------------------------------------------------------------ words */

/* "177 packages (12 ran code)" */
static int
put_packages(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX], ran[SP_REPORT_COUNT_MAX];
    const struct sp_run_report *run = sheet->run;
    if (!run->package_count)
        return put(sheet, err, "no packages");
    return put(sheet, err, "%s package%s (%s ran code)", sp_report_count(count, run->package_count),
               sp_text_plural(run->package_count),
               run->ran_code ? sp_report_count(ran, run->ran_code) : "none");
}

/* "1 to block, 2 to review" */
static int
put_findings_count(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char block[SP_REPORT_COUNT_MAX], review[SP_REPORT_COUNT_MAX];
    if (!sheet->block && !sheet->review)
        return put(sheet, err, "no findings");
    if (sheet->block &&
        put(sheet, err, "%s to block%s", sp_report_count(block, sheet->block), sheet->review ? ", " : "") < 0)
        return -1;
    return sheet->review ? put(sheet, err, "%s to review", sp_report_count(review, sheet->review)) : 0;
}

/* "; landed 2,311 things" */
static int
put_landed(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    const struct sp_run_report *run = sheet->run;
    uint64_t things, bytes;
    if (run->replayed)
        return 0;
    sp_run_landed(run, &things, &bytes);
    switch (run->landed) {
    case SP_LANDED_NOTHING:
        return put(sheet, err, "; nothing to land");
    case SP_LANDED_YES:
        return put(sheet, err, "; landed %s thing%s", sp_report_count(count, things), sp_text_plural(things));
    case SP_LANDED_WOULD:
        return put(sheet, err, "; %s thing%s would land", sp_report_count(count, things),
                   sp_text_plural(things));
    case SP_LANDED_FAILED:
        return put(sheet, err, "; the landing failed and was undone");
    case SP_LANDED_NEVER: /* a scan has no project, so nobody expects it */
        return run->kind && strcmp(run->kind, "run") ? 0 : put(sheet, err, "; nothing landed");
    default:
        return put(sheet, err, "; nothing landed");
    }
}

/* Where the command or the run did not end with 0. */
static int
put_status(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    const struct sp_run_report *run = sheet->run;
    if (run->command_status < 0 && run->replayed)
        return 0; /* not every trace tells it */
    if (run->command_status < 0)
        return put(sheet, err, "; the command did not run");
    return run->command_status ? put(sheet, err, "; the command ended with %d", run->command_status) : 0;
}

/* "; +0.41 s (loading 0.20 s); watched by registry proxy, sinkhole" */
static int
put_cost(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char text[SP_TEXT_SHOWN_MAX], time[SP_TEXT_FIGURE_MAX];
    const struct sp_run_report *run = sheet->run;
    if (run->replayed)
        return put(sheet, err, "%s; replayed from %s",
                   run->mode && !strcmp(run->mode, "audit") ? "; audit mode" : "",
                   sp_text_shown(text, run->replayed));
    if (put(sheet, err, "; +%s", sp_text_duration(time, sp_run_added_time(run))) < 0)
        return -1;
    if (run->load_time && put(sheet, err, " (loading %s)", sp_text_duration(time, run->load_time)) < 0)
        return -1;
    if (run->limits_missing && *run->limits_missing &&
        put(sheet, err, "; no limit on %s", sp_text_shown(text, run->limits_missing)) < 0)
        return -1;
    if (run->mode && !strcmp(run->mode, "audit") && put(sheet, err, "; audit mode") < 0)
        return -1;
    return run->watched ? put(sheet, err, "; watched by %s", sp_text_shown(text, run->watched)) : 0;
}

/* --------------------------------------------------------------- findings */

/* "pkg:npm/evil@1.0.0, through app > left > evil" */
static int
put_whence(const struct sp_run_sheet *sheet, const struct sp_finding *finding, struct sp_buffer *out,
           struct sp_error *err)
{
    const struct sp_run_report *run = sheet->run;
    if (!finding->name)
        return 0;
    if (sp_report_purl(out, finding->ecosystem, finding->name, finding->version, err) < 0)
        return -1;
    for (size_t i = 0; i < run->package_count; i++) {
        const struct sp_run_package *package = &run->packages[i];
        if (!package->path || !sp_run_same_text(package->name, finding->name) ||
            !sp_run_same_text(package->ecosystem, finding->ecosystem) ||
            (finding->version && !sp_run_same_text(package->version, finding->version)))
            continue;
        return sp_buffer_printf(out, err, "%sthrough %s", out->length ? ", " : "", package->path);
    }
    return 0;
}

/* "during install, 1.24 s after the start, by sh -c node x.js (process 12)" */
static int
put_when(const struct sp_run_sheet *sheet, const struct sp_finding *finding, struct sp_buffer *out,
         struct sp_error *err)
{
    char time[SP_TEXT_FIGURE_MAX];
    uint64_t started = sp_run_started(sheet->run);
    if (finding->phase && sp_buffer_printf(out, err, "during %s", finding->phase) < 0)
        return -1;
    if (finding->time > started && started &&
        sp_buffer_printf(out, err, "%s%s after the start", out->length ? ", " : "",
                         sp_text_duration(time, finding->time - started)) < 0)
        return -1;
    if (finding->process) {
        /* as much as stays on the line */
        char process[SP_TEXT_SHOWN_MAX];
        unsigned room = sp_run_columns(sheet) > 80 ? sp_run_columns(sheet) - 56 : 28;
        if (sheet->options->verbose)
            sp_text_shown(process, finding->process);
        else
            sp_text_fitted(process, finding->process, room);
        return sp_buffer_printf(out, err, "%sby %s", out->length ? ", " : "", process);
    }
    return finding->process_number ? sp_buffer_printf(out, err, "%sby process %u", out->length ? ", " : "",
                                                      finding->process_number)
                                   : 0;
}

/* The command that appends the line to the policy that the next run follows. */
static int
put_allow(const struct sp_run_sheet *sheet, const struct sp_finding *finding, struct sp_buffer *out,
          struct sp_error *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/+@";
    const char *file = sheet->run->policy;
    sp_autobuffer struct sp_buffer line = { 0 };
    if (sp_run_policy_line(finding, &line, err) < 0)
        return -1;
    if (!line.length)
        return 0;
    if (file)
        file = sp_run_short_path(sheet->run, file);
    if (!file || file[strspn(file, plain)] || file[0] == '-')
        file = "sallyport.policy";
    return sp_buffer_printf(out, err, "echo '%s' >> %s", line.bytes, file);
}

static size_t
lines_of(const struct sp_buffer *buffer)
{
    size_t lines = 0;
    for (size_t i = 0; i < buffer->length; i++)
        lines += buffer->bytes[i] == '\n';
    return lines;
}

/* Sets out FINDING with all that is known of it. */
static int
put_finding(const struct sp_run_sheet *sheet, const struct sp_text *text, const struct sp_finding *finding,
            struct sp_error *err)
{
    sp_autobuffer struct sp_buffer whence = { 0 }, when = { 0 }, allow = { 0 };
    if (put_whence(sheet, finding, &whence, err) < 0 || put_when(sheet, finding, &when, err) < 0 ||
        put_allow(sheet, finding, &allow, err) < 0)
        return -1;
    /* most messages name it themselves */
    const char *slash = finding->subject ? strrchr(finding->subject, '/') : NULL;
    const char *last = slash && slash[1] ? slash + 1 : finding->subject;
    bool told = !last || !*last || (finding->message && strstr(finding->message, last));
    struct sp_text_finding how = {
        .whence = whence.length ? whence.bytes : NULL,
        .when = when.length ? when.bytes : NULL,
        .about = told ? NULL : sp_run_short_path(sheet->run, finding->subject),
        .allow = allow.length ? allow.bytes : NULL,
    };
    return sp_text_finding(text, finding, &how, err);
}

/* What has to be told before the others of its severity. */
static bool
is_strongest(const struct sp_finding *finding)
{
    return sp_rule_needs_version(finding->rule);
}

/* Writes the findings of SEVERITY while they fit *LINES; *TOLD counts them over all severities. */
static int
put_severity(const struct sp_run_sheet *sheet, enum sp_severity severity, size_t *lines, size_t *told,
             struct sp_error *err)
{
    const struct sp_verdict *verdict = sheet->run->verdict;
    bool first = true;
    size_t most = sheet->options->verbose ? SIZE_MAX : REASONS_SHOWN;
    for (size_t j = 0; j < 2 * verdict->count && *told < most; j++) {
        const struct sp_finding *finding = &verdict->findings[j % verdict->count];
        sp_autobuffer struct sp_buffer block = { 0 };
        struct sp_text text = sheet->text;
        text.out = &block;
        if (finding->severity != severity || is_strongest(finding) != (j < verdict->count))
            continue;
        if (sp_text_put(&text, err, "\n") < 0)
            return -1;
        if (first && (sp_text_heading(&text, severity, err) < 0 || sp_text_put(&text, err, "\n\n") < 0))
            return -1;
        if (put_finding(sheet, &text, finding, err) < 0)
            return -1;
        size_t taken = lines_of(&block);
        /* the strongest are told though it takes a few lines more */
        if (*told && taken > *lines && (*told >= REASONS_SHOWN || taken > REASON_LINES + 3))
            return 0;
        if (sp_buffer_append(sheet->text.out, block.bytes, block.length, err) < 0)
            return -1;
        *lines -= taken < *lines ? taken : *lines;
        first = false;
        ++*told;
    }
    return 0;
}

static int
put_findings(const struct sp_run_sheet *sheet, size_t lines, struct sp_error *err)
{
    size_t told = 0, all = sheet->block + sheet->review;
    char count[SP_REPORT_COUNT_MAX];
    if (put_severity(sheet, SP_SEVERITY_BLOCK, &lines, &told, err) < 0)
        return -1;
    /* a milder finding is not told in place of a graver one */
    if (told == sheet->block && put_severity(sheet, SP_SEVERITY_REVIEW, &lines, &told, err) < 0)
        return -1;
    if (told == all)
        return 0;
    return put(sheet, err, "\n  %s more finding%s; --verbose lists them\n",
               sp_report_count(count, all - told), sp_text_plural(all - told));
}

/* ------------------------------------------------------- the whole of it */

/* Things that are no alarm and yet should not go unsaid in the one line. */
static int
put_remarks(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char count[SP_REPORT_COUNT_MAX];
    size_t held, passed;
    size_t refused = sp_run_list_count(sheet, &sp_run_list_refused),
           unloaded = sp_run_list_count(sheet, &sp_run_list_unloaded);
    sp_run_connections_count(sheet->run, &held, &passed);
    if (refused && put(sheet, err, "; %s change%s not landed", sp_report_count(count, refused),
                       sp_text_plural(refused)) < 0)
        return -1;
    if (held && put(sheet, err, "; %s connection%s held in the sandbox", sp_report_count(count, held),
                    sp_text_plural(held)) < 0)
        return -1;
    if (passed && put(sheet, err, "; %s connection%s passed through", sp_report_count(count, passed),
                      sp_text_plural(passed)) < 0)
        return -1;
    return unloaded ? put(sheet, err, "; %s did not load", sp_report_count(count, unloaded)) : 0;
}

/* "; sallyport.policy followed (2 findings allowed)" */
static int
put_policy(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char path[SP_TEXT_SHOWN_MAX], count[SP_REPORT_COUNT_MAX];
    size_t allowed = sp_run_allowed(sheet->run);
    if (!sheet->run->policy)
        return 0;
    return put(sheet, err, "; %s followed (%s finding%s allowed)",
               sp_text_shown(path, sp_run_short_path(sheet->run, sheet->run->policy)),
               allowed ? sp_report_count(count, allowed) : "no", sp_text_plural(allowed ? allowed : 2));
}

/* What no reader of the first line may miss: that less was seen than could be. */
static int
put_sight(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    char sight[SP_TEXT_SHOWN_MAX];
    const struct sp_run_report *run = sheet->run;
    if (run->sight && put(sheet, err, "; %s", sp_text_shown(sight, run->sight)) < 0)
        return -1;
    if (!run->model_silent)
        return 0;
    /* why it is silent may have been said right here */
    return run->sight ? put(sheet, err, "; not judged by the behaviour model")
                      : put(sheet, err, "; not judged by the behaviour model: %s",
                            sp_text_shown(sight, run->model_silent));
}

static int
put_clean_line(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    const struct sp_run_report *run = sheet->run;
    char why[SP_TEXT_SHOWN_MAX];
    bool kept_back = !run->replayed && (run->landed == SP_LANDED_REFUSED || run->landed == SP_LANDED_NEVER);
    if (put_packages(sheet, err) < 0 || put(sheet, err, ", no findings") < 0 || put_landed(sheet, err) < 0)
        return -1;
    if (kept_back && run->landing && put(sheet, err, " (%s)", sp_text_shown(why, run->landing)) < 0)
        return -1;
    if (put_status(sheet, err) < 0)
        return -1;
    bool told = run->exit_code == run->command_status || (run->replayed && !run->exit_code);
    if (!told && put(sheet, err, "; exit code %d", run->exit_code) < 0)
        return -1;
    return put_remarks(sheet, err) < 0 || put_policy(sheet, err) < 0 || put_cost(sheet, err) < 0 ||
                   put_sight(sheet, err) < 0
               ? -1
               : put(sheet, err, "\n");
}

static int
put_first_line(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    static const enum sp_paint paints[] = { [SP_OUTCOME_ALLOW] = SP_PAINT_GOOD,
                                            [SP_OUTCOME_REVIEW] = SP_PAINT_REVIEW,
                                            [SP_OUTCOME_BLOCK] = SP_PAINT_BLOCK,
                                            [SP_OUTCOME_INCONCLUSIVE] = SP_PAINT_REVIEW };
    const struct sp_run_report *run = sheet->run;
    char count[SP_REPORT_COUNT_MAX];
    size_t unseen = run->verdict->unseen_count;
    if (put(sheet, err, "sallyport: ") < 0 ||
        sp_text_paint(&sheet->text, paints[run->outcome], err, "%s", sp_outcome_name(run->outcome)) < 0 ||
        put(sheet, err, ": ") < 0)
        return -1;
    if (is_clean(sheet))
        return put_clean_line(sheet, err);
    if (put_findings_count(sheet, err) < 0)
        return -1;
    if (unseen &&
        put(sheet, err, ", %s thing%s not seen", sp_report_count(count, unseen), sp_text_plural(unseen)) < 0)
        return -1;
    if (put_landed(sheet, err) < 0 || put(sheet, err, "; exit code %d", run->exit_code) < 0 ||
        put_sight(sheet, err) < 0)
        return -1;
    return put(sheet, err, "\n");
}

static const char *
what_to_do(const struct sp_run_sheet *sheet)
{
    bool landed = sheet->run->landed == SP_LANDED_YES;
    switch (sheet->run->outcome) {
    case SP_OUTCOME_BLOCK:
        return landed
                   ? "What is under block has landed: remove it, and change every secret that it could reach."
                   : "Do not install this outside the sandbox before what is under block is put right.";
    case SP_OUTCOME_REVIEW:
        return landed ? "It has landed: look at what is under review before you use it."
                      : "Look at what is under review before you install it.";
    case SP_OUTCOME_INCONCLUSIVE:
        return "Mend what could not be seen and run again: nothing is proved safe.";
    default:
        return NULL;
    }
}

/* The last lines: what became of it, what it cost, what to do. */
static int
put_closing(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    const struct sp_run_report *run = sheet->run;
    const struct sp_text *text = &sheet->text;
    const char *advice = what_to_do(sheet);
    sp_autobuffer struct sp_buffer line = { 0 };
    struct sp_run_sheet last = *sheet;
    last.text.out = &line;
    struct sp_text whole = *text;
    whole.shown_max = 0;
    if (put(sheet, err, "\n") < 0 ||
        (run->stopped && sp_text_line(text, 0, "Stopped: ", run->stopped, err) < 0))
        return -1;
    if (run->landing && sp_text_line(text, 0, "Landing: ", run->landing, err) < 0)
        return -1;
    if (run->evidence && sp_text_line(text, 0, "Evidence: ", run->evidence, err) < 0)
        return -1;
    if (put_packages(&last, err) < 0 || put_status(&last, err) < 0 || put_policy(&last, err) < 0 ||
        put_cost(&last, err) < 0 || sp_text_line(&whole, 0, "", line.bytes, err) < 0)
        return -1;
    return advice ? sp_text_line(text, 0, "", advice, err) : 0;
}

static int
put_rest(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    const struct sp_run_list *before[] = { &sp_run_list_unseen, sheet->options->diff || sheet->tight
                                                                    ? NULL
                                                                    : &sp_run_list_refused };
    for (size_t i = 0; i < SP_COUNT(before); i++)
        if (before[i] && sp_run_list_put(sheet, before[i], err) < 0)
            return -1;
    if (sp_run_list_put(sheet, &sp_run_list_allowed, err) < 0 ||
        (!sheet->tight && sp_run_connections_put(sheet, err) < 0) || sp_run_acts_put(sheet, err) < 0 ||
        (!sheet->tight && sp_run_list_put(sheet, &sp_run_list_unloaded, err) < 0) ||
        sp_run_scripts_put(sheet, err) < 0)
        return -1;
    return put_closing(sheet, err);
}

static int
put_lists(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    bool verbose = sheet->options->verbose;
    /* asked for, so answered where all is well, too */
    if (is_clean(sheet) && sp_run_scripts_put(sheet, err) < 0)
        return -1;
    if (sp_run_list_put(sheet, &sp_run_list_unfollowed, err) < 0 ||
        ((sheet->options->diff || verbose) && sp_run_list_put(sheet, &sp_run_list_changes, err) < 0))
        return -1;
    if (!verbose)
        return 0;
    if (is_clean(sheet) &&
        (sp_run_list_put(sheet, &sp_run_list_allowed, err) < 0 || sp_run_connections_put(sheet, err) < 0 ||
         sp_run_acts_put(sheet, err) < 0 || sp_run_list_put(sheet, &sp_run_list_unloaded, err) < 0))
        return -1;
    return sp_run_list_put(sheet, &sp_run_list_cleared, err) < 0 ||
                   sp_run_list_put(sheet, &sp_run_list_risks, err) < 0 ||
                   sp_run_list_put(sheet, &sp_run_list_notes, err) < 0 ||
                   sp_run_list_put(sheet, &sp_run_list_packages, err) < 0
               ? -1
               : sp_run_list_put(sheet, &sp_run_list_events, err);
}

/* What is said beside the findings is made first: they get the lines that it leaves, and it leaves more where
 * there are many. */
static int
put_screenful(const struct sp_run_sheet *sheet, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer rest = { 0 };
    struct sp_run_sheet aside = *sheet;
    aside.text.out = &rest;
    if (put_rest(&aside, err) < 0)
        return -1;
    size_t reasons = sheet->block + sheet->review;
    reasons = reasons < REASONS_SHOWN ? reasons : REASONS_SHOWN;
    if (!sheet->options->verbose && reasons > 1 && lines_of(&rest) + REASON_LINES * reasons > LINES_MAX) {
        sp_buffer_clear(&rest);
        aside.items = 1;
        aside.tight = true;
        if (put_rest(&aside, err) < 0)
            return -1;
    }
    size_t taken = lines_of(&rest) + 3;
    size_t lines = sheet->options->verbose ? SIZE_MAX : taken < LINES_MAX ? LINES_MAX - taken : 0;
    if (put_findings(sheet, lines, err) < 0)
        return -1;
    return sp_buffer_append(sheet->text.out, rest.bytes, rest.length, err);
}

int
sp_run_report_text(const struct sp_run_report *report, const struct sp_run_report_options *options,
                   struct sp_buffer *out, struct sp_error *err)
{
    sp_autoacts struct sp_run_acts acts = { 0 };
    struct sp_run_sheet sheet = {
        .text = { .out = out,
                  .colour = options->colour,
                  .width = options->width,
                  .wrap = true,
                  .category_title = options->category_title },
        .run = report,
        .options = options,
        .items = ITEMS_SHOWN,
        .acts = &acts,
        .block = sp_verdict_count(report->verdict, SP_SEVERITY_BLOCK),
        .review = sp_verdict_count(report->verdict, SP_SEVERITY_REVIEW),
    };
    if (!options->verbose)
        sheet.text.shown_max = 4 * sp_run_columns(&sheet);
    if ((!is_clean(&sheet) || options->verbose) &&
        sp_run_acts_find(&acts, report, NULL, SP_PHASE_COUNT, err) < 0)
        return -1;
    if (put_first_line(&sheet, err) < 0)
        return -1;
    if (!is_clean(&sheet) && put_screenful(&sheet, err) < 0)
        return -1;
    return put_lists(&sheet, err);
}
