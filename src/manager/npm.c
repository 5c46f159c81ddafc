/* npm.c: npm and npx. Sources: npm(1) and its subcommands' manuals, npm-config(7), npm-folders(5); the code
 * of npm 11.19. */
#include "manager/node_load.h"
#include "manager/node_project.h"

#include <limits.h>
#include <string.h>

static const char *const with_value[] = {
    "--prefix",
    "-C",
    "--registry",
    "--cache",
    "--userconfig",
    "--globalconfig",
    "-w",
    "--workspace",
    "--omit",
    "--include",
    "--tag",
    "--loglevel",
    "--before",
    "--location",
    "--cafile",
    "--otp",
    "--scope",
    "--install-strategy",
    "--min-release-age",
    "--proxy",
    "--https-proxy",
    "--noproxy",
    "-c",
    "--call",
    "--package",
    "-p",
    "--audit-level",
    "--depth",
    "--node-options",
    "--script-shell",
    "--allow-scripts",
    NULL,
};

/* What a subcommand may leave behind. */
enum { MODULES = 1, LOCK = 2, MANIFEST = 4 };
static const struct {
    const char *names; /* divided by blanks; the first is the real one, then npm's aliases */
    unsigned leaves;
} subcommands[] = {
    { "install i in ins inst insta instal isnt isnta isntal isntall add", MODULES | LOCK | MANIFEST },
    { "ci clean-install ic install-clean isntall-clean", MODULES },
    { "install-ci-test cit clean-install-test sit", MODULES },
    { "install-test it", MODULES | LOCK | MANIFEST },
    { "update up upgrade udpate", MODULES | LOCK | MANIFEST },
    { "uninstall unlink remove rm r un", MODULES | LOCK | MANIFEST },
    { "dedupe ddp find-dupes", MODULES | LOCK },
    { "prune", MODULES | LOCK },
    { "link ln", MODULES | LOCK | MANIFEST },
    { "rebuild rb", MODULES },
    { "shrinkwrap", LOCK },
    { "version verison", LOCK | MANIFEST },
    { "pkg", MANIFEST },
    { "approve-scripts deny-scripts install-scripts", MANIFEST },
    { "init create innit", MODULES | LOCK | MANIFEST },
};

static bool
is_one_of(const char *word, const char *names)
{
    size_t length = strlen(word);
    for (const char *at = names; (at = strstr(at, word)); at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return length > 0;
    return false;
}

static bool
recognise(const char *const *argv)
{
    static const char *const names[] = { "npm", "npx", "npm-cli.js", "npx-cli.js", NULL };
    return argv[0] && sp_word_in(sp_base_name(argv[0]), names);
}

struct command {
    const char *subcommand, *second; /* positional words; NULL: none */
    const char *prefix;
    const char *cache;
    bool global;
};

static bool
says_yes(const char *value)
{
    return value && strcmp(value, "false") != 0 && strcmp(value, "0") != 0 && *value;
}

static int
read_words(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_words words = { .argv = planning->request->argv + planning->first, .with_value = with_value };
    struct sp_word word;
    command->global = says_yes(sp_npm_setting(planning, NULL, "global", err));
    const char *location = sp_npm_setting(planning, NULL, "location", err);
    command->global |= location && !strcmp(location, "global");
    while (sp_words_next(&words, &word)) {
        if (sp_planning_rewrite_word(planning, &word, err) < 0)
            return -1;
        if (!word.option[0]) {
            if (!command->subcommand)
                command->subcommand = word.value;
            else if (!command->second)
                command->second = word.value;
        } else if (!strcmp(word.option, "-g") || !strcmp(word.option, "--global")) {
            command->global = !word.value || says_yes(word.value);
        } else if (!strcmp(word.option, "--no-global")) {
            command->global = false;
        } else if (!strcmp(word.option, "--location")) {
            command->global |= word.value && !strcmp(word.value, "global");
        } else if (!strcmp(word.option, "--prefix") || !strcmp(word.option, "-C")) {
            command->prefix = word.value;
        } else if (!strcmp(word.option, "--cache")) {
            command->cache = word.value;
        }
    }
    return 0;
}

/* Where "npm install -g" installs: --prefix, npm_config_prefix, .npmrc, npm's own npmrc, node's place. */
static const char *
global_prefix(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    char path[PATH_MAX];
    const char *cwd = planning->request->cwd;
    const char *prefix = command->prefix ? command->prefix : sp_npm_setting(planning, NULL, "prefix", err);
    if (!prefix && plan->program) {
        /* PREFIX/lib/node_modules/npm/bin/npm-cli.js: its builtin settings are two directories up */
        const char *bin = strstr(plan->program, "/bin/npm-cli.js");
        if (bin) {
            snprintf(path, sizeof(path), "%.*s/npmrc", (int)(bin - plan->program), plan->program);
            prefix = sp_npmrc_value(planning, path, "prefix", err);
        }
    }
    if (!prefix)
        prefix = sp_planning_getenv(planning, "PREFIX");
    if (prefix)
        return sp_planning_path(planning, cwd, prefix, err);
    const char *node = plan->interpreter ? sp_planning_path(planning, "/", plan->interpreter, err) : NULL;
    const char *bin = node ? strstr(node, "/bin/node") : NULL;
    return bin ? sp_arena_copy(&plan->arena, node, bin == node ? 1 : (size_t)(bin - node), err)
               : sp_arena_printf(&plan->arena, err, "/usr/local");
}

static int
plan_global(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const places[] = { "lib/node_modules", "bin", "share/man" };
    plan->project = planning->request->cwd;
    const char *prefix = global_prefix(planning, command, err);
    if (!prefix)
        return -1;
    if (!command->prefix && sp_plan_add_env(plan, err, "npm_config_prefix=%s", prefix) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        const char *place = sp_arena_printf(&plan->arena, err, "%s/%s", prefix, places[i]);
        if (!place || sp_plan_add_output_tree(plan, place, err) < 0)
            return -1;
        if (i == 0 && sp_path_list_add(&plan->modules, place, err) < 0)
            return -1;
    }
    return 0;
}

/* Lockfiles, package.json and .npmrc of the project, as they are to stand inside. */
static int
rewrite_project(struct sp_planning *planning, const struct sp_path_list *packages, struct sp_error *err)
{
    static const char *const own[] = { "npm-shrinkwrap.json", "package-lock.json", ".npmrc",
                                       "node_modules/.package-lock.json" };
    return sp_node_project_files(planning, own, SP_COUNT(own), 2, packages, err);
}

static int
plan_project(struct sp_planning *planning, const struct command *command, unsigned leaves,
             struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *cwd = planning->request->cwd;
    plan->project = command->prefix ? sp_planning_path(planning, cwd, command->prefix, err)
                                    : sp_node_project_root(planning, cwd, err);
    if (!plan->project)
        return -1;
    struct sp_path_list packages = { 0 };
    int status = sp_node_project_packages(planning, plan->project, &packages, err);
    if (status == 0 && leaves & MODULES)
        status = sp_node_project_outputs(planning, &packages, leaves & MANIFEST, err);
    else if (status == 0 && leaves & MANIFEST)
        status = sp_path_list_addf(plan, &plan->outputs, err, "%s/package.json", plan->project);
    if (status == 0 && leaves & LOCK &&
        (sp_path_list_addf(plan, &plan->outputs, err, "%s/package-lock.json", plan->project) < 0 ||
         sp_path_list_addf(plan, &plan->outputs, err, "%s/npm-shrinkwrap.json", plan->project) < 0))
        status = -1;
    if (status == 0)
        status = rewrite_project(planning, &packages, err);
    free(packages.items);
    return status;
}

/* npm fetches what a lockfile lays on registry.npmjs.org from its own default registry. */
static void
note_replaced_host(struct sp_planning *planning, struct sp_error *err)
{
    const struct sp_registry *registry = sp_planning_default_registry(planning, SP_REGISTRY_NPM);
    const char *replace = sp_npm_setting(planning, planning->plan->project, "replace-registry-host", err);
    if (!registry || strstr(registry->url, "//registry.npmjs.org/") || (replace && !strcmp(replace, "never")))
        return;
    planning->plan->npmjs_from =
        sp_arena_copy(&planning->plan->arena, registry->url, strlen(registry->url), err);
}

static int
plan_npm(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    struct command command = { 0 };
    unsigned leaves = 0;
    if (read_words(&planning, &command, err) < 0 || sp_node_programs(&planning, err) < 0)
        return -1;
    bool npx = !strncmp(sp_base_name(request->argv[planning.first]), "npx", 3);
    for (size_t i = 0; !npx && command.subcommand && i < SP_COUNT(subcommands); i++)
        if (is_one_of(command.subcommand, subcommands[i].names))
            leaves = subcommands[i].leaves;
    if (!npx && command.subcommand && !strcmp(command.subcommand, "audit") && command.second &&
        !strcmp(command.second, "fix"))
        leaves = MODULES | LOCK | MANIFEST;
    plan->lands = leaves != 0;

    if (sp_plan_npm_env(&planning, err) < 0)
        return -1;
    bool global = command.global && leaves & MODULES;
    if (global ? plan_global(&planning, &command, err) < 0
               : plan_project(&planning, &command, leaves, err) < 0)
        return -1;
    note_replaced_host(&planning, err);

    const char *cache =
        command.cache ? command.cache : sp_npm_setting(&planning, plan->project, "cache", err);
    cache = cache ? sp_planning_path(&planning, request->cwd, cache, err)
                  : sp_arena_printf(&plan->arena, err, "%s/.npm", request->home);
    if (!cache || sp_path_list_addf(plan, &plan->caches, err, "%s/_cacache", cache) < 0)
        return -1;
    if (!command.cache && sp_plan_add_env(plan, err, "npm_config_cache=%s", cache) < 0)
        return -1;
    return sp_plan_user_npmrc(&planning, err);
}

const struct sp_manager sp_manager_npm = {
    .id = "npm",
    .title = "npm",
    .ecosystem = "npm",
    .recognise = recognise,
    .plan = plan_npm,
    .loads = sp_node_loads,
    .blocked = sp_npm_blocked,
};
