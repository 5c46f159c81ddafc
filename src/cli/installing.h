/* installing.h: what run, scan and demo share: their options, the report, the way out. */
#pragma once
#include "cli/commands.h"
#include "gate/install.h"

#include <stddef.h>

struct sp_installing {
    const char *net, *mode, *probes, *trace, *features, *fail_on, *scratch, *report, *html, *policy, *format,
        *index, *model, *colour;
    struct sp_arguments allow_hosts, allow_writes;
    struct sp_limits limits;
    unsigned long processes, files;
    uint64_t load_time;
    bool dry_run, diff, land_failed, keep_cache, no_load, run_blocked, offline, no_cache, no_model,
        no_metadata, verbose, quiet;
};
void sp_installing_defaults(struct sp_installing *chosen);
void sp_installing_free(struct sp_installing *chosen);
#define sp_autoinstalling __attribute__((cleanup(sp_installing_free)))

const char *sp_net_at(size_t position);
const char *sp_mode_at(size_t position);
const char *sp_probes_at(size_t position);
const char *sp_review_or_block_at(size_t position);

/* The rows of a table of options that both have. TYPE's member .installing is a struct sp_installing. */
#define SP_INSTALLING_AT(type, field) (offsetof(type, installing) + offsetof(struct sp_installing, field))
#define SP_INSTALLING_OPTIONS(type)                                                                          \
    { .name = "net",                                                                                         \
      .kind = SP_OPTION_CHOICE,                                                                              \
      .value = "NET",                                                                                        \
      .at = SP_INSTALLING_AT(type, net),                                                                     \
      .help = "whom the sandbox can reach",                                                                  \
      .choice = sp_net_at },                                                                                 \
        { .name = "allow-host",                                                                              \
          .kind = SP_OPTION_LIST,                                                                            \
          .value = "NAME",                                                                                   \
          .at = SP_INSTALLING_AT(type, allow_hosts),                                                         \
          .help = "let TLS to this host through (again for more; *.example.org for all beneath)" },          \
        { .name = "mode",                                                                                    \
          .kind = SP_OPTION_CHOICE,                                                                          \
          .value = "MODE",                                                                                   \
          .at = SP_INSTALLING_AT(type, mode),                                                                \
          .help = "stop at the first proof, or only write down",                                             \
          .choice = sp_mode_at },                                                                            \
        { .name = "probes",                                                                                  \
          .kind = SP_OPTION_CHOICE,                                                                          \
          .value = "WHETHER",                                                                                \
          .at = SP_INSTALLING_AT(type, probes),                                                              \
          .help = "watch from the kernel where it is allowed, only so, or not",                              \
          .choice = sp_probes_at },                                                                          \
        { .name = "trace",                                                                                   \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, trace),                                                               \
          .help = "keep all that was seen there, for 'sallyport replay'",                                    \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "features",                                                                                \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "DIR",                                                                                    \
          .at = SP_INSTALLING_AT(type, features),                                                            \
          .help = "write the features of the behaviour there",                                               \
          .completion = SP_COMPLETE_FOLDER },                                                                \
        { .name = "no-load",                                                                                 \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, no_load),                                                             \
          .help = "do not load what is new" },                                                               \
        { .name = "load-time",                                                                               \
          .kind = SP_OPTION_TIME,                                                                            \
          .value = "TIME",                                                                                   \
          .at = SP_INSTALLING_AT(type, load_time),                                                           \
          .help = "for each package that is loaded (10 s)" },                                                \
        { .name = "run-blocked",                                                                             \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, run_blocked),                                                         \
          .help = "run the scripts that the manager blocks, on a layer that is thrown away" },               \
        { .name = "scratch",                                                                                 \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "DIR",                                                                                    \
          .at = SP_INSTALLING_AT(type, scratch),                                                             \
          .help = "where the layers lie, or 'tmpfs'",                                                        \
          .completion = SP_COMPLETE_FOLDER },                                                                \
        { .name = "time",                                                                                    \
          .kind = SP_OPTION_TIME,                                                                            \
          .value = "TIME",                                                                                   \
          .at = SP_INSTALLING_AT(type, limits.time),                                                         \
          .help = "limit of the whole run (1h)" },                                                           \
        { .name = "memory",                                                                                  \
          .kind = SP_OPTION_SIZE,                                                                            \
          .value = "SIZE",                                                                                   \
          .at = SP_INSTALLING_AT(type, limits.memory),                                                       \
          .help = "limit of memory (8G, or 3/4 of what there is)" },                                         \
        { .name = "processes",                                                                               \
          .kind = SP_OPTION_COUNT,                                                                           \
          .value = "N",                                                                                      \
          .at = SP_INSTALLING_AT(type, processes),                                                           \
          .help = "limit of processes and threads (4096)",                                                   \
          .least = 8,                                                                                        \
          .most = 4194304 },                                                                                 \
        { .name = "file-size",                                                                               \
          .kind = SP_OPTION_SIZE,                                                                            \
          .value = "SIZE",                                                                                   \
          .at = SP_INSTALLING_AT(type, limits.file_size),                                                    \
          .help = "limit of one file (4G)" },                                                                \
        { .name = "disk",                                                                                    \
          .kind = SP_OPTION_SIZE,                                                                            \
          .value = "SIZE",                                                                                   \
          .at = SP_INSTALLING_AT(type, limits.disk),                                                         \
          .help = "limit of all that is written (20G)" },                                                    \
        { .name = "files",                                                                                   \
          .kind = SP_OPTION_COUNT,                                                                           \
          .value = "N",                                                                                      \
          .at = SP_INSTALLING_AT(type, files),                                                               \
          .help = "limit of things made (2000000)",                                                          \
          .least = 100,                                                                                      \
          .most = 1e9 },                                                                                     \
        { .name = "offline",                                                                                 \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, offline),                                                             \
          .help = "serve from what was fetched before, and ask no registry" },                               \
        { .name = "no-metadata",                                                                             \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, no_metadata),                                                         \
          .help = "judge names alone, look nothing up" },                                                    \
        { .name = "no-cache",                                                                                \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, no_cache),                                                            \
          .help = "neither use nor keep what is fetched, nor results of loading" },                          \
        { .name = "report",                                                                                  \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, report),                                                              \
          .help = "write the report there, not to standard error",                                           \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "html",                                                                                    \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, html),                                                                \
          .help = "write the report as a page there, too",                                                   \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "policy",                                                                                  \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, policy),                                                              \
          .help = "findings that are allowed (sallyport.policy in the project)",                             \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "format",                                                                                  \
          .letter = 'f',                                                                                     \
          .kind = SP_OPTION_CHOICE,                                                                          \
          .value = "FORMAT",                                                                                 \
          .at = SP_INSTALLING_AT(type, format),                                                              \
          .help = "of the report",                                                                           \
          .choice = sp_run_format_at },                                                                      \
        { .name = "index",                                                                                   \
          .letter = 'i',                                                                                     \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, index),                                                               \
          .help = "index of the popular names",                                                              \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "model",                                                                                   \
          .kind = SP_OPTION_TEXT,                                                                            \
          .value = "FILE",                                                                                   \
          .at = SP_INSTALLING_AT(type, model),                                                               \
          .help = "model that judges behaviour",                                                             \
          .completion = SP_COMPLETE_FILE },                                                                  \
        { .name = "no-model",                                                                                \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, no_model),                                                            \
          .help = "judge behaviour by the rules alone" },                                                    \
        { .name = "verbose",                                                                                 \
          .letter = 'v',                                                                                     \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, verbose),                                                             \
          .help = "list packages, loads and events too" },                                                   \
        { .name = "quiet",                                                                                   \
          .letter = 'q',                                                                                     \
          .kind = SP_OPTION_FLAG,                                                                            \
          .at = SP_INSTALLING_AT(type, quiet),                                                               \
          .help = "say nothing where all is well" },                                                         \
    {                                                                                                        \
        .name = "color", .kind = SP_OPTION_CHOICE, .value = "WHEN", .at = SP_INSTALLING_AT(type, colour),    \
        .help = "colour the text", .choice = sp_colour_at                                                    \
    }

struct sp_installing_work {
    const char *kind;        /* "run", "scan", "demo" */
    const char *const *argv; /* NULL-terminated */
    const char *directory;   /* where it runs; NULL: here */
    bool never_land;
    bool own_output; /* its output is of no interest: it goes to standard error */
};
/* Does the work and writes the report; returns the exit code. *OUTCOME (may be NULL) is the verdict. */
int sp_installing_do(const struct sp_installing *chosen, const struct sp_installing_work *work,
                     enum sp_outcome *outcome);
/* Appends the report as CHOSEN wants it; FD is where text will be read, for colour and width. Nothing where
 * all is well and it is to be quiet. */
int sp_installing_report(const struct sp_installing *chosen, const struct sp_run_report *report, int fd,
                         struct sp_buffer *out, struct sp_error *err);
/* Says why Sallyport itself failed; returns 125. */
int sp_installing_complain(const struct sp_error *err);

/* A directory of its own under the cache, for a project that is made up; removed with sp_made_up_remove. */
int sp_made_up_project(char *out, size_t size, struct sp_error *err);
void sp_made_up_remove(const char *path);
int sp_made_up_file(const char *directory, const char *name, const char *text, struct sp_error *err);
