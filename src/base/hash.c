#include "base/hash.h"

#include <endian.h>
#include <string.h>

struct sp_map_slot {
    const char *key; /* NULL: free */
    uint32_t length, value;
    uint64_t hash;
};

static uint64_t
fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
load(const unsigned char *bytes, size_t length)
{
    uint64_t word = 0;
    memcpy(&word, bytes, length);
    return le64toh(word);
}

uint64_t
sp_hash_mix(uint64_t a, uint64_t b)
{
    return fold(a ^ 0x9e3779b97f4a7c15u, b ^ 0xd1b54a32d192ed03u);
}

uint64_t
sp_hash(const void *bytes, size_t length, uint64_t seed)
{
    const unsigned char *at = bytes;
    uint64_t state = seed ^ 0xa0761d6478bd642fu ^ (uint64_t)length * 0xe7037ed1a0b428dbu;
    size_t left = length;
    for (; left >= 16; left -= 16, at += 16)
        state = fold(load(at, 8) ^ state, load(at + 8, 8) ^ 0x8ebc6af09c88c6e3u);
    uint64_t low = load(at, left < 8 ? left : 8);
    uint64_t high = left > 8 ? load(at + 8, left - 8) : 0;
    return sp_hash_mix(fold(low ^ state, high ^ 0x589965cc75374cc3u), state);
}

static struct sp_map_slot *
find(const struct sp_map *map, const char *key, size_t length, uint64_t hash)
{
    size_t mask = map->capacity - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        struct sp_map_slot *slot = &map->slots[i];
        if (!slot->key ||
            (slot->hash == hash && slot->length == length && memcmp(slot->key, key, length) == 0))
            return slot;
    }
}

static int
widen(struct sp_map *map, struct sp_error *err)
{
    size_t capacity = map->capacity ? map->capacity * 2 : 64;
    struct sp_map_slot *old = map->slots, *slots = sp_new_array(capacity, sizeof(*slots), err);
    if (!slots)
        return -1;
    size_t before = map->capacity;
    map->slots = slots;
    map->capacity = capacity;
    for (size_t i = 0; i < before; i++) {
        if (!old[i].key)
            continue;
        size_t at = (size_t)old[i].hash & (capacity - 1);
        while (slots[at].key)
            at = (at + 1) & (capacity - 1);
        slots[at] = old[i];
    }
    free(old);
    return 0;
}

uint32_t *
sp_map_at(struct sp_map *map, const char *key, size_t length, uint32_t initial, struct sp_error *err)
{
    if (map->count * 4 >= map->capacity * 3 && widen(map, err) < 0)
        return NULL;
    uint64_t hash = sp_hash(key, length, map->seed);
    struct sp_map_slot *slot = find(map, key, length, hash);
    if (!slot->key) {
        const char *copy = sp_arena_copy(&map->keys, key, length, err);
        if (!copy)
            return NULL;
        *slot = (struct sp_map_slot){ copy, (uint32_t)length, initial, hash };
        map->count++;
    }
    return &slot->value;
}

int
sp_map_set(struct sp_map *map, const char *key, size_t length, uint32_t value, struct sp_error *err)
{
    uint32_t *slot = sp_map_at(map, key, length, value, err);
    if (!slot)
        return -1;
    *slot = value;
    return 0;
}

bool
sp_map_get(const struct sp_map *map, const char *key, size_t length, uint32_t *value)
{
    if (!map->count)
        return false;
    const struct sp_map_slot *slot = find(map, key, length, sp_hash(key, length, map->seed));
    if (!slot->key)
        return false;
    if (value)
        *value = slot->value;
    return true;
}

bool
sp_map_next(const struct sp_map *map, size_t *cursor, const char **key, size_t *length, uint32_t *value)
{
    for (; *cursor < map->capacity; (*cursor)++) {
        const struct sp_map_slot *slot = &map->slots[*cursor];
        if (!slot->key)
            continue;
        *key = slot->key;
        *length = slot->length;
        *value = slot->value;
        (*cursor)++;
        return true;
    }
    return false;
}

void
sp_map_free(struct sp_map *map)
{
    free(map->slots);
    map->slots = NULL;
    map->capacity = map->count = 0;
    sp_arena_free(&map->keys);
}
