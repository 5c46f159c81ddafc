/* uv_toml.c: what uv asks: command line, environment, project (uv.toml, else pyproject.toml), user, system.
 * The indices add up; the default one comes last and stands in for PyPI. Sources: docs.astral.sh/uv "Package
 * indexes", "Configuration files", "Environment variables". */
#include "registry/toml.h"

#include <string.h>

#define DEFAULT_INDEX "https://pypi.org/simple/"

enum rank { RANK_INDEX, RANK_DEFAULT };

struct index {
    const char *name, *url, *source; /* NAME may be NULL */
    enum rank rank;
    bool project;
    size_t group; /* of the table, while its file is read */
};

struct uv {
    struct sp_reading *reading;
    struct index *items;
    size_t count, capacity, file_start;
    const char *path, *prefix; /* of the file that is being read */
    bool project, seen;
    const char *no_index; /* where it was read */
};

static int
add(struct uv *uv, struct index item, struct sp_error *err)
{
    if (uv->count == SP_REGISTRIES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%s: more than %d indices; remove what is not needed",
                       item.source, SP_REGISTRIES_MAX);
    if (sp_grow(uv->items, uv->capacity, uv->count + 1, err) < 0)
        return -1;
    uv->items[uv->count++] = item;
    return 0;
}

/* URLs separated by blanks, where NAMED each may be NAME=URL. */
static int
add_words(struct uv *uv, const char *value, enum rank rank, bool named, const char *source,
          struct sp_error *err)
{
    static const char blanks[] = " \t\r\n";
    for (const char *at = value + strspn(value, blanks); *at; at += strspn(at, blanks)) {
        size_t length = strcspn(at, blanks);
        char *word = sp_arena_copy(&uv->reading->arena, at, length, err);
        if (!word)
            return -1;
        struct index item = { .url = word, .source = source, .rank = rank };
        size_t name = strcspn(word, "=:/");
        if (named && name && word[name] == '=') {
            word[name] = '\0';
            item.name = word;
            item.url = word + name + 1;
        }
        if (add(uv, item, err) < 0)
            return -1;
        at += length;
    }
    return 0;
}

static const struct word {
    const char *option, *variable;
    enum rank rank;
    bool named;
} words[] = {
    { "index", "UV_INDEX", RANK_INDEX, true },
    { "extra-index-url", "UV_EXTRA_INDEX_URL", RANK_INDEX, false },
    { "default-index", "UV_DEFAULT_INDEX", RANK_DEFAULT, true },
    { "index-url", "UV_INDEX_URL", RANK_DEFAULT, false },
};

static int
trust(struct uv *uv, const char *host, struct sp_error *err)
{
    struct sp_registries *out = uv->reading->out;
    size_t scheme = strncmp(host, "https://", 8) == 0 ? 8 : strncmp(host, "http://", 7) == 0 ? 7 : 0;
    return sp_list_add(&out->trusted, &out->trusted_count, &out->trusted_capacity, host + scheme, err);
}

static int
read_options(struct uv *uv, struct sp_error *err)
{
    sp_autosettings struct sp_settings options = { 0 };
    if (uv->reading->tool != SP_TOOL_UV)
        return 0;
    if (sp_option_words_read(uv->reading, &options, err) < 0)
        return -1;
    for (size_t i = options.count; i-- > 0;) {
        const struct sp_setting *option = &options.items[i];
        for (size_t k = 0; k < SP_COUNT(words); k++)
            if (strcmp(option->key, words[k].option) == 0 &&
                add_words(uv, option->value, words[k].rank, words[k].named, option->source, err) < 0)
                return -1;
        if (strcmp(option->key, "no-index") == 0)
            uv->no_index = option->source;
        if ((strcmp(option->key, "allow-insecure-host") == 0 || strcmp(option->key, "trusted-host") == 0) &&
            trust(uv, option->value, err) < 0)
            return -1;
    }
    return 0;
}

static int
read_environment(struct uv *uv, struct sp_error *err)
{
    for (size_t k = 0; k < SP_COUNT(words); k++) {
        const char *value = sp_reading_env(uv->reading, words[k].variable);
        char *source =
            value ? sp_arena_printf(&uv->reading->arena, err, "environment %s", words[k].variable) : NULL;
        if (value && (!source || add_words(uv, value, words[k].rank, words[k].named, source, err) < 0))
            return -1;
    }
    const char *none = sp_reading_env(uv->reading, "UV_NO_INDEX");
    if (none && (strcmp(none, "1") == 0 || strcmp(none, "true") == 0))
        uv->no_index = "environment UV_NO_INDEX";
    const char *insecure = sp_reading_env(uv->reading, "UV_INSECURE_HOST");
    return insecure && *insecure ? trust(uv, insecure, err) : 0;
}

/* ------------------------------------------------------------------- files */

static int
take_table(struct uv *uv, const char *key, const struct sp_toml_item *toml, const char *source,
           struct sp_error *err)
{
    struct index *item = NULL;
    for (size_t i = uv->file_start; i < uv->count && !item; i++)
        if (uv->items[i].group == toml->group)
            item = &uv->items[i];
    if (!item) {
        struct index fresh = { .source = source, .project = uv->project, .group = toml->group };
        if (add(uv, fresh, err) < 0)
            return -1;
        item = &uv->items[uv->count - 1];
    }
    if (strcmp(key, "name") == 0) {
        item->name = toml->value;
    } else if (strcmp(key, "url") == 0) {
        item->url = toml->value;
        item->source = source;
    } else if (strcmp(key, "default") == 0) {
        item->rank = strcmp(toml->value, "true") == 0 ? RANK_DEFAULT : RANK_INDEX;
    }
    return 0;
}

static int
take_item(void *context, const struct sp_toml_item *toml, struct sp_error *err)
{
    struct uv *uv = context;
    uv->seen = true;
    const char *key = toml->key + strlen(uv->prefix);
    char *source = sp_arena_printf(&uv->reading->arena, err, "%s:%u", uv->path, toml->line);
    if (!source)
        return -1;
    if (strncmp(key, "index.", 6) == 0 && toml->group)
        return take_table(uv, key + 6, toml, source, err);
    if (strncmp(key, "pip.", 4) == 0)
        key += 4;
    struct index item = { .url = toml->value, .source = source, .project = uv->project };
    if (strcmp(key, "index-url") == 0) {
        item.rank = RANK_DEFAULT;
        return add(uv, item, err);
    }
    if (strcmp(key, "extra-index-url") == 0)
        return add(uv, item, err);
    if (strcmp(key, "no-index") == 0 && strcmp(toml->value, "true") == 0)
        uv->no_index = source;
    if (strcmp(key, "allow-insecure-host") == 0)
        return uv->project
                   ? sp_reading_note(uv->reading, err,
                                     "%s: allow-insecure-host is not taken from a project's file; set it "
                                     "in your own configuration",
                                     source)
                   : trust(uv, toml->value, err);
    return 0;
}

static int
read_file(struct uv *uv, const char *path, const char *prefix, bool project, struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, uv->reading, path, project, err) : -1;
    if (there <= 0)
        return there;
    uv->path = path;
    uv->prefix = prefix;
    uv->project = project;
    uv->file_start = uv->count;
    uv->seen = false;
    if (sp_toml_read(&file, prefix, take_item, uv, err) < 0)
        return -1;
    for (size_t i = uv->file_start; i < uv->count; i++)
        uv->items[i].group = 0;
    return uv->seen;
}

static bool
mentions_uv(const char *path)
{
    sp_autobuffer struct sp_buffer content = { 0 };
    return path && sp_file_read(path, SP_CONFIG_FILE_MAX, &content, NULL) == 0 && content.length &&
           memmem(content.bytes, content.length, "uv", 2);
}

/* The nearest directory that says something to uv. */
static int
read_project(struct uv *uv, struct sp_error *err)
{
    struct sp_arena *arena = &uv->reading->arena;
    char *directory = sp_arena_printf(arena, err, "%s", uv->reading->sources->project);
    if (!directory)
        return -1;
    do {
        char *own = sp_arena_printf(arena, err, "%s/uv.toml", directory);
        char *shared = own ? sp_arena_printf(arena, err, "%s/pyproject.toml", directory) : NULL;
        if (!shared)
            return -1;
        int there = read_file(uv, own, "", true, err);
        if (there == 0 && mentions_uv(shared))
            there = read_file(uv, shared, "tool.uv.", true, err);
        if (there)
            return there < 0 ? -1 : 0;
    } while (sp_path_up(directory));
    return 0;
}

static int
read_files(struct uv *uv, struct sp_error *err)
{
    struct sp_reading *reading = uv->reading;
    const char *named = sp_reading_env(reading, "UV_CONFIG_FILE"),
               *none = sp_reading_env(reading, "UV_NO_CONFIG");
    if (none && *none && strcmp(none, "0") != 0 && strcmp(none, "false") != 0)
        return 0;
    if (named && *named)
        return read_file(uv, sp_reading_absolute(reading, named, err), "", false, err) < 0 ? -1 : 0;
    const char *xdg = sp_reading_env(reading, "XDG_CONFIG_HOME");
    char *user = xdg && *xdg
                     ? sp_arena_printf(&reading->arena, err, "%s/uv/uv.toml", xdg)
                     : sp_arena_printf(&reading->arena, err, "%s/.config/uv/uv.toml", reading->sources->home);
    return read_project(uv, err) < 0 || read_file(uv, user, "", false, err) < 0 ||
                   read_file(uv, sp_reading_system(reading, "/etc/uv/uv.toml", err), "", false, err) < 0
               ? -1
               : 0;
}

/* --------------------------------------------------------- what they mean */

/* UV_INDEX_<NAME>_USERNAME and _PASSWORD; NAME in capitals with '_' for what is no letter or digit. */
static int
add_login(struct uv *uv, const struct index *item, struct sp_error *err)
{
    struct sp_reading *reading = uv->reading;
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX];
    if (!item->name || sp_url_parse(&parts, item->url, NULL) < 0)
        return 0;
    char *name = sp_arena_printf(&reading->arena, err, "UV_INDEX_%s_USERNAME", item->name);
    char *other = name ? sp_arena_printf(&reading->arena, err, "UV_INDEX_%s_PASSWORD", item->name) : NULL;
    if (!other)
        return -1;
    for (size_t i = strlen("UV_INDEX_"); name[i]; i++) {
        char *both[] = { name, other };
        for (size_t k = 0; k < 2; k++) {
            char c = both[k][i];
            bool word = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            both[k][i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : word ? c : '_';
        }
    }
    const char *user = sp_reading_env(reading, name), *password = sp_reading_env(reading, other);
    if (!user && !password)
        return 0;
    sp_url_authority(&parts, authority);
    char *prefix = sp_arena_printf(&reading->arena, err, "//%s/", authority);
    char *source = sp_arena_printf(&reading->arena, err, "environment %s", password ? other : name);
    char *basic =
        prefix && source ? sp_basic(reading, user ? user : "", password ? password : "", err) : NULL;
    return basic ? sp_reading_add_credential(reading, SP_REGISTRY_PYPI, prefix, basic, source, false, err)
                 : -1;
}

static int
take(struct uv *uv, struct sp_error *err)
{
    const struct index *chosen = NULL; /* the first default is the one */
    if (uv->no_index && uv->reading->tool == SP_TOOL_UV)
        return sp_reading_no_index(uv->reading, uv->no_index, err);
    for (size_t i = 0; i < uv->count; i++) {
        const struct index *item = &uv->items[i];
        if (!item->url)
            continue;
        if (item->rank == RANK_DEFAULT)
            chosen = chosen ? chosen : item;
        else if (add_login(uv, item, err) < 0 ||
                 sp_add_index(uv->reading, item->url, item->source, item->project, err) < 0)
            return -1;
    }
    if (chosen)
        return add_login(uv, chosen, err) < 0
                   ? -1
                   : sp_add_index(uv->reading, chosen->url, chosen->source, chosen->project, err);
    return uv->reading->tool != SP_TOOL_UV
               ? 0
               : sp_reading_add(uv->reading, SP_REGISTRY_PYPI, NULL, DEFAULT_INDEX, "default", false, err);
}

int
sp_read_uv(struct sp_reading *reading, struct sp_error *err)
{
    struct uv uv = { .reading = reading };
    int status = read_options(&uv, err) < 0 || read_environment(&uv, err) < 0 || read_files(&uv, err) < 0 ||
                         take(&uv, err) < 0
                     ? -1
                     : 0;
    free(uv.items);
    return status;
}
