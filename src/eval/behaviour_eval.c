#include "eval/behaviour_eval.h"
#include "base/file.h"
#include "eval/behaviour_alarms.h"
#include "eval/cross_fit.h"
#include "eval/feature_sets.h"
#include "eval/measures.h"
#include "eval/reference.h"
#include "model/baseline.h"
#include "model/metrics.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

struct session {
    const struct sp_behaviour_eval *options;
    struct sp_figures *figures;
    struct sp_behaviour_table table;
};

static void
end_session(struct session *session)
{
    sp_behaviour_table_free(&session->table);
}

static void
say(const struct session *session, const char *what)
{
    if (session->options->progress)
        fprintf(stderr, "behaviour: %s\n", what);
}

static int
read_tables(struct sp_behaviour_table *table, const char *const *paths, size_t count, struct sp_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (sp_behaviour_table_read(table, paths[i], err) < 0)
            return -1;
    return 0;
}

static int
add_corpus(struct sp_figures *figures, const struct sp_behaviour_table *table, const char *id,
           const char *title, struct sp_error *err)
{
    static const struct sp_figure_column columns[] = { { "what", SP_FIGURE_TEXT },
                                                       { "count", SP_FIGURE_COUNT },
                                                       { 0 } };
    struct sp_distinct distinct;
    if (sp_figures_begin(figures, id, title, "only rows of status whole are judged", columns, err) < 0 ||
        sp_distinct_rows(&distinct, &table->table, err) < 0)
        return -1;
    const struct {
        const char *what;
        size_t count;
    } rows[] = {
        { "rows", table->table.row_count },
        { "different rows", distinct.rows },
        { "honest packages", table->packages[0] },
        { "attack packages", table->packages[1] },
        { "groups of honest rows", table->groups[0] },
        { "groups with attack rows", table->groups[1] },
        { "rows with the numbers of a row before", table->equal_vectors },
        { "rows of a dependency that came again", table->repeated_dependencies },
    };
    for (size_t i = 0; i < SP_COUNT(rows); i++)
        if (sp_figures_add(figures, (struct sp_figure[]){ SP_TEXT(rows[i].what), SP_NUMBER(rows[i].count) },
                           err) < 0)
            return -1;
    for (size_t i = 1; i < SP_RUN_STATUSES; i++) {
        char what[64];
        snprintf(what, sizeof(what), "rows left out: %s", sp_run_status_names[i]);
        if (table->left_out[i] &&
            sp_figures_add(figures, (struct sp_figure[]){ SP_TEXT(what), SP_NUMBER(table->left_out[i]) },
                           err) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------- methods by feature sets */

static const struct sp_figure_column method_columns[] = {
    { "features", SP_FIGURE_TEXT },       { "columns", SP_FIGURE_COUNT },
    { "model", SP_FIGURE_TEXT },          { "accuracy", SP_FIGURE_NUMBER },
    { "precision", SP_FIGURE_NUMBER },    { "recall", SP_FIGURE_NUMBER },
    { "f1", SP_FIGURE_NUMBER },           { "auc", SP_FIGURE_NUMBER },
    { "kappa", SP_FIGURE_NUMBER },        { "published_accuracy", SP_FIGURE_NUMBER },
    { "published_f1", SP_FIGURE_NUMBER }, { 0 },
};

static int
add_method(const struct session *session, const struct sp_feature_set *set, const struct sp_columns *columns,
           const uint32_t *folds, enum sp_method method, struct sp_error *err)
{
    const struct sp_behaviour_eval *options = session->options;
    const struct sp_table *table = &columns->table;
    sp_autofree double *scores = sp_new_array(table->row_count, sizeof(*scores), err);
    const struct sp_method_options how = {
        .method = method,
        .monotone = columns->monotone,
        .seed = options->seed,
        .forest_trees = 100, /* of many forests on few rows; more change little */
    };
    struct sp_measures m;
    if (!scores || sp_method_out_of_fold(scores, &how, table, folds, options->folds, err) < 0 ||
        sp_measure(&m, scores, table->labels, table->row_count, 0.5, err) < 0)
        return sp_fail_within(err, "%s, %s", set->title, sp_method_title(method));
    const struct sp_reference *reference = sp_reference_find(set->reference, method);
    const struct sp_figure row[] = {
        SP_TEXT(set->title),
        SP_NUMBER(columns->count),
        SP_TEXT(sp_method_title(method)),
        SP_NUMBER(m.accuracy),
        SP_NUMBER(m.precision),
        SP_NUMBER(m.recall),
        SP_NUMBER(m.f1),
        SP_NUMBER(m.auc),
        SP_NUMBER(m.kappa),
        SP_NUMBER(reference ? reference->accuracy : NAN),
        SP_NUMBER(reference ? reference->f1 : NAN),
    };
    return sp_figures_add(session->figures, row, err);
}

static int
add_set(const struct session *session, const struct sp_feature_set *set, const uint32_t *folds,
        enum sp_method first, enum sp_method last, struct sp_error *err)
{
    sp_autocolumns struct sp_columns columns = { 0 };
    sp_autofree bool *chosen = sp_new_array(sp_vector_count(), sizeof(*chosen), err);
    struct sp_error none;
    if (!chosen)
        return -1;
    for (size_t i = 0; i < sp_vector_count(); i++)
        chosen[i] = set->holds(i, set->word);
    say(session, set->title);
    if (sp_columns_take(&columns, &session->table.table, chosen, &none) < 0) {
        if (none.code != SP_ERROR_INPUT) {
            *err = none;
            return -1;
        }
        /* nothing of it differs between rows: nothing can be learnt, which is a result */
        struct sp_figure row[SP_FIGURE_COLUMNS_MAX];
        for (size_t i = 0; i < SP_COUNT(row); i++)
            row[i] = SP_NUMBER(NAN);
        row[0] = SP_TEXT(set->title);
        row[1] = SP_NUMBER(0);
        row[2] = SP_TEXT("the same in every row");
        return sp_figures_add(session->figures, row, err);
    }
    for (enum sp_method method = first; method <= last; method++)
        if (add_method(session, set, &columns, folds, method, err) < 0)
            return -1;
    return 0;
}

/* All, DySec's and our own are fitted already: their rows of boosted trees stand in the table before. */
static int
repeat_boosted(struct sp_figures *figures, struct sp_error *err)
{
    static const char *const titles[] = { "all that the model sees", "all 36, package", "own" };
    const char *boosted = sp_method_title(SP_METHOD_BOOSTED);
    const struct sp_figure_table *models = &figures->tables[figures->count - 2];
    for (size_t t = 0; t < SP_COUNT(titles); t++) {
        for (size_t i = 0; i < models->row_count; i++) {
            const struct sp_figure *row = models->figures + i * models->column_count;
            if (!strcmp(row[0].text, titles[t]) && !strcmp(row[2].text, boosted) &&
                sp_figures_add(figures, row, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int
add_methods(const struct session *session, const uint32_t *folds, struct sp_error *err)
{
    const struct sp_behaviour_eval *options = session->options;
    char note[200];
    snprintf(note, sizeof(note),
             "out of fold, %u parts by group, cut at 0.5; published: QUT-DV25's own rows, test part (arXiv "
             "2505.13804)",
             options->folds);
    if (sp_figures_begin(session->figures, "models", "Models by features", note, method_columns, err) < 0)
        return -1;
    for (size_t i = 0; i < sp_feature_set_count; i++) {
        const struct sp_feature_set *set = &sp_feature_sets[i];
        if (set->ablation || (set->scope == SP_SCOPE_RUN && !options->scope_run) ||
            (set->scope == SP_SCOPE_PACKAGE && !options->scope_package))
            continue;
        if (add_set(session, set, folds, SP_METHOD_FOREST, SP_METHOD_MAJORITY, err) < 0)
            return -1;
    }
    if (sp_figures_begin(session->figures, "ablation", "What boosted trees lose without", note,
                         method_columns, err) < 0 ||
        repeat_boosted(session->figures, err) < 0)
        return -1;
    for (size_t i = 0; i < sp_feature_set_count; i++)
        if (sp_feature_sets[i].ablation &&
            add_set(session, &sp_feature_sets[i], folds, SP_METHOD_BOOSTED, SP_METHOD_BOOSTED, err) < 0)
            return -1;
    return 0;
}

static int
add_references(struct sp_figures *figures, struct sp_error *err)
{
    static const struct sp_figure_column columns[] = {
        { "system", SP_FIGURE_TEXT }, { "accuracy", SP_FIGURE_NUMBER }, { "f1", SP_FIGURE_NUMBER },
        { "auc", SP_FIGURE_NUMBER },  { "source", SP_FIGURE_TEXT },     { 0 },
    };
    if (sp_figures_begin(figures, "reference", "Published figures of others",
                         "on other data than ours: for orientation, not for comparison", columns, err) < 0)
        return -1;
    for (size_t i = 0; i < sp_published_system_count; i++) {
        const struct sp_published_system *system = &sp_published_systems[i];
        const struct sp_figure row[] = { SP_TEXT(system->title), SP_NUMBER(system->accuracy),
                                         SP_NUMBER(system->f1), SP_NUMBER(system->auc),
                                         SP_TEXT(system->source) };
        if (sp_figures_add(figures, row, err) < 0)
            return -1;
    }
    return 0;
}

/* --------------------------------------------------------- calibration */

static int
add_calibration(struct sp_figures *figures, const double *probabilities, const struct sp_table *table,
                struct sp_error *err)
{
    static const struct sp_figure_column columns[] = {
        { "from", SP_FIGURE_NUMBER },      { "to", SP_FIGURE_NUMBER },       { "rows", SP_FIGURE_COUNT },
        { "predicted", SP_FIGURE_NUMBER }, { "observed", SP_FIGURE_NUMBER }, { 0 },
    };
    struct sp_calibration_bin bins[10];
    sp_calibration_bins(bins, SP_COUNT(bins), probabilities, table->labels, NULL, table->row_count);
    char note[160];
    snprintf(note, sizeof(note), "rows; Brier score %.4f, expected calibration error %.4f",
             sp_brier(probabilities, table->labels, NULL, table->row_count),
             sp_calibration_error(bins, SP_COUNT(bins)));
    if (sp_figures_begin(figures, "calibration", "Calibration of the model", note, columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(bins); i++) {
        const struct sp_figure row[] = { SP_NUMBER(bins[i].low), SP_NUMBER(bins[i].high),
                                         SP_NUMBER(bins[i].weight), SP_NUMBER(bins[i].predicted),
                                         SP_NUMBER(bins[i].observed) };
        if (sp_figures_add(figures, row, err) < 0)
            return -1;
    }
    return sp_figures_begin(figures, "calibration_sum", "Calibration in two numbers", NULL,
                            (const struct sp_figure_column[]){ { "brier", SP_FIGURE_NUMBER },
                                                               { "expected_error", SP_FIGURE_NUMBER },
                                                               { 0 } },
                            err) < 0 ||
                   sp_figures_add(
                       figures,
                       (struct sp_figure[]){
                           SP_NUMBER(sp_brier(probabilities, table->labels, NULL, table->row_count)),
                           SP_NUMBER(sp_calibration_error(bins, SP_COUNT(bins))) },
                       err) < 0
               ? -1
               : 0;
}

/* -------------------------------------------------- the model of the box */

/* The thresholds for a fold are chosen on the others: no package helps to choose what judges it. */
static int
fold_thresholds(double *block, double *review, const struct sp_cross_fit *fit,
                const struct sp_behaviour_table *table, struct sp_error *err)
{
    size_t rows = table->table.row_count;
    sp_autofree bool *use = sp_new_array(rows, sizeof(*use), err);
    if (!use)
        return -1;
    for (uint32_t fold = 0; fold < fit->fold_count; fold++) {
        struct sp_alarm_threshold at_block, at_review;
        for (size_t i = 0; i < rows; i++)
            use[i] = fit->folds[i] != fold;
        if (sp_alarm_threshold(&at_block, fit->probabilities, table, use, 1, SP_BLOCK_LEAST, err) < 0 ||
            sp_alarm_threshold(&at_review, fit->probabilities, table, use, 10, SP_REVIEW_LEAST, err) < 0)
            return -1;
        for (size_t i = 0; i < rows; i++) {
            if (fit->folds[i] != fold)
                continue;
            block[i] = at_block.value;
            review[i] = fmin(at_review.value, at_block.value);
        }
    }
    return 0;
}

static int
eval_fitted(struct session *session, struct sp_error *err)
{
    const struct sp_behaviour_eval *options = session->options;
    struct sp_behaviour_table *table = &session->table;
    size_t rows = table->table.row_count;
    sp_autocolumns struct sp_columns columns = { 0 };
    sp_autocrossfit struct sp_cross_fit fit = { 0 };
    sp_autofree bool *chosen = sp_new_array(sp_vector_count(), sizeof(*chosen), err);
    sp_autofree double *block = sp_new_array(rows, sizeof(*block), err);
    sp_autofree double *review = sp_new_array(rows, sizeof(*review), err);
    const struct sp_cross_options cross = { .kind = SP_MODEL_BOOSTED,
                                            .folds = options->folds,
                                            .seed = options->seed,
                                            .progress = options->progress };
    if (!chosen || !block || !review || sp_columns_choose(chosen, NULL, 0, NULL, 0, err) < 0 ||
        sp_columns_take(&columns, &table->table, chosen, err) < 0 ||
        sp_cross_fit(&fit, &columns, &cross, err) < 0 || add_methods(session, fit.folds, err) < 0 ||
        add_references(session->figures, err) < 0 ||
        add_calibration(session->figures, fit.probabilities, &table->table, err) < 0 ||
        fold_thresholds(block, review, &fit, table, err) < 0)
        return -1;
    const struct sp_judged_runs judged = { .table = table,
                                           .probabilities = fit.probabilities,
                                           .block = block,
                                           .review = review,
                                           .models = fit.models,
                                           .folds = fit.folds,
                                           .at = columns.at,
                                           .prefix = "",
                                           .where = "out of fold" };
    return sp_judged_runs_add(&judged, session->figures, err);
}

/* ------------------------------------------------------ a model from a file */

struct shipped {
    struct sp_model_file file;
    size_t *at; /* where its features stand in a row */
    double block, review;
};

static void
shipped_free(struct shipped *shipped)
{
    sp_model_file_free(&shipped->file);
    free(shipped->at);
}

static int
load_model(struct shipped *out, const char *path, struct sp_error *err)
{
    if (sp_model_load(&out->file, path, err) < 0)
        return -1;
    const struct sp_model_view *view = &out->file.view;
    out->at = sp_new_array(view->feature_count, sizeof(*out->at), err);
    if (!out->at)
        return -1;
    for (size_t i = 0; i < view->feature_count; i++) {
        int at = sp_vector_index(sp_model_feature_name(view, i));
        if (at < 0)
            return sp_fail(
                err, SP_ERROR_INPUT,
                "%.300s: sees '%.60s', which no run has; it is no model of behaviour, or of another "
                "version",
                path, sp_model_feature_name(view, i));
        out->at[i] = (size_t)at;
    }
    if (!sp_model_threshold(view, "block", &out->block) || !sp_model_threshold(view, "review", &out->review))
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: has no thresholds block and review; fit it by 'sallyport train behaviour'",
                       path);
    return 0;
}

/* Whether the model's own notes name a table of these contents. A compiled model has no notes. */
static int
fitted_on(bool *out, const char *path, const struct sp_behaviour_table *table, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    *out = false;
    if (sp_file_read(path, SP_MODEL_FILE_MAX, &text, err) < 0)
        return -1;
    for (size_t i = 0; i < table->file_count; i++)
        if (text.length && memmem(text.bytes, text.length, table->files[i].sha256, 64))
            *out = true;
    return 0;
}

static int
judge(struct session *session, const struct shipped *shipped, const struct sp_behaviour_table *table,
      const bool *use, const char *prefix, const char *where, struct sp_error *err)
{
    size_t rows = table->table.row_count;
    const struct sp_model_view *view = &shipped->file.view;
    sp_autofree double *probabilities = sp_new_array(rows, sizeof(*probabilities), err);
    sp_autofree double *block = sp_new_array(rows, sizeof(*block), err);
    sp_autofree double *review = sp_new_array(rows, sizeof(*review), err);
    sp_autofree float *features = sp_new_array(view->feature_count, sizeof(*features), err);
    if (!probabilities || !block || !review || !features)
        return -1;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < view->feature_count; j++)
            features[j] = sp_table_row(&table->table, i)[shipped->at[j]];
        probabilities[i] = sp_model_predict(view, features);
        block[i] = shipped->block;
        review[i] = shipped->review;
    }
    const struct sp_judged_runs judged = { .table = table,
                                           .probabilities = probabilities,
                                           .block = block,
                                           .review = review,
                                           .use = use,
                                           .models = &shipped->file,
                                           .at = shipped->at,
                                           .prefix = prefix,
                                           .where = where };
    return sp_judged_runs_add(&judged, session->figures, err);
}

/* Rows whose technique, family or package stands in the tables that the model was fitted on are apart. */
static int
judge_fresh(struct session *session, const struct shipped *shipped, struct sp_error *err)
{
    const struct sp_behaviour_eval *options = session->options;
    sp_autobehaviourtable struct sp_behaviour_table fresh = { 0 };
    if (read_tables(&fresh, options->fresh, options->fresh_count, err) < 0 ||
        sp_behaviour_table_finish_any(&fresh, err) < 0 ||
        add_corpus(session->figures, &fresh, "fresh_corpus", "Fresh rows", err) < 0)
        return -1;
    for (size_t i = 0; i < fresh.file_count; i++)
        for (size_t j = 0; j < session->table.file_count; j++)
            if (!strcmp(fresh.files[i].sha256, session->table.files[j].sha256))
                return sp_fail(err, SP_ERROR_USAGE, "%.300s is not fresh: it is %.300s", fresh.files[i].path,
                               session->table.files[j].path);
    size_t rows = fresh.table.row_count, known_rows = 0;
    sp_autofree bool *known = sp_new_array(rows, sizeof(*known), err);
    sp_autofree bool *news = sp_new_array(rows, sizeof(*news), err);
    if (!known || !news)
        return -1;
    for (size_t i = 0; i < rows; i++) {
        known[i] = sp_behaviour_table_knows(&session->table, &fresh.rows[i]);
        news[i] = !known[i];
        known_rows += known[i];
    }
    if (known_rows < rows && judge(session, shipped, &fresh, news, "fresh_new_",
                                   "fresh, of families that the model does not know", err) < 0)
        return -1;
    return known_rows == 0 ? 0
                           : judge(session, shipped, &fresh, known, "fresh_known_",
                                   "fresh, but of techniques, families or packages it was fitted on", err);
}

static int
eval_shipped(struct session *session, struct sp_error *err)
{
    __attribute__((cleanup(shipped_free))) struct shipped shipped = { 0 };
    bool seen;
    const struct sp_behaviour_eval *options = session->options;
    if (load_model(&shipped, options->model_path, err) < 0 ||
        fitted_on(&seen, options->model_path, &session->table, err) < 0)
        return -1;
    if (judge(session, &shipped, &session->table, NULL, "",
              seen ? "of rows that the model was fitted on, which flatters" : "by the model given", err) < 0)
        return -1;
    return options->fresh_count ? judge_fresh(session, &shipped, err) : 0;
}

int
sp_eval_behaviour(struct sp_figures *figures, const struct sp_behaviour_eval *options, struct sp_error *err)
{
    __attribute__((cleanup(end_session))) struct session session = { .options = options, .figures = figures };
    if (options->fresh_count && !options->model_path)
        return sp_fail(err, SP_ERROR_USAGE, "fresh tables need the model that they are fresh to");
    if ((!options->model_path && sp_train_available(err) < 0) ||
        read_tables(&session.table, options->tables, options->table_count, err) < 0 ||
        sp_behaviour_table_finish(&session.table, err) < 0 ||
        add_corpus(figures, &session.table, "corpus", "Rows", err) < 0)
        return -1;
    return options->model_path ? eval_shipped(&session, err) : eval_fitted(&session, err);
}
