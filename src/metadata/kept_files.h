/* kept_files.h: the directory of kept answers: one file an answer, in folders of the first two letters of its
 * name. Several processes may use one at the same time. */
#pragma once
#include "metadata/kept.h"

#include <stdatomic.h>
#include <sys/types.h>

struct sp_kept_files {
    int directory; /* -1: nothing is kept */
    bool writable;
    bool hand_over; /* root made them for the owner of the directory */
    uid_t uid;
    gid_t gid;
    uint64_t limit;
    _Atomic uint64_t added; /* bytes that the count on disk does not know yet */
    atomic_flag counting;
};

/* Opens PATH; WRITABLE: it is made if need be, and must be nobody else's. LIMIT: see sp_keeping_options. */
int sp_kept_files_open(struct sp_kept_files *files, const char *path, bool writable, uint64_t limit,
                       struct sp_error *err);
void sp_kept_files_close(struct sp_kept_files *files);

/* The answer with KEY: OUT is filled, *FILE (begun here; the caller frees it) holds its bytes and *PACKED
 * points into them. False: there is none. What is damaged is removed. */
bool sp_kept_load(struct sp_kept_files *files, const char *key, struct sp_kept *out, struct sp_body *file,
                  const char **packed, size_t *packed_size);
int sp_kept_save(struct sp_kept_files *files, const struct sp_kept *kept, const void *packed, size_t size,
                 struct sp_error *err);
void sp_kept_drop(struct sp_kept_files *files, const char *key);
/* A descriptor of the folder for KEY (its first two letters count), which the caller closes; -1: none. */
int sp_kept_folder(const struct sp_kept_files *files, const char *key);

/* kept_limit.c: adds SIZE to the count, and holds the directory to its limit where it is time for that.
 * CLOSING: what is left goes to the count on disk. */
void sp_kept_count(struct sp_kept_files *files, uint64_t size, bool closing);
