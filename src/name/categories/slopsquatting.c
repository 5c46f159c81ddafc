#include "name/category.h"

/* Compares a name with a list, not with another name: found by the search itself. */

const struct sp_category sp_category_slopsquatting = {
    .id = SP_CATEGORY_SLOPSQUATTING,
    .name = "slopsquatting",
    .title = "slopsquatting",
    .source = "Sallyport; the term is Larson's, 2025",
    .example = "a name that no registry holds",
};
