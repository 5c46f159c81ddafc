#include "eval/signal_eval.h"
#include "eval/ensemble.h"
#include "eval/signal_rows.h"
#include "model/baseline.h"
#include "model/metrics.h"
#include "model/train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* -------------------------------------------------------------- the models */

/* Three hundred rows carry small models only: weights held small, shallow trees. */
#define TWELVE_SEEDS 3

static struct sp_train_params
logistic(void)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_LOGISTIC);
    params.lambda = 30;
    params.monotone = sp_twelve_monotone;
    return params;
}

static struct sp_train_params
forest(void)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_FOREST);
    params.depth = 4;
    params.min_child_weight = 2;
    return params;
}

static struct sp_train_params
boosted(void)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_BOOSTED);
    params.rounds = 100;
    params.depth = 2;
    params.eta = 0.05;
    params.subsample = 0.7;
    params.colsample = 0.6;
    params.lambda = 2;
    params.monotone = sp_twelve_monotone;
    return params;
}

static const struct sp_figure_column model_columns[] = {
    { "model", SP_FIGURE_TEXT }, { "precision", SP_FIGURE_NUMBER },  { "recall", SP_FIGURE_NUMBER },
    { "f1", SP_FIGURE_NUMBER },  { "f1_spread", SP_FIGURE_NUMBER },  { "f1_best", SP_FIGURE_NUMBER },
    { "auc", SP_FIGURE_NUMBER }, { "auc_spread", SP_FIGURE_NUMBER }, { 0 },
};

static int
add_verdicts(struct sp_figures *figures, const struct sp_signal_rows *rows, const struct sp_table *table,
             struct sp_error *err)
{
    size_t count = rows->count, judged = 0;
    sp_autofree double *scores = sp_new_array(count, sizeof(*scores), err);
    if (!scores)
        return -1;
    for (size_t i = 0; i < count; i++) {
        scores[i] = rows->rows[i].alarm;
        judged += rows->rows[i].judged;
    }
    for (int which = 0; which < 2; which++) {
        double auc = NAN;
        if (which == 0 && (judged < count || sp_roc_auc(&auc, scores, table->labels, NULL, count, err) < 0)) {
            if (judged == count)
                return -1;
            continue;
        }
        struct sp_confusion c = sp_confusion_at(scores, table->labels, NULL, count, which ? -INFINITY : 0.5);
        const struct sp_figure row[] = {
            SP_TEXT(which ? "alarming always" : "ConfuGuard's verdict"),
            SP_NUMBER(sp_precision(&c)),
            SP_NUMBER(sp_recall(&c)),
            SP_NUMBER(sp_f1(&c)),
            SP_NUMBER(NAN),
            SP_NUMBER(NAN),
            SP_NUMBER(auc),
            SP_NUMBER(NAN),
        };
        if (sp_figures_add(figures, row, err) < 0)
            return -1;
    }
    return 0;
}

/* Rows that are equal in all twelve cannot be told apart: what a table learnt by heart would reach over them
 * is more than any model can. */
static int
add_memory(struct sp_figures *figures, const struct sp_table *table, struct sp_error *err)
{
    sp_autofree double *scores = sp_new_array(table->row_count, sizeof(*scores), err);
    sp_autoroc struct sp_roc roc = { 0 };
    if (!scores || sp_score_by_majority(NULL, table, table, scores, err) < 0 ||
        sp_roc_curve(&roc, scores, table->labels, NULL, table->row_count, err) < 0)
        return -1;
    struct sp_confusion c =
        sp_confusion_at(scores, table->labels, NULL, table->row_count, sp_best_f1_threshold(&roc));
    const struct sp_figure row[] = {
        SP_TEXT("the table by heart (no model: the ceiling)"),
        SP_NUMBER(sp_precision(&c)),
        SP_NUMBER(sp_recall(&c)),
        SP_NUMBER(sp_f1(&c)),
        SP_NUMBER(NAN),
        SP_NUMBER(sp_f1(&c)),
        SP_NUMBER(sp_roc_area(&roc)),
        SP_NUMBER(NAN),
    };
    return sp_figures_add(figures, row, err);
}

static int
add_models(struct sp_figures *figures, const struct sp_signal_eval *options,
           const struct sp_signal_rows *rows, const struct sp_table *table, struct sp_error *err)
{
    const struct sp_train_params members[] = { logistic(), forest(), boosted() };
    const struct {
        const char *title;
        size_t first, count;
        bool raw;
    } models[] = { { "logistic, monotone", 0, 1 },
                   { "forest, shallow", 1, 1 },
                   { "boosted, monotone", 2, 1 },
                   { "mean of these three", 0, 3 },
                   { "logistic, its margins as they are", 0, 1, true } };
    const struct sp_divisions divisions = { options->folds, options->divisions, options->seed };
    char title[160], note[320];
    size_t attacks = 0;
    for (size_t i = 0; i < rows->count; i++)
        attacks += rows->rows[i].attack;
    snprintf(title, sizeof(title), "The twelve signals alone: %zu pairs without malware, %zu of them attacks",
             rows->count, attacks);
    snprintf(note, sizeof(note),
             "%u folds, grouped by target, a row's score being its place among the training rows; means and "
             "standard deviations over %u divisions; precision, recall "
             "and f1: each fold at the threshold that is best on the others; f1 best: the best of the curve",
             options->folds, options->divisions);
    if (sp_figures_begin(figures, "twelve", title, note, model_columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(models); i++) {
        struct sp_ensemble ensemble = { members + models[i].first, models[i].count, !models[i].raw,
                                        TWELVE_SEEDS };
        struct sp_division_figures f;
        if (sp_division_figures(&f, table, &divisions, sp_score_by_ensemble, &ensemble, err) < 0)
            return sp_fail_within(err, "%s", models[i].title);
        const struct sp_figure row[] = {
            SP_TEXT(models[i].title), SP_NUMBER(f.precision.mean), SP_NUMBER(f.recall.mean),
            SP_NUMBER(f.f1.mean),     SP_NUMBER(f.f1.deviation),   SP_NUMBER(f.best_f1.mean),
            SP_NUMBER(f.auc.mean),    SP_NUMBER(f.auc.deviation),
        };
        if (sp_figures_add(figures, row, err) < 0)
            return -1;
    }
    return add_verdicts(figures, rows, table, err) < 0 ? -1 : add_memory(figures, table, err);
}

/* ------------------------------------------------------ one signal at a time */

static int
add_signals(struct sp_figures *figures, const struct sp_table *table, struct sp_error *err)
{
    static const struct sp_figure_column columns[] = {
        { "column", SP_FIGURE_TEXT },
        { "alarm_where", SP_FIGURE_TEXT },
        { "yes", SP_FIGURE_COUNT },
        { "precision", SP_FIGURE_NUMBER },
        { "recall", SP_FIGURE_NUMBER },
        { "false_positive_rate", SP_FIGURE_NUMBER },
        { "f1", SP_FIGURE_NUMBER },
        { "auc", SP_FIGURE_NUMBER },
        { 0 },
    };
    sp_autofree double *scores = sp_new_array(table->row_count, sizeof(*scores), err);
    if (!scores ||
        sp_figures_begin(figures, "alone", "Each signal alone",
                         "an alarm where the signal says so in the direction of its name; an auc below 0.5: "
                         "the rows say the opposite",
                         columns, err) < 0)
        return -1;
    for (size_t k = 0; k < SP_TWELVE; k++) {
        bool attack = sp_twelve_monotone[k] > 0;
        size_t yes = 0;
        for (size_t i = 0; i < table->row_count; i++) {
            bool is = sp_table_row(table, i)[k] > 0;
            yes += is;
            scores[i] = is == attack;
        }
        struct sp_confusion c = sp_confusion_at(scores, table->labels, NULL, table->row_count, 0.5);
        double auc;
        if (sp_roc_auc(&auc, scores, table->labels, NULL, table->row_count, err) < 0)
            return -1;
        const struct sp_figure row[] = {
            SP_TEXT(sp_twelve_names[k]),
            SP_TEXT(attack ? "yes" : "no"),
            SP_NUMBER(yes),
            SP_NUMBER(sp_precision(&c)),
            SP_NUMBER(sp_recall(&c)),
            SP_NUMBER(sp_false_positive_rate(&c)),
            SP_NUMBER(sp_f1(&c)),
            SP_NUMBER(auc),
        };
        if (sp_figures_add(figures, row, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_eval_signals(struct sp_figures *figures, const struct sp_signal_eval *options, struct sp_error *err)
{
    sp_autosignalrows struct sp_signal_rows rows = { 0 };
    sp_autotable struct sp_table table = { 0 };
    if (sp_train_available(err) < 0 || sp_signal_rows_read(&rows, options->signals_path, err) < 0 ||
        sp_signal_rows_table(&table, &rows, err) < 0 ||
        add_models(figures, options, &rows, &table, err) < 0 || add_signals(figures, &table, err) < 0)
        return -1;
    return options->pairs_path ? sp_eval_joined(figures, options, err) : 0;
}
