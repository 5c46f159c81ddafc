/* npm_manifest.h: a version's package.json, in a packument or in a tarball.
 * Sources: npm documentation, "package.json"; npm registry documentation, "Package Metadata".
 *
 * The public registry adds to what was published who published it (_npmUser); where that stands, the manifest
 * is the registry's own and complete. Registries that pass on package.json as it lies in the tarball do not
 * have it: "maintainers" in there is whatever its author wrote. */
#pragma once
#include "metadata/walk.h"

struct sp_npm_manifest {
    const char *tarball;  /* in the record's arena; NULL: it does not say */
    int64_t size;         /* of the tarball unpacked; -1: it does not say */
    bool scripts;         /* it has scripts, whatever they are */
    bool install_scripts; /* preinstall, install or postinstall is among them */
};
/* Tells what the manifest that begins next in WALK says. WHOLE: what it leaves out is known to be missing
 * (a tarball's own); a packument may be an extract. */
void sp_npm_manifest_tell(struct sp_json_walk *walk, bool whole, struct sp_npm_manifest *out);

/* Each tells what the value that begins next says; a field that is known already stays. */
void sp_npm_tell_text(struct sp_json_walk *walk, enum sp_field field);
void sp_npm_tell_licence(struct sp_json_walk *walk);
void sp_npm_tell_link(struct sp_json_walk *walk, enum sp_field field);
void sp_npm_tell_keywords(struct sp_json_walk *walk);
/* ACCOUNTS: names are account names (packument); else they are as their author wrote them. */
void sp_npm_tell_people(struct sp_json_walk *walk, enum sp_field field, bool accounts);

/* The package that a deprecation notice plainly names in place of NAME, appended to OUT; else nothing. */
int sp_npm_relocation(const char *notice, const char *name, struct sp_buffer *out, struct sp_error *err);
