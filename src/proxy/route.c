/* What a request is for: the path tells, and what the registries' pages said. */
#include "proxy/internal.h"
#include "proxy/names.h"

#include <string.h>
#include <strings.h>

static bool
ends_in(const char *path, const char *ending)
{
    size_t length = strcspn(path, "?"), size = strlen(ending);
    return length > size && !strncasecmp(path + length - size, ending, size);
}

static bool
is_archive(const char *path)
{
    return ends_in(path, ".tgz") || ends_in(path, ".tar.gz");
}

/* ---- npm ---- */

static bool
is_audit(const char *rest)
{
    static const char *const paths[] = { "-/npm/v1/security/advisories/bulk",
                                         "-/npm/v1/security/audits/quick", "-/npm/v1/security/audits" };
    for (size_t i = 0; i < SP_COUNT(paths); i++)
        if (strcmp(rest, paths[i]) == 0)
            return true;
    return false;
}

/* ".../NAME/-/FILE.tgz" of a registry whose root is not known: "@scope/NAME" or NAME stands before "/-/". */
static int
read_tarball(struct sp_asked *asked, struct sp_error *err)
{
    const char *path = sp_upstream_path(&asked->upstream), *dash = strstr(path, "/-/");
    enum sp_npm_path kind;
    if (!dash || dash == path || !is_archive(path))
        return 0;
    const char *start = dash;
    for (int parts = 0; start > path; start--) {
        if (start[-1] != '/')
            continue;
        if (++parts == 2 || start == path + 1)
            break;
        const char *before = start - 1; /* is the part before it a scope? */
        while (before > path && before[-1] != '/')
            before--;
        if (*before != '@' && strncasecmp(before, "%40", 3) != 0)
            break;
    }
    if (sp_npm_read_path(start, &kind, &asked->name, &asked->version, err) < 0)
        return -1;
    if (kind == SP_NPM_TARBALL) {
        asked->kind = SP_REGISTRY_NPM;
        asked->route = SP_ROUTE_ARTEFACT;
        return 0;
    }
    sp_buffer_clear(&asked->name);
    sp_buffer_clear(&asked->version);
    return 0;
}

static int
route_npm(struct sp_asked *asked, const char *rest, struct sp_error *err)
{
    enum sp_npm_path kind;
    asked->kind = SP_REGISTRY_NPM;
    asked->speaks_npm = true;
    if (is_audit(rest)) {
        asked->route = SP_ROUTE_AUDIT;
        return 0;
    }
    if (sp_npm_read_path(rest, &kind, &asked->name, &asked->version, err) < 0)
        return -1;
    if (kind == SP_NPM_TARBALL && is_archive(rest))
        asked->route = SP_ROUTE_ARTEFACT;
    else if (kind == SP_NPM_PACKUMENT && !(asked->artefact && is_archive(rest)))
        asked->route = SP_ROUTE_PACKUMENT;
    else if (asked->artefact)
        asked->route = SP_ROUTE_ARTEFACT;
    return 0;
}

/* ---- PyPI ---- */

static int
read_python_file(struct sp_asked *asked, struct sp_error *err)
{
    const char *path = sp_upstream_path(&asked->upstream);
    size_t length = strcspn(path, "?"), start = length;
    enum sp_python_file kind;
    while (start && path[start - 1] != '/')
        start--;
    if (sp_python_read_file(path + start, length - start, NULL, &kind, &asked->name, &asked->version, err) <
        0)
        return -1;
    if (kind == SP_PYTHON_OTHER)
        return 0;
    asked->kind = SP_REGISTRY_PYPI;
    asked->route = SP_ROUTE_ARTEFACT;
    return 0;
}

static int
route_pypi(struct sp_asked *asked, const char *rest, struct sp_error *err)
{
    size_t length = strcspn(rest, "?/");
    asked->kind = SP_REGISTRY_PYPI;
    if (asked->artefact) {
        asked->route = SP_ROUTE_ARTEFACT;
        return 0;
    }
    bool one_part = length && (rest[length] != '/' || rest[length + 1] == '\0' || rest[length + 1] == '?');
    sp_autobuffer struct sp_buffer decoded = { 0 };
    if (!one_part)
        return read_python_file(asked, err);
    if (sp_url_decode(&decoded, rest, length, err) < 0)
        return -1;
    if (sp_ecosystem_read_name(sp_ecosystems[SP_PYPI], decoded.bytes, decoded.length, &asked->name, NULL) <
        0) {
        sp_buffer_clear(&asked->name);
        return 0;
    }
    asked->route = SP_ROUTE_SIMPLE;
    return 0;
}

/* ---- both ---- */

/* What a page said stands above what the path looks like. */
static int
take_artefact(struct sp_asked *asked, struct sp_error *err)
{
    const struct sp_artefact *artefact = asked->artefact;
    if (asked->route != SP_ROUTE_ARTEFACT || !artefact)
        return 0;
    asked->kind = artefact->kind;
    sp_buffer_clear(&asked->name);
    sp_buffer_clear(&asked->version);
    if (sp_buffer_append_string(&asked->name, artefact->name, err) < 0)
        return -1;
    return artefact->version ? sp_buffer_append_string(&asked->version, artefact->version, err) : 0;
}

static int
route_by_path(struct sp_asked *asked, struct sp_error *err)
{
    const struct sp_proxy *proxy = asked->proxy;
    const char *rest = NULL;
    const struct sp_registry *registry = sp_hosts_registry(proxy->hosts, &asked->upstream, &rest);
    unsigned kinds = sp_hosts_kinds(proxy->hosts, &asked->upstream);
    asked->route = SP_ROUTE_PASS;
    asked->permanent = kinds != 0;
    if (registry && registry->kind == SP_REGISTRY_NPM)
        return route_npm(asked, rest, err);
    if (registry)
        return route_pypi(asked, rest, err);
    if (asked->artefact) {
        asked->route = SP_ROUTE_ARTEFACT;
        return 0;
    }
    if (!kinds) /* whatever it is, nobody states its digest: it is streamed and written down */
        asked->route = SP_ROUTE_ARTEFACT;
    int status = read_tarball(asked, err);
    if (status == 0 && !asked->name.length && (!kinds || kinds >> SP_REGISTRY_PYPI & 1) &&
        (kinds || ends_in(sp_upstream_path(&asked->upstream), ".whl")))
        status = read_python_file(asked, err);
    return status;
}

int
sp_proxy_route(struct sp_asked *asked, struct sp_error *err)
{
    asked->artefact = sp_learned_find(asked->proxy->learned, &asked->upstream);
    if (route_by_path(asked, err) < 0)
        return -1;
    return take_artefact(asked, err);
}
