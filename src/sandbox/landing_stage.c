/* landing_stage.c: copies things of a layer on another file system to where a rename can place them. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define COPY_CHUNK ((size_t)1 << 30)

/* One copy under way: where it reads and where it writes. */
struct copy {
    struct sp_stage *stage;
    struct sp_trail from, to;
};

static int
copy_range(int from, int to, off_t at, off_t end)
{
    while (at < end) {
        size_t want = (size_t)(end - at) < COPY_CHUNK ? (size_t)(end - at) : COPY_CHUNK;
        off_t in = at, out = at;
        ssize_t got = copy_file_range(from, &in, to, &out, want, 0);
        if (got <= 0 &&
            (got == 0 || errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)) {
            /* the kernel copies between these two file systems only through a pipe of its own */
            in = at;
            if (lseek(to, at, SEEK_SET) < 0)
                return -1;
            got = sendfile(to, from, &in, want);
        }
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            return 0; /* shorter than it was */
        at += got;
    }
    return 0;
}

/* Holes stay holes: a sparse file of 10 GB must not fill the disk. */
static int
copy_bytes(int from, int to, off_t size)
{
    if (ftruncate(to, size) < 0)
        return -1;
    for (off_t at = 0; at < size;) {
        off_t start = lseek(from, at, SEEK_DATA);
        if (start < 0 && errno == ENXIO)
            return 0;
        if (start < 0)
            return copy_range(from, to, at, size);
        off_t end = lseek(from, start, SEEK_HOLE);
        if (end < 0 || copy_range(from, to, start, end) < 0)
            return -1;
        at = end;
    }
    return 0;
}

static int
dress(struct copy *copy, const char *name, const char *to_name, const struct sp_seen *now)
{
    int from = sp_trail_fd(&copy->from), to = sp_trail_fd(&copy->to);
    uid_t uid;
    gid_t gid;
    sp_landing_owner(copy->stage->tree, now, &uid, &gid);
    if (!S_ISLNK(now->mode) && sp_marks_copy(from, name, to, to_name) < 0)
        return -1;
    /* an ordinary user's copies are the user's, as the originals were */
    if (fchownat(to, to_name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 &&
        (errno != EPERM || copy->stage->tree->owner_base))
        return -1;
    if (!S_ISLNK(now->mode) && fchmodat(to, to_name, now->mode & 07777, 0) < 0)
        return -1;
    struct timespec times[2] = { now->accessed, now->modified };
    return utimensat(to, to_name, times, AT_SYMLINK_NOFOLLOW);
}

static int
copy_file(struct copy *copy, const char *name, const char *to_name, const struct sp_seen *now)
{
    int from = sp_trail_fd(&copy->from);
    sp_autoclose int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (in < 0 && errno == EACCES) {
        /* the layer is ours, even where a file in it is not to be read */
        if (fchmodat(from, name, 0600, 0) < 0)
            return -1;
        in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        int restored = fchmodat(from, name, now->mode & 07777, 0);
        if (in < 0 || restored < 0)
            return -1;
    }
    if (in < 0)
        return -1;
    sp_autoclose int out =
        openat(sp_trail_fd(&copy->to), to_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out < 0 || copy_bytes(in, out, (off_t)now->size) < 0)
        return -1;
    return dress(copy, name, to_name, now);
}

static int
copy_link(struct copy *copy, const char *name, const char *to_name, const struct sp_seen *now)
{
    char text[4097];
    ssize_t length = readlinkat(sp_trail_fd(&copy->from), name, text, sizeof(text) - 1);
    if (length < 0)
        return -1;
    text[length] = '\0';
    if (symlinkat(text, sp_trail_fd(&copy->to), to_name) < 0)
        return -1;
    return dress(copy, name, to_name, now);
}

/* 1: it is another name of what was copied already. 0: it was not; what is copied now gets to be known. */
static int
link_known(struct copy *copy, const char *to_name, const struct sp_seen *now, uint32_t *number,
           struct sp_error *err)
{
    struct sp_stage *stage = copy->stage;
    uint64_t key[2] = { now->device, now->inode };
    char known[24];
    if (!sp_map_get(&stage->known, (const char *)key, sizeof(key), number)) {
        *number = stage->links++;
        return sp_map_set(&stage->known, (const char *)key, sizeof(key), *number, err);
    }
    snprintf(known, sizeof(known), "link.%u", *number);
    return linkat(stage->area, known, sp_trail_fd(&copy->to), to_name, 0) < 0
               ? sp_fail_errno(err, "%s: cannot make a hard link", to_name)
               : 1;
}

static int copy_directory(struct copy *copy, const char *name, const char *to_name, const struct sp_seen *now,
                          struct sp_error *err);

static int
copy_thing(struct copy *copy, const char *name, const char *to_name, struct sp_error *err)
{
    struct sp_seen now;
    uint32_t number = 0;
    if (sp_look(sp_trail_fd(&copy->from), name, &now) <= 0)
        return sp_fail_errno(err, "%s: cannot look at it in the layer", name);
    bool linked = S_ISREG(now.mode) && now.links > 1;
    if (linked) {
        int known = link_known(copy, to_name, &now, &number, err);
        if (known != 0)
            return known < 0 ? -1 : 0;
    }
    int result;
    switch (now.mode & S_IFMT) {
    case S_IFDIR:
        return copy_directory(copy, name, to_name, &now, err);
    case S_IFREG:
        result = copy_file(copy, name, to_name, &now);
        break;
    case S_IFLNK:
        result = copy_link(copy, name, to_name, &now);
        break;
    default:
        return sp_fail(err, SP_ERROR_INTERNAL, "%s: is no file, directory or link", name);
    }
    if (result == 0 && linked) {
        char known[24];
        snprintf(known, sizeof(known), "link.%u", number);
        result = linkat(sp_trail_fd(&copy->to), to_name, copy->stage->area, known, 0);
    }
    return result < 0 ? sp_fail_errno(err, "%s: cannot copy it", name) : 0;
}

static int
copy_directory(struct copy *copy, const char *name, const char *to_name, const struct sp_seen *now,
               struct sp_error *err)
{
    if (mkdirat(sp_trail_fd(&copy->to), to_name, 0700) < 0 || sp_trail_down(&copy->to, to_name) < 0 ||
        sp_trail_down(&copy->from, name) < 0)
        return sp_fail_errno(err, "%s: cannot copy the directory", name);
    sp_autolisting struct sp_listing listing = { 0 };
    if (sp_listing_read(&listing, sp_trail_fd(&copy->from), UINT64_MAX, true, err) < 0)
        return -1;
    for (size_t i = 0; i < listing.count; i++) {
        const char *inner = sp_listing_name(&listing, i);
        if (copy_thing(copy, inner, inner, err) < 0)
            return -1;
    }
    if (sp_trail_up(&copy->from) < 0 || sp_trail_up(&copy->to) < 0 || dress(copy, name, to_name, now) < 0)
        return sp_fail_errno(err, "%s: cannot finish copying the directory", name);
    return 0;
}

int
sp_stage_copy(struct sp_stage *stage, int directory, const char *name, int to, const char *to_name,
              struct sp_error *err)
{
    struct copy copy = { .stage = stage };
    int result = -1;
    if (sp_trail_start(&copy.from, directory) < 0 || sp_trail_start(&copy.to, to) < 0)
        sp_fail_errno(err, "%s: cannot start copying", name);
    else
        result = copy_thing(&copy, name, to_name, err);
    sp_trail_end(&copy.from);
    sp_trail_end(&copy.to);
    return result;
}
