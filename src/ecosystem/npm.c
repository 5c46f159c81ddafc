#include "base/utf8.h"
#include "ecosystem/rules.h"

#include <string.h>
#include <unicode/uchar.h>

#define NPM_MAX 214 /* with the scope */
#define NPM_BYTES (SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE | SP_TILDE | SP_URL_MARK)
#define NPM_ALLOWED "letters, digits, '-', '_', '.', and in old names ~!'()*"

/* The registry refuses these today. A letter or digit of another script passes here nevertheless, so that a
 * homoglyph is judged as a lookalike of its target, not dismissed as bad spelling. */
static bool
is_foreign_letter(uint32_t point)
{
    return point >= 0x80 && point != SP_UTF8_INVALID && sp_utf8_is_printable(point) &&
           (u_isalnum((UChar32)point) || u_charType((UChar32)point) == U_NON_SPACING_MARK);
}

static int
check_part(const char *name, size_t length, size_t from, size_t end, struct sp_error *err)
{
    for (;;) {
        from = sp_span(name, from, end, NPM_BYTES);
        if (from == end)
            return 0;
        size_t size;
        if (!is_foreign_letter(sp_point_at(name, end, from, &size)))
            return sp_refuse_byte(&sp_ecosystem_npm, name, length, from, NPM_ALLOWED, err);
        from += size;
    }
}

static int
check_scoped(const char *name, size_t length, struct sp_error *err)
{
    const char *slash = memchr(name, '/', length);
    if (!slash)
        return sp_refuse(&sp_ecosystem_npm, name, length, length, "a name that begins with '@' has a scope",
                         "write it as @scope/name", err);
    size_t at = (size_t)(slash - name);
    if (at == 1)
        return sp_refuse(&sp_ecosystem_npm, name, length, at, "the scope is empty", "write it as @scope/name",
                         err);
    if (at + 1 == length)
        return sp_refuse(&sp_ecosystem_npm, name, length, length, "nothing follows the scope",
                         "write it as @scope/name", err);
    if (name[at + 1] == '.')
        return sp_refuse(&sp_ecosystem_npm, name, length, at + 1, "a name cannot begin with a dot",
                         "check its spelling", err);
    if (check_part(name, length, 1, at, err) < 0)
        return -1;
    return check_part(name, length, at + 1, length, err);
}

static int
check_unscoped(const char *name, size_t length, struct sp_error *err)
{
    if (sp_byte_is(name[0], SP_DOT | SP_DASH | SP_UNDERSCORE))
        return sp_refuse(&sp_ecosystem_npm, name, length, 0, "a name cannot begin with '.', '-' or '_'",
                         "check its spelling", err);
    if (sp_is_word(name, length, "node_modules") || sp_is_word(name, length, "favicon.ico"))
        return sp_refuse(&sp_ecosystem_npm, name, length, 0, "the registry reserves this word",
                         "give the name of a package", err);
    const char *slash = memchr(name, '/', length);
    if (slash)
        return sp_refuse(&sp_ecosystem_npm, name, length, (size_t)(slash - name),
                         "a '/' only stands behind a scope", "write it as @scope/name", err);
    return check_part(name, length, 0, length, err);
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_npm, name, length, NPM_MAX, err) < 0)
        return -1;
    return name[0] == '@' ? check_scoped(name, length, err) : check_unscoped(name, length, err);
}

static void
split(const char *name, size_t length, struct sp_name_parts *out)
{
    if (length && name[0] == '@')
        sp_split_at(name, length, '/', out);
    else
        sp_split_none(name, length, out);
}

const struct sp_ecosystem sp_ecosystem_npm = {
    .id = SP_NPM,
    .name = "npm",
    .title = "npm",
    .aliases = (const char *const[]){ "npmjs", "node", "nodejs", "javascript", NULL },
    .source = "npm's validate-npm-package-name (names for old packages); package.json, field name",
    .has_namespaces = true,
    /* old names such as JSONStream keep their case, but no new name may differ from them by case only */
    .folds_case = true,
    .delimiters = "-_.~/",
    .validate = validate,
    .normalise = sp_append_folded,
    .split = split,
};
