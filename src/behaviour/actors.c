/* actors.c: those to whom acts are laid, and the pool of their names. */
#include "behaviour/attribution_parts.h"

#include <stdio.h>
#include <string.h>

const char *
sp_actor_kind_name(enum sp_actor_kind kind)
{
    static const char *const names[] = { "unknown", "manager", "project", "command", "package" };
    return (unsigned)kind < SP_COUNT(names) ? names[kind] : "unknown";
}

const char *
sp_pool_keep(struct sp_pool *pool, const char *text, size_t length)
{
    uint32_t at;
    const char *kept;
    if (sp_map_get(&pool->index, text, length, &at))
        return pool->items[at];
    if (length >= pool->room || pool->count == UINT32_MAX ||
        sp_grow(pool->items, pool->capacity, pool->count + 1, NULL) < 0 ||
        !(kept = sp_arena_copy(&pool->arena, text, length, NULL)) ||
        sp_map_set(&pool->index, text, length, (uint32_t)pool->count, NULL) < 0)
        return NULL;
    pool->room -= length;
    pool->items[pool->count++] = kept;
    return kept;
}

void
sp_pool_free(struct sp_pool *pool)
{
    sp_map_free(&pool->index);
    sp_arena_free(&pool->arena);
    free(pool->items);
}

const struct sp_actor *
sp_actors_find(struct sp_actors *actors, enum sp_actor_kind kind, enum sp_phase phase, const char *package)
{
    struct {
        const char *package;
        uint32_t kind, phase;
    } key = { NULL, kind, phase };
    struct sp_actor *actor;
    uint32_t at;
    if (kind == SP_ACTOR_PACKAGE &&
        !(key.package = sp_pool_keep(&actors->packages, package, strlen(package))))
        return NULL;
    if (sp_map_get(&actors->index, (const char *)&key, sizeof(key), &at))
        return actors->items[at];
    if (actors->count >= SP_ACTORS_MAX ||
        sp_grow(actors->items, actors->capacity, actors->count + 1, NULL) < 0 ||
        !(actor = sp_arena_alloc(&actors->arena, sizeof(*actor), NULL)) ||
        sp_map_set(&actors->index, (const char *)&key, sizeof(key), (uint32_t)actors->count, NULL) < 0)
        return NULL;
    *actor = (struct sp_actor){
        .number = (uint32_t)actors->count, .kind = kind, .phase = phase, .package = key.package
    };
    actors->items[actors->count++] = actor;
    return actor;
}

int
sp_actors_open(struct sp_actors *actors, struct sp_error *err)
{
    actors->packages.room = SP_STRINGS_MAX;
    const struct sp_actor *unknown = sp_actors_find(actors, SP_ACTOR_UNKNOWN, SP_PHASE_FETCH, NULL);
    if (!unknown)
        return sp_fail_memory(err);
    actors->unknown = actors->items[unknown->number];
    return 0;
}

void
sp_actors_free(struct sp_actors *actors)
{
    sp_pool_free(&actors->packages);
    sp_arena_free(&actors->arena);
    sp_map_free(&actors->index);
    free(actors->items);
}
