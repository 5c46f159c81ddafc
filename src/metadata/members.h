/* members.h: single files out of a package's archive, without unpacking it. Whatever the archive claims, the
 * work is bounded: entries, bytes after decompression, bytes of a file that is kept.
 * Formats: tar (gzip, bzip2, xz or none), zip. Source: libarchive. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>

#define SP_MEMBERS_MAX 50000                       /* entries that are looked at */
#define SP_MEMBERS_BYTES_MAX ((uint64_t)192 << 20) /* of all of them, unpacked */

struct sp_members_reader {
    /* How many bytes of the regular file NAME are wanted (the path below the archive's top folder; "" never);
     * 0: none. */
    size_t (*wants)(void *context, const char *name);
    /* The first bytes of it; CUT: more follow. 1: nothing more is wanted, 0: go on, -1: ERR is filled. */
    int (*take)(void *context, const char *name, const char *bytes, size_t length, bool cut,
                struct sp_error *err);
    void *context;
};
/* 0: the archive was read to its end, or as far as was wanted. -1: it is damaged or too large, memory ran
 * out, or take failed; what was taken before is sound. WHAT begins the message. */
int sp_members_read(const char *what, const void *bytes, size_t length,
                    const struct sp_members_reader *reader, struct sp_error *err);
