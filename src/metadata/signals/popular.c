#include "metadata/scene.h"

#define SHARE_MIN 0.05
#define AGE_MIN 365

static void
read_popular(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    double days = sp_days_ago(scene, scene->name->created);
    if (isnan(days) || scene->target->downloads <= 0 || scene->name->downloads < 0)
        return;
    seen->value = (double)scene->name->downloads / (double)scene->target->downloads;
    bool popular = seen->value >= SHARE_MIN && days > AGE_MIN;
    if (popular)
        sp_see(seen, true, "%lld downloads a month, %.0f %% of the target's, for %.1f years",
               (long long)scene->name->downloads, seen->value * 100, days / 365.25);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_popular = {
    .id = SP_SIGNAL_POPULAR,
    .name = "popular",
    .title = "it is used beside the target, and has been for a while",
    .definition = "Its downloads of a month are at least 5 % of the target's, and it was created more than "
                  "365 days ago. The value is the share. Downloads can be bought, so popularity alone "
                  "exempts nobody.",
    .source = "Sallyport; TypoMind and TypoGard weigh popularity",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_DOWNLOADS | 1u << SP_FIELD_CREATED,
    .target_needs = 1u << SP_FIELD_DOWNLOADS,
    .read = read_popular,
};
