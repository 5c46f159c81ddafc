/* corpus_parts.h: what the parts of the generator share: numbers drawn, a package while it is made, and the
 * steps from fragments to an archive. */
#pragma once
#include "base/hash.h"
#include "eval/catalogue.h"

/* ------------------------------------------------------------ corpus_draw.c */

/* One stream of numbers; each package has its own, so that what is made does not hang on its neighbours. */
struct sp_draw {
    uint64_t state;
};
struct sp_draw sp_draw_begin(uint64_t seed, const char *label);
uint64_t sp_draw_next(struct sp_draw *draw);
size_t sp_draw_below(struct sp_draw *draw, size_t limit); /* 0 where LIMIT is 0 */
bool sp_draw_chance(struct sp_draw *draw, unsigned percent);
const char *sp_draw_pick(struct sp_draw *draw, const char *const *words, size_t count);
#define sp_draw_word(draw, list) sp_draw_pick((draw), (list), SP_COUNT(list))
/* Draws one of the bits of MASK; -1: there is none. */
int sp_draw_bit(struct sp_draw *draw, uint32_t mask);

/* ------------------------------------------------------------ corpus_words.c: names and prose */

struct sp_corpus_words {
    const char *name;    /* "velmora-kit", "@velmora/kit" */
    const char *base;    /* without the scope */
    const char *module;  /* "velmora_kit" */
    const char *version; /* "3.1.4" */
    const char *title;   /* a line */
    const char *licence; /* SPDX */
    const char *author;  /* a made-up person */
    const char *keyword[4];
    size_t keywords;
};
/* Draws a name that TAKEN does not hold, and the rest; strings go to ARENA. */
int sp_corpus_draw_words(struct sp_corpus_words *out, struct sp_draw *draw,
                         enum sp_corpus_ecosystem ecosystem, struct sp_map *taken, struct sp_arena *arena,
                         struct sp_error *err);
/* A made-up word: "velmora". */
const char *sp_corpus_draw_invented(struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err);
int sp_corpus_write_readme(struct sp_buffer *out, const struct sp_corpus_words *words,
                           enum sp_corpus_ecosystem ecosystem, struct sp_draw *draw, struct sp_error *err);
int sp_corpus_write_licence(struct sp_buffer *out, const struct sp_corpus_words *words, struct sp_error *err);

/* ------------------------------------------------------------ corpus_plan.c: what a package does */

#define SP_ACTS_MAX 6

struct sp_act {
    const struct sp_corpus_entry *entry;
    const struct sp_fragment *fragment;
    bool hurried; /* its pauses are short */
};
enum sp_timing { SP_TIMING_NOW, SP_TIMING_LATER, SP_TIMING_NEXT, SP_TIMING_COUNT };

struct sp_corpus_plan {
    enum sp_corpus_ecosystem ecosystem;
    enum sp_corpus_trigger trigger;
    uint32_t wrappers[2]; /* the inner one first; SP_WRAPPER_COUNT: none */
    enum sp_timing timing;
    unsigned delay;                  /* milliseconds */
    struct sp_act acts[SP_ACTS_MAX]; /* in the order in which they run */
    size_t act_count;
    const struct sp_act *main_act; /* the technique, or the main chore */
    bool split;                    /* the acts stand in a file of their own */
    bool shell_file;               /* a main act in sh is a file that npm starts, not one inside the code */
    unsigned place;                /* 0 before, 1 between, 2 after the honest code */
};

/* A plan for TECHNIQUE (an attack), or for an honest package of the same mould. -1 with ERR. *OUT.main_act
 * NULL: the mould cannot be filled for this ecosystem. */
int sp_corpus_draw_plan(struct sp_corpus_plan *out, const struct sp_catalogue *catalogue,
                        const struct sp_corpus_entry *technique, bool honest,
                        enum sp_corpus_ecosystem ecosystem, struct sp_draw *draw, struct sp_error *err);
/* Whether anything in TECHNIQUE can be made for ECOSYSTEM. */
bool sp_corpus_fits(const struct sp_corpus_entry *technique, enum sp_corpus_ecosystem ecosystem);
/* "trigger=postinstall shape=quick wrapper=base64+child noise=a,b" */
int sp_corpus_write_note(struct sp_buffer *out, const struct sp_corpus_plan *plan, struct sp_error *err);

/* ------------------------------------------------------------ corpus_wrap.c, corpus_code.c: text */

int sp_corpus_base64(struct sp_buffer *out, const void *bytes, size_t length, struct sp_error *err);
/* Appends TEXT as a string literal of JavaScript and Python alike. */
int sp_corpus_quote(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err);
/* Appends a statement of LANGUAGE that runs CODE by way of WRAPPER, indented by INDENT spaces. GUARD: the
 * line that stands outside, for code that becomes a program of its own. */
int sp_corpus_wrap(struct sp_buffer *out, enum sp_corpus_language language, enum sp_corpus_wrapper wrapper,
                   const char *code, size_t length, unsigned indent, struct sp_draw *draw,
                   struct sp_error *err);
/* The wrappers that LANGUAGE has. */
uint32_t sp_corpus_wrappers_of(enum sp_corpus_language language);

/* What every generated file of code says first. */
#define SP_CORPUS_FIRST_LINE                                                                                 \
    "Made for Sallyport's corpus: harmless, and does nothing outside Sallyport's sandbox."

/* Appends the definition of a function NAME that runs the plan's acts behind the guard. */
int sp_corpus_write_acts(struct sp_buffer *out, const struct sp_corpus_plan *plan, const char *name,
                         struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err);
/* Appends a shell script that runs ACT behind the guard. */
int sp_corpus_write_shell(struct sp_buffer *out, const struct sp_act *act, struct sp_draw *draw,
                          struct sp_arena *arena, struct sp_error *err);
/* Appends the filled fragment; *FUNCTION: its function's name, in ARENA. */
int sp_corpus_fill(struct sp_buffer *out, const struct sp_act *act, const char **function,
                   struct sp_draw *draw, struct sp_arena *arena, struct sp_error *err);

/* ------------------------------------------------------------ corpus_ordinary.c: honest code */

#define SP_ORDINARY_MAX 12
/* A choice of functions: numbers below sp_corpus_ordinary_count. */
struct sp_ordinary {
    unsigned char picks[SP_ORDINARY_MAX];
    size_t count;
};
void sp_corpus_draw_ordinary(struct sp_ordinary *out, struct sp_draw *draw);
const char *sp_corpus_ordinary_name(enum sp_corpus_language language, unsigned pick);
const char *sp_corpus_ordinary_text(enum sp_corpus_language language, unsigned pick);
/* Appends a few imports of built-in modules. */
int sp_corpus_write_imports(struct sp_buffer *out, enum sp_corpus_language language, struct sp_draw *draw,
                            struct sp_error *err);

/* ------------------------------------------------------------ corpus_npm.c, corpus_pypi.c: packages */

#define SP_MADE_FILES_MAX 32
struct sp_made_file {
    const char *path;
    const char *bytes;
    size_t length;
    bool executable;
};
struct sp_made_files {
    struct sp_made_file *items; /* owned; what they point at is an arena's */
    size_t count, capacity;
};
/* Adds a file with what TEXT holds, which is emptied. */
int sp_made_add(struct sp_made_files *files, const char *path, struct sp_buffer *text, struct sp_arena *arena,
                struct sp_error *err);
struct sp_made_file *sp_made_find(const struct sp_made_files *files, const char *path);
void sp_made_free(struct sp_made_files *files);
#define sp_automade __attribute__((cleanup(sp_made_free)))

/* A package that is being made. */
struct sp_corpus_package {
    const struct sp_catalogue *catalogue;
    const struct sp_corpus_plan *plan; /* NULL: it only stands around, and depends on .companion */
    struct sp_corpus_words words;
    const struct sp_corpus_words *companion; /* NULL: none */
    struct sp_draw draw;
    struct sp_arena arena;
};
/* What stands for a package in the tree: one artefact and the page that names it. */
struct sp_corpus_artefact {
    struct sp_buffer page; /* packument.json, index.json */
    struct sp_buffer archive;
    const char *file; /* its name, in the package's arena */
    bool source;      /* pip builds it */
};
void sp_corpus_artefact_free(struct sp_corpus_artefact *artefact);
int sp_corpus_make_npm(struct sp_corpus_artefact *out, struct sp_corpus_package *package,
                       struct sp_error *err);
int sp_corpus_make_pypi(struct sp_corpus_artefact *out, struct sp_corpus_package *package,
                        struct sp_error *err);
/* Packs FILES as npm does, with the page for the manifest package.json among them. */
int sp_corpus_finish_npm(struct sp_corpus_artefact *out, const struct sp_made_files *files,
                         struct sp_arena *arena, struct sp_error *err);
/* The page of a PyPI project with the one file that OUT holds. REQUIRES: its Requires-Python, or NULL. */
int sp_corpus_finish_pypi(struct sp_corpus_artefact *out, const char *name, const char *version,
                          const char *requires, struct sp_error *err);
/* Writes the RECORD of a wheel over FILES, in their order, as DIRECTORY/RECORD. */
int sp_corpus_add_record(struct sp_made_files *files, const char *directory, struct sp_arena *arena,
                         struct sp_error *err);

/* ------------------------------------------------------------ corpus_pack.c: archives */

enum sp_archive_kind { SP_ARCHIVE_TGZ, SP_ARCHIVE_ZIP, SP_ARCHIVE_TAR_XZ };
/* Packs FILES in their order beneath PREFIX ("package/", or ""), always to the same bytes. */
int sp_corpus_pack(struct sp_buffer *out, enum sp_archive_kind kind, const struct sp_made_files *files,
                   const char *prefix, struct sp_error *err);
/* The bytes by themselves, compressed: TGZ gives gzip, TAR_XZ xz. */
int sp_corpus_compress(struct sp_buffer *out, enum sp_archive_kind kind, const void *bytes, size_t length,
                       struct sp_error *err);
/* Reads an archive of any of these kinds: its regular files, in its order, at most LIMIT bytes in all. */
int sp_corpus_unpack(struct sp_made_files *out, const void *bytes, size_t length, size_t limit,
                     struct sp_arena *arena, struct sp_error *err);

/* ------------------------------------------------------------ corpus_tree.c: the tree and its list */

struct sp_corpus_tree {
    int fd; /* of the folder */
    const char *path;
    struct sp_buffer list;
};
int sp_corpus_tree_open(struct sp_corpus_tree *tree, const char *path, struct sp_error *err);
/* Writes the page and the archive of package NAME. */
int sp_corpus_tree_put(struct sp_corpus_tree *tree, enum sp_corpus_ecosystem ecosystem, const char *name,
                       const struct sp_corpus_artefact *artefact, struct sp_error *err);
/* Writes BYTES as PATH beneath the tree; its folders are made. */
int sp_corpus_tree_write(struct sp_corpus_tree *tree, const char *path, const void *bytes, size_t length,
                         struct sp_error *err);

struct sp_corpus_row {
    enum sp_corpus_ecosystem ecosystem;
    const char *name, *version, *technique, *family, *origin, *culprit, *note;
    bool attack, source;
};
int sp_corpus_tree_list(struct sp_corpus_tree *tree, const struct sp_corpus_row *row, struct sp_error *err);
int sp_corpus_tree_close(struct sp_corpus_tree *tree, struct sp_error *err);
/* answers/: what the sinkhole gives for a download. */
int sp_corpus_tree_answers(struct sp_corpus_tree *tree, struct sp_error *err);
