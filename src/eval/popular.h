/* popular.h: whether the most popular packages of a registry would be alarms. As trusted packages they never
 * are; how they would fare were they not trusted says how the same kind of package fares below the list's
 * end. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "eval/figures.h"

struct sp_popular_eval {
    const char *index_path;  /* NULL: the default */
    const char *filter_path; /* NULL: the one in the box */
    unsigned most;           /* packages a registry, by rank */
    /* TSV with a column name: other packages that are popular and long-lived; NULL: none */
    const char *names[SP_ECOSYSTEM_COUNT];
};
/* Fills FIGURES with the table "popular": npm and PyPI; and, where NAMES has files, "given". */
int sp_eval_popular(struct sp_figures *figures, const struct sp_popular_eval *options, struct sp_error *err);
