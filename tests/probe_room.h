/* probe_room.h: the probes over a real sandbox, as the tests use them: what runs inside is told to a list of
 * events. */
#pragma once
#include "probe/load.h"
#include "probe/read.h"
#include "sandbox/sandbox.h"
#include "trace/counts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct kept {
    struct sp_event event;
    uint64_t numbers[SP_COUNT_END];
};

struct world {
    struct sp_arena arena;
    char home[300], project[300], layers[300], decoy[320];
    struct sp_sandbox *sandbox;
    struct sp_probe_reader *reader;
    struct sp_decoys decoys;
    struct sp_decoy secret;
    const struct sp_eyes_uprobe *uprobes; /* of the next aim */
    size_t uprobe_count;
    struct kept *kept;
    size_t count, capacity;
    char said[256]; /* standard output */
    struct sp_error err;
};

extern struct sp_eyes *eyes;
/* Loads the programs and makes the place that the rooms stand in. 77: there can be none here, which is said.
 */
int probes_begin(void);
void probes_end(void);

/* A room and its end, for each case; SHOW_EVENTS=1 prints what is heard. */
int set_up(void **state);
int tear_down(void **state);
void aim_at(struct world *world, bool refuse, bool kill);
/* Runs ARGV in the aimed room to its end and hears all. Returns its status as a shell shows it. */
int run_program(struct world *world, const char *const *argv);
/* Forgets what was heard, for the next aim at the same room. */
void forget(struct world *world);

/* The first event of KIND with VALUE (-1: any) whose subject ends in ENDING (NULL: any). */
const struct sp_event *find(const struct world *world, enum sp_event_kind kind, int64_t value,
                            const char *ending);
const struct sp_event *must_find(const struct world *world, enum sp_event_kind kind, int64_t value,
                                 const char *ending);
size_t how_many(const struct world *world, enum sp_event_kind kind);
void nothing_was_lost(const struct world *world);
