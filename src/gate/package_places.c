#include "gate/package_places.h"
#include "ecosystem/ecosystem.h"
#include "ecosystem/purl.h"
#include "manager/inside_root.h"
#include "manager/node_package.h"
#include "manager/python_dist.h"

#include <string.h>

#define METADATA_MAX ((size_t)1 << 20)

struct sp_package_places {
    int root;
    bool (*served)(void *context, const char *purl);
    void *context;
};

int
sp_package_places_new(struct sp_package_places **out, int root,
                      bool (*served)(void *context, const char *purl), void *context, struct sp_error *err)
{
    struct sp_package_places *places = sp_new(struct sp_package_places, err);
    if (!places)
        return -1;
    *places = (struct sp_package_places){ .root = root, .served = served, .context = context };
    *out = places;
    return 0;
}

void
sp_package_places_free(struct sp_package_places *places)
{
    free(places);
}

/* Reads DIRECTORY/NAME of the sandbox; false: there is none, or it is no reasonable file. */
static bool
read_in(const struct sp_package_places *places, const char *directory, const char *name,
        struct sp_buffer *out)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    const char *why;
    return sp_buffer_printf(&path, NULL, "%s/%s", directory, name) == 0 &&
           sp_inside_read(places->root, sp_buffer_string(&path), METADATA_MAX, out, &why, NULL) == 1;
}

static bool
append_purl(const char *type, const char *name, const char *version, struct sp_buffer *out)
{
    sp_autoarena struct sp_arena arena = { 0 };
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(type, strlen(type));
    struct sp_purl purl;
    return ecosystem && sp_purl_from_package(ecosystem, name, version, &purl, &arena, NULL) == 0 &&
           sp_purl_format(&purl, out, NULL) == 0;
}

/* "@scope/name" or "name": the end of the path after its last node_modules. */
static const char *
node_name(const char *directory)
{
    static const char modules[] = "/node_modules/";
    const char *name = NULL;
    for (const char *at = directory; (at = strstr(at, modules)); at++)
        name = at + sizeof(modules) - 1;
    return name;
}

static bool
node_purl(const struct sp_package_places *places, const char *directory, struct sp_buffer *out)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 }, claimed = { 0 };
    sp_autopackage struct sp_node_package package = { 0 };
    const char *name = node_name(directory);
    if (!name)
        return false;
    bool read =
        read_in(places, directory, "package.json", &text) &&
        sp_node_package_read(&package, &arena, directory, sp_buffer_string(&text), text.length, NULL) == 0;
    /* an alias has another name than its directory; anybody else who claims one is not believed */
    if (read && package.name && package.version && strcmp(package.name, name) != 0 &&
        append_purl("npm", package.name, package.version, &claimed) && places->served &&
        places->served(places->context, sp_buffer_string(&claimed)))
        return sp_buffer_append(out, claimed.bytes, claimed.length, NULL) == 0;
    return append_purl("npm", name, read ? package.version : NULL, out);
}

static bool
python_purl(const struct sp_package_places *places, const char *directory, struct sp_buffer *out)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autodist struct sp_python_dist dist = { 0 };
    return read_in(places, directory, "PKG-INFO", &text) &&
           sp_python_read_metadata(&dist, &arena, sp_buffer_string(&text), text.length, NULL) == 0 &&
           dist.name && append_purl("pypi", dist.name, dist.version, out);
}

bool
sp_package_places_find(struct sp_package_places *places, const char *directory, struct sp_buffer *purl)
{
    return node_name(directory) ? node_purl(places, directory, purl) : python_purl(places, directory, purl);
}
