#include "stand_in.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#define PAGES_MAX 64

struct stand_in {
    struct MHD_Daemon *daemon;
    unsigned port, hits;
    pthread_mutex_t lock;
    struct stand_in_page pages[PAGES_MAX];
    size_t count;
};

static void
nap(unsigned milliseconds)
{
    nanosleep(&(struct timespec){ milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 }, NULL);
}

int
stand_in_listen(unsigned *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 64) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        abort();
    *port = ntohs(address.sin_port);
    return fd;
}

/* ---- the server ---- */

static ssize_t
read_body(void *context, uint64_t at, char *bytes, size_t size)
{
    struct stand_in_page *page = context;
    size_t stop = page->truncated ? page->length / 2 : page->length;
    if (page->endless)
        at %= page->length;
    else if (at >= stop)
        return page->truncated ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    if (at && page->pause)
        nap(page->pause);
    if (size > stop - at)
        size = stop - (size_t)at;
    if (page->pause && size > 4096)
        size = size / 2;
    memcpy(bytes, page->body + at, size);
    return (ssize_t)size;
}

static struct MHD_Response *
respond(struct stand_in_page *page)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        page->endless ? MHD_SIZE_UNKNOWN : page->length, 64 << 10, read_body, page, NULL);
    if (page->type)
        MHD_add_response_header(response, "Content-Type", page->type);
    if (page->location)
        MHD_add_response_header(response, "Location", page->location);
    if (page->etag)
        MHD_add_response_header(response, "ETag", page->etag);
    if (page->cache_control)
        MHD_add_response_header(response, "Cache-Control", page->cache_control);
    if (page->coding)
        MHD_add_response_header(response, "Content-Encoding", page->coding);
    return response;
}

static void
note_header(struct MHD_Connection *connection, const char *name, char *out, size_t size)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    snprintf(out, size, "%s", value ? value : "");
}

static enum MHD_Result
queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
answer(void *context, struct MHD_Connection *connection, const char *path, const char *method,
       const char *version, const char *bytes, size_t *length, void **request)
{
    (void)version, (void)path;
    struct stand_in *stand = context;
    char *target = *request;
    if (!target)
        return MHD_NO;
    struct stand_in_page *page = NULL;
    bool failing = false, known = false;
    pthread_mutex_lock(&stand->lock);
    for (size_t i = 0; i < stand->count && !page; i++)
        if (strcmp(stand->pages[i].path, target + 1) == 0)
            page = &stand->pages[i];
    if (target[0] == 'n') { /* the first call: the head alone */
        target[0] = 'o';
        if (page)
            page->content[0] = '\0';
        pthread_mutex_unlock(&stand->lock);
        return MHD_YES;
    }
    if (*length) {
        if (page)
            snprintf(page->content, sizeof(page->content), "%.*s", (int)*length, bytes);
        *length = 0;
        pthread_mutex_unlock(&stand->lock);
        return MHD_YES;
    }
    stand->hits++;
    if (page) {
        const char *has = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
        failing = page->hits++ < page->fail_first;
        known = page->etag && has && strcmp(has, page->etag) == 0;
        page->not_modified += known;
        note_header(connection, "Authorization", page->authorization, sizeof(page->authorization));
        note_header(connection, "Accept", page->accept, sizeof(page->accept));
        snprintf(page->method, sizeof(page->method), "%s", method);
    }
    pthread_mutex_unlock(&stand->lock);
    if (page && page->delay)
        nap(page->delay);
    if (!page || failing || known)
        return queue(connection,
                     !page     ? 404
                     : failing ? 503
                               : 304,
                     MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT));
    return queue(connection, page->status ? page->status : 200, respond(page));
}

static void *
begin(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    size_t length = strlen(target);
    char *copy = malloc(length + 2);
    if (copy) {
        copy[0] = 'n';
        memcpy(copy + 1, target, length + 1);
    }
    return copy;
}

static void
end(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    free(*request);
    *request = NULL;
}

struct stand_in *
stand_in_start(void)
{
    struct stand_in *stand = calloc(1, sizeof(*stand));
    if (!stand)
        abort();
    pthread_mutex_init(&stand->lock, NULL);
    int fd = stand_in_listen(&stand->port);
    stand->daemon =
        MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0,
                         NULL, NULL, answer, stand, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK,
                         begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (!stand->daemon)
        abort();
    return stand;
}

unsigned
stand_in_port(const struct stand_in *stand)
{
    return stand->port;
}

void
stand_in_stop(struct stand_in *stand)
{
    if (!stand)
        return;
    MHD_stop_daemon(stand->daemon);
    pthread_mutex_destroy(&stand->lock);
    free(stand);
}

struct stand_in_page *
stand_in_add(struct stand_in *stand, const char *path, const char *type, const char *body, size_t length)
{
    pthread_mutex_lock(&stand->lock);
    if (stand->count == PAGES_MAX)
        abort();
    struct stand_in_page *page = &stand->pages[stand->count++];
    *page = (struct stand_in_page){ .path = path, .type = type, .body = body, .length = length };
    pthread_mutex_unlock(&stand->lock);
    return page;
}

unsigned
stand_in_hits(struct stand_in *stand)
{
    pthread_mutex_lock(&stand->lock);
    unsigned hits = stand->hits;
    pthread_mutex_unlock(&stand->lock);
    return hits;
}

/* ---- the client ---- */

static int
dial(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        abort();
    return fd;
}

static const char *
find_header(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = head; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (!strncasecmp(line, name, length) && line[length] == ':')
            return line + length + 1;
    return NULL;
}

/* Undoes the chunks at BODY in place; returns the length, and whether the last one came. */
static size_t
join_chunks(char *body, size_t length, bool *complete)
{
    size_t in = 0, out = 0;
    *complete = false;
    while (in < length) {
        char *rest;
        size_t size = strtoul(body + in, &rest, 16);
        char *line = memchr(body + in, '\n', length - in);
        if (!line)
            break;
        in = (size_t)(line - body) + 1;
        if (!size) {
            *complete = true;
            break;
        }
        if (size > length - in)
            size = length - in;
        memmove(body + out, body + in, size);
        out += size;
        in += size + 2;
    }
    return out;
}

void
stand_in_say(struct said *said, unsigned port, const char *request, size_t length)
{
    char chunk[65536];
    ssize_t got;
    said_free(said);
    int fd = dial(port);
    while (length && (got = send(fd, request, length, MSG_NOSIGNAL)) > 0) {
        request += got;
        length -= (size_t)got;
    }
    while ((got = recv(fd, chunk, sizeof(chunk), 0)) > 0)
        if (sp_buffer_append(&said->all, chunk, (size_t)got, NULL) < 0)
            abort();
    close(fd);
    char *text = said->all.bytes, *end = text ? strstr(text, "\r\n\r\n") : NULL;
    if (!end || sscanf(text, "HTTP/1.1 %u", &said->status) != 1)
        return;
    end[2] = '\0';
    said->head = text;
    said->body = end + 4;
    said->body_length = said->all.length - (size_t)(end + 4 - text);
    const char *announced = find_header(text, "Content-Length"),
               *coding = find_header(text, "Transfer-Encoding");
    if (announced)
        said->complete = strtoull(announced, NULL, 10) == said->body_length;
    else if (coding)
        said->body_length = join_chunks(end + 4, said->body_length, &said->complete);
}

void
said_free(struct said *said)
{
    sp_buffer_free(&said->all);
    *said = (struct said){ 0 };
}
