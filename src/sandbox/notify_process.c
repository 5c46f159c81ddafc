/* Which process a thread that asks belongs to. Numbers of processes come round again; a pidfd does not. */
#include "sandbox/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#define ANCESTORS_MAX 64

/* linux/pidfd.h of 6.15 and later; ours is older. */
struct pidfd_info {
    uint64_t mask, cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
#define GET_INFO _IOWR(0xFF, 11, struct pidfd_info)
#define INFO_EXIT 8u

struct seen {
    pid_t group, parent;
    uint32_t inside;
};

static ssize_t
read_proc(pid_t pid, const char *name, char *out, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, out, size - 1);
    if (length >= 0)
        out[length] = '\0';
    return length;
}

static bool
number_after(const char *text, const char *title, bool last, long *out)
{
    const char *at = strstr(text, title);
    if (!at)
        return false;
    char *end;
    *out = strtol(at + strlen(title), &end, 10);
    while (last && *end == '\t')
        *out = strtol(end, &end, 10);
    return true;
}

static bool
read_status(pid_t pid, struct seen *out)
{
    char text[4096];
    long group, parent, inside = 0;
    /* the name, which the process chooses, stands escaped in the first line: no title can be forged */
    if (read_proc(pid, "status", text, sizeof(text)) < 0 || !number_after(text, "\nTgid:\t", false, &group) ||
        !number_after(text, "\nPPid:\t", false, &parent))
        return false;
    (void)number_after(text, "\nNSpid:\t", true, &inside);
    *out = (struct seen){ .group = (pid_t)group, .parent = (pid_t)parent, .inside = (uint32_t)inside };
    return true;
}

/* Field FIELD (from 3: the state) of /proc/PID/stat. */
static bool
read_stat(pid_t pid, unsigned field, char *state, uint64_t *out)
{
    char text[2048];
    if (read_proc(pid, "stat", text, sizeof(text)) <= 0)
        return false;
    const char *at = strrchr(text, ')');
    if (!at || at[1] != ' ')
        return false;
    *state = at[2];
    at += 2;
    for (unsigned i = 3; i < field && at; i++)
        at = (at = strchr(at, ' ')) ? at + 1 : NULL;
    if (!at)
        return false;
    *out = strtoull(at, NULL, 10);
    return true;
}

/* ----------------------------------------------------------------- the ends */

static int64_t
exit_status(const struct sp_watched *process)
{
    char state;
    uint64_t code;
    if (read_stat(process->pid, 52, &state, &code) && (state == 'Z' || state == 'X'))
        return (int64_t)code;
    /* reaped already: younger kernels still know */
    struct pidfd_info known = { .mask = INFO_EXIT };
    if (process->pidfd >= 0 && ioctl(process->pidfd, GET_INFO, &known) == 0 && known.mask & INFO_EXIT)
        return known.exit_code;
    return 0;
}

static struct sp_watched **
bucket_of(struct sp_notify *notify, pid_t pid)
{
    return &notify->buckets[(unsigned)pid % SP_COUNT(notify->buckets)];
}

void
sp_watched_ended(struct sp_notify *notify, struct sp_watched *process, const struct sp_event_sink *sink)
{
    if (process->dead)
        return;
    sp_event_send(sink, &(struct sp_event){ .kind = SP_EVENT_EXIT,
                                            .process = process->number,
                                            .parent = process->parent,
                                            .pid = process->inside,
                                            .value = exit_status(process) });
    struct sp_watched **at = bucket_of(notify, process->pid);
    while (*at != process)
        at = &(*at)->next;
    *at = process->next;
    for (size_t i = 0; i < SP_COUNT(notify->threads); i++)
        if (notify->threads[i].process == process)
            notify->threads[i].process = NULL;
    if (process->pidfd >= 0)
        close(process->pidfd); /* leaves the epoll as well */
    process->pidfd = -1;
    process->dead = true;
    /* events at hand may still point at it */
    process->next = notify->dead;
    notify->dead = process;
    notify->watched--;
}

static void
free_list(struct sp_watched *process)
{
    while (process) {
        struct sp_watched *next = process->next;
        if (process->pidfd >= 0)
            close(process->pidfd);
        free(process->before);
        free(process);
        process = next;
    }
}

void
sp_watched_sweep(struct sp_notify *notify)
{
    free_list(notify->dead);
    notify->dead = NULL;
}

void
sp_watched_free(struct sp_notify *notify)
{
    sp_watched_sweep(notify);
    for (size_t i = 0; i < SP_COUNT(notify->buckets); i++)
        free_list(notify->buckets[i]);
}

/* --------------------------------------------------------------- the begins */

static bool
is_alive(const struct sp_watched *process)
{
    char state;
    uint64_t born;
    if (process->pidfd >= 0) {
        struct pollfd fd = { .fd = process->pidfd, .events = POLLIN };
        return poll(&fd, 1, 0) == 0;
    }
    return read_stat(process->pid, 22, &state, &born) && born == process->born && state != 'Z';
}

static struct sp_watched *
known(struct sp_call *call, pid_t pid)
{
    struct sp_watched *process = *bucket_of(call->notify, pid);
    while (process && process->pid != pid)
        process = process->next;
    if (!process || is_alive(process))
        return process;
    sp_watched_ended(call->notify, process, call->sink);
    return NULL;
}

/* One that finds no place is told of: what it does belongs to nobody. Doubling, so that a storm is told in
 * few words. */
static void
count_untracked(struct sp_call *call)
{
    uint64_t count = ++call->notify->untracked;
    if (!(count & (count - 1)))
        sp_event_send(call->sink,
                      &(struct sp_event){ .kind = SP_EVENT_DROPPED,
                                          .subject = "acts of processes that could not be followed",
                                          .value = (int64_t)(count - count / 2) });
}

static struct sp_watched *
add(struct sp_call *call, pid_t pid, uint32_t inside, int pidfd, uint64_t born)
{
    struct sp_notify *notify = call->notify;
    struct sp_watched *process = notify->watched < SP_WATCHED_MAX ? calloc(1, sizeof(*process)) : NULL;
    if (!process) {
        if (pidfd >= 0)
            close(pidfd);
        count_untracked(call);
        return NULL;
    }
    *process = (struct sp_watched){ .kind = SP_NOTIFY_PROCESS,
                                    .pidfd = -1,
                                    .pid = pid,
                                    .born = born,
                                    .inside = inside,
                                    .number = ++notify->numbers,
                                    .bound = -1 };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = process };
    if (pidfd >= 0 && epoll_ctl(notify->epoll, EPOLL_CTL_ADD, pidfd, &event) == 0)
        process->pidfd = pidfd;
    else if (pidfd >= 0)
        close(pidfd);
    struct sp_watched **bucket = bucket_of(notify, pid);
    process->next = *bucket;
    *bucket = process;
    notify->watched++;
    return process;
}

/* Makes PID, a process that was not known, and those of its ancestors that are not known either: parents
 * first, as they began. What is read of a process counts only if it still is there afterwards: the one that
 * asks by the kernel's word, an ancestor by its child that still names it. */
static struct sp_watched *
meet(struct sp_call *call, const struct seen *first)
{
    struct {
        struct seen seen;
        uint64_t born;
        int pidfd;
    } line[ANCESTORS_MAX];
    struct seen next = *first;
    struct sp_watched *parent = NULL;
    size_t count = 0;
    for (;;) {
        char state;
        line[count].seen = next;
        line[count].pidfd = (int)syscall(SYS_pidfd_open, next.group, 0);
        line[count].born = 0;
        (void)read_stat(next.group, 22, &state, &line[count].born);
        pid_t up = next.parent;
        struct seen again;
        bool holds = count == 0
                         ? sp_call_waits(call)
                         : read_status(line[count - 1].seen.group, &again) && again.parent == next.group;
        if (!holds) {
            if (line[count].pidfd >= 0)
                close(line[count].pidfd);
            break;
        }
        count++;
        if (up <= 1 || up == call->notify->options.keeper || (parent = known(call, up)) ||
            count == ANCESTORS_MAX || !read_status(up, &next) || next.group != up)
            break;
    }
    bool begins = call->listener && !call->listener->begun;
    uint32_t above = parent ? parent->number : 0;
    struct sp_watched *process = NULL;
    for (size_t i = count; i--;) {
        process = add(call, line[i].seen.group, line[i].seen.inside, line[i].pidfd, line[i].born);
        if (!process) {
            while (i--)
                if (line[i].pidfd >= 0)
                    close(line[i].pidfd);
            return NULL;
        }
        process->parent = above;
        above = process->number;
        sp_event_send(call->sink, &(struct sp_event){ .kind = SP_EVENT_FORK,
                                                      .process = process->number,
                                                      .parent = process->parent,
                                                      .pid = process->inside,
                                                      .value = begins && !i ? call->listener->token : 0 });
    }
    if (begins && process)
        call->listener->begun = true;
    return process;
}

struct sp_watched *
sp_watched_find(struct sp_call *call)
{
    struct sp_notify *notify = call->notify;
    struct seen seen;
    struct sp_watched *process = known(call, call->tid);
    if (process)
        return process;
    size_t place = (unsigned)call->tid % SP_COUNT(notify->threads);
    process = notify->threads[place].tid == call->tid ? notify->threads[place].process : NULL;
    /* the thread may be gone and its number another's: signal 0 asks whether it still is that process's */
    if (process && syscall(SYS_tgkill, process->pid, call->tid, 0) == 0 && is_alive(process))
        return process;
    if (!read_status(call->tid, &seen) || !sp_call_waits(call))
        return NULL;
    process = known(call, seen.group);
    if (!process)
        process = meet(call, &seen);
    if (process && process->pid != call->tid) {
        notify->threads[place].tid = call->tid;
        notify->threads[place].process = process;
    }
    return process;
}
