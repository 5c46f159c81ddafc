#include "name/postings.h"

#include <string.h>

int
sp_postings_open(struct sp_postings *out, const void *bytes, size_t size, struct sp_error *err)
{
    uint32_t head[2];
    *out = (struct sp_postings){ 0 };
    if (size < sizeof(head))
        return sp_fail(err, SP_ERROR_INPUT, "postings are cut short");
    memcpy(head, bytes, sizeof(head));
    uint32_t count = head[0], bits = head[1];
    if (bits < 1 || bits > 28)
        return sp_fail(err, SP_ERROR_INPUT, "postings claim 2^%u buckets", bits);
    size_t slots = ((size_t)1 << bits) + 1;
    if (size < sizeof(head) + slots * 4 + (size_t)count * sizeof(struct sp_posting))
        return sp_fail(err, SP_ERROR_INPUT, "postings are cut short");
    const uint32_t *directory = (const uint32_t *)bytes + 2;
    *out = (struct sp_postings){
        .directory = directory,
        .entries = (const struct sp_posting *)(directory + slots),
        .count = count,
        .bits = bits,
    };
    return 0;
}

int
sp_postings_add(struct sp_postings_builder *builder, uint64_t hash, uint32_t id, struct sp_error *err)
{
    if (sp_grow(builder->pairs, builder->capacity, builder->count + 1, err) < 0)
        return -1;
    builder->pairs[builder->count++] = (struct sp_posting_pair){ hash, id };
    return 0;
}

static int
by_hash(const void *left, const void *right)
{
    const struct sp_posting_pair *a = left, *b = right;
    /* the bucket first, then the tag: that is the order in which a bucket is searched */
    uint64_t high_a = a->hash >> 32, high_b = b->hash >> 32;
    if (high_a != high_b)
        return high_a < high_b ? -1 : 1;
    uint32_t tag_a = (uint32_t)a->hash, tag_b = (uint32_t)b->hash;
    if (tag_a != tag_b)
        return tag_a < tag_b ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* Within a bucket, entries of one tag must be neighbours even where their hashes differ between bucket bits
 * and tag. */
static uint64_t
order_key(uint64_t hash, uint32_t bits)
{
    uint64_t bucket = hash >> (64 - bits);
    return bucket << 32 | (uint32_t)hash;
}

int
sp_postings_write(struct sp_postings_builder *builder, struct sp_buffer *out, struct sp_error *err)
{
    uint32_t bits = 4;
    while (bits < 28 && ((size_t)1 << bits) * 2 < builder->count)
        bits++;
    for (size_t i = 0; i < builder->count; i++)
        builder->pairs[i].hash = order_key(builder->pairs[i].hash, bits);
    if (builder->count)
        qsort(builder->pairs, builder->count, sizeof(*builder->pairs), by_hash);

    size_t kept = 0;
    for (size_t i = 0; i < builder->count; i++)
        if (!kept || memcmp(&builder->pairs[i].hash, &builder->pairs[kept - 1].hash, 8) != 0 ||
            builder->pairs[i].id != builder->pairs[kept - 1].id)
            builder->pairs[kept++] = builder->pairs[i];
    builder->count = kept;
    if (kept > UINT32_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than 2^32 postings");

    size_t slots = ((size_t)1 << bits) + 1;
    uint32_t head[2] = { (uint32_t)kept, bits };
    if (sp_buffer_reserve(out, sizeof(head) + slots * 4 + kept * sizeof(struct sp_posting), err) < 0 ||
        sp_buffer_append(out, head, sizeof(head), err) < 0)
        return -1;
    size_t at = 0;
    for (size_t slot = 0; slot < slots; slot++) {
        while (at < kept && builder->pairs[at].hash >> 32 < slot)
            at++;
        uint32_t start = (uint32_t)at;
        if (sp_buffer_append(out, &start, sizeof(start), err) < 0)
            return -1;
    }
    for (size_t i = 0; i < kept; i++) {
        struct sp_posting entry = { (uint32_t)builder->pairs[i].hash, builder->pairs[i].id };
        if (sp_buffer_append(out, &entry, sizeof(entry), err) < 0)
            return -1;
    }
    return 0;
}

void
sp_postings_builder_free(struct sp_postings_builder *builder)
{
    free(builder->pairs);
    *builder = (struct sp_postings_builder){ 0 };
}
