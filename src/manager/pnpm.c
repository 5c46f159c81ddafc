/* pnpm.c: pnpm, pnpx. Sources: pnpm "CLI commands", "Settings", "Workspace" of pnpm 10. */
#include "manager/node_load.h"
#include "manager/node_project.h"

#include <string.h>

static const char *const with_value[] = {
    "-C",
    "--dir",
    "--registry",
    "--store-dir",
    "--filter",
    "-F",
    "--filter-prod",
    "--virtual-store-dir",
    "--reporter",
    "--loglevel",
    "--modules-dir",
    "--lockfile-dir",
    "--workspace-concurrency",
    "--network-concurrency",
    "--child-concurrency",
    "--node-linker",
    "--package-import-method",
    "--cache-dir",
    "--state-dir",
    "--global-dir",
    "--allow-build",
    NULL,
};

static bool
recognise(const char *const *argv)
{
    static const char *const names[] = { "pnpm", "pnpx", "pnpm.cjs", "pnpx.cjs", NULL };
    if (!argv[0])
        return false;
    const char *name = sp_base_name(argv[0]);
    return sp_word_in(name, names) || !strncmp(name, "pnpm@", 5);
}

struct command {
    const char *subcommand, *second, *directory, *store;
    bool global;
};

static int
read_words(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_words words = { .argv = planning->request->argv + planning->first, .with_value = with_value };
    struct sp_word word;
    while (sp_words_next(&words, &word)) {
        if (sp_planning_rewrite_word(planning, &word, err) < 0)
            return -1;
        if (!word.option[0] && !command->subcommand)
            command->subcommand = word.value;
        else if (!word.option[0] && !command->second)
            command->second = word.value;
        else if (!strcmp(word.option, "-C") || !strcmp(word.option, "--dir"))
            command->directory = word.value;
        else if (!strcmp(word.option, "--store-dir"))
            command->store = word.value;
        else if (!strcmp(word.option, "-g") || !strcmp(word.option, "--global"))
            command->global = true;
    }
    return 0;
}

static bool
installs(const struct sp_planning *planning, const struct command *command)
{
    static const char *const names[] = { "install",
                                         "i",
                                         "add",
                                         "update",
                                         "up",
                                         "upgrade",
                                         "remove",
                                         "rm",
                                         "uninstall",
                                         "un",
                                         "link",
                                         "ln",
                                         "unlink",
                                         "import",
                                         "rebuild",
                                         "rb",
                                         "prune",
                                         "dedupe",
                                         "approve-builds",
                                         "install-test",
                                         "it",
                                         "ci",
                                         "clean-install",
                                         "fetch",
                                         NULL };
    if (!strncmp(sp_base_name(planning->request->argv[planning->first]), "pnpx", 4))
        return false;
    const char *word = command->subcommand;
    if (word && (!strcmp(word, "recursive") || !strcmp(word, "m") || !strcmp(word, "multi")))
        word = command->second;
    return word && sp_word_in(word, names);
}

/* Where pnpm keeps what it shares between projects. */
static const char *
data_home(struct sp_planning *planning, struct sp_error *err)
{
    const char *home = sp_planning_getenv(planning, "PNPM_HOME");
    if (home && *home)
        return home;
    const char *base = sp_planning_getenv(planning, "XDG_DATA_HOME");
    if (base && base[0] == '/')
        return sp_arena_printf(&planning->plan->arena, err, "%s/pnpm", base);
    return sp_arena_printf(&planning->plan->arena, err, "%s/.local/share/pnpm", planning->request->home);
}

/* The store is named explicitly: pnpm would look for one on the project's own mount, which is an overlay. */
static int
add_caches(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *store =
        command->store ? command->store : sp_npm_setting(planning, plan->project, "store-dir", err);
    if (!store)
        store = sp_npm_setting(planning, plan->project, "store_dir", err);
    const char *home = data_home(planning, err);
    store = store  ? sp_planning_path(planning, planning->request->cwd, store, err)
            : home ? sp_arena_printf(&plan->arena, err, "%s/store", home)
                   : NULL;
    if (!store || sp_path_list_add(&plan->caches, store, err) < 0)
        return -1;
    const char *base = sp_planning_getenv(planning, "XDG_CACHE_HOME");
    if (base && base[0] == '/'
            ? sp_path_list_addf(plan, &plan->caches, err, "%s/pnpm", base) < 0
            : sp_path_list_addf(plan, &plan->caches, err, "%s/.cache/pnpm", planning->request->home) < 0)
        return -1;
    return command->store ? 0 : sp_plan_add_env(plan, err, "npm_config_store_dir=%s", store);
}

static int
global_outputs(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *home = data_home(planning, err);
    const char *global = home ? sp_arena_printf(&plan->arena, err, "%s/global", home) : NULL;
    if (!global || sp_plan_add_output_tree(plan, global, err) < 0)
        return -1;
    /* the programs' links lie in PNPM_HOME itself, beside the store */
    if (sp_path_list_addf(plan, &plan->outputs, err, "%s/*", home) < 0)
        return -1;
    return sp_path_list_addf(plan, &plan->modules, err, "%s/5/node_modules", global);
}

static int
project_files(struct sp_planning *planning, const struct sp_path_list *packages, struct sp_error *err)
{
    static const char *const own[] = { "pnpm-lock.yaml", ".npmrc", "node_modules/.modules.yaml",
                                       "node_modules/.pnpm/lock.yaml" };
    return sp_node_project_files(planning, own, SP_COUNT(own), 1, packages, err);
}

static int
plan_pnpm(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    static const char *const workspace[] = { "pnpm-workspace.yaml", NULL };
    struct command command = { 0 };
    if (read_words(&planning, &command, err) < 0 || sp_node_programs(&planning, err) < 0)
        return -1;
    const char *start =
        command.directory ? sp_planning_path(&planning, request->cwd, command.directory, err) : request->cwd;
    if (!start)
        return -1;
    const char *root = sp_planning_upwards(&planning, start, workspace, err);
    plan->project = root ? root : sp_node_project_root(&planning, start, err);
    if (!plan->project)
        return -1;
    plan->lands = installs(&planning, &command);
    struct sp_path_list packages = { 0 };
    int status = sp_plan_npm_env(&planning, err) < 0 ? -1 : sp_plan_yarn_env(&planning, err);
    if (status == 0)
        status = sp_node_project_packages(&planning, plan->project, &packages, err);
    if (status == 0 && plan->lands && command.global)
        status = global_outputs(&planning, err);
    else if (status == 0 && plan->lands)
        status =
            sp_node_project_outputs(&planning, &packages, true, err) < 0 ||
                    sp_path_list_addf(plan, &plan->outputs, err, "%s/pnpm-lock.yaml", plan->project) < 0 ||
                    sp_path_list_addf(plan, &plan->outputs, err, "%s/pnpm-workspace.yaml", plan->project) < 0
                ? -1
                : 0;
    if (status == 0)
        status = project_files(&planning, &packages, err);
    free(packages.items);
    if (status < 0 || add_caches(&planning, &command, err) < 0)
        return -1;
    return sp_plan_user_npmrc(&planning, err);
}

const struct sp_manager sp_manager_pnpm = {
    .id = "pnpm",
    .title = "pnpm",
    .ecosystem = "npm",
    .recognise = recognise,
    .plan = plan_pnpm,
    .loads = sp_node_loads,
    .blocked = sp_pnpm_blocked,
};
