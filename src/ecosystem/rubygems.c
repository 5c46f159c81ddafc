#include "ecosystem/rules.h"

#define GEM_MAX 255 /* rubygems.org, MAX_FIELD_LENGTH */

/* rubygems.org asks of new names to begin with a letter or digit and to hold a letter; gems such as "_" and
 * ".cat" are older than that. */
static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_rubygems, name, length, GEM_MAX, err) < 0)
        return -1;
    size_t at = sp_span(name, 0, length, SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE);
    if (at < length)
        return sp_refuse_byte(&sp_ecosystem_rubygems, name, length, at,
                              "ASCII letters, digits, '.', '-' and '_'", err);
    if (sp_span(name, 0, length, SP_DOT) == length)
        return sp_refuse(&sp_ecosystem_rubygems, name, length, 0, "a name is more than dots",
                         "check its spelling", err);
    return 0;
}

const struct sp_ecosystem sp_ecosystem_rubygems = {
    .id = SP_RUBYGEMS,
    .name = "rubygems",
    .title = "RubyGems",
    .aliases = (const char *const[]){ "gem", "gems", "ruby", NULL },
    .source = "Gem::Specification::VALID_NAME_PATTERN and Gem::SpecificationPolicy; rubygems.org, Rubygem",
    /* gems keep their case (RedCloth), but no new one may differ from another by case only */
    .folds_case = true,
    .delimiters = "-_.",
    .validate = validate,
    .normalise = sp_append_folded,
    .split = sp_split_none,
};
