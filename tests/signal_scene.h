/* signal_scene.h: two packages told in a few words, for the tests of signals. */
#pragma once
#include "metadata/record.h"
#include "metadata/signal.h"

#define SCENE_NOW ((int64_t)1793491200) /* 2026-11-01, midnight */

/* What is NULL is unknown; "" is known and empty. */
struct told {
    const char *name;
    const char *ecosystem; /* NULL: npm */
    const char *namespace_;
    const char *description, *readme, *licence, *owner, *repository, *homepage;
    const char *deprecated, *relocated; /* "-": known not to be */
    const char *accounts;               /* "ann bob"; a word with an '@' is an e-mail address alone */
    const char *releases;               /* "1.0.0=2020-01-31 1.0.1"; without a time where there is none */
    const char *created;                /* a date, whatever it is */
    const char *downloads;
    const char *dependencies;      /* "lodash react" */
    const char *hooks;             /* one a line */
    const char *held, *provenance; /* "yes", "no" */
};

/* NULL for a package without a name: nobody looked it up. The caller frees it. */
struct sp_record *tell(const struct told *told);
