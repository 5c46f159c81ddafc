#include "metadata/scene.h"

#include <string.h>

#define LEAST 30

static void
read_no_readme(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const char *readme = scene->name->readme ? scene->name->readme : "";
    size_t length = strlen(readme);
    seen->value = (double)length;
    if (length == 0 || strncmp(readme, "ERROR: No README", 16) == 0)
        sp_see(seen, true, "there is no readme");
    else if (length < LEAST)
        sp_see(seen, true, "the readme says no more than \"%s\"", sp_excerpt(readme).text);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_no_readme = {
    .id = SP_SIGNAL_NO_README,
    .name = "no-readme",
    .title = "it has no readme",
    .definition = "The readme is known and has fewer than 30 bytes, or is the registry's words for a "
                  "missing one. The value is its size in bytes.",
    .source = "ConfuGuard 2025, no readme",
    .counterpart = "no_readme",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_README,
    .read = read_no_readme,
};
