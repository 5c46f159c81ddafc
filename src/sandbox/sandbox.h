/* sandbox.h: a room for a stranger: own user, mount, pid, net, ipc, uts and cgroup namespaces, overlays that
 * take every write, no privileges, a filter of syscalls, and limits. Nothing in it outlives it.
 *
 * Two kinds of room, by who calls: "whole" (root without SUDO_UID: the command runs as root inside, as a
 * spare id outside, with overlays over the system too) and "project" (an ordinary user, or root through sudo:
 * the command runs as that user, the system is read-only). Sources: user_namespaces(7), mount_setattr(2),
 * overlayfs.rst, seccomp(2), cgroups(7), bubblewrap's order of steps. */
#pragma once
#include "base/buffer.h"
#include "sandbox/decoys.h"
#include "sandbox/sinkhole.h"
#include "trace/event.h"

#include <signal.h>
#include <time.h>

struct sp_limits {
    uint64_t time;      /* nanoseconds of the whole run; 0: none, as below */
    uint64_t memory;    /* bytes */
    uint64_t processes; /* and threads */
    uint64_t file_size; /* bytes of one file */
    uint64_t disk;      /* bytes written to all layers together */
    uint64_t files;     /* things made in all layers together */
};

/* A file that stands in the sandbox before its first process. */
struct sp_placed_file {
    const char *path; /* absolute; parents are made */
    const void *bytes;
    size_t length;
    mode_t mode;
};

struct sp_sandbox_spec {
    const char *home;            /* of the user, on the host: hidden, and a private one stands in its place */
    const char *project;         /* real path; overlaid */
    const char *const *trees;    /* NULL-terminated, real paths: overlaid as well */
    const char *const *readable; /* NULL-terminated: toolchains, shown though they lie under a hidden place */
    const struct sp_placed_file *files;
    size_t file_count;
    const struct sp_decoys *decoys; /* placed and watched; NULL: none */
    /* NULL-terminated: the first thing made in one of these directories is told as the begin of
     * SP_PHASE_INSTALL. Those that are not there are not watched. */
    const char *const *installed_to;
    enum sp_net net;
    struct sp_limits limits;
    const char *scratch; /* directory on disk for the layers; NULL: tmpfs */
    /* The kernel asks us before a command execs, connects, or opens a file to write: sp_sandbox_next hands on
     * what it does, and it waits meanwhile, so somebody must be in sp_sandbox_next soon. For hosts without
     * probes; what is seen and what is not: docs/without-probes.md. */
    bool notify;
    /* With .notify: once a decoy was opened that proves, nothing but loopback is called any more. */
    bool refuse;
    const struct sp_sandbox
        *over; /* a sandbox whose processes are dead: its result is the lower layer of this one */
};

/* One command inside. */
struct sp_sandbox_command {
    const char *const *argv;
    const char *const *env;
    const char *cwd;
    int in, out, error; /* descriptors, borrowed; -1: /dev/null */
    uint64_t time;      /* nanoseconds; 0: the sandbox's limit alone */
    bool own_session;   /* away from the terminal */
};

struct sp_sandbox_end {
    uint32_t token;
    int status; /* as waitpid(2) gives it */
    bool timed_out;
    int failure; /* errno of the exec, where there was none */
    uint64_t nanoseconds;
    uint64_t peak_memory; /* bytes, of the largest process beneath */
};

/* One overlaid tree, for the landing. */
struct sp_sandbox_tree {
    const char *target; /* on the host */
    int upper;          /* owned by the sandbox */
};

struct sp_sandbox;
/* Builds the room; must be called while the process has one thread. Nothing hostile runs yet. */
int sp_sandbox_open(struct sp_sandbox **out, const struct sp_sandbox_spec *spec, struct sp_error *err);
/* Starts a command; the answer comes by sp_sandbox_next. Returns its token, or 0. */
uint32_t sp_sandbox_run(struct sp_sandbox *sandbox, const struct sp_sandbox_command *command,
                        struct sp_error *err);
/* The room's sockets: the registry proxy's (-1: none), and the sinkhole's. Owned by the sandbox. */
int sp_sandbox_proxy_socket(const struct sp_sandbox *sandbox);
const struct sp_sinkhole_sockets *sp_sandbox_sinkhole(const struct sp_sandbox *sandbox);
/* Three descriptors; when one is readable sp_sandbox_next has something to say. */
int sp_sandbox_poll_fd(const struct sp_sandbox *sandbox);
int sp_sandbox_notify_fd(const struct sp_sandbox *sandbox);
int sp_sandbox_seccomp_fd(const struct sp_sandbox *sandbox); /* -1: without .notify */
/* Waits at most MILLISECONDS (-1: for ever) and hands on decoys opened, limits met and, with .notify, acts of
 * processes to SINK. 1: *END is filled, 0: nothing ended, -1: the room broke. */
int sp_sandbox_next(struct sp_sandbox *sandbox, int milliseconds, const struct sp_event_sink *sink,
                    struct sp_sandbox_end *end, struct sp_error *err);
/* With .notify, for a proof that the caller found: from here on nothing but loopback is called. May be called
 * by a sink while it takes an event: then it holds for the very call that is told. */
void sp_sandbox_refuse(struct sp_sandbox *sandbox);
/* Whether .notify can be had here, found by trying. 0, or an errno. */
int sp_sandbox_try_notify(void);
/* Kills every process in the room but its keeper, and waits until they are gone. */
int sp_sandbox_kill(struct sp_sandbox *sandbox, struct sp_error *err);
/* Ends the room: all processes are gone afterwards; the layers stay until sp_sandbox_close. */
int sp_sandbox_end(struct sp_sandbox *sandbox, struct sp_error *err);
void sp_sandbox_close(struct sp_sandbox *sandbox);

int sp_sandbox_root(const struct sp_sandbox *sandbox);     /* directory descriptor of the root inside */
pid_t sp_sandbox_keeper(const struct sp_sandbox *sandbox); /* the first process, as the caller sees it */
/* Directory of the room's control group of version 2; NULL: none. */
const char *sp_sandbox_cgroup(const struct sp_sandbox *sandbox);

const struct sp_decoys *sp_sandbox_decoys(const struct sp_sandbox *sandbox); /* NULL: none */

/* A decoy's file as the kernel knows it inside, whatever name it is opened by. */
struct sp_decoy_file {
    uint64_t device, inode; /* s_dev and i_ino of the file system that it is seen through */
    uint64_t size;          /* an overlay may give the same number to files of two layers: this tells them apart */
    uint32_t decoy;         /* index */
};
/* Fills FILES (room for one a decoy) and returns how many; those that are no files, or that cannot be told,
 * are left out and, where MISSED is given, counted. */
size_t sp_sandbox_decoy_files(const struct sp_sandbox *sandbox, struct sp_decoy_file *files, size_t *missed);
size_t sp_sandbox_trees(const struct sp_sandbox *sandbox, const struct sp_sandbox_tree **trees);
bool sp_sandbox_user_xattr(const struct sp_sandbox *sandbox);
uint32_t sp_sandbox_owner_base(const struct sp_sandbox *sandbox); /* 0: owners are the same inside and out */
struct timespec sp_sandbox_started(const struct sp_sandbox *sandbox);
const char *
sp_sandbox_limits_by(const struct sp_sandbox *sandbox); /* "cgroup v2", "cgroup v1: memory, pids; ..." */

/* For a process of ours that parses what strangers send: it can start no program and change no owner from
 * here on. Threads and sockets stay. Needs no-new-privs. */
int sp_filter_for_parser(struct sp_error *err);

/* ------------------------------------------------------------- what this host allows */

enum sp_sight { SP_SIGHT_YES, SP_SIGHT_PART, SP_SIGHT_NO };
struct sp_host_check {
    const char *id; /* "user-namespaces" */
    enum sp_sight state;
    char found[160];  /* what was seen */
    char lost[200];   /* what that costs; "" nothing */
    char remedy[240]; /* "" none */
    bool needed;      /* without it no sandbox can be made: run ends with 125 */
};
#define SP_HOST_CHECKS_MAX 24
/* Fills CHECKS and returns how many. Tries things, changes nothing. */
size_t sp_host_checks(struct sp_host_check checks[SP_HOST_CHECKS_MAX]);
