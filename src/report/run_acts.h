/* run_acts.h: what the processes of a run did, summed up from its events for people: each thing once, the
 * most telling first. Strings are borrowed from the report, and hostile. */
#pragma once
#include "base/hash.h"
#include "report/run.h"

#define SP_ACTS_MAX 5000u /* things of one kind that are kept; more are counted */

enum sp_act_kind {
    SP_ACT_CONTACTED, /* an address that is none of the registry's */
    SP_ACT_NAMED,     /* a name that was looked up */
    SP_ACT_READ,      /* a file outside the project and the toolchain */
    SP_ACT_WROTE,     /* any file */
    SP_ACT_RAN,       /* a program */
    SP_ACT_KIND_COUNT,
};

struct sp_act {
    const char *what, *detail; /* detail: who was meant, a decoy's id; NULL */
    const char *package;       /* of the first that did it; NULL */
    uint16_t port;
    unsigned weight; /* from 0, not worth a word, to 4, telling by itself */
    bool outside;    /* a file that does not lie in the project */
    size_t times;
    uint64_t bytes; /* sent, or written */
};
struct sp_act_list {
    struct sp_act *items; /* the weightiest first, else in their order */
    size_t count, capacity;
    size_t more;    /* things beyond those that are kept, each time counted */
    size_t outside; /* of them outside the project */
    struct sp_map known;
};
struct sp_run_acts {
    struct sp_act_list lists[SP_ACT_KIND_COUNT];
};

/* Those laid to PACKAGE (a purl), in PHASE alone where it is not SP_PHASE_COUNT; NULL: everybody's. Freed
 * with sp_run_acts_free, after a failure too. */
int sp_run_acts_find(struct sp_run_acts *out, const struct sp_run_report *run, const char *package,
                     enum sp_phase phase, struct sp_error *err);
void sp_run_acts_free(struct sp_run_acts *acts);
#define sp_autoacts __attribute__((cleanup(sp_run_acts_free)))

/* Whether PATH lies beneath the directory FOLDER (which may be NULL). */
bool sp_run_beneath(const char *folder, const char *path);
/* PATH as it stands in the project, where it lies beneath it. */
const char *sp_run_short_path(const struct sp_run_report *run, const char *path);
/* When the run began, on the clock of its events. */
uint64_t sp_run_started(const struct sp_run_report *run);
