/* notify.h: the sight that is left without probes: the filter of syscalls asks us about the few calls that
 * tell most, and the kernel lets the caller wait for the answer. What is asked, seen and missed:
 * docs/without-probes.md. Private to src/sandbox.
 *
 * Not a boundary: the answer "go on" lets the kernel read the arguments once more, and another thread may
 * have changed them since. What holds is the room itself: its overlays, its network, its filter. So events
 * say what was said, and nothing rests on them that an attacker would gain by lying about.
 *
 * Sources: seccomp_unotify(2), seccomp(2), pidfd_open(2), process_vm_readv(2), openat2(2). */
#pragma once
#include "base/hash.h"
#include "sandbox/sandbox.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/stat.h>
#include <sys/types.h>

/* ------------------------------------------------------------------- the inside */

struct sp_notify_filter {
    struct sock_filter *steps; /* NULL: none */
    unsigned short count;
    /* From here alone sendmsg(2) is not asked about: a command's listener must reach the opener before
     * anybody answers. A random address of the keeper's, which no exec survives and nobody inside can read.
     */
    struct msghdr *unasked;
};
/* Builds the filter, once, in the keeper; it lives as long as the keeper. */
int sp_notify_filter_make(struct sp_notify_filter *out, struct sp_error *err);
/* In a process that is about to become a command: every call from here on is asked about. Returns the
 * listener, or -1 with errno set. */
int sp_notify_filter_load(const struct sp_notify_filter *filter);

/* What this filter refuses by an answer of ours, so that the attempt is seen; the keeper's own filter then
 * leaves them out. NULL-terminated. */
extern const char *const sp_notify_refused[];

/* ------------------------------------------------------------------ the outside */

struct sp_notify;
struct sp_notify_options {
    int root;                       /* directory of the root inside, borrowed */
    const struct sp_decoys *decoys; /* borrowed; NULL: none */
    pid_t keeper;
    /* Called before a connection is judged, so that what came before it is known: it may call
     * sp_notify_refuse. */
    void (*look)(void *context, const struct sp_event_sink *sink);
    void *context;
};
int sp_notify_open(struct sp_notify **out, const struct sp_notify_options *options, struct sp_error *err);
/* A command is about to be started: its first exec is told with these words, since the process that makes it
 * still is the keeper's child, into which nobody may look. */
int sp_notify_expect(struct sp_notify *notify, uint32_t token, const char *const *argv, const char *cwd,
                     struct sp_error *err);
/* Its LISTENER (ours now) came; it will run PROGRAM. */
int sp_notify_add(struct sp_notify *notify, int listener, uint32_t token, const char *program,
                  struct sp_error *err);
/* Readable when sp_notify_take has something to do. */
int sp_notify_fd(const struct sp_notify *notify);
/* Answers who waits and hands on what they do; returns how many calls and ends were taken. Bounded: comes
 * back after some hundreds. SINK NULL: nobody listens, so every call is refused. */
size_t sp_notify_take(struct sp_notify *notify, const struct sp_event_sink *sink);
/* From here on connections and datagrams to anything but loopback are refused. */
void sp_notify_refuse(struct sp_notify *notify);
void sp_notify_close(struct sp_notify *notify);
/* Whether this kernel can do it, here, found by trying. 0, or an errno. */
int sp_notify_try(void);

/* ------------------------------------------------------------- shared by its parts */

#define SP_WATCHED_MAX 16384u /* live processes */
#define SP_SAID_PATH_MAX 4096u

enum sp_notify_kind { SP_NOTIFY_LISTENER, SP_NOTIFY_PROCESS };

struct sp_listener {
    enum sp_notify_kind kind; /* first, as of sp_watched: what an epoll event points at */
    int fd;                   /* -1: its last process is gone */
    uint32_t token;
    bool begun;                  /* its first process was seen */
    char *program, *words, *cwd; /* of the first exec; NULL once it was told */
    uint64_t word_bytes;
    bool words_cut, program_cut;
    struct sp_listener *next;
};

struct sp_watched {
    enum sp_notify_kind kind;
    int pidfd; /* -1: none could be had; then BORN tells this process from a later one of its number */
    pid_t pid; /* outside */
    uint64_t born;
    uint32_t number, parent, inside;
    char *before; /* its program at an exec that should not succeed; NULL: there was none since */
    int bound;    /* descriptor last bound; -1 */
    uint16_t bound_port;
    char bound_to[64];
    bool dead;
    struct sp_watched *next;
};

struct sp_notify {
    struct sp_notify_options options;
    int epoll;
    struct sp_listener *listeners; /* those that are expected have .fd -1 and .words */
    struct sp_watched *buckets[1024], *dead;
    struct {
        pid_t tid;
        struct sp_watched *process;
    } threads[256]; /* whose a thread is: checked before it is believed */
    size_t watched;
    uint32_t numbers;
    struct sp_map decoys; /* path to index */
    bool refusing;
    uint64_t untracked; /* processes that found no place */
    struct seccomp_notif *request;
    struct seccomp_notif_resp *response;
    size_t request_size, response_size;
};

/* One call that waits. */
struct sp_call {
    struct sp_notify *notify;
    struct sp_listener *listener;
    struct sp_watched *process; /* NULL: unknown */
    const struct sp_event_sink *sink;
    uint64_t id;
    pid_t tid;
    int number;
    const __u64 *args;
};
/* Whether the caller still waits: what was read of it before is its own. */
bool sp_call_waits(const struct sp_call *call);
/* Sends EVENT with the process filled in, if the caller still waits. */
void sp_call_tell(const struct sp_call *call, struct sp_event *event);
/* What the call is; tells it. 0: let it go on, else the errno of the refusal. */
int sp_call_judge(struct sp_call *call);
int sp_call_network(struct sp_call *call);
int sp_call_exec(struct sp_call *call);
/* Tells the exec that was expected to fail and did not. */
void sp_call_late_exec(struct sp_call *call);

/* notify_process.c */
struct sp_watched *sp_watched_find(struct sp_call *call);
void sp_watched_ended(struct sp_notify *notify, struct sp_watched *process, const struct sp_event_sink *sink);
void sp_watched_sweep(struct sp_notify *notify); /* frees those that are dead */
void sp_watched_free(struct sp_notify *notify);

/* notify_read.c: out of the caller's memory. Returns how many bytes were read. */
size_t sp_call_bytes(const struct sp_call *call, uint64_t address, void *out, size_t size);
/* A string, always ended in OUT. 1: whole; 0: cut; -1: it cannot be read. */
int sp_call_string(const struct sp_call *call, uint64_t address, char *out, size_t size);
/* What /proc/TID/NAME links to. False: unknown. */
bool sp_call_link(const struct sp_call *call, const char *name, char *out, size_t size);

struct sp_said_path {
    char text[2 * SP_SAID_PATH_MAX + 16]; /* absolute where that could be found out, else as it was said */
    bool exists;                          /* there, as far as could be seen; .status is filled */
    bool magic;                           /* named by way of a descriptor or /proc/self */
    struct stat status;
};
/* SAID, seen from directory descriptor DIRECTORY of the caller. FOLLOW: also a link at its end. */
void sp_call_resolve(const struct sp_call *call, int directory, const char *said, bool follow,
                     struct sp_said_path *out);
/* The same of the string at ADDRESS. False: it cannot be read. */
bool sp_call_path(const struct sp_call *call, int directory, uint64_t address, bool follow,
                  struct sp_said_path *out);

/* Adds WORD to WORDS (of SIZE bytes) as SP_EVENT_EXEC wants it. False: there was no room for all of it. */
bool sp_words_add(char *words, size_t size, size_t *length, const char *word);
