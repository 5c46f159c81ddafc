#include "sinkhole_words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static socklen_t
fill(struct sockaddr_storage *out, const char *address, uint16_t port)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        return sizeof(*four);
    }
    inet_pton(AF_INET6, address, &six->sin6_addr);
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    return sizeof(*six);
}

int
connect_to(const char *address, uint16_t port, int type)
{
    struct sockaddr_storage to;
    socklen_t length = fill(&to, address, port);
    int fd = socket(to.ss_family, type | SOCK_CLOEXEC, 0);
    struct timeval patience = { .tv_sec = 5 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, length) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int
listen_on(const char *address, uint16_t *port, int type)
{
    struct sockaddr_storage at;
    socklen_t length = fill(&at, address, *port);
    int fd = socket(at.ss_family, type | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, length) < 0 || (type == SOCK_STREAM && listen(fd, 16) < 0))
        return -1;
    getsockname(fd, (struct sockaddr *)&at, &length);
    *port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port
                                          : ((struct sockaddr_in6 *)&at)->sin6_port);
    return fd;
}

bool
say(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

ssize_t
read_all(int fd, char *out, size_t size)
{
    size_t have = 0;
    ssize_t got;
    while (have < size - 1 && (got = recv(fd, out + have, size - 1 - have, 0)) != 0) {
        if (got < 0)
            return -1;
        have += (size_t)got;
    }
    out[have] = 0;
    return (ssize_t)have;
}

bool
is_refused(int fd)
{
    char byte;
    ssize_t got = recv(fd, &byte, 1, 0);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

size_t
write_question(unsigned char *out, const char *name, uint16_t type)
{
    static const unsigned char head[12] = { 0x12, 0x34, 0x01, 0x00, 0, 1 };
    memcpy(out, head, 12);
    size_t at = 12;
    while (*name) {
        size_t label = strcspn(name, ".");
        out[at++] = (unsigned char)label;
        memcpy(out + at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    out[at++] = 0;
    out[at++] = (unsigned char)(type >> 8);
    out[at++] = (unsigned char)type;
    out[at++] = 0;
    out[at++] = 1;
    return at;
}

ssize_t
ask(const char *server, const char *name, uint16_t type, unsigned char reply[512])
{
    unsigned char question[600];
    size_t length = write_question(question, name, type);
    int fd = connect_to(server, 53, SOCK_DGRAM);
    if (fd < 0)
        return -1;
    ssize_t got = say(fd, question, length) ? recv(fd, reply, 512, 0) : -1;
    close(fd);
    return got;
}

bool
resolve(const char *name, int family, char out[46])
{
    unsigned char reply[512];
    ssize_t size = family == AF_INET ? 4 : 16;
    ssize_t got = ask("9.9.9.9", name, family == AF_INET ? 1 : 28, reply);
    return got > size && reply[7] == 1 && inet_ntop(family, reply + got - size, out, 46);
}

size_t
write_hello(unsigned char *out, size_t size, const char *name)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    BIO *in = BIO_new(BIO_s_mem()), *sent = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, in, sent);
    if (name)
        SSL_set_tlsext_host_name(ssl, name);
    SSL_connect(ssl);
    int got = BIO_read(sent, out, (int)size);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return got > 0 ? (size_t)got : 0;
}
