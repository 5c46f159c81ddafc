/* category.h: the ways in which one name is made to be mistaken for another.
 * One file a category; this table is what reports, documentation and tests read. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The order is that of the table; a set of categories is a bit set over these numbers. */
enum sp_category_id {
    SP_CATEGORY_EDIT_DISTANCE, /* Neupane et al. 2023, thirteen */
    SP_CATEGORY_AFFIX,
    SP_CATEGORY_REORDERING,
    SP_CATEGORY_DELIMITER,
    SP_CATEGORY_GRAMMATICAL,
    SP_CATEGORY_SCOPE,
    SP_CATEGORY_SEMANTIC,
    SP_CATEGORY_ASEMANTIC,
    SP_CATEGORY_HOMOPHONIC,
    SP_CATEGORY_SIMPLIFICATION,
    SP_CATEGORY_SPELLING,
    SP_CATEGORY_HOMOGRAPHIC,
    SP_CATEGORY_FAMILIAR_TERM,
    SP_CATEGORY_IMPERSONATION, /* ConfuGuard, two */
    SP_CATEGORY_COMPOUND,
    SP_CATEGORY_COMMAND, /* Sallyport, four */
    SP_CATEGORY_IMPORT_NAME,
    SP_CATEGORY_CROSS_ECOSYSTEM,
    SP_CATEGORY_SLOPSQUATTING,
    SP_CATEGORY_COUNT,
};

struct sp_pair; /* pair.h: two names prepared for comparison */

struct sp_category {
    enum sp_category_id id;
    const char *name;    /* "scope-confusion": in JSON, SARIF and docs */
    const char *title;   /* "scope confusion" */
    const char *source;  /* who described it */
    const char *example; /* "azure-core for @azure/core" */
    /* Whether the pair is of this kind; NULL for those that do not compare two names (command,
     * slopsquatting). */
    bool (*holds)(const struct sp_pair *pair);
};

extern const struct sp_category *const sp_categories[SP_CATEGORY_COUNT];

/* By name; NULL: unknown. */
const struct sp_category *sp_category_find(const char *name);
