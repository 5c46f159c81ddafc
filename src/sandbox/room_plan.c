#include "base/path.h"
#include "sandbox/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What of the host's root stands inside. An allow-list: other homes, other projects, /srv, /mnt, /media, /var
 * and whatever else a host has are not there at all. */
static const char *const system_directories[] = { "bin",    "sbin", "usr", "lib", "lib32", "lib64",
                                                  "libx32", "etc",  "opt", "nix", "gnu" };

static struct sp_view *
add_view(struct sp_room *room, enum sp_view_kind kind, const char *path, struct sp_error *err)
{
    if (sp_grow(room->views, room->view_capacity, room->view_count + 1, err) < 0)
        return NULL;
    struct sp_view *view = &room->views[room->view_count];
    *view = (struct sp_view){
        .kind = kind,
        .path = sp_arena_copy(&room->arena, path, strlen(path), err),
        .map = -1,
    };
    if (!view->path)
        return NULL;
    room->view_count++;
    return view;
}

static const struct sp_view *
view_of(const struct sp_room *room, const char *path)
{
    for (size_t i = 0; room && i < room->view_count; i++)
        if (!strcmp(room->views[i].path, path))
            return &room->views[i];
    return NULL;
}

/* ------------------------------------------------------------------ owners */

/* The map that shows things owned by STATUS's owner as the room's root; few owners, few namespaces. */
static int
map_for(struct sp_room *room, const struct stat *status, struct sp_error *err)
{
    const struct sp_identity *identity = &room->identity;
    if (!identity->whole)
        return -1;
    if (!status->st_uid && !status->st_gid)
        return identity->user_namespace;
    for (size_t i = 0; i < room->view_count; i++)
        if (room->views[i].map >= 0 && room->views[i].map != identity->user_namespace &&
            room->views[i].uid == status->st_uid && room->views[i].gid == status->st_gid)
            return room->views[i].map;
    int map = sp_identity_map(identity, status->st_uid, status->st_gid, err);
    return map < 0 ? -2 : map;
}

/* ------------------------------------------------------------------ layers */

static int
make_layer(struct sp_room *room, struct sp_view *view, const struct stat *status, struct sp_error *err)
{
    const struct sp_identity *identity = &room->identity;
    char *upper, *work;
    view->layer = sp_arena_printf(&room->arena, err, "%s/%zu", room->scratch, (size_t)(view - room->views));
    upper = sp_arena_printf(&room->arena, err, "%s/upper", view->layer);
    work = sp_arena_printf(&room->arena, err, "%s/work", view->layer);
    if (!view->layer || !upper || !work)
        return -1;
    if (mkdir(view->layer, 0700) < 0 || mkdir(upper, 0700) < 0 || mkdir(work, 0700) < 0)
        return sp_fail_errno(err, "%s: cannot make a layer", view->layer);
    view->uid = status->st_uid;
    view->gid = status->st_gid;
    /* the root of an overlay is the upper layer's: it has to look as the lower one does inside */
    uid_t uid = identity->whole ? identity->uid : status->st_uid;
    gid_t gid = identity->whole ? identity->gid : status->st_gid;
    const struct timespec times[2] = { status->st_atim, status->st_mtim };
    if ((identity->privileged && chown(upper, uid, gid) < 0) || chmod(upper, status->st_mode & 07777) < 0 ||
        utimensat(AT_FDCWD, upper, times, 0) < 0)
        return sp_fail_errno(err, "%s: cannot make a layer", upper);
    return 0;
}

static int
add_overlay(struct sp_room *room, const struct sp_room *over, const char *path, bool landing,
            struct sp_error *err)
{
    struct stat status;
    if (view_of(room, path))
        return 0;
    if (stat(path, &status) < 0)
        return sp_fail_errno(err, "%s: cannot be shown in the sandbox", path);
    if (!S_ISDIR(status.st_mode))
        return sp_fail(err, SP_ERROR_INPUT, "%s: is no directory", path);
    int map = map_for(room, &status, err);
    struct sp_view *view = map == -2 ? NULL : add_view(room, SP_VIEW_OVERLAY, path, err);
    const struct sp_view *before = view_of(over, path);
    if (!view || make_layer(room, view, &status, err) < 0)
        return -1;
    view->map = map;
    view->mode = status.st_mode;
    view->landing = landing;
    if (before && before->layer)
        view->beneath = sp_arena_printf(&room->arena, err, "%s/upper", before->layer);
    return before && before->layer && !view->beneath ? -1 : 0;
}

static int
add_readable(struct sp_room *room, const char *path, struct sp_error *err)
{
    struct stat status;
    if (view_of(room, path) || stat(path, &status) < 0)
        return 0; /* a toolchain that is not there is not needed */
    int map = map_for(room, &status, err);
    struct sp_view *view = map == -2 ? NULL : add_view(room, SP_VIEW_READ, path, err);
    if (!view)
        return -1;
    view->map = map;
    view->mode = status.st_mode;
    view->uid = status.st_uid;
    view->gid = status.st_gid;
    return 0;
}

/* ------------------------------------------------------------------- parts */

/* A part of the system that nobody writes to keeps its owners, who are strangers inside: what is not for
 * everybody is not for the room's root either. */
static int
add_system_readable(struct sp_room *room, const char *path, struct sp_error *err)
{
    size_t before = room->view_count;
    if (add_readable(room, path, err) < 0)
        return -1;
    if (room->view_count > before)
        room->views[before].map = -1;
    return 0;
}

static int
add_system(struct sp_room *room, const struct sp_room *over, struct sp_error *err)
{
    for (size_t i = 0; i < SP_COUNT(system_directories); i++) {
        char path[16], target[256];
        struct stat status;
        snprintf(path, sizeof(path), "/%s", system_directories[i]);
        if (lstat(path, &status) < 0)
            continue;
        if (S_ISLNK(status.st_mode)) {
            ssize_t length = readlink(path, target, sizeof(target) - 1);
            struct sp_view *view = length < 0 ? NULL : add_view(room, SP_VIEW_LINK, path, err);
            if (!view || !(view->link = sp_arena_copy(&room->arena, target, (size_t)length, err)))
                return -1;
        } else if (S_ISDIR(status.st_mode) && (room->identity.whole && strcmp(path, "/opt") != 0
                                                   ? add_overlay(room, over, path, true, err)
                                                   : add_system_readable(room, path, err)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The home is an overlay whose lower layer is made in memory, with the decoys: none of them has to be made on
 * disk, and what a command leaves behind stands alone in the upper one. */
static int
add_home(struct sp_room *room, const struct sp_room *over, const char *home, struct sp_error *err)
{
    const struct sp_identity *identity = &room->identity;
    struct stat status = { .st_mode = S_IFDIR | 0700, .st_uid = identity->uid, .st_gid = identity->gid };
    const struct sp_view *before = view_of(over, home);
    struct sp_view *view = add_view(room, SP_VIEW_OVERLAY, home, err);
    clock_gettime(CLOCK_REALTIME, &status.st_mtim);
    status.st_atim = status.st_mtim;
    if (!view || make_layer(room, view, &status, err) < 0)
        return -1;
    view->mode = status.st_mode;
    view->landing = true;
    if (before)
        view->beneath = sp_arena_printf(&room->arena, err, "%s/upper", before->layer);
    return before && !view->beneath ? -1 : 0;
}

/* File systems of the host that are mounted somewhere beneath PATH: an overlay of PATH does not show them. */
static int
add_mounts_beneath(struct sp_room *room, const struct sp_room *over, const char *path, struct sp_error *err)
{
    FILE *table = setmntent("/proc/self/mounts", "re");
    int result = 0;
    if (!table)
        return sp_fail_errno(err, "/proc/self/mounts");
    for (struct mntent *entry; !result && (entry = getmntent(table));)
        if (strcmp(entry->mnt_dir, path) && sp_path_beneath(path, entry->mnt_dir) && strcmp(path, "/"))
            result = add_overlay(room, over, entry->mnt_dir, true, err);
    endmntent(table);
    return result;
}

static int
by_depth(const void *a, const void *b)
{
    const struct sp_view *left = a, *right = b;
    return strcmp(left->path, right->path);
}

/* Toolchains are read-only, but for pyenv, whose every install ends with writing its shims anew: that is
 * taken, seen, and thrown away. */
static int
add_toolchain(struct sp_room *room, const struct sp_room *over, const char *path, struct sp_error *err)
{
    struct stat status;
    size_t length = strlen(path);
    bool pyenv = length > 7 && !strcmp(path + length - 7, "/.pyenv");
    return pyenv && stat(path, &status) == 0 && S_ISDIR(status.st_mode)
               ? add_overlay(room, over, path, true, err)
               : add_readable(room, path, err);
}

/* A tree that is still to be made lies in whatever is there of its path; where that is shown as it is, there
 * is nothing to add. */
static int
add_tree(struct sp_room *room, const struct sp_room *over, const char *path, struct sp_error *err)
{
    char there[PATH_MAX];
    if (snprintf(there, sizeof(there), "%s", path) >= (int)sizeof(there))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long for a sandbox", path);
    while (access(there, F_OK) < 0 && strrchr(there, '/') > there)
        *strrchr(there, '/') = '\0';
    for (size_t i = 0; i < room->view_count && strcmp(there, path) != 0; i++)
        if (room->views[i].kind != SP_VIEW_READ && room->views[i].kind != SP_VIEW_LINK &&
            sp_path_beneath(room->views[i].path, there))
            return 0;
    if (strcmp(there, path) != 0 && sp_path_beneath(there, room->spec->home))
        return sp_fail(err, SP_ERROR_USAGE, "%s: cannot be made in a sandbox; make that directory first",
                       path);
    return add_overlay(room, over, there, true, err);
}

static int
add_trees(struct sp_room *room, const struct sp_sandbox_spec *spec, const struct sp_room *over,
          struct sp_error *err)
{
    if (spec->project && (add_overlay(room, over, spec->project, true, err) < 0 ||
                          add_mounts_beneath(room, over, spec->project, err) < 0))
        return -1;
    for (const char *const *tree = spec->trees; tree && *tree; tree++)
        if (add_tree(room, over, *tree, err) < 0)
            return -1;
    for (const char *const *path = spec->readable; path && *path; path++)
        if (add_toolchain(room, over, *path, err) < 0)
            return -1;
    return 0;
}

/* What must not be overlaid: it would show the whole host. */
static int
check_tree(const struct sp_sandbox_spec *spec, const char *path, struct sp_error *err)
{
    if (path[0] != '/' || !path[1])
        return sp_fail(err, SP_ERROR_USAGE, "%s: a project cannot be the root directory; go to the project",
                       path);
    if (sp_path_beneath(path, spec->home) && strcmp(spec->home, path))
        return sp_fail(err, SP_ERROR_USAGE, "%s: holds the home directory %s; go to the project", path,
                       spec->home);
    if (!strcmp(spec->home, path))
        return sp_fail(
            err, SP_ERROR_USAGE,
            "%s: the home directory itself cannot be the project, since it is hidden; make a directory for "
            "the project",
            path);
    static const char *const never[] = { "/proc", "/sys", "/dev", "/run" };
    for (size_t i = 0; i < SP_COUNT(never); i++)
        if (sp_path_beneath(never[i], path) && strncmp(path, "/dev/shm/", 9))
            return sp_fail(err, SP_ERROR_USAGE, "%s: lies in %s, which is not shown in a sandbox", path,
                           never[i]);
    return 0;
}

int
sp_room_plan(struct sp_room *room, const struct sp_sandbox_spec *spec, const struct sp_room *over,
             struct sp_error *err)
{
    room->spec = spec;
    room->limits = spec->limits;
    if (spec->project && check_tree(spec, spec->project, err) < 0)
        return -1;
    for (const char *const *tree = spec->trees; tree && *tree; tree++)
        if (check_tree(spec, *tree, err) < 0)
            return -1;
    if ((room->over = over))
        room->identity = over->identity;
    else if (sp_identity_choose(&room->identity, err) < 0)
        return -1;
    if (!(room->private_tmp = sp_arena_printf(&room->arena, err, "%s/tmp", room->scratch)) ||
        mkdir(room->private_tmp, 0700) < 0 || chmod(room->private_tmp, 01777) < 0)
        return sp_fail_errno(err, "%s: cannot make a directory in it", room->scratch);
    if (add_system(room, over, err) < 0 || (spec->home && add_home(room, over, spec->home, err) < 0) ||
        add_trees(room, spec, over, err) < 0)
        return -1;
    /* a path sorts after its parents */
    qsort(room->views, room->view_count, sizeof(*room->views), by_depth);
    return 0;
}

void
sp_room_free(struct sp_room *room)
{
    for (size_t i = 0; i < room->view_count; i++) {
        int map = room->views[i].map;
        for (size_t j = i; j < room->view_count; j++)
            if (room->views[j].map == map)
                room->views[j].map = -1;
        if (map >= 0 && map != room->identity.user_namespace)
            close(map);
    }
    free(room->views);
    sp_arena_free(&room->arena);
}
