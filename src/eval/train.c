#include "eval/train.h"
#include "base/file.h"
#include "eval/filter_train.h"
#include "eval/scan.h"
#include "eval/training_table.h"
#include "model/metrics.h"
#include "model/train.h"
#include "model/validate.h"
#include "name/features.h"

#include <math.h>
#include <string.h>

/* Real names among which the model must be quiet weigh little each, but are many: two and a half times the
 * pairs. */
#define BACKGROUND_WEIGHT 0.15f
/* Metadata is looked up of so many times the names that alarm by name alone: a name below the threshold may
 * still turn out to be bad, but each look-up costs the user a request. */
#define LOOK_SHARES 5
#define FIRST_KEEP 2 /* matches of a background name taken before there is a model */
#define LATER_KEEP 2

struct sp_confusion_training
sp_confusion_training_defaults(void)
{
    return (struct sp_confusion_training){
        .rounds = 2,
        .sample = 20000,
        .folds = 5,
        .seed = 1,
        .review_share = 0.01,
        .block_share = 0.002,
    };
}

/* What honest sense says of a feature, whatever a small sample says: 1 the risk may only rise with it, -1
 * only fall. */
static void
set_monotone(int8_t monotone[SP_FEATURE_COUNT])
{
    memset(monotone, 0, SP_FEATURE_COUNT);
    monotone[SP_FEATURE_TARGET_RANK] = -1; /* a less popular target is less worth an attack */
    monotone[SP_FEATURE_NAME_SCOPE_PACKAGES] = -1;
    monotone[SP_FEATURE_FAMILY] = -1;
    monotone[SP_FEATURE_DISTANCE_SHARE] = -1;
    monotone[SP_FEATURE_IDENTIFIER_SHARE] = -1;
    monotone[SP_FEATURE_TARGET_COMMON] = -1;
}

static struct sp_train_params
boosted(const struct sp_confusion_training *training, const int8_t *monotone)
{
    struct sp_train_params params = sp_train_defaults(SP_MODEL_BOOSTED);
    params.rounds = 130;
    params.depth = 5;
    params.eta = 0.12;
    params.subsample = 0.7;
    params.colsample = 0.4;
    params.lambda = 4;
    params.min_child_weight = 1.5;
    params.monotone = monotone;
    params.seed = training->seed;
    params.threads = 2;
    return params;
}

/* For the pairs without a background: some thousand rows carry smaller trees. */
static struct sp_train_params
few_rows(const struct sp_confusion_training *training)
{
    struct sp_train_params params = boosted(training, NULL);
    params.rounds = 200;
    params.depth = 4;
    params.eta = 0.05;
    params.lambda = 3;
    params.min_child_weight = 2;
    return params;
}

struct session {
    const struct sp_confusion_training *training;
    struct sp_pairs pairs;
    struct sp_index *index;     /* as shipped */
    struct sp_index *augmented; /* with the targets of the pairs */
    char augmented_path[256];
    struct sp_searcher *searcher; /* on the augmented */
    struct sp_training_table table;
    struct sp_model *model;
    int8_t monotone[SP_FEATURE_COUNT];
    bool progress;
    double *held_out; /* of each pair: its risk by models that saw neither its target nor its campaign */
    double look;      /* risk by name: see LOOK_SHARES */
};

static void
say(const struct session *session, const char *what)
{
    if (session->progress)
        fprintf(stderr, "train: %s\n", what);
}

static void
end_session(struct session *session)
{
    sp_searcher_free(session->searcher);
    sp_index_close(session->augmented);
    sp_index_close(session->index);
    if (session->augmented_path[0])
        unlink(session->augmented_path);
    sp_training_free(&session->table);
    sp_pairs_free(&session->pairs);
    sp_model_free(session->model);
    free(session->held_out);
}

static int
begin_session(struct session *session, struct sp_error *err)
{
    const struct sp_confusion_training *training = session->training;
    size_t added;
    for (size_t i = 0; i < training->pair_files; i++)
        if (sp_pairs_read(&session->pairs, training->pairs[i], err) < 0)
            return -1;
    if (sp_pairs_group(&session->pairs, err) < 0 ||
        sp_index_open(&session->index, training->index_path, err) < 0)
        return -1;
    say(session, "an index with the targets of the pairs");
    if (sp_temporary_path(session->augmented_path, sizeof(session->augmented_path), err) < 0 ||
        sp_pairs_augment(&session->pairs, session->index, session->augmented_path, &added, err) < 0 ||
        sp_index_open(&session->augmented, session->augmented_path, err) < 0 ||
        sp_searcher_new(&session->searcher, session->augmented, err) < 0)
        return -1;
    /* the first round must not depend on the model that happens to be in the index */
    if (sp_searcher_use_model(session->searcher, NULL, err) < 0 ||
        sp_training_add_pairs(&session->table, &session->pairs, session->searcher, err) < 0)
        return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        if (training->names[id] &&
            sp_training_draw(&session->table, &session->pairs, session->searcher, sp_ecosystems[id],
                             training->names[id], training->sample, training->seed, err) < 0)
            return -1;
    size_t rows;
    return sp_training_add_background(&session->table, session->searcher, FIRST_KEEP, BACKGROUND_WEIGHT,
                                      &rows, err);
}

/* Trains, looks for the background matches that this model takes for attacks, adds them, trains again. */
static int
fit(struct session *session, struct sp_error *err)
{
    struct sp_train_params params = boosted(session->training, session->monotone);
    for (unsigned round = 0;; round++) {
        sp_model_free(session->model);
        session->model = NULL;
        say(session, round ? "again, with what it got wrong" : "the first model");
        if (sp_train(&session->model, &session->table.table, &params, err) < 0)
            return -1;
        if (round == session->training->rounds)
            return 0;
        sp_automodelfile struct sp_model_file usable = { 0 };
        size_t rows;
        if (sp_model_use(&usable, session->model, err) < 0 ||
            sp_searcher_use_model(session->searcher, &usable.view, err) < 0)
            return -1;
        int status = sp_training_add_background(&session->table, session->searcher, LATER_KEEP,
                                                BACKGROUND_WEIGHT, &rows, err);
        if (sp_searcher_use_model(session->searcher, NULL, err) < 0 || status < 0)
            return -1;
    }
}

/* The subsets for which figures are usual. */
static bool
in_subset(const struct sp_labelled_pair *pair, int subset)
{
    switch (subset) {
    case 0:
        return strcmp(pair->source, "ConfuDB") == 0;
    case 1:
        return pair->ecosystem->id == SP_NPM && pair->file == 0;
    case 2:
        return strcmp(pair->source, "NeupaneDB") == 0 && pair->ecosystem->id == SP_NPM &&
               strcmp(pair->kind, "active") != 0;
    default:
        return true;
    }
}

static int
print_subset(const struct session *session, const double *scores, const uint32_t *folds, int subset,
             FILE *out, struct sp_error *err)
{
    static const char *const titles[] = { "ConfuDB", "npm pairs of the first file",
                                          "NeupaneDB without malware (npm)", "all pairs" };
    const struct sp_pairs *pairs = &session->pairs;
    sp_autofree double *kept = sp_new_array(pairs->count, sizeof(*kept), err);
    sp_autofree float *labels = sp_new_array(pairs->count, sizeof(*labels), err);
    sp_autofree uint32_t *fold = sp_new_array(pairs->count, sizeof(*fold), err);
    size_t count = 0;
    if (!kept || !labels || !fold)
        return -1;
    for (size_t i = 0; i < pairs->count; i++) {
        if (!in_subset(&pairs->pairs[i], subset))
            continue;
        kept[count] = scores[i];
        fold[count] = folds[i];
        labels[count++] = pairs->pairs[i].attack;
    }
    sp_autoroc struct sp_roc roc = { 0 };
    if (!count || sp_roc_curve(&roc, kept, labels, NULL, count, err) < 0)
        return count ? -1 : 0;
    double best = sp_best_f1_threshold(&roc), fitted;
    struct sp_confusion at_best = sp_confusion_at(kept, labels, NULL, count, best);
    struct sp_confusion always = sp_confusion_at(kept, labels, NULL, count, -INFINITY);
    if (sp_fitted_f1(&fitted, kept, labels, fold, count, session->training->folds, err) < 0)
        return -1;
    fprintf(out,
            "  %-34s %5zu  AUC %.3f  F1 %.3f (threshold of the other folds %.3f, alarming always %.3f)\n",
            titles[subset], count, sp_roc_area(&roc), sp_f1(&at_best), fitted, sp_f1(&always));
    return 0;
}

/* Out-of-fold scores of the rows of TABLE and the figures of the pairs among them. */
static int
cross_validate(struct session *session, struct sp_table *table, const struct sp_train_params *recipe,
               const char *what, double *scores, FILE *out, struct sp_error *err)
{
    unsigned fold_count = session->training->folds;
    sp_autofree uint32_t *folds = sp_new_array(table->row_count, sizeof(*folds), err);
    struct sp_train_params params = *recipe;
    if (!folds || sp_folds(folds, table, fold_count, session->training->seed, err) < 0 ||
        sp_out_of_fold(scores, table, folds, fold_count, sp_score_by_model, &params, err) < 0)
        return -1;
    fprintf(out, "Name risk, pair given, %u-fold, %s (%zu pairs, %zu background matches):\n", fold_count,
            what, session->pairs.count, table->row_count - session->pairs.count);
    for (int subset = 0; subset < 4; subset++)
        if (print_subset(session, scores, folds, subset, out, err) < 0)
            return -1;
    return 0;
}

static int
by_falling_score(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a > b ? -1 : a < b;
}

/* How many active attacks would alarm, had the model not seen them, where a share of the names drawn does. A
 * name drawn may stand in several rows, so the threshold is if anything too strict. */
static int
print_alarms(const struct session *session, const double *scores, FILE *out, struct sp_error *err)
{
    size_t pairs = session->pairs.count, others = session->table.table.row_count - pairs;
    size_t alarms = (size_t)(session->training->review_share * (double)session->table.name_count);
    if (alarms >= others)
        return 0;
    sp_autofree double *background = sp_new_array(others, sizeof(*background), err);
    if (!background)
        return -1;
    memcpy(background, scores + pairs, others * sizeof(*background));
    qsort(background, others, sizeof(*background), by_falling_score);
    size_t active = 0, found = 0;
    for (size_t i = 0; i < pairs; i++) {
        if (!session->pairs.pairs[i].attack || strcmp(session->pairs.pairs[i].kind, "active") != 0)
            continue;
        active++;
        found += scores[i] > background[alarms];
    }
    fprintf(out, "  active attacks, out of fold, at an alarm for %.1f %% of %zu drawn names: %.3f of %zu\n",
            100 * session->training->review_share, session->table.name_count,
            active ? (double)found / (double)active : 0.0, active);
    return 0;
}

static int
validate(struct session *session, FILE *out, struct sp_error *err)
{
    struct sp_table *table = &session->table.table;
    size_t rows = table->row_count, pairs = session->pairs.count;
    sp_autofree double *scores = sp_new_array(rows, sizeof(*scores), err);
    sp_autofree uint32_t *campaigns = sp_new_array(pairs, sizeof(*campaigns), err);
    if (!scores || !campaigns)
        return -1;
    say(session, "out-of-fold figures");
    struct sp_train_params params = boosted(session->training, session->monotone);
    struct sp_train_params alone = few_rows(session->training);
    for (size_t i = 0; i < pairs; i++) {
        campaigns[i] = table->groups[i];
        table->groups[i] = session->pairs.pairs[i].target_group | 1u << 31;
    }
    table->row_count = pairs;
    int status =
        cross_validate(session, table, &alone, "grouped by target, fitted on pairs alone", scores, out, err);
    table->row_count = rows;
    if (status == 0)
        status = cross_validate(session, table, &params, "grouped by target", scores, out, err);
    if (status == 0)
        status = print_alarms(session, scores, out, err);
    memcpy(table->groups, campaigns, pairs * sizeof(*campaigns));
    if (status == 0)
        status = cross_validate(session, table, &params, "grouped by target and campaign", scores, out, err);
    if (status == 0)
        status = print_alarms(session, scores, out, err);
    /* the margins of the whole are calibrated by what the folds saw */
    struct sp_calibration *calibration = &session->model->calibration;
    if (status < 0 || sp_calibration_fit(calibration, SP_CALIBRATION_PLATT, scores, table->labels,
                                         table->weights, rows, err) < 0)
        return -1;
    session->held_out = sp_new_array(pairs, sizeof(*session->held_out), err);
    for (size_t i = 0; session->held_out && i < pairs; i++)
        session->held_out[i] = sp_calibration_apply(calibration, scores[i]);
    return session->held_out ? 0 : -1;
}

/* The thresholds at which the shares of all names are alarms, the strictest over the registries. */
static int
set_thresholds(struct session *session, FILE *out, struct sp_error *err)
{
    const struct sp_confusion_training *training = session->training;
    double review = 0.5, block = 0.9, look = 0.25;
    bool any = false;
    sp_automodelfile struct sp_model_file usable = { 0 };
    if (sp_model_use(&usable, session->model, err) < 0)
        return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        if (!training->names[id])
            continue;
        say(session, "all names of a registry");
        struct sp_registry_scan scan;
        if (sp_scan_registry(&scan, session->augmented, &usable.view, sp_ecosystems[id], training->names[id],
                             2, err) < 0)
            return -1;
        size_t others = scan.names - scan.trusted;
        double soft =
            sp_registry_scan_threshold(&scan, (size_t)(training->review_share * (double)scan.names));
        double wide = sp_registry_scan_threshold(
            &scan, (size_t)(LOOK_SHARES * training->review_share * (double)scan.names));
        size_t listed = sp_registry_scan_alarms(&scan, SP_SCAN_LISTED);
        double hard =
            sp_registry_scan_threshold(&scan, listed + (size_t)(training->block_share * (double)others));
        fprintf(out,
                "%s: %zu names, %zu of them trusted; risk %.4f for %.2f %% review, %.4f for %.2f %% block\n",
                sp_ecosystems[id]->title, scan.names, scan.trusted, soft, 100 * training->review_share, hard,
                100 * training->block_share);
        review = any && review > soft ? review : soft;
        block = any && block > hard ? block : hard;
        look = any && look > wide ? look : wide;
        any = true;
        sp_registry_scan_free(&scan);
    }
    if (block < review)
        block = review;
    session->look = look < review ? look : review;
    if (sp_model_set_threshold(session->model, "review", review, err) < 0)
        return -1;
    return sp_model_set_threshold(session->model, "block", block, err);
}

static int
write_model(struct session *session, struct sp_error *err)
{
    const struct sp_confusion_training *training = session->training;
    sp_autobuffer struct sp_buffer text = { 0 };
    if (training->command && sp_model_set_command(session->model, training->command, err) < 0)
        return -1;
    if (sp_model_add_note(session->model, err,
                          "rows: %zu labelled pairs, %zu background matches at weight %g",
                          session->pairs.count, session->table.table.row_count - session->pairs.count,
                          (double)BACKGROUND_WEIGHT) < 0 ||
        sp_model_write(session->model, &text, err) < 0)
        return -1;
    return sp_file_write(training->model_path, text.bytes, text.length, err);
}

/* ------------------------------------------------------------- the filter */

struct held_out {
    const struct session *session;
    struct sp_map places; /* ecosystem, name and target -> pair */
};

static int
pair_key(struct sp_buffer *out, const struct sp_ecosystem *ecosystem, const char *name, const char *target,
         struct sp_error *err)
{
    sp_buffer_clear(out);
    return sp_buffer_printf(out, err, "%d %s\t%s", ecosystem->id, name, target);
}

static double
held_out_risk(const void *context, const struct sp_signal_row *row)
{
    const struct held_out *held_out = context;
    sp_autobuffer struct sp_buffer key = { 0 };
    uint32_t place;
    if (pair_key(&key, row->ecosystem, row->name, row->target, NULL) < 0 ||
        !sp_map_get(&held_out->places, key.bytes, key.length, &place))
        return NAN;
    return held_out->session->held_out[place];
}

static int
fit_filter(const struct session *session, FILE *out, struct sp_error *err)
{
    const struct sp_confusion_training *training = session->training;
    struct held_out held_out = { .session = session };
    sp_autobuffer struct sp_buffer key = { 0 };
    struct sp_filter_training filter = {
        .signals_path = training->signals_path,
        .model_path = training->filter_path,
        .command = training->command,
        .folds = training->folds,
        .seed = training->seed,
        .look = session->look,
        .name_risk = held_out_risk,
        .context = &held_out,
    };
    for (size_t i = 0; i < session->model->threshold_count; i++) {
        const struct sp_model_threshold *threshold = &session->model->thresholds[i];
        *(strcmp(threshold->name, "block") ? &filter.name.review : &filter.name.block) = threshold->value;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < session->pairs.count; i++) {
        const struct sp_labelled_pair *pair = &session->pairs.pairs[i];
        status = pair_key(&key, pair->ecosystem, pair->name, pair->target, err);
        if (status == 0)
            status = sp_map_set(&held_out.places, key.bytes, key.length, (uint32_t)i, err);
    }
    if (status == 0)
        status = sp_train_filter(&filter, out, err);
    sp_map_free(&held_out.places);
    return status;
}

static int
run(struct session *session, FILE *out, struct sp_error *err)
{
    const struct sp_confusion_training *training = session->training;
    set_monotone(session->monotone);
    if (begin_session(session, err) < 0 || fit(session, err) < 0)
        return -1;
    if (training->features_path &&
        sp_training_write(&session->table, &session->pairs, training->features_path, err) < 0)
        return -1;
    if (validate(session, out, err) < 0 || set_thresholds(session, out, err) < 0)
        return -1;
    if (training->signals_path && fit_filter(session, out, err) < 0)
        return -1;
    return training->model_path ? write_model(session, err) : 0;
}

int
sp_train_confusion(const struct sp_confusion_training *training, FILE *out, bool progress,
                   struct sp_error *err)
{
    struct session session = { .training = training, .progress = progress };
    int status = sp_train_available(err);
    if (status == 0)
        status = run(&session, out, err);
    end_session(&session);
    return status;
}
