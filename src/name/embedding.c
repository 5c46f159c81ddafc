#include "name/embedding.h"

#include "base/hash.h"
#include "ecosystem/ecosystem.h"
#include "name/tokens.h"

#include <endian.h>
#include <math.h>
#include <string.h>

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "embeddings are used in place: only little-endian machines can"
#endif

#define DIMENSION SP_EMBEDDING_DIMENSION
#define PART_UNIT 4096                     /* length of a part's vector before the parts are added */
#define NGRAMS_MAX ((SP_NAME_MAX + 2) * 5) /* n-grams of lengths 3 to 5, and room */
#define NGRAM_MAX 8
#define WEIGHT_MAX 4095 /* a name has at most 17 parts, and their sum stays within 32 bits */
#define EMPTY UINT32_MAX

struct header {
    char magic[8];
    uint32_t version, dimension, shortest, longest;
    uint32_t buckets, row_count, slot_count, word_count;
    uint32_t other_weight, whole_weight;
    uint64_t size;
    uint8_t zeros[8];
};
_Static_assert(sizeof(struct header) == 64, "the header is 64 bytes");
_Static_assert(sizeof(struct sp_embedding_block) == 16, "a remap block is 16 bytes");

/* ---- opening */

static const void *
next_section(const unsigned char *bytes, size_t size, uint64_t *at, uint64_t length)
{
    uint64_t start = (*at + 63) & ~(uint64_t)63;
    if (start > size || length > size - start)
        return NULL;
    *at = start + length;
    return bytes + start;
}

int
sp_embedding_open(struct sp_embedding *out, const void *bytes, size_t size, struct sp_error *err)
{
    *out = (struct sp_embedding){ 0 };
    const struct header *header = bytes;
    if (size < sizeof(*header) || memcmp(header->magic, SP_EMBEDDING_MAGIC, sizeof(header->magic)) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: not an embedding file");
    if ((uintptr_t)bytes % 64)
        return sp_fail(err, SP_ERROR_INTERNAL, "embedding: its bytes are not 64-byte aligned");
    if (header->version != SP_EMBEDDING_VERSION)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: version %u, this program reads version %u",
                       header->version, SP_EMBEDDING_VERSION);
    if (header->dimension != DIMENSION)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: %u dimensions, expected %d", header->dimension,
                       DIMENSION);
    if (header->shortest < 1 || header->longest > NGRAM_MAX || header->shortest > header->longest ||
        header->longest - header->shortest > 4)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: n-grams of %u to %u characters are not supported",
                       header->shortest, header->longest);
    if (header->size != size)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: %zu bytes, its header says %llu", size,
                       (unsigned long long)header->size);
    if (header->slot_count & (header->slot_count - 1) || header->buckets == 0 ||
        header->other_weight > WEIGHT_MAX || header->whole_weight > WEIGHT_MAX)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: its header is damaged");

    struct sp_embedding view = {
        .shortest = header->shortest,
        .longest = header->longest,
        .buckets = header->buckets,
        .row_count = header->row_count,
        .slot_count = header->slot_count,
        .word_count = header->word_count,
        .other_weight = header->other_weight,
        .whole_weight = header->whole_weight,
    };
    uint64_t at = sizeof(*header), blocks = ((uint64_t)view.buckets + 63) / 64;
    view.mean = next_section(bytes, size, &at, DIMENSION * sizeof(*view.mean));
    view.remap = view.mean ? next_section(bytes, size, &at, blocks * sizeof(*view.remap)) : NULL;
    view.scales = view.remap ? next_section(bytes, size, &at, view.row_count) : NULL;
    view.rows = view.scales ? next_section(bytes, size, &at, (uint64_t)view.row_count * DIMENSION) : NULL;
    view.slots =
        view.rows ? next_section(bytes, size, &at, (uint64_t)view.slot_count * sizeof(*view.slots)) : NULL;
    view.words = view.slots ? next_section(bytes, size, &at, (uint64_t)view.word_count * DIMENSION) : NULL;
    if (!view.words || at != size)
        return sp_fail(err, SP_ERROR_INPUT, "embedding: its header's counts do not fit its size");
    *out = view;
    return 0;
}

/* ---- n-grams */

static inline uint32_t
hash_byte(uint32_t hash, char byte)
{
    /* fastText sign-extends the byte (its models are made so), as if this were a mistake that stayed */
    return (hash ^ (uint32_t)(int32_t)(int8_t)byte) * 16777619u;
}

uint32_t
sp_embedding_ngram_hash(const char *ngram, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = hash_byte(hash, ngram[i]);
    return hash;
}

static inline bool
continues(char byte)
{
    return (byte & 0xc0) == 0x80;
}

static inline uint32_t
row_of(const struct sp_embedding *embedding, uint32_t hash)
{
    uint32_t bucket = hash % embedding->buckets;
    const struct sp_embedding_block *block = &embedding->remap[bucket / 64];
    uint64_t bit = (uint64_t)1 << (bucket % 64);
    if (!(block->kept & bit))
        return EMPTY;
    uint32_t row = block->rank + (uint32_t)__builtin_popcountll(block->kept & (bit - 1));
    return row < embedding->row_count ? row : EMPTY;
}

/* The rows of the n-grams of WORD, which begins with '<' and ends with '>'. */
static uint32_t
find_rows(const struct sp_embedding *embedding, const char *word, size_t length, uint32_t *rows)
{
    uint32_t count = 0;
    for (size_t start = 0; start < length; start++) {
        if (continues(word[start]))
            continue;
        uint32_t hash = 2166136261u;
        size_t at = start;
        for (uint32_t n = 1; n <= embedding->longest && at < length; n++) {
            do
                hash = hash_byte(hash, word[at++]);
            while (at < length && continues(word[at]));
            if (n < embedding->shortest || (n == 1 && (start == 0 || at == length)))
                continue;
            uint32_t row = row_of(embedding, hash);
            if (row == EMPTY)
                continue;
            __builtin_prefetch(embedding->rows[row]);
            rows[count++] = row;
        }
    }
    return count;
}

/* ---- vectors */

/* Scales SUM to LENGTH, rounded; false where it is zeros. Without floating-point sums, so that no compiler
 * can fuse or reorder them. */
static bool
normalise(const int32_t *sum, int32_t length, int32_t *out)
{
    int64_t squares = 0;
    for (int i = 0; i < DIMENSION; i++)
        squares += (int64_t)sum[i] * sum[i];
    if (squares == 0)
        return false;
    int64_t factor = (int64_t)((double)length * 4294967296.0 / sqrt((double)squares));
    for (int i = 0; i < DIMENSION; i++)
        out[i] = (int32_t)((sum[i] * factor + 2147483648) >> 32);
    return true;
}

static const struct sp_embedding_slot *
find_word(const struct sp_embedding *embedding, const char *word, size_t length)
{
    if (!embedding->slot_count)
        return NULL;
    uint64_t hash = sp_hash(word, length, SP_EMBEDDING_WORD_SEED);
    uint32_t mask = embedding->slot_count - 1, check = (uint32_t)(hash >> 32);
    for (uint32_t i = (uint32_t)hash & mask, tries = 0; tries < 64; i = (i + 1) & mask, tries++) {
        const struct sp_embedding_slot *slot = &embedding->slots[i];
        if (slot->word == EMPTY)
            return NULL;
        if (slot->check == check)
            return slot->word >> 8 < embedding->word_count ? slot : NULL;
    }
    return NULL;
}

/* Adds the vector of WORD, which stands between '<' and '>'. */
static void
add_part(const struct sp_embedding *embedding, const char *word, size_t length, uint32_t other_weight,
         int32_t total[DIMENSION])
{
    const struct sp_embedding_slot *slot = find_word(embedding, word + 1, length - 2);
    if (slot) {
        const int8_t *known = embedding->words[slot->word >> 8];
        int32_t weight = (int32_t)(slot->word & 255) * (PART_UNIT / SP_EMBEDDING_UNIT);
        for (int i = 0; i < DIMENSION; i++)
            total[i] += known[i] * weight;
        return;
    }
    uint32_t rows[NGRAMS_MAX];
    uint32_t count = find_rows(embedding, word, length, rows);
    int32_t sum[DIMENSION] = { 0 };
    for (uint32_t r = 0; r < count; r++) {
        const int8_t *row = embedding->rows[rows[r]];
        int16_t scale = embedding->scales[rows[r]];
        for (int i = 0; i < DIMENSION; i++)
            sum[i] += (int16_t)(row[i] * scale);
    }
    int32_t part[DIMENSION];
    if (!normalise(sum, PART_UNIT, part))
        return;
    for (int i = 0; i < DIMENSION; i++)
        part[i] -= embedding->mean[i];
    if (!normalise(part, PART_UNIT, part))
        return;
    for (int i = 0; i < DIMENSION; i++)
        total[i] += part[i] * (int32_t)other_weight;
}

static void
add_all(const struct sp_embedding *embedding, const char *text, size_t length, int32_t total[DIMENSION])
{
    memset(total, 0, DIMENSION * sizeof(*total));
    if (!embedding->rows)
        return;
    struct sp_tokens tokens;
    sp_tokenise(text, length < SP_NAME_MAX ? length : SP_NAME_MAX, &tokens);
    char whole[SP_NAME_MAX + 2], token[SP_NAME_MAX + 2];
    size_t whole_length = 0;
    whole[whole_length++] = token[0] = '<';
    for (uint8_t t = 0; t < tokens.count; t++) {
        size_t size = tokens.at[t].length;
        memcpy(whole + whole_length, text + tokens.at[t].start, size);
        whole_length += size;
        if (tokens.count == 1)
            break;
        memcpy(token + 1, text + tokens.at[t].start, size);
        token[size + 1] = '>';
        add_part(embedding, token, size + 2, embedding->other_weight, total);
    }
    if (whole_length == 1)
        return;
    whole[whole_length++] = '>';
    add_part(embedding, whole, whole_length,
             tokens.count == 1 ? embedding->other_weight : embedding->whole_weight, total);
}

bool
sp_embedding_of(const struct sp_embedding *embedding, const char *text, size_t length, int8_t out[DIMENSION])
{
    int32_t total[DIMENSION], unit[DIMENSION];
    add_all(embedding, text, length, total);
    if (!normalise(total, SP_EMBEDDING_UNIT, unit)) {
        memset(out, 0, DIMENSION);
        return false;
    }
    for (int i = 0; i < DIMENSION; i++)
        out[i] = (int8_t)unit[i]; /* no part of a vector is longer than the whole */
    return true;
}

bool
sp_embedding_of_float(const struct sp_embedding *embedding, const char *text, size_t length,
                      float out[DIMENSION])
{
    int32_t total[DIMENSION];
    add_all(embedding, text, length, total);
    int64_t squares = 0;
    for (int i = 0; i < DIMENSION; i++)
        squares += (int64_t)total[i] * total[i];
    double norm = squares ? sqrt((double)squares) : 1;
    for (int i = 0; i < DIMENSION; i++)
        out[i] = (float)(total[i] / norm);
    return squares != 0;
}

double
sp_embedding_cosine(const int8_t a[DIMENSION], const int8_t b[DIMENSION])
{
    int32_t product = 0, aa = 0, bb = 0;
    for (int i = 0; i < DIMENSION; i++) {
        product += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa && bb ? product / sqrt((double)aa * bb) : 0;
}
