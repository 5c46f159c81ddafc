/* features.c: takes each event once and lays it to the count of whoever it belongs to. */
#include "behaviour/feature_tally.h"
#include "sandbox/canary.h"

int
sp_features_new(struct sp_features **out, const struct sp_features_options *options, struct sp_error *err)
{
    struct sp_features *features = sp_new(struct sp_features, err);
    if (!features)
        return -1;
    features->options = *options;
    features->judge.home = options->home;
    features->count_kinds = SP_COUNT_END;
    features->scope_count = SP_SCOPE_FIRST;
    if (sp_random_bytes(&features->seed, sizeof(features->seed), err) < 0 ||
        sp_grow(features->scopes, features->scope_capacity, SP_SCOPE_FIRST, err) < 0 ||
        sp_grow(features->places, features->place_capacity, 1, err) < 0) {
        sp_features_free(features);
        return -1;
    }
    features->packages.seed = features->place_of.seed = features->seed;
    features->place_count = 1;
    memset(features->scopes, 0, SP_SCOPE_FIRST * sizeof(*features->scopes));
    for (uint32_t i = 0; i < SP_PHASE_COUNT; i++)
        features->scopes[SP_SCOPE_NOBODY + i].phase_scope = SP_SCOPE_PHASE + i;
    *out = features;
    return 0;
}

void
sp_features_free(struct sp_features *features)
{
    if (!features)
        return;
    free(features->scopes);
    free(features->actors);
    free(features->processes);
    free(features->places);
    free(features->things);
    sp_map_free(&features->packages);
    sp_map_free(&features->place_of);
    sp_arena_free(&features->arena);
    free(features);
}

void
sp_features_dependencies(struct sp_features *features, uint64_t total, uint64_t direct, uint64_t indirect)
{
    features->dependencies[0] = total;
    features->dependencies[1] = direct;
    features->dependencies[2] = indirect;
    features->has_dependencies = true;
}

uint64_t
sp_features_unseen(const struct sp_features *features)
{
    return features->unseen;
}

static void
take_counts(struct sp_features *features, struct sp_feature_scope *scope, const struct sp_event *event)
{
    struct sp_feature_process *process = sp_feature_process_at(features, event->process);
    if (!event->numbers || (process && process->counted))
        return;
    if (process)
        process->counted = true;
    uint32_t count = event->number_count < SP_COUNT_END ? (uint32_t)event->number_count : SP_COUNT_END;
    if (count < features->count_kinds)
        features->count_kinds = count;
    for (uint32_t i = 0; i < count; i++)
        scope->counts[i] += event->numbers[i];
    uint64_t opens = 0;
    for (uint32_t i = SP_COUNT_OPEN_ROOT; i <= SP_COUNT_OPEN_OTHER && i < count; i++)
        opens += event->numbers[i];
    scope->sums[SP_SUM_COUNTED]++;
    scope->sums[SP_SUM_READERS] += count > SP_COUNT_READS && event->numbers[SP_COUNT_READS];
    scope->sums[SP_SUM_WRITERS] += count > SP_COUNT_WRITES && event->numbers[SP_COUNT_WRITES];
    scope->sums[SP_SUM_OPENERS] += opens != 0;
}

static void
take_code(struct sp_feature_scope *scope, const struct sp_event *event)
{
    static const uint8_t sums[SP_CODE_COUNT] = {
        [SP_CODE_MEMFD] = SP_SUM_MEMFDS,    [SP_CODE_MEMORY_MAPPED] = SP_SUM_MEMORY_EXECUTIONS,
        [SP_CODE_PTRACE] = SP_SUM_PTRACES,  [SP_CODE_RENAMED] = SP_SUM_RENAMED,
        [SP_CODE_STRING] = SP_SUM_STRINGS,  [SP_CODE_MARSHAL] = SP_SUM_MARSHALS,
        [SP_CODE_FOREIGN] = SP_SUM_FOREIGN,
    };
    if (event->value >= 0 && event->value < SP_CODE_COUNT && sums[event->value])
        scope->sums[sums[event->value]]++;
}

void
sp_features_take(struct sp_features *features, const struct sp_event *event)
{
    if ((unsigned)event->kind >= SP_EVENT_KIND_END)
        return;
    features->seen |= 1u << event->kind;
    if (event->kind == SP_EVENT_CODE && (event->value == SP_CODE_STRING || event->value == SP_CODE_MARSHAL))
        features->seen |= SP_SIGHT_LIBRARY;
    uint32_t at = sp_feature_scope_of(features, event);
    struct sp_feature_scope *scope = &features->scopes[at];
    if (event->time) {
        if (!scope->first || event->time < scope->first)
            scope->first = event->time;
        if (event->time > scope->last)
            scope->last = event->time;
    }
    switch (event->kind) {
    case SP_EVENT_OPEN:
        sp_feature_take_open(features, at, event);
        break;
    case SP_EVENT_LOOK:
        sp_feature_take_look(features, at, event);
        break;
    case SP_EVENT_CHANGE:
        sp_feature_take_change(features, at, event);
        break;
    case SP_EVENT_WRITE:
        sp_feature_take_undeclared(features, at, event);
        break;
    case SP_EVENT_COUNTS:
        take_counts(features, scope, event);
        break;
    case SP_EVENT_FORK:
        sp_feature_take_fork(features, event);
        break;
    case SP_EVENT_EXEC:
        sp_feature_take_exec(features, at, event);
        break;
    case SP_EVENT_CODE:
        take_code(scope, event);
        break;
    case SP_EVENT_DECOY:
        sp_feature_take_decoy(features, at, event->detail);
        break;
    case SP_EVENT_CANARY:
        if (event->detail)
            sp_feature_add(features, at, SP_SET_CANARIES, sp_feature_hash(features, event->detail));
        break;
    case SP_EVENT_PLACE:
        if (event->package && event->subject)
            sp_feature_take_place(features, event->package, event->subject);
        break;
    case SP_EVENT_DROPPED:
        scope->sums[SP_SUM_DROPPED] += event->value > 0 ? (uint64_t)event->value : 1;
        break;
    case SP_EVENT_ARTEFACT:
        if (event->package && event->value >= 0)
            sp_feature_know_package(features, event->package);
        sp_feature_take_network(features, at, event);
        break;
    case SP_EVENT_REQUEST:
    case SP_EVENT_NAME:
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
    case SP_EVENT_PASSED:
    case SP_EVENT_SOCKET:
    case SP_EVENT_TCP:
    case SP_EVENT_SAID:
        sp_feature_take_network(features, at, event);
        break;
    default: /* told by others: phases, packages, limits, loads, ends of processes (in the tree) */
        break;
    }
}
