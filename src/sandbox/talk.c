/* What is said to a caller: HTTP, SMTP and DNS are understood; TLS is let through, answered or refused by its
 * server name; all else is heard. */
#include "sandbox/dns.h"
#include "sandbox/serving.h"

#include <string.h>

static bool
refuses(const struct sp_sinkhole *sinkhole)
{
    return sinkhole->options->net == SP_NET_REGISTRY;
}

static void
say_text(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const char *text)
{
    sp_connection_say(sinkhole, connection, text, strlen(text), false);
}

/* --- HTTP ----------------------------------------------------------------------------------------------- */

/* A download gets a file, where there is one for it. */
static bool
answer_file(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    const struct sp_http_head *head = &connection->head;
    sp_autobuffer struct sp_buffer body = { 0 }, text = { 0 };
    if (!sinkhole->options->answers || strcmp(head->method, "GET"))
        return false;
    const char *path = head->path, *scheme = strstr(path, "://");
    if (scheme && (!strncasecmp(path, "http:", 5) || !strncasecmp(path, "https:", 6))) { /* said to a proxy */
        path = strchr(scheme + 3, '/');
        if (!path)
            return false;
    }
    const char *type = sp_answers_find(sinkhole->options->answers, head->host, path, &body);
    if (!type ||
        sp_buffer_printf(&text, NULL,
                         "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                         "Connection: close\r\n\r\n",
                         type, body.length) < 0 ||
        sp_buffer_append(&text, sp_buffer_string(&body), body.length, NULL) < 0)
        return false;
    sp_connection_tell(sinkhole, connection, true);
    sp_connection_say(sinkhole, connection, text.bytes, text.length, true);
    return true;
}

static void
answer_http(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    const struct sp_http_head *head = &connection->head;
    if (answer_file(sinkhole, connection))
        return;
    const char *body = head->wants_json ? "{}" : "";
    char text[256];
    size_t length = (size_t)snprintf(text, sizeof(text),
                                     "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                                     "Connection: close\r\n\r\n%s",
                                     head->wants_json ? "application/json" : "text/plain", strlen(body),
                                     strcmp(head->method, "HEAD") ? body : "");
    sp_connection_tell(sinkhole, connection, true);
    sp_connection_say(sinkhole, connection, text, length, true);
}

static void
hear_body(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const char *bytes, size_t length)
{
    bool over;
    if (connection->head.chunked) {
        sp_chunks_read(&connection->chunks, bytes, length);
        over = connection->chunks.ended || connection->chunks.broken;
    } else {
        connection->body_left -= length < connection->body_left ? length : connection->body_left;
        over = !connection->body_left;
    }
    if (over && refuses(sinkhole))
        sp_connection_end(sinkhole, connection, true);
    else if (over)
        answer_http(sinkhole, connection);
}

static void
begin_body(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    const struct sp_http_head *head = &connection->head;
    connection->has_head = true;
    connection->state = SP_BODY;
    connection->body_left = head->content_length;
    if (head->expects) { /* also where it is refused afterwards: the body is the evidence */
        say_text(sinkhole, connection, "HTTP/1.1 100 Continue\r\n\r\n");
        if (connection->state == SP_DEAD)
            return;
    }
    hear_body(sinkhole, connection, connection->heard.bytes + head->length,
              connection->heard.length - head->length);
}

/* --- SMTP ----------------------------------------------------------------------------------------------- */

/* Takes whole lines off .heard, one after the other. */
static bool
next_line(struct sp_connection *connection, char *line, size_t size)
{
    struct sp_buffer *heard = &connection->heard;
    const char *stop = heard->length ? memchr(heard->bytes, '\n', heard->length) : NULL;
    if (!stop && heard->length < SP_HEARD_MAX)
        return false;
    size_t length = stop ? (size_t)(stop + 1 - heard->bytes) : heard->length;
    size_t kept = length < size - 1 ? length : size - 1;
    memcpy(line, heard->bytes, kept);
    while (kept && (line[kept - 1] == '\n' || line[kept - 1] == '\r'))
        kept--;
    line[kept] = 0;
    memmove(heard->bytes, heard->bytes + length, heard->length - length);
    heard->length -= length;
    return true;
}

/* The evidence is to whom a letter goes; before that, the first command. */
static void
remember_letter(struct sp_connection *connection, const char *line)
{
    struct sp_http_head *head = &connection->head;
    if (*head->method && (strncasecmp(line, "RCPT", 4) || !strncasecmp(head->path, "RCPT", 4)))
        return;
    snprintf(head->method, sizeof(head->method), "SMTP");
    snprintf(head->path, sizeof(head->path), "%s", line);
}

static void
hear_letters(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    char line[256];
    while ((connection->state == SP_SMTP || connection->state == SP_SMTP_DATA) &&
           next_line(connection, line, sizeof(line))) {
        if (connection->state == SP_SMTP_DATA) {
            if (strcmp(line, "."))
                continue;
            connection->state = SP_SMTP;
            say_text(sinkhole, connection, "250 accepted\r\n");
        } else if (!strncasecmp(line, "DATA", 4)) {
            connection->state = SP_SMTP_DATA;
            say_text(sinkhole, connection, "354 go on\r\n");
        } else if (!strncasecmp(line, "QUIT", 4)) {
            sp_connection_say(sinkhole, connection, "221 bye\r\n", 9, true);
        } else if (!strncasecmp(line, "STARTTLS", 8)) {
            say_text(sinkhole, connection, "502 not here\r\n");
        } else if (!strncasecmp(line, "AUTH", 4)) {
            say_text(sinkhole, connection, "235 welcome\r\n");
        } else {
            remember_letter(connection, line);
            say_text(sinkhole, connection, "250 ok\r\n");
        }
    }
}

/* --- DNS over TCP --------------------------------------------------------------------------------------- */

static void
hear_names(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    struct sp_buffer *heard = &connection->heard;
    while (connection->state == SP_NAMES && heard->length >= 2) {
        const unsigned char *bytes = (const unsigned char *)heard->bytes;
        size_t length = (size_t)bytes[0] << 8 | bytes[1];
        if (length > 4096) {
            sp_connection_end(sinkhole, connection, true);
            return;
        }
        if (heard->length < 2 + length)
            return;
        unsigned char reply[2 + SP_DNS_REPLY_MAX];
        size_t size = sp_datagrams_name(sinkhole, bytes + 2, length, connection->from_port, reply + 2);
        heard->length -= 2 + length;
        memmove(heard->bytes, heard->bytes + 2 + length, heard->length);
        if (!size) {
            sp_connection_end(sinkhole, connection, true);
            return;
        }
        reply[0] = (unsigned char)(size >> 8);
        reply[1] = (unsigned char)size;
        sp_connection_say(sinkhole, connection, reply, 2 + size, false);
    }
}

/* --- Who is it? ----------------------------------------------------------------------------------------- */

/* Nothing that we understand: a sinkhole listens on, a registry room waits until it heard enough. */
static void
listen_on(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    if (!refuses(sinkhole))
        connection->state = SP_SILENCE;
}

static void
judge_tls(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    struct sp_buffer *heard = &connection->heard;
    connection->is_tls = true;
    if (sp_called_allowed(sinkhole->options->allow_hosts, connection->server_name)) {
        sp_pass_begin(sinkhole, connection);
        return;
    }
    const char *name = *connection->server_name ? connection->server_name
                       : connection->name       ? connection->name
                                                : connection->address;
    if (!refuses(sinkhole) && sinkhole->options->authority)
        connection->tls = sp_tls_new(sinkhole->options->authority, name);
    if (!connection->tls || sp_tls_take(connection->tls, heard->bytes, heard->length) < 0) {
        sp_connection_end(sinkhole, connection, true);
        return;
    }
    sp_buffer_clear(heard); /* from here on: what stands inside */
}

static void
judge(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    const struct sp_buffer *heard = &connection->heard;
    enum sp_said said;
    if (heard->bytes[0] == 22 && !connection->tls) {
        said = sp_hello_read(connection->server_name, (const unsigned char *)heard->bytes, heard->length);
        if (said == SP_SAID_THIS) {
            judge_tls(sinkhole, connection);
            return;
        }
    } else {
        bool looks_so;
        said = sp_http_read(&connection->head, &looks_so, heard->bytes, heard->length);
        if (said == SP_SAID_THIS) {
            begin_body(sinkhole, connection);
            return;
        }
    }
    if (said == SP_SAID_NOTHING)
        listen_on(sinkhole, connection);
}

void
sp_talk_begin(struct sp_sinkhole *sinkhole, struct sp_connection *connection)
{
    if (connection->port == 53) {
        connection->state = SP_NAMES;
    } else if (!refuses(sinkhole) && (connection->port == 25 || connection->port == 587)) {
        connection->state = SP_SMTP;
        say_text(sinkhole, connection, "220 mail ESMTP\r\n");
    }
}

void
sp_talk_hear(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const char *bytes, size_t length)
{
    switch (connection->state) {
    case SP_HEARING:
        judge(sinkhole, connection);
        break;
    case SP_BODY:
        hear_body(sinkhole, connection, bytes, length);
        break;
    case SP_SMTP:
    case SP_SMTP_DATA:
        hear_letters(sinkhole, connection);
        break;
    case SP_NAMES:
        hear_names(sinkhole, connection);
        break;
    default:
        break;
    }
    if (connection->state != SP_DEAD && refuses(sinkhole) && connection->sent >= SP_REFUSE_BEYOND &&
        (connection->state == SP_HEARING || connection->state == SP_BODY))
        sp_connection_end(sinkhole, connection, true);
}
