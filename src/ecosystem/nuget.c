#include "ecosystem/rules.h"

#include <unicode/uchar.h>

#define NUGET_MAX 100 /* characters */
#define NUGET_ALLOWED "letters, digits, '_', '.' and '-'"

/* .NET's \w beyond ASCII. It reads UTF-16 unit by unit, so nothing above U+FFFF is a word character. */
static bool
is_word_point(uint32_t point)
{
    if (point < 0x80 || point > 0xffff)
        return false;
    uint32_t words = U_GC_L_MASK | U_GC_MN_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
    return U_MASK(u_charType((UChar32)point)) & words;
}

/* \w+([_.-]\w+)* : a '.' or '-' stands between word characters. */
static int
check_separator(const char *name, size_t length, size_t at, bool after_word, struct sp_error *err)
{
    if (!after_word)
        return sp_refuse(&sp_ecosystem_nuget, name, length, at, "'.' and '-' stand between letters or digits",
                         "check its spelling", err);
    if (at + 1 == length)
        return sp_refuse(&sp_ecosystem_nuget, name, length, at, "a name ends with a letter or digit",
                         "check its spelling", err);
    return 0;
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_nuget, name, length, NUGET_MAX * 3, err) < 0)
        return -1;
    bool after_word = false;
    for (size_t i = 0, count = 0; i < length; count++) {
        if (count == NUGET_MAX)
            return sp_refuse(&sp_ecosystem_nuget, name, length, i, "a name has at most 100 characters",
                             "look for text that ran into the name", err);
        if (sp_byte_is(name[i], SP_DOT | SP_DASH)) {
            if (check_separator(name, length, i, after_word, err) < 0)
                return -1;
            after_word = false;
            i++;
            continue;
        }
        size_t size = 1;
        if (!sp_byte_is(name[i], SP_ALNUM | SP_UNDERSCORE) &&
            !is_word_point(sp_point_at(name, length, i, &size)))
            return sp_refuse_byte(&sp_ecosystem_nuget, name, length, i, NUGET_ALLOWED, err);
        after_word = true;
        i += size;
    }
    return 0;
}

const struct sp_ecosystem sp_ecosystem_nuget = {
    .id = SP_NUGET,
    .name = "nuget",
    .title = "NuGet",
    .aliases = (const char *const[]){ "dotnet", NULL },
    .source = "NuGet.Packaging, PackageIdValidator",
    .folds_case = true,
    .delimiters = "-_.",
    .validate = validate,
    .normalise = sp_append_folded,
    .split = sp_split_none,
};
