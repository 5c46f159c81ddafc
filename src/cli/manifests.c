#include "cli/manifests.h"
#include "base/file.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

const struct sp_manifest_format *
sp_manifests_by_name(const char *path)
{
    /* without content there is nothing else to know it by */
    return sp_manifest_format_guess(path, "", 0);
}

const struct sp_manifest_format *
sp_manifests_of(const char *path)
{
    char beginning[16384];
    size_t size;
    struct sp_error ignored;
    const struct sp_manifest_format *known = sp_manifests_by_name(path);
    if (known)
        return known;
    sp_autoclose int fd = sp_file_open(path, SP_MANIFEST_SIZE_MAX, &size, &ignored);
    ssize_t length = fd < 0 ? 0 : read(fd, beginning, sizeof(beginning) - 1);
    if (length <= 0)
        return NULL;
    beginning[length] = '\0';
    return sp_manifest_format_guess(path, beginning, (size_t)length);
}

static int
compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
add_if_manifest(const char *folder, const char *name, struct sp_arguments *words, struct sp_arena *arena,
                struct sp_error *err)
{
    struct stat status;
    if (!sp_manifests_by_name(name))
        return 0;
    char *path = strcmp(folder, ".") ? sp_arena_printf(arena, err, "%s%s%s", folder,
                                                       folder[strlen(folder) - 1] == '/' ? "" : "/", name)
                                     : sp_arena_printf(arena, err, "%s", name);
    if (!path)
        return -1;
    if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
        return 0;
    if (sp_grow(words->items, words->capacity, words->count + 1, err) < 0)
        return -1;
    words->items[words->count++] = path;
    return 0;
}

int
sp_manifests_in(const char *folder, struct sp_arguments *words, struct sp_arena *arena, struct sp_error *err)
{
    size_t before = words->count;
    DIR *open = opendir(folder);
    if (!open)
        return sp_fail_errno(err, "%.300s: cannot list", folder);
    int status = 0;
    for (struct dirent *entry; status == 0 && (entry = readdir(open));)
        status = add_if_manifest(folder, entry->d_name, words, arena, err);
    closedir(open);
    if (words->count > before)
        qsort(words->items + before, words->count - before, sizeof(words->items[0]), compare_words);
    return status;
}

const char *
sp_manifests_id_at(size_t position)
{
    return position < sp_manifest_format_count ? sp_manifest_formats[position]->id : NULL;
}
