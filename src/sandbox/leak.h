/* leak.h: looks for the decoys' values in a stream, also where one is cut by two reads. */
#pragma once
#include "base/buffer.h"
#include "sandbox/decoys.h"

#define SP_LEAK_SEARCHED_MAX ((uint64_t)1 << 20) /* bytes of one stream */

/* One stream. Zero-initialise. */
struct sp_leak_watch {
    struct sp_decoy_tail tail;
    uint64_t searched;
    uint64_t told[4]; /* a bit for each of the first 256 decoys that were found */
};

/* Calls FOUND with the id of each of DECOYS (NULL: none) that BYTES bring to light, once for each decoy. */
void sp_leak_feed(const struct sp_decoys *decoys, struct sp_leak_watch *watch, const void *bytes,
                  size_t length, void (*found)(void *context, const char *id), void *context);
