/* package_places.h: which package lives in a directory of a sandbox, by what lies there. Everything there is
 * hostile. */
#pragma once
#include "base/buffer.h"

#include <stdbool.h>

struct sp_package_places;
/* ROOT: directory descriptor of the sandbox's root, borrowed. SERVED says whether the registry served the
 * package of a purl: only then is a name believed that is not the directory's own. */
int sp_package_places_new(struct sp_package_places **out, int root,
                          bool (*served)(void *context, const char *purl), void *context,
                          struct sp_error *err);
void sp_package_places_free(struct sp_package_places *places); /* NULL is fine */
/* Appends the purl of the package whose directory DIRECTORY (absolute, inside) is. False: none. */
bool sp_package_places_find(struct sp_package_places *places, const char *directory, struct sp_buffer *purl);
