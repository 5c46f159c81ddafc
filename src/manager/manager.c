/* manager.c: the table of package managers, and what a plan allows. */
#include "manager/manager.h"
#include "manager/planning.h"

#include <fnmatch.h>
#include <string.h>

const struct sp_manager *const sp_managers[] = {
    &sp_manager_npm, &sp_manager_yarn, &sp_manager_yarn_berry, &sp_manager_pnpm,
    &sp_manager_pip, &sp_manager_uv,   &sp_manager_other,
};
const size_t sp_manager_count = SP_COUNT(sp_managers);

const struct sp_manager *
sp_manager_find(const char *const *argv)
{
    const char *const *command = argv + sp_command_first(argv);
    for (size_t i = 0; i < sp_manager_count; i++)
        if (sp_managers[i]->recognise(command))
            return sp_managers[i];
    return &sp_manager_other;
}

static int
copy_argv(struct sp_manager_plan *plan, const char *const *argv, struct sp_error *err)
{
    size_t count = 0;
    while (argv[count])
        count++;
    plan->argv = sp_new_array(count + 1, sizeof(*plan->argv), err);
    for (size_t i = 0; plan->argv && i < count; i++)
        if (!(plan->argv[i] = sp_arena_copy(&plan->arena, argv[i], strlen(argv[i]), err)))
            return -1;
    return plan->argv ? 0 : -1;
}

int
sp_manager_plan(struct sp_manager_plan *out, const struct sp_manager_request *request, struct sp_error *err)
{
    *out = (struct sp_manager_plan){ .manager = sp_manager_find(request->argv) };
    out->env = sp_new_array(1, sizeof(*out->env), err);
    struct sp_planning planning = { out, request, sp_command_first(request->argv) };
    if (!out->env || copy_argv(out, request->argv, err) < 0)
        return -1;
    out->env_capacity = 1;
    if (!request->argv[0])
        return sp_fail(err, SP_ERROR_USAGE, "no command; write it behind '--'");
    if (out->manager->plan(out, request, err) < 0)
        return -1;
    /* last, for what lies in the project or in a tree needs no window of its own */
    return sp_planning_toolchains(&planning, err);
}

void
sp_manager_plan_free(struct sp_manager_plan *plan)
{
    struct sp_path_list *const lists[] = { &plan->trees,    &plan->caches,    &plan->outputs,
                                           &plan->readable, &plan->manifests, &plan->modules };
    for (size_t i = 0; i < SP_COUNT(lists); i++)
        free(lists[i]->items);
    free(plan->argv);
    free(plan->env);
    free(plan->rewritten);
    sp_rewritten_urls_free(&plan->urls);
    sp_arena_free(&plan->arena);
    *plan = (struct sp_manager_plan){ 0 };
}

/* OUTPUT may hold a pattern in its last component. */
static bool
output_holds(const char *output, const char *path)
{
    const char *name = sp_base_name(output);
    if (!strpbrk(name, "*?"))
        return sp_path_beneath(output, path);
    size_t directory = (size_t)(name - output);
    if (strncmp(output, path, directory) != 0)
        return false;
    const char *component = path + directory;
    size_t length = strcspn(component, "/");
    char copy[256];
    if (!length || length >= sizeof(copy))
        return false;
    memcpy(copy, component, length);
    copy[length] = '\0';
    return fnmatch(name, copy, FNM_PERIOD) == 0;
}

bool
sp_manager_may_land(const struct sp_manager_plan *plan, const char *path)
{
    /* a path that climbs is no path of an output */
    if (strstr(path, "/../") || (strlen(path) >= 3 && !strcmp(path + strlen(path) - 3, "/..")))
        return false;
    for (size_t i = 0; plan->lands && i < plan->outputs.count; i++)
        if (output_holds(plan->outputs.items[i], path))
            return true;
    return false;
}

/* Whether the path of the directory that NAME, the end of PATH, lies in ends so. */
static bool
lies_in(const char *path, const char *name, const char *end)
{
    size_t length = strlen(end), directory = (size_t)(name - path);
    return directory > length && !strncmp(name - 1 - length, end, length);
}

bool
sp_manager_restores(const struct sp_manager_plan *plan, const char *path)
{
    static const char *const lockfiles[] = { "package-lock.json",
                                             "npm-shrinkwrap.json",
                                             "package.json",
                                             "yarn.lock",
                                             "pnpm-lock.yaml",
                                             "uv.lock",
                                             "pyproject.toml",
                                             ".pnp.cjs",
                                             ".pnp.data.json",
                                             "pnpm-workspace.yaml",
                                             NULL };
    static const char *const in_modules[] = { ".package-lock.json",
                                              ".yarn-integrity",
                                              ".yarn-state.yml",
                                              ".package-map.json",
                                              ".modules.yaml",
                                              ".pnpm-workspace-state.json",
                                              ".pnpm-workspace-state-v1.json",
                                              NULL };
    static const char *const in_metadata[] = { "direct_url.json", "uv_cache.json", NULL };
    const char *name = sp_base_name(path);
    (void)plan;
    /* beneath node_modules a package.json is a package's content */
    if (sp_word_in(name, lockfiles))
        return strstr(path, "/node_modules/") == NULL;
    if (sp_word_in(name, in_modules))
        return lies_in(path, name, "node_modules");
    if (!strcmp(name, "lock.yaml"))
        return lies_in(path, name, "node_modules/.pnpm");
    return sp_word_in(name, in_metadata) && lies_in(path, name, ".dist-info");
}
