/* behaviour_alarms.h: what a model, the rules, or either say of labelled packages: who is caught, and which
 * honest ones are alarms. */
#pragma once
#include "eval/behaviour_table.h"
#include "eval/figures.h"
#include "model/model.h"

/* All borrowed. */
struct sp_judged_runs {
    const struct sp_behaviour_table *table;
    const double *probabilities;  /* one a row, as are the next two */
    const double *block, *review; /* the thresholds that hold for the row */
    const bool *use;              /* rows to count; NULL: all */
    const struct sp_model_file *models;
    const uint32_t *folds; /* which of MODELS judged the row; NULL: the first */
    const size_t *at;      /* where each feature of the models stands in a row of TABLE */
    const char *prefix;    /* of the tables' ids: "", "fresh_new_" */
    const char *where;     /* in their titles: "out of fold" */
};

/* Adds the tables false_alarms, alarms, techniques, origins, ecosystems and nets. */
int sp_judged_runs_add(const struct sp_judged_runs *judged, struct sp_figures *figures, struct sp_error *err);
