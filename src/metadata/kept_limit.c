/* The least recently used answers go first. How much is kept stands in a file of the directory, so that most
 * processes need not look at all the others; it only ever counts too much, and each look puts it right. */
#include "base/memory.h"
#include "metadata/kept_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define COUNT_NAME "size"
#define BLOCK ((uint64_t)4096)
#define STALE_SECONDS 86400 /* of a file that was never finished */
#define FILES_MAX 2000000u

struct one {
    int64_t used; /* nanoseconds */
    uint64_t size;
    char key[SP_KEPT_KEY_SIZE];
};

struct survey {
    struct one *files;
    size_t count, capacity;
    uint64_t total;
};

static uint64_t
on_disk(uint64_t size)
{
    return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static void
look_at(struct survey *survey, int folder, const char *name)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
        return;
    if (name[0] == '.') {
        if (status.st_mtim.tv_sec < time(NULL) - STALE_SECONDS)
            unlinkat(folder, name, 0);
        return;
    }
    if (strlen(name) != SP_KEPT_KEY_SIZE - 1 || survey->count == FILES_MAX ||
        sp_grow(survey->files, survey->capacity, survey->count + 1, NULL) < 0)
        return;
    struct one *one = &survey->files[survey->count++];
    one->used = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    one->size = on_disk((uint64_t)status.st_size);
    memcpy(one->key, name, SP_KEPT_KEY_SIZE);
    survey->total += one->size;
}

static void
survey_folder(struct survey *survey, const struct sp_kept_files *files, const char *letters)
{
    int folder = sp_kept_folder(files, letters);
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    if (!list) {
        if (folder >= 0)
            close(folder);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(list)))
        look_at(survey, folder, entry->d_name);
    closedir(list);
}

static int
by_use(const void *a, const void *b)
{
    const struct one *one = a, *two = b;
    return one->used < two->used ? -1 : one->used > two->used;
}

/* Removes down to nine tenths of the limit where it is exceeded; returns what is left. */
static uint64_t
hold_to_limit(struct sp_kept_files *files)
{
    struct survey survey = { 0 };
    for (unsigned i = 0; i < 256; i++) {
        char letters[3];
        snprintf(letters, sizeof(letters), "%02x", i);
        survey_folder(&survey, files, letters);
    }
    if (survey.total > files->limit) {
        qsort(survey.files, survey.count, sizeof(*survey.files), by_use);
        for (size_t i = 0; i < survey.count && survey.total > files->limit / 10 * 9; i++) {
            sp_kept_drop(files, survey.files[i].key);
            survey.total -= survey.files[i].size;
        }
    }
    free(survey.files);
    return survey.total;
}

/* The number in FD; more than any limit where there is none: then it is time to look. */
static uint64_t
read_count(int fd)
{
    char text[32] = { 0 };
    char *end = text;
    ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
    errno = 0;
    unsigned long long count = length > 0 && text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
    return end > text && *end == '\n' && !errno ? count : UINT64_MAX / 2;
}

static void
add_to_count(struct sp_kept_files *files, uint64_t added)
{
    char text[32];
    sp_autoclose int fd =
        openat(files->directory, COUNT_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    struct stat status;
    /* released when FD is closed */
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1 ||
        flock(fd, LOCK_EX) < 0)
        return;
    if (files->hand_over && status.st_uid != files->uid && fchown(fd, files->uid, files->gid) < 0)
        return;
    uint64_t count = read_count(fd) + added;
    if (count > files->limit)
        count = hold_to_limit(files);
    int length = snprintf(text, sizeof(text), "%" PRIu64 "\n", count);
    if (pwrite(fd, text, (size_t)length, 0) != length || ftruncate(fd, length) < 0)
        unlinkat(files->directory, COUNT_NAME, 0);
}

void
sp_kept_count(struct sp_kept_files *files, uint64_t size, bool closing)
{
    if (size)
        atomic_fetch_add(&files->added, on_disk(size));
    uint64_t added = atomic_load(&files->added);
    if (!added || (!closing && added < files->limit / 64) || atomic_flag_test_and_set(&files->counting))
        return;
    added = atomic_exchange(&files->added, 0);
    add_to_count(files, added);
    atomic_flag_clear(&files->counting);
}
