/* The head of an answer: its fields, kept as NAME NUL VALUE NUL. */
#include "http/internal.h"

#include <string.h>
#include <strings.h>

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
sp_http_add_field(struct sp_buffer *fields, const char *line, size_t length, struct sp_error *err)
{
    const char *colon = memchr(line, ':', length);
    if (!colon || colon == line || memchr(line, '\0', length))
        return 0; /* no field, or one that was made to be read in two ways */
    size_t start = (size_t)(colon - line) + 1;
    while (start < length && is_space(line[start]))
        start++;
    while (length > start && is_space(line[length - 1]))
        length--;
    for (const char *c = line; c < colon; c++)
        if (sp_buffer_append_byte(fields, *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c, err) < 0)
            return -1;
    if (sp_buffer_append_byte(fields, '\0', err) < 0 ||
        sp_buffer_append(fields, line + start, length - start, err) < 0)
        return -1;
    return sp_buffer_append_byte(fields, '\0', err);
}

const char *
sp_http_header(const struct sp_http_head *head, const char *name)
{
    const char *found = NULL, *at = head->fields, *end = at ? at + head->fields_length : at;
    while (at < end) {
        const char *value = at + strlen(at) + 1;
        if (strcmp(at, name) == 0)
            found = value;
        at = value + strlen(value) + 1;
    }
    return found;
}

unsigned long
sp_http_max_age(const char *cache_control, unsigned long limit, unsigned long otherwise, bool *store)
{
    unsigned long age = otherwise;
    bool keep = true;
    for (const char *at = cache_control ? cache_control : ""; *at;) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",");
        if (!strncasecmp(at, "no-store", 8)) {
            keep = false;
            age = 0;
        } else if (!strncasecmp(at, "no-cache", 8)) {
            age = 0;
        } else if (!strncasecmp(at, "max-age=", 8) && age) {
            unsigned long stated = 0;
            for (const char *digit = at + 8; *digit >= '0' && *digit <= '9' && stated <= limit; digit++)
                stated = stated * 10 + (unsigned long)(*digit - '0');
            age = stated;
        }
        at += length;
    }
    if (store)
        *store = keep;
    return age < limit ? age : limit;
}

int
sp_http_to_buffer(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    return sp_buffer_append(context, bytes, length, err);
}
