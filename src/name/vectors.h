/* vectors.h: the nearest of many int8 unit vectors, by dot product.
 *
 * An inverted file over k-means cells whose members are held twice: as a code of 4 bits for each 2 dimensions
 * (product quantisation of what is left after the cell's mean; Jégou et al. 2011, laid out for byte shuffles
 * as in André et al. 2015), scanned 32 at a time, and as they are, for the exact product of those that the
 * scan lets through. Integer arithmetic alone: AVX2 and the portable code give the same results, and equal
 * products are ordered by id. docs/embedding.md has the measurements. */
#pragma once
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define SP_VECTOR_DIMENSION 64
#define SP_VECTORS_MAX (1u << 24) /* vectors in one section */
#define SP_NEIGHBOURS_MAX 256     /* the largest k */

struct sp_neighbour {
    uint32_t id;
    int32_t dot; /* divided by 127 * 127: about the cosine */
};

/* Appends to OUT a section with COUNT vectors (0 is fine), the same bytes for the same vectors. */
int sp_vectors_build(const int8_t (*vectors)[SP_VECTOR_DIMENSION], uint32_t count, struct sp_buffer *out,
                     struct sp_error *err);

/* A view of a section; nothing is copied. Zeroed: no vectors. */
struct sp_vectors {
    uint32_t count, cell_count, group_count, probes;
    int32_t margin;
    const int8_t (*vectors)[SP_VECTOR_DIMENSION]; /* by id */
    const struct sp_vectors_cell *cells;
    const int16_t *bonuses, *means, *codewords;
    const uint8_t *codes;
    const uint32_t *members;
};

/* Lays OUT over BYTES, which must be 64-byte aligned and outlive it. Numbers inside are checked where they
 * are used: a damaged section gives wrong neighbours but no crash and no endless search. */
int sp_vectors_open(struct sp_vectors *out, const void *bytes, size_t size, struct sp_error *err);

/* The vector with ID; NULL where there is none. */
const int8_t *sp_vectors_at(const struct sp_vectors *vectors, uint32_t id);

/* Working memory of a search, one a thread, for any section; no search allocates. Zero-initialise. */
struct sp_vectors_scratch {
    struct sp_vectors_work *work;
    bool portable; /* may be set: the portable code, not what the processor is best at; for tests */
};
int sp_vectors_scratch_init(struct sp_vectors_scratch *scratch, struct sp_error *err);
void sp_vectors_scratch_free(struct sp_vectors_scratch *scratch);

/* Fills OUT (room for K, at most SP_NEIGHBOURS_MAX) with the nearest to QUERY, nearest first; returns how
 * many. Finds at least 99 of 100 of what sp_vectors_search_exact finds for k = 10. */
uint32_t sp_vectors_search(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                           const int8_t query[SP_VECTOR_DIMENSION], uint32_t k, struct sp_neighbour *out);

/* As sp_vectors_search, but only what has a product of at least LEAST: parts of the index that cannot hold
 * such are passed over, so a high LEAST is quick. */
uint32_t sp_vectors_search_above(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                                 const int8_t query[SP_VECTOR_DIMENSION], uint32_t k, int32_t least,
                                 struct sp_neighbour *out);

/* As sp_vectors_search, by comparing with every vector. */
uint32_t sp_vectors_search_exact(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                                 const int8_t query[SP_VECTOR_DIMENSION], uint32_t k,
                                 struct sp_neighbour *out);
