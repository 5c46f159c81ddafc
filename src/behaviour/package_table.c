/* package_table.c: which package lives in a directory. What was said by an event stands; else the caller is
 * asked, who can look inside; else the directory's name says it, with the version that the registry handed
 * out. */
#include "behaviour/attribution_parts.h"
#include "ecosystem/purl.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- known directories */

static bool
enter(struct sp_attribution *attribution, const char *directory, size_t length, const char *package)
{
    struct sp_package_table *table = &attribution->places;
    const char *kept = package ? sp_pool_keep(&table->purls, package, strnlen(package, SP_PURL_MAX)) : NULL;
    uint32_t *at = NULL;
    if ((package && !kept) || length > SP_KEY_MAX || table->count >= SP_PLACES_MAX ||
        sp_grow(table->items, table->capacity, table->count + 1, NULL) < 0 ||
        !(at = sp_map_at(&table->directories, directory, length, (uint32_t)table->count, NULL))) {
        attribution->unseen++;
        return false;
    }
    if (*at == table->count)
        table->count++;
    table->items[*at] = kept;
    return true;
}

void
sp_package_table_say(struct sp_attribution *attribution, const char *directory, size_t length,
                     const char *package)
{
    while (length > 1 && directory[length - 1] == '/')
        length--;
    enter(attribution, directory, length, package);
}

/* ---------------------------------------------------------------- what the registry handed out */

/* PURL without version, qualifiers and subpath, in canonical form; "" where it is none. */
static void
bare_purl(const char *text, struct sp_buffer *out)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_purl purl;
    sp_buffer_clear(out);
    if (sp_purl_parse(text, strlen(text), &purl, &arena, NULL) < 0 || !purl.ecosystem)
        return;
    purl.version = purl.subpath = NULL;
    purl.qualifier_count = 0;
    if (sp_purl_format(&purl, out, NULL) < 0)
        sp_buffer_clear(out);
}

void
sp_package_table_served(struct sp_attribution *attribution, const struct sp_event *event)
{
    struct sp_package_table *table = &attribution->places;
    sp_autobuffer struct sp_buffer name = { 0 };
    if (!event->package || event->value < 0)
        return;
    bare_purl(event->package, &name);
    const char *purl =
        name.length ? sp_pool_keep(&table->purls, event->package, strlen(event->package)) : NULL;
    uint32_t *at = NULL;
    if (!name.length)
        return;
    if (!purl || table->served_count >= SP_PLACES_MAX ||
        sp_grow(table->served, table->served_capacity, table->served_count + 1, NULL) < 0 ||
        !(at = sp_map_at(&table->names, name.bytes, name.length, (uint32_t)table->served_count, NULL))) {
        attribution->unseen++;
        return;
    }
    if (*at == table->served_count)
        table->served[table->served_count++] = (struct sp_served){ 0 };
    struct sp_served *served = &table->served[*at];
    if (served->purl != purl && served->versions < UINT32_MAX)
        served->versions++;
    served->purl = purl;
}

/* By the name of the directory. A version that the path does not say is that of what was served: npm may put
 * several versions in one tree, and then it is left out; pip unpacks what it fetched last. */
static bool
by_name(const struct sp_package_table *table, const struct sp_directory *directory, struct sp_buffer *out)
{
    const char *type = sp_directory_type(directory);
    const struct sp_ecosystem *ecosystem = type ? sp_ecosystem_find(type, strlen(type)) : NULL;
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_purl purl;
    uint32_t at;
    sp_buffer_clear(out);
    if (!ecosystem || !directory->name[0] ||
        sp_purl_from_package(ecosystem, directory->name, directory->version[0] ? directory->version : NULL,
                             &purl, &arena, NULL) < 0 ||
        sp_purl_format(&purl, out, NULL) < 0)
        return false;
    if (directory->version[0] || !sp_map_get(&table->names, out->bytes, out->length, &at))
        return true;
    const struct sp_served *served = &table->served[at];
    if (served->versions > 1 && directory->kind == SP_DIRECTORY_NODE)
        return true;
    sp_buffer_clear(out);
    return sp_buffer_append_string(out, served->purl, NULL) == 0;
}

/* Whether a package wrote what resolve would read: then it would be told what that package wants it to be. */
static bool
was_rewritten(const struct sp_attribution *attribution, const char *path, size_t length)
{
    static const char *const files[] = { "", "/package.json", "/PKG-INFO", "/pyproject.toml", "/setup.cfg" };
    char whole[SP_KEY_MAX];
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        int end = snprintf(whole, sizeof(whole), "%.*s%s", (int)length, path, files[i]);
        if (end < 0 || (size_t)end >= sizeof(whole) ||
            sp_writers_find(&attribution->writers, whole, (size_t)end))
            return true;
    }
    return false;
}

const char *
sp_package_table_find(struct sp_attribution *attribution, const char *path,
                      const struct sp_directory *directory, const struct sp_event *event)
{
    struct sp_package_table *table = &attribution->places;
    const struct sp_attribution_options *options = &attribution->options;
    sp_autobuffer struct sp_buffer purl = { .limit = SP_PURL_MAX };
    size_t length = directory->length;
    uint32_t at;
    if (sp_map_get(&table->directories, path, length, &at))
        return table->items[at];
    if (length >= SP_KEY_MAX)
        return NULL;
    char whole[SP_KEY_MAX + 1];
    memcpy(whole, path, length);
    whole[length] = '\0';
    if (!(options->resolve && !was_rewritten(attribution, path, length) &&
          options->resolve(options->context, whole, &purl) && purl.length) &&
        !by_name(table, directory, &purl))
        return NULL; /* what is not known yet is asked for again */
    if (!enter(attribution, whole, length, purl.bytes) ||
        !sp_map_get(&table->directories, whole, length, &at))
        return NULL;
    sp_event_send(options->places, &(struct sp_event){ .kind = SP_EVENT_PLACE,
                                                       .phase = event->phase,
                                                       .time = event->time,
                                                       .subject = whole,
                                                       .package = table->items[at] });
    return table->items[at];
}

bool
sp_package_table_holds(const struct sp_attribution *attribution, const char *path,
                       const struct sp_directory *directory, const char *package)
{
    const struct sp_package_table *table = &attribution->places;
    sp_autobuffer struct sp_buffer here = { 0 }, there = { 0 };
    uint32_t at;
    if (sp_map_get(&table->directories, path, directory->length, &at))
        return table->items[at] && !strcmp(table->items[at], package);
    if (!by_name(table, directory, &here))
        return false;
    bare_purl(sp_buffer_string(&here), &there);
    bare_purl(package, &here);
    return here.length && !strcmp(sp_buffer_string(&here), sp_buffer_string(&there));
}

void
sp_package_table_free(struct sp_package_table *table)
{
    sp_map_free(&table->directories);
    sp_map_free(&table->names);
    sp_pool_free(&table->purls);
    free(table->items);
    free(table->served);
}
