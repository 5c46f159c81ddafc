/* cargo_artefact.c: what a published crate says of itself. Source: doc.rust-lang.org/cargo/reference,
 * "The Manifest Format" and "Build Scripts". */
#include "metadata/cargo.h"
#include "metadata/members.h"
#include "metadata/told.h"
#include "registry/toml.h"

#include <string.h>
#include <strings.h>

#define MANIFEST_MAX ((size_t)1 << 20)

/* ---------------------------------------------------------------- manifest */

struct manifest {
    const struct sp_teller *teller;
    const char **readme;
    enum sp_cargo_build *build;
    bool authors, keywords; /* the list is being told by this one */
    bool failed;            /* memory ran out */
};

static int
on_item(void *context, const struct sp_toml_item *item, struct sp_error *err)
{
    struct manifest *manifest = context;
    const struct sp_teller *teller = manifest->teller;
    const char *key = item->key + strlen("package."), *value = item->value;
    size_t length = strlen(value);
    int status = 0;
    if (!strcmp(key, "description"))
        status = sp_tell_text(teller, SP_FIELD_DESCRIPTION, value, length, err);
    else if (!strcmp(key, "license") || !strcmp(key, "license-file"))
        status = sp_tell_text(teller, SP_FIELD_LICENCE, value, length, err);
    else if (!strcmp(key, "repository"))
        status = sp_tell_link(teller, SP_FIELD_REPOSITORY, value, length, err);
    else if (!strcmp(key, "homepage"))
        status = sp_tell_link(teller, SP_FIELD_HOMEPAGE, value, length, err);
    else if (!strcmp(key, "name"))
        status = sp_tell_text(teller, SP_FIELD_MODULE, value, length, err);
    else if (!strcmp(key, "build"))
        *manifest->build = !strcmp(value, "false") ? SP_CARGO_BUILD_NO : SP_CARGO_BUILD_YES;
    else if (!strcmp(key, "readme") && strcmp(value, "false") != 0)
        status = (*manifest->readme = sp_arena_copy(&teller->record->arena, value, length, err)) ? 0 : -1;
    else if (!strcmp(key, "authors") &&
             (manifest->authors || (manifest->authors = sp_tell_list(teller, SP_FIELD_AUTHORS))))
        status = sp_tell_person_text(teller, SP_FIELD_AUTHORS, value, length, err);
    else if (!strcmp(key, "keywords") &&
             (manifest->keywords || (manifest->keywords = sp_tell_list(teller, SP_FIELD_KEYWORDS))))
        status = sp_tell_name(teller, SP_FIELD_KEYWORDS, value, length, err);
    manifest->failed |= status < 0;
    return status;
}

/* The manifest is all there is: what it does not say is not said. */
static int
tell_silence(const struct sp_teller *teller, struct sp_error *err)
{
    const enum sp_field texts[] = { SP_FIELD_DESCRIPTION, SP_FIELD_LICENCE, SP_FIELD_REPOSITORY,
                                    SP_FIELD_HOMEPAGE };
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        if (sp_tell_text(teller, texts[i], NULL, 0, err) < 0)
            return -1;
    sp_tell_list(teller, SP_FIELD_AUTHORS);
    sp_tell_list(teller, SP_FIELD_KEYWORDS);
    return 0;
}

static void
close_reading(struct sp_reading *reading)
{
    sp_arena_free(&reading->arena);
}

int
sp_cargo_read_manifest(const struct sp_teller *teller, const char *bytes, size_t length, const char **readme,
                       enum sp_cargo_build *build, struct sp_error *err)
{
    __attribute__((cleanup(close_reading))) struct sp_reading reading = { 0 };
    sp_autobuffer struct sp_buffer content = { 0 };
    struct sp_error why = { 0 };
    struct manifest manifest = { .teller = teller, .readme = readme, .build = build };
    *readme = NULL;
    *build = SP_CARGO_BUILD_FOUND;
    if (memchr(bytes, 0, length))
        return sp_record_problem(teller->record, err, "Cargo.toml: it holds a NUL byte");
    if (sp_buffer_append(&content, bytes, length, err) < 0)
        return -1;
    struct sp_config_file file = { .reading = &reading, .path = "Cargo.toml", .content = content };
    if (sp_toml_read(&file, "package.", on_item, &manifest, &why) < 0) {
        if (manifest.failed || why.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_record_problem(teller->record, err, "%s", why.text);
    }
    return tell_silence(teller, err) < 0 ? -1 : SP_READ;
}

/* ---------------------------------------------------------------- artefact */

struct artefact {
    const struct sp_teller *teller;
    struct sp_buffer manifest, readme; /* README.md, or whatever begins so */
    bool has_manifest, has_readme, has_script;
};

static void
artefact_free(struct artefact *artefact)
{
    sp_buffer_free(&artefact->manifest);
    sp_buffer_free(&artefact->readme);
}

static size_t
want(void *context, const char *name)
{
    (void)context;
    if (!strcmp(name, "Cargo.toml"))
        return MANIFEST_MAX;
    if (!strcmp(name, "build.rs"))
        return 1;
    return !strncasecmp(name, "readme", 6) && !strchr(name, '/') ? SP_RECORD_README_MAX + 1 : 0;
}

static int
got(void *context, const char *name, const char *bytes, size_t length, bool cut, struct sp_error *err)
{
    struct artefact *artefact = context;
    if (!strcmp(name, "build.rs")) {
        artefact->has_script = true;
        return 0;
    }
    bool manifest = !strcmp(name, "Cargo.toml");
    bool *has = manifest ? &artefact->has_manifest : &artefact->has_readme;
    if (*has)
        return 0;
    if (manifest && cut)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than 1 MB", artefact->teller->source);
    *has = true;
    return sp_buffer_append(manifest ? &artefact->manifest : &artefact->readme, bytes, length, err);
}

static int
tell_script(const struct artefact *artefact, enum sp_cargo_build build, struct sp_error *err)
{
    if (!sp_tell_list(artefact->teller, SP_FIELD_HOOKS))
        return 0;
    bool runs = build == SP_CARGO_BUILD_YES || (build == SP_CARGO_BUILD_FOUND && artefact->has_script);
    return runs ? sp_tell_name(artefact->teller, SP_FIELD_HOOKS, "build.rs", 8, err) : 0;
}

int
sp_cargo_read_artefact(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    __attribute__((cleanup(artefact_free))) struct artefact artefact = { .teller = teller };
    const struct sp_members_reader reader = { want, got, &artefact };
    const char *readme;
    enum sp_cargo_build build;
    struct sp_error why = { 0 };
    if (sp_members_read(teller->source, bytes, length, &reader, &why) < 0) {
        if (why.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_record_problem(teller->record, err, "%s", why.text);
    }
    if (!artefact.has_manifest)
        return sp_record_problem(teller->record, err, "%s: no Cargo.toml in it", teller->source);
    int status = sp_cargo_read_manifest(teller, sp_buffer_string(&artefact.manifest),
                                        artefact.manifest.length, &readme, &build, err);
    if (status != SP_READ)
        return status;
    if (tell_script(&artefact, build, err) < 0)
        return -1;
    /* what an archive that was read to its end does not have is not there; a readme elsewhere is not seen */
    if (!artefact.has_readme && readme && strncasecmp(readme, "readme", 6) != 0)
        return SP_READ;
    return sp_tell_text(teller, SP_FIELD_README,
                        artefact.has_readme ? sp_buffer_string(&artefact.readme) : NULL,
                        artefact.readme.length, err) < 0
               ? -1
               : SP_READ;
}
