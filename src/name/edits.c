#include "name/edits.h"
#include "base/hash.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <string.h>

#define MULTIPLIER 0x9e3779b97f4a7c15u

/* A polynomial hash, so that the hash of a substring with one byte left out costs two multiplications. */
struct rolling {
    uint64_t prefix[SP_NAME_MAX + 1]; /* of the first i bytes */
    uint64_t power[SP_NAME_MAX + 1];
};

static void
roll(struct rolling *rolling, const char *string, size_t length)
{
    rolling->prefix[0] = 0;
    rolling->power[0] = 1;
    for (size_t i = 0; i < length; i++) {
        rolling->prefix[i + 1] = rolling->prefix[i] * MULTIPLIER + (unsigned char)string[i] + 1;
        rolling->power[i + 1] = rolling->power[i] * MULTIPLIER;
    }
}

static uint64_t
hash_range(const struct rolling *rolling, size_t from, size_t to)
{
    return rolling->prefix[to] - rolling->prefix[from] * rolling->power[to - from];
}

static uint64_t
hash_without(const struct rolling *rolling, size_t from, size_t to, size_t left_out)
{
    return hash_range(rolling, from, left_out) * rolling->power[to - left_out - 1] +
           hash_range(rolling, left_out + 1, to);
}

/* WHICH half (0 head, 1 tail) of a target of LENGTH bytes. */
static uint64_t
finish(uint64_t hash, size_t length, unsigned which)
{
    return sp_hash_mix(hash, (uint64_t)length << 1 | which);
}

static int
add_half(struct sp_postings_builder *builder, const struct rolling *rolling, size_t from, size_t to,
         size_t length, unsigned which, uint32_t id, struct sp_error *err)
{
    if (sp_postings_add(builder, finish(hash_range(rolling, from, to), length, which), id, err) < 0)
        return -1;
    for (size_t i = from; i < to; i++)
        if (sp_postings_add(builder, finish(hash_without(rolling, from, to, i), length, which), id, err) < 0)
            return -1;
    return 0;
}

int
sp_edits_add(struct sp_postings_builder *builder, const char *string, size_t length, uint32_t id,
             struct sp_error *err)
{
    if (!length || length > SP_NAME_MAX)
        return 0;
    struct rolling rolling;
    roll(&rolling, string, length);
    size_t half = length / 2;
    if (add_half(builder, &rolling, 0, half, length, 0, id, err) < 0)
        return -1;
    return add_half(builder, &rolling, half, length, length, 1, id, err);
}

struct lookup {
    const struct sp_edits_table *table;
    const struct rolling *rolling;
    const char *name;
    void (*found)(void *, uint32_t);
    void *context;
    size_t target_length;
    unsigned which;
};

/* Directory look-ups miss the cache: they are issued in batches, all prefetched before the first is used. */
#define BATCH 32

struct batch {
    uint64_t hashes[BATCH];
    unsigned count;
};

static uint32_t
bucket_of(const struct sp_edits_table *table, uint64_t hash)
{
    return (uint32_t)(hash >> (64 - table->bits));
}

/* What of the hash stands in an entry, at its place. */
static uint32_t
tag_of(uint32_t id_bits, uint64_t hash)
{
    return (uint32_t)hash >> id_bits << id_bits;
}

static void
flush(const struct lookup *lookup, struct batch *batch)
{
    const struct sp_edits_table *table = lookup->table;
    uint32_t ids = (1u << table->id_bits) - 1;
    /* the directory is on its way since the hash was made; now the entries */
    for (unsigned i = 0; i < batch->count; i++) {
        uint32_t from = table->directory[bucket_of(table, batch->hashes[i])];
        __builtin_prefetch(&table->entries[from < table->count ? from : 0]);
    }
    for (unsigned i = 0; i < batch->count; i++) {
        uint32_t bucket = bucket_of(table, batch->hashes[i]), tag = tag_of(table->id_bits, batch->hashes[i]);
        uint32_t from = table->directory[bucket], to = table->directory[bucket + 1];
        if (to > table->count)
            continue;
        for (; from < to; from++)
            if ((table->entries[from] & ~ids) == tag)
                lookup->found(lookup->context, table->entries[from] & ids);
    }
    batch->count = 0;
}

static void
ask(const struct lookup *lookup, struct batch *batch, uint64_t hash)
{
    hash = finish(hash, lookup->target_length, lookup->which);
    __builtin_prefetch(&lookup->table->directory[bucket_of(lookup->table, hash)]);
    batch->hashes[batch->count++] = hash;
    if (batch->count == BATCH)
        flush(lookup, batch);
}

/* The part [from, to) of the name. */
static void
ask_part(const struct lookup *lookup, struct batch *batch, size_t from, size_t to, bool whole,
         bool without_one)
{
    if (whole)
        ask(lookup, batch, hash_range(lookup->rolling, from, to));
    if (!without_one)
        return;
    for (size_t i = from; i < to; i++)
        /* leaving out either of two equal neighbours gives the same string */
        if (i == from || lookup->name[i] != lookup->name[i - 1])
            ask(lookup, batch, hash_without(lookup->rolling, from, to, i));
}

/* One half of the targets of one length. LONGER: by how much the target is longer than the name. */
static void
ask_half(const struct lookup *lookup, struct batch *batch, size_t length, size_t half, int longer,
         unsigned limit)
{
    for (int apart = -1; apart <= 1; apart++) {
        /* the part of the name is APART bytes longer than the half: an insertion there (1) or a deletion
         * (-1); the other half must make up for the rest within the limit */
        int rest = longer + apart;
        unsigned edits_here = apart != 0;
        unsigned edits_there = (unsigned)(rest < 0 ? -rest : rest);
        if (edits_here + edits_there > limit)
            continue;
        size_t part = half + (size_t)apart;
        if ((apart < 0 && !half) || part > length)
            continue;
        size_t from = lookup->which ? length - part : 0, to = lookup->which ? length : part;
        bool whole = apart <= 0;
        /* apart 0 without a byte on both sides: a substitution or transposition in this half */
        bool without_one = apart > 0 || (apart == 0 && 1 + edits_there <= limit);
        ask_part(lookup, batch, from, to, whole, without_one);
    }
}

int
sp_edits_open(struct sp_edits_table *out, const void *bytes, size_t size, struct sp_error *err)
{
    uint32_t head[4];
    *out = (struct sp_edits_table){ 0 };
    if (size < sizeof(head))
        return sp_fail(err, SP_ERROR_INPUT, "the table of edits is cut short");
    memcpy(head, bytes, sizeof(head));
    uint32_t count = head[0], bits = head[1], id_bits = head[2];
    if (bits < 1 || bits > 28 || id_bits < 1 || id_bits > 28)
        return sp_fail(err, SP_ERROR_INPUT, "the table of edits claims 2^%u buckets of %u-bit numbers", bits,
                       id_bits);
    size_t slots = ((size_t)1 << bits) + 1;
    if (size < sizeof(head) + (slots + count) * sizeof(uint32_t))
        return sp_fail(err, SP_ERROR_INPUT, "the table of edits is cut short");
    *out = (struct sp_edits_table){
        .directory = (const uint32_t *)bytes + 4,
        .entries = (const uint32_t *)bytes + 4 + slots,
        .count = count,
        .bits = bits,
        .id_bits = id_bits,
    };
    return 0;
}

static int
by_bucket(const void *left, const void *right)
{
    const struct sp_posting_pair *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

int
sp_edits_write(struct sp_postings_builder *builder, struct sp_buffer *out, struct sp_error *err)
{
    uint32_t bits = 4, id_bits = 1, most = 0;
    /* about three entries a bucket: their tags tell them apart, and the table stays small */
    while (bits < 28 && ((size_t)1 << bits) * 4 < builder->count)
        bits++;
    for (size_t i = 0; i < builder->count; i++)
        most = builder->pairs[i].id > most ? builder->pairs[i].id : most;
    while (most >> id_bits)
        id_bits++;
    if (id_bits > 28)
        return sp_fail(err, SP_ERROR_LIMIT, "more than 2^28 names");
    /* bucket above, entry below: sorted by what is written, so that equal entries are neighbours */
    for (size_t i = 0; i < builder->count; i++) {
        struct sp_posting_pair *pair = &builder->pairs[i];
        pair->hash = pair->hash >> (64 - bits) << 32 | tag_of(id_bits, pair->hash) | pair->id;
    }
    if (builder->count)
        qsort(builder->pairs, builder->count, sizeof(*builder->pairs), by_bucket);
    size_t kept = 0;
    for (size_t i = 0; i < builder->count; i++)
        if (!kept || builder->pairs[i].hash != builder->pairs[kept - 1].hash)
            builder->pairs[kept++] = builder->pairs[i];
    builder->count = kept;

    size_t slots = ((size_t)1 << bits) + 1, at = 0;
    uint32_t head[4] = { (uint32_t)kept, bits, id_bits, 0 };
    if (sp_buffer_reserve(out, sizeof(head) + (slots + kept) * sizeof(uint32_t), err) < 0 ||
        sp_buffer_append(out, head, sizeof(head), err) < 0)
        return -1;
    for (size_t slot = 0; slot < slots; slot++) {
        while (at < kept && builder->pairs[at].hash >> 32 < slot)
            at++;
        uint32_t start = (uint32_t)at;
        if (sp_buffer_append(out, &start, sizeof(start), err) < 0)
            return -1;
    }
    for (size_t i = 0; i < kept; i++) {
        uint32_t entry = (uint32_t)builder->pairs[i].hash;
        if (sp_buffer_append(out, &entry, sizeof(entry), err) < 0)
            return -1;
    }
    return 0;
}

void
sp_edits_find(const struct sp_edits_table *table, const char *name, size_t length, unsigned limit,
              void (*found)(void *context, uint32_t id), void *context)
{
    if (!length || length > SP_NAME_MAX || !table->count)
        return;
    struct rolling rolling;
    roll(&rolling, name, length);
    struct lookup lookup = { table, &rolling, name, found, context, 0, 0 };
    struct batch batch = { .count = 0 };
    for (int longer = -(int)limit; longer <= (int)limit; longer++) {
        if ((int)length + longer < 1)
            continue;
        lookup.target_length = (size_t)((int)length + longer);
        size_t half = lookup.target_length / 2;
        for (lookup.which = 0; lookup.which < 2; lookup.which++) {
            ask_half(&lookup, &batch, length, lookup.which ? lookup.target_length - half : half, longer,
                     limit);
        }
    }
    flush(&lookup, &batch);
}
