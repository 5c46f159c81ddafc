#include "metadata/weights.h"

#include "name/layout.h"

#include <math.h>

/* About as many names as the vocabulary was counted over; only ratios of weights matter. */
#define NAMES 1200000.0

void
sp_weights_of_index(struct sp_weights *out, const struct sp_index *index)
{
    *out = (struct sp_weights){ &index->words };
}

double
sp_word_weight(const struct sp_weights *weights, const char *word, size_t length)
{
    if (!weights)
        return 1;
    double holds = sp_word_frequency(weights->words, word, length);
    return holds < NAMES ? log(NAMES / (holds + 1)) + 1 : 1;
}
