#include "name/category.h"
#include "name/pair.h"

#include <string.h>

/* A shorter core is part of too many names by chance. */
#define LEAST_CORE 4

static bool
holds(const struct sp_pair *pair)
{
    if (pair->best->target_extra == 0 && pair->best->name_extra > 0 &&
        pair->best->head + pair->best->tail > 0)
        return true;
    /* glued: requestsjs */
    const struct sp_side *name = pair->name, *target = pair->target;
    if (target->plain_length < LEAST_CORE || name->plain_length < target->plain_length + 2)
        return false;
    size_t more = name->plain_length - (size_t)target->plain_length;
    return memcmp(name->plain, target->plain, target->plain_length) == 0 ||
           memcmp(name->plain + more, target->plain, target->plain_length) == 0;
}

const struct sp_category sp_category_affix = {
    .id = SP_CATEGORY_AFFIX,
    .name = "affix",
    .title = "prefix or suffix augmentation",
    .source = "Neupane et al. 2023",
    .example = "lodash-utils for lodash",
    .holds = holds,
};
