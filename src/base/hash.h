/* hash.h: a fast 64-bit hash (not cryptographic, stable across machines: it is stored in index files),
 * and a map from byte strings to 32-bit numbers. */
#pragma once
#include "base/error.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Multiply-and-fold mixing of 16-byte steps, little-endian loads. */
uint64_t sp_hash(const void *bytes, size_t length, uint64_t seed);
/* Mixes two numbers into one. */
uint64_t sp_hash_mix(uint64_t a, uint64_t b);

/* Zero-initialise. Keys are copied. A seed chosen at random makes collisions unpredictable for input that
 * an attacker writes. */
struct sp_map {
    struct sp_map_slot *slots;
    size_t capacity, count;
    uint64_t seed;
    struct sp_arena keys;
};

int sp_map_set(struct sp_map *map, const char *key, size_t length, uint32_t value, struct sp_error *err);
/* Whether KEY is there; its number goes to *VALUE (may be NULL). */
bool sp_map_get(const struct sp_map *map, const char *key, size_t length, uint32_t *value);
/* The address of KEY's number, inserted as INITIAL where new; valid until the next insertion. */
uint32_t *sp_map_at(struct sp_map *map, const char *key, size_t length, uint32_t initial,
                    struct sp_error *err);
/* Walks the map in no order: start *CURSOR at 0; false when done. KEY is owned by the map. */
bool sp_map_next(const struct sp_map *map, size_t *cursor, const char **key, size_t *length, uint32_t *value);
void sp_map_free(struct sp_map *map);
#define sp_automap __attribute__((cleanup(sp_map_free)))
