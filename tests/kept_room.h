/* kept_room.h: answers of registries that lie in a directory of a test's own, and look-ups that know nothing
 * else. */
#pragma once
#include "gate/lookups.h"

/* A new directory that kept_room_remove takes away again. Fails the test where it cannot be made. */
void kept_room_make(char out[64]);
void kept_room_remove(const char *directory);

/* Offline over DIRECTORY, with the public registries' addresses whatever this machine is configured to; the
 * filter and INDEX (borrowed) as they are shipped. The caller closes it. */
struct sp_lookups *kept_room_lookups(const char *directory, struct sp_index *index);
/* Whether TEXT is what sp_utf8_printable makes of it. */
bool kept_room_printable(const char *text);
