#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    return sp_pair_keys_equal(pair, SP_KEY_SPELLING) && pair->plain_distance > 0;
}

const struct sp_category sp_category_spelling = {
    .id = SP_CATEGORY_SPELLING,
    .name = "spelling",
    .title = "alternate spelling",
    .source = "Neupane et al. 2023",
    .example = "colour for color",
    .holds = holds,
};
