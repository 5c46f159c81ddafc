#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    return !pair->same_ecosystem && pair->plain_distance == 0;
}

const struct sp_category sp_category_cross_ecosystem = {
    .id = SP_CATEGORY_CROSS_ECOSYSTEM,
    .name = "cross-ecosystem",
    .title = "cross-ecosystem confusion",
    .source = "Sallyport",
    .example = "activesupport on npm for the gem",
    .holds = holds,
};
