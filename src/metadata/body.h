/* body.h: bytes that arrive piece by piece: in memory while they are few, beyond that in a file without a
 * name, which is mapped once they are complete. */
#pragma once
#include "base/buffer.h"

#define SP_BODY_HEAP_MAX ((size_t)8 << 20)

struct sp_body {
    int directory;     /* where to make the file; -1: where temporary files go. Borrowed */
    const char *bytes; /* valid once complete; a NUL follows them. Never NULL then */
    size_t length;
    /* private */
    struct sp_buffer heap;
    int fd;
    void *mapped;
    size_t mapped_size;
};
/* DIRECTORY as above. */
void sp_body_begin(struct sp_body *body, int directory);
int sp_body_add(struct sp_body *body, const void *bytes, size_t length, struct sp_error *err);
/* No more is added. */
int sp_body_complete(struct sp_body *body, struct sp_error *err);
/* Fine for a zeroed one, too. */
void sp_body_free(struct sp_body *body);
#define sp_autobody __attribute__((cleanup(sp_body_free)))
