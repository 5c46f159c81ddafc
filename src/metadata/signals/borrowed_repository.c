#include "metadata/scene.h"

#include <string.h>

static void
read_borrowed_repository(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    char key[256], target[256];
    sp_repository_key(scene->name->repository, key, sizeof(key));
    sp_repository_key(scene->target->repository, target, sizeof(target));
    if (!*key || strcmp(key, target) != 0)
        sp_see_no(seen);
    else if (scene->compared->same_owner == SP_SIGNAL_YES)
        sp_see(seen, false, "the same repository as the target's, but %s", scene->compared->owner);
    else if (scene->compared->same_owner == SP_SIGNAL_NO)
        sp_see(seen, true, "states the target's repository `%s`, other owner", sp_excerpt(key).text);
}

const struct sp_signal sp_signal_borrowed_repository = {
    .id = SP_SIGNAL_BORROWED_REPOSITORY,
    .name = "borrowed-repository",
    .title = "it states the target's repository, and others publish it",
    .definition = "Both state the same repository, and no account, owner or namespace is common. Unknown "
                  "where they state the same and nobody knows who publishes them.",
    .source = "Sallyport",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_REPOSITORY,
    .target_needs = 1u << SP_FIELD_REPOSITORY,
    .read = read_borrowed_repository,
};
