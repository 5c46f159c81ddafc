/* pypi_index.h: what a Python package index says of a project.
 * Sources: PyPI documentation, "JSON API"; PyPA specifications, "Simple repository API" (PEP 503, 592, 629,
 * 658, 691, 700, 714, 740) and "Project status markers" (PEP 792). */
#pragma once
#include "metadata/walk.h"

/* The files of the version that is described. Strings are in the record's arena; NULL: there is none. */
struct sp_pypi_files {
    const char *wheel, *source;      /* URLs, as the document has them */
    int64_t wheel_size, source_size; /* -1: not said */
    bool wheel_metadata;             /* its METADATA lies beside it, at the URL and ".metadata" */
    bool other_version;              /* the document describes another version than was wanted */
};

/* The JSON API's document (BYTES, LENGTH, a NUL follows). WANTED: the version that is asked about; NULL: the
 * document's own; like all strings of a record it is in its arena. ANYWAY: what it says of another version is
 * better than nothing. -1: memory ran out. */
int sp_pypi_json_tell(const struct sp_teller *teller, const char *wanted, bool anyway, const char *bytes,
                      size_t length, struct sp_pypi_files *files, struct sp_error *err);
/* The simple API's page, JSON or HTML. The version is that of the record where it has one, else WANTED, else
 * the greatest that is neither yanked nor early. FILES that are known already stay. */
int sp_pypi_simple_json_tell(const struct sp_teller *teller, const char *wanted, const char *bytes,
                             size_t length, struct sp_pypi_files *files, struct sp_error *err);
int sp_pypi_simple_html_tell(const struct sp_teller *teller, const char *wanted, const char *bytes,
                             size_t length, struct sp_pypi_files *files, struct sp_error *err);
