/* rubygems_read.c. Sources: guides.rubygems.org, "RubyGems.org API" and "Compact Index API". */
#include "metadata/rubygems.h"
#include "metadata/told.h"

#include <string.h>

static int
set_version(const struct sp_teller *teller, const char *version, size_t length, struct sp_error *err)
{
    struct sp_record *record = teller->record;
    if (record->version || !version)
        return 0;
    record->version = sp_arena_copy(&record->arena, version, length < 128 ? length : 128, err);
    return record->version ? 0 : -1;
}

/* ---------------------------------------------------------------- the gem */

static int
read_authors(const struct sp_teller *teller, const json_t *gem, struct sp_error *err)
{
    const char *authors = sp_member_text(gem, "authors");
    if (!authors || !sp_tell_list(teller, SP_FIELD_AUTHORS))
        return 0;
    return sp_tell_people_text(teller, SP_FIELD_AUTHORS, authors, strlen(authors), err);
}

static int
read_dependencies(const struct sp_teller *teller, const json_t *gem, struct sp_error *err)
{
    const json_t *runtime = sp_member(sp_member(gem, "dependencies"), "runtime"), *item;
    size_t i;
    if (!json_is_array(runtime) || !sp_tell_list(teller, SP_FIELD_DEPENDENCIES))
        return 0;
    json_array_foreach(runtime, i, item)
    {
        const char *name = sp_member_text(item, "name");
        if (name && sp_tell_name(teller, SP_FIELD_DEPENDENCIES, name, strlen(name), err) < 0)
            return -1;
    }
    return 0;
}

int
sp_rubygems_read_gem(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *gem = NULL;
    int status = sp_document_json(teller, bytes, length, &gem, err);
    if (status != SP_READ)
        return status;
    const char *name = sp_member_text(gem, "name");
    const char *version = sp_member_text(gem, "version");
    if (!version)
        version = sp_member_text(gem, "number"); /* the second API */
    if (!name || !version || strcmp(name, teller->record->name) != 0)
        return sp_record_problem(teller->record, err, "%s: it does not describe this gem", teller->source);
    /* the totals since ever that it gives are no downloads of a month: they stay unknown */
    if (set_version(teller, version, strlen(version), err) < 0 ||
        sp_tell_member(teller, SP_FIELD_DESCRIPTION, gem, "info", err) < 0 ||
        sp_tell_member(teller, SP_FIELD_DESCRIPTION, gem, "description", err) < 0 ||
        sp_tell_member_licences(teller, gem, "licenses", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_HOMEPAGE, gem, "homepage_uri", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_REPOSITORY, gem, "source_code_uri", err) < 0 ||
        read_authors(teller, gem, err) < 0 || read_dependencies(teller, gem, err) < 0)
        return -1;
    return SP_READ;
}

/* ----------------------------------------------------------- its versions */

static const json_t *
find_described(const json_t *versions, const char *wanted)
{
    const json_t *item, *latest = NULL;
    size_t i;
    json_array_foreach(versions, i, item)
    { /* the newest comes first */
        const char *number = sp_member_text(item, "number");
        if (number && wanted && !strcmp(number, wanted))
            return item;
        if (number && !wanted &&
            (!latest || (sp_member_true(latest, "prerelease") && !sp_member_true(item, "prerelease"))))
            latest = item;
    }
    return latest;
}

static int
read_described(const struct sp_teller *teller, const json_t *version, struct sp_error *err)
{
    const char *number = sp_member_text(version, "number");
    const json_t *links = sp_member(version, "metadata");
    if (!number)
        return 0;
    if (set_version(teller, number, strlen(number), err) < 0)
        return -1;
    if (strcmp(teller->record->version, number) != 0)
        return 0; /* somebody else described another one */
    if (sp_tell_member(teller, SP_FIELD_DESCRIPTION, version, "description", err) < 0 ||
        sp_tell_member(teller, SP_FIELD_DESCRIPTION, version, "summary", err) < 0 ||
        sp_tell_member_licences(teller, version, "licenses", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_HOMEPAGE, links, "homepage_uri", err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_REPOSITORY, links, "source_code_uri", err) < 0)
        return -1;
    return read_authors(teller, version, err);
}

int
sp_rubygems_read_versions(const struct sp_teller *teller, const char *version, const char *bytes,
                          size_t length, struct sp_error *err)
{
    sp_autotree json_t *versions = NULL;
    const json_t *item;
    bool timed = true;
    size_t i;
    int status = sp_document_json(teller, bytes, length, &versions, err);
    if (status != SP_READ)
        return status;
    if (!json_is_array(versions))
        return sp_record_problem(teller->record, err, "%s: no list of versions", teller->source);
    if (!sp_tell_list(teller, SP_FIELD_RELEASES))
        return SP_READ;
    const char *last = "";
    json_array_foreach(versions, i, item)
    {
        const char *number = sp_member_text(item, "number");
        if (!number || !strcmp(number, last)) /* once for each platform */
            continue;
        last = number;
        int64_t time = sp_member_time(item, "created_at");
        timed &= time != SP_TIME_UNKNOWN;
        if (sp_tell_release(teller, number, strlen(number), time, sp_member_true(item, "yanked"), err) < 0)
            return -1;
    }
    if (timed && teller->record->release_count)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    return read_described(teller, find_described(versions, version), err) < 0 ? -1 : SP_READ;
}

int
sp_rubygems_read_owners(const struct sp_teller *teller, const char *bytes, size_t length,
                        struct sp_error *err)
{
    sp_autotree json_t *owners = NULL;
    const json_t *item;
    char id[32];
    size_t i;
    int status = sp_document_json(teller, bytes, length, &owners, err);
    if (status != SP_READ)
        return status;
    if (!json_is_array(owners))
        return sp_record_problem(teller->record, err, "%s: no list of owners", teller->source);
    if (!sp_tell_list(teller, SP_FIELD_MAINTAINERS))
        return SP_READ;
    json_array_foreach(owners, i, item)
    {
        struct sp_person person = { .id = sp_member_text(item, "handle"),
                                    .email = sp_member_text(item, "email") };
        if (!person.id && sp_member_number(item, "id") >= 0) { /* an account need not have a handle */
            snprintf(id, sizeof(id), "#%lld", (long long)sp_member_number(item, "id"));
            person.id = id;
        }
        if (sp_tell_person(teller, SP_FIELD_MAINTAINERS, &person, err) < 0)
            return -1;
    }
    return SP_READ;
}

/* ------------------------------------------------------ the compact index */

/* "1.2.0" of "1.2.0-x86_64-linux": a platform follows the first dash. */
static size_t
number_length(const char *line, size_t length)
{
    size_t end = 0;
    while (end < length && line[end] != ' ' && line[end] != '-' && line[end] != '|')
        end++;
    return end;
}

/* "rack:>= 1.0&< 3,json:>= 0" */
static int
read_needs(const struct sp_teller *teller, const char *at, size_t length, struct sp_error *err)
{
    const char *end = at + length;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at)), *stop = comma ? comma : end;
        const char *colon = memchr(at, ':', (size_t)(stop - at));
        if (colon && sp_tell_name(teller, SP_FIELD_DEPENDENCIES, at, (size_t)(colon - at), err) < 0)
            return -1;
        at = stop + 1;
    }
    return 0;
}

static int64_t
created_at(const char *line, size_t length)
{
    static const char key[] = "created_at:";
    const char *found = memmem(line, length, key, sizeof(key) - 1), *end = line + length;
    if (!found)
        return SP_TIME_UNKNOWN;
    found += sizeof(key) - 1;
    const char *comma = memchr(found, ',', (size_t)(end - found));
    return sp_time_read(found, (size_t)((comma ? comma : end) - found));
}

struct index_line {
    const char *text;
    size_t length, number;
};

/* Cuts the next version off; false: there is none. */
static bool
next_line(const char **at, const char *end, struct index_line *out)
{
    while (*at < end) {
        const char *stop = memchr(*at, '\n', (size_t)(end - *at));
        *out = (struct index_line){ *at, (size_t)((stop ? stop : end) - *at), 0 };
        *at = stop ? stop + 1 : end;
        out->number = number_length(out->text, out->length);
        if (out->number && out->text[0] >= '0' && out->text[0] <= '9')
            return true;
    }
    return false;
}

/* A letter in a version makes it a prerelease (Gem::Version). */
static bool
is_prerelease(const struct index_line *line)
{
    for (size_t i = 0; i < line->number; i++)
        if ((line->text[i] | 32) >= 'a' && (line->text[i] | 32) <= 'z')
            return true;
    return false;
}

int
sp_rubygems_read_index(const struct sp_teller *teller, const char *version, const char *bytes, size_t length,
                       bool *any, struct sp_error *err)
{
    struct index_line line, last = { .text = "" }, described = { 0 };
    bool timed = true, tells = sp_tell_list(teller, SP_FIELD_RELEASES);
    for (const char *at = bytes; next_line(&at, bytes + length, &line);) {
        bool same = last.number == line.number && !memcmp(last.text, line.text, line.number);
        bool wanted = version ? line.number == strlen(version) && !memcmp(line.text, version, line.number)
                              : !described.text || !is_prerelease(&line) || is_prerelease(&described);
        if (wanted && !(same && described.text == last.text)) /* the first of several platforms */
            described = line;
        if (same)
            continue;
        last = line;
        *any = true;
        int64_t time = created_at(line.text, line.length);
        timed &= time != SP_TIME_UNKNOWN;
        if (tells && sp_tell_release(teller, line.text, line.number, time, false, err) < 0)
            return -1;
    }
    if (tells && timed && *any)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    if (!described.text)
        return SP_READ;
    if (set_version(teller, described.text, described.number, err) < 0)
        return -1;
    const char *space = memchr(described.text, ' ', described.length);
    const char *bar = memchr(described.text, '|', described.length);
    if (!space || !bar || bar < space || !sp_tell_list(teller, SP_FIELD_DEPENDENCIES))
        return SP_READ;
    return read_needs(teller, space + 1, (size_t)(bar - space - 1), err) < 0 ? -1 : SP_READ;
}
