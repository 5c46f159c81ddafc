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
    bool told;                    /* .lost says what is left without probes */
    bool seen;                    /* some sandbox of this run was watched by probes */
    const char *home;             /* inside, borrowed */
    bool enforce;                 /* stop whoever opened a decoy that proves */
    char lost[SP_ERROR_TEXT_MAX]; /* what cannot be seen, and why; "": all is seen */
};

/* Starts loading the probes beside what the caller does next. Cannot fail: .lost says why there are none. */
void sp_watching_start(struct sp_watching *watching, enum sp_probes wanted, bool enforce);
/* Opens a sandbox and aims at it before its first command. Where the probes cannot be had it is watched by
 * notifications of its filter of system calls, where those can be had; .aimed and .lost say which. -1: no
 * sandbox, or REQUIRED and no probes. */
int sp_watching_open(struct sp_watching *watching, struct sp_sandbox **out, struct sp_sandbox_spec *spec,
                     enum sp_probes wanted, struct sp_error *err);
int sp_watching_fd(const struct sp_watching *watching); /* for poll; -1: none */
/* Hands on what was seen since. -1: the eyes broke, which nobody may take for a quiet sandbox. */
int sp_watching_take(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err);
/* Once all processes of the sandbox are dead: the rest, the counts, and what was lost. */
int sp_watching_rest(struct sp_watching *watching, const struct sp_event_sink *sink, struct sp_error *err);
void sp_watching_stop(struct sp_watching *watching);
