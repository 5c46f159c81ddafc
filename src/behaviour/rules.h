/* rules.h: a few proofs that need no statistics, over the events of a run. One const struct each in one
 * table. */
#pragma once
#include "trace/event.h"
#include "sandbox/decoys.h"
#include "verdict/finding.h"

struct sp_rule {
    const char *id; /* "run/decoy-read" */
    const char *title, *source;
    enum sp_severity severity; /* at most */
};
extern const struct sp_rule *const sp_rules[];
extern const size_t sp_rule_count;

struct sp_behaviour; /* events in, findings out */
int sp_behaviour_new(struct sp_behaviour **out, const struct sp_decoys *decoys, const char *home,
                     struct sp_error *err);
void sp_behaviour_free(struct sp_behaviour *behaviour);
/* Takes one event. Returns the severity of the worst finding that it completed (NONE: none): with BLOCK,
 * enforce mode stops the run at once. */
enum sp_severity sp_behaviour_take(struct sp_behaviour *behaviour, const struct sp_event *event);
/* Appends the findings (same rule, subject and package once, with a count) to VERDICT. */
int sp_behaviour_findings(struct sp_behaviour *behaviour, struct sp_verdict *verdict, struct sp_error *err);
