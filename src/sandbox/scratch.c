#include "sandbox/room.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

char *
sp_scratch_make(const char *directory, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_append_string(&path, directory, err) < 0)
        return NULL;
    if (make_directories(path.bytes) < 0) {
        sp_fail_errno(err, "%s: cannot make the scratch directory; choose another with --scratch", directory);
        return NULL;
    }
    if (sp_buffer_append_string(&path, "/run-XXXXXX", err) < 0)
        return NULL;
    if (!mkdtemp(path.bytes)) {
        sp_fail_errno(err, "%s: cannot make a directory in it; choose another with --scratch", directory);
        return NULL;
    }
    return sp_buffer_steal(&path, err);
}
