#include "metadata/scene.h"

#define DESCRIPTION_MIN 0.8
#define README_MIN 0.6

static void
read_near_copy(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_compared *compared = scene->compared;
    double description = compared->texts.description_likeness, readme = compared->texts.readme_likeness;
    if (isnan(description) && isnan(readme))
        return;
    seen->value = fmax(description, readme);
    bool by_description = description >= DESCRIPTION_MIN, by_readme = readme >= README_MIN;
    if (!by_description && !by_readme)
        sp_see_no(seen);
    else if (compared->same_owner == SP_SIGNAL_YES)
        sp_see(seen, false, "its text is the target's, but %s", compared->owner);
    else if (compared->same_owner == SP_SIGNAL_NO)
        sp_see(seen, true, "%s near-identical to the target's (%.2f), other owner",
               by_description ? "description" : "readme", by_description ? description : readme);
}

const struct sp_signal sp_signal_near_copy = {
    .id = SP_SIGNAL_NEAR_COPY,
    .name = "near-copy",
    .title = "its texts are the target's, and others publish it",
    .definition = "At least 0.8 of the runs of three words in the two descriptions, or 0.6 of those in the "
                  "two readmes, are common to both, each package's name taken for the other's, and no "
                  "account, owner or namespace is common. Unknown where the texts are copies and nobody "
                  "knows who publishes them.",
    .source = "Sallyport; ConfuGuard 2025 compares readmes for forks",
    .lean = SP_LEANS_ATTACK,
    .read = read_near_copy,
};
