/* corpus.h: makes packages to learn from: replicas of attacks, honest twins of the same make, and copies of
 * real packages that a technique was put into. All are harmless, and act inside the sandbox alone:
 * docs/corpus.md. */
#pragma once
#include "eval/catalogue.h"
#include "registry/registry.h"

struct sp_corpus_options {
    const char *out;    /* folder to be made; must not be there, or be empty */
    const char *folder; /* of the catalogue: "corpus" */
    const char *hosts;  /* TSV (ecosystem, name, version): real packages; NULL: no implants are made */
    const struct sp_registries *registries; /* to fetch the hosts from; NULL with hosts */
    const char *const *techniques;          /* only these; NULL or empty: all */
    size_t technique_count;
    uint64_t seed;
    unsigned replicas; /* of a technique and ecosystem */
    unsigned twins;    /* likewise */
    /* Told after each package. May be NULL. */
    void (*progress)(void *context, const char *what, size_t done);
    void *progress_context;
};

struct sp_corpus_counts {
    size_t replicas, twins, implants;
};

/* Writes a stand-in tree. The same seed and catalogue give the same bytes; answers/ also holds the machine's
 * own /bin/true. */
int sp_corpus_make(const struct sp_corpus_options *options, struct sp_corpus_counts *counts,
                   struct sp_error *err);
