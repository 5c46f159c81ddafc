/* load_list.h: making the list of loads. */
#pragma once
#include "base/digest.h"
#include "manager/inside_root.h"
#include "manager/manager.h"

#define SP_LOAD_PACKAGES_MAX 50000
#define SP_LOAD_NOTES_MAX 1000

struct sp_loading {
    const struct sp_manager_plan *plan;
    int root;
    struct sp_arena *arena;
    struct sp_load_list *out;
    const char *interpreter_mark; /* path, size and time of the interpreter: part of each digest */
};

/* Fills LOADING; the interpreter is looked at in ROOT. */
int sp_loading_open(struct sp_loading *loading, const struct sp_manager_plan *plan, int root,
                    struct sp_arena *arena, struct sp_load_list *out, struct sp_error *err);
/* "pkg:TYPE/NAME@VERSION"; a name that the ecosystem does not allow is shown percent-encoded as it is. */
const char *sp_loading_purl(struct sp_loading *loading, const char *name, const char *version,
                            struct sp_error *err);
/* Enters the purl of a new package. */
int sp_loading_package(struct sp_loading *loading, const char *purl, struct sp_error *err);
int sp_loading_note(struct sp_loading *loading, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);
/* Adds a load. ARGV is copied (NULL-terminated, at most 8 words); TREE is the hex digest of the package. */
int sp_loading_add(struct sp_loading *loading, const char *package, const char *what, const char *const *argv,
                   const char *cwd, const char *tree, struct sp_error *err);
/* Whether the file PATH of the host holds exactly TEXT. */
bool sp_host_file_equals(const char *path, const char *text, size_t length);
/* The hex form of a tree's digest, in the arena; the digest is over then. */
const char *sp_loading_hex(struct sp_loading *loading, struct sp_digest *digest, struct sp_error *err);
