/* pip.c: pip, and "python -m pip". Sources: pip(1) and its "Command reference", "Configuration",
 * "Repository options" of pip 25. */
#include "manager/python_load.h"
#include "manager/python_place.h"

#include <limits.h>
#include <string.h>

static const char *const with_value[] = {
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "--build-constraint",
    "-e",
    "--editable",
    "-t",
    "--target",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--root",
    "--prefix",
    "--src",
    "--upgrade-strategy",
    "-C",
    "--config-settings",
    "--global-option",
    "--build-option",
    "--no-binary",
    "--only-binary",
    "--progress-bar",
    "--root-user-action",
    "--report",
    "-i",
    "--index-url",
    "--pypi-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-d",
    "--dest",
    "-w",
    "--wheel-dir",
    "--python",
    "--log",
    "--keyring-provider",
    "--proxy",
    "--retries",
    "--timeout",
    "--exists-action",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--cache-dir",
    "--use-feature",
    "--use-deprecated",
    "--group",
    "--path",
    "--hash",
    "--resume-retries",
    "--uploaded-prior-to",
    NULL,
};

/* NAME is WORD with a version behind it, or without. */
static bool
is_named(const char *name, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(name, word, length) != 0)
        return false;
    name += length;
    return name[strspn(name, "0123456789.")] == '\0';
}

static bool
is_python(const char *name)
{
    return is_named(name, "python") || is_named(name, "pypy");
}

static bool
is_pip(const char *name)
{
    return is_named(name, "pip");
}

/* Index of "pip" in "python [-I ...] -m pip"; 0: it is no such command. */
static size_t
module_word(const char *const *argv)
{
    if (!argv[0] || !is_python(sp_base_name(argv[0])))
        return 0;
    for (size_t i = 1; argv[i] && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "-W") || !strcmp(argv[i], "-X")) {
            if (!argv[++i])
                return 0;
        } else if (!strcmp(argv[i], "-c")) {
            return 0;
        } else if (!strncmp(argv[i], "-mpip", 6)) {
            return i;
        } else if (strchr(argv[i], 'm') && argv[i][1] != '-' && argv[i][strlen(argv[i]) - 1] == 'm') {
            return argv[i + 1] && !strcmp(argv[i + 1], "pip") ? i + 1 : 0;
        }
    }
    return 0;
}

static bool
recognise(const char *const *argv)
{
    return argv[0] && (is_pip(sp_base_name(argv[0])) || module_word(argv) != 0);
}

struct command {
    const char *subcommand, *target, *prefix, *root, *directory, *cache, *python;
    bool user, no_user, local_project, dry_run;
    struct sp_path_list requirements;
};

static bool
is_option(const struct sp_word *word, const char *shorter, const char *longer)
{
    return !strcmp(word->option, longer) || (shorter && !strcmp(word->option, shorter));
}

static int
on_option(struct sp_planning *planning, struct command *command, const struct sp_word *word,
          struct sp_error *err)
{
    const char *value = word->value, *cwd = planning->request->cwd;
    if (is_option(word, "-t", "--target"))
        command->target = value;
    else if (is_option(word, NULL, "--prefix"))
        command->prefix = value;
    else if (is_option(word, NULL, "--root"))
        command->root = value;
    else if (is_option(word, "-d", "--dest") || is_option(word, "-w", "--wheel-dir"))
        command->directory = value;
    else if (is_option(word, NULL, "--cache-dir"))
        command->cache = value;
    else if (is_option(word, NULL, "--python"))
        command->python = value;
    else if (is_option(word, NULL, "--user"))
        command->user = true;
    else if (is_option(word, NULL, "--no-user"))
        command->no_user = true;
    else if (is_option(word, NULL, "--dry-run"))
        command->dry_run = true;
    else if (is_option(word, "-e", "--editable"))
        command->local_project = true;
    else if (value && (is_option(word, "-r", "--requirement") || is_option(word, "-c", "--constraint")) &&
             !strstr(value, "://")) {
        const char *path = sp_planning_path(planning, cwd, value, err);
        return path ? sp_path_list_add(&command->requirements, path, err) : -1;
    }
    return 0;
}

static int
read_words(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    size_t skipped = module_word(planning->request->argv + planning->first);
    struct sp_words words = { .argv = planning->request->argv + planning->first + skipped,
                              .with_value = with_value,
                              .clusters = true };
    struct sp_word word;
    planning->first += skipped; /* indices of words count from "pip" */
    int status = 0;
    while (status == 0 && sp_words_next(&words, &word)) {
        status = sp_planning_rewrite_word(planning, &word, err);
        if (status < 0)
            break;
        if (word.option[0])
            status = on_option(planning, command, &word, err);
        else if (!command->subcommand)
            command->subcommand = word.value;
        else if (strchr(word.value, '/') ? !strstr(word.value, "://") : word.value[0] == '.')
            command->local_project = true;
    }
    planning->first -= skipped;
    return status;
}

/* ~/.local, or PYTHONUSERBASE. */
static int
user_outputs(struct sp_planning *planning, const struct sp_python *python, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *base = sp_planning_getenv(planning, "PYTHONUSERBASE");
    base = sp_planning_path(planning, planning->request->cwd, base && *base ? base : "~/.local", err);
    const char *site =
        base ? sp_arena_printf(&plan->arena, err, "%s/lib/python%s/site-packages", base, python->version)
             : NULL;
    const char *bin = base ? sp_arena_printf(&plan->arena, err, "%s/bin", base) : NULL;
    if (!site || !bin || sp_path_list_add(&plan->modules, site, err) < 0 ||
        sp_plan_add_output_tree(plan, site, err) < 0 || sp_plan_add_output_tree(plan, bin, err) < 0)
        return -1;
    static const char *const places[] = { "share/man", "include" };
    for (size_t i = 0; i < SP_COUNT(places); i++) {
        const char *place = sp_arena_printf(&plan->arena, err, "%s/%s", base, places[i]);
        if (!place || sp_plan_add_output_tree(plan, place, err) < 0)
            return -1;
    }
    return 0;
}

/* Beneath --prefix P, or --root R with the interpreter's prefix behind it. */
static int
prefix_outputs(struct sp_planning *planning, const struct command *command, const struct sp_python *python,
               struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *cwd = planning->request->cwd;
    if (command->root) {
        const char *root = sp_planning_path(planning, cwd, command->root, err);
        if (!root)
            return -1;
        return sp_path_list_addf(plan, &plan->modules, err, "%s%s", root, python->site) < 0
                   ? -1
                   : sp_plan_add_output_tree(plan, root, err);
    }
    const char *prefix = sp_planning_path(planning, cwd, command->prefix, err);
    if (!prefix)
        return -1;
    /* Debian's pip puts "local" in between */
    for (size_t i = 0; i < (python->debian ? 3u : 1u); i++) {
        char relative[128];
        snprintf(relative, sizeof(relative),
                 i == 0   ? "lib/python%s/site-packages"
                 : i == 1 ? "local/lib/python%s/dist-packages"
                          : "lib/python%s/dist-packages",
                 python->version);
        if (sp_path_list_addf(plan, &plan->modules, err, "%s/%s", prefix, relative) < 0)
            return -1;
    }
    return sp_plan_add_output_tree(plan, prefix, err);
}

/* What setuptools writes into the source directory of a project that is installed from it. */
static int
project_outputs(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const names[] = { "*.egg-info", "src/*.egg-info", "build" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (sp_path_list_addf(plan, &plan->outputs, err, "%s/%s", plan->project, names[i]) < 0)
            return -1;
    return 0;
}

static bool
may_write(const char *path)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof(directory), "%s", path);
    while (!sp_path_exists(directory)) {
        char *slash = strrchr(directory, '/');
        if (!slash || slash == directory)
            return false;
        *slash = '\0';
    }
    return access(directory, W_OK) == 0;
}

static int
install_outputs(struct sp_planning *planning, const struct command *command, const struct sp_python *python,
                struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    bool install = strcmp(command->subcommand, "uninstall") != 0;
    if (install && command->local_project && project_outputs(planning, err) < 0)
        return -1;
    if (install && command->target) {
        const char *target = sp_planning_path(planning, planning->request->cwd, command->target, err);
        return !target || sp_path_list_add(&plan->modules, target, err) < 0
                   ? -1
                   : sp_plan_add_output_tree(plan, target, err);
    }
    if (!python->interpreter) {
        plan->lands = false; /* no Python of it found: the command fails, or is none that we know */
        return 0;
    }
    if (install && (command->prefix || command->root))
        return prefix_outputs(planning, command, python, err);
    bool own = python->venv || planning->request->as_root || may_write(python->site);
    const char *user_setting = sp_planning_getenv(planning, "PIP_USER");
    bool user = command->user ||
                (user_setting && (*user_setting == '1' || *user_setting == 't' || *user_setting == 'y'));
    if (install && !command->no_user && (user || !own))
        return user_outputs(planning, python, err);
    if (sp_python_outputs(planning, python, err) < 0)
        return -1;
    return install || python->venv ? 0 : user_outputs(planning, python, err);
}

/* pip download and pip wheel: into a directory, or single files of the working directory. */
static int
download_outputs(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const files[] = { "*.whl", "*.tar.gz", "*.zip", "*.tar.bz2", "*.tar.xz" };
    if (command->directory) {
        const char *directory = sp_planning_path(planning, planning->request->cwd, command->directory, err);
        if (!directory)
            return -1;
        if (strcmp(directory, plan->project) != 0)
            return sp_plan_add_output_tree(plan, directory, err);
    }
    for (size_t i = 0; i < SP_COUNT(files); i++)
        if (sp_path_list_addf(plan, &plan->outputs, err, "%s/%s", plan->project, files[i]) < 0)
            return -1;
    return 0;
}

static int
add_cache(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *cache = command->cache ? command->cache : sp_planning_getenv(planning, "PIP_CACHE_DIR");
    if (cache && *cache) {
        cache = sp_planning_path(planning, planning->request->cwd, cache, err);
        return cache ? sp_path_list_add(&plan->caches, cache, err) : -1;
    }
    const char *base = sp_planning_getenv(planning, "XDG_CACHE_HOME");
    if (base && base[0] == '/')
        return sp_path_list_addf(plan, &plan->caches, err, "%s/pip", base);
    return sp_path_list_addf(plan, &plan->caches, err, "%s/.cache/pip", planning->request->home);
}

static int
plan_command(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *name = planning->request->argv[planning->first];
    struct sp_python python = { 0 };
    if (read_words(planning, command, err) < 0)
        return -1;
    if (command->python) {
        /* a venv's directory or an interpreter */
        const char *path = sp_planning_path(planning, planning->request->cwd, command->python, err);
        if (path && sp_path_is_directory(path))
            path = sp_arena_printf(&plan->arena, err, "%s/bin/python", path);
        if (!path || sp_python_find(planning, path, &python, err) < 0)
            return -1;
    } else if (is_pip(sp_base_name(name)) ? sp_python_of_script(planning, name, &python, err) < 0
                                          : sp_python_find(planning, name, &python, err) < 0) {
        return -1;
    }
    plan->interpreter = python.interpreter;
    const char *program = sp_planning_which(planning, name, NULL, err);
    plan->program = program ? sp_planning_path(planning, "/", program, err) : NULL;
    for (size_t i = 0; i < command->requirements.count; i++) {
        const char *path = command->requirements.items[i];
        if (sp_path_list_add(&plan->manifests, path, err) < 0 ||
            sp_planning_rewrite_requirements(planning, path, err) < 0)
            return -1;
    }
    const char *subcommand = command->subcommand ? command->subcommand : "";
    bool installs = !strcmp(subcommand, "install") || !strcmp(subcommand, "uninstall");
    bool downloads = !strcmp(subcommand, "download") || !strcmp(subcommand, "wheel");
    plan->lands = (installs || downloads) && !command->dry_run;
    if ((installs && install_outputs(planning, command, &python, err) < 0) ||
        (downloads && download_outputs(planning, command, err) < 0))
        return -1;
    if (!plan->lands)
        plan->outputs.count = 0;
    if (sp_python_readable(planning, &python, err) < 0 || add_cache(planning, command, err) < 0)
        return -1;
    if (sp_plan_pip_env(planning, err) < 0)
        return -1;
    return sp_plan_user_pip_conf(planning, subcommand, err);
}

static int
plan_pip(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    struct command command = { 0 };
    plan->project = request->cwd;
    int status = plan_command(&planning, &command, err);
    free(command.requirements.items);
    return status;
}

const struct sp_manager sp_manager_pip = {
    .id = "pip",
    .title = "pip",
    .ecosystem = "pypi",
    .recognise = recognise,
    .plan = plan_pip,
    .loads = sp_python_loads,
};
