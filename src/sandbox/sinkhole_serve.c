/* The serving half's loop: outside the namespace, without rights, with nothing but the descriptors. */
#include "sandbox/serving.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>

uint64_t
sp_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int
sp_watch_add(struct sp_sinkhole *sinkhole, struct sp_watch *watch, bool reads)
{
    struct epoll_event event = { .events = reads ? EPOLLIN : 0, .data.ptr = watch };
    return epoll_ctl(sinkhole->epoll, EPOLL_CTL_ADD, watch->fd, &event);
}

void
sp_watch_for(struct sp_sinkhole *sinkhole, struct sp_watch *watch, bool reads, bool writes)
{
    struct epoll_event event = { .events = (reads ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u),
                                 .data.ptr = watch };
    if (!event.events) /* a hang-up would be told again and again */
        epoll_ctl(sinkhole->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    else if (epoll_ctl(sinkhole->epoll, EPOLL_CTL_MOD, watch->fd, &event) < 0 && errno == ENOENT)
        epoll_ctl(sinkhole->epoll, EPOLL_CTL_ADD, watch->fd, &event);
}

static int
watch_all(struct sp_sinkhole *sinkhole, const struct sp_sinkhole_sockets *sockets, struct sp_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < sockets->count; i++) {
        if (sockets->roles[i] == SP_SINKHOLE_RAW4)
            sinkhole->raw4 = sockets->fds[i];
        else if (sockets->roles[i] == SP_SINKHOLE_RAW6)
            sinkhole->raw6 = sockets->fds[i];
        else
            sinkhole->watches[count++] = (struct sp_watch){
                .kind = sockets->roles[i] == SP_SINKHOLE_TCP ? SP_WATCH_TCP : SP_WATCH_UDP,
                .fd = sockets->fds[i],
            };
    }
    sinkhole->watches[count++] = (struct sp_watch){ .kind = SP_WATCH_STOP, .fd = sinkhole->options->stop_fd };
    sinkhole->watches[count++] =
        (struct sp_watch){ .kind = SP_WATCH_DIALS, .fd = sp_dialler_fd(sinkhole->dialler) };
    for (size_t i = 0; i < count; i++)
        if (sp_watch_add(sinkhole, &sinkhole->watches[i], true) < 0)
            return sp_fail_errno(err, "cannot wait for the sinkhole's sockets");
    sinkhole->watch_count = count;
    return 0;
}

/* Ends the connections whose time is up, and finds when the next one's will be. */
static void
expire(struct sp_sinkhole *sinkhole)
{
    if (sinkhole->now < sinkhole->next_deadline)
        return;
    sinkhole->next_deadline = UINT64_MAX;
    for (struct sp_connection *at = sinkhole->connections, *next; at; at = next) {
        next = at->next;
        uint64_t deadline = sp_connection_deadline(sinkhole, at);
        if (deadline <= sinkhole->now)
            sp_connection_expire(sinkhole, at);
        else if (deadline < sinkhole->next_deadline)
            sinkhole->next_deadline = deadline;
    }
}

static void
bury(struct sp_sinkhole *sinkhole)
{
    while (sinkhole->dead) {
        struct sp_connection *next = sinkhole->dead->next;
        free(sinkhole->dead);
        sinkhole->dead = next;
    }
}

/* True: the end has come. */
static bool
serve_event(struct sp_sinkhole *sinkhole, const struct sp_watch *watch, uint32_t events)
{
    switch (watch->kind) {
    case SP_WATCH_STOP:
        return true;
    case SP_WATCH_DIALS:
        sp_pass_dialled(sinkhole);
        break;
    case SP_WATCH_TCP:
        sp_connection_accept(sinkhole, watch->fd);
        break;
    case SP_WATCH_UDP:
        sp_datagrams_read(sinkhole, watch->fd);
        break;
    case SP_WATCH_CLIENT:
    case SP_WATCH_HOST:
        if (watch->connection->state == SP_PASSING)
            sp_pass_ready(sinkhole, watch->connection);
        else if (watch->connection->state != SP_DEAD && watch->kind == SP_WATCH_CLIENT)
            sp_connection_ready(sinkhole, watch->connection, events);
        break;
    }
    return false;
}

static int
serve(struct sp_sinkhole *sinkhole, struct sp_error *err)
{
    for (bool over = false; !over;) {
        struct epoll_event events[64];
        sinkhole->now = sp_milliseconds();
        int timeout = -1;
        if (sinkhole->next_deadline != UINT64_MAX)
            timeout =
                sinkhole->next_deadline > sinkhole->now ? (int)(sinkhole->next_deadline - sinkhole->now) : 0;
        int count = epoll_wait(sinkhole->epoll, events, SP_COUNT(events), timeout);
        if (count < 0 && errno != EINTR)
            return sp_fail_errno(err, "the sinkhole cannot wait for its sockets");
        sinkhole->now = sp_milliseconds();
        for (int i = 0; i < count; i++)
            over |= serve_event(sinkhole, events[i].data.ptr, events[i].events);
        expire(sinkhole);
        bury(sinkhole);
    }
    return 0;
}

static void
tell_dropped(struct sp_sinkhole *sinkhole, const char *what, uint64_t count)
{
    if (count)
        sp_event_send(
            sinkhole->options->sink,
            &(struct sp_event){ .kind = SP_EVENT_DROPPED, .subject = what, .value = (int64_t)count });
}

/* What was said before the end but not read yet is evidence too. */
static void
finish(struct sp_sinkhole *sinkhole)
{
    for (size_t i = 0; i < sinkhole->watch_count; i++)
        if (sinkhole->watches[i].kind == SP_WATCH_TCP || sinkhole->watches[i].kind == SP_WATCH_UDP)
            serve_event(sinkhole, &sinkhole->watches[i], EPOLLIN);
    for (struct sp_connection *at = sinkhole->connections, *next; at; at = next) {
        next = at->next; /* serving one connection ends no other */
        serve_event(sinkhole, &at->client, EPOLLIN);
    }
    while (sinkhole->connections)
        sp_connection_end(sinkhole, sinkhole->connections, true);
    bury(sinkhole);
    tell_dropped(sinkhole, "connections to the sinkhole", sinkhole->dropped_connections);
    tell_dropped(sinkhole, "connections to the sinkhole that were served", sinkhole->untold_connections);
    tell_dropped(sinkhole, "names that were asked for", sinkhole->dropped_names);
    tell_dropped(sinkhole, "datagrams to the sinkhole", sinkhole->dropped_datagrams);
}

int
sp_sinkhole_serve(const struct sp_sinkhole_sockets *sockets, const struct sp_sinkhole_options *options,
                  struct sp_error *err)
{
    sp_autofree struct sp_sinkhole *sinkhole = sp_new(struct sp_sinkhole, err);
    if (!sinkhole)
        return -1;
    sinkhole->options = options;
    sinkhole->raw4 = sinkhole->raw6 = -1;
    sinkhole->next_deadline = UINT64_MAX;
    if (getrandom(&sinkhole->names.index.seed, sizeof(uint64_t), 0) < 0) /* strangers choose the keys */
        return sp_fail_errno(err, "the kernel has no random numbers for the sinkhole");
    sp_autoclose int epoll = sinkhole->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        return sp_fail_errno(err, "cannot make the sinkhole's epoll descriptor");

    sinkhole->spare = dup(epoll);
    int served = sp_dialler_open(sinkhole, err);
    if (served == 0)
        served = watch_all(sinkhole, sockets, err);
    if (served == 0)
        served = serve(sinkhole, err);
    finish(sinkhole);
    sp_dialler_close(sinkhole);
    sp_called_free(&sinkhole->names);
    if (sinkhole->spare >= 0)
        close(sinkhole->spare);
    return served;
}
