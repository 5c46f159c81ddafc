/* kept.h: an answer as it lies on disk: lines of "name: value", an empty line, and the body, compressed.
 * What is read may have been written by anybody: a file that does not hold together is none.
 * Source: RFC 8878 (zstd). */
#pragma once
#include "metadata/body.h"
#include "registry/url.h"

#include <stdbool.h>
#include <stdint.h>

#define SP_KEPT_KEY_SIZE 65 /* of a key with its NUL */
#define SP_KEPT_HEAD_MAX ((size_t)16 << 10)
#define SP_KEPT_ACCEPT_MAX 512

struct sp_kept {
    char key[SP_KEPT_KEY_SIZE]; /* the file's name */
    char url[SP_URL_MAX + 1];   /* that was asked */
    char accept[SP_KEPT_ACCEPT_MAX];
    int64_t from, to; /* of the part that was asked for, as in struct sp_asked; 0, 0: the whole */
    long status;
    char type[96];
    char etag[256], modified[64]; /* as the origin wrote them; "" none */
    char answered[1024];          /* the URL that answered; "" too long */
    uint64_t whole;               /* size of the whole of a part; 0 unknown */
    int64_t fetched, fresh_until; /* seconds since 1970 */
    uint64_t length;              /* of the body */
};

/* The name of the answer to this question: SHA-256 of all that it depends on, AUTHORIZATION (NULL none)
 * included, so that no answer is given to somebody with other rights. ACCEPT may be NULL. */
int sp_kept_key(char out[SP_KEPT_KEY_SIZE], const char *url, const char *accept, int64_t from, int64_t to,
                const char *authorization, struct sp_error *err);

/* Whether TEXT may stand in a line of the head. */
bool sp_kept_is_plain(const char *text);
/* Appends the head for a body that is PACKED (SIZE bytes) to OUT. */
int sp_kept_write(const struct sp_kept *kept, const void *packed, size_t size, struct sp_buffer *out,
                  struct sp_error *err);
/* Whether FILE (SIZE bytes) holds together: then OUT is filled and *PACKED points to the rest of it. */
bool sp_kept_read(struct sp_kept *out, const char *file, size_t size, const char **packed,
                  size_t *packed_size);

/* Compress and the reverse; OUT was begun and is completed. What does not unpack to exactly LENGTH bytes is
 * an error with SP_ERROR_INPUT, and never writes more. */
int sp_kept_pack(const void *bytes, size_t length, struct sp_body *out, struct sp_error *err);
int sp_kept_unpack(const void *packed, size_t size, uint64_t length, struct sp_body *out,
                   struct sp_error *err);
