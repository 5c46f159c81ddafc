/* text.h: what the reports for eyes share: paint, strings that cannot harm a terminal, and a finding set out.
 * Everything is appended to the buffer of a struct sp_text. */
#pragma once
#include "base/buffer.h"
#include "verdict/finding.h"

#define SP_TEXT_SHOWN_MAX 1024 /* bytes of one string that are shown, at most */

enum sp_paint { SP_PAINT_BLOCK, SP_PAINT_REVIEW, SP_PAINT_GOOD, SP_PAINT_BOLD, SP_PAINT_DIM };

struct sp_text {
    struct sp_buffer *out; /* borrowed */
    bool colour;
    unsigned width;   /* columns; 0: 80 */
    bool explain;     /* every signal of a finding, not only what weighed most */
    bool wrap;        /* lines are broken at spaces where they reach the width */
    size_t shown_max; /* bytes shown of one string of a finding; 0: SP_TEXT_SHOWN_MAX */
    /* The title of a category for people; NULL, or a NULL answer: its identifier is shown. */
    const char *(*category_title)(const char *category);
};

int sp_text_put(const struct sp_text *text, struct sp_error *err, const char *format, ...) SP_PRINTF(3, 4);
int sp_text_paint(const struct sp_text *text, enum sp_paint paint, struct sp_error *err, const char *format,
                  ...) SP_PRINTF(4, 5);

/* STRING as it may be shown on a terminal, in OUT; "" for NULL. */
const char *sp_text_shown(char out[SP_TEXT_SHOWN_MAX], const char *string);
/* The same, with its middle left out where it would take more than COLUMNS. */
const char *sp_text_fitted(char out[SP_TEXT_SHOWN_MAX], const char *string, unsigned columns);
/* A line of STRING (hostile) after INDENT spaces and BEFORE (ours); what is wrapped stands beneath STRING. */
int sp_text_line(const struct sp_text *text, unsigned indent, const char *before, const char *string,
                 struct sp_error *err);

/* "Block: do not install", in its colour; SEVERITY is review or block. */
int sp_text_heading(const struct sp_text *text, enum sp_severity severity, struct sp_error *err);

struct sp_text_finding {
    bool severity;      /* say which it is in front of the name: no heading does */
    const char *whence; /* a line beneath the message; NULL: none */
    const char *when;   /* another: phase, time, process; NULL */
    const char *about;  /* another: the file, address or name, where the message does not hold it; NULL */
    const char *allow;  /* the last line, to be copied: never broken; NULL */
};
/* Sets out FINDING, of review or block: what, why, the two names, how it was judged, what to do. */
int sp_text_finding(const struct sp_text *text, const struct sp_finding *finding,
                    const struct sp_text_finding *how, struct sp_error *err);

#define SP_TEXT_FIGURE_MAX 32
/* "512 B", "9.8 kB", "1.2 GB". */
const char *sp_text_size(char out[SP_TEXT_FIGURE_MAX], uint64_t bytes);
/* "0.41 s", "12.3 s", "3 min 5 s". */
const char *sp_text_duration(char out[SP_TEXT_FIGURE_MAX], uint64_t nanoseconds);

static inline const char *
sp_text_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}
