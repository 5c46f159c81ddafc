/* golang.h: the documents of a module proxy, read. Each returns SP_READ, SP_NOT_READ or -1. */
#pragma once
#include "metadata/documents.h"

/* @v/list: the releases; times only where every version holds its own (pseudo-versions). */
int sp_golang_read_list(const struct sp_teller *teller, const char *bytes, size_t length,
                        struct sp_error *err);
struct sp_golang_info {
    const char *version, *repository; /* in the record's arena; NULL not said */
    int64_t time;
};
/* @latest and @v/VERSION.info. */
int sp_golang_read_info(const struct sp_teller *teller, const char *bytes, size_t length,
                        struct sp_golang_info *out, struct sp_error *err);
/* go.mod of the version that is described: what it calls itself and what it requires directly. */
int sp_golang_read_module(const struct sp_teller *teller, const char *bytes, size_t length,
                          struct sp_error *err);
/* go.mod of the latest version: deprecation and retractions, which go for all versions. */
int sp_golang_read_notices(const struct sp_teller *teller, const char *bytes, size_t length,
                           struct sp_error *err);
/* The host's document about a repository (GitHub's REST API). CREATED: whether its age is the module's. */
int sp_golang_read_repository(const struct sp_teller *teller, bool created, const char *bytes, size_t length,
                              struct sp_error *err);

/* Appends PATH as the protocol writes it: '!' before what was an upper-case letter. */
int sp_golang_escape(struct sp_buffer *url, const char *path, struct sp_error *err);
/* The release that "latest" means: the greatest, releases before prereleases before pseudo-versions; and the
 * least of all. NULL: there is none. */
const char *sp_golang_latest(const struct sp_record *record);
const char *sp_golang_first(const struct sp_record *record);
