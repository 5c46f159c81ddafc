/* purl_type.h: what the package URL specification says of single types. Only for the files of this directory.
 * Source: package-url/purl-spec, PURL-TYPES and its JSON definitions. */
#pragma once
#include "ecosystem/ecosystem.h"

enum {
    SP_PURL_LOWER_NAMESPACE = 1,
    SP_PURL_LOWER_NAME = 2,
    SP_PURL_LOWER = SP_PURL_LOWER_NAMESPACE | SP_PURL_LOWER_NAME,
    SP_PURL_LOWER_VERSION = 4,
    SP_PURL_DASHES = 8,       /* '_' in names becomes '-' */
    SP_PURL_UNDERSCORES = 16, /* '-' in names becomes '_' */
    SP_PURL_NEEDS_NAMESPACE = 32,
    SP_PURL_NO_NAMESPACE = 64,
};

struct sp_purl_type {
    const char *type;
    const struct sp_ecosystem *ecosystem; /* NULL: none of ours */
    unsigned rules;
};

/* By type in lower case; NULL: the specification has no rule for it. */
const struct sp_purl_type *sp_purl_type_find(const char *type);
/* The type by which ECOSYSTEM's packages are named; never NULL. */
const struct sp_purl_type *sp_purl_type_of(const struct sp_ecosystem *ecosystem);

/* Brings the decoded components of a package URL to the form of its TYPE (may be NULL), in place; each may be
 * NULL. */
void sp_purl_type_normalise(const struct sp_purl_type *type, char *space, char *name, char *version);
