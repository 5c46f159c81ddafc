/* small_index.h: a folder of a test's own, and an index of a few packages that people know, built there. */
#pragma once
#include "base/file.h"
#include "name/index.h"
#include "name/search.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct small_index {
    char folder[64];
    struct sp_arena arena; /* of the paths */
    struct sp_index_recipe recipe;
    char *path;
    struct sp_index *index;
    struct sp_searcher *searcher;
};

static inline const struct sp_ecosystem *
small_ecosystem(const char *name)
{
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(name, strlen(name));
    if (!ecosystem)
        fail_msg("'%s' is no ecosystem", name);
    return ecosystem;
}

static inline void
small_begin(struct small_index *small)
{
    *small = (struct small_index){ 0 };
    const char *root = getenv("TMPDIR");
    snprintf(small->folder, sizeof(small->folder), "%.30s/sallyport-test-XXXXXX",
             root && *root ? root : "/tmp");
    if (!mkdtemp(small->folder))
        fail_msg("%s: cannot create", small->folder);
}

static inline char *
small_path(struct small_index *small, const char *name)
{
    char *path = sp_arena_printf(&small->arena, NULL, "%s/%s", small->folder, name);
    assert_non_null(path);
    return path;
}

/* Writes TEXT to the file NAME of the folder and returns its path. */
static inline char *
small_write(struct small_index *small, const char *name, const char *text)
{
    struct sp_error err = { 0 };
    char *path = small_path(small, name);
    if (sp_file_write(path, text, strlen(text), &err) < 0)
        fail_msg("%s", err.text);
    return path;
}

/* The trusted table of ECOSYSTEM: NAMES, one after the other, most popular first, NULL-terminated. */
static inline void
small_trust(struct small_index *small, const char *ecosystem, const char *const *names)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    char file[64];
    snprintf(file, sizeof(file), "%s.tsv", ecosystem);
    sp_buffer_append_string(&text, "name\trank\tdownloads\tsummary\n", NULL);
    for (size_t i = 0; names[i]; i++)
        sp_buffer_printf(&text, NULL, "%s\t%zu\t%zu\tabout %s\n", names[i], i + 1, 1000000 / (i + 1),
                         names[i]);
    small->recipe.trusted[small_ecosystem(ecosystem)->id] = small_write(small, file, sp_buffer_string(&text));
}

/* The word tables, lists, embedding and model of the repository; false where they are not there. */
static inline bool
small_take_words(struct small_index *small)
{
    const char *folder = getenv("SALLYPORT_DATA_DIR");
    struct sp_index_recipe shipped;
    struct sp_error err;
    if (sp_index_recipe_from_folder(&shipped, folder && *folder ? folder : "data", &small->arena, &err) < 0)
        return false;
    small->recipe.commands = shipped.commands;
    small->recipe.builtins = shipped.builtins;
    small->recipe.imports = shipped.imports;
    small->recipe.vocabulary = shipped.vocabulary;
    small->recipe.spelling = shipped.spelling;
    small->recipe.affixes = shipped.affixes;
    small->recipe.families = shipped.families;
    small->recipe.embedding = shipped.embedding;
    return shipped.vocabulary && shipped.spelling && shipped.affixes && shipped.embedding;
}

static inline void
small_build(struct small_index *small)
{
    struct sp_error err = { 0 };
    small->path = small_path(small, "small.index");
    if (sp_index_build(&small->recipe, small->path, NULL, &err) < 0 ||
        sp_index_open(&small->index, small->path, &err) < 0 ||
        sp_searcher_new(&small->searcher, small->index, &err) < 0)
        fail_msg("%s", err.text);
}

static inline void
small_end(struct small_index *small)
{
    sp_searcher_free(small->searcher);
    sp_index_close(small->index);
    DIR *folder = opendir(small->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    rmdir(small->folder);
    sp_arena_free(&small->arena);
}

/* The index of the build tree with all trusted packages; NULL, with a line that says so, where it is not
 * built. */
static inline struct sp_index *
real_index(void)
{
    const char *path = getenv("SALLYPORT_INDEX");
    struct sp_index *index = NULL;
    struct sp_error err = { 0 };
    if (!path || !*path || access(path, R_OK) < 0) {
        print_message("[  SKIPPED ] SALLYPORT_INDEX names no index: tests on the real one are left out\n");
        return NULL;
    }
    if (sp_index_open(&index, path, &err) < 0)
        fail_msg("%s", err.text);
    return index;
}
