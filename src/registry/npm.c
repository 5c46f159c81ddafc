/* npm.c: what npm and pnpm ask: command line, environment, project, user, global, in this order.
 * Sources: npm-config(7), npmrc(5), @npmcli/config, npm-registry-fetch; pnpm "Configuring". */
#include "registry/reading.h"

#include <string.h>
#include <strings.h>

#define DEFAULT_REGISTRY "https://registry.npmjs.org/"

/* ----------------------------------------------------------- where they are */

static int
read_file(struct sp_reading *reading, struct sp_settings *settings, const char *path, bool project,
          struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = sp_config_open(&file, reading, path, project, err);
    return there <= 0 ? there : sp_npmrc_read(&file, settings, err);
}

/* npm_config_* in any case; '_' is '-' but for the first, and keys of hosts stay as they are. */
static int
read_environment(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    static const char prefix[] = "npm_config_";
    for (const char *const *one = reading->sources->env; one && *one; one++) {
        const char *name = *one + strlen(prefix);
        if (strncasecmp(*one, prefix, strlen(prefix)) != 0)
            continue;
        const char *equals = strchr(name, '=');
        if (!equals || equals == name || !equals[1])
            continue;
        char *key = sp_arena_copy(&reading->arena, name, (size_t)(equals - name), err);
        struct sp_setting setting = { .key = key, .value = equals + 1 };
        if (!key || !(setting.source = sp_arena_printf(&reading->arena, err, "environment %.*s",
                                                       (int)(equals - *one), *one)))
            return -1;
        for (char *c = key; *c && strncmp(key, "//", 2) != 0; c++)
            *c = *c == '_' && c > key ? '-' : *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
        if (sp_settings_add(settings, &setting, err) < 0)
            return -1;
    }
    return 0;
}

static bool
is_workspace_root(struct sp_reading *reading, const char *directory)
{
    if (sp_directory_has(directory, "pnpm-workspace.yaml"))
        return true;
    char *path = sp_arena_printf(&reading->arena, NULL, "%s/package.json", directory);
    sp_autobuffer struct sp_buffer content = { 0 };
    return path && sp_file_read(path, SP_CONFIG_FILE_MAX, &content, NULL) == 0 && content.length &&
           memmem(content.bytes, content.length, "\"workspaces\"", strlen("\"workspaces\""));
}

/* The nearest directory with a package.json or node_modules, then the roots of workspaces above it. */
static int
read_project(struct sp_reading *reading, struct sp_settings *settings, const char *user, struct sp_error *err)
{
    char *directory = sp_arena_printf(&reading->arena, err, "%s", reading->sources->project);
    bool found = false;
    if (!directory)
        return -1;
    char *nearest = sp_arena_printf(&reading->arena, err, "%s", directory);
    if (!nearest)
        return -1;
    do {
        if (found ? is_workspace_root(reading, directory)
                  : sp_directory_has(directory, "package.json") ||
                        sp_directory_has(directory, "node_modules")) {
            found = true;
            char *path = sp_arena_printf(&reading->arena, err, "%s/.npmrc", directory);
            if (!path || (!sp_same_file(path, user) && read_file(reading, settings, path, true, err) < 0))
                return -1;
        }
    } while (sp_path_up(directory));
    if (found)
        return 0;
    char *path = sp_arena_printf(&reading->arena, err, "%s/.npmrc", nearest);
    return !path ? -1 : sp_same_file(path, user) ? 0 : read_file(reading, settings, path, true, err);
}

/* What node's own path says: /usr/bin/node has its global files beneath /usr. */
static char *
global_prefix(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    const struct sp_setting *set = sp_settings_find(settings, "prefix");
    if (set && !set->project)
        return sp_expand(reading, set->value, NULL, err);
    const char *path = sp_reading_env(reading, "PATH"), *prefix = sp_reading_env(reading, "PREFIX");
    if (prefix && *prefix)
        return sp_arena_printf(&reading->arena, err, "%s", prefix);
    for (const char *at = path; at && *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        char *directory = sp_arena_copy(&reading->arena, at, length, err);
        at += length;
        if (!directory)
            return NULL;
        if (directory[0] == '/' && sp_directory_has(directory, "node") && sp_path_up(directory))
            return directory;
    }
    return sp_reading_system(reading, "/usr", err);
}

static int
read_global(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const char *xdg = sp_reading_env(reading, "XDG_CONFIG_HOME");
    char *pnpm = xdg && *xdg
                     ? sp_arena_printf(&reading->arena, err, "%s/pnpm/rc", xdg)
                     : sp_arena_printf(&reading->arena, err, "%s/.config/pnpm/rc", reading->sources->home);
    if (!pnpm || read_file(reading, settings, pnpm, false, err) < 0)
        return -1;
    const struct sp_setting *set = sp_settings_find(settings, "globalconfig");
    if (set && !set->project) {
        char *expanded = sp_expand(reading, set->value, NULL, err);
        char *path = expanded ? sp_reading_absolute(reading, expanded, err) : NULL;
        return path ? read_file(reading, settings, path, false, err) : -1;
    }
    char *prefix = global_prefix(reading, settings, err);
    char *path = prefix ? sp_arena_printf(&reading->arena, err, "%s/etc/npmrc", prefix) : NULL;
    if (!path || read_file(reading, settings, path, false, err) < 0)
        return -1;
    /* Debian's node lies in /usr/bin, its npm looks beneath /usr/local */
    char *usr = sp_reading_system(reading, "/usr", err);
    char *local = usr ? sp_reading_system(reading, "/usr/local/etc/npmrc", err) : NULL;
    if (!local)
        return -1;
    return strcmp(prefix, usr) == 0 ? read_file(reading, settings, local, false, err) : 0;
}

static int
read_all(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    if ((reading->tool == SP_TOOL_NPM || reading->tool == SP_TOOL_YARN) &&
        sp_option_words_read(reading, settings, err) < 0)
        return -1;
    if (read_environment(reading, settings, err) < 0)
        return -1;
    const struct sp_setting *set = sp_settings_find(settings, "userconfig");
    char *expanded = sp_expand(reading, set ? set->value : "~/.npmrc", NULL, err);
    char *user = expanded ? sp_reading_absolute(reading, expanded, err) : NULL;
    if (!user)
        return -1;
    return read_project(reading, settings, user, err) < 0 ||
                   read_file(reading, settings, user, false, err) < 0
               ? -1
               : read_global(reading, settings, err);
}

/* --------------------------------------------------------- what they mean */

/* A variable in a key of the project's could name a host of its choice with a secret in it. */
static int
expand_keys(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    for (size_t i = 0; i < settings->count; i++) {
        struct sp_setting *setting = &settings->items[i];
        if (!sp_has_variable(setting->key))
            continue;
        if (setting->project)
            return sp_fail(
                err, SP_ERROR_INPUT,
                "%s: a variable in a key that the project sets could send a secret to a host of its "
                "choice; write the key out, or set it in your own configuration",
                setting->source);
        if (!(setting->key = sp_expand(reading, setting->key, NULL, err)))
            return sp_fail_within(err, "%s", setting->source);
    }
    return 0;
}

static int
find_secret(struct sp_reading *reading, const struct sp_settings *settings, const char *dart, size_t length,
            const char *what, char **out, const struct sp_setting **where, struct sp_error *err)
{
    *out = NULL;
    char *key = sp_arena_printf(&reading->arena, err, "%.*s:%s", (int)length, dart, what);
    if (!key)
        return -1;
    const struct sp_setting *setting = sp_settings_find(settings, key);
    if (!setting)
        return 0;
    if (sp_expand_secret(reading, setting, out, err) < 0)
        return -1;
    if (*out)
        *where = setting;
    return 0;
}

/* The login of the host and path that DART names: a token, else user:password in one, else the two apart. */
static int
add_login(struct sp_reading *reading, const struct sp_settings *settings, const char *dart, size_t length,
          struct sp_error *err)
{
    const struct sp_setting *where = NULL;
    char *token, *both, *user, *password, *authorization = NULL;
    if (find_secret(reading, settings, dart, length, "_authToken", &token, &where, err) < 0)
        return -1;
    if (token) {
        authorization = sp_arena_printf(&reading->arena, err, "Bearer %s", token);
    } else {
        if (find_secret(reading, settings, dart, length, "_auth", &both, &where, err) < 0)
            return -1;
        if (both) {
            authorization = sp_arena_printf(&reading->arena, err, "Basic %s", both);
        } else {
            if (find_secret(reading, settings, dart, length, "username", &user, &where, err) < 0 ||
                find_secret(reading, settings, dart, length, "_password", &password, &where, err) < 0)
                return -1;
            if (!user || !password)
                return 0;
            char *plain = sp_base64_read(reading, password, err);
            if (!plain)
                return sp_fail_within(err, "%s", where->source);
            authorization = sp_basic(reading, user, plain, err);
        }
    }
    char *prefix = sp_arena_copy(&reading->arena, dart, length, err);
    return authorization && prefix
               ? sp_reading_add_credential(reading, SP_REGISTRY_NPM, prefix, authorization, where->source,
                                           where->project, err)
               : -1;
}

static int
add_logins(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    static const char *const suffixes[] = { ":_authToken", ":_auth", ":_password" };
    for (size_t i = 0; i < settings->count; i++) {
        const char *key = settings->items[i].key;
        for (size_t k = 0; k < SP_COUNT(suffixes) && strncmp(key, "//", 2) == 0; k++) {
            size_t length = strlen(key), suffix = strlen(suffixes[k]);
            if (length > suffix + 2 && strcmp(key + length - suffix, suffixes[k]) == 0 &&
                add_login(reading, settings, key, length - suffix, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int
add_registry(struct sp_reading *reading, const struct sp_setting *setting, const char *scope,
             struct sp_error *err)
{
    char *url = sp_expand_url(reading, setting, err);
    return url ? sp_reading_add(reading, SP_REGISTRY_NPM, scope, url, setting->source, setting->project, err)
               : -1;
}

static int
add_registries(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    static const char suffix[] = ":registry";
    for (size_t i = 0; i < settings->count; i++) {
        const struct sp_setting *setting = &settings->items[i];
        size_t length = strlen(setting->key);
        if (setting->key[0] != '@' || length <= strlen(suffix) + 1 ||
            strcmp(setting->key + length - strlen(suffix), suffix) != 0 ||
            sp_settings_find(settings, setting->key) != setting)
            continue;
        char *scope = sp_arena_copy(&reading->arena, setting->key, length - strlen(suffix), err);
        if (!scope || add_registry(reading, setting, scope, err) < 0)
            return -1;
    }
    const struct sp_setting *registry = sp_settings_find(settings, "registry");
    reading->npm_named = registry != NULL;
    return registry ? add_registry(reading, registry, NULL, err) : 0;
}

/* The first of a key that is not the project's: what decides whom to trust is not for a project to say. */
static int
find_own(struct sp_reading *reading, const struct sp_settings *settings, const char *key,
         const struct sp_setting **out, struct sp_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < settings->count && !*out; i++) {
        const struct sp_setting *setting = &settings->items[i];
        if (strcmp(setting->key, key) != 0)
            continue;
        if (!setting->project)
            *out = setting;
        else if (sp_reading_note(
                     reading, err,
                     "%s: %s is not taken from a project's file; set it in your own configuration",
                     setting->source, key) < 0)
            return -1;
    }
    return 0;
}

static int
take_connection(struct sp_reading *reading, const struct sp_settings *settings, struct sp_error *err)
{
    static const char *const proxies[] = { "https-proxy", "proxy" };
    const struct sp_setting *own;
    if (find_own(reading, settings, "cafile", &own, err) < 0)
        return -1;
    if (own) {
        char *path = sp_expand(reading, own->value, NULL, err);
        if (!path || sp_reading_cafile(reading, path, false, own->source, err) < 0)
            return -1;
    }
    if (find_own(reading, settings, "ca", &own, err) < 0)
        return -1;
    if (own && strcmp(own->value, "null") != 0 && *own->value &&
        sp_reading_note(reading, err,
                        "%s: a certificate written into 'ca' is not used; name a file by 'cafile'",
                        own->source) < 0)
        return -1;
    if (find_own(reading, settings, "strict-ssl", &own, err) < 0)
        return -1;
    const struct sp_setting *negated = sp_settings_find(settings, "no-strict-ssl");
    reading->out->insecure |= (own && strcmp(own->value, "false") == 0) || (negated && !negated->project);
    for (size_t i = 0; i < SP_COUNT(proxies); i++) {
        if (find_own(reading, settings, proxies[i], &own, err) < 0)
            return -1;
        char *url = own ? sp_expand_url(reading, own, err) : NULL;
        if (own && (!url || sp_reading_proxy(reading, url, own->source, err) < 0))
            return -1;
    }
    if (find_own(reading, settings, "noproxy", &own, err) < 0)
        return -1;
    return own ? sp_reading_no_proxy(reading, own->value, err) : 0;
}

int
sp_read_npm(struct sp_reading *reading, struct sp_error *err)
{
    sp_autosettings struct sp_settings settings = { 0 };
    if (read_all(reading, &settings, err) < 0 || expand_keys(reading, &settings, err) < 0)
        return -1;
    return add_logins(reading, &settings, err) < 0 || add_registries(reading, &settings, err) < 0
               ? -1
               : take_connection(reading, &settings, err);
}

int
sp_read_npm_default(struct sp_reading *reading, struct sp_error *err)
{
    return reading->npm_named
               ? 0
               : sp_reading_add(reading, SP_REGISTRY_NPM, NULL, DEFAULT_REGISTRY, "default", false, err);
}
