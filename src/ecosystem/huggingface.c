#include "ecosystem/rules.h"

#include <string.h>

#define HF_PART_MAX 96
#define HF_BYTES (SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE)

static int
refuse(const char *name, size_t length, size_t at, const char *rule, const char *advice, struct sp_error *err)
{
    return sp_refuse(&sp_ecosystem_huggingface, name, length, at, rule, advice, err);
}

static int
check_part(const char *name, size_t length, size_t from, size_t end, struct sp_error *err)
{
    if (from == end)
        return refuse(name, length, from, "a part of the name is empty", "write it as author/model", err);
    size_t at = sp_span(name, from, end, HF_BYTES);
    if (at < end)
        return sp_refuse_byte(&sp_ecosystem_huggingface, name, length, at,
                              "ASCII letters, digits, '-', '_' and '.'", err);
    if (end - from > HF_PART_MAX)
        return refuse(name, length, from + HF_PART_MAX, "a part of the name has at most 96 bytes",
                      "look for text that ran into the name", err);
    if (sp_byte_is(name[from], SP_DASH | SP_DOT))
        return refuse(name, length, from, "a part cannot begin with '-' or '.'", "check its spelling", err);
    if (sp_byte_is(name[end - 1], SP_DASH | SP_DOT))
        return refuse(name, length, end - 1, "a part cannot end with '-' or '.'", "check its spelling", err);
    return 0;
}

static int
check_doubles(const char *name, size_t length, struct sp_error *err)
{
    for (size_t i = 1; i < length; i++)
        if (name[i] == name[i - 1] && sp_byte_is(name[i], SP_DASH | SP_DOT))
            return refuse(name, length, i, "'--' and '..' are forbidden", "check its spelling", err);
    return 0;
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_huggingface, name, length, SP_NAME_MAX, err) < 0)
        return -1;
    const char *slash = memchr(name, '/', length);
    size_t at = slash ? (size_t)(slash - name) : 0;
    const char *second = slash ? memchr(slash + 1, '/', length - at - 1) : NULL;
    if (second)
        return refuse(name, length, (size_t)(second - name), "there is at most one '/'",
                      "write it as author/model, without the kind of repository", err);
    if ((slash && check_part(name, length, 0, at, err) < 0) ||
        check_part(name, length, slash ? at + 1 : 0, length, err) < 0 || check_doubles(name, length, err) < 0)
        return -1;
    if (length >= 4 && !memcmp(name + length - 4, ".git", 4))
        return refuse(name, length, length - 4, "a name cannot end with '.git'", "remove it", err);
    return 0;
}

static void
split(const char *name, size_t length, struct sp_name_parts *out)
{
    sp_split_at(name, length, '/', out);
}

const struct sp_ecosystem sp_ecosystem_huggingface = {
    .id = SP_HUGGINGFACE,
    .name = "huggingface",
    .title = "Hugging Face",
    .aliases = (const char *const[]){ "hf", "hugging-face", NULL },
    .source = "huggingface_hub, validate_repo_id",
    .has_namespaces = true,
    .folds_case = true,
    .delimiters = "-_./",
    .validate = validate,
    .normalise = sp_append_folded,
    .split = split,
};
