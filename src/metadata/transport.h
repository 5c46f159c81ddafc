/* transport.h: how registry clients ask. They know neither sockets nor caches: what answers may be the
 * network, a directory of answers kept from before, or a test's table. */
#pragma once
#include "base/error.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sp_asked {
    const char *url;                /* http or https, without credentials */
    const char *accept;             /* value of Accept; NULL: any */
    uint64_t max_bytes;             /* of the decoded body; longer is an error with SP_ERROR_LIMIT */
    enum sp_ecosystem_id ecosystem; /* whose tokens may be sent */
    int64_t from, to; /* bytes [from, to] only (RFC 9110, 14); to 0: all; from < 0: the last -from bytes.
                         An answer of status 200 then is the whole */
    bool immutable;   /* a published file never changes: an answer kept from before is good for ever */
    bool optional;    /* a host that need not be asked (rank, downloads): given up after one attempt */
};

/* Zeroed by whoever asks; sp_answer_free afterwards. */
struct sp_answer {
    long status;
    const char *bytes; /* a NUL follows them */
    size_t length;
    char type[96];  /* Content-Type, lower case, without parameters; "" unknown */
    char url[1024]; /* that answered, after redirects */
    uint64_t whole; /* of a part (status 206): the size of the whole; 0 unknown */
    int64_t time;   /* when the origin was asked, seconds since 1970 */
    bool kept;      /* no request was made */
    void *owned;    /* the transport's */
    void (*release)(void *owned);
};
void sp_answer_free(struct sp_answer *answer);
#define sp_autoanswer __attribute__((cleanup(sp_answer_free)))

struct sp_transport {
    /* 0 with any status; -1 where there was no answer: ERR is one line that names the host. Called from
     * several threads at once. */
    int (*get)(void *context, const struct sp_asked *asked, struct sp_answer *out, struct sp_error *err);
    void *context;
};
