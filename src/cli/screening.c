#include "cli/screening.h"
#include "cli/commands.h"
#include "cli/manifests.h"

#include <string.h>

/* Lines about what was not seen that a stream keeps; further ones are only counted. */
#define UNSEEN_KEPT 1000

static void
show_progress(void *context, size_t done, size_t all)
{
    struct sp_screening *screening = context;
    sp_show_looked_up(&screening->begun_at, screening->progress, done, all);
}

static int
open_lookups(struct sp_screening *screening, struct sp_error *err)
{
    if (screening->looking.look == SP_LOOK_NEVER)
        return 0;
    if (sp_lookups_open_here(&screening->lookups, &screening->looking, sp_checker_index(screening->checker),
                             err) < 0)
        return -1;
    sp_checker_clear_by(screening->checker, sp_lookups_clearing(screening->lookups));
    sp_checker_on_progress(screening->checker, show_progress, screening);
    return 0;
}

int
sp_screening_open(struct sp_screening *screening, struct sp_error *err)
{
    return sp_checker_open(&screening->checker, &screening->check, err) < 0 ? -1
                                                                            : open_lookups(screening, err);
}

void
sp_screening_close(struct sp_screening *screening)
{
    sp_report_free(&screening->writer);
    sp_buffer_free(&screening->text);
    sp_verdict_free(&screening->verdict);
    sp_arena_free(&screening->arena);
    if (screening->checker)
        sp_checker_close(screening->checker);
    sp_lookups_close(screening->lookups);
}

void
sp_screening_missed(struct sp_screening *screening, const struct sp_error *err)
{
    struct sp_error ignored;
    bool ours = sp_complain(err) != SP_EXIT_USAGE;
    screening->broken |= ours;
    screening->unread |= !ours;
    if (screening->verdict.unseen_count < UNSEEN_KEPT &&
        sp_verdict_unseen(&screening->verdict, &ignored, "%s", err->text) < 0)
        screening->broken = true;
}

/* What the names were compared with: "19,743 popular npm packages". */
static const char *
describe_against(struct sp_screening *screening)
{
    const struct sp_index *index = sp_checker_index(screening->checker);
    char number[SP_REPORT_COUNT_MAX];
    size_t trusted = 0, kinds = 0;
    const char *title = "";
    for (unsigned i = 0; i < SP_ECOSYSTEM_COUNT; i++)
        if (screening->ecosystems >> i & 1) {
            trusted += sp_index_trusted_count(index, i);
            title = sp_ecosystems[i]->title;
            kinds++;
        }
    if (!trusted)
        return NULL;
    snprintf(screening->against, sizeof(screening->against), "%s popular %s%spackage%s",
             sp_report_count(number, trusted), kinds == 1 ? title : "", kinds == 1 ? " " : "",
             trusted == 1 ? "" : "s");
    return screening->against;
}

/* ---------------------------------------------------------------- reading */

void
sp_screening_package(struct sp_screening *screening, const char *word)
{
    struct sp_what what;
    struct sp_error err;
    struct sp_place place = { 0 };
    if (sp_what_read(&what, word, strlen(word), screening->usual, &screening->arena, &err) < 0 ||
        sp_check_name(screening->checker, what.ecosystem, what.name, what.version, &place,
                      &screening->verdict, &err) < 0) {
        sp_screening_missed(screening, &err);
        return;
    }
    screening->ecosystems |= 1u << what.ecosystem->id;
}

void
sp_screening_file(struct sp_screening *screening, const char *path)
{
    struct sp_error err;
    const struct sp_manifest_format *format =
        screening->manifest ? screening->manifest : sp_manifests_of(path);
    if (sp_check_manifest(screening->checker, path, screening->manifest, &screening->verdict, &err) < 0)
        sp_screening_missed(screening, &err);
    else
        screening->ecosystems |= format ? 1u << (*format->ecosystem)->id : (1u << SP_ECOSYSTEM_COUNT) - 1;
}

/* ---------------------------------------------------------------- writing */

/* Where the LLM was asked in vain the last of the signals says so. */
static void
count_unaided(struct sp_screening *screening, const struct sp_verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++) {
        const struct sp_finding *finding = &verdict->findings[i];
        screening->unaided +=
            finding->signal_count && !strcmp(finding->signals[finding->signal_count - 1].name, "llm");
    }
}

int
sp_screening_flush(struct sp_screening *screening, struct sp_verdict *verdict, struct sp_error *err)
{
    struct sp_buffer *text = &screening->text;
    if (!screening->begun) {
        screening->begun = true;
        if (sp_report_begin(&screening->writer, screening->format, &screening->report, NULL, text, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < verdict->count; i++) {
        screening->block += verdict->findings[i].severity == SP_SEVERITY_BLOCK;
        screening->review += verdict->findings[i].severity == SP_SEVERITY_REVIEW;
        screening->cleared += verdict->findings[i].cleared != NULL;
        if (sp_report_finding(&screening->writer, &verdict->findings[i], err) < 0)
            return -1;
    }
    count_unaided(screening, verdict);
    screening->checked += verdict->checked;
    verdict->count = 0;
    verdict->checked = 0;
    return text->length ? sp_output_write(screening->output, text) : 0;
}

static struct sp_report_totals
stream_totals(const struct sp_screening *screening)
{
    const struct sp_verdict *verdict = &screening->verdict;
    struct sp_report_totals totals = {
        .checked = screening->checked,
        .review = screening->review,
        .block = screening->block,
        .cleared = screening->cleared,
        .unreadable = screening->unreadable,
        .unseen = verdict->unseen,
        .unseen_count = verdict->unseen_count,
    };
    bool unseen = verdict->unseen_count || screening->unreadable;
    totals.outcome = totals.block    ? SP_OUTCOME_BLOCK
                     : unseen        ? SP_OUTCOME_INCONCLUSIVE
                     : totals.review ? SP_OUTCOME_REVIEW
                                     : SP_OUTCOME_ALLOW;
    return totals;
}

/* Writes the report, or the rest of it, and says in *TOTALS what it came to. */
static int
write_report(struct sp_screening *screening, struct sp_report_totals *totals, struct sp_error *err)
{
    if (screening->format == &sp_report_text)
        screening->report.against = describe_against(screening);
    if (!screening->streaming) {
        count_unaided(screening, &screening->verdict);
        *totals = sp_report_totals_of(&screening->verdict);
        if (sp_report_verdict(screening->format, &screening->report, &screening->verdict, &screening->text,
                              err) < 0)
            return -1;
    } else {
        if (sp_screening_flush(screening, &screening->verdict, err) < 0)
            return -1;
        *totals = stream_totals(screening);
        if (sp_report_end(&screening->writer, totals, err) < 0)
            return -1;
    }
    return 0;
}

/* Whether all that there is to say was said on standard error: then people need no report of nothing. */
static bool
nothing_to_report(const struct sp_screening *screening)
{
    return screening->format == &sp_report_text && !screening->verdict.checked && !screening->checked &&
           (screening->unread || screening->broken || screening->unreadable);
}

/* What of the time was the registries': the rest is our own. */
static void
tell_tally(const struct sp_screening *screening)
{
    struct sp_metadata_figures packages;
    struct sp_keeping_figures requests;
    if (!screening->lookups || !screening->report.explain || screening->quiet)
        return;
    sp_lookups_tally(screening->lookups, &packages, &requests);
    if (packages.looked_up)
        fprintf(
            stderr,
            "sallyport: looked up %zu package%s (%zu unknown): %zu request%s, %zu answer%s kept from before; "
            "%.2f s of waiting for registries, side by side\n",
            packages.looked_up, packages.looked_up == 1 ? "" : "s", packages.unknown, requests.asked,
            requests.asked == 1 ? "" : "s", requests.kept, requests.kept == 1 ? "" : "s", requests.seconds);
}

int
sp_screening_finish(struct sp_screening *screening, enum sp_severity fail_on)
{
    struct sp_report_totals totals = { .outcome = SP_OUTCOME_INCONCLUSIVE };
    struct sp_error err = { 0 };
    if (!nothing_to_report(screening)) {
        if (!screening->output->closed && !screening->output->failed &&
            write_report(screening, &totals, &err) < 0 && err.code != SP_ERROR_NONE) {
            sp_complain(&err);
            return SP_EXIT_INCONCLUSIVE;
        }
        /* a clean result is no news to someone who asked for quiet */
        bool news = totals.outcome != SP_OUTCOME_ALLOW || screening->format != &sp_report_text;
        if (screening->quiet && !news)
            sp_buffer_clear(&screening->text);
        if (sp_output_write(screening->output, &screening->text) < 0)
            return sp_output_exit(screening->output);
    }
    tell_tally(screening);
    if (screening->unaided && !screening->quiet)
        fprintf(
            stderr,
            "sallyport: the LLM was asked in vain about %zu package%s; rules alone decided (--explain says "
            "why)\n",
            screening->unaided, screening->unaided == 1 ? "" : "s");
    bool found = (fail_on == SP_SEVERITY_BLOCK && totals.block) ||
                 (fail_on == SP_SEVERITY_REVIEW && totals.block + totals.review);
    if (screening->broken)
        return SP_EXIT_INCONCLUSIVE;
    if (found)
        return SP_EXIT_FOUND;
    if (screening->unread || screening->unreadable)
        return SP_EXIT_USAGE;
    return totals.unseen_count ? SP_EXIT_INCONCLUSIVE : SP_EXIT_CLEAN;
}
