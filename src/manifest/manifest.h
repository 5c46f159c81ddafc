/* manifest.h: files that say what a project depends on. One file a format, one const struct each; the table
 * below is what the command, the documentation and the tests read. */
#pragma once
#include "base/memory.h"
#include "ecosystem/ecosystem.h"
#include "verdict/finding.h"

/* Limits: a file above them gets a clear line, never a partial "clean". */
#define SP_MANIFEST_SIZE_MAX ((size_t)256 << 20)
#define SP_MANIFEST_DEPTH_MAX 200   /* of nested JSON or XML */
#define SP_MANIFEST_INCLUDES_MAX 64 /* files that one requirements.txt may pull in */

/* One package that the file names. Strings are in the arena of the reader. */
struct sp_dependency {
    const struct sp_ecosystem *ecosystem;
    const char *name;      /* as written: the real package name where the file gives an alias */
    const char *alias;     /* the name it is installed under, NULL: the same (npm:real@1 aliases) */
    const char *version;   /* exact version or the requirement as written; NULL: none */
    struct sp_place place; /* of the name in the file */
    bool direct;           /* named by the project itself, not by a dependency */
    bool development;      /* only for tests or building */
    const char
        *source; /* NULL: the ecosystem's registry; else what is fetched instead (git URL, file path) */
};

/* Receives each dependency as it is read. Return 0 to go on, -1 (ERR filled) to stop. */
typedef int sp_dependency_sink(void *context, const struct sp_dependency *dependency, struct sp_error *err);

struct sp_manifest_reading {
    struct sp_arena *arena; /* for the strings of the dependencies */
    sp_dependency_sink *sink;
    void *context;
    /* Receives each thing in the file that could not be read, one line (an unknown directive, an include that
     * is missing); the verdict is then inconclusive. NULL: such a thing is an error. */
    int (*unseen)(void *context, const struct sp_place *place, const char *what, struct sp_error *err);
};

struct sp_manifest_format {
    const char *id;           /* "package-lock" */
    const char *title;        /* "npm package-lock.json (v1-v3), npm-shrinkwrap.json" */
    const char *const *names; /* file names by which it is known; NULL-terminated; '*' matches any run */
    const struct sp_ecosystem *const *ecosystem;
    bool is_lockfile; /* lists the whole tree */
    /* Whether CONTENT (the first LENGTH bytes) looks like this format, for files with another name; may be
     * NULL. */
    bool (*recognise)(const char *content, size_t length);
    /* Reads CONTENT (NUL-terminated, any bytes) of the file PATH. -1 with ERR "PATH:LINE:COLUMN: what; what
     * to do". A file with no packages, or of an unknown version, is an error (SP_ERROR_INPUT), never an empty
     * success: except where the format says outright that there are none. */
    int (*read)(const struct sp_manifest_reading *reading, const char *path, const char *content,
                size_t length, struct sp_error *err);
};

extern const struct sp_manifest_format *const sp_manifest_formats[];
extern const size_t sp_manifest_format_count;

/* By id ("package-lock"); NULL: unknown. */
const struct sp_manifest_format *sp_manifest_format_find(const char *id);
/* By file name, else by content; NULL: none fits. */
const struct sp_manifest_format *sp_manifest_format_guess(const char *path, const char *content,
                                                          size_t length);

/* Reads the file PATH in FORMAT (NULL: guess). Includes are followed only beneath the directory of PATH. */
int sp_manifest_read_file(const struct sp_manifest_reading *reading, const struct sp_manifest_format *format,
                          const char *path, struct sp_error *err);
