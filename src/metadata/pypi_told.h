/* pypi_told.h: what Python packages say of themselves, in core metadata or in PyPI's JSON form of it.
 * Sources: PyPA specifications, "Core metadata specifications", "Well-known Project URLs in Metadata",
 * PEP 508, PEP 440. */
#pragma once
#include "metadata/record.h"

/* The old "UNKNOWN" of setuptools and blank text: nothing was said. */
bool sp_pypi_is_blank(const char *text, size_t length);
/* NAME with EMAIL, either of which may hold a list or be NULL. */
int sp_pypi_tell_authors(const struct sp_teller *teller, const char *name, const char *email,
                         struct sp_error *err);
/* The name of a requirement, unless it is for an extra only. */
int sp_pypi_tell_requirement(const struct sp_teller *teller, const char *text, size_t length,
                             struct sp_error *err);
/* A project URL by its label; one that is neither repository nor homepage is passed over. */
int sp_pypi_tell_url(const struct sp_teller *teller, const char *label, const char *url,
                     struct sp_error *err);
/* A classifier may name the licence (which a licence of its own comes before), or say that nobody works on
 * the project any more. */
int sp_pypi_tell_classifier(const struct sp_teller *teller, const char *text, size_t length,
                            struct sp_error *err);

/* Orders versions (PEP 440; what is none comes first, by its bytes). */
int sp_pypi_compare(const char *a, const char *b);
/* Whether VERSION is a pre-release or a development release. */
bool sp_pypi_is_early(const char *version);

/* METADATA or PKG-INFO (LENGTH bytes, any): tells all that it says; what it leaves out is known to be
 * missing. -1: memory ran out. */
int sp_pypi_core_tell(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err);
