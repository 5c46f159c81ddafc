#include "metadata/kept_files.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#define FILE_MAX ((off_t)512 << 20)
#define READ_SIZE ((size_t)64 << 10)

/* ---- opening ---- */

/* Root that makes a directory in a person's place makes it that person's. */
static void
give_to_owner_above(int directory)
{
    struct stat above, own;
    int parent = openat(directory, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (parent >= 0 && fstat(parent, &above) == 0 && fstat(directory, &own) == 0 &&
        above.st_uid != own.st_uid && fchown(directory, above.st_uid, above.st_gid) < 0)
        errno = 0; /* it stays root's; the check afterwards goes by what it is */
    if (parent >= 0)
        close(parent);
}

static int
check_owner(struct sp_kept_files *files, const char *path, struct sp_error *err)
{
    struct stat status;
    if (fstat(files->directory, &status) < 0)
        return sp_fail_errno(err, "%.300s", path);
    /* root acts for the person whose directory it is; files are made in it without following links */
    if (status.st_uid != geteuid() && geteuid() != 0)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: belongs to another user, who could write what registries never said; name "
                       "another directory",
                       path);
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: others may write it, and with it what registries say; chmod go-w it", path);
    files->hand_over = status.st_uid != geteuid();
    files->uid = status.st_uid;
    files->gid = status.st_gid;
    return 0;
}

int
sp_kept_files_open(struct sp_kept_files *files, const char *path, bool writable, uint64_t limit,
                   struct sp_error *err)
{
    *files = (struct sp_kept_files){ .directory = -1, .writable = writable, .limit = limit };
    atomic_flag_clear(&files->counting);
    if (!path)
        return 0;
    bool made = writable && mkdir(path, 0700) == 0;
    if (writable && !made && errno != EEXIST)
        return sp_fail_errno(err, "%.300s: the directory for kept answers cannot be made", path);
    /* only what is written could be led elsewhere by a link */
    files->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (writable ? O_NOFOLLOW : 0));
    if (files->directory < 0)
        return sp_fail_errno(err, "%.300s: the directory of kept answers cannot be opened", path);
    if (made && geteuid() == 0)
        give_to_owner_above(files->directory);
    if (writable && check_owner(files, path, err) < 0) {
        sp_kept_files_close(files);
        return -1;
    }
    return 0;
}

void
sp_kept_files_close(struct sp_kept_files *files)
{
    if (files->directory < 0)
        return;
    if (files->writable)
        sp_kept_count(files, 0, true);
    close(files->directory);
    files->directory = -1;
}

/* ---- one file ---- */

/* Each step by itself and through no link: where root acts for a person, that person may have put one there.
 */
int
sp_kept_folder(const struct sp_kept_files *files, const char *key)
{
    char folder[3];
    snprintf(folder, sizeof(folder), "%.2s", key);
    return openat(files->directory, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void
sp_kept_drop(struct sp_kept_files *files, const char *key)
{
    sp_autoclose int folder = files->writable ? sp_kept_folder(files, key) : -1;
    if (folder >= 0)
        unlinkat(folder, key, 0);
}

/* Copied, not mapped: a file that somebody cuts short meanwhile must not end us. */
static int
read_whole(int fd, struct sp_body *out)
{
    sp_autofree char *chunk = malloc(READ_SIZE);
    if (!chunk)
        return -1;
    for (;;) {
        ssize_t count = read(fd, chunk, READ_SIZE);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 || (count && (off_t)out->length + count > FILE_MAX))
            return -1;
        if (!count)
            return sp_body_complete(out, NULL);
        if (sp_body_add(out, chunk, (size_t)count, NULL) < 0)
            return -1;
    }
}

bool
sp_kept_load(struct sp_kept_files *files, const char *key, struct sp_kept *out, struct sp_body *file,
             const char **packed, size_t *packed_size)
{
    struct stat status;
    sp_body_begin(file, files->writable ? files->directory : -1);
    sp_autoclose int folder = files->directory >= 0 ? sp_kept_folder(files, key) : -1;
    sp_autoclose int fd =
        folder >= 0 ? openat(folder, key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_MAX &&
                read_whole(fd, file) == 0 &&
                sp_kept_read(out, file->bytes, file->length, packed, packed_size) &&
                strcmp(out->key, key) == 0;
    if (!good) {
        sp_kept_drop(files, key);
        return false;
    }
    /* the time of the last use is what the limit goes by */
    if (files->writable)
        futimens(fd, (const struct timespec[2]){ { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_NOW } });
    return true;
}

/* KEY's folder, made if need be. */
static int
make_folder(struct sp_kept_files *files, const char *key)
{
    char name[3];
    int folder = sp_kept_folder(files, key);
    if (folder >= 0 || errno != ENOENT)
        return folder;
    snprintf(name, sizeof(name), "%.2s", key);
    bool made = mkdirat(files->directory, name, 0700) == 0;
    folder = made || errno == EEXIST ? sp_kept_folder(files, key) : -1;
    if (made && folder >= 0 && files->hand_over && fchown(folder, files->uid, files->gid) < 0) {
        close(folder);
        return -1;
    }
    return folder;
}

int
sp_kept_save(struct sp_kept_files *files, const struct sp_kept *kept, const void *packed, size_t size,
             struct sp_error *err)
{
    char temporary[32];
    uint64_t random;
    sp_autobuffer struct sp_buffer head = { 0 };
    if (files->directory < 0 || !files->writable)
        return 0;
    if (sp_kept_write(kept, packed, size, &head, err) < 0)
        return -1;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        return sp_fail_errno(err, "an answer cannot be kept");
    snprintf(temporary, sizeof(temporary), ".new-%016" PRIx64, random);
    sp_autoclose int folder = make_folder(files, kept->key);
    sp_autoclose int fd =
        folder < 0 ? -1
                   : openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return sp_fail_errno(err, "an answer cannot be kept");
    if ((files->hand_over && fchown(fd, files->uid, files->gid) < 0) ||
        sp_write_all(fd, head.bytes, head.length) < 0 || sp_write_all(fd, packed, size) < 0 ||
        renameat(folder, temporary, folder, kept->key) < 0) {
        sp_fail_errno(err, "an answer cannot be kept");
        unlinkat(folder, temporary, 0);
        return -1;
    }
    sp_kept_count(files, head.length + size, false);
    return 0;
}
