/* what.h: a package as the user names it. */
#pragma once
#include "base/memory.h"
#include "ecosystem/ecosystem.h"

struct sp_what {
    const struct sp_ecosystem *ecosystem;
    const char *name;    /* as written; not yet held against the registry's rules */
    const char *version; /* NULL: none */
};

/* Whether TEXT begins with "pkg:" or an ecosystem's name and a colon, and so cannot be meant as a file. */
bool sp_what_is_prefixed(const char *text, size_t length);

/* Reads TEXT (any bytes): a package URL, ECOSYSTEM:NAME[@VERSION], or NAME[@VERSION] of the ecosystem
 * USUAL (NULL: such a bare name is an error). Strings are in ARENA. */
int sp_what_read(struct sp_what *out, const char *text, size_t length, const struct sp_ecosystem *usual,
                 struct sp_arena *arena, struct sp_error *err);

/* The ecosystem that the user calls TEXT, or NULL with ERR listing what there is. */
const struct sp_ecosystem *sp_what_ecosystem(const char *text, struct sp_error *err);
/* The names of the ecosystems, for the option tables. */
const char *sp_what_ecosystem_at(size_t position);
