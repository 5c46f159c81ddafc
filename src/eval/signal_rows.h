/* signal_rows.h: the table of ConfuGuard's twelve signals: what its language model and rules read from the
 * metadata of labelled pairs at the time, and its verdict. Source: arXiv 2502.20528 and its artefact. */
#pragma once
#include "base/memory.h"
#include "metadata/signal.h"
#include "model/table.h"

#define SP_TWELVE 12

/* A column of the table and the signal of ours that means the same. */
struct sp_twelve {
    const char *column;
    enum sp_signal_id signal;
};
extern const struct sp_twelve sp_twelve[SP_TWELVE];
/* The columns' names, for a table of rows. */
extern const char *const sp_twelve_names[SP_TWELVE];
/* What common sense says of each, as struct sp_train_params has it: 1 speaks for an attack, -1 against, 0:
 * the column's meaning is not its name's. */
extern const int8_t sp_twelve_monotone[SP_TWELVE];

struct sp_signal_row {
    const struct sp_ecosystem *ecosystem;
    const char *name, *target;
    bool attack;
    const char *kind;        /* "stealthy" or "" */
    float values[SP_TWELVE]; /* 0 or 1; not-a-number: nothing stands there */
    bool alarm;              /* ConfuGuard's verdict */
    bool judged;             /* it has one */
    uint32_t group;          /* pairs of one target */
};

/* Zero-initialise. */
struct sp_signal_rows {
    struct sp_signal_row *rows;
    size_t count, capacity;
    struct sp_arena arena;
};

/* Reads the TSV file PATH: columns ecosystem, name, target, label (attack, benign) and the twelve, whose
 * values are 0, 1 or nothing; kind and confuguard_verdict (alarm, cleared, or nothing) where they are there.
 *
 * Kept are the pairs without malware alone (kind is not active): the metadata of a package that was taken
 * down is that of the registry's placeholder, and its signals would give the label away. Such rows need no
 * ecosystem. Refused: a file without other rows, or with one label only among them. */
int sp_signal_rows_read(struct sp_signal_rows *out, const char *path, struct sp_error *err);
void sp_signal_rows_free(struct sp_signal_rows *rows);
#define sp_autosignalrows __attribute__((cleanup(sp_signal_rows_free)))

/* A table of the twelve, grouped by target; OUT is freed with sp_table_free. */
int sp_signal_rows_table(struct sp_table *out, const struct sp_signal_rows *rows, struct sp_error *err);
