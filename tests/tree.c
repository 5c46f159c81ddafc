/* tree.c: see tree.h. Works by descriptors, since paths may be longer than the kernel takes. */
#include "tree.h"
#include "base/buffer.h"
#include "base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

struct listing {
    struct sp_buffer out, path;
    struct sp_map links; /* device and inode -> number of the first name */
    uint32_t things;
    unsigned what;
};

static _Noreturn void
give_up(const struct listing *listing, const char *what)
{
    fprintf(stderr, "tree: %s: cannot %s: %s\n", sp_buffer_string(&listing->path), what, strerror(errno));
    abort();
}

static void
add(struct sp_buffer *buffer, const char *text)
{
    if (sp_buffer_append_string(buffer, text, NULL) < 0)
        abort();
}

/* Names with newlines must not look like two lines. */
static void
add_escaped(struct sp_buffer *buffer, const char *text, size_t length)
{
    char code[8];
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        snprintf(code, sizeof(code), c < 32 || c == '\\' || c == 127 ? "\\x%02x" : "%c", c);
        add(buffer, code);
    }
}

static uint64_t
digest(const struct listing *listing, int directory, const char *name)
{
    char chunk[65536];
    uint64_t hash = 0;
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        give_up(listing, "open it");
    ssize_t got;
    while ((got = read(fd, chunk, sizeof(chunk))) > 0)
        hash = sp_hash(chunk, (size_t)got, hash);
    if (got < 0)
        give_up(listing, "read it");
    close(fd);
    return hash;
}

static void
add_attributes(struct listing *listing, int directory, const char *name)
{
    char path[320], names[4096], value[4096];
    snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", directory, name);
    ssize_t length = llistxattr(path, names, sizeof(names));
    for (const char *at = names; length > 0 && at < names + length; at += strlen(at) + 1) {
        ssize_t size = lgetxattr(path, at, value, sizeof(value));
        /* what an overlay or a security module keeps for itself is shown too where it should not be */
        if (strncmp(at, "user.", 5) != 0 && strncmp(at, "trusted.", 8) != 0 &&
            strcmp(at, "security.capability") != 0)
            continue;
        add(&listing->out, " ");
        add(&listing->out, at);
        add(&listing->out, "=");
        add_escaped(&listing->out, value, size > 0 ? (size_t)size : 0);
    }
}

static void
add_thing(struct listing *listing, int directory, const char *name, const struct stat *st, bool root)
{
    char text[256];
    add_escaped(&listing->out, listing->path.bytes, listing->path.length);
    snprintf(text, sizeof(text), " %06o", (unsigned)st->st_mode);
    add(&listing->out, text);
    if (listing->what & TREE_OWNERS) {
        snprintf(text, sizeof(text), " %u:%u", st->st_uid, st->st_gid);
        add(&listing->out, text);
    }
    if ((listing->what & TREE_TIMES) && (!root || (listing->what & TREE_ROOT))) {
        snprintf(text, sizeof(text), " %lld.%09ld", (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
        add(&listing->out, text);
    }
    if (S_ISREG(st->st_mode)) {
        uint64_t key[2] = { st->st_dev, st->st_ino };
        uint32_t first = listing->things;
        if (st->st_nlink > 1) {
            uint32_t *known = sp_map_at(&listing->links, (char *)key, sizeof(key), first, NULL);
            if (!known)
                abort();
            first = *known;
        }
        snprintf(text, sizeof(text), " %lld %016llx", (long long)st->st_size,
                 (unsigned long long)digest(listing, directory, name));
        add(&listing->out, text);
        if (first != listing->things) {
            snprintf(text, sizeof(text), " = %u", first);
            add(&listing->out, text);
        }
    } else if (S_ISLNK(st->st_mode)) {
        char link[4096];
        ssize_t length = readlinkat(directory, name, link, sizeof(link));
        add(&listing->out, " -> ");
        add_escaped(&listing->out, link, length > 0 ? (size_t)length : 0);
    }
    add_attributes(listing, directory, name);
    add(&listing->out, "\n");
    listing->things++;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
not_dots(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void
add_directory(struct listing *listing, int fd)
{
    struct dirent **entries;
    int count = scandirat(fd, ".", &entries, not_dots, by_name);
    if (count < 0)
        give_up(listing, "list it");
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t mark = listing->path.length;
        struct stat st;
        if (mark)
            add(&listing->path, "/");
        add(&listing->path, name);
        if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            give_up(listing, "look at it");
        add_thing(listing, fd, name, &st, false);
        if (S_ISDIR(st.st_mode)) {
            int inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner < 0)
                give_up(listing, "open it");
            add_directory(listing, inner);
            close(inner);
        }
        listing->path.length = mark;
        listing->path.bytes[mark] = '\0';
        free(entries[i]);
    }
    free(entries);
}

char *
tree_list(const char *root, unsigned what)
{
    struct listing listing = { .what = what };
    struct stat st;
    if (sp_buffer_reserve(&listing.path, 1, NULL) < 0)
        abort();
    listing.path.bytes[0] = '\0';
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        fprintf(stderr, "tree: %s: cannot open it: %s\n", root, strerror(errno));
        abort();
    }
    add_thing(&listing, fd, ".", &st, true);
    add_directory(&listing, fd);
    close(fd);
    sp_buffer_free(&listing.path);
    sp_map_free(&listing.links);
    char *text = sp_buffer_steal(&listing.out, NULL);
    if (!text)
        abort();
    return text;
}

bool
tree_differs(const char *one, const char *other, const char **line, const char **other_line)
{
    static char lines[2][1024];
    while (*one || *other) {
        size_t length = strcspn(one, "\n"), other_length = strcspn(other, "\n");
        if (length != other_length || memcmp(one, other, length) != 0) {
            snprintf(lines[0], sizeof(lines[0]), "%.*s", (int)length, *one ? one : "-");
            snprintf(lines[1], sizeof(lines[1]), "%.*s", (int)other_length, *other ? other : "-");
            *line = *one ? lines[0] : "-";
            *other_line = *other ? lines[1] : "-";
            return true;
        }
        one += length + (one[length] == '\n');
        other += other_length + (other[other_length] == '\n');
    }
    return false;
}
