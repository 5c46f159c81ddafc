/* npm_packument.h: what an npm registry says about a package: a packument, full or abbreviated.
 * Source: npm registry documentation, "Package Metadata" (github.com/npm/registry, docs/responses). */
#pragma once
#include "metadata/npm_manifest.h"

/* Tells what the packument in BYTES (LENGTH, a NUL follows) says of version or tag WANTED (in the
 * record's arena; NULL: the latest), and sets presence, name and version of TELLER's record. MANIFEST: of
 * that version; zeroed where there is none. What is damaged becomes a problem, and nothing of it is told. -1:
 * memory ran out. */
int sp_npm_packument_tell(const struct sp_teller *teller, const char *wanted, const char *bytes,
                          size_t length, struct sp_npm_manifest *manifest, struct sp_error *err);

struct sp_npm_time {
    const char *number; /* borrowed */
    size_t length;
    int64_t time;
};
/* Whether TIMES (which is reordered) cannot be those of publication: earlier versions came after later ones
 * of the same line, or all came at once. Registries that mirror others on demand note when they first fetched
 * a version. Versions that are no semantic versions are passed over. */
bool sp_npm_times_are_mirrored(struct sp_npm_time *times, size_t count);
