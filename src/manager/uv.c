/* uv.c: uv's projects (sync, add, lock ...), "uv pip" and "uv tool". Sources: uv "Commands", "Environment
 * variables", "Projects" and "The pip interface" of uv 0.9. */
#include "manager/python_load.h"
#include "manager/python_place.h"
#include "base/file.h"

#include <string.h>

static const char *const with_value[] = {
    "-r",
    "--requirements",
    "--requirement",
    "-c",
    "--constraints",
    "--constraint",
    "--overrides",
    "-e",
    "--editable",
    "--index",
    "--default-index",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-P",
    "--upgrade-package",
    "--reinstall-package",
    "--index-strategy",
    "--keyring-provider",
    "--resolution",
    "--prerelease",
    "--fork-strategy",
    "-C",
    "--config-setting",
    "--exclude-newer",
    "--link-mode",
    "--target",
    "--prefix",
    "-p",
    "--python",
    "--python-platform",
    "--python-version",
    "--cache-dir",
    "--directory",
    "--project",
    "--config-file",
    "--color",
    "--extra",
    "--group",
    "--no-group",
    "--only-group",
    "--package",
    "--no-binary",
    "--only-binary",
    "--no-binary-package",
    "--no-build-package",
    "--allow-insecure-host",
    "--with",
    "--from",
    "--env-file",
    "--optional",
    "--rev",
    "--tag",
    "--branch",
    "--script",
    "--no-install-package",
    "--no-extra",
    "-o",
    "--output-file",
    NULL,
};

static bool
recognise(const char *const *argv)
{
    static const char *const names[] = { "uv", "uvx", NULL };
    return argv[0] && sp_word_in(sp_base_name(argv[0]), names);
}

struct command {
    const char *words[3];
    size_t word_count;
    const char *directory, *project, *target, *prefix, *python, *cache, *output;
    bool system, user, active;
    struct sp_path_list requirements;
};

static int
on_option(struct sp_planning *planning, struct command *command, const struct sp_word *word,
          struct sp_error *err)
{
    static const char *const files[] = {
        "-r", "--requirements", "--requirement", "-c", "--constraints", "--constraint", "--overrides", NULL
    };
    const struct {
        const char *option;
        const char **value;
    } values[] = {
        { "--directory", &command->directory },
        { "--project", &command->project },
        { "--target", &command->target },
        { "--prefix", &command->prefix },
        { "--python", &command->python },
        { "-p", &command->python },
        { "--cache-dir", &command->cache },
        { "--output-file", &command->output },
        { "-o", &command->output },
    };
    for (size_t i = 0; i < SP_COUNT(values); i++)
        if (!strcmp(word->option, values[i].option))
            *values[i].value = word->value;
    command->system |= !strcmp(word->option, "--system");
    command->active |= !strcmp(word->option, "--active");
    if (word->value && sp_word_in(word->option, files) && !strstr(word->value, "://") &&
        strcmp(word->value, "-") != 0) {
        const char *path = sp_planning_path(planning, planning->request->cwd, word->value, err);
        return path ? sp_path_list_add(&command->requirements, path, err) : -1;
    }
    return 0;
}

static int
read_words(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_words words = { .argv = planning->request->argv + planning->first, .with_value = with_value };
    struct sp_word word;
    while (sp_words_next(&words, &word)) {
        if (sp_planning_rewrite_word(planning, &word, err) < 0)
            return -1;
        if (word.option[0]) {
            if (on_option(planning, command, &word, err) < 0)
                return -1;
        } else if (command->word_count < SP_COUNT(command->words)) {
            command->words[command->word_count++] = word.value;
        }
    }
    return 0;
}

static bool
word_is(const struct command *command, size_t index, const char *word)
{
    return index < command->word_count && !strcmp(command->words[index], word);
}

/* Which index is uv's default one: it asks that last, pip's order has it first. What the project's own files
 * name stands rewritten in them and needs no environment. */
static const struct sp_registry *
default_index(const struct sp_planning *planning)
{
    const struct sp_registries *registries = planning->request->registries;
    if (planning->plan->manager != &sp_manager_uv)
        return sp_planning_default_registry(planning, SP_REGISTRY_PYPI);
    const struct sp_registry *last = NULL;
    for (size_t i = 0; i < registries->count; i++)
        if (registries->items[i].kind == SP_REGISTRY_PYPI)
            last = &registries->items[i];
    return last;
}

/* Indices that the user's own settings name beside the default one. */
static int
add_indices(struct sp_planning *planning, const struct sp_registry *standard, struct sp_error *err)
{
    const struct sp_registries *registries = planning->request->registries;
    sp_autobuffer struct sp_buffer urls = { 0 };
    for (size_t i = 0; i < registries->count; i++) {
        const struct sp_registry *registry = &registries->items[i];
        if (registry->kind != SP_REGISTRY_PYPI || registry == standard || registry->project)
            continue;
        if ((urls.length && sp_buffer_append_byte(&urls, ' ', err) < 0) ||
            sp_registry_url_inside(&urls, registry->url, err) < 0)
            return -1;
        if (urls.bytes[urls.length - 1] == '/')
            urls.bytes[--urls.length] = '\0';
    }
    return urls.length ? sp_plan_add_env(planning->plan, err, "UV_INDEX=%s", urls.bytes) : 0;
}

int
sp_plan_uv_env(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const urls[] = { "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_FIND_LINKS" };
    const struct sp_registry *index = default_index(planning);
    const char *inside = index && !index->project ? sp_planning_inside(planning, index->url, err) : NULL;
    if (index && !index->project && !inside)
        return -1;
    /* as lockfiles write it: without the slash */
    size_t length = inside ? strlen(inside) : 0;
    length -= length && inside[length - 1] == '/';
    if (inside && sp_plan_add_env(plan, err, "UV_DEFAULT_INDEX=%.*s", (int)length, inside) < 0)
        return -1;
    bool have_extra = sp_planning_getenv(planning, urls[0]) || sp_planning_getenv(planning, urls[1]);
    for (size_t i = 0; i < SP_COUNT(urls); i++)
        if (sp_plan_env_inside(planning, urls[i], err) < 0)
            return -1;
    if (!have_extra && add_indices(planning, index, err) < 0)
        return -1;
    if (!sp_planning_getenv(planning, "UV_LINK_MODE") &&
        sp_plan_add_env(plan, err, "UV_LINK_MODE=copy") < 0) /* links do not cross overlays */
        return -1;
    if (sp_plan_add_env(plan, err, "UV_INSECURE_HOST=%s", SP_PROXY_ADDRESS) < 0)
        return -1;
    return sp_plan_add_env(plan, err, "UV_PYTHON_DOWNLOADS=never");
}

/* The nearest pyproject.toml, and from there the workspace's root. */
static const char *
project_root(struct sp_planning *planning, const char *start, struct sp_error *err)
{
    static const char *const marks[] = { "pyproject.toml", NULL };
    struct sp_arena *arena = &planning->plan->arena;
    const char *root = sp_planning_upwards(planning, start, marks, err), *above = root;
    while (above) {
        sp_autobuffer struct sp_buffer text = { 0 };
        char *path = sp_arena_printf(arena, err, "%s/pyproject.toml", above);
        if (path && sp_file_read(path, (size_t)4 << 20, &text, NULL) == 0 &&
            strstr(sp_buffer_string(&text), "[tool.uv.workspace]"))
            return above;
        char *parent = sp_arena_printf(arena, err, "%s", above);
        char *slash = parent ? strrchr(parent, '/') : NULL;
        if (!slash || slash == parent)
            break;
        *slash = '\0';
        above = sp_planning_upwards(planning, parent, marks, err);
    }
    return root ? root : start;
}

/* The venv at PATH, which need not be there yet: an output, and where the result is loaded from. */
static int
venv_outputs(struct sp_planning *planning, const char *path, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    struct sp_python python = { 0 };
    const char *interpreter = sp_arena_printf(&plan->arena, err, "%s/bin/python", path);
    if (!interpreter)
        return -1;
    plan->interpreter = interpreter;
    if (sp_path_exists(interpreter)) {
        python.interpreter = interpreter;
        if (sp_python_place(planning, &python, err) < 0 || sp_python_readable(planning, &python, err) < 0)
            return -1;
    }
    if (sp_path_list_addf(plan, &plan->modules, err, "%s/lib/python*/site-packages", path) < 0)
        return -1;
    return sp_plan_add_output_tree(plan, path, err);
}

/* The environment that "uv pip" means: --python, --system, VIRTUAL_ENV, the nearest .venv. */
static int
pip_outputs(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const venv[] = { ".venv/pyvenv.cfg", NULL };
    const char *cwd = planning->request->cwd;
    struct sp_python python = { 0 };
    const char *active = sp_planning_getenv(planning, "VIRTUAL_ENV");
    const char *near = sp_planning_upwards(planning, cwd, venv, err);
    const char *asked = command->python ? command->python : NULL;
    const char *path = asked && strchr(asked, '/') ? sp_planning_path(planning, cwd, asked, err)
                       : asked || command->system  ? NULL
                       : active && *active         ? sp_planning_path(planning, cwd, active, err)
                       : near                      ? sp_arena_printf(&plan->arena, err, "%s/.venv", near)
                                                   : NULL;
    if (path && sp_path_is_directory(path))
        path = sp_arena_printf(&plan->arena, err, "%s/bin/python", path);
    char name[64];
    snprintf(name, sizeof(name), asked && asked[0] >= '0' && asked[0] <= '9' ? "python%s" : "%s",
             asked ? asked : "python3");
    if (sp_python_find(planning, path ? path : name, &python, err) < 0)
        return -1;
    plan->interpreter = python.interpreter;
    if (command->target || command->prefix) {
        const char *place =
            sp_planning_path(planning, cwd, command->target ? command->target : command->prefix, err);
        if (!place || (command->target ? sp_path_list_add(&plan->modules, place, err) < 0
                                       : sp_path_list_addf(plan, &plan->modules, err,
                                                           "%s/lib/python*/site-packages", place) < 0))
            return -1;
        return sp_plan_add_output_tree(plan, place, err);
    }
    if (!python.interpreter) {
        plan->lands = false;
        return 0;
    }
    return sp_python_readable(planning, &python, err) < 0 ? -1 : sp_python_outputs(planning, &python, err);
}

static int
tool_outputs(struct sp_planning *planning, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *tools = sp_planning_getenv(planning, "UV_TOOL_DIR");
    const char *bin = sp_planning_getenv(planning, "UV_TOOL_BIN_DIR");
    tools =
        sp_planning_path(planning, planning->request->cwd, tools ? tools : "~/.local/share/uv/tools", err);
    bin = sp_planning_path(planning, planning->request->cwd, bin ? bin : "~/.local/bin", err);
    return !tools || !bin || sp_plan_add_output_tree(plan, tools, err) < 0
               ? -1
               : sp_plan_add_output_tree(plan, bin, err);
}

static int
project_outputs(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const changes_project[] = { "add", "remove", NULL };
    static const char *const fills_venv[] = { "sync", "add", "remove", NULL };
    const char *environment = sp_planning_getenv(planning, "UV_PROJECT_ENVIRONMENT");
    const char *active = sp_planning_getenv(planning, "VIRTUAL_ENV");
    const char *venv = command->active && active     ? active
                       : environment && *environment ? environment
                                                     : ".venv";
    if (!sp_word_in(command->words[0], fills_venv) && strcmp(command->words[0], "lock") != 0)
        return -1;
    if (sp_word_in(command->words[0], changes_project) &&
        (sp_path_list_addf(plan, &plan->outputs, err, "%s/pyproject.toml", plan->project) < 0 ||
         sp_path_list_addf(plan, &plan->outputs, err, "%s/pyproject.toml", planning->request->cwd) < 0))
        return -1;
    if (sp_path_list_addf(plan, &plan->outputs, err, "%s/uv.lock", plan->project) < 0)
        return -1;
    if (!sp_word_in(command->words[0], fills_venv))
        return 0;
    const char *path = sp_planning_path(planning, plan->project, venv, err);
    return path ? venv_outputs(planning, path, err) : -1;
}

static int
plan_files(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const own[] = { "uv.lock", "pyproject.toml", "uv.toml" };
    for (size_t i = 0; i < SP_COUNT(own); i++) {
        const char *path = sp_arena_printf(&plan->arena, err, "%s/%s", plan->project, own[i]);
        if (!path || sp_planning_rewrite(planning, path, err) < 0)
            return -1;
        if (!i && sp_path_exists(path) && sp_path_list_add(&plan->manifests, path, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < command->requirements.count; i++) {
        const char *path = command->requirements.items[i];
        if (sp_path_list_add(&plan->manifests, path, err) < 0 ||
            sp_planning_rewrite_requirements(planning, path, err) < 0)
            return -1;
    }
    return 0;
}

static int
add_cache(struct sp_planning *planning, const struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    const char *cache = command->cache ? command->cache : sp_planning_getenv(planning, "UV_CACHE_DIR");
    const char *base = sp_planning_getenv(planning, "XDG_CACHE_HOME");
    cache = cache && *cache ? sp_planning_path(planning, planning->request->cwd, cache, err)
            : base && *base == '/'
                ? sp_arena_printf(&plan->arena, err, "%s/uv", base)
                : sp_arena_printf(&plan->arena, err, "%s/.cache/uv", planning->request->home);
    if (!cache || sp_path_list_add(&plan->caches, cache, err) < 0)
        return -1;
    return command->cache ? 0 : sp_plan_add_env(plan, err, "UV_CACHE_DIR=%s", cache);
}

static int
plan_command(struct sp_planning *planning, struct command *command, struct sp_error *err)
{
    struct sp_manager_plan *plan = planning->plan;
    static const char *const project_words[] = { "sync", "add", "remove", "lock", NULL };
    static const char *const pip_words[] = { "install", "sync", "uninstall", NULL };
    static const char *const tool_words[] = { "install", "upgrade", "uninstall", NULL };
    if (read_words(planning, command, err) < 0)
        return -1;
    const char *program = sp_planning_which(planning, planning->request->argv[planning->first], NULL, err);
    plan->program = program ? sp_planning_path(planning, "/", program, err) : NULL;
    const char *start = command->project ? command->project : command->directory ? command->directory : ".";
    start = sp_planning_path(planning, planning->request->cwd, start, err);
    plan->project = start ? project_root(planning, start, err) : NULL;
    if (!plan->project)
        return -1;
    const char *first = command->word_count ? command->words[0] : "";
    const char *second = command->word_count > 1 ? command->words[1] : "";
    bool uvx = !strcmp(sp_base_name(planning->request->argv[planning->first]), "uvx");
    plan->lands = true;
    int status = 0;
    if (!uvx && sp_word_in(first, project_words)) {
        status = project_outputs(planning, command, err);
    } else if (!uvx && word_is(command, 0, "pip") && sp_word_in(second, pip_words)) {
        status = pip_outputs(planning, command, err);
    } else if (!uvx && word_is(command, 0, "pip") && !strcmp(second, "compile") && command->output) {
        const char *output = sp_planning_path(planning, planning->request->cwd, command->output, err);
        status = output ? sp_path_list_add(&plan->outputs, output, err) : -1;
    } else if (!uvx && word_is(command, 0, "venv")) {
        const char *venv =
            sp_planning_path(planning, planning->request->cwd, *second ? second : ".venv", err);
        status = venv ? venv_outputs(planning, venv, err) : -1;
    } else if (!uvx && word_is(command, 0, "tool") && sp_word_in(second, tool_words)) {
        status = tool_outputs(planning, err);
    } else {
        plan->lands = false;
    }
    if (status < 0 || plan_files(planning, command, err) < 0 || add_cache(planning, command, err) < 0)
        return -1;
    /* where uv looks for interpreters: its own, beneath the home */
    const char *own = sp_planning_path(planning, "/", "~/.local/share/uv/python", err);
    if (own && sp_path_is_directory(own) && sp_path_list_add(&plan->readable, own, err) < 0)
        return -1;
    return sp_plan_pip_env(planning, err) < 0 ? -1 : sp_plan_uv_env(planning, err);
}

static int
plan_uv(struct sp_manager_plan *plan, const struct sp_manager_request *request, struct sp_error *err)
{
    struct sp_planning planning = { plan, request, sp_command_first(request->argv) };
    struct command command = { 0 };
    int status = plan_command(&planning, &command, err);
    free(command.requirements.items);
    return status;
}

const struct sp_manager sp_manager_uv = {
    .id = "uv",
    .title = "uv",
    .ecosystem = "pypi",
    .recognise = recognise,
    .plan = plan_uv,
    .loads = sp_python_loads,
};
