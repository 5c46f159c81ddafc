/* run.h: the report of a sandboxed run, written down: one line when all is well, a screenful when not, all of
 * it in JSON. */
#pragma once
#include "base/buffer.h"
#include "trace/event.h"
#include "verdict/finding.h"

struct sp_run_package {
    const char *ecosystem, *name, *version; /* version NULL: unknown */
    const char *digest;                     /* SRI; NULL: unknown */
    const char *url;                        /* where it came from; NULL: unknown */
    bool direct, ran_code, refused, from_cache;
};

struct sp_run_load {
    const char *package, *what;
    enum sp_load_outcome outcome;
    const char *said; /* last line of its standard error; NULL */
    uint64_t nanoseconds;
};

/* A change that lands, would land, or was refused. */
struct sp_run_change {
    const char *path; /* absolute */
    char kind;        /* '+' new, '~' modified, '-' deleted, '!' refused */
    uint64_t things;  /* beneath a new directory, itself included */
    uint64_t bytes;
    const char *why; /* of a refused one */
};

enum sp_landed {
    SP_LANDED_NOTHING,
    SP_LANDED_YES,
    SP_LANDED_WOULD,
    SP_LANDED_REFUSED,
    SP_LANDED_FAILED,
    SP_LANDED_NEVER
};

struct sp_run_report {
    const char *tool_version;
    const char *kind;           /* "run", "scan", "demo" */
    const char *const *command; /* NULL-terminated */
    const char *manager;        /* "npm" */
    const char *mode;           /* "enforce", "audit" */
    const char *net;            /* "registry", ... */
    int command_status;         /* as a shell shows it; -1: it did not run */
    int exit_code;
    enum sp_outcome outcome;
    const struct sp_verdict *verdict; /* findings of both doors, what was not seen */
    const char *watched;              /* "registry proxy, sinkhole, decoys, overlay" */
    const char *limits;               /* what enforces the limits */
    const char *stopped;              /* why the run was stopped before its end; NULL */
    struct sp_run_package *packages;
    size_t package_count;
    size_t direct, indirect, ran_code;
    const struct sp_event
        *events; /* connections, names, decoys ...: the evidence, in order; strings owned elsewhere */
    size_t event_count, event_more;
    struct sp_run_load *loads;
    size_t load_count;
    struct sp_run_change *changes;
    size_t change_count, change_more;
    enum sp_landed landed;
    const char *landing; /* why it did not, or where the evidence is; NULL */
    uint64_t total, sandbox_start, command_time, load_time, landing_time; /* nanoseconds */
};

struct sp_run_report_options {
    bool colour;
    unsigned width; /* 0: 80 */
    bool diff;      /* list the changes */
    bool verbose;   /* list packages and events too */
};
/* Appends the text: one line where the outcome is allow. */
int sp_run_report_text(const struct sp_run_report *report, const struct sp_run_report_options *options,
                       struct sp_buffer *out, struct sp_error *err);
/* Appends the JSON of docs/schema/run.schema.json. */
int sp_run_report_json(const struct sp_run_report *report, struct sp_buffer *out, struct sp_error *err);
