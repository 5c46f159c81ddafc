/* decoys_project.c: the project's own files that hold secrets, masked. Its tree is walked a few levels deep,
 * since workspaces have their own .env; what managers fill (node_modules) is not. */
#include "sandbox/decoys_parts.h"
#include "sandbox/mask.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)1 << 20) /* a larger one holds no settings */
#define FILES_MAX 128
#define ENTRIES_MAX 20000
#define DEPTH_MAX 4

struct walk {
    struct sp_decoy_making *making;
    const char *project; /* as real */
    unsigned files, entries;
};

static int
mask_one(struct walk *walk, const char *path, enum sp_mask_kind kind)
{
    struct sp_decoy_making *making = walk->making;
    struct sp_arena *arena = making->out->arena;
    struct stat about;
    sp_autobuffer struct sp_buffer content = { 0 };
    /* what cannot be read by us cannot be read by the package either; a giant is none of ours */
    if (lstat(path, &about) < 0 || !S_ISREG(about.st_mode) ||
        sp_file_read(path, FILE_MAX, &content, NULL) < 0)
        return 0;
    making->canaries = (struct sp_canaries){ .arena = arena };
    sp_buffer_clear(&making->bytes);
    int masked = sp_mask_file(kind, sp_buffer_string(&content), content.length, &making->bytes,
                              &making->canaries, making->err);
    if (masked <= 0)
        return masked;
    const char *within = path + strlen(walk->project);
    within += *within == '/';
    const char *id = sp_arena_printf(arena, making->err, "project:%s", within);
    const char *title = sp_arena_printf(arena, making->err, "the project's %s", within);
    const char *inside = sp_arena_copy(arena, path, strlen(path), making->err);
    if (!id || !title || !inside)
        return -1;
    walk->files++;
    return sp_decoys_add(making, id, title, false, inside, NULL, about.st_mode & 0777);
}

/* A link is masked where it leads to, if that is in the project and of this name; else the room hides it. */
static int
mask_linked(struct walk *walk, const char *path, enum sp_mask_kind kind)
{
    char real[PATH_MAX];
    size_t length = strlen(walk->project);
    if (!realpath(path, real) || strncmp(real, walk->project, length) || real[length] != '/')
        return 0;
    for (size_t i = 0; i < walk->making->out->count; i++)
        if (walk->making->out->items[i].path && !strcmp(walk->making->out->items[i].path, real))
            return 0;
    enum sp_mask_kind own; /* found by itself in the walk */
    const char *name = strrchr(real, '/') + 1;
    return sp_mask_kind_of(name, &own) ? 0 : mask_one(walk, real, kind);
}

static bool
is_skipped(const char *name)
{
    static const char *const names[] = { "node_modules",  ".git",  ".hg",   ".svn",
                                         ".venv",         "venv",  ".tox",  "__pycache__",
                                         "site-packages", ".yarn", ".next", "target" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
walk_directory(struct walk *walk, const char *directory, unsigned depth)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, NULL, by_name), result = 0;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char path[PATH_MAX];
        enum sp_mask_kind kind;
        struct stat about;
        if (result == 0 && strcmp(name, ".") && strcmp(name, "..") && walk->files < FILES_MAX &&
            walk->entries++ < ENTRIES_MAX &&
            snprintf(path, sizeof(path), "%s/%s", directory, name) < (int)sizeof(path)) {
            bool candidate = sp_mask_kind_of(name, &kind);
            unsigned char type = entries[i]->d_type;
            if (type == DT_UNKNOWN && lstat(path, &about) == 0)
                type = S_ISDIR(about.st_mode) ? DT_DIR : S_ISLNK(about.st_mode) ? DT_LNK : DT_REG;
            if (type == DT_DIR && depth < DEPTH_MAX && !is_skipped(name))
                result = walk_directory(walk, path, depth + 1);
            else if (candidate && type == DT_LNK)
                result = mask_linked(walk, path, kind);
            else if (candidate && type == DT_REG)
                result = mask_one(walk, path, kind);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

int
sp_decoys_of_project(struct sp_decoy_making *making)
{
    if (!making->wishes->project)
        return 0;
    char real[PATH_MAX], git[PATH_MAX + 16];
    if (!realpath(making->wishes->project, real))
        return sp_fail_errno(making->err, "%s: cannot read the project", making->wishes->project);
    struct walk walk = { .making = making, .project = real };
    if (!strcmp(real, "/"))
        real[0] = '\0';
    snprintf(git, sizeof(git), "%s/.git/config", real);
    if (mask_one(&walk, git, SP_MASK_SETTINGS) < 0)
        return -1;
    return walk_directory(&walk, *real ? real : "/", 0);
}
