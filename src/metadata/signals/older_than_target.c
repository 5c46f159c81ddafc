#include "metadata/scene.h"

static void
read_older_than_target(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    if (isnan(sp_days_ago(scene, scene->name->created)) || isnan(sp_days_ago(scene, scene->target->created)))
        return;
    seen->value = ((double)scene->target->created - (double)scene->name->created) / SP_DAY;
    char name[16], target[16];
    sp_time_write(scene->name->created, name);
    sp_time_write(scene->target->created, target);
    if (scene->name->created < scene->target->created)
        sp_see(seen, true, "created %s, the target %s", name, target);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_older_than_target = {
    .id = SP_SIGNAL_OLDER_THAN_TARGET,
    .name = "older-than-target",
    .title = "it was there before the target",
    .definition = "It was created before the target was. The value is by how many days.",
    .source = "Sallyport",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_CREATED,
    .target_needs = 1u << SP_FIELD_CREATED,
    .read = read_older_than_target,
};
