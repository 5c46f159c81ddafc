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
    char *auth_prefix;   /* what the authorization is for, "//host[:port]/path/"; NULL with it */
    char *source;        /* where it was read: "/home/u/.npmrc:3", "environment PIP_INDEX_URL", "default" */
    bool project;        /* a file of the project named it, which may be somebody else's */
};

/* What may be sent to whom, also beyond the registries: a lockfile may name a host that the user has a token
 * for. */
struct sp_credential {
    enum sp_registry_kind kind;
    char *prefix;        /* "//host[:port]/path/" (npm's nerf dart); pip's end at the host */
    char *authorization; /* value of an Authorization header. Never enters a sandbox */
    char *source;
    bool project;
    bool plain; /* may go over http:// too, since the user's own configuration names such a registry */
};

struct sp_registries {
    /* npm's, then PyPI's, each in the order in which the package manager of the command asks them. PyPI
     * has none where the user switched it off (see no_index) or named only directories of his own. */
    struct sp_registry *items;
    size_t count, capacity;
    struct sp_credential *credentials;
    size_t credential_count, credential_capacity;
    char **hosts; /* further "host[:port]" (the scheme's own port left out, "[::1]:8080") that artefacts of
                     these registries are known to lie on, and those that the user's lockfiles name */
    size_t host_count, host_capacity;
    char *no_index;   /* where pip's or uv's no-index was read; NULL: not set */
    char *cafile;     /* absolute path of a PEM bundle to trust; NULL: the system's */
    bool cafile_adds; /* it is trusted beside the system's (NODE_EXTRA_CA_CERTS), else in their place */
    char *http_proxy; /* what to fetch https:// through, "[scheme://]host[:port]"; NULL: directly */
    char *no_proxy;   /* hosts, separated by commas; NULL: none */
    bool insecure;    /* the user switched certificate checks off altogether (strict-ssl=false) */
    char **trusted;   /* "host[:port]": they are off for these (pip trusted-host) */
    size_t trusted_count, trusted_capacity;
    char **notes; /* what was read and is not followed, each a line for the user */
    size_t note_count, note_capacity;
};
void sp_registries_free(struct sp_registries *registries);

/* Where to look. All borrowed. */
struct sp_registry_sources {
    const char *home;        /* the user's, absolute */
    const char *root;        /* what stands before /etc and the like; NULL: nothing */
    const char *project;     /* working directory, absolute */
    const char *const *env;  /* NULL-terminated, "NAME=value" */
    const char *const *argv; /* the command, NULL-terminated: --registry, --index-url ... count too */
};
/* Reads .npmrc (project, user, global), npm_config_*, pip.conf (global, user, site), PIP_*, .yarnrc,
 * .yarnrc.yml, pnpm-workspace.yaml, uv.toml and pyproject's [tool.uv] index, UV_*, .netrc; docs/registries.md
 * has the order. A file that is missing is none; one that cannot be read or understood is an error that names
 * it and the line. Both kinds have at least their public default. OUT is filled anew, empty after an error;
 * free it with sp_registries_free. */
int sp_registries_read(struct sp_registries *out, const struct sp_registry_sources *sources,
                       struct sp_error *err);

/* The Authorization for a request of URL as a client of KIND would send it: that of the longest prefix. NULL:
 * none. Borrowed. Over http:// only what may go over it. A redirect is another URL: ask again. */
const char *sp_registries_authorization(const struct sp_registries *registries, enum sp_registry_kind kind,
                                        const char *url);
/* Whether the user switched certificate checks off for the host of URL. */
bool sp_registries_unchecked(const struct sp_registries *registries, const char *url);

/* Appends what certificates are checked against to OUT, as PEM: .cafile, and the system's where it is trusted
 * beside them. Nothing where the user named none: the system's then. */
int sp_registries_trust(const struct sp_registries *registries, struct sp_buffer *out, struct sp_error *err);

/* Adds the host of URL to .hosts. */
int sp_registries_add_host(struct sp_registries *registries, const char *url, struct sp_error *err);

/* How a URL looks inside: https://host:8443/a/b -> http://127.83.80.1:4873/https/host:8443/a/b. Scheme and
 * host become lower case, credentials and the scheme's own port are left out, query and fragment stay; an
 * IPv6 literal [::1]:80 is written ~~~1:80. Appends to OUT. A URL that is not http or https, that has no
 * host, or that holds spaces, control characters, backslashes or dot segments is an error, and so is one
 * under SP_PROXY_ORIGIN. */
int sp_registry_url_inside(struct sp_buffer *out, const char *url, struct sp_error *err);
/* Back, for one URL; one that does not stand for another is an error. Appends to OUT. */
int sp_registry_url_outside(struct sp_buffer *out, const char *url, struct sp_error *err);
/* Back: appends TEXT (any file, LENGTH bytes) to OUT with every URL under SP_PROXY_ORIGIN turned into the one
 * it stands for, in the spelling it has there: also percent-encoded (once or twice) and JSON-escaped (\/,
 * \u002f). *CHANGED: how many. Linear in LENGTH.
 * What sp_registry_url_inside left out does not come back: of a URL with credentials, with the scheme's own
 * port or with capitals in its host, the caller keeps the original and compares. */
int sp_registry_text_outside(struct sp_buffer *out, const char *text, size_t length, size_t *changed,
                             struct sp_error *err);
