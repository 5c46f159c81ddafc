#include "metadata/scene.h"

#define AGE_MIN (3 * 365)
#define RELEASE_MIN 365

static void
read_long_lived(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    double days = sp_days_ago(scene, record->created);
    double release = sp_days_ago(scene, sp_first_release(record));
    if (isnan(days) || isnan(release))
        return;
    seen->value = days;
    bool given_up = (sp_record_knows(record, SP_FIELD_HOLDING) && record->holding) ||
                    (sp_record_knows(record, SP_FIELD_DEPRECATED) && record->deprecated);
    if (days >= AGE_MIN && release >= RELEASE_MIN && !given_up)
        sp_see(seen, true, "published for %.1f years", days / 365.25);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_long_lived = {
    .id = SP_SIGNAL_LONG_LIVED,
    .name = "long-lived",
    .title = "it has been there for years",
    .definition = "It was created at least three years ago, a release that is still there is at least a "
                  "year old, and it is neither deprecated nor held by the security team. The value is its "
                  "age in days.",
    .source = "Sallyport",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_CREATED | 1u << SP_FIELD_RELEASES | 1u << SP_FIELD_RELEASE_TIMES,
    .read = read_long_lived,
};
