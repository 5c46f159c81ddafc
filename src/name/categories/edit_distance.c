#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    unsigned distance =
        pair->identifier_distance < pair->distance ? pair->identifier_distance : pair->distance;
    if (distance != 1)
        return false;
    /* one added or lost delimiter is its own category */
    return pair->plain_distance != 0 || sp_pair_keys_equal(pair, SP_KEY_EXACT);
}

const struct sp_category sp_category_edit_distance = {
    .id = SP_CATEGORY_EDIT_DISTANCE,
    .name = "edit-distance",
    .title = "1-step Damerau-Levenshtein distance",
    .source = "Neupane et al. 2023",
    .example = "loadsh for lodash",
    .holds = holds,
};
