/* The loop of those that wait: whoever asks is heard, told of, and answered, one after the other, so that
 * what is seen has an order. */
#include "sandbox/notify.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>

#define ROUND 64
#define TAKE_MAX 512u /* then others have their turn */
/* linux/seccomp.h of 6.6 and later */
#define SET_FLAGS SECCOMP_IOW(4, __u64)
#define SYNC_WAKE_UP 1ull

/* ------------------------------------------------------------------- opening */

static int
list_decoys(struct sp_notify *notify, struct sp_error *err)
{
    const struct sp_decoys *decoys = notify->options.decoys;
    (void)!getrandom(&notify->decoys.seed, sizeof(notify->decoys.seed), 0);
    for (size_t i = 0; decoys && i < decoys->count; i++)
        if (decoys->items[i].path && sp_map_set(&notify->decoys, decoys->items[i].path,
                                                strlen(decoys->items[i].path), (uint32_t)i, err) < 0)
            return -1;
    return 0;
}

static int
make_room_for_requests(struct sp_notify *notify, struct sp_error *err)
{
    struct seccomp_notif_sizes sizes;
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
        return sp_fail_errno(err, "this kernel has no user notification of seccomp (Linux 5.5 has)");
    /* as the kernel wants them; as we read them */
    notify->request_size =
        sizes.seccomp_notif > sizeof(*notify->request) ? sizes.seccomp_notif : sizeof(*notify->request);
    notify->response_size = sizes.seccomp_notif_resp > sizeof(*notify->response) ? sizes.seccomp_notif_resp
                                                                                 : sizeof(*notify->response);
    notify->request = sp_new_array(1, notify->request_size, err);
    notify->response = sp_new_array(1, notify->response_size, err);
    return notify->request && notify->response ? 0 : -1;
}

int
sp_notify_open(struct sp_notify **out, const struct sp_notify_options *options, struct sp_error *err)
{
    struct sp_notify *notify = sp_new(struct sp_notify, err);
    if (!notify)
        return -1;
    notify->options = *options;
    notify->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (notify->epoll < 0)
        sp_fail_errno(err, "epoll_create1");
    if (notify->epoll < 0 || make_room_for_requests(notify, err) < 0 || list_decoys(notify, err) < 0) {
        sp_notify_close(notify);
        return -1;
    }
    *out = notify;
    return 0;
}

static void
free_listener(struct sp_listener *listener)
{
    if (listener->fd >= 0)
        close(listener->fd);
    free(listener->program);
    free(listener->words);
    free(listener->cwd);
    free(listener);
}

void
sp_notify_close(struct sp_notify *notify)
{
    if (!notify)
        return;
    while (notify->listeners) {
        struct sp_listener *next = notify->listeners->next;
        free_listener(notify->listeners);
        notify->listeners = next;
    }
    sp_watched_free(notify);
    sp_map_free(&notify->decoys);
    if (notify->epoll >= 0)
        close(notify->epoll);
    free(notify->request);
    free(notify->response);
    free(notify);
}

/* ------------------------------------------------------------------ listeners */

static struct sp_listener *
listener_of(struct sp_notify *notify, uint32_t token)
{
    struct sp_listener *listener = notify->listeners;
    while (listener && listener->token != token)
        listener = listener->next;
    return listener;
}

int
sp_notify_expect(struct sp_notify *notify, uint32_t token, const char *const *argv, const char *cwd,
                 struct sp_error *err)
{
    struct sp_listener *listener = sp_new(struct sp_listener, err);
    if (!listener)
        return -1;
    *listener = (struct sp_listener){ .kind = SP_NOTIFY_LISTENER, .fd = -1, .token = token };
    listener->words = sp_new_array(1, SP_EVENT_STRING_MAX, err);
    listener->cwd = strdup(cwd);
    if (!listener->words || !listener->cwd) {
        free_listener(listener);
        return sp_fail_memory(err);
    }
    size_t length = 0;
    for (; *argv; argv++) {
        listener->word_bytes += strlen(*argv) + 1;
        if (!listener->words_cut)
            listener->words_cut = !sp_words_add(listener->words, SP_EVENT_STRING_MAX, &length, *argv);
    }
    listener->next = notify->listeners;
    notify->listeners = listener;
    return 0;
}

int
sp_notify_add(struct sp_notify *notify, int fd, uint32_t token, const char *program, struct sp_error *err)
{
    struct sp_listener *listener = listener_of(notify, token);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = listener };
    if (!listener || listener->fd >= 0) {
        close(fd);
        return sp_fail(err, SP_ERROR_INTERNAL, "a listener of a command that was not started");
    }
    listener->fd = fd;
    listener->program_cut = strlen(program) >= SP_ERROR_TEXT_MAX - 1; /* as far as it crossed */
    if (!(listener->program = strdup(program)))
        return sp_fail_memory(err);
    /* whoever asks and whoever answers run one after the other: one processor does for both */
    (void)ioctl(fd, SET_FLAGS, SYNC_WAKE_UP);
    return epoll_ctl(notify->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? sp_fail_errno(err, "epoll_ctl") : 0;
}

/* All processes of the command are gone. */
static void
drop_listener(struct sp_notify *notify, struct sp_listener *listener)
{
    struct sp_listener **at = &notify->listeners;
    while (*at != listener)
        at = &(*at)->next;
    *at = listener->next;
    free_listener(listener);
}

int
sp_notify_fd(const struct sp_notify *notify)
{
    return notify->epoll;
}

void
sp_notify_refuse(struct sp_notify *notify)
{
    notify->refusing = true;
}

/* ------------------------------------------------------------------- answering */

static void
serve(struct sp_notify *notify, struct sp_listener *listener, const struct sp_event_sink *sink)
{
    /* one readable listener, one request: when its process was killed meanwhile the kernel says ENOENT and
     * does not wait for another */
    memset(notify->request, 0, notify->request_size);
    if (ioctl(listener->fd, SECCOMP_IOCTL_NOTIF_RECV, notify->request) < 0)
        return;
    struct sp_call call = {
        .notify = notify,
        .listener = listener,
        .sink = sink,
        .id = notify->request->id,
        .tid = (pid_t)notify->request->pid,
        .number = notify->request->data.nr,
        .args = notify->request->data.args,
    };
    int refusal = EPERM;
    if (sink) {
        call.process = sp_watched_find(&call);
        sp_call_late_exec(&call);
        refusal = sp_call_judge(&call);
    }
    memset(notify->response, 0, notify->response_size);
    notify->response->id = call.id;
    notify->response->error = -refusal;
    notify->response->flags = refusal ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    /* fails where it was killed: then there is nobody to answer */
    (void)ioctl(listener->fd, SECCOMP_IOCTL_NOTIF_SEND, notify->response);
}

size_t
sp_notify_take(struct sp_notify *notify, const struct sp_event_sink *sink)
{
    struct epoll_event events[ROUND];
    size_t taken = 0;
    int count;
    while (taken < TAKE_MAX && (count = epoll_wait(notify->epoll, events, ROUND, 0)) > 0) {
        size_t before = taken;
        /* those that still act first, so that the parents of who is new are known while they can be */
        for (int i = 0; i < count; i++) {
            struct sp_listener *listener = events[i].data.ptr;
            if (listener->kind != SP_NOTIFY_LISTENER)
                continue;
            if (events[i].events & EPOLLIN)
                serve(notify, listener, sink);
            else {
                drop_listener(notify, listener);
                events[i].data.ptr = NULL;
            }
            taken++;
        }
        for (int i = 0; i < count; i++) {
            struct sp_watched *process = events[i].data.ptr;
            if (!process || process->kind != SP_NOTIFY_PROCESS || !sink)
                continue;
            sp_watched_ended(notify, process, sink);
            taken++;
        }
        sp_watched_sweep(notify);
        if (taken == before)
            break; /* ends that nobody hears of yet */
    }
    return taken;
}
