/* run_html.h: the pieces of the page of a run. Whatever comes from outside goes through sp_html_text; all
 * else that is put is ours. The first failure is kept, and nothing is put after it. */
#pragma once
#include "report/run_scripts.h"

struct sp_html {
    struct sp_buffer *out;
    struct sp_error *err;
    bool failed;
    const struct sp_run_report *run;
    const struct sp_run_report_options *options;
    const struct sp_run_acts *acts;
    uint64_t started;
};

/* Text of ours, with its tags. */
void sp_html_put(struct sp_html *html, const char *text);
/* The same with numbers and words of ours. */
void sp_html_putf(struct sp_html *html, const char *format, ...) SP_PRINTF(2, 3);
/* STRING (hostile; NULL: nothing) as text, or within an attribute in double quotes; at most MOST bytes. */
void sp_html_text(struct sp_html *html, const char *string, size_t most);
/* The same, with its middle left out where it takes more than COLUMNS. */
void sp_html_fitted(struct sp_html *html, const char *string, unsigned columns);
/* The words of a command, each of which ends in SP_EVENT_WORD_END. */
void sp_html_words(struct sp_html *html, const char *words, size_t most);
/* "1,204". */
void sp_html_count(struct sp_html *html, uint64_t count);
/* "0.41 s" from the start; "" where TIME is none. */
void sp_html_time(struct sp_html *html, uint64_t time);
/* How the processes that are no package's are called. */
const char *sp_html_who(const char *who);

void sp_html_head(struct sp_html *html);
/* Phases, processes by package, findings and connections along the time. Nothing where nothing is known. */
void sp_html_timeline(struct sp_html *html);
void sp_html_process_tree(struct sp_html *html);
