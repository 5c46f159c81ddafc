/* vectors_layout.h: the section of vectors.h, for the code that writes it and the code that reads it.
 *
 * Version 1, all numbers little-endian, used in place: a header of 64 bytes, then, each at the next multiple
 * of 64 bytes:
 *   vectors    int8[64] each, by id
 *   cells      struct sp_vectors_cell each
 *   bonuses    int16 of each cell, added to its mean's product when cells are ordered: a wide one reaches far
 *   means      int16, blocks of 8 cells: for each pair of dimensions, the two numbers of each cell
 *   codewords  int16, for each of the 32 parts of 2 dimensions: of each dimension the number in 16 words
 *   codes      of each group of 32 members 256 bytes for the first half of the parts, then of each group as
 *              many for the second: for each part 16 bytes, whose lower halves are the codewords of members
 *              0-15 and whose upper halves are those of members 16-31
 *   members    u32 ids, in groups of 32; the last group of a cell is filled up with UINT32_MAX
 * A section without cells is searched by comparing with every vector. */
#pragma once
#include "name/vectors.h"

#include <stdbool.h>

#define SP_VECTORS_MAGIC "SALLYVEC"
#define SP_VECTORS_VERSION 1u

#define SP_VECTORS_PARTS 32
#define SP_VECTORS_PART (SP_VECTOR_DIMENSION / SP_VECTORS_PARTS)
#define SP_VECTORS_WORDS 16 /* codewords of a part */
#define SP_VECTORS_CODEWORDS (SP_VECTORS_PARTS * SP_VECTORS_PART * SP_VECTORS_WORDS)
#define SP_VECTORS_GROUP 32 /* members that are scanned at once */
#define SP_VECTORS_HALF (SP_VECTORS_PARTS / 2)
#define SP_VECTORS_HALF_BYTES                                                                                \
    (SP_VECTORS_GROUP * SP_VECTORS_HALF / 2) /* of a group's codes of half the parts */
#define SP_VECTORS_BLOCK 8                   /* cells whose means are interleaved */
#define SP_VECTORS_BLOCK_NUMBERS (SP_VECTORS_BLOCK * SP_VECTOR_DIMENSION)
#define SP_VECTORS_CELLS_MAX 4096
#define SP_VECTORS_NONE UINT32_MAX

struct sp_vectors_header {
    char magic[8];
    uint32_t version, dimension;
    uint32_t count, cells, groups;
    uint32_t probes; /* cells that a search opens */
    uint32_t margin; /* by how much a code may underrate a product */
    uint32_t reserved[5];
    uint64_t size;
};

struct sp_vectors_cell {
    uint32_t first_group, group_count;
};

/* The loops that matter, once in portable C and once for what the processor is best at; same results. */
struct sp_vectors_kernels {
    /* The products of QUERY with the means of BLOCKS blocks. */
    void (*means)(const int16_t *means, uint32_t blocks, const int16_t query[SP_VECTOR_DIMENSION],
                  int32_t *out);
    /* Bit I of OUT[G]: the sum of member I of group G, read from TABLE, is at least FLOOR. A group is given
     * up (OUT[G] is 0) where no member's sum over the first half of the parts is at least HALF_FLOOR. Floors
     * are 0 to 32767; TABLE has numbers up to 127. */
    void (*scan)(const uint8_t *first, const uint8_t *second, uint32_t groups,
                 const uint8_t table[SP_VECTORS_PARTS][SP_VECTORS_WORDS], int32_t half_floor, int32_t floor,
                 uint32_t *out);
    int32_t (*dot)(const int8_t a[SP_VECTOR_DIMENSION], const int16_t query[SP_VECTOR_DIMENSION]);
    /* The products of QUERY with COUNT vectors that follow each other. */
    void (*dots)(const int8_t (*vectors)[SP_VECTOR_DIMENSION], uint32_t count,
                 const int16_t query[SP_VECTOR_DIMENSION], int32_t *out);
};

extern const struct sp_vectors_kernels sp_vectors_portable;
const struct sp_vectors_kernels *sp_vectors_fastest(void);

/* The place of dimension I of cell C in the interleaved means. */
static inline size_t
sp_vectors_mean_at(uint32_t c, uint32_t i)
{
    return (size_t)(c / SP_VECTORS_BLOCK) * SP_VECTORS_BLOCK_NUMBERS + i / 2 * SP_VECTORS_BLOCK * 2 +
           c % SP_VECTORS_BLOCK * 2 + i % 2;
}
