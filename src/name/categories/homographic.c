#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    if (!sp_pair_keys_equal(pair, SP_KEY_LOOKALIKE))
        return false;
    return pair->plain_distance > 0 || pair->name->ascii != pair->target->ascii;
}

const struct sp_category sp_category_homographic = {
    .id = SP_CATEGORY_HOMOGRAPHIC,
    .name = "homographic",
    .title = "homographic replacement",
    .source = "Neupane et al. 2023",
    .example = "1odash for lodash",
    .holds = holds,
};
