/* node_package.c: the reader of package.json. */
#include "manager/node_package.h"
#include "base/json_reader.h"

#include <string.h>

#define STRINGS_MAX 20000 /* of each list */

struct reading {
    struct sp_node_package *package;
    struct sp_arena *arena;
    struct sp_json_reader reader;
    struct sp_error *err;
};

/* NULL with a filled error only when memory ran out; text with a NUL in it gives "". */
static const char *
copy(struct reading *reading)
{
    size_t length = reading->reader.length;
    if (memchr(reading->reader.text, '\0', length))
        length = 0;
    return sp_arena_copy(reading->arena, reading->reader.text, length, reading->err);
}

static int
add(struct reading *reading, struct sp_strings *strings)
{
    if (strings->count >= STRINGS_MAX)
        return 0;
    if (sp_grow(strings->items, strings->capacity, strings->count + 1, reading->err) < 0)
        return -1;
    strings->items[strings->count] = copy(reading);
    return strings->items[strings->count++] ? 0 : -1;
}

static int
read_string(struct reading *reading, const char **out)
{
    enum sp_json_token token = sp_json_next(&reading->reader, reading->err);
    if (token != SP_JSON_STRING)
        return sp_json_skip(&reading->reader, token, reading->err);
    *out = copy(reading);
    return *out ? 0 : -1;
}

/* An array of strings. TOKEN began it, or is something else. */
static int
read_array(struct reading *reading, enum sp_json_token token, struct sp_strings *strings)
{
    if (token != SP_JSON_ARRAY)
        return sp_json_skip(&reading->reader, token, reading->err);
    for (;;) {
        token = sp_json_next(&reading->reader, reading->err);
        if (token == SP_JSON_FAILED)
            return -1;
        if (token == SP_JSON_ARRAY_END)
            return 0;
        if (token == SP_JSON_STRING ? add(reading, strings) < 0
                                    : sp_json_skip(&reading->reader, token, reading->err) < 0)
            return -1;
    }
}

/* Calls EACH after every key of an object; what is no object is passed over. */
static int
read_object(struct reading *reading, enum sp_json_token token, int (*each)(struct reading *reading))
{
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&reading->reader, token, reading->err);
    for (;;) {
        token = sp_json_next(&reading->reader, reading->err);
        if (token == SP_JSON_FAILED)
            return -1;
        if (token == SP_JSON_OBJECT_END)
            return 0;
        if (each(reading) < 0)
            return -1;
    }
}

static int
on_dependency(struct reading *reading)
{
    return add(reading, &reading->package->dependencies) < 0
               ? -1
               : sp_json_skip_value(&reading->reader, reading->err);
}

static int
on_bin(struct reading *reading)
{
    struct sp_strings *bins = &reading->package->bins;
    if (add(reading, bins) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&reading->reader, reading->err);
    if (token == SP_JSON_STRING && bins->count < STRINGS_MAX)
        return add(reading, bins);
    bins->count -= bins->count % 2;
    return sp_json_skip(&reading->reader, token, reading->err);
}

static int
on_script(struct reading *reading)
{
    static const char *const names[] = { "preinstall", "install", "postinstall" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (sp_json_is(&reading->reader, names[i]))
            return read_string(reading, &reading->package->scripts[i]);
    return sp_json_skip_value(&reading->reader, reading->err);
}

static int
on_allowed(struct reading *reading)
{
    struct sp_strings *allowed = &reading->package->allowed_scripts;
    if (add(reading, allowed) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&reading->reader, reading->err);
    if (token == SP_JSON_FALSE && allowed->count)
        allowed->count--;
    return sp_json_skip(&reading->reader, token, reading->err);
}

static int
on_workspaces(struct reading *reading)
{
    if (!sp_json_is(&reading->reader, "packages"))
        return sp_json_skip_value(&reading->reader, reading->err);
    return read_array(reading, sp_json_next(&reading->reader, reading->err), &reading->package->workspaces);
}

static int
on_pnpm(struct reading *reading)
{
    if (!sp_json_is(&reading->reader, "onlyBuiltDependencies"))
        return sp_json_skip_value(&reading->reader, reading->err);
    return read_array(reading, sp_json_next(&reading->reader, reading->err),
                      &reading->package->allowed_scripts);
}

static int
read_bins(struct reading *reading)
{
    struct sp_strings *bins = &reading->package->bins;
    enum sp_json_token token = sp_json_next(&reading->reader, reading->err);
    if (token != SP_JSON_STRING)
        return read_object(reading, token, on_bin);
    /* one program, named as the package */
    if (add(reading, bins) < 0 || add(reading, bins) < 0)
        return -1;
    bins->items[0] = NULL;
    return 0;
}

static int
read_exports(struct reading *reading)
{
    enum sp_json_token token = sp_json_next(&reading->reader, reading->err);
    reading->package->exports = token != SP_JSON_NULL && token != SP_JSON_FALSE;
    return sp_json_skip(&reading->reader, token, reading->err);
}

static int
on_field(struct reading *reading)
{
    struct sp_node_package *package = reading->package;
    struct sp_json_reader *reader = &reading->reader;
    if (sp_json_is(reader, "name"))
        return read_string(reading, &package->name);
    if (sp_json_is(reader, "version"))
        return read_string(reading, &package->version);
    if (sp_json_is(reader, "main"))
        return read_string(reading, &package->main);
    if (sp_json_is(reader, "packageManager"))
        return read_string(reading, &package->package_manager);
    if (sp_json_is(reader, "exports"))
        return read_exports(reading);
    if (sp_json_is(reader, "bin"))
        return read_bins(reading);
    if (sp_json_is(reader, "scripts"))
        return read_object(reading, sp_json_next(reader, reading->err), on_script);
    if (sp_json_is(reader, "dependencies") || sp_json_is(reader, "devDependencies") ||
        sp_json_is(reader, "optionalDependencies"))
        return read_object(reading, sp_json_next(reader, reading->err), on_dependency);
    if (sp_json_is(reader, "allowScripts"))
        return read_object(reading, sp_json_next(reader, reading->err), on_allowed);
    if (sp_json_is(reader, "pnpm"))
        return read_object(reading, sp_json_next(reader, reading->err), on_pnpm);
    if (sp_json_is(reader, "workspaces")) {
        enum sp_json_token token = sp_json_next(reader, reading->err);
        return token == SP_JSON_OBJECT ? read_object(reading, token, on_workspaces)
                                       : read_array(reading, token, &package->workspaces);
    }
    if (sp_json_is(reader, "gypfile")) {
        enum sp_json_token token = sp_json_next(reader, reading->err);
        package->no_gyp = token == SP_JSON_FALSE;
        return sp_json_skip(reader, token, reading->err);
    }
    return sp_json_skip_value(reader, reading->err);
}

int
sp_node_package_read(struct sp_node_package *package, struct sp_arena *arena, const char *path,
                     const char *text, size_t length, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct reading reading = { .package = package, .arena = arena, .err = err };
    if (sp_json_reader_open(&reading.reader, path, text, length, &scratch, err) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&reading.reader, err);
    if (token == SP_JSON_FAILED || read_object(&reading, token, on_field) < 0 ||
        sp_json_next(&reading.reader, err) != SP_JSON_END)
        return -1;
    if (package->bins.count && !package->bins.items[0])
        package->bins.items[0] = package->name ? package->name : "";
    return 0;
}

void
sp_node_package_free(struct sp_node_package *package)
{
    free(package->bins.items);
    free(package->workspaces.items);
    free(package->dependencies.items);
    free(package->allowed_scripts.items);
    *package = (struct sp_node_package){ 0 };
}

bool
sp_strings_hold(const struct sp_strings *strings, const char *word)
{
    for (size_t i = 0; i < strings->count; i++)
        if (strings->items[i] && !strcmp(strings->items[i], word))
            return true;
    return false;
}
