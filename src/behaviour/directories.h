/* directories.h: whose a directory is, by its path alone. Package managers start what belongs to a package in
 * a directory that they made and named themselves: that name is what is read here, nothing inside it.
 * npm and pip as they were watched to work (npm 11, pip 23); pnpm, yarn, uv and poetry as their layouts are
 * known, not tried. */
#pragma once
#include "ecosystem/ecosystem.h"

#include <stdbool.h>
#include <stddef.h>

enum sp_directory_kind {
    SP_DIRECTORY_OTHER,
    SP_DIRECTORY_NODE,    /* node_modules/NAME, or beneath it: the deepest one */
    SP_DIRECTORY_BUILD,   /* a source distribution of Python, unpacked by its installer */
    SP_DIRECTORY_PROJECT, /* the user's own */
};

struct sp_directory {
    enum sp_directory_kind kind;
    size_t length; /* of the beginning of the path that is the package's own directory */
    char name[SP_NAME_MAX + 1], version[256]; /* "": the path does not say */
};

/* PATH is absolute, as the kernel resolved it. PROJECT: absolute; NULL: none. What stands in the path before
 * the project's end says nothing: projects may themselves lie in somebody's node_modules. */
void sp_directory_read(const char *project, const char *path, struct sp_directory *out);
/* The purl type of what lives there: "npm", "pypi"; NULL: not known. */
const char *sp_directory_type(const struct sp_directory *directory);
