/* package.json. Source: npm documentation, "package.json"; Yarn's "resolutions", pnpm's "pnpm.overrides". */
#include "manifest/npm_spec.h"
#include "manifest/text.h"

#include <string.h>

struct reading {
    struct sp_sheet sheet;
    struct sp_json_reader reader;
    struct sp_buffer scratch;
    bool speaks; /* has a name, or a section of dependencies: it is a package.json and says what it needs */
};

/* ---- names with their specification ---- */

/* After the key of a section: {"name": "specification", ...}. */
static int
read_section(struct reading *file, const struct sp_dependency *like, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&file->reader, err);
    if (token != SP_JSON_OBJECT) {
        if (sp_json_skip(&file->reader, token, err) < 0)
            return -1;
        return sp_sheet_unseen(&file->sheet, file->reader.line, file->reader.column, err,
                               "%s where an object of packages should stand", sp_json_token_name(token));
    }
    while ((token = sp_json_next(&file->reader, err)) == SP_JSON_KEY) {
        struct sp_npm_text name, spec;
        if (sp_npm_text_keep(&name, &file->sheet, &file->reader, err) < 0)
            return -1;
        token = sp_json_next(&file->reader, err);
        int status;
        if (token == SP_JSON_STRING)
            status = sp_npm_text_keep(&spec, &file->sheet, &file->reader, err) < 0
                         ? -1
                         : sp_npm_add(&file->sheet, &name, &spec, like, err);
        else
            status = sp_json_skip(&file->reader, token, err) < 0
                         ? -1
                         : sp_sheet_unseen(&file->sheet, name.line, name.column, err,
                                           "the version of \"%.*s\" is %s; write a string",
                                           name.slice.length > 200 ? 200 : (int)name.slice.length,
                                           name.slice.bytes, sp_json_token_name(token));
        if (status < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* bundledDependencies: ["name", ...], or true for all of dependencies. */
static int
read_bundled(struct reading *file, struct sp_error *err)
{
    const struct sp_dependency like = { .direct = true };
    enum sp_json_token token = sp_json_next(&file->reader, err);
    if (token != SP_JSON_ARRAY)
        return sp_json_skip(&file->reader, token, err);
    while ((token = sp_json_next(&file->reader, err)) == SP_JSON_STRING) {
        struct sp_npm_text name, none = { 0 };
        if (sp_npm_text_keep(&name, &file->sheet, &file->reader, err) < 0 ||
            sp_npm_add(&file->sheet, &name, &none, &like, err) < 0)
            return -1;
    }
    if (token == SP_JSON_ARRAY_END || token == SP_JSON_FAILED)
        return token == SP_JSON_FAILED ? -1 : 0;
    return sp_sheet_fail(&file->sheet, file->reader.line, file->reader.column, SP_ERROR_INPUT, err,
                         "%s in a list of bundled packages; write names", sp_json_token_name(token));
}

/* ---- overrides ---- */

/* The package that an override's key means: "foo@^2" is foo, "a>b" (pnpm) and "a/b" (Yarn) are b. */
static struct sp_slice
overridden(struct sp_slice key)
{
    const char *from = key.bytes, *end = key.bytes + key.length;
    const char *last = memrchr(from, '>', key.length);
    if (last)
        from = last + 1;
    for (const char *slash; (slash = memchr(from, '/', (size_t)(end - from)));) {
        /* a scope and its name are one step of the path */
        if (*from == '@' && !(slash = memchr(slash + 1, '/', (size_t)(end - slash - 1))))
            break;
        from = slash + 1;
    }
    const char *at = end - from > 1 ? memchr(from + 1, '@', (size_t)(end - from - 1)) : NULL;
    return (struct sp_slice){ from, (size_t)((at ? at : end) - from) };
}

static int
read_override(struct reading *file, const struct sp_npm_text *key, struct sp_error *err)
{
    const struct sp_dependency like = { 0 };
    struct sp_npm_text name = *key, spec = { 0 };
    if (sp_npm_text_keep(&spec, &file->sheet, &file->reader, err) < 0)
        return -1;
    name.slice = overridden(key->slice);
    name.column = sp_npm_text_column(key, (size_t)(name.slice.bytes - key->slice.bytes));
    /* "$foo" and "-" refer to what is read elsewhere, "." to the key around it */
    if (spec.slice.length && (*spec.slice.bytes == '$' || *spec.slice.bytes == '-'))
        spec = (struct sp_npm_text){ 0 };
    return sp_npm_add(&file->sheet, &name, &spec, &like, err);
}

/* After a key, with AROUND the key outside of it: overrides nest. The reader's limit bounds the recursion. */
static int
read_overrides(struct reading *file, const struct sp_npm_text *around, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&file->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&file->reader, token, err);
    while ((token = sp_json_next(&file->reader, err)) == SP_JSON_KEY) {
        struct sp_npm_text key;
        if (sp_npm_text_keep(&key, &file->sheet, &file->reader, err) < 0)
            return -1;
        const struct sp_npm_text *meant = &key;
        if (around && sp_json_is(&file->reader, "."))
            meant = around;
        struct sp_json_reader before = file->reader;
        token = sp_json_next(&file->reader, err);
        if (token == SP_JSON_STRING) {
            if (read_override(file, meant, err) < 0)
                return -1;
        } else if (token == SP_JSON_OBJECT) {
            file->reader = before;
            if (read_overrides(file, meant, err) < 0)
                return -1;
        } else if (sp_json_skip(&file->reader, token, err) < 0) {
            return -1;
        }
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* "pnpm": {"overrides": {...}} */
static int
read_pnpm(struct reading *file, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&file->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&file->reader, token, err);
    while ((token = sp_json_next(&file->reader, err)) == SP_JSON_KEY)
        if ((sp_json_is(&file->reader, "overrides") ? read_overrides(file, NULL, err)
                                                    : sp_json_skip_value(&file->reader, err)) < 0)
            return -1;
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* ---- the file ---- */

static int
read_member(struct reading *file, struct sp_error *err)
{
    static const struct {
        const char *key;
        struct sp_dependency like;
    } sections[] = {
        { "dependencies", { .direct = true } },
        { "devDependencies", { .direct = true, .development = true } },
        { "peerDependencies", { .direct = true } },
        { "optionalDependencies", { .direct = true } },
    };
    const struct sp_json_reader *reader = &file->reader;
    for (size_t i = 0; i < SP_COUNT(sections); i++) {
        if (sp_json_is(reader, sections[i].key)) {
            file->speaks = true;
            return read_section(file, &sections[i].like, err);
        }
    }
    if (sp_json_is(reader, "bundledDependencies") || sp_json_is(reader, "bundleDependencies"))
        return read_bundled(file, err);
    if (sp_json_is(reader, "overrides") || sp_json_is(reader, "resolutions"))
        return read_overrides(file, NULL, err);
    if (sp_json_is(reader, "pnpm"))
        return read_pnpm(file, err);
    file->speaks = file->speaks || sp_json_is(reader, "name");
    return sp_json_skip_value(&file->reader, err);
}

static int
read_members(struct reading *file, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&file->reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_OBJECT)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "%s; a package.json is an object: is this the right file?",
                             sp_json_token_name(token));
    while ((token = sp_json_next(&file->reader, err)) == SP_JSON_KEY)
        if (read_member(file, err) < 0)
            return -1;
    if (token == SP_JSON_FAILED || sp_json_next(&file->reader, err) == SP_JSON_FAILED)
        return -1;
    if (!file->sheet.count && !file->speaks)
        return sp_sheet_fail(&file->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "neither a name nor dependencies; is this a package.json?");
    return 0;
}

static void
reading_free(struct reading *file)
{
    sp_buffer_free(&file->scratch);
}

static int
read_package_json(const struct sp_manifest_reading *reading, const char *path, const char *content,
                  size_t length, struct sp_error *err)
{
    __attribute__((cleanup(reading_free))) struct reading file = { 0 };
    if (sp_sheet_open(&file.sheet, reading, SP_NPM, path, err) < 0 ||
        sp_json_reader_open(&file.reader, file.sheet.path, content, length, &file.scratch, err) < 0)
        return -1;
    return read_members(&file, err);
}

static bool
recognise(const char *content, size_t length)
{
    size_t i = strspn(content, " \t\r\n");
    return i < length && content[i] == '{' &&
           (sp_text_find(content, length, "\"dependencies\"") ||
            sp_text_find(content, length, "\"devDependencies\""));
}

static const char *const names[] = { "package.json", NULL };

const struct sp_manifest_format sp_manifest_package_json = {
    .id = "package-json",
    .title = "npm package.json",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_NPM],
    .recognise = recognise,
    .read = read_package_json,
};
