#include "eval/behaviour_train.h"
#include "base/file.h"
#include "eval/behaviour_table.h"
#include "eval/cross_fit.h"
#include "model/metrics.h"

#include <math.h>
#include <string.h>

struct sp_behaviour_training
sp_behaviour_training_defaults(void)
{
    return (struct sp_behaviour_training){
        .kind = SP_MODEL_BOOSTED,
        .folds = 5,
        .seed = 1,
        .block_per_1000 = 1,
        .review_per_1000 = 10,
    };
}

struct figures {
    double auc, brier, error;
    struct sp_confusion confusion;
    struct sp_alarm_threshold block, review;
    size_t caught_block, caught_review; /* attack packages */
};

static int
caught(size_t *out, const struct sp_behaviour_table *table, const double *probabilities, double threshold,
       struct sp_error *err)
{
    sp_autofree bool *seen = sp_new_array(table->package_count, sizeof(*seen), err);
    if (!seen)
        return -1;
    *out = 0;
    for (size_t i = 0; i < table->table.row_count; i++) {
        const struct sp_behaviour_row *row = &table->rows[i];
        if (!row->attack || probabilities[i] < threshold || seen[row->package])
            continue;
        seen[row->package] = true;
        ++*out;
    }
    return 0;
}

static int
measure(struct figures *out, const struct sp_behaviour_table *table, const struct sp_cross_fit *fit,
        const struct sp_behaviour_training *training, struct sp_error *err)
{
    const float *labels = table->table.labels;
    size_t rows = table->table.row_count;
    struct sp_calibration_bin bins[10];
    sp_calibration_bins(bins, SP_COUNT(bins), fit->probabilities, labels, NULL, rows);
    out->error = sp_calibration_error(bins, SP_COUNT(bins));
    out->brier = sp_brier(fit->probabilities, labels, NULL, rows);
    out->confusion = sp_confusion_at(fit->probabilities, labels, NULL, rows, 0.5);
    if (sp_roc_auc(&out->auc, fit->probabilities, labels, NULL, rows, err) < 0 ||
        sp_alarm_threshold(&out->block, fit->probabilities, table, NULL, training->block_per_1000,
                           SP_BLOCK_LEAST, err) < 0 ||
        sp_alarm_threshold(&out->review, fit->probabilities, table, NULL, training->review_per_1000,
                           SP_REVIEW_LEAST, err) < 0)
        return -1;
    /* a budget at review below that at block would turn them round */
    if (out->review.value > out->block.value)
        out->review = out->block;
    return caught(&out->caught_block, table, fit->probabilities, out->block.value, err) < 0 ||
                   caught(&out->caught_review, table, fit->probabilities, out->review.value, err) < 0
               ? -1
               : 0;
}

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int
add_notes(struct sp_model *model, const struct sp_behaviour_table *table, const struct figures *figures,
          const struct sp_train_params *params, struct sp_error *err)
{
    if (sp_model_add_note(model, err, "features_version %u", SP_VECTOR_VERSION) < 0)
        return -1;
    for (size_t i = 0; i < table->file_count; i++)
        if (sp_model_add_note(model, err, "table %.200s sha256 %s rows %zu", last_part(table->files[i].path),
                              table->files[i].sha256, table->files[i].rows) < 0)
            return -1;
    const struct sp_alarm_threshold *block = &figures->block, *review = &figures->review;
    size_t attacks = table->packages[1];
    if (sp_model_add_note(model, err,
                          "honest: %zu packages in %zu groups; attack: %zu packages in %zu groups",
                          table->packages[0], table->groups[0], attacks, table->groups[1]) < 0 ||
        sp_model_add_note(model, err, "%u trees of depth %u, chosen by cross-validation", params->rounds,
                          params->depth) < 0 ||
        sp_model_add_note(model, err,
                          "out of fold, by group: ROC AUC %.4f, at 0.5 precision %.4f, recall %.4f, F1 %.4f, "
                          "kappa %.4f; Brier %.4f, expected calibration error %.4f",
                          figures->auc, sp_precision(&figures->confusion), sp_recall(&figures->confusion),
                          sp_f1(&figures->confusion), sp_kappa(&figures->confusion), figures->brier,
                          figures->error) < 0)
        return -1;
    const struct {
        const char *name;
        const struct sp_alarm_threshold *threshold;
        size_t caught;
    } lines[] = { { "block", block, figures->caught_block }, { "review", review, figures->caught_review } };
    for (size_t i = 0; i < SP_COUNT(lines); i++)
        if (sp_model_add_note(
                model, err,
                "%s: %zu of %zu honest packages alarmed (95 %% sure: at most %.2f of 1,000), %zu of "
                "%zu attacks caught, out of fold",
                lines[i].name, lines[i].threshold->alarms, lines[i].threshold->packages,
                1000 * lines[i].threshold->upper, lines[i].caught, attacks) < 0 ||
            sp_model_set_threshold(model, lines[i].name, lines[i].threshold->value, err) < 0)
            return -1;
    return 0;
}

static void
say_table(const struct sp_behaviour_table *table, FILE *out)
{
    fprintf(out,
            "%zu rows in %zu files; honest: %zu packages in %zu groups; attack: %zu packages in %zu groups\n",
            table->table.row_count, table->file_count, table->packages[0], table->groups[0],
            table->packages[1], table->groups[1]);
    for (size_t i = 0; i < SP_RUN_STATUSES; i++)
        if (table->left_out[i])
            fprintf(out, "left out: %zu rows of status %s\n", table->left_out[i], sp_run_status_names[i]);
    if (table->equal_vectors)
        fprintf(out, "%zu rows have the numbers of a row before\n", table->equal_vectors);
}

static void
say_model(const struct sp_model *model, FILE *out)
{
    for (size_t i = 0; i < model->note_count; i++)
        fprintf(out, "%s\n", model->notes[i]);
    for (size_t i = 0; i < model->threshold_count; i++)
        fprintf(out, "threshold %s %.4f\n", model->thresholds[i].name, model->thresholds[i].value);
}

static int
fit_all(struct sp_model **out, const struct sp_behaviour_table *table, const struct sp_columns *columns,
        const struct sp_cross_fit *fit, const struct sp_cross_options *options, const struct figures *figures,
        struct sp_error *err)
{
    struct sp_train_params params;
    sp_automodel struct sp_model *model = NULL;
    if (options->progress)
        fprintf(stderr, "behaviour: all rows\n");
    if (sp_cross_choose(&params, NULL, &columns->table, columns->monotone, options, err) < 0 ||
        sp_train(&model, &columns->table, &params, err) < 0 ||
        sp_calibration_fit(&model->calibration, SP_CALIBRATION_PLATT, fit->margins, columns->table.labels,
                           columns->table.weights, columns->table.row_count, err) < 0 ||
        add_notes(model, table, figures, &params, err) < 0)
        return -1;
    *out = sp_take(model);
    return 0;
}

int
sp_train_behaviour(const struct sp_behaviour_training *training, FILE *out, bool progress,
                   struct sp_error *err)
{
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    sp_autocolumns struct sp_columns columns = { 0 };
    sp_autocrossfit struct sp_cross_fit fit = { 0 };
    sp_automodel struct sp_model *model = NULL;
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autofree bool *chosen = sp_new_array(sp_vector_count(), sizeof(*chosen), err);
    struct figures figures = { 0 };
    struct sp_cross_options options = { .kind = training->kind,
                                        .folds = training->folds,
                                        .seed = training->seed,
                                        .choose = true,
                                        .progress = progress };
    if (!chosen || sp_train_available(err) < 0 ||
        sp_columns_choose(chosen, training->with, training->with_count, training->without,
                          training->without_count, err) < 0)
        return -1;
    for (size_t i = 0; i < training->table_count; i++)
        if (sp_behaviour_table_read(&table, training->tables[i], err) < 0)
            return -1;
    if (sp_behaviour_table_finish(&table, err) < 0)
        return -1;
    say_table(&table, out);
    fflush(out);
    if (sp_columns_take(&columns, &table.table, chosen, err) < 0 ||
        sp_cross_fit(&fit, &columns, &options, err) < 0 ||
        measure(&figures, &table, &fit, training, err) < 0 ||
        fit_all(&model, &table, &columns, &fit, &options, &figures, err) < 0 ||
        (training->command && sp_model_set_command(model, training->command, err) < 0) ||
        sp_model_write(model, &text, err) < 0)
        return -1;
    say_model(model, out);
    return training->model_path ? sp_file_write(training->model_path, text.bytes, text.length, err) : 0;
}
