/* Opening the sockets: inside the namespace, with rights, before anything hostile runs. */
#include "sandbox/sinkhole.h"
#include "sandbox/steer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* Who listens where when nothing can be steered. Ports from 1024 on could be wanted by servers that a
 * package's tests start, so few of them. */
static const uint16_t tcp_ports[] = { 21, 22, 23, 25, 53, 80, 110, 143, 443, 465, 587, 853, 993, 8080, 8443 };
static const uint16_t udp_ports[] = { 53, 123, 443, 514 };

static bool
set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

static int
keep(struct sp_sinkhole_sockets *out, int fd, enum sp_sinkhole_role role)
{
    if (out->count == SP_SINKHOLE_SOCKETS_MAX) {
        errno = EMFILE;
        return -1;
    }
    out->fds[out->count] = fd;
    out->roles[out->count++] = (unsigned char)role;
    return 0;
}

/* A socket that speaks for any address, and whose packets are not steered back to us. */
static int
make(int family, int type, int protocol)
{
    sp_autoclose int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    bool four = family == AF_INET;
    if (fd < 0 || !set(fd, SOL_SOCKET, SO_MARK, (int)SP_STEER_MARK) ||
        !set(fd, four ? SOL_IP : SOL_IPV6, four ? IP_TRANSPARENT : IPV6_TRANSPARENT, 1) ||
        (!four && type != SOCK_RAW && !set(fd, SOL_IPV6, IPV6_V6ONLY, 1)))
        return -1;
    int made = fd;
    fd = -1;
    return made;
}

static socklen_t
fill_address(struct sockaddr_storage *out, int family, const char *text, uint16_t port)
{
    memset(out, 0, sizeof(*out));
    if (family == AF_INET) {
        struct sockaddr_in *four = (struct sockaddr_in *)out;
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        inet_pton(AF_INET, text, &four->sin_addr);
        return sizeof(*four);
    }
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    inet_pton(AF_INET6, text, &six->sin6_addr);
    return sizeof(*six);
}

static int
listen_at(struct sp_sinkhole_sockets *out, int family, int type, const char *address, uint16_t port)
{
    sp_autoclose int fd = make(family, type, 0);
    struct sockaddr_storage at;
    socklen_t length = fill_address(&at, family, address, port);
    bool four = family == AF_INET, tcp = type == SOCK_STREAM;
    if (fd < 0 || (tcp && !set(fd, SOL_SOCKET, SO_REUSEADDR, 1)) ||
        (!tcp && !set(fd, four ? SOL_IP : SOL_IPV6, four ? IP_RECVORIGDSTADDR : IPV6_RECVORIGDSTADDR, 1)) ||
        bind(fd, (struct sockaddr *)&at, length) < 0 || (tcp && listen(fd, 512) < 0) ||
        keep(out, fd, tcp ? SP_SINKHOLE_TCP : SP_SINKHOLE_UDP) < 0)
        return -1;
    fd = -1;
    return 0;
}

static int
open_raw(struct sp_sinkhole_sockets *out, int family)
{
    sp_autoclose int fd = make(family, SOCK_RAW, IPPROTO_RAW); /* we write the headers; it never receives */
    if (fd < 0 || keep(out, fd, family == AF_INET ? SP_SINKHOLE_RAW4 : SP_SINKHOLE_RAW6) < 0)
        return -1;
    fd = -1;
    return 0;
}

static int
open_steered_family(struct sp_sinkhole_sockets *out, int family, const char *address)
{
    if (listen_at(out, family, SOCK_STREAM, address, SP_STEER_PORT) < 0)
        return -1;
    return listen_at(out, family, SOCK_DGRAM, address, SP_STEER_PORT);
}

static int
open_steered(struct sp_sinkhole_sockets *out, bool ipv6)
{
    if (open_steered_family(out, AF_INET, SP_STEER_ADDRESS4) < 0)
        return -1;
    return ipv6 ? open_steered_family(out, AF_INET6, SP_STEER_ADDRESS6) : 0;
}

static int
open_common(struct sp_sinkhole_sockets *out, bool ipv6)
{
    for (int six = 0; six <= ipv6; six++) {
        int family = six ? AF_INET6 : AF_INET;
        const char *any = six ? "::" : "0.0.0.0";
        for (size_t i = 0; i < SP_COUNT(tcp_ports); i++)
            if (listen_at(out, family, SOCK_STREAM, any, tcp_ports[i]) < 0)
                return -1;
        for (size_t i = 0; i < SP_COUNT(udp_ports); i++)
            if (listen_at(out, family, SOCK_DGRAM, any, udp_ports[i]) < 0)
                return -1;
    }
    return 0;
}

int
sp_sinkhole_open(struct sp_sinkhole_sockets *out, struct sp_error *err)
{
    memset(out, 0, sizeof(*out));
    bool ipv6;
    struct sp_error why = { 0 };
    if (sp_steer_routes(&ipv6, err) < 0)
        return -1;

    bool steered = sp_steer_ports(ipv6, &why) == 0;
    if (!steered)
        snprintf(
            out->missing, sizeof(out->missing),
            "no nf_tables with tproxy here: only the common ports are heard, calls to others fail unseen");
    if ((steered ? open_steered(out, ipv6) : open_common(out, ipv6)) < 0 || open_raw(out, AF_INET) < 0 ||
        (ipv6 && open_raw(out, AF_INET6) < 0)) {
        int number = errno;
        sp_sinkhole_close(out);
        errno = number;
        return sp_fail_errno(err, "cannot open the sinkhole's sockets in the new network namespace; it needs "
                                  "CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE there");
    }
    return 0;
}

void
sp_sinkhole_close(struct sp_sinkhole_sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        close(sockets->fds[i]);
    memset(sockets, 0, sizeof(*sockets));
}
