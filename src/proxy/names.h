/* names.h: which package and version a path or a file name speaks of.
 * Sources: npm registry API; PEP 427 (wheels), PEP 625 and setuptools (source distributions), PEP 503. */
#pragma once
#include "ecosystem/ecosystem.h"

/* The parts of a path below an npm registry's URL, as it stands on the wire, without the query. */
enum sp_npm_path {
    SP_NPM_OTHER,
    SP_NPM_PACKUMENT, /* NAME or NAME/VERSION */
    SP_NPM_TARBALL,   /* NAME/-/FILE */
};
/* Fills NAME (and VERSION where the path tells, else it stays empty) with what REST says. A scope may be
 * written "@a/b" or "@a%2fb". */
int sp_npm_read_path(const char *rest, enum sp_npm_path *kind, struct sp_buffer *name,
                     struct sp_buffer *version, struct sp_error *err);

/* What FILE, the last segment of a path, is to pip. */
enum sp_python_file { SP_PYTHON_OTHER, SP_PYTHON_WHEEL, SP_PYTHON_SOURCE, SP_PYTHON_METADATA };
/* Fills NAME (PEP 503) and VERSION from FILE. PROJECT, where not NULL, is the project's normalised name and
 * settles where a name with hyphens ends. SP_PYTHON_METADATA: a wheel's name and ".metadata" (PEP 658). */
int sp_python_read_file(const char *file, size_t length, const char *project, enum sp_python_file *kind,
                        struct sp_buffer *name, struct sp_buffer *version, struct sp_error *err);
