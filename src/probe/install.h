/* install.h: the helper in its place, with the right to load programs: what 'sallyport setup' does. Linux's
 * file capabilities: capabilities(7), linux/capability.h. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What stands at PATH. */
enum sp_install_state {
    SP_INSTALL_ABSENT,
    SP_INSTALL_OTHER, /* a helper of other bytes, another owner or mode, or other capabilities */
    SP_INSTALL_SAME,  /* what sp_install_put would put there */
};
/* SOURCE: the helper as it was built. */
int sp_install_look(enum sp_install_state *out, const char *source, const char *path, struct sp_error *err);
/* Copies SOURCE to PATH, root's, 0755, with its capabilities; its directory is made. What is there is
 * replaced at once or not at all. Needs root. */
int sp_install_put(const char *source, const char *path, struct sp_error *err);
/* Removes PATH, and its directory if that is empty. 1: it was there; 0: it was not. */
int sp_install_remove(const char *path, struct sp_error *err);
/* Starts PATH as user UID (the caller's own, or any for root), until its programs are loaded. -1: they are
 * not. MISSING (of SIZE): what cannot be seen all the same. */
int sp_install_try(const char *path, uid_t uid, char *missing, size_t size, struct sp_error *err);
/* The capabilities that the file at PATH gives, as bits; 0: none. */
uint64_t sp_install_capabilities(const char *path);
