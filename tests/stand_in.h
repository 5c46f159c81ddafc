/* stand_in.h: a registry that a test starts on 127.0.0.1, and that can misbehave; and a client that shows
 * what a server sends, byte by byte. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* One path (with its query). Fields may be changed before it is asked for. */
struct stand_in_page {
    const char *path, *type, *body; /* borrowed */
    size_t length;
    unsigned status;      /* 0: 200 */
    const char *location; /* of a redirect */
    const char *etag;     /* a client that has it gets 304 */
    const char *cache_control, *coding;
    unsigned fail_first; /* so many answers are 503 */
    bool truncated;      /* half of the body is announced but never comes */
    bool endless;        /* the body is sent again and again, without a length */
    unsigned delay;      /* milliseconds before the answer */
    unsigned pause;      /* milliseconds in the middle of the body */
    /* what was seen */
    unsigned hits, not_modified;
    char authorization[128], accept[256], method[16], content[256];
};

struct stand_in;
struct stand_in *stand_in_start(void);
unsigned stand_in_port(const struct stand_in *stand);
void stand_in_stop(struct stand_in *stand);
/* Serves BODY (LENGTH bytes; borrowed) under PATH. */
struct stand_in_page *stand_in_add(struct stand_in *stand, const char *path, const char *type,
                                   const char *body, size_t length);
unsigned stand_in_hits(struct stand_in *stand); /* of all paths, unknown ones too */

/* A listening socket on 127.0.0.1; *PORT is its number. */
int stand_in_listen(unsigned *port);

struct said {
    struct sp_buffer all;
    unsigned status;
    const char *head, *body; /* into .all; chunks are undone */
    size_t body_length;
    bool complete; /* as long as announced, or ended by the last chunk */
};
/* Sends REQUEST to PORT and reads until the other side closes. */
void stand_in_say(struct said *said, unsigned port, const char *request, size_t length);
void said_free(struct said *said);
#define auto_said __attribute__((cleanup(said_free)))
