/* alignment.h: two names one above the other, letter by letter, with a mark under each that differs. */
#pragma once
#include "base/buffer.h"
#include "verdict/finding.h"

struct sp_alignment_style {
    const char *name_label, *target_label; /* "name", "target"; put before the rows */
    unsigned indent;                       /* columns before the labels */
    unsigned width;                        /* columns of the output; longer names are drawn in pieces */
    bool colour;
};

/* How many columns a terminal gives to LENGTH bytes of TEXT. */
unsigned sp_alignment_columns(const char *text, size_t length);

/* Whether the COUNT runs of EDITS cover NAME and TARGET whole, each byte once. */
bool sp_alignment_fits(const char *name, const char *target, const struct sp_edit *edits, size_t count);

/* Appends the drawing to OUT, whole lines. Edits that do not fit the two names are not drawn: the names then
 * stand alone. Characters that are alike to the eye are named by their code points beneath. */
int sp_alignment_draw(struct sp_buffer *out, const char *name, const char *target,
                      const struct sp_edit *edits, size_t count, const struct sp_alignment_style *style,
                      struct sp_error *err);
