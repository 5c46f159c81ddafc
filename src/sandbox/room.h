/* room.h: what the two sides of a sandbox share: the plan that is made outside, before the first namespace,
 * and the messages between the keeper (process 1 inside) and the process that opened the room. Private to
 * src/sandbox. */
#pragma once
#include "sandbox/notify.h"
#include "sandbox/sandbox.h"

#include <sys/socket.h>
#include <sys/types.h>

enum sp_view_kind {
    SP_VIEW_OVERLAY, /* writes go to an upper layer */
    SP_VIEW_READ,    /* bound read-only */
    SP_VIEW_LINK,    /* a symbolic link of the host's root, made again */
};

/* One thing of the host as it stands inside, in the order of mounting: parents first. */
struct sp_view {
    enum sp_view_kind kind;
    char *path;  /* absolute, the same outside and inside */
    char *link;  /* of a LINK */
    char *layer; /* directory in the scratch with upper/ and work/; of a PRIVATE one: the directory itself */
    char *beneath; /* upper directory of the room that this one stands over; NULL: none */
    int map;       /* user namespace whose map shows the host's owners as the room's; -1: as they are */
    mode_t mode;   /* of the directory on the host */
    uid_t uid;     /* owner of the upper directory */
    gid_t gid;
    bool landing; /* may hold something to land */
};

struct sp_identity {
    bool whole;          /* root inside, over the whole system */
    bool privileged;     /* mounts are made by the host's root; else in a user namespace of the caller's */
    uint32_t owner_base; /* whole: host id of the room's id 0 */
    uid_t uid;           /* as the host sees the commands */
    gid_t gid;
    uid_t inside_uid;
    gid_t inside_gid;
    int user_namespace; /* that the commands run in; -1: made by the keeper itself */
};
/* Who would run here, and as whom. Never the host's root. */
int sp_identity_choose(struct sp_identity *out, struct sp_error *err);
/* A map of owners for a tree whose root belongs to OWNER: that one becomes the room's root. */
int sp_identity_map(const struct sp_identity *identity, uid_t uid, gid_t gid, struct sp_error *err);
/* Makes a user namespace with these maps (uid_map(5) lines) and returns its descriptor. */
int sp_user_namespace(const char *uid_map, const char *gid_map, struct sp_error *err);

struct sp_room {
    struct sp_arena arena;
    const struct sp_sandbox_spec *spec; /* only while the room is built */
    struct sp_identity identity;
    struct sp_view *views;
    size_t view_count, view_capacity;
    char *scratch; /* of this room: its layers */
    char *private_tmp;
    struct sp_limits limits;
    bool limit_processes_by_rlimit, limit_memory_by_rlimit;
    bool over; /* the identity is another room's */
    bool notify;
    struct sp_notify_filter notify_filter; /* the keeper's alone */
};
/* Chooses what stands where. */
int sp_room_plan(struct sp_room *room, const struct sp_sandbox_spec *spec, const struct sp_room *over,
                 struct sp_error *err);
void sp_room_free(struct sp_room *room);

/* The inside: builds the room from within the new namespaces and then keeps it, as process 1, until CHANNEL
 * closes. Never returns. */
_Noreturn void sp_room_enter(struct sp_room *room, int channel);
/* The keeper's loop, once nothing can be undone any more. */
_Noreturn void sp_keeper_run(int channel, const struct sp_room *room);

/* What is mounted where; FAILED fills ERR. TARGETs are absolute and inside the new root ROOT. */
int sp_mount_new_root(const struct sp_room *room, const char *root, const char *staging,
                      struct sp_error *err);
/* Makes DIRECTORY, the lower layer of the home, with the decoys and files that belong there. */
int sp_place_home(const struct sp_room *room, const char *directory, struct sp_error *err);
/* Puts decoys and other files in place, once the new root is the root, and watches the decoys. WATCHES has
 * one number a decoy (-1: a variable). */
int sp_place_files(const struct sp_room *room, int notify, int *watches, struct sp_error *err);

/* The filter of syscalls, for this process and all it starts. Those of LEFT_OUT (NULL-terminated; NULL: none)
 * another filter will refuse before anything hostile runs. */
int sp_filter_load(const char *const *left_out, struct sp_error *err);
/* Gives up every capability, for good, and the way to get any back. */
int sp_privileges_drop(const struct sp_identity *identity, struct sp_error *err);
/* Soft and hard limits of a command, in the child that becomes it. */
int sp_limits_of_command(const struct sp_room *room);

/* ------------------------------------------------------------------ limits */

struct sp_cgroups {
    char *unified;       /* directory of the room's group in the v2 hierarchy; NULL: none */
    char *memory, *pids; /* v1 groups; NULL: v2 or none */
    bool memory_set, pids_set;
    char by[160]; /* what enforces what, for the report */
};
int sp_cgroups_make(struct sp_cgroups *out, const struct sp_limits *limits, struct sp_error *err);
int sp_cgroups_join(const struct sp_cgroups *groups, pid_t pid, struct sp_error *err);
/* How often the limits of memory and processes were met so far. */
void sp_cgroups_met(const struct sp_cgroups *groups, uint64_t *memory, uint64_t *processes);
void sp_cgroups_kill(const struct sp_cgroups *groups);
void sp_cgroups_remove(struct sp_cgroups *groups);

/* ----------------------------------------------------------------- scratch */

/* Makes a directory of its own in DIRECTORY (made too, 0700), after removing those that runs which are dead
 * by now left there. *LOCK, the caller's, says as long as it is open that this one is alive. */
char *sp_scratch_make(const char *directory, int *lock, struct sp_error *err);

/* ---------------------------------------------------------------- messages */

#define SP_ROOM_FDS_MAX (SP_SINKHOLE_SOCKETS_MAX + 8)
#define SP_ROOM_DECOYS_MAX 1024 /* more are an error: each is watched */
#define SP_ROOM_INSTALLS_MAX 32 /* directories of installed_to */

enum sp_room_word {
    SP_ROOM_GO = 1, /* outside -> inside: the maps of ids stand */
    SP_ROOM_JOINED, /* outside -> inside: so do the control groups */
    SP_ROOM_READY,  /* inside -> outside, with the descriptors */
    SP_ROOM_BROKEN, /* inside -> outside: error text */
    SP_ROOM_RUN,    /* outside -> inside, with [words, in, out, error] */
    SP_ROOM_ENDED,
    SP_ROOM_KILL, /* all but the keeper */
    SP_ROOM_KILLED,
    SP_ROOM_LISTENER, /* inside -> outside, with [listener]: of the command .token; text: its program */
};

struct sp_room_message {
    enum sp_room_word word;
    uint32_t token;
    int32_t status, failure;
    uint32_t timed_out, own_session;
    uint64_t time, peak_memory;
    uint32_t has_proxy, has_notify, sinkhole_count;
    unsigned char roles[SP_SINKHOLE_SOCKETS_MAX];
    int32_t watches[SP_ROOM_DECOYS_MAX + SP_ROOM_INSTALLS_MAX]; /* the decoys', then those of installed_to */
    char text[SP_ERROR_TEXT_MAX];
};
/* One message with COUNT descriptors, whole or not at all. */
int sp_room_send(int channel, const struct sp_room_message *message, const int *fds, size_t count,
                 struct sp_error *err);
/* The same by way of HEADER, in memory that is the caller's: sendmsg(2) is called with that address. */
int sp_room_send_by(struct msghdr *header, int channel, const struct sp_room_message *message, const int *fds,
                    size_t count, struct sp_error *err);
/* 1: *MESSAGE and up to *COUNT descriptors (now the caller's) came; 0: the other side is gone. */
int sp_room_receive(int channel, struct sp_room_message *message, int *fds, size_t *count,
                    struct sp_error *err);
