/* ecosystem.h: what a registry allows its names to be. One file an ecosystem, one const struct of functions.
 */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* No registry allows more: npm 214 bytes, PyPI and RubyGems far less, Maven and Go have no rule of their own.
 */
#define SP_NAME_MAX 512

enum sp_ecosystem_id {
    SP_NPM,
    SP_PYPI,
    SP_RUBYGEMS,
    SP_MAVEN,
    SP_GOLANG,
    SP_HUGGINGFACE,
    SP_CARGO,
    SP_NUGET, /* rules for names only: there is no popular list */
    SP_ECOSYSTEM_COUNT,
};

struct sp_slice {
    const char *bytes; /* borrowed; not NUL-terminated */
    size_t length;
};

/* A normalised name in its parts; the slices point into the name that was split. */
struct sp_name_parts {
    struct sp_slice
        namespace_; /* npm "@babel", Maven "org.slf4j", Go "github.com/spf13", HF "google"; empty: none */
    struct sp_slice
        identifier; /* npm "core", Maven "slf4j-api", Go "cobra" (no /vN, no .vN), HF "bert-base" */
};

struct sp_ecosystem {
    enum sp_ecosystem_id id;
    const char *name;  /* purl type, and what the user types: "npm" */
    const char *title; /* for people: "PyPI" */
    const char *const
        *aliases;       /* other spellings that the user may type ("go", "gem", "hf"); NULL-terminated */
    const char *source; /* where the naming rules are written down */
    bool has_namespaces;
    bool folds_case;        /* names that differ by case only are the same package */
    const char *delimiters; /* bytes that separate words in a name, e.g. "-_." */

    /* Whether NAME (LENGTH bytes, any bytes) could be a package there, by the registry's rule for new or old
     * names whichever is wider. 0, or -1 with ERR naming the rule it breaks and the offending place. */
    int (*validate)(const char *name, size_t length, struct sp_error *err);
    /* Appends to OUT the form by which the registry compares names (PEP 503 for PyPI; lower case where the
     * registry folds). NAME is valid. */
    int (*normalise)(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err);
    /* Splits a normalised name. Never fails: without a namespace the identifier is the whole. */
    void (*split)(const char *name, size_t length, struct sp_name_parts *out);
};

/* The table of all, in the order of their ids. */
extern const struct sp_ecosystem *const sp_ecosystems[SP_ECOSYSTEM_COUNT];

/* By purl type or alias, any case; NULL: unknown. */
const struct sp_ecosystem *sp_ecosystem_find(const char *name, size_t length);

/* Validates and normalises NAME into OUT (cleared first). */
int sp_ecosystem_read_name(const struct sp_ecosystem *ecosystem, const char *name, size_t length,
                           struct sp_buffer *out, struct sp_error *err);

/* The flattened form of a normalised name: namespace and identifier joined by one '-', '@' dropped, every run
 * of delimiters one '-', ("@azure/core-tracing" -> "azure-core-tracing"; "org.slf4j:slf4j-api" ->
 * "org-slf4j-slf4j-api"; Go hosts such as github.com dropped). Appends to OUT. */
int sp_ecosystem_flatten(const struct sp_ecosystem *ecosystem, const char *name, size_t length,
                         struct sp_buffer *out, struct sp_error *err);
