/* Go's proxies. Source: "Go Modules Reference", GOPROXY, GOPRIVATE; cmd/go "Environment variables". */
#include "metadata/bases_read.h"

#include <fnmatch.h>
#include <string.h>

struct go {
    struct sp_bases_reading *reading;
    struct sp_settings file;
};

/* "NAME=value" a line, as "go env -w" writes them. */
static int
read_env_file(struct go *go, struct sp_error *err)
{
    struct sp_bases_reading *reading = go->reading;
    const char *named = sp_reading_env(&reading->reading, "GOENV");
    if (named && strcmp(named, "off") == 0)
        return 0;
    const char *path =
        named && *named ? named : sp_bases_path(reading, "XDG_CONFIG_HOME", ".config", "go/env", err);
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
    if (there <= 0)
        return there;
    unsigned number = 0;
    for (const char *line = sp_buffer_string(&file.content); *line;) {
        size_t length = strcspn(line, "\n"), text = length;
        const char *equals = memchr(line, '=', length);
        text -= text && line[text - 1] == '\r';
        number++;
        if (equals && *line != '#' && equals < line + text &&
            sp_config_add(&file, &go->file, number, line, (size_t)(equals - line), equals + 1,
                          (size_t)(line + text - equals - 1), err) < 0)
            return -1;
        line += length + (line[length] == '\n');
    }
    return 0;
}

/* Of the environment, else of the file; an empty one is unset. */
static const char *
look_up(struct go *go, const char *name, const char **source, struct sp_error *err)
{
    const char *value = sp_reading_env(&go->reading->reading, name);
    *source = NULL;
    if (value && *value) {
        *source = sp_arena_printf(&go->reading->reading.arena, err, "environment %s", name);
        return value;
    }
    const struct sp_setting *setting = sp_settings_find(&go->file, name);
    if (!setting || !*setting->value)
        return NULL;
    *source = setting->source;
    return setting->value;
}

/* A login of ~/.netrc is sent to a proxy, as the go command does. */
static int
set_proxy(struct sp_bases_reading *reading, const char *url, const char *source, struct sp_error *err)
{
    struct sp_url parts;
    char *authorization = NULL;
    const char *where;
    if (sp_url_parse(&parts, url, err) < 0)
        return sp_fail_within(err, "%s", source);
    if (parts.secure && !parts.user &&
        sp_netrc_find(&reading->reading, parts.host, false, &authorization, &where, err) < 0)
        return -1;
    return sp_base_set(reading, SP_SERVICE_GOPROXY, url, authorization, source, err);
}

static int
read_proxies(struct sp_bases_reading *reading, const char *list, const char *source, struct sp_error *err)
{
    for (const char *at = list; *at; at += *at ? 1 : 0) {
        at += strspn(at, " \t");
        size_t length = strcspn(at, ",|"), text = length;
        while (text && (at[text - 1] == ' ' || at[text - 1] == '\t'))
            text--;
        char *one = sp_arena_copy(&reading->reading.arena, at, text, err);
        if (!one)
            return -1;
        if (strcmp(one, "off") == 0)
            break;
        if (sp_is_web_url(one))
            return set_proxy(reading, one, source, err);
        if (*one && strcmp(one, "direct") != 0 &&
            sp_bases_note(reading, err, "%s: '%.200s' is no http(s) proxy and is not asked", source, one) < 0)
            return -1;
        at += length;
    }
    return sp_base_switch_off(reading, SP_SERVICE_GOPROXY, source, err);
}

static int
read_settings(struct go *go, struct sp_error *err)
{
    const char *source = NULL;
    const char *proxies = look_up(go, "GOPROXY", &source, err);
    if (proxies && (!source || read_proxies(go->reading, proxies, source, err) < 0))
        return -1;
    const char *patterns = look_up(go, "GONOPROXY", &source, err);
    if (!patterns)
        patterns = look_up(go, "GOPRIVATE", &source, err);
    if (!patterns || strcmp(patterns, "none") == 0)
        return 0;
    go->reading->out->go_private = strdup(patterns);
    return go->reading->out->go_private ? 0 : sp_fail_memory(err);
}

int
sp_bases_read_go(struct sp_bases_reading *reading, struct sp_error *err)
{
    struct go go = { .reading = reading };
    int status = read_env_file(&go, err) < 0 ? -1 : 0;
    sp_settings_reverse(&go.file, 0);
    if (status == 0)
        status = read_settings(&go, err);
    sp_settings_free(&go.file);
    return status;
}

/* A pattern of N elements is for the first N of the path. */
static bool
matches(const char *pattern, const char *path)
{
    char start[SP_NAME_MAX + 1];
    size_t elements = 1, length = 0;
    for (const char *c = pattern; *c; c++)
        elements += *c == '/';
    for (; path[length]; length++)
        if (path[length] == '/' && !--elements)
            break;
    if (length >= sizeof(start) || elements > 1)
        return false;
    memcpy(start, path, length);
    start[length] = '\0';
    return fnmatch(pattern, start, FNM_PATHNAME) == 0;
}

bool
sp_bases_go_private(const struct sp_bases *bases, const char *path)
{
    for (const char *at = bases->go_private ? bases->go_private : ""; *at; at += *at == ',') {
        char pattern[256];
        size_t length = strcspn(at, ","), text = length;
        while (text && at[text - 1] == '/')
            text--;
        if (text && text < sizeof(pattern)) {
            memcpy(pattern, at, text);
            pattern[text] = '\0';
            if (matches(pattern, path))
                return true;
        }
        at += length;
    }
    return false;
}
