#include "registry/reading.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define SETTINGS_MAX 5000 /* of one list: they are searched in a row */

/* ----------------------------------------------------------------- settings */

int
sp_settings_add(struct sp_settings *settings, const struct sp_setting *setting, struct sp_error *err)
{
    if (settings->count == SETTINGS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d settings; remove what is not needed",
                       setting->source, SETTINGS_MAX);
    if (sp_grow(settings->items, settings->capacity, settings->count + 1, err) < 0)
        return -1;
    settings->items[settings->count++] = *setting;
    return 0;
}

void
sp_settings_reverse(struct sp_settings *settings, size_t from)
{
    for (size_t a = from, b = settings->count; a + 1 < b; a++) {
        struct sp_setting kept = settings->items[--b];
        settings->items[b] = settings->items[a];
        settings->items[a] = kept;
    }
}

const struct sp_setting *
sp_settings_find(const struct sp_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->count; i++)
        if (strcmp(settings->items[i].key, key) == 0)
            return &settings->items[i];
    return NULL;
}

void
sp_settings_free(struct sp_settings *settings)
{
    free(settings->items);
    *settings = (struct sp_settings){ 0 };
}

/* -------------------------------------------------------------------- files */

int
sp_config_open(struct sp_config_file *file, struct sp_reading *reading, const char *path, bool project,
               struct sp_error *err)
{
    struct stat status;
    *file = (struct sp_config_file){ .reading = reading, .project = project };
    if (strcmp(path, "/dev/null") == 0)
        return 0;
    if (stat(path, &status) < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return 0;
        return sp_fail_errno(err, "%.300s: cannot look; make it readable or move it away", path);
    }
    file->path = sp_arena_printf(&reading->arena, err, "%s", path);
    if (!file->path || sp_file_read(path, SP_CONFIG_FILE_MAX, &file->content, err) < 0)
        return -1;
    const char *bytes = sp_buffer_string(&file->content);
    const char *nul = memchr(bytes, '\0', file->content.length);
    if (nul) {
        unsigned line = 1;
        for (const char *c = bytes; c < nul; c++)
            line += *c == '\n';
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%u: a NUL byte; this is no text file, move it away", path,
                       line);
    }
    /* a byte order mark is no part of the first key */
    if (file->content.length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        file->content.length -= 3;
        memmove(file->content.bytes, file->content.bytes + 3, file->content.length + 1);
    }
    return 1;
}

void
sp_config_close(struct sp_config_file *file)
{
    sp_buffer_free(&file->content);
}

int
sp_config_add(struct sp_config_file *file, struct sp_settings *settings, unsigned line, const char *key,
              size_t key_length, const char *value, size_t value_length, struct sp_error *err)
{
    struct sp_arena *arena = &file->reading->arena;
    struct sp_setting setting = { .project = file->project };
    if (!(setting.key = sp_arena_copy(arena, key, key_length, err)) ||
        !(setting.value = sp_arena_copy(arena, value, value_length, err)) ||
        !(setting.source = sp_arena_printf(arena, err, "%s:%u", file->path, line)))
        return -1;
    return sp_settings_add(settings, &setting, err);
}

/* ------------------------------------------------- paths and the environment */

const char *
sp_reading_env(const struct sp_reading *reading, const char *name)
{
    size_t length = strlen(name);
    for (const char *const *one = reading->sources->env; one && *one; one++)
        if (strncmp(*one, name, length) == 0 && (*one)[length] == '=')
            return *one + length + 1;
    return NULL;
}

char *
sp_reading_absolute(struct sp_reading *reading, const char *path, struct sp_error *err)
{
    if (path[0] == '~' && (path[1] == '/' || !path[1]))
        return sp_arena_printf(&reading->arena, err, "%s%s", reading->sources->home, path + 1);
    if (path[0] != '/')
        return sp_arena_printf(&reading->arena, err, "%s/%s", reading->sources->project, path);
    return sp_arena_printf(&reading->arena, err, "%s", path);
}

char *
sp_reading_system(struct sp_reading *reading, const char *path, struct sp_error *err)
{
    const char *root = reading->sources->root;
    return sp_arena_printf(&reading->arena, err, "%s%s", root ? root : "", path);
}

bool
sp_directory_has(const char *directory, const char *name)
{
    char path[4096];
    struct stat status;
    int length = snprintf(path, sizeof(path), "%s/%s", directory, name);
    return length > 0 && (size_t)length < sizeof(path) && stat(path, &status) == 0;
}

bool
sp_path_up(char *path)
{
    char *slash = strrchr(path, '/');
    while (slash && slash > path && !slash[1]) { /* "/a/" is "/a" */
        *slash = '\0';
        slash = strrchr(path, '/');
    }
    if (!slash || !slash[1])
        return false;
    slash[slash == path] = '\0';
    return true;
}

bool
sp_same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* Options that stand alone: what follows them is not their value. */
static bool
stands_alone(const char *name)
{
    static const char *const names[] = { "no-index", "no-strict-ssl", "no-config", "isolated" };
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

int
sp_option_words_read(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const size_t from = settings->count;
    const char *const *word = reading->words;
    bool short_index = reading->tool == SP_TOOL_PIP || reading->tool == SP_TOOL_UV;
    for (word += word && *word; word && *word && strcmp(*word, "--") != 0; word++) {
        const char *name = *word, *value = NULL, *equals = strchr(name, '=');
        if (short_index && strncmp(name, "-i", 2) == 0) {
            value = name[2] == '=' ? name + 3 : name[2] ? name + 2 : word[1];
            name = "index-url";
        } else if (strncmp(name, "--", 2) == 0 && equals) {
            value = equals + 1;
            name = sp_arena_copy(&reading->arena, name + 2, (size_t)(equals - name - 2), err);
        } else if (strncmp(name, "--", 2) == 0) {
            name += 2;
            value = stands_alone(name) ? "true" : word[1] && word[1][0] != '-' ? word[1] : NULL;
        }
        if (!name)
            return -1;
        struct sp_setting setting = { .key = name, .value = value };
        if (!value)
            continue;
        if (!(setting.source = sp_arena_printf(&reading->arena, err, "command line --%.100s", name)) ||
            sp_settings_add(settings, &setting, err) < 0)
            return -1;
    }
    sp_settings_reverse(settings, from);
    return 0;
}

/* ---------------------------------------------------------------- what grows */

int
sp_reading_note(struct sp_reading *reading, struct sp_error *err, const char *format, ...)
{
    struct sp_registries *out = reading->out;
    va_list arguments;
    va_start(arguments, format);
    int status = sp_list_note(&out->notes, &out->note_count, &out->note_capacity, SP_REGISTRIES_MAX, err,
                              format, arguments);
    va_end(arguments);
    return status;
}

int
sp_reading_add_credential(struct sp_reading *reading, enum sp_registry_kind kind, const char *prefix,
                          const char *authorization, const char *source, bool project, struct sp_error *err)
{
    struct sp_registries *out = reading->out;
    for (const char *c = authorization; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            return sp_fail(err, SP_ERROR_INPUT,
                           "%s: a token with a byte that no HTTP header holds; write it as it was issued",
                           source);
    sp_autofree char *whole = NULL;
    size_t length = strlen(prefix);
    if (asprintf(&whole, "%s%s", prefix, length && prefix[length - 1] == '/' ? "" : "/") < 0) {
        whole = NULL;
        return sp_fail_memory(err);
    }
    for (size_t i = 0; i < out->credential_count; i++)
        if (out->credentials[i].kind == kind && strcmp(out->credentials[i].prefix, whole) == 0)
            return 0;
    if (out->credential_count == SP_REGISTRIES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d credentials; remove what is not needed", source,
                       SP_REGISTRIES_MAX);
    if (sp_grow(out->credentials, out->credential_capacity, out->credential_count + 1, err) < 0)
        return -1;
    struct sp_credential *one = &out->credentials[out->credential_count++];
    *one = (struct sp_credential){ .kind = kind, .project = project, .prefix = sp_take(whole) };
    one->authorization = strdup(authorization);
    one->source = strdup(source);
    return one->authorization && one->source ? 0 : sp_fail_memory(err);
}

static int
add_login(struct sp_reading *reading, enum sp_registry_kind kind, const struct sp_url *parts,
          const char *prefix, const char *source, bool project, struct sp_error *err)
{
    char *user = sp_percent_decode(reading, parts->user, parts->user_length, err);
    char *password =
        sp_percent_decode(reading, parts->password ? parts->password : "", parts->password_length, err);
    char *basic = user && password ? sp_basic(reading, user, password, err) : NULL;
    return basic ? sp_reading_add_credential(reading, kind, prefix, basic, source, project, err)
                 : sp_fail_within(err, "%s", source);
}

int
sp_reading_add(struct sp_reading *reading, enum sp_registry_kind kind, const char *scope, const char *url,
               const char *source, bool project, struct sp_error *err)
{
    struct sp_registries *out = reading->out;
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX];
    if (sp_url_parse(&parts, url, err) < 0)
        return sp_fail_within(err, "%s", source);
    sp_url_authority(&parts, authority);
    size_t path = strcspn(parts.rest, "?#");
    if (parts.rest[path] == '?')
        return sp_fail(err, SP_ERROR_INPUT, "%s: a registry with a query; write its URL without '?...'",
                       source);

    const char *slash = path && parts.rest[path - 1] == '/' ? "" : "/";
    char *prefix =
        sp_arena_printf(&reading->arena, err, "//%s%.*s%s", authority, (int)path, parts.rest, slash);
    char *clean =
        prefix ? sp_arena_printf(&reading->arena, err, "%s:%s", parts.secure ? "https" : "http", prefix)
               : NULL;
    /* pip keeps passwords by host, npm by path */
    char *owner =
        kind == SP_REGISTRY_NPM ? prefix : sp_arena_printf(&reading->arena, err, "//%s/", authority);
    if (!clean || !owner)
        return -1;
    if (strncmp(clean, SP_PROXY_ORIGIN "/", strlen(SP_PROXY_ORIGIN "/")) == 0)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%s: %s is where Sallyport itself listens inside a sandbox; name the registry", source,
                       SP_PROXY_ORIGIN);
    if (parts.user && add_login(reading, kind, &parts, owner, source, project, err) < 0)
        return -1;

    for (size_t i = 0; i < out->count; i++) {
        struct sp_registry *item = &out->items[i];
        if (item->kind == kind && strcmp(item->url, clean) == 0 &&
            strcmp(item->scope ? item->scope : "", scope ? scope : "") == 0) {
            item->project &= project;
            return 0;
        }
    }
    if (out->count == SP_REGISTRIES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d registries; remove what is not needed", source,
                       SP_REGISTRIES_MAX);
    if (sp_grow(out->items, out->capacity, out->count + 1, err) < 0)
        return -1;
    struct sp_registry *item = &out->items[out->count++];
    *item = (struct sp_registry){ .kind = kind, .project = project };
    item->url = strdup(clean);
    item->source = strdup(source);
    item->scope = scope ? strdup(scope) : NULL;
    return item->url && item->source && (item->scope || !scope) ? 0 : sp_fail_memory(err);
}

/* -------------------------------------------------- certificates and proxies */

static bool
means_none(const char *value)
{
    return !*value || strcmp(value, "null") == 0 || strcmp(value, "false") == 0 ||
           strcmp(value, "undefined") == 0;
}

static int
keep(char **slot, const char *value, struct sp_error *err)
{
    if (*slot)
        return 0;
    *slot = strdup(value);
    return *slot ? 0 : sp_fail_memory(err);
}

int
sp_reading_cafile(struct sp_reading *reading, const char *path, bool adds, const char *source,
                  struct sp_error *err)
{
    struct sp_registries *out = reading->out;
    if (means_none(path))
        return 0;
    char *absolute = sp_reading_absolute(reading, path, err);
    if (!absolute)
        return -1;
    if (out->cafile && strcmp(out->cafile, absolute) != 0)
        return sp_reading_note(reading, err,
                               "%s: the certificates of %.200s are not used; %.200s comes first", source,
                               absolute, out->cafile);
    if (!out->cafile)
        out->cafile_adds = adds;
    return keep(&out->cafile, absolute, err);
}

int
sp_reading_proxy(struct sp_reading *reading, const char *proxy, const char *source, struct sp_error *err)
{
    if (means_none(proxy))
        return 0;
    for (const char *c = proxy; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '\\' || c - proxy >= SP_URL_MAX)
            return sp_fail(err, SP_ERROR_INPUT, "%s: a proxy that is no URL; write http://HOST:PORT", source);
    return keep(&reading->out->http_proxy, proxy, err);
}

int
sp_reading_no_proxy(struct sp_reading *reading, const char *hosts, struct sp_error *err)
{
    return means_none(hosts) ? 0 : keep(&reading->out->no_proxy, hosts, err);
}

int
sp_reading_no_index(struct sp_reading *reading, const char *source, struct sp_error *err)
{
    return keep(&reading->out->no_index, source, err);
}
