/* lookups.h: all that clearing needs, made from what the user said and what his tools are configured with.
 * Reading it and asking are two steps: a process that gives up its rights in between reads as the user and
 * asks as nobody. */
#pragma once
#include "gate/clearing.h"
#include "metadata/bases.h"
#include "metadata/keeping.h"

enum sp_look {
    SP_LOOK_ONLINE,
    SP_LOOK_OFFLINE, /* what was kept from before, alone */
    SP_LOOK_NEVER,   /* names are judged alone */
};

struct sp_lookups_options {
    enum sp_look look;
    const char *saved;                      /* where answers are kept, in place of the cache; NULL */
    const char *filter_path;                /* NULL: the one in the box */
    size_t limit;                           /* packages looked up in all; 0: none */
    bool ranks;                             /* third parties may be asked how popular a package is */
    unsigned jobs;                          /* look-ups at once; 0: 32 */
    const char *llm_url, *llm_model;        /* NULL: no LLM is asked */
    const char *const *env;                 /* NULL-terminated */
    const char *home, *project;             /* where configuration is read */
    const struct sp_registries *registries; /* read already; NULL: they are read here */
    double review, block;                   /* thresholds of risk; negative: the filter's own */
};

struct sp_lookups;
/* Reads configuration and the filter. Everything of OPTIONS but .env is copied or not kept; .registries is
 * borrowed. The caller frees *OUT. */
int sp_lookups_read(struct sp_lookups **out, const struct sp_lookups_options *options, struct sp_error *err);
/* Opens the cache, directories of their own in CACHE, which exists (NULL: nothing is kept), and the
 * connections. INDEX is borrowed. */
int sp_lookups_start(struct sp_lookups *lookups, const char *cache, struct sp_index *index,
                     struct sp_error *err);
/* Both for this user in this directory, with his own cache: .env, .home and .project are filled in. */
int sp_lookups_open_here(struct sp_lookups **out, const struct sp_lookups_options *options,
                         struct sp_index *index, struct sp_error *err);
void sp_lookups_close(struct sp_lookups *lookups);
static inline void
sp_cleanup_lookups(struct sp_lookups **lookups)
{
    sp_lookups_close(*lookups);
}
#define sp_autolookups __attribute__((cleanup(sp_cleanup_lookups)))

/* Whole once it is started, owned by LOOKUPS; before, it knows what is worth a look. */
const struct sp_clearing *sp_lookups_clearing(const struct sp_lookups *lookups);
struct sp_metadata *sp_lookups_metadata(struct sp_lookups *lookups);
const struct sp_bases *sp_lookups_bases(const struct sp_lookups *lookups);
/* Packages looked up, requests made, and the seconds that were waited for answers. */
void sp_lookups_tally(struct sp_lookups *lookups, struct sp_metadata_figures *packages,
                      struct sp_keeping_figures *requests);

/* What the environment's SALLYPORT_METADATA says: "online", "offline" or "off"; else OTHERWISE. -1: it says
 * something else. */
int sp_look_of_environment(enum sp_look otherwise, enum sp_look *out, struct sp_error *err);
