#include "sandbox/steer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

/* --- Netlink messages ----------------------------------------------------------------------------------- */

/* All that is written here is known beforehand and fits; what would not is marked and never sent. */
struct message {
    _Alignas(NLMSG_ALIGNTO) unsigned char bytes[4096];
    size_t length;
    size_t start; /* of the message under work */
    uint32_t sequence;
    bool full;
};

static void *
reserve(struct message *message, size_t length)
{
    size_t aligned = NLMSG_ALIGN(length);
    if (message->length + aligned > sizeof(message->bytes)) {
        message->full = true;
        return NULL;
    }
    void *at = message->bytes + message->length;
    memset(at, 0, aligned);
    message->length += aligned;
    return at;
}

static void
begin(struct message *message, uint16_t type, uint16_t flags, const void *head, size_t length)
{
    message->start = message->length;
    struct nlmsghdr *header = reserve(message, NLMSG_HDRLEN);
    void *at = reserve(message, length);
    if (!header || !at)
        return;
    header->nlmsg_type = type;
    header->nlmsg_flags = NLM_F_REQUEST | flags;
    header->nlmsg_seq = ++message->sequence;
    memcpy(at, head, length);
}

static void
end(struct message *message)
{
    struct nlmsghdr *header = (struct nlmsghdr *)(message->bytes + message->start);
    header->nlmsg_len = (uint32_t)(message->length - message->start);
}

static void
put(struct message *message, uint16_t type, const void *value, size_t length)
{
    struct nlattr *attribute = reserve(message, NLA_HDRLEN + length);
    if (!attribute)
        return;
    attribute->nla_type = type;
    attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
    memcpy((char *)attribute + NLA_HDRLEN, value, length);
}

static void
put_string(struct message *message, uint16_t type, const char *text)
{
    put(message, type, text, strlen(text) + 1);
}

static void
put_be32(struct message *message, uint16_t type, uint32_t number)
{
    uint32_t value = htonl(number);
    put(message, type, &value, sizeof(value));
}

static size_t
open_nest(struct message *message, uint16_t type)
{
    size_t at = message->length;
    put(message, type | NLA_F_NESTED, "", 0);
    return at;
}

static void
close_nest(struct message *message, size_t at)
{
    if (!message->full)
        ((struct nlattr *)(message->bytes + at))->nla_len = (uint16_t)(message->length - at);
}

/* Sends the messages and reads what the kernel says of each: the sequence number of the first that it refused
 * goes to *REFUSED (0: none) and its errno to errno. */
static int
talk(int protocol, struct message *message, uint32_t *refused)
{
    *refused = 0;
    if (message->full) {
        errno = EMSGSIZE;
        return -1;
    }
    sp_autoclose int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    if (fd < 0 ||
        sendto(fd, message->bytes, message->length, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
        return -1;

    /* the kernel works while we send: every answer is there by now */
    _Alignas(NLMSG_ALIGNTO) unsigned char answer[8192];
    int number = 0;
    bool heard = false;
    ssize_t got;
    while ((got = recv(fd, answer, sizeof(answer), MSG_DONTWAIT)) > 0) {
        size_t left = (size_t)got;
        for (struct nlmsghdr *header = (struct nlmsghdr *)answer; NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type != NLMSG_ERROR ||
                header->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
                continue;
            const struct nlmsgerr *said = NLMSG_DATA(header);
            heard = true;
            if (said->error && !number) {
                number = -said->error;
                *refused = header->nlmsg_seq;
            }
        }
    }
    if (!heard)
        number = EPROTO;
    errno = number;
    return number ? -1 : 0;
}

/* --- Loopback and routes -------------------------------------------------------------------------------- */

static void
put_address(struct message *message, int family, const char *text, unsigned loopback)
{
    unsigned char address[16];
    size_t length = family == AF_INET ? 4 : 16;
    inet_pton(family, text, address);
    struct ifaddrmsg head = { .ifa_family = (unsigned char)family,
                              .ifa_prefixlen = (unsigned char)(8 * length),
                              .ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0,
                              .ifa_index = loopback };
    begin(message, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof(head));
    put(message, IFA_LOCAL, address, length);
    put(message, IFA_ADDRESS, address, length);
    end(message);
}

/* local default dev lo: every address there is becomes one of this machine's */
static void
put_route(struct message *message, int family, const char *source, unsigned loopback)
{
    unsigned char address[16];
    inet_pton(family, source, address);
    struct rtmsg head = { .rtm_family = (unsigned char)family,
                          .rtm_table = RT_TABLE_LOCAL,
                          .rtm_protocol = RTPROT_STATIC,
                          .rtm_scope = RT_SCOPE_HOST,
                          .rtm_type = RTN_LOCAL };
    begin(message, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &head, sizeof(head));
    put(message, RTA_OIF, &loopback, sizeof(loopback));
    put(message, RTA_PREFSRC, address, family == AF_INET ? 4 : 16);
    end(message);
}

static int
begin_with_loopback(struct message *message, unsigned *loopback, struct sp_error *err)
{
    *loopback = if_nametoindex("lo");
    if (!*loopback)
        return sp_fail_errno(err, "the network namespace has no loopback device");
    struct ifinfomsg up = { .ifi_index = (int)*loopback, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    begin(message, RTM_NEWLINK, NLM_F_ACK, &up, sizeof(up));
    end(message);
    return 0;
}

int
sp_steer_loopback(struct sp_error *err)
{
    struct message message = { 0 };
    unsigned loopback;
    uint32_t refused;
    if (begin_with_loopback(&message, &loopback, err) < 0)
        return -1;
    if (talk(NETLINK_ROUTE, &message, &refused) < 0)
        return sp_fail_errno(err, "cannot bring loopback up in the new network namespace");
    return 0;
}

int
sp_steer_routes(bool *ipv6, struct sp_error *err)
{
    struct message four = { 0 }, six = { 0 };
    unsigned loopback;
    uint32_t refused;
    *ipv6 = false;
    if (begin_with_loopback(&four, &loopback, err) < 0)
        return -1;
    put_address(&four, AF_INET, SP_STEER_SOURCE4, loopback);
    put_route(&four, AF_INET, SP_STEER_SOURCE4, loopback);
    if (talk(NETLINK_ROUTE, &four, &refused) < 0)
        return sp_fail_errno(err,
                             "cannot bring loopback up in the new network namespace and route every IPv4 "
                             "address to it (message %u)",
                             refused);

    put_address(&six, AF_INET6, SP_STEER_ADDRESS6, loopback);
    put_route(&six, AF_INET6, SP_STEER_ADDRESS6, loopback);
    *ipv6 = talk(NETLINK_ROUTE, &six, &refused) == 0; /* a host without IPv6 has nothing to steer */
    return 0;
}

/* --- nftables ------------------------------------------------------------------------------------------- */

#define TABLE "sallyport"
#define CHAIN "steer"

static void
begin_nft(struct message *message, uint16_t type, uint16_t flags)
{
    struct nfgenmsg head = { .nfgen_family = NFPROTO_INET, .version = NFNETLINK_V0 };
    begin(message, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags, &head, sizeof(head));
}

static void
put_batch_mark(struct message *message, uint16_t type)
{
    struct nfgenmsg head = { .version = NFNETLINK_V0, .res_id = htons(NFNL_SUBSYS_NFTABLES) };
    begin(message, type, 0, &head, sizeof(head));
    end(message);
}

struct nest {
    size_t element, content;
};

static struct nest
open_expression(struct message *message, const char *name)
{
    struct nest nest = { .element = open_nest(message, NFTA_LIST_ELEM) };
    put_string(message, NFTA_EXPR_NAME, name);
    nest.content = open_nest(message, NFTA_EXPR_DATA);
    return nest;
}

static void
close_expression(struct message *message, struct nest nest)
{
    close_nest(message, nest.content);
    close_nest(message, nest.element);
}

static void
put_value(struct message *message, uint16_t type, const void *value, size_t length)
{
    size_t nest = open_nest(message, type);
    put(message, NFTA_DATA_VALUE, value, length);
    close_nest(message, nest);
}

static void
compare(struct message *message, uint32_t operation, const void *value, size_t length)
{
    struct nest nest = open_expression(message, "cmp");
    put_be32(message, NFTA_CMP_SREG, NFT_REG_1);
    put_be32(message, NFTA_CMP_OP, operation);
    put_value(message, NFTA_CMP_DATA, value, length);
    close_expression(message, nest);
}

static void
meta_is(struct message *message, uint32_t key, const void *value, size_t length)
{
    struct nest nest = open_expression(message, "meta");
    put_be32(message, NFTA_META_DREG, NFT_REG_1);
    put_be32(message, NFTA_META_KEY, key);
    close_expression(message, nest);
    compare(message, NFT_CMP_EQ, value, length);
}

static void
payload(struct message *message, uint32_t base, uint32_t offset, uint32_t operation, const void *value,
        uint32_t length)
{
    struct nest nest = open_expression(message, "payload");
    put_be32(message, NFTA_PAYLOAD_DREG, NFT_REG_1);
    put_be32(message, NFTA_PAYLOAD_BASE, base);
    put_be32(message, NFTA_PAYLOAD_OFFSET, offset);
    put_be32(message, NFTA_PAYLOAD_LEN, length);
    close_expression(message, nest);
    compare(message, operation, value, length);
}

static void
load(struct message *message, uint32_t in, const void *value, size_t length)
{
    struct nest nest = open_expression(message, "immediate");
    put_be32(message, NFTA_IMMEDIATE_DREG, in);
    put_value(message, NFTA_IMMEDIATE_DATA, value, length);
    close_expression(message, nest);
}

static void
accept_packet(struct message *message)
{
    struct nest nest = open_expression(message, "immediate");
    put_be32(message, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    size_t value = open_nest(message, NFTA_IMMEDIATE_DATA);
    size_t verdict = open_nest(message, NFTA_DATA_VERDICT);
    put_be32(message, NFTA_VERDICT_CODE, NF_ACCEPT);
    close_nest(message, verdict);
    close_nest(message, value);
    close_expression(message, nest);
}

/* tproxy breaks the rule off by itself where a packet is neither TCP nor UDP, or we do not listen */
static void
steer(struct message *message, int family)
{
    unsigned char address[16];
    uint16_t port = htons(SP_STEER_PORT);
    inet_pton(family, family == AF_INET ? SP_STEER_ADDRESS4 : SP_STEER_ADDRESS6, address);
    load(message, NFT_REG_1, address, family == AF_INET ? 4 : 16);
    load(message, NFT_REG_2, &port, sizeof(port));
    struct nest nest = open_expression(message, "tproxy");
    put_be32(message, NFTA_TPROXY_FAMILY, family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6);
    put_be32(message, NFTA_TPROXY_REG_ADDR, NFT_REG_1);
    put_be32(message, NFTA_TPROXY_REG_PORT, NFT_REG_2);
    close_expression(message, nest);
    accept_packet(message);
}

static size_t
begin_rule(struct message *message)
{
    begin_nft(message, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK);
    put_string(message, NFTA_RULE_TABLE, TABLE);
    put_string(message, NFTA_RULE_CHAIN, CHAIN);
    return open_nest(message, NFTA_RULE_EXPRESSIONS);
}

static void
end_rule(struct message *message, size_t expressions)
{
    close_nest(message, expressions);
    end(message);
}

/* Names are ours wherever they are asked for; all else is ours where the address is not this machine's own.
 */
static void
put_rules(struct message *message, int family)
{
    uint8_t protocol = family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
    uint16_t names = htons(53);
    static const uint8_t net127 = 127;

    size_t rule = begin_rule(message);
    meta_is(message, NFT_META_NFPROTO, &protocol, 1);
    payload(message, NFT_PAYLOAD_TRANSPORT_HEADER, 2, NFT_CMP_EQ, &names, sizeof(names));
    steer(message, family);
    end_rule(message, rule);

    rule = begin_rule(message);
    meta_is(message, NFT_META_NFPROTO, &protocol, 1);
    if (family == AF_INET)
        payload(message, NFT_PAYLOAD_NETWORK_HEADER, 16, NFT_CMP_NEQ, &net127, 1);
    else
        payload(message, NFT_PAYLOAD_NETWORK_HEADER, 24, NFT_CMP_NEQ, &in6addr_loopback, 16);
    steer(message, family);
    end_rule(message, rule);
}

int
sp_steer_ports(bool ipv6, struct sp_error *err)
{
    struct message message = { 0 };
    uint32_t mark = SP_STEER_MARK, refused;

    put_batch_mark(&message, NFNL_MSG_BATCH_BEGIN);
    begin_nft(&message, NFT_MSG_NEWTABLE, NLM_F_CREATE);
    put_string(&message, NFTA_TABLE_NAME, TABLE);
    end(&message);

    begin_nft(&message, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    put_string(&message, NFTA_CHAIN_TABLE, TABLE);
    put_string(&message, NFTA_CHAIN_NAME, CHAIN);
    size_t hook = open_nest(&message, NFTA_CHAIN_HOOK);
    put_be32(&message, NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING);
    put_be32(&message, NFTA_HOOK_PRIORITY, (uint32_t)-150);
    close_nest(&message, hook);
    put_string(&message, NFTA_CHAIN_TYPE, "filter");
    end(&message);

    size_t rule = begin_rule(&message);
    meta_is(&message, NFT_META_MARK, &mark, sizeof(mark));
    accept_packet(&message);
    end_rule(&message, rule);
    put_rules(&message, AF_INET);
    if (ipv6)
        put_rules(&message, AF_INET6);
    put_batch_mark(&message, NFNL_MSG_BATCH_END);

    if (talk(NETLINK_NETFILTER, &message, &refused) < 0)
        return sp_fail_errno(err,
                             "nf_tables of this kernel refuses the rules that steer every port here "
                             "(message %u; the modules nf_tables and nft_tproxy are needed)",
                             refused);
    return 0;
}
