/* index.h: the trusted packages and everything to find them by, as one read-only file that is mapped.
 *
 * File format, version 1, all numbers little-endian: a header of 64 bytes (magic "SALLYIDX", version, section
 * count, file size, checksum of header and section table), the section table, then the sections, each at a
 * multiple of 64 bytes with a checksum of its own. The sections of an ecosystem are verified when it is first
 * used, the shared ones when the file is opened: a damaged byte is refused with a line, never used.
 * docs/index-format.md describes the sections. */
#pragma once
#include "base/memory.h"
#include "ecosystem/ecosystem.h"
#include "name/embedding.h"

#include <stdint.h>

#define SP_INDEX_SIZE_MAX ((size_t)1 << 30)

struct sp_index;

/* Maps PATH (NULL: the one that sp_index_default_path finds). The caller closes *OUT. */
int sp_index_open(struct sp_index **out, const char *path, struct sp_error *err);
void sp_index_close(struct sp_index *index);

#define SP_INDEX_PATH_MAX 4096
/* $SALLYPORT_INDEX, else the file that lies where a build or an installation puts it beside the running
 * program, else the installed one; in ROOM or static. */
const char *sp_index_default_path(char room[SP_INDEX_PATH_MAX]);

/* Verifies every section's checksum and structure. -1 with ERR naming the first damaged section. */
int sp_index_verify(struct sp_index *index, struct sp_error *err);
/* The name embedding, owned by the index; NULL: it holds none. */
const struct sp_embedding *sp_index_embedding(const struct sp_index *index);

struct sp_index_section {
    char name[48];    /* "npm/edits" */
    const char *what; /* one line for people */
    uint64_t bytes;
    uint64_t items;
};
size_t sp_index_section_count(const struct sp_index *index);
void sp_index_section_at(const struct sp_index *index, size_t position, struct sp_index_section *out);
/* How many trusted packages ECOSYSTEM has; 0: none. */
uint32_t sp_index_trusted_count(const struct sp_index *index, enum sp_ecosystem_id ecosystem);
/* The line that the builder was given to describe where the data come from; "" none. */
const char *sp_index_origin(const struct sp_index *index);
/* When the full lists of names were taken, as the builder was told; "" unknown. */
const char *sp_index_names_date(const struct sp_index *index);

/* What an index is built from. BASE (may be NULL) is an open index whose trusted packages and shared tables
 * are taken where the recipe names no file of its own. Paths are borrowed; NULL: left out. Every TSV has a
 * header line; columns are found by their names, others are ignored. A damaged row is an error that names
 * file and line. */
struct sp_index_recipe {
    struct sp_index *base;
    const char *trusted[SP_ECOSYSTEM_COUNT]; /* name, rank, downloads (may be empty), summary */
    const char *names[SP_ECOSYSTEM_COUNT];   /* name: the registry's full list, for slopsquatting */
    const char *names_date;                  /* when these lists were taken, shown in findings */
    const char *extra;                       /* ecosystem, name: more targets, of unknown popularity */
    const char *namespaces;                  /* ecosystem, namespace, packages, best_rank */
    const char *commands;                    /* ecosystem, name, what */
    const char *builtins;                    /* ecosystem, name, kind, language */
    const char *imports;                     /* ecosystem, import, package */
    const char *aliases;                     /* ecosystem, alias, name */
    const char *vocabulary;                  /* token, df */
    const char *spelling;                    /* a, b, kind */
    const char *affixes;                     /* token, position, class */
    const char *families;                    /* ecosystem, pattern, position, members, kind */
    const char *embedding;                   /* binary, see embedding.h */
    const char *model;                       /* text, see model/model.h: the name risk */
    const char *origin;
};

/* Fills in the paths that the folder DIR (laid out as the project's data/) holds; strings are in ARENA. */
int sp_index_recipe_from_folder(struct sp_index_recipe *out, const char *dir, struct sp_arena *arena,
                                struct sp_error *err);

struct sp_index_progress {
    void (*step)(void *context, const char *what); /* may be NULL */
    void *context;
};

/* Builds the index and writes it to PATH, whole or not at all. The same input gives the same bytes. */
int sp_index_build(const struct sp_index_recipe *recipe, const char *path,
                   const struct sp_index_progress *progress, struct sp_error *err);
