#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    /* a namespace's own mark is no delimiter that somebody changed */
    return pair->plain_distance == 0 && pair->distance > 0;
}

const struct sp_category sp_category_delimiter = {
    .id = SP_CATEGORY_DELIMITER,
    .name = "delimiter",
    .title = "delimiter modification",
    .source = "Neupane et al. 2023",
    .example = "bodyparser for body-parser",
    .holds = holds,
};
