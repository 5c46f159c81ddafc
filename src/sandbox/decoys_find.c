/* decoys_find.c: many needles in one pass. The first eight bytes of every needle are in a hash table, and a
 * bitmap that fits the first cache tells most places at once that none begins there. A needle's beginning is
 * random, so few share one; nobody outside can make places that are costly beyond one comparison a needle. */
#include "sandbox/decoys_parts.h"

#include <string.h>

#define PREFIX 8 /* bytes; at most SP_NEEDLE_MIN */
#define FILTER_BITS 17

struct entry {
    uint64_t prefix;
    const char *needle; /* NULL: free */
    uint32_t length, decoy;
};

struct sp_decoy_matcher {
    uint64_t filter[(1u << FILTER_BITS) / 64];
    unsigned shift; /* 64 - log2 of the table's size */
    size_t mask;
    struct entry *table;
};

static inline uint64_t
mix(uint64_t prefix)
{
    return prefix * 0x9e3779b97f4a7c15u;
}

static void
insert(struct sp_decoy_matcher *matcher, const char *needle, uint32_t decoy)
{
    uint64_t prefix;
    memcpy(&prefix, needle, PREFIX);
    uint64_t hash = mix(prefix), bit = hash >> (64 - FILTER_BITS);
    matcher->filter[bit / 64] |= UINT64_C(1) << bit % 64;
    size_t at = hash >> matcher->shift;
    while (matcher->table[at].needle)
        at = (at + 1) & matcher->mask;
    matcher->table[at] = (struct entry){ prefix, needle, (uint32_t)strlen(needle), decoy };
}

size_t
sp_decoys_needles(const struct sp_decoys *decoys)
{
    size_t count = 0;
    for (size_t i = 0; i < decoys->count; i++)
        for (const char *const *needle = decoys->items[i].needles; needle && *needle; needle++)
            count++;
    return count;
}

size_t
sp_decoys_crowding(const struct sp_decoys *decoys)
{
    const struct sp_decoy_matcher *matcher = decoys->matcher;
    size_t longest = 0, run = 0;
    /* twice around: a run may go over the table's end; a quarter of it is taken at most, so it has one */
    for (size_t i = 0; matcher && i <= 2 * matcher->mask + 1; i++) {
        run = matcher->table[i & matcher->mask].needle ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

int
sp_decoys_compile(struct sp_decoys *decoys, struct sp_error *err)
{
    size_t count = sp_decoys_needles(decoys);
    unsigned bits = 4;
    while ((size_t)1 << bits < 4 * count)
        bits++;
    struct sp_decoy_matcher *matcher = sp_arena_alloc(decoys->arena, sizeof(*matcher), err);
    struct entry *table = sp_arena_alloc(decoys->arena, sizeof(*table) << bits, err);
    if (!matcher || !table)
        return -1;
    matcher->shift = 64 - bits;
    matcher->mask = ((size_t)1 << bits) - 1;
    matcher->table = table;
    for (size_t i = 0; i < decoys->count; i++)
        for (const char *const *needle = decoys->items[i].needles; needle && *needle; needle++)
            insert(matcher, *needle, (uint32_t)i);
    decoys->matcher = matcher;
    return 0;
}

static const struct sp_decoy *
look_up(const struct sp_decoys *decoys, uint64_t prefix, uint64_t hash, const unsigned char *at, size_t left)
{
    const struct sp_decoy_matcher *matcher = decoys->matcher;
    for (size_t i = hash >> matcher->shift; matcher->table[i].needle; i = (i + 1) & matcher->mask) {
        const struct entry *entry = &matcher->table[i];
        if (entry->prefix == prefix && entry->length <= left && !memcmp(at, entry->needle, entry->length))
            return &decoys->items[entry->decoy];
    }
    return NULL;
}

typedef bool on_find(void *context, const struct sp_decoy *decoy); /* whether to go on */

static void
search(const struct sp_decoys *decoys, const void *bytes, size_t length, on_find *found, void *context)
{
    const struct sp_decoy_matcher *matcher = decoys->matcher;
    const unsigned char *b = bytes;
    if (!matcher)
        return;
    for (size_t i = 0; i + SP_NEEDLE_MIN <= length; i++) {
        uint64_t prefix;
        memcpy(&prefix, b + i, PREFIX);
        uint64_t hash = mix(prefix), bit = hash >> (64 - FILTER_BITS);
        if (__builtin_expect(matcher->filter[bit / 64] >> bit % 64 & 1, 0)) {
            const struct sp_decoy *decoy = look_up(decoys, prefix, hash, b + i, length - i);
            if (decoy && !found(context, decoy))
                return;
        }
    }
}

static void
search_next(const struct sp_decoys *decoys, struct sp_decoy_tail *tail, const void *bytes, size_t length,
            on_find *found, void *context)
{
    if (!length)
        return;
    /* the seam first: what was left, and as much of the new as a needle can reach */
    size_t more = length < SP_NEEDLE_MAX - 1 ? length : SP_NEEDLE_MAX - 1;
    memcpy(tail->bytes + tail->length, bytes, more);
    search(decoys, tail->bytes, tail->length + more, found, context);
    if (more < length)
        search(decoys, bytes, length, found, context);

    size_t keep = SP_NEEDLE_MAX - 1;
    if (length >= keep) {
        memcpy(tail->bytes, (const char *)bytes + length - keep, keep);
        tail->length = keep;
    } else {
        size_t all = tail->length + length, drop = all > keep ? all - keep : 0;
        memmove(tail->bytes, tail->bytes + drop, all - drop);
        tail->length = all - drop;
    }
}

static bool
take_first(void *context, const struct sp_decoy *decoy)
{
    const struct sp_decoy **first = context;
    if (!*first)
        *first = decoy;
    return false;
}

const struct sp_decoy *
sp_decoys_find(const struct sp_decoys *decoys, const void *bytes, size_t length)
{
    const struct sp_decoy *first = NULL;
    search(decoys, bytes, length, take_first, &first);
    return first;
}

const struct sp_decoy *
sp_decoys_find_next(const struct sp_decoys *decoys, struct sp_decoy_tail *tail, const void *bytes,
                    size_t length)
{
    const struct sp_decoy *first = NULL;
    search_next(decoys, tail, bytes, length, take_first, &first);
    return first;
}

struct each {
    void (*found)(void *context, const struct sp_decoy *decoy);
    void *context;
};

static bool
take_each(void *context, const struct sp_decoy *decoy)
{
    const struct each *each = context;
    each->found(each->context, decoy);
    return true;
}

void
sp_decoys_each_next(const struct sp_decoys *decoys, struct sp_decoy_tail *tail, const void *bytes,
                    size_t length, void (*found)(void *context, const struct sp_decoy *decoy), void *context)
{
    struct each each = { found, context };
    search_next(decoys, tail, bytes, length, take_each, &each);
}
