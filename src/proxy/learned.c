#include "proxy/learned.h"
#include "base/hash.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

/* A page of 256 MiB full of links must not become many times that. */
#define MEMORY_MAX ((size_t)1 << 30)

struct sp_learned {
    pthread_mutex_t lock;
    struct sp_map map; /* key of the URL -> place in items */
    const struct sp_artefact **items;
    size_t count, capacity;
    struct sp_arena arena;
};

int
sp_learned_new(struct sp_learned **out, struct sp_error *err)
{
    struct sp_learned *learned = sp_new(struct sp_learned, err);
    if (!learned)
        return -1;
    pthread_mutex_init(&learned->lock, NULL);
    if (getrandom(&learned->map.seed, sizeof(learned->map.seed), 0) < 0)
        learned->map.seed = (uint64_t)(uintptr_t)learned;
    *out = learned;
    return 0;
}

void
sp_learned_free(struct sp_learned *learned)
{
    if (!learned)
        return;
    pthread_mutex_destroy(&learned->lock);
    sp_map_free(&learned->map);
    free(learned->items);
    sp_arena_free(&learned->arena);
    free(learned);
}

static bool
same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
says_the_same(const struct sp_artefact *a, const struct sp_artefact *b)
{
    return a->kind == b->kind && a->own == b->own && same_text(a->url, b->url) &&
           same_text(a->name, b->name) && same_text(a->version, b->version) &&
           a->digest.length == b->digest.length && a->digest.kind == b->digest.kind &&
           !memcmp(a->digest.value, b->digest.value, a->digest.length);
}

static const struct sp_artefact *
copy_artefact(struct sp_learned *learned, const struct sp_artefact *artefact, struct sp_error *err)
{
    struct sp_artefact *copy = sp_arena_alloc(&learned->arena, sizeof(*copy), err);
    if (!copy)
        return NULL;
    *copy = *artefact;
    copy->url = sp_arena_copy(&learned->arena, artefact->url, strlen(artefact->url), err);
    copy->name = sp_arena_copy(&learned->arena, artefact->name, strlen(artefact->name), err);
    if (!copy->url || !copy->name)
        return NULL;
    if (!artefact->version)
        return copy;
    copy->version = sp_arena_copy(&learned->arena, artefact->version, strlen(artefact->version), err);
    return copy->version ? copy : NULL;
}

static int
add_locked(struct sp_learned *learned, const struct sp_buffer *key, const struct sp_artefact *artefact,
           struct sp_error *err)
{
    uint32_t *place = sp_map_at(&learned->map, key->bytes, key->length, UINT32_MAX, err);
    if (!place)
        return -1;
    const struct sp_artefact *known = *place != UINT32_MAX ? learned->items[*place] : NULL;
    if (known && ((known->own && !artefact->own) || says_the_same(known, artefact)))
        return 0;
    if (learned->arena.used + learned->map.keys.used > MEMORY_MAX)
        return sp_fail(err, SP_ERROR_LIMIT,
                       "the registries' pages name more artefacts than fit into 1 GiB of memory");
    const struct sp_artefact *copy = copy_artefact(learned, artefact, err);
    if (!copy)
        return -1;
    if (known) { /* the old one stays where it is: somebody may be reading it */
        learned->items[*place] = copy;
        return 0;
    }
    if (sp_grow(learned->items, learned->capacity, learned->count + 1, err) < 0)
        return -1;
    *place = (uint32_t)learned->count;
    learned->items[learned->count++] = copy;
    return 0;
}

int
sp_learned_add(struct sp_learned *learned, const struct sp_upstream *upstream,
               const struct sp_artefact *artefact, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_upstream_write_key(&key, upstream, err) < 0)
        return -1;
    pthread_mutex_lock(&learned->lock);
    int status = add_locked(learned, &key, artefact, err);
    pthread_mutex_unlock(&learned->lock);
    return status;
}

const struct sp_artefact *
sp_learned_find(struct sp_learned *learned, const struct sp_upstream *upstream)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_upstream_write_key(&key, upstream, NULL) < 0)
        return NULL;
    uint32_t place = UINT32_MAX;
    pthread_mutex_lock(&learned->lock);
    bool known = sp_map_get(&learned->map, key.bytes, key.length, &place) && place != UINT32_MAX;
    const struct sp_artefact *artefact = known ? learned->items[place] : NULL;
    pthread_mutex_unlock(&learned->lock);
    return artefact;
}
