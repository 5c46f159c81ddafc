/* run_given.h: runs made by hand, for the tests of their reports. */
#pragma once
#include "report/run.h"

#define MS 1000000ull

extern const struct sp_run_package given_packages[3]; /* direct, indirect, refused */
extern const struct sp_finding given_thief;           /* behaviour of a package, block */
extern const struct sp_finding given_startup_file;    /* laid to no package, review */
extern const struct sp_finding given_crossenv;        /* a name, block */
extern const struct sp_event given_call, given_passed;
extern const struct sp_run_load given_unloaded;
extern const struct sp_run_change given_changes[6]; /* new directory, new, modified, deleted, two refused */
extern const struct sp_limits given_limits;
extern const struct sp_risk_model given_model;
extern const struct sp_package_risk given_risks[3]; /* block, nobody at review, none */

struct run {
    struct sp_verdict verdict;
    struct sp_run_report report;
    struct sp_run_report_options options;
    struct sp_buffer out;
};

/* A run without fault. */
void given_run(struct run *run);
void given_end(struct run *run);
void given_finding(struct run *run, const struct sp_finding *finding);
void given_unseen(struct run *run, const char *line);
/* Its three packages, and nothing landed. */
void given_refusal(struct run *run);

/* The reports; owned by RUN until the next. */
const char *text_of(struct run *run);
const char *json_of(struct run *run);
void assert_holds(const char *text, const char *part);
void assert_lacks(const char *text, const char *part);
/* Valid UTF-8, and nothing in it moves a cursor. */
void assert_harmless(const char *text);
