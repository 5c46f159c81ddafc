#include "probe/probe.h"
#include "base/memory.h"
#include "probe/launch.h"
#include "probe/protocol.h"
#include "probe/read.h"
#include "probe/targets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MILLISECONDS 20000

struct sp_probe {
    struct sp_helper_process helper;
    pid_t finder;        /* looks for places for uprobes; 0: none, or done */
    struct sp_error why; /* nothing can be seen */
    bool loaded, aimed;
    char sight[SP_ERROR_TEXT_MAX];
    struct sp_probe_reader *reader;
    int ready; /* readable when the ring is, or when the helper is gone */
    struct sp_probes_message message;
};

/* Finds functions in the host's files, which the sandbox shows as they are, and tells the helper. */
static int
send_hooks(int socket)
{
    static struct sp_targets targets;
    const struct sp_target_hints hints = { .path = getenv("PATH") };
    struct sp_probes_hook hooks[SP_TARGET_UPROBES_MAX];
    sp_autoclose int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sp_targets_find(&targets, root, &hints);
    for (size_t i = 0; i < targets.count; i++) {
        hooks[i] =
            (struct sp_probes_hook){ .offset = targets.uprobes[i].offset, .kind = targets.uprobes[i].kind };
        for (size_t file = 0; file < targets.file_count; file++)
            if (targets.fds[file] == targets.uprobes[i].fd)
                hooks[i].file = (uint32_t)file;
    }
    return targets.count ? sp_probes_send(socket, SP_PROBES_HOOK, hooks, targets.count * sizeof(*hooks),
                                          targets.fds, targets.file_count, false, NULL)
                         : 0;
}

/* Reading the tables of a large program takes as long as building a sandbox: beside it, then. */
static void
start_finder(struct sp_probe *probe)
{
    probe->finder = fork();
    if (!probe->finder)
        _exit(send_hooks(probe->helper.socket) < 0);
    if (probe->finder < 0)
        probe->finder = 0;
}

static void
end_finder(struct sp_probe *probe)
{
    while (probe->finder && waitpid(probe->finder, NULL, 0) < 0 && errno == EINTR)
        continue;
    probe->finder = 0;
}

int
sp_probe_start(struct sp_probe **out, struct sp_error *err)
{
    char path[PATH_MAX];
    struct sp_probe *probe = sp_new(struct sp_probe, err);
    if (!probe)
        return -1;
    probe->helper.socket = probe->ready = -1;
    if (sp_helper_find(path, sizeof(path), &probe->why) == 0 &&
        sp_helper_start(&probe->helper, path, &probe->why) == 0)
        start_finder(probe);
    *out = probe;
    return 0;
}

/* ------------------------------------------------------------------- aiming */

static int
wait_until_loaded(struct sp_probe *probe, struct sp_error *err)
{
    if (!probe->loaded && !probe->why.code &&
        sp_helper_loaded(&probe->helper, probe->sight, sizeof(probe->sight), &probe->why) == 0)
        probe->loaded = true;
    if (probe->loaded)
        return 0;
    if (err)
        *err = probe->why;
    return -1;
}

static int
send_aim(struct sp_probe *probe, const struct sp_probe_aim *aim, struct sp_error *err)
{
    sp_autoclose int group = aim->cgroup ? open(aim->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    const int fds[] = { aim->keeper, group };
    struct sp_probes_aim asked = {
        .has_group = group >= 0,
        .refuse = aim->refuse,
        .kill = aim->kill,
        .proxy_address = aim->proxy_address,
        .proxy_port = aim->proxy_port,
        .file_count = (uint32_t)aim->file_count,
    };
    if (aim->cgroup && group < 0)
        return sp_fail_errno(err, "%s: the sandbox's control group cannot be opened", aim->cgroup);
    if (aim->file_count > SP_WIRE_DECOYS)
        return sp_fail(err, SP_ERROR_LIMIT, "%zu decoys are more than the probes know apart (%u)",
                       aim->file_count, SP_WIRE_DECOYS);
    /* a longer one is not looked for */
    if (aim->home && strlen(aim->home) < sizeof(asked.home))
        memcpy(asked.home, aim->home, strlen(aim->home));
    unsigned char *at = probe->message.bytes;
    memcpy(at, &asked, sizeof(asked));
    at += sizeof(asked);
    for (size_t i = 0; i < aim->file_count; i++, at += sizeof(struct sp_eyes_file)) {
        const struct sp_eyes_file file = { .device = aim->files[i].device,
                                           .inode = aim->files[i].inode,
                                           .size = aim->files[i].size,
                                           .decoy = aim->files[i].decoy,
                                           .proves = aim->files[i].proves };
        memcpy(at, &file, sizeof(file));
    }
    return sp_probes_send(probe->helper.socket, SP_PROBES_AIM, probe->message.bytes,
                          (size_t)(at - probe->message.bytes), fds, group >= 0 ? 2 : 1, false, err);
}

/* The next message, which must be WANTED. */
static int
expect(struct sp_probe *probe, enum sp_probes_word wanted, struct sp_error *err)
{
    struct sp_probes_message *message = &probe->message;
    int got = sp_probes_wait(probe->helper.socket, ANSWER_MILLISECONDS, message, err);
    if (got < 0)
        return -1;
    if (got && message->head.word == wanted)
        return 0;
    sp_probes_message_close(message);
    return sp_fail(err, SP_ERROR_SYSTEM, "%s",
                   !got                                     ? "the probes' helper ended before its work did"
                   : message->head.word == SP_PROBES_FAILED ? (const char *)message->bytes
                                                            : "the probes' helper answers something else");
}

static int
watch(struct sp_probe *probe, struct sp_error *err)
{
    const int fds[] = { sp_probe_read_fd(probe->reader), probe->helper.socket };
    probe->ready = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; probe->ready >= 0 && i < SP_COUNT(fds); i++) {
        struct epoll_event wanted = { .events = EPOLLIN };
        if (epoll_ctl(probe->ready, EPOLL_CTL_ADD, fds[i], &wanted) < 0)
            return sp_fail_errno(err, "the probes cannot be watched");
    }
    return probe->ready < 0 ? sp_fail_errno(err, "the probes cannot be watched") : 0;
}

static void
forget(struct sp_probe *probe)
{
    sp_probe_read_close(probe->reader);
    if (probe->ready >= 0)
        close(probe->ready);
    probe->reader = NULL;
    probe->ready = -1;
    probe->aimed = false;
}

int
sp_probe_aim(struct sp_probe *probe, const struct sp_probe_aim *aim, struct sp_error *err)
{
    if (probe->aimed)
        return sp_fail(err, SP_ERROR_INTERNAL, "the probes are aimed already");
    int loaded = wait_until_loaded(probe, err);
    end_finder(probe);
    if (loaded < 0 || send_aim(probe, aim, err) < 0 || expect(probe, SP_PROBES_AIMED, err) < 0)
        return -1;
    snprintf(probe->sight, sizeof(probe->sight), "%.*s", (int)sizeof(probe->sight) - 1,
             (const char *)probe->message.bytes);
    probe->aimed = true;
    int opened = sp_probe_read_open(&probe->reader, probe->message.fds, aim->decoys, err);
    sp_probes_message_close(&probe->message);
    if (opened < 0 || watch(probe, err) < 0) {
        /* what nobody reads must not go on being written */
        forget(probe);
        sp_helper_end(&probe->helper);
        probe->loaded = false;
        sp_fail(&probe->why, SP_ERROR_SYSTEM, "the probes were given up after they could not be read");
        return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------ reading */

int
sp_probe_fd(const struct sp_probe *probe)
{
    return probe->ready;
}

/* Whether the helper still holds the programs; it says nothing unasked. */
static int
check_helper(const struct sp_probe *probe, struct sp_error *err)
{
    struct pollfd gone = { .fd = probe->helper.socket, .events = POLLIN };
    return poll(&gone, 1, 0) == 0
               ? 0
               : sp_fail(err, SP_ERROR_SYSTEM,
                         "the probes' helper ended while the run was watched: what followed was not seen");
}

int
sp_probe_drain(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    if (!probe->aimed)
        return 0;
    int some = sp_probe_read_drain(probe->reader, sink, err);
    return some < 0 || check_helper(probe, err) < 0 ? -1 : some;
}

static int
drain_all(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    int some;
    do
        some = sp_probe_read_drain(probe->reader, sink, err);
    while (some > 0);
    return some;
}

/* What went through files and was not told yet. The ring comes first: it names the files. */
static int
take_leftovers(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    bool first = true;
    do {
        if (expect(probe, SP_PROBES_RESTED, err) < 0)
            return -1;
        if (first && drain_all(probe, sink, err) < 0)
            return -1;
        first = false;
        size_t count = probe->message.head.length / sizeof(struct sp_wire_file);
        for (size_t i = 0; i < count; i++) {
            struct sp_wire_file file;
            memcpy(&file, probe->message.bytes + i * sizeof(file), sizeof(file));
            sp_probe_read_leftover(probe->reader, &file, sink);
        }
    } while (probe->message.head.more);
    return 0;
}

int
sp_probe_rest(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    if (!probe->aimed)
        return 0;
    int done =
        check_helper(probe, err) < 0 ||
                sp_probes_send(probe->helper.socket, SP_PROBES_REST, NULL, 0, NULL, 0, false, err) < 0 ||
                take_leftovers(probe, sink, err) < 0
            ? -1
            : 0;
    if (done == 0)
        sp_probe_read_end(probe->reader, sink);
    forget(probe);
    return done;
}

const char *
sp_probe_sight(const struct sp_probe *probe)
{
    if (!probe->loaded)
        return probe->why.code ? probe->why.text : "not loaded yet";
    return *probe->sight ? probe->sight : "all";
}

void
sp_probe_stop(struct sp_probe *probe)
{
    if (!probe)
        return;
    forget(probe);
    end_finder(probe);
    sp_helper_end(&probe->helper);
    free(probe);
}
