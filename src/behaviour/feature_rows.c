/* feature_rows.c: the rows: numbers of actors, added up to packages, phases and the run. */
#include "behaviour/feature_tally.h"

#include <math.h>
#include <string.h>
#include <sys/wait.h>

/* That a process lives on after its maker: those of a pipeline end one after another. */
#define DAEMON_NANOSECONDS 100000000u

/* What one row adds up. */
struct total {
    uint64_t first, last;
    uint64_t sums[SP_SUM_END], counts[SP_COUNT_END], processes[SP_PROCESS_END];
    double maxima[SP_MAX_END];
    const uint32_t *sets; /* of its scope; NULL: none */
};

static void
add_scope(struct total *total, const struct sp_feature_scope *scope)
{
    if (scope->first && (!total->first || scope->first < total->first))
        total->first = scope->first;
    if (scope->last > total->last)
        total->last = scope->last;
    for (size_t i = 0; i < SP_SUM_END; i++)
        total->sums[i] += scope->sums[i];
    for (size_t i = 0; i < SP_COUNT_END; i++)
        total->counts[i] += scope->counts[i];
    for (size_t i = 0; i < SP_MAX_END; i++)
        total->maxima[i] = fmax(total->maxima[i], scope->maxima[i]);
}

static void
raise_to(uint64_t *at, uint64_t value)
{
    *at = value > *at ? value : *at;
}

static void
add_process(const struct sp_features *features, struct total *total, const struct sp_process *process)
{
    const struct sp_feature_process *known =
        process->number < features->process_capacity ? &features->processes[process->number] : NULL;
    const struct sp_process *maker = process->parent;
    total->processes[SP_PROCESSES]++;
    total->processes[SP_PROCESS_UNCOUNTED] += !known || !known->counted;
    total->processes[SP_PROCESS_DAEMONS] +=
        maker && maker->ended && (!process->ended || process->ended > maker->ended + DAEMON_NANOSECONDS);
    raise_to(&total->processes[SP_PROCESS_DEPTH], known ? known->depth : 0);
    raise_to(&total->processes[SP_PROCESS_MEMORY], process->peak_memory);
    if (!process->ended)
        return;
    int status = (int)process->status;
    total->processes[SP_PROCESS_SIGNALLED] += WIFSIGNALED(status);
    total->processes[SP_PROCESS_FAILED] += WIFEXITED(status) && WEXITSTATUS(status);
}

/* Whether anything at all can be said of a feature in this row: a zero must have been seen to be one. */
static bool
is_seen(const struct sp_features *features, const struct sp_feature_making *making, const struct total *total,
        bool whole)
{
    uint32_t sight = making->sight;
    bool kernel = features->seen & SP_SIGHT_COUNTS;
    if (sight == SP_SIGHT_COUNTS) {
        if (making->from == SP_FROM_COUNT && making->at >= features->count_kinds)
            return false;
        return kernel && (total->sums[SP_SUM_COUNTED] || !total->processes[SP_PROCESSES]);
    }
    if (sight & SP_SIGHT_ALWAYS)
        return true;
    if (sight & SP_SIGHT_INSTALL)
        return whole && features->has_dependencies;
    if (sight & SP_SIGHT_PROVING)
        return features->options.decoy_read_proves != NULL;
    if (sight & SP_SIGHT_LIBRARY)
        return features->options.library_probes || features->seen & SP_SIGHT_LIBRARY;
    return kernel || features->seen & sight;
}

static double
value_of(const struct sp_features *features, size_t feature, const struct total *total, bool whole)
{
    const struct sp_feature_making *making = &sp_feature_makings[feature];
    if (!is_seen(features, making, total, whole))
        return NAN;
    switch ((enum sp_feature_from)making->from) {
    case SP_FROM_COUNT:
        return (double)total->counts[making->at];
    case SP_FROM_SUM:
        return (double)total->sums[making->at];
    case SP_FROM_MAX:
        return total->maxima[making->at];
    case SP_FROM_SET:
        return total->sets ? total->sets[making->at] : 0;
    case SP_FROM_INSTALL:
        return (double)features->dependencies[making->at];
    case SP_FROM_PROCESS:
        return (double)total->processes[making->at];
    case SP_FROM_SPAN: /* nothing with a time: no duration is known */
        return total->first ? (double)(total->last - total->first) / 1e6 : NAN;
    }
    return NAN;
}

/* Which rows there are: the run, the phases, ACTORS actors, then packages. */
struct plan {
    size_t actors, count;
    struct sp_feature_row *rows;
    struct total *totals;
    uint32_t *package_row; /* of an actor; 0: none */
};
#define ROWS_FIRST (1u + SP_PHASE_COUNT)

static const struct sp_feature_scope *
scope_of(const struct sp_features *features, const struct sp_actor *actor)
{
    if (!actor || actor->number >= features->actor_capacity || !features->actors[actor->number])
        return NULL;
    return &features->scopes[features->actors[actor->number]];
}

static int
name_rows(const struct sp_features *features, struct plan *plan, struct sp_error *err)
{
    sp_automap struct sp_map packages = { .seed = features->seed };
    plan->rows[0] = (struct sp_feature_row){ .kind = "all", .phase = -1 };
    plan->totals[0].sets = features->scopes[SP_SCOPE_RUN].sets;
    for (uint32_t i = 0; i < SP_PHASE_COUNT; i++) {
        plan->rows[1 + i] = (struct sp_feature_row){ .kind = "all", .phase = (int)i };
        plan->totals[1 + i].sets = features->scopes[SP_SCOPE_PHASE + i].sets;
    }
    plan->count = ROWS_FIRST + plan->actors;
    for (size_t i = 0; i < plan->actors; i++) {
        const struct sp_actor *actor = sp_attribution_actor_at(features->options.attribution, i);
        const struct sp_feature_scope *scope = scope_of(features, actor);
        plan->rows[ROWS_FIRST + i] = (struct sp_feature_row){ .package = actor->package,
                                                              .kind = sp_actor_kind_name(actor->kind),
                                                              .phase = (int)actor->phase };
        plan->totals[ROWS_FIRST + i].sets = scope ? scope->sets : NULL;
        if (!actor->package)
            continue;
        uint32_t *row =
            sp_map_at(&packages, actor->package, strlen(actor->package), (uint32_t)plan->count, err);
        if (!row)
            return -1;
        plan->package_row[i] = *row;
        if (*row == plan->count) {
            plan->rows[plan->count++] = (struct sp_feature_row){ .package = actor->package,
                                                                 .kind = sp_actor_kind_name(actor->kind),
                                                                 .phase = -1 };
        }
        if (scope && scope->package_scope)
            plan->totals[*row].sets = features->scopes[scope->package_scope].sets;
    }
    return 0;
}

/* What was laid to nobody in PHASE; NULL: nothing was. */
static const struct sp_feature_scope *
nobodys(const struct sp_features *features, uint32_t phase)
{
    const struct sp_feature_scope *scope = &features->scopes[SP_SCOPE_NOBODY + phase];
    bool any = false;
    for (size_t i = 0; i < SP_COUNT(scope->sets); i++)
        any |= scope->sets[i] != 0;
    for (size_t i = 0; i < SP_SUM_END; i++)
        any |= scope->sums[i] != 0;
    return any ? scope : NULL;
}

/* The rows that an actor's numbers go to. Returns how many. */
static size_t
rows_of(const struct plan *plan, const struct sp_actor *actor, size_t rows[4])
{
    size_t count = 0;
    rows[count++] = 0;
    rows[count++] = 1 + ((unsigned)actor->phase < SP_PHASE_COUNT ? (size_t)actor->phase : 0);
    if (actor->number >= plan->actors)
        return count;
    rows[count++] = ROWS_FIRST + actor->number;
    if (plan->package_row[actor->number])
        rows[count++] = plan->package_row[actor->number];
    return count;
}

static void
add_up(const struct sp_features *features, struct plan *plan)
{
    const struct sp_attribution *attribution = features->options.attribution;
    size_t rows[4];
    for (uint32_t i = 0; i < SP_PHASE_COUNT; i++) {
        add_scope(&plan->totals[0], &features->scopes[SP_SCOPE_NOBODY + i]);
        add_scope(&plan->totals[1 + i], &features->scopes[SP_SCOPE_NOBODY + i]);
    }
    for (size_t i = 0; i < plan->actors; i++) {
        const struct sp_actor *actor = sp_attribution_actor_at(attribution, i);
        const struct sp_feature_scope *scope = scope_of(features, actor);
        for (size_t r = scope ? rows_of(plan, actor, rows) : 0; r-- > 0;)
            add_scope(&plan->totals[rows[r]], scope);
    }
    size_t processes = attribution ? sp_attribution_process_count(attribution) : 0;
    for (size_t i = 0; i < processes; i++) {
        const struct sp_process *process = sp_attribution_process_at(attribution, i);
        for (size_t r = rows_of(plan, process->actor, rows); r-- > 0;)
            add_process(features, &plan->totals[rows[r]], process);
    }
}

/* An actor that stands ready for what cannot be laid to anybody, and to whom nothing was, is no row. */
static void
drop_idle(const struct sp_features *features, struct plan *plan)
{
    for (size_t i = plan->actors; i-- > 0;) {
        const struct sp_actor *actor = sp_attribution_actor_at(features->options.attribution, i);
        struct sp_feature_row *row = &plan->rows[ROWS_FIRST + i];
        if (actor->kind != SP_ACTOR_UNKNOWN || actor->processes || scope_of(features, actor))
            continue;
        plan->count--;
        memmove(row, row + 1, (plan->count - (ROWS_FIRST + i)) * sizeof(*row));
    }
}

/* What no process is known for is nobody's row, beside those of processes that are nobody's. */
static void
add_nobodys(const struct sp_features *features, struct plan *plan, uint32_t phase)
{
    const struct sp_feature_scope *scope = nobodys(features, phase);
    struct sp_feature_row *row = &plan->rows[plan->count];
    struct total total = { 0 };
    if (!scope)
        return;
    add_scope(&total, scope);
    total.sets = scope->sets;
    *row = (struct sp_feature_row){ .kind = "unknown", .phase = (int)phase };
    for (size_t feature = 0; feature < sp_feature_count; feature++)
        row->values[feature] = value_of(features, feature, &total, false);
    plan->count++;
}

int
sp_features_rows(const struct sp_features *features, struct sp_feature_row **rows, size_t *count,
                 struct sp_error *err)
{
    const struct sp_attribution *attribution = features->options.attribution;
    struct plan plan = { .actors = attribution ? sp_attribution_actor_count(attribution) : 0 };
    size_t most = ROWS_FIRST + 2 * plan.actors + SP_PHASE_COUNT;
    sp_autofree struct sp_feature_row *made = sp_new_array(most, sizeof(*made), err);
    sp_autofree struct total *totals = made ? sp_new_array(most, sizeof(*totals), err) : NULL;
    sp_autofree uint32_t *package_row =
        totals ? sp_new_array(plan.actors + 1, sizeof(*package_row), err) : NULL;
    if (!package_row)
        return -1;
    plan.rows = made;
    plan.totals = totals;
    plan.package_row = package_row;
    if (name_rows(features, &plan, err) < 0)
        return -1;
    add_up(features, &plan);
    for (size_t i = 0; i < plan.count; i++)
        for (size_t feature = 0; feature < sp_feature_count; feature++)
            made[i].values[feature] = value_of(features, feature, &totals[i], i == 0);
    drop_idle(features, &plan);
    for (uint32_t phase = 0; attribution && phase < SP_PHASE_COUNT; phase++)
        add_nobodys(features, &plan, phase);
    *rows = sp_take(made);
    *count = plan.count;
    return 0;
}
