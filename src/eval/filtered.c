#include "eval/filtered.h"
#include "base/clock.h"
#include "metadata/filter.h"
#include "model/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct judged {
    enum sp_severity before, after;
    double risk;
    bool looked, known;
    struct sp_signal_seen *seen; /* SP_SIGNAL_COUNT; NULL: no metadata */
};

struct session {
    const struct sp_filtered_eval *options;
    const struct sp_pairs *pairs;
    struct sp_figures *figures;
    struct sp_filter *filter;
    struct judged *judged;
    struct sp_arena arena;
    double *reading, *judging; /* seconds, of those looked up */
    size_t looked;
};

static int
judge_pair(struct session *session, size_t at, struct sp_error *err)
{
    const struct sp_filtered_eval *options = session->options;
    struct judged *judged = &session->judged[at];
    double name_risk = options->risks[at];
    judged->before = name_risk >= options->name.block    ? SP_SEVERITY_BLOCK
                     : name_risk >= options->name.review ? SP_SEVERITY_REVIEW
                                                         : SP_SEVERITY_NONE;
    judged->looked = name_risk >= sp_filter_look_from(session->filter);
    judged->risk = name_risk;
    judged->after = SP_SEVERITY_NONE; /* what is not looked up is no alarm */
    if (!judged->looked)
        return 0;
    struct sp_signal_seen none[SP_SIGNAL_COUNT] = { 0 };
    struct sp_signal_seen *seen = sp_arena_alloc(&session->arena, SP_SIGNAL_COUNT * sizeof(*seen), err);
    if (!seen)
        return -1;
    uint64_t begun = sp_now();
    int status = options->read(options->context, &session->pairs->pairs[at], seen);
    uint64_t read = sp_now();
    if (status < 0)
        return sp_fail(err, SP_ERROR_INPUT, "%s: its metadata cannot be read",
                       session->pairs->pairs[at].name);
    judged->seen = status == 0 ? seen : NULL;
    struct sp_filtered out;
    sp_filter_judge(session->filter, name_risk, judged->seen ? judged->seen : none, &out);
    session->reading[session->looked] = 1e-9 * (double)(read - begun);
    session->judging[session->looked++] = 1e-9 * (double)(sp_now() - read);
    judged->known = out.known;
    judged->risk = out.risk;
    judged->after = out.severity;
    return 0;
}

/* -------------------------------------------------------- before and after */

static const struct sp_figure_column columns[] = {
    { "pairs", SP_FIGURE_TEXT },
    { "judged_by", SP_FIGURE_TEXT },
    { "attacks", SP_FIGURE_COUNT },
    { "benign", SP_FIGURE_COUNT },
    { "known", SP_FIGURE_COUNT },
    { "precision", SP_FIGURE_NUMBER },
    { "recall", SP_FIGURE_NUMBER },
    { "f1", SP_FIGURE_NUMBER },
    { "false_positive_rate", SP_FIGURE_NUMBER },
    { "attacks_blocked", SP_FIGURE_COUNT },
    { "benign_blocked", SP_FIGURE_COUNT },
    { 0 },
};

typedef bool chooser(const struct sp_labelled_pair *pair, const void *context);

static bool
choose_all(const struct sp_labelled_pair *pair, const void *context)
{
    (void)pair, (void)context;
    return true;
}

static bool
choose_quiet(const struct sp_labelled_pair *pair, const void *context)
{
    (void)context;
    return strcmp(pair->kind, "active") != 0;
}

static bool
choose_source(const struct sp_labelled_pair *pair, const void *context)
{
    return !strcmp(pair->source, context);
}

static bool
choose_ecosystem(const struct sp_labelled_pair *pair, const void *context)
{
    return pair->ecosystem == context;
}

static int
add_rows(const struct session *session, const char *title, chooser *choose, const void *context,
         struct sp_error *err)
{
    for (int after = 0; after < 2; after++) {
        struct sp_confusion c = { 0 };
        size_t blocked[2] = { 0 }, known = 0;
        for (size_t i = 0; i < session->pairs->count; i++) {
            const struct sp_labelled_pair *pair = &session->pairs->pairs[i];
            if (!choose(pair, context))
                continue;
            enum sp_severity severity = after ? session->judged[i].after : session->judged[i].before;
            bool alarm = severity != SP_SEVERITY_NONE;
            c.true_positive += alarm && pair->attack;
            c.false_positive += alarm && !pair->attack;
            c.true_negative += !alarm && !pair->attack;
            c.false_negative += !alarm && pair->attack;
            blocked[pair->attack] += severity == SP_SEVERITY_BLOCK;
            known += session->judged[i].known;
        }
        double attacks = c.true_positive + c.false_negative, benign = c.false_positive + c.true_negative;
        if (attacks + benign == 0)
            return 0;
        const struct sp_figure row[] = {
            SP_TEXT(title),
            SP_TEXT(after ? "name and metadata" : "name"),
            SP_NUMBER(attacks),
            SP_NUMBER(benign),
            SP_NUMBER(known),
            SP_NUMBER(sp_precision(&c)),
            SP_NUMBER(sp_recall(&c)),
            SP_NUMBER(sp_f1(&c)),
            SP_NUMBER(sp_false_positive_rate(&c)),
            SP_NUMBER(blocked[1]),
            SP_NUMBER(blocked[0]),
        };
        if (sp_figures_add(session->figures, row, err) < 0)
            return -1;
    }
    return 0;
}

#define SOURCES_MAX 12

static int
add_groups(const struct session *session, struct sp_error *err)
{
    const char *sources[SOURCES_MAX];
    size_t count = 0;
    if (sp_figures_begin(session->figures, "filtered",
                         "Alarms (review and above) before and after the filter",
                         "known: pairs of which metadata had a say; of the others the name alone speaks",
                         columns, err) < 0 ||
        add_rows(session, "all pairs", choose_all, NULL, err) < 0 ||
        add_rows(session, "pairs without malware", choose_quiet, NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < session->pairs->count && count < SOURCES_MAX; i++) {
        const char *source = session->pairs->pairs[i].source;
        size_t at = 0;
        while (at < count && strcmp(sources[at], source) != 0)
            at++;
        if (at < count || !source[0])
            continue;
        sources[count++] = source;
        if (add_rows(session, source, choose_source, source, err) < 0)
            return -1;
    }
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        if (add_rows(session, sp_ecosystems[id]->title, choose_ecosystem, sp_ecosystems[id], err) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------ one signal at a time */

static int
add_signals(const struct session *session, struct sp_error *err)
{
    static const struct sp_figure_column signal_columns[] = {
        { "signal", SP_FIGURE_TEXT },
        { "unknown", SP_FIGURE_COUNT },
        { "attacks_no", SP_FIGURE_COUNT },
        { "attacks_yes", SP_FIGURE_COUNT },
        { "benign_no", SP_FIGURE_COUNT },
        { "benign_yes", SP_FIGURE_COUNT },
        { "precision", SP_FIGURE_NUMBER },
        { "recall", SP_FIGURE_NUMBER },
        { "f1", SP_FIGURE_NUMBER },
        { "false_positive_rate", SP_FIGURE_NUMBER },
        { 0 },
    };
    if (sp_figures_begin(session->figures, "filtered_signals", "Each signal alone, where it is known",
                         "an alarm where the answer is yes; of one that speaks for the package, read it the "
                         "other way round",
                         signal_columns, err) < 0)
        return -1;
    for (unsigned signal = 0; signal < SP_SIGNAL_COUNT; signal++) {
        size_t counts[2][3] = { 0 };
        for (size_t i = 0; i < session->pairs->count; i++)
            if (session->judged[i].looked)
                counts[session->pairs->pairs[i].attack]
                      [session->judged[i].seen ? session->judged[i].seen[signal].state : SP_SIGNAL_UNKNOWN]++;
        const struct sp_confusion c = {
            .true_positive = (double)counts[1][SP_SIGNAL_YES],
            .false_positive = (double)counts[0][SP_SIGNAL_YES],
            .true_negative = (double)counts[0][SP_SIGNAL_NO],
            .false_negative = (double)counts[1][SP_SIGNAL_NO],
        };
        const struct sp_figure row[] = {
            SP_TEXT(sp_filter_feature_name(SP_FILTER_SIGNALS + signal) + strlen("signal.")),
            SP_NUMBER(counts[0][SP_SIGNAL_UNKNOWN] + counts[1][SP_SIGNAL_UNKNOWN]),
            SP_NUMBER(c.false_negative),
            SP_NUMBER(c.true_positive),
            SP_NUMBER(c.true_negative),
            SP_NUMBER(c.false_positive),
            SP_NUMBER(sp_precision(&c)),
            SP_NUMBER(sp_recall(&c)),
            SP_NUMBER(sp_f1(&c)),
            SP_NUMBER(sp_false_positive_rate(&c)),
        };
        if (sp_figures_add(session->figures, row, err) < 0)
            return -1;
    }
    return 0;
}

static int
add_times(const struct session *session, struct sp_error *err)
{
    static const struct sp_figure_column time_columns[] = {
        { "what", SP_FIGURE_TEXT },
        { "pairs", SP_FIGURE_COUNT },
        { "median_us", SP_FIGURE_NUMBER },
        { "p99_us", SP_FIGURE_NUMBER },
        { 0 },
    };
    if (sp_figures_begin(session->figures, "filtered_time", "Own time", NULL, time_columns, err) < 0)
        return -1;
    double *const times[] = { session->reading, session->judging };
    static const char *const titles[] = { "reading metadata and signals", "judging" };
    for (size_t i = 0; i < SP_COUNT(times); i++) {
        const struct sp_figure row[] = {
            SP_TEXT(titles[i]),
            SP_NUMBER(session->looked),
            SP_NUMBER(1e6 * sp_percentile(times[i], session->looked, 50)),
            SP_NUMBER(1e6 * sp_percentile(times[i], session->looked, 99)),
        };
        if (sp_figures_add(session->figures, row, err) < 0)
            return -1;
    }
    return 0;
}

static int
run(struct session *session, struct sp_error *err)
{
    size_t count = session->pairs->count;
    if (!count)
        return sp_fail(err, SP_ERROR_INPUT, "there are no pairs to judge");
    session->judged = sp_new_array(count, sizeof(*session->judged), err);
    session->reading = sp_new_array(count, sizeof(double), err);
    session->judging = sp_new_array(count, sizeof(double), err);
    if (!session->judged || !session->reading || !session->judging ||
        sp_filter_open(&session->filter, session->options->filter_path, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (judge_pair(session, i, err) < 0)
            return -1;
    if (add_groups(session, err) < 0 || add_signals(session, err) < 0)
        return -1;
    return add_times(session, err);
}

int
sp_eval_filtered(struct sp_figures *figures, const struct sp_filtered_eval *options,
                 const struct sp_pairs *pairs, struct sp_error *err)
{
    struct session session = { .options = options, .pairs = pairs, .figures = figures };
    int status = run(&session, err);
    sp_filter_free(session.filter);
    sp_arena_free(&session.arena);
    free(session.judged);
    free(session.reading);
    free(session.judging);
    return status;
}
