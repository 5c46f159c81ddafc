/* Times of versions that cannot be times of publication. */
#include "metadata/npm_packument.h"

#include <string.h>

#define DAY 86400
#define TOO_FEW 5
#define AT_ONCE 10 /* so many releases within a day are no history */

/* A field of "1.2.3"; UINT64_MAX: none. */
static uint64_t
read_field(const char **at, const char *end)
{
    uint64_t value = 0;
    const char *start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
        value = value > UINT64_MAX / 20 ? value : value * 10 + (uint64_t)(**at - '0');
    return *at == start ? UINT64_MAX : value;
}

/* Numbers of a release; a prerelease has none. */
static bool
read_version(const struct sp_npm_time *of, uint64_t field[3])
{
    const char *at = of->number, *end = of->number + of->length;
    for (int i = 0; i < 3; i++) {
        field[i] = read_field(&at, end);
        if (field[i] == UINT64_MAX || (i < 2 && (at == end || *at++ != '.')))
            return false;
    }
    return at == end;
}

static int
by_version(const void *a, const void *b)
{
    uint64_t left[3], right[3];
    bool reads_left = read_version(a, left), reads_right = read_version(b, right);
    if (!reads_left || !reads_right)
        return reads_right - reads_left;
    for (int i = 0; i < 3; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

bool
sp_npm_times_are_mirrored(struct sp_npm_time *times, size_t count)
{
    uint64_t now[3], before[3] = { UINT64_MAX, UINT64_MAX, UINT64_MAX };
    int64_t first_of_major = INT64_MIN, last = INT64_MIN, least = INT64_MAX, most = INT64_MIN;
    size_t known = 0;
    qsort(times, count, sizeof(*times), by_version);
    for (size_t i = 0; i < count; i++) {
        int64_t time = times[i].time;
        if (time == SP_TIME_UNKNOWN || !read_version(&times[i], now))
            continue;
        known++;
        least = time < least ? time : least;
        most = time > most ? time : most;
        bool major = now[0] != before[0], line = major || now[1] != before[1];
        /* old lines get their fixes late, but each line and the beginnings of majors follow each other */
        if ((!line && time < last - DAY) ||
            (major && first_of_major != INT64_MIN && time < first_of_major - DAY))
            return true;
        if (major)
            first_of_major = time;
        last = time;
        memcpy(before, now, sizeof(before));
    }
    /* and too few to tell are no evidence either: the public registry always says when a package was created
     */
    return known < TOO_FEW || (known >= AT_ONCE && most - least < DAY);
}
