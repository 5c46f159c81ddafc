/* cargo_read.c. Sources: doc.rust-lang.org/cargo/reference/registry-index.html; crates.io/data-access. */
#include "metadata/cargo.h"
#include "metadata/semver.h"

#include <string.h>

#define LINE_MAX_BYTES ((size_t)1 << 20) /* of one version */
#define LINES_MAX 20000

int
sp_cargo_index_path(struct sp_buffer *url, const char *name, struct sp_error *err)
{
    char lower[SP_NAME_MAX + 1];
    size_t length = strnlen(name, SP_NAME_MAX);
    for (size_t i = 0; i < length; i++)
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    lower[length] = '\0';
    char folder[16];
    if (length < 3)
        snprintf(folder, sizeof(folder), "%zu/", length);
    else if (length == 3)
        snprintf(folder, sizeof(folder), "3/%.1s/", lower);
    else
        snprintf(folder, sizeof(folder), "%.2s/%.2s/", lower, lower + 2);
    return sp_url_append(url, folder, strlen(folder), "/", err) < 0
               ? -1
               : sp_url_append(url, lower, length, "", err);
}

/* ------------------------------------------------------------------- index */

/* What a build of the version needs; what is optional or for tests is left out. */
static int
tell_needs(const struct sp_teller *teller, const json_t *version, struct sp_error *err)
{
    const json_t *needs = sp_member(version, "deps"), *item;
    size_t i;
    if (!json_is_array(needs) || !sp_tell_list(teller, SP_FIELD_DEPENDENCIES))
        return 0;
    json_array_foreach(needs, i, item)
    {
        const char *kind = sp_member_text(item, "kind"), *name = sp_member_text(item, "package");
        if (!name) /* the crate's own name where it is used under another */
            name = sp_member_text(item, "name");
        if (name && !sp_member_true(item, "optional") && !(kind && !strcmp(kind, "dev")) &&
            sp_tell_name(teller, SP_FIELD_DEPENDENCIES, name, strlen(name), err) < 0)
            return -1;
    }
    return 0;
}

struct described {
    json_t *version; /* owned */
    const char *number;
    bool yanked;
};

/* Whether a version is described before the one that is so far. */
static bool
goes_before(const struct described *best, const char *number, bool yanked, const char *wanted)
{
    if (wanted)
        return !strcmp(number, wanted);
    if (!best->number || best->yanked != yanked)
        return !best->number || best->yanked;
    bool pre = sp_semver_is_prerelease(number), best_pre = sp_semver_is_prerelease(best->number);
    return pre != best_pre ? best_pre : sp_semver_compare(number, best->number) > 0;
}

static char
fold(char c)
{
    return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Crates that differ by case, or by '-' and '_', are the same. */
static bool
same_crate(const char *a, const char *b)
{
    for (; a && *a && *b; a++, b++)
        if (fold(*a) != fold(*b))
            return false;
    return a && !*a && !*b;
}

/* 1: a line that was told; 0: one that cannot be read; -1. */
static int
read_line(const struct sp_teller *teller, const char *wanted, const char *line, size_t length,
          struct described *best, bool *timed, bool tells, struct sp_error *err)
{
    sp_autotree json_t *version = NULL;
    if (length > LINE_MAX_BYTES)
        return sp_record_problem(teller->record, err, "%s: a version of %zu bytes is passed over",
                                 teller->source, length);
    int status = sp_document_json(teller, line, length, &version, err);
    if (status != SP_READ)
        return status;
    const char *number = sp_member_text(version, "vers");
    if (!number || !*number || !same_crate(sp_member_text(version, "name"), teller->record->name))
        return 0;
    bool yanked = sp_member_true(version, "yanked");
    int64_t time = sp_member_time(version, "pubtime");
    *timed &= time != SP_TIME_UNKNOWN;
    if (tells && sp_tell_release(teller, number, strlen(number), time, yanked, err) < 0)
        return -1;
    if (goes_before(best, number, yanked, wanted)) {
        json_decref(best->version);
        *best = (struct described){ sp_take(version), number, yanked };
    }
    return 1;
}

static int
tell_described(const struct sp_teller *teller, const struct described *best, struct sp_error *err)
{
    struct sp_record *record = teller->record;
    if (!best->version)
        return 0;
    record->version = sp_arena_copy(&record->arena, best->number, strnlen(best->number, 128), err);
    return record->version ? tell_needs(teller, best->version, err) : -1;
}

int
sp_cargo_read_index(const struct sp_teller *teller, const char *version, const char *bytes, size_t length,
                    struct sp_error *err)
{
    struct described best = { 0 };
    bool timed = true, tells = sp_tell_list(teller, SP_FIELD_RELEASES);
    size_t count = 0, told = 0;
    int status = 0;
    for (const char *at = bytes, *end = bytes + length; at < end && count < LINES_MAX && status >= 0;
         count++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        if (size > 2 && (status = read_line(teller, version, at, size, &best, &timed, tells, err)) == 1)
            told++;
        at = stop ? stop + 1 : end;
    }
    if (status >= 0)
        status = tell_described(teller, &best, err);
    json_decref(best.version);
    if (status < 0)
        return -1;
    if (!told)
        return sp_record_problem(teller->record, err, "%s: it lists no version", teller->source);
    if (tells && timed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    return SP_READ;
}

/* --------------------------------------------------------------------- API */

static int
read_versions(const struct sp_teller *teller, const json_t *versions, struct sp_error *err)
{
    const json_t *item;
    size_t i, untimed = 0;
    struct sp_record *record = teller->record;
    if (!json_is_array(versions) || json_array_size(versions) > 3000)
        return 0;
    json_array_foreach(versions, i, item)
    {
        const char *number = sp_member_text(item, "num");
        int64_t time = sp_member_time(item, "created_at");
        if (!number)
            continue;
        if (time != SP_TIME_UNKNOWN)
            sp_tell_release_time(teller, number, time);
        if (record->version && !strcmp(number, record->version) &&
            sp_tell_member(teller, SP_FIELD_LICENCE, item, "license", err) < 0)
            return -1;
    }
    for (size_t r = 0; r < record->release_count; r++)
        untimed += record->releases[r].time == SP_TIME_UNKNOWN;
    if (record->release_count && !untimed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    return 0;
}

int
sp_cargo_read_crate(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *crate = sp_member(document, "crate");
    if (!sp_member_text(crate, "name"))
        return sp_record_problem(teller->record, err, "%s: it describes no crate", teller->source);
    int64_t recent = sp_member_number(crate, "recent_downloads"); /* of the last 90 days */
    if (sp_tell_member(teller, SP_FIELD_DESCRIPTION, crate, "description", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_HOMEPAGE, crate, "homepage", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_REPOSITORY, crate, "repository", err) < 0 ||
        sp_tell_member_names(teller, SP_FIELD_KEYWORDS, crate, "keywords", err) < 0 ||
        sp_tell_number(teller, SP_FIELD_CREATED, sp_member_time(crate, "created_at"), err) < 0 ||
        sp_tell_number(teller, SP_FIELD_UPDATED, sp_member_time(crate, "updated_at"), err) < 0 ||
        sp_tell_number(teller, SP_FIELD_DOWNLOADS, recent < 0 ? -1 : recent / 3, err) < 0 ||
        read_versions(teller, sp_member(document, "versions"), err) < 0)
        return -1;
    return SP_READ;
}

int
sp_cargo_read_owners(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    const json_t *item;
    size_t i;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *users = sp_member(document, "users");
    if (!json_is_array(users))
        return sp_record_problem(teller->record, err, "%s: no list of owners", teller->source);
    if (!sp_tell_list(teller, SP_FIELD_MAINTAINERS))
        return SP_READ;
    json_array_foreach(users, i, item)
    {
        const char *kind = sp_member_text(item, "kind");
        const struct sp_person person = { .id = sp_member_text(item, "login"),
                                          .name = sp_member_text(item, "name"),
                                          .organisation = kind && !strcmp(kind, "team") };
        if (sp_tell_person(teller, SP_FIELD_MAINTAINERS, &person, err) < 0)
            return -1;
    }
    return SP_READ;
}
