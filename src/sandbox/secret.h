/* secret.h: what looks like a secret, by its name or by itself, and what may stand in its place.
 * Sources: the published token formats of GitHub, npm, PyPI, GitLab, AWS, Slack, Stripe, Google and others;
 * RFC 7519 (JWT), RFC 7468 (PEM), RFC 3986 (credentials in URLs). */
#pragma once
#include "sandbox/canary.h"

/* Part of a text. */
struct sp_span {
    size_t from, to;
};

/* Whether a setting or variable of this NAME holds a secret: NPM_TOKEN, _authToken, aws_secret_access_key. */
bool sp_secret_named(const char *name, size_t length);
/* Whether VALUE can be no secret whatever its name: empty, a number, a yes or no, a path, a ${REFERENCE}. */
bool sp_secret_harmless(const char *value, size_t length);
/* Whether VALUE is a secret by its own form: a token of a known kind, a private key, credentials in a URL. */
bool sp_secret_formed(const char *value, size_t length);
/* Whether VALUE is long and random enough to be one. */
bool sp_secret_random(const char *value, size_t length);

/* The length of the private key in PEM that TEXT begins with, to its last line or all of it; 0: none. */
size_t sp_secret_pem(const char *text, size_t length);
/* The first secret in TEXT that its form gives away: a token of a known kind, the password of a URL, a whole
 * PEM block. False: none. */
bool sp_secret_next(const char *text, size_t length, struct sp_span *out);

/* Appends what stands for VALUE: its form and, where that is at least a canary's, its length; the new canary
 * goes to CANARIES. A URL keeps everything but its password. After SP_SECRETS_MAX the first canary is used
 * again. */
#define SP_SECRETS_MAX 256
int sp_secret_stand_in(struct sp_buffer *out, const char *value, size_t length, struct sp_canaries *canaries,
                       struct sp_error *err);
