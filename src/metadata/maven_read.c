/* maven_read.c. Sources: maven.apache.org, "POM Reference" and "Repository Metadata"; central.sonatype.org,
 * "REST API" of the search. */
#include "metadata/maven.h"

#include <string.h>

#define NEEDS_MAX 500 /* each may cost as much as interpolation is allowed to */
#define PROPERTIES_MAX 2000

void
sp_maven_pom_free(struct sp_maven_pom *pom)
{
    free(pom->licences.items);
    free(pom->developers);
    free(pom->needs);
    free(pom->properties);
    *pom = (struct sp_maven_pom){ 0 };
}

/* -------------------------------------------------------------------- POM */

struct pom_reading {
    struct sp_maven_pom *pom;
    struct sp_arena *arena;
    struct sp_error *err;
    bool failed;
};

static const char *
text_of(struct pom_reading *reading, const xmlNode *parent, const char *name)
{
    const char *text = reading->failed
                           ? NULL
                           : sp_element_text(sp_element_child(parent, name), reading->arena, reading->err);
    reading->failed |= !text;
    return text ? text : "";
}

static struct sp_maven_id
id_of(struct pom_reading *reading, const xmlNode *node)
{
    return (struct sp_maven_id){ text_of(reading, node, "groupId"), text_of(reading, node, "artifactId"),
                                 text_of(reading, node, "version") };
}

static void
read_developers(struct pom_reading *reading, const xmlNode *project)
{
    struct sp_maven_pom *pom = reading->pom;
    const xmlNode *node = sp_element_child(sp_element_child(project, "developers"), "developer");
    for (; node && !reading->failed && pom->developer_count < SP_RECORD_PEOPLE_MAX;
         node = sp_element_next(node)) {
        if (sp_grow(pom->developers, pom->developer_capacity, pom->developer_count + 1, reading->err) < 0) {
            reading->failed = true;
            return;
        }
        pom->developers[pom->developer_count++] =
            (struct sp_person){ .id = text_of(reading, node, "id"),
                                .name = text_of(reading, node, "name"),
                                .email = text_of(reading, node, "email") };
    }
}

static void
read_licences(struct pom_reading *reading, const xmlNode *project)
{
    struct sp_name_list *licences = &reading->pom->licences;
    const xmlNode *node = sp_element_child(sp_element_child(project, "licenses"), "license");
    for (; node && !reading->failed && licences->count < 100; node = sp_element_next(node)) {
        const char *name = text_of(reading, node, "name");
        if (!*name)
            name = text_of(reading, node, "url");
        if (sp_grow(licences->items, licences->capacity, licences->count + 1, reading->err) < 0) {
            reading->failed = true;
            return;
        }
        licences->items[licences->count++] = name;
    }
}

/* What others get together with the package: tests and what is optional stay with it. */
static void
read_needs(struct pom_reading *reading, const xmlNode *project)
{
    struct sp_maven_pom *pom = reading->pom;
    const xmlNode *node = sp_element_child(sp_element_child(project, "dependencies"), "dependency");
    for (; node && !reading->failed && pom->need_count < NEEDS_MAX; node = sp_element_next(node)) {
        const char *scope = text_of(reading, node, "scope"), *optional = text_of(reading, node, "optional");
        if (!strcmp(scope, "test") || !strcmp(optional, "true"))
            continue;
        if (sp_grow(pom->needs, pom->need_capacity, pom->need_count + 1, reading->err) < 0) {
            reading->failed = true;
            return;
        }
        pom->needs[pom->need_count++] = id_of(reading, node);
    }
}

static void
read_properties(struct pom_reading *reading, const xmlNode *project)
{
    struct sp_maven_pom *pom = reading->pom;
    const xmlNode *list = sp_element_child(project, "properties");
    for (const xmlNode *node = list ? list->children : NULL;
         node && !reading->failed && pom->property_count < PROPERTIES_MAX; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = sp_arena_copy(reading->arena, (const char *)node->name,
                                         strlen((const char *)node->name), reading->err);
        const char *value = sp_element_text(node, reading->arena, reading->err);
        if (!name || !value ||
            sp_grow(pom->properties, pom->property_capacity, pom->property_count + 1, reading->err) < 0) {
            reading->failed = true;
            return;
        }
        pom->properties[pom->property_count].name = name;
        pom->properties[pom->property_count++].value = value;
    }
}

static void
read_project(struct pom_reading *reading, const xmlNode *project)
{
    struct sp_maven_pom *pom = reading->pom;
    const xmlNode *parent = sp_element_child(project, "parent"), *scm = sp_element_child(project, "scm");
    const xmlNode *moved =
        sp_element_child(sp_element_child(project, "distributionManagement"), "relocation");
    pom->self = id_of(reading, project);
    pom->parent = id_of(reading, parent);
    pom->has_parent = parent != NULL;
    pom->relocation = id_of(reading, moved);
    pom->has_relocation = moved != NULL;
    pom->message = text_of(reading, moved, "message");
    pom->description = text_of(reading, project, "description");
    pom->url = text_of(reading, project, "url");
    pom->scm_url = text_of(reading, scm, "url");
    pom->scm_connection = text_of(reading, scm, "connection");
    read_licences(reading, project);
    read_developers(reading, project);
    read_needs(reading, project);
    read_properties(reading, project);
}

int
sp_maven_read_pom(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_arena *arena,
                  struct sp_maven_pom *out, struct sp_error *err)
{
    sp_autoxml xmlDoc *document = NULL;
    struct pom_reading reading = { out, arena, err, false };
    int status = sp_document_xml(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const xmlNode *root = xmlDocGetRootElement(document);
    if (!root || strcmp((const char *)root->name, "project") != 0)
        return sp_record_problem(teller->record, err, "%s: it is no POM", teller->source);
    read_project(&reading, root);
    return reading.failed ? -1 : SP_READ;
}

/* --------------------------------------------------------------- versions */

int
sp_maven_read_metadata(const struct sp_teller *teller, const char *bytes, size_t length,
                       struct sp_maven_versions *out, struct sp_error *err)
{
    sp_autoxml xmlDoc *document = NULL;
    struct sp_arena *arena = &teller->record->arena;
    *out = (struct sp_maven_versions){ 0 };
    int status = sp_document_xml(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const xmlNode *root = xmlDocGetRootElement(document);
    const xmlNode *versioning = sp_element_child(root, "versioning");
    if (!root || strcmp((const char *)root->name, "metadata") != 0 || !versioning)
        return sp_record_problem(teller->record, err, "%s: it lists no versions", teller->source);
    const xmlNode *node = sp_element_child(sp_element_child(versioning, "versions"), "version");
    const char *text = "";
    if (!sp_tell_list(teller, SP_FIELD_RELEASES))
        node = NULL;
    for (size_t count = 0; node && count < SP_RECORD_RELEASES_MAX; node = sp_element_next(node), count++) {
        if (!(text = sp_element_text(node, arena, err)))
            return -1;
        if (*text && sp_tell_release(teller, text, strlen(text), SP_TIME_UNKNOWN, false, err) < 0)
            return -1;
    }
    const char *release = sp_element_text(sp_element_child(versioning, "release"), arena, err);
    const char *newest = sp_element_text(sp_element_child(versioning, "latest"), arena, err);
    if (!release || !newest)
        return -1;
    out->latest = *release ? release : *newest ? newest : *text ? text : NULL;
    return SP_READ;
}

/* ----------------------------------------------------------------- search */

int
sp_maven_read_search(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *response = sp_member(document, "response"), *docs = sp_member(response, "docs"), *item;
    int64_t found = sp_member_number(response, "numFound"), first = INT64_MAX, last = -1;
    size_t i, timed = 0;
    if (!json_is_array(docs) || found < 0)
        return sp_record_problem(teller->record, err, "%s: no list of versions", teller->source);
    json_array_foreach(docs, i, item)
    {
        const char *version = sp_member_text(item, "v");
        int64_t time = sp_member_number(item, "timestamp") / 1000;
        if (!version || time <= 631152000 || time >= 7258118400 || i >= 1000) /* 1990, 2200 */
            continue;
        sp_tell_release_time(teller, version, time);
        first = time < first ? time : first;
        last = time > last ? time : last;
        timed++;
    }
    if (!timed || (int64_t)timed < found)
        return SP_READ; /* a part says nothing of the first */
    size_t known = 0;
    for (size_t r = 0; r < teller->record->release_count; r++)
        known += teller->record->releases[r].time != SP_TIME_UNKNOWN;
    if (known && known == teller->record->release_count)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    if (sp_tell_number(teller, SP_FIELD_CREATED, first, err) < 0 ||
        sp_tell_number(teller, SP_FIELD_UPDATED, last, err) < 0)
        return -1;
    return SP_READ;
}
