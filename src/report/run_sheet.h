/* run_sheet.h: the pieces of the text of a run: what run_text.c puts together and run_lists.c lists. */
#pragma once
#include "report/report.h"
#include "report/run.h"
#include "report/run_acts.h"

struct sp_run_sheet {
    struct sp_text text;
    const struct sp_run_report *run;
    const struct sp_run_report_options *options;
    size_t block, review;
    bool tight;                     /* the reasons need the room: lists become a line each */
    size_t items;                   /* of one list that are told, where not all are asked for */
    const struct sp_run_acts *acts; /* everybody's */
};

/* One list of the report: which of its things are told, and how. */
struct sp_run_list {
    const char *title;
    enum sp_paint paint;
    size_t (*count)(const struct sp_run_report *run);
    bool (*wanted)(const struct sp_run_report *run, size_t i); /* NULL: all are */
    int (*put_item)(const struct sp_run_sheet *sheet, size_t i, struct sp_error *err);
    size_t (*more)(const struct sp_run_report *run); /* counted but not kept; NULL: none */
    size_t shown;                                    /* items, where not all are asked for; 0: the sheet's */
};
extern const struct sp_run_list sp_run_list_unseen, sp_run_list_refused, sp_run_list_unloaded,
    sp_run_list_changes, sp_run_list_allowed, sp_run_list_cleared, sp_run_list_unfollowed, sp_run_list_notes,
    sp_run_list_packages, sp_run_list_risks, sp_run_list_events;

/* How many things of LIST there are to tell. */
size_t sp_run_list_count(const struct sp_run_sheet *sheet, const struct sp_run_list *list);
/* Appends the list with its title; nothing where it is empty. */
int sp_run_list_put(const struct sp_run_sheet *sheet, const struct sp_run_list *list, struct sp_error *err);

/* Connections that are none of the registry's: how many stayed inside, how many --allow-host let through. */
void sp_run_connections_count(const struct sp_run_report *run, size_t *held, size_t *passed);
/* Appends those that differ, each with how often it was seen. */
int sp_run_connections_put(const struct sp_run_sheet *sheet, struct sp_error *err);

/* Appends what was looked up, read, written and run, a line each; nothing where nothing of it was seen. */
int sp_run_acts_put(const struct sp_run_sheet *sheet, struct sp_error *err);
/* Appends what the scripts did that the manager blocks, and the list that would let them run. */
int sp_run_scripts_put(const struct sp_run_sheet *sheet, struct sp_error *err);

/* Columns of the output. */
unsigned sp_run_columns(const struct sp_run_sheet *sheet);
bool sp_run_same_text(const char *a, const char *b); /* NULL is the same as NULL alone */
