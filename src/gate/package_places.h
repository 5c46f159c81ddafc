/* package_places.h: which package lives in a directory of the sandbox: the eyes that the attribution has
 * inside. What is read there is hostile: it may claim anything, so a name counts only where the directory,
 * which the package manager named, or the registry says the same. */
#pragma once
#include "gate/evidence.h"

/* The version of NAME that a registry handed out: WANTED (may be NULL) where that is one of them, else the
 * only one; NULL where there is none or several. *ANY (not NULL): there was one. */
typedef const char *sp_served_version(void *context, const char *ecosystem, const char *name,
                                      const char *wanted, bool *any);
/* The same of CONTEXT, a struct sp_evidence. */
const char *sp_evidence_served(void *context, const char *ecosystem, const char *name, const char *wanted,
                               bool *any);

struct sp_package_places;
/* ROOT is the sandbox's root directory (sp_sandbox_root), borrowed. PROJECT (absolute, inside; NULL) and
 * CONTEXT are borrowed. */
int sp_package_places_new(struct sp_package_places **out, int root, const char *project,
                          sp_served_version *served, void *context, struct sp_error *err);
void sp_package_places_free(struct sp_package_places *places); /* NULL is fine */
/* What struct sp_attribution_options wants as .resolve; PLACES is the .context. A package is remembered for
 * its directory, so that what happens there later does not change it. */
bool sp_package_places_resolve(void *places, const char *directory, struct sp_buffer *purl);
