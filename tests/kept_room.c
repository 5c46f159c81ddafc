#include "kept_room.h"
#include "base/utf8.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OPEN_FOLDERS 16

void
kept_room_make(char out[64])
{
    snprintf(out, 64, "/tmp/sallyport-kept-XXXXXX");
    if (!mkdtemp(out))
        fail_msg("%s: cannot be made", out);
}

static int
remove_one(const char *path, const struct stat *status SP_UNUSED, int kind SP_UNUSED,
           struct FTW *place SP_UNUSED)
{
    return remove(path);
}

void
kept_room_remove(const char *directory)
{
    nftw(directory, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

struct sp_lookups *
kept_room_lookups(const char *directory, struct sp_index *index)
{
    static const char *const no_environment[] = { NULL };
    struct sp_error err = { 0 };
    struct sp_lookups *lookups = NULL;
    const struct sp_lookups_options options = { .look = SP_LOOK_OFFLINE,
                                                .saved = directory,
                                                .env = no_environment,
                                                .home = "/nonexistent",
                                                .project = "/nonexistent",
                                                .review = -1,
                                                .block = -1 };
    if (sp_lookups_read(&lookups, &options, &err) < 0 || sp_lookups_start(lookups, NULL, index, &err) < 0)
        fail_msg("%s", err.text);
    return lookups;
}

bool
kept_room_printable(const char *text)
{
    size_t length = strlen(text), room = 8 * length + 64;
    char *printable = malloc(room);
    assert_non_null(printable);
    sp_utf8_printable(printable, room, text, length);
    bool same = !strcmp(printable, text);
    free(printable);
    return same;
}
