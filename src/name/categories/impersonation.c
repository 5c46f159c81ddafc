#include "name/category.h"
#include "name/pair.h"

#include <string.h>

/* "sentry" in "sentry-internals"; shorter beginnings are shared by chance. */
#define LEAST_SPACE 4

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    if (!name->namespace_length || !target->namespace_length || pair->namespace_distance == 0)
        return false;
    size_t shorter =
        name->namespace_length < target->namespace_length ? name->namespace_length : target->namespace_length;
    bool resembles = pair->namespace_distance <= (shorter < 5 ? 1 : 2) ||
                     (shorter >= LEAST_SPACE && memcmp(name->namespace_, target->namespace_, shorter) == 0);
    return resembles && (pair->identifier_distance <= 1 || pair->identifier.name_extra == 0);
}

const struct sp_category sp_category_impersonation = {
    .id = SP_CATEGORY_IMPERSONATION,
    .name = "impersonation",
    .title = "impersonation squatting",
    .source = "ConfuGuard 2025",
    .example = "@typess/node for @types/node",
    .holds = holds,
};
