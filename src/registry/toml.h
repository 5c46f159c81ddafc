/* toml.h: the strings and booleans of a TOML file with the keys that lead to them: enough of TOML to pass
 * over what is none of ours. Source: TOML 1.0.0. */
#pragma once
#include "registry/reading.h"

struct sp_toml_item {
    const char *key;   /* "tool.uv.index.url"; a dot within a part is written \x01 */
    const char *value; /* booleans are "true" and "false" */
    size_t group;      /* the same for the keys of one [[table]] or inline table; else 0 */
    unsigned line;
};

/* Calls CALL for each string and boolean, also each within an array, whose key begins with PREFIX. What it
 * points to lives in the arena of the reading. */
int sp_toml_read(struct sp_config_file *file, const char *prefix,
                 int (*call)(void *context, const struct sp_toml_item *item, struct sp_error *err),
                 void *context, struct sp_error *err);
