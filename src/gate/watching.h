/* watching.h: the eyes of a run, aimed at each of its sandboxes in turn: the probes in the kernel, or what is
 * left where there are none. */
#pragma once
#include "probe/probe.h"
#include "sandbox/sandbox.h"

enum sp_probes {
    SP_PROBES_AUTO, /* where they can be loaded */
    SP_PROBES_REQUIRED,
    SP_PROBES_OFF,
};

struct sp_watching {
    struct sp_probe *probe;       /* NULL: none */
    bool aimed;                   /* at a sandbox that lives */
    bool seen;                    /* some sandbox of this run was watched by probes */
    const char *home;             /* inside, borrowed */
    bool enforce;                 /* stop whoever opened a decoy that proves */
    char lost[SP_ERROR_TEXT_MAX]; /* what cannot be seen, and why; "": all is seen */
};

/* Starts loading the probes beside what the caller does next. Cannot fail: .lost says why there are none. */
void sp_watching_start(struct sp_watching *watching, enum sp_probes wanted, bool enforce);
/* Aims at SANDBOX before its first command. 0 also where it cannot be watched by probes: .aimed says which.
 * -1: REQUIRED, and they cannot. */
int sp_watching_aim(struct sp_watching *watching, const struct sp_sandbox *sandbox, enum sp_probes wanted,
                    struct sp_error *err);
int sp_watching_fd(const struct sp_watching *watching); /* for poll; -1: none */
/* Hands on what was seen since. -1: the eyes broke, which nobody may take for a quiet sandbox. */
int sp_watching_take(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err);
/* Once all processes of the sandbox are dead: the rest, the counts, and what was lost. */
int sp_watching_rest(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err);
void sp_watching_stop(struct sp_watching *watching);
