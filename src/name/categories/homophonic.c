#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    return sp_pair_keys_equal(pair, SP_KEY_PHONETIC) && pair->plain_distance > 0;
}

const struct sp_category sp_category_homophonic = {
    .id = SP_CATEGORY_HOMOPHONIC,
    .name = "homophonic",
    .title = "homophonic similarity",
    .source = "Neupane et al. 2023",
    .example = "rekwest for request",
    .holds = holds,
};
