/* node_project.c: roots, workspaces and .npmrc. Sources: npm-prefix(1), npm "Workspaces", pnpm "Workspace".
 */
#include "manager/node_project.h"
#include "base/file.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>

#define WORKSPACES_MAX 2000
#define WORKSPACE_DEPTH_MAX 8
#define NPMRC_MAX ((size_t)1 << 20)

int
sp_node_project_read(struct sp_planning *planning, const char *directory, struct sp_node_package *package,
                     struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *path = sp_arena_printf(&planning->plan->arena, err, "%s/package.json", directory);
    if (!path)
        return -1;
    if (!sp_path_exists(path))
        return 0;
    if (sp_file_read(path, SP_PACKAGE_JSON_MAX, &text, err) < 0)
        return -1;
    return sp_node_package_read(package, &planning->plan->arena, path, sp_buffer_string(&text), text.length,
                                err);
}

/* ---- workspaces ---- */

struct expansion {
    struct sp_planning *planning;
    struct sp_path_list *directories;
    const struct sp_strings *patterns; /* for those that begin with '!' */
    const char *root;
};

static bool
is_excluded(const struct expansion *expansion, const char *path)
{
    const char *relative = path + strlen(expansion->root);
    relative += *relative == '/';
    for (size_t i = 0; i < expansion->patterns->count; i++) {
        const char *pattern = expansion->patterns->items[i];
        if (pattern && pattern[0] == '!' && !fnmatch(pattern + 1, relative, 0))
            return true;
    }
    return false;
}

static int expand(struct expansion *expansion, const char *directory, const char *pattern, int depth,
                  struct sp_error *err);

static int
expand_entries(struct expansion *expansion, const char *directory, const char *component, const char *rest,
               int depth, struct sp_error *err)
{
    DIR *entries = opendir(directory);
    int status = 0;
    for (struct dirent *entry; entries && status == 0 && (entry = readdir(entries));) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "node_modules") ||
            (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) ||
            fnmatch(component, entry->d_name, 0) != 0 ||
            (size_t)snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >= sizeof(path))
            continue;
        if (sp_path_is_directory(path))
            status = expand(expansion, path, rest, depth + 1, err);
    }
    if (entries)
        closedir(entries);
    return status;
}

/* PATTERN is what is left of it beneath DIRECTORY. */
static int
expand(struct expansion *expansion, const char *directory, const char *pattern, int depth,
       struct sp_error *err)
{
    while (!strncmp(pattern, "./", 2) || *pattern == '/')
        pattern += *pattern == '/' ? 1 : 2;
    if (!*pattern) {
        char manifest[PATH_MAX];
        if (expansion->directories->count >= WORKSPACES_MAX || is_excluded(expansion, directory) ||
            (size_t)snprintf(manifest, sizeof(manifest), "%s/package.json", directory) >= sizeof(manifest) ||
            !sp_path_exists(manifest))
            return 0;
        return sp_path_list_addf(expansion->planning->plan, expansion->directories, err, "%s", directory);
    }
    if (depth > WORKSPACE_DEPTH_MAX)
        return 0;
    size_t length = strcspn(pattern, "/");
    char component[NAME_MAX + 1], path[PATH_MAX];
    if (length >= sizeof(component))
        return 0;
    memcpy(component, pattern, length);
    component[length] = '\0';
    const char *rest = pattern + length;
    if (!strcmp(component, ".."))
        return 0; /* a workspace lies beneath its root */
    if (!strcmp(component, "**"))
        return expand(expansion, directory, rest, depth, err) < 0
                   ? -1
                   : expand_entries(expansion, directory, "*", pattern, depth, err);
    if (strpbrk(component, "*?["))
        return expand_entries(expansion, directory, component, rest, depth, err);
    if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, component) >= sizeof(path) ||
        !sp_path_is_directory(path))
        return 0;
    return expand(expansion, path, rest, depth + 1, err);
}

/* The "packages:" list of pnpm-workspace.yaml, as people write it: one "- pattern" a line. */
static int
read_pnpm_workspaces(struct sp_planning *planning, const char *root, struct sp_strings *patterns,
                     struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_arena *arena = &planning->plan->arena;
    const char *path = sp_arena_printf(arena, err, "%s/pnpm-workspace.yaml", root);
    if (!path)
        return -1;
    if (!sp_path_exists(path))
        return 0;
    if (sp_file_read(path, NPMRC_MAX, &text, err) < 0)
        return -1;
    bool inside = false;
    char *rest = NULL, *line = text.bytes ? strtok_r(text.bytes, "\n", &rest) : NULL;
    for (; line; line = strtok_r(NULL, "\n", &rest)) {
        char *item = line + strspn(line, " ");
        if (*item != '-') {
            if (*item && *item != '#' && item == line)
                inside = !strncmp(line, "packages:", 9);
            continue;
        }
        item += 1 + strspn(item + 1, " ");
        char quote = *item == '"' || *item == '\'' ? *item++ : '\0';
        const char stops[] = { quote ? quote : ' ', '\r', '\0' };
        item[strcspn(item, stops)] = '\0';
        if (!inside || !*item)
            continue;
        if (sp_grow(patterns->items, patterns->capacity, patterns->count + 1, err) < 0)
            return -1;
        patterns->items[patterns->count] = sp_arena_copy(arena, item, strlen(item), err);
        if (!patterns->items[patterns->count++])
            return -1;
    }
    return 0;
}

int
sp_node_project_packages(struct sp_planning *planning, const char *root, struct sp_path_list *directories,
                         struct sp_error *err)
{
    sp_autopackage struct sp_node_package package = { 0 };
    if (sp_node_project_read(planning, root, &package, err) < 0 ||
        read_pnpm_workspaces(planning, root, &package.workspaces, err) < 0 ||
        sp_path_list_add(directories, root, err) < 0)
        return -1;
    struct expansion expansion = { planning, directories, &package.workspaces, root };
    for (size_t i = 0; i < package.workspaces.count; i++)
        if (package.workspaces.items[i][0] != '!' &&
            expand(&expansion, root, package.workspaces.items[i], 0, err) < 0)
            return -1;
    return 0;
}

const char *
sp_node_project_root(struct sp_planning *planning, const char *start, struct sp_error *err)
{
    static const char *const marks[] = { "package.json", "node_modules", NULL };
    static const char *const manifests[] = { "package.json", "pnpm-workspace.yaml", NULL };
    const char *root = sp_planning_upwards(planning, start, marks, err);
    if (!root)
        return start;
    /* a workspace belongs to the root above that lists it */
    const char *above = root;
    while ((above = sp_arena_copy(&planning->plan->arena, above, strlen(above), err))) {
        char *slash = strrchr(above, '/');
        if (!slash || slash == above)
            break;
        *slash = '\0';
        above = sp_planning_upwards(planning, above, manifests, err);
        if (!above)
            break;
        struct sp_path_list packages = { 0 };
        int status = sp_node_project_packages(planning, above, &packages, err);
        bool holds = false;
        for (size_t i = 1; status == 0 && i < packages.count; i++)
            holds |= !strcmp(packages.items[i], root);
        free(packages.items);
        if (status == 0 && holds) /* a damaged package.json above is not this project's trouble */
            return above;
    }
    return root;
}

int
sp_node_project_outputs(struct sp_planning *planning, const struct sp_path_list *directories, bool manifests,
                        struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    for (size_t i = 0; i < directories->count; i++) {
        const char *directory = directories->items[i];
        if (sp_path_list_addf(plan, &plan->outputs, err, "%s/node_modules", directory) < 0 ||
            sp_path_list_addf(plan, &plan->modules, err, "%s/node_modules", directory) < 0 ||
            (manifests && sp_path_list_addf(plan, &plan->outputs, err, "%s/package.json", directory) < 0))
            return -1;
    }
    return 0;
}

/* ---- .npmrc ---- */

static const char *
expand_value(struct sp_planning *planning, const char *value, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    for (const char *at = value; *at; at++) {
        const char *close = at[0] == '$' && at[1] == '{' ? strchr(at, '}') : NULL;
        char name[128];
        const char *found = NULL;
        if (close && (size_t)(close - at - 2) < sizeof(name)) {
            memcpy(name, at + 2, (size_t)(close - at - 2));
            name[close - at - 2] = '\0';
            found = sp_planning_getenv(planning, name);
        }
        if (found ? sp_buffer_append_string(&out, found, err) < 0 : sp_buffer_append_byte(&out, *at, err) < 0)
            return NULL;
        if (found)
            at = close;
    }
    return sp_arena_copy(&planning->plan->arena, sp_buffer_string(&out), out.length, err);
}

const char *
sp_npmrc_value(struct sp_planning *planning, const char *path, const char *key, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (!sp_path_exists(path) || sp_file_read(path, NPMRC_MAX, &text, err) < 0 || !text.bytes)
        return NULL;
    const char *found = NULL;
    char *rest = NULL;
    for (char *line = strtok_r(text.bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        line += strspn(line, " \t");
        size_t length = strlen(key);
        if (strncmp(line, key, length) != 0)
            continue;
        char *value = line + length + strspn(line + length, " \t");
        if (*value != '=')
            continue;
        value += 1 + strspn(value + 1, " \t\"'");
        size_t span = strlen(value);
        while (span && strchr(" \t\r\"'", value[span - 1]))
            value[--span] = '\0';
        found = value;
    }
    return found && *found ? expand_value(planning, found, err) : NULL;
}

const char *
sp_npm_setting(struct sp_planning *planning, const char *project, const char *key, struct sp_error *err)
{
    char name[64], path[PATH_MAX];
    snprintf(name, sizeof(name), "npm_config_%s", key);
    const char *value = sp_planning_getenv(planning, name);
    if (!value || !*value) {
        for (char *c = name; *c; c++)
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
        value = sp_planning_getenv(planning, name);
    }
    if (value && *value)
        return value;
    if (project) {
        snprintf(path, sizeof(path), "%s/.npmrc", project);
        if ((value = sp_npmrc_value(planning, path, key, err)))
            return value;
    }
    const char *user = sp_planning_getenv(planning, "npm_config_userconfig");
    if (user)
        return sp_npmrc_value(planning, user, key, err);
    snprintf(path, sizeof(path), "%s/.npmrc", planning->request->home);
    return sp_npmrc_value(planning, path, key, err);
}

int
sp_node_programs(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *program = sp_planning_which(planning, planning->request->argv[planning->first], NULL, err);
    if (program)
        plan->program = sp_planning_path(planning, "/", program, err);
    if (program && !plan->program)
        return -1;
    /* not resolved: a version manager's shim looks at the name it was called by */
    plan->interpreter = sp_planning_which(planning, "node", NULL, err);
    return sp_planning_toolchain_of(planning, plan->interpreter, err);
}

int
sp_node_project_files(struct sp_planning *planning, const char *const *own, size_t count, size_t manifests,
                      const struct sp_path_list *directories, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    for (size_t i = 0; i < count + directories->count; i++) {
        const char *path =
            i < count ? sp_arena_printf(&plan->arena, err, "%s/%s", plan->project, own[i])
                      : sp_arena_printf(&plan->arena, err, "%s/package.json", directories->items[i - count]);
        bool manifest = i < manifests || i >= count;
        if (!path || sp_planning_rewrite(planning, path, err) < 0)
            return -1;
        if (manifest && !plan->manifests.count && sp_path_exists(path) &&
            sp_path_list_add(&plan->manifests, path, err) < 0)
            return -1;
    }
    return 0;
}
