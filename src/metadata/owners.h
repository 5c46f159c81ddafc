/* owners.h: namespaces whose owner is known: those that hold several trusted packages, in registries that
 * let only their owner publish there; and those that somebody has vouched for.
 *
 * What a package says of itself (its author, its repository) is never looked up here: anybody may write it.
 */
#pragma once
#include "name/index.h"

/* A namespace with fewer trusted packages proves no organisation. */
#define SP_OWNER_PACKAGES_MIN 3

/* Whether only its owner may publish in NAMESPACE_: not so where the registry has none, nor on a host that
 * many share (gopkg.in). NULL: false. */
bool sp_namespace_guarded(const struct sp_ecosystem *ecosystem, const char *namespace_);

struct sp_owner_list;
/* INDEX (borrowed, may be NULL) gives the namespaces of the trusted packages. The caller frees *OUT. */
int sp_owner_list_new(struct sp_owner_list **out, struct sp_index *index, struct sp_error *err);
void sp_owner_list_free(struct sp_owner_list *owners);
/* Vouches for OWNER, a namespace or an account of ECOSYSTEM, whatever it holds. */
int sp_owner_list_add(struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem, const char *owner,
                      struct sp_error *err);
/* Whether OWNER ("@babel" or "babel"), a namespace that is guarded, is known; *PACKAGES gets the number of
 * its trusted packages, 0 where it was vouched for. Thread-safe once nothing is added any more. */
bool sp_owner_known(const struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem, const char *owner,
                    uint32_t *packages);
/* Whether ACCOUNT was vouched for: an account that is called as a namespace need not be its owner's. */
bool sp_owner_vouched(const struct sp_owner_list *owners, enum sp_ecosystem_id ecosystem,
                      const char *account);
