#include "metadata/npm_packument.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "manifest/sheet.h"

#include <string.h>
#include <strings.h>

#define TIMES_MAX 100000 /* entries of "time" that are looked at */

enum key {
    NAME,
    TAGS,
    VERSIONS,
    TIME,
    MODIFIED, /* of an abbreviated packument */
    MAINTAINERS,
    AUTHOR,
    CONTRIBUTORS,
    DESCRIPTION,
    README,
    LICENSE,
    REPOSITORY,
    HOMEPAGE,
    KEYWORDS,
    KEY_COUNT,
};
static const char *const keys[KEY_COUNT] = {
    "name",         "dist-tags",   "versions", "time",    "modified",   "maintainers", "author",
    "contributors", "description", "readme",   "license", "repository", "homepage",    "keywords",
};

struct reading {
    struct sp_json_walk walk;
    struct sp_json_walk_mark marks[KEY_COUNT];
    struct sp_map times; /* of versions: place in .seen */
    struct sp_npm_time *seen;
    size_t count, capacity;
    int64_t created, modified;
    bool mirrored, unpublished;
    const char *version;               /* that is described */
    struct sp_json_walk_mark manifest; /* of it */
};

static void
reading_free(struct reading *reading)
{
    sp_map_free(&reading->times);
    free(reading->seen);
}

/* ---- which version ---- */

/* The version that WANTED means: a tag's, or itself; without one the latest. */
static void
read_tags(struct reading *reading, const char *wanted)
{
    struct sp_json_walk *walk = &reading->walk;
    const char *tag = wanted ? wanted : "latest";
    if (sp_json_walk_go(walk, &reading->marks[TAGS]) && sp_json_walk_enter(walk, SP_JSON_OBJECT))
        while (sp_json_walk_key(walk)) {
            if (sp_json_is(&walk->reader, tag))
                reading->version = sp_json_walk_copy(walk);
            else
                sp_json_walk_skip(walk);
        }
    if (wanted && !reading->version)
        reading->version = wanted;
}

/* ---- times ---- */

static void
note_time(struct reading *reading, const char *number, size_t length, int64_t time)
{
    struct sp_json_walk *walk = &reading->walk;
    struct sp_arena *arena = &walk->teller->record->arena;
    if (walk->failed || reading->count == TIMES_MAX || time == SP_TIME_UNKNOWN || length > 128)
        return;
    struct sp_npm_time one = { sp_arena_copy(arena, number, length, &walk->err), length, time };
    if (!one.number || sp_grow(reading->seen, reading->capacity, reading->count + 1, &walk->err) < 0 ||
        sp_map_set(&reading->times, number, length, (uint32_t)reading->count, &walk->err) < 0) {
        walk->failed = true;
        return;
    }
    reading->seen[reading->count++] = one;
}

static int64_t
read_time(struct sp_json_walk *walk)
{
    return sp_json_walk_text(walk) ? sp_time_read(walk->reader.text, walk->reader.length) : SP_TIME_UNKNOWN;
}

static void
read_times(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    if (sp_json_walk_go(walk, &reading->marks[MODIFIED]))
        reading->modified = read_time(walk);
    if (!sp_json_walk_go(walk, &reading->marks[TIME]) || !sp_json_walk_enter(walk, SP_JSON_OBJECT))
        return;
    while (sp_json_walk_key(walk)) {
        char number[129];
        size_t length = walk->reader.length;
        if (sp_json_is(&walk->reader, "created")) {
            reading->created = read_time(walk);
        } else if (sp_json_is(&walk->reader, "modified")) {
            reading->modified = read_time(walk);
        } else if (sp_json_is(&walk->reader, "unpublished")) {
            enum sp_json_token token = sp_json_walk_value(walk);
            reading->unpublished = token == SP_JSON_OBJECT || token == SP_JSON_STRING;
            sp_json_walk_leave(walk, token);
        } else if (length < sizeof(number)) {
            memcpy(number, walk->reader.text, length);
            note_time(reading, number, length, read_time(walk));
        } else {
            sp_json_walk_skip(walk);
        }
    }
}

/* Without the time of creation the registry has no history of its own; then its times have to make sense. */
static void
doubt_times(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    if (walk->failed || reading->created != SP_TIME_UNKNOWN || !reading->count)
        return;
    sp_autofree struct sp_npm_time *copy = sp_new_array(reading->count, sizeof(*copy), &walk->err);
    if (!copy) {
        walk->failed = true;
        return;
    }
    memcpy(copy, reading->seen, reading->count * sizeof(*copy));
    reading->mirrored = sp_npm_times_are_mirrored(copy, reading->count);
    if (reading->mirrored)
        sp_json_walk_did(
            walk, sp_record_problem(walk->teller->record, &walk->err,
                                    "%s: its times may not be those of publication (no date of creation; "
                                    "few versions, older ones after newer ones, or all at once); they are "
                                    "left out",
                                    walk->teller->source));
}

/* ---- versions ---- */

/* Tells the releases and finds the manifest that is wanted; without any tag the last one listed. */
static size_t
read_versions(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    const struct sp_teller *teller = walk->teller;
    size_t count = 0;
    char last[129] = "";
    if (!sp_json_walk_go(walk, &reading->marks[VERSIONS]) || !sp_json_walk_enter(walk, SP_JSON_OBJECT))
        return 0;
    bool tell = sp_tell_list(teller, SP_FIELD_RELEASES), timed = false;
    while (sp_json_walk_key(walk)) {
        uint32_t at;
        const char *number = walk->reader.text;
        size_t length = walk->reader.length;
        bool known = !reading->mirrored && sp_map_get(&reading->times, number, length, &at);
        timed |= known;
        count++;
        if (tell)
            sp_json_walk_did(walk, sp_tell_release(teller, number, length,
                                                   known ? reading->seen[at].time : SP_TIME_UNKNOWN, false,
                                                   &walk->err));
        bool sound = length < sizeof(last) && sp_utf8_valid(number, length);
        bool right = reading->version ? sp_json_is(&walk->reader, reading->version) : sound;
        if (right && !reading->version)
            snprintf(last, sizeof(last), "%.*s", (int)length, number);
        if (right)
            sp_json_walk_here(walk, &reading->manifest);
        sp_json_walk_skip(walk);
    }
    if (timed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    if (*last && !walk->failed &&
        !(reading->version = sp_arena_copy(&teller->record->arena, last, strlen(last), &walk->err)))
        walk->failed = true;
    return count;
}

/* ---- the whole ---- */

/* npm's security team replaces what it takes down by version 0.0.1-security (or 0.0.1-security.N), described
 * as "security holding package", with the repository npm/security-holder, published by the account npm.
 * Sources: github.com/npm/security-holder, its README; npm blog, "Protecting npm packages from
 * typosquatting". All but the account could be written by anybody. */
static void
tell_holding(struct reading *reading)
{
    struct sp_record *record = reading->walk.teller->record;
    if (!reading->version)
        return;
    bool numbered = !strncmp(reading->version, "0.0.1-security", 14);
    bool described = sp_record_knows(record, SP_FIELD_DESCRIPTION),
         stored = sp_record_knows(record, SP_FIELD_REPOSITORY);
    if (numbered && !described && !stored)
        return;
    bool holds = numbered && ((described && strcasestr(record->description, "security holding package")) ||
                              (stored && strcasestr(record->repository, "npm/security-holder")));
    if (holds && sp_record_knows(record, SP_FIELD_MAINTAINERS)) {
        holds = false;
        for (size_t i = 0; i < record->maintainer_count; i++)
            holds |= record->maintainers[i].id && !strcmp(record->maintainers[i].id, "npm");
    }
    sp_tell_flag(reading->walk.teller, SP_FIELD_HOLDING, holds);
}

/* What stands beside the versions, of the latest or of the package. */
static void
tell_top(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    const struct sp_json_walk_mark *marks = reading->marks;
    if (sp_json_walk_go(walk, &marks[DESCRIPTION]))
        sp_npm_tell_text(walk, SP_FIELD_DESCRIPTION);
    /* publishers stopped sending it, so that an empty one says nothing of the tarball's */
    if (sp_json_walk_go(walk, &marks[README]) && sp_json_walk_text(walk) && walk->reader.length &&
        strncmp(walk->reader.text, "ERROR: No README", 16) && sp_json_walk_go(walk, &marks[README]))
        sp_npm_tell_text(walk, SP_FIELD_README);
    if (sp_json_walk_go(walk, &marks[LICENSE]))
        sp_npm_tell_licence(walk);
    if (sp_json_walk_go(walk, &marks[REPOSITORY]))
        sp_npm_tell_link(walk, SP_FIELD_REPOSITORY);
    if (sp_json_walk_go(walk, &marks[HOMEPAGE]))
        sp_npm_tell_link(walk, SP_FIELD_HOMEPAGE);
    if (sp_json_walk_go(walk, &marks[KEYWORDS]))
        sp_npm_tell_keywords(walk);
    if ((marks[AUTHOR].there || marks[CONTRIBUTORS].there) && sp_tell_list(walk->teller, SP_FIELD_AUTHORS)) {
        if (sp_json_walk_go(walk, &marks[AUTHOR]))
            sp_npm_tell_people(walk, SP_FIELD_AUTHORS, false);
        if (sp_json_walk_go(walk, &marks[CONTRIBUTORS]))
            sp_npm_tell_people(walk, SP_FIELD_AUTHORS, false);
    }
}

/* Before the versions: accounts and scope, which come before what a manifest says of them. */
static void
tell_owners(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    struct sp_record *record = walk->teller->record;
    const char *slash = record->name[0] == '@' ? strchr(record->name, '/') : NULL;
    if (slash) {
        size_t length = (size_t)(slash - record->name);
        sp_json_walk_did(walk, sp_tell_text(walk->teller, SP_FIELD_OWNER, record->name, length, &walk->err));
        if (!(record->namespace_ = sp_arena_copy(&record->arena, record->name, length, &walk->err)))
            walk->failed = true;
    }
    struct sp_json_walk_mark mark = reading->marks[MAINTAINERS];
    enum sp_json_token token = sp_json_walk_go(walk, &mark) ? sp_json_walk_value(walk) : SP_JSON_NULL;
    if (token == SP_JSON_ARRAY && sp_tell_list(walk->teller, SP_FIELD_MAINTAINERS) &&
        sp_json_walk_go(walk, &mark))
        sp_npm_tell_people(walk, SP_FIELD_MAINTAINERS, true);
}

/* Whether the document speaks of the package that was asked for; its spelling is the registry's. */
static bool
is_same_name(struct reading *reading)
{
    struct sp_json_walk *walk = &reading->walk;
    struct sp_record *record = walk->teller->record;
    const char *name = sp_json_walk_go(walk, &reading->marks[NAME]) ? sp_json_walk_copy(walk) : NULL;
    if (walk->failed)
        return false;
    if (!name)
        return true;
    if (!strcasecmp(name, record->name)) {
        record->name = name;
        return true;
    }
    sp_json_walk_did(walk, sp_record_problem(record, &walk->err, "%s: asked for %s, it speaks of %.214s",
                                             walk->teller->source, record->name, name));
    return false;
}

static void
tell_versions(struct reading *reading, struct sp_npm_manifest *manifest)
{
    struct sp_json_walk *walk = &reading->walk;
    struct sp_record *record = walk->teller->record;
    size_t count = read_versions(reading);
    if (walk->failed)
        return;
    if (reading->unpublished && !count)
        record->presence = SP_REMOVED;
    else if (count)
        record->presence = SP_PRESENT;
    else
        sp_json_walk_did(
            walk, sp_record_problem(record, &walk->err, "%s: it lists no version", walk->teller->source));
    if (count)
        record->version = reading->version;
    if (sp_json_walk_go(walk, &reading->manifest))
        sp_npm_manifest_tell(walk, false, manifest);
    else if (count && reading->version)
        sp_json_walk_did(walk, sp_record_problem(record, &walk->err, "%s: it does not list version %s",
                                                 walk->teller->source, reading->version));
}

int
sp_npm_packument_tell(const struct sp_teller *teller, const char *wanted, const char *bytes, size_t length,
                      struct sp_npm_manifest *manifest, struct sp_error *err)
{
    __attribute__((cleanup(reading_free))) struct reading reading = { .created = SP_TIME_UNKNOWN,
                                                                      .modified = SP_TIME_UNKNOWN,
                                                                      .times.seed = sp_sheet_seed() };
    struct sp_json_walk *walk = &reading.walk;
    *manifest = (struct sp_npm_manifest){ .size = -1 };
    sp_json_walk_open(walk, teller, bytes, length);
    if (!sp_json_walk_marks(walk, keys, KEY_COUNT, reading.marks)) {
        if (!walk->failed)
            sp_json_walk_did(
                walk, sp_record_problem(teller->record, &walk->err, "%s: no JSON object", teller->source));
    } else if (sp_json_walk_value(walk) == SP_JSON_END && is_same_name(&reading)) {
        read_tags(&reading, wanted);
        read_times(&reading);
        doubt_times(&reading);
        tell_owners(&reading);
        tell_versions(&reading, manifest);
        tell_top(&reading);
        tell_holding(&reading);
        if (!walk->failed && !reading.mirrored) {
            sp_tell_number(teller, SP_FIELD_CREATED, reading.created, err);
            sp_tell_number(teller, SP_FIELD_UPDATED, reading.modified, err);
        }
    }
    return sp_json_walk_close(walk, err);
}
