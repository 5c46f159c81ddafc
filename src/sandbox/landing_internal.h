/* landing_internal.h: what the parts of the landing share, and the hooks by which a test stops one half way.
 */
#pragma once
#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"
#include "sandbox/landing.h"

#define SP_LANDING_DEPTH_MAX 1000
#define SP_LANDING_RESTORE_MAX ((uint64_t)64 << 20)

/* ------------------------------------------------------------- things, as they were seen (landing_files.c)
 */

struct sp_seen {
    uint64_t inode, device, rdev, size, mount;
    uint32_t mode, links, uid, gid; /* mode 0: nothing */
    struct timespec accessed, modified, changed, born;
    bool mount_root; /* something is mounted on it */
};

/* Looks at DIRECTORY/NAME without following a link. 1: seen, 0: nothing there, -1: errno. */
int sp_look(int directory, const char *name, struct sp_seen *seen);
void sp_seen_stat(const struct sp_seen *seen, struct stat *out);
/* Whether both are one thing, unedited, though it may have been renamed (which changes its ctime). */
bool sp_seen_same_thing(const struct sp_seen *a, const struct sp_seen *b);
/* The same, and not even renamed or linked. */
bool sp_seen_untouched(const struct sp_seen *a, const struct sp_seen *b);
/* -1, 0, 1 as A is before, at or after B. */
int sp_time_order(const struct timespec *a, const struct timespec *b);

/* Names in one directory, sorted where asked. */
struct sp_listing {
    struct sp_listing_name {
        size_t at; /* in the bytes */
        unsigned char type;
    } * names;
    size_t count, capacity;
    struct sp_buffer bytes;
};
/* Reads at most LIMIT names; more is SP_ERROR_LIMIT. */
int sp_listing_read(struct sp_listing *listing, int directory, uint64_t limit, bool sort,
                    struct sp_error *err);
void sp_listing_free(struct sp_listing *listing);
#define sp_autolisting __attribute__((cleanup(sp_listing_free)))
static inline const char *
sp_listing_name(const struct sp_listing *listing, size_t i)
{
    return listing->bytes.bytes + listing->names[i].at;
}

/* Directories from a root down to where one stands. Only the lowest few are kept open, so depth costs no
 * descriptors; the way back goes over ".." and is checked. No link is followed, no mount is crossed. */
struct sp_trail {
    struct sp_trail_level {
        int fd; /* -1: was closed */
        bool borrowed;
        uint32_t dir; /* number in a list of directories, for sp_trail_go */
        uint64_t device, inode;
    } * levels;
    size_t count, capacity;
};
int sp_trail_start(struct sp_trail *trail, int root); /* ROOT is borrowed; -1: errno */
int sp_trail_down(struct sp_trail *trail, const char *name);
int sp_trail_up(struct sp_trail *trail); /* -1, ESTALE: the directory was moved elsewhere */
void sp_trail_end(struct sp_trail *trail);
#define sp_autotrail __attribute__((cleanup(sp_trail_end)))
static inline int
sp_trail_fd(const struct sp_trail *trail)
{
    return trail->levels[trail->count - 1].fd;
}

/* Removes DIRECTORY/NAME and all beneath it; nothing there is fine. -1: errno. */
int sp_remove_tree(int directory, const char *name);
int sp_write_whole(int fd, const void *bytes, size_t length); /* -1: errno */

/* ------------------------------------------------------------- marks and attributes (landing_marks.c) */

enum {
    SP_MARK_OPAQUE = 1,
    SP_MARK_ORIGIN = 2,     /* copied up: the overlay saw a lower one */
    SP_MARK_STRIP = 4,      /* carries what must not land */
    SP_MARK_CAPABILITY = 8, /* a file capability */
};
/* Fills MARKS for DIRECTORY/NAME of the layer. A mark that cannot be understood is an error; PATH is for it.
 */
int sp_marks_read(int directory, const char *name, bool user_xattr, const char *path, unsigned *marks,
                  struct sp_error *err);
int sp_marks_strip(int directory, const char *name); /* -1: errno */
/* Copies what may land. -1: errno. */
int sp_marks_copy(int from, const char *from_name, int to, const char *to_name);

/* Whether two things carry the same of what may land. -1: errno. */
int sp_marks_equal(int one, int other, const char *name);

/* ------------------------------------------------------------- the plan (landing_plan.c, _walk.c, _scan.c)
 */

enum sp_landing_role {
    SP_ROLE_PASS,  /* stands on both sides; things in it change */
    SP_ROLE_MAKE,  /* new, and made empty: the judge looked inside */
    SP_ROLE_LAYER, /* inside something that lands whole: of interest in the layer only */
};
struct sp_landing_dir {
    uint32_t parent, depth; /* the root is number 0 at depth 0 */
    uint8_t role;
    bool made;         /* MAKE: its item is in the list */
    bool entries;      /* something directly in it changes: it gets the layer's time */
    bool keep_time;    /* somebody else changed it meanwhile: it does not */
    bool mode_changes; /* to now.mode */
    bool disturbed;    /* the preparation changed its time in the layer */
    const char *name;
    uint64_t inode;             /* on the target's side; 0 unknown */
    struct sp_seen now, before; /* in the layer; on the host */
};
struct sp_landing_item {
    uint32_t dir;
    uint32_t makes; /* 0, or the number of the directory that is made empty */
    const char *name;
    struct sp_seen *before; /* NULL: nothing stood there */
    struct sp_seen now;     /* mode 0: deleted */
    uint8_t kind;
    bool rewritten;
};
enum { SP_PREP_UNLINK = 1, SP_PREP_STRIP = 2, SP_PREP_OWNER = 4, SP_PREP_REWRITE = 8 };
/* What is done to a thing in the layer before it lands. */
struct sp_landing_prep {
    uint32_t dir;
    uint8_t ops;
    const char *name;
    uid_t uid;
    gid_t gid;
    char *content; /* owned */
    size_t length;
};
struct sp_landing_plan_tree {
    struct sp_landing_tree tree;
    int root; /* of the target */
    struct sp_seen root_seen;
    bool copy; /* the layer is on another file system */
    struct sp_landing_dir *dirs;
    size_t dir_count, dir_capacity;
    struct sp_landing_item *items;
    size_t item_count, item_capacity;
    struct sp_landing_prep *preps;
    size_t prep_count, prep_capacity;
};
struct sp_landing {
    struct sp_arena arena;
    struct sp_landing_options options;
    struct sp_landing_plan_tree *trees;
    size_t tree_count;
    struct sp_landing_totals totals;
    struct sp_buffer conflict;
};

/* One directory on the way of the walk. */
struct sp_walk_frame {
    struct sp_walk_frame *up;
    const char *name;
    uint32_t dir; /* UINT32_MAX: not in the list yet */
    uint32_t depth;
    uint8_t role;
    bool vanished; /* the overlay saw it on the host, where it is no more */
    struct sp_seen now, before;
};
struct sp_walk {
    struct sp_landing *landing;
    struct sp_landing_plan_tree *tree;
    size_t number; /* of the tree */
    struct sp_trail layer, host;
    struct sp_buffer path;
    uint64_t left; /* of entries_max */
};
int sp_walk_enter(struct sp_walk *walk, const char *name, size_t *mark, struct sp_error *err);
void sp_walk_leave(struct sp_walk *walk, size_t mark);
/* The number of FRAME's directory. */
int sp_walk_dir(struct sp_walk *walk, struct sp_walk_frame *frame, uint32_t *dir, struct sp_error *err);
/* The same, of a directory in which something lands: it is made first, with its parents, where the judge
 * looked inside it. */
int sp_walk_landing_dir(struct sp_walk *walk, struct sp_walk_frame *frame, uint32_t *dir,
                        struct sp_error *err);
/* Adds a thing to the plan; NULL: ERR is filled. */
struct sp_landing_item *sp_walk_item(struct sp_walk *walk, uint32_t dir, const char *name,
                                     struct sp_error *err);
/* Walks the directory where WALK stands; HOST: there is one on the host too (landing_walk.c). */
int sp_walk_directory(struct sp_walk *walk, struct sp_walk_frame *frame, bool host, struct sp_error *err);
int sp_walk_prep(struct sp_walk *walk, struct sp_walk_frame *frame, const char *name, unsigned marks,
                 const struct sp_seen *now, const struct sp_seen *before, struct sp_error *err);
/* Why a thing of this kind never lands; NULL: it may. */
const char *sp_walk_forbidden(const struct sp_seen *now, unsigned marks);
/* The text of the link NAME into LINK, and whether it leaves the tree. */
int sp_walk_link(struct sp_walk *walk, const char *name, uint64_t depth, struct sp_buffer *link, bool *leaves,
                 struct sp_error *err);
bool sp_walk_asks_restore(const struct sp_walk *walk, const struct sp_seen *now);
/* 1: CONTENT is to land instead. */
int sp_walk_restore(struct sp_walk *walk, int directory, const char *name, struct sp_buffer *content,
                    struct sp_error *err);
void sp_walk_refuse(struct sp_walk *walk, const struct sp_change *change, const char *why);

/* What was found beneath a directory that may land whole. */
struct sp_scan {
    uint64_t inside, bytes;
    struct sp_scan_found {
        uint32_t dir, depth;
        const char *name;
        const char *why; /* it never lands; NULL: ask about a link, or about restoring */
        unsigned marks;
        struct sp_seen now;
    } * found;
    size_t count, capacity;
};
/* Scans NAME of the layer's directory where WALK stands. Preparations are appended to the tree's. */
int sp_scan_new(struct sp_walk *walk, struct sp_walk_frame *frame, const char *name,
                const struct sp_seen *now, struct sp_scan *scan, struct sp_error *err);
/* It lands: reports and plans what is left out or restored. */
int sp_scan_settle(struct sp_walk *walk, struct sp_scan *scan, struct sp_error *err);
/* Whether something in NAME, beneath the host's directory DIRECTORY, changed since; its path (relative to
 * DIRECTORY) goes to WHERE. *COUNT counts the things beneath. 1: changed, 0: not. */
int sp_scan_host(const struct sp_landing *landing, int directory, const char *name, struct sp_buffer *where,
                 uint64_t *count, struct sp_error *err);

/* Goes to the directory DIR of DIRS. Where CHECK, a directory that is another than the list says fails with
 * ESTALE. The descriptor, or -1: errno. */
int sp_trail_go(struct sp_trail *trail, const struct sp_landing_dir *dirs, uint32_t dir, bool check);
/* The path of NAME in DIR, for people. */
int sp_landing_path(struct sp_buffer *out, const struct sp_landing_dir *dirs, uint32_t dir, const char *name,
                    struct sp_error *err);

/* ------------------------------------------------------------- journal (landing_journal.c, landing_undo.c)
 */

#define SP_JOURNAL_MAGIC "SPLANDv1"
#define SP_JOURNAL_HEADER 24 /* magic, length, hash */
#define SP_AREA_PREFIX ".sallyport-landing-"
/* The numbers of a thing, in the order of the format. */
struct sp_packed_thing {
    uint64_t inode, device, size;
    int64_t modified, changed, born;
    uint32_t modified_ns, changed_ns, born_ns, mode;
};
enum { SP_STEP_ASIDE = 1, SP_STEP_PLACE = 2 };
struct sp_landing_step {
    uint8_t kind;
    bool staged;     /* the new thing waits in the area, not in the layer */
    bool makes;      /* it is a directory made empty */
    uint32_t dir;    /* number in the tree's dirs */
    uint32_t number; /* of old.N, new.N, undone.N in the area */
    const char *name;
    struct sp_seen thing; /* that is moved */
};
struct sp_journal_tree {
    const char *target, *area; /* absolute */
    bool area_inside;          /* the area lies in the tree's own root */
    struct sp_seen root_seen;
    struct sp_landing_dir *dirs;
    size_t dir_count;
    struct sp_landing_step *steps;
    size_t step_count;
    /* while it is used */
    int root, area_fd;
    int layer; /* -1: in recovery */
};
struct sp_journal {
    struct sp_arena arena;
    const char *home;      /* the journal directory */
    char *path;            /* HOME/NAME */
    char name[32];         /* landing-XXXXXXXXXXXXXXXX */
    int home_fd, fd, lock; /* of HOME, of PATH, and what says that its owner lives */
    struct sp_journal_tree *trees;
    size_t tree_count;
};
void sp_journal_close(struct sp_journal *journal);
/* Begins one under HOME. Leftovers of a dead landing are an error. */
int sp_journal_begin(struct sp_journal *journal, const char *home, size_t trees, struct sp_error *err);
/* Notes where the areas are to be, on the file systems of the targets (INSIDE: in the trees' own roots), and
 * makes them. */
int sp_journal_areas(struct sp_journal *journal, bool inside, struct sp_error *err);
int sp_journal_write(struct sp_journal *journal, struct sp_error *err);
int sp_journal_commit(struct sp_journal *journal, struct sp_error *err);
/* Reads the journal NAME. 1: whole, 0: it never began (only areas may be known). */
int sp_journal_read(struct sp_journal *journal, struct sp_error *err);
int sp_journal_open_areas(struct sp_journal *journal, struct sp_error *err);
/* Removes areas and journal. */
int sp_journal_end(struct sp_journal *journal, bool committed, struct sp_error *err);
/* 0: LOCK of the journal NAME under HOME_FD is taken, its owner is dead; 1: it lives; -1. */
int sp_journal_lock(int home_fd, const char *name, int *lock, struct sp_error *err);
/* Opens and locks the directory of the journals, making it where MAKE. 0: there is none. */
int sp_journal_home(const char *home, bool make, int *fd, struct sp_error *err);
bool sp_journal_is_name(const char *name);

/* Stop points: called with 0, 1, 2 ... after each thing done. Other than 0 makes the landing fail there. */
struct sp_landing_hooks {
    int (*checkpoint)(void *context, unsigned step);
    void *context;
    unsigned step;
};
int sp_checkpoint(struct sp_landing_hooks *hooks, struct sp_error *err);

/* Puts everything back as it was. Whatever was not done is passed over. */
int sp_journal_undo(struct sp_journal *journal, struct sp_landing_hooks *hooks, struct sp_error *err);

/* Makes the layer's things ready to land: marks, owners, restored content, and away with what is refused
 * (landing_prepare.c). */
int sp_landing_prepare(struct sp_landing_plan_tree *tree, struct sp_error *err);
/* Fills the journal's steps for TREE, with what must be staged staged in its area. */
int sp_landing_stage(struct sp_landing_plan_tree *tree, struct sp_journal_tree *journal,
                     struct sp_arena *arena, struct sp_error *err);

/* Copies DIRECTORY/NAME of the layer into the area, with all beneath it (landing_stage.c). */
struct sp_stage {
    const struct sp_landing_tree *tree;
    int area;
    uint32_t links;      /* files with several names that were seen */
    struct sp_map known; /* device and inode -> N of link.N in the area */
};
int sp_stage_copy(struct sp_stage *stage, int directory, const char *name, int to, const char *to_name,
                  struct sp_error *err);
void sp_landing_owner(const struct sp_landing_tree *tree, const struct sp_seen *now, uid_t *uid, gid_t *gid);

int sp_landing_apply_with(struct sp_landing *landing, const char *journal_directory,
                          struct sp_landing_hooks *hooks, struct sp_error *err);
int sp_landing_recover_with(const char *journal_directory, unsigned *recovered,
                            struct sp_landing_hooks *hooks, struct sp_error *err);
