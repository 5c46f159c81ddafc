#include "metadata/scene.h"

static void
read_security_holding(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    sp_see(seen, scene->name->holding, "%s",
           scene->name->holding ? "the registry's security team holds this name" : "");
}

const struct sp_signal sp_signal_security_holding = {
    .id = SP_SIGNAL_SECURITY_HOLDING,
    .name = "security-holding",
    .title = "the registry's security team holds the name",
    .definition = "The registry has put its own package in the place of this one.",
    .source = "npm: security holding packages",
    .lean = SP_LEANS_ATTACK,
    .needs = 1u << SP_FIELD_HOLDING,
    .read = read_security_holding,
};
