/* serving.h: what the parts of the serving half share: the sinkhole at work, and one connection of it.
 * One thread, one epoll loop; only the dials of --allow-host run beside it. */
#pragma once
#include "base/buffer.h"
#include "sandbox/authority.h"
#include "sandbox/leak.h"
#include "sandbox/hello.h"
#include "sandbox/names.h"
#include "sandbox/sinkhole.h"

#include <netinet/in.h>

#define SP_CONNECTIONS_MAX 512u
#define SP_HEARD_MAX (SP_HTTP_HEAD_MAX + 1) /* bytes kept until it is known what they are */
#define SP_REFUSE_AFTER 300u                /* milliseconds that a caller is heard before it is refused */
#define SP_REFUSE_BEYOND 65536u             /* bytes likewise */
#define SP_ALLOWED_HELLO_WITHIN 10000u      /* milliseconds for a hello that may be let through */
#define SP_IDLE_MAX 30000u
#define SP_PASSED_IDLE_MAX 300000u
#define SP_DRAIN_MAX 2000u
#define SP_PIPE_SIZE 65536u /* of each direction of a connection that is passed through */
#define SP_DIALS_MAX 64u
/* Events of one run; more are counted. */
#define SP_CONNECTION_EVENTS_MAX 20000u
#define SP_DATAGRAM_EVENTS_MAX 10000u
#define SP_CANARY_EVENTS_MAX 1000u

enum sp_watch_kind {
    SP_WATCH_STOP,
    SP_WATCH_DIALS,
    SP_WATCH_TCP,
    SP_WATCH_UDP,
    SP_WATCH_CLIENT,
    SP_WATCH_HOST
};
struct sp_watch { /* what an epoll event points at */
    enum sp_watch_kind kind;
    int fd;
    struct sp_connection *connection;
};

enum sp_connection_state {
    SP_HEARING,   /* what is it? */
    SP_BODY,      /* an HTTP request was understood, its body is coming */
    SP_SMTP,      /* commands */
    SP_SMTP_DATA, /* a letter */
    SP_NAMES,     /* DNS */
    SP_SILENCE,   /* nothing that we speak: listen only */
    SP_DIALLING,
    SP_PASSING,
    SP_DRAINING, /* answered; the other side may close now */
    SP_DEAD,     /* freed when the events at hand are through */
};

struct sp_pipe {
    unsigned char *bytes; /* SP_PIPE_SIZE; from FROM to FROM + LENGTH is under way */
    size_t from, length;
    bool ended, closed; /* nothing more comes in; said so to the other side */
};

struct sp_connection {
    struct sp_connection *next, *previous;
    enum sp_connection_state state;
    struct sp_watch client, host;
    struct sockaddr_storage to;
    char address[SP_ADDRESS_TEXT_MAX];
    const char *name;         /* who has that address; NULL: nobody */
    uint16_t port, from_port; /* there, and of the caller */
    uint64_t began, touched;  /* milliseconds */
    uint64_t sent, back;      /* bytes: by the sandbox, and to it */
    uint64_t told;            /* of SENT, what an event said already */
    bool was_told;
    struct sp_buffer heard; /* at most SP_HEARD_MAX; of TLS that we answer, what stood inside */
    struct sp_leak_watch canaries;
    char server_name[SP_HELLO_NAME_MAX]; /* of the ClientHello */
    bool is_tls;
    char failure[160];  /* of the dial; "" none */
    struct sp_tls *tls; /* we answer */
    struct sp_http_head head;
    bool has_head;
    uint64_t body_left;
    struct sp_chunks chunks;
    struct sp_buffer out; /* waits to be sent, from OUT_FROM on */
    size_t out_from;
    bool last_words; /* after OUT nothing follows */
    uint64_t id;     /* never used twice */
    bool wants_dial; /* as soon as another dial is done */
    struct sp_pipe up, down;
};

struct sp_sinkhole {
    const struct sp_sinkhole_options *options;
    int epoll, raw4, raw6;
    struct sp_watch watches[SP_SINKHOLE_SOCKETS_MAX + 2];
    size_t watch_count;
    struct sp_called names;
    struct sp_connection *connections, *dead;
    unsigned connection_count;
    uint64_t next_id, now, next_deadline; /* milliseconds of CLOCK_MONOTONIC */
    uint64_t dropped_connections, untold_connections, dropped_names, dropped_datagrams;
    uint64_t told_connections, told_names, told_datagrams, told_canaries;
    int spare; /* given up to accept and refuse a caller when descriptors run out */
    struct sp_dialler *dialler;
    unsigned char scratch[65536];
};

/* --- sinkhole_serve.c: the loop
 * -------------------------------------------------------------------------------- */
uint64_t sp_milliseconds(void);
/* Changes what is waited for; READS and WRITES may both be false. */
void sp_watch_for(struct sp_sinkhole *sinkhole, struct sp_watch *watch, bool reads, bool writes);
int sp_watch_add(struct sp_sinkhole *sinkhole, struct sp_watch *watch, bool reads);

/* --- connection.c --------------------------------------------------------------------------------------- */
void sp_connection_accept(struct sp_sinkhole *sinkhole, int listener);
void sp_connection_ready(struct sp_sinkhole *sinkhole, struct sp_connection *connection, uint32_t events);
/* Milliseconds at which its time is up; what then happens is sp_connection_expire. */
uint64_t sp_connection_deadline(const struct sp_sinkhole *sinkhole, const struct sp_connection *connection);
void sp_connection_expire(struct sp_sinkhole *sinkhole, struct sp_connection *connection);
/* Tells what is not told yet and ends it. RESET: the other side sees a refusal. */
void sp_connection_end(struct sp_sinkhole *sinkhole, struct sp_connection *connection, bool reset);
/* Sends BYTES, by TLS where that is spoken. LAST: then no more. */
void sp_connection_say(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const void *bytes,
                       size_t length, bool last);
/* The connection's event, with what was sent since the last one. */
void sp_connection_tell(struct sp_sinkhole *sinkhole, struct sp_connection *connection, bool answered);

/* --- talk.c: what is said to whom ----------------------------------------------------------------------- */
/* Before the other side said a word. */
void sp_talk_begin(struct sp_sinkhole *sinkhole, struct sp_connection *connection);
/* BYTES in clear, already appended to .heard as far as it holds them. */
void sp_talk_hear(struct sp_sinkhole *sinkhole, struct sp_connection *connection, const char *bytes,
                  size_t length);

/* --- datagrams.c: UDP, and DNS of both kinds ------------------------------------------------------------ */
void sp_datagrams_read(struct sp_sinkhole *sinkhole, int fd);
/* The answer to one DNS message, in REPLY (SP_DNS_REPLY_MAX); 0: none. */
size_t sp_datagrams_name(struct sp_sinkhole *sinkhole, const unsigned char *message, size_t length,
                         uint16_t from_port, unsigned char *reply);

/* --- pass.c: --allow-host ------------------------------------------------------------------------------- */
int sp_dialler_open(struct sp_sinkhole *sinkhole, struct sp_error *err);
int sp_dialler_fd(const struct sp_dialler *dialler);
void sp_dialler_close(struct sp_sinkhole *sinkhole);
void sp_pass_begin(struct sp_sinkhole *sinkhole, struct sp_connection *connection);
void sp_pass_dialled(struct sp_sinkhole *sinkhole);
void sp_pass_ready(struct sp_sinkhole *sinkhole, struct sp_connection *connection);
