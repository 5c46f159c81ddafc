/* registry.h: which registries the user's own configuration names, with their tokens, and how the URLs of a
 * registry are written while an install stands between us and it.
 * Sources: npm-config(7) and npmrc(5); pip "Configuration" and "Repository options"; yarn, pnpm and uv
 * manuals. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>

/* Where Sallyport's proxy listens inside a sandbox: an address of loopback that nothing else uses, so that
 * the URLs that it stands for can be told from any others and be written back. */
#define SP_PROXY_ADDRESS "127.83.80.1"
#define SP_PROXY_PORT 4873
#define SP_PROXY_ORIGIN "http://127.83.80.1:4873"

enum sp_registry_kind { SP_REGISTRY_NPM, SP_REGISTRY_PYPI };

struct sp_registry {
    enum sp_registry_kind kind;
    char *url;           /* http(s)://host[:port]/path/, no credentials, ends in '/' */
    char *scope;         /* "@corp": npm packages of this scope only; NULL: any */
    char *authorization; /* value of an Authorization header; NULL: none. Never enters a sandbox */
    char *auth_prefix;   /* the URL prefix that the authorization is for (npm's nerf dart, pip's host) */
    char *source;        /* where it was read: "/home/u/.npmrc:3", "environment PIP_INDEX_URL", "default" */
};

struct sp_registries {
    struct sp_registry *items; /* in the order in which the package manager asks them */
    size_t count, capacity;
    char **hosts; /* further "host[:port]" that artefacts of these registries are known to lie on, and those
                     that the user's lockfiles name */
    size_t host_count, host_capacity;
    char *cafile;     /* PEM bundle to trust (npm cafile, pip cert, SSL_CERT_FILE ...); NULL: the system's */
    char *http_proxy; /* what to fetch https:// through; NULL: directly */
    char *no_proxy;
    bool insecure; /* the user switched certificate checks off (strict-ssl=false, trusted-host) */
};
void sp_registries_free(struct sp_registries *registries);

/* Where to look. All borrowed. */
struct sp_registry_sources {
    const char *home;        /* the user's */
    const char *project;     /* working directory */
    const char *const *env;  /* NULL-terminated, "NAME=value" */
    const char *const *argv; /* the command, NULL-terminated: --registry, --index-url ... count too */
};
/* Reads .npmrc (project, user, global), npm_config_*, pip.conf (global, user, site), PIP_*, .yarnrc,
 * .yarnrc.yml, uv.toml and pyproject's [tool.uv] index, UV_*, .netrc. A file that is missing is none; one
 * that cannot be read or understood is an error that names it and the line. Both kinds have at least their
 * public default. */
int sp_registries_read(struct sp_registries *out, const struct sp_registry_sources *sources,
                       struct sp_error *err);

/* Adds the host of URL to .hosts. */
int sp_registries_add_host(struct sp_registries *registries, const char *url, struct sp_error *err);

/* How a URL looks inside: https://host:8443/a/b -> http://127.83.80.1:4873/https/host:8443/a/b. Credentials
 * in it are left out. Appends to OUT; a URL that is not http or https is an error. */
int sp_registry_url_inside(struct sp_buffer *out, const char *url, struct sp_error *err);
/* Back: writes TEXT (any file, LENGTH bytes) to OUT with every URL under SP_PROXY_ORIGIN turned into the one
 * it stands for, also where it is percent-encoded or JSON-escaped (\/). *CHANGED: how many. */
int sp_registry_text_outside(struct sp_buffer *out, const char *text, size_t length, size_t *changed,
                             struct sp_error *err);
