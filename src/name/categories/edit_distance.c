#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    /* a slip in the namespace leaves the identifiers equal; one added or lost delimiter is its own category
     */
    return (pair->distance == 1 || pair->identifier_distance == 1) && pair->plain_distance != 0;
}

const struct sp_category sp_category_edit_distance = {
    .id = SP_CATEGORY_EDIT_DISTANCE,
    .name = "edit-distance",
    .title = "1-step Damerau-Levenshtein distance",
    .source = "Neupane et al. 2023",
    .example = "loadsh for lodash",
    .holds = holds,
};
