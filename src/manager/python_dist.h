/* python_dist.h: one *.dist-info or *.egg-info directory: which modules it brings. All of it is hostile.
 * Sources: "Recording installed projects" and "Entry points specification" of packaging.python.org;
 * setuptools' top_level.txt. */
#pragma once
#include "base/memory.h"
#include "manager/node_package.h"

struct sp_python_dist {
    const char *name, *version; /* from METADATA or PKG-INFO; NULL: not said */
    struct sp_strings modules;  /* "yaml", "google.protobuf": what to import */
    struct sp_strings tops;     /* first components beneath site-packages, for the digest: "yaml", "six.py" */
    struct sp_strings scripts;  /* names of console scripts */
    bool has_pth;               /* a .pth file directly in site-packages */
};
void sp_python_dist_free(struct sp_python_dist *dist);
#define sp_autodist __attribute__((cleanup(sp_python_dist_free)))

/* "Name:" and "Version:" of the headers in METADATA. */
int sp_python_read_metadata(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                            size_t length, struct sp_error *err);
/* Files from RECORD (CSV). */
int sp_python_read_record(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                          size_t length, struct sp_error *err);
/* One name a line. */
int sp_python_read_top_level(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                             size_t length, struct sp_error *err);
/* The section [console_scripts]. */
int sp_python_read_entry_points(struct sp_python_dist *dist, struct sp_arena *arena, const char *text,
                                size_t length, struct sp_error *err);
