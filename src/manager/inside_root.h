/* inside_root.h: looking at a tree that strangers wrote: everything is resolved beneath one directory, reads
 * are bounded, nothing blocks and no link leads out. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Opens PATH as if ROOT were the root directory. -1 with errno. */
int sp_inside_open(int root, const char *path, int flags);
/* Opens NAME, one component or several, beneath DIRECTORY, following no link. -1 with errno. */
int sp_inside_open_at(int directory, const char *name, int flags);
/* Reads a regular file of at most LIMIT bytes; 1: read, 0: there is none, or it is no regular file or larger
 * (*WHY says so; NULL where there is none). -1: memory ran out. */
int sp_inside_read_at(int directory, const char *name, size_t limit, struct sp_buffer *out, const char **why,
                      struct sp_error *err);
int sp_inside_read(int root, const char *path, size_t limit, struct sp_buffer *out, const char **why,
                   struct sp_error *err);

/* Names in DIRECTORY (its own offset is not used), sorted, without "." and "..", at most MAX; *CUT: there
 * were more. The array and the names are freed with sp_names_free. */
struct sp_names {
    char *bytes;
    const char **items;
    size_t count;
    bool cut;
};
int sp_inside_list(int directory, size_t max, struct sp_names *out, struct sp_error *err);
void sp_names_free(struct sp_names *names);
#define sp_autonames __attribute__((cleanup(sp_names_free)))

/* A digest over trees. */
struct sp_tree_digest {
    struct sp_digest *digest;
    size_t files;     /* seen so far */
    const char *skip; /* directories of this name are left out (node_modules); NULL: none */
    bool cut;         /* too many or too deep: the digest then covers a part, and says so by its value */
};
/* Adds the file or directory NAME beneath DIRECTORY with all beneath it: names, types, executable bits,
 * contents, targets of links. */
int sp_tree_digest_add(struct sp_tree_digest *tree, int directory, const char *name, struct sp_error *err);
