/* bases.h: where each registry and service is asked, by the user's own configuration; docs/metadata.md has
 * the order. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "registry/registry.h"

enum sp_service {
    SP_SERVICE_NPM_DOWNLOADS, /* https://api.npmjs.org/ */
    SP_SERVICE_RUBYGEMS,      /* https://rubygems.org/ (RUBYGEMS_HOST, .gemrc, bundle config mirror) */
    SP_SERVICE_MAVEN,         /* https://repo1.maven.org/maven2/ (settings.xml mirrors) */
    SP_SERVICE_MAVEN_SEARCH,  /* https://search.maven.org/solrsearch/select */
    SP_SERVICE_GOPROXY,       /* the first URL of GOPROXY; "" where it is off or direct only */
    SP_SERVICE_HUGGINGFACE,   /* https://huggingface.co/ (HF_ENDPOINT) */
    SP_SERVICE_CRATES_INDEX,  /* https://index.crates.io/ (cargo config, sparse+) */
    SP_SERVICE_CRATES_API,    /* https://crates.io/ */
    SP_SERVICE_CRATES_FILES,  /* https://static.crates.io/crates/ */
    SP_SERVICE_NUGET,         /* https://api.nuget.org/v3/index.json (NuGet.Config) */
    SP_SERVICE_DEPS_DEV,      /* https://api.deps.dev/ */
    SP_SERVICE_ECOSYSTEMS,    /* https://packages.ecosyste.ms/ */
    SP_SERVICE_GITHUB,        /* https://api.github.com/ : the host of most Go modules */
    SP_SERVICE_COUNT,
};

struct sp_base {
    char *url;           /* ends in '/' unless it names a document; "": switched off */
    char *authorization; /* value of an Authorization header for this origin and path; NULL none */
    char *source;        /* where it was read: "environment GOPROXY", "default" */
};

struct sp_bases {
    const struct sp_registries *registries; /* npm's and PyPI's; borrowed */
    struct sp_base services[SP_SERVICE_COUNT];
    bool public_npm, public_pypi; /* they are the public registries: the public services know their names */
    char *go_private;             /* patterns of modules that no proxy is asked about (GONOPROXY, GOPRIVATE);
                                     NULL none. See sp_bases_go_private */
    char **notes;                 /* what was read and is not followed, each a line for the user */
    size_t note_count, note_capacity;
};

/* Reads what the tools of each ecosystem would (environment, .gemrc, ~/.m2/settings.xml, go env file, cargo
 * config, NuGet.Config); a SALLYPORT_<SERVICE>_URL of the environment (SALLYPORT_NPM_DOWNLOADS_URL ...)
 * overrides each; "off" switches it off. SOURCES as of sp_registries_read; REGISTRIES outlives OUT. A file
 * that cannot be understood is an error that names it. */
int sp_bases_read(struct sp_bases *out, const struct sp_registries *registries,
                  const struct sp_registry_sources *sources, struct sp_error *err);
void sp_bases_free(struct sp_bases *bases);

/* The URL under which npm packages called NAME are asked (the scope's registry first), ending in '/'. Never
 * NULL for npm; PyPI: the first index, NULL where the user has none. */
const char *sp_base_npm(const struct sp_bases *bases, const char *name);
const char *sp_base_pypi(const struct sp_bases *bases);
/* What may be sent with a request of URL on behalf of ECOSYSTEM; NULL none. */
const char *sp_bases_authorization(const struct sp_bases *bases, enum sp_ecosystem_id ecosystem,
                                   const char *url);
/* Whether the Go module PATH is one that the user keeps from proxies: it is not asked about. */
bool sp_bases_go_private(const struct sp_bases *bases, const char *path);
