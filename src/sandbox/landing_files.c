/* landing_files.c: looking at things, walking directories by descriptor, removing trees. */
#include "sandbox/landing_internal.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* ------------------------------------------------------------- looking */

static struct timespec
stamp_of(struct statx_timestamp stamp)
{
    return (struct timespec){ .tv_sec = stamp.tv_sec, .tv_nsec = stamp.tv_nsec };
}

int
sp_look(int directory, const char *name, struct sp_seen *seen)
{
    struct statx st;
    int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name ? 0 : AT_EMPTY_PATH);
    *seen = (struct sp_seen){ 0 };
    if (statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &st) < 0)
        return errno == ENOENT ? 0 : -1;
    *seen = (struct sp_seen){
        .inode = st.stx_ino,
        .device = makedev(st.stx_dev_major, st.stx_dev_minor),
        .rdev = makedev(st.stx_rdev_major, st.stx_rdev_minor),
        .size = st.stx_size,
        .mount = st.stx_mnt_id,
        .mode = st.stx_mode,
        .links = st.stx_nlink,
        .uid = st.stx_uid,
        .gid = st.stx_gid,
        .accessed = stamp_of(st.stx_atime),
        .modified = stamp_of(st.stx_mtime),
        .changed = stamp_of(st.stx_ctime),
        .mount_root = (st.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0,
    };
    if (st.stx_mask & STATX_BTIME)
        seen->born = stamp_of(st.stx_btime);
    return 1;
}

void
sp_seen_stat(const struct sp_seen *seen, struct stat *out)
{
    *out = (struct stat){
        .st_dev = seen->device,
        .st_ino = seen->inode,
        .st_mode = seen->mode,
        .st_nlink = seen->links,
        .st_uid = seen->uid,
        .st_gid = seen->gid,
        .st_rdev = seen->rdev,
        .st_size = (off_t)seen->size,
        .st_blksize = 4096,
        .st_atim = seen->accessed,
        .st_mtim = seen->modified,
        .st_ctim = seen->changed,
    };
}

int
sp_time_order(const struct timespec *a, const struct timespec *b)
{
    if (a->tv_sec != b->tv_sec)
        return a->tv_sec < b->tv_sec ? -1 : 1;
    return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

bool
sp_seen_same_thing(const struct sp_seen *a, const struct sp_seen *b)
{
    /* an inode's number is used again, its time of birth is not */
    if (a->inode != b->inode || ((a->mode ^ b->mode) & S_IFMT) || sp_time_order(&a->born, &b->born) != 0)
        return false;
    return !S_ISREG(a->mode) || (a->size == b->size && sp_time_order(&a->modified, &b->modified) == 0);
}

bool
sp_seen_untouched(const struct sp_seen *a, const struct sp_seen *b)
{
    return sp_seen_same_thing(a, b) && a->mode == b->mode && sp_time_order(&a->changed, &b->changed) == 0;
}

/* ------------------------------------------------------------- listing */

struct kernel_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int
name_order(const void *a, const void *b, void *bytes)
{
    const struct sp_listing_name *one = a, *other = b;
    return strcmp((const char *)bytes + one->at, (const char *)bytes + other->at);
}

int
sp_listing_read(struct sp_listing *listing, int directory, uint64_t limit, bool sort, struct sp_error *err)
{
    char chunk[32768] __attribute__((aligned(8)));
    if (lseek(directory, 0, SEEK_SET) < 0)
        return sp_fail_errno(err, "cannot read a directory");
    for (;;) {
        long got = syscall(SYS_getdents64, directory, chunk, sizeof(chunk));
        if (got < 0)
            return sp_fail_errno(err, "cannot read a directory");
        if (got == 0)
            break;
        for (long at = 0; at < got;) {
            const struct kernel_entry *entry = (const void *)(chunk + at);
            at += entry->length;
            if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0)
                continue;
            if (listing->count >= limit)
                return sp_fail(err, SP_ERROR_LIMIT, "more files and directories than the limit allows");
            if (sp_grow(listing->names, listing->capacity, listing->count + 1, err) < 0)
                return -1;
            listing->names[listing->count].at = listing->bytes.length;
            listing->names[listing->count++].type = entry->type;
            if (sp_buffer_append(&listing->bytes, entry->name, strlen(entry->name) + 1, err) < 0)
                return -1;
        }
    }
    if (sort && listing->count > 1)
        qsort_r(listing->names, listing->count, sizeof(*listing->names), name_order, listing->bytes.bytes);
    return 0;
}

void
sp_listing_free(struct sp_listing *listing)
{
    free(listing->names);
    sp_buffer_free(&listing->bytes);
    *listing = (struct sp_listing){ 0 };
}

/* ------------------------------------------------------------- trails */

#define KEPT_OPEN 48

static int
open_beneath(int directory, const char *name)
{
    return sp_openat2(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                      RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

static int
push(struct sp_trail *trail, int fd, bool borrowed)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -1;
    if (sp_grow(trail->levels, trail->capacity, trail->count + 1, NULL) < 0) {
        errno = ENOMEM;
        return -1;
    }
    trail->levels[trail->count++] =
        (struct sp_trail_level){ .fd = fd, .borrowed = borrowed, .device = st.st_dev, .inode = st.st_ino };
    if (trail->count > KEPT_OPEN + 1) {
        struct sp_trail_level *high = &trail->levels[trail->count - KEPT_OPEN - 1];
        if (!high->borrowed && high->fd >= 0) {
            close(high->fd);
            high->fd = -1;
        }
    }
    return 0;
}

int
sp_trail_start(struct sp_trail *trail, int root)
{
    sp_trail_end(trail);
    return push(trail, root, true);
}

int
sp_trail_down(struct sp_trail *trail, const char *name)
{
    int fd = open_beneath(sp_trail_fd(trail), name);
    if (fd < 0)
        return -1;
    if (push(trail, fd, false) < 0) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

int
sp_trail_up(struct sp_trail *trail)
{
    struct sp_trail_level *low = &trail->levels[trail->count - 1], *high = low - 1;
    if (high->fd < 0) {
        struct stat st;
        high->fd = openat(low->fd, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (high->fd < 0)
            return -1;
        if (fstat(high->fd, &st) < 0 || st.st_dev != high->device || st.st_ino != high->inode) {
            close(high->fd);
            high->fd = -1;
            errno = ESTALE;
            return -1;
        }
    }
    if (!low->borrowed)
        close(low->fd);
    trail->count--;
    return 0;
}

static void
back_to_root(struct sp_trail *trail)
{
    for (; trail->count > 1; trail->count--)
        if (trail->levels[trail->count - 1].fd >= 0)
            close(trail->levels[trail->count - 1].fd);
}

int
sp_trail_go(struct sp_trail *trail, const struct sp_landing_dir *dirs, uint32_t dir, bool check)
{
    while (trail->count - 1 > dirs[dir].depth ||
           (trail->count - 1 == dirs[dir].depth && trail->levels[trail->count - 1].dir != dir))
        if (sp_trail_up(trail) < 0)
            back_to_root(trail);
    if (trail->levels[trail->count - 1].dir == dir)
        return sp_trail_fd(trail);
    if (sp_trail_go(trail, dirs, dirs[dir].parent, check) < 0 || sp_trail_down(trail, dirs[dir].name) < 0)
        return -1;
    struct sp_trail_level *level = &trail->levels[trail->count - 1];
    if (check && dirs[dir].inode && level->inode != dirs[dir].inode) {
        close(level->fd);
        trail->count--;
        errno = ESTALE;
        return -1;
    }
    level->dir = dir;
    return level->fd;
}

void
sp_trail_end(struct sp_trail *trail)
{
    for (size_t i = 0; i < trail->count; i++)
        if (!trail->levels[i].borrowed && trail->levels[i].fd >= 0)
            close(trail->levels[i].fd);
    free(trail->levels);
    *trail = (struct sp_trail){ 0 };
}

int
sp_landing_path(struct sp_buffer *out, const struct sp_landing_dir *dirs, uint32_t dir, const char *name,
                struct sp_error *err)
{
    if (dir != 0 && (sp_landing_path(out, dirs, dirs[dir].parent, dirs[dir].name, err) < 0 ||
                     sp_buffer_append_byte(out, '/', err) < 0))
        return -1;
    return sp_buffer_append_string(out, name, err);
}

/* ------------------------------------------------------------- removing and writing */

/* Empties the directory where TRAIL stands. */
static int
empty(struct sp_trail *trail)
{
    sp_autolisting struct sp_listing listing = { 0 };
    struct sp_error err;
    int fd = sp_trail_fd(trail);
    if (sp_listing_read(&listing, fd, UINT64_MAX, false, &err) < 0) {
        errno = err.number ? err.number : ENOMEM;
        return -1;
    }
    for (size_t i = 0; i < listing.count; i++) {
        const char *name = sp_listing_name(&listing, i);
        fd = sp_trail_fd(trail);
        if (listing.names[i].type != DT_DIR) {
            if (unlinkat(fd, name, 0) == 0 || errno == ENOENT)
                continue;
            if (errno == EACCES && fchmod(fd, 0700) == 0 && unlinkat(fd, name, 0) == 0)
                continue;
            if (errno != EISDIR)
                return -1;
        }
        if (trail->count > SP_LANDING_DEPTH_MAX + 16) {
            errno = ENAMETOOLONG;
            return -1;
        }
        /* a directory of ours that forbids even us to look inside */
        if (sp_trail_down(trail, name) < 0 &&
            (errno != EACCES || fchmodat(fd, name, 0700, 0) < 0 || sp_trail_down(trail, name) < 0))
            return -1;
        if (empty(trail) < 0 || sp_trail_up(trail) < 0)
            return -1;
        fd = sp_trail_fd(trail);
        if (unlinkat(fd, name, AT_REMOVEDIR) < 0 &&
            (errno != EACCES || fchmod(fd, 0700) < 0 || unlinkat(fd, name, AT_REMOVEDIR) < 0))
            return -1;
    }
    return 0;
}

int
sp_remove_tree(int directory, const char *name)
{
    if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR)
        return -1;
    sp_autotrail struct sp_trail trail = { 0 };
    if (sp_trail_start(&trail, directory) < 0)
        return -1;
    if (sp_trail_down(&trail, name) < 0 &&
        (errno != EACCES || fchmodat(directory, name, 0700, 0) < 0 || sp_trail_down(&trail, name) < 0))
        return -1;
    if (empty(&trail) < 0)
        return -1;
    /* another recovery may remove the same leftovers */
    return unlinkat(directory, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -1 : 0;
}

int
sp_write_whole(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t wrote = write(fd, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -1;
        at += wrote;
        length -= (size_t)wrote;
    }
    return 0;
}
