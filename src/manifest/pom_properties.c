#include "manifest/pom_properties.h"

#include <string.h>

void
sp_pom_properties_free(struct sp_pom_properties *properties)
{
    sp_map_free(&properties->map);
    free(properties->values);
    properties->values = NULL;
}

int
sp_pom_define(struct sp_pom_properties *properties, const char *name, const char *text, struct sp_error *err)
{
    uint32_t *at = sp_map_at(&properties->map, name, strlen(name), UINT32_MAX, err);
    if (!at || sp_grow(properties->values, properties->capacity, properties->count + 1, err) < 0)
        return -1;
    if (*at != UINT32_MAX) {
        struct sp_pom_value *known = &properties->values[*at];
        known->several = known->several || strcmp(known->text, text) != 0;
        return 0;
    }
    *at = (uint32_t)properties->count;
    properties->values[properties->count++] = (struct sp_pom_value){ .text = text };
    return 0;
}

static const char *
find(const struct sp_pom_properties *properties, const char *name, size_t length)
{
    uint32_t at;
    /* pom.x is the old spelling of project.x */
    char modern[80];
    if (length > 4 && length < 70 && !memcmp(name, "pom.", 4)) {
        length = (size_t)snprintf(modern, sizeof(modern), "project.%.*s", (int)length - 4, name + 4);
        name = modern;
    }
    if (!sp_map_get(&properties->map, name, length, &at) || properties->values[at].several)
        return NULL;
    return properties->values[at].text;
}

static int
expand(const struct sp_pom_properties *properties, const char *text, unsigned depth, unsigned *steps,
       struct sp_buffer *out, struct sp_error *err)
{
    if (depth > 20 || ++*steps > SP_POM_STEPS_MAX)
        return 0;
    for (;;) {
        const char *open = strstr(text, "${");
        size_t plain = open ? (size_t)(open - text) : strlen(text);
        if (out->length + plain > SP_POM_TEXT_MAX)
            return 0;
        if (sp_buffer_append(out, text, plain, err) < 0)
            return -1;
        if (!open)
            return 1;
        const char *close = strchr(open, '}');
        const char *value = close ? find(properties, open + 2, (size_t)(close - open - 2)) : NULL;
        if (!value)
            return 0;
        int status = expand(properties, value, depth + 1, steps, out, err);
        if (status != 1)
            return status;
        text = close + 1;
    }
}

int
sp_pom_interpolate(const struct sp_pom_properties *properties, const char *text, struct sp_buffer *out,
                   struct sp_error *err)
{
    unsigned steps = 0;
    sp_buffer_clear(out);
    return expand(properties, text, 0, &steps, out, err);
}
