#include "ecosystem/rules.h"

#include <string.h>

#define MAVEN_BYTES (SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE)
#define MAVEN_FORM "write it as group:artifact"

static int
check_bytes(const char *name, size_t length, size_t from, size_t end, struct sp_error *err)
{
    size_t at = sp_span(name, from, end, MAVEN_BYTES);
    if (at < end)
        return sp_refuse_byte(&sp_ecosystem_maven, name, length, at,
                              "ASCII letters, digits, '.', '-' and '_'", err);
    return 0;
}

/* A group's dots become directories of the repository: an empty one cannot be. */
static int
check_group(const char *name, size_t length, size_t end, struct sp_error *err)
{
    for (size_t i = 0; i < end; i++)
        if (name[i] == '.' && (i == 0 || i + 1 == end || name[i - 1] == '.'))
            return sp_refuse(&sp_ecosystem_maven, name, length, i, "a dot joins two words of the group",
                             "remove the dot, or add the word that is missing", err);
    return check_bytes(name, length, 0, end, err);
}

static int
check_artifact(const char *name, size_t length, size_t from, struct sp_error *err)
{
    if (sp_span(name, from, length, SP_DOT) == length)
        return sp_refuse(&sp_ecosystem_maven, name, length, from, "an artifact is more than dots",
                         "check its spelling", err);
    return check_bytes(name, length, from, length, err);
}

static int
validate(const char *name, size_t length, struct sp_error *err)
{
    if (sp_check_length(&sp_ecosystem_maven, name, length, SP_NAME_MAX, err) < 0)
        return -1;
    const char *colon = memchr(name, ':', length);
    if (!colon)
        return sp_refuse(&sp_ecosystem_maven, name, length, length, "a ':' parts the group and the artifact",
                         MAVEN_FORM, err);
    size_t at = (size_t)(colon - name);
    if (at == 0)
        return sp_refuse(&sp_ecosystem_maven, name, length, 0, "the group is empty", MAVEN_FORM, err);
    if (at + 1 == length)
        return sp_refuse(&sp_ecosystem_maven, name, length, length, "the artifact is empty", MAVEN_FORM, err);
    const char *second = memchr(colon + 1, ':', length - at - 1);
    if (second)
        return sp_refuse(&sp_ecosystem_maven, name, length, (size_t)(second - name), "there is a second ':'",
                         "write it as group:artifact, without version and packaging", err);
    if (check_group(name, length, at, err) < 0)
        return -1;
    return check_artifact(name, length, at + 1, err);
}

static int
normalise(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    return sp_buffer_append(out, name, length, err);
}

static void
split(const char *name, size_t length, struct sp_name_parts *out)
{
    sp_split_at(name, length, ':', out);
}

const struct sp_ecosystem sp_ecosystem_maven = {
    .id = SP_MAVEN,
    .name = "maven",
    .title = "Maven",
    .aliases = (const char *const[]){ "mvn", "java", NULL },
    .source = "Maven's DefaultModelValidator, identifiers [A-Za-z0-9_.-]+; repository layout",
    .has_namespaces = true,
    .delimiters = "-_.:",
    .validate = validate,
    .normalise = normalise,
    .split = split,
};
