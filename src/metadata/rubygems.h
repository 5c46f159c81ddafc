/* rubygems.h: the documents of RubyGems, read. Each returns SP_READ, SP_NOT_READ or -1. */
#pragma once
#include "metadata/documents.h"

/* gems/NAME.json, or versions/VERSION.json of the second API. */
int sp_rubygems_read_gem(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err);
/* versions/NAME.json. The version described: VERSION, else the newest that is no prerelease. */
int sp_rubygems_read_versions(const struct sp_teller *teller, const char *version, const char *bytes,
                              size_t length, struct sp_error *err);
/* gems/NAME/owners.json. */
int sp_rubygems_read_owners(const struct sp_teller *teller, const char *bytes, size_t length,
                            struct sp_error *err);
/* info/NAME of the compact index. *ANY: whether it lists a version. */
int sp_rubygems_read_index(const struct sp_teller *teller, const char *version, const char *bytes,
                           size_t length, bool *any, struct sp_error *err);
