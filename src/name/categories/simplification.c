#include "name/category.h"
#include "name/pair.h"

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_word_difference *best = pair->best;
    return best->name_extra == 0 && best->target_extra > 0 && best->head + best->tail > 0;
}

const struct sp_category sp_category_simplification = {
    .id = SP_CATEGORY_SIMPLIFICATION,
    .name = "simplification",
    .title = "simplification",
    .source = "Neupane et al. 2023",
    .example = "body-parse for body-parser-json",
    .holds = holds,
};
