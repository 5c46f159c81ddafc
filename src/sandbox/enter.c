/* The way in: from a fresh process in fresh namespaces to the keeper of a sealed room. Read it top to bottom.
 */
#include "sandbox/room.h"
#include "sandbox/steer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define STAGING                                                                                              \
    "/sys" /* every Linux has it, and nothing in it is ever shown: ours lies over it, here alone */
#define PROXY_ADDRESS 0x7f535001u /* 127.83.80.1, see registry/registry.h */
#define PROXY_PORT 4873

struct entering {
    struct sp_room *room;
    int channel;
    int proxy, notify, root;
    struct sp_sinkhole_sockets sinkhole;
    struct sp_room_message ready;
};

static int
listen_for_proxy(struct sp_error *err)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(PROXY_PORT),
        .sin_addr = { htonl(PROXY_ADDRESS) },
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 512) == 0)
        return fd;
    sp_fail_errno(err, "the registry proxy's socket in the sandbox");
    if (fd >= 0)
        close(fd);
    return -1;
}

static int
build_network(struct entering *entering, struct sp_error *err)
{
    if (entering->room->spec->net == SP_NET_NONE)
        return sp_steer_loopback(err);
    if (sp_sinkhole_open(&entering->sinkhole, err) < 0)
        return -1;
    return (entering->proxy = listen_for_proxy(err)) < 0 ? -1 : 0;
}

static int
build_root(struct sp_room *room, struct sp_error *err)
{
    /* nothing that is mounted from here on reaches the host, nor the other way round */
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return sp_fail_errno(err, "the mounts of the sandbox cannot be made its own");
    static const char root[] = STAGING "/new";
    if (mount("tmpfs", STAGING, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64m,nr_inodes=16384") < 0 ||
        mkdir(root, 0755) < 0 ||
        mount("tmpfs", root, "tmpfs", MS_NOSUID, "mode=0755,size=4m,nr_inodes=16384") < 0)
        return sp_fail_errno(err, "no root can be made for the sandbox");
    return sp_mount_new_root(room, root, STAGING, err);
}

static int
change_root(struct sp_error *err)
{
    if (chdir(STAGING "/new") < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
        chdir("/") < 0)
        return sp_fail_errno(err, "the sandbox's root cannot be entered");
    return 0;
}

static int
wait_for_word(int channel, enum sp_room_word word, struct sp_error *err)
{
    struct sp_room_message message;
    int got = sp_room_receive(channel, &message, NULL, NULL, err);
    if (got == 0 || (got > 0 && message.word != word))
        return sp_fail(err, SP_ERROR_SYSTEM, "the opener is gone");
    return got < 0 ? -1 : 0;
}

static int
build(struct entering *entering, struct sp_error *err)
{
    struct sp_room *room = entering->room;
    umask(0);
    if (sethostname("localhost", 9) < 0)
        return sp_fail_errno(err, "sethostname");
    if (build_network(entering, err) < 0 || build_root(room, err) < 0 || change_root(err) < 0)
        return -1;
    umask(022);
    entering->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    entering->root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (entering->notify < 0 || entering->root < 0)
        return sp_fail_errno(err, "inotify (see fs.inotify.max_user_instances)");
    for (size_t i = 0; i < SP_COUNT(entering->ready.watches); i++)
        entering->ready.watches[i] = -1;
    if (sp_place_files(room, entering->notify, entering->ready.watches, err) < 0)
        return -1;
    /* joining control groups takes the kernel some 15 ms, in which the room was built: the namespace comes
     * after, so that our group is the root of what is seen from inside */
    if (wait_for_word(entering->channel, SP_ROOM_JOINED, err) < 0)
        return -1;
    if (unshare(CLONE_NEWCGROUP) < 0)
        return sp_fail_errno(err, "no cgroup namespace can be made");
    if (sp_privileges_drop(&room->identity, err) < 0)
        return -1;
    room->notify = room->spec->notify;
    if (room->notify && sp_notify_filter_make(&room->notify_filter, err) < 0)
        return -1;
    return sp_filter_load(room->notify ? sp_notify_refused : NULL, err);
}

static int
report_ready(struct entering *entering, struct sp_error *err)
{
    int fds[SP_ROOM_FDS_MAX];
    size_t count = 0;
    struct sp_room_message *ready = &entering->ready;
    ready->word = SP_ROOM_READY;
    fds[count++] = entering->root;
    fds[count++] = entering->notify;
    if ((ready->has_proxy = entering->proxy >= 0))
        fds[count++] = entering->proxy;
    ready->sinkhole_count = (uint32_t)entering->sinkhole.count;
    for (size_t i = 0; i < entering->sinkhole.count; i++) {
        fds[count++] = entering->sinkhole.fds[i];
        ready->roles[i] = entering->sinkhole.roles[i];
    }
    snprintf(ready->text, sizeof(ready->text), "%s", entering->sinkhole.missing);
    if (sp_room_send(entering->channel, ready, fds, count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    return 0;
}

_Noreturn static void
give_up(int channel, const struct sp_error *err)
{
    struct sp_room_message message = { .word = SP_ROOM_BROKEN, .failure = err->number };
    snprintf(message.text, sizeof(message.text), "%s", err->text);
    (void)!sp_room_send(channel, &message, NULL, 0, NULL);
    _exit(125);
}

/* What the opener has open is none of the room's business. */
static void
close_all_but(int channel, const struct sp_identity *identity, const struct sp_room *room)
{
    int keep[64];
    size_t count = 0;
    keep[count++] = channel;
    if (identity->user_namespace >= 0)
        keep[count++] = identity->user_namespace;
    for (size_t i = 0; i < room->view_count && count < SP_COUNT(keep); i++)
        if (room->views[i].map >= 0)
            keep[count++] = room->views[i].map;
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && keep[j] < keep[j - 1]; j--) {
            int other = keep[j];
            keep[j] = keep[j - 1];
            keep[j - 1] = other;
        }
    unsigned from = 3;
    for (size_t i = 0; i < count; i++) {
        if ((unsigned)keep[i] > from)
            close_range(from, (unsigned)keep[i] - 1, 0);
        if ((unsigned)keep[i] >= from)
            from = (unsigned)keep[i] + 1;
    }
    close_range(from, ~0U, 0);
}

_Noreturn void
sp_room_enter(struct sp_room *room, int channel)
{
    struct sp_error err = { 0 };
    struct entering entering = { .room = room, .channel = channel, .proxy = -1, .notify = -1, .root = -1 };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_all_but(channel, &room->identity, room);
    if (wait_for_word(channel, SP_ROOM_GO, &err) < 0)
        _exit(125);
    if (build(&entering, &err) < 0 || report_ready(&entering, &err) < 0)
        give_up(channel, &err);
    sp_keeper_run(channel, room);
}
