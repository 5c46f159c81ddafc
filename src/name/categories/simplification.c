#include "name/category.h"
#include "name/pair.h"

#include <string.h>

/* A shorter core is part of too many names by chance. */
#define LEAST_CORE 4

/* The affix was glued to the target: yaml for pyyaml, express for expressjs. */
static bool
lost_glued_affix(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    if (name->plain_length < LEAST_CORE || target->plain_length < name->plain_length + 2)
        return false;
    size_t more = target->plain_length - (size_t)name->plain_length;
    if (memcmp(target->plain + more, name->plain, name->plain_length) == 0)
        return sp_word_affix(pair->words, target->plain, more) != SP_AFFIX_NONE;
    return memcmp(target->plain, name->plain, name->plain_length) == 0 &&
           sp_word_affix(pair->words, target->plain + name->plain_length, more) != SP_AFFIX_NONE;
}

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_word_difference *best = pair->best;
    if (best->name_extra == 0 && best->target_extra > 0 && best->head + best->tail > 0)
        return true;
    return lost_glued_affix(pair);
}

const struct sp_category sp_category_simplification = {
    .id = SP_CATEGORY_SIMPLIFICATION,
    .name = "simplification",
    .title = "simplification",
    .source = "Neupane et al. 2023",
    .example = "body-parser for body-parser-json",
    .holds = holds,
};
