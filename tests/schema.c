#include "schema.h"

#include <stdio.h>
#include <string.h>

#define WHY_SIZE 512
#define PATH_SIZE 256

struct validation {
    json_t *root;
    char *why;
};

static bool holds(const struct validation *validation, json_t *schema, json_t *value, const char *path);

static bool
broken(const struct validation *validation, const char *path, const char *rule, const char *what)
{
    snprintf(validation->why, WHY_SIZE, "%s: %s %s", *path ? path : "/", rule, what);
    return false;
}

json_t *
schema_at(json_t *root, const char *pointer)
{
    json_t *at = root;
    if (pointer[0] != '#')
        return NULL;
    for (pointer++; at && *pointer == '/';) {
        char key[128];
        size_t length = strcspn(++pointer, "/");
        snprintf(key, sizeof(key), "%.*s", (int)length, pointer);
        at = json_object_get(at, key);
        pointer += length;
    }
    return at;
}

static bool
is_type(json_t *value, const char *type)
{
    static const struct {
        const char *name;
        json_type type;
    } types[] = {
        { "object", JSON_OBJECT },   { "array", JSON_ARRAY }, { "string", JSON_STRING },
        { "integer", JSON_INTEGER }, { "number", JSON_REAL }, { "null", JSON_NULL },
    };
    if (!strcmp(type, "boolean"))
        return json_is_boolean(value);
    if (!strcmp(type, "number") && json_is_integer(value))
        return true;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(types[i].name, type))
            return json_typeof(value) == types[i].type;
    return false;
}

static bool
check_type(const struct validation *validation, json_t *type, json_t *value, const char *path)
{
    size_t i;
    json_t *each;
    if (json_is_string(type))
        return is_type(value, json_string_value(type)) ||
               broken(validation, path, "is not of type", json_string_value(type));
    json_array_foreach(type, i, each) if (is_type(value, json_string_value(each))) return true;
    return broken(validation, path, "is of none of the types", "");
}

static bool
check_enum(const struct validation *validation, json_t *choices, json_t *value, const char *path)
{
    size_t i;
    json_t *each;
    json_array_foreach(choices, i, each) if (json_equal(each, value)) return true;
    return broken(validation, path,
                  "is none of the choices:", json_is_string(value) ? json_string_value(value) : "");
}

static bool
check_required(const struct validation *validation, json_t *names, json_t *value, const char *path)
{
    size_t i;
    json_t *each;
    json_array_foreach(
        names, i,
        each) if (json_is_object(value) &&
                  !json_object_get(value, json_string_value(each))) return broken(validation, path, "lacks",
                                                                                  json_string_value(each));
    return true;
}

static bool
check_properties(const struct validation *validation, json_t *schema, json_t *value, const char *path)
{
    const char *key;
    json_t *each, *properties = json_object_get(schema, "properties");
    json_object_foreach(value, key, each)
    {
        char longer[PATH_SIZE];
        json_t *part = json_object_get(properties, key);
        if (!part && json_is_false(json_object_get(schema, "additionalProperties")))
            return broken(validation, path, "must not have", key);
        snprintf(longer, sizeof(longer), "%.100s/%.100s", path, key);
        if (part && !holds(validation, part, each, longer))
            return false;
    }
    return true;
}

static bool
check_items(const struct validation *validation, json_t *items, json_t *value, const char *path)
{
    size_t i;
    json_t *each;
    json_array_foreach(value, i, each)
    {
        char longer[PATH_SIZE];
        snprintf(longer, sizeof(longer), "%.200s/%zu", path, i);
        if (!holds(validation, items, each, longer))
            return false;
    }
    return true;
}

static bool
check_keyword(const struct validation *validation, json_t *schema, const char *keyword, json_t *value,
              const char *path)
{
    static const char *const silent[] = { "$schema", "title", "description", "definitions",
                                          "additionalProperties" };
    json_t *rule = json_object_get(schema, keyword);
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
        if (!strcmp(keyword, silent[i]))
            return true;
    if (!strcmp(keyword, "$ref")) {
        json_t *other = schema_at(validation->root, json_string_value(rule));
        return other ? holds(validation, other, value, path)
                     : broken(validation, path, "refers to nothing:", json_string_value(rule));
    }
    if (!strcmp(keyword, "type"))
        return check_type(validation, rule, value, path);
    if (!strcmp(keyword, "enum"))
        return check_enum(validation, rule, value, path);
    if (!strcmp(keyword, "required"))
        return check_required(validation, rule, value, path);
    if (!strcmp(keyword, "properties"))
        return !json_is_object(value) || check_properties(validation, schema, value, path);
    if (!strcmp(keyword, "items"))
        return !json_is_array(value) || check_items(validation, rule, value, path);
    if (!strcmp(keyword, "minimum"))
        return !json_is_number(value) || json_number_value(value) >= json_number_value(rule) ||
               broken(validation, path, "is below the minimum", "");
    if (!strcmp(keyword, "maximum"))
        return !json_is_number(value) || json_number_value(value) <= json_number_value(rule) ||
               broken(validation, path, "is above the maximum", "");
    return broken(validation, path, "the validator does not know the keyword", keyword);
}

static bool
holds(const struct validation *validation, json_t *schema, json_t *value, const char *path)
{
    const char *keyword;
    json_t *rule;
    json_object_foreach(schema, keyword,
                        rule) if (!check_keyword(validation, schema, keyword, value, path)) return false;
    return true;
}

bool
schema_holds(json_t *root, json_t *schema, json_t *value, char *why)
{
    struct validation validation = { .root = root, .why = why };
    *why = '\0';
    return holds(&validation, schema, value, "");
}
