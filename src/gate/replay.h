/* replay.h: a run judged again from its trace, without kernel, sandbox or network. The rules of this
 * Sallyport are used, not those of the one that made the trace. */
#pragma once
#include "report/run.h"

struct sp_replay_options {
    const char *path;
    const char *index_path; /* NULL: the default, and where there is none, what door one said then */
    const char *model;      /* NULL: the default, and where there is none, none judges */
    bool no_model;
    const char *tool_version;
    bool fail_on_review;
};

struct sp_replay;
/* 0: *OUT holds a report, whatever the verdict; freed with sp_replay_free. -1: the trace is refused
 * (SP_ERROR_INPUT), or Sallyport itself failed. */
int sp_replay_run(struct sp_replay **out, const struct sp_replay_options *options, struct sp_error *err);
/* As the run's own, but for what no trace holds: what landed, the changes, settings and limits. Its
 * .exit_code is 0, or that of the verdict. Lives as long as REPLAY and the options' strings. */
const struct sp_run_report *sp_replay_report(const struct sp_replay *replay);
void sp_replay_free(struct sp_replay *replay); /* NULL is fine */
