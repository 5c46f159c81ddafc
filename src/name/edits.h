/* edits.h: all strings within two edits of a name, by a deletion neighbourhood of halves.
 *
 * A deletion neighbourhood (Mor and Fraenkel 1982; Garbe's SymSpell) of distance 2 grows with the square of
 * the length. Cut each target in two halves: of two edits at most one falls into one of them (a transposition
 * across the cut counts as a substitution in each, which changes nothing). So it is enough to store each
 * half, whole and with each one byte left out: length + 2 entries a target; and to look up the head or the
 * tail of the name, whole and with one byte left out. What is found is verified by the exact distance. */
#pragma once
#include "name/postings.h"

#include <stdint.h>

/* The table, used in place. Layout (little-endian): u32 count, u32 bits, u32 id_bits, u32 zero, u32
 * directory[2^bits + 1], then count entries of u32, sorted: the number in the low ID_BITS, above them as much
 * of the hash as has room. */
struct sp_edits_table {
    const uint32_t *directory; /* borrowed from the opened bytes */
    const uint32_t *entries;
    uint32_t count, bits, id_bits;
};

/* Checks the sizes in BYTES (4-aligned); the directory is checked at each look-up. */
int sp_edits_open(struct sp_edits_table *out, const void *bytes, size_t size, struct sp_error *err);

/* Adds the target STRING with number ID to BUILDER. */
int sp_edits_add(struct sp_postings_builder *builder, const char *string, size_t length, uint32_t id,
                 struct sp_error *err);
/* Appends the table to OUT; the numbers must be below 2^28. */
int sp_edits_write(struct sp_postings_builder *builder, struct sp_buffer *out, struct sp_error *err);

/* Calls FOUND for each number whose target may be within LIMIT (1 or 2) edits of NAME; a number may come more
 * than once, and may be farther away. None within LIMIT is missed. */
void sp_edits_find(const struct sp_edits_table *table, const char *name, size_t length, unsigned limit,
                   void (*found)(void *context, uint32_t id), void *context);
