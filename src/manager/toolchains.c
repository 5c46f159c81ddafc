/* toolchains.c: what of the hidden home the command's programs need. The home is hidden because it holds
 * secrets, so a path is shown only where PATH or the program itself leads there, and of a tool's directory
 * only that which holds no credentials. */
#include "manager/planning.h"

#include <limits.h>
#include <string.h>

/* Beneath the home; longer ones first. Where .cargo is concerned: ~/.cargo/credentials.toml. */
static const char *const roots[] = {
    ".local/share/uv/python",
    ".local/share/uv/tools",
    ".local/share/mise",
    ".local/share/fnm",
    ".local/share/pnpm",
    ".local/share/pipx",
    ".local/share/rtx",
    ".local/pipx",
    ".rustup/toolchains",
    ".cargo/bin",
    ".sdkman",
    ".pyenv",
    ".nvm",
    ".asdf",
    ".volta",
    ".fnm",
    ".nodenv",
    ".n",
    ".rbenv",
    ".bun",
    ".deno",
    "miniconda3",
    "anaconda3",
    "miniforge3",
    "mambaforge",
    ".yarn/bin",
    ".corepack",
    ".cache/node/corepack",
};

static int
add_readable(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    /* never the home itself, nor what is above it: then nothing would be hidden */
    if (sp_path_beneath(path, planning->request->home) || !sp_path_is_directory(path))
        return 0;
    if (plan->project && sp_path_beneath(plan->project, path))
        return 0;
    for (size_t i = 0; i < plan->trees.count; i++)
        if (sp_path_beneath(plan->trees.items[i], path))
            return 0;
    for (size_t i = 0; i < plan->readable.count; i++)
        if (sp_path_beneath(plan->readable.items[i], path))
            return 0;
    const char *kept = sp_arena_copy(&plan->arena, path, strlen(path), err);
    return kept ? sp_path_list_add(&plan->readable, kept, err) : -1;
}

/* What stands in every sandbox. */
static bool
is_system(const char *path)
{
    static const char *const system[] = { "/usr",    "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                                          "/libx32", "/etc", "/opt",  "/nix", "/gnu" };
    for (size_t i = 0; i < SP_COUNT(system); i++)
        if (sp_path_beneath(system[i], path))
            return true;
    return false;
}

/* Where in PATH the directory of a known tool ends; 0: nowhere. */
static size_t
tool_root(const char *path)
{
    for (size_t i = 0; i < SP_COUNT(roots); i++) {
        size_t length = strlen(roots[i]);
        for (const char *at = path; (at = strstr(at, roots[i])); at++)
            if (at > path && at[-1] == '/' && (!at[length] || at[length] == '/'))
                return (size_t)(at - path) + length;
    }
    return 0;
}

/* DIRECTORY holds a program that may be run. It may lie in this home, in another, or anywhere else that a
 * sandbox does not show: a command that finds another program of the same name would not be the user's. */
static int
add_directory(struct sp_planning *planning, const char *directory, struct sp_error *err)
{
    char root[PATH_MAX];
    size_t length = tool_root(directory);
    if (is_system(directory) || !length)
        return is_system(directory) ? 0 : add_readable(planning, directory, err);
    snprintf(root, sizeof(root), "%.*s", (int)length, directory);
    return add_readable(planning, root, err);
}

/* Where the link PATH leads: its directory with all links resolved, the last component as it is. NULL with an
 * untouched ERR: no link. */
static const char *
follow(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof(target) - 1);
    if (length <= 0)
        return NULL;
    target[length] = '\0';
    const char *name = sp_base_name(target);
    int here = (int)(sp_base_name(path) - path);
    struct sp_arena *arena = &planning->plan->arena;
    const char *directory =
        target[0] == '/' ? sp_arena_copy(arena, target, (size_t)(name - target), err)
                         : sp_arena_printf(arena, err, "%.*s%.*s", here, path, (int)(name - target), target);
    if (directory)
        directory = sp_planning_path(planning, "/", directory, err);
    return directory ? sp_arena_printf(arena, err, "%s/%s", directory, name) : NULL;
}

int
sp_planning_toolchain_of(struct sp_planning *planning, const char *program, struct sp_error *err)
{
    /* each link on the way is a directory that the kernel, too, looks into */
    for (int hops = 0; program && hops < 16; hops++) {
        size_t length = (size_t)(sp_base_name(program) - program);
        if (length < 2)
            return 0;
        const char *directory = sp_arena_copy(&planning->plan->arena, program, length - 1, err);
        const char *real = directory ? sp_planning_path(planning, "/", directory, err) : NULL;
        if (!real || add_directory(planning, directory, err) < 0 || add_directory(planning, real, err) < 0)
            return -1;
        program = follow(planning, program, err);
    }
    return 0;
}

int
sp_planning_toolchains(struct sp_planning *planning, struct sp_error *err)
{
    const char *entry = sp_planning_getenv(planning, "PATH");
    while (entry && *entry) {
        size_t span = strcspn(entry, ":");
        if (span && entry[0] == '/' && span < PATH_MAX) {
            char directory[PATH_MAX];
            memcpy(directory, entry, span);
            directory[span] = '\0';
            while (span > 1 && directory[span - 1] == '/')
                directory[--span] = '\0';
            if (add_directory(planning, directory, err) < 0)
                return -1;
            entry += strcspn(entry, ":");
        } else {
            entry += span;
        }
        entry += *entry == ':';
    }
    const char *name = planning->request->argv[planning->first];
    const char *program = name ? sp_planning_which(planning, name, NULL, err) : NULL;
    return sp_planning_toolchain_of(planning, program, err);
}
