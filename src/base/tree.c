#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 200 /* of directories walked at once: each level holds a descriptor */

/* ---------------------------------------------------------------- removing */

/* Opens the directory NAME even where its mode forbids it, as layers may hold such. */
static int
open_anyway(int parent, const char *name, dev_t device)
{
    struct stat status;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0)
        fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) < 0 || status.st_dev != device) {
        close(fd);
        errno = EXDEV;
        return -1;
    }
    if ((status.st_mode & 0700) != 0700)
        (void)!fchmod(fd, 0700);
    return fd;
}

/* One removal. Layers may be nested more deeply than there are descriptors: what lies deeper than DEPTH_MAX
 * is moved up to the top and met again there. */
struct removal {
    dev_t device;
    int top;
    unsigned long moved;
    bool again; /* something was moved up: the top is to be read once more */
};

static int remove_within(struct removal *removal, int fd, unsigned depth);

static int
remove_entry(struct removal *removal, int parent, const char *name, bool directory, unsigned depth)
{
    if (!directory && unlinkat(parent, name, 0) == 0)
        return 0;
    if (!directory && errno != EISDIR && errno != EPERM)
        return -1;
    if (depth >= DEPTH_MAX) {
        char up[40];
        snprintf(up, sizeof(up), ".deep-%lu", removal->moved++);
        removal->again = true;
        return renameat(parent, name, removal->top, up);
    }
    int fd = open_anyway(parent, name, removal->device);
    if (fd < 0 || remove_within(removal, fd, depth + 1) < 0)
        return -1;
    return unlinkat(parent, name, AT_REMOVEDIR);
}

/* Takes FD over. */
static int
remove_within(struct removal *removal, int fd, unsigned depth)
{
    int worst = 0;
    DIR *directory = fdopendir(fd);
    if (!directory) {
        close(fd);
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (remove_entry(removal, fd, entry->d_name, entry->d_type == DT_DIR, depth) < 0)
            worst = errno;
    }
    closedir(directory);
    errno = worst;
    return worst ? -1 : 0;
}

int
sp_tree_remove(const char *path, struct sp_error *err)
{
    struct stat status;
    struct removal removal = { .top = -1 };
    int worst = 0;
    if (lstat(path, &status) < 0)
        return errno == ENOENT ? 0 : sp_fail_errno(err, "%s", path);
    removal.device = status.st_dev;
    sp_autoclose int top = open_anyway(AT_FDCWD, path, status.st_dev);
    if (top < 0)
        return sp_fail_errno(err, "%s: could not be removed; remove it by hand", path);
    removal.top = top;
    do {
        removal.again = false;
        int fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        worst = fd < 0 || remove_within(&removal, fd, 0) < 0;
    } while (removal.again && !worst);
    return worst || rmdir(path) < 0 ? sp_fail_errno(err, "%s: could not be removed; remove it by hand", path)
                                    : 0;
}

/* ---------------------------------------------------------------- counting */

struct usage {
    uint64_t bytes, things, bytes_max, things_max;
};

static void
count_within(int fd, dev_t device, struct usage *usage, unsigned depth)
{
    DIR *directory = depth < DEPTH_MAX ? fdopendir(fd) : NULL;
    if (!directory) {
        close(fd);
        return;
    }
    for (struct dirent *entry; usage->bytes <= usage->bytes_max && usage->things <= usage->things_max &&
                               (entry = readdir(directory));) {
        struct stat status;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
            fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 || status.st_dev != device)
            continue;
        usage->bytes += (uint64_t)status.st_blocks * 512;
        usage->things++;
        if (!S_ISDIR(status.st_mode))
            continue;
        int below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below >= 0)
            count_within(below, device, usage, depth + 1);
    }
    closedir(directory);
}

void
sp_tree_usage(const char *path, uint64_t bytes_max, uint64_t things_max, uint64_t *bytes, uint64_t *things)
{
    struct usage usage = { .bytes_max = bytes_max, .things_max = things_max };
    struct stat status;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &status) == 0)
        count_within(fd, status.st_dev, &usage, 0);
    else if (fd >= 0)
        close(fd);
    *bytes = usage.bytes;
    *things = usage.things;
}

/* ----------------------------------------------------------------- copying */

static int copy_within(int from, int to, unsigned depth);

static int
copy_bytes(int from, int to)
{
    char chunk[65536];
    ssize_t got;
    while ((got = read(from, chunk, sizeof(chunk))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        for (ssize_t at = 0, wrote; at < got; at += wrote)
            if ((wrote = write(to, chunk + at, (size_t)(got - at))) < 0)
                return -1;
    }
    return 0;
}

static int
copy_link(int from, const char *name, int to, const char *new_name)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);
    if (length < 0)
        return -1;
    target[length] = '\0';
    return symlinkat(target, to, new_name);
}

static int
copy_entry(int from, const char *name, int to, const char *new_name, unsigned depth)
{
    struct stat status;
    if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    if (S_ISLNK(status.st_mode))
        return copy_link(from, name, to, new_name);
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return 0;
    bool folder = S_ISDIR(status.st_mode);
    sp_autoclose int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0 || (folder && mkdirat(to, new_name, 0700) < 0))
        return -1;
    sp_autoclose int target = folder ? openat(to, new_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                                     : openat(to, new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (target < 0 || (folder ? copy_within(source, target, depth + 1) : copy_bytes(source, target)) < 0)
        return -1;
    return fchmod(target, status.st_mode & 0777);
}

static int
copy_within(int from, int to, unsigned depth)
{
    int again = depth < DEPTH_MAX ? openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1, result = 0;
    DIR *directory = again >= 0 ? fdopendir(again) : NULL;
    if (!directory) {
        if (again < 0)
            errno = ELOOP;
        return -1;
    }
    for (struct dirent *entry; !result && (entry = readdir(directory));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = copy_entry(from, entry->d_name, to, entry->d_name, depth);
    int why = errno;
    closedir(directory);
    errno = why;
    return result;
}

int
sp_tree_copy(const char *from, const char *to, struct sp_error *err)
{
    return copy_entry(AT_FDCWD, from, AT_FDCWD, to, 0) < 0
               ? sp_fail_errno(err, "%s: cannot be copied to %s", from, to)
               : 0;
}
