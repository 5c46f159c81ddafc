#include "metadata/scene.h"

#define MANY 3

static void
read_overlapping_maintainers(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_compared *compared = scene->compared;
    int shared = compared->shared_accounts;
    if (shared < 0)
        return;
    seen->value = shared;
    bool enough = compared->target_accounts > MANY
                      ? shared >= 2 || (size_t)shared * 2 >= compared->target_accounts
                      : shared >= 1;
    if (enough)
        sp_see(seen, true, "maintainer%s %s also publish%s the target", shared == 1 ? "" : "s",
               compared->shared, shared == 1 ? "es" : "");
    else if (shared)
        sp_see(seen, false, "only %s of the target's %zu maintainers may publish it", compared->shared,
               compared->target_accounts);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_overlapping_maintainers = {
    .id = SP_SIGNAL_OVERLAPPING_MAINTAINERS,
    .name = "overlapping-maintainers",
    .title = "the same people publish the target",
    .definition = "At least one account may publish both packages; at least two, or half of them, where the "
                  "target has more than three. Accounts are compared by their ids without case, never by "
                  "e-mail addresses or author names. The value is the number of common accounts.",
    .source = "ConfuGuard 2025, overlapped maintainers",
    .counterpart = "overlapped_maintainers",
    .lean = SP_LEANS_BENIGN,
    .needs = 1u << SP_FIELD_MAINTAINERS,
    .target_needs = 1u << SP_FIELD_MAINTAINERS,
    .read = read_overlapping_maintainers,
};
