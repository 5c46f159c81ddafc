#include "probe/helper.h"
#include "probe/ownership.h"
#include "probe/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#define AT_ONCE 16 /* helpers of one user */

struct helper {
    int socket;
    uid_t caller;
    struct sp_eyes *eyes;
    struct sp_probes_room room;
    bool aimed;
    int place; /* one of the user's AT_ONCE */
};

/* --------------------------------------------------------------- rights */

/* What the programs need; the rest is given up before anything of the caller's is read. */
#define NEEDED                                                                                               \
    (1ull << CAP_BPF | 1ull << CAP_PERFMON | 1ull << CAP_NET_ADMIN | 1ull << CAP_SYS_PTRACE |                \
     1ull << CAP_SYS_RESOURCE)

static int
keep_only(uint64_t wanted, struct sp_error *err)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &head, data) < 0)
        return sp_fail_errno(err, "the rights of the probes cannot be read");
    for (int i = 0; i < 2; i++) {
        uint32_t keep = (uint32_t)(wanted >> (32 * i));
        data[i].permitted &= keep;
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &head, data) < 0
               ? sp_fail_errno(err, "the rights of the probes cannot be given up")
               : 0;
}

static int
give_up_the_rest(struct sp_error *err)
{
    const struct rlimit no_core = { 0 };
    if (clearenv() != 0 || close_range(SP_PROBES_SOCKET + 1, ~0u, 0) < 0 || chdir("/") < 0)
        return sp_fail_errno(err, "the probes' helper could not clean up after its caller");
    umask(077);
    (void)!setrlimit(RLIMIT_CORE, &no_core);
    if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return sp_fail_errno(err, "the probes' helper could not give up its rights");
    return keep_only(NEEDED, err);
}

/* One of a user's places, locked for as long as this process lives. Root has as many as it wants. */
static int
take_place(struct helper *helper, struct sp_error *err)
{
    char path[128];
    helper->place = -1;
    if (!helper->caller)
        return 0;
    for (int i = 0; i < AT_ONCE; i++) {
        /* an abstract socket is bound by one process at a time, needs no directory and goes with it */
        struct sockaddr_un at = { .sun_family = AF_UNIX };
        int length = snprintf(path, sizeof(path), "sallyport-probes-%u-%d", helper->caller, i);
        memcpy(at.sun_path + 1, path, (size_t)length);
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
            return sp_fail_errno(err, "socket");
        if (bind(fd, (const struct sockaddr *)&at,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) == 0) {
            helper->place = fd;
            return 0;
        }
        close(fd);
    }
    return sp_fail(err, SP_ERROR_LIMIT,
                   "%d watched runs of one user at a time are the most; wait for one to end", AT_ONCE);
}

/* ------------------------------------------------------------ what is asked */

static int
answer_failure(const struct helper *helper, const struct sp_error *problem)
{
    return sp_probes_send_text(helper->socket, SP_PROBES_FAILED, problem->text, NULL, 0, NULL);
}

static int
aim(struct helper *helper, struct sp_probes_message *message, struct sp_error *err)
{
    struct sp_probes_aim asked;
    const struct sp_eyes_file *files;
    if (helper->aimed)
        return sp_fail(err, SP_ERROR_USAGE, "the probes are aimed at another sandbox already");
    if (sp_probes_read_aim(message, &asked, &files, err) < 0)
        return -1;
    int keeper = message->fds[0], group = asked.has_group ? message->fds[1] : -1;
    message->fd_count = 0; /* the room's now */
    if (sp_probes_room_open(&helper->room, keeper, group, helper->caller, err) < 0)
        return -1;
    const struct sp_eyes_aim at = {
        .keeper = (uint32_t)helper->room.keeper,
        .cgroup = helper->room.group,
        .cgroup_id = helper->room.group_id,
        .netns = helper->room.netns,
        .files = files,
        .file_count = asked.file_count,
        .refuse = asked.refuse,
        .kill = asked.kill,
        .proxy_address = asked.proxy_address,
        .proxy_port = (uint16_t)asked.proxy_port,
        .home = *asked.home ? asked.home : NULL,
    };
    if (sp_eyes_aim(helper->eyes, &at, err) < 0) {
        sp_probes_room_close(&helper->room);
        return -1;
    }
    helper->aimed = true;
    return 0;
}

/* A descriptor of the same map through which nothing can be changed; the map itself where that is not to be
 * had. */
static int
read_only(int fd)
{
    int reader = sp_eyes_read_only(fd);
    return reader >= 0 ? reader : dup(fd);
}

static int
answer_aim(struct helper *helper, struct sp_probes_message *message)
{
    struct sp_error err = { 0 };
    int fds[SP_EYES_FDS];
    if (aim(helper, message, &err) < 0) {
        sp_probes_message_close(message);
        return answer_failure(helper, &err);
    }
    sp_eyes_fds(helper->eyes, fds);
    int counts = read_only(fds[SP_EYES_COUNTS]), control = read_only(fds[SP_EYES_CONTROL]);
    fds[SP_EYES_COUNTS] = counts;
    fds[SP_EYES_CONTROL] = control;
    int sent = counts < 0 || control < 0
                   ? -1
                   : sp_probes_send_text(helper->socket, SP_PROBES_AIMED, sp_eyes_missing(helper->eyes), fds,
                                         SP_EYES_FDS, NULL);
    if (counts >= 0)
        close(counts);
    if (control >= 0)
        close(control);
    return sent;
}

static int
answer_rest(struct helper *helper)
{
    static struct sp_wire_file left[SP_PROBES_LEFT_MAX];
    size_t count;
    if (helper->aimed) {
        (void)!sp_eyes_rest(helper->eyes, NULL);
        sp_probes_room_close(&helper->room);
        helper->aimed = false;
    }
    do {
        count = sp_eyes_leftovers(helper->eyes, left, SP_PROBES_LEFT_MAX);
        if (sp_probes_send(helper->socket, SP_PROBES_RESTED, left, count * sizeof(*left), NULL, 0,
                           count == SP_PROBES_LEFT_MAX, NULL) < 0)
            return -1;
    } while (count == SP_PROBES_LEFT_MAX);
    return 0;
}

static int
serve(struct helper *helper)
{
    static struct sp_probes_message message;
    struct sp_error err = { 0 };
    for (;;) {
        int got = sp_probes_receive(helper->socket, &message, &err);
        if (got <= 0)
            return got ? (answer_failure(helper, &err), -1) : 0;
        int done = message.head.word == SP_PROBES_AIM    ? answer_aim(helper, &message)
                   : message.head.word == SP_PROBES_REST ? answer_rest(helper)
                                                         : 1;
        sp_probes_message_close(&message);
        if (done)
            return done < 0 ? -1 : 0;
    }
}

int
sp_probes_serve(void)
{
    struct helper helper = { .socket = SP_PROBES_SOCKET, .caller = getuid(), .room = { .pidfd = -1 } };
    struct sp_error err = { 0 };
    const struct sp_probes_hello hello = { .tool = SP_TOOL_VERSION };
    if (give_up_the_rest(&err) < 0 || take_place(&helper, &err) < 0) {
        (void)!answer_failure(&helper, &err);
        return 1;
    }
    if (sp_probes_send(helper.socket, SP_PROBES_HELLO, &hello, sizeof(hello), NULL, 0, false, NULL) < 0)
        return 1;
    if (sp_eyes_load(&helper.eyes, &err) < 0) {
        (void)!answer_failure(&helper, &err);
        return 1;
    }
    int result =
        sp_probes_send_text(helper.socket, SP_PROBES_LOADED, "", NULL, 0, NULL) < 0 ? -1 : serve(&helper);
    sp_probes_room_close(&helper.room);
    sp_eyes_free(helper.eyes);
    return result < 0;
}
