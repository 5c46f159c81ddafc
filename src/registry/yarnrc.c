/* yarnrc.c: what Yarn 1 asks: npm's configuration first, then its own .yarnrc, then its default.
 * Source: yarn 1.22, src/registries/yarn-registry.js and npm-registry.js. */
#include "registry/reading.h"

#include <string.h>
#include <strings.h>

#define DEFAULT_REGISTRY "https://registry.yarnpkg.com/"

/* A word, in double quotes or up to a blank or STOP. */
static const char *
read_word(const char **at, const char *end, char stop, size_t *length)
{
    bool quoted = *at < end && **at == '"';
    const char *start = *at + quoted, *c = start;
    while (c < end && (quoted ? *c != '"' : !strchr(" \t\r", *c)))
        c++;
    *length = (size_t)(c - start);
    if (!quoted && *length && start[*length - 1] == stop)
        --*length;
    *at = c + (quoted && c < end);
    return start;
}

/* Lines of "key value" or "key: value"; what is indented belongs to a key that is none of ours. */
int
sp_yarnrc_read(struct sp_config_file *file, struct sp_settings *settings, struct sp_error *err)
{
    const size_t from = settings->count;
    const char *at = sp_buffer_string(&file->content), *stop = at + file->content.length;
    for (unsigned line = 1; at < stop; line++) {
        const char *newline = memchr(at, '\n', (size_t)(stop - at));
        const char *end = newline ? newline : stop, *start = at;
        size_t key_length, value_length;
        at = newline ? newline + 1 : stop;
        if (start == end || strchr("# \t\r", *start))
            continue;
        const char *key = read_word(&start, end, ':', &key_length);
        while (start < end && strchr(" \t:", *start))
            start++;
        const char *value = read_word(&start, end, '\0', &value_length);
        if (key_length && sp_config_add(file, settings, line, key, key_length, value, value_length, err) < 0)
            return -1;
    }
    sp_settings_reverse(settings, from);
    return 0;
}

static int
read_file(struct sp_reading *reading, struct sp_settings *settings, const char *path, bool project,
          struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, reading, path, project, err) : -1;
    return there <= 0 ? there : sp_yarnrc_read(&file, settings, err);
}

static int
read_all(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    for (const char *const *one = reading->sources->env; one && *one; one++)
        if (strncasecmp(*one, "yarn_registry=", 14) == 0 && (*one)[14]) {
            struct sp_setting setting = { "registry", *one + 14, "environment YARN_REGISTRY", false };
            if (sp_settings_add(settings, &setting, err) < 0)
                return -1;
        }
    char *user = sp_arena_printf(&reading->arena, err, "%s/.yarnrc", reading->sources->home);
    char *directory = sp_arena_printf(&reading->arena, err, "%s", reading->sources->project);
    if (!user || !directory)
        return -1;
    do {
        char *path =
            sp_arena_printf(&reading->arena, err, "%s/.yarnrc", strcmp(directory, "/") ? directory : "");
        if (!path || (!sp_same_file(path, user) && read_file(reading, settings, path, true, err) < 0))
            return -1;
    } while (sp_path_up(directory));
    return read_file(reading, settings, user, false, err) < 0
               ? -1
               : read_file(reading, settings, sp_reading_system(reading, "/etc/yarnrc", err), false, err);
}

static int
take(struct sp_reading *reading, const struct sp_settings *settings, const struct sp_setting *setting,
     struct sp_error *err)
{
    static const char suffix[] = ":registry";
    size_t length = strlen(setting->key);
    const char *key = setting->key;
    bool scoped =
        key[0] == '@' && length > strlen(suffix) + 1 && strcmp(key + length - strlen(suffix), suffix) == 0;
    if (sp_settings_find(settings, key) != setting)
        return 0;
    if (strcmp(key, "registry") == 0 || scoped) {
        char *scope = sp_arena_copy(&reading->arena, key, scoped ? length - strlen(suffix) : 0, err);
        return scope ? sp_reading_add(reading, SP_REGISTRY_NPM, scoped ? scope : NULL, setting->value,
                                      setting->source, setting->project, err)
                     : -1;
    }
    bool cafile = strcmp(key, "cafile") == 0, strict = strcmp(key, "strict-ssl") == 0;
    bool proxy = strcmp(key, "https-proxy") == 0 || strcmp(key, "proxy") == 0;
    if (!cafile && !strict && !proxy)
        return 0;
    if (setting->project)
        return sp_reading_note(reading, err,
                               "%s: %s is not taken from a project's file; set it in your own configuration",
                               setting->source, key);
    if (strict)
        reading->out->insecure |= strcmp(setting->value, "false") == 0;
    return cafile  ? sp_reading_cafile(reading, setting->value, false, setting->source, err)
           : proxy ? sp_reading_proxy(reading, setting->value, setting->source, err)
                   : 0;
}

int
sp_read_yarn(struct sp_reading *reading, struct sp_error *err)
{
    sp_autosettings struct sp_settings settings = { 0 };
    if (read_all(reading, &settings, err) < 0)
        return -1;
    for (size_t i = 0; i < settings.count; i++)
        if (take(reading, &settings, &settings.items[i], err) < 0)
            return -1;
    if (reading->tool != SP_TOOL_YARN || reading->berry || reading->npm_named ||
        sp_settings_find(&settings, "registry"))
        return 0;
    return sp_reading_add(reading, SP_REGISTRY_NPM, NULL, DEFAULT_REGISTRY, "default", false, err);
}
