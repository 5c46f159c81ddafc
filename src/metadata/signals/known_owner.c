#include "metadata/scene.h"

#include "metadata/owners.h"

/* A package has few accounts; each is one walk over the list of owners. */
#define ACCOUNTS_MAX 16

static bool
is_known(const struct sp_signal_scene *scene, const char *owner, struct sp_signal_seen *seen)
{
    uint32_t packages;
    if (!scene->owners || !owner || !*owner ||
        !sp_owner_known(scene->owners, scene->name->ecosystem->id, owner, &packages))
        return false;
    seen->value = packages;
    if (packages)
        sp_see(seen, true, "`%s` holds %u trusted packages", sp_excerpt(owner).text, packages);
    else
        sp_see(seen, true, "`%s` is a known owner", sp_excerpt(owner).text);
    return true;
}

/* An account of that name is not the namespace of that name, so accounts must be vouched for. */
static bool
is_vouched(const struct sp_signal_scene *scene, const char *account, struct sp_signal_seen *seen)
{
    if (!scene->owners || !account || !*account ||
        !sp_owner_vouched(scene->owners, scene->name->ecosystem->id, account))
        return false;
    sp_see(seen, true, "`%s`, a known owner, may publish it", sp_excerpt(account).text);
    return true;
}

static void
read_known_owner(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *name = scene->name;
    if (!name)
        return;
    const struct sp_compared *compared = scene->compared;
    if (compared->same_owner == SP_SIGNAL_YES && compared->shared_accounts <= 0) {
        sp_see(seen, true, "%s", compared->owner);
        return;
    }
    bool guarded = sp_namespace_guarded(name->ecosystem, name->namespace_);
    bool owned = sp_record_knows(name, SP_FIELD_OWNER) && name->owner && *name->owner;
    if ((guarded && is_known(scene, name->namespace_, seen)) || (owned && is_known(scene, name->owner, seen)))
        return;
    bool accounts = sp_record_knows(name, SP_FIELD_MAINTAINERS) && name->maintainer_count;
    for (size_t i = 0; accounts && i < name->maintainer_count && i < ACCOUNTS_MAX; i++)
        if (is_vouched(scene, name->maintainers[i].id, seen))
            return;
    if (scene->owners && (guarded || owned || accounts))
        sp_see_no(seen);
}

const struct sp_signal sp_signal_known_owner = {
    .id = SP_SIGNAL_KNOWN_OWNER,
    .name = "known-owner",
    .title = "a known organisation, or the target's own, publishes it",
    .definition = "Its namespace, its owner or one of its accounts is in the list of known owners (vouched "
                  "for, or a namespace of at least three trusted packages where only the owner may "
                  "publish), or namespace or owner are the target's. Author fields and repositories never "
                  "count. Unknown without any of these fields, or where nobody could be compared with.",
    .source = "ConfuGuard 2025, known maintainer",
    .counterpart = "is_known_maintainer",
    .lean = SP_LEANS_BENIGN,
    .read = read_known_owner,
};
