/* package_lock.h: the parts of the reader of package-lock.json; nobody else's business. */
#pragma once
#include "base/hash.h"
#include "manifest/npm_spec.h"

/* What a project and its workspaces may name themselves. */
#define SP_LOCK_NAMED_MAX 200000

struct sp_lock_section {
    bool there;
    struct sp_json_reader inside; /* a bookmark behind its '{' */
};

/* A package that the project or a workspace names in its own package.json. */
struct sp_lock_named {
    struct sp_npm_text name, spec;
    bool development, seen, needed; /* needed: not merely a peer */
};

struct sp_lock {
    struct sp_sheet sheet;
    struct sp_json_reader reader;
    struct sp_buffer scratch, tarball;
    int version; /* 0: not stated */
    bool has_root;
    struct sp_lock_section packages, dependencies;
    struct sp_map names; /* name -> its place in NAMED; in v1: names that some package requires */
    struct sp_lock_named *named;
    size_t named_count, named_capacity;
};

/* What is behind the last "node_modules/" of a key of "packages"; NULL: the key is the project's own or a
 * workspace's directory. */
const char *sp_lock_path_tail(const char *path, size_t length);

/* After the key of an importer (the project, a workspace): notes what it names. */
int sp_lock_read_importer(struct sp_lock *lock, struct sp_error *err);
/* After a key of "packages": hands on the package at PATH. */
int sp_lock_read_package(struct sp_lock *lock, const struct sp_npm_text *path, struct sp_error *err);
/* Reads the section "dependencies" of v1. */
int sp_lock_read_old(struct sp_lock *lock, struct sp_error *err);
/* Hands on what an importer names and the lockfile does not list: npm would fetch it all the same. */
int sp_lock_add_missing(struct sp_lock *lock, struct sp_error *err);
