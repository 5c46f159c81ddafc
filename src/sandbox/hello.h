/* hello.h: what a client says first: the server name in a ClientHello, or the head of an HTTP request.
 * Sources: RFC 8446 section 4.1.2, RFC 6066 section 3, RFC 9112. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_HELLO_MAX 16384u /* bytes of a ClientHello with its record heads */
#define SP_HELLO_NAME_MAX 256
#define SP_HTTP_HEAD_MAX 16384u

enum sp_said {
    SP_SAID_MORE,    /* too early to tell */
    SP_SAID_THIS,    /* it is; the fields are filled */
    SP_SAID_NOTHING, /* it is none, or malformed */
};

/* Reads a ClientHello that may lie over several records. The server name goes to NAME, in lower case and
 * without a trailing dot; "" where there is none. A name of other bytes than those of host names is
 * malformed, and so is a hello with two of them. */
enum sp_said sp_hello_read(char name[SP_HELLO_NAME_MAX], const unsigned char *bytes, size_t length);

struct sp_http_head {
    char method[24], path[512], version[16]; /* printable, cut where longer */
    char host[SP_HELLO_NAME_MAX];            /* with its port, if one was said; "" none */
    bool has_body, chunked, expects;         /* "Expect: 100-continue" */
    bool wants_json;                         /* Accept speaks of it, or of nothing in particular */
    bool upgrade;
    uint64_t content_length;
    size_t length; /* of the head, with its empty line */
};
/* MORE also when the head may be one but is not complete within LENGTH; a head above SP_HTTP_HEAD_MAX is
 * none. *LOOKS_SO says whether the first line looks like a request, complete or not: method and path are then
 * filled as far as they go. */
enum sp_said sp_http_read(struct sp_http_head *out, bool *looks_so, const char *bytes, size_t length);

/* Reads a chunked body as it comes, only to find its end. Zero-initialise. */
struct sp_chunks {
    uint64_t left;
    unsigned char state;
    bool ended, broken;
};
/* Returns how many of the bytes belong to the body. */
size_t sp_chunks_read(struct sp_chunks *chunks, const char *bytes, size_t length);
