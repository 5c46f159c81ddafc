#include "base/json.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

static void
put(struct sp_json *json, const char *bytes, size_t length)
{
    if (!json->failed && sp_buffer_append(&json->out, bytes, length, json->err) < 0)
        json->failed = true;
}

static void
put_string(struct sp_json *json, const char *string)
{
    put(json, string, strlen(string));
}

static void
new_line(struct sp_json *json)
{
    if (json->compact)
        return;
    put(json, "\n", 1);
    for (int i = 0; i < json->depth; i++)
        put(json, "  ", 2);
}

/* What must stand between the last value and the next. */
static void
separate(struct sp_json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (!json->depth)
        return;
    if (json->filled[json->depth - 1])
        put(json, ",", 1);
    json->filled[json->depth - 1] = true;
    new_line(json);
}

static void
begin(struct sp_json *json, const char *bracket)
{
    separate(json);
    put(json, bracket, 1);
    if (json->depth >= SP_JSON_DEPTH_MAX) {
        if (!json->failed)
            sp_fail(json->err, SP_ERROR_INTERNAL, "JSON written deeper than %d", SP_JSON_DEPTH_MAX);
        json->failed = true;
        return;
    }
    json->filled[json->depth++] = false;
}

static void
end(struct sp_json *json, const char *bracket)
{
    if (!json->depth)
        return;
    bool filled = json->filled[--json->depth];
    if (filled)
        new_line(json);
    put(json, bracket, 1);
}

void
sp_json_begin_object(struct sp_json *json)
{
    begin(json, "{");
}

void
sp_json_end_object(struct sp_json *json)
{
    end(json, "}");
}

void
sp_json_begin_array(struct sp_json *json)
{
    begin(json, "[");
}

void
sp_json_end_array(struct sp_json *json)
{
    end(json, "]");
}

static void
put_escaped(struct sp_json *json, const char *bytes, size_t length)
{
    put(json, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t size;
        uint32_t point = sp_utf8_decode(bytes + i, length - i, &size);
        char escape[16];
        if (point == SP_UTF8_INVALID)
            put_string(json, "\\ufffd");
        else if (point == '"' || point == '\\')
            put(json, escape, (size_t)snprintf(escape, sizeof(escape), "\\%c", (int)point));
        else if (point == '\n')
            put(json, "\\n", 2);
        else if (point == '\t')
            put(json, "\\t", 2);
        else if (sp_utf8_is_printable(point))
            put(json, bytes + i, size);
        else if (point < 0x10000)
            put(json, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", point));
        else
            put(json, escape,
                (size_t)snprintf(escape, sizeof(escape), "\\u%04x\\u%04x", 0xd7c0 + (point >> 10),
                                 0xdc00 + (point & 0x3ff)));
        i += size;
    }
    put(json, "\"", 1);
}

void
sp_json_key(struct sp_json *json, const char *key)
{
    separate(json);
    put_escaped(json, key, strlen(key));
    put_string(json, json->compact ? ":" : ": ");
    json->after_key = true;
}

void
sp_json_string_n(struct sp_json *json, const char *bytes, size_t length)
{
    separate(json);
    put_escaped(json, bytes, length);
}

void
sp_json_string(struct sp_json *json, const char *string)
{
    if (!string)
        sp_json_null(json);
    else
        sp_json_string_n(json, string, strlen(string));
}

void
sp_json_integer(struct sp_json *json, long long value)
{
    char text[32];
    separate(json);
    put(json, text, (size_t)snprintf(text, sizeof(text), "%lld", value));
}

void
sp_json_number(struct sp_json *json, double value, int digits)
{
    if (!isfinite(value)) {
        sp_json_null(json);
        return;
    }
    char text[48];
    separate(json);
    put(json, text, (size_t)snprintf(text, sizeof(text), "%.*g", digits, value));
}

void
sp_json_bool(struct sp_json *json, bool value)
{
    separate(json);
    put_string(json, value ? "true" : "false");
}

void
sp_json_null(struct sp_json *json)
{
    separate(json);
    put_string(json, "null");
}

int
sp_json_finish(struct sp_json *json)
{
    return json->failed ? -1 : 0;
}

void
sp_json_free(struct sp_json *json)
{
    sp_buffer_free(&json->out);
}
