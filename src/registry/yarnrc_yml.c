/* yarnrc_yml.c: what Yarn 2 and later ask: environment, .yarnrc.yml upwards from the project, the user's; and
 * pnpm's registries in pnpm-workspace.yaml, which are written alike.
 * Sources: yarnpkg.com/configuration/yarnrc, pnpm.io/settings. */
#include "registry/reading.h"

#include <string.h>

#define DEFAULT_REGISTRY "https://registry.yarnpkg.com/"
#define JOINT "\x1f"

static int
read_file(struct sp_reading *reading, struct sp_settings *settings, const char *path, bool project,
          struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, reading, path, project, err) : -1;
    return there <= 0 ? there : sp_yaml_read(&file, settings, err);
}

static int
read_environment(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    static const struct {
        const char *name, *key;
    } names[] = {
        { "YARN_NPM_REGISTRY_SERVER", "npmRegistryServer" }, { "YARN_NPM_AUTH_TOKEN", "npmAuthToken" },
        { "YARN_NPM_AUTH_IDENT", "npmAuthIdent" },           { "YARN_HTTPS_PROXY", "httpsProxy" },
        { "YARN_HTTPS_CA_FILE_PATH", "httpsCaFilePath" },    { "YARN_ENABLE_STRICT_SSL", "enableStrictSsl" },
    };
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        struct sp_setting setting = { .key = names[i].key, .value = sp_reading_env(reading, names[i].name) };
        if (!setting.value || !*setting.value)
            continue;
        if (!(setting.source = sp_arena_printf(&reading->arena, err, "environment %s", names[i].name)) ||
            sp_settings_add(settings, &setting, err) < 0)
            return -1;
    }
    return 0;
}

static int
read_all(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const char *named = sp_reading_env(reading, "YARN_RC_FILENAME");
    const char *name = named && *named && !strchr(named, '/') ? named : ".yarnrc.yml";
    char *user = sp_arena_printf(&reading->arena, err, "%s/%s", reading->sources->home, name);
    char *directory = sp_arena_printf(&reading->arena, err, "%s", reading->sources->project);
    if (!user || !directory || read_environment(reading, settings, err) < 0)
        return -1;
    do {
        char *path =
            sp_arena_printf(&reading->arena, err, "%s/%s", strcmp(directory, "/") ? directory : "", name);
        if (!path || (!sp_same_file(path, user) && read_file(reading, settings, path, true, err) < 0))
            return -1;
    } while (sp_path_up(directory));
    return read_file(reading, settings, user, false, err);
}

/* What TOKEN or IDENT ("user:password", or that in base64) say. *OUT is NULL where they are unset. */
static int
authorization_of(struct sp_reading *reading, const struct sp_setting *token, const struct sp_setting *ident,
                 char **out, struct sp_error *err)
{
    char *value = NULL;
    *out = NULL;
    if (token && sp_expand_secret(reading, token, &value, err) < 0)
        return -1;
    if (value)
        return (*out = sp_arena_printf(&reading->arena, err, "Bearer %s", value)) ? 0 : -1;
    if (!ident || sp_expand_secret(reading, ident, &value, err) < 0)
        return ident ? -1 : 0;
    if (!value)
        return 0;
    char *colon = strchr(value, ':');
    if (colon) {
        char *user = sp_arena_copy(&reading->arena, value, (size_t)(colon - value), err);
        *out = user ? sp_basic(reading, user, colon + 1, err) : NULL;
    } else {
        *out = sp_arena_printf(&reading->arena, err, "Basic %s", value);
    }
    return *out ? 0 : -1;
}

static const struct sp_setting *
find_below(struct sp_reading *reading, const struct sp_settings *settings, const char *above,
           const char *name)
{
    char *key = sp_arena_printf(&reading->arena, NULL, "%s%s%s", above, *above ? JOINT : "", name);
    return key ? sp_settings_find(settings, key) : NULL;
}

/* The token that stands under ABOVE is for URL, if the same hand wrote both or URL is the user's own: what a
 * project names never gets the user's. */
static int
add_login(struct sp_reading *reading, const struct sp_settings *settings, const char *above, const char *url,
          bool project, struct sp_error *err)
{
    const struct sp_setting *token = find_below(reading, settings, above, "npmAuthToken");
    const struct sp_setting *ident = find_below(reading, settings, above, "npmAuthIdent");
    const struct sp_setting *where = token ? token : ident;
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX], *authorization;
    if (!where || authorization_of(reading, token, ident, &authorization, err) < 0)
        return where ? -1 : 0;
    if (!authorization)
        return 0;
    if (project && ((token && !token->project) || (ident && !ident->project)))
        return sp_reading_note(reading, err,
                               "%s: the token is not for %.200s, which a file of the project names; write it "
                               "under npmRegistries in your own .yarnrc.yml",
                               where->source, url);
    if (sp_url_parse(&parts, url, err) < 0)
        return sp_fail_within(err, "%s", where->source);
    sp_url_authority(&parts, authority);
    char *prefix = sp_arena_printf(&reading->arena, err, "//%s%.*s", authority,
                                   (int)strcspn(parts.rest, "?#"), parts.rest);
    return prefix ? sp_reading_add_credential(reading, SP_REGISTRY_NPM, prefix, authorization, where->source,
                                              where->project, err)
                  : -1;
}

/* Whether the user's own configuration says of the same key what the project's SETTING says. */
static bool
is_confirmed(const struct sp_settings *settings, const struct sp_setting *setting)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct sp_setting *own = &settings->items[i];
        if (!own->project && strcmp(own->key, setting->key) == 0)
            return strcmp(own->value, setting->value) == 0;
    }
    return false;
}

/* The registry that SETTING names and the login that stands beside it, under ABOVE. */
static int
add_server(struct sp_reading *reading, const struct sp_settings *settings, const struct sp_setting *setting,
           const char *above, const char *scope, struct sp_error *err)
{
    char *url = sp_expand_url(reading, setting, err);
    if (!url ||
        sp_reading_add(reading, SP_REGISTRY_NPM, scope, url, setting->source, setting->project, err) < 0)
        return -1;
    return add_login(reading, settings, above, url, setting->project && !is_confirmed(settings, setting),
                     err);
}

/* npmRegistries: {"//host": {npmAuthToken: ...}}, with or without a scheme before the slashes. */
static int
add_host_login(struct sp_reading *reading, const struct sp_settings *settings,
               const struct sp_setting *setting, struct sp_error *err)
{
    const char *host = strchr(setting->key, SP_KEY_JOINT) + 1, *end = strchr(host, SP_KEY_JOINT);
    if (!end || (strcmp(end + 1, "npmAuthToken") != 0 && strcmp(end + 1, "npmAuthIdent") != 0))
        return 0;
    char *above = sp_arena_copy(&reading->arena, setting->key, (size_t)(end - setting->key), err);
    char *url = sp_arena_copy(&reading->arena, host, (size_t)(end - host), err);
    if (!above || !url)
        return -1;
    if (setting->project && sp_has_variable(url))
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s: a variable in a key that the project sets could send a secret to a host of its "
                       "choice; write the key out",
                       setting->source);
    if (strncmp(url, "//", 2) == 0 && !(url = sp_arena_printf(&reading->arena, err, "https:%s", url)))
        return -1;
    return add_login(reading, settings, above, url, false, err);
}

static int
take_nested(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    static const char scopes[] = "npmScopes" JOINT, hosts[] = "npmRegistries" JOINT;
    static const char server[] = JOINT "npmRegistryServer";
    for (size_t i = 0; i < settings->count; i++) {
        const struct sp_setting *setting = &settings->items[i];
        size_t length = strlen(setting->key), tail = strlen(server), head = strlen(scopes);
        if (sp_settings_find(settings, setting->key) != setting)
            continue;
        if (strncmp(setting->key, hosts, strlen(hosts)) == 0) {
            if (add_host_login(reading, settings, setting, err) < 0)
                return -1;
        } else if (strncmp(setting->key, scopes, head) == 0 && length > head + tail &&
                   strcmp(setting->key + length - tail, server) == 0) {
            char *above = sp_arena_copy(&reading->arena, setting->key, length - tail, err);
            char *scope = above ? sp_arena_printf(&reading->arena, err, "@%s", above + head) : NULL;
            if (!scope || add_server(reading, settings, setting, above, scope, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int
take_connection(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    static const char *const keys[] = { "httpsProxy", "httpProxy", "httpsCaFilePath", "caFilePath",
                                        "enableStrictSsl" };
    bool strict_known = false;
    for (size_t i = 0; i < settings->count; i++) {
        const struct sp_setting *setting = &settings->items[i];
        size_t k = 0;
        while (k < SP_COUNT(keys) && strcmp(setting->key, keys[k]) != 0)
            k++;
        if (k == SP_COUNT(keys))
            continue;
        if (setting->project) {
            if (sp_reading_note(reading, err,
                                "%s: %s is not taken from a project's file; set it in your own configuration",
                                setting->source, setting->key) < 0)
                return -1;
            continue;
        }
        char *value = sp_expand_url(reading, setting, err);
        if (!value)
            return -1;
        int taken = k < 2   ? sp_reading_proxy(reading, value, setting->source, err)
                    : k < 4 ? sp_reading_cafile(reading, value, false, setting->source, err)
                            : 0;
        if (taken < 0)
            return -1;
        if (k == 4 && !strict_known) {
            strict_known = true;
            reading->out->insecure |= strcmp(value, "false") == 0;
        }
    }
    return 0;
}

/* pnpm-workspace.yaml: {registries: {default: URL, "@scope": URL}}. */
static int
read_pnpm(struct sp_reading *reading, struct sp_error *err)
{
    static const char head[] = "registries" JOINT;
    sp_autosettings struct sp_settings settings = { 0 };
    char *directory = sp_arena_printf(&reading->arena, err, "%s", reading->sources->project);
    if (!directory)
        return -1;
    while (!sp_directory_has(directory, "pnpm-workspace.yaml"))
        if (!sp_path_up(directory))
            return 0;
    char *path = sp_arena_printf(&reading->arena, err, "%s/pnpm-workspace.yaml", directory);
    if (!path || read_file(reading, &settings, path, true, err) < 0)
        return -1;
    for (size_t i = 0; i < settings.count; i++) {
        const struct sp_setting *setting = &settings.items[i];
        if (strncmp(setting->key, head, strlen(head)) != 0)
            continue;
        const char *name = setting->key + strlen(head);
        bool everything = strcmp(name, "default") == 0;
        char *url = everything || *name == '@' ? sp_expand_url(reading, setting, err) : NULL;
        if ((everything || *name == '@') &&
            (!url || sp_reading_add(reading, SP_REGISTRY_NPM, everything ? NULL : name, url, setting->source,
                                    true, err) < 0))
            return -1;
    }
    return 0;
}

int
sp_read_berry(struct sp_reading *reading, struct sp_error *err)
{
    sp_autosettings struct sp_settings settings = { 0 };
    if (read_all(reading, &settings, err) < 0 || take_nested(reading, &settings, err) < 0)
        return -1;
    const struct sp_setting *server = sp_settings_find(&settings, "npmRegistryServer");
    int taken = 0;
    if (server) {
        taken = add_server(reading, &settings, server, "", NULL, err);
    } else {
        if (reading->berry)
            taken = sp_reading_add(reading, SP_REGISTRY_NPM, NULL, DEFAULT_REGISTRY, "default", false, err);
        taken = taken < 0 ? -1 : add_login(reading, &settings, "", DEFAULT_REGISTRY, false, err);
    }
    return taken < 0 || take_connection(reading, &settings, err) < 0 ? -1 : read_pnpm(reading, err);
}
