#include "metadata/signal.h"

#include "metadata/scene.h"

extern const struct sp_signal sp_signal_obvious_difference, sp_signal_adversarial_name,
    sp_signal_distinct_purpose, sp_signal_near_copy, sp_signal_fork, sp_signal_experiment,
    sp_signal_extension, sp_signal_known_owner, sp_signal_overlapping_maintainers,
    sp_signal_comprehensive_metadata, sp_signal_active_development, sp_signal_no_readme,
    sp_signal_suspicious_intent, sp_signal_relocated, sp_signal_security_holding, sp_signal_newly_published,
    sp_signal_new_account, sp_signal_install_hook, sp_signal_borrowed_repository,
    sp_signal_repository_mismatch, sp_signal_popular, sp_signal_long_lived, sp_signal_older_than_target,
    sp_signal_provenance, sp_signal_version_jump;

const struct sp_signal *const sp_signals[SP_SIGNAL_COUNT] = {
    [SP_SIGNAL_OBVIOUS_DIFFERENCE] = &sp_signal_obvious_difference,
    [SP_SIGNAL_ADVERSARIAL_NAME] = &sp_signal_adversarial_name,
    [SP_SIGNAL_DISTINCT_PURPOSE] = &sp_signal_distinct_purpose,
    [SP_SIGNAL_NEAR_COPY] = &sp_signal_near_copy,
    [SP_SIGNAL_FORK] = &sp_signal_fork,
    [SP_SIGNAL_EXPERIMENT] = &sp_signal_experiment,
    [SP_SIGNAL_EXTENSION] = &sp_signal_extension,
    [SP_SIGNAL_KNOWN_OWNER] = &sp_signal_known_owner,
    [SP_SIGNAL_OVERLAPPING_MAINTAINERS] = &sp_signal_overlapping_maintainers,
    [SP_SIGNAL_COMPREHENSIVE_METADATA] = &sp_signal_comprehensive_metadata,
    [SP_SIGNAL_ACTIVE_DEVELOPMENT] = &sp_signal_active_development,
    [SP_SIGNAL_NO_README] = &sp_signal_no_readme,
    [SP_SIGNAL_SUSPICIOUS_INTENT] = &sp_signal_suspicious_intent,
    [SP_SIGNAL_RELOCATED] = &sp_signal_relocated,
    [SP_SIGNAL_SECURITY_HOLDING] = &sp_signal_security_holding,
    [SP_SIGNAL_NEWLY_PUBLISHED] = &sp_signal_newly_published,
    [SP_SIGNAL_NEW_ACCOUNT] = &sp_signal_new_account,
    [SP_SIGNAL_INSTALL_HOOK] = &sp_signal_install_hook,
    [SP_SIGNAL_BORROWED_REPOSITORY] = &sp_signal_borrowed_repository,
    [SP_SIGNAL_REPOSITORY_MISMATCH] = &sp_signal_repository_mismatch,
    [SP_SIGNAL_POPULAR] = &sp_signal_popular,
    [SP_SIGNAL_LONG_LIVED] = &sp_signal_long_lived,
    [SP_SIGNAL_OLDER_THAN_TARGET] = &sp_signal_older_than_target,
    [SP_SIGNAL_PROVENANCE] = &sp_signal_provenance,
    [SP_SIGNAL_VERSION_JUMP] = &sp_signal_version_jump,
};

void
sp_signals_read(const struct sp_signal_scene *given, struct sp_signal_seen out[SP_SIGNAL_COUNT])
{
    struct sp_signal_scene scene = *given;
    struct sp_compared compared;
    sp_scene_compare(&compared, &scene);
    scene.compared = &compared;
    for (int i = 0; i < SP_SIGNAL_COUNT; i++) {
        const struct sp_signal *signal = sp_signals[i];
        out[i] = (struct sp_signal_seen){ .state = SP_SIGNAL_UNKNOWN, .value = NAN };
        if (sp_scene_has(scene.name, signal->needs) && sp_scene_has(scene.target, signal->target_needs))
            signal->read(&scene, &out[i]);
        /* a half of a measurement is none */
        if (out[i].state == SP_SIGNAL_UNKNOWN)
            out[i].value = NAN;
    }
}
