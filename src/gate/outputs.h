/* outputs.h: what of a run's layers may land, and what is evidence instead. */
#pragma once
#include "gate/evidence.h"
#include "gate/places.h"
#include "manager/manager.h"
#include "sandbox/landing.h"
#include "sandbox/sandbox.h"

#define SP_OUTPUT_CHANGES_MAX 2000u

struct sp_outputs_options {
    const struct sp_places *places;
    const struct sp_manager_plan *plan;
    const char *const *allow_write; /* NULL-terminated, absolute */
    bool keep_cache;
    const struct sp_decoys *decoys;
    const struct sp_placed_file *files; /* that stood in the room before the command */
    size_t file_count;
};

struct sp_outputs {
    struct sp_outputs_options options;
    struct sp_evidence *evidence;
    struct sp_landing_tree *trees;
    size_t tree_count;
    struct sp_landing *landing;
    struct sp_run_change *changes;
    size_t change_count, change_capacity, change_more;
    struct sp_landing_totals totals;
};
/* Plans the landing of SANDBOX, which has ended; changes that are no declared outputs become events. */
int sp_outputs_plan(struct sp_outputs *out, const struct sp_sandbox *sandbox,
                    const struct sp_outputs_options *options, struct sp_evidence *evidence,
                    struct sp_error *err);
int sp_outputs_land(struct sp_outputs *outputs, struct sp_error *err);
void sp_outputs_free(struct sp_outputs *outputs);
