/* collect_run.h: one run of a collection, in a process of its own. */
#pragma once
#include "base/buffer.h"
#include "eval/collect.h"
#include "sandbox/sinkhole.h"

struct sp_collect_run {
    const struct sp_collect_item *item;
    enum sp_net net;
    unsigned number;         /* of the runs of this package in this net, from 1 */
    const char *npm_project; /* directories that runs find as they are, each used by one run at a time */
    const char *pip_project; /* holds a virtual environment "venv" */
    const char *log;         /* what the command says goes there */
};

/* Appends the table's head line. */
int sp_collect_head(struct sp_buffer *out, struct sp_error *err);
/* Runs it and appends its rows to OUT, that of the subject last. Fails only where no row can be made at all.
 */
int sp_collect_run(const struct sp_collect_run *run, const struct sp_collect_options *options,
                   struct sp_buffer *out, struct sp_error *err);
/* Appends a row without features: the run could not be made, or did not come back. */
int sp_collect_failed_row(const struct sp_collect_run *run, const char *why, double seconds,
                          struct sp_buffer *out, struct sp_error *err);
