/* RubyGems' source. Sources: "gem environment" (gemrc), "bundle config" (mirrors, credentials). */
#include "metadata/bases_read.h"

#include <string.h>
#include <yaml.h>

/* ---- .gemrc ---- */

struct gemrc {
    struct sp_config_file *file;
    int depth;
    bool is_key, in_sources;
    char *found;
    unsigned line;
};

/* The first of ":sources:", a list (or one string) at the top of the file. */
static int
take_event(struct sp_bases_reading *reading, struct gemrc *gemrc, const yaml_event_t *event,
           struct sp_error *err)
{
    const char *text = event->type == YAML_SCALAR_EVENT ? (const char *)event->data.scalar.value : NULL;
    bool opens = event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT;
    bool closes = event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT;
    if (!opens && !closes && !text && event->type != YAML_ALIAS_EVENT)
        return 0;
    if (text && gemrc->depth == 1 && gemrc->is_key) {
        gemrc->in_sources = strcmp(text, ":sources") == 0 || strcmp(text, "sources") == 0;
        gemrc->is_key = false;
        return 0;
    }
    if (text && gemrc->in_sources && !gemrc->found && gemrc->depth <= 2) {
        gemrc->line = (unsigned)event->start_mark.line + 1;
        gemrc->found = sp_arena_printf(&reading->reading.arena, err, "%s", text);
        if (!gemrc->found)
            return -1;
    }
    gemrc->depth += opens - closes;
    if (gemrc->depth == 1) /* a value has ended, or the mapping has begun */
        gemrc->is_key = true;
    return 0;
}

static int
walk_gemrc(struct sp_bases_reading *reading, struct gemrc *gemrc, struct sp_error *err)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return sp_fail_memory(err);
    const struct sp_buffer *content = &gemrc->file->content;
    yaml_parser_set_input_string(&parser, (const unsigned char *)sp_buffer_string(content), content->length);
    int status = 0;
    for (bool ended = false; !ended && status == 0;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = sp_fail(err, SP_ERROR_INPUT, "%s:%zu: %s; write it as YAML", gemrc->file->path,
                             parser.problem_mark.line + 1, parser.problem ? parser.problem : "damaged");
            break;
        }
        status = take_event(reading, gemrc, &event, err);
        ended = event.type == YAML_STREAM_END_EVENT || gemrc->depth > 32;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}

/* 1: PATH names a source. */
static int
read_gemrc(struct sp_bases_reading *reading, const char *path, struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
    if (there <= 0)
        return there;
    struct gemrc gemrc = { .file = &file };
    if (walk_gemrc(reading, &gemrc, err) < 0)
        return -1;
    if (!gemrc.found)
        return 0;
    char *source = sp_arena_printf(&reading->reading.arena, err, "%s:%u", path, gemrc.line);
    if (!source)
        return -1;
    if (sp_is_web_url(gemrc.found))
        return sp_base_set(reading, SP_SERVICE_RUBYGEMS, gemrc.found, NULL, source, err) < 0 ? -1 : 1;
    if (sp_bases_note(reading, err, "%s: '%.200s' is no http(s) source and is not asked", source,
                      gemrc.found) < 0)
        return -1;
    return sp_base_switch_off(reading, SP_SERVICE_RUBYGEMS, source, err) < 0 ? -1 : 1;
}

/* GEMRC's last file, the user's, the system's: what is read later counts more with gem. */
static int
read_gemrcs(struct sp_bases_reading *reading, struct sp_error *err)
{
    struct sp_arena *arena = &reading->reading.arena;
    const char *list = sp_reading_env(&reading->reading, "GEMRC");
    char *paths = sp_arena_printf(arena, err, "%s", list ? list : "");
    if (!paths)
        return -1;
    while (*paths) {
        char *last = strpbrk(paths, ":;") ? strrchr(paths, ':') : NULL, *semicolon = strrchr(paths, ';');
        last = semicolon > last ? semicolon : last;
        const char *path = last ? last + 1 : paths;
        int status = *path ? read_gemrc(reading, sp_reading_absolute(&reading->reading, path, err), err) : 0;
        if (status)
            return status;
        *(last ? last : paths) = '\0';
    }
    const char *const files[] = {
        sp_reading_absolute(&reading->reading, "~/.gemrc", err),
        sp_bases_path(reading, "XDG_CONFIG_HOME", ".config", "gem/gemrc", err),
        sp_reading_system(&reading->reading, "/etc/gemrc", err),
    };
    for (size_t i = 0; i < SP_COUNT(files); i++) {
        int status = read_gemrc(reading, files[i], err);
        if (status)
            return status;
    }
    return 0;
}

/* ---- Bundler ---- */

/* As Bundler writes a name into a key: BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/. */
static char *
bundle_key(struct sp_bases_reading *reading, const char *prefix, const char *name, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    int status = sp_buffer_append_string(&key, prefix, err);
    for (; *name && status == 0; name++)
        status =
            *name == '.' ? sp_buffer_append_string(&key, "__", err)
            : *name == '-'
                ? sp_buffer_append_string(&key, "___", err)
                : sp_buffer_append_byte(&key, *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name, err);
    return status < 0 ? NULL : sp_arena_copy(&reading->reading.arena, key.bytes, key.length, err);
}

/* Of the environment, else of the file; with and without the last slash. */
static const char *
find_bundle(struct sp_bases_reading *reading, const struct sp_settings *settings, char *key,
            const char **source, struct sp_error *err)
{
    for (size_t length = strlen(key), i = 0; i < 2; i++) {
        const char *value = sp_reading_env(&reading->reading, key);
        if (value && *value) {
            *source = sp_arena_printf(&reading->reading.arena, err, "environment %s", key);
            return *source ? value : NULL;
        }
        const struct sp_setting *setting = sp_settings_find(settings, key);
        if (setting && *setting->value) {
            *source = setting->source;
            return setting->value;
        }
        if (!length || key[length - 1] != '/')
            break;
        key[length - 1] = '\0';
    }
    return NULL;
}

static int
add_login(struct sp_bases_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    struct sp_base *base = &reading->out->services[SP_SERVICE_RUBYGEMS];
    struct sp_url parts;
    const char *source;
    if (!*base->url || base->authorization || sp_url_parse(&parts, base->url, NULL) < 0)
        return 0;
    char *key = bundle_key(reading, "BUNDLE_", parts.host, err);
    const char *login = key ? find_bundle(reading, settings, key, &source, err) : NULL;
    if (!login)
        return key ? 0 : -1;
    const char *colon = strchr(login, ':');
    size_t user_length = colon ? (size_t)(colon - login) : strlen(login);
    char *user = sp_percent_decode(&reading->reading, login, user_length, err);
    char *password =
        sp_percent_decode(&reading->reading, colon ? colon + 1 : "", colon ? strlen(colon + 1) : 0, err);
    char *basic = user && password ? sp_basic(&reading->reading, user, password, err) : NULL;
    char *url = basic ? sp_arena_printf(&reading->reading.arena, err, "%s", base->url) : NULL;
    char *named = url ? sp_arena_printf(&reading->reading.arena, err, "%s", base->source) : NULL;
    return named ? sp_base_set(reading, SP_SERVICE_RUBYGEMS, url, basic, named, err) : -1;
}

static int
read_bundle(struct sp_bases_reading *reading, struct sp_error *err)
{
    sp_autosettings struct sp_settings settings = { 0 };
    sp_autoconfig struct sp_config_file file = { 0 };
    const char *named = sp_reading_env(&reading->reading, "BUNDLE_USER_CONFIG"), *source = NULL;
    const char *path =
        named && *named ? named : sp_bases_path(reading, "BUNDLE_USER_HOME", ".bundle", "config", err);
    int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
    if (there < 0 || (there && sp_yaml_read(&file, &settings, err) < 0))
        return -1;
    const struct sp_base *base = &reading->out->services[SP_SERVICE_RUBYGEMS];
    char *key = bundle_key(reading, "BUNDLE_MIRROR__", base->url, err);
    char all[] = "BUNDLE_MIRROR__ALL";
    if (!key)
        return -1;
    const char *mirror = *base->url ? find_bundle(reading, &settings, key, &source, err) : NULL;
    if (!mirror && *base->url)
        mirror = find_bundle(reading, &settings, all, &source, err);
    if (mirror && sp_is_web_url(mirror) &&
        sp_base_set(reading, SP_SERVICE_RUBYGEMS, mirror, NULL, source, err) < 0)
        return -1;
    return add_login(reading, &settings, err);
}

int
sp_bases_read_rubygems(struct sp_bases_reading *reading, struct sp_error *err)
{
    const char *host = sp_reading_env(&reading->reading, "RUBYGEMS_HOST");
    int status = host && *host
                     ? sp_base_set(reading, SP_SERVICE_RUBYGEMS, host, NULL, "environment RUBYGEMS_HOST", err)
                     : read_gemrcs(reading, err);
    return status < 0 ? -1 : read_bundle(reading, err);
}
