#include "base/tree.h"
#include "sandbox/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

static int
make_directories(char *path)
{
    for (char *at = path + 1;; at++) {
        if (*at && *at != '/')
            continue;
        char kept = *at;
        *at = '\0';
        int made = mkdir(path, 0700);
        *at = kept;
        if (made < 0 && errno != EEXIST)
            return -1;
        if (!kept)
            return 0;
    }
}

/* A run holds a lock on its directory; one that can be had is nobody's. */
static void
remove_dead(const char *directory)
{
    DIR *entries = opendir(directory);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[4096];
        if (strncmp(entry->d_name, "run-", 4) != 0 ||
            snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >= (int)sizeof(path))
            continue;
        sp_autoclose int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;
        /* one that is being made is not locked yet: it is young */
        if (fd >= 0 && fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
            time(NULL) - status.st_ctime > 2 && flock(fd, LOCK_EX | LOCK_NB) == 0)
            (void)!sp_tree_remove(path, NULL);
    }
    if (entries)
        closedir(entries);
}

char *
sp_scratch_make(const char *directory, int *lock, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_append_string(&path, directory, err) < 0)
        return NULL;
    if (make_directories(path.bytes) < 0) {
        sp_fail_errno(err, "%s: cannot make the scratch directory; choose another with --scratch", directory);
        return NULL;
    }
    remove_dead(directory);
    if (sp_buffer_append_string(&path, "/run-XXXXXX", err) < 0)
        return NULL;
    if (!mkdtemp(path.bytes) || (*lock = open(path.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        flock(*lock, LOCK_EX | LOCK_NB) < 0) {
        sp_fail_errno(err, "%s: cannot make a directory in it; choose another with --scratch", directory);
        return NULL;
    }
    return sp_buffer_steal(&path, err);
}
