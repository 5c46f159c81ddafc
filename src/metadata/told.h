/* told.h: what packages write about themselves in the ways that registries share: links, people. */
#pragma once
#include "metadata/record.h"

/* Repository or homepage: credentials in the URL are left out. */
int sp_tell_link(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                 struct sp_error *err);
/* One person as npm writes it, "Name <address> (page)"; also "Name", "<address>", "address@host". */
int sp_tell_person_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                        struct sp_error *err);
/* Several, separated by commas (RFC 5322 address lists as core metadata has them). */
int sp_tell_people_text(const struct sp_teller *teller, enum sp_field field, const char *bytes, size_t length,
                        struct sp_error *err);
/* Keywords in one text, separated by commas, or by spaces where there is no comma. */
int sp_tell_keywords_text(const struct sp_teller *teller, const char *bytes, size_t length,
                          struct sp_error *err);
