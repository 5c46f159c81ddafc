/* python_load.c: how a new distribution of site-packages is loaded. */
#include "manager/python_load.h"
#include "base/hash.h"
#include "manager/load_list.h"
#include "manager/planning.h"
#include "manager/python_dist.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>

#define ENTRIES_MAX 100000 /* of site-packages */
#define RECORD_MAX ((size_t)32 << 20)
#define METADATA_MAX ((size_t)4 << 20)
#define SCRIPTS_MAX 20 /* of one distribution: more are noted */

/* Imports argv[1]; argv[2] is where it was installed, which the interpreter may not know (--target). Threads
 * (timers among them) may linger; with none left the process ends at once. */
static const char driver[] =
    "import sys, os, importlib, _thread, time, atexit\n"
    "name, site = sys.argv[1:3]\n"
    "sys.argv[:] = ['']\n"
    "if site not in sys.path:\n"
    "    import site as s\n"
    "    s.addsitedir(site)\n"
    "importlib.import_module(name)\n"
    "end = time.monotonic() + int(os.environ.get('SALLYPORT_LINGER_MS', '300')) / 1000\n"
    "while _thread._count() > 0 and time.monotonic() < end:\n"
    "    time.sleep(0.005)\n"
    "atexit._run_exitfuncs()\n"
    "sys.stdout.flush()\n"
    "sys.stderr.flush()\n"
    "os._exit(0)\n";

struct site {
    struct sp_loading *loading;
    const char *path;
    int fd;
};

static int
read_part(const struct site *site, const char *info, const char *file, size_t limit, struct sp_buffer *text,
          const char **why, struct sp_error *err)
{
    char name[600];
    *why = NULL;
    sp_buffer_clear(text);
    if ((size_t)snprintf(name, sizeof(name), "%s/%s", info, file) >= sizeof(name))
        return 0;
    return sp_inside_read_at(site->fd, name, limit, text, why, err);
}

static bool
on_host(const struct site *site, const char *info, const char *file, const struct sp_buffer *text)
{
    char path[4096];
    return (size_t)snprintf(path, sizeof(path), "%s/%s/%s", site->path, info, file) < sizeof(path) &&
           sp_host_file_equals(path, sp_buffer_string(text), text->length);
}

typedef int (*part_reader)(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                           size_t length, struct sp_error *err);

/* Reads the parts of INFO. 1: new; 0: the host has the same. */
static int
read_dist(const struct site *site, const char *info, struct sp_python_dist *dist, struct sp_error *err)
{
    static const struct {
        const char *file;
        size_t limit;
        part_reader read;
        bool identity; /* a distribution that differs in it is another */
    } parts[] = {
        { "METADATA", METADATA_MAX, sp_python_read_metadata, true },
        { "PKG-INFO", METADATA_MAX, sp_python_read_metadata, true },
        { "RECORD", RECORD_MAX, sp_python_read_record, true },
        { "top_level.txt", METADATA_MAX, sp_python_read_top_level, false },
        { "entry_points.txt", METADATA_MAX, sp_python_read_entry_points, false },
    };
    struct sp_loading *loading = site->loading;
    sp_autobuffer struct sp_buffer text = { 0 };
    bool same = true, any = false;
    for (size_t i = 0; i < SP_COUNT(parts); i++) {
        const char *why;
        int found = read_part(site, info, parts[i].file, parts[i].limit, &text, &why, err);
        if (found < 0)
            return -1;
        if (!found) {
            if (why && sp_loading_note(loading, err, "%s/%s/%s %s", site->path, info, parts[i].file, why) < 0)
                return -1;
            same &= !why;
            continue;
        }
        if (parts[i].identity) {
            any = true;
            same &= on_host(site, info, parts[i].file, &text);
        }
        if (parts[i].read(dist, loading->arena, sp_buffer_string(&text), text.length, err) < 0)
            return -1;
    }
    /* an .egg-info of distutils is one file: its being there is all that is known */
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", site->path, info);
    return any ? !same : !sp_path_exists(path);
}

static const char *
digest_of(const struct site *site, const char *info, const struct sp_python_dist *dist, struct sp_error *err)
{
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    struct sp_tree_digest tree = { .digest = digest, .skip = "__pycache__" };
    if (!digest || sp_tree_digest_add(&tree, site->fd, info, err) < 0)
        return NULL;
    for (size_t i = 0; i < dist->tops.count; i++)
        if (strcmp(dist->tops.items[i], info) != 0 &&
            sp_tree_digest_add(&tree, site->fd, dist->tops.items[i], err) < 0)
            return NULL;
    return sp_loading_hex(site->loading, digest, err);
}

/* Where console scripts of SITE lie: in bin beneath it (--target), or beneath the prefix, three directories
 * up. NULL with an untouched ERR: nowhere. */
static const char *
script_path(const struct site *site, const char *script, struct sp_error *err)
{
    size_t length = strlen(site->path);
    for (int levels = 0; levels <= 3; levels += 3) {
        for (int i = 0; i < levels; i++)
            while (length && site->path[--length] != '/')
                continue;
        const char *path =
            sp_arena_printf(site->loading->arena, err, "%.*s/bin/%s", (int)length, site->path, script);
        sp_autoclose int fd = path ? sp_inside_open(site->loading->root, path, O_PATH) : -1;
        if (fd >= 0)
            return path;
    }
    return NULL;
}

static int
add_scripts(const struct site *site, const struct sp_python_dist *dist, const char *purl, const char *digest,
            struct sp_error *err)
{
    struct sp_loading *loading = site->loading;
    for (size_t i = 0; i < dist->scripts.count; i++) {
        if (i >= SCRIPTS_MAX)
            return sp_loading_note(loading, err, "%s: only the first %d of its programs are tried", purl,
                                   SCRIPTS_MAX);
        const char *path = script_path(site, dist->scripts.items[i], err);
        const char *what = sp_arena_printf(loading->arena, err, "bin/%s --help", dist->scripts.items[i]);
        const char *const argv[] = { path, "--help", NULL };
        if (!what ||
            (path && sp_loading_add(loading, purl, what, argv, loading->plan->project, digest, err) < 0))
            return -1;
    }
    return 0;
}

static int
add_imports(const struct site *site, const struct sp_python_dist *dist, const char *purl, const char *digest,
            struct sp_error *err)
{
    struct sp_loading *loading = site->loading;
    const char *python = loading->plan->interpreter;
    for (size_t i = 0; python && i < dist->modules.count; i++) {
        const char *module = dist->modules.items[i];
        const char *what = sp_arena_printf(loading->arena, err, "import %s", module);
        const char *const argv[] = { python, "-c", driver, module, site->path, NULL };
        if (!what || sp_loading_add(loading, purl, what, argv, loading->plan->project, digest, err) < 0)
            return -1;
    }
    /* a .pth file runs whenever Python starts */
    const char *const start[] = { python, "-c", "pass", NULL };
    return python && dist->has_pth ? sp_loading_add(loading, purl, "start python (.pth)", start,
                                                    loading->plan->project, digest, err)
                                   : 0;
}

static int
on_dist(const struct site *site, const char *info, struct sp_map *owned, struct sp_error *err)
{
    struct sp_loading *loading = site->loading;
    sp_autodist struct sp_python_dist dist = { 0 };
    int is_new = read_dist(site, info, &dist, err);
    for (size_t i = 0; is_new >= 0 && i < dist.tops.count; i++)
        if (sp_map_set(owned, dist.tops.items[i], strlen(dist.tops.items[i]), 1, err) < 0)
            return -1;
    if (is_new <= 0)
        return is_new;
    if (loading->out->packages >= SP_LOAD_PACKAGES_MAX)
        return 0;
    loading->out->packages++;
    const char *name = dist.name;
    if (!name) {
        /* "PyYAML-6.0.dist-info" */
        size_t length = strcspn(info, "-");
        name = sp_arena_copy(loading->arena, info, length, err);
    }
    const char *purl = name ? sp_loading_purl(loading, name, dist.version, err) : NULL;
    const char *digest = purl ? digest_of(site, info, &dist, err) : NULL;
    if (!digest || sp_loading_package(loading, purl, err) < 0)
        return -1;
    if (add_imports(site, &dist, purl, digest, err) < 0)
        return -1;
    return add_scripts(site, &dist, purl, digest, err);
}

static bool
ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), span = strlen(end);
    return length > span && !strcmp(name + length - span, end);
}

/* What is new in site-packages and no distribution owns up to. A .pth among it is tried all the same. */
static int
note_strays(const struct site *site, const struct sp_names *names, const struct sp_map *owned,
            struct sp_error *err)
{
    struct sp_loading *loading = site->loading;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        char path[4096];
        if (!strcmp(name, "__pycache__") || !strcmp(name, "bin") || ends_with(name, "-info") ||
            ends_with(name, ".virtualenv") || sp_map_get(owned, name, strlen(name), NULL) ||
            (size_t)snprintf(path, sizeof(path), "%s/%s", site->path, name) >= sizeof(path) ||
            sp_path_exists(path))
            continue;
        if (sp_loading_note(loading, err, "%s: no installed distribution lists it", path) < 0)
            return -1;
        const char *const start[] = { loading->plan->interpreter, "-c", "pass", NULL };
        if (!ends_with(name, ".pth") || !start[0])
            continue;
        const char *purl = sp_loading_purl(loading, "unknown", NULL, err);
        sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
        struct sp_tree_digest tree = { .digest = digest };
        if (!purl || !digest || sp_tree_digest_add(&tree, site->fd, name, err) < 0)
            return -1;
        const char *hex = sp_loading_hex(loading, digest, err);
        if (!hex ||
            sp_loading_add(loading, purl, "start python (.pth)", start, loading->plan->project, hex, err) < 0)
            return -1;
    }
    return 0;
}

static int
on_site(struct sp_loading *loading, const char *path, struct sp_error *err)
{
    sp_autoclose int fd = sp_inside_open(loading->root, path, O_RDONLY | O_DIRECTORY);
    sp_autonames struct sp_names names = { 0 };
    sp_automap struct sp_map owned = { 0 };
    if (fd < 0)
        return 0;
    const struct site site = { loading, path, fd };
    if (getrandom(&owned.seed, sizeof(owned.seed), GRND_NONBLOCK) < 0)
        owned.seed = (uint64_t)(uintptr_t)&owned;
    if (sp_inside_list(fd, ENTRIES_MAX, &names, err) < 0)
        return -1;
    if (names.cut && sp_loading_note(loading, err, "%s: more than %d entries", path, ENTRIES_MAX) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++)
        if ((ends_with(names.items[i], ".dist-info") || ends_with(names.items[i], ".egg-info")) &&
            on_dist(&site, names.items[i], &owned, err) < 0)
            return -1;
    return note_strays(&site, &names, &owned, err);
}

/* The component "python*" in PATH stands for each Python of a venv that was not there when the plan was
 * made. */
static int
on_pattern(struct sp_loading *loading, const char *path, struct sp_error *err)
{
    static const char mark[] = "/python*/";
    const char *at = strstr(path, mark);
    if (!at)
        return on_site(loading, path, err);
    const char *lib = sp_arena_copy(loading->arena, path, (size_t)(at - path), err);
    sp_autoclose int fd = lib ? sp_inside_open(loading->root, lib, O_RDONLY | O_DIRECTORY) : -1;
    sp_autonames struct sp_names names = { 0 };
    if (!lib || (fd >= 0 && sp_inside_list(fd, 1000, &names, err) < 0))
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        if (strncmp(names.items[i], "python", 6) != 0)
            continue;
        const char *site =
            sp_arena_printf(loading->arena, err, "%s/%s/%s", lib, names.items[i], at + sizeof(mark) - 1);
        if (!site || on_site(loading, site, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_python_loads(const struct sp_manager_plan *plan, int root, struct sp_arena *arena,
                struct sp_load_list *out, struct sp_error *err)
{
    struct sp_loading loading;
    if (sp_loading_open(&loading, plan, root, arena, out, err) < 0)
        return -1;
    for (size_t i = 0; i < plan->modules.count; i++)
        if (on_pattern(&loading, plan->modules.items[i], err) < 0)
            return -1;
    return 0;
}
