/* tree.h: whole directories: removed, counted, copied, without following links. */
#pragma once
#include "base/error.h"

#include <stdint.h>

/* Removes PATH and all beneath it, whatever its modes and depth; never crosses to another file system. What
 * is not there is removed. */
int sp_tree_remove(const char *path, struct sp_error *err);
/* Bytes on disk and things beneath PATH, counted until BYTES_MAX or THINGS_MAX; at most 200 directories deep.
 */
void sp_tree_usage(const char *path, uint64_t bytes_max, uint64_t things_max, uint64_t *bytes,
                   uint64_t *things);
/* Copies FROM, a file or a directory, to TO, which does not exist: files, directories, links, their
 * permissions. What is none of these is left out. */
int sp_tree_copy(const char *from, const char *to, struct sp_error *err);
