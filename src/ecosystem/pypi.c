#include "ecosystem/rules.h"

#define PYPI_SEPARATORS (SP_DASH | SP_UNDERSCORE | SP_DOT)

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_pypi, name, length, SP_NAME_MAX, err) < 0)
        return -1;
    size_t at = sp_span(name, 0, length, SP_ALNUM | PYPI_SEPARATORS);
    if (at < length)
        return sp_refuse_byte(&sp_ecosystem_pypi, name, length, at, "ASCII letters, digits, '.', '_' and '-'",
                              err);
    if (!sp_byte_is(name[0], SP_ALNUM))
        return sp_refuse(&sp_ecosystem_pypi, name, length, 0, "a name begins with a letter or digit",
                         "check its spelling", err);
    if (!sp_byte_is(name[length - 1], SP_ALNUM))
        return sp_refuse(&sp_ecosystem_pypi, name, length, length - 1, "a name ends with a letter or digit",
                         "check its spelling", err);
    return 0;
}

/* PEP 503: lower case, and every run of separators is one '-'. */
static int
normalise(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_reserve(out, length, err) < 0)
        return -1;
    for (size_t i = 0; i < length; i++) {
        bool separates = sp_byte_is(name[i], PYPI_SEPARATORS);
        if (!separates)
            sp_put(out, sp_lower(name[i]));
        else if (i == 0 || !sp_byte_is(name[i - 1], PYPI_SEPARATORS))
            sp_put(out, '-');
    }
    sp_put_end(out);
    return 0;
}

const struct sp_ecosystem sp_ecosystem_pypi = {
    .id = SP_PYPI,
    .name = "pypi",
    .title = "PyPI",
    .aliases = (const char *const[]){ "pip", "python", NULL },
    .source = "Python packaging specifications, names and normalization (PEP 508, PEP 503)",
    .folds_case = true,
    .delimiters = "-_.",
    .validate = validate,
    .normalise = normalise,
    .split = sp_split_none,
};
