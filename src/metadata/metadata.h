/* metadata.h: packages looked up, each once, many at a time. */
#pragma once
#include "metadata/client.h"

struct sp_metadata;
struct sp_metadata_options {
    const struct sp_transport *transport; /* borrowed */
    const struct sp_bases *bases;         /* borrowed */
    bool ranks;                           /* ask the optional sources of rank and downloads too */
    unsigned jobs;                        /* look-ups at once; 0: 32 */
    size_t limit;                         /* look-ups in all; what comes after stays unknown. 0: none */
};
int sp_metadata_open(struct sp_metadata **out, const struct sp_metadata_options *options,
                     struct sp_error *err);
/* Nothing may be under way. NULL is fine. */
void sp_metadata_close(struct sp_metadata *metadata);

/* The record of NAME: looked up the first time, the same afterwards (a deeper one replaces a shorter one for
 * later callers). Owned by METADATA until it is closed. NULL only where memory ran out. Thread-safe; two
 * threads that ask for the same share one look-up. */
const struct sp_record *sp_metadata_record(struct sp_metadata *metadata, const struct sp_ecosystem *ecosystem,
                                           const char *name, const char *version, enum sp_depth depth,
                                           struct sp_error *err);

struct sp_sought {
    const struct sp_ecosystem *ecosystem;
    const char *name, *version;
    enum sp_depth depth;
};
/* Looks all of them up, .jobs at once; records are then had by sp_metadata_record. PROGRESS may be NULL. */
int sp_metadata_fetch(struct sp_metadata *metadata, const struct sp_sought *sought, size_t count,
                      void (*progress)(void *context, size_t done, size_t all), void *context,
                      struct sp_error *err);
struct sp_metadata_figures {
    size_t looked_up, unknown, absent; /* packages */
    double seconds;                    /* waited for answers, all threads added up */
};
void sp_metadata_tally(struct sp_metadata *metadata, struct sp_metadata_figures *out);
