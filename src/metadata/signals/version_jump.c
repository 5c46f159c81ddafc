#include "metadata/scene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FEW 5
#define HIGH 50
#define LEAP 10

/* The first number of VERSION; -1: it has none, or it is a date. */
static long
major_of(const char *version)
{
    version += *version == 'v' || *version == 'V';
    char *end;
    if (*version < '0' || *version > '9')
        return -1;
    errno = 0;
    long major = strtol(version, &end, 10);
    bool year = major >= 1990 && major <= 2200;
    bool day = end - version >= 6; /* 20240131, or a build's number */
    return errno || year || day ? -1 : major;
}

/* "9.9.9", "99.9": two numbers or more, all of nines. */
static bool
is_nines(const char *version)
{
    version += *version == 'v' || *version == 'V';
    size_t length = strspn(version, "9.");
    return length >= 3 && !version[length] && *version == '9' && memchr(version, '.', length);
}

static void
read_version_jump(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    long highest = -1, next = -1; /* majors; whatever the order in which they are listed */
    const char *top = NULL, *jump = NULL;
    for (size_t i = 0; i < record->release_count && record->release_count <= FEW; i++) {
        const char *number = record->releases[i].number ? record->releases[i].number : "";
        long major = major_of(number);
        if (major > highest) {
            next = highest;
            highest = major;
            top = number;
        } else if (major < highest && major > next) {
            next = major;
        }
        if (major >= HIGH || is_nines(number))
            jump = number;
    }
    if (!jump && next >= 0 && highest - next >= LEAP)
        jump = top;
    if (highest >= 0)
        seen->value = (double)highest;
    if (jump)
        sp_see(seen, true, "version `%s` among %zu release%s", sp_excerpt(jump).text, record->release_count,
               record->release_count == 1 ? "" : "s");
    else if (record->release_count)
        sp_see_no(seen);
}

const struct sp_signal sp_signal_version_jump = {
    .id = SP_SIGNAL_VERSION_JUMP,
    .name = "version-jump",
    .title = "few releases, and a version far above any pace",
    .definition = "It has at most five releases, and one of them has a major number of 50 or more that is "
                  "no year, or consists of nines alone from 9.9 on (99.0.0 and 99.9 among them), or is at "
                  "least ten majors above the one before. So are packages numbered that should win over a "
                  "private one of the same name. The value is the highest major number.",
    .source = "Birsan 2021, Dependency Confusion",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_RELEASES,
    .read = read_version_jump,
};
