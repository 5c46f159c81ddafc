/* embedding.h: what a name means, as a vector: names of one purpose point the same way, whatever their
 * letters. Character n-gram vectors (fastText, Bojanowski et al. 2017), so that every name has one; all sums
 * are of integers, so that every machine computes the same bytes.
 *
 * File format, version 1, all numbers little-endian, used in place: a header of 64 bytes
 *   0  "SALLYEMB"   8 u32 version   12 u32 dimension (64)   16 u32 shortest, 20 u32 longest n-gram
 *   24 u32 buckets of the n-gram hash   28 u32 n-gram rows   32 u32 word slots (a power of two)
 *   36 u32 words   40 u32 weight of a token that is no known word (as word weights)   44 u32 weight of the
 *   whole name beside its tokens   48 u64 size of the whole   56 zeros
 * then, each at the next multiple of 64 bytes:
 *   mean     int16[64]: the mean of all words' vectors of length 4096, which is taken from each
 *   remap    for each 64 buckets: u64 which of them kept a row, u32 rows before them, u32 zero
 *   scales   u8 a row: what its numbers are multiplied by
 *   rows     int8[64] a row, in the order of their buckets
 *   slots    open addressing by sp_hash(word, SP_EMBEDDING_WORD_SEED): u32 the hash's upper half, u32 word
 *            number << 8 | weight (1-255, more for a rarer word); an empty one is UINT32_MAX twice
 *   words    int8[64] a word: its vector, all n-grams included, without the mean, of length 127 */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_EMBEDDING_DIMENSION 64
#define SP_EMBEDDING_MAGIC "SALLYEMB"
#define SP_EMBEDDING_VERSION 1u
#define SP_EMBEDDING_WORD_SEED 160u
#define SP_EMBEDDING_UNIT 127       /* the length of an int8 unit vector */
#define SP_EMBEDDING_PART_UNIT 4096 /* the length of a token's vector before the tokens are added */

struct sp_embedding_block {
    uint64_t kept;
    uint32_t rank, zero;
};

struct sp_embedding_slot {
    uint32_t check, word;
};

/* A view of the bytes of an embedding; nothing is copied. Zeroed: an embedding that knows nothing. */
struct sp_embedding {
    uint32_t shortest, longest, buckets, row_count, slot_count, word_count;
    uint32_t other_weight, whole_weight;
    const int16_t *mean;
    const struct sp_embedding_block *remap;
    const uint8_t *scales;
    const int8_t (*rows)[SP_EMBEDDING_DIMENSION];
    const struct sp_embedding_slot *slots;
    const int8_t (*words)[SP_EMBEDDING_DIMENSION];
};

/* Lays OUT over BYTES, which must be 64-byte aligned and outlive it. Costs no more than reading the header:
 * numbers inside are checked where they are used, so a damaged file gives wrong vectors but no crash. */
int sp_embedding_open(struct sp_embedding *out, const void *bytes, size_t size, struct sp_error *err);

/* The vector of TEXT, a normalised name of any ecosystem (lower case; tokens cut at delimiters; longer than
 * SP_NAME_MAX bytes: its beginning). OUT gets a vector of length 127, so that the dot product of two divided
 * by 127 * 127 is near their cosine. Returns false, with OUT zeros, where nothing in TEXT is known. */
bool sp_embedding_of(const struct sp_embedding *embedding, const char *text, size_t length,
                     int8_t out[SP_EMBEDDING_DIMENSION]);

/* The same before its last rounding, of length 1. */
bool sp_embedding_of_float(const struct sp_embedding *embedding, const char *text, size_t length,
                           float out[SP_EMBEDDING_DIMENSION]);

/* The cosine of two vectors, -1 to 1; 0 where one is zeros. */
double sp_embedding_cosine(const int8_t a[SP_EMBEDDING_DIMENSION], const int8_t b[SP_EMBEDDING_DIMENSION]);

/* fastText's hash of an n-gram: FNV-1a over bytes taken as signed. Its bucket is this modulo the buckets. */
uint32_t sp_embedding_ngram_hash(const char *ngram, size_t length);
