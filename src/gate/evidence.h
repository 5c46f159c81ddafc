/* evidence.h: what was seen of a run, kept for the report: events in their order, and the packages that they
 * name. */
#pragma once
#include "base/hash.h"
#include "behaviour/attribution.h"
#include "behaviour/features.h"
#include "behaviour/risk.h"
#include "behaviour/rules.h"
#include "gate/check.h"
#include "gate/policy.h"
#include "report/run.h"
#include "trace/file.h"

#define SP_EVIDENCE_EVENTS_MAX 20000u
#define SP_EVIDENCE_PACKAGES_MAX 200000u
#define SP_EVIDENCE_PROCESSES_MAX 20000u

struct sp_package_places;
struct sp_evidence {
    struct sp_arena arena;
    struct sp_event *events;
    size_t event_count, event_capacity, event_more;
    struct sp_run_process *processes; /* made by sp_evidence_report */
    size_t acts_more; /* acts of processes that the rules saw and the report has no room for */
    struct sp_run_package *packages;
    size_t package_count, package_capacity;
    struct sp_map by_version;           /* "npm name version" -> package */
    struct sp_map judged;               /* "npm name": door one has looked */
    struct sp_attribution *attribution; /* owned, as the next two */
    struct sp_features *features;
    struct sp_behaviour *behaviour;
    const struct sp_risk_judge *model; /* borrowed; NULL: no model judges */
    bool model_named;                  /* the user asked for it by name: its silence is told as unseen */
    struct sp_risks risks;
    struct sp_package_places *places; /* owned; NULL: the run has no sandbox, as in a replay */
    struct sp_event_sink place_sink;
    struct sp_attribution_options attributing;
    const struct sp_decoys *decoys; /* borrowed; NULL: none */
    struct sp_trace_writer *trace;  /* owned by the run; NULL: none is written */
    bool probed;                    /* probes watch: a decoy that was opened has its process */
    struct sp_map opened;           /* decoys' paths: 1 opened by somebody, 2 with the process known */
    struct sp_checker *checker;     /* borrowed; NULL: no door one */
    struct sp_verdict *verdict;     /* borrowed: findings go there */
    const struct sp_policy *policy; /* borrowed; NULL: what it allows does not raise .worst */
    enum sp_phase phase;
    enum sp_severity worst; /* of what the rules completed so far */
    bool failed;            /* memory ran out: the evidence is not whole */
    size_t source_builds;   /* source distributions that were handed out */
};
/* Borrowed for as long as the evidence is open; each may be NULL. */
struct sp_evidence_options {
    const struct sp_decoys *decoys;
    const char *home, *project;
    const char *manager, *ecosystem;
    const char *const *allow_write; /* NULL-terminated, absolute */
    bool unanswered;                /* nobody answers what is called outside the registry */
    bool replayed;                  /* there is no sandbox whose directories could be looked into */
    struct sp_checker *checker;
    const struct sp_risk_judge *model;
    bool model_named;
    struct sp_verdict *verdict;
};
int sp_evidence_open(struct sp_evidence *evidence, const struct sp_evidence_options *options,
                     struct sp_error *err);
/* From here on packages' directories are looked into beneath ROOT, borrowed, of a sandbox. */
int sp_evidence_room(struct sp_evidence *evidence, int root, struct sp_error *err);
/* Says that a command of token TOKEN was started: PACKAGE (purl; NULL: the package manager) is loaded by it.
 */
void sp_evidence_command(struct sp_evidence *evidence, uint32_t token, const char *package,
                         const char *const *argv);
/* Whether, in a room whose commands ended at ENDED, there is something left to wait for: what a package let
 * go waits for that end and dies with the room, and before that it may show itself. Bounded, and without
 * probes nobody knows. */
#define SP_LINGER_NANOSECONDS ((uint64_t)2 * 1000000000u)
bool sp_evidence_lingers(const struct sp_evidence *evidence, uint64_t ended);
/* After the last event of a room: decoys whose opening the probes did not see are told all the same. */
void sp_evidence_settle(struct sp_evidence *evidence);
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
/* Fills in REPORT's packages, events and processes, borrowed from EVIDENCE. */
void sp_evidence_report(struct sp_evidence *evidence, struct sp_run_report *report);
/* What the model says of the packages: the risks, a finding for each at review or block, and where it could
 * not judge. After the last event. */
int sp_evidence_model(struct sp_evidence *evidence, struct sp_error *err);
/* At the end: the findings of both doors and of the model, and what could not be seen or kept, go to the
 * verdict. */
int sp_evidence_sum_up(struct sp_evidence *evidence, struct sp_error *err);
