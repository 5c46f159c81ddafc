/* landing.h: moves what an overlay's upper layer holds into the real directory: all of it or nothing.
 * Sources: Linux Documentation/filesystems/overlayfs.rst (whiteouts, opaque directories, xattrs), openat2(2).
 */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

enum sp_change_kind {
    SP_CHANGE_NEW,      /* nothing stood there */
    SP_CHANGE_MODIFIED, /* content, or mode */
    SP_CHANGE_REPLACED, /* another kind of thing stood there, or a directory that was emptied (opaque) */
    SP_CHANGE_DELETED,
    SP_CHANGE_SAME, /* copied up, but equal in type, mode, content or link: nothing to do */
};

struct sp_change {
    enum sp_change_kind kind;
    const char *path;   /* relative to the tree, no leading slash; any bytes */
    struct stat now;    /* of the thing in the upper layer; zero where deleted */
    struct stat before; /* of what stands on the host; zero where new */
    const char *link;   /* target of a symbolic link; else NULL */
    bool leaves;        /* the link is absolute and not into the tree, or climbs out of it (read as text) */
    uint64_t inside;    /* with a NEW directory: how many things are beneath it */
};

/* One tree that was overlaid. */
struct sp_landing_tree {
    /* Of the upper layer, borrowed until the landing is freed; opened for reading, in the mount namespace
     * where the landing runs (a descriptor of another namespace costs a copy of everything). */
    int upper;
    const char *target; /* the real directory: absolute, no link in the path */
    bool user_xattr;    /* marks are user.overlay.*, else trusted.overlay.* */
    /* Owners in the upper layer -> on the host: id OWNER_BASE + n is n, everything else stays. With
     * OWNER_BASE 0 nothing is mapped. New things made by the run's root (OWNER_BASE) become owned by
     * OWNER_UID:OWNER_GID. */
    uint32_t owner_base;
    uid_t owner_uid;
    gid_t owner_gid;
};

enum sp_landing_answer {
    SP_LANDING_LAND,    /* a declared output */
    SP_LANDING_LEAVE,   /* ours, or of no interest: not landed, not reported */
    SP_LANDING_REFUSE,  /* no declared output: not landed, reported */
    SP_LANDING_DESCEND, /* of a NEW directory only: ask about each thing in it (it may hold both). It is made
                           where something in it lands; an error for anything else */
};

struct sp_landing_options {
    const struct sp_landing_tree *trees;
    size_t tree_count;
    /* When the overlay was mounted: what changed on the host since is a conflict. By CLOCK_REALTIME_COARSE,
     * taken just before: files are stamped with that clock, which lags some milliseconds behind
     * CLOCK_REALTIME. */
    struct timespec started;
    /* Asked for each change but SAME, parents first; a directory on both sides is a change only where its
     * mode is another. For a NEW or REPLACED directory LAND answers for everything beneath it, but things
     * that must never land are still refused (see below), and a link that leaves the tree is asked for by
     * itself. */
    enum sp_landing_answer (*judge)(void *context, size_t tree, const struct sp_change *change);
    /* Told of each change that will not land, and why: "no declared output", "setuid bit", "device node",
     * "FIFO", "socket", "file capability", "link out of the project", "changed on the host meanwhile" ... May
     * be NULL. */
    void (*refused)(void *context, size_t tree, const struct sp_change *change, const char *why);
    /* Told of each change that will land (a NEW directory once). May be NULL. */
    void (*lands)(void *context, size_t tree, const struct sp_change *change);
    /* Content to land instead of what the upper layer holds: a lockfile whose URLs are written back. Returns
     * 1 and fills OUT, 0: as it is. Asked for regular files of at most 64 MiB that will land or might be
     * SAME. May be NULL. */
    int (*restore)(void *context, size_t tree, const char *path, int fd, struct sp_buffer *out,
                   struct sp_error *err);
    bool (*restores)(void *context, size_t tree,
                     const char *path); /* cheap: is restore to be asked at all? */
    void *context;
    uint64_t entries_max; /* more things than this in the layers is an error; 0: 10 million */
};

#define SP_LANDING_MEANWHILE                                                                                 \
    "changed on the host meanwhile" /* why a change that is a conflict is refused                            \
                                     */

struct sp_landing; /* a plan */

/* Walks the layers and makes the plan. Nothing is touched. Every process of the sandbox must be dead. */
int sp_landing_plan(struct sp_landing **out, const struct sp_landing_options *options, struct sp_error *err);
void sp_landing_free(struct sp_landing *landing);

struct sp_landing_totals {
    uint64_t new, modified, deleted, same; /* things; a new tree counts all that is in it */
    uint64_t refused, conflicts;
    uint64_t bytes;
};
struct sp_landing_totals sp_landing_totals(const struct sp_landing *landing);
/* The first conflict, "PATH was changed meanwhile"; NULL: none. With one, apply refuses. */
const char *sp_landing_conflict(const struct sp_landing *landing);

/* Lands, once. JOURNAL_DIRECTORY (made if missing, mode 0700; it must be the caller's alone) should lie on
 * the target's file system and be the same for all runs on it. With a conflict, or where something changes on
 * the host meanwhile, nothing lands. On failure everything on the host is as it was; the layer's things are
 * in their places, as evidence, but without the overlay's marks and what was refused: it is not to be planned
 * again. */
int sp_landing_apply(struct sp_landing *landing, const char *journal_directory, struct sp_error *err);
/* Finishes or undoes what earlier, interrupted landings left under JOURNAL_DIRECTORY. *RECOVERED counts them.
 * A landing that still lives is left alone. To be called at each start, before the overlay is mounted: a
 * landing refuses to begin beside an unrecovered one. */
int sp_landing_recover(const char *journal_directory, unsigned *recovered, struct sp_error *err);
