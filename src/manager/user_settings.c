/* user_settings.c: the user's ~/.npmrc and pip.conf are hidden with his home, and so would be what he chose
 * in them (save-exact, legacy-peer-deps, no-binary ...). What is no secret and no address is handed in as
 * environment. Sources: npmrc(5); pip "Configuration". */
#include "base/file.h"
#include "manager/node_project.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#define SETTINGS_MAX ((size_t)1 << 20)

/* A file of "key = value" lines, sections in brackets, values that go on in indented lines. */
struct settings {
    struct sp_buffer text;
    char *at;
    const char *section; /* "" before the first */
    char *key, *value;
};

static char *
trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t length = strlen(text);
    while (length && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

static char *
take_line(struct settings *settings)
{
    char *line = settings->at;
    char *newline = strchr(line, '\n');
    settings->at = newline ? newline + 1 : line + strlen(line);
    if (newline)
        *newline = '\0';
    return line;
}

static bool
next_setting(struct settings *settings)
{
    while (*settings->at) {
        char *line = take_line(settings), *text = trim(line);
        if (*text == '[') {
            text[strcspn(text, "]")] = '\0';
            settings->section = text + 1;
            continue;
        }
        char *equals = strpbrk(text, "=:");
        if (!*text || *text == '#' || *text == ';' || !equals)
            continue;
        *equals = '\0';
        settings->key = trim(text);
        settings->value = trim(equals + 1);
        /* joined in place: the value only grows into what its lines held */
        char *end = settings->value + strlen(settings->value);
        while (*settings->at == ' ' || *settings->at == '\t') {
            char *more = trim(take_line(settings));
            size_t length = strlen(more);
            if (!length || *more == '#' || *more == ';')
                continue;
            *end++ = ' ';
            memmove(end, more, length + 1);
            end += length;
        }
        if (*settings->value == ' ')
            settings->value++;
        return true;
    }
    return false;
}

static int
open_settings(struct settings *settings, const char *path, struct sp_error *err)
{
    settings->section = "";
    settings->at = (char *)"";
    if (!sp_path_exists(path))
        return 0;
    if (sp_file_read(path, SETTINGS_MAX, &settings->text, err) < 0)
        return -1;
    settings->at = settings->text.bytes ? settings->text.bytes : (char *)"";
    return 0;
}

static bool
is_plain_key(const char *key)
{
    for (const char *c = key; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-' && *c != '_')
            return false;
    return islower((unsigned char)*key);
}

/* Whether the sandbox's environment names it already, or the user's does. */
static bool
is_set(const struct sp_planning *planning, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < planning->plan->env_count; i++)
        if (!strncasecmp(planning->plan->env[i], name, length) && planning->plan->env[i][length] == '=')
            return true;
    return sp_planning_getenv(planning, name) != NULL;
}

int
sp_plan_user_npmrc(struct sp_planning *planning, struct sp_error *err)
{
    /* addresses, credentials and places: planned elsewhere, or none of a sandbox's business */
    static const char *const kept_out[] = { "registry",     "cache",       "prefix",     "proxy",
                                            "https-proxy",  "https_proxy", "noproxy",    "no-proxy",
                                            "cafile",       "ca",          "cert",       "key",
                                            "email",        "username",    "userconfig", "globalconfig",
                                            "store-dir",    "store_dir",   "otp",        "init-module",
                                            "node-options", "global",      "location",   "always-auth",
                                            "strict-ssl",   NULL };
    struct settings settings = { 0 };
    char path[PATH_MAX], name[160];
    const char *user = sp_planning_getenv(planning, "npm_config_userconfig");
    snprintf(path, sizeof(path), "%s/.npmrc", planning->request->home);
    int status = open_settings(&settings, user && *user ? user : path, err);
    while (status == 0 && next_setting(&settings)) {
        if (settings.section[0] || !is_plain_key(settings.key) || sp_word_in(settings.key, kept_out) ||
            !*settings.value || strstr(settings.value, "${") || strstr(settings.value, "://") ||
            (size_t)snprintf(name, sizeof(name), "npm_config_%s", settings.key) >= sizeof(name))
            continue;
        for (char *c = name; *c; c++)
            *c = *c == '-' ? '_' : *c;
        /* environment beats the project's .npmrc, which beats the user's */
        snprintf(path, sizeof(path), "%s/.npmrc", planning->plan->project);
        if (is_set(planning, name) || sp_npmrc_value(planning, path, settings.key, err))
            continue;
        status = sp_plan_add_env(planning->plan, err, "%s=%s", name, settings.value);
    }
    sp_buffer_free(&settings.text);
    return status;
}

static int
add_pip_conf(struct sp_planning *planning, const char *path, const char *subcommand, struct sp_error *err)
{
    static const char *const kept_out[] = { "index-url",
                                            "extra-index-url",
                                            "proxy",
                                            "cert",
                                            "client-cert",
                                            "trusted-host",
                                            "cache-dir",
                                            "log",
                                            "find-links",
                                            "no-index",
                                            "keyring-provider",
                                            "user",
                                            NULL };
    struct settings settings = { 0 };
    char name[160];
    int status = open_settings(&settings, path, err);
    while (status == 0 && next_setting(&settings)) {
        for (char *c = settings.key; *c; c++)
            *c = *c == '_' ? '-' : *c;
        if ((strcmp(settings.section, "global") != 0 && strcmp(settings.section, subcommand) != 0) ||
            !is_plain_key(settings.key) || sp_word_in(settings.key, kept_out) || !*settings.value ||
            strstr(settings.value, "://") ||
            (size_t)snprintf(name, sizeof(name), "PIP_%s", settings.key) >= sizeof(name))
            continue;
        for (char *c = name; *c; c++)
            *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        if (!is_set(planning, name))
            status = sp_plan_add_env(planning->plan, err, "%s=%s", name, settings.value);
    }
    sp_buffer_free(&settings.text);
    return status;
}

int
sp_plan_user_pip_conf(struct sp_planning *planning, const char *subcommand, struct sp_error *err)
{
    char path[PATH_MAX];
    const char *named = sp_planning_getenv(planning, "PIP_CONFIG_FILE");
    const char *base = sp_planning_getenv(planning, "XDG_CONFIG_HOME");
    if (named && !strcmp(named, "/dev/null"))
        return 0;
    /* the later beats the earlier, and what is set first stays here */
    if (named && *named && add_pip_conf(planning, named, subcommand, err) < 0)
        return -1;
    if (base && base[0] == '/')
        snprintf(path, sizeof(path), "%s/pip/pip.conf", base);
    else
        snprintf(path, sizeof(path), "%s/.config/pip/pip.conf", planning->request->home);
    if (add_pip_conf(planning, path, subcommand, err) < 0)
        return -1;
    snprintf(path, sizeof(path), "%s/.pip/pip.conf", planning->request->home);
    return add_pip_conf(planning, path, subcommand, err);
}
