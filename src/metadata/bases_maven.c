/* Maven's Central and its mirrors. Sources: "Settings Reference", "Using Mirrors for Repositories". */
#include "metadata/bases_xml.h"

#include <string.h>

#define CENTRAL "central"

/* One word of <mirrorOf>: *MATCHED may change; true: it decides. Central is an https repository elsewhere, so
 * that "external:*" is for it, "external:http:*" is not. */
static bool
match_word(const char *word, size_t length, bool *matched)
{
    static const char external[] = "external:*";
    if (length > 1 && *word == '!' && length - 1 == strlen(CENTRAL) &&
        memcmp(word + 1, CENTRAL, length - 1) == 0) {
        *matched = false;
        return true;
    }
    if (length == strlen(CENTRAL) && memcmp(word, CENTRAL, length) == 0) {
        *matched = true;
        return true;
    }
    *matched |=
        (length == 1 && *word == '*') || (length == strlen(external) && memcmp(word, external, length) == 0);
    return false;
}

static bool
is_for_central(const char *list)
{
    bool matched = false;
    while (list && *list) {
        list += strspn(list, ", \t\r\n");
        size_t length = strcspn(list, ", \t\r\n");
        if (match_word(list, length, &matched))
            break;
        list += length;
    }
    return matched;
}

/* The mirror that names Central alone goes first, then the first whose list matches. */
static xmlNode *
find_mirror(struct sp_bases_reading *reading, xmlNode *settings, struct sp_error *err)
{
    xmlNode *mirrors = sp_xml_child(settings, "mirrors"), *found = NULL;
    for (xmlNode *one = sp_xml_child(mirrors, "mirror"); one; one = sp_xml_find(one->next, "mirror")) {
        const char *of = sp_xml_text(reading, one, "mirrorOf", err);
        if (of && strcmp(of, CENTRAL) == 0)
            return one;
        if (!found && is_for_central(of))
            found = one;
    }
    return found;
}

static char *
expanded_text(struct sp_bases_reading *reading, xmlNode *parent, const char *name, struct sp_error *err)
{
    char *text = sp_xml_text(reading, parent, name, err);
    return text ? sp_bases_expand(reading, text, "${env.", "}", err) : NULL;
}

/* The login of the server with the mirror's ID; *OUT stays NULL where there is none that can be sent. */
static int
find_login(struct sp_bases_reading *reading, xmlNode *settings, const char *id, const char *path, char **out,
           struct sp_error *err)
{
    xmlNode *servers = sp_xml_child(settings, "servers");
    for (xmlNode *one = sp_xml_child(servers, "server"); one && id; one = sp_xml_find(one->next, "server")) {
        const char *own = sp_xml_text(reading, one, "id", err);
        if (!own || strcmp(own, id) != 0)
            continue;
        char *user = expanded_text(reading, one, "username", err);
        char *password = expanded_text(reading, one, "password", err);
        if (!user || !password)
            return 0;
        if (strchr(password, '{') && strchr(password, '}')) {
            char *place = sp_xml_place(reading, path, one, err);
            return place
                       ? sp_bases_note(reading, err,
                                       "%s: the password of '%.100s' is encrypted and is not sent", place, id)
                       : -1;
        }
        *out = sp_basic(&reading->reading, user, password, err);
        return *out ? 0 : -1;
    }
    return 0;
}

static int
take_mirror(struct sp_bases_reading *reading, xmlNode *settings, xmlNode *mirror, const char *path,
            struct sp_error *err)
{
    char *url = expanded_text(reading, mirror, "url", err), *login = NULL;
    char *place = sp_xml_place(reading, path, mirror, err);
    const char *blocked = sp_xml_text(reading, mirror, "blocked", err);
    if (!place || !url)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: a mirror without <url>; mend it", path);
    if (blocked && strcmp(blocked, "true") == 0)
        return sp_base_switch_off(reading, SP_SERVICE_MAVEN, place, err);
    if (!sp_is_web_url(url)) {
        if (sp_bases_note(reading, err, "%s: '%.200s' is no http(s) mirror and is not asked", place, url) < 0)
            return -1;
        return sp_base_switch_off(reading, SP_SERVICE_MAVEN, place, err);
    }
    const char *id = sp_xml_text(reading, mirror, "id", err);
    if (find_login(reading, settings, id, path, &login, err) < 0)
        return -1;
    return sp_base_set(reading, SP_SERVICE_MAVEN, url, login, place, err);
}

/* 1: PATH has a mirror of Central. */
static int
read_settings(struct sp_bases_reading *reading, const char *path, struct sp_error *err)
{
    sp_autoxml xmlDoc *document = NULL;
    if (sp_bases_xml_open(reading, path, &document, err) < 0)
        return -1;
    xmlNode *settings = document ? xmlDocGetRootElement(document) : NULL;
    xmlNode *mirror = settings ? find_mirror(reading, settings, err) : NULL;
    return !mirror ? 0 : take_mirror(reading, settings, mirror, path, err) < 0 ? -1 : 1;
}

int
sp_bases_read_maven(struct sp_bases_reading *reading, struct sp_error *err)
{
    static const char *const homes[] = { "MAVEN_HOME", "M2_HOME" };
    int status =
        read_settings(reading, sp_reading_absolute(&reading->reading, "~/.m2/settings.xml", err), err);
    for (size_t i = 0; i < SP_COUNT(homes) && !status; i++) {
        const char *home = sp_reading_env(&reading->reading, homes[i]);
        if (home && *home)
            status = read_settings(
                reading, sp_arena_printf(&reading->reading.arena, err, "%s/conf/settings.xml", home), err);
    }
    return status < 0 ? -1 : 0;
}
