/* behaviour_table.h: labelled runs of packages: the tables (features.csv) that the model of the box is fitted
 * on and measured with. */
#pragma once
#include "base/memory.h"
#include "model/table.h"

#include <stdbool.h>
#include <stdint.h>

#define SP_BEHAVIOUR_ROWS_MAX 200000
#define SP_BEHAVIOUR_LINE_MAX 65536
/* Of a twin's row in training: made up to be as hard as can be, twins show what an attack is not, but there
 * are more of them than the world has of their kind. */
#define SP_TWIN_WEIGHT 0.3f

enum sp_run_status {
    SP_RUN_WHOLE, /* the only one to be learnt from */
    SP_RUN_CUT_OFF,
    SP_RUN_DROPPED,
    SP_RUN_LIMIT,
    SP_RUN_ERROR,
    SP_RUN_ABSENT,
    SP_RUN_STATUSES,
};
extern const char *const sp_run_status_names[SP_RUN_STATUSES];

/* What is told of a row beside its numbers; texts are owned by the table, "" where the field is empty. */
struct sp_behaviour_row {
    const char *ecosystem, *name, *version, *technique, *family, *origin, *net, *rules;
    uint32_t package;             /* rows of one package, version and label have one number, from 0 */
    uint32_t group;               /* rows that must not be torn apart have one number */
    uint32_t file, line;          /* where it stands */
    bool attack, twin, subject;   /* twin: honest, and made by the generator of attacks */
    bool outside;                 /* something outside the registry was called */
    bool rule_block, rule_review; /* a rule said block; review or block */
};

struct sp_behaviour_file {
    const char *path;
    char sha256[65]; /* of the text, unpacked */
    size_t rows;
};

/* Zero-initialise. Row i of TABLE is what ROWS[i] tells of; TABLE's columns are those of behaviour/vector.h.
 */
struct sp_behaviour_table {
    struct sp_table table;
    struct sp_behaviour_row *rows;
    size_t row_capacity;
    struct sp_behaviour_file *files;
    size_t file_count, file_capacity;
    size_t left_out[SP_RUN_STATUSES]; /* rows by status that are not in TABLE */
    size_t equal_vectors;             /* rows whose numbers some row before has as well */
    size_t repeated_dependencies;     /* rows of a dependency that another run brought too */
    size_t package_count;
    size_t groups[2], packages[2]; /* of honest, of attack; a group that holds attacks is one of attacks */
    struct sp_arena arena;
    struct sp_behaviour_keys *keys; /* private: what was seen */
};

/* Appends the rows of the CSV file PATH (plain or packed with zstd). Anything out of order is an error that
 * names file, line, column and what to do. */
int sp_behaviour_table_read(struct sp_behaviour_table *table, const char *path, struct sp_error *err);
/* The same of SIZE bytes in memory. */
int sp_behaviour_table_take(struct sp_behaviour_table *table, const void *bytes, size_t size,
                            const char *path, struct sp_error *err);
/* After the last file: numbers packages and groups. Rows that share a technique, a family or a package,
 * directly or through others, are one group. Refuses a table of one class. */
int sp_behaviour_table_finish(struct sp_behaviour_table *table, struct sp_error *err);
/* As finish, but one class alone is fine: rows to be judged, not learnt from. */
int sp_behaviour_table_finish_any(struct sp_behaviour_table *table, struct sp_error *err);
/* Whether the technique, family or package of ROW stands in TABLE: it is not new to a model fitted on it. */
bool sp_behaviour_table_knows(const struct sp_behaviour_table *table, const struct sp_behaviour_row *row);
void sp_behaviour_table_free(struct sp_behaviour_table *table);
#define sp_autobehaviourtable __attribute__((cleanup(sp_behaviour_table_free)))
