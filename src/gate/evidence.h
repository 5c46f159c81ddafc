/* evidence.h: what was seen of a run, kept for the report: events in their order, and the packages that they
 * name. */
#pragma once
#include "base/hash.h"
#include "behaviour/rules.h"
#include "gate/check.h"
#include "report/run.h"

#define SP_EVIDENCE_EVENTS_MAX 20000u
#define SP_EVIDENCE_PACKAGES_MAX 200000u

struct sp_evidence {
    struct sp_arena arena;
    struct sp_event *events;
    size_t event_count, event_capacity, event_more;
    struct sp_run_package *packages;
    size_t package_count, package_capacity;
    struct sp_map by_version;       /* "npm name version" -> package */
    struct sp_map judged;           /* "npm name": door one has looked */
    struct sp_behaviour *behaviour; /* owned */
    struct sp_checker *checker;     /* borrowed; NULL: no door one */
    struct sp_verdict *verdict;     /* borrowed: findings go there */
    enum sp_phase phase;
    enum sp_severity worst; /* of what the rules completed so far */
    bool failed;            /* memory ran out: the evidence is not whole */
    size_t source_builds;   /* source distributions that were handed out */
};
int sp_evidence_open(struct sp_evidence *evidence, const struct sp_decoys *decoys, const char *home,
                     struct sp_checker *checker, struct sp_verdict *verdict, struct sp_error *err);
void sp_evidence_free(struct sp_evidence *evidence);
/* Takes events; for one thread. */
struct sp_event_sink sp_evidence_sink(struct sp_evidence *evidence);
void sp_evidence_phase(struct sp_evidence *evidence, enum sp_phase phase, const char *why);

/* Reads the manifest PATH (FORMAT NULL: guessed): its packages are entered and judged by name. */
int sp_evidence_manifest(struct sp_evidence *evidence, const char *path,
                         const struct sp_manifest_format *format, struct sp_error *err);
/* Enters and judges a package by its purl, as it was found in the result. */
int sp_evidence_purl(struct sp_evidence *evidence, const char *purl, struct sp_error *err);
/* Judges by name what the events named and nobody judged yet. */
int sp_evidence_judge(struct sp_evidence *evidence, struct sp_error *err);
