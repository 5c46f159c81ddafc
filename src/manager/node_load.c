/* node_load.c: how a new package of node_modules is loaded, and which scripts npm 12 and pnpm 10 left out. */
#include "manager/node_load.h"
#include "manager/node_tree.h"
#include "manager/planning.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>

#define PNP_MAX ((size_t)128 << 20)
#define BINS_MAX 20 /* of one package: more are noted */

/* Loads argv[2], a package's name, as a file in argv[1], a node_modules directory, would: so "exports" and
 * its conditions hold. The working directory is that directory while node starts, because import() of code
 * given with -e resolves from there; then it is argv[3], the project, where a payload expects to be. What is
 * still pending may linger, then the process ends; with nothing pending node ends by itself. */
static const char driver[] =
    "'use strict';"
    "const [, modules, name, project] = process.argv;"
    "const load = require('module').createRequire(modules + '/_');"
    "const linger = Number(process.env.SALLYPORT_LINGER_MS || 300);"
    "try { process.chdir(project); } catch {}"
    "const done = () => setTimeout(() => process.exit(0), linger).unref();"
    "const failed = (e) => { console.error(String(e && e.stack || e)); process.exit(1); };"
    "let loaded = false;"
    "try { load(name); loaded = true; } catch (e) {"
    "  const esm = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_PACKAGE_PATH_NOT_EXPORTED',"
    "    'MODULE_NOT_FOUND'];"
    "  if (!esm.includes(e && e.code) && !(e instanceof SyntaxError)) failed(e);"
    "  else import(name).then(done, failed);"
    "}"
    "if (loaded) done();";

/* The same for argv[1], by way of .pnp.cjs, from the project. */
static const char pnp_driver[] =
    "'use strict';"
    "const load = require('module').createRequire(process.cwd() + '/_');"
    "const linger = Number(process.env.SALLYPORT_LINGER_MS || 300);"
    "try { load(process.argv[1]); setTimeout(() => process.exit(0), linger).unref(); }"
    "catch (e) { console.error(String(e && e.stack || e)); process.exit(1); }";

struct loads {
    struct sp_loading loading;
    struct sp_strings direct; /* names that the project's package.json depends on */
    bool every_bin;           /* a global install: every top package was asked for */
    size_t without_entry;
};

/* Whether node finds something to load: a package of types or of programs alone has nothing. */
static bool
has_entry(const struct sp_new_package *package)
{
    static const char *const defaults[] = { "index.js", "index.json", "index.node", "index.mjs" };
    struct stat status;
    if (package->manifest->exports)
        return true;
    const char *main = package->manifest->main;
    if (main && *main) {
        /* TypeScript's types name no code */
        size_t length = strlen(main);
        if (length < 5 || strcmp(main + length - 5, ".d.ts") != 0)
            return true;
    }
    for (size_t i = 0; i < SP_COUNT(defaults); i++)
        if (fstatat(package->fd, defaults[i], &status, 0) == 0)
            return true;
    return false;
}

static const char *
tree_digest(struct sp_loading *loading, const struct sp_new_package *package, struct sp_error *err)
{
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    struct sp_tree_digest tree = { .digest = digest, .skip = "node_modules" };
    if (!digest || sp_tree_digest_add(&tree, package->fd, ".", err) < 0)
        return NULL;
    return sp_loading_hex(loading, digest, err);
}

/* A program file beneath the package: relative, without climbing. */
static const char *
bin_file(const char *file)
{
    while (!strncmp(file, "./", 2) || *file == '/')
        file += *file == '/' ? 1 : 2;
    if (!*file || strstr(file, "../") || !strcmp(file, "..") || strlen(file) > 1000)
        return NULL;
    return file;
}

static bool
runs_with_node(const struct sp_new_package *package, const char *file)
{
    size_t length = strlen(file);
    if (length > 3 && (!strcmp(file + length - 3, ".js") || strstr(file + length - 4, ".cjs") ||
                       strstr(file + length - 4, ".mjs")))
        return true;
    sp_autoclose int fd = sp_inside_open_at(package->fd, file, O_RDONLY);
    struct stat status;
    char line[128] = "";
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return false;
    ssize_t got = read(fd, line, sizeof(line) - 1);
    line[got > 0 ? got : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return !strncmp(line, "#!", 2) && strstr(line, "node") != NULL;
}

static int
add_bins(struct loads *loads, const struct sp_new_package *package, const char *purl, const char *digest,
         struct sp_error *err)
{
    const struct sp_strings *bins = &package->manifest->bins;
    const struct sp_manager_plan *plan = loads->loading.plan;
    for (size_t i = 0; i + 1 < bins->count; i += 2) {
        if (i / 2 >= BINS_MAX)
            return sp_loading_note(&loads->loading, err, "%s: only the first %d of its programs are tried",
                                   purl, BINS_MAX);
        const char *file = bin_file(bins->items[i + 1]);
        struct stat status;
        if (!file)
            continue;
        sp_autoclose int fd = sp_inside_open_at(package->fd, file, O_PATH);
        if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
            continue;
        const char *path = sp_arena_printf(loads->loading.arena, err, "%s/%s", package->directory, file);
        const char *what = sp_arena_printf(loads->loading.arena, err, "bin/%.200s --help", bins->items[i]);
        const char *const with_node[] = { plan->interpreter, path, "--help", NULL };
        if (!path || !what ||
            sp_loading_add(&loads->loading, purl, what,
                           runs_with_node(package, file) ? with_node : with_node + 1, plan->project, digest,
                           err) < 0)
            return -1;
    }
    return 0;
}

static int
on_package(void *context, const struct sp_new_package *package, struct sp_error *err)
{
    struct loads *loads = context;
    const struct sp_manager_plan *plan = loads->loading.plan;
    const struct sp_node_package *manifest = package->manifest;
    const char *name = manifest->name && *manifest->name ? manifest->name : package->name;
    const char *purl = sp_loading_purl(&loads->loading, name, manifest->version, err);
    bool entry = has_entry(package);
    bool bins = package->top && manifest->bins.count &&
                (loads->every_bin || sp_strings_hold(&loads->direct, package->name));
    loads->without_entry += !entry;
    if (!purl || sp_loading_package(&loads->loading, purl, err) < 0)
        return -1;
    if (!plan->interpreter)
        return 0;
    if (!entry && !bins)
        return 0;
    const char *digest = tree_digest(&loads->loading, package, err);
    if (!digest)
        return -1;
    if (entry) {
        const char *what = sp_arena_printf(loads->loading.arena, err, "require('%s')", package->name);
        /* "--" ends node's own options: what follows is the driver's, whatever it begins with */
        const char *const argv[] = { plan->interpreter, "-e",          driver,        "--",
                                     package->modules,  package->name, plan->project, NULL };
        if (!what || sp_loading_add(&loads->loading, purl, what, argv, package->modules, digest, err) < 0)
            return -1;
    }
    return bins ? add_bins(loads, package, purl, digest, err) : 0;
}

/* Names that the package.json files beside the plan's node_modules depend on, as they are after the command.
 */
static int
read_direct(struct loads *loads, struct sp_error *err)
{
    const struct sp_path_list *modules = &loads->loading.plan->modules;
    for (size_t i = 0; i < modules->count; i++) {
        sp_autobuffer struct sp_buffer text = { 0 };
        sp_autopackage struct sp_node_package package = { 0 };
        const char *why;
        const char *path =
            sp_arena_printf(loads->loading.arena, err, "%.*s/package.json",
                            (int)(strlen(modules->items[i]) - strlen("/node_modules")), modules->items[i]);
        if (!path)
            return -1;
        int found = sp_inside_read(loads->loading.root, path, SP_PACKAGE_JSON_MAX, &text, &why, err);
        if (found < 0)
            return -1;
        if (!found || sp_node_package_read(&package, loads->loading.arena, path, sp_buffer_string(&text),
                                           text.length, NULL) < 0)
            continue;
        for (size_t d = 0; d < package.dependencies.count; d++) {
            if (sp_grow(loads->direct.items, loads->direct.capacity, loads->direct.count + 1, err) < 0)
                return -1;
            loads->direct.items[loads->direct.count++] = package.dependencies.items[d];
        }
    }
    return 0;
}

/* Yarn's Plug'n'Play keeps packages in archives that only .pnp.cjs can resolve. What the project names is
 * required through it, and brings what it needs itself. */
static int
add_plug_and_play(struct loads *loads, struct sp_error *err)
{
    struct sp_loading *loading = &loads->loading;
    const struct sp_manager_plan *plan = loading->plan;
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *why;
    const char *path = sp_arena_printf(loading->arena, err, "%s/.pnp.cjs", plan->project);
    int found = path ? sp_inside_read(loading->root, path, PNP_MAX, &text, &why, err) : -1;
    if (found <= 0 || !plan->interpreter || sp_host_file_equals(path, text.bytes, text.length))
        return found < 0 ? -1 : 0;
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!digest || sp_digest_add(digest, sp_buffer_string(&text), text.length, err) < 0)
        return -1;
    const char *hex = sp_loading_hex(loading, digest, err);
    for (size_t i = 0; hex && i < loads->direct.count && i < SP_LOAD_PACKAGES_MAX; i++) {
        const char *name = loads->direct.items[i];
        const char *purl = sp_loading_purl(loading, name, NULL, err);
        const char *what = sp_arena_printf(loading->arena, err, "require('%s')", name);
        const char *const argv[] = { plan->interpreter, "-r", path, "-e", pnp_driver, "--", name, NULL };
        if (!purl || !what || sp_loading_add(loading, purl, what, argv, plan->project, hex, err) < 0)
            return -1;
        loading->out->packages++;
        if (sp_loading_package(loading, purl, err) < 0)
            return -1;
    }
    return hex ? sp_loading_note(loading, err,
                                 "Plug'n'Play: what the project does not name is loaded by what needs it")
               : -1;
}

int
sp_node_loads(const struct sp_manager_plan *plan, int root, struct sp_arena *arena, struct sp_load_list *out,
              struct sp_error *err)
{
    struct loads loads = { 0 };
    static const char global[] = "/lib/node_modules";
    const char *first = plan->modules.count ? plan->modules.items[0] : "";
    size_t length = strlen(first);
    loads.every_bin = length >= sizeof(global) && !strcmp(first + length - sizeof(global) + 1, global) &&
                      !sp_path_beneath(plan->project, first);
    int status = sp_loading_open(&loads.loading, plan, root, arena, out, err);
    if (status == 0)
        status = read_direct(&loads, err);
    if (status == 0)
        status = sp_node_tree_walk(&loads.loading, on_package, &loads, err);
    if (status == 0)
        status = add_plug_and_play(&loads, err);
    if (status == 0 && loads.without_entry)
        status = sp_loading_note(&loads.loading, err,
                                 "%zu package%s with nothing to load (types, styles, programs alone)",
                                 loads.without_entry, loads.without_entry == 1 ? "" : "s");
    free(loads.direct.items);
    return status;
}

/* ---- scripts that were left out ---- */

struct blocked {
    struct sp_loading loading;
    struct sp_node_package project; /* npm: its allowScripts */
    struct sp_buffer ignored;       /* pnpm: the text of ignoredBuilds */
    bool pnpm;
};

/* Whether NAME, or "NAME@..." stands in quotes or as a list's item in TEXT. */
static bool
lists_name(const struct sp_buffer *text, const char *name)
{
    const char *at = sp_buffer_string(text);
    size_t length = strlen(name);
    while (length && (at = strstr(at, name))) {
        char before = at == text->bytes ? ' ' : at[-1], after = at[length];
        if (strchr("\"' \n-/", before) && (!after || strchr("\"'@ \r\n,]:", after)))
            return true;
        at += length;
    }
    return false;
}

static int
on_blocked(void *context, const struct sp_new_package *package, struct sp_error *err)
{
    struct blocked *blocked = context;
    static const char *const stages[] = { "preinstall", "install", "postinstall" };
    const struct sp_node_package *manifest = package->manifest;
    const char *name = manifest->name && *manifest->name ? manifest->name : package->name;
    if (!sp_node_runs_code(package))
        return 0;
    if (blocked->pnpm ? !lists_name(&blocked->ignored, name)
                      : sp_strings_hold(&blocked->project.allowed_scripts, name))
        return 0;
    const char *purl = sp_loading_purl(&blocked->loading, name, manifest->version, err);
    const char *digest = tree_digest(&blocked->loading, package, err);
    if (!purl || !digest)
        return -1;
    bool own = manifest->scripts[0] || manifest->scripts[1];
    for (size_t i = 0; i < SP_COUNT(stages); i++) {
        const char *script = manifest->scripts[i];
        /* binding.gyp without an install script of its own is built by node-gyp */
        if (!script && !(i == 1 && !own && !manifest->no_gyp && sp_node_runs_code(package) &&
                         faccessat(package->fd, "binding.gyp", F_OK, AT_SYMLINK_NOFOLLOW) == 0))
            continue;
        const char *const argv[] = { "/bin/sh", "-c", script ? script : "node-gyp rebuild", NULL };
        if (sp_loading_add(&blocked->loading, purl, stages[i], argv, package->directory, digest, err) < 0)
            return -1;
    }
    return 0;
}

/* The major version in the package.json of the manager whose program is PLAN's; 0: not told. */
static int
manager_version(struct blocked *blocked, struct sp_error *err)
{
    const struct sp_manager_plan *plan = blocked->loading.plan;
    const char *bin = plan->program ? strstr(plan->program, "/bin/") : NULL, *why;
    /* the last "/bin/": the package lies above it */
    for (const char *next = bin; next; next = strstr(next + 1, "/bin/"))
        bin = next;
    if (!bin)
        return 0;
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autopackage struct sp_node_package package = { 0 };
    const char *path = sp_arena_printf(blocked->loading.arena, err, "%.*s/package.json",
                                       (int)(bin - plan->program), plan->program);
    if (!path || sp_inside_read(blocked->loading.root, path, SP_PACKAGE_JSON_MAX, &text, &why, err) <= 0 ||
        sp_node_package_read(&package, blocked->loading.arena, path, sp_buffer_string(&text), text.length,
                             NULL) < 0)
        return 0;
    return package.version && isdigit((unsigned char)*package.version) ? atoi(package.version) : 0;
}

int
sp_npm_blocked(const struct sp_manager_plan *plan, int root, struct sp_arena *arena, struct sp_load_list *out,
               struct sp_error *err)
{
    struct blocked blocked = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *why;
    if (sp_loading_open(&blocked.loading, plan, root, arena, out, err) < 0)
        return -1;
    if (manager_version(&blocked, err) < 12)
        return 0; /* npm 11 runs them */
    const char *path = sp_arena_printf(arena, err, "%s/package.json", plan->project);
    int status = path ? sp_inside_read(root, path, SP_PACKAGE_JSON_MAX, &text, &why, err) : -1;
    if (status == 1)
        sp_node_package_read(&blocked.project, arena, path, sp_buffer_string(&text), text.length, NULL);
    if (status >= 0)
        status = sp_node_tree_walk(&blocked.loading, on_blocked, &blocked, err);
    sp_node_package_free(&blocked.project);
    return status;
}

/* What follows "ignoredBuilds" in node_modules/.modules.yaml, which pnpm writes as JSON or YAML, up to the
 * next setting. */
static int
read_ignored(struct blocked *blocked, const char *modules, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    const char *why;
    const char *path = sp_arena_printf(blocked->loading.arena, err, "%s/.modules.yaml", modules);
    int found = path ? sp_inside_read(blocked->loading.root, path, (size_t)16 << 20, &text, &why, err) : -1;
    if (found <= 0)
        return found;
    const char *start = strstr(sp_buffer_string(&text), "ignoredBuilds");
    if (!start)
        return 0;
    start += strlen("ignoredBuilds");
    const char *open = start + strspn(start, "\": \r\n");
    const char *end = *open == '[' ? strchr(open, ']') : NULL;
    if (!end)
        for (end = open; *end && !(*end == '\n' && end[1] && !strchr(" -\r\n", end[1]));)
            end++;
    return sp_buffer_append(&blocked->ignored, open, (size_t)(end - open), err);
}

int
sp_pnpm_blocked(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                struct sp_load_list *out, struct sp_error *err)
{
    struct blocked blocked = { .pnpm = true };
    int status = sp_loading_open(&blocked.loading, plan, root, arena, out, err);
    for (size_t i = 0; status == 0 && i < plan->modules.count; i++)
        status = read_ignored(&blocked, plan->modules.items[i], err);
    if (status == 0 && blocked.ignored.length)
        status = sp_node_tree_walk(&blocked.loading, on_blocked, &blocked, err);
    sp_buffer_free(&blocked.ignored);
    return status;
}
