/* osa.h: distances between two short byte strings.
 * Sources: optimal string alignment, Damerau 1964 as restricted by Boytsov 2011; its bit-parallel form,
 * Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances". */
#pragma once
#include "verdict/finding.h"

#include <stddef.h>
#include <stdint.h>

/* The optimal string alignment distance of A and B in bytes; exact, whatever the lengths (at most
 * SP_NAME_MAX). */
unsigned sp_osa(const char *a, size_t a_length, const char *b, size_t b_length);

/* As sp_osa, but a result above LIMIT may be reported as LIMIT + 1, sooner. */
unsigned sp_osa_within(const char *a, size_t a_length, const char *b, size_t b_length, unsigned limit);

/* Whether two characters are neighbours on a QWERTY keyboard. */
bool sp_keys_adjacent(char a, char b);

/* Aligns NAME with TARGET at least cost and writes at most LIMIT runs to EDITS; returns their number. Where
 * there would be more: the common head, one replacement, the common tail. Neighbouring edits of one kind are
 * one run. Cuts fall between UTF-8 characters. */
size_t sp_align(const char *name, size_t name_length, const char *target, size_t target_length,
                struct sp_edit *edits, size_t limit);
