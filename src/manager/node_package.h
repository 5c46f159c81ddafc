/* node_package.h: what the managers read of a package.json: of the user's project, and of packages in a
 * sandbox, where it is hostile. Source: package-json(5); yarn "Manifest"; pnpm "package.json". */
#pragma once
#include "base/memory.h"

#include <stdbool.h>

#define SP_PACKAGE_JSON_MAX ((size_t)4 << 20)

struct sp_strings {
    const char **items; /* the array is owned: sp_node_package_free */
    size_t count, capacity;
};

struct sp_node_package {
    const char *name, *version;  /* in the arena; NULL: none */
    const char *package_manager; /* "yarn@4.1.0" */
    const char *main;
    bool exports;                      /* has "exports" */
    bool no_gyp;                       /* "gypfile": false */
    const char *scripts[3];            /* preinstall, install, postinstall; NULL: none */
    struct sp_strings bins;            /* name, file, name, file ... */
    struct sp_strings workspaces;      /* patterns */
    struct sp_strings dependencies;    /* names: dependencies, development, optional ones */
    struct sp_strings allowed_scripts; /* npm 12 "allowScripts", pnpm "onlyBuiltDependencies" */
};

/* Reads TEXT (LENGTH bytes and a NUL). Strings are copied to ARENA. What is of an unexpected type is passed
 * over; what is no JSON is an error with its place. Free with sp_node_package_free, after a failure too. */
int sp_node_package_read(struct sp_node_package *package, struct sp_arena *arena, const char *path,
                         const char *text, size_t length, struct sp_error *err);
void sp_node_package_free(struct sp_node_package *package);
#define sp_autopackage __attribute__((cleanup(sp_node_package_free)))
bool sp_strings_hold(const struct sp_strings *strings, const char *word);
