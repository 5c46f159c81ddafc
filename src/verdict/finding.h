/* finding.h: the currency that both doors pay in. A finding is one reason with its rule, severity, evidence
 * and place; a verdict is what follows from all of them. */
#pragma once
#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sp_severity {
    SP_SEVERITY_NONE, /* below review: kept for explanations, never counted */
    SP_SEVERITY_REVIEW,
    SP_SEVERITY_BLOCK,
};

enum sp_outcome {
    SP_OUTCOME_ALLOW,
    SP_OUTCOME_REVIEW,
    SP_OUTCOME_BLOCK,
    SP_OUTCOME_INCONCLUSIVE, /* something that matters could not be seen; never success */
};

const char *sp_severity_name(enum sp_severity severity); /* "none", "review", "block" */
const char *sp_outcome_name(enum sp_outcome outcome);    /* "allow", "review", "block", "inconclusive" */

enum sp_edit_kind {
    SP_EDIT_KEEP,
    SP_EDIT_INSERT, /* in the name, not in the target */
    SP_EDIT_DELETE, /* in the target, not in the name */
    SP_EDIT_REPLACE,
    SP_EDIT_TRANSPOSE, /* two neighbours changed places */
    SP_EDIT_MOVE,      /* a whole token stands elsewhere */
};
const char *sp_edit_kind_name(enum sp_edit_kind kind);

/* One run of an alignment: of the name as it was written and the target as its registry writes it. Bytes
 * [from, from+from_length) of the name answer to bytes [to, to+to_length) of the target. Runs stand in the
 * order of the name; one of the lengths may be 0. */
struct sp_edit {
    enum sp_edit_kind kind;
    uint16_t from, from_length;
    uint16_t to, to_length;
};

/* Where a package was named. */
struct sp_place {
    const char *file; /* NULL: the command line */
    uint32_t line;    /* from 1; 0 unknown */
    uint32_t column;  /* from 1, in bytes; 0 unknown */
};

/* What the metadata of two packages says about their likeness: one signal (docs/signals.md). */
struct sp_seen_signal {
    const char *name;     /* "overlapping-maintainers"; static, as the title is */
    const char *title;    /* "the same people publish the target" */
    const char *state;    /* "yes", "no", "unknown" */
    const char *evidence; /* what was seen, printable; NULL: nothing to say */
    double contribution;  /* to the log-odds of an attack; 0: it weighed nothing */
};

/* All strings live as long as what produced the finding says (usually an arena of the run). */
struct sp_finding {
    const char *rule; /* identifier, e.g. "name/confusion" */
    enum sp_severity severity;
    const char *ecosystem;         /* purl type: "npm" */
    const char *name;              /* as it was written */
    const char *version;           /* NULL: not stated */
    const char *target;            /* NULL: none */
    const char *target_ecosystem;  /* NULL: the same */
    double target_rank;            /* place among the trusted by popularity, 1 best; 0 unknown */
    const char *const *categories; /* identifiers, e.g. "scope-confusion"; static strings */
    size_t category_count;
    double risk;                 /* in [0,1]; -1: the rule has no probability */
    const struct sp_edit *edits; /* how name and target differ */
    size_t edit_count;
    struct sp_place place;
    const char *message; /* one line: what was seen */
    const char *advice;  /* one line: what to do; NULL: nothing to do */
    /* of names whose metadata was looked up */
    double name_risk; /* the risk by the name alone, before .risk was made of it and of the signals */
    const struct sp_seen_signal *signals; /* NULL: nothing was looked up */
    size_t signal_count;
    double bias;         /* what the filter says before it knows anything, in log-odds */
    const char *cleared; /* one line: why a lookalike is no alarm; its severity is then NONE */
    /* of the behaviour's findings; NULL or 0: unknown */
    const char *phase;   /* "install" */
    const char *subject; /* the file, address or name that it is about, as it was: hostile */
    const char *process; /* what did it: "sh -c node x.js (process 12)", made printable */
    uint64_t time;       /* nanoseconds of CLOCK_MONOTONIC */
    uint32_t process_number;
    /* of those that a policy allows, whose severity is then NONE */
    const char *allowed;  /* "FILE:LINE"; NULL: nothing allows it */
    enum sp_severity was; /* its severity before */
};

/* Whether findings of RULE are such proofs (a planted secret left, an artefact is not what was stated) that
 * they may be allowed for one version of a package alone, never for all that are still to come. */
bool sp_rule_needs_version(const char *rule);

/* A list of findings and what could not be seen. Zero-initialise. */
struct sp_verdict {
    struct sp_arena arena; /* for the strings of the findings, if their producer wants it */
    struct sp_finding *findings;
    size_t count, capacity;
    size_t checked; /* packages looked at */
    char **unseen;  /* one line each: what could not be looked at, and why; in the arena */
    size_t unseen_count, unseen_capacity;
};

/* Appends a copy of *FINDING (its strings are not copied). */
int sp_verdict_add(struct sp_verdict *verdict, const struct sp_finding *finding, struct sp_error *err);
/* Records that something could not be seen; the outcome is then at least inconclusive unless it is block. */
int sp_verdict_unseen(struct sp_verdict *verdict, struct sp_error *err, const char *format, ...)
    SP_PRINTF(3, 4);
enum sp_outcome sp_verdict_outcome(const struct sp_verdict *verdict);
size_t sp_verdict_count(const struct sp_verdict *verdict, enum sp_severity severity);
void sp_verdict_free(struct sp_verdict *verdict);
#define sp_autoverdict __attribute__((cleanup(sp_verdict_free)))
