/* packed.h: small archives made in memory. */
#pragma once
#include <stddef.h>

struct packed {
    const char *path, *text;
    size_t zeros; /* so many zero bytes in place of .text */
};
/* The caller frees it. */
char *pack_zip(const struct packed *files, size_t count, size_t *length);
char *pack_tar_gz(const struct packed *files, size_t count, size_t *length);
