#include "ecosystem/rules.h"

#define CRATE_MAX 64

/* Those of crates.io's reserved names that can never be a crate: the compiler's own. */
static bool
is_reserved(const char *name, size_t length)
{
    static const char *const words[] = { "std", "core", "alloc", "test", "proc_macro", "proc-macro" };
    for (size_t i = 0; i < SP_COUNT(words); i++)
        if (sp_is_word(name, length, words[i]))
            return true;
    return sp_is_windows_device(name, length);
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_cargo, name, length, CRATE_MAX, err) < 0)
        return -1;
    size_t at = sp_span(name, 0, length, SP_ALNUM | SP_DASH | SP_UNDERSCORE);
    if (at < length)
        return sp_refuse_byte(&sp_ecosystem_cargo, name, length, at, "ASCII letters, digits, '-' and '_'",
                              err);
    if (!sp_byte_is(name[0], SP_LETTER))
        return sp_refuse(&sp_ecosystem_cargo, name, length, 0, "a name begins with a letter",
                         "check its spelling", err);
    if (is_reserved(name, length))
        return sp_refuse(&sp_ecosystem_cargo, name, length, 0, "the registry reserves this word",
                         "give the name of a crate; the standard library needs none", err);
    return 0;
}

/* As crates.io's canon_crate_name(). */
static int
normalise(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_reserve(out, length, err) < 0)
        return -1;
    for (size_t i = 0; i < length; i++)
        sp_put(out, name[i] == '-' ? '_' : sp_lower(name[i]));
    sp_put_end(out);
    return 0;
}

const struct sp_ecosystem sp_ecosystem_cargo = {
    .id = SP_CARGO,
    .name = "cargo",
    .title = "crates.io",
    .aliases = (const char *const[]){ "crates", "crates.io", "crate", "rust", NULL },
    .source = "The Cargo Book, manifest, field name; crates.io, Crate::valid_name and reserved names",
    .folds_case = true,
    .delimiters = "-_",
    .validate = validate,
    .normalise = normalise,
    .split = sp_split_none,
};
