/* nuget_read.c. Source: learn.microsoft.com/nuget/api, "Service index", "Package metadata", "Search",
 * ".nuspec File Reference". */
#include "metadata/nuget.h"
#include "base/hash.h"
#include "metadata/semver.h"
#include "metadata/told.h"

#include <string.h>
#include <strings.h>

/* ---------------------------------------------------------------- services */

static bool
is_service(const char *type, const char *name)
{
    size_t length = strlen(name);
    return !strncmp(type, name, length) && (!type[length] || type[length] == '/');
}

/* Registrations that know SemVer 2 hold every version, the others only some. */
static int
registration_rank(const char *type)
{
    return strstr(type, "/3.6.0") || strstr(type, "/Versioned") ? 3 : strstr(type, "/3.4.0") ? 2 : 1;
}

int
sp_nuget_read_services(const struct sp_teller *teller, const char *origin, const char *bytes, size_t length,
                       struct sp_nuget_services *out, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    const json_t *item;
    size_t i;
    int best = 0;
    *out = (struct sp_nuget_services){ 0 };
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *resources = sp_member(document, "resources");
    if (!json_is_array(resources))
        return sp_record_problem(teller->record, err, "%s: no list of resources", teller->source);
    bool secure = !strncasecmp(origin, "https://", 8);
    json_array_foreach(resources, i, item)
    {
        const char *type = sp_member_text(item, "@type"), *url = sp_member_text(item, "@id");
        if (!type || !url || strlen(url) > 1024 || strpbrk(url, " \t\r\n") ||
            (strncasecmp(url, "https://", 8) && (secure || strncasecmp(url, "http://", 7))))
            continue;
        const char **place = NULL;
        if (is_service(type, "RegistrationsBaseUrl") && registration_rank(type) > best)
            best = registration_rank(type), place = &out->registrations;
        else if (is_service(type, "PackageBaseAddress") && !out->contents)
            place = &out->contents;
        else if (is_service(type, "SearchQueryService") && !out->search)
            place = &out->search;
        else if (is_service(type, "ReadmeUriTemplate") && !out->readme)
            place = &out->readme;
        if (place && !(*place = sp_arena_copy(&teller->record->arena, url, strlen(url), err)))
            return -1;
    }
    return SP_READ;
}

/* ------------------------------------------------------------ registration */

void
sp_nuget_registration_free(struct sp_nuget_registration *registration)
{
    free(registration->pages.items);
    json_decref(registration->described);
    *registration = (struct sp_nuget_registration){ 0 };
}

/* "1.0.0" of "1.0.0+sha": build metadata is no part of what is compared. */
static bool
same_version(const char *a, const char *b)
{
    return !sp_semver_compare(a, b);
}

static bool
goes_before(const struct sp_nuget_registration *registration, const char *version, bool listed)
{
    const char *best = sp_member_text(registration->described, "version");
    if (registration->wanted)
        return same_version(version, registration->wanted);
    const json_t *best_listed = sp_member(registration->described, "listed");
    if (!best || listed == json_is_false(best_listed))
        return !best || listed;
    bool pre = sp_semver_is_prerelease(version), best_pre = sp_semver_is_prerelease(best);
    return pre != best_pre ? best_pre : sp_semver_compare(version, best) > 0;
}

static int
read_leaf(const struct sp_teller *teller, struct sp_nuget_registration *registration, const json_t *leaf,
          struct sp_error *err)
{
    json_t *entry = json_object_get(leaf, "catalogEntry");
    const char *version = sp_member_text(entry, "version");
    const char *id = sp_member_text(entry, "id");
    if (!version || !*version || (id && strcasecmp(id, teller->record->name) != 0))
        return 0;
    bool listed = !json_is_false(sp_member(entry, "listed"));
    int64_t time = sp_member_time(entry, "published"); /* the year 1900, where unlisted, is no time */
    registration->timed &= time != SP_TIME_UNKNOWN;
    registration->releases++;
    if (registration->tells && sp_tell_release(teller, version, strlen(version), time, !listed, err) < 0)
        return -1;
    if (goes_before(registration, version, listed)) {
        json_decref(registration->described);
        registration->described = json_incref(entry);
    }
    return 0;
}

static int
keep_page(const struct sp_teller *teller, struct sp_nuget_registration *registration, const json_t *page,
          struct sp_error *err)
{
    const char *url = sp_member_text(page, "@id");
    struct sp_name_list *pages = &registration->pages;
    if (!url || strlen(url) > 1024 || strpbrk(url, " \t\r\n"))
        return 0;
    if (sp_grow(pages->items, pages->capacity, pages->count + 1, err) < 0)
        return -1;
    const char *copy = sp_arena_copy(&teller->record->arena, url, strcspn(url, "#"), err);
    if (!copy)
        return -1;
    pages->items[pages->count++] = copy;
    return 0;
}

static int
read_leaves(const struct sp_teller *teller, struct sp_nuget_registration *registration, const json_t *leaves,
            struct sp_error *err)
{
    const json_t *leaf;
    size_t i;
    json_array_foreach(leaves, i, leaf) if (read_leaf(teller, registration, leaf, err) < 0) return -1;
    return 0;
}

int
sp_nuget_read_page(const struct sp_teller *teller, struct sp_nuget_registration *registration,
                   const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    const json_t *item;
    size_t i;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *items = sp_member(document, "items");
    if (!json_is_array(items))
        return sp_record_problem(teller->record, err, "%s: no list of versions", teller->source);
    if (!sp_record_knows(teller->record, SP_FIELD_RELEASES))
        registration->tells = registration->timed = sp_tell_list(teller, SP_FIELD_RELEASES);
    json_array_foreach(items, i, item)
    {
        const json_t *leaves = sp_member(item, "items");
        if (json_is_array(leaves))
            status = read_leaves(teller, registration, leaves, err);
        else if (sp_member(item, "catalogEntry"))
            status = read_leaf(teller, registration, item, err);
        else if (registration->pages.count < 1000)
            status = keep_page(teller, registration, item, err);
        if (status < 0)
            return -1;
    }
    return SP_READ;
}

/* ------------------------------------------------------- the version's entry */

static int
tell_needs(const struct sp_teller *teller, const json_t *entry, struct sp_error *err)
{
    const json_t *groups = sp_member(entry, "dependencyGroups"), *group, *need;
    size_t g, n;
    if ((groups && !json_is_array(groups)) || !sp_tell_list(teller, SP_FIELD_DEPENDENCIES))
        return 0;
    sp_automap struct sp_map seen = { .seed = (uint64_t)(uintptr_t)teller }; /* once for each framework */
    json_array_foreach(groups, g, group) json_array_foreach(sp_member(group, "dependencies"), n, need)
    {
        const char *id = sp_member_text(need, "id");
        if (!id || sp_map_get(&seen, id, strlen(id), NULL) || seen.count > SP_RECORD_NAMES_MAX)
            continue;
        if (sp_map_set(&seen, id, strlen(id), 1, err) < 0 ||
            sp_tell_name(teller, SP_FIELD_DEPENDENCIES, id, strlen(id), err) < 0)
            return -1;
    }
    return 0;
}

static int
tell_deprecation(const struct sp_teller *teller, const json_t *entry, struct sp_error *err)
{
    const json_t *deprecation = sp_member(entry, "deprecation");
    const char *message = sp_member_text(deprecation, "message");
    const char *other = sp_member_text(sp_member(deprecation, "alternatePackage"), "id");
    if (deprecation && !message)
        message = "its publisher has deprecated it";
    if (sp_tell_text(teller, SP_FIELD_DEPRECATED, message, message ? strlen(message) : 0, err) < 0)
        return -1;
    return sp_tell_text(teller, SP_FIELD_RELOCATED, other, other ? strlen(other) : 0, err);
}

/* "tags" and "authors" are an array, or one text with commas. */
static int
tell_lists(const struct sp_teller *teller, const json_t *entry, struct sp_error *err)
{
    const char *tags = sp_member_text(entry, "tags"), *authors = sp_member_text(entry, "authors");
    if (tags && sp_tell_list(teller, SP_FIELD_KEYWORDS) &&
        sp_tell_keywords_text(teller, tags, strlen(tags), err) < 0)
        return -1;
    if (authors && sp_tell_list(teller, SP_FIELD_AUTHORS) &&
        sp_tell_people_text(teller, SP_FIELD_AUTHORS, authors, strlen(authors), err) < 0)
        return -1;
    return sp_tell_member_names(teller, SP_FIELD_KEYWORDS, entry, "tags", err);
}

int
sp_nuget_tell(const struct sp_teller *teller, struct sp_nuget_registration *registration,
              struct sp_error *err)
{
    const json_t *entry = registration->described;
    struct sp_record *record = teller->record;
    if (registration->tells && registration->timed && registration->releases && !registration->pages.count)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    const char *version = sp_member_text(entry, "version"), *id = sp_member_text(entry, "id");
    if (!version)
        return 0;
    if (!(record->version = sp_arena_copy(&record->arena, version, strnlen(version, 128), err)))
        return -1;
    if (id && !strcasecmp(id, record->name) &&
        !(record->name = sp_arena_copy(&record->arena, id, strlen(id), err)))
        return -1;
    const char *expression = sp_member_text(entry, "licenseExpression");
    const char *licence = expression && *expression ? "licenseExpression" : "licenseUrl";
    if (sp_tell_member(teller, SP_FIELD_DESCRIPTION, entry, "description", err) < 0 ||
        sp_tell_member(teller, SP_FIELD_LICENCE, entry, licence, err) < 0 ||
        sp_tell_member_link(teller, SP_FIELD_HOMEPAGE, entry, "projectUrl", err) < 0 ||
        tell_lists(teller, entry, err) < 0 || tell_needs(teller, entry, err) < 0 ||
        tell_deprecation(teller, entry, err) < 0)
        return -1;
    return SP_READ;
}

/* -------------------------------------------------------- nuspec and search */

int
sp_nuget_read_nuspec(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autoxml xmlDoc *document = NULL;
    int status = sp_document_xml(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const xmlNode *metadata = sp_element_child(xmlDocGetRootElement(document), "metadata");
    const xmlNode *repository = sp_element_child(metadata, "repository");
    struct sp_arena *arena = &teller->record->arena;
    if (!metadata)
        return sp_record_problem(teller->record, err, "%s: it has no metadata", teller->source);
    const char *id = sp_element_text(sp_element_child(metadata, "id"), arena, err);
    const char *description = sp_element_text(sp_element_child(metadata, "description"), arena, err);
    const char *homepage = sp_element_text(sp_element_child(metadata, "projectUrl"), arena, err);
    if (!id || !description || !homepage)
        return -1;
    xmlChar *url = repository ? xmlGetNoNsProp(repository, (const xmlChar *)"url") : NULL;
    status = sp_tell_link(teller, SP_FIELD_REPOSITORY, url ? (const char *)url : "",
                          url ? strlen((const char *)url) : 0, err);
    xmlFree(url);
    if (status < 0 || sp_tell_text(teller, SP_FIELD_MODULE, id, strlen(id), err) < 0 ||
        sp_tell_text(teller, SP_FIELD_DESCRIPTION, description, strlen(description), err) < 0 ||
        sp_tell_link(teller, SP_FIELD_HOMEPAGE, homepage, strlen(homepage), err) < 0)
        return -1;
    return SP_READ;
}

int
sp_nuget_read_search(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    const json_t *item, *owner;
    size_t i, o;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    json_array_foreach(sp_member(document, "data"), i, item)
    {
        const char *id = sp_member_text(item, "id");
        const json_t *owners = sp_member(item, "owners");
        if (!id || strcasecmp(id, teller->record->name) != 0)
            continue;
        /* downloads are counted since ever: of a month nothing is known */
        const char *single =
            json_is_string(owners) ? json_string_value(owners) : json_string_value(json_array_get(owners, 0));
        /* a verified package: its prefix is reserved for that owner */
        if (sp_member_true(item, "verified") && sp_tell_owner(teller, single, false, err) < 0)
            return -1;
        if (!single || !sp_tell_list(teller, SP_FIELD_MAINTAINERS))
            return SP_READ;
        if (json_is_string(owners) &&
            sp_tell_person(teller, SP_FIELD_MAINTAINERS, &(struct sp_person){ .id = single }, err) < 0)
            return -1;
        json_array_foreach(owners, o,
                           owner) if (json_is_string(owner) &&
                                      sp_tell_person(teller, SP_FIELD_MAINTAINERS,
                                                     &(struct sp_person){ .id = json_string_value(owner) },
                                                     err) < 0) return -1;
        return SP_READ;
    }
    return SP_NOT_READ;
}
