/* feature_tally.c: who is counted for, and sets of different things within bounds. */
#include "behaviour/feature_tally.h"
#include "ecosystem/purl.h"

/* ------------------------------------------------------------------------------------------------- scopes */

static uint32_t
new_scope(struct sp_features *features)
{
    if (features->scope_count >= SP_SCOPES_MAX ||
        sp_grow(features->scopes, features->scope_capacity, features->scope_count + 1, NULL) < 0)
        return 0;
    memset(&features->scopes[features->scope_count], 0, sizeof(*features->scopes));
    return (uint32_t)features->scope_count++;
}

/* The package's name as its tools write it; NULL: not to be had. */
static char *
name_of(struct sp_features *features, const char *package)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    size_t length = strnlen(package, SP_PURL_MAX + 1);
    if (length > SP_PURL_MAX || sp_purl_parse(package, length, &purl, &arena, NULL) < 0 ||
        sp_purl_package_name(&purl, &name, NULL) < 0)
        return NULL;
    return sp_arena_copy(&features->arena, sp_buffer_string(&name), name.length, NULL);
}

static uint32_t
package_scope(struct sp_features *features, const char *package)
{
    uint32_t scope;
    size_t length = strlen(package);
    if (sp_map_get(&features->packages, package, length, &scope))
        return scope;
    scope = new_scope(features);
    if (!scope || sp_map_set(&features->packages, package, length, scope, NULL) < 0)
        return 0;
    features->scopes[scope].package = package;
    features->scopes[scope].name = name_of(features, package);
    return scope;
}

static uint32_t
actor_scope(struct sp_features *features, const struct sp_actor *actor)
{
    size_t before = features->actor_capacity;
    if (actor->number >= SP_SCOPES_MAX ||
        (actor->number >= before &&
         sp_grow(features->actors, features->actor_capacity, actor->number + 1, NULL) < 0))
        return 0;
    if (features->actor_capacity > before)
        memset(features->actors + before, 0, (features->actor_capacity - before) * sizeof(*features->actors));
    if (features->actors[actor->number])
        return features->actors[actor->number];
    uint32_t package = actor->package ? package_scope(features, actor->package) : 0;
    uint32_t scope = actor->package && !package ? 0 : new_scope(features);
    if (!scope)
        return 0;
    struct sp_feature_scope *made = &features->scopes[scope];
    made->actor = actor;
    made->package_scope = package;
    made->phase_scope =
        SP_SCOPE_PHASE + ((unsigned)actor->phase < SP_PHASE_COUNT ? (uint32_t)actor->phase : 0);
    features->actors[actor->number] = scope;
    return scope;
}

uint32_t
sp_feature_scope_of(struct sp_features *features, const struct sp_event *event)
{
    const struct sp_attribution *attribution = features->options.attribution;
    const struct sp_actor *actor = attribution ? sp_attribution_actor(attribution, event) : NULL;
    if (actor) {
        if (actor->number < features->actor_capacity && features->actors[actor->number])
            return features->actors[actor->number];
        uint32_t scope = actor_scope(features, actor);
        if (scope)
            return scope;
        features->unseen++;
    }
    return SP_SCOPE_NOBODY + ((unsigned)event->phase < SP_PHASE_COUNT ? (uint32_t)event->phase : 0);
}

struct sp_feature_scope *
sp_feature_owner(struct sp_features *features, uint32_t scope)
{
    uint32_t package = features->scopes[scope].package_scope;
    return &features->scopes[package ? package : scope];
}

struct sp_feature_process *
sp_feature_process_at(struct sp_features *features, uint32_t number)
{
    size_t before = features->process_capacity;
    if (!number || number >= SP_FEATURE_PROCESSES_MAX)
        return NULL;
    if (number >= before) {
        if (sp_grow(features->processes, features->process_capacity, (size_t)number + 1, NULL) < 0)
            return NULL;
        memset(features->processes + before, 0,
               (features->process_capacity - before) * sizeof(*features->processes));
    }
    return &features->processes[number];
}

/* --------------------------------------------------------------------------------------------------- sets */

static struct sp_feature_thing *
find(const struct sp_features *features, uint32_t scope, uint32_t set, uint64_t thing)
{
    size_t mask = features->thing_capacity - 1;
    /* what the run and its phases have of one thing stands together: one line of the cache for all */
    uint64_t at = sp_hash_mix(thing, scope < SP_SCOPE_FIRST ? 0 : scope);
    for (;; at++) {
        struct sp_feature_thing *found = &features->things[at & mask];
        if (found->set == SP_SET_NONE ||
            (found->thing == thing && found->scope == scope && found->set == set))
            return found;
    }
}

static bool
widen(struct sp_features *features)
{
    struct sp_feature_thing *old = features->things;
    size_t before = features->thing_capacity, capacity = before ? before * 2 : 4096;
    struct sp_feature_thing *things = sp_new_array(capacity, sizeof(*things), NULL);
    if (!things)
        return false;
    features->things = things;
    features->thing_capacity = capacity;
    for (size_t i = 0; i < before; i++)
        if (old[i].set != SP_SET_NONE)
            *find(features, old[i].scope, old[i].set, old[i].thing) = old[i];
    free(old);
    return true;
}

enum added { KNOWN, NEW, NO_ROOM };

static enum added
add(struct sp_features *features, uint32_t scope, uint32_t set, uint64_t thing)
{
    if (!features->thing_capacity && !widen(features))
        return NO_ROOM;
    struct sp_feature_thing *found = find(features, scope, set, thing);
    if (found->set != SP_SET_NONE)
        return KNOWN;
    if (features->thing_count >= (set >= SP_SET_PATHS ? SP_SET_PATHS_MAX : SP_SET_THINGS_MAX))
        return NO_ROOM;
    if (features->thing_count * 2 >= features->thing_capacity) {
        if (!widen(features))
            return NO_ROOM;
        found = find(features, scope, set, thing);
    }
    *found = (struct sp_feature_thing){ thing, scope, set };
    features->thing_count++;
    features->scopes[scope].sets[set]++;
    return NEW;
}

bool
sp_feature_add(struct sp_features *features, uint32_t scope, uint32_t set, uint64_t thing)
{
    enum added added = add(features, scope, set, thing);
    if (added == KNOWN)
        return false;
    const struct sp_feature_scope *actor = &features->scopes[scope];
    uint32_t wider[] = { actor->phase_scope, actor->package_scope };
    for (size_t i = 0; i < SP_COUNT(wider); i++)
        if (wider[i] && add(features, wider[i], set, thing) == NO_ROOM)
            added = NO_ROOM;
    if (add(features, SP_SCOPE_RUN, set, thing) == NO_ROOM)
        added = NO_ROOM;
    features->unseen += added == NO_ROOM;
    return true;
}

bool
sp_feature_add_run(struct sp_features *features, uint32_t set, uint64_t thing)
{
    enum added added = add(features, SP_SCOPE_RUN, set, thing);
    features->unseen += added == NO_ROOM;
    return added != KNOWN;
}

bool
sp_feature_has_run(const struct sp_features *features, uint32_t set, uint64_t thing)
{
    return features->thing_capacity && find(features, SP_SCOPE_RUN, set, thing)->set != SP_SET_NONE;
}

void
sp_feature_discount(struct sp_features *features, uint32_t set, uint64_t thing)
{
    for (uint32_t scope = 0; features->thing_capacity && scope < features->scope_count; scope++)
        if (find(features, scope, set, thing)->set != SP_SET_NONE)
            features->scopes[scope].sets[set]--;
}
