/* npm_spec.h: what the text beside a package's name means in npm's files: a version, an alias, or something
 * that is fetched from elsewhere.
 * Source: npm documentation, "package.json", dependencies; npm-package-arg; Yarn's and pnpm's protocols. */
#pragma once
#include "base/json_reader.h"
#include "manifest/sheet.h"

struct sp_npm_spec {
    /* slices of the text that was read; empty: there is none */
    struct sp_slice name;    /* of an alias ("npm:real@^1"): the package that is really meant */
    struct sp_slice version; /* version, range or tag */
    struct sp_slice source;  /* fetched instead of the registry's package */
};

void sp_npm_spec_read(const char *text, size_t length, struct sp_npm_spec *out);

/* A string and where it stands; the bytes are borrowed from the file, or from the arena where it had escapes.
 */
struct sp_npm_text {
    struct sp_slice slice; /* bytes NULL: absent */
    uint32_t line, column;
    bool escaped;
};
/* Keeps the key or string last returned beyond the next token. */
int sp_npm_text_keep(struct sp_npm_text *out, struct sp_sheet *sheet, const struct sp_json_reader *reader,
                     struct sp_error *err);
/* The column of byte OFFSET of TEXT in the file. */
uint32_t sp_npm_text_column(const struct sp_npm_text *text, size_t offset);

/* Hands on the package NAME with the specification SPEC; the flags are taken from LIKE. */
int sp_npm_add(struct sp_sheet *sheet, const struct sp_npm_text *name, const struct sp_npm_text *spec,
               const struct sp_dependency *like, struct sp_error *err);

/* The package in a registry's tarball URL, "https://HOST/.../@scope/name/-/name-1.0.0.tgz", appended to OUT
 * (cleared first; empty: the URL is none such). */
int sp_npm_tarball_name(const char *url, size_t length, struct sp_buffer *out, struct sp_error *err);
