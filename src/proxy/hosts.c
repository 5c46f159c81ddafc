#include "proxy/hosts.h"

#include <string.h>
#include <strings.h>

/* Where a public registry keeps its files, and its second name. */
static const struct companion {
    const char *host, *other;
    unsigned kind;
} companions[] = {
    { "pypi.org", "files.pythonhosted.org", SP_REGISTRY_PYPI },
    { "registry.npmjs.org", "registry.yarnpkg.com", SP_REGISTRY_NPM },
    { "registry.yarnpkg.com", "registry.npmjs.org", SP_REGISTRY_NPM },
};

struct host {
    char *authority; /* owned; lower case */
    bool secure;     /* known by https alone */
    bool trusted; /* a registry's, or a lockfile's: a token may go there; false: only --allow-host names it */
    unsigned kinds;
};

struct place {
    const struct sp_registry *registry; /* borrowed */
    struct sp_upstream url;             /* of the registry */
};

struct sp_hosts {
    const struct sp_registries *registries; /* borrowed */
    struct host *items;
    size_t count, capacity;
    struct place *places;
    size_t place_count;
};

static struct host *
find(const struct sp_hosts *hosts, const char *authority, size_t length)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (strlen(hosts->items[i].authority) == length &&
            !strncasecmp(hosts->items[i].authority, authority, length))
            return &hosts->items[i];
    return NULL;
}

static int
add(struct sp_hosts *hosts, const char *authority, size_t length, bool secure, bool trusted, unsigned kinds,
    struct sp_error *err)
{
    struct host *known = find(hosts, authority, length);
    if (known) {
        /* that somebody names the host does not make it one without TLS; a registry's URL does */
        known->secure = known->secure && (secure || !kinds);
        known->kinds |= kinds;
        known->trusted |= trusted;
        return 0;
    }
    if (sp_grow(hosts->items, hosts->capacity, hosts->count + 1, err) < 0)
        return -1;
    char *copy = strndup(authority, length);
    if (!copy)
        return sp_fail_memory(err);
    hosts->items[hosts->count++] = (struct host){ copy, secure, trusted, kinds };
    return 0;
}

static bool
is_on(const struct place *place, const char *host)
{
    size_t length;
    const char *authority = sp_upstream_authority(&place->url, &length);
    return strlen(host) == length && !strncmp(authority, host, length);
}

/* A second name of a registry is a registry of the same kind, with no token of its own. */
static int
add_second_name(struct sp_hosts *hosts, const struct sp_registry *registry, const char *host,
                struct sp_error *err)
{
    struct place *place = &hosts->places[hosts->place_count];
    sp_autobuffer struct sp_buffer url = { 0 };
    if (sp_buffer_printf(&url, err, "https://%s/", host) < 0 ||
        sp_upstream_read(&place->url, url.bytes, url.length, err) < 0)
        return -1;
    place->registry = registry;
    hosts->place_count++;
    return 0;
}

static int
add_companions(struct sp_hosts *hosts, struct sp_error *err)
{
    size_t stated = hosts->place_count;
    for (size_t i = 0; i < stated * SP_COUNT(companions); i++) {
        const struct companion *companion = &companions[i % SP_COUNT(companions)];
        const struct sp_registry *registry = hosts->places[i / SP_COUNT(companions)].registry;
        if (!is_on(&hosts->places[i / SP_COUNT(companions)], companion->host) ||
            find(hosts, companion->other, strlen(companion->other)))
            continue;
        if (add(hosts, companion->other, strlen(companion->other), true, true, 1u << companion->kind, err) <
            0)
            return -1;
        if (companion->kind == SP_REGISTRY_NPM && add_second_name(hosts, registry, companion->other, err) < 0)
            return -1;
    }
    return 0;
}

static int
add_registry(struct sp_hosts *hosts, const struct sp_registry *registry, struct sp_error *err)
{
    struct place *place = &hosts->places[hosts->place_count];
    place->registry = registry;
    if (sp_upstream_read(&place->url, registry->url, strlen(registry->url), err) < 0)
        return sp_fail_within(err, "%.200s", registry->source ? registry->source : "registry");
    hosts->place_count++;
    size_t length;
    const char *authority = sp_upstream_authority(&place->url, &length);
    return add(hosts, authority, length, place->url.https, true, 1u << registry->kind, err);
}

int
sp_hosts_new(struct sp_hosts **out, const struct sp_registries *registries, const char *const *allowed,
             struct sp_error *err)
{
    struct sp_hosts *hosts = sp_new(struct sp_hosts, err);
    if (!hosts)
        return -1;
    hosts->registries = registries;
    int status = 0;
    /* each may have a second name */
    hosts->places = sp_new_array(registries->count * 2, sizeof(*hosts->places), err);
    if (!hosts->places)
        status = -1;
    for (size_t i = 0; i < registries->count && status == 0; i++)
        status = add_registry(hosts, &registries->items[i], err);
    if (status == 0)
        status = add_companions(hosts, err);
    for (size_t i = 0; i < registries->host_count && status == 0; i++)
        status = add(hosts, registries->hosts[i], strlen(registries->hosts[i]), false, true, 0, err);
    for (size_t i = 0; allowed && allowed[i] && status == 0; i++)
        status = add(hosts, allowed[i], strlen(allowed[i]), false, false, 0, err);
    if (status < 0) {
        sp_hosts_free(hosts);
        return -1;
    }
    *out = hosts;
    return 0;
}

void
sp_hosts_free(struct sp_hosts *hosts)
{
    if (!hosts)
        return;
    for (size_t i = 0; i < hosts->count; i++)
        free(hosts->items[i].authority);
    for (size_t i = 0; i < hosts->place_count; i++)
        sp_upstream_free(&hosts->places[i].url);
    free(hosts->items);
    free(hosts->places);
    free(hosts);
}

int
sp_hosts_admit(const struct sp_hosts *hosts, struct sp_upstream *upstream, struct sp_error *err)
{
    size_t length;
    const char *authority = sp_upstream_authority(upstream, &length);
    const struct host *host = find(hosts, authority, length);
    if (!host)
        return sp_fail(err, SP_ERROR_USAGE,
                       "%.*s is none of your registries' hosts; if the install honestly needs it, run again "
                       "with --allow-host %.*s",
                       (int)length, authority, (int)length, authority);
    return host->secure ? sp_upstream_secure(upstream, err) : 0;
}

const struct sp_registry *
sp_hosts_registry(const struct sp_hosts *hosts, const struct sp_upstream *upstream, const char **rest)
{
    const struct place *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < hosts->place_count; i++) {
        const char *url = hosts->places[i].url.url;
        size_t length = strlen(url);
        if (length > longest && !strncmp(upstream->url, url, length)) {
            best = &hosts->places[i];
            longest = length;
        }
    }
    if (!best)
        return NULL;
    *rest = upstream->url + longest;
    return best->registry;
}

unsigned
sp_hosts_kinds(const struct sp_hosts *hosts, const struct sp_upstream *upstream)
{
    size_t length;
    const char *authority = sp_upstream_authority(upstream, &length);
    const struct host *host = find(hosts, authority, length);
    return host ? host->kinds : 0;
}

const char *
sp_hosts_authorization(const struct sp_hosts *hosts, const struct sp_upstream *upstream)
{
    size_t length;
    const char *authority = sp_upstream_authority(upstream, &length), *authorization = NULL;
    const struct host *host = find(hosts, authority, length);
    if (!host || !host->trusted)
        return NULL;
    const char *rest;
    const struct sp_registry *registry = sp_hosts_registry(hosts, upstream, &rest);
    if (registry)
        return sp_registries_authorization(hosts->registries, registry->kind, upstream->url);
    /* a host that only a lockfile names may be of either kind */
    for (int kind = SP_REGISTRY_NPM; kind <= SP_REGISTRY_PYPI && !authorization; kind++)
        if (!host->kinds || host->kinds >> kind & 1)
            authorization =
                sp_registries_authorization(hosts->registries, (enum sp_registry_kind)kind, upstream->url);
    return authorization;
}

int
sp_hosts_admit_url(const struct sp_hosts *hosts, const char *url, const char **authorization,
                   struct sp_error *err)
{
    sp_autoupstream struct sp_upstream upstream = { 0 };
    if (sp_upstream_read(&upstream, url, strlen(url), err) < 0)
        return -1;
    bool https = upstream.https;
    if (sp_hosts_admit(hosts, &upstream, err) < 0)
        return sp_fail_within(err, "asked to fetch '%.200s'", url);
    if (https != upstream.https)
        return sp_fail(err, SP_ERROR_INPUT, "'%.200s': your configuration knows that host by https only",
                       url);
    *authorization = sp_hosts_authorization(hosts, &upstream);
    return 0;
}
