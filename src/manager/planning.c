/* planning.c: environment, paths and programs of a plan. */
#include "manager/planning.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

const char *
sp_planning_getenv(const struct sp_planning *planning, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = planning->first; i-- > 0;) {
        const char *word = planning->request->argv[i];
        if (!strncmp(word, name, length) && word[length] == '=')
            return word + length + 1;
    }
    for (const char *const *env = planning->request->env; env && *env; env++)
        if (!strncmp(*env, name, length) && (*env)[length] == '=')
            return *env + length + 1;
    return NULL;
}

static char *
arena_vprintf(struct sp_arena *arena, struct sp_error *err, const char *format, va_list arguments)
{
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    if (length < 0) {
        sp_fail_memory(err);
        return NULL;
    }
    char *copy = sp_arena_copy(arena, text, (size_t)length, err);
    free(text);
    return copy;
}

int
sp_plan_add_env(struct sp_manager_plan *plan, struct sp_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *entry = arena_vprintf(&plan->arena, err, format, arguments);
    va_end(arguments);
    if (!entry || sp_grow(plan->env, plan->env_capacity, plan->env_count + 2, err) < 0)
        return -1;
    plan->env[plan->env_count++] = entry;
    plan->env[plan->env_count] = NULL;
    return 0;
}

bool
sp_path_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool
sp_path_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Takes "." and ".." and doubled slashes out of an absolute path whose parents need not exist. */
static void
normalise(char *path)
{
    char *out = path;
    const char *in = path;
    while (*in) {
        while (*in == '/')
            in++;
        size_t length = strcspn(in, "/");
        if (length == 2 && !strncmp(in, "..", 2)) {
            while (out > path && *--out != '/')
                continue;
        } else if (length && !(length == 1 && *in == '.')) {
            *out++ = '/';
            memmove(out, in, length);
            out += length;
        }
        in += length;
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

const char *
sp_planning_path(struct sp_planning *planning, const char *directory, const char *path, struct sp_error *err)
{
    struct sp_arena *arena = &planning->plan->arena;
    if (path[0] == '~' && (path[1] == '/' || !path[1])) {
        directory = planning->request->home;
        path += path[1] ? 2 : 1;
    }
    char *whole = path[0] == '/' ? sp_arena_printf(arena, err, "%s", path)
                                 : sp_arena_printf(arena, err, "%s/%s", directory, path);
    if (!whole)
        return NULL;
    /* links of the longest part that exists are resolved; what is to be made keeps its name */
    char real[PATH_MAX];
    size_t length = strlen(whole);
    for (size_t cut = length;;) {
        char kept = whole[cut];
        whole[cut] = '\0';
        bool found = realpath(cut ? whole : "/", real) != NULL;
        whole[cut] = kept;
        if (found) {
            char *resolved = sp_arena_printf(arena, err, "%s%s", real, whole + cut);
            if (resolved)
                normalise(resolved);
            return resolved;
        }
        if (!cut)
            break;
        while (cut && whole[--cut] != '/')
            continue;
    }
    normalise(whole);
    return whole;
}

int
sp_path_list_add(struct sp_path_list *list, const char *path, struct sp_error *err)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i], path))
            return 0;
    if (sp_grow(list->items, list->capacity, list->count + 1, err) < 0)
        return -1;
    list->items[list->count++] = path;
    return 0;
}

int
sp_path_list_addf(struct sp_manager_plan *plan, struct sp_path_list *list, struct sp_error *err,
                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *path = arena_vprintf(&plan->arena, err, format, arguments);
    va_end(arguments);
    return path ? sp_path_list_add(list, path, err) : -1;
}

int
sp_plan_add_output_tree(struct sp_manager_plan *plan, const char *path, struct sp_error *err)
{
    if (sp_path_list_add(&plan->outputs, path, err) < 0)
        return -1;
    if (sp_path_beneath(plan->project, path))
        return 0;
    for (size_t i = 0; i < plan->trees.count; i++)
        if (sp_path_beneath(plan->trees.items[i], path))
            return 0;
    return sp_path_list_add(&plan->trees, path, err);
}

const char *
sp_planning_upwards(struct sp_planning *planning, const char *start, const char *const *names,
                    struct sp_error *err)
{
    char *directory = sp_arena_printf(&planning->plan->arena, err, "%s", start);
    if (!directory)
        return NULL;
    char candidate[PATH_MAX];
    for (;;) {
        for (const char *const *name = names; *name; name++)
            if ((size_t)snprintf(candidate, sizeof(candidate), "%s/%s", directory, *name) <
                    sizeof(candidate) &&
                sp_path_exists(candidate))
                return directory;
        char *slash = strrchr(directory, '/');
        if (!slash || slash == directory)
            return NULL;
        *slash = '\0';
    }
}

static bool
runs(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

const char *
sp_planning_which(struct sp_planning *planning, const char *name, const char *skip, struct sp_error *err)
{
    struct sp_arena *arena = &planning->plan->arena;
    char path[PATH_MAX];
    if (strchr(name, '/')) {
        int length =
            snprintf(path, sizeof(path), name[0] == '/' ? "%.0s%s" : "%s/%s", planning->request->cwd, name);
        return length > 0 && (size_t)length < sizeof(path) && runs(path)
                   ? sp_arena_copy(arena, path, (size_t)length, err)
                   : NULL;
    }
    const char *entry = sp_planning_getenv(planning, "PATH");
    if (!entry)
        entry = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    while (*entry) {
        int span = (int)strcspn(entry, ":");
        if (span && !(skip && (size_t)span == strlen(skip) && !strncmp(entry, skip, (size_t)span))) {
            int length = entry[0] == '/' ? snprintf(path, sizeof(path), "%.*s/%s", span, entry, name)
                                         : snprintf(path, sizeof(path), "%s/%.*s/%s", planning->request->cwd,
                                                    span, entry, name);
            if (length > 0 && (size_t)length < sizeof(path) && runs(path))
                return sp_arena_copy(arena, path, (size_t)length, err);
        }
        entry += span;
        entry += *entry == ':';
    }
    return NULL;
}

const struct sp_registry *
sp_planning_default_registry(const struct sp_planning *planning, enum sp_registry_kind kind)
{
    const struct sp_registries *registries = planning->request->registries;
    for (size_t i = 0; i < registries->count; i++)
        if (registries->items[i].kind == kind && !registries->items[i].scope)
            return &registries->items[i];
    return NULL;
}

const char *
sp_planning_inside(struct sp_planning *planning, const char *url, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer inside = { 0 };
    if (sp_registry_url_inside(&inside, url, err) < 0)
        return NULL;
    return sp_arena_copy(&planning->plan->arena, inside.bytes, inside.length, err);
}
