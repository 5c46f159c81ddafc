#include "metadata/scene.h"

#include <string.h>

static const char *const phrases[] = { "fork of",  "forked from",        "forked version of",
                                       "clone of", "based on",           "copy of",
                                       "port of",  "patched version of", "modified version of",
                                       NULL };
static const char *const alone[] = { "fork", "forked", NULL };

/* Where a description speaks of a fork, whatever it is one of. */
static const char *
find_in_texts(const struct sp_scene_texts *texts)
{
    const char *said = sp_prose_says_any(&texts->name.description, alone);
    if (!said)
        said = sp_prose_says_of(&texts->name.description, phrases, &texts->target.name);
    return said ? said : sp_prose_says_of(&texts->name.readme, phrases, &texts->target.name);
}

static const char *
project_of(const char *key)
{
    const char *slash = strrchr(key, '/');
    return slash ? slash + 1 : "";
}

static bool
has_copied_repository(const struct sp_signal_scene *scene, char key[256])
{
    char target[256];
    if (!scene->target || !sp_record_knows(scene->name, SP_FIELD_REPOSITORY) ||
        !sp_record_knows(scene->target, SP_FIELD_REPOSITORY))
        return false;
    sp_repository_key(scene->name->repository, key, 256);
    sp_repository_key(scene->target->repository, target, sizeof(target));
    return *key && *target && strcmp(key, target) != 0 && *project_of(key) &&
           strcmp(project_of(key), project_of(target)) == 0;
}

static void
read_fork(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_scene_texts *texts = &scene->compared->texts;
    char key[256];
    if (!scene->name)
        return;
    const char *said = sp_phrase_added(&texts->name.name, &texts->target.name, alone);
    if (said) {
        sp_see(seen, true, "its name has the word \"%s\"", said);
        return;
    }
    said = find_in_texts(texts);
    if (said)
        sp_see(seen, true, "its text says \"%s\"", said);
    else if (has_copied_repository(scene, key))
        sp_see(seen, true, "its repository `%s` is called as the target's, with another owner",
               sp_excerpt(key).text);
    else if (sp_scene_text_known(scene->name) || sp_record_knows(scene->name, SP_FIELD_REPOSITORY))
        sp_see_no(seen);
}

const struct sp_signal sp_signal_fork = {
    .id = SP_SIGNAL_FORK,
    .name = "fork",
    .title = "it says that it is a fork, or its repository is a copy of the target's",
    .definition = "The name has the word fork, description or readme speak of a fork of the target (or of a "
                  "fork in a description), or its repository has the project name of the target's and "
                  "another owner.",
    .source = "ConfuGuard 2025, fork",
    .counterpart = "is_fork",
    .lean = SP_LEANS_ATTACK,
    .read = read_fork,
};
