/* node_tree.c: the walk: nested node_modules, scopes, and pnpm's and yarn's stores in .pnpm and .store. Links
 * are not followed: what they lead to is walked where it lies. */
#include "manager/node_tree.h"

#include <fcntl.h>
#include <string.h>

#define NESTING_MAX 48    /* node_modules in node_modules */
#define ENTRIES_MAX 50000 /* of one directory */
#define PATH_LENGTH_MAX 4000

struct walk {
    struct sp_loading *loading;
    sp_new_package_fn each;
    void *context;
    bool told_limit;
};

bool
sp_node_runs_code(const struct sp_new_package *package)
{
    struct stat status;
    for (size_t i = 0; i < SP_COUNT(package->manifest->scripts); i++)
        if (package->manifest->scripts[i])
            return true;
    return !package->manifest->no_gyp &&
           fstatat(package->fd, "binding.gyp", &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static int walk_modules(struct walk *walk, int fd, const char *path, int nesting, struct sp_error *err);

/* Reads the package in DIRECTORY and hands it on if it is new. */
static int
meet(struct walk *walk, int fd, const char *directory, const char *modules, bool top, struct sp_error *err)
{
    struct sp_loading *loading = walk->loading;
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autopackage struct sp_node_package manifest = { 0 };
    const char *why;
    int found = sp_inside_read_at(fd, "package.json", SP_PACKAGE_JSON_MAX, &text, &why, err);
    if (found < 0)
        return -1;
    if (!found)
        return why ? sp_loading_note(loading, err, "%s: its package.json %s", directory, why) : 0;
    char path[PATH_LENGTH_MAX + 32];
    snprintf(path, sizeof(path), "%s/package.json", directory);
    if (sp_host_file_equals(path, sp_buffer_string(&text), text.length))
        return 0;
    if (loading->out->packages >= SP_LOAD_PACKAGES_MAX) {
        if (walk->told_limit)
            return 0;
        walk->told_limit = true;
        return sp_loading_note(loading, err, "more than %d new packages: the rest is not loaded",
                               SP_LOAD_PACKAGES_MAX);
    }
    loading->out->packages++;
    struct sp_error damaged;
    if (sp_node_package_read(&manifest, &arena, path, sp_buffer_string(&text), text.length, &damaged) < 0) {
        if (damaged.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_loading_note(loading, err, "%s", damaged.text);
    }
    const struct sp_new_package package = { .directory = directory,
                                            .modules = modules,
                                            .name = directory + strlen(modules) + 1,
                                            .top = top,
                                            .fd = fd,
                                            .manifest = &manifest };
    loading->out->ran_code += sp_node_runs_code(&package);
    return walk->each(walk->context, &package, err);
}

/* NAME in the directory FD, which is a node_modules or one of its scopes. */
static int
walk_entry(struct walk *walk, int fd, const char *path, const char *name, const char *modules, int nesting,
           struct sp_error *err)
{
    char whole[PATH_LENGTH_MAX];
    if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", path, name) >= sizeof(whole))
        return sp_loading_note(walk->loading, err, "%.200s...: a path that is too long", path);
    sp_autoclose int entry = sp_inside_open_at(fd, name, O_RDONLY | O_DIRECTORY);
    if (entry < 0)
        return 0; /* a file, or a link */
    if (name[0] == '@' && path == modules) {
        sp_autonames struct sp_names names = { 0 };
        if (sp_inside_list(entry, ENTRIES_MAX, &names, err) < 0)
            return -1;
        for (size_t i = 0; i < names.count; i++)
            if (names.items[i][0] != '.' &&
                walk_entry(walk, entry, whole, names.items[i], modules, nesting, err) < 0)
                return -1;
        return 0;
    }
    if (meet(walk, entry, whole, modules, nesting == 0, err) < 0)
        return -1;
    sp_autoclose int nested = sp_inside_open_at(entry, "node_modules", O_RDONLY | O_DIRECTORY);
    if (nested < 0)
        return 0;
    if (strlen(whole) + sizeof("/node_modules") > sizeof(whole))
        return 0;
    strcat(whole, "/node_modules");
    return walk_modules(walk, nested, whole, nesting + 1, err);
}

/* .pnpm/NAME@VERSION/node_modules, and yarn's .store/NAME/package is met through its own node_modules. */
static int
walk_store(struct walk *walk, int fd, const char *path, const char *store, int nesting, struct sp_error *err)
{
    sp_autoclose int entries = sp_inside_open_at(fd, store, O_RDONLY | O_DIRECTORY);
    sp_autonames struct sp_names names = { 0 };
    if (entries < 0)
        return 0;
    if (sp_inside_list(entries, ENTRIES_MAX, &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        char inner[512], whole[PATH_LENGTH_MAX];
        if ((size_t)snprintf(inner, sizeof(inner), "%s/node_modules", names.items[i]) >= sizeof(inner) ||
            (size_t)snprintf(whole, sizeof(whole), "%s/%s/%s", path, store, inner) >= sizeof(whole))
            continue;
        sp_autoclose int modules = sp_inside_open_at(entries, inner, O_RDONLY | O_DIRECTORY);
        if (modules >= 0 && walk_modules(walk, modules, whole, nesting + 1, err) < 0)
            return -1;
    }
    return 0;
}

static int
walk_modules(struct walk *walk, int fd, const char *path, int nesting, struct sp_error *err)
{
    sp_autonames struct sp_names names = { 0 };
    if (nesting > NESTING_MAX)
        return sp_loading_note(walk->loading, err, "%.200s...: packages nested deeper than %d", path,
                               NESTING_MAX);
    if (sp_inside_list(fd, ENTRIES_MAX, &names, err) < 0)
        return -1;
    if (names.cut && sp_loading_note(walk->loading, err, "%s: more than %d entries", path, ENTRIES_MAX) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        int status = 0;
        if (!strcmp(name, ".pnpm") || !strcmp(name, ".store"))
            status = walk_store(walk, fd, path, name, nesting, err);
        else if (name[0] != '.')
            status = walk_entry(walk, fd, path, name, path, nesting, err);
        if (status < 0)
            return -1;
    }
    return 0;
}

int
sp_node_tree_walk(struct sp_loading *loading, sp_new_package_fn each, void *context, struct sp_error *err)
{
    struct walk walk = { .loading = loading, .each = each, .context = context };
    const struct sp_path_list *modules = &loading->plan->modules;
    for (size_t i = 0; i < modules->count; i++) {
        sp_autoclose int fd = sp_inside_open(loading->root, modules->items[i], O_RDONLY | O_DIRECTORY);
        if (fd >= 0 && walk_modules(&walk, fd, modules->items[i], 0, err) < 0)
            return -1;
    }
    return 0;
}
