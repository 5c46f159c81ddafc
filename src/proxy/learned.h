/* learned.h: what the registries' pages say of their artefacts: URL -> package, version, digest. */
#pragma once
#include "base/digest.h"
#include "proxy/url.h"
#include "registry/registry.h"

/* Lives as long as the table; never changes. */
struct sp_artefact {
    enum sp_registry_kind kind;
    const char *url; /* as the page stated it */
    const char *name;
    const char *version;            /* NULL: unknown */
    struct sp_stated_digest digest; /* .length 0: none was stated */
    bool own;                       /* the page lies in the same registry as the artefact */
};

struct sp_learned;
int sp_learned_new(struct sp_learned **out, struct sp_error *err);
void sp_learned_free(struct sp_learned *learned);

/* Keeps a copy of ARTEFACT for UPSTREAM. What a registry says of its own artefacts is not replaced by what
 * another says. Any thread. */
int sp_learned_add(struct sp_learned *learned, const struct sp_upstream *upstream,
                   const struct sp_artefact *artefact, struct sp_error *err);
/* NULL: never heard of. Any thread. */
const struct sp_artefact *sp_learned_find(struct sp_learned *learned, const struct sp_upstream *upstream);
