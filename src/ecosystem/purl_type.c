#include "ecosystem/purl_type.h"
#include "ecosystem/rules.h"

#include <string.h>

/* golang: the specification asks for lower case, but Go's module paths are case-sensitive
 * (github.com/BurntSushi/toml): lowered, they would name another module. We keep them as they are.
 * golang and huggingface: the definitions require a namespace, but go4.org and gpt2 have none. */
static const struct sp_purl_type types[] = {
    { "npm", &sp_ecosystem_npm, SP_PURL_LOWER },
    { "pypi", &sp_ecosystem_pypi, SP_PURL_LOWER | SP_PURL_DASHES | SP_PURL_NO_NAMESPACE },
    { "gem", &sp_ecosystem_rubygems, SP_PURL_NO_NAMESPACE },
    { "maven", &sp_ecosystem_maven, SP_PURL_NEEDS_NAMESPACE },
    { "golang", &sp_ecosystem_golang, 0 },
    { "huggingface", &sp_ecosystem_huggingface, SP_PURL_LOWER_VERSION },
    { "cargo", &sp_ecosystem_cargo, SP_PURL_NO_NAMESPACE },
    { "nuget", &sp_ecosystem_nuget, SP_PURL_NO_NAMESPACE },
    { "alpm", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "apk", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "bitbucket", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "bitnami", NULL, SP_PURL_LOWER_NAME | SP_PURL_NO_NAMESPACE },
    { "cocoapods", NULL, SP_PURL_NO_NAMESPACE },
    { "composer", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "conda", NULL, SP_PURL_NO_NAMESPACE },
    { "cran", NULL, SP_PURL_NO_NAMESPACE },
    { "deb", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "github", NULL, SP_PURL_LOWER | SP_PURL_NEEDS_NAMESPACE },
    { "gitlab", NULL, SP_PURL_LOWER },
    { "hackage", NULL, SP_PURL_NO_NAMESPACE },
    { "hex", NULL, SP_PURL_LOWER },
    { "luarocks", NULL, SP_PURL_LOWER },
    { "oci", NULL, SP_PURL_LOWER_NAME | SP_PURL_NO_NAMESPACE },
    { "pub", NULL, SP_PURL_LOWER_NAME | SP_PURL_UNDERSCORES | SP_PURL_NO_NAMESPACE },
    { "qpkg", NULL, SP_PURL_LOWER_NAMESPACE | SP_PURL_NEEDS_NAMESPACE },
    { "rpm", NULL, SP_PURL_LOWER_NAMESPACE | SP_PURL_NEEDS_NAMESPACE },
    { "swift", NULL, SP_PURL_NEEDS_NAMESPACE },
};

const struct sp_purl_type *
sp_purl_type_find(const char *type)
{
    /* not a type of the specification, but written by tools; unknown, its packages would go unjudged */
    if (!strcmp(type, "rubygems"))
        type = "gem";
    for (size_t i = 0; i < SP_COUNT(types); i++)
        if (!strcmp(type, types[i].type))
            return &types[i];
    return NULL;
}

const struct sp_purl_type *
sp_purl_type_of(const struct sp_ecosystem *ecosystem)
{
    size_t i = 0;
    while (types[i].ecosystem != ecosystem)
        i++;
    return &types[i];
}

static void
lower(char *text)
{
    for (; text && *text; text++)
        *text = sp_lower(*text);
}

static void
replace(char *text, char from, char to)
{
    for (; text && *text; text++)
        if (*text == from)
            *text = to;
}

void
sp_purl_type_normalise(const struct sp_purl_type *type, char *space, char *name, char *version)
{
    unsigned rules = type ? type->rules : 0;
    if (rules & SP_PURL_LOWER_NAMESPACE)
        lower(space);
    if (rules & SP_PURL_LOWER_NAME)
        lower(name);
    if (rules & SP_PURL_LOWER_VERSION)
        lower(version);
    if (rules & SP_PURL_DASHES)
        replace(name, '_', '-');
    if (rules & SP_PURL_UNDERSCORES)
        replace(name, '-', '_');
}
