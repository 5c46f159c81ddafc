#include "metadata_server.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAGES_MAX 64
#define CONNECTIONS_MAX 256
#define HEAD_MAX 16384

struct metadata_server {
    int listener;
    unsigned port, hits;
    SSL_CTX *tls;
    pthread_t accepting;
    pthread_mutex_t lock; /* guards all of this, and what pages have seen */
    pthread_cond_t ended;
    struct served pages[PAGES_MAX];
    size_t page_count;
    int connections[CONNECTIONS_MAX];
    size_t connection_count;
    bool stopping;
};

struct line {
    struct metadata_server *server;
    int fd;
    SSL *tls;
};

static void
nap(unsigned milliseconds)
{
    nanosleep(&(struct timespec){ milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 }, NULL);
}

/* ---- bytes ---- */

static bool
send_all(const struct line *line, const char *bytes, size_t length)
{
    while (length) {
        ssize_t count = line->tls ? SSL_write(line->tls, bytes, length > 1 << 20 ? 1 << 20 : (int)length)
                                  : send(line->fd, bytes, length, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

/* A head up to its empty line; requests come one at a time. */
static bool
receive_head(const struct line *line, char head[HEAD_MAX])
{
    size_t length = 0;
    head[0] = '\0';
    while (!strstr(head, "\r\n\r\n")) {
        if (length + 1 >= HEAD_MAX)
            return false;
        ssize_t count = line->tls ? SSL_read(line->tls, head + length, (int)(HEAD_MAX - 1 - length))
                                  : recv(line->fd, head + length, HEAD_MAX - 1 - length, 0);
        if (count <= 0)
            return false;
        length += (size_t)count;
        head[length] = '\0';
    }
    return true;
}

static void
copy_header(const char *head, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);
    out[0] = '\0';
    for (const char *at = head; (at = strchr(at, '\n'));) {
        at++;
        if (!strncasecmp(at, name, length) && at[length] == ':') {
            at += length + 1;
            at += strspn(at, " ");
            snprintf(out, size, "%.*s", (int)strcspn(at, "\r\n"), at);
            return;
        }
    }
}

/* ---- answers ---- */

static struct served *
find_page(struct metadata_server *server, const char *path)
{
    for (size_t i = 0; i < server->page_count; i++) {
        struct served *page = &server->pages[i];
        size_t length = strlen(page->path);
        bool open = length && page->path[length - 1] == '*';
        if (open ? !strncmp(page->path, path, length - 1) : !strcmp(page->path, path))
            return page;
    }
    return NULL;
}

struct reply {
    unsigned status;
    const char *headers;
    const char *body;
    size_t length, from, whole;
};

static void
choose_part(const struct served *page, struct reply *reply)
{
    long long from = 0, to = 0;
    if (!page->ranges || !*page->range)
        return;
    if (sscanf(page->range, "bytes=-%lld", &to) == 1) {
        from = to < (long long)page->length ? (long long)page->length - to : 0;
        to = (long long)page->length - 1;
    } else if (sscanf(page->range, "bytes=%lld-%lld", &from, &to) != 2) {
        return;
    }
    if (to >= (long long)page->length)
        to = (long long)page->length - 1;
    reply->status = 206;
    reply->from = (size_t)from;
    reply->body = page->body + from;
    reply->length = (size_t)(to - from) + 1;
}

/* Notes what is asked, under the lock, and decides. */
static struct reply
choose(struct metadata_server *server, struct served *page, const char *head)
{
    server->hits++;
    if (!page)
        return (struct reply){ .status = 404, .body = "" };
    bool failing = page->hits++ < page->fail_first;
    copy_header(head, "Authorization", page->authorization, sizeof(page->authorization));
    copy_header(head, "Accept", page->accept, sizeof(page->accept));
    copy_header(head, "Range", page->range, sizeof(page->range));
    copy_header(head, "If-None-Match", page->known, sizeof(page->known));
    copy_header(head, "If-Modified-Since", page->since, sizeof(page->since));
    if (failing)
        return (struct reply){ .status = page->fail_status, .headers = page->fail_headers, .body = "" };
    if ((page->etag && strcmp(page->known, page->etag) == 0) ||
        (page->modified && strcmp(page->since, page->modified) == 0)) {
        page->confirmed++;
        return (struct reply){ .status = 304, .headers = page->headers, .body = "" };
    }
    struct reply reply = { .status = page->status ? page->status : 200,
                           .headers = page->headers,
                           .body = page->body,
                           .length = page->length,
                           .whole = page->length };
    choose_part(page, &reply);
    return reply;
}

static bool
send_reply(const struct line *line, const struct served *page, const struct reply *reply)
{
    char head[4096];
    int64_t stated = page && page->stated && reply->length ? page->stated : (int64_t)reply->length;
    int length = snprintf(head, sizeof(head), "HTTP/1.1 %u Answer\r\n%s", reply->status,
                          reply->headers ? reply->headers : "");
    size_t at = (size_t)length;
    if (reply->status != 304)
        at += (size_t)snprintf(head + at, sizeof(head) - at, "Content-Length: %" PRId64 "\r\n", stated);
    if (page && page->etag)
        at += (size_t)snprintf(head + at, sizeof(head) - at, "ETag: %s\r\n", page->etag);
    if (page && page->modified)
        at += (size_t)snprintf(head + at, sizeof(head) - at, "Last-Modified: %s\r\n", page->modified);
    if (reply->status == 206 && page->part)
        at += (size_t)snprintf(head + at, sizeof(head) - at, "Content-Range: %s\r\n", page->part);
    else if (reply->status == 206)
        at += (size_t)snprintf(head + at, sizeof(head) - at, "Content-Range: bytes %zu-%zu/%zu\r\n",
                               reply->from, reply->from + reply->length - 1, reply->whole);
    at += (size_t)snprintf(head + at, sizeof(head) - at, "\r\n");
    if (!send_all(line, head, at))
        return false;
    if (page && page->cut_after && reply->length) {
        send_all(line, reply->body, page->cut_after);
        return false;
    }
    for (size_t i = 0; page && page->drip && i < reply->length; i++) {
        nap(page->drip);
        if (!send_all(line, reply->body + i, 1))
            return false;
    }
    if (!(page && page->drip) && !send_all(line, reply->body, reply->length))
        return false;
    return stated == (int64_t)reply->length; /* who was lied to cannot be asked on */
}

static void
serve_line(const struct line *line)
{
    char head[HEAD_MAX], path[8192];
    struct metadata_server *server = line->server;
    while (receive_head(line, head) && sscanf(head, "GET %8191s", path) == 1) {
        pthread_mutex_lock(&server->lock);
        struct served *page = find_page(server, path);
        struct reply reply = choose(server, page, head);
        pthread_mutex_unlock(&server->lock);
        if (page && page->delay)
            nap(page->delay);
        if (!send_reply(line, page, &reply))
            return;
    }
}

static void *
run_line(void *context)
{
    struct line *line = context;
    struct metadata_server *server = line->server;
    bool open = true;
    if (server->tls) {
        line->tls = SSL_new(server->tls);
        open = line->tls && SSL_set_fd(line->tls, line->fd) == 1 && SSL_accept(line->tls) == 1;
    }
    if (open)
        serve_line(line);
    SSL_free(line->tls);
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->connection_count; i++)
        if (server->connections[i] == line->fd)
            server->connections[i--] = server->connections[--server->connection_count];
    close(line->fd);
    pthread_cond_broadcast(&server->ended);
    pthread_mutex_unlock(&server->lock);
    free(line);
    return NULL;
}

static void *
run_listener(void *context)
{
    struct metadata_server *server = context;
    int fd;
    while ((fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        pthread_t thread;
        struct line *line = calloc(1, sizeof(*line));
        if (!line)
            abort();
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
        *line = (struct line){ .server = server, .fd = fd };
        pthread_mutex_lock(&server->lock);
        bool taken = !server->stopping && server->connection_count < CONNECTIONS_MAX;
        if (taken)
            server->connections[server->connection_count++] = fd;
        pthread_mutex_unlock(&server->lock);
        if (!taken || pthread_create(&thread, NULL, run_line, line) != 0) {
            close(fd);
            free(line);
            continue;
        }
        pthread_detach(thread);
    }
    return NULL;
}

/* ---- starting and stopping ---- */

static SSL_CTX *
open_tls(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *name = certificate ? X509_get_subject_name(certificate) : NULL;
    if (!context || !key || !name ||
        !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1, -1, 0))
        abort();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_set_issuer_name(certificate, name);
    X509_set_version(certificate, X509_VERSION_3);
    X509_EXTENSION *address = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    if (!address || !X509_add_ext(certificate, address, -1))
        abort();
    X509_EXTENSION_free(address);
    if (!X509_sign(certificate, key, EVP_sha256()) || SSL_CTX_use_certificate(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey(context, key) != 1)
        abort();
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

struct metadata_server *
metadata_server_start(bool tls)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    struct metadata_server *server = calloc(1, sizeof(*server));
    if (!server)
        abort();
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without asking */
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    server->tls = tls ? open_tls() : NULL;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(server->listener, 128) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) < 0 ||
        pthread_create(&server->accepting, NULL, run_listener, server) != 0)
        abort();
    server->port = ntohs(address.sin_port);
    return server;
}

void
metadata_server_certificate(const struct metadata_server *server, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file || !PEM_write_X509(file, SSL_CTX_get0_certificate(server->tls)) || fclose(file) != 0)
        abort();
}

unsigned
metadata_server_port(const struct metadata_server *server)
{
    return server->port;
}

void
metadata_server_stop(struct metadata_server *server)
{
    if (!server)
        return;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    for (size_t i = 0; i < server->connection_count; i++)
        shutdown(server->connections[i], SHUT_RDWR);
    while (server->connection_count)
        pthread_cond_wait(&server->ended, &server->lock);
    pthread_mutex_unlock(&server->lock);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->accepting, NULL);
    close(server->listener);
    SSL_CTX_free(server->tls);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

struct served *
metadata_serve(struct metadata_server *server, const char *path, const char *body, size_t length)
{
    pthread_mutex_lock(&server->lock);
    if (server->page_count == PAGES_MAX)
        abort();
    struct served *page = &server->pages[server->page_count++];
    *page = (struct served){ .path = path, .body = body, .length = length };
    pthread_mutex_unlock(&server->lock);
    return page;
}

unsigned
metadata_server_hits(struct metadata_server *server)
{
    pthread_mutex_lock(&server->lock);
    unsigned hits = server->hits;
    pthread_mutex_unlock(&server->lock);
    return hits;
}
