/* npm's lockfile. Source: npm documentation, "package-lock.json"; arborist's shrinkwrap.js.
 * Two readings of the same bytes: the first finds the sections, the version and what the project itself names
 * (they may stand in any order), the second hands on the packages. */
#include "manifest/package_lock.h"
#include "manifest/text.h"

#include <string.h>

/* ---- the first reading ---- */

static int
fail_version(struct sp_lock *lock, struct sp_error *err)
{
    return sp_sheet_fail(&lock->sheet, lock->reader.line, lock->reader.column, SP_ERROR_INPUT, err,
                         "lockfileVersion %.*s is unknown; 1, 2 and 3 are read: 'npm install "
                         "--package-lock-only --lockfile-version 3' writes it anew",
                         lock->reader.length > 20 ? 20 : (int)lock->reader.length, lock->reader.text);
}

static int
read_version(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_NUMBER)
        return sp_sheet_fail(&lock->sheet, lock->reader.line, lock->reader.column, SP_ERROR_INPUT, err,
                             "lockfileVersion is %s; a number should stand", sp_json_token_name(token));
    char digit = lock->reader.text[0];
    if (lock->reader.length != 1 || digit < '1' || digit > '3')
        return fail_version(lock, err);
    lock->version = digit - '0';
    return 0;
}

/* Remembers where a section's object begins. A section that stands twice is refused: npm would take the last,
 * another reader the first, and a person sees either. */
static int
enter_section(struct sp_lock *lock, struct sp_lock_section *section, const char *name, struct sp_error *err)
{
    uint32_t line = lock->reader.line, column = lock->reader.column;
    if (section->there)
        return sp_sheet_fail(&lock->sheet, line, column, SP_ERROR_INPUT, err,
                             "\"%s\" stands twice; make the lockfile again", name);
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_OBJECT)
        return sp_sheet_fail(&lock->sheet, lock->reader.line, lock->reader.column, SP_ERROR_INPUT, err,
                             "\"%s\" is %s; an object should stand", name, sp_json_token_name(token));
    section->there = true;
    section->inside = lock->reader;
    return 0;
}

static int
survey_packages(struct sp_lock *lock, struct sp_error *err)
{
    if (enter_section(lock, &lock->packages, "packages", err) < 0)
        return -1;
    enum sp_json_token token;
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        bool importer = !sp_lock_path_tail(lock->reader.text, lock->reader.length);
        lock->has_root = lock->has_root || !lock->reader.length;
        if ((importer ? sp_lock_read_importer(lock, err) : sp_json_skip_value(&lock->reader, err)) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

static int
survey(struct sp_lock *lock, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&lock->reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_OBJECT)
        return sp_sheet_fail(&lock->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "%s; a lockfile is an object: is this the right file?",
                             sp_json_token_name(token));
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        int status;
        if (sp_json_is(&lock->reader, "lockfileVersion"))
            status = read_version(lock, err);
        else if (sp_json_is(&lock->reader, "packages"))
            status = survey_packages(lock, err);
        else if (sp_json_is(&lock->reader, "dependencies"))
            status = enter_section(lock, &lock->dependencies, "dependencies", err) < 0
                         ? -1
                         : sp_json_skip(&lock->reader, SP_JSON_OBJECT, err);
        else
            status = sp_json_skip_value(&lock->reader, err);
        if (status < 0)
            return -1;
    }
    /* what follows the object is checked too */
    return token == SP_JSON_FAILED || sp_json_next(&lock->reader, err) == SP_JSON_FAILED ? -1 : 0;
}

/* ---- the second reading ---- */

static int
read_packages(struct sp_lock *lock, struct sp_error *err)
{
    lock->reader = lock->packages.inside;
    enum sp_json_token token;
    while ((token = sp_json_next(&lock->reader, err)) == SP_JSON_KEY) {
        struct sp_npm_text path;
        if (sp_npm_text_keep(&path, &lock->sheet, &lock->reader, err) < 0 ||
            sp_lock_read_package(lock, &path, err) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* A lockfile that lists nothing though the project needs something was cut or doctored. */
static int
check_emptiness(struct sp_lock *lock, size_t before, struct sp_error *err)
{
    if (lock->sheet.count > before)
        return 0;
    bool says_none = lock->packages.there ? lock->has_root && !lock->named_count : lock->dependencies.there;
    if (says_none)
        return 0;
    return sp_sheet_fail(&lock->sheet, 1, 1, SP_ERROR_INPUT, err,
                         "no packages; 'npm install --package-lock-only' writes the lockfile anew");
}

static int
read_sections(struct sp_lock *lock, struct sp_error *err)
{
    if (!lock->version)
        return sp_sheet_fail(&lock->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "no lockfileVersion; is this a lockfile of npm 5 or later?");
    size_t before = lock->sheet.count;
    bool old = lock->version == 1 || !lock->packages.there;
    if (lock->packages.there && read_packages(lock, err) < 0)
        return -1;
    if (old && lock->dependencies.there && sp_lock_read_old(lock, err) < 0)
        return -1;
    if (check_emptiness(lock, before, err) < 0)
        return -1;
    return sp_lock_add_missing(lock, err);
}

static void
lock_free(struct sp_lock *lock)
{
    sp_buffer_free(&lock->scratch);
    sp_buffer_free(&lock->tarball);
    sp_map_free(&lock->names);
    free(lock->named);
}

static int
read_lock(const struct sp_manifest_reading *reading, const char *path, const char *content, size_t length,
          struct sp_error *err)
{
    __attribute__((cleanup(lock_free))) struct sp_lock lock = { .names.seed = sp_sheet_seed() };
    if (sp_sheet_open(&lock.sheet, reading, SP_NPM, path, err) < 0 ||
        sp_json_reader_open(&lock.reader, lock.sheet.path, content, length, &lock.scratch, err) < 0 ||
        survey(&lock, err) < 0)
        return -1;
    return read_sections(&lock, err);
}

static bool
recognise(const char *content, size_t length)
{
    return sp_text_find(content, length, "\"lockfileVersion\"") != NULL;
}

static const char *const names[] = { "package-lock.json", "npm-shrinkwrap.json", ".package-lock.json", NULL };

const struct sp_manifest_format sp_manifest_package_lock = {
    .id = "package-lock",
    .title = "npm package-lock.json (v1-v3), npm-shrinkwrap.json",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_NPM],
    .is_lockfile = true,
    .recognise = recognise,
    .read = read_lock,
};
