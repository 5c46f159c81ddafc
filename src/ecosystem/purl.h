/* purl.h: package URLs, both ways. Source: package-url/purl-spec, PURL-SPECIFICATION and PURL-TYPES. */
#pragma once
#include "base/memory.h"
#include "ecosystem/ecosystem.h"

struct sp_purl_qualifier {
    const char *key, *value; /* decoded; key lower case */
};

/* All strings are decoded, NUL-terminated and live in the arena given to sp_purl_parse. */
struct sp_purl {
    const char *type;                           /* lower case */
    const char *namespace_;                     /* NULL: none; segments joined by '/' */
    const char *name;                           /* after the type's own normalisation */
    const char *version;                        /* NULL: none */
    const char *subpath;                        /* NULL: none */
    const struct sp_purl_qualifier *qualifiers; /* sorted by key, empty values dropped */
    size_t qualifier_count;
    const struct sp_ecosystem *ecosystem; /* NULL: a type that is none of ours */
};

#define SP_PURL_MAX 8192

/* Parses TEXT (LENGTH bytes, any bytes). -1 with ERR naming the rule and the place. */
int sp_purl_parse(const char *text, size_t length, struct sp_purl *out, struct sp_arena *arena,
                  struct sp_error *err);
/* Appends the canonical string of PURL to OUT. */
int sp_purl_format(const struct sp_purl *purl, struct sp_buffer *out, struct sp_error *err);

/* The package's name as its own tools write it ("@babel/core", "org.slf4j:slf4j-api",
 * "github.com/spf13/cobra"); appended to OUT. */
int sp_purl_package_name(const struct sp_purl *purl, struct sp_buffer *out, struct sp_error *err);
/* The other way: fills OUT (strings in ARENA) from a package's name and version (NULL: none). */
int sp_purl_from_package(const struct sp_ecosystem *ecosystem, const char *name, const char *version,
                         struct sp_purl *out, struct sp_arena *arena, struct sp_error *err);
