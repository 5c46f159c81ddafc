/* NuGet's first package source. Source: "nuget.config reference". */
#include "metadata/bases_xml.h"

#include <string.h>
#include <strings.h>

static xmlNode *
next_add(xmlNode *node)
{
    return sp_xml_find(node, "add");
}

/* The value of <add key="KEY" value="..."/> within PARENT. */
static char *
find_value(struct sp_bases_reading *reading, xmlNode *parent, const char *key, struct sp_error *err)
{
    for (xmlNode *one = sp_xml_child(parent, "add"); one; one = next_add(one->next)) {
        const char *own = sp_xml_attribute(reading, one, "key", err);
        if (own && strcasecmp(own, key) == 0) {
            char *value = sp_xml_attribute(reading, one, "value", err);
            return value ? sp_bases_expand(reading, value, "%", "%", err) : NULL;
        }
    }
    return NULL;
}

static bool
is_disabled(struct sp_bases_reading *reading, xmlNode *root, const char *key, struct sp_error *err)
{
    const char *value = find_value(reading, sp_xml_child(root, "disabledPackageSources"), key, err);
    return value && strcasecmp(value, "true") == 0;
}

/* An element's name writes a space as _x0020_. */
static bool
is_named(const char *element, const char *key)
{
    for (; *key; key++) {
        if (*key == ' ' && strncmp(element, "_x0020_", 7) == 0)
            element += 7;
        else if (*element++ != *key)
            return false;
    }
    return !*element;
}

static int
find_login(struct sp_bases_reading *reading, xmlNode *root, const char *key, const char *place, char **out,
           struct sp_error *err)
{
    xmlNode *one = sp_xml_child(sp_xml_child(root, "packageSourceCredentials"), NULL);
    while (one && !is_named((const char *)one->name, key))
        one = sp_xml_find(one->next, NULL);
    if (!one)
        return 0;
    char *user = find_value(reading, one, "Username", err);
    char *password = find_value(reading, one, "ClearTextPassword", err);
    if (user && password)
        return (*out = sp_basic(&reading->reading, user, password, err)) ? 0 : -1;
    return sp_bases_note(reading, err, "%s: the password of '%.100s' is encrypted and is not sent", place,
                         key);
}

/* The first that speaks the third protocol and is not switched off; the older ones are not spoken here. */
static int
take_source(struct sp_bases_reading *reading, xmlNode *root, xmlNode *one, const char *path,
            struct sp_error *err)
{
    const char *key = sp_xml_attribute(reading, one, "key", err);
    char *raw = sp_xml_attribute(reading, one, "value", err), *login = NULL;
    char *url = raw ? sp_bases_expand(reading, raw, "%", "%", err) : NULL;
    char *place = sp_xml_place(reading, path, one, err);
    if (!place)
        return -1;
    if (!key || !url || is_disabled(reading, root, key, err))
        return 0;
    size_t length = strlen(url);
    if (!sp_is_web_url(url) || length < 5 || strcasecmp(url + length - 5, ".json") != 0)
        return sp_bases_note(reading, err, "%s: '%.200s' is no source of NuGet's protocol 3 and is not asked",
                             place, url);
    if (find_login(reading, root, key, place, &login, err) < 0)
        return -1;
    return sp_base_set(reading, SP_SERVICE_NUGET, url, login, place, err) < 0 ? -1 : 1;
}

static int
read_config(struct sp_bases_reading *reading, const char *path, struct sp_error *err)
{
    sp_autoxml xmlDoc *document = NULL;
    if (sp_bases_xml_open(reading, path, &document, err) < 0)
        return -1;
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    xmlNode *sources = sp_xml_child(root, "packageSources");
    int status = 0;
    for (xmlNode *one = sp_xml_child(sources, "add"); one && !status; one = next_add(one->next))
        status = take_source(reading, root, one, path, err);
    /* sources that are all of another kind are no reason to ask one that is not named */
    if (!status && sp_xml_child(sources, "add"))
        status = sp_base_switch_off(reading, SP_SERVICE_NUGET, path, err) < 0 ? -1 : 1;
    return status;
}

int
sp_bases_read_nuget(struct sp_bases_reading *reading, struct sp_error *err)
{
    static const char *const files[] = { "~/.nuget/NuGet/NuGet.Config", "~/.config/NuGet/NuGet.Config" };
    int status = 0;
    for (size_t i = 0; i < SP_COUNT(files) && !status; i++)
        status = read_config(reading, sp_reading_absolute(&reading->reading, files[i], err), err);
    return status < 0 ? -1 : 0;
}
