#include "eval/filter_train.h"
#include "base/file.h"
#include "eval/pairs.h"
#include "metadata/filter.h"
#include "model/metrics.h"
#include "model/train.h"
#include "model/validate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LAMBDA 20 /* a third of the rows' attacks: few rows, so weights are held small */
/* A weight is taken from the rows where so many of them say yes, and as many no. */
#define ROWS_LEAST 20
#define SPLITS 10u      /* into folds, one after another: one alone is luck */
#define BLOCK_RATE 0.02 /* of the benign pairs may be block, out of fold */
#define BLOCK_LEAST 0.5 /* a block says "rather an attack than not" */
#define NAME_PRIOR 0.25 /* a third of a doubling of the odds where those by name double */

const struct sp_filter_prior sp_filter_priors[SP_SIGNAL_COUNT] = {
    { SP_SIGNAL_OBVIOUS_DIFFERENCE, -0.4,
      "nobody types one for the other; but names are what attackers choose" },
    { SP_SIGNAL_ADVERSARIAL_NAME, 0.5, "made to be overlooked; honest forks and ports do it too" },
    { SP_SIGNAL_DISTINCT_PURPOSE, -1.2, "an imitation describes what it imitates; words are cheap, though" },
    { SP_SIGNAL_NEAR_COPY, 1.5, "another's words under one's own account are what imitation is" },
    { SP_SIGNAL_FORK, 0.1, "attacks copy more often, and say so; beside other signals it tells nothing" },
    { SP_SIGNAL_EXPERIMENT, -0.5,
      "first packages are copies with the author's name added; easily pretended" },
    { SP_SIGNAL_EXTENSION, -0.7, "plugins are named after what they extend; hostile ones are as well" },
    { SP_SIGNAL_KNOWN_OWNER, -4, "the registry proves the owner, which words cannot" },
    { SP_SIGNAL_OVERLAPPING_MAINTAINERS, -3,
      "the registry's word; some registries let one add others unasked" },
    { SP_SIGNAL_COMPREHENSIVE_METADATA, -0.3, "care costs an attacker minutes" },
    { SP_SIGNAL_ACTIVE_DEVELOPMENT, -0.8, "releases over time are work, but can be made by a script" },
    { SP_SIGNAL_NO_README, 1, "nobody is to read it" },
    { SP_SIGNAL_SUSPICIOUS_INTENT, 1, "says so itself" },
    { SP_SIGNAL_RELOCATED, -1, "the notice names where to go" },
    { SP_SIGNAL_SECURITY_HOLDING, 3, "the registry took an attack of this name down" },
    { SP_SIGNAL_NEWLY_PUBLISHED, 1,
      "attacks are found within months and live before; most honest names are old" },
    { SP_SIGNAL_NEW_ACCOUNT, 0.7, "throw-away accounts; everybody's first package has one" },
    { SP_SIGNAL_INSTALL_HOOK, 1.2, "rare among honest packages of npm, usual among hostile ones" },
    { SP_SIGNAL_BORROWED_REPOSITORY, 1.5, "claims another's work; forgotten in forks as well" },
    { SP_SIGNAL_REPOSITORY_MISMATCH, 0.3, "monorepos and renamed projects do it every day" },
    { SP_SIGNAL_POPULAR, -1.2, "downloads can be made, so they lower a risk and never clear alone" },
    { SP_SIGNAL_LONG_LIVED, -2, "attacks are taken down; what both lasted for years was seen by many" },
    { SP_SIGNAL_OLDER_THAN_TARGET, -1.5,
      "nobody imitates what is not there yet; abandoned names change hands" },
    { SP_SIGNAL_PROVENANCE, -0.4, "proves which repository built it, not that it is honest" },
    { SP_SIGNAL_VERSION_JUMP, 1.5, "versions that win over any private one: dependency confusion" },
};

enum { FEATURES = 1 + SP_TWELVE }; /* the risk by name, then the twelve */

struct session {
    const struct sp_filter_training *training;
    struct sp_signal_rows rows;
    struct sp_table table;
    const char *names[FEATURES];
    int8_t monotone[FEATURES];
    size_t without_name;   /* rows left out: their names have no risk */
    size_t yes[SP_TWELVE]; /* rows */
    size_t attacks;
    double *margins;         /* SPLITS times the rows: out of fold */
    float *labels, *weights; /* the same */
    uint32_t *folds;         /* of one split after another */
};

/* A signal's value counts only where its weight is the rows': what a language model called a known maintainer
 * is not what the filter calls a known owner, and the column of forks holds something else. */
static bool
can_fit(const struct session *session, size_t column)
{
    size_t yes = session->yes[column], no = session->table.row_count - yes;
    return sp_twelve_monotone[column] && yes >= ROWS_LEAST && no >= ROWS_LEAST;
}

static double
lean_of(enum sp_signal_id signal)
{
    return sp_filter_priors[signal].weight > 0 ? 1 : -1;
}

static int
fill_table(struct session *session, struct sp_error *err)
{
    const struct sp_filter_training *training = session->training;
    session->names[0] = sp_filter_feature_name(SP_FILTER_NAME_MARGIN);
    session->monotone[0] = 1;
    for (size_t i = 0; i < SP_TWELVE; i++) {
        enum sp_signal_id signal = sp_twelve[i].signal;
        session->names[1 + i] = sp_filter_feature_name(SP_FILTER_SIGNALS + signal);
        session->monotone[1 + i] = (int8_t)lean_of(signal);
    }
    sp_table_init(&session->table, session->names, FEATURES);
    for (size_t i = 0; i < session->rows.count; i++) {
        const struct sp_signal_row *row = &session->rows.rows[i];
        double risk = training->name_risk(training->context, row);
        if (isnan(risk)) {
            session->without_name++;
            continue;
        }
        float values[FEATURES] = { (float)sp_filter_name_margin(risk) };
        memcpy(values + 1, row->values, sizeof(row->values));
        for (size_t k = 0; k < SP_TWELVE; k++)
            session->yes[k] += row->values[k] > 0;
        session->attacks += row->attack;
        if (sp_table_add(&session->table, values, row->attack, 1, row->group, err) < 0)
            return -1;
    }
    if (!session->attacks || session->attacks == session->table.row_count)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%.300s: of %zu pairs, %zu stand in no file of pairs; too few are left to fit a filter",
            training->signals_path, session->rows.count, session->without_name);
    for (size_t k = 0; k < SP_TWELVE; k++)
        for (size_t i = 0; !can_fit(session, k) && i < session->table.row_count; i++)
            session->table.values[i * FEATURES + 1 + k] = NAN;
    return 0;
}

static struct sp_train_params
params_of(const struct session *session)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_LOGISTIC);
    params.lambda = LAMBDA;
    params.monotone = session->monotone;
    return params;
}

/* Rewrites a fitted model so that "no" adds nothing, and an unknown signal never less than "no": of one that
 * speaks for an attack what can be expected, its weight times its share of the rows. */
static void
settle(struct sp_model *model)
{
    for (size_t i = 0; i < model->feature_count; i++) {
        struct sp_model_term *term = &model->terms[i];
        if (term->weight == 0) {
            *term = (struct sp_model_term){ 0 };
            continue;
        }
        model->base -= term->weight * term->centre;
        term->missing = i > 0 && term->weight > 0 ? term->weight * term->centre : 0;
        term->centre = 0;
    }
}

static int
score(void *context, const struct sp_table *train, const struct sp_table *test, double *scores,
      struct sp_error *err)
{
    sp_automodel struct sp_model *model = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    if (sp_train(&model, train, context, err) < 0)
        return -1;
    settle(model);
    if (sp_model_use(&file, model, err) < 0)
        return -1;
    for (size_t i = 0; i < test->row_count; i++)
        scores[i] = sp_model_margin(&file.view, sp_table_row(test, i));
    return 0;
}

static int
cross_fit(struct session *session, struct sp_error *err)
{
    const struct sp_table *table = &session->table;
    size_t count = table->row_count;
    struct sp_train_params params = params_of(session);
    session->margins = sp_new_array(SPLITS * count, sizeof(double), err);
    session->labels = sp_new_array(SPLITS * count, sizeof(float), err);
    session->weights = sp_new_array(SPLITS * count, sizeof(float), err);
    session->folds = sp_new_array(SPLITS * count, sizeof(uint32_t), err);
    if (!session->margins || !session->labels || !session->weights || !session->folds)
        return -1;
    for (unsigned split = 0; split < SPLITS; split++) {
        uint32_t *folds = session->folds + split * count;
        if (sp_folds(folds, table, session->training->folds, session->training->seed + split, err) < 0 ||
            sp_out_of_fold(session->margins + split * count, table, folds, session->training->folds, score,
                           &params, err) < 0)
            return -1;
        for (size_t i = 0; i < count; i++) {
            session->labels[split * count + i] = table->labels[i];
            session->weights[split * count + i] = 1.f / (float)SPLITS;
        }
    }
    return 0;
}

static int
say_fit(const struct session *session, FILE *out, struct sp_error *err)
{
    size_t count = session->table.row_count;
    double f1 = 0, auc = 0;
    for (unsigned split = 0; split < SPLITS; split++) {
        double one;
        const double *margins = session->margins + split * count;
        if (sp_fitted_f1(&one, margins, session->table.labels, session->folds + split * count, count,
                         session->training->folds, err) < 0)
            return -1;
        f1 += one / SPLITS;
        if (sp_roc_auc(&one, margins, session->table.labels, NULL, count, err) < 0)
            return -1;
        auc += one / SPLITS;
    }
    fprintf(out,
            "Filter, %u-fold, grouped by target, mean of %u divisions: %zu pairs without malware (%zu more "
            "have no risk by name), %zu attacks: AUC %.3f, F1 at the threshold of the other folds %.3f\n",
            session->training->folds, SPLITS, count, session->without_name, session->attacks, auc, f1);
    return 0;
}

/* ---------------------------------------------------------------- the model */

static int
assemble(struct sp_model **out, const struct session *session, struct sp_error *err)
{
    const char *names[SP_FILTER_FEATURE_COUNT];
    struct sp_train_params params = params_of(session);
    sp_automodel struct sp_model *fitted = NULL, *model = NULL;
    for (unsigned i = 0; i < SP_FILTER_FEATURE_COUNT; i++)
        names[i] = sp_filter_feature_name(i);
    if (sp_train(&fitted, &session->table, &params, err) < 0 ||
        sp_model_new(&model, SP_MODEL_LOGISTIC, names, SP_FILTER_FEATURE_COUNT, err) < 0 ||
        sp_model_add_note(model, err, "filter_version %s", SP_FILTER_VERSION) < 0)
        return -1;
    settle(fitted);
    model->base = fitted->base;
    bool name_fits = fitted->terms[0].weight > 0;
    model->terms[0] = name_fits ? fitted->terms[0] : (struct sp_model_term){ .weight = NAME_PRIOR };
    if (sp_model_add_note(model, err, "weight %s %+.3f: %s", names[0], model->terms[0].weight,
                          name_fits ? "fitted" : "no data: prior: the rows' names say nothing") < 0)
        return -1;
    for (unsigned signal = 0; signal < SP_SIGNAL_COUNT; signal++) {
        const struct sp_filter_prior *prior = &sp_filter_priors[signal];
        struct sp_model_term *term = &model->terms[SP_FILTER_SIGNALS + signal];
        *term = (struct sp_model_term){ .weight = prior->weight };
        size_t column = 0;
        while (column < SP_TWELVE && sp_twelve[column].signal != (enum sp_signal_id)signal)
            column++;
        bool fits = column < SP_TWELVE && can_fit(session, column) && fitted->terms[1 + column].weight != 0;
        if (fits)
            *term = fitted->terms[1 + column];
        const char *name = names[SP_FILTER_SIGNALS + signal];
        if ((fits ? sp_model_add_note(model, err, "weight %s %+.3f: fitted, %zu of %zu rows say yes", name,
                                      term->weight, session->yes[column], session->table.row_count)
                  : sp_model_add_note(model, err, "weight %s %+.3f: no data: prior: %s", name, term->weight,
                                      prior->reason)) < 0)
            return -1;
    }
    *out = sp_take(model);
    return 0;
}

/* The thresholds, and what they do out of fold. */
static int
set_thresholds(struct sp_model *model, const struct session *session, FILE *out, struct sp_error *err)
{
    const struct sp_filter_training *training = session->training;
    size_t count = SPLITS * session->table.row_count;
    sp_autofree double *probabilities = sp_new_array(count, sizeof(double), err);
    sp_autoroc struct sp_roc roc = { 0 };
    if (!probabilities || sp_calibration_fit(&model->calibration, SP_CALIBRATION_PLATT, session->margins,
                                             session->labels, session->weights, count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        probabilities[i] = sp_calibration_apply(&model->calibration, session->margins[i]);
    if (sp_roc_curve(&roc, probabilities, session->labels, session->weights, count, err) < 0)
        return -1;
    double review = sp_best_f1_threshold(&roc), block = sp_threshold_for_rate(&roc, BLOCK_RATE);
    review = fmin(fmax(review, 0.01), BLOCK_LEAST);
    block = fmin(fmax(block, BLOCK_LEAST), 0.99);
    const struct {
        const char *name;
        double value;
    } thresholds[] = { { "review", review },
                       { "block", block },
                       { "look", training->look },
                       { "name-review", training->name.review },
                       { "name-block", training->name.block } };
    for (size_t i = 0; i < SP_COUNT(thresholds); i++)
        if (sp_model_set_threshold(model, thresholds[i].name, thresholds[i].value, err) < 0)
            return -1;
    for (size_t i = 0; i < 2; i++) {
        struct sp_confusion c =
            sp_confusion_at(probabilities, session->labels, session->weights, count, thresholds[i].value);
        if (sp_model_add_note(model, err,
                              "%s: precision %.3f, recall %.3f, F1 %.3f, false alarms %.3f of benign "
                              "lookalikes, out of fold; chosen on the same rows",
                              thresholds[i].name, sp_precision(&c), sp_recall(&c), sp_f1(&c),
                              sp_false_positive_rate(&c)) < 0)
            return -1;
    }
    if (sp_model_add_note(model, err,
                          "rows: %zu pairs without malware, %zu attacks: a share of %.2f, which is far above "
                          "that of the names that people type",
                          session->table.row_count, session->attacks,
                          (double)session->attacks / (double)session->table.row_count) < 0)
        return -1;
    fprintf(out, "thresholds: review %.4f, block %.4f; looked up from a risk by name of %.4f\n", review,
            block, training->look);
    return 0;
}

static int
fit(struct session *session, FILE *out, struct sp_error *err)
{
    const struct sp_filter_training *training = session->training;
    sp_automodel struct sp_model *model = NULL;
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_signal_rows_read(&session->rows, training->signals_path, err) < 0 ||
        fill_table(session, err) < 0 || cross_fit(session, err) < 0 || say_fit(session, out, err) < 0 ||
        assemble(&model, session, err) < 0 || set_thresholds(model, session, out, err) < 0 ||
        (training->command && sp_model_set_command(model, training->command, err) < 0) ||
        sp_model_write(model, &text, err) < 0)
        return -1;
    for (size_t i = 0; i < model->note_count; i++)
        fprintf(out, "  %s\n", model->notes[i]);
    return training->model_path ? sp_file_write(training->model_path, text.bytes, text.length, err) : 0;
}

int
sp_train_filter(const struct sp_filter_training *training, FILE *out, struct sp_error *err)
{
    struct session session = { .training = training };
    int status = fit(&session, out, err);
    sp_signal_rows_free(&session.rows);
    sp_table_free(&session.table);
    free(session.margins);
    free(session.labels);
    free(session.weights);
    free(session.folds);
    return status;
}
