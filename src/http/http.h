/* http.h: the one HTTP client. Requests of many threads share a pool of connections; every answer is bounded
 * in time and size; a redirect is followed only where the caller admits it.
 * Sources: RFC 9110 (semantics), RFC 9111 (caching headers); libcurl. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sp_http_options {
    const char *cafile; /* PEM bundle to trust; NULL: the system's */
    const void *ca_pem; /* the same as bytes, in place of .cafile; NULL: none */
    size_t ca_length;
    const char *proxy; /* URL of an HTTP proxy, for all requests; NULL: none, whatever the environment says */
    const char *no_proxy; /* hosts that are asked directly, comma-separated; NULL: none */
    /* Whether the certificate of URL's host goes unchecked; NULL: never. .unchecked_context is borrowed. */
    bool (*unchecked)(const void *context, const char *url);
    const void *unchecked_context;
    unsigned long timeout_seconds;      /* without a byte; 0: 60 */
    unsigned attempts;                  /* of one request in all; 0: 4 */
    unsigned long backoff_milliseconds; /* before the second attempt, then doubled each time; 0: 250 */
};

struct sp_http;
/* Borrows nothing: the options are copied. */
int sp_http_new(struct sp_http **out, const struct sp_http_options *options, struct sp_error *err);
/* Ends all that is under way, with an error whose number is ECANCELED, and refuses what comes after. May be
 * called from any thread. */
void sp_http_stop(struct sp_http *http);
/* No request may be under way any more. NULL is fine. */
void sp_http_free(struct sp_http *http);

enum sp_http_method { SP_HTTP_GET, SP_HTTP_HEAD, SP_HTTP_POST };

/* The head of an answer; valid during the call that hands it over. */
struct sp_http_head {
    long status;
    const char *url; /* that answered: of the last redirect */
    int64_t length;  /* of the body as it will be handed on; -1 unknown */
    /* private */
    const char *fields; /* NAME NUL VALUE NUL ... */
    size_t fields_length;
};
/* The value of a header field, "" included; NULL: absent. NAME in lower case. The last of several. */
const char *sp_http_header(const struct sp_http_head *head, const char *name);
/* How long the answer stays fresh by its Cache-Control, in seconds, at most LIMIT; where that says nothing
 * OTHERWISE. 0 for no-store, no-cache. *STORE: whether it may be kept at all. */
unsigned long sp_http_max_age(const char *cache_control, unsigned long limit, unsigned long otherwise,
                              bool *store);

struct sp_http_request {
    enum sp_http_method method;
    const char *url;            /* http or https, without credentials */
    const char *const *headers; /* "Name: value", NULL-terminated; NULL: none. No Authorization: see admit */
    const void *content;        /* of a POST */
    size_t content_length;
    uint64_t max_bytes;          /* of the body; 0: none may come */
    bool decode;                 /* ask for compression and undo it; max_bytes then counts decoded bytes */
    unsigned long total_seconds; /* for the whole transfer; 0: no limit but the one on silence */
    unsigned attempts;           /* of this request in all; 0: as the client's options say */

    /* Asked before every request, the first and each redirect (at most 5; never from https to http): -1 with
     * ERR filled refuses URL. *AUTHORIZATION, NULL at first, is what is sent there (borrowed for the call).
     * NULL: no authorization, and a redirect is handed on as an answer. */
    int (*admit)(void *context, const char *url, const char **authorization, struct sp_error *err);
    /* Called once, with the answer that counts (after redirects and retries), before its body. -1 ends the
     * request. May be NULL. */
    int (*head)(void *context, const struct sp_http_head *head, struct sp_error *err);
    /* Called with each piece of the body. -1 ends the request. NULL: the body is dropped. */
    int (*body)(void *context, const void *bytes, size_t length, struct sp_error *err);
    void *context;
};

/* Any status is success; failure is no answer, a broken or too large one, or a callback that said so. ERR is
 * one line that names the host; its number is ETIMEDOUT where time ran out. Failed connections and 429, 502,
 * 503, 504 are tried again (honouring Retry-After up to 30 s) while nothing was handed on. */
int sp_http_fetch(struct sp_http *http, const struct sp_http_request *request, struct sp_error *err);

/* A sink for .body: appends to the struct sp_buffer *CONTEXT. */
int sp_http_to_buffer(void *context, const void *bytes, size_t length, struct sp_error *err);
