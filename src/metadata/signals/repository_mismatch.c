#include "metadata/scene.h"

#include "name/osa.h"

#include <string.h>

#define WORD_MIN 3
#define APART 0.5

static bool
holds_word(const char *text, const struct sp_phrase *words)
{
    for (unsigned i = 0; i < words->count; i++) {
        char word[SP_PROSE_WORD_MAX + 1];
        snprintf(word, sizeof(word), "%.*s", (int)words->words[i].length, words->words[i].bytes);
        if (words->words[i].length >= WORD_MIN && strcasestr(text, word))
            return true;
    }
    return false;
}

static void
read_repository_mismatch(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    char key[256];
    const char *name = scene->name->name ? scene->name->name : "";
    sp_repository_key(scene->name->repository, key, sizeof(key));
    const char *path = strchr(key, '/');
    const struct sp_phrase *words = &scene->compared->texts.name.name;
    if (!path || !words->count || strlen(name) > SP_NAME_MAX) {
        sp_see_no(seen); /* nothing is stated that could mismatch */
        return;
    }
    struct sp_phrase there;
    sp_phrase_read(&there, path);
    const char *project = strrchr(path, '/') + 1;
    size_t a = strlen(name), b = strlen(project);
    seen->value = sp_osa(name, a, project, b) / (double)(a > b ? a : b);
    if (holds_word(path, words) || holds_word(name, &there) || seen->value < APART)
        sp_see_no(seen);
    else
        sp_see(seen, true, "its repository is `%s`", sp_excerpt(key).text);
}

const struct sp_signal sp_signal_repository_mismatch = {
    .id = SP_SIGNAL_REPOSITORY_MISMATCH,
    .name = "repository-mismatch",
    .title = "the repository that it states has nothing to do with its name",
    .definition = "It states a repository, and neither its owner nor its project has a word of three or "
                  "more letters of the package's name, nor the other way round, nor is the project nearly "
                  "called so. The value is the edit distance of name and project as a share of the longer.",
    .source = "Sallyport",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_REPOSITORY,
    .read = read_repository_mismatch,
};
