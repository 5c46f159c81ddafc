/* Maven's pom.xml. Source: "POM Reference", maven.apache.org. */
#include "manifest/pom_parser.h"
#include "manifest/text.h"

#include <string.h>
#include <strings.h>

/* ---- encoding ---- */

static bool
is_encoding(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && !strncasecmp(name, wanted, length);
}

/* What the XML declaration says; a byte order mark goes before it. */
static int
find_encoding(const char *path, const char *content, size_t length, enum sp_text_encoding *out,
              struct sp_error *err)
{
    *out = SP_TEXT_UTF8;
    if (length < 6 || memcmp(content, "<?xml", 5) != 0)
        return 0;
    const char *close = sp_text_find(content, length, "?>");
    size_t size = close ? (size_t)(close - content) : 0;
    const char *word = sp_text_find(content, size, "encoding");
    const char *name = word ? strpbrk(word, "\"'") : NULL;
    if (!name || name >= close)
        return 0;
    size_t name_length = strcspn(name + 1, "\"'");
    if (is_encoding(name + 1, name_length, "ISO-8859-1") ||
        is_encoding(name + 1, name_length, "windows-1252") ||
        is_encoding(name + 1, name_length, "ISO-8859-15") || is_encoding(name + 1, name_length, "latin1"))
        *out = SP_TEXT_LATIN1;
    else if (!is_encoding(name + 1, name_length, "UTF-8") && !is_encoding(name + 1, name_length, "UTF8") &&
             !is_encoding(name + 1, name_length, "US-ASCII") && !is_encoding(name + 1, name_length, "ASCII"))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:1:1: the encoding \"%.*s\" is not read; save it as UTF-8",
                       path, name_length > 40 ? 40 : (int)name_length, name + 1);
    return 0;
}

/* ---- what the project says of itself ---- */

static int
define_one(struct sp_pom *pom, const char *name, const char *value, struct sp_error *err)
{
    return value && *value ? sp_pom_define(&pom->properties, name, value, err) : 0;
}

static bool
is_defined(const struct sp_pom *pom, const char *name)
{
    return sp_map_get(&pom->properties.map, name, strlen(name), NULL);
}

/* The bare names are the old spelling: a property of that name goes before. */
static int
define_project(struct sp_pom *pom, const char *name, const char *value, struct sp_error *err)
{
    char full[64];
    snprintf(full, sizeof(full), "project.%s", name);
    if (define_one(pom, full, value, err) < 0)
        return -1;
    return is_defined(pom, name) ? 0 : define_one(pom, name, value, err);
}

static int
define_self(struct sp_pom *pom, struct sp_error *err)
{
    const struct sp_pom_artefact *parent = NULL, *self = &pom->project;
    for (size_t i = 0; i < pom->count && !parent; i++)
        parent = pom->artefacts[i]->is_parent ? pom->artefacts[i] : NULL;
    const char *group = self->group && *self->group ? self->group : parent ? parent->group : "";
    const char *version = self->version && *self->version ? self->version : parent ? parent->version : "";
    if (define_project(pom, "groupId", group, err) < 0 || define_project(pom, "version", version, err) < 0 ||
        define_project(pom, "artifactId", self->artefact, err) < 0)
        return -1;
    if (!parent)
        return 0;
    if (define_project(pom, "parent.groupId", parent->group, err) < 0 ||
        define_project(pom, "parent.version", parent->version, err) < 0)
        return -1;
    return define_project(pom, "parent.artifactId", parent->artefact, err);
}

/* ---- artefacts ---- */

static int
unresolved(struct sp_pom *pom, const struct sp_pom_artefact *artefact, struct sp_error *err)
{
    return sp_sheet_unseen(&pom->sheet, artefact->line, artefact->column, err,
                           "\"%.150s:%.150s\" cannot be resolved from this file alone; "
                           "check the output of 'mvn help:effective-pom'",
                           artefact->group, artefact->artefact);
}

/* Appends the name "group:artifact" to OUT. 1, or 0: a part is missing or has no value here. */
static int
join_name(struct sp_pom *pom, const struct sp_pom_artefact *artefact, struct sp_buffer *out,
          struct sp_error *err)
{
    sp_autobuffer struct sp_buffer part = { 0 };
    const char *group = artefact->group;
    if (!*group && artefact->is_plugin)
        group = "org.apache.maven.plugins";
    int status = sp_pom_interpolate(&pom->properties, group, out, err);
    if (status != 1 || !out->length)
        return status < 0 ? -1 : 0;
    status = sp_pom_interpolate(&pom->properties, artefact->artefact, &part, err);
    if (status != 1 || !part.length)
        return status < 0 ? -1 : 0;
    if (sp_buffer_append_byte(out, ':', err) < 0 || sp_buffer_append(out, part.bytes, part.length, err) < 0)
        return -1;
    return 1;
}

/* The version with its properties, or as written where they have no value here. NULL in *OUT: none. */
static int
find_version(struct sp_pom *pom, const struct sp_pom_artefact *artefact, const char **out,
             struct sp_error *err)
{
    sp_autobuffer struct sp_buffer version = { 0 };
    *out = NULL;
    if (!*artefact->version)
        return 0;
    int status = sp_pom_interpolate(&pom->properties, artefact->version, &version, err);
    if (status < 0)
        return -1;
    const char *text = status == 1 ? sp_buffer_string(&version) : artefact->version;
    *out = sp_sheet_copy(&pom->sheet, text, strlen(text), artefact->line, artefact->column, err);
    return *out ? 0 : -1;
}

static int
add_artefact(struct sp_pom *pom, const struct sp_pom_artefact *artefact, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 };
    int status = join_name(pom, artefact, &name, err);
    if (status != 1)
        return status < 0 ? -1 : unresolved(pom, artefact, err);
    struct sp_dependency dependency = {
        /* what is managed only limits versions; an imported list of versions is fetched */
        .direct = !artefact->managed || !strcmp(artefact->scope, "import"),
        .development = artefact->building || !strcmp(artefact->scope, "test"),
        .place = { .line = artefact->line, .column = artefact->column },
    };
    dependency.name =
        sp_sheet_copy(&pom->sheet, name.bytes, name.length, artefact->line, artefact->column, err);
    if (!dependency.name || find_version(pom, artefact, &dependency.version, err) < 0)
        return -1;
    if (*artefact->system_path &&
        !(dependency.source = sp_sheet_copy(&pom->sheet, artefact->system_path, strlen(artefact->system_path),
                                            artefact->line, artefact->column, err)))
        return -1;
    return sp_sheet_add(&pom->sheet, &dependency, err);
}

/* ---- the file ---- */

static int
read_artefacts(struct sp_pom *pom, struct sp_error *err)
{
    if (!pom->is_project || (!pom->count && !pom->project.artefact))
        return sp_sheet_fail(&pom->sheet, 1, 1, SP_ERROR_INPUT, err,
                             "neither an artifactId nor dependencies; is this a POM?");
    if (define_self(pom, err) < 0)
        return -1;
    for (size_t i = 0; i < pom->count; i++)
        if (add_artefact(pom, pom->artefacts[i], err) < 0)
            return -1;
    return 0;
}

static int
read_pom(const struct sp_manifest_reading *reading, const char *path, const char *content, size_t length,
         struct sp_error *err)
{
    __attribute__((cleanup(sp_pom_free))) struct sp_pom pom = { .properties.map.seed = sp_sheet_seed() };
    sp_autotext struct sp_text text = { 0 };
    enum sp_text_encoding encoding;
    if (sp_sheet_open(&pom.sheet, reading, SP_MAVEN, path, err) < 0 ||
        find_encoding(pom.sheet.path, content, length, &encoding, err) < 0 ||
        sp_text_open(&text, pom.sheet.path, content, length, encoding, err) < 0 ||
        sp_pom_parse(&pom, &text, err) < 0)
        return -1;
    return read_artefacts(&pom, err);
}

static bool
recognise(const char *content, size_t length)
{
    const char *root = sp_text_find(content, length, "<project");
    return root && sp_text_find(root, length - (size_t)(root - content), "maven.apache.org/POM");
}

static const char *const names[] = { "pom.xml", "*.pom", NULL };

const struct sp_manifest_format sp_manifest_pom_xml = {
    .id = "pom-xml",
    .title = "Maven pom.xml",
    .names = names,
    .ecosystem = &sp_ecosystems[SP_MAVEN],
    .recognise = recognise,
    .read = read_pom,
};
