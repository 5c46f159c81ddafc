/* Cargo's crates.io and what stands in for it. Source: "The Cargo Book", Source Replacement, Registries. */
#include "metadata/bases_read.h"
#include "registry/toml.h"

#include <string.h>

#define HOPS_MAX 10 /* from one source to the next */

struct cargo {
    struct sp_config_file *file; /* that is being read */
    struct sp_settings settings;
};

static int
take_item(void *context, const struct sp_toml_item *item, struct sp_error *err)
{
    struct cargo *cargo = context;
    return sp_config_add(cargo->file, &cargo->settings, item->line, item->key, strlen(item->key), item->value,
                         strlen(item->value), err);
}

/* The spelling without ".toml" goes first where both are there, as with Cargo. */
static int
read_file(struct sp_bases_reading *reading, struct cargo *cargo, const char *name, struct sp_error *err)
{
    static const char *const endings[] = { "", ".toml" };
    for (size_t i = 0; i < SP_COUNT(endings); i++) {
        const char *home = sp_bases_path(reading, "CARGO_HOME", ".cargo", name, err);
        const char *path =
            home ? sp_arena_printf(&reading->reading.arena, err, "%s%s", home, endings[i]) : NULL;
        sp_autoconfig struct sp_config_file file = { 0 };
        int there = path ? sp_config_open(&file, &reading->reading, path, false, err) : -1;
        if (there < 0)
            return -1;
        if (!there)
            continue;
        cargo->file = &file;
        return sp_toml_read(&file, "", take_item, cargo, err);
    }
    return 0;
}

static const struct sp_setting *
find(struct sp_bases_reading *reading, const struct cargo *cargo, const char *table, const char *name,
     const char *key)
{
    char *whole = sp_arena_printf(&reading->reading.arena, NULL, "%s.%s.%s", table, name, key);
    return whole ? sp_settings_find(&cargo->settings, whole) : NULL;
}

/* CARGO_REGISTRIES_MY_REGISTRY_TOKEN of "my-registry". */
static const char *
registry_variable(struct sp_bases_reading *reading, const char *name, const char *what)
{
    char *variable = sp_arena_printf(&reading->reading.arena, NULL, "CARGO_REGISTRIES_%s_%s", name, what);
    for (char *c = variable; c && *c; c++)
        *c = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    return variable ? sp_reading_env(&reading->reading, variable) : NULL;
}

static int
set_index(struct sp_bases_reading *reading, const char *index, const char *token, const char *source,
          struct sp_error *err)
{
    if (strncmp(index, "sparse+", 7) == 0 && sp_is_web_url(index + 7))
        return sp_base_set(reading, SP_SERVICE_CRATES_INDEX, index + 7, token, source, err);
    if (sp_bases_note(reading, err, "%s: '%.200s' is no sparse index; crates are not looked up", source,
                      index) < 0)
        return -1;
    return sp_base_switch_off(reading, SP_SERVICE_CRATES_INDEX, source, err);
}

/* 1: NAME is where it ends, 0: it is none that we know. */
static int
set_source(struct sp_bases_reading *reading, const struct cargo *cargo, const char *name, const char *from,
           struct sp_error *err)
{
    const struct sp_setting *index = find(reading, cargo, "source", name, "registry");
    if (index)
        return set_index(reading, index->value, NULL, index->source, err) < 0 ? -1 : 1;
    const char *variable = registry_variable(reading, name, "INDEX");
    index = find(reading, cargo, "registries", name, "index");
    if (!variable && !index)
        return 0;
    const struct sp_setting *stored = find(reading, cargo, "registries", name, "token");
    const char *token = registry_variable(reading, name, "TOKEN");
    token = token ? token : stored ? stored->value : NULL;
    return set_index(reading, variable ? variable : index->value, token, index ? index->source : from, err) <
                   0
               ? -1
               : 1;
}

static int
follow(struct sp_bases_reading *reading, const struct cargo *cargo, struct sp_error *err)
{
    const char *name = "crates-io", *source = NULL;
    for (int hop = 0; hop < HOPS_MAX; hop++) {
        const struct sp_setting *next = find(reading, cargo, "source", name, "replace-with");
        if (!next) {
            int status = hop ? set_source(reading, cargo, name, source, err) : 1;
            if (status)
                return status < 0 ? -1 : 0;
            break;
        }
        name = next->value;
        source = next->source;
    }
    /* a directory, a Git index, a circle: whoever set it does not want crates.io asked */
    if (sp_bases_note(reading, err,
                      "%s: crates-io is replaced by '%.100s', which is no sparse index; crates "
                      "are not looked up",
                      source, name) < 0)
        return -1;
    return sp_base_switch_off(reading, SP_SERVICE_CRATES_INDEX, source, err);
}

int
sp_bases_read_cargo(struct sp_bases_reading *reading, struct sp_error *err)
{
    struct cargo cargo = { 0 };
    int status =
        read_file(reading, &cargo, "config", err) < 0 || read_file(reading, &cargo, "credentials", err) < 0
            ? -1
            : follow(reading, &cargo, err);
    sp_settings_free(&cargo.settings);
    return status;
}
