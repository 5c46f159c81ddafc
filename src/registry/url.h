/* url.h: an http(s) URL cut into the parts that registries care about.
 * Source: RFC 3986, and the URL Standard where package managers follow it (default ports, dot segments). */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SP_URL_MAX 8192     /* bytes of a URL */
#define SP_URL_HOST_MAX 253 /* bytes of a host, brackets of an IPv6 literal included */

struct sp_url {
    bool secure;                    /* https */
    bool literal6;                  /* the host is an IPv6 literal */
    char host[SP_URL_HOST_MAX + 1]; /* lower case, "[::1]" with its brackets */
    unsigned port;                  /* 0: the scheme's own */
    const char *user, *password;    /* borrowed from the text, still percent-encoded; NULL: none */
    size_t user_length, password_length;
    const char *rest; /* borrowed: path, query and fragment, "" if there is none */
};

/* Cuts TEXT (borrowed for as long as OUT is used). Control characters, spaces, backslashes, a host that is
 * none, a port that is none, a path with "." or ".." segments (what follows a mapped host would eat it) and
 * more than SP_URL_MAX bytes are errors. The messages never show credentials. */
int sp_url_parse(struct sp_url *out, const char *text, struct sp_error *err);

#define SP_URL_AUTHORITY_MAX (SP_URL_HOST_MAX + 16)
/* "host[:port]", without credentials. */
void sp_url_authority(const struct sp_url *url, char out[SP_URL_AUTHORITY_MAX]);
