#include "metadata/scene.h"

#define MANY 5
#define LATELY 365

static void
read_active_development(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    seen->value = (double)record->release_count;
    if (record->release_count <= MANY) {
        sp_see_no(seen);
        return;
    }
    double days =
        sp_record_knows(record, SP_FIELD_RELEASE_TIMES) ? sp_days_ago(scene, sp_last_release(record)) : NAN;
    if (days <= LATELY)
        sp_see(seen, true, "%zu versions, the last %.0f days ago", record->release_count, days);
    else if (days > LATELY)
        sp_see(seen, false, "the last version is %.0f days old", days);
}

const struct sp_signal sp_signal_active_development = {
    .id = SP_SIGNAL_ACTIVE_DEVELOPMENT,
    .name = "active-development",
    .title = "it is being developed",
    .definition = "It has more than five versions, and the last was published within 365 days. The value is "
                  "the number of versions.",
    .source = "ConfuGuard 2025, active development",
    .counterpart = "active_development",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_RELEASES,
    .read = read_active_development,
};
