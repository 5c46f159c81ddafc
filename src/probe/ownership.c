#include "probe/ownership.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define STRANGER "the probes are not aimed: "

/* A file of /proc, which is made anew by each read: its beginning, NUL-terminated. */
static int
read_proc(const char *path, char *out, size_t size)
{
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = 0;
    while (fd >= 0 && length < size - 1 && (got = read(fd, out + length, size - 1 - length)) > 0)
        length += (size_t)got;
    out[length] = '\0';
    return fd < 0 || got < 0 ? -1 : 0;
}

/* What stands after NAME (with its colon) at the beginning of a line. */
static const char *
field(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (!strncmp(line, name, length))
            return line + length;
    return NULL;
}

/* The process that PIDFD stands for; -1 where it is none, or one that is gone. */
static pid_t
process_of(int pidfd)
{
    char path[64], text[1024];
    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
    if (pidfd < 0 || read_proc(path, text, sizeof(text)) < 0)
        return -1;
    const char *pid = field(text, "Pid:"), *inside = field(text, "NSpid:");
    /* other files have no such lines */
    return pid && inside ? (pid_t)strtol(pid, NULL, 10) : -1;
}

static bool
is_alive(int pidfd)
{
    struct pollfd ended = { .fd = pidfd, .events = POLLIN };
    return poll(&ended, 1, 0) == 0;
}

static int
open_namespace(pid_t pid, const char *kind)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kind);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* Whether the namespace FD is the one that this process is in. */
static bool
is_ours(int fd, const char *kind)
{
    struct stat theirs, ours;
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
    /* what cannot be told apart is taken for ours, which is refused */
    return fstat(fd, &theirs) < 0 || stat(path, &ours) < 0 ||
           (theirs.st_ino == ours.st_ino && theirs.st_dev == ours.st_dev);
}

/* Its id in its own namespace is 1, and that namespace is not the first. */
static bool
is_first_inside(pid_t pid)
{
    char path[64], text[8192];
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    if (read_proc(path, text, sizeof(text)) < 0)
        return false;
    const char *ids = field(text, "NSpid:");
    size_t levels = 0;
    long id = 0;
    for (char *end; ids && *ids && *ids != '\n'; ids = end, levels++) {
        id = strtol(ids, &end, 10);
        if (end == ids)
            break;
    }
    return levels >= 2 && id == 1;
}

static int
check_owner(pid_t pid, uid_t caller, struct sp_error *err)
{
    sp_autoclose int user = open_namespace(pid, "user");
    uid_t owner;
    if (user < 0)
        return sp_fail_errno(err, STRANGER "the owner of process %d's sandbox cannot be learned", (int)pid);
    if (is_ours(user, "user"))
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "process %d is in no sandbox", (int)pid);
    if (ioctl(user, NS_GET_OWNER_UID, &owner) < 0)
        return sp_fail_errno(err, STRANGER "the owner of process %d's sandbox cannot be learned", (int)pid);
    if (caller && owner != caller)
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "the sandbox of process %d is another user's", (int)pid);
    return 0;
}

/* ---------------------------------------------------------- control group */

static bool
is_group(int fd)
{
    struct statfs where;
    struct stat what;
    return fd >= 0 && fstatfs(fd, &where) == 0 && where.f_type == CGROUP2_SUPER_MAGIC &&
           fstat(fd, &what) == 0 && S_ISDIR(what.st_mode);
}

/* Whether the group holds PID and nothing else. */
static bool
is_alone_in(int group, pid_t pid)
{
    char text[64];
    char wanted[32];
    sp_autoclose int fd = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (got <= 0)
        return false;
    text[got] = '\0';
    snprintf(wanted, sizeof(wanted), "%d\n", (int)pid);
    return !strcmp(text, wanted);
}

/* Where control groups of version 2 are mounted. The table of mounts is the host's: who makes one of his own
 * is in a user namespace, where this process has no rights. */
static bool
find_hierarchy(char *out, size_t size)
{
    sp_autofclose FILE *table = fopen("/proc/self/mounts", "re");
    char line[4096], where[512], kind[64];
    while (table && fgets(line, sizeof(line), table))
        if (sscanf(line, "%*s %511s %63s", where, kind) == 2 && !strcmp(kind, "cgroup2"))
            return (size_t)snprintf(out, size, "%s", where) < size;
    return false;
}

/* The group that PID is in now. */
static int
present_group(pid_t pid)
{
    char path[64], text[4096], mounted[512], whole[4608];
    snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
    if (!find_hierarchy(mounted, sizeof(mounted)) || read_proc(path, text, sizeof(text)) < 0)
        return -1;
    const char *own = field(text, "0::");
    /* "/.." begins the name of one that lies outside what is mounted here */
    if (!own || *own != '/' || !strncmp(own, "/..", 3))
        return -1;
    snprintf(whole, sizeof(whole), "%s%.*s", mounted, (int)strcspn(own, "\n"), own);
    int fd = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && !is_group(fd)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* A group that others are in as well must not say who is watched: every process in it would be. */
static void
choose_group(struct sp_probes_room *room, int given)
{
    struct stat what;
    if (is_group(given) && is_alone_in(given, room->keeper) && fstat(given, &what) == 0) {
        room->group = given;
        room->group_id = what.st_ino;
        return;
    }
    if (given >= 0)
        close(given);
    room->group = present_group(room->keeper);
}

/* ---------------------------------------------------------------- together */

static int
inspect(struct sp_probes_room *room, uid_t caller, struct sp_error *err)
{
    struct stat network;
    room->keeper = process_of(room->pidfd);
    if (room->keeper <= 0)
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "no living process was named");
    if (check_owner(room->keeper, caller, err) < 0)
        return -1;
    if (!is_first_inside(room->keeper))
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "process %d is not the first of a sandbox",
                       (int)room->keeper);
    room->pids = open_namespace(room->keeper, "pid");
    room->network = open_namespace(room->keeper, "net");
    if (room->pids < 0 || room->network < 0 || fstat(room->network, &network) < 0)
        return sp_fail_errno(err, STRANGER "the namespaces of process %d cannot be opened",
                             (int)room->keeper);
    if (is_ours(room->pids, "pid"))
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "process %d shares the host's processes",
                       (int)room->keeper);
    if (is_ours(room->network, "net"))
        return sp_fail(err, SP_ERROR_USAGE, STRANGER "process %d shares the host's network",
                       (int)room->keeper);
    room->netns = (uint32_t)network.st_ino;
    return 0;
}

int
sp_probes_room_open(struct sp_probes_room *out, int pidfd, int group, uid_t caller, struct sp_error *err)
{
    *out = (struct sp_probes_room){ .pidfd = pidfd, .network = -1, .pids = -1, .group = -1 };
    int done = inspect(out, caller, err);
    if (done == 0)
        choose_group(out, group);
    else if (group >= 0)
        close(group);
    /* all of that was read by number: it is his only if he lived until here, for no number is given twice
     * while its process lives */
    if (done == 0 && !is_alive(pidfd))
        done = sp_fail(err, SP_ERROR_USAGE, STRANGER "process %d ended meanwhile", (int)out->keeper);
    if (done < 0)
        sp_probes_room_close(out);
    return done;
}

void
sp_probes_room_close(struct sp_probes_room *room)
{
    int *const fds[] = { &room->pidfd, &room->network, &room->pids, &room->group };
    for (size_t i = 0; i < SP_COUNT(fds); i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}
