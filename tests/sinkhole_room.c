#include "sinkhole_room.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <cmocka.h>

static double
milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
write_text(const char *path, const char *text)
{
    sp_autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

static int
enter_new(void)
{
    if (geteuid() == 0)
        return unshare(CLONE_NEWNET);
    char uids[32], gids[32];
    snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
    snprintf(gids, sizeof(gids), "0 %u 1", getegid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return -1;
    write_text("/proc/self/setgroups", "deny");
    return write_text("/proc/self/uid_map", uids) < 0 ? -1 : write_text("/proc/self/gid_map", gids);
}

static int
forbid_nftables(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPROTONOSUPPORT), SCMP_SYS(socket), 2,
                                  SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_EQ, 12));
    failed = failed ? failed : seccomp_load(filter);
    seccomp_release(filter);
    return failed;
}

/* What the keeper sends, with the descriptors. */
struct opened {
    int number; /* errno of a namespace that cannot be made */
    int status;
    double took;
    struct sp_error err;
    size_t count;
    unsigned char roles[SP_SINKHOLE_SOCKETS_MAX];
    char missing[160];
};

static void
keep(int channel, bool without_nftables)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct opened opened = { 0 };
    struct sp_sinkhole_sockets sockets = { 0 };
    if (enter_new() < 0) {
        opened.number = errno;
    } else {
        if (without_nftables && forbid_nftables())
            _exit(1);
        double before = milliseconds();
        opened.status = sp_sinkhole_open(&sockets, &opened.err);
        opened.took = milliseconds() - before;
    }
    opened.count = sockets.count;
    memcpy(opened.roles, sockets.roles, sizeof(opened.roles));
    memcpy(opened.missing, sockets.missing, sizeof(opened.missing));
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(sockets.fds))];
    memset(control, 0, sizeof(control));
    struct iovec from = { &opened, sizeof(opened) };
    struct msghdr message = { .msg_iov = &from, .msg_iovlen = 1 };
    if (sockets.count) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sockets.count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sockets.count * sizeof(int));
        memcpy(CMSG_DATA(head), sockets.fds, sockets.count * sizeof(int));
    }
    sendmsg(channel, &message, 0);
    sp_sinkhole_close(&sockets);
    for (;;)
        pause();
}

static void
receive(int channel, struct opened *opened, struct sp_sinkhole_sockets *sockets)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(sockets->fds))];
    struct iovec into = { opened, sizeof(*opened) };
    struct msghdr message = {
        .msg_iov = &into, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
    };
    assert_int_equal(recvmsg(channel, &message, MSG_CMSG_CLOEXEC), sizeof(*opened));
    sockets->count = opened->count;
    memcpy(sockets->roles, opened->roles, sizeof(sockets->roles));
    memcpy(sockets->missing, opened->missing, sizeof(sockets->missing));
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head)
        memcpy(sockets->fds, CMSG_DATA(head), opened->count * sizeof(int));
}

static void
see(void *context, const struct sp_event *event)
{
    struct seen *seen = context;
    unsigned at = atomic_load(&seen->count);
    if (at >= SEEN_MAX)
        return;
    struct seen_event *item = &seen->items[at];
    item->kind = event->kind;
    item->port = event->port;
    item->value = event->value;
    item->bytes = event->bytes;
    snprintf(item->subject, sizeof(item->subject), "%s", event->subject ? event->subject : "");
    snprintf(item->detail, sizeof(item->detail), "%s", event->detail ? event->detail : "");
    atomic_store(&seen->count, at + 1);
}

static void
serve(const struct room *room, const struct sp_sinkhole_sockets *sockets, const struct room_wishes *wishes,
      int stop)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct sp_event_sink sink = { see, room->seen };
    struct sp_error err = { 0 };
    /* serving needs no rights at all */
    if (geteuid() == 0 && (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
        exit(1);
    struct rlimit limit = { wishes->descriptors, wishes->descriptors };
    if (wishes->descriptors && setrlimit(RLIMIT_NOFILE, &limit) < 0)
        exit(1);
    struct sp_sinkhole_options options = wishes->options;
    options.sink = &sink;
    options.stop_fd = stop;
    int status = sp_sinkhole_serve(sockets, &options, &err);
    if (status < 0)
        fprintf(stderr, "serve: %s\n", err.text);
    sp_sinkhole_authority_free(options.authority);
    exit(status < 0 ? 1 : 0); /* not _exit: what leaked is to be seen */
}

bool
room_open(struct room *room, const struct room_wishes *wishes, const char **why)
{
    int channel[2], stop[2];
    memset(room, 0, sizeof(*room));
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel), 0);
    fflush(NULL);
    room->keeper = fork();
    assert_true(room->keeper >= 0);
    if (!room->keeper)
        keep(channel[1], wishes->without_nftables);

    struct opened opened = { 0 };
    struct sp_sinkhole_sockets sockets = { 0 };
    receive(channel[0], &opened, &sockets);
    close(channel[0]);
    close(channel[1]);
    if (opened.number) {
        *why = strerror(opened.number);
        kill(room->keeper, SIGKILL);
        waitpid(room->keeper, NULL, 0);
        return false;
    }
    if (opened.status < 0)
        fail_msg("sp_sinkhole_open: %s", opened.err.text);
    memcpy(room->missing, opened.missing, sizeof(room->missing));
    room->open_milliseconds = opened.took;
    room->seen = mmap(NULL, sizeof(struct seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(room->seen != MAP_FAILED);

    assert_int_equal(pipe2(stop, O_CLOEXEC), 0);
    room->server = fork();
    assert_true(room->server >= 0);
    if (!room->server) {
        close(stop[1]);
        serve(room, &sockets, wishes, stop[0]);
    }
    close(stop[0]);
    room->stop = stop[1];
    sp_sinkhole_close(&sockets);
    return true;
}

pid_t
room_start(struct room *room, int (*act)(void *argument), void *argument)
{
    fflush(NULL);
    pid_t actor = fork();
    assert_true(actor >= 0);
    if (actor)
        return actor;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    alarm(60);
    int keeper = (int)syscall(SYS_pidfd_open, room->keeper, 0);
    if (setns(keeper, CLONE_NEWNET | (geteuid() ? CLONE_NEWUSER : 0)) < 0) {
        perror("setns");
        _exit(1);
    }
    int line = act(argument);
    if (line)
        fprintf(stderr, "inside, line %d: not so (errno: %s)\n", line, strerror(errno));
    _exit(line ? 1 : 0);
}

void
room_wait(pid_t actor)
{
    int status;
    assert_int_equal(waitpid(actor, &status, 0), actor);
    assert_int_equal(status, 0);
}

void
room_run(struct room *room, int (*act)(void *argument), void *argument)
{
    room_wait(room_start(room, act, argument));
}

void
room_stop(struct room *room)
{
    if (!room->server)
        return;
    int status;
    assert_int_equal(write(room->stop, "", 1), 1);
    close(room->stop);
    assert_int_equal(waitpid(room->server, &status, 0), room->server);
    room->server = 0;
    assert_int_equal(status, 0);
}

void
room_close(struct room *room)
{
    room_stop(room);
    kill(room->keeper, SIGKILL);
    waitpid(room->keeper, NULL, 0);
    munmap(room->seen, sizeof(struct seen));
}

const struct seen_event *
room_find(struct room *room, enum sp_event_kind kind, const char *subject, uint16_t port, const char *detail)
{
    for (double until = milliseconds() + 2000; milliseconds() < until; usleep(2000)) {
        unsigned count = atomic_load(&room->seen->count);
        for (unsigned i = 0; i < count; i++) {
            const struct seen_event *at = &room->seen->items[i];
            if (at->kind == kind && (!subject || !strcmp(at->subject, subject)) &&
                (!port || at->port == port) && (!detail || strstr(at->detail, detail)))
                return at;
        }
        if (!room->server)
            break;
    }
    return NULL;
}

unsigned
room_count(const struct room *room, enum sp_event_kind kind)
{
    unsigned found = 0;
    for (unsigned i = 0; i < atomic_load(&room->seen->count); i++)
        found += room->seen->items[i].kind == kind;
    return found;
}
