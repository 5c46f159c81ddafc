#include "metadata/scene.h"

#define FAR_APART 0.25

static void
read_distinct_purpose(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    seen->value = scene->compared->texts.purpose;
    if (isnan(seen->value))
        return;
    if (seen->value >= FAR_APART) {
        sp_see(seen, false, "its texts are as near to the target's as %.2f", seen->value);
        return;
    }
    const char *said = sp_record_knows(scene->name, SP_FIELD_DESCRIPTION) ? scene->name->description : NULL;
    if (said && *said)
        sp_see(seen, true, "speaks of something else than the target (%.2f): \"%s\"", seen->value,
               sp_excerpt(said).text);
    else
        sp_see(seen, true, "its readme speaks of something else than the target's (%.2f)", seen->value);
}

const struct sp_signal sp_signal_distinct_purpose = {
    .id = SP_SIGNAL_DISTINCT_PURPOSE,
    .name = "distinct-purpose",
    .title = "its texts speak of something else than the target's",
    .definition = "Description and readme of the two are less alike than 0.25: the mean of the cosine of "
                  "their word vectors and the cosine of TF-IDF over their words. The value is that mean. "
                  "Unknown where one of them says fewer than three words that mean something.",
    .source = "ConfuGuard 2025, distinct purpose",
    .counterpart = "has_distinct_purpose",
    .lean = SP_LEANS_BENIGN,
    .read = read_distinct_purpose,
};
