#include "metadata/scene.h"

/* Kinds that change little, and the whole target with something before or behind it: what an attacker's names
 * are made of. Another word in the place of the target's is a name of its own. */
static const enum sp_category_id imitations[] = {
    SP_CATEGORY_EDIT_DISTANCE, SP_CATEGORY_DELIMITER, SP_CATEGORY_HOMOGRAPHIC, SP_CATEGORY_HOMOPHONIC,
    SP_CATEGORY_GRAMMATICAL,   SP_CATEGORY_SPELLING,  SP_CATEGORY_REORDERING,  SP_CATEGORY_SCOPE,
    SP_CATEGORY_IMPERSONATION, SP_CATEGORY_COMPOUND,  SP_CATEGORY_AFFIX,
};

static void
read_adversarial_name(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    if (!scene->match)
        return;
    seen->value = scene->match->distance;
    for (size_t i = 0; i < SP_COUNT(imitations); i++)
        if (scene->match->categories >> imitations[i] & 1) {
            sp_see(seen, true, "%s of `%s`", sp_categories[imitations[i]]->title,
                   sp_excerpt(sp_scene_target(scene)).text);
            return;
        }
    sp_see_no(seen);
}

const struct sp_signal sp_signal_adversarial_name = {
    .id = SP_SIGNAL_ADVERSARIAL_NAME,
    .name = "adversarial-name",
    .title = "the name imitates the target's",
    .definition = "The name is the target's with small changes (one edit, delimiters, lookalike letters, "
                  "sound, endings, spelling, the order of words, an imitated namespace, several of these at "
                  "once), or is the whole target with something added. The value is the edit distance.",
    .source = "ConfuGuard 2025, adversarial name",
    .counterpart = "is_adversarial_name",
    .lean = SP_LEANS_ATTACK,
    .read = read_adversarial_name,
};
