/* catalogue.h: the folder that the corpus is made from: techniques of attacks and chores of honest packages,
 * each a description (YAML) and fragments of code beside it. docs/corpus.md has the form of both.
 * Read strictly: what is not understood is an error that names file and line. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_CATALOGUE_YAML_MAX ((size_t)64 << 10)
#define SP_CATALOGUE_FRAGMENT_MAX ((size_t)256 << 10)
#define SP_CATALOGUE_SHAPES_LEAST 2 /* of a language that a description promises */

enum sp_corpus_ecosystem { SP_CORPUS_NPM, SP_CORPUS_PYPI, SP_CORPUS_ECOSYSTEMS };
enum sp_corpus_language { SP_CORPUS_JS, SP_CORPUS_PY, SP_CORPUS_SH, SP_CORPUS_LANGUAGES };

/* What starts the code of a package. */
enum sp_corpus_trigger {
    SP_TRIGGER_PREINSTALL,
    SP_TRIGGER_INSTALL,
    SP_TRIGGER_POSTINSTALL,
    SP_TRIGGER_GYP,
    SP_TRIGGER_LOAD,
    SP_TRIGGER_SETUP,
    SP_TRIGGER_INSTALL_CLASS,
    SP_TRIGGER_EGG_INFO,
    SP_TRIGGER_BACKEND,
    SP_TRIGGER_PTH,
    SP_TRIGGER_IMPORT,
    SP_TRIGGER_COUNT,
};
/* What the code hides in. */
enum sp_corpus_wrapper {
    SP_WRAPPER_PLAIN,
    SP_WRAPPER_BASE64,
    SP_WRAPPER_ZLIB,
    SP_WRAPPER_HEX,
    SP_WRAPPER_REVERSED,
    SP_WRAPPER_CHILD,
    SP_WRAPPER_VM,
    SP_WRAPPER_MARSHAL,
    SP_WRAPPER_COUNT,
};
const char *sp_corpus_ecosystem_name(enum sp_corpus_ecosystem ecosystem);
const char *sp_corpus_trigger_name(enum sp_corpus_trigger trigger);
enum sp_corpus_ecosystem sp_corpus_trigger_ecosystem(enum sp_corpus_trigger trigger);
const char *sp_corpus_wrapper_name(enum sp_corpus_wrapper wrapper);

struct sp_words {
    const char **items;
    size_t count, capacity;
};

struct sp_choice {
    const char *name; /* of the placeholder */
    struct sp_words values;
};

struct sp_fragment {
    const char *shape; /* of its file's name */
    enum sp_corpus_language language;
    const char *text; /* without its first line */
    size_t length;
};

/* A technique or a chore; all strings live as long as the catalogue. */
struct sp_corpus_entry {
    const char *id, *title, *class_; /* class_: "" of a chore that says none */
    bool chore, companion;
    struct sp_words attack, sources;
    uint32_t triggers; /* 1 << enum sp_corpus_trigger */
    uint32_t wrappers; /* 1 << enum sp_corpus_wrapper */
    struct sp_choice *choices;
    size_t choice_count, choice_capacity;
    struct sp_fragment *fragments;
    size_t fragment_count, fragment_capacity;
};

struct sp_corpus_dependency {
    enum sp_corpus_ecosystem ecosystem;
    const char *name, *range;
};

/* Zero-initialise. */
struct sp_catalogue {
    struct sp_corpus_entry *techniques, *chores; /* by id */
    size_t technique_count, technique_capacity, chore_count, chore_capacity;
    struct sp_corpus_dependency *dependencies; /* popular packages that made-up ones depend on */
    size_t dependency_count, dependency_capacity;
    struct sp_arena arena;
};

/* Reads FOLDER/replicas, FOLDER/chores and, where it is there, FOLDER/dependencies.tsv. */
int sp_catalogue_read(struct sp_catalogue *out, const char *folder, struct sp_error *err);
void sp_catalogue_free(struct sp_catalogue *catalogue);
#define sp_autocatalogue __attribute__((cleanup(sp_catalogue_free)))

/* NULL: there is none of this id. */
const struct sp_corpus_entry *sp_catalogue_technique(const struct sp_catalogue *catalogue, const char *id);
/* How many fragments of LANGUAGE the entry has. */
size_t sp_corpus_shapes(const struct sp_corpus_entry *entry, enum sp_corpus_language language);

/* ---- the two forms by themselves ---- */

/* Reads the description TEXT (a NUL follows; PATH is for messages) into ENTRY, whose .chore says which of
 * both it is. Strings go to ARENA. The entry's arrays are the caller's, also after an error:
 * sp_corpus_entry_free. */
int sp_corpus_entry_read(struct sp_corpus_entry *entry, const char *path, const char *text, size_t length,
                         struct sp_arena *arena, struct sp_error *err);
void sp_corpus_entry_free(struct sp_corpus_entry *entry);
/* Checks the fragment TEXT of ENTRY: its first line, its function, its placeholders. *BODY: where the code
 * begins. */
int sp_corpus_fragment_check(const struct sp_corpus_entry *entry, enum sp_corpus_language language,
                             const char *path, const char *text, size_t length, size_t *body,
                             struct sp_error *err);
