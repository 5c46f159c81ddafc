/* stand_in.h: a directory whose packages are served in place of a registry's:
 *
 *   npm/NAME/packument.json   npm/NAME/FILE.tgz   npm/@SCOPE/NAME/...
 *   pypi/NAME/index.json      pypi/NAME/FILE      (PEP 691; NAME as PEP 503 writes it)
 *
 * Names come from the sandbox: they are checked, and nothing is followed out of the directory. */
#pragma once
#include "base/buffer.h"
#include "registry/registry.h"

#include <stdbool.h>

struct sp_stand_in;
/* Opens PATH, which may be out of reach for the process later on; what lies in it must be world-readable. */
int sp_stand_in_open(struct sp_stand_in **out, const char *path, struct sp_error *err);
void sp_stand_in_close(struct sp_stand_in *stand_in); /* NULL is fine */

/* Whether package NAME is there. STAND_IN may be NULL: it is not. */
bool sp_stand_in_has(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name);
/* Appends the page of NAME to OUT. */
int sp_stand_in_page(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name,
                     struct sp_buffer *out, struct sp_error *err);
/* A descriptor of the artefact of NAME that URL's last segment names; the caller closes it. -1: not there. */
int sp_stand_in_artefact(const struct sp_stand_in *stand_in, enum sp_registry_kind kind, const char *name,
                         const char *url, struct sp_error *err);
