#include "proxy/stand_in.h"
#include "base/file.h"
#include "base/memory.h"
#include "ecosystem/ecosystem.h"
#include "proxy/url.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define PAGE_MAX_BYTES ((size_t)16 << 20)

struct sp_stand_in {
    int fd;
};

int
sp_stand_in_open(struct sp_stand_in **out, const char *path, struct sp_error *err)
{
    struct sp_stand_in *stand_in = sp_new(struct sp_stand_in, err);
    if (!stand_in)
        return -1;
    stand_in->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stand_in->fd < 0) {
        free(stand_in);
        return sp_fail_errno(err, "%s: the stand-in directory cannot be opened", path);
    }
    *out = stand_in;
    return 0;
}

void
sp_stand_in_close(struct sp_stand_in *stand_in)
{
    if (!stand_in)
        return;
    close(stand_in->fd);
    free(stand_in);
}

/* The directory of package NAME; -1: none, or NAME is no name there. */
static int
open_package(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name)
{
    bool npm = kind == SP_REGISTRY_NPM;
    const struct sp_ecosystem *ecosystem = sp_ecosystems[npm ? SP_NPM : SP_PYPI];
    sp_autobuffer struct sp_buffer normal = { 0 };
    if (!stand_in || ecosystem->validate(name, strlen(name), NULL) < 0)
        return -1;
    if (!npm && sp_ecosystem_read_name(ecosystem, name, strlen(name), &normal, NULL) < 0)
        return -1;
    sp_autoclose int root = sp_step_down(stand_in->fd, ecosystem->name, strlen(ecosystem->name), O_DIRECTORY);
    if (root < 0)
        return -1;
    const char *rest = npm ? name : normal.bytes, *slash = strchr(rest, '/');
    if (!slash)
        return sp_step_down(root, rest, strlen(rest), O_DIRECTORY);
    sp_autoclose int scope = sp_step_down(root, rest, (size_t)(slash - rest), O_DIRECTORY);
    return scope < 0 ? -1 : sp_step_down(scope, slash + 1, strlen(slash + 1), O_DIRECTORY);
}

bool
sp_stand_in_has(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name)
{
    sp_autoclose int directory = open_package(stand_in, kind, name);
    return directory >= 0;
}

static bool
is_file(int fd, off_t limit)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (!limit || status.st_size <= limit);
}

int
sp_stand_in_page(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name,
                 struct sp_buffer *out, struct sp_error *err)
{
    const char *file = kind == SP_REGISTRY_NPM ? "packument.json" : "index.json";
    sp_autoclose int directory = open_package(stand_in, kind, name);
    sp_autoclose int fd = directory < 0 ? -1 : sp_step_down(directory, file, strlen(file), 0);
    char block[16384];
    ssize_t got;
    if (fd < 0 || !is_file(fd, PAGE_MAX_BYTES))
        return sp_fail(err, SP_ERROR_INPUT, "the stand-in of %.200s has no %s that can be read", name, file);
    while ((got = read(fd, block, sizeof(block))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sp_fail_errno(err, "the stand-in of %.200s cannot be read", name);
        if (sp_buffer_append(out, block, (size_t)got, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_stand_in_artefact(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name,
                     const char *url, struct sp_error *err)
{
    size_t length = strcspn(url, "?"), start = length;
    sp_autobuffer struct sp_buffer file = { 0 };
    while (start && url[start - 1] != '/')
        start--;
    if (sp_url_decode(&file, url + start, length - start, err) < 0)
        return -1;
    sp_autoclose int directory = open_package(stand_in, kind, name);
    int fd = directory < 0 ? -1 : sp_step_down(directory, sp_buffer_string(&file), file.length, 0);
    if (fd >= 0 && is_file(fd, 0))
        return fd;
    if (fd >= 0)
        close(fd);
    return sp_fail(err, SP_ERROR_INPUT, "the stand-in of %.200s has no file %.200s", name,
                   sp_buffer_string(&file));
}
