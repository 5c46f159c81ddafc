#include "manifest/pom_parser.h"

#include <libxml/parser.h>
#include <string.h>

#define FIELD_MAX ((size_t)64 << 10)
#define ARENA_MAX ((size_t)48 << 20)
#define PROPERTIES_MAX 100000
#define CHUNK ((size_t)64 << 10)

enum element {
    OTHER,
    PROJECT,
    PARENT,
    PROFILE,
    PROPERTIES,
    CONFIGURATION,
    MANAGEMENT, /* of dependencies or plugins */
    DEPENDENCIES,
    DEPENDENCY,
    PLUGINS,
    PLUGIN,
    EXTENSIONS,
    EXTENSION,
    PROCESSOR_PATHS,
    PROCESSOR_PATH,
    ARTIFACT_ITEMS,
    ARTIFACT_ITEM,
    GROUP_ID,
    ARTIFACT_ID,
    VERSION,
    SCOPE,
    SYSTEM_PATH,
};

static const struct {
    const char *name;
    enum element element;
} elements[] = {
    { "project", PROJECT },
    { "parent", PARENT },
    { "profile", PROFILE },
    { "properties", PROPERTIES },
    { "configuration", CONFIGURATION },
    { "dependencyManagement", MANAGEMENT },
    { "pluginManagement", MANAGEMENT },
    { "dependencies", DEPENDENCIES },
    { "dependency", DEPENDENCY },
    { "plugins", PLUGINS },
    { "plugin", PLUGIN },
    { "extensions", EXTENSIONS },
    { "extension", EXTENSION },
    { "annotationProcessorPaths", PROCESSOR_PATHS },
    { "path", PROCESSOR_PATH },
    { "artifactItems", ARTIFACT_ITEMS },
    { "artifactItem", ARTIFACT_ITEM },
    { "groupId", GROUP_ID },
    { "artifactId", ARTIFACT_ID },
    { "version", VERSION },
    { "scope", SCOPE },
    { "systemPath", SYSTEM_PATH },
};

struct parsing {
    struct sp_pom *pom;
    struct sp_text *text;
    struct sp_error *err;
    xmlParserCtxtPtr parser;
    bool failed;
    struct {
        enum element element;
        struct sp_pom_artefact *artefact; /* the one that this element describes */
    } open[SP_MANIFEST_DEPTH_MAX + 1];
    size_t depth; /* open[1] is the root */
    size_t start; /* offset of the innermost element's text */
    struct sp_buffer characters;
    bool overlong;
    bool ending; /* all of the text was handed over: an error now is that it stops */
};

/* ---- errors and places ---- */

static size_t
offset_now(const struct parsing *parsing)
{
    long consumed = xmlByteConsumed(parsing->parser);
    size_t offset = consumed < 0 ? 0 : (size_t)consumed;
    return offset < parsing->text->length ? offset : parsing->text->length;
}

static void
stop(struct parsing *parsing)
{
    parsing->failed = true;
    xmlStopParser(parsing->parser);
}

static void
fail_here(struct parsing *parsing, enum sp_error_code code, const char *what)
{
    uint32_t line, column;
    if (parsing->failed)
        return;
    sp_text_seek(parsing->text, offset_now(parsing), &line, &column);
    sp_sheet_fail(&parsing->pom->sheet, line, column, code, parsing->err, "%s", what);
    stop(parsing);
}

static void
on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    (void)name, (void)id, (void)uri;
    fail_here(context, SP_ERROR_INPUT, "a DOCTYPE, which could define entities; no POM has one: remove it");
}

static void
on_error(void *context, xmlErrorPtr error)
{
    struct parsing *parsing = context;
    char what[200];
    if (!error || error->level < XML_ERR_FATAL)
        return;
    if (parsing->ending) {
        fail_here(parsing, SP_ERROR_INPUT, "the XML ends too early; it is truncated: make it again");
        return;
    }
    const char *message = error->message ? error->message : "no XML";
    snprintf(what, sizeof(what), "XML that is not well formed (%.*s); mend it, or make it again",
             (int)strcspn(message, "\n"), message);
    fail_here(parsing, SP_ERROR_INPUT, what);
}

/* ---- elements ---- */

static enum element
find_element(const xmlChar *name)
{
    for (size_t i = 0; i < SP_COUNT(elements); i++)
        if (!strcmp(elements[i].name, (const char *)name))
            return elements[i].element;
    return OTHER;
}

static bool
is_inside(const struct parsing *parsing, enum element element)
{
    for (size_t i = 1; i <= parsing->depth; i++)
        if (parsing->open[i].element == element)
            return true;
    return false;
}

/* Whether an artefact begins with ELEMENT at this place. */
static bool
is_artefact(const struct parsing *parsing, enum element element)
{
    enum element around = parsing->open[parsing->depth - 1].element;
    switch (element) {
    case PARENT:
        return around == PROJECT && parsing->depth == 2;
    case DEPENDENCY:
        return around == DEPENDENCIES && !is_inside(parsing, CONFIGURATION);
    case PLUGIN:
        return around == PLUGINS && !is_inside(parsing, CONFIGURATION);
    case EXTENSION:
        return around == EXTENSIONS && !is_inside(parsing, CONFIGURATION);
    case PROCESSOR_PATH: /* a plugin's configuration that fetches artefacts too */
        return around == PROCESSOR_PATHS;
    case ARTIFACT_ITEM:
        return around == ARTIFACT_ITEMS;
    default:
        return false;
    }
}

static struct sp_pom_artefact *
begin_artefact(struct parsing *parsing, enum element element)
{
    struct sp_pom *pom = parsing->pom;
    if (pom->count == SP_SHEET_PACKAGES_MAX || pom->arena.used > ARENA_MAX) {
        fail_here(parsing, SP_ERROR_LIMIT, "more artefacts than any project has; split the file");
        return NULL;
    }
    struct sp_pom_artefact *artefact = sp_arena_alloc(&pom->arena, sizeof(*artefact), parsing->err);
    if (!artefact || sp_grow(pom->artefacts, pom->capacity, pom->count + 1, parsing->err) < 0) {
        stop(parsing);
        return NULL;
    }
    *artefact = (struct sp_pom_artefact){
        .group = "", .artefact = "", .version = "", .scope = "", .system_path = ""
    };
    artefact->is_plugin = element == PLUGIN;
    artefact->is_parent = element == PARENT;
    artefact->managed = is_inside(parsing, MANAGEMENT);
    artefact->building = is_inside(parsing, PLUGINS) || is_inside(parsing, EXTENSIONS);
    sp_text_seek(parsing->text, offset_now(parsing), &artefact->line, &artefact->column);
    pom->artefacts[pom->count++] = artefact;
    return artefact;
}

static void
on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
         const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
    (void)prefix, (void)uri, (void)namespace_count, (void)namespaces;
    (void)attribute_count, (void)defaulted, (void)attributes;
    struct parsing *parsing = context;
    if (parsing->failed)
        return;
    if (parsing->depth == SP_MANIFEST_DEPTH_MAX) {
        fail_here(parsing, SP_ERROR_LIMIT,
                  "nested deeper than 200 levels; no POM is: do not trust this file");
        return;
    }
    enum element element = find_element(name);
    parsing->depth++;
    if (parsing->depth == 1 && element != PROJECT) {
        fail_here(parsing, SP_ERROR_INPUT, "the root element is not 'project'; is this a POM?");
        return;
    }
    parsing->pom->is_project = true;
    parsing->open[parsing->depth].element = element;
    parsing->open[parsing->depth].artefact =
        is_artefact(parsing, element) ? begin_artefact(parsing, element) : NULL;
    sp_buffer_clear(&parsing->characters);
    parsing->overlong = false;
    parsing->start = offset_now(parsing);
}

static void
on_characters(void *context, const xmlChar *text, int length)
{
    struct parsing *parsing = context;
    if (parsing->failed || length <= 0)
        return;
    if (parsing->characters.length + (size_t)length > FIELD_MAX) {
        parsing->overlong = true; /* a licence text, say: of interest only where a field is meant */
        return;
    }
    if (sp_buffer_append(&parsing->characters, text, (size_t)length, parsing->err) < 0)
        stop(parsing);
}

/* ---- fields ---- */

static const char *
take_text(struct parsing *parsing)
{
    static const char space[] = " \t\r\n";
    if (parsing->overlong) {
        fail_here(parsing, SP_ERROR_LIMIT, "a value of more than 64 KB; shorten it");
        return "";
    }
    const char *from = sp_buffer_string(&parsing->characters);
    from += strspn(from, space);
    size_t length = strlen(from);
    while (length && strchr(space, from[length - 1]))
        length--;
    const char *copy = parsing->pom->arena.used > ARENA_MAX
                           ? NULL
                           : sp_arena_copy(&parsing->pom->arena, from, length, parsing->err);
    if (!copy)
        fail_here(parsing, SP_ERROR_LIMIT, "more text than any project has; split the file");
    return copy ? copy : "";
}

/* The first byte of the element's text: behind the '>' and white space. */
static void
place_text(struct parsing *parsing, struct sp_pom_artefact *artefact)
{
    const struct sp_text *text = parsing->text;
    size_t at = parsing->start;
    while (at < text->length && text->bytes[at] != '>')
        at++;
    at += at < text->length;
    while (at < text->length && strchr(" \t\r\n", text->bytes[at]))
        at++;
    sp_text_seek(parsing->text, at, &artefact->line, &artefact->column);
}

static void
set_field(struct parsing *parsing, struct sp_pom_artefact *artefact, enum element element)
{
    switch (element) {
    case GROUP_ID:
        artefact->group = take_text(parsing);
        break;
    case ARTIFACT_ID:
        artefact->artefact = take_text(parsing);
        place_text(parsing, artefact);
        break;
    case VERSION:
        artefact->version = take_text(parsing);
        break;
    case SCOPE:
        artefact->scope = take_text(parsing);
        break;
    case SYSTEM_PATH:
        artefact->system_path = take_text(parsing);
        break;
    default:
        break;
    }
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix, (void)uri;
    struct parsing *parsing = context;
    if (parsing->failed || !parsing->depth)
        return;
    enum element element = parsing->open[parsing->depth].element;
    parsing->depth--;
    enum element around = parsing->open[parsing->depth].element;
    if (parsing->open[parsing->depth].artefact) {
        set_field(parsing, parsing->open[parsing->depth].artefact, element);
    } else if (parsing->depth == 1) {
        set_field(parsing, &parsing->pom->project, element);
    } else if (around == PROPERTIES && parsing->depth > 1 && !is_inside(parsing, CONFIGURATION)) {
        const char *text = parsing->overlong ? NULL : take_text(parsing);
        if (parsing->pom->properties.count == PROPERTIES_MAX)
            fail_here(parsing, SP_ERROR_LIMIT, "more than 100000 properties; split the file");
        if (text && !parsing->failed &&
            sp_pom_define(&parsing->pom->properties, (const char *)name, text, parsing->err) < 0)
            stop(parsing);
    }
    sp_buffer_clear(&parsing->characters);
    parsing->overlong = false;
}

/* ---- the document ---- */

static void
push_all(struct parsing *parsing)
{
    const struct sp_text *text = parsing->text;
    for (size_t at = 0; at < text->length && !parsing->failed; at += CHUNK) {
        size_t size = text->length - at < CHUNK ? text->length - at : CHUNK;
        if (xmlParseChunk(parsing->parser, text->bytes + at, (int)size, 0) != 0)
            fail_here(parsing, SP_ERROR_INPUT, "XML that is not well formed; mend it, or make it again");
    }
    parsing->ending = true;
    if (!parsing->failed && xmlParseChunk(parsing->parser, NULL, 0, 1) != 0)
        fail_here(parsing, SP_ERROR_INPUT, "the XML ends too early; it is truncated: make it again");
}

int
sp_pom_parse(struct sp_pom *pom, struct sp_text *text, struct sp_error *err)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_characters,
        .ignorableWhitespace = on_characters,
        .serror = on_error,
    };
    sp_autofree struct parsing *parsing = sp_new(struct parsing, err);
    if (!parsing)
        return -1;
    parsing->pom = pom;
    parsing->text = text;
    parsing->err = err;
    parsing->parser = xmlCreatePushParserCtxt(&handler, parsing, NULL, 0, NULL);
    if (!parsing->parser)
        return sp_fail_memory(err);
    /* the text is UTF-8 already, whatever it declares; nothing is ever loaded or replaced */
    xmlCtxtUseOptions(parsing->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    push_all(parsing);
    xmlFreeParserCtxt(parsing->parser);
    sp_buffer_free(&parsing->characters);
    return parsing->failed ? -1 : 0;
}

void
sp_pom_free(struct sp_pom *pom)
{
    sp_arena_free(&pom->arena);
    sp_pom_properties_free(&pom->properties);
    free(pom->artefacts);
    pom->artefacts = NULL;
}
