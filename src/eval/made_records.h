/* made_records.h: pairs of packages that are made up after documented patterns, as the documents of each
 * registry's protocol. They exercise clients, signals and filter end to end; nothing that is measured may
 * rest on them, and every row says so (source "made up"). All names, people and texts are invented. */
#pragma once
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct sp_made_options {
    uint64_t seed;  /* the same seed, pairs and time give the same bytes */
    unsigned pairs; /* 0: 400 */
    int64_t now;    /* that ages are counted from, seconds since 1970; 0: 2025-06-01 */
    /* Called with each document: the URL of the public registry and the Accept (NULL: any) with which the
     * clients ask for it, its Content-Type, the bytes (borrowed): what sp_keeping_put takes. A failure ends
     * the run. NULL: no documents. */
    int (*put)(void *context, const char *url, const char *accept, const char *type, const char *bytes,
               size_t length, struct sp_error *err);
    void *context;
};

/* Writes the documents through .put, and to PAIRS a table as pairs.h reads it: ecosystem, name, target, label
 * (attack, benign), kind, categories (the pattern's name), source. */
int sp_made_records_write(const struct sp_made_options *options, FILE *pairs, struct sp_error *err);

/* The name of pattern INDEX, NULL behind the last; *ATTACK (may be NULL): its class. */
const char *sp_made_pattern_name(size_t index, bool *attack);
