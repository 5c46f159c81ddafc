/* decoys.h: planted secrets that no honest install sends anywhere, and the environment without the real ones.
 * Each decoy is plausible and valid in form; its canary is a value that occurs nowhere else, new for each
 * run. What is planted and why: docs/decoys.md. */
#pragma once
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SP_CANARY_LENGTH                                                                                     \
    24                   /* ASCII letters and digits; fewer only where the form holds no more, see canary */
#define SP_NEEDLE_MIN 16 /* bytes: shorter ones would be hit by chance */
#define SP_NEEDLE_MAX 96 /* longer forms are searched for by their beginning */

struct sp_decoy {
    const char
        *id; /* "ssh-key", "aws-credentials", "env:NPM_TOKEN", "project:.env"; static or in the arena */
    const char *title; /* "an SSH private key" */
    /* Reading it proves ill intent (an SSH key, a wallet); false: package managers open it themselves
     * (.npmrc), so only its canary in what leaves is a proof. */
    bool reading_proves;
    const char *path; /* absolute, inside; NULL: an environment variable */
    const char *name; /* of the variable; NULL: a file */
    const void *bytes;
    size_t length;
    mode_t mode;
    /* As it stands in BYTES, or decoded where the form wraps it in base64 or hex; the first, where a file
     * holds several secrets. "": a companion without a secret (known_hosts, a public key), never found. An
     * AWS key id holds 20 letters and digits; hexadecimal secrets have canaries of hexadecimal digits, UUIDs
     * with their dashes. */
    char canary[SP_CANARY_LENGTH + 1];
    /* Every form under which a canary of this decoy may leave: plain, lower and upper case, hex, base32 and
     * base64 at every alignment, percent-encoded, reversed; NULL-terminated, each of SP_NEEDLE_MIN to
     * SP_NEEDLE_MAX bytes. */
    const char *const *needles;
};

struct sp_decoy_matcher; /* compiled needles */

struct sp_decoys {
    struct sp_decoy
        *items; /* all in the arena; files of the home first, then the project's, then variables */
    size_t count, capacity;
    struct sp_arena *arena; /* borrowed */
    char **env;             /* the environment for the sandbox, sorted, NULL-terminated, in the arena */
    const struct sp_decoy_matcher *matcher; /* in the arena */
};

struct sp_decoy_wishes {
    const char *home;      /* inside */
    const char *real_home; /* the host's: settings of its .npmrc and .gitconfig are carried over without their
                              secrets; NULL: none */
    const char *project;   /* the real directory: its .env*, .npmrc, .yarnrc.yml, .git/config ... are read and
                              stand inside with their secrets replaced by canaries, all else kept; NULL: none */
    const char *const *env; /* the host's environment */
};
/* Makes the decoys of one run from the kernel's random numbers. Environment: an allow-list of harmless
 * variables passes unchanged; what looks like a secret by name or value stays under its name with a canary in
 * its value's form; sockets (SSH_AUTH_SOCK, DBUS..., DOCKER_HOST), proxies, loader variables and all else are
 * left out. Everything in OUT lives as long as ARENA. */
int sp_decoys_make(struct sp_decoys *out, struct sp_arena *arena, const struct sp_decoy_wishes *wishes,
                   struct sp_error *err);

/* Makes the matcher of decoys that were put together elsewhere (a trace): each needle is of SP_NEEDLE_MIN to
 * SP_NEEDLE_MAX bytes. sp_decoys_make has done it. */
int sp_decoys_compile(struct sp_decoys *decoys, struct sp_error *err);
/* How many needles there are, and how many of them one place of what is searched may have to be compared
 * with.
 */
size_t sp_decoys_needles(const struct sp_decoys *decoys);
size_t sp_decoys_crowding(const struct sp_decoys *decoys);

/* The first decoy of which a needle stands in LENGTH BYTES; NULL: none. Linear time. */
const struct sp_decoy *sp_decoys_find(const struct sp_decoys *decoys, const void *bytes, size_t length);

/* What a stream that comes in pieces ended with. Zero-initialise, one a stream and direction. */
struct sp_decoy_tail {
    unsigned char bytes[2 * SP_NEEDLE_MAX];
    size_t length;
};
/* As sp_decoys_find over a stream: finds a needle that is split between pieces as well. */
const struct sp_decoy *sp_decoys_find_next(const struct sp_decoys *decoys, struct sp_decoy_tail *tail,
                                           const void *bytes, size_t length);
/* The same, with every find told instead of the first. */
void sp_decoys_each_next(const struct sp_decoys *decoys, struct sp_decoy_tail *tail, const void *bytes,
                         size_t length, void (*found)(void *context, const struct sp_decoy *decoy),
                         void *context);
