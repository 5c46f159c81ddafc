/* journey.h: one run on its way, from its preparation to its report. Private to install.c and prepare.c. */
#pragma once
#include "gate/install.h"
#include "gate/watching.h"

#include <signal.h>

struct sp_install {
    struct sp_install_options options;
    struct sp_arena arena;
    struct sp_places places;
    struct sp_registries registries;
    struct sp_manager_plan plan;
    struct sp_decoys decoys;
    struct sp_sinkhole_authority *authority; /* with --net sinkhole */
    const char *authority_file;
    struct sp_sandbox_spec spec;
    const char *const *env;
    const char *const *allow_write;
    struct sp_checker *checker;
    struct sp_lookups *lookups; /* NULL: names are judged alone */
    struct sp_asking *asking;
    struct sp_risk_judge *model; /* NULL: --no-model */
    struct sp_policy policy;
    struct sp_verdict verdict;
    struct sp_evidence evidence;
    struct sp_sandbox *sandbox;
    struct sp_watching watching;
    struct sp_network network;
    struct sp_load_list loads;
    size_t scripts; /* the last of .loads: those that the manager blocks */
    struct sp_loading loading;
    struct sp_outputs outputs;
    struct sp_run_report report;
    int signals;
    sigset_t masked_before;
    int signal_came;
    bool interrupted; /* it was the terminal's, which the command got too */
    uint64_t began, command_ended;
};

/* Finds the project and the manager, makes decoys, environment and everything that the room is built from.
 * Nothing is started. */
int sp_install_prepare(struct sp_install *install, struct sp_error *err);
/* Once door one is open: has lookalikes looked up, unless the options say never. */
int sp_install_start_looking(struct sp_install *install, struct sp_error *err);
