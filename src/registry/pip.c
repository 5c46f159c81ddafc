/* pip.c: what pip asks: command line, environment, then its files; in each the command's section before
 * [global]. Source: pip "Configuration", pip/_internal/configuration.py and cli/parser.py. */
#include "registry/reading.h"

#include <string.h>
#include <strings.h>

#define DEFAULT_INDEX "https://pypi.org/simple/"
#define BLANKS " \t\r\n"

struct pip {
    struct sp_settings options, environment, files;
    const char *section; /* of the command */
};

/* ----------------------------------------------------------- where they are */

static int
read_file(struct sp_reading *reading, struct sp_settings *settings, const char *path, struct sp_error *err)
{
    sp_autoconfig struct sp_config_file file = { 0 };
    int there = path ? sp_config_open(&file, reading, path, false, err) : -1;
    return there <= 0 ? there : sp_pip_conf_read(&file, settings, err);
}

static int
read_environment(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    for (const char *const *one = reading->sources->env; one && *one; one++) {
        const char *equals = strchr(*one, '=');
        if (strncmp(*one, "PIP_", 4) != 0 || !equals || equals <= *one + 4 || !equals[1])
            continue;
        char *key = sp_arena_copy(&reading->arena, *one + 4, (size_t)(equals - *one - 4), err);
        struct sp_setting setting = { .key = key, .value = equals + 1 };
        if (!key || !(setting.source = sp_arena_printf(&reading->arena, err, "environment %.*s",
                                                       (int)(equals - *one), *one)))
            return -1;
        for (char *c = key; *c; c++)
            *c = *c == '_' ? '-' : *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
        if (sp_settings_add(settings, &setting, err) < 0)
            return -1;
    }
    return 0;
}

/* The environment that the command's own program lies in, else the active one. */
static int
read_site(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const char *program = reading->words ? reading->words[0] : NULL;
    if (program && strchr(program, '/')) {
        char *prefix = sp_reading_absolute(reading, program, err);
        if (!prefix)
            return -1;
        if (sp_path_up(prefix) && sp_path_up(prefix) && sp_directory_has(prefix, "pyvenv.cfg"))
            return read_file(reading, settings, sp_arena_printf(&reading->arena, err, "%s/pip.conf", prefix),
                             err);
    }
    const char *active = sp_reading_env(reading, "VIRTUAL_ENV");
    return !active || !*active ? 0
                               : read_file(reading, settings,
                                           sp_arena_printf(&reading->arena, err, "%s/pip.conf", active), err);
}

static int
read_user(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    struct sp_arena *arena = &reading->arena;
    const char *home = reading->sources->home, *xdg = sp_reading_env(reading, "XDG_CONFIG_HOME");
    char *path = xdg && *xdg ? sp_arena_printf(arena, err, "%s/pip/pip.conf", xdg)
                             : sp_arena_printf(arena, err, "%s/.config/pip/pip.conf", home);
    return read_file(reading, settings, path, err) < 0
               ? -1
               : read_file(reading, settings, sp_arena_printf(arena, err, "%s/.pip/pip.conf", home), err);
}

static int
read_global(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const char *directories = sp_reading_env(reading, "XDG_CONFIG_DIRS");
    if (read_file(reading, settings, sp_reading_system(reading, "/etc/pip.conf", err), err) < 0)
        return -1;
    const char *standard = sp_reading_system(reading, "/etc/xdg", err);
    const size_t from = settings->count;
    if (!standard)
        return -1;
    for (const char *at = directories && *directories ? directories : standard; *at; at += *at == ':') {
        size_t length = strcspn(at, ":");
        const size_t file = settings->count;
        if (length &&
            read_file(reading, settings,
                      sp_arena_printf(&reading->arena, err, "%.*s/pip/pip.conf", (int)length, at), err) < 0)
            return -1;
        sp_settings_reverse(settings, file); /* the last of these files counts first */
        at += length;
    }
    sp_settings_reverse(settings, from);
    return 0;
}

static int
read_files(struct sp_reading *reading, struct sp_settings *settings, struct sp_error *err)
{
    const char *named = sp_reading_env(reading, "PIP_CONFIG_FILE");
    bool given = named && *named;
    if (given && strcmp(named, "/dev/null") == 0)
        return 0;
    char *path = given ? sp_reading_absolute(reading, named, err) : NULL;
    if (given && read_file(reading, settings, path, err) < 0)
        return -1;
    if (read_site(reading, settings, err) < 0)
        return -1;
    bool whole = !path || access(path, F_OK) != 0; /* a file that is named stands in for the user's */
    return (whole && read_user(reading, settings, err) < 0) ? -1 : read_global(reading, settings, err);
}

/* --------------------------------------------------------- what they mean */

static const char *
find_section(const struct sp_reading *reading)
{
    static const char *const commands[] = { "install", "download", "wheel", "lock", "index" };
    for (const char *const *word = reading->words; word && *word; word++)
        for (size_t i = 0; i < SP_COUNT(commands); i++)
            if (strcmp(*word, commands[i]) == 0)
                return commands[i];
    return "install";
}

/* The configured value of NAME, the command line left out. */
static int
find_configured(struct sp_reading *reading, const struct pip *pip, const char *name,
                const struct sp_setting **out, struct sp_error *err)
{
    if ((*out = sp_settings_find(&pip->environment, name)))
        return 0;
    char *own = sp_arena_printf(&reading->arena, err, "%s.%s", pip->section, name);
    char *global = own ? sp_arena_printf(&reading->arena, err, "global.%s", name) : NULL;
    if (!global)
        return -1;
    if (!(*out = sp_settings_find(&pip->files, own)))
        *out = sp_settings_find(&pip->files, global);
    return 0;
}

static int
find(struct sp_reading *reading, const struct pip *pip, const char *name, const struct sp_setting **out,
     struct sp_error *err)
{
    *out = sp_settings_find(&pip->options, name);
    return *out ? 0 : find_configured(reading, pip, name, out, err);
}

static bool
is_true(const char *value)
{
    static const char *const words[] = { "y", "yes", "t", "true", "on", "1" };
    for (size_t i = 0; i < SP_COUNT(words); i++)
        if (strcasecmp(value, words[i]) == 0)
            return true;
    return false;
}

int
sp_add_index(struct sp_reading *reading, const char *url, const char *source, bool project,
             struct sp_error *err)
{
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return sp_reading_note(reading, err,
                               "%s: an index that is no http(s) URL is not asked through Sallyport", source);
    return sp_reading_add(reading, SP_REGISTRY_PYPI, NULL, url, source, project, err);
}

/* Calls CALL for each word of a value. */
static int
each_word(struct sp_reading *reading, const struct sp_setting *setting,
          int (*call)(struct sp_reading *reading, const char *word, const struct sp_setting *setting,
                      struct sp_error *err),
          struct sp_error *err)
{
    for (const char *at = setting->value + strspn(setting->value, BLANKS); *at; at += strspn(at, BLANKS)) {
        size_t length = strcspn(at, BLANKS);
        char *word = sp_arena_copy(&reading->arena, at, length, err);
        if (!word || call(reading, word, setting, err) < 0)
            return -1;
        at += length;
    }
    return 0;
}

static int
take_index(struct sp_reading *reading, const char *word, const struct sp_setting *setting,
           struct sp_error *err)
{
    return sp_add_index(reading, word, setting->source, setting->project, err);
}

static int
take_trusted(struct sp_reading *reading, const char *word, const struct sp_setting *setting,
             struct sp_error *err)
{
    (void)setting;
    struct sp_registries *out = reading->out;
    return sp_list_add(&out->trusted, &out->trusted_count, &out->trusted_capacity, word, err);
}

/* An option that adds up: what is configured, then each on the command line. */
static int
take_list(struct sp_reading *reading, const struct pip *pip, const char *name,
          int (*call)(struct sp_reading *reading, const char *word, const struct sp_setting *setting,
                      struct sp_error *err),
          struct sp_error *err)
{
    const struct sp_setting *configured;
    if (find_configured(reading, pip, name, &configured, err) < 0 ||
        (configured && each_word(reading, configured, call, err) < 0))
        return -1;
    for (size_t i = pip->options.count; i-- > 0;)
        if (strcmp(pip->options.items[i].key, name) == 0 &&
            each_word(reading, &pip->options.items[i], call, err) < 0)
            return -1;
    return 0;
}

static int
take_indices(struct sp_reading *reading, const struct pip *pip, struct sp_error *err)
{
    const struct sp_setting *index, *none;
    if (find(reading, pip, "no-index", &none, err) < 0 || find(reading, pip, "index-url", &index, err) < 0)
        return -1;
    if (!index && find(reading, pip, "pypi-url", &index, err) < 0)
        return -1;
    if (none && is_true(none->value) && reading->tool != SP_TOOL_UV)
        return sp_reading_no_index(reading, none->source, err);
    /* with uv, whose own come first, pip's default would be asked as well */
    if (!index && reading->tool != SP_TOOL_UV &&
        sp_reading_add(reading, SP_REGISTRY_PYPI, NULL, DEFAULT_INDEX, "default", false, err) < 0)
        return -1;
    if (index && each_word(reading, index, take_index, err) < 0)
        return -1;
    return take_list(reading, pip, "extra-index-url", take_index, err);
}

static int
take_connection(struct sp_reading *reading, const struct pip *pip, struct sp_error *err)
{
    const struct sp_setting *set;
    if (find(reading, pip, "cert", &set, err) < 0 ||
        (set && sp_reading_cafile(reading, set->value, false, set->source, err) < 0) ||
        find(reading, pip, "proxy", &set, err) < 0 ||
        (set && sp_reading_proxy(reading, set->value, set->source, err) < 0))
        return -1;
    return take_list(reading, pip, "trusted-host", take_trusted, err);
}

int
sp_read_pip(struct sp_reading *reading, struct sp_error *err)
{
    struct pip pip = { .section = find_section(reading) };
    int status = 0;
    if (reading->tool == SP_TOOL_PIP)
        status = sp_option_words_read(reading, &pip.options, err);
    status = status < 0 || read_environment(reading, &pip.environment, err) < 0 ||
                     read_files(reading, &pip.files, err) < 0 || take_indices(reading, &pip, err) < 0 ||
                     take_connection(reading, &pip, err) < 0
                 ? -1
                 : 0;
    sp_settings_free(&pip.options);
    sp_settings_free(&pip.environment);
    sp_settings_free(&pip.files);
    return status;
}
