/* npm_artefact.h: what a package's tarball says of itself, where its registry does not: package.json, readme,
 * whether it is built at install. Source: npm documentation, "package.json" and "scripts" (an install script
 * of node-gyp is assumed where binding.gyp lies at the top). */
#pragma once
#include "metadata/record.h"

/* TARBALL (LENGTH bytes, a NUL follows). Hooks that the record knows already stay, and those of the tarball
 * that are not among them are added, with a problem that says so: what is installed is the tarball. What is
 * damaged becomes a problem. -1: memory ran out. */
int sp_npm_artefact_tell(struct sp_record *record, int64_t time, const char *tarball, size_t length,
                         struct sp_error *err);
