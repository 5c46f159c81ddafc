#include "name/category.h"
#include "name/pair.h"

#include <string.h>

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    bool same_space = name->namespace_length == target->namespace_length &&
                      memcmp(name->namespace_, target->namespace_, name->namespace_length) == 0;
    if (same_space || !pair->same_ecosystem)
        return false;
    return pair->identifier_distance == 0 || pair->plain_distance == 0;
}

const struct sp_category sp_category_scope = {
    .id = SP_CATEGORY_SCOPE,
    .name = "scope-confusion",
    .title = "scope confusion",
    .source = "Neupane et al. 2023",
    .example = "azure-core-tracing for @azure/core-tracing",
    .holds = holds,
};
