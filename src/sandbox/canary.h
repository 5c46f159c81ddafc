/* canary.h: values that occur nowhere else, and the forms under which they may leave. */
#pragma once
#include "base/buffer.h"
#include "sandbox/decoys.h"

/* The alphabet of canaries: base58, so that one can stand wherever base58, base62 or base64 does. */
#define SP_BASE58 "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#define SP_BASE62 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define SP_BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define SP_HEX "0123456789abcdef"

/* Fills BYTES from the kernel's random numbers. */
int sp_random_bytes(void *bytes, size_t length, struct sp_error *err);
/* Fills TEXT with LENGTH letters of ALPHABET (at most 64) and a NUL. */
int sp_random_text(char *text, size_t length, const char *alphabet, struct sp_error *err);
/* A fresh canary of SP_CANARY_LENGTH letters and digits. */
int sp_canary_new(char canary[SP_CANARY_LENGTH + 1], struct sp_error *err);

/* What stands in a decoy and must not leave. Strings in the arena. */
struct sp_canaries {
    struct sp_arena *arena; /* borrowed */
    const char **texts;     /* the first is the decoy's canary */
    size_t count, capacity;
};
/* Appends a copy of TEXT (at least SP_NEEDLE_MIN bytes). */
int sp_canaries_add(struct sp_canaries *canaries, const char *text, size_t length, struct sp_error *err);
/* All forms of all texts, NULL-terminated, in the arena. NULL when memory ran out. */
const char *const *sp_canary_needles(const struct sp_canaries *canaries, struct sp_error *err);

/* Appends LENGTH BYTES in base64 with padding, a newline after each COLUMNS letters (0: none). */
int sp_base64_append(struct sp_buffer *out, const void *bytes, size_t length, size_t columns,
                     struct sp_error *err);
/* The other way; LENGTH is a multiple of 4, without padding; OUT takes LENGTH / 4 * 3 bytes. */
void sp_base64_decode(const char *text, size_t length, unsigned char *out);
/* The six letters that end GitHub's and npm's tokens: CRC-32 of the LENGTH letters before, in base62. */
void sp_token_checksum(const char *text, size_t length, char out[7]);
