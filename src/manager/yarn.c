/* yarn.c: yarn 1 and yarn berry (2 and later). One command line, two programs: the project says which.
 * Sources: yarn 1 "CLI" and "yarnrc"; yarn 4 "Settings" and "CLI"; corepack's README. */
#include "manager/node_load.h"
#include "manager/node_project.h"
#include "base/file.h"

#include <string.h>

static const char *const with_value[] = {
    "--cwd",
    "--registry",
    "--cache-folder",
    "--modules-folder",
    "--mutex",
    "--network-timeout",
    "--network-concurrency",
    "--prefix",
    "--global-folder",
    "--link-folder",
    "--preferred-cache-folder",
    "--use-yarnrc",
    "--proxy",
    "--https-proxy",
    "--otp",
    "--mode",
    "--pattern",
    "--scope",
    NULL,
};

static bool
recognise(const char *const *argv)
{
    static const char *const names[] = { "yarn", "yarnpkg", "yarn.js", "yarn.cjs", NULL };
    if (!argv[0])
        return false;
    const char *name = sp_base_name(argv[0]);
    return sp_word_in(name, names) || !strncmp(name, "yarn@", 5);
}

/* What yarn berry's table entry recognises: nothing by words alone. */
static bool
recognise_none(const char *const *argv)
{
    (void)argv;
    return false;
}

struct command {
    const char *subcommand, *second, *cwd, *cache, *modules;
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
        else if (!strcmp(word.option, "--cwd"))
            command->cwd = word.value;
        else if (!strcmp(word.option, "--cache-folder"))
            command->cache = word.value;
        else if (!strcmp(word.option, "--modules-folder"))
            command->modules = word.value;
    }
    return 0;
}

/* Berry or not, by packageManager, the lockfile's header and .yarnrc.yml. */
static int
is_berry(struct sp_planning *planning, const char *root, bool *berry, struct sp_error *err)
{
    struct sp_arena *arena = &planning->plan->arena;
    sp_autopackage struct sp_node_package package = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_node_project_read(planning, root, &package, err) < 0)
        return -1;
    const char *asked = planning->first && strchr(planning->request->argv[planning->first], '@')
                            ? planning->request->argv[planning->first]
                            : package.package_manager;
    if (asked && !strncmp(asked, "yarn@", 5) && asked[5] >= '0' && asked[5] <= '9') {
        *berry = strcspn(asked + 5, ".") > 1 || asked[5] > '1';
        return 0;
    }
    const char *lock = sp_arena_printf(arena, err, "%s/yarn.lock", root);
    const char *settings = sp_arena_printf(arena, err, "%s/.yarnrc.yml", root);
    if (!lock || !settings)
        return -1;
    if (sp_path_exists(lock)) {
        if (sp_file_read(lock, (size_t)128 << 20, &text, err) < 0)
            return -1;
        if (strstr(sp_buffer_string(&text), "# yarn lockfile v1")) {
            *berry = false;
            return 0;
        }
        if (strstr(sp_buffer_string(&text), "\n__metadata:")) {
            *berry = true;
            return 0;
        }
    }
    *berry =
        sp_path_exists(settings) || (planning->plan->program && strstr(planning->plan->program, "berry"));
    return 0;
}

static bool
installs(const struct command *command)
{
    static const char *const names[] = { "install", "add",       "remove", "upgrade", "up",
                                         "dedupe",  "link",      "unlink", "import",  "upgrade-interactive",
                                         "rebuild", "autoclean", "focus",  NULL };
    static const char *const nested[] = { "add", "remove", "up", "upgrade", "focus", "install", NULL };
    if (!command->subcommand)
        return true; /* "yarn" alone installs */
    if (sp_word_in(command->subcommand, names))
        return true;
    /* "yarn workspace NAME add X", "yarn workspaces focus" */
    return (!strcmp(command->subcommand, "workspaces") || !strcmp(command->subcommand, "global")) &&
           command->second && sp_word_in(command->second, nested);
}

/* "yarn workspace NAME add X": the word behind the name. */
static bool
installs_in_workspace(const struct sp_planning *planning)
{
    static const char *const nested[] = { "add", "remove", "up", "upgrade", "install", NULL };
    const char *const *argv = planning->request->argv + planning->first;
    return argv[0] && argv[1] && !strcmp(argv[1], "workspace") && argv[2] && argv[3] &&
           sp_word_in(argv[3], nested);
}

int
sp_plan_yarn_env(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const struct sp_registry *registry = sp_planning_default_registry(planning, SP_REGISTRY_NPM);
    const char *inside = registry ? sp_planning_inside(planning, registry->url, err) : NULL;
    if (registry && !inside)
        return -1;
    /* corepack has no trailing slash: it appends "/yarn/..." */
    size_t bare = inside ? strlen(inside) - (inside[strlen(inside) - 1] == '/') : 0;
    if (inside && (sp_plan_add_env(plan, err, "YARN_REGISTRY=%s", inside) < 0 ||
                   sp_plan_add_env(plan, err, "YARN_NPM_REGISTRY_SERVER=%.*s", (int)bare, inside) < 0 ||
                   sp_plan_add_env(plan, err, "COREPACK_NPM_REGISTRY=%.*s", (int)bare, inside) < 0))
        return -1;
    if (planning->request->registries->http_proxy && (sp_plan_add_env(plan, err, "YARN_HTTP_PROXY=") < 0 ||
                                                      sp_plan_add_env(plan, err, "YARN_HTTPS_PROXY=") < 0))
        return -1;
    if (sp_plan_add_env(plan, err, "COREPACK_ENABLE_DOWNLOAD_PROMPT=0") < 0 ||
        sp_plan_add_env(plan, err, "YARN_UNSAFE_HTTP_WHITELIST=%s", SP_PROXY_ADDRESS) < 0)
        return -1;
    return sp_plan_add_env(plan, err, "YARN_ENABLE_TELEMETRY=0");
}

static int
rewrite_project(struct sp_planning *planning, const struct sp_path_list *packages, struct sp_error *err)
{
    static const char *const own[] = { "yarn.lock",
                                       ".yarnrc",
                                       ".yarnrc.yml",
                                       ".npmrc",
                                       "node_modules/.yarn-integrity",
                                       "node_modules/.yarn-state.yml" };
    return sp_node_project_files(planning, own, SP_COUNT(own), 1, packages, err);
}

static int
project_outputs(struct sp_planning *planning, const struct command *command,
                const struct sp_path_list *packages, bool berry, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const of_berry[] = {
        ".pnp.cjs",        ".pnp.loader.mjs",        ".yarn/cache",
        ".yarn/unplugged", ".yarn/install-state.gz", ".yarn/build-state.yml"
    };
    if (sp_node_project_outputs(planning, packages, true, err) < 0 ||
        sp_path_list_addf(plan, &plan->outputs, err, "%s/yarn.lock", plan->project) < 0)
        return -1;
    for (size_t i = 0; berry && i < SP_COUNT(of_berry); i++)
        if (sp_path_list_addf(plan, &plan->outputs, err, "%s/%s", plan->project, of_berry[i]) < 0)
            return -1;
    if (!command->modules)
        return 0;
    const char *modules = sp_planning_path(planning, planning->request->cwd, command->modules, err);
    return !modules || sp_path_list_add(&plan->modules, modules, err) < 0
               ? -1
               : sp_plan_add_output_tree(plan, modules, err);
}

/* yarn 1 keeps global packages in a project of its own. */
static int
global_outputs(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *home = planning->request->home;
    const char *global = sp_arena_printf(&plan->arena, err, "%s/.config/yarn/global", home);
    const char *bin = sp_arena_printf(&plan->arena, err, "%s/.yarn/bin", home);
    if (!global || !bin || sp_plan_add_output_tree(plan, global, err) < 0 ||
        sp_plan_add_output_tree(plan, bin, err) < 0)
        return -1;
    return sp_path_list_addf(plan, &plan->modules, err, "%s/node_modules", global);
}

static int
add_cache(struct sp_planning *planning, const struct command *command, bool berry, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *home = planning->request->home;
    if (berry) {
        const char *global = sp_planning_getenv(planning, "YARN_GLOBAL_FOLDER");
        const char *folder =
            global && *global ? global : sp_arena_printf(&plan->arena, err, "%s/.yarn/berry", home);
        if (!folder || sp_path_list_addf(plan, &plan->caches, err, "%s/cache", folder) < 0)
            return -1;
        return sp_plan_add_env(plan, err, "YARN_GLOBAL_FOLDER=%s", folder);
    }
    const char *cache = command->cache ? command->cache : sp_planning_getenv(planning, "YARN_CACHE_FOLDER");
    const char *base = sp_planning_getenv(planning, "XDG_CACHE_HOME");
    if (cache && *cache)
        cache = sp_planning_path(planning, planning->request->cwd, cache, err);
    else if (base && base[0] == '/')
        cache = sp_arena_printf(&plan->arena, err, "%s/yarn", base);
    else if (planning->request->as_root) /* yarn 1 as root */
        cache = "/usr/local/share/.cache/yarn";
    else
        cache = sp_arena_printf(&plan->arena, err, "%s/.cache/yarn", home);
    if (!cache || sp_path_list_add(&plan->caches, cache, err) < 0)
        return -1;
    return command->cache ? 0 : sp_plan_add_env(plan, err, "YARN_CACHE_FOLDER=%s", cache);
}

static int
plan_yarn(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    static const char *const roots[] = { "yarn.lock", ".yarnrc.yml", NULL };
    struct command command = { 0 };
    bool berry;
    if (read_words(&planning, &command, err) < 0 || sp_node_programs(&planning, err) < 0)
        return -1;
    const char *start =
        command.cwd ? sp_planning_path(&planning, request->cwd, command.cwd, err) : request->cwd;
    const char *root = start ? sp_planning_upwards(&planning, start, roots, err) : NULL;
    const char *home = sp_planning_path(&planning, "/", request->home, err);
    if (!start || !home)
        return -1;
    /* a .yarnrc.yml in the home is the user's settings, not a project */
    if (!root || (!strcmp(root, home) && strcmp(start, home) != 0))
        root = sp_node_project_root(&planning, start, err);
    if (!root || is_berry(&planning, root, &berry, err) < 0)
        return -1;
    plan->project = root;
    if (berry)
        plan->manager = &sp_manager_yarn_berry;
    plan->lands = installs(&command) || installs_in_workspace(&planning);
    bool global = command.subcommand && !strcmp(command.subcommand, "global") && !berry;
    struct sp_path_list packages = { 0 };
    int status = sp_plan_npm_env(&planning, err) < 0 ? -1 : sp_plan_yarn_env(&planning, err);
    if (status == 0)
        status = sp_node_project_packages(&planning, root, &packages, err);
    if (status == 0 && plan->lands)
        status = global ? global_outputs(&planning, err)
                        : project_outputs(&planning, &command, &packages, berry, err);
    if (status == 0)
        status = rewrite_project(&planning, &packages, err);
    free(packages.items);
    if (status < 0 || add_cache(&planning, &command, berry, err) < 0)
        return -1;
    return berry ? 0 : sp_plan_user_npmrc(&planning, err);
}

const struct sp_manager sp_manager_yarn = {
    .id = "yarn",
    .title = "yarn 1",
    .ecosystem = "npm",
    .recognise = recognise,
    .plan = plan_yarn,
    .loads = sp_node_loads,
};

const struct sp_manager sp_manager_yarn_berry = {
    .id = "yarn-berry",
    .title = "yarn 2 and later",
    .ecosystem = "npm",
    .recognise = recognise_none,
    .plan = plan_yarn,
    .loads = sp_node_loads,
};
