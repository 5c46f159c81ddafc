/* sinkhole.h: answers in place of the internet, inside one network namespace, and writes down who was called.
 * In two halves: opening the sockets needs the rights over the namespace and is done once, before anything
 * hostile runs; serving them needs nothing and is done from outside, by a process that never enters. Sources:
 * RFC 1035 (DNS), RFC 8446 and RFC 6066 (TLS, SNI), Linux Documentation/networking/tproxy.rst. */
#pragma once
#include "sandbox/answers.h"
#include "sandbox/decoys.h"
#include "trace/event.h"

#define SP_SINKHOLE_SOCKETS_MAX 96

enum sp_net {
    SP_NET_NONE,     /* loopback, and nobody there */
    SP_NET_REGISTRY, /* the registry proxy; all else is heard out, written down and refused */
    SP_NET_SINKHOLE, /* all else is answered */
};

struct sp_sinkhole_sockets {
    int fds[SP_SINKHOLE_SOCKETS_MAX];             /* owned */
    unsigned char roles[SP_SINKHOLE_SOCKETS_MAX]; /* enum sp_sinkhole_role; travels with its descriptor */
    size_t count;
    char missing[160]; /* "": everything; else what this kernel lacks and what is therefore not heard */
};
enum sp_sinkhole_role {
    SP_SINKHOLE_TCP = 1, /* listens */
    SP_SINKHOLE_UDP,
    SP_SINKHOLE_RAW4, /* sends datagrams under any address and port */
    SP_SINKHOLE_RAW6,
};
/* Called inside the namespace with CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE over it: brings
 * loopback up, routes every address to it, steers every TCP and UDP port to the sockets (nftables tproxy;
 * without it the common ports alone, and .missing says so). 127.0.0.0/8 and ::1 stay the sandbox's own
 * business, and so does the registry proxy's address 127.83.80.1; only port 53 is ours there too. On failure
 * OUT is empty. */
int sp_sinkhole_open(struct sp_sinkhole_sockets *out, struct sp_error *err);
void sp_sinkhole_close(struct sp_sinkhole_sockets *sockets);

/* An authority made for one run, under which TLS is answered. Its key never leaves memory: make it before the
 * serving process is forked, and place its certificate inside the sandbox alone. */
struct sp_sinkhole_authority;
int sp_sinkhole_authority_make(struct sp_sinkhole_authority **out, struct sp_error *err);
/* The certificate, PEM, NUL-terminated; owned by AUTHORITY. */
const char *sp_sinkhole_authority_pem(const struct sp_sinkhole_authority *authority);
/* Writes it as DIRECTORY/sinkhole.crt. */
int sp_sinkhole_authority_write(const struct sp_sinkhole_authority *authority, const char *directory,
                                struct sp_error *err);
void sp_sinkhole_authority_free(struct sp_sinkhole_authority *authority);

struct sp_sinkhole_options {
    enum sp_net net;                  /* REGISTRY or SINKHOLE */
    const char *const *allow_hosts;   /* NULL-terminated, may be NULL; "*.example.org" stands for every name
                                         beneath. TLS only: a name in plain HTTP proves nothing */
    const struct sp_decoys *decoys;   /* to find canaries in what leaves; NULL: none */
    const struct sp_event_sink *sink; /* called from the serving thread */
    /* With SINKHOLE: TLS is answered under it. NULL: TLS is heard (server name) and refused. */
    struct sp_sinkhole_authority *authority;
    const struct sp_answers *answers; /* with SINKHOLE: what a GET of a file gets; NULL: nothing in it */
    /* Connects to HOST:PORT outside for --allow-host and returns the socket, or -1; called from threads of
     * its own, several at a time. NULL: by getaddrinfo and connect, refusing private, link-local and loopback
     * addresses. sp_sinkhole_serve returns only when every call came back. */
    int (*dial)(void *context, const char *host, uint16_t port, struct sp_error *err);
    void *dial_context;
    int stop_fd; /* readable: come to an end */
};
/* Serves until .stop_fd is readable; SOCKETS stay the caller's. Bounded: connections, bytes kept of each,
 * time without a byte. Events: NAME (each question), CONNECTION, DATAGRAM, PASSED, CANARY (once for each
 * decoy and connection), and at the end DROPPED for what was too much. */
int sp_sinkhole_serve(const struct sp_sinkhole_sockets *sockets, const struct sp_sinkhole_options *options,
                      struct sp_error *err);
