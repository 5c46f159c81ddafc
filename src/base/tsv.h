/* tsv.h: tab-separated tables with a header line; columns are found by name, others are ignored. */
#pragma once
#include "base/file.h"

#include <stdint.h>

#define SP_TSV_COLUMNS_MAX 64
#define SP_TSV_LINE_MAX 65536
#define SP_TSV_WANTED_MAX 16

struct sp_tsv {
    struct sp_lines lines;
    int fd;
    const char *path; /* borrowed */
    unsigned columns; /* of the header */
    unsigned wanted;
    int at[SP_TSV_WANTED_MAX]; /* column of each wanted name; -1 absent */
};

struct sp_tsv_row {
    struct sp_tsv_field {
        const char *bytes; /* valid until the next row */
        size_t length;
    } field[SP_TSV_WANTED_MAX]; /* in the order of the wanted names; "" where absent */
    size_t line;
};

/* Opens PATH and reads the header. NAMES lists at most SP_TSV_WANTED_MAX columns, NULL-terminated; the first REQUIRED of them
 * must be there. Free with sp_tsv_close, also after an error. */
int sp_tsv_open(struct sp_tsv *tsv, const char *path, const char *const *names, unsigned required,
                struct sp_error *err);
/* 1: a row; 0: end. A row with too few fields, invalid UTF-8 or an overlong line is an error. */
int sp_tsv_next(struct sp_tsv *tsv, struct sp_tsv_row *row, struct sp_error *err);
void sp_tsv_close(struct sp_tsv *tsv);
#define sp_autotsv __attribute__((cleanup(sp_tsv_close)))

/* Whether FIELD is this word. */
bool sp_tsv_is(const struct sp_tsv_field *field, const char *word);

/* The number in a field; empty gives EMPTY. -1 with ERR naming file and line when it is none. */
int sp_tsv_number(const struct sp_tsv *tsv, const struct sp_tsv_row *row, unsigned field, uint64_t empty,
                  uint64_t *out, struct sp_error *err);
