/* pypi_simple.h: a project's page of the simple API while it is read, whichever form it has. */
#pragma once
#include "base/hash.h"
#include "metadata/pypi_index.h"

struct sp_pypi_release {
    const char *number; /* in the record's arena */
    int64_t time;       /* of its first file */
    size_t file_count, yanked_count;
    bool provenance;
    struct sp_pypi_files files;
};

struct sp_pypi_page {
    const struct sp_teller *teller;
    struct sp_map places; /* of versions in .releases */
    struct sp_pypi_release *releases;
    size_t count, capacity;
    bool tells_provenance;        /* the page speaks of attestations at all */
    char status[32], reason[256]; /* PEP 792; "": not said */
};
void sp_pypi_page_free(struct sp_pypi_page *page);

struct sp_pypi_page_file {
    const char *name, *url;
    int64_t time, size; /* SP_TIME_UNKNOWN, -1 */
    int provenance;     /* 1 attested, 0 not, -1 not said */
    bool yanked, metadata;
};
/* Each adds to PAGE what is a version, or a file of one; anything else is passed over. -1: memory ran out. */
int sp_pypi_page_version(struct sp_pypi_page *page, const char *version, size_t length, struct sp_error *err);
int sp_pypi_page_file(struct sp_pypi_page *page, const struct sp_pypi_page_file *file, struct sp_error *err);
int sp_pypi_page_tell(struct sp_pypi_page *page, const char *wanted, struct sp_pypi_files *files,
                      struct sp_error *err);
