#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)64 << 10)

int
sp_file_open(const char *path, size_t limit, size_t *size, struct sp_error *err)
{
    sp_autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return sp_fail_errno(err, "%.300s: cannot open", path);
    struct stat status;
    if (fstat(fd, &status) < 0)
        return sp_fail_errno(err, "%.300s: cannot stat", path);
    if (!S_ISREG(status.st_mode)) {
        const char *kind = S_ISDIR(status.st_mode)    ? "a directory"
                           : S_ISFIFO(status.st_mode) ? "a FIFO"
                           : S_ISCHR(status.st_mode)  ? "a device"
                           : S_ISSOCK(status.st_mode) ? "a socket"
                                                      : "a special file";
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: is %s; name a regular file", path, kind);
    }
    if ((unsigned long long)status.st_size > limit)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s: %lld bytes; at most %zu are read", path,
                       (long long)status.st_size, limit);
    *size = (size_t)status.st_size;
    int opened = fd;
    fd = -1;
    return opened;
}

int
sp_file_read(const char *path, size_t limit, struct sp_buffer *out, struct sp_error *err)
{
    size_t size;
    sp_autoclose int fd = sp_file_open(path, limit, &size, err);
    if (fd < 0)
        return -1;
    sp_buffer_clear(out);
    for (;;) {
        if (sp_buffer_reserve(out, size > out->length ? size - out->length + 1 : CHUNK_SIZE, err) < 0)
            return sp_fail_within(err, "%.300s", path);
        ssize_t count = read(fd, out->bytes + out->length, out->capacity - out->length - 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sp_fail_errno(err, "%.300s: cannot read", path);
        if (count == 0)
            break;
        out->length += (size_t)count;
        if (out->length > limit)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s: grew beyond the %zu bytes that are read", path,
                           limit);
    }
    out->bytes[out->length] = '\0';
    return 0;
}

int
sp_file_map(struct sp_mapping *out, const char *path, size_t limit, struct sp_error *err)
{
    *out = (struct sp_mapping){ 0 };
    size_t size;
    sp_autoclose int fd = sp_file_open(path, limit, &size, err);
    if (fd < 0)
        return -1;
    if (!size)
        return 0;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return sp_fail_errno(err, "%.300s: cannot map", path);
    out->bytes = bytes;
    out->size = size;
    return 0;
}

void
sp_mapping_free(struct sp_mapping *mapping)
{
    if (mapping->bytes)
        munmap((void *)mapping->bytes, mapping->size);
    *mapping = (struct sp_mapping){ 0 };
}

int
sp_write_all(int fd, const void *from, size_t length)
{
    const char *bytes = from;
    while (length) {
        ssize_t count = write(fd, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        bytes += count;
        length -= (size_t)count;
    }
    return 0;
}

int
sp_file_write(const char *path, const void *bytes, size_t length, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer temporary = { 0 };
    if (sp_buffer_printf(&temporary, err, "%s.XXXXXX", path) < 0)
        return -1;
    sp_autoclose int fd = mkostemp(temporary.bytes, O_CLOEXEC);
    if (fd < 0)
        return sp_fail_errno(err, "%.300s: cannot create", path);
    mode_t mask = umask(0);
    umask(mask);
    if (sp_write_all(fd, bytes, length) < 0 || fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0 ||
        rename(temporary.bytes, path) < 0) {
        sp_fail_errno(err, "%.300s: cannot write", path);
        unlink(temporary.bytes);
        return -1;
    }
    return 0;
}

int
sp_lines_open(struct sp_lines *lines, int fd, const char *path, size_t line_limit, struct sp_error *err)
{
    *lines = (struct sp_lines){ .fd = fd, .path = path, .line_limit = line_limit };
    lines->chunk = sp_new_array(CHUNK_SIZE, 1, err);
    return lines->chunk ? 0 : -1;
}

/* Appends to the line what fits below the limit; the rest of an overlong line is dropped, not kept. */
static int
keep(struct sp_lines *lines, const char *bytes, size_t length, struct sp_error *err)
{
    size_t room = lines->line_limit > lines->line.length ? lines->line_limit - lines->line.length : 0;
    if (length > room) {
        lines->cut = true;
        length = room;
    }
    return sp_buffer_append(&lines->line, bytes, length, err);
}

int
sp_lines_next(struct sp_lines *lines, const char **line, size_t *length, struct sp_error *err)
{
    sp_buffer_clear(&lines->line);
    lines->cut = false;
    bool any = false;
    for (;;) {
        if (lines->start == lines->stop) {
            if (lines->ended)
                break;
            ssize_t count = read(lines->fd, lines->chunk, CHUNK_SIZE);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return sp_fail_errno(err, "%.300s: cannot read after line %zu", lines->path, lines->number);
            lines->start = 0;
            lines->stop = (size_t)count;
            lines->ended = count == 0;
            continue;
        }
        const char *from = lines->chunk + lines->start;
        size_t have = lines->stop - lines->start;
        const char *end = memchr(from, '\n', have);
        any = true;
        if (keep(lines, from, end ? (size_t)(end - from) : have, err) < 0)
            return -1;
        lines->start += end ? (size_t)(end - from) + 1 : have;
        if (end)
            break;
    }
    if (!any)
        return 0;
    if (!lines->cut && lines->line.length && lines->line.bytes[lines->line.length - 1] == '\r')
        lines->line.bytes[--lines->line.length] = '\0';
    lines->number++;
    *line = sp_buffer_string(&lines->line);
    *length = lines->line.length;
    return 1;
}

bool
sp_lines_buffered(const struct sp_lines *lines)
{
    return lines->start < lines->stop &&
           memchr(lines->chunk + lines->start, '\n', lines->stop - lines->start) != NULL;
}

void
sp_lines_free(struct sp_lines *lines)
{
    free(lines->chunk);
    lines->chunk = NULL;
    sp_buffer_free(&lines->line);
}

const char *
sp_shipped_path(char *room, size_t size, const char *variable, const char *name, const char *installed)
{
    static const char *const beside[] = { "../../data", "../share/sallyport" };
    const char *path = getenv(variable);
    if (path && *path)
        return path;
    ssize_t length = readlink("/proc/self/exe", room, size - 1);
    room[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(room, '/');
    for (size_t i = 0; slash && i < SP_COUNT(beside); i++) {
        size_t left = size - (size_t)(slash + 1 - room);
        if (snprintf(slash + 1, left, "%s/%s", beside[i], name) < (int)left && access(room, R_OK) == 0)
            return room;
    }
    return installed;
}

int
sp_step_down(int directory, const char *name, size_t length, int flags)
{
    char segment[256];
    if (!length || length >= sizeof(segment) || *name == '.' || memchr(name, '/', length) ||
        memchr(name, '\0', length))
        return -1;
    memcpy(segment, name, length);
    segment[length] = '\0';
    return openat(directory, segment, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}
