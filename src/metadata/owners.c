#include "metadata/owners.h"

#include "base/hash.h"
#include "name/layout.h"

#include <string.h>
#include <strings.h>

#define OWNER_MAX 256

bool
sp_namespace_guarded(const struct sp_ecosystem *ecosystem, const char *namespace_)
{
    static const char *const shared[] = { "gopkg.in",      "github.com",    "gitlab.com",
                                          "bitbucket.org", "codeberg.org",  "gitea.com",
                                          "gitee.com",     "launchpad.net", "git.sr.ht" };
    if (!ecosystem->has_namespaces || !namespace_ || !*namespace_)
        return false;
    for (size_t i = 0; ecosystem->id == SP_GOLANG && i < SP_COUNT(shared); i++)
        if (strcasecmp(namespace_, shared[i]) == 0)
            return false;
    return true;
}

struct sp_owner_list {
    struct sp_index *index;
    struct sp_map vouched; /* "npm babel" */
};

int
sp_owner_list_new(struct sp_owner_list **out, struct sp_index *index, struct sp_error *err)
{
    *out = sp_new(struct sp_owner_list, err);
    if (!*out)
        return -1;
    (*out)->index = index;
    return 0;
}

void
sp_owner_list_free(struct sp_owner_list *owners)
{
    if (!owners)
        return;
    sp_map_free(&owners->vouched);
    free(owners);
}

/* The ecosystem and the owner in lower case as one key; its length, 0 where it is no owner's name. */
static size_t
make_key(char key[OWNER_MAX], enum sp_ecosystem_id ecosystem, const char *owner)
{
    if (*owner == '@')
        owner++;
    size_t length = strlen(owner);
    if (!length || length > OWNER_MAX - 32)
        return 0;
    int used = snprintf(key, OWNER_MAX, "%s %s", sp_ecosystems[ecosystem]->name, owner);
    for (int i = 0; i < used; i++)
        if (key[i] >= 'A' && key[i] <= 'Z')
            key[i] = (char)(key[i] + 32);
    return (size_t)used;
}

int
sp_owner_list_add(struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem, const char *owner,
                  struct sp_error *err)
{
    char key[OWNER_MAX];
    size_t length = make_key(key, ecosystem, owner);
    if (!length)
        return sp_fail(err, SP_ERROR_USAGE, "'%s' is no owner's name", owner);
    return sp_map_set(&owners->vouched, key, length, 1, err);
}

bool
sp_owner_vouched(const struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem, const char *account)
{
    char key[OWNER_MAX];
    size_t length = make_key(key, ecosystem, account);
    return length && sp_map_get(&owners->vouched, key, length, NULL);
}

bool
sp_owner_known(const struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem, const char *owner,
               uint32_t *packages)
{
    *packages = 0;
    if (sp_owner_vouched(owners, ecosystem, owner))
        return true;
    if (!sp_namespace_guarded(sp_ecosystems[ecosystem], owner))
        return false;
    const struct sp_index_ecosystem *part =
        owners->index ? sp_index_ecosystem(owners->index, ecosystem, NULL) : NULL;
    if (!part)
        return false;
    owner += *owner == '@';
    size_t length = strlen(owner);
    for (uint32_t i = 0; i < part->namespace_count; i++) {
        const struct sp_namespace_record *space = &part->namespaces[i];
        if (space->name.length != length || space->packages < SP_OWNER_PACKAGES_MIN)
            continue;
        struct sp_slice name = sp_index_string(part->strings, part->strings_size, space->name);
        if (name.length == length && strncasecmp(name.bytes, owner, length) == 0) {
            *packages = space->packages;
            return true;
        }
    }
    return false;
}
