/* --allow-host: a connection whose server name is on the list is dialled outside and passed through, byte for
 * byte. */
#include "sandbox/dial.h"
#include "sandbox/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* --- Dialling, beside the loop -------------------------------------------------------------------------- */

/* Shared with the threads: whoever lets go last frees it. */
struct sp_dialler {
    atomic_uint holders;
    int mine, theirs; /* a pair of sockets */
    unsigned running; /* of the loop alone */
};

struct job {
    struct sp_dialler *dialler;
    uint64_t id;
    int (*dial)(void *context, const char *host, uint16_t port, struct sp_error *err);
    void *context;
    uint16_t port;
    char host[SP_HELLO_NAME_MAX];
};

struct result {
    uint64_t id;
    int fd;
    char why[160];
};

static void
let_go(struct sp_dialler *dialler)
{
    if (atomic_fetch_sub(&dialler->holders, 1) != 1)
        return;
    close(dialler->theirs);
    free(dialler);
}

static void *
run_job(void *argument)
{
    struct job *job = argument;
    struct sp_error err = { 0 };
    struct result result = { .id = job->id };
    result.fd = job->dial(job->context, job->host, job->port, &err);
    if (result.fd < 0)
        snprintf(result.why, sizeof(result.why), "%.150s", err.text);
    if (send(job->dialler->theirs, &result, sizeof(result), MSG_NOSIGNAL) < 0 && result.fd >= 0)
        close(result.fd);
    let_go(job->dialler);
    free(job);
    return NULL;
}

int
sp_dialler_open(struct sp_sinkhole *sinkhole, struct sp_error *err)
{
    int pair[2];
    struct sp_dialler *dialler = sp_new(struct sp_dialler, err);
    if (!dialler)
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        free(dialler);
        return sp_fail_errno(err, "cannot make the sinkhole's pair of sockets");
    }
    atomic_init(&dialler->holders, 1);
    dialler->mine = pair[0];
    dialler->theirs = pair[1];
    sinkhole->dialler = dialler;
    return 0;
}

int
sp_dialler_fd(const struct sp_dialler *dialler)
{
    return dialler->mine;
}

/* The next answer of a thread, waited for with FLAGS 0. */
static bool
next_result(struct sp_dialler *dialler, struct result *result, int flags)
{
    ssize_t got;
    do
        got = recv(dialler->mine, result, sizeof(*result), flags);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(*result))
        return false;
    dialler->running--;
    return true;
}

void
sp_dialler_close(struct sp_sinkhole *sinkhole)
{
    struct sp_dialler *dialler = sinkhole->dialler;
    struct result result;
    if (!dialler)
        return;
    /* the caller's own dial may use what the caller frees next; ours holds nothing of anybody's */
    while (dialler->running && next_result(dialler, &result, sinkhole->options->dial ? 0 : MSG_DONTWAIT))
        if (result.fd >= 0)
            close(result.fd);
    close(dialler->mine);
    let_go(dialler);
    sinkhole->dialler = NULL;
}

/* 0, or an errno. */
static int
start(struct sp_sinkhole *sinkhole, const struct sp_connection *connection)
{
    const struct sp_sinkhole_options *options = sinkhole->options;
    struct job *job = sp_new(struct job, NULL);
    if (!job)
        return ENOMEM;
    *job = (struct job){ .dialler = sinkhole->dialler,
                         .id = connection->id,
                         .dial = options->dial ? options->dial : sp_dial_outside,
                         .context = options->dial_context,
                         .port = connection->port };
    memcpy(job->host, connection->server_name, sizeof(job->host));

    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the caller's signals are for the caller's threads */
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    atomic_fetch_add(&job->dialler->holders, 1);
    int failed = pthread_create(&thread, &attributes, run_job, job);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        atomic_fetch_sub(&job->dialler->holders, 1);
        free(job);
        return failed;
    }
    sinkhole->dialler->running++;
    return 0;
}

void
sp_pass_begin(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    connection->state = SP_DIALLING;
    connection->wants_dial = sinkhole->dialler->running >= SP_DIALS_MAX;
    sp_watch_for(sinkhole, &connection->client, false, false);
    if (connection->wants_dial)
        return;
    int failed = start(sinkhole, connection);
    if (failed) {
        snprintf(connection->failure, sizeof(connection->failure), "no thread to dial with: %s",
                 strerrordesc_np(failed));
        sp_connection_end(sinkhole, connection, true);
    }
}

/* --- Passing -------------------------------------------------------------------------------------------- */

/* Moves what can be moved from one side to the other. False: the connection broke. */
static bool
move(struct sp_pipe *pipe, int from, int to, uint64_t *count)
{
    for (unsigned i = 0; i < 8; i++) {
        bool moved = false;
        if (pipe->from && pipe->from + pipe->length == SP_PIPE_SIZE) {
            memmove(pipe->bytes, pipe->bytes + pipe->from, pipe->length);
            pipe->from = 0;
        }
        size_t room = SP_PIPE_SIZE - pipe->from - pipe->length;
        if (!pipe->ended && room) {
            ssize_t got = recv(from, pipe->bytes + pipe->from + pipe->length, room, MSG_DONTWAIT);
            if (got < 0 && errno != EAGAIN && errno != EINTR)
                return false;
            pipe->ended = got == 0;
            pipe->length += got > 0 ? (size_t)got : 0;
            *count += got > 0 ? (uint64_t)got : 0;
            moved = got > 0;
        }
        if (pipe->length) {
            ssize_t sent = send(to, pipe->bytes + pipe->from, pipe->length, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && errno != EAGAIN && errno != EINTR)
                return false;
            if (sent > 0) {
                pipe->from += (size_t)sent;
                pipe->length -= (size_t)sent;
                moved = true;
            }
            if (!pipe->length)
                pipe->from = 0;
        }
        if (!moved)
            break;
    }
    if (pipe->ended && !pipe->length && !pipe->closed) {
        shutdown(to, SHUT_WR);
        pipe->closed = true;
    }
    return true;
}

static void
pump(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    struct sp_pipe *up = &connection->up, *down = &connection->down;
    int client = connection->client.fd, host = connection->host.fd;
    connection->touched = sinkhole->now;
    if (!move(up, client, host, &connection->sent) || !move(down, host, client, &connection->back)) {
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    if (up->closed && down->closed) {
        sp_connection_end(sinkhole, connection, false);
        return;
    }
    /* a side that cannot take more stops the other from sending */
    sp_watch_for(sinkhole, &connection->client, !up->ended && up->length < SP_PIPE_SIZE, down->length);
    sp_watch_for(sinkhole, &connection->host, !down->ended && down->length < SP_PIPE_SIZE, up->length);
}

static void
begin_passing(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const struct result *result)
{
    struct sp_pipe *up = &connection->up, *down = &connection->down;
    if (result->fd < 0) {
        memcpy(connection->failure, result->why, sizeof(connection->failure));
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    connection->host.fd = result->fd;
    fcntl(result->fd, F_SETFL, fcntl(result->fd, F_GETFL) | O_NONBLOCK);
    up->bytes = malloc(SP_PIPE_SIZE);
    down->bytes = malloc(SP_PIPE_SIZE);
    if (!up->bytes || !down->bytes) {
        snprintf(connection->failure, sizeof(connection->failure), "out of memory");
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    up->length = connection->heard.length; /* the hello, as it was said */
    memcpy(up->bytes, connection->heard.bytes, up->length);
    sp_buffer_free(&connection->heard);
    connection->state = SP_PASSING;
    pump(sinkhole, connection);
}

static struct sp_connection *
find(const struct sp_sinkhole *sinkhole, uint64_t id)
{
    for (struct sp_connection *at = sinkhole->connections; at; at = at->next)
        if (at->id == id)
            return at;
    return NULL;
}

static struct sp_connection *
find_waiting(const struct sp_sinkhole *sinkhole)
{
    for (struct sp_connection *at = sinkhole->connections; at; at = at->next)
        if (at->state == SP_DIALLING && at->wants_dial)
            return at;
    return NULL;
}

void
sp_pass_dialled(struct sp_sinkhole *sinkhole)
{
    struct result result;
    while (next_result(sinkhole->dialler, &result, MSG_DONTWAIT)) {
        struct sp_connection *connection = find(sinkhole, result.id);
        if (connection)
            begin_passing(sinkhole, connection, &result);
        else if (result.fd >= 0)
            close(result.fd);
        struct sp_connection *waiting = find_waiting(sinkhole);
        if (waiting)
            sp_pass_begin(sinkhole, waiting);
    }
}

void
sp_pass_ready(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    if (connection->state == SP_PASSING)
        pump(sinkhole, connection);
}
