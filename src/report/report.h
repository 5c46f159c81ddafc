/* report.h: a verdict, written down. One file a format, one const struct each, one table of all.
 *
 * A report is written as it comes: begin, each finding, end; so a stream of a million names needs no more
 * memory than one. sp_report_verdict does the three for a verdict that is complete. */
#pragma once
#include "base/buffer.h"
#include "base/json.h"
#include "report/text.h"
#include "verdict/finding.h"

#define SP_REPORT_RULES_MAX 96

struct sp_report_options {
    const char *version; /* of the tool */
    bool colour;         /* escape sequences for a terminal */
    unsigned width;      /* columns of the output; 0: 80 */
    bool explain;        /* every signal, and what was cleared */
    const char
        *against; /* what the names were compared with, "19,743 popular npm packages"; NULL: not said */
    /* The title of a category for people; NULL, or a NULL answer: its identifier is shown. */
    const char *(*category_title)(const char *category);
};

struct sp_report_totals {
    enum sp_outcome outcome;
    size_t checked, review, block;
    size_t cleared;      /* lookalikes that their metadata clears */
    size_t unreadable;   /* lines of the input that hold no name */
    char *const *unseen; /* one line each: what could not be looked at, and why */
    size_t unseen_count;
    size_t unseen_more; /* further ones, counted but not kept */
};

struct sp_report {
    const struct sp_report_format *format;
    const struct sp_report_options *options;
    struct sp_buffer *out; /* borrowed; the caller may take and clear it between calls */
    bool streaming;        /* the totals are not known yet */
    /* private */
    size_t written;
    enum sp_severity group;
    struct sp_text text;
    struct sp_json json;
    const char *rules[SP_REPORT_RULES_MAX];
    size_t rule_count;
    struct sp_buffer hint;
};

struct sp_report_format {
    const char *id;
    const char *title;
    /* TOTALS is NULL while they are not known, and findings then come in no order of severity. */
    int (*begin)(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err);
    int (*finding)(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err);
    int (*end)(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err);
};

extern const struct sp_report_format sp_report_text;
extern const struct sp_report_format sp_report_json;
extern const struct sp_report_format sp_report_json_lines;
extern const struct sp_report_format sp_report_sarif;

/* The table of all. */
extern const struct sp_report_format *const sp_report_formats[];
extern const size_t sp_report_format_count;
/* By id; NULL: unknown. */
const struct sp_report_format *sp_report_format_find(const char *id);

/* Starts a report; OPTIONS and OUT are borrowed until sp_report_free, which is due after a failure too.
 * TOTALS NULL: the findings are streamed. */
int sp_report_begin(struct sp_report *report, const struct sp_report_format *format,
                    const struct sp_report_options *options, const struct sp_report_totals *totals,
                    struct sp_buffer *out, struct sp_error *err);
/* Writes one finding; those below review are left out, but for what metadata cleared where all is explained.
 * The finding's rule must outlive the report. */
int sp_report_finding(struct sp_report *report, const struct sp_finding *finding, struct sp_error *err);
int sp_report_end(struct sp_report *report, const struct sp_report_totals *totals, struct sp_error *err);
void sp_report_free(struct sp_report *report);
#define sp_autoreport __attribute__((cleanup(sp_report_free)))

/* What VERDICT sums up to. The unseen lines are borrowed from it. */
struct sp_report_totals sp_report_totals_of(const struct sp_verdict *verdict);

/* How many of its findings are lookalikes that their metadata clears. */
size_t sp_report_cleared(const struct sp_verdict *verdict);

/* Appends the whole report of VERDICT to OUT, the severest findings first. */
int sp_report_verdict(const struct sp_report_format *format, const struct sp_report_options *options,
                      const struct sp_verdict *verdict, struct sp_buffer *out, struct sp_error *err);

/* The members of FINDING in JSON, inside an object that is open. Shared by the formats that are JSON. */
int sp_report_json_finding(struct sp_json *json, const struct sp_finding *finding, struct sp_error *err);
/* The package URL of a package, appended to OUT, which stays as it is where there is none (an ecosystem or a
 * name that has none). */
int sp_report_purl(struct sp_buffer *out, const char *ecosystem, const char *name, const char *version,
                   struct sp_error *err);
/* COUNT with thousands separators, "1,502". */
#define SP_REPORT_COUNT_MAX 32
const char *sp_report_count(char out[SP_REPORT_COUNT_MAX], size_t count);
