#include "metadata/documents.h"
#include "metadata/told.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------ asking */

int
sp_url_join(struct sp_buffer *url, struct sp_error *err, const char *base, ...)
{
    va_list pieces;
    sp_buffer_clear(url);
    int status = sp_buffer_append_string(url, base, err);
    va_start(pieces, base);
    bool literal = true;
    for (const char *piece; status == 0 && (piece = va_arg(pieces, const char *)); literal = !literal)
        status = literal ? sp_buffer_append_string(url, piece, err)
                         : sp_url_append(url, piece, strlen(piece), "", err);
    va_end(pieces);
    return status;
}

int
sp_document_ask(const struct sp_client_call *call, const struct sp_buffer *url, const struct sp_asked *how,
                struct sp_answer *out, struct sp_record *record, struct sp_error *err)
{
    struct sp_asked asked = *how;
    asked.url = sp_buffer_string(url);
    asked.ecosystem = record->ecosystem->id;
    if (!asked.max_bytes)
        asked.max_bytes = SP_TREE_MAX;
    return sp_client_ask(call, &asked, out, record, err);
}

bool
sp_document_has_base(const struct sp_client_call *call, enum sp_service service)
{
    const char *url = call->bases->services[service].url;
    return url && *url;
}

bool
sp_url_at(const char *url, const char *host)
{
    const char *scheme = url ? strstr(url, "://") : NULL;
    size_t length = strlen(host);
    if (!scheme || strncasecmp(scheme + 3, host, length))
        return false;
    char after = scheme[3 + length];
    return !after || after == '/' || after == ':' || after == '?';
}

int
sp_document_namespace(struct sp_record *record, const char *name, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer normal = { 0 };
    struct sp_name_parts parts;
    if (record->namespace_)
        return 0;
    if (record->ecosystem->normalise(name, strlen(name), &normal, err) < 0)
        return -1;
    record->ecosystem->split(sp_buffer_string(&normal), normal.length, &parts);
    if (!parts.namespace_.length)
        return 0;
    record->namespace_ = sp_arena_copy(&record->arena, parts.namespace_.bytes, parts.namespace_.length, err);
    return record->namespace_ ? 0 : -1;
}

void
sp_document_missing(struct sp_record *record, long status)
{
    record->presence = status == 410 ? SP_REMOVED : SP_ABSENT;
}

int
sp_tell_owner(const struct sp_teller *teller, const char *owner, bool organisation, struct sp_error *err)
{
    if (!owner || sp_record_knows(teller->record, SP_FIELD_OWNER))
        return 0;
    teller->record->owner_is_organisation = organisation;
    return sp_tell_text(teller, SP_FIELD_OWNER, owner, strlen(owner), err);
}

/* -------------------------------------------------------------------- JSON */

static size_t
count_bytes(const char *bytes, size_t length, const char *which, size_t limit)
{
    size_t count = 0;
    for (size_t i = 0; i < length && count <= limit; i++)
        count += bytes[i] && strchr(which, bytes[i]);
    return count;
}

int
sp_document_json(const struct sp_teller *teller, const char *bytes, size_t length, json_t **out,
                 struct sp_error *err)
{
    json_error_t error;
    *out = NULL;
    /* a small document can hold very many values, each of which costs memory */
    if (length > SP_TREE_MAX || count_bytes(bytes, length, ",", SP_TREE_VALUES_MAX) > SP_TREE_VALUES_MAX ||
        count_bytes(bytes, length, "{[", SP_TREE_CONTAINERS_MAX) > SP_TREE_CONTAINERS_MAX)
        return sp_record_problem(teller->record, err, "%s: more values than any package has", teller->source);
    *out = json_loadb(bytes, length, JSON_ALLOW_NUL, &error);
    if (*out)
        return SP_READ;
    if (json_error_code(&error) == json_error_out_of_memory)
        return sp_fail_memory(err);
    return sp_record_problem(teller->record, err, "%s: no JSON, at line %d: %s", teller->source, error.line,
                             error.text) < 0
               ? -1
               : SP_NOT_READ;
}

const json_t *
sp_member(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

const char *
sp_member_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t
sp_member_time(const json_t *object, const char *key)
{
    const char *text = sp_member_text(object, key);
    return text ? sp_time_read(text, strlen(text)) : SP_TIME_UNKNOWN;
}

int64_t
sp_member_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

bool
sp_member_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

int
sp_tell_member(const struct sp_teller *teller, enum sp_field field, const json_t *object, const char *key,
               struct sp_error *err)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value) && !json_is_null(value))
        return 0;
    return sp_tell_text(teller, field, json_string_value(value), json_string_length(value), err);
}

int
sp_tell_member_link(const struct sp_teller *teller, enum sp_field field, const json_t *object,
                    const char *key, struct sp_error *err)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_string(value) && json_string_length(value))
        return sp_tell_link(teller, field, json_string_value(value), json_string_length(value), err);
    return json_is_null(value) || json_is_string(value) ? sp_tell_text(teller, field, NULL, 0, err) : 0;
}

int
sp_tell_member_licences(const struct sp_teller *teller, const json_t *object, const char *key,
                        struct sp_error *err)
{
    const json_t *value = json_object_get(object, key), *item;
    sp_autobuffer struct sp_buffer all = { 0 };
    size_t i;
    if (!json_is_array(value))
        return sp_tell_member(teller, SP_FIELD_LICENCE, object, key, err);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item) || all.length > SP_RECORD_TEXT_MAX)
            continue;
        if ((all.length && sp_buffer_append_string(&all, " OR ", err) < 0) ||
            sp_buffer_append(&all, json_string_value(item), json_string_length(item), err) < 0)
            return -1;
    }
    return sp_tell_text(teller, SP_FIELD_LICENCE, sp_buffer_string(&all), all.length, err);
}

int
sp_tell_member_names(const struct sp_teller *teller, enum sp_field field, const json_t *object,
                     const char *key, struct sp_error *err)
{
    const json_t *value = json_object_get(object, key), *item;
    size_t i;
    if (!json_is_array(value) || !sp_tell_list(teller, field))
        return 0;
    json_array_foreach(value, i, item) if (json_is_string(item) &&
                                           sp_tell_name(teller, field, json_string_value(item),
                                                        json_string_length(item), err) < 0) return -1;
    return 0;
}
