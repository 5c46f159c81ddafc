/* collect_list.h: which packages are to be run, and what is known of them beforehand. */
#pragma once
#include "base/hash.h"
#include "base/memory.h"
#include "ecosystem/ecosystem.h"

#include <stdbool.h>

struct sp_collect_item {
    const struct sp_ecosystem *ecosystem; /* npm or pypi */
    const char *name;
    const char *version; /* NULL: the latest */
    bool attack;
    const char *technique, *family, *origin; /* "" where the list says nothing; the family never is */
    const char *culprit;                     /* name of the package that acts; the same as .name where the
                                                list says nothing */
    bool source;                             /* built from its source distribution */
};

/* Zero-initialise. Strings live in the arena. */
struct sp_collect_list {
    struct sp_arena arena;
    struct sp_collect_item *items;
    size_t count, capacity;
    struct sp_map known; /* what is in it already */
};
#define SP_COLLECT_ITEMS_MAX 200000u
/* Appends the rows of the TSV file PATH: columns ecosystem, name, version and label, and where they are there
 * technique, family, origin, culprit and flags; others are ignored. A name or version that could be taken for
 * an option or a path, a package that is twice in it, an attack without a technique are errors that name file
 * and line. */
int sp_collect_list_read(struct sp_collect_list *list, const char *path, struct sp_error *err);
void sp_collect_list_free(struct sp_collect_list *list);
#define sp_autocollectlist __attribute__((cleanup(sp_collect_list_free)))
