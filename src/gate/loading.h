/* loading.h: the load phase: what is new is imported and called, each in a process of its own, on a layer
 * that is thrown away. A package that fails to load is its own outcome and no alarm. */
#pragma once
#include "gate/evidence.h"
#include "gate/network.h"
#include "gate/watching.h"
#include "manager/manager.h"

struct sp_loading_options {
    const struct sp_places *places;
    const struct sp_sandbox_spec *spec; /* of the first room; ours stands over it */
    const struct sp_sandbox *over;      /* that room, ended */
    const char *const *env;
    const struct sp_load_list *list;
    const char *const *allow_hosts;
    const char *answers; /* directory of what the sinkhole gives for downloads; NULL */
    struct sp_sinkhole_authority *authority;
    uint64_t time; /* nanoseconds for each */
    bool remember; /* results by digest are used and kept */
    bool enforce;
    const char *tool_version;
    /* Told now and then, for the terminal. May be NULL. */
    void (*progress)(void *context, const char *what, size_t done, size_t total);
    void *progress_context;
    const int *signals;           /* signalfd to end on; NULL */
    struct sp_watching *watching; /* aimed at nothing just now */
    enum sp_probes probes;
};

struct sp_loading {
    struct sp_run_load *loads; /* strings in the list's arena and the evidence's */
    size_t count;
    uint64_t nanoseconds;
};
/* Runs all of LIST. Events go to EVIDENCE. */
int sp_loading_run(struct sp_loading *out, const struct sp_loading_options *options,
                   struct sp_evidence *evidence, struct sp_error *err);
void sp_loading_free(struct sp_loading *loading);
