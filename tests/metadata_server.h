/* metadata_server.h: a registry that a test starts on 127.0.0.1, down to the bytes of its answers, so that it
 * can lie about lengths, break off, drip, and compress without end. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One path (with its query). Fields may be changed before it is asked for. */
struct served {
    const char *path; /* borrowed; one that ends in '*' is for all that begin so */
    const char *body; /* borrowed */
    size_t length;
    unsigned status;     /* 0: 200 */
    const char *headers; /* further lines, each with its CRLF */
    const char *etag;    /* sent; a client that has it gets 304 */
    const char *modified;
    unsigned fail_first, fail_status; /* so many answers are this, without a body */
    const char *fail_headers;
    size_t cut_after; /* the connection ends after so many bytes of the body; 0: it does not */
    int64_t stated;   /* as length, in place of the right one; 0: the right one */
    bool ranges;      /* parts are served */
    const char *part; /* value of Content-Range in place of the right one */
    unsigned delay;   /* milliseconds before the answer */
    unsigned drip;    /* milliseconds before each byte of the body */
    /* what was seen */
    unsigned hits, confirmed;
    char authorization[128], accept[128], range[64], known[128], since[64];
};

struct metadata_server;
/* TLS: with a certificate that nobody trusts. */
struct metadata_server *metadata_server_start(bool tls);
unsigned metadata_server_port(const struct metadata_server *server);
/* Writes the certificate of a server with TLS to PATH, as PEM. */
void metadata_server_certificate(const struct metadata_server *server, const char *path);
void metadata_server_stop(struct metadata_server *server);
struct served *metadata_serve(struct metadata_server *server, const char *path, const char *body,
                              size_t length);
unsigned metadata_server_hits(struct metadata_server *server); /* of all paths, unknown ones too */
