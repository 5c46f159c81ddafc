/* trace_head.h: what a trace says of its run before its first event: JSON text, described in docs/traces.md.
 * It holds what a replay needs to judge as the run did, the decoys above all. */
#pragma once
#include "report/run.h"
#include "sandbox/decoys.h"

#define SP_TRACE_HEAD_VERSION 1u
#define SP_TRACE_DECOYS_MAX 4096u
#define SP_TRACE_NEEDLES_MAX 32768u /* of all decoys */

/* A package that the project's own files named before anything ran. */
struct sp_trace_package {
    const char *purl;
    bool direct;
};

struct sp_trace_head {
    const char *tool_version;
    const char *kind;           /* "run", "scan", "demo" */
    const char *const *command; /* NULL-terminated */
    const char *manager, *ecosystem, *project, *home, *mode, *net;
    uint64_t started; /* CLOCK_MONOTONIC, as the events' times */
    const struct sp_trace_package *packages;
    size_t package_count;
    struct sp_decoys decoys; /* without their bytes; compiled: sp_decoys_find works */
};

/* Appends the head of the run that REPORT begins to tell: its kind, command, manager, mode, net,
 * tool_version, project, started, and the packages known so far are read, the rest may be unset. PROJECT,
 * where it is not NULL, goes before REPORT's. DECOYS may be NULL. */
int sp_trace_head_write(const struct sp_run_report *report, const char *home, const char *project,
                        const char *ecosystem, const struct sp_decoys *decoys, struct sp_buffer *out,
                        struct sp_error *err);
/* Reads what sp_trace_head_write wrote, or what somebody made of it: SP_ERROR_INPUT says what is off and
 * where. Everything in OUT lives as long as ARENA. */
int sp_trace_head_read(const char *json, struct sp_trace_head *out, struct sp_arena *arena,
                       struct sp_error *err);
