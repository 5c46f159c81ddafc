/* landing_marks.c: extended attributes in the layer. An overlay's marks are read and never land; ordinary
 * ones of the user's name space land; a file capability forbids its file. */
#include "sandbox/landing_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef SYS_listxattrat
#define SYS_listxattrat 465
#endif

#define TRUSTED_MARK "trusted.overlay."
#define USER_MARK "user.overlay."
#define PROC_PATH_MAX 320 /* /proc/self/fd/N/ and a name of 255 bytes */
#define LIST_MAX 65536    /* XATTR_LIST_MAX */

static bool
starts(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static bool
must_not_land(const char *name)
{
    return starts(name, "trusted.") || starts(name, USER_MARK) || strcmp(name, "security.capability") == 0;
}

static bool
lands(const char *name)
{
    return !must_not_land(name) && (starts(name, "user.") || starts(name, "system.posix_acl_"));
}

/* The l*xattr calls know no directory descriptor. */
static const char *
proc_path(char path[PROC_PATH_MAX], int directory, const char *name)
{
    snprintf(path, PROC_PATH_MAX, "/proc/self/fd/%d/%s", directory, name);
    return path;
}

static ssize_t
list_names(int directory, const char *name, char *list, size_t size)
{
    /* Linux 6.13; one call instead of a walk through /proc */
    long got = syscall(SYS_listxattrat, directory, name, AT_SYMLINK_NOFOLLOW, list, size);
    if (got >= 0 || (errno != ENOSYS && errno != EPERM))
        return got;
    char path[PROC_PATH_MAX];
    return llistxattr(proc_path(path, directory, name), list, size);
}

/* The names of all attributes, one after the other. *LIST is SMALL, or owned by *LARGE. -1: errno. */
static ssize_t
all_names(int directory, const char *name, char *small, size_t size, char **large, const char **list)
{
    ssize_t got = list_names(directory, name, small, size);
    *list = small;
    if (got < 0 && errno == ERANGE) {
        *large = malloc(LIST_MAX);
        if (!*large)
            return -1;
        *list = *large;
        got = list_names(directory, name, *large, LIST_MAX);
    }
    return got < 0 && errno == EOPNOTSUPP ? 0 : got;
}

static int
read_opaque(int directory, const char *name, const char *mark, const char *path, unsigned *marks,
            struct sp_error *err)
{
    char where[PROC_PATH_MAX], value[16];
    ssize_t length = lgetxattr(proc_path(where, directory, name), mark, value, sizeof(value));
    if (length < 0)
        return sp_fail_errno(err, "%s: cannot read its attribute %s", path, mark);
    if (length != 1 || value[0] != 'y')
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s: its attribute %s holds what this version does not understand; nothing lands",
                       path, mark);
    *marks |= SP_MARK_OPAQUE;
    return 0;
}

int
sp_marks_read(int directory, const char *name, bool user_xattr, const char *path, unsigned *marks,
              struct sp_error *err)
{
    char small[1024];
    sp_autofree char *large = NULL;
    const char *list;
    *marks = 0;
    ssize_t length = all_names(directory, name, small, sizeof(small), &large, &list);
    if (length < 0)
        return sp_fail_errno(err, "%s: cannot list its extended attributes", path);

    const char *prefix = user_xattr ? USER_MARK : TRUSTED_MARK;
    for (const char *at = list; at < list + length; at += strlen(at) + 1) {
        if (must_not_land(at))
            *marks |= SP_MARK_STRIP;
        if (strcmp(at, "security.capability") == 0)
            *marks |= SP_MARK_CAPABILITY;
        if (!starts(at, prefix))
            continue;
        const char *mark = at + strlen(prefix);
        if (strcmp(mark, "opaque") == 0) {
            if (read_opaque(directory, name, at, path, marks, err) < 0)
                return -1;
        } else if (strcmp(mark, "origin") == 0) {
            *marks |= SP_MARK_ORIGIN;
        } else if (strcmp(mark, "redirect") == 0 || strcmp(mark, "metacopy") == 0 ||
                   strcmp(mark, "whiteout") == 0) {
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s: carries %s, which an overlay with redirect_dir=off and metacopy=off never "
                           "makes; nothing lands: mount the overlay with both off",
                           path, at);
        }
    }
    return 0;
}

int
sp_marks_strip(int directory, const char *name)
{
    char small[1024], path[PROC_PATH_MAX];
    sp_autofree char *large = NULL;
    const char *list;
    ssize_t length = all_names(directory, name, small, sizeof(small), &large, &list);
    if (length < 0)
        return -1;
    for (const char *at = list; at < list + length; at += strlen(at) + 1)
        if (must_not_land(at) && lremovexattr(proc_path(path, directory, name), at) < 0 && errno != ENODATA)
            return -1;
    return 0;
}

int
sp_marks_copy(int from, const char *from_name, int to, const char *to_name)
{
    char small[1024], source[PROC_PATH_MAX], target[PROC_PATH_MAX];
    sp_autofree char *large = NULL, *value = NULL;
    const char *list;
    ssize_t length = all_names(from, from_name, small, sizeof(small), &large, &list);
    if (length < 0)
        return -1;
    for (const char *at = list; at < list + length; at += strlen(at) + 1) {
        if (!lands(at))
            continue;
        if (!value && !(value = malloc(LIST_MAX)))
            return -1;
        ssize_t size = lgetxattr(proc_path(source, from, from_name), at, value, LIST_MAX);
        if (size < 0)
            return -1;
        if (lsetxattr(proc_path(target, to, to_name), at, value, (size_t)size, 0) < 0 && errno != EOPNOTSUPP)
            return -1;
    }
    return 0;
}

/* 1: all that may land of ONE's is on OTHER's too. COUNT: how many. */
static int
contained(int one, int other, const char *name, unsigned *count)
{
    char small[1024], path[PROC_PATH_MAX];
    sp_autofree char *large = NULL, *values = NULL;
    const char *list;
    *count = 0;
    ssize_t length = all_names(one, name, small, sizeof(small), &large, &list);
    if (length < 0)
        return -1;
    for (const char *at = list; at < list + length; at += strlen(at) + 1) {
        if (!lands(at))
            continue;
        ++*count;
        if (!values && !(values = malloc((size_t)2 * LIST_MAX)))
            return -1;
        ssize_t size = lgetxattr(proc_path(path, one, name), at, values, LIST_MAX);
        ssize_t other_size = lgetxattr(proc_path(path, other, name), at, values + LIST_MAX, LIST_MAX);
        if (size < 0)
            return -1;
        if (size != other_size || memcmp(values, values + LIST_MAX, (size_t)size) != 0)
            return 0;
    }
    return 1;
}

int
sp_marks_equal(int one, int other, const char *name)
{
    unsigned count, other_count;
    int result = contained(one, other, name, &count);
    if (result == 1)
        result = contained(other, one, name, &other_count);
    return result == 1 ? count == other_count : result;
}
