/* attribution.h: who did it. The tree of processes of a run, and for each the package, the phase and the
 * words under which its acts are laid to somebody. What is trusted: the tree as the kernel saw it grow (never
 * the parent id, which a double fork changes), where a program was started (working directory, as the kernel
 * resolves it), and who wrote a file. What is not: environment variables, process names. docs/attribution.md.
 */
#pragma once
#include "base/buffer.h"
#include "trace/event.h"

#include <stdbool.h>

enum sp_actor_kind {
    SP_ACTOR_UNKNOWN, /* seen too late to know, or code of somebody who cannot be told */
    SP_ACTOR_MANAGER, /* the package manager itself, and what it starts on its own behalf */
    SP_ACTOR_PROJECT, /* the project's own scripts */
    SP_ACTOR_COMMAND, /* a command that is no package manager */
    SP_ACTOR_PACKAGE,
};
const char *sp_actor_kind_name(enum sp_actor_kind kind); /* "manager" */

/* One who acts: a package in a phase. There is one for each pair. */
struct sp_actor {
    uint32_t number; /* from 0, without gaps: an index for tables of others */
    enum sp_actor_kind kind;
    enum sp_phase phase;
    const char *package; /* purl; NULL where the kind is not PACKAGE */
    uint32_t processes;  /* laid to it so far */
};

struct sp_process {
    uint32_t number, pid;
    const struct sp_process *parent; /* who made it; NULL: unknown, or ours */
    const struct sp_actor *actor;    /* never NULL */
    uint32_t token;                  /* of the command that it descends from; 0 unknown */
    const char *program;             /* path of its latest program; NULL: none was started yet */
    const char *words;               /* argv, each followed by SP_EVENT_WORD_END; NULL; cut at 4 KiB */
    const char *directory;           /* where it was started; NULL */
    uint32_t exec_flags;             /* enum sp_exec_flag of the latest */
    uint32_t execs;
    uint64_t began, ended; /* nanoseconds, as events have them; ended 0: runs, or its end was not seen */
    int64_t status;        /* as wait(2) gives it; once ended */
    uint64_t peak_memory;  /* bytes; once ended */
};

struct sp_attribution_options {
    const char *manager;   /* "npm", "pip", ...; NULL: a command that is no package manager */
    const char *ecosystem; /* purl type; NULL */
    const char *project;   /* absolute, inside; NULL */
    const char *home;
    /* Appends the purl of the package that lives in DIRECTORY (absolute, inside) to PURL. False: none known.
     * NULL, as in a replay: what PLACE events say, and the names of the directories themselves. */
    bool (*resolve)(void *context, const char *directory, struct sp_buffer *purl);
    void *context;
    /* Told each PLACE that resolve found, before the event that needed it is given back; NULL. */
    const struct sp_event_sink *places;
};

struct sp_attribution;
/* OPTIONS' strings are borrowed for as long as *OUT lives. */
int sp_attribution_new(struct sp_attribution **out, const struct sp_attribution_options *options,
                       struct sp_error *err);
void sp_attribution_free(struct sp_attribution *attribution); /* NULL is fine */
/* Takes EVENT before anybody else does: keeps the tree, and fills in .package and .phase (also .process,
 * where a connection's port or a looked-up name shows whose it was) as far as they can be known. Strings
 * filled in live as long as ATTRIBUTION. Cannot fail: what memory has no room for is laid to nobody. */
void sp_attribution_take(struct sp_attribution *attribution, struct sp_event *event);
/* NULL: not known. */
const struct sp_process *sp_attribution_process(const struct sp_attribution *attribution, uint32_t number);
/* Whose act EVENT is, after sp_attribution_take; NULL: nobody's. */
const struct sp_actor *sp_attribution_actor(const struct sp_attribution *attribution,
                                            const struct sp_event *event);
size_t sp_attribution_process_count(const struct sp_attribution *attribution);
/* AT from 0, in the order in which they began. */
const struct sp_process *sp_attribution_process_at(const struct sp_attribution *attribution, size_t at);
size_t sp_attribution_actor_count(const struct sp_attribution *attribution);
const struct sp_actor *sp_attribution_actor_at(const struct sp_attribution *attribution, size_t at);
/* Who last wrote the file PATH among those that are packages; NULL: none did. */
const struct sp_actor *sp_attribution_writer(const struct sp_attribution *attribution, const char *path);
/* How much could not be laid to anybody, or not be remembered, for want of room: processes, actors, writers,
 * words. Not 0: what is laid to nobody may be a package's. */
uint64_t sp_attribution_unseen(const struct sp_attribution *attribution);
