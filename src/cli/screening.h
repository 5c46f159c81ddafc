/* screening.h: one run of check: what it is asked, what it found so far, where it writes. */
#pragma once
#include "cli/options.h"
#include "cli/output.h"
#include "cli/what.h"
#include "gate/check.h"
#include "gate/lookups.h"
#include "report/report.h"

struct sp_screening {
    /* set by the command */
    struct sp_check_options check;
    struct sp_lookups_options looking;
    const struct sp_report_format *format;
    struct sp_report_options report;
    const struct sp_ecosystem *usual;          /* of bare names; NULL: none */
    const struct sp_manifest_format *manifest; /* NULL: guessed */
    struct sp_output *output;
    unsigned jobs;        /* threads for names on standard input */
    bool streaming;       /* findings are written as they are found */
    bool quiet, progress; /* no remarks; a count on the terminal */

    /* private */
    struct sp_checker *checker;
    struct sp_lookups *lookups; /* NULL: names are judged alone */
    uint64_t begun_at;          /* of the look-ups, sp_now() */
    struct sp_verdict verdict;  /* what was found and not written yet */
    struct sp_arena arena;      /* for the words that were read */
    struct sp_report writer;
    struct sp_buffer text;
    size_t checked, review, block, cleared; /* written already */
    size_t unaided;                         /* packages that the LLM was asked about in vain */
    size_t unreadable;                      /* lines that hold no name */
    bool unread;                            /* an argument that could not be read */
    bool broken;                            /* Sallyport itself failed */
    bool begun;
    uint32_t ecosystems; /* bits by enum sp_ecosystem_id: what was compared */
    char against[128];
};

int sp_screening_open(struct sp_screening *screening, struct sp_error *err);
void sp_screening_close(struct sp_screening *screening);

/* Check what one argument names. A failure is said on standard error and remembered; the next can go on. */
void sp_screening_package(struct sp_screening *screening, const char *word);
void sp_screening_file(struct sp_screening *screening, const char *path);
void sp_screening_lines(struct sp_screening *screening, int fd);

/* Remembers that ERR kept something from being seen, and says it on standard error. */
void sp_screening_missed(struct sp_screening *screening, const struct sp_error *err);
/* Writes the findings of VERDICT, counts them, and empties it. -1 when the output is of no more use. */
int sp_screening_flush(struct sp_screening *screening, struct sp_verdict *verdict, struct sp_error *err);

/* Writes what is left of the report; returns the exit code for --fail-on FAIL_ON (NONE: never). */
int sp_screening_finish(struct sp_screening *screening, enum sp_severity fail_on);
