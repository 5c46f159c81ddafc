#include "metadata/filter.h"
#include "base/file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SALLYPORT_FILTER_PATH
#define SALLYPORT_FILTER_PATH "/usr/local/share/sallyport/sallyport.filter"
#endif
#define FILTER_PATH_MAX 4096
#define MARGIN_MAX 8.0
/* Signals of the candidate's metadata that must be known (yes or no) before metadata has a say. */
#define KNOWN_LEAST 3
/* A risk that a floor has lifted or a pardon has lowered stands just on its side of a threshold. */
#define BESIDE 1e-6

struct sp_filter {
    struct sp_model_file file;
    int features[SP_FILTER_FEATURE_COUNT]; /* of the model's places; only the first feature_count are set */
    struct sp_risk_thresholds thresholds;
    double look;                    /* risk by name */
    struct sp_risk_thresholds name; /* by which the name alone is judged */
};

/* ---------------------------------------------------------------- features */

static const char *const feature_names[SP_FILTER_FEATURE_COUNT] = {
    [SP_FILTER_NAME_MARGIN] = "name-margin",
#define SIGNAL(id, name) [SP_FILTER_SIGNALS + (id)] = "signal." name
    SIGNAL(SP_SIGNAL_OBVIOUS_DIFFERENCE, "obvious-difference"),
    SIGNAL(SP_SIGNAL_ADVERSARIAL_NAME, "adversarial-name"),
    SIGNAL(SP_SIGNAL_DISTINCT_PURPOSE, "distinct-purpose"),
    SIGNAL(SP_SIGNAL_NEAR_COPY, "near-copy"),
    SIGNAL(SP_SIGNAL_FORK, "fork"),
    SIGNAL(SP_SIGNAL_EXPERIMENT, "experiment"),
    SIGNAL(SP_SIGNAL_EXTENSION, "extension"),
    SIGNAL(SP_SIGNAL_KNOWN_OWNER, "known-owner"),
    SIGNAL(SP_SIGNAL_OVERLAPPING_MAINTAINERS, "overlapping-maintainers"),
    SIGNAL(SP_SIGNAL_COMPREHENSIVE_METADATA, "comprehensive-metadata"),
    SIGNAL(SP_SIGNAL_ACTIVE_DEVELOPMENT, "active-development"),
    SIGNAL(SP_SIGNAL_NO_README, "no-readme"),
    SIGNAL(SP_SIGNAL_SUSPICIOUS_INTENT, "suspicious-intent"),
    SIGNAL(SP_SIGNAL_RELOCATED, "relocated"),
    SIGNAL(SP_SIGNAL_SECURITY_HOLDING, "security-holding"),
    SIGNAL(SP_SIGNAL_NEWLY_PUBLISHED, "newly-published"),
    SIGNAL(SP_SIGNAL_NEW_ACCOUNT, "new-account"),
    SIGNAL(SP_SIGNAL_INSTALL_HOOK, "install-hook"),
    SIGNAL(SP_SIGNAL_BORROWED_REPOSITORY, "borrowed-repository"),
    SIGNAL(SP_SIGNAL_REPOSITORY_MISMATCH, "repository-mismatch"),
    SIGNAL(SP_SIGNAL_POPULAR, "popular"),
    SIGNAL(SP_SIGNAL_LONG_LIVED, "long-lived"),
    SIGNAL(SP_SIGNAL_OLDER_THAN_TARGET, "older-than-target"),
    SIGNAL(SP_SIGNAL_PROVENANCE, "provenance"),
    SIGNAL(SP_SIGNAL_VERSION_JUMP, "version-jump"),
#undef SIGNAL
};

const char *
sp_filter_feature_name(unsigned feature)
{
    return feature < SP_FILTER_FEATURE_COUNT ? feature_names[feature] : NULL;
}

/* ----------------------------------------------------------------- opening */

static int
find_feature(const char *name)
{
    for (int i = 0; i < SP_FILTER_FEATURE_COUNT; i++)
        if (!strcmp(feature_names[i], name))
            return i;
    return -1;
}

static int
find_features(struct sp_filter *filter, struct sp_error *err)
{
    const struct sp_model_view *view = &filter->file.view;
    bool seen[SP_FILTER_FEATURE_COUNT] = { false };
    if (view->feature_count > SP_FILTER_FEATURE_COUNT)
        return sp_fail(err, SP_ERROR_INPUT, "has %zu features; a filter sees %d", view->feature_count,
                       SP_FILTER_FEATURE_COUNT);
    for (size_t i = 0; i < view->feature_count; i++) {
        const char *name = sp_model_feature_name(view, i);
        int feature = find_feature(name);
        if (feature < 0 || seen[feature])
            return sp_fail(err, SP_ERROR_INPUT,
                           "'%.63s' is no feature of a filter, or stands twice "
                           "(docs/benignity.md)",
                           name);
        seen[feature] = true;
        filter->features[i] = feature;
    }
    return 0;
}

static int
read_thresholds(struct sp_filter *filter, struct sp_error *err)
{
    const struct {
        const char *name;
        double *to;
    } wanted[] = { { "review", &filter->thresholds.review },
                   { "block", &filter->thresholds.block },
                   { "look", &filter->look },
                   { "name-review", &filter->name.review },
                   { "name-block", &filter->name.block } };
    for (size_t i = 0; i < SP_COUNT(wanted); i++)
        if (!sp_model_threshold(&filter->file.view, wanted[i].name, wanted[i].to))
            return sp_fail(err, SP_ERROR_INPUT, "has no threshold '%s'", wanted[i].name);
    if (filter->thresholds.review > filter->thresholds.block || filter->name.review > filter->name.block)
        return sp_fail(err, SP_ERROR_INPUT, "has a threshold for review above the one for block");
    return 0;
}

static int
open_filter(struct sp_filter *filter, const char *path, struct sp_error *err)
{
    if (access(path, F_OK) < 0 && errno == ENOENT)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: there is no benignity filter; name one with SALLYPORT_FILTER", path);
    if (sp_model_load(&filter->file, path, err) < 0)
        return -1;
    const char *version = sp_model_note(&filter->file.view, "filter_version");
    if (!version || strcmp(version, SP_FILTER_VERSION) != 0)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: is no benignity filter of this program: it has no note "
                       "'filter_version " SP_FILTER_VERSION "'",
                       path);
    if (find_features(filter, err) < 0 || read_thresholds(filter, err) < 0)
        return sp_fail_within(err, "%.300s", path);
    return 0;
}

int
sp_filter_open(struct sp_filter **out, const char *path, struct sp_error *err)
{
    char room[FILTER_PATH_MAX];
    *out = NULL;
    struct sp_filter *filter = sp_new(struct sp_filter, err);
    if (!filter)
        return -1;
    if (!path)
        path = sp_shipped_path(room, sizeof(room), "SALLYPORT_FILTER", "sallyport.filter",
                               SALLYPORT_FILTER_PATH);
    if (open_filter(filter, path, err) < 0) {
        sp_filter_free(filter);
        return -1;
    }
    *out = filter;
    return 0;
}

void
sp_filter_free(struct sp_filter *filter)
{
    if (!filter)
        return;
    sp_model_file_free(&filter->file);
    free(filter);
}

double
sp_filter_look_from(const struct sp_filter *filter)
{
    return filter->look;
}

struct sp_risk_thresholds
sp_filter_thresholds(const struct sp_filter *filter)
{
    return filter->thresholds;
}

/* ----------------------------------------------------------------- judging */

double
sp_filter_name_margin(double name_risk)
{
    if (!(name_risk > 0))
        return -MARGIN_MAX;
    return fmin(MARGIN_MAX, fmax(-MARGIN_MAX, sp_logit(fmin(1, name_risk))));
}

/* Two signals can be read off the names: they are no knowledge of the candidate. */
static bool
is_known(const struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    unsigned known = 0;
    for (unsigned i = 0; i < SP_SIGNAL_COUNT; i++)
        known += i != SP_SIGNAL_OBVIOUS_DIFFERENCE && i != SP_SIGNAL_ADVERSARIAL_NAME &&
                 seen[i].state != SP_SIGNAL_UNKNOWN;
    return known >= KNOWN_LEAST || seen[SP_SIGNAL_SECURITY_HOLDING].state == SP_SIGNAL_YES;
}

static enum sp_severity
severity_of(double risk, struct sp_risk_thresholds thresholds)
{
    return risk >= thresholds.block    ? SP_SEVERITY_BLOCK
           : risk >= thresholds.review ? SP_SEVERITY_REVIEW
                                       : SP_SEVERITY_NONE;
}

static double
model_margin(const struct sp_filter *filter, double name_risk,
             const struct sp_signal_seen seen[SP_SIGNAL_COUNT], float *contributions)
{
    float values[SP_FILTER_FEATURE_COUNT];
    const struct sp_model_view *view = &filter->file.view;
    for (size_t i = 0; i < view->feature_count; i++) {
        int feature = filter->features[i];
        if (feature == SP_FILTER_NAME_MARGIN) {
            values[i] = (float)sp_filter_name_margin(name_risk);
            continue;
        }
        enum sp_signal_state state = seen[feature - SP_FILTER_SIGNALS].state;
        values[i] = state == SP_SIGNAL_UNKNOWN ? NAN : state == SP_SIGNAL_YES ? 1.f : 0.f;
    }
    if (contributions)
        sp_model_contributions(view, values, contributions);
    return sp_model_margin(view, values);
}

/* What decides in the model's place. A pardon comes first, then what lifts: nothing pardons a name that is
 * held, nor a fresh copy that runs code at install. */
struct ruling {
    double risk;
    const char *why;
};

static bool
has(const struct sp_signal_seen seen[SP_SIGNAL_COUNT], enum sp_signal_id id)
{
    return seen[id].state == SP_SIGNAL_YES;
}

static void
at_most(struct ruling *ruling, double limit, const char *why)
{
    if (ruling->risk > limit)
        *ruling = (struct ruling){ limit, why };
}

static void
at_least(struct ruling *ruling, double limit, const char *why)
{
    if (ruling->risk < limit)
        *ruling = (struct ruling){ limit, why };
}

/* The risk if nothing were known of downloads: popularity is bought and grows by the attack itself, so it may
 * lower a risk but not alone bring it below an alarm. Evidence by which a person could tell is asked for. */
static bool
only_popular(const struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    static const enum sp_signal_id others[] = {
        SP_SIGNAL_OBVIOUS_DIFFERENCE, SP_SIGNAL_DISTINCT_PURPOSE, SP_SIGNAL_EXPERIMENT,
        SP_SIGNAL_EXTENSION,          SP_SIGNAL_KNOWN_OWNER,      SP_SIGNAL_OVERLAPPING_MAINTAINERS,
        SP_SIGNAL_ACTIVE_DEVELOPMENT, SP_SIGNAL_RELOCATED,        SP_SIGNAL_LONG_LIVED,
        SP_SIGNAL_OLDER_THAN_TARGET,  SP_SIGNAL_PROVENANCE,
    };
    if (!has(seen, SP_SIGNAL_POPULAR))
        return false;
    for (size_t i = 0; i < SP_COUNT(others); i++)
        if (has(seen, others[i]))
            return false;
    return true;
}

/* Whether anything but the name speaks against the candidate. */
static bool
any_against(const struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    static const enum sp_signal_id against[] = {
        SP_SIGNAL_NEAR_COPY,       SP_SIGNAL_NO_README,        SP_SIGNAL_SUSPICIOUS_INTENT,
        SP_SIGNAL_NEWLY_PUBLISHED, SP_SIGNAL_NEW_ACCOUNT,      SP_SIGNAL_INSTALL_HOOK,
        SP_SIGNAL_VERSION_JUMP,    SP_SIGNAL_SECURITY_HOLDING, SP_SIGNAL_BORROWED_REPOSITORY,
    };
    for (size_t i = 0; i < SP_COUNT(against); i++)
        if (has(seen, against[i]))
            return true;
    return false;
}

/* Something that it does or claims, not merely something that it leaves unsaid. */
static bool
any_deed(const struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    return has(seen, SP_SIGNAL_NEAR_COPY) || has(seen, SP_SIGNAL_BORROWED_REPOSITORY) ||
           has(seen, SP_SIGNAL_NEWLY_PUBLISHED) || has(seen, SP_SIGNAL_NEW_ACCOUNT) ||
           has(seen, SP_SIGNAL_INSTALL_HOOK) || has(seen, SP_SIGNAL_VERSION_JUMP) ||
           has(seen, SP_SIGNAL_SECURITY_HOLDING);
}

static void
rule(const struct sp_filter *filter, double name_risk, const struct sp_signal_seen seen[SP_SIGNAL_COUNT],
     struct ruling *ruling)
{
    double review = fmin(1, filter->thresholds.review + BESIDE),
           pardoned = fmax(0, filter->thresholds.review - BESIDE);
    bool borrowed = has(seen, SP_SIGNAL_BORROWED_REPOSITORY);
    if (only_popular(seen)) {
        struct sp_signal_seen unpopular[SP_SIGNAL_COUNT];
        memcpy(unpopular, seen, sizeof(unpopular));
        unpopular[SP_SIGNAL_POPULAR].state = SP_SIGNAL_NO;
        double without =
            sp_model_probability(&filter->file.view, model_margin(filter, name_risk, unpopular, NULL));
        if (without >= filter->thresholds.review)
            at_least(ruling, fmin(review, without), "downloads alone do not clear a name");
    }
    /* the rows that weights come from were all alarms by name: of a name that is none they know nothing */
    if (!(name_risk >= filter->name.review) && !any_against(seen))
        at_most(ruling, pardoned, "the name is no alarm, and nothing else speaks against it");
    if (!(name_risk >= filter->name.review) && !any_deed(seen))
        at_most(
            ruling, fmax(0, filter->thresholds.block - BESIDE),
            "not blocked, since by its name alone it is no alarm and it does nothing that speaks against it");
    if (has(seen, SP_SIGNAL_KNOWN_OWNER) && !borrowed)
        at_most(ruling, pardoned, "published by a verified owner");
    if (has(seen, SP_SIGNAL_OVERLAPPING_MAINTAINERS) && !borrowed)
        at_most(ruling, pardoned, "published by those who publish the target");
    if (has(seen, SP_SIGNAL_NEWLY_PUBLISHED) && has(seen, SP_SIGNAL_INSTALL_HOOK) &&
        (has(seen, SP_SIGNAL_ADVERSARIAL_NAME) || has(seen, SP_SIGNAL_NEAR_COPY)) &&
        (borrowed || !has(seen, SP_SIGNAL_KNOWN_OWNER)))
        at_least(ruling, review, "a new imitation that runs code when it is installed");
    if (has(seen, SP_SIGNAL_SECURITY_HOLDING))
        at_least(ruling, review, "the registry's security team holds the name");
}

void
sp_filter_judge(const struct sp_filter *filter, double name_risk,
                const struct sp_signal_seen seen[SP_SIGNAL_COUNT], struct sp_filtered *out)
{
    float contributions[SP_FILTER_FEATURE_COUNT + 1];
    const struct sp_model_view *view = &filter->file.view;
    *out = (struct sp_filtered){ .known = is_known(seen) };
    if (!out->known) {
        /* what cannot be seen must not look better than what can */
        out->risk = name_risk >= 0 ? fmin(1, name_risk) : 0;
        out->severity = severity_of(out->risk, filter->name);
        return;
    }
    double margin = model_margin(filter, name_risk, seen, contributions);
    for (size_t i = 0; i < view->feature_count; i++)
        out->contributions[filter->features[i]] = (double)contributions[i];
    out->bias = (double)contributions[view->feature_count];
    struct ruling ruling = { sp_model_probability(view, margin), NULL };
    rule(filter, name_risk, seen, &ruling);
    out->risk = ruling.risk;
    out->floor = ruling.why;
    out->severity = severity_of(out->risk, filter->thresholds);
}
