/* steer.h: the plumbing of the sinkhole's network namespace: every address is at home on loopback, and every
 * TCP and UDP port of the world leads to our sockets. Spoken to the kernel directly: a start of the sandbox
 * has 20 ms in all; by libnftables the rules alone take 1.5 of them, so 0.15. Sources: rtnetlink(7),
 * linux/netfilter/nf_tables.h, Linux Documentation/networking/tproxy.rst. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Where our sockets listen: addresses of loopback that nobody else uses. */
#define SP_STEER_ADDRESS4 "127.83.80.2"
#define SP_STEER_ADDRESS6 "2001:2::1"
#define SP_STEER_PORT 4874
/* The source address of what is sent to the world. Were it left to the kernel it would be the destination's
 * own, and a port chosen at random could then connect to itself. */
#define SP_STEER_SOURCE4 "198.18.0.1"
/* What our own sockets send bears this mark, so that answers are not steered back to us. */
#define SP_STEER_MARK 0x53503032u

/* Brings loopback up, and does nothing else: a room with nobody there. */
int sp_steer_loopback(struct sp_error *err);
/* Brings loopback up, gives it the addresses above, and makes every address a local one. *IPV6 says whether
 * the kernel took the IPv6 half. */
int sp_steer_routes(bool *ipv6, struct sp_error *err);

/* Steers TCP and UDP to the sockets: all but 127.0.0.0/8 and ::1, and port 53 of those too. */
int sp_steer_ports(bool ipv6, struct sp_error *err);
