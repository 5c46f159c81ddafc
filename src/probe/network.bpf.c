/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* network.bpf.c: who calls whom, refused in the kernel where it must be; states of TCP; first bytes of what
 * is said. */
#include "probe/shared.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum socket_act { SOCKET_OPENED, SOCKET_CONNECT, SOCKET_SEND, SOCKET_BIND, SOCKET_LISTEN, SOCKET_ACCEPT };

struct place {
    __u32 family; /* AF_INET or AF_INET6 */
    __u32 port;
    __u8 address[16];
};

static __always_inline int
is_loopback(const struct place *to)
{
    if (to->family == AF_INET)
        return to->address[0] == 127;
    const __u32 *words = (const __u32 *)to->address;
    if (!words[0] && !words[1] && words[2] == bpf_htonl(0xffff))
        return to->address[12] == 127;
    return !words[0] && !words[1] && !words[2] && words[3] == bpf_htonl(1);
}

static __always_inline int
is_proxy(const struct place *to)
{
    const __u32 *words = (const __u32 *)to->address;
    return to->family == AF_INET && words[0] == aim.proxy_address && to->port == aim.proxy_port;
}

/* After a proof nothing but the registry's proxy and what stays inside is reached. Names are resolved
 * outside: port 53 is no inside. */
static __always_inline int
is_refused(const struct place *to)
{
    struct sp_wire_control *state = control_of();
    return aim.refuse && state && state->proof && !is_proxy(to) && (!is_loopback(to) || to->port == 53);
}

static __always_inline void
tell(__u32 process, const struct place *to, __u32 act, __u32 protocol, int refused)
{
    struct {
        struct sp_wire head;
        __u8 address[16];
    } *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    struct sp_wire_control *state = control_of();
    if (refused && state)
        __sync_fetch_and_add(&state->refused, 1);
    if (!record) {
        lose(SP_WIRE_SOCKET);
        return;
    }
    __builtin_memset(record, 0, sizeof(*record));
    record->head.kind = SP_WIRE_SOCKET;
    record->head.process = process;
    record->head.time = bpf_ktime_get_ns();
    record->head.act = act;
    record->head.port = (__u16)to->port;
    record->head.value = protocol;
    record->head.bytes = refused;
    record->head.lengths[0] = to->family == AF_INET ? 4 : 16;
    __builtin_memcpy(record->address, to->address, 16);
    bpf_ringbuf_submit(record, refused ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

static __always_inline int
decide(struct bpf_sock_addr *ctx, const struct place *to, __u32 act)
{
    struct task *task = watched();
    if (!task)
        return 1; /* the keeper, or nobody of ours */
    int refused = act != SOCKET_BIND && is_refused(to);
    __u32 process = task->process;
    if (act == SOCKET_CONNECT) {
        __u64 cookie = bpf_get_socket_cookie(ctx);
        bpf_map_update_elem(&sockets, &cookie, &process, BPF_ANY);
        count(counts_of(process), SP_COUNT_CONNECTS, 1);
    }
    tell(process, to, act, ctx->protocol, refused);
    return !refused;
}

static __always_inline struct place
place4(struct bpf_sock_addr *ctx)
{
    struct place to = { .family = AF_INET, .port = bpf_ntohs((__u16)ctx->user_port) };
    *(__u32 *)to.address = ctx->user_ip4;
    return to;
}

static __always_inline struct place
place6(struct bpf_sock_addr *ctx)
{
    struct place to = { .family = AF_INET6, .port = bpf_ntohs((__u16)ctx->user_port) };
    __u32 *words = (__u32 *)to.address;
    words[0] = ctx->user_ip6[0];
    words[1] = ctx->user_ip6[1];
    words[2] = ctx->user_ip6[2];
    words[3] = ctx->user_ip6[3];
    return to;
}

#define HOOK(section, name, place_of, act)                                                                   \
    SEC(section) int name(struct bpf_sock_addr *ctx)                                                         \
    {                                                                                                        \
        struct place to = place_of(ctx);                                                                     \
        return decide(ctx, &to, act);                                                                        \
    }
HOOK("cgroup/connect4", connect4, place4, SOCKET_CONNECT)
HOOK("cgroup/connect6", connect6, place6, SOCKET_CONNECT)
HOOK("cgroup/sendmsg4", sendmsg4, place4, SOCKET_SEND)
HOOK("cgroup/sendmsg6", sendmsg6, place6, SOCKET_SEND)
HOOK("cgroup/bind4", bind4, place4, SOCKET_BIND)
HOOK("cgroup/bind6", bind6, place6, SOCKET_BIND)

/* Connections that were open before the proof end here: no packet of theirs leaves. */
SEC("cgroup_skb/egress")
int
egress(struct __sk_buff *skb)
{
    struct place to = { 0 };
    __u8 head[40];
    __u16 ports[2];
    struct sp_wire_control *state = control_of();
    if (!aim.refuse || !state || !state->proof)
        return 1;
    if (bpf_skb_load_bytes(skb, 0, head, 20))
        return 0;
    __u32 at, protocol;
    if (head[0] >> 4 == 4) {
        to.family = AF_INET;
        __builtin_memcpy(to.address, head + 16, 4);
        at = (head[0] & 15) * 4u;
        protocol = head[9];
    } else {
        if (bpf_skb_load_bytes(skb, 0, head, 40))
            return 0;
        to.family = AF_INET6;
        __builtin_memcpy(to.address, head + 24, 16);
        at = 40;
        protocol = head[6];
    }
    if ((protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) && !bpf_skb_load_bytes(skb, at, ports, 4))
        to.port = bpf_ntohs(ports[1]);
    /* answers to the proxy's side come from its port */
    if (!is_refused(&to))
        return 1;
    __sync_fetch_and_add(&state->refused, 1);
    return 0;
}

SEC("tp_btf/inet_sock_set_state")
int
BPF_PROG(tcp_state, const struct sock *sk, int before, int after)
{
    if (!aim.on || BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum) != aim.netns ||
        BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
        return 0;
    /* often in an interrupt, under whoever runs: the socket's own number says whose it is */
    __u64 cookie = bpf_get_socket_cookie((struct sock *)sk);
    __u32 *owner = bpf_map_lookup_elem(&sockets, &cookie), process = owner ? *owner : 0;
    if (!owner && after == 10 /* listening: by a call */) {
        struct task *task = watched();
        if (task) {
            process = task->process;
            bpf_map_update_elem(&sockets, &cookie, &process, BPF_ANY);
        }
    }
    count(counts_of(process), SP_COUNT_TCP_STATES, 1);
    struct {
        struct sp_wire head;
        __u8 addresses[32];
    } *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        lose(SP_WIRE_TCP);
        return 0;
    }
    __builtin_memset(record, 0, sizeof(*record));
    record->head.kind = SP_WIRE_TCP;
    record->head.process = process;
    record->head.time = bpf_ktime_get_ns();
    record->head.value = before << 8 | after;
    record->head.port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
    record->head.from_port = BPF_CORE_READ(sk, __sk_common.skc_num);
    if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET) {
        record->head.lengths[0] = record->head.lengths[1] = 4;
        __u32 remote = BPF_CORE_READ(sk, __sk_common.skc_daddr),
              local = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
        __builtin_memcpy(record->addresses, &remote, 4);
        __builtin_memcpy(record->addresses + 4, &local, 4);
    } else {
        record->head.lengths[0] = record->head.lengths[1] = 16;
        BPF_CORE_READ_INTO((struct in6_addr *)record->addresses, sk, __sk_common.skc_v6_daddr);
        BPF_CORE_READ_INTO((struct in6_addr *)(record->addresses + 16), sk, __sk_common.skc_v6_rcv_saddr);
    }
    bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
    return 0;
}

/* ------------------------------------------------------------------ said */

struct said {
    __u64 bytes, length;
};

static __always_inline int
first_buffer(struct pt_regs *regs, __u32 act, struct said *said)
{
    __u64 b = argument(regs, 1);
    if (act == SP_ACT_WRITE || act == SP_ACT_SEND) {
        said->bytes = b;
        said->length = argument(regs, 2);
        return 0;
    }
    __u64 vector = b;
    /* struct msghdr: the vector stands at 16 */
    if (act == SP_ACT_SENDMSG && bpf_probe_read_user(&vector, 8, (void *)(b + 16)))
        return -1;
    return bpf_probe_read_user(said, sizeof(*said), (void *)vector) ? -1 : 0;
}

__noinline int
sp_socket_said(__u64 regs_of, __u32 act, __s64 result, __u32 process)
{
    struct pt_regs *regs = (struct pt_regs *)regs_of;
    struct said said = { 0 };
    struct file *file = file_of((int)argument(regs, 0));
    struct scratch *to = scratch_of();
    if (!file || !to || first_buffer(regs, act, &said))
        return 0;
    struct socket *socket = BPF_CORE_READ(file, private_data);
    struct sock *sk = BPF_CORE_READ(socket, sk);
    __u64 key = (__u64)file;
    struct sp_wire_file *known = bpf_map_lookup_elem(&files, &key);
    if (!known || known->kind != S_IFSOCK || known->inode != (__u64)sk) {
        struct sp_wire_file fresh = { .process = process, .kind = S_IFSOCK, .inode = (__u64)sk };
        bpf_map_update_elem(&files, &key, &fresh, BPF_ANY);
        known = bpf_map_lookup_elem(&files, &key);
        if (!known)
            return 0;
    }
    /* datagrams each begin anew, streams once; of both not without end */
    int datagram = BPF_CORE_READ(sk, sk_type) == SOCK_DGRAM;
    if (known->said >= (datagram ? 64 : 4))
        return 0;
    known->said++;
    struct sp_wire *record = record_at(to, 0, SP_WIRE_SAID_BYTES, process);
    __u32 family = BPF_CORE_READ(sk, __sk_common.skc_family);
    __u32 at = sizeof(*record), length = said.length > SP_WIRE_SAID ? SP_WIRE_SAID : (__u32)said.length;
    if (family == AF_INET) {
        __u32 remote = BPF_CORE_READ(sk, __sk_common.skc_daddr);
        __builtin_memcpy(to->bytes + at, &remote, 4);
        record->lengths[0] = 4;
        at += 4;
    } else {
        BPF_CORE_READ_INTO((struct in6_addr *)(to->bytes + sizeof(*record)), sk, __sk_common.skc_v6_daddr);
        record->lengths[0] = 16;
        at += 16;
    }
    record->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
    record->from_port = BPF_CORE_READ(sk, __sk_common.skc_num);
    record->pid = inner_pid(current_task());
    record->bytes = (__u64)result;
    record->act = datagram;
    if (bpf_probe_read_user(to->bytes + (at & 255), length & 1023, (void *)said.bytes)) {
        record->flags = SP_WIRE_UNREADABLE;
        length = 0;
    }
    record->lengths[1] = (__u16)length;
    send(to, 0, (at & 255) + (length & 1023), SP_WIRE_SAID_BYTES, 0);
    return 0;
}

/* ------------------------------------------------------- calls on sockets */

struct unix_address {
    __u16 family;
    char path[108];
};

static __always_inline void
tell_unix(__u32 process, __u64 user, __u64 length, __u32 act, __s64 result)
{
    struct scratch *to = scratch_of();
    struct unix_address address = { 0 };
    if (length > sizeof(address))
        length = sizeof(address);
    if (!to || length < 2 || bpf_probe_read_user(&address, length & 127, (void *)user) ||
        address.family != AF_UNIX)
        return;
    struct sp_wire *record = record_at(to, 0, SP_WIRE_SOCKET, process);
    record->act = act;
    record->value = AF_UNIX << 16;
    record->bytes = result < 0;
    record->lengths[0] = (__u16)(length - 2);
    record->pid = inner_pid(current_task());
    __builtin_memcpy(to->bytes + sizeof(*record), address.path, sizeof(address.path));
    send(to, 0, sizeof(*record) + sizeof(address.path), SP_WIRE_SOCKET, 0);
}

__noinline int
sp_network_act(__u64 regs_of, __u32 act, __s64 result, __u32 process)
{
    struct pt_regs *regs = (struct pt_regs *)regs_of;
    __u64 a = argument(regs, 0), b = argument(regs, 1), c = argument(regs, 2);
    struct place nowhere = { .family = AF_INET };
    switch (act) {
    case SP_ACT_SOCKET: {
        __u32 family = (__u32)a, type = (__u32)b & 15;
        int everyday = family == AF_UNIX ||
                       ((family == AF_INET || family == AF_INET6) && type != SOCK_RAW && type != 10 &&
                        (c == 0 || c == IPPROTO_TCP || c == IPPROTO_UDP)) ||
                       (family == AF_NETLINK && result >= 0);
        if (!everyday)
            tell(process, &nowhere, SOCKET_OPENED, family << 16 | type << 8 | ((__u32)c & 255), result < 0);
        break;
    }
    case SP_ACT_CONNECT:
        tell_unix(process, b, c, SOCKET_CONNECT, result);
        break;
    case SP_ACT_BIND:
        tell_unix(process, b, c, SOCKET_BIND, result);
        break;
    case SP_ACT_LISTEN:
    case SP_ACT_ACCEPT: {
        struct file *file = file_of(act == SP_ACT_LISTEN ? (long)(int)a : (long)result);
        if (!file || result < 0)
            break;
        struct socket *socket = BPF_CORE_READ(file, private_data);
        struct sock *sk = BPF_CORE_READ(socket, sk);
        __u32 family = BPF_CORE_READ(sk, __sk_common.skc_family);
        if (family != AF_INET && family != AF_INET6)
            break;
        nowhere.family = family;
        nowhere.port = BPF_CORE_READ(sk, __sk_common.skc_num);
        __u32 local = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
        if (family == AF_INET)
            __builtin_memcpy(nowhere.address, &local, 4);
        else
            BPF_CORE_READ_INTO((struct in6_addr *)nowhere.address, sk, __sk_common.skc_v6_rcv_saddr);
        tell(process, &nowhere, act == SP_ACT_LISTEN ? SOCKET_LISTEN : SOCKET_ACCEPT, IPPROTO_TCP, 0);
        break;
    }
    default:
        break;
    }
    return 0;
}
