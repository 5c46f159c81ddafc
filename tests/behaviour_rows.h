/* behaviour_rows.h: made-up tables of runs with a known truth, for the tests of training and measuring. */
#pragma once
#include "base/buffer.h"

#include <stdint.h>

struct made_rows {
    uint64_t seed;
    unsigned real, twins;             /* honest packages */
    unsigned techniques, a_technique; /* attacks: so many techniques with so many packages each */
    unsigned from;                    /* the number of the first technique */
    double told; /* share of attacks that touch a decoy; the others look honest but for noise */
    double loud; /* share of twins that call outside */
};
/* The head line, with every column. */
void made_head(struct sp_buffer *out);
/* A row whose numbers are all BASE but for COLUMN (NULL: none), which is VALUE (as text). */
void made_row(struct sp_buffer *out, const char *name, const char *label, const char *technique,
              const char *family, const char *origin, const char *column, const char *value);
/* A whole table. */
void made_table(struct sp_buffer *out, const struct made_rows *rows);
