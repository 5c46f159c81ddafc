#include "cli/what.h"
#include "ecosystem/purl.h"

#include <string.h>

static bool
is_purl(const char *text, size_t length)
{
    return length >= 4 && !strncasecmp(text, "pkg:", 4);
}

/* The ecosystem before the first colon; *REST is what follows. */
static const struct sp_ecosystem *
prefix(const char *text, size_t length, size_t *rest)
{
    const char *colon = memchr(text, ':', length);
    if (!colon || colon == text)
        return NULL;
    *rest = (size_t)(colon - text) + 1;
    return sp_ecosystem_find(text, *rest - 1);
}

bool
sp_what_is_prefixed(const char *text, size_t length)
{
    size_t rest;
    return is_purl(text, length) || prefix(text, length, &rest);
}

static int
read_purl(struct sp_what *out, const char *text, size_t length, struct sp_arena *arena, struct sp_error *err)
{
    struct sp_purl purl;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (sp_purl_parse(text, length, &purl, arena, err) < 0)
        return -1;
    if (!purl.ecosystem)
        return sp_fail(err, SP_ERROR_INPUT, "%.*s: packages of type '%.40s' are not known to Sallyport",
                       (int)(length < 200 ? length : 200), text, purl.type);
    if (sp_purl_package_name(&purl, &name, err) < 0)
        return -1;
    out->ecosystem = purl.ecosystem;
    out->version = purl.version;
    out->name = sp_arena_copy(arena, sp_buffer_string(&name), name.length, err);
    return out->name ? 0 : -1;
}

/* Where the version begins; LENGTH: there is none. "@" as in npm and purl, "==" as in pip, a second colon as
 * in Gradle. *SKIP is the length of the sign. */
static size_t
version_start(const struct sp_ecosystem *ecosystem, const char *text, size_t length, size_t *skip)
{
    const char *found = length > 1 ? memrchr(text + 1, '@', length - 1) : NULL;
    /* "@scope/name" has a slash after its only @ */
    *skip = 1;
    if (found && (ecosystem->id != SP_NPM || text[0] != '@' || memchr(text, '/', (size_t)(found - text))))
        return (size_t)(found - text);
    if (ecosystem->id == SP_PYPI && (found = memmem(text, length, "==", 2))) {
        *skip = 2;
        return (size_t)(found - text);
    }
    const char *colon = ecosystem->id == SP_MAVEN ? memchr(text, ':', length) : NULL;
    if (colon && (found = memchr(colon + 1, ':', length - (size_t)(colon + 1 - text))))
        return (size_t)(found - text);
    return length;
}

static int
read_plain(struct sp_what *out, const char *text, size_t length, struct sp_arena *arena, struct sp_error *err)
{
    size_t skip, end = version_start(out->ecosystem, text, length, &skip);
    out->name = sp_arena_copy(arena, text, end, err);
    if (!out->name)
        return -1;
    if (end == length)
        return 0;
    out->version = sp_arena_copy(arena, text + end + skip, length - end - skip, err);
    return out->version ? 0 : -1;
}

int
sp_what_read(struct sp_what *out, const char *text, size_t length, const struct sp_ecosystem *usual,
             struct sp_arena *arena, struct sp_error *err)
{
    *out = (struct sp_what){ 0 };
    if (!length)
        return sp_fail(err, SP_ERROR_INPUT, "a name is empty");
    if (memchr(text, '\0', length))
        return sp_fail(err, SP_ERROR_INPUT, "a NUL byte in the name '%.200s'", text);
    if (is_purl(text, length))
        return read_purl(out, text, length, arena, err);
    size_t rest = 0;
    out->ecosystem = prefix(text, length, &rest);
    if (!out->ecosystem) {
        out->ecosystem = usual;
        rest = 0;
    }
    if (!out->ecosystem)
        return sp_fail(err, SP_ERROR_INPUT,
                       "'%.200s': of which registry? Write npm:NAME, pypi:NAME and so on, or use --ecosystem",
                       text);
    return read_plain(out, text + rest, length - rest, arena, err);
}

const char *
sp_what_ecosystem_at(size_t position)
{
    return position < SP_ECOSYSTEM_COUNT ? sp_ecosystems[position]->name : NULL;
}

const struct sp_ecosystem *
sp_what_ecosystem(const char *text, struct sp_error *err)
{
    const struct sp_ecosystem *found = sp_ecosystem_find(text, strlen(text));
    if (found)
        return found;
    char names[200] = "";
    size_t used = 0;
    for (size_t i = 0; i < SP_ECOSYSTEM_COUNT && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
                                 sp_ecosystems[i]->name);
    sp_fail(err, SP_ERROR_USAGE, "unknown ecosystem '%.60s'; there are %s", text, names);
    return NULL;
}
