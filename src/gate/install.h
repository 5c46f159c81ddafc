/* install.h: the second journey: a command in, both doors, the landing. */
#pragma once
#include "gate/lookups.h"
#include "gate/loading.h"
#include "gate/outputs.h"
#include "gate/watching.h"

enum sp_run_exit {
    SP_RUN_BLOCKED = 100,
    SP_RUN_REVIEW = 101,
    SP_RUN_INCONCLUSIVE = 102,
    SP_RUN_FAILED = 125,
};

struct sp_install_options {
    const char *kind;        /* "run", "scan", "demo" */
    const char *const *argv; /* NULL-terminated */
    const char *const *env;  /* the host's environment */
    const char *directory;   /* where it runs; NULL: the working directory */
    const char *tool_version;
    const char *index_path; /* NULL: the default */
    const char *model;      /* file of the behaviour model; NULL: the default */
    bool no_model;          /* none judges */
    const char *policy;     /* file of what is allowed; NULL: the project's own, where it has one */
    enum sp_net net;
    const char *const *allow_hosts; /* NULL-terminated */
    const char *const *allow_write; /* NULL-terminated; relative to the working directory, or absolute */
    const char *scratch;            /* NULL: choose */
    struct sp_limits limits;
    uint64_t load_time; /* nanoseconds for each load */
    enum sp_probes probes;
    const char *trace_path;    /* the events are written there; NULL: they are not */
    const char *features_path; /* directory for the features; NULL */
    /* Directories: packages that are served in place of the registry's (proxy/stand_in.h), and what the
     * sinkhole gives for downloads (sandbox/answers.h). NULL: none. */
    const char *stand_in, *answers;
    bool load_anew; /* whatever an earlier run remembers of loading it */
    bool enforce;   /* stop at the first proof */
    bool fail_on_review;
    enum sp_look look;  /* whether packages are looked up; with .offline not online */
    const char *filter; /* NULL: the one in the box */
    bool dry_run, land_failed, keep_cache, no_load, run_blocked, offline, keep_nothing, never_land;
    int in, out, error; /* the command's streams */
    /* Told now and then, for the terminal. May be NULL. */
    void (*progress)(void *context, const char *what, size_t done, size_t total);
    void *progress_context;
};

struct sp_install;
/* Runs the command. 0: *OUT holds a report, whatever the verdict; freed with sp_install_free. -1: Sallyport
 * itself failed before anything ran. */
int sp_install_run(struct sp_install **out, const struct sp_install_options *options, struct sp_error *err);
const struct sp_run_report *sp_install_report(const struct sp_install *install);
/* What was seen, with the features; borrowed. */
const struct sp_evidence *sp_install_evidence(const struct sp_install *install);
void sp_install_free(struct sp_install *install);
