/* postings.h: a hash table from 64-bit hashes to 32-bit numbers, as bytes that are used in place.
 * Layout (little-endian): u32 count, u32 bits, u32 directory[2^bits + 1], then count entries {u32 tag, u32
 * id} sorted by (hash, id). A bucket is the hash's top BITS, the tag its low 32: together 45 to 52 bits
 * decide, so a foreign hash is taken for a member about once in 10^9 look-ups; callers verify what matters.
 */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdint.h>

struct sp_posting {
    uint32_t tag, id;
};

struct sp_postings {
    const uint32_t *directory; /* borrowed from the opened bytes */
    const struct sp_posting *entries;
    uint32_t count, bits;
};

/* Checks the sizes in BYTES (4-aligned); the directory itself is checked at each look-up, so that opening
 * touches one page. Ids are not checked: callers hold them to their own tables. */
int sp_postings_open(struct sp_postings *out, const void *bytes, size_t size, struct sp_error *err);

/* The entries of HASH; *COUNT of them, maybe 0. */
static inline const struct sp_posting *
sp_postings_find(const struct sp_postings *postings, uint64_t hash, uint32_t *count)
{
    *count = 0;
    if (!postings->count)
        return NULL;
    uint32_t bucket = (uint32_t)(hash >> (64 - postings->bits)), tag = (uint32_t)hash;
    uint32_t from = postings->directory[bucket], to = postings->directory[bucket + 1];
    if (from >= to || to > postings->count)
        return NULL;
    const struct sp_posting *at = postings->entries + from, *end = postings->entries + to;
    while (at < end && at->tag != tag)
        at++;
    const struct sp_posting *first = at;
    while (at < end && at->tag == tag)
        at++;
    *count = (uint32_t)(at - first);
    return first;
}

static inline void
sp_postings_prefetch(const struct sp_postings *postings, uint64_t hash)
{
    if (postings->count)
        __builtin_prefetch(&postings->directory[hash >> (64 - postings->bits)]);
}

/* The second step: the directory has been fetched. */
static inline void
sp_postings_prefetch_entries(const struct sp_postings *postings, uint64_t hash)
{
    if (!postings->count)
        return;
    uint32_t from = postings->directory[hash >> (64 - postings->bits)];
    __builtin_prefetch(&postings->entries[from < postings->count ? from : 0]);
}

/* Collects (hash, id) pairs and writes them as such bytes. Zero-initialise. */
struct sp_postings_builder {
    struct sp_posting_pair {
        uint64_t hash;
        uint32_t id;
    } * pairs;
    size_t count, capacity;
};
int sp_postings_add(struct sp_postings_builder *builder, uint64_t hash, uint32_t id, struct sp_error *err);
/* Appends the bytes to OUT; equal pairs are written once. */
int sp_postings_write(struct sp_postings_builder *builder, struct sp_buffer *out, struct sp_error *err);
void sp_postings_builder_free(struct sp_postings_builder *builder);
#define sp_autopostings __attribute__((cleanup(sp_postings_builder_free)))
