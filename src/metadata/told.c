#include "metadata/told.h"

#include <string.h>

#define PERSON_MAX 1024 /* of one person's text */

/* The credentials of a URL, "user:password@", as [*FROM, *TO); empty where there are none. In "git@host:path"
 * the user is part of the form, not a secret. */
static void
find_credentials(const char *url, size_t length, size_t *from, size_t *to)
{
    const char *scheme = memmem(url, length, "://", 3);
    size_t start = scheme ? (size_t)(scheme - url) + 3 : 0, end = start;
    while (end < length && !strchr("/?#\\", url[end]))
        end++;
    const char *at = memrchr(url + start, '@', end - start);
    *from = *to = start;
    if (at && (scheme || memchr(url, ':', (size_t)(at - url))))
        *to = (size_t)(at - url) + 1;
}

int
sp_tell_link(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
             struct sp_error *err)
{
    sp_autobuffer struct sp_buffer clean = { 0 };
    size_t from, to;
    if (length > SP_RECORD_TEXT_MAX)
        return sp_record_problem(teller->record, err, "%s: its %s is no URL: %zu bytes", teller->source,
                                 sp_field_names[field], length);
    find_credentials(bytes, length, &from, &to);
    if (sp_buffer_append(&clean, bytes, from, err) < 0 ||
        sp_buffer_append(&clean, bytes + to, length - to, err) < 0)
        return -1;
    return sp_tell_text(teller, field, sp_buffer_string(&clean), clean.length, err);
}

int
sp_tell_person_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                    struct sp_error *err)
{
    char name[PERSON_MAX], email[PERSON_MAX] = "";
    if (length >= sizeof(name))
        length = sizeof(name) - 1;
    memcpy(name, bytes, length);
    name[length] = '\0';
    char *open = strchr(name, '<'), *close = open ? strchr(open, '>') : NULL;
    if (close) {
        *close = '\0';
        snprintf(email, sizeof(email), "%s", open + 1);
    } else if (strchr(name, '@') && !strchr(name, ' ')) {
        snprintf(email, sizeof(email), "%s", name);
        *name = '\0';
    }
    name[strcspn(name, "<(")] = '\0';
    char *start = name + strspn(name, " \t\""), *end = start + strlen(start);
    while (end > start && strchr(" \t\"", end[-1]))
        *--end = '\0';
    return sp_tell_person(teller, field, &(struct sp_person){ .name = start, .email = email }, err);
}

int
sp_tell_people_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                    struct sp_error *err)
{
    bool quoted = false;
    for (size_t from = 0, at = 0; at <= length; at++) {
        if (at < length && bytes[at] == '"')
            quoted = !quoted;
        if (at < length && (quoted || bytes[at] != ','))
            continue;
        if (sp_tell_person_text(teller, field, bytes + from, at - from, err) < 0)
            return -1;
        from = at + 1;
    }
    return 0;
}

int
sp_tell_keywords_text(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    char separator = length && memchr(bytes, ',', length) ? ',' : ' ';
    for (size_t from = 0, at = 0; at <= length; at++) {
        if (at < length && bytes[at] != separator)
            continue;
        if (sp_tell_name(teller, SP_FIELD_KEYWORDS, bytes + from, at - from, err) < 0)
            return -1;
        from = at + 1;
    }
    return 0;
}
