#include "name/category.h"

#include <string.h>

extern const struct sp_category sp_category_edit_distance, sp_category_affix, sp_category_reordering,
    sp_category_delimiter, sp_category_grammatical, sp_category_scope, sp_category_semantic,
    sp_category_asemantic, sp_category_homophonic, sp_category_simplification, sp_category_spelling,
    sp_category_homographic, sp_category_familiar_term, sp_category_impersonation, sp_category_compound,
    sp_category_command, sp_category_import_name, sp_category_cross_ecosystem, sp_category_slopsquatting;

const struct sp_category *const sp_categories[SP_CATEGORY_COUNT] = {
    [SP_CATEGORY_EDIT_DISTANCE] = &sp_category_edit_distance,
    [SP_CATEGORY_AFFIX] = &sp_category_affix,
    [SP_CATEGORY_REORDERING] = &sp_category_reordering,
    [SP_CATEGORY_DELIMITER] = &sp_category_delimiter,
    [SP_CATEGORY_GRAMMATICAL] = &sp_category_grammatical,
    [SP_CATEGORY_SCOPE] = &sp_category_scope,
    [SP_CATEGORY_SEMANTIC] = &sp_category_semantic,
    [SP_CATEGORY_ASEMANTIC] = &sp_category_asemantic,
    [SP_CATEGORY_HOMOPHONIC] = &sp_category_homophonic,
    [SP_CATEGORY_SIMPLIFICATION] = &sp_category_simplification,
    [SP_CATEGORY_SPELLING] = &sp_category_spelling,
    [SP_CATEGORY_HOMOGRAPHIC] = &sp_category_homographic,
    [SP_CATEGORY_FAMILIAR_TERM] = &sp_category_familiar_term,
    [SP_CATEGORY_IMPERSONATION] = &sp_category_impersonation,
    [SP_CATEGORY_COMPOUND] = &sp_category_compound,
    [SP_CATEGORY_COMMAND] = &sp_category_command,
    [SP_CATEGORY_IMPORT_NAME] = &sp_category_import_name,
    [SP_CATEGORY_CROSS_ECOSYSTEM] = &sp_category_cross_ecosystem,
    [SP_CATEGORY_SLOPSQUATTING] = &sp_category_slopsquatting,
};

const struct sp_category *
sp_category_find(const char *name)
{
    for (int i = 0; i < SP_CATEGORY_COUNT; i++)
        if (strcmp(sp_categories[i]->name, name) == 0)
            return sp_categories[i];
    return NULL;
}
