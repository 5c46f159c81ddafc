/* rules.h: a few proofs that need no statistics, over the events of a run. One const struct each in one
 * table, which docs/rules.md shows. */
#pragma once
#include "trace/event.h"
#include "behaviour/attribution.h"
#include "sandbox/decoys.h"
#include "verdict/finding.h"

struct sp_behaviour; /* events in, findings out */
struct sp_remark;    /* judge.h: what a rule says about one event */

/* Whose acts a rule judges in full. */
enum sp_rule_who {
    SP_RULE_ALL,      /* everybody's: a planted secret is nobody's business */
    SP_RULE_PACKAGES, /* packages', and what is laid to nobody; the project's own scripts and plain commands
                         are for review at most, the package manager's own acts are not looked at */
};

struct sp_rule {
    const char *id; /* "run/decoy-read" */
    const char *title, *source;
    enum sp_severity severity;     /* at most */
    const char *evidence, *advice; /* for the documentation */
    const char *page;              /* its section: "docs/rules.md#rundecoy-read" */
    enum sp_rule_who who;
    uint32_t kinds; /* events that it looks at: bits 1 << enum sp_event_kind */
    /* Whether EVENT is one; REMARK then says it. */
    bool (*read)(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark);
};
extern const struct sp_rule *const sp_rules[];
extern const size_t sp_rule_count;

/* All borrowed for as long as the judge lives; each may be NULL: unknown. Paths are inside. */
struct sp_behaviour_options {
    const struct sp_decoys *decoys;
    const char *home, *project;
    const struct sp_attribution *attribution; /* takes each event before this does */
    /* Whether a finding of RULE laid to PACKAGE (a purl; NULL: none) is allowed, so that it stops no run. */
    bool (*allows)(void *context, const char *rule, const char *package);
    void *allows_context;
    bool unanswered; /* whoever is called outside hears and does not answer: nothing arrives from there */
    const char *const *allow_write; /* NULL-terminated: paths that --allow-write names; what lies beneath is
                                       no finding of a change */
};
int sp_behaviour_new(struct sp_behaviour **out, const struct sp_behaviour_options *options,
                     struct sp_error *err);
void sp_behaviour_free(struct sp_behaviour *behaviour); /* NULL is fine */
/* Takes one event. Returns the severity of the worst finding that it completed (NONE: none): with BLOCK,
 * enforce mode stops the run at once. Cannot fail: what memory has no room for is counted as unseen. */
enum sp_severity sp_behaviour_take(struct sp_behaviour *behaviour, const struct sp_event *event);
/* How many remarks were made so far, notes included. */
size_t sp_behaviour_count(const struct sp_behaviour *behaviour);
/* Appends the findings (same rule, subject and package once, with a count) to VERDICT, in the order in which
 * they were first made, and what could not be seen. Strings go to VERDICT's arena. */
int sp_behaviour_findings(struct sp_behaviour *behaviour, struct sp_verdict *verdict, struct sp_error *err);
