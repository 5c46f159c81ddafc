/* collect.h: runs a list of packages, each in a sandbox of its own, and writes what was seen as a table: one
 * procedure for honest packages and attacks alike, so that nothing but their behaviour tells them apart.
 * docs/collect.md describes the table. */
#pragma once
#include "eval/behaviour_table.h"
#include "eval/collect_list.h"

#include <signal.h>
#include <stdint.h>

enum sp_collect_net {
    SP_COLLECT_DRAWN,    /* registry or sinkhole, by the seed and the package, whatever its label */
    SP_COLLECT_REGISTRY, /* as 'run' has it: all but the registry is heard and refused */
    SP_COLLECT_SINKHOLE, /* all is answered */
    SP_COLLECT_BOTH,     /* a run each */
};

struct sp_collect_options {
    const char *const *env; /* the host's, NULL-terminated */
    const char *out;        /* the table; rows that are there are not run again */
    const char *stand_in;   /* a stand-in tree (docs/corpus.md); NULL: all comes from the registries */
    const char *answers;    /* what is given for downloads; NULL: what .stand_in has */
    const char *index_path; /* NULL: the default */
    const char *tool_version;
    unsigned jobs;            /* at once */
    uint64_t memory;          /* bytes, of each run */
    uint64_t time, load_time; /* nanoseconds, of each run and of each load */
    enum sp_collect_net net;
    unsigned repeats; /* runs of each package and net, from 1 */
    uint64_t seed;
    bool dependencies;                 /* a row for every package of a run that did something */
    bool again;                        /* run anew what failed (status error) */
    const volatile sig_atomic_t *stop; /* not 0: come to an end; NULL */
    void (*progress)(void *context, size_t done, size_t total, const char *what); /* NULL: untold */
    void *progress_context;
};

struct sp_collect_totals {
    size_t wanted, before, done; /* runs; .before: found in the table */
    size_t by_status[SP_RUN_STATUSES], failed_commands;
    double seconds;
};

/* Runs LIST. A run that fails is a row as well; -1 only where nothing can go on (the table cannot be written,
 * no probes, no sandbox). When stopped, what is under way is thrown away and the rest can be resumed. */
int sp_collect(const struct sp_collect_list *list, const struct sp_collect_options *options,
               struct sp_collect_totals *totals, struct sp_error *err);
