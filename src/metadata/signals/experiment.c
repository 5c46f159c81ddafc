#include "metadata/scene.h"

#include <string.h>

static const char *const name_words[] = { "demo",       "example",  "examples", "sample",
                                          "tutorial",   "hello",    "test1",    "helloworld",
                                          "playground", "test",     "testing",  "sandbox",
                                          "trial",      "workshop", "dummy",    NULL };
static const char *const phrases[] = { "hello world",
                                       "do not use",
                                       "dont use",
                                       "test package",
                                       "testing package",
                                       "a test",
                                       "just a test",
                                       "just testing",
                                       "for testing purposes",
                                       "demo package",
                                       "example package",
                                       "sample package",
                                       "dummy package",
                                       "my first",
                                       "first package",
                                       "learning purposes",
                                       "for learning",
                                       "tutorial",
                                       "practice",
                                       "an experiment",
                                       "experimental",
                                       "playground",
                                       NULL };
/* a long readme has a tutorial, or says what is experimental, in every other package */
#define README_WORDS_MAX 80

static bool
is_first_try(const struct sp_record *record)
{
    if (!sp_record_knows(record, SP_FIELD_RELEASES) || record->release_count != 1)
        return false;
    const char *number = record->releases[0].number;
    if (!number)
        return false;
    number += *number == 'v';
    return strncmp(number, "0.0.", 4) == 0 || strcmp(number, "0.0") == 0;
}

static void
read_experiment(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_scene_texts *texts = &scene->compared->texts;
    if (!scene->name)
        return;
    const char *said = sp_phrase_added(&texts->name.name, &texts->target.name, name_words);
    if (said) {
        sp_see(seen, true, "its name has the word \"%s\"", said);
        return;
    }
    said = sp_prose_says_any(&texts->name.description, phrases);
    if (!said && texts->name.readme.word_count <= README_WORDS_MAX)
        said = sp_prose_says_any(&texts->name.readme, phrases);
    if (said)
        sp_see(seen, true, "its text says \"%s\"", said);
    else if (is_first_try(scene->name))
        sp_see(seen, true, "its only release is `%s`", sp_excerpt(scene->name->releases[0].number).text);
    else if (sp_scene_text_known(scene->name) || sp_record_knows(scene->name, SP_FIELD_RELEASES))
        sp_see_no(seen);
}

const struct sp_signal sp_signal_experiment = {
    .id = SP_SIGNAL_EXPERIMENT,
    .name = "experiment",
    .title = "a test, a demo or a first try",
    .definition = "Name, description or readme say test package, demo, tutorial, hello world, do not use "
                  "and the like, or there is a single release and its version is 0.0.x.",
    .source = "ConfuGuard 2025, test package",
    .counterpart = "is_test",
    .lean = SP_LEANS_BENIGN,
    .read = read_experiment,
};
