/* inside_root.c: openat2 and bounded reads. */
#include "manager/inside_root.h"
#include "base/file.h"
#include "base/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define TREE_DEPTH_MAX 64
#define TREE_FILES_MAX 200000
#define TREE_FILE_MAX ((off_t)64 << 20) /* of a larger file only this much is digested, and its size */

static int
open_how(int directory, const char *path, int flags, uint64_t resolve)
{
    /* openat2 refuses with O_PATH what has no meaning there */
    int more = flags & O_PATH ? O_CLOEXEC : O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    return sp_openat2(directory, path, (uint64_t)(flags | more), resolve);
}

int
sp_inside_open(int root, const char *path, int flags)
{
    return open_how(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int
sp_inside_open_at(int directory, const char *name, int flags)
{
    return open_how(directory, name, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

static int
read_descriptor(int fd, size_t limit, struct sp_buffer *out, const char **why, struct sp_error *err)
{
    struct stat status;
    sp_buffer_clear(out);
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        *why = "is no regular file";
        return 0;
    }
    if (status.st_size < 0 || (size_t)status.st_size > limit) {
        *why = "is too large";
        return 0;
    }
    if (sp_buffer_reserve(out, (size_t)status.st_size, err) < 0)
        return -1;
    char chunk[16384];
    for (;;) {
        ssize_t length = read(fd, chunk, sizeof(chunk));
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0) {
            *why = "cannot be read";
            return 0;
        }
        if (!length)
            return 1;
        if (out->length + (size_t)length > limit) {
            *why = "is too large";
            return 0;
        }
        if (sp_buffer_append(out, chunk, (size_t)length, err) < 0)
            return -1;
    }
}

static int
read_opened(int opened, size_t limit, struct sp_buffer *out, const char **why, struct sp_error *err)
{
    sp_autoclose int fd = opened;
    *why = NULL;
    if (fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            *why = errno == ELOOP ? "is a symbolic link, or one of a ring" : "cannot be opened";
        return 0;
    }
    return read_descriptor(fd, limit, out, why, err);
}

int
sp_inside_read_at(int directory, const char *name, size_t limit, struct sp_buffer *out, const char **why,
                  struct sp_error *err)
{
    return read_opened(sp_inside_open_at(directory, name, O_RDONLY), limit, out, why, err);
}

int
sp_inside_read(int root, const char *path, size_t limit, struct sp_buffer *out, const char **why,
               struct sp_error *err)
{
    return read_opened(sp_inside_open(root, path, O_RDONLY), limit, out, why, err);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
sp_inside_list(int directory, size_t max, struct sp_names *out, struct sp_error *err)
{
    *out = (struct sp_names){ 0 };
    int fd = open_how(directory, ".", O_RDONLY | O_DIRECTORY, 0);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            close(fd);
        return 0; /* gone, or not ours to read: nothing is seen */
    }
    sp_autobuffer struct sp_buffer names = { 0 };
    int status = 0;
    for (struct dirent *entry; status == 0 && (entry = readdir(entries));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (out->count == max) {
            out->cut = true;
            break;
        }
        status = sp_buffer_append(&names, entry->d_name, strlen(entry->d_name) + 1, err);
        out->count++;
    }
    closedir(entries);
    if (status < 0 || !out->count)
        return status;
    out->items = sp_new_array(out->count, sizeof(*out->items), err);
    out->bytes = out->items ? sp_buffer_steal(&names, err) : NULL;
    if (!out->bytes)
        return -1;
    const char *at = out->bytes;
    for (size_t i = 0; i < out->count; i++, at += strlen(at) + 1)
        out->items[i] = at;
    qsort(out->items, out->count, sizeof(*out->items), by_name);
    return 0;
}

void
sp_names_free(struct sp_names *names)
{
    free(names->bytes);
    free(names->items);
    *names = (struct sp_names){ 0 };
}

/* ---- digest ---- */

static int
add_word(struct sp_tree_digest *tree, const char *word, struct sp_error *err)
{
    return sp_digest_add(tree->digest, word, strlen(word) + 1, err);
}

static int
add_contents(struct sp_tree_digest *tree, int fd, const struct stat *status, struct sp_error *err)
{
    char chunk[65536];
    off_t left = status->st_size < TREE_FILE_MAX ? status->st_size : TREE_FILE_MAX;
    while (left > 0) {
        ssize_t length = read(fd, chunk, left < (off_t)sizeof(chunk) ? (size_t)left : sizeof(chunk));
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            break;
        if (sp_digest_add(tree->digest, chunk, (size_t)length, err) < 0)
            return -1;
        left -= length;
    }
    return 0;
}

static int
add_node(struct sp_tree_digest *tree, int directory, const char *name, int depth, struct sp_error *err)
{
    if (depth > TREE_DEPTH_MAX || tree->files >= TREE_FILES_MAX) {
        tree->cut = true;
        return add_word(tree, "cut", err);
    }
    tree->files++;
    struct stat status;
    char what[64];
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return add_word(tree, "gone", err);
    snprintf(what, sizeof(what), "%o %lld", (unsigned)(status.st_mode & (S_IFMT | 0111)),
             S_ISREG(status.st_mode) ? (long long)status.st_size : 0LL);
    if (add_word(tree, name, err) < 0 || add_word(tree, what, err) < 0)
        return -1;
    if (S_ISLNK(status.st_mode)) {
        char target[4096];
        ssize_t length = readlinkat(directory, name, target, sizeof(target));
        return length > 0 ? sp_digest_add(tree->digest, target, (size_t)length, err) : 0;
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return 0;
    sp_autoclose int fd = sp_inside_open_at(directory, name, O_RDONLY | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &status) < 0)
        return add_word(tree, "closed", err);
    if (S_ISREG(status.st_mode))
        return add_contents(tree, fd, &status, err);
    if (!S_ISDIR(status.st_mode))
        return 0;
    sp_autonames struct sp_names names = { 0 };
    if (sp_inside_list(fd, TREE_FILES_MAX, &names, err) < 0)
        return -1;
    for (size_t i = 0; i < names.count; i++) {
        if (tree->skip && !strcmp(names.items[i], tree->skip))
            continue;
        if (add_node(tree, fd, names.items[i], depth + 1, err) < 0)
            return -1;
    }
    return add_word(tree, "..", err);
}

int
sp_tree_digest_add(struct sp_tree_digest *tree, int directory, const char *name, struct sp_error *err)
{
    return add_node(tree, directory, name, 0, err);
}
