/* registries.c: all readers, one after the other. */
#include "registry/reading.h"

#include <string.h>

/* Words that a command of this tool begins with; a version may follow ("pip3.11"). */
static const struct {
    const char *name;
    enum sp_tool tool;
} tools[] = {
    { "npm", SP_TOOL_NPM },  { "npx", SP_TOOL_NPM },   { "pnpm", SP_TOOL_NPM },
    { "pnpx", SP_TOOL_NPM }, { "yarn", SP_TOOL_YARN }, { "yarnpkg", SP_TOOL_YARN },
    { "pip", SP_TOOL_PIP },  { "uv", SP_TOOL_UV },     { "uvx", SP_TOOL_UV },
};

/* The first word that names a tool: "python -m pip" is pip's, as is "env A=b pip". */
static void
find_tool(struct sp_reading *reading)
{
    for (const char *const *word = reading->sources->argv; word && *word && strcmp(*word, "--") != 0;
         word++) {
        const char *slash = strrchr(*word, '/'), *name = slash ? slash + 1 : *word;
        size_t length = strcspn(name, "0123456789.");
        bool versioned = !name[length + strspn(name + length, "0123456789.")];
        for (size_t i = 0; i < SP_COUNT(tools); i++) {
            if (versioned && strlen(tools[i].name) == length && memcmp(name, tools[i].name, length) == 0) {
                reading->tool = tools[i].tool;
                reading->words = word;
                return;
            }
        }
    }
}

/* A Yarn that reads .yarnrc.yml leaves that file, or a lockfile that begins with __metadata. */
static bool
is_berry(struct sp_reading *reading)
{
    char *directory = sp_arena_printf(&reading->arena, NULL, "%s", reading->sources->project);
    sp_autobuffer struct sp_buffer lock = { 0 };
    do {
        if (!directory || sp_directory_has(directory, ".yarnrc.yml"))
            return directory != NULL;
        char *path = sp_arena_printf(&reading->arena, NULL, "%s/yarn.lock", directory);
        if (path && sp_directory_has(directory, "yarn.lock"))
            return sp_file_read(path, (size_t)64 << 20, &lock, NULL) == 0 && lock.length &&
                   memmem(lock.bytes, lock.length < 4096 ? lock.length : 4096, "__metadata:", 11);
    } while (sp_path_up(directory));
    return false;
}

static int
read_node(struct sp_reading *reading, struct sp_error *err)
{
    reading->berry = reading->tool == SP_TOOL_YARN && is_berry(reading);
    if (reading->berry && sp_read_berry(reading, err) < 0)
        return -1;
    if (sp_read_npm(reading, err) < 0)
        return -1;
    if (reading->tool == SP_TOOL_YARN)
        return sp_read_yarn(reading, err) < 0 || sp_read_npm_default(reading, err) < 0 ? -1
               : reading->berry                                                        ? 0
                                : sp_read_berry(reading, err);
    return sp_read_npm_default(reading, err) < 0 || sp_read_yarn(reading, err) < 0
               ? -1
               : sp_read_berry(reading, err);
}

static int
read_python(struct sp_reading *reading, struct sp_error *err)
{
    if (reading->tool == SP_TOOL_UV)
        return sp_read_uv(reading, err) < 0 ? -1 : sp_read_pip(reading, err);
    return sp_read_pip(reading, err) < 0 ? -1 : sp_read_uv(reading, err);
}

/* Certificates and proxies: what is read first is in force, so the command's own manager goes first. */
static int
read_managers(struct sp_reading *reading, struct sp_error *err)
{
    if (reading->tool == SP_TOOL_PIP || reading->tool == SP_TOOL_UV)
        return read_python(reading, err) < 0 ? -1 : read_node(reading, err);
    return read_node(reading, err) < 0 ? -1 : read_python(reading, err);
}

/* npm's before PyPI's, each kind in its own order. */
static void
sort_kinds(struct sp_registries *out)
{
    size_t npm = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i].kind != SP_REGISTRY_NPM)
            continue;
        struct sp_registry item = out->items[i];
        memmove(&out->items[npm + 1], &out->items[npm], (i - npm) * sizeof(item));
        out->items[npm++] = item;
    }
}

/* What concerns every program, after what the managers' own configuration says. */
static int
read_common(struct sp_reading *reading, struct sp_error *err)
{
    static const char *const certificates[] = { "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
                                                "CURL_CA_BUNDLE" };
    static const char *const proxies[] = { "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy" };
    static const char *const exceptions[] = { "NO_PROXY", "no_proxy" };
    /* Python does not ask what is for Node */
    const bool python = reading->tool == SP_TOOL_PIP || reading->tool == SP_TOOL_UV;
    for (size_t i = 0; i < SP_COUNT(certificates); i++) {
        const char *name = certificates[(i + python) % SP_COUNT(certificates)];
        const char *value = sp_reading_env(reading, name);
        char *source = value ? sp_arena_printf(&reading->arena, err, "environment %s", name) : NULL;
        bool adds = name == certificates[0];
        if (value && (!source || sp_reading_cafile(reading, value, adds, source, err) < 0))
            return -1;
    }
    for (size_t i = 0; i < SP_COUNT(proxies); i++) {
        const char *value = sp_reading_env(reading, proxies[i]);
        char *source = value ? sp_arena_printf(&reading->arena, err, "environment %s", proxies[i]) : NULL;
        if (value && (!source || sp_reading_proxy(reading, value, source, err) < 0))
            return -1;
    }
    for (size_t i = 0; i < SP_COUNT(exceptions); i++) {
        const char *value = sp_reading_env(reading, exceptions[i]);
        if (value && sp_reading_no_proxy(reading, value, err) < 0)
            return -1;
    }
    const char *unchecked = sp_reading_env(reading, "NODE_TLS_REJECT_UNAUTHORIZED");
    reading->out->insecure |= unchecked && strcmp(unchecked, "0") == 0;
    return 0;
}

/* Hosts beyond the registries' own that the public ones keep artefacts on. */
static int
add_known_hosts(struct sp_registries *out, struct sp_error *err)
{
    static const char *const known[][2] = {
        { "https://pypi.org/", "https://files.pythonhosted.org/" },
        { "https://registry.npmjs.org/", "https://registry.yarnpkg.com/" },
        { "https://registry.yarnpkg.com/", "https://registry.npmjs.org/" },
    };
    for (size_t i = 0; i < out->count; i++)
        for (size_t k = 0; k < SP_COUNT(known); k++)
            if (strncmp(out->items[i].url, known[k][0], strlen(known[k][0])) == 0 &&
                sp_registries_add_host(out, known[k][1], err) < 0)
                return -1;
    return 0;
}

/* A login from netrc is for what the user named; "default" in it is not for the choice of a project. */
static int
add_netrc(struct sp_reading *reading, struct sp_error *err)
{
    struct sp_registries *out = reading->out;
    for (size_t i = 0; i < out->count; i++) {
        const struct sp_registry *item = &out->items[i];
        struct sp_url parts;
        char authority[SP_URL_AUTHORITY_MAX], *authorization;
        const char *source;
        if (item->kind != SP_REGISTRY_PYPI || sp_url_parse(&parts, item->url, err) < 0 ||
            sp_credential_for(out, item->kind, item->url))
            continue;
        int found = sp_netrc_find(reading, parts.host, !item->project, &authorization, &source, err);
        if (found < 0)
            return -1;
        if (!found)
            continue;
        sp_url_authority(&parts, authority);
        char *prefix = sp_arena_printf(&reading->arena, err, "//%s/", authority);
        if (!prefix || sp_reading_add_credential(reading, SP_REGISTRY_PYPI, prefix, authorization, source,
                                                 false, err) < 0)
            return -1;
    }
    return 0;
}

/* A credential goes over http:// only where the hand that wrote it, or the user, named such a registry: the
 * project of somebody else could otherwise have it sent for all to read. */
static void
settle_plain(struct sp_registries *out)
{
    for (size_t i = 0; i < out->credential_count; i++) {
        struct sp_credential *one = &out->credentials[i];
        for (size_t k = 0; k < out->count && !one->plain; k++) {
            const struct sp_registry *item = &out->items[k];
            struct sp_url parts;
            one->plain = item->kind == one->kind && (!item->project || one->project) &&
                         sp_url_parse(&parts, item->url, NULL) == 0 && !parts.secure &&
                         sp_prefix_match(one->prefix, &parts);
        }
    }
}

static int
settle_authorizations(struct sp_registries *out, struct sp_error *err)
{
    for (size_t i = 0; i < out->count; i++) {
        struct sp_registry *item = &out->items[i];
        const struct sp_credential *one = sp_credential_for(out, item->kind, item->url);
        if (!one)
            continue;
        item->authorization = strdup(one->authorization);
        item->auth_prefix = strdup(one->prefix);
        if (!item->authorization || !item->auth_prefix)
            return sp_fail_memory(err);
    }
    return 0;
}

int
sp_registries_read(struct sp_registries *out, const struct sp_registry_sources *sources, struct sp_error *err)
{
    *out = (struct sp_registries){ 0 };
    struct sp_reading reading = { .sources = sources, .out = out };
    find_tool(&reading);
    int status = read_managers(&reading, err) < 0 || read_common(&reading, err) < 0 ||
                         add_netrc(&reading, err) < 0 || add_known_hosts(out, err) < 0
                     ? -1
                     : 0;
    sp_arena_free(&reading.arena);
    if (status == 0) {
        sort_kinds(out);
        settle_plain(out);
        status = settle_authorizations(out, err);
    }
    if (status < 0)
        sp_registries_free(out);
    return status;
}
