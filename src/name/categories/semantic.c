#include "name/category.h"
#include "name/pair.h"
#include "name/categories/replaced.h"

static bool
holds(const struct sp_pair *pair)
{
    if (!sp_pair_one_word_replaced(pair))
        return false;
    return pair->cosine >= SP_SEMANTIC_COSINE;
}

const struct sp_category sp_category_semantic = {
    .id = SP_CATEGORY_SEMANTIC,
    .name = "semantic",
    .title = "semantic substitution",
    .source = "Neupane et al. 2023",
    .example = "http-download for http-fetch",
    .holds = holds,
};
