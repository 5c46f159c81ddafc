/* keeping.h: the transport to the real registries: the HTTP client with a cache on disk that is asked first.
 * A kept answer is also how answers are recorded for tests and for evaluation: the same directory, the same
 * files. Sources: RFC 9110, RFC 9111 (ETag, Last-Modified, Cache-Control, Retry-After). */
#pragma once
#include "http/http.h"
#include "metadata/bases.h"
#include "metadata/transport.h"

enum sp_keeping_mode {
    SP_KEEP_FRESH,   /* kept answers while they are fresh, then asked again with their ETag */
    SP_KEEP_OFFLINE, /* kept answers only, however old; what is not kept is no answer */
};

struct sp_keeping_options {
    const char *directory; /* made if need be, 0700; NULL: nothing is kept */
    uint64_t limit;        /* bytes on disk; the least recently used go first; 0: 1 GiB */
    enum sp_keeping_mode mode;
    const struct sp_bases *bases;       /* tokens, trusted certificates; borrowed */
    const struct sp_http_options *http; /* NULL: defaults with the registries' certificates and proxy */
    const struct sp_buffer *trust; /* certificates that the registries' configuration names, read already (see
                                      sp_registries_trust); NULL: they are read here */
    unsigned long fresh_seconds;   /* where an answer says nothing of its age; 0: 600 */
};
struct sp_keeping;
int sp_keeping_open(struct sp_keeping **out, const struct sp_keeping_options *options, struct sp_error *err);
void sp_keeping_close(struct sp_keeping *keeping);
struct sp_transport sp_keeping_transport(struct sp_keeping *keeping);
struct sp_keeping_figures {
    size_t asked, kept, confirmed /* by 304 */, failed;
    uint64_t bytes; /* received */
    double seconds; /* in requests, all threads added up */
};
void sp_keeping_tally(struct sp_keeping *keeping, struct sp_keeping_figures *out);
/* Writes ANSWER's bytes as a kept answer to URL into DIRECTORY, as if it had been fetched at TIME: for
 * made-up records. TYPE may be NULL. */
int sp_keeping_put(const char *directory, const char *url, const char *accept, long status, const char *type,
                   const void *bytes, size_t length, int64_t time, struct sp_error *err);
