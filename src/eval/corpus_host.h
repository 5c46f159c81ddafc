/* corpus_host.h: a real package as the user's registry gives it, for a technique to be put into. */
#pragma once
#include "eval/corpus_parts.h"
#include "http/http.h"
#include "registry/registry.h"

#define SP_HOST_ARCHIVE_MAX ((size_t)16 << 20)
#define SP_HOST_FILES_MAX ((size_t)64 << 20)

struct sp_corpus_host {
    enum sp_corpus_ecosystem ecosystem;
    const char *name, *version; /* borrowed; the name as the registry compares it */
    const char *file;           /* of the artefact, in the arena */
    const char *requires;       /* Requires-Python of the index; NULL */
    bool source;                /* an sdist */
    struct sp_made_files files; /* npm: beneath the archive's one folder */
};

/* Fetches the page of OUT.name, its artefact of OUT.version, checks the digest and unpacks it. A wheel for
 * any machine is taken before a source distribution. */
int sp_corpus_fetch_host(struct sp_corpus_host *out, struct sp_http *http,
                         const struct sp_registries *registries, struct sp_arena *arena,
                         struct sp_error *err);
