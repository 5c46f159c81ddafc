#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    return sp_pair_keys_equal(pair, SP_KEY_TOKENS) && pair->best->name_extra > 0;
}

const struct sp_category sp_category_reordering = {
    .id = SP_CATEGORY_REORDERING,
    .name = "reordering",
    .title = "sequence reordering",
    .source = "Neupane et al. 2023",
    .example = "parser-body for body-parser",
    .holds = holds,
};
