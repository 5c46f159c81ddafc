#include "eval/popular.h"
#include "base/tsv.h"
#include "metadata/filter.h"
#include "name/layout.h"
#include "name/search.h"

#include <stdlib.h>
#include <string.h>

struct counts {
    size_t packages, alarms; /* alarms as things are */
    size_t by_name;          /* were they not trusted */
    size_t popular, aged;    /* by the filter: popular; popular and of age */
};

/* What may be said of any of these packages without asking: nothing but that it is popular and not held. */
static void
scene(struct sp_signal_seen seen[SP_SIGNAL_COUNT], bool aged)
{
    memset(seen, 0, SP_SIGNAL_COUNT * sizeof(*seen));
    seen[SP_SIGNAL_POPULAR].state = SP_SIGNAL_YES;
    seen[SP_SIGNAL_SECURITY_HOLDING].state = seen[SP_SIGNAL_NEWLY_PUBLISHED].state = SP_SIGNAL_NO;
    if (aged)
        seen[SP_SIGNAL_LONG_LIVED].state = SP_SIGNAL_YES;
}

static bool
alarms(const struct sp_filter *filter, double risk, bool aged)
{
    struct sp_signal_seen seen[SP_SIGNAL_COUNT];
    struct sp_filtered out;
    scene(seen, aged);
    sp_filter_judge(filter, risk, seen, &out);
    return out.severity != SP_SEVERITY_NONE;
}

struct session {
    const struct sp_popular_eval *options;
    struct sp_figures *figures;
    struct sp_index *index;
    struct sp_filter *filter;
    struct sp_searcher *searcher;
    struct sp_search_result *result;
};

static int
count_name(struct counts *out, const struct session *session, const struct sp_ecosystem *ecosystem,
           const char *name, size_t length, struct sp_error *err)
{
    struct sp_search_result *result = session->result;
    if (sp_search(session->searcher, ecosystem, name, length, result, err) < 0)
        return -1;
    double risk = result->count ? result->matches[0].risk : 0;
    bool by_name = risk >= sp_searcher_thresholds(session->searcher).review,
         looked = risk >= sp_filter_look_from(session->filter);
    out->packages++;
    out->alarms += by_name && !result->trusted;
    out->by_name += by_name;
    out->popular += looked && alarms(session->filter, risk, false);
    out->aged += looked && alarms(session->filter, risk, true);
    return 0;
}

static int
count_popular(struct counts *out, const struct session *session, const struct sp_ecosystem *ecosystem,
              struct sp_error *err)
{
    const struct sp_index_ecosystem *part = sp_index_ecosystem(session->index, ecosystem->id, err);
    if (!part)
        return -1;
    for (uint32_t i = 0; i < part->package_count; i++) {
        const struct sp_package_record *package = &part->packages[i];
        if (!package->rank || package->rank > session->options->most)
            continue;
        const char *name = sp_index_c_string(part->strings, part->strings_size, package->name);
        if (count_name(out, session, ecosystem, name, strlen(name), err) < 0)
            return -1;
    }
    return 0;
}

static int
count_given(struct counts *out, const struct session *session, const struct sp_ecosystem *ecosystem,
            struct sp_error *err)
{
    static const char *const names[] = { "name", NULL };
    sp_autotsv struct sp_tsv tsv;
    struct sp_tsv_row row;
    int status = sp_tsv_open(&tsv, session->options->names[ecosystem->id], names, 1, err);
    while (status >= 0 && (status = sp_tsv_next(&tsv, &row, err)) > 0)
        if (count_name(out, session, ecosystem, row.field[0].bytes, row.field[0].length, err) < 0)
            return sp_fail_within(err, "%.300s:%zu", tsv.path, row.line);
    return status;
}

static int
add_row(const struct session *session, const struct sp_ecosystem *ecosystem, const struct counts *counts,
        struct sp_error *err)
{
    const struct sp_figure row[] = {
        SP_TEXT(ecosystem->title),  SP_NUMBER(counts->packages), SP_NUMBER(counts->alarms),
        SP_NUMBER(counts->by_name), SP_NUMBER(counts->popular),  SP_NUMBER(counts->aged),
    };
    return sp_figures_add(session->figures, row, err);
}

static const struct sp_figure_column columns[] = {
    { "registry", SP_FIGURE_TEXT },
    { "packages", SP_FIGURE_COUNT },
    { "alarms", SP_FIGURE_COUNT },
    { "by_name_were_they_not_trusted", SP_FIGURE_COUNT },
    { "known_to_be_popular", SP_FIGURE_COUNT },
    { "and_long_lived", SP_FIGURE_COUNT },
    { 0 },
};

static int
add_given(const struct session *session, struct sp_error *err)
{
    bool begun = false;
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT; i++) {
        struct counts counts = { 0 };
        if (!session->options->names[i])
            continue;
        if (!begun && sp_figures_begin(session->figures, "given", "Alarms over the given packages",
                                       "judged as those above; alarms: of those that are not trusted",
                                       columns, err) < 0)
            return -1;
        begun = true;
        if (count_given(&counts, session, sp_ecosystems[i], err) < 0 ||
            add_row(session, sp_ecosystems[i], &counts, err) < 0)
            return -1;
    }
    return 0;
}

static int
run(struct session *session, struct sp_error *err)
{
    static const enum sp_ecosystem_id ids[] = { SP_NPM, SP_PYPI };
    session->result = sp_new(struct sp_search_result, err);
    if (!session->result ||
        sp_figures_begin(
            session->figures, "popular", "Alarms over the most popular packages",
            "alarms are 0 by construction: a trusted package is exempt. The rest: as if each were "
            "not trusted, judged by name; by the filter, were nothing known of it but that it is "
            "popular; and that it is years old as well",
            columns, err) < 0)
        return -1;
    sp_searcher_search_trusted(session->searcher, true);
    for (size_t i = 0; i < SP_COUNT(ids); i++) {
        struct counts counts = { 0 };
        if (count_popular(&counts, session, sp_ecosystems[ids[i]], err) < 0 ||
            add_row(session, sp_ecosystems[ids[i]], &counts, err) < 0)
            return -1;
    }
    return add_given(session, err);
}

int
sp_eval_popular(struct sp_figures *figures, const struct sp_popular_eval *options, struct sp_error *err)
{
    struct session session = { .options = options, .figures = figures };
    int status = sp_index_open(&session.index, options->index_path, err);
    if (status == 0)
        status = sp_filter_open(&session.filter, options->filter_path, err);
    if (status == 0)
        status = sp_searcher_new(&session.searcher, session.index, err);
    if (status == 0)
        status = run(&session, err);
    free(session.result);
    sp_searcher_free(session.searcher);
    sp_filter_free(session.filter);
    sp_index_close(session.index);
    return status;
}
