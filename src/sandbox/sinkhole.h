/* sinkhole.h: answers in place of the internet, inside one network namespace, and writes down who was called.
 * In two halves: opening the sockets needs the rights over the namespace and is done once, before anything
 * hostile runs; serving them needs nothing and is done from outside, by a process that never enters. Sources:
 * RFC 1035 (DNS), RFC 8446 and RFC 6066 (TLS, SNI), Linux Documentation/networking/tproxy.rst. */
#pragma once
#include "sandbox/decoys.h"
#include "trace/event.h"

#define SP_SINKHOLE_SOCKETS_MAX 96

enum sp_net {
    SP_NET_NONE,     /* loopback, and nobody there */
    SP_NET_REGISTRY, /* the registry proxy; all else is heard out, written down and refused */
    SP_NET_SINKHOLE, /* all else is answered */
};

struct sp_sinkhole_sockets {
    int fds[SP_SINKHOLE_SOCKETS_MAX]; /* owned */
    unsigned char roles[SP_SINKHOLE_SOCKETS_MAX];
    size_t count;
    char missing[160]; /* "": everything; else what this kernel lacks and what is therefore not heard */
};
/* Called inside the namespace with CAP_NET_ADMIN over it: brings loopback up, routes every address to it,
 * steers every TCP and UDP port to the sockets (nftables tproxy; without it the common ports alone, and
 * .missing says so). The address and port of the registry proxy are not touched. */
int sp_sinkhole_open(struct sp_sinkhole_sockets *out, struct sp_error *err);
void sp_sinkhole_close(struct sp_sinkhole_sockets *sockets);

struct sp_sinkhole_options {
    enum sp_net net;                  /* REGISTRY or SINKHOLE */
    const char *const *allow_hosts;   /* NULL-terminated; "*.example.org" stands for every name beneath */
    const struct sp_decoys *decoys;   /* to find canaries in what leaves; NULL: none */
    const struct sp_event_sink *sink; /* called from the serving thread */
    /* PEM files of the authority made for this run are written here when TLS is answered (sinkhole.crt);
     * NULL: TLS is heard (server name) and not answered. */
    const char *authority_directory;
    /* Connects to HOST:PORT outside for --allow-host; NULL: by getaddrinfo and connect, refusing private,
     * link-local and loopback addresses. */
    int (*dial)(void *context, const char *host, uint16_t port, struct sp_error *err);
    void *dial_context;
    int stop_fd; /* readable: come to an end */
};
/* Serves until .stop_fd is readable. Bounded: connections, bytes kept of each, time without a byte. */
int sp_sinkhole_serve(const struct sp_sinkhole_sockets *sockets, const struct sp_sinkhole_options *options,
                      struct sp_error *err);
