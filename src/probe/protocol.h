/* protocol.h: what 'sallyport' and the helper that holds the rights say to each other, over one
 * SOCK_SEQPACKET socket. One message is one packet: a head, then as many bytes as the head says, with
 * descriptors beside it. Both sides take the other for a stranger: lengths, words and descriptors are checked
 * before anything is used. Private to src/probe.
 *
 *   helper      HELLO                    at once
 *   helper      LOADED | FAILED          when its programs are in the kernel, or are not
 *   sallyport   HOOK   [files]           not answered; AIMED says what could not be hooked
 *   sallyport   AIM    [keeper, group?]  answered by AIMED [ring, counts, control] or FAILED
 *   sallyport   REST                     answered by RESTED, again and again until one without MORE
 *   sallyport   BYE                      or simply closes: the helper ends, and with it all that it attached
 */
#pragma once
#include "base/error.h"
#include "probe/load.h"

#define SP_PROBES_VERSION 1u
#define SP_PROBES_SOCKET 3   /* descriptor under which the helper finds the socket */
#define SP_PROBES_FDS_MAX 24 /* files of one HOOK */
#define SP_PROBES_HOOKS_MAX 128u
#define SP_PROBES_HOME_MAX 64u
#define SP_PROBES_LEFT_MAX 1024u /* struct sp_wire_file in one RESTED */

enum sp_probes_word {
    SP_PROBES_HELLO = 1,
    SP_PROBES_LOADED, /* text: what cannot be seen all the same; "" nothing */
    SP_PROBES_FAILED, /* text: why, and what to do */
    SP_PROBES_AIM,
    SP_PROBES_AIMED, /* text, as of LOADED, for this sandbox */
    SP_PROBES_REST,
    SP_PROBES_RESTED,
    SP_PROBES_BYE,
    SP_PROBES_HOOK,
    SP_PROBES_WORD_END,
};

struct sp_probes_head {
    uint32_t version; /* SP_PROBES_VERSION << 16 | SP_WIRE_VERSION */
    uint32_t word;
    uint32_t length; /* of what follows */
    uint32_t more;   /* of RESTED: 1 where another one follows */
};

struct sp_probes_hello {
    char tool[32]; /* version of the program that the helper was built with */
};

/* Payload of AIM: this, then FILE_COUNT struct sp_eyes_file. */
struct sp_probes_aim {
    uint32_t has_group; /* the second descriptor is the directory of the sandbox's own control group */
    uint32_t refuse, kill;
    uint32_t proxy_address; /* network order */
    uint32_t proxy_port;
    uint32_t file_count;
    char home[SP_PROBES_HOME_MAX]; /* "" none */
};

/* Payload of HOOK: these, those of one file together. */
struct sp_probes_hook {
    uint64_t offset; /* in the file */
    uint32_t file;   /* which of the descriptors */
    uint32_t kind;   /* enum sp_uprobe_kind */
};

#define SP_PROBES_BYTES_MAX                                                                                  \
    (sizeof(struct sp_probes_aim) + SP_WIRE_DECOYS * sizeof(struct sp_eyes_file)) /* the largest payload */

struct sp_probes_message {
    struct sp_probes_head head;
    _Alignas(8) unsigned char bytes[SP_PROBES_BYTES_MAX + 1]; /* of a text NUL-terminated */
    int fds[SP_PROBES_FDS_MAX];                               /* owned, until taken: then -1 */
    size_t fd_count;
};

/* Sends one message, whole or not at all. FDS are borrowed. */
int sp_probes_send(int socket, enum sp_probes_word word, const void *bytes, size_t length, const int *fds,
                   size_t fd_count, bool more, struct sp_error *err);
int sp_probes_send_text(int socket, enum sp_probes_word word, const char *text, const int *fds,
                        size_t fd_count, struct sp_error *err);
/* 1: MESSAGE is filled, and what its head says is true of it: a known word, the length that belongs to that
 * word, the number of descriptors that belongs to it. 0: the other side is gone. -1: ERR; nothing stays open.
 */
int sp_probes_receive(int socket, struct sp_probes_message *message, struct sp_error *err);
/* Waits at most MILLISECONDS for a message: as sp_probes_receive, and -1 when there was none. */
int sp_probes_wait(int socket, int milliseconds, struct sp_probes_message *message, struct sp_error *err);
/* Closes the descriptors that were not taken. */
void sp_probes_message_close(struct sp_probes_message *message);

/* The payload of an AIM that sp_probes_receive let through: *FILES points into MESSAGE. -1: it contradicts
 * itself. */
int sp_probes_read_aim(const struct sp_probes_message *message, struct sp_probes_aim *aim,
                       const struct sp_eyes_file **files, struct sp_error *err);
