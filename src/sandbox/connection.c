/* One TCP connection: its bytes, its time, its end. What is said on it is talk.c's. */
#include "sandbox/serving.h"

#include "base/utf8.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* --- What is told --------------------------------------------------------------------------------------- */

static const char *
subject_of(const struct sp_connection *connection)
{
    return connection->name ? connection->name : connection->address;
}

/* What was said, in words; SIZE is at least 512. */
static void
describe(const struct sp_connection *connection, char *out, size_t size)
{
    const struct sp_http_head *head = &connection->head;
    const struct sp_buffer *heard = &connection->heard;
    const char *whom = *connection->server_name ? connection->server_name : subject_of(connection);
    size_t at = 0;
    if (connection->tls && connection->has_head) {
        snprintf(out, size, "%s https://%s%s", head->method, *head->host ? head->host : whom, head->path);
        return;
    }
    if (*head->method) {
        snprintf(out, size, "%s %s%s%s%s%s", head->method, head->path, *head->version ? " " : "",
                 head->version, *head->host ? ", Host " : "", head->host);
        return;
    }
    if (connection->is_tls)
        at = (size_t)snprintf(out, size, "TLS to %s%s%s%s", whom,
                              *connection->server_name ? "" : " (no server name was said)",
                              *connection->failure ? "; outside: " : "", connection->failure);
    if (connection->is_tls && !connection->tls)
        return;
    const char *what = SP_CONNECTION_SILENT;
    if (connection->tls && !sp_tls_agreed(connection->tls))
        what = "our certificate was not taken";
    else if (connection->sent && !connection->tls)
        what = "nothing that was understood";
    if (at)
        at += (size_t)snprintf(out + at, size - at, ": ");
    if (heard->length)
        sp_utf8_printable(out + at, size - at, heard->bytes, heard->length < 160 ? heard->length : 160);
    else
        snprintf(out + at, size - at, "%s", what);
}

void
sp_connection_tell(struct sp_sinkhole *sinkhole, struct sp_connection *connection, bool answered)
{
    char detail[1024];
    connection->was_told = true;
    if (sinkhole->told_connections++ >= SP_CONNECTION_EVENTS_MAX) {
        sinkhole->untold_connections++;
        return;
    }
    describe(connection, detail, sizeof(detail));
    sp_event_send(sinkhole->options->sink, &(struct sp_event){ .kind = SP_EVENT_CONNECTION,
                                                               .port = connection->port,
                                                               .from_port = connection->from_port,
                                                               .value = answered,
                                                               .bytes = connection->sent - connection->told,
                                                               .subject = subject_of(connection),
                                                               .detail = detail });
    connection->told = connection->sent;
}

struct found {
    struct sp_sinkhole *sinkhole;
    struct sp_connection *connection;
};

static void
tell_canary(void *context, const char *id)
{
    struct found *found = context;
    const struct sp_connection *connection = found->connection;
    char where[SP_HELLO_NAME_MAX * 4 + 16];
    if (found->sinkhole->told_canaries++ >= SP_CANARY_EVENTS_MAX)
        return;
    snprintf(where, sizeof(where), "%s:%u", subject_of(connection), connection->port);
    sp_event_send(found->sinkhole->options->sink, &(struct sp_event){ .kind = SP_EVENT_CANARY,
                                                                      .port = connection->port,
                                                                      .from_port = connection->from_port,
                                                                      .subject = where,
                                                                      .detail = id });
}

/* --- Beginning and end ---------------------------------------------------------------------------------- */

static void
reset(int fd)
{
    struct linger now = { .l_onoff = 1 };
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(fd);
}

static void
begin(struct sp_sinkhole *sinkhole, int fd)
{
    struct sp_connection *connection = sp_new(struct sp_connection, NULL);
    if (!connection) {
        sinkhole->dropped_connections++;
        reset(fd);
        return;
    }
    connection->client = (struct sp_watch){ SP_WATCH_CLIENT, fd, connection };
    connection->host = (struct sp_watch){ SP_WATCH_HOST, -1, connection };
    connection->began = connection->touched = sinkhole->now;
    connection->id = ++sinkhole->next_id;
    connection->heard.limit = SP_HEARD_MAX;
    connection->out.limit = 1 << 20;
    socklen_t length = sizeof(connection->to);
    getsockname(fd, (struct sockaddr *)&connection->to, &length); /* where the caller wanted to go */
    sp_address_text(connection->address, &connection->to);
    connection->port = sp_address_port(&connection->to);
    connection->name = sp_called_find(&sinkhole->names, &connection->to);
    struct sockaddr_storage from;
    length = sizeof(from);
    if (getpeername(fd, (struct sockaddr *)&from, &length) == 0)
        connection->from_port = sp_address_port(&from);

    connection->next = sinkhole->connections;
    if (connection->next)
        connection->next->previous = connection;
    sinkhole->connections = connection;
    sinkhole->connection_count++;
    if (sp_watch_add(sinkhole, &connection->client, true) < 0) {
        sinkhole->dropped_connections++;
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    sp_talk_begin(sinkhole, connection);
    uint64_t deadline = sp_connection_deadline(sinkhole, connection);
    if (deadline < sinkhole->next_deadline)
        sinkhole->next_deadline = deadline;
}

/* No descriptor is left: the caller is refused all the same, or it would be announced again and again. */
static void
refuse_with_spare(struct sp_sinkhole *sinkhole, int listener)
{
    if (sinkhole->spare < 0)
        return;
    close(sinkhole->spare);
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        sinkhole->dropped_connections++;
        reset(fd);
    }
    sinkhole->spare = dup(sinkhole->epoll);
}

void
sp_connection_accept(struct sp_sinkhole *sinkhole, int listener)
{
    for (unsigned i = 0; i < 64; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
            refuse_with_spare(sinkhole, listener);
            continue;
        }
        if (fd < 0)
            return;
        if (sinkhole->connection_count >= SP_CONNECTIONS_MAX) {
            sinkhole->dropped_connections++;
            reset(fd);
        } else {
            begin(sinkhole, fd);
        }
    }
}

void
sp_connection_end(struct sp_sinkhole *sinkhole, struct sp_connection *connection, bool with_reset)
{
    if (connection->state == SP_DEAD)
        return;
    bool refused = sinkhole->options->net == SP_NET_REGISTRY || (connection->is_tls && !connection->tls);
    if (connection->state == SP_PASSING)
        sp_event_send(sinkhole->options->sink, &(struct sp_event){ .kind = SP_EVENT_PASSED,
                                                                   .port = connection->port,
                                                                   .subject = connection->server_name,
                                                                   .bytes = connection->sent,
                                                                   .value = (int64_t)connection->back });
    else if ((connection->state != SP_NAMES || connection->heard.length) && !connection->was_told)
        sp_connection_tell(sinkhole, connection, !refused);
    connection->state = SP_DEAD;

    if (with_reset)
        reset(connection->client.fd);
    else
        close(connection->client.fd);
    if (connection->host.fd >= 0)
        close(connection->host.fd);
    sp_tls_free(connection->tls);
    sp_buffer_free(&connection->heard);
    sp_buffer_free(&connection->out);
    free(connection->up.bytes);
    free(connection->down.bytes);

    if (connection->previous)
        connection->previous->next = connection->next;
    else
        sinkhole->connections = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    sinkhole->connection_count--;
    connection->next = sinkhole->dead; /* events at hand may still point here */
    sinkhole->dead = connection;
}

/* --- Time ----------------------------------------------------------------------------------------------- */

/* Whether this may turn out to be a connection that --allow-host lets through. */
static bool
may_be_allowed(const struct sp_sinkhole *sinkhole, const struct sp_connection *connection)
{
    const char *const *allow = sinkhole->options->allow_hosts;
    bool begins_so = !connection->heard.length || connection->heard.bytes[0] == 22;
    return allow && *allow && begins_so && (!connection->name || sp_called_allowed(allow, connection->name));
}

uint64_t
sp_connection_deadline(const struct sp_sinkhole *sinkhole, const struct sp_connection *connection)
{
    switch (connection->state) {
    case SP_DIALLING:
        return UINT64_MAX; /* the dial has its own time */
    case SP_PASSING:
        return connection->touched + SP_PASSED_IDLE_MAX;
    case SP_DRAINING:
        return connection->touched + SP_DRAIN_MAX;
    case SP_NAMES:
        return connection->touched + SP_IDLE_MAX;
    default:
        if (sinkhole->options->net != SP_NET_REGISTRY)
            return connection->touched + SP_IDLE_MAX;
        return connection->began +
               (may_be_allowed(sinkhole, connection) ? SP_ALLOWED_HELLO_WITHIN : SP_REFUSE_AFTER);
    }
}

void
sp_connection_expire(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    sp_connection_end(sinkhole, connection, connection->state != SP_DRAINING);
}

/* --- Bytes ---------------------------------------------------------------------------------------------- */

/* Sends what waits, and says when nothing more follows. */
static void
flush(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    struct sp_buffer *out = &connection->out;
    if (connection->tls) {
        unsigned char bytes[4096];
        size_t got;
        while ((got = sp_tls_give(connection->tls, bytes, sizeof(bytes))))
            if (sp_buffer_append(out, bytes, got, NULL) < 0)
                break;
    }
    while (connection->out_from < out->length) {
        ssize_t sent = send(connection->client.fd, out->bytes + connection->out_from,
                            out->length - connection->out_from, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) {
            bool later = sent < 0 && (errno == EAGAIN || errno == EINTR);
            if (later)
                sp_watch_for(sinkhole, &connection->client, true, true);
            else
                sp_connection_end(sinkhole, connection, true);
            return;
        }
        connection->out_from += (size_t)sent;
        connection->back += (uint64_t)sent;
    }
    if (out->length) {
        sp_buffer_clear(out);
        connection->out_from = 0;
        sp_watch_for(sinkhole, &connection->client, true, false);
    }
    if (connection->last_words) {
        connection->last_words = false;
        connection->state = SP_DRAINING;
        connection->touched = sinkhole->now;
        if (sinkhole->next_deadline > sinkhole->now + SP_DRAIN_MAX)
            sinkhole->next_deadline = sinkhole->now + SP_DRAIN_MAX;
        shutdown(connection->client.fd, SHUT_WR);
    }
}

void
sp_connection_say(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const void *bytes,
                  size_t length, bool last)
{
    int said = connection->tls ? sp_tls_write(connection->tls, bytes, length)
                               : sp_buffer_append(&connection->out, bytes, length, NULL);
    if (said < 0) {
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    if (last && connection->tls)
        sp_tls_say_goodbye(connection->tls);
    connection->last_words |= last;
    flush(sinkhole, connection);
}

static void
hear(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const char *bytes, size_t length)
{
    struct found found = { sinkhole, connection };
    sp_leak_feed(sinkhole->options->decoys, &connection->canaries, bytes, length, tell_canary, &found);
    size_t room = SP_HEARD_MAX - connection->heard.length;
    if (sp_buffer_append(&connection->heard, bytes, length < room ? length : room, NULL) < 0) {
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    sp_talk_hear(sinkhole, connection, bytes, length);
}

static void
hear_tls(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const void *bytes, size_t length)
{
    char clear[4096];
    int got = 0;
    if (length && sp_tls_take(connection->tls, bytes, length) < 0)
        got = -1;
    while (got >= 0 && connection->state != SP_DEAD && connection->state != SP_DRAINING &&
           (got = sp_tls_read(connection->tls, clear, sizeof(clear))) > 0)
        hear(sinkhole, connection, clear, (size_t)got);
    if (connection->state == SP_DEAD)
        return;
    flush(sinkhole, connection); /* the handshake's own words, or an alert */
    if (got < 0 && connection->state != SP_DEAD && connection->state != SP_DRAINING)
        sp_connection_end(sinkhole, connection, false);
}

void
sp_connection_ready(struct sp_sinkhole *sinkhole, struct sp_connection *connection, uint32_t events)
{
    if (events & EPOLLOUT)
        flush(sinkhole, connection);
    if (!(events & ~(uint32_t)EPOLLOUT))
        return;
    for (unsigned i = 0; i < 16 && connection->state != SP_DEAD; i++) {
        if (connection->state == SP_DIALLING || connection->state == SP_PASSING)
            return; /* the rest is the host's, byte for byte */
        /* what must be understood must be kept: no more is read than there is room for */
        size_t size = sizeof(sinkhole->scratch);
        bool keeps = connection->state == SP_HEARING || connection->state == SP_SMTP ||
                     connection->state == SP_SMTP_DATA || connection->state == SP_NAMES;
        if (keeps && !connection->tls && connection->heard.length < SP_HEARD_MAX)
            size = SP_HEARD_MAX - connection->heard.length;
        ssize_t got = recv(connection->client.fd, sinkhole->scratch, size, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            sp_connection_end(sinkhole, connection,
                              sinkhole->options->net == SP_NET_REGISTRY && connection->state != SP_DRAINING);
            return;
        }
        connection->sent += (uint64_t)got;
        connection->touched = sinkhole->now;
        if (connection->state == SP_DRAINING)
            continue;
        if (connection->tls) {
            hear_tls(sinkhole, connection, sinkhole->scratch, (size_t)got);
            continue;
        }
        hear(sinkhole, connection, (const char *)sinkhole->scratch, (size_t)got);
        if (connection->tls && connection->state != SP_DEAD)
            hear_tls(sinkhole, connection, NULL, 0); /* the hello is what was just heard */
    }
}
