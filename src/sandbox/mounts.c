/* Builds the root that the room sees, from the outside in: bubblewrap's order, with overlays. All of it
 * happens in the room's own mount namespace; the host's is not touched. */
#include "sandbox/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define PLAIN_FLAGS (MS_NOSUID | MS_NODEV)

struct build {
    const struct sp_room *room;
    const char *root, *staging;
    unsigned staged;
    char path[4096]; /* scratch for joined paths */
};

static const char *
inside(struct build *build, const char *path)
{
    int length = snprintf(build->path, sizeof(build->path), "%s%s", build->root, path);
    return length < (int)sizeof(build->path) ? build->path : "";
}

/* ------------------------------------------------------------- mount points */

/* Makes PATH, inside, as a directory (or an empty file) to mount on. What is made in the home belongs to its
 * user. */
static int
make_point(struct build *build, const char *path, bool file, struct sp_error *err)
{
    const struct sp_room *room = build->room;
    const char *home = room->spec->home;
    size_t root_length = strlen(build->root), home_length = home ? strlen(home) : 0;
    char whole[4096];
    if (snprintf(whole, sizeof(whole), "%s%s", build->root, path) >= (int)sizeof(whole))
        return sp_fail(err, SP_ERROR_LIMIT, "%s: the path is too long for a sandbox", path);
    for (char *at = whole + root_length + 1;; at++) {
        if (*at && *at != '/')
            continue;
        char kept = *at;
        *at = '\0';
        bool last = !kept;
        int made = last && file ? mknod(whole, S_IFREG | 0644, 0) : mkdir(whole, 0755);
        if (made < 0 && errno != EEXIST)
            return sp_fail_errno(err, "%s: no place can be made for it in the sandbox", path);
        if (!made && home && room->identity.privileged && !strncmp(whole + root_length, home, home_length) &&
            chown(whole, room->identity.uid, room->identity.gid) < 0)
            return sp_fail_errno(err, "%s: no place can be made for it in the sandbox", path);
        *at = kept;
        if (last)
            return 0;
    }
}

/* -------------------------------------------------------------------- views */

/* A copy of the mount at PATH (or of what FD stands for), not attached yet, with ATTRIBUTES and, where MAP is
 * a user namespace, with its owners mapped. */
static int
copy_mount(int at, const char *path, uint64_t attributes, int map, bool recursive, struct sp_error *err)
{
    unsigned deep = recursive ? AT_RECURSIVE : 0;
    struct mount_attr attr = { .attr_set = attributes };
    int fd = open_tree(at, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | deep);
    if (fd < 0)
        return sp_fail_errno(err, "%s: cannot be copied as a mount", path);
    if (map >= 0) {
        attr.attr_set |= MOUNT_ATTR_IDMAP;
        attr.userns_fd = (uint64_t)map;
    }
    if (mount_setattr(fd, "", AT_EMPTY_PATH | deep, &attr, sizeof(attr)) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return map >= 0 && why == EINVAL
               ? sp_fail_errno(err,
                               "%s: its file system cannot map owners, which a sandbox for root needs; run "
                               "as an ordinary "
                               "user (or through sudo), or have the project on ext4, xfs, btrfs or tmpfs",
                               path)
               : sp_fail_errno(err, "%s: cannot be made read-only", path);
}

static int
attach(int mount_fd, const char *target, const char *what, struct sp_error *err)
{
    return move_mount(mount_fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) < 0
               ? sp_fail_errno(err, "%s: cannot be mounted in the sandbox", what)
               : 0;
}

static int
mount_readable(struct build *build, const struct sp_view *view, struct sp_error *err)
{
    sp_autoclose int fd =
        copy_mount(AT_FDCWD, view->path, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, view->map,
                   view->map < 0, err);
    if (fd < 0 || make_point(build, view->path, !S_ISDIR(view->mode), err) < 0)
        return -1;
    return attach(fd, inside(build, view->path), view->path, err);
}

/* The lower layer of VIEW as a path that overlayfs can parse, whatever letters the real one holds. */
static int
stage_lower(struct build *build, const struct sp_view *view, int opened, char *out, size_t size,
            struct sp_error *err)
{
    if (view->map < 0) {
        snprintf(out, size, "/proc/self/fd/%d", opened);
        return 0;
    }
    snprintf(out, size, "%s/low-%u", build->staging, build->staged++);
    sp_autoclose int copy = copy_mount(opened, "", MOUNT_ATTR_RDONLY, view->map, false, err);
    if (copy < 0)
        return sp_fail_within(err, "%s", view->path);
    return mkdir(out, 0700) < 0 ? sp_fail_errno(err, "%s", out) : attach(copy, out, view->path, err);
}

static int
open_directory(const char *path, struct sp_error *err)
{
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? sp_fail_errno(err, "%s: cannot be opened", path) : fd;
}

static int
mount_overlay(struct build *build, const struct sp_view *view, struct sp_error *err)
{
    const struct sp_room *room = build->room;
    char lower[128], lowers[256], options[640];
    bool home = room->spec->home && !strcmp(view->path, room->spec->home);
    /* the home's lower layer is made here, and has the decoys */
    snprintf(lower, sizeof(lower), "%s/home", build->staging);
    sp_autoclose int opened = open_directory(home ? lower : view->path, err);
    sp_autoclose int layer = open_directory(view->layer, err);
    sp_autoclose int beneath = view->beneath ? open_directory(view->beneath, err) : -1;
    if (opened < 0 || layer < 0 || (view->beneath && beneath < 0))
        return -1;
    if (!home && stage_lower(build, view, opened, lower, sizeof(lower), err) < 0)
        return -1;
    if (beneath >= 0)
        snprintf(lowers, sizeof(lowers), "/proc/self/fd/%d:%s", beneath, lower);
    else
        snprintf(lowers, sizeof(lowers), "%s", lower);
    /* no redirects and no metadata-only copies: the landing then reads layers as plain trees; volatile: what
     * a crash of the machine loses was never landed */
    snprintf(options, sizeof(options),
             "lowerdir=%s,upperdir=/proc/self/fd/%d/upper,workdir=/proc/self/fd/%d/work,index=off,volatile%s",
             lowers, layer, layer,
             room->identity.privileged ? ",redirect_dir=off,metacopy=off" : ",userxattr");
    if (make_point(build, view->path, false, err) < 0)
        return -1;
    return mount("overlay", inside(build, view->path), "overlay", PLAIN_FLAGS, options) < 0
               ? sp_fail_errno(err, "%s: no overlay can be mounted over it (layers in %s; see --scratch)",
                               view->path, room->scratch)
               : 0;
}

static int
mount_private(struct build *build, const char *directory, const char *path, struct sp_error *err)
{
    sp_autoclose int fd =
        copy_mount(AT_FDCWD, directory, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, -1, false, err);
    if (fd < 0 || make_point(build, path, false, err) < 0)
        return -1;
    return attach(fd, inside(build, path), path, err);
}

static int
mount_view(struct build *build, const struct sp_view *view, struct sp_error *err)
{
    switch (view->kind) {
    case SP_VIEW_OVERLAY:
        return mount_overlay(build, view, err);
    case SP_VIEW_READ:
        return mount_readable(build, view, err);
    case SP_VIEW_LINK:
        return symlink(view->link, inside(build, view->path)) < 0 ? sp_fail_errno(err, "%s", view->path) : 0;
    }
    return 0;
}

/* ------------------------------------------------------------- secrets in /etc */

/* Files of the system that not everybody may read are nobody's business inside, even for the room's root, who
 * would pass as their owner. */
static int
mask_private_files(struct build *build, const char *directory, unsigned depth, struct sp_error *err)
{
    DIR *entries = opendir(directory); /* the host's, which is quicker to read than its overlay */
    int result = 0;
    if (!entries)
        return 0;
    for (struct dirent *entry; !result && (entry = readdir(entries));) {
        char path[1024], nothing[128];
        struct stat status;
        if (entry->d_type == DT_LNK ||
            (entry->d_name[0] == '.' && (!entry->d_name[1] || !strcmp(entry->d_name, ".."))))
            continue;
        if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >= (int)sizeof(path) ||
            fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        bool folder = S_ISDIR(status.st_mode), open_to_all = status.st_mode & (folder ? 01 : 04);
        if (!folder && !S_ISREG(status.st_mode))
            continue;
        if (open_to_all) {
            if (folder && depth)
                result = mask_private_files(build, path, depth - 1, err);
            continue;
        }
        snprintf(nothing, sizeof(nothing), "%s/%s", build->staging, folder ? "no-directory" : "no-file");
        if (mount(nothing, inside(build, path), NULL, MS_BIND, NULL) < 0)
            result = sp_fail_errno(err, "%s: cannot be hidden from the sandbox", path);
    }
    closedir(entries);
    return result;
}

/* ------------------------------------------------------------ /dev, /proc, /run */

static int
mount_devices(struct build *build, struct sp_error *err)
{
    static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };
    static const char *const links[][2] = { { "/proc/self/fd", "/dev/fd" },
                                            { "/proc/self/fd/0", "/dev/stdin" },
                                            { "/proc/self/fd/1", "/dev/stdout" },
                                            { "/proc/self/fd/2", "/dev/stderr" },
                                            { "pts/ptmx", "/dev/ptmx" } };
    if (make_point(build, "/dev", false, err) < 0 ||
        mount("tmpfs", inside(build, "/dev"), "tmpfs", MS_NOSUID | MS_NOEXEC,
              "mode=0755,size=1m,nr_inodes=256") < 0)
        return sp_fail_errno(err, "/dev: cannot be mounted in the sandbox");
    for (size_t i = 0; i < SP_COUNT(nodes); i++) {
        char path[32];
        snprintf(path, sizeof(path), "/dev/%s", nodes[i]);
        if (make_point(build, path, true, err) < 0)
            return -1;
        if (mount(path, inside(build, path), NULL, MS_BIND, NULL) < 0)
            return sp_fail_errno(err, "%s: cannot be shown in the sandbox", path);
    }
    for (size_t i = 0; i < SP_COUNT(links); i++)
        if (symlink(links[i][0], inside(build, links[i][1])) < 0)
            return sp_fail_errno(err, "%s", links[i][1]);
    if (make_point(build, "/dev/pts", false, err) < 0 || make_point(build, "/dev/shm", false, err) < 0)
        return -1;
    /* a room without terminals of its own is still a room */
    (void)!mount("devpts", inside(build, "/dev/pts"), "devpts", MS_NOSUID | MS_NOEXEC,
                 "newinstance,ptmxmode=0666,mode=620");
    return mount("tmpfs", inside(build, "/dev/shm"), "tmpfs", PLAIN_FLAGS,
                 "mode=1777,size=256m,nr_inodes=65536") < 0
               ? sp_fail_errno(err, "/dev/shm")
               : 0;
}

/* Binds PATH, inside, on itself, read-only. */
static int
seal(struct build *build, const char *path, struct sp_error *err)
{
    const char *target = inside(build, path);
    if (mount(target, target, NULL, MS_BIND | MS_REC, NULL) < 0)
        return errno == ENOENT ? 0 : sp_fail_errno(err, "%s: cannot be sealed", path);
    return mount(NULL, target, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                 NULL) < 0
               ? sp_fail_errno(err, "%s: cannot be sealed", path)
               : 0;
}

static int
mount_process_files(struct build *build, struct sp_error *err)
{
    static const char *const sealed[] = { "/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus",
                                          "/proc/fs" };
    static const char *const hidden[] = { "/proc/kcore",      "/proc/kmsg",        "/proc/keys",
                                          "/proc/timer_list", "/proc/sched_debug", "/proc/kallsyms" };
    char nothing[128];
    if (make_point(build, "/proc", false, err) < 0 || make_point(build, "/sys", false, err) < 0)
        return -1;
    if (mount("proc", inside(build, "/proc"), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return sp_fail_errno(
            err, "/proc: cannot be mounted in the sandbox; in a container, its own /proc must not be "
                 "masked");
    for (size_t i = 0; i < SP_COUNT(sealed); i++)
        if (seal(build, sealed[i], err) < 0)
            return -1;
    snprintf(nothing, sizeof(nothing), "%s/no-file", build->staging);
    for (size_t i = 0; i < SP_COUNT(hidden); i++)
        if (mount(nothing, inside(build, hidden[i]), NULL, MS_BIND, NULL) < 0 && errno != ENOENT)
            return sp_fail_errno(err, "%s: cannot be hidden", hidden[i]);
    return mount("tmpfs", inside(build, "/sys"), "tmpfs", MS_RDONLY | PLAIN_FLAGS | MS_NOEXEC,
                 "size=4k,nr_inodes=2") < 0
               ? sp_fail_errno(err, "/sys")
               : 0;
}

/* The room asks its own network for names. */
static int
mount_resolver(struct build *build, struct sp_error *err)
{
    static const char text[] = "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n";
    char file[128], target[1024], link[512];
    snprintf(file, sizeof(file), "%s/resolv.conf", build->staging);
    sp_autoclose int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, sizeof(text) - 1) != (ssize_t)sizeof(text) - 1)
        return sp_fail_errno(err, "%s", file);
    ssize_t length = readlink("/etc/resolv.conf", link, sizeof(link) - 1);
    if (length < 0 && errno == ENOENT)
        return 0;
    link[length > 0 ? length : 0] = '\0';
    if (length <= 0)
        snprintf(target, sizeof(target), "/etc/resolv.conf");
    else if (link[0] == '/')
        snprintf(target, sizeof(target), "%s", link);
    else if (!strncmp(link, "../", 3) && !strstr(link + 3, ".."))
        snprintf(target, sizeof(target), "/%s", link + 3);
    else
        return 0;
    if (access(inside(build, target), F_OK) < 0 && make_point(build, target, true, err) < 0)
        return -1;
    return mount(file, inside(build, target), NULL, MS_BIND, NULL) < 0 ||
                   mount(NULL, inside(build, target), NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | PLAIN_FLAGS,
                         NULL) < 0
               ? sp_fail_errno(err, "%s: cannot be replaced in the sandbox", target)
               : 0;
}

/* Empty things, owned by nobody inside, to lay over what must not be read. */
static int
make_nothing(struct build *build, struct sp_error *err)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/no-file", build->staging);
    if (mknod(path, S_IFREG, 0) < 0)
        return sp_fail_errno(err, "%s", path);
    snprintf(path, sizeof(path), "%s/no-directory", build->staging);
    return mkdir(path, 0) < 0 ? sp_fail_errno(err, "%s", path) : 0;
}

int
sp_mount_new_root(const struct sp_room *room, const char *root, const char *staging, struct sp_error *err)
{
    struct build build = { .room = room, .root = root, .staging = staging };
    static const char *const empty[] = { "/run", "/var/tmp", "/var/lib", "/var/cache" };
    char home[64];
    snprintf(home, sizeof(home), "%s/home", staging);
    if (make_nothing(&build, err) < 0 || sp_place_home(room, home, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(empty); i++)
        if (make_point(&build, empty[i], false, err) < 0)
            return -1;
    if (symlink("../run", inside(&build, "/var/run")) < 0 || mount_devices(&build, err) < 0 ||
        mount_process_files(&build, err) < 0 || mount_private(&build, room->private_tmp, "/tmp", err) < 0 ||
        mount_private(&build, room->private_tmp, "/var/tmp", err) < 0)
        return -1;
    for (size_t i = 0; i < room->view_count; i++)
        if (mount_view(&build, &room->views[i], err) < 0)
            return -1;
    /* whoever is no root inside is kept from them by their modes */
    if ((room->identity.whole && (mask_private_files(&build, "/etc", 6, err) < 0 ||
                                  mask_private_files(&build, "/usr/local/etc", 6, err) < 0)) ||
        mount_resolver(&build, err) < 0)
        return -1;
    return mount(NULL, root, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | PLAIN_FLAGS, NULL) < 0
               ? sp_fail_errno(err, "the root of the sandbox cannot be sealed")
               : 0;
}
