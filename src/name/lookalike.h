/* lookalike.h: what a name looks like. Sources: Unicode Technical Standard 39 (skeleton), by ICU's uspoof;
 * and the ASCII sequences that resemble each other in common fonts (rn m, vv w, cl d, 0 o, 1 l i, 5 s). */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Opened at the first name that is not ASCII: ICU's tables cost milliseconds. Zero-initialise. */
struct sp_lookalike {
    void *spoof;  /* USpoofChecker */
    void *folder; /* UCaseMap */
};
void sp_lookalike_free(struct sp_lookalike *lookalike);

bool sp_is_ascii(const char *string, size_t length);

/* The ASCII letters that STRING (valid UTF-8) resembles, lower case: its Unicode skeleton. An ASCII string is
 * only lowered. OUT has SIZE bytes; returns the length, at most SIZE, 0 when ICU refuses. */
size_t sp_skeleton(struct sp_lookalike *lookalike, const char *string, size_t length, char *out, size_t size);

/* Folds the ASCII lookalikes of a skeleton and leaves out delimiters; returns the length (<= LENGTH). */
size_t sp_fold_lookalikes(const char *string, size_t length, char *out);
