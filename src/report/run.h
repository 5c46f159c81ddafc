/* run.h: the report of a sandboxed run, written down: one line when all is well, a screenful when not, all of
 * it in JSON. Everything that a report points to is borrowed for the call that writes it, and hostile: any
 * bytes but NUL. NULL strings are unknown, or none. */
#pragma once
#include "base/buffer.h"
#include "sandbox/sandbox.h"
#include "trace/event.h"
#include "verdict/finding.h"
#include "verdict/risk.h"

struct sp_run_package {
    const char *ecosystem, *name, *version; /* version NULL: unknown */
    const char *digest;                     /* SRI; NULL: unknown */
    const char *url;                        /* where it came from; NULL: unknown */
    const char *path; /* how it came into the tree, the project's own wish first: "app > left > it"; NULL */
    bool direct, ran_code, refused, from_cache;
};

struct sp_run_load {
    const char *package, *what;
    enum sp_load_outcome outcome;
    const char *said; /* last line of its standard error; NULL */
    uint64_t nanoseconds;
};

/* One process of the run, for the tree. */
struct sp_run_process {
    uint32_t number, parent, pid; /* numbers of this run; parent 0: ours */
    const char *package;          /* purl; NULL: see who */
    const char *who;              /* "manager", "project", "command", "package", "unknown" */
    enum sp_phase phase;
    const char *program, *words, *directory; /* as struct sp_process of behaviour has them */
    uint64_t began, ended;                   /* ended 0: not seen */
    int64_t status;
    uint64_t peak_memory;
};

/* A change that lands, would land, or was refused. */
struct sp_run_change {
    const char *path; /* absolute; ends in '/' where it is a directory, or .things is above 1 */
    char kind;        /* '+' new, '~' modified, '-' deleted, '!' refused */
    uint64_t things;  /* beneath a new directory, itself included; 1 for all else */
    uint64_t bytes;   /* of what is new; 0: not said */
    const char *why;  /* of a refused one */
};

enum sp_landed {
    SP_LANDED_NOTHING, /* there was nothing to land */
    SP_LANDED_YES,
    SP_LANDED_WOULD,   /* --dry-run, --diff */
    SP_LANDED_REFUSED, /* kept back: the verdict, a conflict, or a command that failed; .landing says which */
    SP_LANDED_FAILED,  /* it was tried; everything is as it was */
    SP_LANDED_NEVER,   /* this run lands nothing: scan, demo, a command that declares no outputs */
};
const char *sp_landed_name(enum sp_landed landed); /* "nothing", "yes", "would", ... */

struct sp_run_report {
    const char *tool_version;
    const char *kind;           /* "run", "scan", "demo" */
    const char *const *command; /* NULL-terminated */
    const char *project;        /* paths beneath it are shown without it; NULL */
    const char *manager;        /* "npm" */
    const char *mode;           /* "enforce", "audit" */
    const char *net;            /* "registry", ... */
    int command_status;         /* as a shell shows it; -1: it did not run */
    int exit_code;
    enum sp_outcome outcome; /* stands as the verdict; the caller may know worse than .verdict does */
    const struct sp_verdict *verdict; /* findings of both doors, what was not seen */
    const char *watched;              /* "registry proxy, sinkhole, decoys, overlay" */
    const char *limits;               /* what enforces the limits: "cgroup v2" */
    const char *limits_missing;       /* "disk, files": limits that nothing enforces here; NULL or "": none */
    const struct sp_limits *limit_values; /* NULL: not said */
    const char *stopped;                  /* why the run was stopped before its end; NULL */
    const struct sp_run_package *packages;
    size_t package_count;
    size_t direct, indirect, ran_code;
    const struct sp_event *events; /* connections, names, decoys ...: the evidence, in order */
    size_t event_count, event_more;
    const struct sp_run_process *processes; /* in the order in which they began */
    size_t process_count, process_more;
    const char *policy; /* file that was followed; NULL: none */
    const char *sight;  /* what could not be seen of the processes, for the first line; NULL: all was seen */
    uint64_t verdict_time; /* nanoseconds from the end of the command and its loads to the verdict */
    const struct sp_risk_model *model;   /* that judged behaviour; NULL: none */
    const char *model_silent;            /* why it judged nobody, though somebody acted; NULL */
    const struct sp_package_risk *risks; /* of every package that it judged, the highest first */
    size_t risk_count;
    const struct sp_run_load *loads;
    size_t load_count;
    size_t script_count;     /* the last of .loads: scripts that the manager blocks, run by --run-blocked */
    char *const *unfollowed; /* one line each: settings that were read and are not followed */
    size_t unfollowed_count;
    const char *const *notes; /* one line each: what was left out of the load phase, and why */
    size_t note_count;
    const struct sp_run_change *changes;
    size_t change_count, change_more;
    enum sp_landed landed;
    uint64_t landed_things, landed_bytes; /* what landed or would; 0: added up from .changes */
    const char *landing;                  /* why it did not; NULL */
    const char *evidence;                 /* the directory that holds what did not land; NULL: not kept */
    const char *replayed; /* the trace that it was made from, which does not hold everything; NULL: the run's
                             own report */
    uint64_t started;     /* CLOCK_MONOTONIC, from which the events' times count; 0: the first event's */
    uint64_t total, sandbox_start, command_time, load_time, landing_time; /* nanoseconds */
};

/* Appends the line of a policy that allows FINDING, "allow run/connection pkg:npm/x@1.0.0"; nothing where
 * none can. What is appended is safe within single quotes of a shell. */
int sp_run_policy_line(const struct sp_finding *finding, struct sp_buffer *out, struct sp_error *err);

/* How many findings the policy allowed. */
size_t sp_run_allowed(const struct sp_run_report *report);

/* What the run took beside the command itself, nanoseconds: the sandbox's start, the load phase, the landing,
 * the judging. */
uint64_t sp_run_added_time(const struct sp_run_report *report);

/* How much landed or would land. */
void sp_run_landed(const struct sp_run_report *report, uint64_t *things, uint64_t *bytes);

struct sp_run_report_options {
    bool colour;
    unsigned width; /* 0: 80 */
    bool diff;      /* list the changes */
    bool verbose;   /* list packages, loads and events too, and cut nothing short */
    /* The title of a category for people; NULL, or a NULL answer: its identifier is shown. */
    const char *(*category_title)(const char *category);
};
/* Appends the text: one line where the outcome is allow, about 40 lines otherwise (.verbose and .diff aside).
 */
int sp_run_report_text(const struct sp_run_report *report, const struct sp_run_report_options *options,
                       struct sp_buffer *out, struct sp_error *err);
/* Appends one page of HTML that needs nothing else and runs nothing; OPTIONS' colour, width and diff do not
 * matter to it. */
int sp_run_report_html(const struct sp_run_report *report, const struct sp_run_report_options *options,
                       struct sp_buffer *out, struct sp_error *err);
/* Appends SARIF 2.1.0. */
int sp_run_report_sarif(const struct sp_run_report *report, struct sp_buffer *out, struct sp_error *err);
/* Appends the JSON of docs/schema/run.schema.json. */
int sp_run_report_json(const struct sp_run_report *report, struct sp_buffer *out, struct sp_error *err);
