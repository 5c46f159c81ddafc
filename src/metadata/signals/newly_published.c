#include "metadata/scene.h"

#define NEW 30

static void
read_newly_published(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    double days = sp_days_ago(scene, scene->name->created);
    if (isnan(days))
        return;
    seen->value = days;
    char date[16];
    sp_time_write(scene->name->created, date);
    sp_see(seen, days <= NEW, "first published %s, %.0f days ago", date, floor(days));
}

const struct sp_signal sp_signal_newly_published = {
    .id = SP_SIGNAL_NEWLY_PUBLISHED,
    .name = "newly-published",
    .title = "it was first published a few days ago",
    .definition = "The package was created within the last 30 days. The value is its age in days. Unknown "
                  "where the registry gives a time in the future.",
    .source = "Sallyport",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_CREATED,
    .read = read_newly_published,
};
