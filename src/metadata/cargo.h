/* cargo.h: the documents of crates.io and of registries like it, read. Each returns SP_READ, SP_NOT_READ or
 * -1. */
#pragma once
#include "metadata/documents.h"

/* The file of one crate in the sparse index: one line of JSON a version. The version described: VERSION, else
 * the greatest that is neither yanked nor a prerelease. */
int sp_cargo_read_index(const struct sp_teller *teller, const char *version, const char *bytes, size_t length,
                        struct sp_error *err);
/* api/v1/crates/NAME and api/v1/crates/NAME/owners. */
int sp_cargo_read_crate(const struct sp_teller *teller, const char *bytes, size_t length,
                        struct sp_error *err);
int sp_cargo_read_owners(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err);
/* Cargo.toml as a published crate has it. README (in the record's arena, NULL none) is the file that it names
 * as its readme; *BUILD what it says of a build script. */
enum sp_cargo_build {
    SP_CARGO_BUILD_FOUND /* where there is a build.rs */,
    SP_CARGO_BUILD_NO,
    SP_CARGO_BUILD_YES
};
int sp_cargo_read_manifest(const struct sp_teller *teller, const char *bytes, size_t length,
                           const char **readme, enum sp_cargo_build *build, struct sp_error *err);
/* A whole .crate: its manifest, readme and build script. */
int sp_cargo_read_artefact(const struct sp_teller *teller, const char *bytes, size_t length,
                           struct sp_error *err);

/* Appends where the index keeps NAME: "it/oa/itoa". */
int sp_cargo_index_path(struct sp_buffer *url, const char *name, struct sp_error *err);
