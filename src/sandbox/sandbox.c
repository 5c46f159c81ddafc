#include "base/clock.h"
#include "base/tree.h"
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define ENDS_MAX 64            /* commands that ended and were not asked for yet */
#define WATCH_MILLISECONDS 100 /* between two looks at disk and memory */
#define KILL_SECONDS 30        /* for the keeper to empty the room; then it goes itself */

struct sp_sandbox {
    struct sp_room room;
    struct sp_cgroups cgroups;
    struct sp_sinkhole_sockets sinkhole;
    const struct sp_decoys *decoys;
    pid_t pid; /* 0: ended */
    int channel, proxy, notify, root;
    struct sp_notify *seccomp; /* NULL: nobody is asked about */
    bool refuse;
    int lock; /* on the layers */
    int watches[SP_ROOM_DECOYS_MAX + SP_ROOM_INSTALLS_MAX];
    bool installing; /* the begin of that phase was told */
    uint32_t tokens;
    struct timespec started;
    uint64_t born, looked;
    uint64_t blocks_free, things_free, block_size;
    uint64_t memory_met, processes_met;
    bool limit_met;
    struct sp_sandbox_tree *trees;
    size_t tree_count;
    struct sp_sandbox_end ends[ENDS_MAX];
    size_t end_count;
    bool emptied; /* the answer to a kill came */
};

/* ----------------------------------------------------------------- opening */

static int
write_own_map(pid_t pid, const char *file, const char *text, struct sp_error *err)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    sp_autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? sp_fail_errno(err, "%s", path)
                                                                            : 0;
}

static int
map_caller(pid_t pid, const struct sp_identity *identity, struct sp_error *err)
{
    char users[64], groups[64];
    snprintf(users, sizeof(users), "%u %u 1\n", identity->inside_uid, identity->uid);
    snprintf(groups, sizeof(groups), "%u %u 1\n", identity->inside_gid, identity->gid);
    return write_own_map(pid, "setgroups", "deny", err) < 0 ||
                   write_own_map(pid, "uid_map", users, err) < 0 ||
                   write_own_map(pid, "gid_map", groups, err) < 0
               ? -1
               : 0;
}

static int
start_keeper(struct sp_sandbox *sandbox, struct sp_error *err)
{
    const struct sp_identity *identity = &sandbox->room.identity;
    int ends[2];
    struct clone_args args = {
        .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                 (identity->privileged ? 0 : CLONE_NEWUSER),
        .exit_signal = SIGCHLD,
    };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return sp_fail_errno(err, "socketpair");
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
    if (!pid)
        sp_room_enter(&sandbox->room, ends[1]);
    close(ends[1]);
    sandbox->channel = ends[0];
    if (pid < 0)
        return sp_fail_errno(
            err, "no namespaces can be made for a sandbox; 'sallyport doctor' says what this host lacks");
    sandbox->pid = pid;
    if (!identity->privileged && map_caller(pid, identity, err) < 0)
        return -1;
    return sp_room_send(sandbox->channel, &(struct sp_room_message){ .word = SP_ROOM_GO }, NULL, 0, err) <
                       0 ||
                   sp_cgroups_join(&sandbox->cgroups, pid, err) < 0 ||
                   sp_room_send(sandbox->channel, &(struct sp_room_message){ .word = SP_ROOM_JOINED }, NULL,
                                0, err) < 0
               ? -1
               : 0;
}

static int
take_ready(struct sp_sandbox *sandbox, struct sp_error *err)
{
    struct sp_room_message message;
    int fds[SP_ROOM_FDS_MAX];
    size_t count = SP_COUNT(fds), at = 0;
    int got = sp_room_receive(sandbox->channel, &message, fds, &count, err);
    if (got < 0)
        return -1;
    if (!got || message.word != SP_ROOM_READY || count < 2 + message.has_proxy + message.sinkhole_count)
        return got && message.word == SP_ROOM_BROKEN
                   ? sp_fail(err, SP_ERROR_SYSTEM, "no sandbox can be made here: %s", message.text)
                   : sp_fail(err, SP_ERROR_SYSTEM,
                             "no sandbox can be made here: its first process ended at once; see "
                             "'sallyport doctor'");
    sandbox->root = fds[at++];
    sandbox->notify = fds[at++];
    if (message.has_proxy)
        sandbox->proxy = fds[at++];
    for (size_t i = 0; i < message.sinkhole_count && i < SP_SINKHOLE_SOCKETS_MAX; i++) {
        sandbox->sinkhole.fds[i] = fds[at++];
        sandbox->sinkhole.roles[i] = message.roles[i];
        sandbox->sinkhole.count++;
    }
    snprintf(sandbox->sinkhole.missing, sizeof(sandbox->sinkhole.missing), "%.*s",
             (int)sizeof(sandbox->sinkhole.missing) - 1, message.text);
    memcpy(sandbox->watches, message.watches, sizeof(sandbox->watches));
    return 0;
}

static int
open_trees(struct sp_sandbox *sandbox, struct sp_error *err)
{
    const struct sp_room *room = &sandbox->room;
    sandbox->trees = sp_new_array(room->view_count + 1, sizeof(*sandbox->trees), err);
    if (!sandbox->trees)
        return -1;
    for (size_t i = 0; i < room->view_count; i++) {
        const struct sp_view *view = &room->views[i];
        char path[4096];
        if (!view->landing)
            continue;
        snprintf(path, sizeof(path), "%s/upper", view->layer);
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
            return sp_fail_errno(err, "%s", path);
        sandbox->trees[sandbox->tree_count++] = (struct sp_sandbox_tree){ .target = view->path, .upper = fd };
    }
    return 0;
}

static int
measure_scratch(struct sp_sandbox *sandbox, struct sp_error *err)
{
    struct statvfs status;
    if (statvfs(sandbox->room.scratch, &status) < 0)
        return sp_fail_errno(err, "%s", sandbox->room.scratch);
    sandbox->block_size = status.f_frsize;
    sandbox->blocks_free = status.f_bfree;
    sandbox->things_free = status.f_ffree;
    return 0;
}

static void look_at_watched(void *context, const struct sp_event_sink *sink);

static int
listen_to_calls(struct sp_sandbox *sandbox, const struct sp_sandbox_spec *spec, struct sp_error *err)
{
    sandbox->refuse = spec->refuse;
    return sp_notify_open(&sandbox->seccomp,
                          &(struct sp_notify_options){ .root = sandbox->root,
                                                       .decoys = spec->decoys,
                                                       .keeper = sandbox->pid,
                                                       .look = look_at_watched,
                                                       .context = sandbox },
                          err);
}

static int
open_room(struct sp_sandbox *sandbox, const struct sp_sandbox_spec *spec, struct sp_error *err)
{
    struct sp_room *room = &sandbox->room;
    sp_autofree char *scratch =
        sp_scratch_make(spec->scratch ? spec->scratch : "/dev/shm", &sandbox->lock, err);
    if (!scratch || !(room->scratch = sp_arena_copy(&room->arena, scratch, strlen(scratch), err)))
        return -1;
    clock_gettime(CLOCK_REALTIME_COARSE, &sandbox->started);
    sandbox->born = sp_now();
    if (sp_room_plan(room, spec, spec->over ? &spec->over->room : NULL, err) < 0 ||
        measure_scratch(sandbox, err) < 0 || sp_cgroups_make(&sandbox->cgroups, &room->limits, err) < 0)
        return -1;
    room->limit_memory_by_rlimit = !sandbox->cgroups.memory_set;
    room->limit_processes_by_rlimit = !sandbox->cgroups.pids_set;
    if (start_keeper(sandbox, err) < 0 || take_ready(sandbox, err) < 0 || open_trees(sandbox, err) < 0)
        return -1;
    sandbox->decoys = spec->decoys;
    room->spec = NULL;
    return spec->notify ? listen_to_calls(sandbox, spec, err) : 0;
}

int
sp_sandbox_open(struct sp_sandbox **out, const struct sp_sandbox_spec *spec, struct sp_error *err)
{
    struct sp_sandbox *sandbox = sp_new(struct sp_sandbox, err);
    if (!sandbox)
        return -1;
    sandbox->channel = sandbox->proxy = sandbox->notify = sandbox->root = sandbox->lock = -1;
    sandbox->room.identity.user_namespace = -1;
    if (open_room(sandbox, spec, err) < 0) {
        sp_sandbox_close(sandbox);
        return -1;
    }
    *out = sandbox;
    return 0;
}

/* ---------------------------------------------------------------- commands */

static size_t
word_count(const char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    return count;
}

static int
pack_words(const struct sp_sandbox_command *command, struct sp_buffer *out, struct sp_error *err)
{
    const uint32_t counts[2] = { (uint32_t)word_count(command->argv), (uint32_t)word_count(command->env) };
    if (sp_buffer_append(out, counts, sizeof(counts), err) < 0 ||
        sp_buffer_append(out, command->cwd, strlen(command->cwd) + 1, err) < 0)
        return -1;
    for (const char *const *word = command->argv; *word; word++)
        if (sp_buffer_append(out, *word, strlen(*word) + 1, err) < 0)
            return -1;
    for (const char *const *word = command->env; *word; word++)
        if (sp_buffer_append(out, *word, strlen(*word) + 1, err) < 0)
            return -1;
    return 0;
}

uint32_t
sp_sandbox_run(struct sp_sandbox *sandbox, const struct sp_sandbox_command *command, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer words = { 0 };
    sp_autoclose int memory = memfd_create("command", MFD_CLOEXEC);
    sp_autoclose int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct sp_room_message message = {
        .word = SP_ROOM_RUN,
        .token = ++sandbox->tokens,
        .time = command->time,
        .own_session = command->own_session,
    };
    if (sandbox->seccomp &&
        sp_notify_expect(sandbox->seccomp, message.token, command->argv, command->cwd, err) < 0)
        return 0;
    const int fds[4] = { memory, command->in < 0 ? nothing : command->in,
                         command->out < 0 ? nothing : command->out,
                         command->error < 0 ? nothing : command->error };
    if (memory < 0 || nothing < 0) {
        sp_fail_errno(err, "a command cannot be handed to the sandbox");
        return 0;
    }
    if (pack_words(command, &words, err) < 0)
        return 0;
    if (write(memory, words.bytes, words.length) != (ssize_t)words.length) {
        sp_fail_errno(err, "a command cannot be handed to the sandbox");
        return 0;
    }
    return sp_room_send(sandbox->channel, &message, fds, SP_COUNT(fds), err) < 0 ? 0 : message.token;
}

/* ---------------------------------------------------------------- watching */

static void
hand_on_watch(struct sp_sandbox *sandbox, const struct inotify_event *came, const struct sp_event_sink *sink)
{
    if (came->mask & IN_Q_OVERFLOW)
        sp_event_send(sink,
                      &(struct sp_event){ .kind = SP_EVENT_DROPPED, .subject = "decoys opened", .value = 1 });
    for (size_t i = 0; sandbox->decoys && i < sandbox->decoys->count; i++)
        if (sandbox->watches[i] >= 0 && sandbox->watches[i] == came->wd && came->mask & IN_OPEN) {
            if (sandbox->refuse && sandbox->decoys->items[i].reading_proves)
                sp_sandbox_refuse(sandbox);
            sp_event_send(sink, &(struct sp_event){ .kind = SP_EVENT_DECOY,
                                                    .subject = sandbox->decoys->items[i].path,
                                                    .detail = sandbox->decoys->items[i].id });
        }
    for (size_t i = SP_ROOM_DECOYS_MAX; i < SP_COUNT(sandbox->watches) && !sandbox->installing; i++)
        if (sandbox->watches[i] >= 0 && sandbox->watches[i] == came->wd &&
            came->mask & (IN_CREATE | IN_MOVED_TO)) {
            sandbox->installing = true;
            sp_event_send(sink, &(struct sp_event){ .kind = SP_EVENT_PHASE,
                                                    .phase = SP_PHASE_INSTALL,
                                                    .subject = came->len ? came->name : NULL });
        }
}

static void
hand_on_watched(struct sp_sandbox *sandbox, const struct sp_event_sink *sink)
{
    _Alignas(struct inotify_event) char bytes[4096];
    ssize_t length;
    while (sandbox->notify >= 0 && (length = read(sandbox->notify, bytes, sizeof(bytes))) > 0)
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *came = (const struct inotify_event *)(const void *)(bytes + at);
            at += (ssize_t)(sizeof(*came) + came->len);
            hand_on_watch(sandbox, came, sink);
        }
}

static void
look_at_watched(void *context, const struct sp_event_sink *sink)
{
    hand_on_watched(context, sink);
}

static void
limit_is_met(struct sp_sandbox *sandbox, const struct sp_event_sink *sink, const char *which, uint64_t limit,
             bool ends)
{
    sp_event_send(sink,
                  &(struct sp_event){ .kind = SP_EVENT_LIMIT, .subject = which, .value = (int64_t)limit });
    if (!ends)
        return;
    sandbox->limit_met = true;
    (void)!sp_room_send(sandbox->channel, &(struct sp_room_message){ .word = SP_ROOM_KILL }, NULL, 0, NULL);
}

/* The free space of a file system says quickly that something grew, and a walk then who. */
static void
watch_disk(struct sp_sandbox *sandbox, const struct sp_event_sink *sink)
{
    const struct sp_limits *limits = &sandbox->room.limits;
    struct statvfs status;
    uint64_t bytes, things;
    if (statvfs(sandbox->room.scratch, &status) < 0)
        return;
    uint64_t taken = sandbox->blocks_free > status.f_bfree
                         ? (sandbox->blocks_free - status.f_bfree) * sandbox->block_size
                         : 0;
    uint64_t made = sandbox->things_free > status.f_ffree ? sandbox->things_free - status.f_ffree : 0;
    if ((!limits->disk || taken <= limits->disk) && (!limits->files || made <= limits->files))
        return;
    sp_tree_usage(sandbox->room.scratch, limits->disk ? limits->disk : UINT64_MAX,
                  limits->files ? limits->files : UINT64_MAX, &bytes, &things);
    if (limits->disk && bytes > limits->disk)
        limit_is_met(sandbox, sink, "disk", limits->disk, true);
    else if (limits->files && things > limits->files)
        limit_is_met(sandbox, sink, "files", limits->files, true);
    else {
        /* somebody else's growth: measure from here */
        if (limits->disk && taken > limits->disk)
            sandbox->blocks_free = status.f_bfree + bytes / sandbox->block_size;
        if (limits->files && made > limits->files)
            sandbox->things_free = status.f_ffree + things;
    }
}

static void
watch_limits(struct sp_sandbox *sandbox, const struct sp_event_sink *sink)
{
    const struct sp_limits *limits = &sandbox->room.limits;
    uint64_t memory, processes, time = sp_now();
    if (time - sandbox->looked < WATCH_MILLISECONDS * 1000000ull)
        return;
    sandbox->looked = time;
    sp_cgroups_met(&sandbox->cgroups, &memory, &processes);
    if (memory > sandbox->memory_met)
        limit_is_met(sandbox, sink, "memory", limits->memory, false);
    if (processes && !sandbox->processes_met)
        limit_is_met(sandbox, sink, "processes", limits->processes, false);
    sandbox->memory_met = memory;
    sandbox->processes_met = processes;
    if (sandbox->limit_met)
        return;
    if (limits->time && time - sandbox->born > limits->time)
        limit_is_met(sandbox, sink, "time", limits->time, true);
    else
        watch_disk(sandbox, sink);
}

/* Takes one message of the keeper. 0: the keeper is gone. */
static int
listen_to_keeper(struct sp_sandbox *sandbox, struct sp_error *err)
{
    struct sp_room_message message;
    int listener;
    size_t count = 1;
    int got = sp_room_receive(sandbox->channel, &message, &listener, &count, err);
    if (got <= 0)
        return got;
    if (count && (message.word != SP_ROOM_LISTENER || !sandbox->seccomp)) {
        close(listener);
        return sp_fail(err, SP_ERROR_INTERNAL, "a descriptor from the sandbox that nobody asked for");
    }
    if (count && sp_notify_add(sandbox->seccomp, listener, message.token, message.text, err) < 0)
        return -1;
    if (message.word == SP_ROOM_KILLED)
        sandbox->emptied = true;
    if (message.word == SP_ROOM_ENDED && sandbox->end_count < ENDS_MAX)
        sandbox->ends[sandbox->end_count++] = (struct sp_sandbox_end){
            .token = message.token,
            .status = message.status,
            .timed_out = message.timed_out,
            .failure = message.failure,
            .nanoseconds = message.time,
            .peak_memory = message.peak_memory,
        };
    return 1;
}

static bool
take_end(struct sp_sandbox *sandbox, struct sp_sandbox_end *end)
{
    if (!sandbox->end_count)
        return false;
    *end = sandbox->ends[0];
    memmove(sandbox->ends, sandbox->ends + 1, --sandbox->end_count * sizeof(*sandbox->ends));
    return true;
}

int
sp_sandbox_next(struct sp_sandbox *sandbox, int milliseconds, const struct sp_event_sink *sink,
                struct sp_sandbox_end *end, struct sp_error *err)
{
    uint64_t until = milliseconds < 0 ? UINT64_MAX : sp_now() + (uint64_t)milliseconds * 1000000u;
    for (;;) {
        uint64_t time = sp_now();
        int wait = until <= time                                    ? 0
                   : until - time > WATCH_MILLISECONDS * 1000000ull ? WATCH_MILLISECONDS
                                                                    : (int)((until - time) / 1000000u) + 1;
        struct pollfd fds[3] = { { .fd = sandbox->channel, .events = POLLIN },
                                 { .fd = sandbox->notify, .events = POLLIN },
                                 { .fd = sp_sandbox_seccomp_fd(sandbox), .events = POLLIN } };
        if (sandbox->end_count)
            wait = 0;
        if (poll(fds, SP_COUNT(fds), wait) < 0 && errno != EINTR)
            return sp_fail_errno(err, "poll");
        hand_on_watched(sandbox, sink);
        size_t acts = sandbox->seccomp ? sp_notify_take(sandbox->seccomp, sink) : 0;
        watch_limits(sandbox, sink);
        if (fds[0].revents) {
            int got = listen_to_keeper(sandbox, err);
            if (got < 0)
                return -1;
            if (!got)
                return sp_fail(err, SP_ERROR_SYSTEM,
                               "the sandbox's first process ended before its commands did");
        }
        if (take_end(sandbox, end)) {
            /* opened and ended within one turn: the evidence comes first */
            hand_on_watched(sandbox, sink);
            if (sandbox->seccomp)
                (void)sp_notify_take(sandbox->seccomp, sink);
            return 1;
        }
        if (until <= sp_now() || fds[1].revents || acts)
            return 0;
    }
}

int
sp_sandbox_kill(struct sp_sandbox *sandbox, struct sp_error *err)
{
    uint64_t until = sp_now() + KILL_SECONDS * 1000000000ull;
    sandbox->emptied = false;
    if (sp_room_send(sandbox->channel, &(struct sp_room_message){ .word = SP_ROOM_KILL }, NULL, 0, err) < 0)
        return -1;
    while (!sandbox->emptied) {
        struct pollfd fds[2] = { { .fd = sandbox->channel, .events = POLLIN },
                                 { .fd = sp_sandbox_seccomp_fd(sandbox), .events = POLLIN } };
        if (sp_now() > until)
            return sp_fail(err, SP_ERROR_SYSTEM, "the sandbox could not be emptied within %d s",
                           KILL_SECONDS);
        (void)!poll(fds, SP_COUNT(fds), 1000);
        /* a command that is just being started waits for us, and the keeper for it */
        if (fds[1].revents)
            (void)sp_notify_take(sandbox->seccomp, NULL);
        if (fds[0].revents && listen_to_keeper(sandbox, err) <= 0)
            return sp_fail(err, SP_ERROR_SYSTEM, "the sandbox's first process ended");
    }
    return 0;
}

int
sp_sandbox_end(struct sp_sandbox *sandbox, struct sp_error *err)
{
    if (sandbox->channel >= 0)
        close(sandbox->channel);
    sandbox->channel = -1;
    if (!sandbox->pid)
        return 0;
    sp_cgroups_kill(&sandbox->cgroups);
    kill(sandbox->pid, SIGKILL);
    /* the kernel reaps process 1 of a namespace only after all others in it */
    while (waitpid(sandbox->pid, NULL, 0) < 0)
        if (errno != EINTR)
            return sp_fail_errno(err, "the sandbox's first process");
    sandbox->pid = 0;
    sp_cgroups_remove(&sandbox->cgroups);
    return 0;
}

static void
close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void
sp_sandbox_close(struct sp_sandbox *sandbox)
{
    if (!sandbox)
        return;
    (void)!sp_sandbox_end(sandbox, NULL);
    sp_cgroups_remove(&sandbox->cgroups);
    close_one(&sandbox->proxy);
    close_one(&sandbox->notify);
    close_one(&sandbox->root);
    sp_notify_close(sandbox->seccomp);
    sp_sinkhole_close(&sandbox->sinkhole);
    for (size_t i = 0; i < sandbox->tree_count; i++)
        close(sandbox->trees[i].upper);
    free(sandbox->trees);
    if (sandbox->room.scratch)
        (void)!sp_tree_remove(sandbox->room.scratch, NULL);
    close_one(&sandbox->lock);
    if (!sandbox->room.over)
        close_one(&sandbox->room.identity.user_namespace);
    sp_room_free(&sandbox->room);
    free(sandbox);
}

/* -------------------------------------------------------------------- what */

int
sp_sandbox_proxy_socket(const struct sp_sandbox *sandbox)
{
    return sandbox->proxy;
}

const struct sp_sinkhole_sockets *
sp_sandbox_sinkhole(const struct sp_sandbox *sandbox)
{
    return &sandbox->sinkhole;
}

int
sp_sandbox_poll_fd(const struct sp_sandbox *sandbox)
{
    return sandbox->channel;
}

int
sp_sandbox_notify_fd(const struct sp_sandbox *sandbox)
{
    return sandbox->notify;
}

pid_t
sp_sandbox_keeper(const struct sp_sandbox *sandbox)
{
    return sandbox->pid;
}

const char *
sp_sandbox_cgroup(const struct sp_sandbox *sandbox)
{
    return sandbox->cgroups.unified;
}

const struct sp_decoys *
sp_sandbox_decoys(const struct sp_sandbox *sandbox)
{
    return sandbox->decoys;
}

int
sp_sandbox_seccomp_fd(const struct sp_sandbox *sandbox)
{
    return sandbox->seccomp ? sp_notify_fd(sandbox->seccomp) : -1;
}

void
sp_sandbox_refuse(struct sp_sandbox *sandbox)
{
    if (sandbox->seccomp)
        sp_notify_refuse(sandbox->seccomp);
}

int
sp_sandbox_try_notify(void)
{
    return sp_notify_try();
}

int
sp_sandbox_root(const struct sp_sandbox *sandbox)
{
    return sandbox->root;
}

size_t
sp_sandbox_trees(const struct sp_sandbox *sandbox, const struct sp_sandbox_tree **trees)
{
    *trees = sandbox->trees;
    return sandbox->tree_count;
}

bool
sp_sandbox_user_xattr(const struct sp_sandbox *sandbox)
{
    return !sandbox->room.identity.privileged;
}

uint32_t
sp_sandbox_owner_base(const struct sp_sandbox *sandbox)
{
    return sandbox->room.identity.owner_base;
}

struct timespec
sp_sandbox_started(const struct sp_sandbox *sandbox)
{
    return sandbox->started;
}

const char *
sp_sandbox_limits_by(const struct sp_sandbox *sandbox)
{
    return sandbox->cgroups.by;
}
