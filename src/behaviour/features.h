/* features.h: numbers about a run, for a model and for people: the 36 of DySec (arXiv 2503.00324, with
 * QUT-DV25, arXiv 2505.13804) by their names, and Sallyport's own. Each is one row of one table;
 * docs/features.md says how every one is defined. */
#pragma once
#include <stdbool.h>

#include "base/buffer.h"
#include "behaviour/attribution.h"
#include "trace/counts.h"

#define SP_FEATURES_VERSION 1u
#define SP_FEATURES_MAX 128u

struct sp_feature {
    const char *id;         /* "filetop.read-processes", "opensnoop.temp", "pattern.1", "own.decoys" */
    const char *title;      /* DySec's own name where it has one: "Read Processes" */
    const char *group;      /* "filetop", "install", "opensnoop", "tcp", "syscall", "pattern", or "own" */
    const char *unit;       /* "processes", "bytes", "calls" */
    const char *probe;      /* which eye sees it: "sys_exit", "inet_sock_set_state", "manifest" */
    const char *source;     /* "DySec, table 2", "Sallyport" */
    const char *definition; /* one or two sentences */
};
extern const struct sp_feature sp_feature_table[]; /* the 36 of DySec first */
extern const size_t sp_feature_count;
#define SP_FEATURES_DYSEC 36u

struct sp_features;
/* DECOY_READ_PROVES says of a decoy's id whether reading it is a proof; NULL: of none it is known. HOME and
 * PROJECT are inside, borrowed; NULL unknown. */
struct sp_features_options {
    const struct sp_attribution *attribution; /* borrowed */
    const char *home, *project;
    bool (*decoy_read_proves)(void *context, const char *id);
    void *context;
    bool library_probes; /* uprobes were attached: what they do not tell did not happen; false: not known */
};
int sp_features_new(struct sp_features **out, const struct sp_features_options *options,
                    struct sp_error *err);
void sp_features_free(struct sp_features *features);
/* Takes EVENT after the attribution took it. Cannot fail; what memory has no room for is counted as unseen.
 */
void sp_features_take(struct sp_features *features, const struct sp_event *event);
/* What the Install group is made of. */
void sp_features_dependencies(struct sp_features *features, uint64_t total, uint64_t direct,
                              uint64_t indirect);

/* One row: a package in a phase (or all phases), or everything of a phase, or of the run. */
struct sp_feature_row {
    const char *package;            /* purl; NULL: all */
    const char *kind;               /* "package", "manager", "project", "command", "unknown", "all" */
    int phase;                      /* enum sp_phase; -1: all */
    double values[SP_FEATURES_MAX]; /* sp_feature_count of them; NaN: could not be seen */
};
/* Appends nothing to FEATURES: fills *ROWS (malloc, the caller's) and *COUNT: the whole run first, then each
 * phase, then each actor, and each package over all phases, last what has no process, a phase each. */
int sp_features_rows(const struct sp_features *features, struct sp_feature_row **rows, size_t *count,
                     struct sp_error *err);
/* One line a row, with a head line; numbers so that they read back exactly. */
int sp_features_csv(const struct sp_feature_row *rows, size_t count, struct sp_buffer *out,
                    struct sp_error *err);
int sp_features_json(const struct sp_feature_row *rows, size_t count, struct sp_buffer *out,
                     struct sp_error *err);
/* Writes into DIRECTORY (made) one CSV a probe in the layout of QUT-DV25's published tables, for the whole
 * run under the name PACKAGE: "QUT-DV25_Filetop_Traces.csv" and its kin, and all features as features.csv and
 * features.json. */
int sp_features_write(const struct sp_features *features, const char *directory, const char *package,
                      struct sp_error *err);
/* How much could not be counted for want of memory. */
uint64_t sp_features_unseen(const struct sp_features *features);
