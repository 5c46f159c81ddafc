#include "metadata/scene.h"

#include <string.h>
#include <strings.h>

static const char *const affixes[] = { "plugin",    "plugins",    "adapter",  "types",       "typings",
                                       "binding",   "bindings",   "wrapper",  "loader",      "middleware",
                                       "extension", "extensions", "ext",      "addon",       "addons",
                                       "preset",    "config",     "theme",    "integration", "bridge",
                                       "driver",    "connector",  "provider", "stubs",       "contrib",
                                       "transport", "formatter",  "reporter", "i18n",        NULL };
static const char *const phrases[] = { "plugin for",
                                       "plugins for",
                                       "addon for",
                                       "add on for",
                                       "extension for",
                                       "extensions for",
                                       "extension to",
                                       "adapter for",
                                       "binding for",
                                       "bindings for",
                                       "bindings to",
                                       "wrapper around",
                                       "wrapper for",
                                       "wrapper of",
                                       "wrapper over",
                                       "types for",
                                       "type definitions for",
                                       "typings for",
                                       "definitions for",
                                       "middleware for",
                                       "integration for",
                                       "integration with",
                                       "integrates with",
                                       "loader for",
                                       "preset for",
                                       "config for",
                                       "configuration for",
                                       "helpers for",
                                       "helper for",
                                       "utilities for",
                                       "components for",
                                       "driver for",
                                       "theme for",
                                       "support for",
                                       "built on",
                                       "on top of",
                                       "stubs for",
                                       "provider for",
                                       "connector for",
                                       "reporter for",
                                       "formatter for",
                                       "bridge for",
                                       "client for",
                                       NULL };

static bool
depends_on(const struct sp_record *record, const char *target)
{
    for (size_t i = 0; *target && i < record->dependencies.count; i++)
        if (record->dependencies.items[i] && strcasecmp(record->dependencies.items[i], target) == 0)
            return true;
    return false;
}

static void
read_extension(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_scene_texts *texts = &scene->compared->texts;
    if (!scene->name)
        return;
    bool same_ecosystem = !scene->target || scene->name->ecosystem == scene->target->ecosystem;
    bool knows_dependencies = sp_record_knows(scene->name, SP_FIELD_DEPENDENCIES);
    struct sp_excerpt target = sp_excerpt(sp_scene_target(scene));
    if (same_ecosystem && knows_dependencies && depends_on(scene->name, sp_scene_target(scene))) {
        sp_see(seen, true, "depends on `%s`", target.text);
        return;
    }
    const char *word = sp_phrase_within(&texts->target.name, &texts->name.name)
                           ? sp_phrase_added(&texts->name.name, &texts->target.name, affixes)
                           : NULL;
    if (word) {
        sp_see(seen, true, "its name is the target's with \"%s\"", word);
        return;
    }
    const char *said = sp_prose_says_of(&texts->name.description, phrases, &texts->target.name);
    if (!said)
        said = sp_prose_says_of(&texts->name.readme, phrases, &texts->target.name);
    if (said)
        sp_see(seen, true, "its text says \"%s\" `%s`", said, target.text);
    else if (knows_dependencies || sp_scene_text_known(scene->name))
        sp_see_no(seen);
}

const struct sp_signal sp_signal_extension = {
    .id = SP_SIGNAL_EXTENSION,
    .name = "extension",
    .title = "an addition to the target",
    .definition = "It depends on the target; or its name is the target's with a word such as plugin, types "
                  "or adapter; or its text says that it is a plugin, wrapper, binding and so on for the "
                  "target.",
    .source = "Sallyport",
    .lean = SP_LEANS_BENIGN,
    .read = read_extension,
};
