#include "behaviour/risk.h"
#include "base/file.h"
#include "behaviour/feature_tally.h"
#include "behaviour/judge.h"
#include "behaviour/vector.h"
#include "model/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REASONS_SAID 3u
/* Packages of which every contribution is kept; of the rest, which are further from an attack, the heaviest
 * few. */
#define PACKAGES_IN_FULL 200u
#define REASONS_OF_THE_REST 5u
#define NOBODY "nobody" /* stands for a purl while a vector is filled; no purl is so called */

#ifndef SALLYPORT_MODEL_PATH
#define SALLYPORT_MODEL_PATH "/usr/local/share/sallyport/sallyport.model"
#endif

struct sp_risk_judge {
    struct sp_arena arena;
    struct sp_model_file file;
    struct sp_risk_model model;
    bool needs_probes; /* it uses what the sandbox's own eyes do not see */
    size_t *places;    /* of the model's features in a vector */
    size_t counted, uncounted, dropped,
        duration; /* places in sp_feature_table of what tells whether enough was seen */
};

const struct sp_rule sp_rule_behaviour_model = {
    .id = SP_RISK_RULE,
    .title = "a package behaves like an attack",
    .source = "docs/judging.md",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "all that a package did in a run, in numbers, resembles what attacks do more than what honest "
        "packages do: the probability reaches the model's threshold for block, or for review",
    .advice = "look at what it did, which the reasons name; allow that version if it is honest",
    .page = SP_PAGE "runbehaviour-model",
    .who = SP_RULE_PACKAGES,
};

/* ----------------------------------------------------------------- opening */

const char *
sp_risk_default_path(char room[SP_RISK_PATH_MAX])
{
    return sp_shipped_path(room, SP_RISK_PATH_MAX, "SALLYPORT_MODEL", "sallyport.model",
                           SALLYPORT_MODEL_PATH);
}

static int
find_features(struct sp_risk_judge *judge, struct sp_error *err)
{
    const struct sp_model_view *view = &judge->file.view;
    judge->places = sp_new_array(view->feature_count, sizeof(*judge->places), err);
    if (!judge->places)
        return -1;
    for (size_t i = 0; i < view->feature_count; i++) {
        const char *name = sp_model_feature_name(view, i);
        int place = sp_vector_index(name);
        if (place < 0)
            return sp_fail(err, SP_ERROR_INPUT, "'%.63s' is no feature of a run (docs/features.md)", name);
        judge->places[i] = (size_t)place;
        judge->needs_probes |=
            sp_vector_rule((size_t)place) || !(sp_feature_makings[(size_t)place % sp_feature_count].sight &
                                               (SP_SIGHT_ALWAYS | SP_SIGHT_INSTALL | SP_SIGHT_PROVING));
    }
    return 0;
}

static int
check_version(struct sp_risk_judge *judge, struct sp_error *err)
{
    const char *said = sp_model_note(&judge->file.view, "features_version");
    char *end = NULL;
    unsigned long version = said && *said >= '0' && *said <= '9' ? strtoul(said, &end, 10) : 0;
    if (!end || *end)
        return sp_fail(err, SP_ERROR_INPUT,
                       "is no model of behaviour: it has no note 'features_version NUMBER'");
    if (version != SP_VECTOR_VERSION)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "was trained on version %lu of the features, and this program sees version %u; train it "
            "anew",
            version, SP_VECTOR_VERSION);
    judge->model.features_version = SP_VECTOR_VERSION;
    return 0;
}

static int
read_thresholds(struct sp_risk_judge *judge, struct sp_error *err)
{
    struct sp_risk_model *model = &judge->model;
    const char *missing = !sp_model_threshold(&judge->file.view, "block", &model->block)     ? "block"
                          : !sp_model_threshold(&judge->file.view, "review", &model->review) ? "review"
                                                                                             : NULL;
    if (missing)
        return sp_fail(err, SP_ERROR_INPUT, "has no threshold '%s'", missing);
    if (model->review > model->block)
        return sp_fail(err, SP_ERROR_INPUT, "has a threshold 'review' (%g) above 'block' (%g)", model->review,
                       model->block);
    return 0;
}

static size_t
place_of(const char *id)
{
    for (size_t i = 0; i < sp_feature_count; i++)
        if (!strcmp(sp_feature_table[i].id, id))
            return i;
    return 0;
}

static int
open_model(struct sp_risk_judge *judge, const char *path, struct sp_error *err)
{
    const struct sp_model_view *view = &judge->file.view;
    if (access(path, F_OK) < 0 && errno == ENOENT) {
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: there is no behaviour model; name one with --model or SALLYPORT_MODEL, or do "
                       "without (--no-model)",
                       path);
    }
    if (sp_model_load(&judge->file, path, err) < 0)
        return -1;
    if (find_features(judge, err) < 0 || check_version(judge, err) < 0 || read_thresholds(judge, err) < 0)
        return sp_fail_within(err, "%.300s", path);
    judge->model.fingerprint = view->fingerprint;
    const char *note = view->notes;
    for (size_t i = 0; i < view->note_count && !judge->model.note; i++, note += strlen(note) + 1)
        if (strncmp(note, "features_version ", 17) != 0)
            judge->model.note = note;
    judge->model.path = sp_arena_copy(&judge->arena, path, strlen(path), err);
    judge->counted = place_of("syscall.io");
    judge->uncounted = place_of("own.processes-uncounted");
    judge->dropped = place_of("own.dropped");
    judge->duration = place_of("own.duration");
    return judge->model.path ? 0 : -1;
}

int
sp_risk_open(struct sp_risk_judge **out, const char *path, struct sp_error *err)
{
    char room[SP_RISK_PATH_MAX];
    struct sp_risk_judge *judge = sp_new(struct sp_risk_judge, err);
    *out = NULL;
    if (!judge)
        return -1;
    if (open_model(judge, path ? path : sp_risk_default_path(room), err) < 0) {
        sp_risk_close(judge);
        return -1;
    }
    *out = judge;
    return 0;
}

void
sp_risk_close(struct sp_risk_judge *judge)
{
    if (!judge)
        return;
    sp_model_file_free(&judge->file);
    free(judge->places);
    sp_arena_free(&judge->arena);
    free(judge);
}

const struct sp_risk_model *
sp_risk_model(const struct sp_risk_judge *judge)
{
    return &judge->model;
}

/* ----------------------------------------------------------------- reasons */

/* What the numbers of one package are, while it is judged. */
struct judging {
    const struct sp_risk_judge *judge;
    struct sp_risks *risks;
    const struct sp_finding *findings; /* of the rules */
    size_t finding_count;
    float *vector;        /* sp_vector_count */
    float *values;        /* the model's features */
    float *contributions; /* one more */
};

static float
in_part(const struct judging *judging, enum sp_vector_part part, size_t feature)
{
    return judging->vector[part * sp_feature_count + feature];
}

/* The phase in which it was done: of a number over all phases, the only one that has any. */
static const char *
when_of(const struct judging *judging, enum sp_vector_part part, size_t feature)
{
    static const char *const words[SP_VECTOR_PARTS] = { "", "while building", "while installing",
                                                        "while loading", "" };
    enum sp_vector_part only = SP_VECTOR_ALL;
    if (part != SP_VECTOR_ALL)
        return words[part];
    for (enum sp_vector_part at = SP_VECTOR_BUILD; at <= SP_VECTOR_LOAD; at++) {
        float value = in_part(judging, at, feature);
        if (isnan(value))
            return "";
        if (value != 0 && only != SP_VECTOR_ALL)
            return "";
        if (value != 0)
            only = at;
    }
    return words[only];
}

static int
compare_reasons(const void *a, const void *b)
{
    const struct sp_risk_reason *left = a, *right = b;
    double difference = fabs(right->contribution) - fabs(left->contribution);
    return difference > 0 ? 1 : difference < 0 ? -1 : strcmp(left->feature, right->feature);
}

/* Adds up what the parts of one feature contribute. */
static int
add_reason(const struct judging *judging, size_t feature, struct sp_risk_reason *reason, struct sp_error *err)
{
    const struct sp_risk_judge *judge = judging->judge;
    struct sp_arena *arena = &judging->risks->arena;
    sp_autobuffer struct sp_buffer words = { 0 };
    char name[SP_VECTOR_NAME_MAX];
    size_t heaviest = 0;
    bool any = false;
    for (size_t i = 0; i < judge->file.view.feature_count; i++) {
        float contribution = judging->contributions[i];
        if (sp_vector_rule(judge->places[i]) || judge->places[i] % sp_feature_count != feature ||
            contribution == 0)
            continue;
        reason->contribution += (double)contribution;
        if (!any || fabsf(contribution) > fabsf(judging->contributions[heaviest]))
            heaviest = i;
        any = true;
    }
    if (!any)
        return 0;
    size_t place = judge->places[heaviest];
    const char *when = when_of(judging, sp_vector_part(place), feature);
    reason->value = (double)judging->values[heaviest];
    sp_vector_name(place, name);
    if (sp_risk_words(feature, reason->value, when, &words, err) < 0)
        return -1;
    reason->feature = sp_arena_copy(arena, name, strlen(name), err);
    reason->words = sp_arena_copy(arena, sp_buffer_string(&words), words.length, err);
    return reason->feature && reason->words ? 1 : -1;
}

/* What one rule contributes; its own finding stands beside it and says more. */
static int
add_rule(const struct judging *judging, size_t at, struct sp_risk_reason *reason, struct sp_error *err)
{
    static const char *const said[] = { "no finding", "for review", "a block" };
    const struct sp_rule *rule = sp_vector_rule(judging->judge->places[at]);
    struct sp_arena *arena = &judging->risks->arena;
    char name[SP_VECTOR_NAME_MAX];
    float value = judging->values[at];
    if (!rule || judging->contributions[at] == 0)
        return 0;
    sp_vector_name(judging->judge->places[at], name);
    reason->contribution = (double)judging->contributions[at];
    reason->value = (double)value;
    reason->feature = sp_arena_copy(arena, name, strlen(name), err);
    reason->words = sp_arena_printf(arena, err, "rule %s: %s", rule->id,
                                    said[value >= 2   ? 2
                                         : value >= 1 ? 1
                                                      : 0]);
    return reason->feature && reason->words ? 1 : -1;
}

static int
find_reasons(struct judging *judging, struct sp_package_risk *risk, struct sp_error *err)
{
    struct sp_risk_reason reasons[SP_FEATURES_MAX + SP_RULES_MAX] = { 0 };
    size_t count = 0;
    const struct sp_model_view *view = &judging->judge->file.view;
    if (sp_model_contributions(view, judging->values, judging->contributions) < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "the model's contributions could not be had");
    risk->bias = (double)judging->contributions[view->feature_count];
    for (size_t feature = 0; feature < sp_feature_count; feature++) {
        int added = add_reason(judging, feature, &reasons[count], err);
        if (added < 0)
            return -1;
        count += (size_t)added;
    }
    for (size_t i = 0; i < view->feature_count; i++) {
        int added = add_rule(judging, i, &reasons[count], err);
        if (added < 0)
            return -1;
        count += (size_t)added;
    }
    qsort(reasons, count, sizeof(*reasons), compare_reasons);
    struct sp_risk_reason *kept = sp_arena_alloc(&judging->risks->arena, (count + 1) * sizeof(*kept), err);
    if (!kept)
        return -1;
    memcpy(kept, reasons, count * sizeof(*kept));
    risk->reasons = kept;
    risk->reason_count = count;
    return 0;
}

int
sp_risk_message(const struct sp_package_risk *risk, struct sp_buffer *out, struct sp_error *err)
{
    size_t said = 0;
    const struct sp_risk_reason *innocent = NULL;
    if (sp_buffer_printf(out, err, "behaves like an attack: risk %.2f (", risk->probability) < 0)
        return -1;
    for (size_t i = 0; i < risk->reason_count; i++) {
        const struct sp_risk_reason *reason = &risk->reasons[i];
        if (reason->contribution < 0 && !innocent)
            innocent = reason;
        if (reason->contribution <= 0 || said == REASONS_SAID)
            continue;
        if (sp_buffer_printf(out, err, "%s%s", said ? "; " : "", reason->words) < 0)
            return -1;
        said++;
    }
    if (!said && sp_buffer_append_string(out, "no single thing that it did says so", err) < 0)
        return -1;
    /* what hardly spoke for it is not worth saying */
    if (innocent && innocent->contribution < -0.1 &&
        sp_buffer_printf(out, err, "; in its favour: %s", innocent->words) < 0)
        return -1;
    return sp_buffer_append_byte(out, ')', err);
}

/* ----------------------------------------------------------------- judging */

static int
compare_names(const void *a, const void *b)
{
    const struct sp_package_risk *left = a, *right = b;
    if (left->probability != right->probability)
        return left->probability < right->probability ? 1 : -1;
    return strcmp(left->package ? left->package : "", right->package ? right->package : "");
}

/* Whether the numbers of ROW are all there: a lower bound would acquit. */
static bool
is_whole(const struct sp_risk_judge *judge, const struct sp_feature_row *row)
{
    return !judge->needs_probes ||
           (!isnan(row->values[judge->counted]) && !(row->values[judge->uncounted] > 0));
}

/* Judges what ROWS say of ALL, the row over all phases, whose package is KEY in them. */
static int
judge_one(struct judging *judging, const struct sp_feature_row *rows, size_t count,
          const struct sp_feature_row *all, const char *package, struct sp_error *err)
{
    const struct sp_risk_judge *judge = judging->judge;
    struct sp_risks *risks = judging->risks;
    struct sp_package_risk risk = { 0 };
    if (package && !(risk.package = sp_arena_copy(&risks->arena, package, strlen(package), err)))
        return -1;
    if (!is_whole(judge, all)) {
        if (!risks->unjudged++)
            risks->unjudged_name = risk.package;
        return 0;
    }
    if (!sp_vector_fill(judging->vector, rows, count, all->package))
        return 0;
    if (package)
        sp_vector_rules(judging->vector, judging->findings, judging->finding_count, package);
    for (size_t i = 0; i < judge->file.view.feature_count; i++)
        judging->values[i] = judging->vector[judge->places[i]];
    risk.probability = sp_model_predict(&judge->file.view, judging->values);
    risk.severity = risk.probability >= judge->model.block    ? SP_SEVERITY_BLOCK
                    : risk.probability >= judge->model.review ? SP_SEVERITY_REVIEW
                                                              : SP_SEVERITY_NONE;
    if (find_reasons(judging, &risk, err) < 0 ||
        sp_grow(risks->items, risks->capacity, risks->count + 1, err) < 0)
        return -1;
    risks->items[risks->count++] = risk;
    return 0;
}

/* Adds ROW of another phase to ALL. Of different things (addresses, files) that is the most that they can
 * be. */
static void
add_up(struct sp_feature_row *all, const struct sp_feature_row *row)
{
    for (size_t i = 0; i < sp_feature_count; i++) {
        const struct sp_feature_making *making = &sp_feature_makings[i];
        bool most = making->from == SP_FROM_MAX ||
                    (making->from == SP_FROM_PROCESS &&
                     (making->at == SP_PROCESS_DEPTH || making->at == SP_PROCESS_MEMORY));
        all->values[i] = !most                             ? all->values[i] + row->values[i]
                         : isnan(all->values[i])           ? NAN
                         : isnan(row->values[i])           ? NAN
                         : all->values[i] > row->values[i] ? all->values[i]
                                                           : row->values[i];
    }
}

/* What is laid to nobody is judged as if one package had done it all: it may have. */
static int
judge_nobody(struct judging *judging, const struct sp_feature_row *rows, size_t count, struct sp_error *err)
{
    /* the run's own, all phases together, each phase */
    struct sp_feature_row own[2 + SP_PHASE_COUNT];
    size_t added = 2;
    for (size_t i = 0; i < count; i++) {
        size_t at = 2;
        if (strcmp(rows[i].kind, "unknown") != 0)
            continue;
        while (at < added && own[at].phase != rows[i].phase)
            at++;
        if (at == SP_COUNT(own))
            continue; /* no phase is */
        if (added == 2)
            own[1] = rows[i];
        else
            add_up(&own[1], &rows[i]);
        if (at < added) {
            add_up(&own[at], &rows[i]);
            continue;
        }
        own[added] = rows[i];
        own[added++].package = NOBODY;
    }
    if (added == 2)
        return 0;
    own[0] = rows[0];
    own[1].phase = -1;
    own[1].package = NOBODY;
    return judge_one(judging, own, added, &own[1], NULL, err);
}

static bool
is_package(const struct sp_feature_row *row)
{
    return row->package && row->phase < 0;
}

/* Whether the numbers of the whole run are none to judge by. Without counts nobody knows who acted at all. */
static void
look_for_sight(const struct sp_risk_judge *judge, const struct sp_feature_row *rows, struct sp_risks *out)
{
    if (isnan(rows[0].values[judge->duration]))
        return; /* nothing happened at all */
    out->dropped = rows[0].values[judge->dropped] > 0;
    if (out->dropped)
        out->blind = "events of the run were lost";
    else if (judge->needs_probes && isnan(rows[0].values[judge->counted]))
        out->blind = "without probes there are no counts of what the packages did";
}

int
sp_risk_judge_rows(const struct sp_risk_judge *judge, const struct sp_feature_row *rows, size_t count,
                   const struct sp_finding *findings, size_t finding_count, struct sp_risks *out,
                   struct sp_error *err)
{
    sp_autofree float *vector = sp_new_array(SP_VECTOR_MAX, sizeof(*vector), err);
    sp_autofree float *values =
        vector ? sp_new_array(2 * judge->file.view.feature_count + 1, sizeof(*values), err) : NULL;
    if (!values)
        return -1;
    if (!count)
        return 0;
    struct judging judging = { .judge = judge,
                               .risks = out,
                               .findings = findings,
                               .finding_count = finding_count,
                               .vector = vector,
                               .values = values,
                               .contributions = values + judge->file.view.feature_count };
    look_for_sight(judge, rows, out);
    if (out->blind)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (is_package(&rows[i]) && judge_one(&judging, rows, count, &rows[i], rows[i].package, err) < 0)
            return -1;
    if (judge_nobody(&judging, rows, count, err) < 0)
        return -1;
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), compare_names);
    for (size_t i = PACKAGES_IN_FULL; i < out->count; i++)
        if (out->items[i].severity == SP_SEVERITY_NONE && out->items[i].reason_count > REASONS_OF_THE_REST)
            out->items[i].reason_count = REASONS_OF_THE_REST;
    return 0;
}

void
sp_risks_free(struct sp_risks *risks)
{
    free(risks->items);
    sp_arena_free(&risks->arena);
    *risks = (struct sp_risks){ 0 };
}
