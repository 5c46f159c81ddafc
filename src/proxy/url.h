/* url.h: the URLs that the proxy stands for: split, checked, in one spelling. Whatever could be read in two
 * ways (credentials, "..", encoded slashes that hide one, control characters) is no URL here.
 * Source: RFC 3986. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define SP_UPSTREAM_MAX 8192u

struct sp_upstream {
    char *url; /* owned: "https://host[:port]/path[?query]", scheme and host lower case, no default port, no
                  fragment */
    size_t path_at; /* where the path begins in it */
    bool https;
};
void sp_upstream_free(struct sp_upstream *upstream);
#define sp_autoupstream __attribute__((cleanup(sp_upstream_free)))

/* From an absolute URL, http or https; a fragment is dropped. */
int sp_upstream_read(struct sp_upstream *out, const char *url, size_t length, struct sp_error *err);
/* From a request's target as it stands on the wire: "/https/HOST[:PORT]/path?query". */
int sp_upstream_read_inside(struct sp_upstream *out, const char *target, struct sp_error *err);
/* From a reference in the page at BASE. */
int sp_upstream_resolve(struct sp_upstream *out, const struct sp_upstream *base, const char *reference,
                        size_t length, struct sp_error *err);
/* The same URL over https. */
int sp_upstream_secure(struct sp_upstream *upstream, struct sp_error *err);

/* "host[:port]" of it; *LENGTH its length. */
const char *sp_upstream_authority(const struct sp_upstream *upstream, size_t *length);
static inline const char *
sp_upstream_path(const struct sp_upstream *upstream)
{
    return upstream->url + upstream->path_at;
}

/* Appends how the URL looks inside: ORIGIN "/https/host/path". */
int sp_upstream_write_inside(struct sp_buffer *out, const char *origin, const struct sp_upstream *upstream,
                             struct sp_error *err);
/* Appends the spelling by which two ways to write one URL are the same: every escape that need not be is
 * undone, the query stays. pip writes '+' as "%2B", others leave it. */
int sp_upstream_write_key(struct sp_buffer *out, const struct sp_upstream *upstream, struct sp_error *err);

/* Appends TEXT with its percent escapes undone; what is no escape stays. */
int sp_url_decode(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err);
