#include "manifest/package_lock.h"

#include <string.h>

static const char modules[] = "node_modules/";
#define MODULES_LENGTH (sizeof(modules) - 1)

const char *
sp_lock_path_tail(const char *path, size_t length)
{
    for (size_t i = length; i >= MODULES_LENGTH; i--) {
        const char *at = path + i - MODULES_LENGTH;
        if (!memcmp(at, modules, MODULES_LENGTH) && (at == path || at[-1] == '/'))
            return path + i;
    }
    return NULL;
}

/* ---- what the project names ---- */

static int
note_name(struct sp_lock *lock, const struct sp_npm_text *name, const struct sp_lock_named *like,
          struct sp_error *err)
{
    if (lock->named_count == SP_LOCK_NAMED_MAX)
        return sp_sheet_fail(&lock->sheet, name->line, name->column, SP_ERROR_LIMIT, err,
                             "the project itself names more than %d packages; split it", SP_LOCK_NAMED_MAX);
    uint32_t *at = sp_map_at(&lock->names, name->slice.bytes, name->slice.length, UINT32_MAX, err);
    if (!at || sp_grow(lock->named, lock->named_capacity, lock->named_count + 1, err) < 0)
        return -1;
    if (*at == UINT32_MAX) {
        *at = (uint32_t)lock->named_count;
        lock->named[lock->named_count] = *like;
        lock->named[lock->named_count++].name = *name;
        return 0;
    }
    /* two workspaces may name it: it is for development only where both say so */
    struct sp_lock_named *known = &lock->named[*at];
    if (like->needed && (!known->needed || !like->development))
        known->development = like->development;
    known->needed = known->needed || like->needed;
    return 0;
}

static int
note_section(struct sp_lock *lock, const struct sp_lock_named *like, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&lock->reader, token, err);
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        struct sp_lock_named named = *like;
        struct sp_npm_text name;
        if (sp_npm_text_keep(&name, &lock->sheet, &lock->reader, err) < 0)
            return -1;
        token = sp_json_next(&lock->reader, err);
        if (token == SP_JSON_STRING ? sp_npm_text_keep(&named.spec, &lock->sheet, &lock->reader, err) < 0
                                    : sp_json_skip(&lock->reader, token, err) < 0)
            return -1;
        if (note_name(lock, &name, &named, err) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

int
sp_lock_read_importer(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&lock->reader, token, err);
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        struct sp_lock_named like = { .needed = true };
        int status;
        if (sp_json_is(&lock->reader, "dependencies") || sp_json_is(&lock->reader, "optionalDependencies")) {
            status = note_section(lock, &like, err);
        } else if (sp_json_is(&lock->reader, "devDependencies")) {
            like.development = true;
            status = note_section(lock, &like, err);
        } else if (sp_json_is(&lock->reader, "peerDependencies")) {
            like.needed = false;
            status = note_section(lock, &like, err);
        } else {
            status = sp_json_skip_value(&lock->reader, err);
        }
        if (status < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

int
sp_lock_add_missing(struct sp_lock *lock, struct sp_error *err)
{
    for (size_t i = 0; i < lock->named_count; i++) {
        const struct sp_lock_named *named = &lock->named[i];
        struct sp_dependency like = { .direct = true, .development = named->development };
        if (named->needed && !named->seen &&
            sp_npm_add(&lock->sheet, &named->name, &named->spec, &like, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- one package ---- */

struct entry {
    struct sp_npm_text name, version, resolved;
    bool link, dev, bundled;
};

static int
read_flag(struct sp_lock *lock, bool *flag, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    *flag = *flag || token == SP_JSON_TRUE;
    return sp_json_skip(&lock->reader, token, err);
}

static int
read_string(struct sp_lock *lock, struct sp_npm_text *out, struct sp_error *err)
{
    if (out->slice.bytes)
        return sp_sheet_fail(&lock->sheet, lock->reader.line, lock->reader.column, SP_ERROR_INPUT, err,
                             "\"%.*s\" stands twice; make the lockfile again", (int)lock->reader.length,
                             lock->reader.text);
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    /* npm 5 wrote "resolved": false */
    return token == SP_JSON_STRING ? sp_npm_text_keep(out, &lock->sheet, &lock->reader, err)
                                   : sp_json_skip(&lock->reader, token, err);
}

/* After a key of a package's object: reads its value where it matters, over it where not. */
static int
read_field(struct sp_lock *lock, struct entry *entry, struct sp_error *err)
{
    const struct sp_json_reader *reader = &lock->reader;
    if (sp_json_is(reader, "version"))
        return read_string(lock, &entry->version, err);
    if (sp_json_is(reader, "resolved"))
        return read_string(lock, &entry->resolved, err);
    if (sp_json_is(reader, "name"))
        return read_string(lock, &entry->name, err);
    if (sp_json_is(reader, "link"))
        return read_flag(lock, &entry->link, err);
    if (sp_json_is(reader, "dev"))
        return read_flag(lock, &entry->dev, err);
    if (sp_json_is(reader, "inBundle") || sp_json_is(reader, "bundled"))
        return read_flag(lock, &entry->bundled, err);
    return sp_json_skip_value(&lock->reader, err);
}

static bool
same(struct sp_slice a, struct sp_slice b)
{
    return a.length == b.length && !memcmp(a.bytes, b.bytes, a.length);
}

/* The archive decides what is installed, whatever the key says: "node_modules/lodash" with the URL of another
 * package's archive installs that other package as lodash. */
static int
find_source(struct sp_lock *lock, const struct entry *entry, struct sp_npm_text *name,
            struct sp_dependency *out, struct sp_error *err)
{
    struct sp_slice url = entry->resolved.slice;
    if (entry->bundled)
        out->source = "the archive of another package (inBundle)";
    if (!url.length || entry->bundled)
        return 0;
    if (sp_npm_tarball_name(url.bytes, url.length, &lock->tarball, err) < 0)
        return -1;
    struct sp_slice fetched = { sp_buffer_string(&lock->tarball), lock->tarball.length };
    if (!fetched.length || entry->link) {
        out->source = sp_sheet_copy(&lock->sheet, url.bytes, url.length, entry->resolved.line,
                                    entry->resolved.column, err);
        return out->source ? 0 : -1;
    }
    if (same(fetched, name->slice))
        return 0;
    *name = entry->resolved;
    name->slice.length = fetched.length;
    name->slice.bytes = sp_sheet_copy(&lock->sheet, fetched.bytes, fetched.length, entry->resolved.line,
                                      entry->resolved.column, err);
    return name->slice.bytes ? 0 : -1;
}

static int
add_entry(struct sp_lock *lock, const struct sp_npm_text *key, const struct entry *entry, bool direct,
          struct sp_error *err)
{
    struct sp_npm_text name = entry->name.slice.length ? entry->name : *key;
    struct sp_npm_spec version;
    struct sp_npm_text spec = entry->version;
    sp_npm_spec_read(spec.slice.bytes ? spec.slice.bytes : "", spec.slice.length, &version);
    if (version.name.length) { /* v1 writes an alias as the version "npm:real@1.0.0" */
        name = spec;
        name.column = sp_npm_text_column(&spec, (size_t)(version.name.bytes - spec.slice.bytes));
        name.slice = version.name;
    }

    struct sp_dependency like = { .direct = direct, .development = entry->dev };
    if (find_source(lock, entry, &name, &like, err) < 0)
        return -1;
    if (entry->link && !like.source)
        like.source = "a link to a directory";
    if (!same(name.slice, key->slice)) {
        like.alias =
            sp_sheet_copy(&lock->sheet, key->slice.bytes, key->slice.length, key->line, key->column, err);
        if (!like.alias)
            return -1;
    }
    spec.slice = version.version.length ? version.version : version.source;
    return sp_npm_add(&lock->sheet, &name, &spec, &like, err);
}

/* ---- v2 and v3: a flat list by path ---- */

static bool
is_name(const char *tail, size_t length)
{
    const char *slash = memchr(tail, '/', length);
    if (length && *tail == '@')
        return slash && slash > tail + 1 && slash + 1 < tail + length &&
               !memchr(slash + 1, '/', (size_t)(tail + length - slash - 1));
    return length && !slash;
}

/* Named by the project or a workspace, and lying where they find it: not inside another package. */
static bool
is_direct(struct sp_lock *lock, const struct sp_npm_text *path, const struct sp_npm_text *key)
{
    uint32_t at;
    size_t before = (size_t)(key->slice.bytes - path->slice.bytes) - MODULES_LENGTH;
    if (sp_lock_path_tail(path->slice.bytes, before) ||
        !sp_map_get(&lock->names, key->slice.bytes, key->slice.length, &at))
        return false;
    lock->named[at].seen = true;
    return true;
}

int
sp_lock_read_package(struct sp_lock *lock, const struct sp_npm_text *path, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    const char *tail = sp_lock_path_tail(path->slice.bytes, path->slice.length);
    if (!tail)
        return sp_json_skip(&lock->reader, token, err);
    struct sp_npm_text key = *path;
    size_t before = (size_t)(tail - path->slice.bytes);
    key.slice = (struct sp_slice){ tail, path->slice.length - before };
    key.column = sp_npm_text_column(path, before);
    if (token != SP_JSON_OBJECT || !is_name(tail, key.slice.length)) {
        if (sp_json_skip(&lock->reader, token, err) < 0)
            return -1;
        return sp_sheet_unseen(&lock->sheet, path->line, path->column, err,
                               "no package at the path \"%.*s\"; make the lockfile again",
                               path->slice.length > 200 ? 200 : (int)path->slice.length, path->slice.bytes);
    }
    struct entry entry = { 0 };
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY)
        if (read_field(lock, &entry, err) < 0)
            return -1;
    if (token == SP_JSON_FAILED)
        return -1;
    return add_entry(lock, &key, &entry, is_direct(lock, path, &key), err);
}

/* ---- v1: a tree ---- */

static int
note_requires(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&lock->reader, token, err);
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        if (lock->names.count == SP_LOCK_NAMED_MAX)
            return sp_sheet_fail(&lock->sheet, lock->reader.line, lock->reader.column, SP_ERROR_LIMIT, err,
                                 "more than %d packages are required; split the project", SP_LOCK_NAMED_MAX);
        if (sp_map_set(&lock->names, lock->reader.text, lock->reader.length, 0, err) < 0 ||
            sp_json_skip_value(&lock->reader, err) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* Inside a "dependencies" object of v1: notes all that any package requires. The reader's own limit on
 * nesting bounds the recursion. */
static int
survey_old(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token;
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        if ((token = sp_json_next(&lock->reader, err)) != SP_JSON_OBJECT) {
            if (sp_json_skip(&lock->reader, token, err) < 0)
                return -1;
            continue;
        }
        while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
            int status;
            if (sp_json_is(&lock->reader, "requires"))
                status = note_requires(lock, err);
            else if (sp_json_is(&lock->reader, "dependencies"))
                status = (token = sp_json_next(&lock->reader, err)) == SP_JSON_OBJECT
                             ? survey_old(lock, err)
                             : sp_json_skip(&lock->reader, token, err);
            else
                status = sp_json_skip_value(&lock->reader, err);
            if (status < 0)
                return -1;
        }
        if (token == SP_JSON_FAILED)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

static int read_old(struct sp_lock *lock, bool top, struct sp_error *err);

static int
read_nested(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    return token == SP_JSON_OBJECT ? read_old(lock, false, err) : sp_json_skip(&lock->reader, token, err);
}

static int
read_old_entry(struct sp_lock *lock, const struct sp_npm_text *key, bool top, struct sp_error *err)
{
    struct entry entry = { 0 };
    enum sp_json_token token;
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        bool nested = sp_json_is(&lock->reader, "dependencies");
        if ((nested ? read_nested(lock, err) : read_field(lock, &entry, err)) < 0)
            return -1;
    }
    if (token == SP_JSON_FAILED)
        return -1;
    /* v1 does not say what the project names: it is what no other package requires, at least */
    bool direct = top && !sp_map_get(&lock->names, key->slice.bytes, key->slice.length, NULL);
    return add_entry(lock, key, &entry, direct, err);
}

static int
read_old(struct sp_lock *lock, bool top, struct sp_error *err)
{
    enum sp_json_token token;
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        struct sp_npm_text key;
        if (sp_npm_text_keep(&key, &lock->sheet, &lock->reader, err) < 0)
            return -1;
        token = sp_json_next(&lock->reader, err);
        if (token == SP_JSON_OBJECT ? read_old_entry(lock, &key, top, err) < 0
                                    : sp_json_skip(&lock->reader, token, err) < 0)
            return -1;
        if (token != SP_JSON_OBJECT &&
            sp_sheet_unseen(&lock->sheet, key.line, key.column, err, "the package \"%.*s\" is no object",
                            key.slice.length > 200 ? 200 : (int)key.slice.length, key.slice.bytes) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

int
sp_lock_read_old(struct sp_lock *lock, struct sp_error *err)
{
    /* names means something else here; with v2's lists read already, nothing is missing either */
    sp_map_free(&lock->names);
    lock->names = (struct sp_map){ .seed = sp_sheet_seed() };
    lock->reader = lock->dependencies.inside;
    if (survey_old(lock, err) < 0)
        return -1;
    lock->reader = lock->dependencies.inside;
    return read_old(lock, true, err);
}
