#include "name/category.h"
#include "name/pair.h"
#include "name/categories/replaced.h"

static bool
holds(const struct sp_pair *pair)
{
    if (!sp_pair_one_word_replaced(pair))
        return false;
    /* written so that an unknown cosine is asemantic: nothing says that the words mean the same */
    return !(pair->cosine >= SP_SEMANTIC_COSINE);
}

const struct sp_category sp_category_asemantic = {
    .id = SP_CATEGORY_ASEMANTIC,
    .name = "asemantic",
    .title = "asemantic substitution",
    .source = "Neupane et al. 2023",
    .example = "colour-banana for colour-convert",
    .holds = holds,
};
