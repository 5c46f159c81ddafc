#include "gate/outputs.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Of the private home: what tools leave behind there on every run, and what nobody would call a change of the
 * user's home. All else in it is told. */
static const char *const home_noise[] = { ".cache", ".npm", ".config/yarn", ".config/pnpm", ".config/pip",
                                          ".config/configstore", ".local/share/pnpm", ".local/share/uv",
                                          ".local/state", ".node-gyp", ".yarn", ".node_repl_history",
                                          ".pnpm-store", ".electron-gyp", ".python_history",
                                          /* pip asks rustc for its version, and rustup makes this */
                                          ".rustup/settings.toml" };

static const char *
join(char *out, size_t size, const char *tree, const char *path)
{
    return snprintf(out, size, "%s/%s", tree, path) < (int)size ? out : NULL;
}

/* ----------------------------------------------------------------- answers */

static bool
in_list(const char *path, const struct sp_path_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (sp_path_beneath(list->items[i], path))
            return true;
    return false;
}

static bool
declared(const struct sp_outputs *outputs, const char *path)
{
    const struct sp_outputs_options *options = &outputs->options;
    for (const char *const *allowed = options->allow_write; allowed && *allowed; allowed++)
        if (sp_path_beneath(*allowed, path))
            return true;
    return (options->plan->lands && sp_manager_may_land(options->plan, path)) ||
           (options->keep_cache && in_list(path, &options->plan->caches));
}

/* Whether something that is declared, or placed by us, lies beneath the directory PATH. */
static bool
leads_on(const struct sp_outputs *outputs, const char *path)
{
    const struct sp_outputs_options *options = &outputs->options;
    const struct sp_path_list *const lists[] = { &options->plan->outputs, &options->plan->caches,
                                                 &options->plan->trees, &options->plan->readable };
    size_t home = strlen(options->places->home);
    for (size_t i = 0; i < SP_COUNT(lists); i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (sp_path_beneath(path, lists[i]->items[j]))
                return true;
    for (const char *const *allowed = options->allow_write; allowed && *allowed; allowed++)
        if (sp_path_beneath(path, *allowed))
            return true;
    for (size_t i = 0; i < options->file_count; i++)
        if (sp_path_beneath(path, options->files[i].path))
            return true;
    for (size_t i = 0; options->decoys && i < options->decoys->count; i++)
        if (options->decoys->items[i].path && sp_path_beneath(path, options->decoys->items[i].path))
            return true;
    for (size_t i = 0;
         path[home] == '/' && sp_path_beneath(options->places->home, path) && i < SP_COUNT(home_noise); i++)
        if (sp_path_beneath(path + home + 1, home_noise[i]))
            return true;
    return sp_path_beneath(path, options->plan->project) || sp_path_beneath(path, options->places->home);
}

/* Whether FD still holds what we put there ourselves. */
static bool
holds(int upper, const char *path, const void *bytes, size_t length)
{
    char chunk[4096];
    size_t at = 0;
    sp_autoclose int fd =
        sp_openat2(upper, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    for (ssize_t got; fd >= 0 && (got = read(fd, chunk, sizeof(chunk))) > 0; at += (size_t)got)
        if ((size_t)got > length - at || memcmp(chunk, (const char *)bytes + at, (size_t)got) != 0)
            return false;
    return fd >= 0 && at == length;
}

static bool
placed_by_us(const struct sp_outputs *outputs, size_t tree, const char *path, const struct sp_change *change)
{
    const struct sp_outputs_options *options = &outputs->options;
    int upper = outputs->trees[tree].upper;
    if (!S_ISREG(change->now.st_mode))
        return false;
    for (size_t i = 0; options->decoys && i < options->decoys->count; i++) {
        const struct sp_decoy *decoy = &options->decoys->items[i];
        if (decoy->path && !strcmp(decoy->path, path))
            return holds(upper, change->path, decoy->bytes, decoy->length);
    }
    for (size_t i = 0; i < options->file_count; i++)
        if (!strcmp(options->files[i].path, path))
            return holds(upper, change->path, options->files[i].bytes, options->files[i].length);
    return false;
}

static bool
is_noise(const struct sp_outputs *outputs, const char *path)
{
    const char *home = outputs->options.places->home;
    /* pyenv writes its shims anew whenever a program may have come or gone */
    if (strstr(path, "/.pyenv/shims"))
        return true;
    if (!sp_path_beneath(home, path))
        return false;
    for (size_t i = 0; i < SP_COUNT(home_noise); i++)
        if (path[strlen(home)] && sp_path_beneath(home_noise[i], path + strlen(home) + 1))
            return true;
    return in_list(path, &outputs->options.plan->caches);
}

/* Where a link that leaves the project may lead: to programs, as a venv's python does. One that leads into a
 * home or to /etc waits for whoever follows it. */
static bool
may_lead_to(const struct sp_outputs *outputs, const char *link)
{
    static const char *const programs[] = {
        "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/nix", "/gnu"
    };
    const struct sp_manager_plan *plan = outputs->options.plan;
    if (!link || link[0] != '/' || strstr(link, "/../"))
        return false;
    for (size_t i = 0; i < SP_COUNT(programs); i++)
        if (sp_path_beneath(programs[i], link))
            return true;
    return in_list(link, &plan->readable) || in_list(link, &plan->trees) ||
           sp_path_beneath(plan->project, link);
}

/* A file that was made only to mount a tool on it. */
static bool
is_mount_point(const struct sp_outputs *outputs, const char *path)
{
    const struct sp_path_list *readable = &outputs->options.plan->readable;
    for (size_t i = 0; i < readable->count; i++)
        if (!strcmp(readable->items[i], path))
            return true;
    return false;
}

static enum sp_landing_answer
judge(void *context, size_t tree, const struct sp_change *change)
{
    struct sp_outputs *outputs = context;
    char path[8192];
    if (!join(path, sizeof(path), outputs->trees[tree].target, change->path))
        return SP_LANDING_REFUSE;
    if (placed_by_us(outputs, tree, path, change) || is_mount_point(outputs, path))
        return SP_LANDING_LEAVE;
    if (declared(outputs, path))
        return change->leaves && !may_lead_to(outputs, change->link) ? SP_LANDING_REFUSE : SP_LANDING_LAND;
    if (S_ISDIR(change->now.st_mode) && leads_on(outputs, path))
        return change->kind == SP_CHANGE_NEW ? SP_LANDING_DESCEND : SP_LANDING_LEAVE;
    if (is_noise(outputs, path))
        return SP_LANDING_LEAVE;
    return change->kind == SP_CHANGE_SAME ? SP_LANDING_LEAVE : SP_LANDING_REFUSE;
}

/* ----------------------------------------------------------------- telling */

static void
note(struct sp_outputs *outputs, size_t tree, const struct sp_change *change, char kind, const char *why)
{
    struct sp_arena *arena = &outputs->evidence->arena;
    if (outputs->change_count >= SP_OUTPUT_CHANGES_MAX ||
        sp_grow(outputs->changes, outputs->change_capacity, outputs->change_count + 1, NULL) < 0) {
        outputs->change_more++;
        return;
    }
    struct sp_run_change *noted = &outputs->changes[outputs->change_count];
    *noted = (struct sp_run_change){
        .path = sp_arena_printf(arena, NULL, "%s/%s%s", outputs->trees[tree].target, change->path,
                                S_ISDIR(change->now.st_mode) ? "/" : ""),
        .kind = kind,
        .things = change->inside ? change->inside : 1,
        .bytes = S_ISREG(change->now.st_mode) ? (uint64_t)change->now.st_size : 0,
        .why = why ? sp_arena_copy(arena, why, strlen(why), NULL) : NULL,
    };
    if (noted->path)
        outputs->change_count++;
}

static void
refused(void *context, size_t tree, const struct sp_change *change, const char *why)
{
    struct sp_outputs *outputs = context;
    const struct sp_event_sink sink = sp_evidence_sink(outputs->evidence);
    char path[8192];
    note(outputs, tree, change, '!', why);
    /* somebody else's act, and the landing's to complain about */
    if (!strcmp(why, SP_LANDING_MEANWHILE))
        return;
    if (!join(path, sizeof(path), outputs->trees[tree].target, change->path))
        return;
    sp_event_send(&sink, &(struct sp_event){ .kind = SP_EVENT_WRITE, .subject = path, .detail = why });
}

static void
lands(void *context, size_t tree, const struct sp_change *change)
{
    static const char signs[] = { [SP_CHANGE_NEW] = '+',
                                  [SP_CHANGE_MODIFIED] = '~',
                                  [SP_CHANGE_REPLACED] = '~',
                                  [SP_CHANGE_DELETED] = '-',
                                  [SP_CHANGE_SAME] = '=' };
    note(context, tree, change, signs[change->kind], NULL);
}

/* --------------------------------------------------------------- restoring */

static bool
restores(void *context, size_t tree, const char *path)
{
    struct sp_outputs *outputs = context;
    char whole[8192];
    return join(whole, sizeof(whole), outputs->trees[tree].target, path) &&
           sp_manager_restores(outputs->options.plan, whole);
}

static int
restore(void *context, size_t tree, const char *path, int fd, struct sp_buffer *out, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { .limit = (size_t)64 << 20 };
    char chunk[65536];
    size_t changed = 0;
    ssize_t got;
    struct sp_outputs *outputs = context;
    (void)tree;
    while ((got = pread(fd, chunk, sizeof(chunk), (off_t)text.length)) > 0)
        if (sp_buffer_append(&text, chunk, (size_t)got, err) < 0)
            return -1;
    if (got < 0)
        return sp_fail_errno(err, "%s", path);
    if (sp_manager_restore_text(outputs->options.plan, out, sp_buffer_string(&text), text.length, &changed,
                                err) < 0)
        return -1;
    return changed > 0;
}

/* ------------------------------------------------------------------- doing */

int
sp_outputs_plan(struct sp_outputs *out, const struct sp_sandbox *sandbox,
                const struct sp_outputs_options *options, struct sp_evidence *evidence, struct sp_error *err)
{
    const struct sp_sandbox_tree *trees;
    size_t count = sp_sandbox_trees(sandbox, &trees);
    *out = (struct sp_outputs){ .options = *options, .evidence = evidence, .tree_count = count };
    out->trees = sp_new_array(count + 1, sizeof(*out->trees), err);
    if (!out->trees)
        return -1;
    for (size_t i = 0; i < count; i++)
        out->trees[i] = (struct sp_landing_tree){
            .upper = trees[i].upper,
            .target = trees[i].target,
            .user_xattr = sp_sandbox_user_xattr(sandbox),
            .owner_base = sp_sandbox_owner_base(sandbox),
            .owner_uid = options->places->uid,
            .owner_gid = options->places->gid,
        };
    const struct sp_landing_options landing = {
        .trees = out->trees,
        .tree_count = count,
        .started = sp_sandbox_started(sandbox),
        .judge = judge,
        .refused = refused,
        .lands = lands,
        .restore = restore,
        .restores = restores,
        .context = out,
    };
    if (sp_landing_plan(&out->landing, &landing, err) < 0)
        return -1;
    out->totals = sp_landing_totals(out->landing);
    return 0;
}

int
sp_outputs_land(struct sp_outputs *outputs, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer journal = { 0 };
    const struct sp_places *places = outputs->options.places;
    if (sp_buffer_printf(&journal, err, "%s/landing", places->cache) < 0)
        return -1;
    return sp_landing_apply(outputs->landing, journal.bytes, err);
}

void
sp_outputs_free(struct sp_outputs *outputs)
{
    sp_landing_free(outputs->landing);
    free(outputs->trees);
    free(outputs->changes);
    *outputs = (struct sp_outputs){ 0 };
}
