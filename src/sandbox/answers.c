#include "sandbox/answers.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

struct sp_answers {
    int fd;
};

/* Longer ones first where one ends in another. */
static const struct {
    const char *suffix, *type;
} suffixes[] = {
    { ".tar.gz", "application/gzip" },
    { ".tar.xz", "application/x-xz" },
    { ".tgz", "application/gzip" },
    { ".zip", "application/zip" },
    { ".json", "application/json" },
    { ".sh", "text/x-shellscript" },
    { ".js", "text/javascript" },
    { ".py", "text/x-python" },
    { ".bin", "application/octet-stream" },
    { ".node", "application/octet-stream" },
    { ".gz", "application/gzip" },
    { ".xz", "application/x-xz" },
    { ".txt", "text/plain" },
    { ".sha256", "text/plain" },
};

int
sp_answers_open(struct sp_answers **out, const char *path, struct sp_error *err)
{
    struct sp_answers *answers = sp_new(struct sp_answers, err);
    if (!answers)
        return -1;
    answers->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (answers->fd < 0) {
        free(answers);
        return sp_fail_errno(err, "%s: the directory of answers cannot be opened", path);
    }
    *out = answers;
    return 0;
}

void
sp_answers_close(struct sp_answers *answers)
{
    if (!answers)
        return;
    close(answers->fd);
    free(answers);
}

static int
read_whole(int fd, struct sp_buffer *out)
{
    struct stat status;
    char block[16384];
    ssize_t got;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size > (off_t)SP_ANSWER_MAX)
        return -1;
    while ((got = read(fd, block, sizeof(block))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || out->length + (size_t)got > SP_ANSWER_MAX ||
            sp_buffer_append(out, block, (size_t)got, NULL) < 0)
            return -1;
    }
    return 0;
}

/* HOST/PATH, step by step. */
static int
read_exact(const struct sp_answers *answers, const char *host, const char *path, size_t length,
           struct sp_buffer *out)
{
    sp_autoclose int at = sp_step_down(answers->fd, host, strcspn(host, ":/"), O_DIRECTORY);
    for (unsigned depth = 0; at >= 0 && length; depth++) {
        while (length && *path == '/')
            path++, length--;
        const char *slash = memchr(path, '/', length);
        size_t size = slash ? (size_t)(slash - path) : length;
        int next = depth < DEPTH_MAX ? sp_step_down(at, path, size, slash ? O_DIRECTORY : 0) : -1;
        close(at);
        at = next;
        path += size;
        length -= size;
    }
    return at < 0 ? -1 : read_whole(at, out);
}

const char *
sp_answers_find(const struct sp_answers *answers, const char *host, const char *path, struct sp_buffer *out)
{
    size_t length = strcspn(path, "?#"), kind = 0;
    char any[32];
    while (kind < SP_COUNT(suffixes)) {
        size_t size = strlen(suffixes[kind].suffix);
        if (length > size && !strncasecmp(path + length - size, suffixes[kind].suffix, size))
            break;
        kind++;
    }
    const char *type = kind < SP_COUNT(suffixes) ? suffixes[kind].type : "application/octet-stream";
    if (read_exact(answers, host, path, length, out) == 0)
        return type;
    sp_buffer_clear(out);
    if (kind == SP_COUNT(suffixes))
        return NULL;
    snprintf(any, sizeof(any), "any%s", suffixes[kind].suffix);
    sp_autoclose int fd = sp_step_down(answers->fd, any, strlen(any), 0);
    if (fd >= 0 && read_whole(fd, out) == 0)
        return type;
    sp_buffer_clear(out);
    return NULL;
}
