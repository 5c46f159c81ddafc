#include "name/category.h"

/* Compares a name with a list, not with another name: found by the search itself. */

const struct sp_category sp_category_command = {
    .id = SP_CATEGORY_COMMAND,
    .name = "command",
    .title = "command squatting",
    .source = "Sallyport",
    .example = "install for pip install",
};
