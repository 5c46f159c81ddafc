/* digest.h: SHA-1, SHA-256, SHA-384, SHA-512 and MD5 as package registries state them, and subresource
 * integrity strings (W3C SRI: "sha512-" and base64). MD5 and SHA-1 are read because registries still state
 * them; a caller that has a stronger one uses that. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SP_DIGEST_MAX 64       /* bytes of the longest */
#define SP_DIGEST_TEXT_MAX 160 /* of an SRI or hexadecimal form with its NUL */

enum sp_digest_kind { SP_DIGEST_MD5, SP_DIGEST_SHA1, SP_DIGEST_SHA256, SP_DIGEST_SHA384, SP_DIGEST_SHA512 };

struct sp_digest; /* a computation under way */
struct sp_digest *sp_digest_new(enum sp_digest_kind kind, struct sp_error *err);
int sp_digest_add(struct sp_digest *digest, const void *bytes, size_t length, struct sp_error *err);
/* Fills VALUE and returns its length; the computation is then over. */
int sp_digest_finish(struct sp_digest *digest, unsigned char value[SP_DIGEST_MAX], struct sp_error *err);
void sp_digest_free(struct sp_digest *digest); /* NULL is fine */
static inline void
sp_cleanup_digest(struct sp_digest **digest)
{
    sp_digest_free(*digest);
}
#define sp_autodigest __attribute__((cleanup(sp_cleanup_digest)))

/* A digest that somebody stated. */
struct sp_stated_digest {
    enum sp_digest_kind kind;
    unsigned char value[SP_DIGEST_MAX];
    size_t length; /* 0: none */
};
/* Reads "sha512-BASE64[ ...]" (the strongest of several), or NAME ("sha256") with HEX digits. False: neither.
 */
bool sp_digest_read_sri(struct sp_stated_digest *out, const char *text);
bool sp_digest_read_hex(struct sp_stated_digest *out, const char *name, const char *hex, size_t length);
void sp_digest_write_sri(char out[SP_DIGEST_TEXT_MAX], enum sp_digest_kind kind, const unsigned char *value);
void sp_digest_write_hex(char out[SP_DIGEST_TEXT_MAX], const unsigned char *value, size_t length);
