/* Connections, datagrams and listeners: who is called, and who may be. */
#include "sandbox/notify.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/xattr.h>

#define MESSAGES_MAX 1024u /* of one sendmmsg: the kernel takes no more */
#define TOLD_MAX 16u       /* of them that are told */

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_un local;
    char bytes[sizeof(struct sockaddr_storage) + 1];
};

/* What kind of socket it is: the kernel's own word. Taking the socket itself would make us the one who closes
 * it last, and a socket can be told to make that one wait. */
static const char *
protocol_of(const struct sp_call *call, int fd, char *space, size_t size)
{
    static const struct {
        const char *kernel, *ours;
    } names[] = {
        { "TCP", "tcp" },       { "TCPv6", "tcp" },      { "MPTCP", "tcp" }, { "MPTCPv6", "tcp" },
        { "UDP", "udp" },       { "UDPv6", "udp" },      { "PING", "icmp" }, { "PINGv6", "icmp" },
        { "RAW", "raw" },       { "RAWv6", "raw" },      { "UNIX", "unix" }, { "UNIX-STREAM", "unix" },
        { "PACKET", "packet" }, { "AF_VSOCK", "vsock" },
    };
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)call->tid, fd);
    ssize_t length = getxattr(path, "system.sockprotoname", space, size - 1);
    if (length <= 0)
        return NULL;
    space[length] = '\0';
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (!strcmp(names[i].kernel, space))
            return names[i].ours;
    for (char *at = space; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return space;
}

static bool
is_here(const union address *address)
{
    if (address->any.sa_family == AF_INET) {
        uint32_t four = ntohl(address->four.sin_addr.s_addr);
        return four >> 24 == 127 || !four;
    }
    const struct in6_addr *six = &address->six.sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(six))
        return six->s6_addr[12] == 127 || !(six->s6_addr32[3]);
    return IN6_IS_ADDR_LOOPBACK(six) || IN6_IS_ADDR_UNSPECIFIED(six);
}

static bool
read_address(const struct sp_call *call, uint64_t at, uint64_t length, union address *out)
{
    memset(out, 0, sizeof(*out));
    if (!at || length < sizeof(sa_family_t))
        return false;
    if (length > sizeof(out->bytes) - 1)
        length = sizeof(out->bytes) - 1;
    return sp_call_bytes(call, at, out, length) == length;
}

/* Tells the act. True: it is refused. */
static bool
tell_address(struct sp_call *call, enum sp_socket_act act, int fd, const union address *address)
{
    char text[INET6_ADDRSTRLEN] = "", protocol[32];
    struct sp_said_path path;
    struct sp_event event = { .kind = SP_EVENT_SOCKET, .value = act, .subject = text };
    bool internet = false;
    switch (address->any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address->four.sin_addr, text, sizeof(text));
        event.port = ntohs(address->four.sin_port);
        internet = true;
        break;
    case AF_INET6:
        inet_ntop(AF_INET6, &address->six.sin6_addr, text, sizeof(text));
        event.port = ntohs(address->six.sin6_port);
        internet = true;
        break;
    case AF_UNIX:
        if (address->local.sun_path[0]) {
            sp_call_resolve(call, AT_FDCWD, address->local.sun_path, false, &path);
            event.subject = path.text;
        }
        break;
    case AF_UNSPEC:  /* a connection is given up */
    case AF_NETLINK: /* every getaddrinfo asks the kernel which addresses there are */
        return false;
    default:
        event.subject = NULL;
        break;
    }
    event.detail = protocol_of(call, fd, protocol, sizeof(protocol));
    bool calls = act == SP_SOCKET_CONNECT || act == SP_SOCKET_SEND;
    bool refused = calls && internet && call->notify->refusing && !is_here(address);
    event.bytes = refused;
    if (act == SP_SOCKET_BIND && call->process && internet) {
        call->process->bound = fd;
        call->process->bound_port = event.port;
        snprintf(call->process->bound_to, sizeof(call->process->bound_to), "%s", text);
    }
    sp_call_tell(call, &event);
    return refused;
}

static bool
tell_at(struct sp_call *call, enum sp_socket_act act, uint64_t at, uint64_t length)
{
    union address address;
    return read_address(call, at, length, &address) && tell_address(call, act, (int)call->args[0], &address);
}

static void
tell_listen(struct sp_call *call)
{
    const struct sp_watched *process = call->process;
    bool known = process && process->bound == (int)call->args[0];
    char protocol[32];
    sp_call_tell(call, &(struct sp_event){
                           .kind = SP_EVENT_SOCKET,
                           .value = SP_SOCKET_LISTEN,
                           .subject = known ? process->bound_to : "",
                           .port = known ? process->bound_port : 0,
                           .detail = protocol_of(call, (int)call->args[0], protocol, sizeof(protocol)) });
}

static bool
tell_message(struct sp_call *call, uint64_t at)
{
    struct msghdr message;
    return sp_call_bytes(call, at, &message, sizeof(message)) == sizeof(message) &&
           tell_at(call, SP_SOCKET_SEND, (uintptr_t)message.msg_name, message.msg_namelen);
}

static bool
tell_messages(struct sp_call *call)
{
    struct mmsghdr some[16];
    size_t count = call->args[2] < MESSAGES_MAX ? (size_t)call->args[2] : MESSAGES_MAX, told = 0;
    bool refused = false;
    for (size_t at = 0; at < count && told < TOLD_MAX && !refused; at += SP_COUNT(some)) {
        size_t want = count - at < SP_COUNT(some) ? count - at : SP_COUNT(some);
        size_t got = sp_call_bytes(call, call->args[1] + at * sizeof(some[0]), some, want * sizeof(some[0])) /
                     sizeof(some[0]);
        for (size_t i = 0; i < got && !refused; i++)
            if (some[i].msg_hdr.msg_name && told++ < TOLD_MAX)
                refused = tell_at(call, SP_SOCKET_SEND, (uintptr_t)some[i].msg_hdr.msg_name,
                                  some[i].msg_hdr.msg_namelen);
        if (got < want)
            break;
    }
    return refused;
}

int
sp_call_network(struct sp_call *call)
{
    const struct sp_notify_options *options = &call->notify->options;
    /* a decoy that this process opened is known to the kernel by now, and must be to us */
    if (options->look)
        options->look(options->context, call->sink);
    switch (call->number) {
    case __NR_connect:
        return tell_at(call, SP_SOCKET_CONNECT, call->args[1], call->args[2]) ? EPERM : 0;
    case __NR_bind:
        (void)tell_at(call, SP_SOCKET_BIND, call->args[1], call->args[2]);
        return 0;
    case __NR_listen:
        tell_listen(call);
        return 0;
    case __NR_sendto:
        return tell_at(call, SP_SOCKET_SEND, call->args[4], call->args[5]) ? EPERM : 0;
    case __NR_sendmsg:
        return tell_message(call, call->args[1]) ? EPERM : 0;
    case __NR_sendmmsg:
        return tell_messages(call) ? EPERM : 0;
    default:
        return 0;
    }
}
