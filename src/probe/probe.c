#include "probe/probe.h"
#include "probe/protocol.h"
#include "probe/read.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MILLISECONDS 10000

struct sp_probe {
    pid_t helper;
    int socket;
    bool loaded, aimed;
    struct sp_probe_reader *reader;
    struct sp_probes_message message;
    char sight[SP_ERROR_TEXT_MAX];
};

/* ---------------------------------------------------------------- finding */

/* Whether PATH may be run as root by root: nobody else can have written it. */
static bool
is_ours(const char *path, uid_t user)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0 &&
           (status.st_uid == 0 || status.st_uid == user) && !(status.st_mode & S_IWOTH);
}

/* The helper beside this program (in a build tree), or where 'sallyport setup' and 'ninja install' put it. */
static const char *
find_helper(char *out, size_t size)
{
    static const char *const beside[] = { "/../probe/sallyport-probes",
                                          "/../libexec/sallyport/sallyport-probes" };
    char own[3800];
    ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    char *slash = length > 0 ? (own[length] = '\0', strrchr(own, '/')) : NULL;
    /* installed, it has its capabilities; the one of a build tree is good for root alone */
    if (geteuid() != 0 && is_ours(SP_PROBES_INSTALLED, 0)) {
        snprintf(out, size, "%s", SP_PROBES_INSTALLED);
        return out;
    }
    for (size_t i = 0; slash && i < SP_COUNT(beside); i++) {
        snprintf(out, size, "%.*s%s", (int)(slash - own), own, beside[i]);
        if (is_ours(out, geteuid()))
            return out;
    }
    snprintf(out, size, "%s", SP_PROBES_INSTALLED);
    return is_ours(out, 0) ? out : NULL;
}

/* --------------------------------------------------------------- starting */

static int
start_helper(struct sp_probe *probe, const char *path, int ends[2], struct sp_error *err)
{
    char name[] = "sallyport-probes", *const argv[] = { name, NULL }, *const env[] = { NULL };
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return sp_fail_memory(err);
    /* its messages come by the socket; what it may say besides is for who debugs it */
    int why = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    why = why ? why : posix_spawn_file_actions_adddup2(&actions, 0, 1);
    why = why ? why : posix_spawn_file_actions_adddup2(&actions, ends[1], SP_PROBES_SOCKET);
    why = why ? why : posix_spawn(&probe->helper, path, &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    errno = why;
    return why ? sp_fail_errno(err, "%s: cannot be started", path) : 0;
}

int
sp_probe_start(struct sp_probe **out, struct sp_error *err)
{
    char path[4096];
    int ends[2];
    if (!find_helper(path, sizeof(path)))
        return sp_fail(
            err, SP_ERROR_SYSTEM,
            geteuid() ? "the probes need a right that this user has not; 'sudo sallyport setup' gives it to "
                        "their helper"
                      : "%s is not there; install it, or run 'sallyport setup'",
            SP_PROBES_INSTALLED);
    struct sp_probe *probe = sp_new(struct sp_probe, err);
    if (!probe)
        return -1;
    probe->socket = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        free(probe);
        return sp_fail_errno(err, "socketpair");
    }
    /* a duplicate onto itself would keep close-on-exec */
    if (ends[1] == SP_PROBES_SOCKET) {
        int other = fcntl(ends[1], F_DUPFD_CLOEXEC, SP_PROBES_SOCKET + 1);
        close(ends[1]);
        ends[1] = other;
    }
    probe->socket = ends[0];
    int started = start_helper(probe, path, ends, err);
    close(ends[1]);
    if (started < 0) {
        sp_probe_stop(probe);
        return -1;
    }
    *out = probe;
    return 0;
}

/* ----------------------------------------------------------------- talking */

/* Waits for WORD; what the helper says instead is ERR. */
static int
expect(struct sp_probe *probe, enum sp_probes_word word, struct sp_error *err)
{
    struct sp_probes_message *message = &probe->message;
    int got = sp_probes_wait(probe->socket, ANSWER_MILLISECONDS, message, err);
    if (got < 0)
        return -1;
    if (!got)
        return sp_fail(err, SP_ERROR_SYSTEM, "the probes' helper ended before its work did");
    if (message->head.word == SP_PROBES_FAILED)
        return sp_fail(err, SP_ERROR_SYSTEM, "%s", (const char *)message->bytes);
    if (message->head.word != (uint32_t)word) {
        sp_probes_message_close(message);
        return sp_fail(err, SP_ERROR_INTERNAL, "the probes' helper says %u where %u was due",
                       message->head.word, (unsigned)word);
    }
    return 0;
}

static int
send_aim(struct sp_probe *probe, const struct sp_probe_aim *aim, struct sp_error *err)
{
    struct sp_probes_aim head = {
        .refuse = aim->refuse,
        .kill = aim->kill,
        .proxy_address = aim->proxy_address,
        .proxy_port = aim->proxy_port,
        .file_count = (uint32_t)(aim->file_count < SP_WIRE_DECOYS ? aim->file_count : SP_WIRE_DECOYS),
    };
    sp_autoclose int group = aim->cgroup ? open(aim->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    const int fds[2] = { aim->keeper, group };
    size_t length = sizeof(head) + head.file_count * sizeof(struct sp_eyes_file);
    sp_autofree unsigned char *bytes = sp_new_array(length, 1, err);
    if (!bytes)
        return -1;
    head.has_group = group >= 0;
    if (aim->home && strlen(aim->home) < sizeof(head.home))
        snprintf(head.home, sizeof(head.home), "%s", aim->home);
    memcpy(bytes, &head, sizeof(head));
    for (size_t i = 0; i < head.file_count; i++) {
        const struct sp_eyes_file file = { .device = aim->files[i].device,
                                           .inode = aim->files[i].inode,
                                           .size = aim->files[i].size,
                                           .decoy = aim->files[i].decoy,
                                           .proves = aim->files[i].proves };
        memcpy(bytes + sizeof(head) + i * sizeof(file), &file, sizeof(file));
    }
    return sp_probes_send(probe->socket, SP_PROBES_AIM, bytes, length, fds, 1 + head.has_group, false, err);
}

int
sp_probe_aim(struct sp_probe *probe, const struct sp_probe_aim *aim, struct sp_error *err)
{
    if (!probe->loaded &&
        (expect(probe, SP_PROBES_HELLO, err) < 0 || expect(probe, SP_PROBES_LOADED, err) < 0))
        return -1;
    probe->loaded = true;
    if (send_aim(probe, aim, err) < 0 || expect(probe, SP_PROBES_AIMED, err) < 0)
        return -1;
    snprintf(probe->sight, sizeof(probe->sight), "%.600s", (const char *)probe->message.bytes);
    int opened = sp_probe_read_open(&probe->reader, probe->message.fds, aim->decoys, err);
    sp_probes_message_close(&probe->message);
    probe->aimed = opened == 0;
    return opened;
}

int
sp_probe_fd(const struct sp_probe *probe)
{
    return probe->aimed ? sp_probe_read_fd(probe->reader) : -1;
}

static bool
helper_is_there(const struct sp_probe *probe)
{
    char byte;
    ssize_t got = recv(probe->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

int
sp_probe_drain(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    int got = sp_probe_read_drain(probe->reader, sink, err);
    if (got < 0)
        return -1;
    if (!helper_is_there(probe))
        return sp_fail(err, SP_ERROR_SYSTEM,
                       "the probes' helper ended while the run was watched: what came after was "
                       "not seen");
    return got;
}

int
sp_probe_rest(struct sp_probe *probe, const struct sp_event_sink *sink, struct sp_error *err)
{
    int got;
    struct sp_wire_file file;
    probe->aimed = false;
    do {
        got = sp_probe_read_drain(probe->reader, sink, err);
    } while (got > 0);
    int result =
        got < 0 || sp_probes_send(probe->socket, SP_PROBES_REST, NULL, 0, NULL, 0, false, err) < 0 ? -1 : 0;
    do {
        if (result == 0)
            result = expect(probe, SP_PROBES_RESTED, err);
        for (size_t at = 0; result == 0 && at + sizeof(file) <= probe->message.head.length;
             at += sizeof(file)) {
            memcpy(&file, probe->message.bytes + at, sizeof(file));
            sp_probe_read_leftover(probe->reader, &file, sink);
        }
    } while (result == 0 && probe->message.head.more);
    /* what was under way while the programs were taken off */
    while (result == 0 && (got = sp_probe_read_drain(probe->reader, sink, err)) > 0)
        continue;
    if (result == 0 && got == 0)
        sp_probe_read_end(probe->reader, sink);
    sp_probe_read_close(probe->reader);
    probe->reader = NULL;
    return got < 0 ? -1 : result;
}

const char *
sp_probe_sight(const struct sp_probe *probe)
{
    return *probe->sight ? probe->sight : "all";
}

void
sp_probe_stop(struct sp_probe *probe)
{
    if (!probe)
        return;
    if (probe->socket >= 0)
        close(probe->socket);
    sp_probe_read_close(probe->reader);
    /* it ends by itself; taking its maps apart costs milliseconds that nobody needs to wait for */
    if (probe->helper > 0)
        (void)!waitpid(probe->helper, NULL, WNOHANG);
    free(probe);
}
