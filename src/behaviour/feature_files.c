/* feature_files.c: files that are opened and changed: which are secrets, whose they are, what they are for.
 */
#include "behaviour/feature_tally.h"
#include "base/path.h"
#include "ecosystem/purl.h"

#include <fcntl.h>

#define MAKERS_MAX 16 /* of a process, whose program may be what it deletes */
#define NAME_MAX_KEPT 256

/* -------------------------------------------------------------------------------------------- known places
 */

/* As package managers compare names: lower case, one kind of separator. Returns the length. */
static size_t
normal_name(char out[NAME_MAX_KEPT], const char *name, size_t length)
{
    if (length >= NAME_MAX_KEPT)
        length = NAME_MAX_KEPT - 1;
    for (size_t i = 0; i < length; i++)
        out[i] = name[i] == '_' || name[i] == '.'   ? '-'
                 : name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 32)
                                                    : name[i];
    out[length] = '\0';
    return length;
}

static uint64_t
hash_normal(const struct sp_features *features, const char *name, size_t length)
{
    char plain[NAME_MAX_KEPT];
    return sp_hash(plain, normal_name(plain, name, length), features->seed);
}

void
sp_feature_know_package(struct sp_features *features, const char *package)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    size_t length = strnlen(package, SP_PURL_MAX + 1);
    if (length <= SP_PURL_MAX && sp_purl_parse(package, length, &purl, &arena, NULL) == 0 &&
        sp_purl_package_name(&purl, &name, NULL) == 0)
        sp_feature_add_run(features, SP_SET_PACKAGES,
                           hash_normal(features, sp_buffer_string(&name), name.length));
}

void
sp_feature_take_place(struct sp_features *features, const char *package, const char *directory)
{
    uint32_t last = 0;
    size_t length = strlen(package), size = strlen(directory);
    sp_map_get(&features->place_of, package, length, &last);
    for (uint32_t at = last; at; at = features->places[at].next)
        if (!strcmp(features->places[at].directory, directory))
            return;
    char *copy = NULL;
    if (features->place_count >= SP_FEATURE_PLACES_MAX || size > PATH_MAX ||
        sp_grow(features->places, features->place_capacity, features->place_count + 1, NULL) < 0 ||
        !(copy = sp_arena_copy(&features->arena, directory, size, NULL)) ||
        sp_map_set(&features->place_of, package, length, (uint32_t)features->place_count, NULL) < 0) {
        features->unseen++;
        return;
    }
    features->places[features->place_count++] = (struct sp_feature_place){ copy, last };
    sp_feature_know_package(features, package);
}

/* The last of TEXTS that stands in PATH; *AFTER is what follows it. */
static bool
last_of(const char *path, const char *text, const char **after)
{
    const char *found = NULL;
    size_t length = strlen(text);
    for (const char *at = path; (at = strstr(at, text)); at += length - 1)
        found = at + length;
    if (found && *found && (!*after || found > *after))
        *after = found;
    return found && *after == found;
}

/* The name of the package in whose directory PATH lies, by where packages of npm and Python go. */
static bool
package_of_path(const char *path, const char **name, size_t *length, bool *python)
{
    const char *after = NULL;
    bool node = last_of(path, "/node_modules/", &after);
    *python = last_of(path, "/site-packages/", &after) || last_of(path, "/dist-packages/", &after);
    if (!after || (!node && !*python) || *after == '.')
        return false;
    *name = after;
    *length = strcspn(after, "/");
    if (*after == '@' && after[*length] == '/')
        *length += 1 + strcspn(after + *length + 1, "/");
    if (*python) { /* x-1.0.dist-info, x.py, x.cpython-311-x86_64-linux-gnu.so */
        size_t dash = strcspn(after, "-/"), dot = strcspn(after, "./");
        if (dash < *length && after[dash + 1] >= '0' && after[dash + 1] <= '9')
            *length = dash;
        else if (dot < *length && dot)
            *length = dot;
    }
    return *length > 0;
}

static bool
is_own_place(const struct sp_features *features, const char *package, const char *path)
{
    uint32_t at = 0;
    sp_map_get(&features->place_of, package, strlen(package), &at);
    for (; at; at = features->places[at].next)
        if (sp_path_beneath(features->places[at].directory, path))
            return true;
    return false;
}

static bool
is_passing(const char *path)
{
    static const char *const places[] = { "/tmp", "/var/tmp", "/dev", "/proc" };
    for (size_t i = 0; i < SP_COUNT(places); i++)
        if (sp_path_beneath(places[i], path))
            return true;
    return false;
}

/* Whether a package's write to PATH leaves its own directories, and whether for another package's. */
static void
take_outside(struct sp_features *features, uint32_t at, const char *path, uint64_t hash)
{
    const struct sp_feature_scope *owner = sp_feature_owner(features, at);
    const char *name = NULL;
    size_t length = 0;
    bool python = false, others = false;
    if (!owner->package || is_own_place(features, owner->package, path))
        return;
    if (package_of_path(path, &name, &length, &python)) {
        uint64_t its = hash_normal(features, name, length);
        if (owner->name && its == hash_normal(features, owner->name, strlen(owner->name)))
            return;
        /* a module of Python may be called otherwise than its package */
        others = !python || sp_feature_has_run(features, SP_SET_PACKAGES, its);
    }
    if (others)
        sp_feature_add(features, at, SP_SET_OTHERS, hash);
    const char *project = features->options.project;
    if (others || !is_passing(path) || (project && sp_path_beneath(project, path)))
        sp_feature_add(features, at, SP_SET_OUTSIDE, hash);
}

/* ------------------------------------------------------------------------------------------ reads and writes
 */

void
sp_feature_take_decoy(struct sp_features *features, uint32_t at, const char *id)
{
    const struct sp_features_options *options = &features->options;
    if (!id || !*id)
        return;
    sp_feature_owner(features, at)->sensitive = true;
    uint64_t hash = sp_feature_hash(features, id);
    if (sp_feature_add(features, at, SP_SET_DECOYS, hash) && options->decoy_read_proves &&
        options->decoy_read_proves(options->context, id))
        sp_feature_add(features, at, SP_SET_PROVING, hash);
}

static void
take_classes(struct sp_features *features, uint32_t at, const char *path, uint64_t hash)
{
    size_t row = 0;
    uint32_t classes = sp_feature_classes_of(features->options.home, path, &row);
    if (!classes)
        return;
    for (uint32_t i = 0; i < SP_SENSITIVE_COUNT; i++) {
        if (!(classes >> i & 1))
            continue;
        sp_feature_add(features, at, SP_SET_SENSITIVE + i, hash);
        sp_feature_add(features, at, SP_SET_CLASSES, i);
        sp_feature_owner(features, at)->sensitive = true;
    }
    if (classes >> SP_PLACE_HOST & 1)
        sp_feature_add(features, at, SP_SET_HOST_PLACES, row);
    if (classes >> SP_PLACE_SANDBOX & 1)
        sp_feature_add(features, at, SP_SET_SANDBOX_CHECKS, row);
}

static bool
is_history(const struct sp_features *features, const char *path)
{
    size_t row;
    if (!strncmp(path, "/var/log/", 9))
        return true;
    return sp_feature_classes_of(features->options.home, path, &row) >> SP_SENSITIVE_HISTORY & 1;
}

static void
take_written(struct sp_features *features, uint32_t at, const char *path, bool created)
{
    uint64_t hash = sp_feature_hash(features, path);
    const char *where, *last = strrchr(path, '/');
    last = last ? last + 1 : path;
    if (created && last[0] == '.' && last[1] && strcmp(last, ".."))
        sp_feature_add(features, at, SP_SET_HIDDEN, hash);
    if (!sp_feature_add(features, at, SP_SET_WRITTEN, hash))
        return;
    if (sp_place_class(&features->judge, path, &where) != SP_PLACE_NONE)
        sp_feature_add(features, at, SP_SET_PERSISTENCE, hash);
    take_outside(features, at, path, hash);
}

static void
take_python_package(struct sp_features *features, const char *path)
{
    const char *name;
    size_t length;
    bool python;
    if (strstr(path, "-packages/") && package_of_path(path, &name, &length, &python) && python)
        sp_feature_add_run(features, SP_SET_PYTHON_PACKAGES, hash_normal(features, name, length));
}

void
sp_feature_take_open(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    const char *path = event->subject;
    int way = (int)(event->value & O_ACCMODE);
    if (!path)
        return;
    sp_feature_take_decoy(features, at, event->detail);
    if (way != O_WRONLY) {
        uint64_t hash = sp_feature_hash(features, path);
        if (sp_feature_add(features, at, SP_SET_READ, hash)) {
            if (sp_feature_add_run(features, SP_SET_PATHS, hash))
                take_python_package(features, path);
            take_classes(features, at, path, hash);
        }
    }
    if (way == O_RDONLY && !(event->value & (O_TRUNC | O_CREAT)))
        return;
    if (way != O_RDONLY || event->value & O_TRUNC) {
        uint64_t hash = sp_feature_hash(features, path);
        if (way == O_WRONLY && sp_feature_add_run(features, SP_SET_PATHS, hash))
            take_python_package(features, path);
        take_written(features, at, path, event->value & O_CREAT);
    }
    if (event->value & O_TRUNC && is_history(features, path))
        features->scopes[at].sums[SP_SUM_ERASED]++;
}

void
sp_feature_take_look(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    if (event->subject)
        take_classes(features, at, event->subject, sp_feature_hash(features, event->subject));
}

/* --------------------------------------------------------------------------------------------------- changes
 */

/* Whether the process, or one that made it, runs what lies at HASH. */
static bool
runs(struct sp_features *features, uint32_t number, uint64_t hash)
{
    const struct sp_attribution *attribution = features->options.attribution;
    const struct sp_process *at = attribution ? sp_attribution_process(attribution, number) : NULL;
    for (int i = 0; i <= MAKERS_MAX && at; i++, at = at->parent) {
        const struct sp_feature_process *process = sp_feature_process_at(features, at->number);
        if (process && (process->program == hash || process->script == hash))
            return true;
    }
    return false;
}

void
sp_feature_take_change(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    const char *path = event->subject, *detail = event->detail;
    struct sp_feature_scope *scope = &features->scopes[at];
    if (!path)
        return;
    switch (event->value) {
    case SP_FILE_UNLINK:
        scope->sums[SP_SUM_SELF_DELETIONS] += runs(features, event->process, sp_feature_hash(features, path));
        break;
    case SP_FILE_MODE:
        if (detail && strtoul(detail, NULL, 8) & 0111)
            sp_feature_add(features, at, SP_SET_EXECUTABLES, sp_feature_hash(features, path));
        break;
    case SP_FILE_RENAME:
    case SP_FILE_LINK:
        if (detail && detail[0] == '/')
            take_written(features, at, detail, true);
        if (event->value == SP_FILE_LINK)
            return; /* what is linked stays as it is */
        break;
    default:
        break;
    }
    scope->sums[SP_SUM_ERASED] += (event->value == SP_FILE_UNLINK || event->value == SP_FILE_RENAME ||
                                   event->value == SP_FILE_TRUNCATE) &&
                                  is_history(features, path);
    take_written(features, at, path,
                 event->value == SP_FILE_SYMLINK || event->value == SP_FILE_MKDIR ||
                     event->value == SP_FILE_MKNOD);
}

void
sp_feature_take_undeclared(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    const char *where;
    if (!event->subject)
        return;
    uint64_t hash = sp_feature_hash(features, event->subject);
    if (sp_feature_add(features, at, SP_SET_UNDECLARED, hash) &&
        sp_place_class(&features->judge, event->subject, &where) != SP_PLACE_NONE)
        sp_feature_add(features, at, SP_SET_PERSISTENCE, hash);
}
