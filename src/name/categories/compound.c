#include "name/category.h"
#include "name/pair.h"
#include "name/osa.h"

#define LEAST_CORE 4
/* Two letters make another word of a shorter one: rake is not rack. */
#define LEAST_TWICE 6

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    if (pair->plain_distance == 0 || pair->distance <= 1 || pair->identifier_distance <= 1)
        return false;
    /* several letters, or a letter and a delimiter */
    int least = pair->plain_distance == 1 ? LEAST_CORE : LEAST_TWICE;
    if (pair->plain_distance <= 2 && target->plain_length >= least && name->plain_length >= least)
        return true;
    /* a misspelt target within a longer name: one word close to the target's, the others added or equal */
    if (pair->best->target_extra != 1 || pair->best->name_extra < 1 ||
        (pair->best->name_extra == 1 && target->tokens.count > 1))
        return false;
    struct sp_slice word = sp_pair_target_word(pair, 0);
    if (word.length < LEAST_CORE)
        return false;
    for (unsigned i = 0; i < pair->best->name_extra; i++) {
        struct sp_slice other = sp_pair_name_word(pair, i);
        if (sp_osa_within(other.bytes, other.length, word.bytes, word.length, 2) <=
            (word.length < LEAST_TWICE ? 1u : 2u))
            return true;
    }
    return false;
}

const struct sp_category sp_category_compound = {
    .id = SP_CATEGORY_COMPOUND,
    .name = "compound",
    .title = "compound squatting",
    .source = "ConfuGuard 2025",
    .example = "loadash-cli for lodash",
    .holds = holds,
};
