/* weights.h: how much a word says, by how many names of packages hold it (inverse document frequency:
 * Spärck Jones 1972). */
#pragma once
#include "name/index.h"
#include "name/words.h"

/* A view; what it points at outlives it. */
struct sp_weights {
    const struct sp_words *words;
};

void sp_weights_of_index(struct sp_weights *out, const struct sp_index *index);
/* The weight of a word in lower case: about 3 for the commonest, 14 for one that no name holds. WEIGHTS may
 * be NULL: 1 for every word. */
double sp_word_weight(const struct sp_weights *weights, const char *word, size_t length);
