/* schema.h: a validator of the part of JSON Schema (draft-07) that docs/schema uses: type, enum, properties,
 * required, additionalProperties, items, minimum, maximum and $ref within the document. A keyword that it
 * does not know fails, so that no rule is passed over in silence. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

/* Whether VALUE is what SCHEMA (a part of ROOT, which resolves its references) asks for; WHY (512 bytes) gets
 * the place and the rule that is broken. */
bool schema_holds(json_t *root, json_t *schema, json_t *value, char *why);

/* The part of ROOT that POINTER ("#/definitions/finding") names; NULL: none. */
json_t *schema_at(json_t *root, const char *pointer);
