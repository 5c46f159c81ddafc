/* decoys.h: planted secrets that no honest install sends anywhere, and the environment without the real ones.
 * Each decoy is plausible and valid in form; its canary is a value that occurs nowhere else, new for each
 * run. */
#pragma once
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SP_CANARY_LENGTH 24 /* ASCII letters and digits */

struct sp_decoy {
    const char *id;    /* "ssh-key", "aws-credentials", "env:NPM_TOKEN"; static or in the arena */
    const char *title; /* "an SSH private key" */
    /* Reading it proves ill intent (an SSH key, a wallet); false: package managers open it themselves
     * (.npmrc), so only its canary in what leaves is a proof. */
    bool reading_proves;
    const char *path; /* absolute, inside; NULL: an environment variable */
    const char *name; /* of the variable; NULL: a file */
    const void *bytes;
    size_t length;
    mode_t mode;
    char canary[SP_CANARY_LENGTH + 1]; /* as it stands in BYTES, or decoded where the form wraps it in base64;
                                          what is searched for in what leaves, see needles */
    const char *const *needles; /* every form under which the canary may leave: plain, hex, base64 at three
                                   alignments, percent-encoded, reversed; NULL-terminated */
};

struct sp_decoys {
    struct sp_decoy *items;
    size_t count, capacity;
    struct sp_arena *arena; /* borrowed */
    char **env;             /* the environment for the sandbox, NULL-terminated, in the arena */
};

struct sp_decoy_wishes {
    const char *home;    /* inside */
    const char *project; /* the real directory: its .env*, .npmrc, .yarnrc.yml, .git/config ... are read and
                            stand inside with their secrets replaced by canaries, all else kept; NULL: none */
    const char *const *env; /* the host's environment */
};
/* Makes the decoys of one run from the kernel's random numbers. Environment: an allow-list of harmless
 * variables passes unchanged; what looks like a secret by name or value stays under its name with a canary in
 * its value's form; sockets (SSH_AUTH_SOCK, DBUS..., DOCKER_HOST), proxies, loader variables and all else are
 * left out. */
int sp_decoys_make(struct sp_decoys *out, struct sp_arena *arena, const struct sp_decoy_wishes *wishes,
                   struct sp_error *err);

/* The first decoy of which a needle stands in LENGTH BYTES; NULL: none. Linear time. */
const struct sp_decoy *sp_decoys_find(const struct sp_decoys *decoys, const void *bytes, size_t length);
