/* manifests.h: the manifests that lie in a folder, and what an argument may mean. */
#pragma once
#include "cli/options.h"
#include "manifest/manifest.h"

/* The format that a file named PATH is known to have; NULL: it is no manifest's name. */
const struct sp_manifest_format *sp_manifests_by_name(const char *path);

/* The format of the file PATH, by its name, else by how it begins; NULL: unknown. */
const struct sp_manifest_format *sp_manifests_of(const char *path);

/* Adds to WORDS the known manifests that lie directly in FOLDER (regular files, sorted), each as
 * "FOLDER/NAME", or "NAME" where FOLDER is ".". Strings are in ARENA. */
int sp_manifests_in(const char *folder, struct sp_arguments *words, struct sp_arena *arena,
                    struct sp_error *err);

/* The ids of the formats, for the option tables. */
const char *sp_manifests_id_at(size_t position);
