/* The least recently used files of a cache go first. Other processes may do the same at the same time: what
 * is gone already is fine. */
#include "base/memory.h"
#include "proxy/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define STALE_SECONDS 86400
#define FILES_MAX 4000000u

struct kept_file {
    int64_t used; /* nanoseconds */
    uint64_t size;
    char *path;
};

struct survey {
    struct kept_file *files;
    size_t count, capacity;
    uint64_t total;
    struct sp_arena paths;
};

static void
take_file(struct survey *survey, const char *path, const struct stat *status)
{
    if (survey->count >= FILES_MAX || sp_grow(survey->files, survey->capacity, survey->count + 1, NULL) < 0)
        return;
    char *copy = sp_arena_copy(&survey->paths, path, strlen(path), NULL);
    if (!copy)
        return;
    uint64_t size = (uint64_t)status->st_blocks * 512;
    survey->files[survey->count++] =
        (struct kept_file){ (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec, size,
                            copy };
    survey->total += size;
}

static void
walk(struct survey *survey, int root, const char *path, int depth)
{
    int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    if (!directory) {
        if (fd >= 0)
            close(fd);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        char below[512];
        struct stat status;
        if (entry->d_name[0] == '.' ||
            snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) >= (int)sizeof(below) ||
            fstatat(root, below, &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth > 0)
            walk(survey, root, below, depth - 1);
        else if (S_ISREG(status.st_mode))
            take_file(survey, below, &status);
    }
    closedir(directory);
}

static void
drop_stale(int root)
{
    struct survey survey = { 0 };
    int64_t before = ((int64_t)time(NULL) - STALE_SECONDS) * 1000000000;
    walk(&survey, root, "new", 0);
    for (size_t i = 0; i < survey.count; i++)
        if (survey.files[i].used < before)
            unlinkat(root, survey.files[i].path, 0);
    free(survey.files);
    sp_arena_free(&survey.paths);
}

static int
by_use(const void *a, const void *b)
{
    const struct kept_file *one = a, *two = b;
    return one->used < two->used ? -1 : one->used > two->used;
}

uint64_t
sp_cache_evict(int directory, uint64_t limit, uint64_t goal)
{
    static const char *const rooms[] = { "artefacts", "urls", "pages" };
    struct survey survey = { 0 };
    drop_stale(directory);
    for (size_t i = 0; i < SP_COUNT(rooms); i++)
        walk(&survey, directory, rooms[i], 3);
    if (survey.total > limit) {
        qsort(survey.files, survey.count, sizeof(*survey.files), by_use);
        for (size_t i = 0; i < survey.count && survey.total > goal; i++) {
            unlinkat(directory, survey.files[i].path, 0);
            survey.total -= survey.files[i].size;
        }
    }
    uint64_t left = survey.total;
    free(survey.files);
    sp_arena_free(&survey.paths);
    return left;
}
