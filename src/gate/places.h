/* places.h: where things of this user lie: home, cache, layers. */
#pragma once
#include "base/memory.h"

#include <stdbool.h>
#include <sys/types.h>

struct sp_places {
    struct sp_arena arena;
    uid_t uid; /* the person who asked: through sudo, the one behind it */
    gid_t gid;
    bool as_root;       /* the command runs as root inside */
    const char *home;   /* real path */
    const char *cwd;    /* real path */
    const char *cache;  /* .../sallyport: journal, remembered loads; exists */
    const char *layers; /* directory for the layers of a run; on PROJECT's file system where there is one that
                           will do */
    const char *fetched; /* the proxy's own cache, owned by whoever the proxy runs as */
    uid_t proxy_uid;
    gid_t proxy_gid;
};
/* DIRECTORY: where the command runs; NULL: here. PROJECT: what is landed in; NULL: DIRECTORY. SCRATCH: what
 * --scratch said, "tmpfs" or a directory; NULL: choose. OUT is freed with sp_places_free, after a failure
 * too. */
int sp_places_find(struct sp_places *out, const char *directory, const char *project, const char *scratch,
                   struct sp_error *err);
/* Only the person and the cache, for what runs nothing. */
int sp_places_cache(struct sp_places *out, struct sp_error *err);
void sp_places_free(struct sp_places *places);
