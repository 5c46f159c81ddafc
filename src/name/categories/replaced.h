/* replaced.h: what semantic and asemantic substitution have in common. */
#pragma once
#include "name/osa.h"
#include "name/pair.h"

/* Embeddings of the whole names at least this near mean much the same. */
#define SP_SEMANTIC_COSINE 0.75

/* Whether one word of the target gave way to another that is no misspelling of it, and the rest is equal. */
static inline bool
sp_pair_one_word_replaced(const struct sp_pair *pair)
{
    const struct sp_word_difference *best = pair->best;
    if (best->name_extra != 1 || best->target_extra != 1 || best->head + best->tail == 0)
        return false;
    struct sp_slice a = sp_pair_name_word(pair, 0), b = sp_pair_target_word(pair, 0);
    return sp_osa_within(a.bytes, a.length, b.bytes, b.length, 2) > 2;
}
