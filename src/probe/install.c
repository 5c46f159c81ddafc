#include "probe/install.h"
#include "base/file.h"
#include "probe/launch.h"
#include "probe/privilege.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define CAPABILITIES "security.capability"
#define HELPER_MAX (64u << 20)

/* ------------------------------------------------------------ capabilities */

static struct vfs_cap_data
written_form(uint64_t bits)
{
    return (struct vfs_cap_data){
        .magic_etc = htole32(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE),
        .data = { { .permitted = htole32((uint32_t)bits) },
                  { .permitted = htole32((uint32_t)(bits >> 32)) } },
    };
}

uint64_t
sp_install_capabilities(const char *path)
{
    struct vfs_cap_data found;
    ssize_t size = getxattr(path, CAPABILITIES, &found, sizeof(found));
    if (size != (ssize_t)sizeof(found) || !(le32toh(found.magic_etc) & VFS_CAP_FLAGS_EFFECTIVE))
        return 0;
    return (uint64_t)le32toh(found.data[0].permitted) | (uint64_t)le32toh(found.data[1].permitted) << 32;
}

/* ----------------------------------------------------------------- looking */

int
sp_install_look(enum sp_install_state *out, const char *source, const char *path, struct sp_error *err)
{
    struct sp_mapping new = { 0 }, old = { 0 };
    struct stat status;
    if (lstat(path, &status) < 0) {
        *out = SP_INSTALL_ABSENT;
        return errno == ENOENT || errno == ENOTDIR ? 0 : sp_fail_errno(err, "%s", path);
    }
    *out = SP_INSTALL_OTHER;
    if (!S_ISREG(status.st_mode))
        return 0;
    if (sp_file_map(&new, source, HELPER_MAX, err) < 0)
        return -1;
    if (sp_file_map(&old, path, HELPER_MAX, err) < 0) {
        sp_mapping_free(&new);
        return -1;
    }
    if (!status.st_uid && !status.st_gid && (status.st_mode & 07777) == 0755 &&
        sp_install_capabilities(path) == sp_privilege_capabilities() && new.size == old.size &&
        (!new.size || !memcmp(new.bytes, old.bytes, new.size)))
        *out = SP_INSTALL_SAME;
    sp_mapping_free(&new);
    sp_mapping_free(&old);
    return 0;
}

/* ---------------------------------------------------------------- changing */

static int
directory_of(const char *path, char *out, size_t size, struct sp_error *err)
{
    const char *slash = strrchr(path, '/');
    if (*path != '/' || !slash[1] || (size_t)(slash - path) >= size)
        return sp_fail(err, SP_ERROR_USAGE, "%s: an absolute path of a file is wanted", path);
    snprintf(out, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    return 0;
}

/* Each directory on the way, as root makes them. */
static int
make_directories(const char *directory, struct sp_error *err)
{
    char path[1024];
    if ((size_t)snprintf(path, sizeof(path), "%s", directory) >= sizeof(path))
        return sp_fail(err, SP_ERROR_USAGE, "%s: this path is too long", directory);
    for (char *at = path + 1;; at++) {
        char kept = *at;
        if (kept && kept != '/')
            continue;
        *at = '\0';
        if (mkdir(path, 0755) == 0)
            (void)!chmod(path, 0755); /* whatever umask root has */
        else if (errno != EEXIST)
            return sp_fail_errno(err, "%s: cannot be made", path);
        *at = kept;
        if (!kept)
            return 0;
    }
}

/* Who may write there could put another program in the helper's place. */
static int
check_directory(const char *directory, struct sp_error *err)
{
    struct stat status;
    struct statvfs mounted;
    if (stat(directory, &status) < 0 || statvfs(directory, &mounted) < 0)
        return sp_fail_errno(err, "%s", directory);
    if (!S_ISDIR(status.st_mode) || status.st_uid || (status.st_mode & (S_IWGRP | S_IWOTH)))
        return sp_fail(err, SP_ERROR_USAGE,
                       "%s: somebody else than root may write there: chown root and chmod 755 it", directory);
    if (mounted.f_flag & ST_NOSUID)
        return sp_fail(err, SP_ERROR_USAGE,
                       "%s: is mounted with nosuid, so that no program gets rights there: install Sallyport "
                       "to another prefix",
                       directory);
    return 0;
}

static int
write_whole(int fd, const unsigned char *bytes, size_t length)
{
    for (ssize_t done; length; bytes += done, length -= (size_t)done)
        if ((done = write(fd, bytes, length)) < 0) {
            if (errno != EINTR)
                return -1;
            done = 0;
        }
    return 0;
}

int
sp_install_put(const char *source, const char *path, struct sp_error *err)
{
    char directory[1000], temporary[1100];
    struct sp_mapping helper = { 0 };
    const struct vfs_cap_data capabilities = written_form(sp_privilege_capabilities());
    if (directory_of(path, directory, sizeof(directory), err) < 0 || make_directories(directory, err) < 0 ||
        check_directory(directory, err) < 0 || sp_file_map(&helper, source, HELPER_MAX, err) < 0)
        return -1;
    snprintf(temporary, sizeof(temporary), "%s/." SP_HELPER_NAME ".XXXXXX", directory);
    sp_autoclose int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        sp_mapping_free(&helper);
        return sp_fail_errno(err, "%s: nothing can be written there", directory);
    }
    /* writing and changing the owner take capabilities away: they come last */
    int failed = write_whole(fd, helper.bytes, helper.size) < 0 || fchown(fd, 0, 0) < 0 ||
                 fchmod(fd, 0755) < 0 ||
                 fsetxattr(fd, CAPABILITIES, &capabilities, sizeof(capabilities), 0) < 0 || fsync(fd) < 0 ||
                 rename(temporary, path) < 0;
    sp_mapping_free(&helper);
    if (failed) {
        sp_fail_errno(err, "%s: the helper and its capabilities cannot be put there", path);
        (void)!unlink(temporary);
        return -1;
    }
    return 0;
}

int
sp_install_remove(const char *path, struct sp_error *err)
{
    char directory[1000];
    if (directory_of(path, directory, sizeof(directory), err) < 0)
        return -1;
    if (unlink(path) < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : sp_fail_errno(err, "%s: cannot be removed", path);
    (void)!rmdir(directory); /* others' things may be in it */
    return 1;
}

/* ------------------------------------------------------------------ trying */

struct tried {
    int done;
    struct sp_error err;
    char missing[SP_ERROR_TEXT_MAX];
};

static void
try_here(const char *path, struct tried *tried)
{
    struct sp_helper_process helper;
    tried->done = sp_helper_start(&helper, path, &tried->err);
    if (tried->done == 0)
        tried->done = sp_helper_loaded(&helper, tried->missing, sizeof(tried->missing), &tried->err);
    sp_helper_end(&helper);
}

/* In a process that becomes UID for good. */
static void
try_as(const char *path, uid_t uid, struct tried *tried)
{
    int ends[2], status;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        tried->done = sp_fail_errno(&tried->err, "pipe");
        return;
    }
    pid_t pid = fork();
    if (!pid) {
        if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
            tried->done = sp_fail_errno(&tried->err, "user %u", uid);
        else
            try_here(path, tried);
        _exit(write_whole(ends[1], (const unsigned char *)tried, sizeof(*tried)) < 0);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], tried, sizeof(*tried)) != (ssize_t)sizeof(*tried))
        tried->done = sp_fail(&tried->err, SP_ERROR_SYSTEM, "the helper could not be tried as user %u", uid);
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

int
sp_install_try(const char *path, uid_t uid, char *missing, size_t size, struct sp_error *err)
{
    struct tried tried = { 0 };
    if (uid == geteuid())
        try_here(path, &tried);
    else
        try_as(path, uid, &tried);
    if (tried.done < 0 && err)
        *err = tried.err;
    snprintf(missing, size, "%s", tried.missing);
    return tried.done;
}
