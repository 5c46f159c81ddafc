/* A record, written down: for people and as JSON. */
#include "metadata/record.h"

#include <inttypes.h>
#include <string.h>

/* The text of a field that is one; NULL: it is none. */
static const char *
text_of(const struct sp_record *record, enum sp_field field)
{
    switch (field) {
    case SP_FIELD_DESCRIPTION:
        return record->description;
    case SP_FIELD_README:
        return record->readme;
    case SP_FIELD_LICENCE:
        return record->licence;
    case SP_FIELD_OWNER:
        return record->owner;
    case SP_FIELD_REPOSITORY:
        return record->repository;
    case SP_FIELD_HOMEPAGE:
        return record->homepage;
    case SP_FIELD_MODULE:
        return record->module;
    case SP_FIELD_DEPRECATED:
        return record->deprecated ? record->deprecated : "no";
    case SP_FIELD_RELOCATED:
        return record->relocated ? record->relocated : "no";
    default:
        return NULL;
    }
}

static const struct sp_name_list *
names_of(const struct sp_record *record, enum sp_field field)
{
    return field == SP_FIELD_KEYWORDS       ? &record->keywords
           : field == SP_FIELD_DEPENDENCIES ? &record->dependencies
           : field == SP_FIELD_HOOKS        ? &record->hooks
                                            : NULL;
}

static int
put_people(struct sp_buffer *out, const struct sp_person *people, size_t count, size_t most,
           struct sp_error *err)
{
    if (!count)
        return sp_buffer_append_string(out, "none", err);
    for (size_t i = 0; i < count && i < most; i++) {
        const char *name = people[i].id ? people[i].id : people[i].name ? people[i].name : people[i].email;
        if (sp_buffer_printf(out, err, "%s%s", i ? ", " : "", name ? name : "?") < 0)
            return -1;
    }
    return count > most ? sp_buffer_printf(out, err, " and %zu more", count - most) : 0;
}

static int
put_names(struct sp_buffer *out, const struct sp_name_list *names, size_t most, struct sp_error *err)
{
    if (!names->count)
        return sp_buffer_append_string(out, "none", err);
    for (size_t i = 0; i < names->count && i < most; i++)
        if (sp_buffer_printf(out, err, "%s%s", i ? ", " : "", names->items[i]) < 0)
            return -1;
    return names->count > most ? sp_buffer_printf(out, err, " and %zu more", names->count - most) : 0;
}

static int
put_date(struct sp_buffer *out, int64_t time, struct sp_error *err)
{
    char date[16];
    sp_time_write(time, date);
    return sp_buffer_append_string(out, date, err);
}

int
sp_record_value(const struct sp_record *record, enum sp_field field, size_t most, struct sp_buffer *out,
                struct sp_error *err)
{
    const char *text = text_of(record, field);
    const struct sp_name_list *names = names_of(record, field);
    if (text)
        return sp_buffer_append_string(out, *text ? text : "none", err);
    if (names)
        return put_names(out, names, most, err);
    switch (field) {
    case SP_FIELD_MAINTAINERS:
        return put_people(out, record->maintainers, record->maintainer_count, most, err);
    case SP_FIELD_AUTHORS:
        return put_people(out, record->authors, record->author_count, most, err);
    case SP_FIELD_RELEASES:
        return sp_buffer_printf(out, err, "%zu", record->release_count);
    case SP_FIELD_RELEASE_TIMES:
        return sp_buffer_append_string(out, "known", err);
    case SP_FIELD_DOWNLOADS:
        return sp_buffer_printf(out, err, "%" PRId64 " a month", record->downloads);
    case SP_FIELD_RANK:
        return sp_buffer_printf(out, err, "%" PRIu32, record->rank);
    case SP_FIELD_CREATED:
        return put_date(out, record->created, err);
    case SP_FIELD_UPDATED:
        return put_date(out, record->updated, err);
    case SP_FIELD_HOLDING:
        return sp_buffer_append_string(out, record->holding ? "yes" : "no", err);
    case SP_FIELD_PROVENANCE:
        return sp_buffer_append_string(out, record->provenance ? "yes" : "no", err);
    case SP_FIELD_FORK:
        return sp_buffer_append_string(out, record->fork ? "yes" : "no", err);
    default:
        return 0;
    }
}

/* ------------------------------------------------------------------- JSON */

static void
json_text(struct sp_json *json, const char *key, const char *text)
{
    sp_json_key(json, key);
    sp_json_string(json, text);
}

static void
json_people(struct sp_json *json, const struct sp_person *people, size_t count)
{
    sp_json_begin_array(json);
    for (size_t i = 0; i < count; i++) {
        sp_json_begin_object(json);
        json_text(json, "id", people[i].id);
        json_text(json, "name", people[i].name);
        json_text(json, "email", people[i].email);
        sp_json_key(json, "organisation");
        sp_json_bool(json, people[i].organisation);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
json_time(struct sp_json *json, int64_t time)
{
    time == SP_TIME_UNKNOWN ? sp_json_null(json) : sp_json_integer(json, time);
}

static void
json_releases(struct sp_json *json, const struct sp_record *record)
{
    sp_json_begin_array(json);
    for (size_t i = 0; i < record->release_count; i++) {
        sp_json_begin_object(json);
        json_text(json, "version", record->releases[i].number);
        sp_json_key(json, "time");
        json_time(json, record->releases[i].time);
        sp_json_key(json, "yanked");
        sp_json_bool(json, record->releases[i].yanked);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
json_value(struct sp_json *json, const struct sp_record *record, enum sp_field field)
{
    const struct sp_name_list *names = names_of(record, field);
    if (names) {
        sp_json_begin_array(json);
        for (size_t i = 0; i < names->count; i++)
            sp_json_string(json, names->items[i]);
        sp_json_end_array(json);
        return;
    }
    switch (field) {
    case SP_FIELD_MAINTAINERS:
        json_people(json, record->maintainers, record->maintainer_count);
        break;
    case SP_FIELD_AUTHORS:
        json_people(json, record->authors, record->author_count);
        break;
    case SP_FIELD_RELEASES:
        json_releases(json, record);
        break;
    case SP_FIELD_RELEASE_TIMES:
        sp_json_bool(json, true);
        break;
    case SP_FIELD_DOWNLOADS:
        sp_json_integer(json, record->downloads);
        break;
    case SP_FIELD_RANK:
        sp_json_integer(json, record->rank);
        break;
    case SP_FIELD_CREATED:
    case SP_FIELD_UPDATED:
        json_time(json, field == SP_FIELD_CREATED ? record->created : record->updated);
        break;
    case SP_FIELD_HOLDING:
        sp_json_bool(json, record->holding);
        break;
    case SP_FIELD_PROVENANCE:
        sp_json_bool(json, record->provenance);
        break;
    case SP_FIELD_FORK:
        sp_json_bool(json, record->fork);
        break;
    case SP_FIELD_DEPRECATED:
        sp_json_string(json, record->deprecated);
        break;
    case SP_FIELD_RELOCATED:
        sp_json_string(json, record->relocated);
        break;
    default:
        sp_json_string(json, text_of(record, field));
    }
}

void
sp_record_write(struct sp_json *json, const struct sp_record *record)
{
    sp_json_begin_object(json);
    json_text(json, "ecosystem", record->ecosystem->name);
    json_text(json, "name", record->name);
    json_text(json, "namespace", record->namespace_);
    json_text(json, "version", record->version);
    json_text(json, "presence", sp_presence_names[record->presence]);
    sp_json_key(json, "fields");
    sp_json_begin_object(json);
    for (int i = 0; i < SP_FIELD_COUNT; i++) {
        if (!sp_record_knows(record, i))
            continue;
        sp_json_key(json, sp_field_names[i]);
        sp_json_begin_object(json);
        sp_json_key(json, "value");
        json_value(json, record, i);
        json_text(json, "source", record->origins[i].source);
        sp_json_key(json, "time");
        json_time(json, record->origins[i].time);
        sp_json_end_object(json);
    }
    sp_json_end_object(json);
    sp_json_key(json, "problems");
    sp_json_begin_array(json);
    for (size_t i = 0; i < record->problems.count; i++)
        sp_json_string(json, record->problems.items[i]);
    sp_json_end_array(json);
    sp_json_end_object(json);
}
