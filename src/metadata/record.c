#include "metadata/record.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PROBLEMS_MAX 100

const char *const sp_field_names[SP_FIELD_COUNT] = {
    "description",   "readme",     "licence",   "maintainers", "authors",
    "owner",         "repository", "homepage",  "keywords",    "releases",
    "release-times", "deprecated", "relocated", "hooks",       "dependencies",
    "downloads",     "rank",       "created",   "updated",     "security-holding",
    "provenance",    "module",     "fork",
};

const char *const sp_presence_names[] = { "unknown", "present", "absent", "removed" };

int
sp_record_new(struct sp_record **out, const struct sp_ecosystem *ecosystem, const char *name,
              struct sp_error *err)
{
    sp_autorecord struct sp_record *record = sp_new(struct sp_record, err);
    if (!record || !(record->name = sp_arena_copy(&record->arena, name, strlen(name), err)))
        return -1;
    record->ecosystem = ecosystem;
    record->downloads = -1;
    record->created = record->updated = SP_TIME_UNKNOWN;
    *out = record;
    record = NULL;
    return 0;
}

void
sp_record_free(struct sp_record *record)
{
    if (!record)
        return;
    free(record->maintainers);
    free(record->authors);
    free(record->releases);
    free(record->keywords.items);
    free(record->dependencies.items);
    free(record->hooks.items);
    free(record->problems.items);
    sp_arena_free(&record->arena);
    free(record);
}

/* ------------------------------------------------------------------- text */

/* Copies what is UTF-8 of BYTES, at most MAX of it; the rest becomes U+FFFD. */
static const char *
keep_text(struct sp_record *record, const char *bytes, size_t length, size_t max, struct sp_error *err)
{
    static const char replacement[] = "\xef\xbf\xbd";
    bool cut = length > max;
    if (cut)
        length = max;
    while (cut && length && ((unsigned char)bytes[length] & 0xc0) == 0x80)
        length--; /* not in the middle of a character */
    if (sp_utf8_valid(bytes, length) && !memchr(bytes, 0, length))
        return sp_arena_copy(&record->arena, bytes, length, err);
    sp_autobuffer struct sp_buffer clean = { 0 };
    for (size_t i = 0; i < length && clean.length < max;) {
        size_t size = 1;
        uint32_t point = sp_utf8_decode(bytes + i, length - i, &size);
        bool bad = !point || !sp_utf8_valid(bytes + i, size);
        if (sp_buffer_append(&clean, bad ? replacement : bytes + i, bad ? 3 : size, err) < 0)
            return NULL;
        i += size ? size : 1;
    }
    return sp_arena_copy(&record->arena, sp_buffer_string(&clean), clean.length, err);
}

static void
set_origin(const struct sp_teller *teller, enum sp_field field)
{
    teller->record->origins[field] = (struct sp_origin){ teller->source, teller->time };
}

static const char **
text_of(struct sp_record *record, enum sp_field field)
{
    switch (field) {
    case SP_FIELD_DESCRIPTION:
        return &record->description;
    case SP_FIELD_README:
        return &record->readme;
    case SP_FIELD_LICENCE:
        return &record->licence;
    case SP_FIELD_OWNER:
        return &record->owner;
    case SP_FIELD_REPOSITORY:
        return &record->repository;
    case SP_FIELD_HOMEPAGE:
        return &record->homepage;
    case SP_FIELD_MODULE:
        return &record->module;
    case SP_FIELD_DEPRECATED:
        return &record->deprecated;
    case SP_FIELD_RELOCATED:
        return &record->relocated;
    default:
        return NULL;
    }
}

static void
trim(const char **bytes, size_t *length)
{
    while (*length && (unsigned char)**bytes <= ' ')
        ++*bytes, --*length;
    while (*length && (unsigned char)(*bytes)[*length - 1] <= ' ')
        --*length;
}

int
sp_tell_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
             struct sp_error *err)
{
    struct sp_record *record = teller->record;
    const char **text = text_of(record, field);
    if (!text || sp_record_knows(record, field))
        return 0;
    if (!bytes && (field == SP_FIELD_DEPRECATED || field == SP_FIELD_RELOCATED)) {
        set_origin(teller, field);
        return 0;
    }
    if (bytes)
        trim(&bytes, &length);
    size_t max = field == SP_FIELD_README ? SP_RECORD_README_MAX : SP_RECORD_TEXT_MAX;
    if (bytes && length > max &&
        sp_record_problem(record, err, "%s: its %s has %zu bytes, of which the first %zu are looked at",
                          teller->source, sp_field_names[field], length, max) < 0)
        return -1;
    *text = bytes ? keep_text(record, bytes, length, max, err) : "";
    if (!*text)
        return -1;
    set_origin(teller, field);
    return 0;
}

int
sp_tell_number(const struct sp_teller *teller, enum sp_field field, int64_t value,
               struct sp_error *err SP_UNUSED)
{
    struct sp_record *record = teller->record;
    if (sp_record_knows(record, field) || value < 0)
        return 0;
    if (field == SP_FIELD_DOWNLOADS)
        record->downloads = value;
    else if (field == SP_FIELD_RANK)
        record->rank = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    else if (field == SP_FIELD_CREATED)
        record->created = value;
    else if (field == SP_FIELD_UPDATED)
        record->updated = value;
    else
        return 0;
    set_origin(teller, field);
    return 0;
}

int
sp_tell_flag(const struct sp_teller *teller, enum sp_field field, bool value)
{
    if (sp_record_knows(teller->record, field))
        return 0;
    if (field == SP_FIELD_HOLDING)
        teller->record->holding = value;
    else if (field == SP_FIELD_PROVENANCE)
        teller->record->provenance = value;
    else if (field == SP_FIELD_FORK)
        teller->record->fork = value;
    else
        return 0;
    set_origin(teller, field);
    return 0;
}

/* ------------------------------------------------------------------ lists */

bool
sp_tell_list(const struct sp_teller *teller, enum sp_field field)
{
    if (sp_record_knows(teller->record, field))
        return false;
    set_origin(teller, field);
    return true;
}

/* Whether one more fits below MAX; says once that it does not. */
static int
has_room(const struct sp_teller *teller, const char *what, size_t count, size_t max, bool *room,
         struct sp_error *err)
{
    static const char said[] = "more are left out";
    *room = count < max;
    struct sp_name_list *problems = &teller->record->problems;
    if (*room || (problems->count && strstr(problems->items[problems->count - 1], said) &&
                  strstr(problems->items[problems->count - 1], what)))
        return 0;
    return sp_record_problem(teller->record, err, "%s: more than %zu %s; %s", teller->source, max, what,
                             said);
}

static int
keep_optional(struct sp_record *record, const char **out, const char *text, size_t max, struct sp_error *err)
{
    size_t length = text ? strlen(text) : 0;
    if (text)
        trim(&text, &length);
    *out = length ? keep_text(record, text, length, max, err) : NULL;
    return length && !*out ? -1 : 0;
}

int
sp_tell_person(const struct sp_teller *teller, enum sp_field field, const struct sp_person *person,
               struct sp_error *err)
{
    struct sp_record *record = teller->record;
    bool authors = field == SP_FIELD_AUTHORS, room;
    struct sp_person copy = { .organisation = person->organisation };
    size_t *count = authors ? &record->author_count : &record->maintainer_count;
    if (has_room(teller, sp_field_names[field], *count, SP_RECORD_PEOPLE_MAX, &room, err) < 0)
        return -1;
    if (!room)
        return 0;
    if (keep_optional(record, &copy.id, person->id, 256, err) < 0 ||
        keep_optional(record, &copy.name, person->name, 256, err) < 0 ||
        keep_optional(record, &copy.email, person->email, 256, err) < 0)
        return -1;
    if (!copy.id && !copy.name && !copy.email)
        return 0;
    if (authors ? sp_grow(record->authors, record->author_capacity, *count + 1, err) < 0
                : sp_grow(record->maintainers, record->maintainer_capacity, *count + 1, err) < 0)
        return -1;
    (authors ? record->authors : record->maintainers)[(*count)++] = copy;
    return 0;
}

static int
add_name(struct sp_record *record, struct sp_name_list *names, const char *text, struct sp_error *err)
{
    if (!text || sp_grow(names->items, names->capacity, names->count + 1, err) < 0)
        return -1;
    (void)record;
    names->items[names->count++] = text;
    return 0;
}

int
sp_tell_name(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
             struct sp_error *err)
{
    struct sp_record *record = teller->record;
    struct sp_name_list *names = field == SP_FIELD_KEYWORDS       ? &record->keywords
                                 : field == SP_FIELD_DEPENDENCIES ? &record->dependencies
                                                                  : &record->hooks;
    bool room;
    trim(&bytes, &length);
    if (!length)
        return 0;
    if (has_room(teller, sp_field_names[field], names->count, SP_RECORD_NAMES_MAX, &room, err) < 0)
        return -1;
    return room ? add_name(record, names, keep_text(record, bytes, length, 1024, err), err) : 0;
}

int
sp_tell_release(const struct sp_teller *teller, const char *number, size_t length, int64_t time, bool yanked,
                struct sp_error *err)
{
    struct sp_record *record = teller->record;
    bool room;
    if (has_room(teller, "releases", record->release_count, SP_RECORD_RELEASES_MAX, &room, err) < 0)
        return -1;
    if (!room)
        return 0;
    struct sp_release release = { .time = time, .yanked = yanked };
    if (!(release.number = keep_text(record, number, length, 128, err)) ||
        sp_grow(record->releases, record->release_capacity, record->release_count + 1, err) < 0)
        return -1;
    record->releases[record->release_count++] = release;
    return 0;
}

void
sp_tell_release_time(const struct sp_teller *teller, const char *number, int64_t time)
{
    struct sp_record *record = teller->record;
    for (size_t i = 0; i < record->release_count; i++)
        if (record->releases[i].time == SP_TIME_UNKNOWN && !strcmp(record->releases[i].number, number)) {
            record->releases[i].time = time;
            return;
        }
}

int
sp_record_problem(struct sp_record *record, struct sp_error *err, const char *format, ...)
{
    char line[SP_ERROR_TEXT_MAX], clean[SP_ERROR_TEXT_MAX];
    va_list arguments;
    if (record->problems.count >= PROBLEMS_MAX)
        return 0;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    sp_utf8_printable(clean, sizeof(clean), line, strlen(line));
    return add_name(record, &record->problems, sp_arena_copy(&record->arena, clean, strlen(clean), err), err);
}

/* ------------------------------------------------------------------- time */

static int
earlier(const void *a, const void *b)
{
    const struct sp_release *left = a, *right = b;
    return left->time != right->time ? (left->time < right->time ? -1 : 1)
                                     : strcmp(left->number, right->number);
}

int
sp_record_finish(struct sp_record *record, struct sp_error *err SP_UNUSED)
{
    if (record->release_count)
        qsort(record->releases, record->release_count, sizeof(*record->releases), earlier);
    if (!sp_record_knows(record, SP_FIELD_RELEASE_TIMES))
        return 0;
    struct sp_teller teller = { record, record->origins[SP_FIELD_RELEASE_TIMES].source,
                                record->origins[SP_FIELD_RELEASE_TIMES].time };
    for (size_t i = 0; i < record->release_count; i++) {
        if (record->releases[i].time == SP_TIME_UNKNOWN)
            continue;
        sp_tell_number(&teller, SP_FIELD_CREATED, record->releases[i].time, NULL);
        sp_tell_number(&teller, SP_FIELD_UPDATED, record->releases[record->release_count - 1].time, NULL);
        break;
    }
    return 0;
}

/* Reads COUNT digits; -1: they are none. */
static int
digits(const char **at, const char *end, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++, ++*at) {
        if (*at >= end || **at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static bool
eat(const char **at, const char *end, const char *any)
{
    if (*at >= end || !strchr(any, **at) || !**at)
        return false;
    ++*at;
    return true;
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static int64_t
days_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t
sp_time_read(const char *text, size_t length)
{
    trim(&text, &length);
    const char *at = text, *end = text + length;
    int year = digits(&at, end, 4);
    if (year < 1990 || year > 2200 || !eat(&at, end, "-"))
        return SP_TIME_UNKNOWN;
    int month = digits(&at, end, 2);
    if (month < 1 || month > 12 || !eat(&at, end, "-"))
        return SP_TIME_UNKNOWN;
    int day = digits(&at, end, 2);
    if (day < 1 || day > 31)
        return SP_TIME_UNKNOWN;
    int64_t time = days_of(year, month, day) * 86400;
    if (at == end)
        return time;
    if (!eat(&at, end, "Tt "))
        return SP_TIME_UNKNOWN;
    int hour = digits(&at, end, 2);
    if (hour < 0 || hour > 23 || !eat(&at, end, ":"))
        return SP_TIME_UNKNOWN;
    int minute = digits(&at, end, 2), second = 0;
    if (minute < 0 || minute > 59)
        return SP_TIME_UNKNOWN;
    if (eat(&at, end, ":") && ((second = digits(&at, end, 2)) < 0 || second > 60))
        return SP_TIME_UNKNOWN;
    if (eat(&at, end, ".,"))
        while (at < end && *at >= '0' && *at <= '9')
            at++;
    time += hour * 3600 + minute * 60 + second;
    eat(&at, end, " ");
    if (at == end || (end - at == 1 && strchr("Zz", *at)) || (end - at == 3 && !memcmp(at, "UTC", 3)))
        return time;
    int sign = *at == '-' ? -1 : *at == '+' ? 1 : 0;
    at++;
    int zone_hour = sign ? digits(&at, end, 2) : -1;
    eat(&at, end, ":");
    int zone_minute = at < end ? digits(&at, end, 2) : 0;
    if (zone_hour < 0 || zone_hour > 23 || zone_minute < 0 || zone_minute > 59 || at != end)
        return SP_TIME_UNKNOWN;
    return time - sign * (zone_hour * 3600 + zone_minute * 60);
}

void
sp_time_write(int64_t time, char out[16])
{
    time_t seconds = (time_t)time;
    struct tm parts;
    if (time == SP_TIME_UNKNOWN || !gmtime_r(&seconds, &parts) || !strftime(out, 16, "%Y-%m-%d", &parts))
        snprintf(out, 16, "unknown");
}

/* ------------------------------------------------------------- repository */

static bool
begins(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

static bool
is_well_known(const char *host)
{
    static const char *const hosts[] = { "github.com", "gitlab.com", "bitbucket.org", "codeberg.org" };
    for (size_t i = 0; i < SP_COUNT(hosts); i++)
        if (!strcmp(host, hosts[i]))
            return true;
    return false;
}

static void
lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* "owner/project" alone, npm's shorthand for GitHub. */
static bool
is_shorthand(const char *url)
{
    size_t slashes = 0;
    for (const char *at = url; *at; at++) {
        slashes += *at == '/';
        if (strchr(" :@\\?", *at))
            return false;
    }
    const char *slash = strchr(url, '/');
    return slashes == 1 && slash != url && slash[1] && !(strchr(url, '.') && strchr(url, '.') < slash);
}

void
sp_repository_key(const char *url, char *out, size_t size)
{
    static const char *const shorthands[][2] = { { "github:", "github.com/" },
                                                 { "gitlab:", "gitlab.com/" },
                                                 { "bitbucket:", "bitbucket.org/" } };
    char text[512];
    const char *prefix = "";
    out[0] = 0;
    if (!url || !*url)
        return;
    if (begins(url, "scm:"))
        url += 4; /* Maven's */
    if (begins(url, "git:") && !begins(url, "git://"))
        url += 4;
    if (begins(url, "git+"))
        url += 4;
    for (size_t i = 0; i < SP_COUNT(shorthands); i++)
        if (begins(url, shorthands[i][0])) {
            prefix = shorthands[i][1];
            url += strlen(shorthands[i][0]);
        }
    if (!*prefix && is_shorthand(url))
        prefix = "github.com/";
    const char *scheme = strstr(url, "://");
    bool slashed = scheme || *prefix;
    if (scheme)
        url = scheme + 3;
    if (snprintf(text, sizeof(text), "%s%.*s", prefix, (int)strcspn(url, "?# \t\r\n"), url) >=
        (int)sizeof(text))
        return;
    char *start = text, *host_end = text + strcspn(text, slashed ? "/" : "/:");
    char *at = memrchr(text, '@', (size_t)(host_end - text));
    if (at)
        start = at + 1;
    if (!*host_end)
        return; /* a host alone is no repository */
    char *path = host_end + 1;
    *host_end = 0;
    char *port = strchr(start, ':');
    if (port)
        *port = 0;
    lower(start);
    if (begins(start, "www."))
        start += 4;
    if (!strchr(start, '.'))
        return;
    while (*path == '/')
        path++;
    size_t length = strlen(path);
    if (is_well_known(start)) { /* owner/project, whatever page of it */
        char *second = strchr(path, '/');
        char *third = second ? strchr(second + 1, '/') : NULL;
        if (!second || !second[1])
            return;
        if (third && strcmp(start, "gitlab.com"))
            length = (size_t)(third - path);
        lower(path);
    }
    while (length && path[length - 1] == '/')
        length--;
    if (length > 4 && !memcmp(path + length - 4, ".git", 4))
        length -= 4;
    if (!length || snprintf(out, size, "%s/%.*s", start, (int)length, path) >= (int)size)
        out[0] = 0;
}

struct sp_slice
sp_repository_owner(const char *key)
{
    const char *slash = strchr(key, '/');
    if (!slash || !strchr(slash + 1, '/'))
        return (struct sp_slice){ key, 0 };
    return (struct sp_slice){ slash + 1, strcspn(slash + 1, "/") };
}
