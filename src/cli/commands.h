/* commands.h: the subcommands, one file each, and what several of them share. */
#pragma once
#include "cli/options.h"
#include "name/search.h"

#include <stdint.h>

extern const struct sp_command sp_command_root;
extern const struct sp_command sp_command_check;
extern const struct sp_command sp_command_explain;
extern const struct sp_command sp_command_run;
extern const struct sp_command sp_command_scan;
extern const struct sp_command sp_command_demo;
extern const struct sp_command sp_command_replay;
extern const struct sp_command sp_command_doctor;
extern const struct sp_command sp_command_setup;
extern const struct sp_command sp_command_lookup;
extern const struct sp_command sp_command_neighbours;
extern const struct sp_command sp_command_index;
extern const struct sp_command sp_command_collect;
extern const struct sp_command sp_command_eval;
extern const struct sp_command sp_command_eval_behaviour;
extern const struct sp_command sp_command_eval_published;
extern const struct sp_command sp_command_train;
extern const struct sp_command sp_command_model;
extern const struct sp_command sp_command_corpus;
extern const struct sp_command sp_command_corpus_records;
extern const struct sp_command sp_command_train_behaviour;
extern const struct sp_command sp_command_help;
extern const struct sp_command sp_command_version;
extern const struct sp_command sp_command_completion;

/* "auto", "always", "never": for --color. */
const char *sp_colour_at(size_t position);
/* "text", "json": for the --format of commands that write no report. */
const char *sp_text_or_json_at(size_t position);
/* "text", "json", "sarif": of the report of a run. */
const char *sp_run_format_at(size_t position);
/* The title of a category, for reports; NULL: unknown. */
const char *sp_category_title(const char *category);
/* How many threads are worth starting here. */
unsigned long sp_default_jobs(void);

/* A line of progress on standard error, where SHOWN, from a second after *BEGUN (0 at first) on; gone again
 * when all are done. */
void sp_show_looked_up(uint64_t *begun, bool shown, size_t done, size_t all);

/* An index with a searcher on it. */
struct sp_lookup {
    struct sp_index *index;
    struct sp_searcher *searcher;
};
int sp_lookup_open(struct sp_lookup *lookup, const char *path, struct sp_error *err);
void sp_lookup_close(struct sp_lookup *lookup);
#define sp_autolookup __attribute__((cleanup(sp_lookup_close)))
/* Says the error of a failed sp_lookup_open; returns the exit code. PATH is what the user gave, or NULL. */
int sp_lookup_complain(const char *path, const struct sp_error *err);

/* Appends each file of WORDS without its folder, which differs from machine to machine: for commands that are
 * kept. */
int sp_spell_files(struct sp_buffer *out, const struct sp_arguments *words, struct sp_error *err);

/* Enters each "ECO=FILE" of WORDS, given with --OPTION, into FILES, by ecosystem. Returns -1 to go on, or the
 * exit code after saying what is wrong. */
int sp_enter_files(const struct sp_call *call, const char *option, const struct sp_arguments *words,
                   const char *files[SP_ECOSYSTEM_COUNT]);
