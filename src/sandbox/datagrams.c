/* Datagrams, and names asked for by datagram or over TCP. Answers leave through raw sockets: under the
 * address and port that were called, whatever they are, without a socket for each. */
#include "sandbox/dns.h"
#include "sandbox/serving.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define ANSWER_MAX 4096u

struct searched {
    struct sp_sinkhole *sinkhole;
    const char *where;
    uint16_t port, from_port;
};

static void
tell_canary(void *context, const char *id)
{
    struct searched *searched = context;
    if (searched->sinkhole->told_canaries++ < SP_CANARY_EVENTS_MAX)
        sp_event_send(searched->sinkhole->options->sink, &(struct sp_event){ .kind = SP_EVENT_CANARY,
                                                                             .port = searched->port,
                                                                             .from_port = searched->from_port,
                                                                             .subject = searched->where,
                                                                             .detail = id });
}

static void
search(struct sp_sinkhole *sinkhole, const void *bytes, size_t length, const char *where, uint16_t port,
       uint16_t from_port)
{
    struct sp_leak_watch watch = { 0 };
    struct searched searched = { sinkhole, where, port, from_port };
    sp_leak_feed(sinkhole->options->decoys, &watch, bytes, length, tell_canary, &searched);
}

/* --- Names ---------------------------------------------------------------------------------------------- */

static bool
is_localhost(const char *name)
{
    size_t length = strlen(name);
    return !strcmp(name, "localhost") || (length > 10 && !strcmp(name + length - 10, ".localhost"));
}

static size_t
answer_address(struct sp_sinkhole *sinkhole, const struct sp_dns_question *question, unsigned char *reply)
{
    unsigned char address[16];
    bool four = question->type == SP_DNS_A;
    if (!four && sinkhole->raw6 < 0) /* a host without IPv6 */
        return sp_dns_write(reply, question, SP_DNS_NOERROR, NULL, 0);
    if (is_localhost(question->name))
        inet_pton(four ? AF_INET : AF_INET6, four ? "127.0.0.1" : "::1", address); /* RFC 6761 */
    else
        sp_called_give(&sinkhole->names, question->name, four ? AF_INET : AF_INET6, address);
    return sp_dns_write(reply, question, SP_DNS_NOERROR, address, four ? 4 : 16);
}

size_t
sp_datagrams_name(struct sp_sinkhole *sinkhole, const unsigned char *message, size_t length,
                  uint16_t from_port, unsigned char *reply)
{
    struct sp_dns_question question;
    char type[12];
    if (!sp_dns_read(&question, message, length))
        return 0;
    if (question.flags & 0x7800) /* an update, a notification */
        return sp_dns_write(reply, &question, SP_DNS_NOT_IMPLEMENTED, NULL, 0);

    if (sinkhole->told_names++ < SP_NAMES_MAX)
        sp_event_send(sinkhole->options->sink,
                      &(struct sp_event){ .kind = SP_EVENT_NAME,
                                          .from_port = from_port,
                                          .subject = question.name,
                                          .detail = sp_dns_type_name(question.type, type) });
    else
        sinkhole->dropped_names++;
    for (size_t i = 0; i < question.joined_length; i++)
        if (question.joined[i] >= 'A' && question.joined[i] <= 'Z')
            question.joined[i] |= 0x20;
    search(sinkhole, question.joined, question.joined_length, question.name, 53, from_port);

    if (question.class_ != 1)
        return sp_dns_write(reply, &question, SP_DNS_NOERROR, NULL, 0);
    switch (question.type) {
    case SP_DNS_A:
    case SP_DNS_AAAA:
        return answer_address(sinkhole, &question, reply);
    case SP_DNS_PTR:
        return sp_dns_write(reply, &question, SP_DNS_NOT_THERE, NULL, 0);
    default:
        return sp_dns_write(reply, &question, SP_DNS_NOERROR, NULL, 0);
    }
}

/* --- Sending under any address -------------------------------------------------------------------------- */

static uint32_t
sum(uint32_t so_far, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i + 1 < length; i += 2)
        so_far += (uint32_t)(at[i] << 8 | at[i + 1]);
    if (length & 1)
        so_far += (uint32_t)at[length - 1] << 8;
    return so_far;
}

static uint16_t
fold(uint32_t value)
{
    while (value >> 16)
        value = (value & 0xffff) + (value >> 16);
    return value == 0xffff ? 0xffff : (uint16_t)~value; /* 0 would say: no checksum */
}

static void
send_datagram(struct sp_sinkhole *sinkhole, const struct sockaddr_storage *from,
              const struct sockaddr_storage *to, const void *bytes, size_t length)
{
    unsigned char packet[sizeof(struct ip6_hdr) + sizeof(struct udphdr) + ANSWER_MAX];
    struct udphdr udp = { .source = htons(sp_address_port(from)),
                          .dest = htons(sp_address_port(to)),
                          .len = htons((uint16_t)(sizeof(udp) + length)) };
    size_t head;
    uint32_t check = IPPROTO_UDP + sizeof(udp) + (uint32_t)length;
    if (length > ANSWER_MAX)
        return;
    if (to->ss_family == AF_INET) {
        const struct sockaddr_in *source = (const struct sockaddr_in *)from;
        const struct sockaddr_in *target = (const struct sockaddr_in *)to;
        struct iphdr ip = { .version = 4,
                            .ihl = 5,
                            .ttl = 64,
                            .protocol = IPPROTO_UDP,
                            .tot_len = htons((uint16_t)(sizeof(ip) + sizeof(udp) + length)),
                            .saddr = source->sin_addr.s_addr,
                            .daddr = target->sin_addr.s_addr };
        memcpy(packet, &ip, sizeof(ip));
        head = sizeof(ip);
        check = sum(check, packet + 12, 8);
    } else {
        const struct sockaddr_in6 *source = (const struct sockaddr_in6 *)from;
        const struct sockaddr_in6 *target = (const struct sockaddr_in6 *)to;
        struct ip6_hdr ip = { .ip6_plen = udp.len,
                              .ip6_nxt = IPPROTO_UDP,
                              .ip6_hlim = 64,
                              .ip6_src = source->sin6_addr,
                              .ip6_dst = target->sin6_addr };
        ip.ip6_vfc = 6 << 4;
        memcpy(packet, &ip, sizeof(ip));
        head = sizeof(ip);
        check = sum(check, packet + 8, 32);
    }
    check = sum(sum(check, &udp, sizeof(udp)), bytes, length);
    udp.check = htons(fold(check));
    memcpy(packet + head, &udp, sizeof(udp));
    memcpy(packet + head + sizeof(udp), bytes, length);

    struct sockaddr_storage target = *to;
    if (to->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&target)->sin6_port = 0; /* of a raw socket it is the protocol */
    sendto(to->ss_family == AF_INET ? sinkhole->raw4 : sinkhole->raw6, packet, head + sizeof(udp) + length,
           MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&target,
           to->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
}

/* --- Datagrams ------------------------------------------------------------------------------------------ */

/* The answer of a time server (RFC 5905): a client that sets its clock by it sets it right. */
static void
write_ntp(unsigned char reply[48], const unsigned char *request)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint32_t seconds = htonl((uint32_t)((uint64_t)now.tv_sec + 2208988800u)); /* since 1900 */
    uint32_t fraction = htonl((uint32_t)(((uint64_t)now.tv_nsec << 32) / 1000000000u));
    memset(reply, 0, 48);
    reply[0] = (unsigned char)((request[0] & 0x38) | 4); /* version as asked, mode server */
    reply[1] = 2;                                        /* stratum */
    reply[2] = request[2];
    reply[3] = 0xec; /* precision: a microsecond */
    memcpy(reply + 12, "GPS", 4);
    memcpy(reply + 16, &seconds, 4);
    memcpy(reply + 24, request + 40, 8); /* when the client asked */
    memcpy(reply + 32, &seconds, 4);
    memcpy(reply + 36, &fraction, 4);
    memcpy(reply + 40, reply + 32, 8);
}

static void
hear_datagram(struct sp_sinkhole *sinkhole, const struct sockaddr_storage *from,
              const struct sockaddr_storage *to, const unsigned char *bytes, size_t length)
{
    uint16_t port = sp_address_port(to);
    unsigned char reply[SP_DNS_REPLY_MAX];
    if (port == 53) {
        size_t size = sp_datagrams_name(sinkhole, bytes, length, sp_address_port(from), reply);
        if (size) {
            send_datagram(sinkhole, to, from, reply, size);
            return;
        }
    }
    char address[SP_ADDRESS_TEXT_MAX], detail[512], where[SP_HELLO_NAME_MAX * 4 + 16];
    bool answers = sinkhole->options->net == SP_NET_SINKHOLE && port != 53 && length <= ANSWER_MAX;
    sp_address_text(address, to);
    const char *name = sp_called_find(&sinkhole->names, to), *subject = name ? name : address;
    if (sinkhole->told_datagrams++ < SP_DATAGRAM_EVENTS_MAX) {
        sp_utf8_printable(detail, sizeof(detail), (const char *)bytes, length < 120 ? length : 120);
        sp_event_send(sinkhole->options->sink, &(struct sp_event){ .kind = SP_EVENT_DATAGRAM,
                                                                   .port = port,
                                                                   .from_port = sp_address_port(from),
                                                                   .value = answers,
                                                                   .bytes = length,
                                                                   .subject = subject,
                                                                   .detail = detail });
    } else {
        sinkhole->dropped_datagrams++;
    }
    snprintf(where, sizeof(where), "%s:%u", subject, port);
    search(sinkhole, bytes, length, where, port, sp_address_port(from));
    if (!answers)
        return;
    if (port == 123 && length >= 48) {
        write_ntp(reply, bytes);
        send_datagram(sinkhole, to, from, reply, 48);
    } else {
        send_datagram(sinkhole, to, from, bytes, length);
    }
}

/* Where the datagram was sent to, before it was steered. */
static bool
original(struct msghdr *message, struct sockaddr_storage *to)
{
    for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at)) {
        bool four = at->cmsg_level == SOL_IP && at->cmsg_type == IP_ORIGDSTADDR;
        bool six = at->cmsg_level == SOL_IPV6 && at->cmsg_type == IPV6_ORIGDSTADDR;
        if (!four && !six)
            continue;
        memset(to, 0, sizeof(*to));
        memcpy(to, CMSG_DATA(at), four ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
        return true;
    }
    return false;
}

void
sp_datagrams_read(struct sp_sinkhole *sinkhole, int fd)
{
    for (unsigned i = 0; i < 64; i++) {
        _Alignas(struct cmsghdr) char control[128];
        struct sockaddr_storage from = { 0 }, to;
        struct iovec into = { sinkhole->scratch, sizeof(sinkhole->scratch) };
        struct msghdr message = { .msg_name = &from,
                                  .msg_namelen = sizeof(from),
                                  .msg_iov = &into,
                                  .msg_iovlen = 1,
                                  .msg_control = control,
                                  .msg_controllen = sizeof(control) };
        ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);
        if (got < 0)
            return;
        if (original(&message, &to))
            hear_datagram(sinkhole, &from, &to, sinkhole->scratch, (size_t)got);
        else
            sinkhole->dropped_datagrams++;
    }
}
