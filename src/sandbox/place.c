#include "base/path.h"
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

/* Runs with the room's root as its root: what links lead to is inside. */

static int
give(const struct sp_room *room, const char *path, int fd)
{
    if (!room->identity.privileged)
        return 0;
    return fd >= 0 ? fchown(fd, room->identity.uid, room->identity.gid)
                   : lchown(path, room->identity.uid, room->identity.gid);
}

static int
make_parents(const struct sp_room *room, const char *path, struct sp_error *err)
{
    char whole[4096];
    if (strlen(path) >= sizeof(whole))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long", path);
    strcpy(whole, path);
    for (char *at = whole + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        if (mkdir(whole, 0700) == 0) {
            if (give(room, whole, -1) < 0)
                return sp_fail_errno(err, "%s", whole);
        } else if (errno != EEXIST) {
            return sp_fail_errno(err, "%s: cannot be made in the sandbox", whole);
        }
        *at = '/';
    }
    return 0;
}

static int
write_all(int fd, const void *bytes, size_t length)
{
    for (const char *at = bytes; length;) {
        ssize_t wrote = write(fd, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return -1;
        at += wrote;
        length -= (size_t)wrote;
    }
    return 0;
}

static int
place(const struct sp_room *room, const char *path, const void *bytes, size_t length, mode_t mode,
      struct sp_error *err)
{
    struct stat before = { 0 };
    bool there = lstat(path, &before) == 0;
    if (make_parents(room, path, err) < 0)
        return -1;
    if (there && !S_ISREG(before.st_mode) && unlink(path) < 0)
        return sp_fail_errno(err, "%s: cannot be replaced in the sandbox", path);
    sp_autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || write_all(fd, bytes, length) < 0)
        return sp_fail_errno(err, "%s: cannot be written in the sandbox", path);
    if (!there || !S_ISREG(before.st_mode))
        return give(room, path, fd) < 0 || fchmod(fd, mode & 07777) < 0 ? sp_fail_errno(err, "%s", path) : 0;
    /* what is rewritten looks as old as it was */
    const struct timespec times[2] = { before.st_atim, before.st_mtim };
    return futimens(fd, times) < 0 ? sp_fail_errno(err, "%s", path) : 0;
}

/* Whether PATH lies in something that is mounted on the home: a project there. */
static bool
beneath_tree(const struct sp_room *room, const char *path)
{
    for (size_t i = 0; i < room->view_count; i++)
        if (strcmp(room->views[i].path, room->spec->home) != 0 &&
            sp_path_beneath(room->spec->home, room->views[i].path) &&
            sp_path_beneath(room->views[i].path, path))
            return true;
    return false;
}

static bool
in_home(const struct sp_room *room, const char *path)
{
    return room->spec->home && sp_path_beneath(room->spec->home, path);
}

static int
place_in_home(const struct sp_room *room, const char *directory, const char *path, const void *bytes,
              size_t length, mode_t mode, struct sp_error *err)
{
    char whole[4096];
    if (snprintf(whole, sizeof(whole), "%s%s", directory, path + strlen(room->spec->home)) >=
        (int)sizeof(whole))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long", path);
    return place(room, whole, bytes, length, mode, err);
}

int
sp_place_home(const struct sp_room *room, const char *directory, struct sp_error *err)
{
    const struct sp_sandbox_spec *spec = room->spec;
    if (mkdir(directory, 0700) < 0 || give(room, directory, -1) < 0)
        return sp_fail_errno(err, "the home of the sandbox");
    for (size_t i = 0; i < spec->file_count; i++) {
        const struct sp_placed_file *file = &spec->files[i];
        if (in_home(room, file->path) && !beneath_tree(room, file->path) &&
            place_in_home(room, directory, file->path, file->bytes, file->length, file->mode, err) < 0)
            return -1;
    }
    for (size_t i = 0; spec->decoys && i < spec->decoys->count; i++) {
        const struct sp_decoy *decoy = &spec->decoys->items[i];
        if (decoy->path && in_home(room, decoy->path) && !beneath_tree(room, decoy->path) &&
            place_in_home(room, directory, decoy->path, decoy->bytes, decoy->length, decoy->mode, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_place_files(const struct sp_room *room, int notify, int *watches, struct sp_error *err)
{
    const struct sp_sandbox_spec *spec = room->spec;
    for (size_t i = 0; i < spec->file_count; i++) {
        const struct sp_placed_file *file = &spec->files[i];
        if (in_home(room, file->path) && !beneath_tree(room, file->path))
            continue;
        if (place(room, file->path, file->bytes, file->length, file->mode, err) < 0)
            return -1;
    }
    if (spec->decoys && spec->decoys->count > SP_ROOM_DECOYS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "the project has more than %d files with secrets to stand in for",
                       SP_ROOM_DECOYS_MAX);
    for (size_t i = 0; spec->decoys && i < spec->decoys->count; i++) {
        const struct sp_decoy *decoy = &spec->decoys->items[i];
        watches[i] = -1;
        if (!decoy->path || (in_home(room, decoy->path) && !beneath_tree(room, decoy->path)))
            continue;
        if (place(room, decoy->path, decoy->bytes, decoy->length, decoy->mode, err) < 0)
            return -1;
    }
    /* all are in place before the first is watched: writing them is no evidence */
    for (size_t i = 0; spec->decoys && i < spec->decoys->count; i++)
        if (spec->decoys->items[i].path &&
            (watches[i] = inotify_add_watch(notify, spec->decoys->items[i].path, IN_OPEN | IN_DONT_FOLLOW)) <
                0)
            return sp_fail_errno(err, "%s: cannot be watched (see fs.inotify.max_user_watches)",
                                 spec->decoys->items[i].path);
    const char *const *directory = spec->installed_to;
    for (size_t i = 0; directory && directory[i] && i < SP_ROOM_INSTALLS_MAX; i++)
        watches[SP_ROOM_DECOYS_MAX + i] =
            inotify_add_watch(notify, directory[i], IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    return 0;
}
