#include "sandbox/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#define CONNECT_MAX 10000 /* milliseconds, each address */
#define ADDRESSES_MAX 8

static bool
is_public4(uint32_t address)
{
    static const struct {
        uint32_t net;
        unsigned bits;
    } others[] = {
        { 0x00000000, 8 },  /* 0.0.0.0/8 */
        { 0x0a000000, 8 },  /* 10.0.0.0/8 */
        { 0x64400000, 10 }, /* 100.64.0.0/10, carriers */
        { 0x7f000000, 8 },  /* 127.0.0.0/8 */
        { 0xa9fe0000, 16 }, /* 169.254.0.0/16, clouds tell their secrets there */
        { 0xac100000, 12 }, /* 172.16.0.0/12 */
        { 0xc0000000, 24 }, /* 192.0.0.0/24 */
        { 0xc0000200, 24 }, /* 192.0.2.0/24, documentation */
        { 0xc0a80000, 16 }, /* 192.168.0.0/16 */
        { 0xc6120000, 15 }, /* 198.18.0.0/15, benchmarks */
        { 0xc6336400, 24 }, /* 198.51.100.0/24, documentation */
        { 0xcb007100, 24 }, /* 203.0.113.0/24, documentation */
        { 0xe0000000, 3 },  /* 224.0.0.0/4 and 240.0.0.0/4 */
    };
    for (size_t i = 0; i < SP_COUNT(others); i++)
        if (!((address ^ others[i].net) >> (32 - others[i].bits)))
            return false;
    return true;
}

/* Of IPv6 only 2000::/3 is public, without what carries IPv4 addresses and the documentation's. */
static bool
is_public6(const unsigned char *bytes)
{
    uint32_t first = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return first >> 29 == 1 && first >> 9 != 0x20010000u >> 9 && first != 0x20010db8u &&
           first >> 16 != 0x2002 && first >> 12 != 0x3fff0;
}

bool
sp_dial_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return is_public4(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
    return address->sa_family == AF_INET6 &&
           is_public6(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
}

static int
connect_within(const struct addrinfo *to)
{
    sp_autoclose int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
        struct pollfd until = { .fd = fd, .events = POLLOUT };
        int number = 0;
        socklen_t length = sizeof(number);
        if (errno != EINPROGRESS)
            return -1;
        int ready = poll(&until, 1, CONNECT_MAX);
        if (ready == 0)
            errno = ETIMEDOUT;
        if (ready <= 0)
            return -1;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length);
        errno = number;
        if (number)
            return -1;
    }
    int connected = fd;
    fd = -1;
    return connected;
}

int
sp_dial_outside(void *context SP_UNUSED, const char *host, uint16_t port, struct sp_error *err)
{
    char service[8];
    snprintf(service, sizeof(service), "%u", port);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV },
                    *found;
    int failed = getaddrinfo(host, service, &hints, &found);
    if (failed)
        return sp_fail(err, SP_ERROR_SYSTEM, "%s: %s", host, gai_strerror(failed));

    unsigned tried = 0;
    int fd = -1;
    errno = 0;
    for (const struct addrinfo *at = found; at && fd < 0 && tried < ADDRESSES_MAX; at = at->ai_next) {
        if (!sp_dial_is_public(at->ai_addr))
            continue;
        tried++;
        fd = connect_within(at);
    }
    int number = errno;
    freeaddrinfo(found);
    if (fd >= 0)
        return fd;
    if (!tried)
        return sp_fail(err, SP_ERROR_INPUT, "%s has no public address; private ones are not dialled", host);
    errno = number;
    return sp_fail_errno(err, "cannot connect to %s port %u", host, port);
}
