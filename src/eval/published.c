#include "eval/published.h"
#include "base/hash.h"
#include "eval/measures.h"
#include "eval/published_data.h"
#include "model/metrics.h"
#include "model/train.h"
#include "model/validate.h"

#include <math.h>
#include <string.h>

/* Columns that a model may see. */
#define TREE_COLUMNS_MAX 4096
#define LOGISTIC_COLUMNS_MAX 1024

static const struct {
    const char *file, *set;
} sets[] = {
    { "qutdv25_opensnoop_train9989.csv", "OpensnoopTraces" },
    { "qutdv25_syscall_ngrams_train9989.svm", "SystemCallTraces" },
    { "qutdv25_install_ngrams_train9989.svm", "InstallTraces" },
    { "qutdv25_static_ngrams_train9989.svm", "Static Analysis" },
};
#define RESULTS "qutdv25_published_metrics.csv"

struct session {
    const struct sp_published_eval *options;
    struct sp_figures *figures;
    struct sp_published_result *results;
    size_t result_count;
    const char *set;
    struct sp_published_rows rows;
    char (*names)[8]; /* of columns, by their place in a model */
    const char **name_list;
};

static void
end_session(struct session *session)
{
    free(session->results);
    free(session->names);
    free(session->name_list);
    sp_published_rows_free(&session->rows);
}

/* FOLDER/FILE or FOLDER/FILE.zst. */
static int
find_file(char *out, size_t size, const char *folder, const char *file, struct sp_error *err)
{
    static const char *const endings[] = { "", ".zst" };
    for (size_t i = 0; i < SP_COUNT(endings); i++) {
        if ((size_t)snprintf(out, size, "%s/%s%s", folder, file, endings[i]) >= size)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s: a path too long", folder);
        if (access(out, R_OK) == 0)
            return 0;
    }
    return sp_fail(err, SP_ERROR_USAGE,
                   "%.300s: has neither %s nor %s.zst; docs/reproducing-dysec.md says where they come from",
                   folder, file, file);
}

/* Which rows to learn from, and which to judge. */
struct split {
    size_t *train, *test;
    size_t train_count, test_count;
};

static int
score_split(const struct session *session, enum sp_method method, const struct split *split, double *scores,
            struct sp_error *err)
{
    const struct sp_published_rows *rows = &session->rows;
    if (method == SP_METHOD_MAJORITY)
        return sp_published_majority(scores, NULL, rows, split->train, split->train_count, split->test,
                                     split->test_count, err);
    size_t limit = method == SP_METHOD_LOGISTIC ? LOGISTIC_COLUMNS_MAX : TREE_COLUMNS_MAX, count;
    sp_autofree size_t *places = sp_new_array(limit, sizeof(*places), err);
    sp_autotable struct sp_table train = { 0 }, test = { 0 };
    const struct sp_method_options how = { .method = method, .seed = session->options->seed };
    /* trees pass over what is missing, which is nearly all of an n-gram table */
    float absent = method == SP_METHOD_LOGISTIC ? 0 : NAN;
    return !places ||
                   sp_published_select(places, &count, limit, rows, split->train, split->train_count, err) <
                       0 ||
                   sp_published_table(&train, session->name_list, places, count, rows, split->train,
                                      split->train_count, absent, err) < 0 ||
                   sp_published_table(&test, session->name_list, places, count, rows, split->test,
                                      split->test_count, absent, err) < 0 ||
                   sp_method_score(&how, &train, &test, scores, err) < 0
               ? -1
               : 0;
}

/* Scores the rows that FOLDS puts into fold TEST by what is learnt from those of a fold at or above LEARN. */
static int
score_fold(const struct session *session, enum sp_method method, const uint32_t *folds, uint32_t test,
           uint32_t learn, double *scores, struct sp_error *err)
{
    size_t count = session->rows.row_count;
    sp_autofree size_t *train_rows = sp_new_array(count, sizeof(*train_rows), err);
    sp_autofree size_t *test_rows = sp_new_array(count, sizeof(*test_rows), err);
    sp_autofree double *found = sp_new_array(count, sizeof(*found), err);
    if (!train_rows || !test_rows || !found)
        return -1;
    struct split split = { .train = train_rows, .test = test_rows };
    for (size_t i = 0; i < count; i++) {
        if (folds[i] == test)
            test_rows[split.test_count++] = i;
        else if (folds[i] >= learn)
            train_rows[split.train_count++] = i;
    }
    if (score_split(session, method, &split, found, err) < 0)
        return -1;
    for (size_t i = 0; i < split.test_count; i++)
        scores[test_rows[i]] = found[i];
    return 0;
}

#define PARTS 20 /* 3 of 20 are 15 % */

/* Out of fold over all rows, and on the 15 % that a 70/15/15 split leaves for the test. */
static int
measure_method(struct sp_measures *crossed, struct sp_measures *split_test, const struct session *session,
               enum sp_method method, const uint32_t *folds, const uint32_t *parts, struct sp_error *err)
{
    size_t count = session->rows.row_count, tested = 0;
    sp_autofree double *scores = sp_new_array(count, sizeof(*scores), err);
    sp_autofree float *labels = sp_new_array(count, sizeof(*labels), err);
    sp_autofree uint32_t *which = sp_new_array(count, sizeof(*which), err);
    if (!scores || !labels || !which)
        return -1;
    for (uint32_t fold = 0; fold < session->options->folds; fold++)
        if (score_fold(session, method, folds, fold, 0, scores, err) < 0)
            return -1;
    if (sp_measure(crossed, scores, session->rows.labels, count, 0.5, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        which[i] = parts[i] < 3 ? 0 : parts[i] < 6 ? 1 : 2; /* test, validation, training */
    if (score_fold(session, method, which, 0, 2, scores, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (which[i] != 0)
            continue;
        labels[tested] = session->rows.labels[i];
        scores[tested++] = scores[i];
    }
    return sp_measure(split_test, scores, labels, tested, 0.5, err);
}

static const struct sp_published_result *
find_result(const struct session *session, enum sp_method method)
{
    const char *model = sp_method_published(method);
    for (size_t i = 0; model && i < session->result_count; i++)
        if (!strcmp(session->results[i].set, session->set) && !strcmp(session->results[i].model, model))
            return &session->results[i];
    return NULL;
}

static int
add_methods(const struct session *session, const uint32_t *folds, const uint32_t *parts, struct sp_error *err)
{
    for (enum sp_method method = 0; method < SP_METHODS; method++) {
        struct sp_measures crossed, test;
        if (session->options->progress)
            fprintf(stderr, "published: %s, %s\n", session->set, sp_method_title(method));
        if (measure_method(&crossed, &test, session, method, folds, parts, err) < 0)
            return sp_fail_within(err, "%s, %s", session->set, sp_method_title(method));
        const struct sp_published_result *result = find_result(session, method);
        const struct sp_figure row[] = {
            SP_TEXT(session->set),
            SP_TEXT(sp_method_title(method)),
            SP_NUMBER(crossed.accuracy),
            SP_NUMBER(crossed.f1),
            SP_NUMBER(crossed.auc),
            SP_NUMBER(crossed.kappa),
            SP_NUMBER(test.accuracy),
            SP_NUMBER(test.f1),
            SP_NUMBER(result ? result->test_accuracy : NAN),
            SP_NUMBER(result ? result->f1 : NAN),
            SP_NUMBER(result ? result->auc : NAN),
            SP_NUMBER(result ? crossed.accuracy - result->test_accuracy : NAN),
        };
        if (sp_figures_add(session->figures, row, err) < 0)
            return -1;
    }
    return 0;
}

struct given_away {
    size_t place;
    double accuracy;
};

/* The feature whose mere presence or absence is right most often: what a single look gives away. */
static int
find_presence(struct given_away *out, const struct sp_published_rows *rows, struct sp_error *err)
{
    sp_autofree double *present = sp_new_array(2 * rows->feature_count, sizeof(*present), err);
    if (!present)
        return -1;
    double totals[2] = { 0 };
    for (size_t i = 0; i < rows->row_count; i++) {
        int label = rows->labels[i] > 0;
        totals[label]++;
        for (size_t e = rows->starts[i]; e < rows->starts[i + 1]; e++)
            present[2 * rows->entries[e].place + (size_t)label] += rows->entries[e].value != 0;
    }
    *out = (struct given_away){ 0 };
    for (size_t j = 0; j < rows->feature_count; j++) {
        double right = present[2 * j + 1] + totals[0] - present[2 * j];
        right = fmax(right, totals[0] + totals[1] - right) / (totals[0] + totals[1]);
        if (right > out->accuracy)
            *out = (struct given_away){ j, right };
    }
    return 0;
}

static int
add_given_away(const struct session *session, struct sp_error *err)
{
    const struct sp_published_rows *rows = &session->rows;
    size_t count = rows->row_count, distinct;
    sp_autofree double *scores = sp_new_array(count, sizeof(*scores), err);
    sp_autofree size_t *all = sp_new_array(count, sizeof(*all), err);
    struct given_away presence;
    if (!scores || !all)
        return -1;
    for (size_t i = 0; i < count; i++)
        all[i] = i;
    if (sp_published_majority(scores, &distinct, rows, all, count, all, count, err) < 0 ||
        find_presence(&presence, rows, err) < 0)
        return -1;
    struct sp_confusion confusion = sp_confusion_at(scores, rows->labels, NULL, count, 0.5);
    const struct sp_figure row[] = {
        SP_TEXT(session->set),
        SP_NUMBER(count),
        SP_NUMBER(rows->feature_count),
        SP_NUMBER(distinct),
        SP_NUMBER(sp_accuracy(&confusion)),
        SP_NUMBER(presence.accuracy),
        SP_NUMBER(presence.place),
    };
    return sp_figures_add(session->figures, row, err);
}

static int
name_columns(struct session *session, struct sp_error *err)
{
    session->names = sp_new_array(TREE_COLUMNS_MAX, sizeof(*session->names), err);
    session->name_list = sp_new_array(TREE_COLUMNS_MAX, sizeof(*session->name_list), err);
    if (!session->names || !session->name_list)
        return -1;
    for (unsigned i = 0; i < TREE_COLUMNS_MAX; i++) {
        snprintf(session->names[i], sizeof(session->names[i]), "c%u", i);
        session->name_list[i] = session->names[i];
    }
    return 0;
}

static int
eval_set(struct session *session, size_t which, bool models, struct sp_error *err)
{
    char path[4096];
    session->set = sets[which].set;
    sp_published_rows_free(&session->rows);
    if (find_file(path, sizeof(path), session->options->folder, sets[which].file, err) < 0 ||
        sp_published_read(&session->rows, path, err) < 0)
        return -1;
    if (!models)
        return add_given_away(session, err);
    size_t count = session->rows.row_count;
    sp_autofree uint32_t *folds = sp_new_array(count, sizeof(*folds), err);
    sp_autofree uint32_t *parts = sp_new_array(count, sizeof(*parts), err);
    const struct sp_table labels = { .row_count = count, .labels = session->rows.labels };
    if (!folds || !parts ||
        sp_folds(folds, &labels, session->options->folds, session->options->seed, err) < 0 ||
        sp_folds(parts, &labels, PARTS, session->options->seed + 1, err) < 0)
        return -1;
    return add_methods(session, folds, parts, err);
}

int
sp_eval_published(struct sp_figures *figures, const struct sp_published_eval *options, struct sp_error *err)
{
    static const struct sp_figure_column away_columns[] = {
        { "features", SP_FIGURE_TEXT },
        { "rows", SP_FIGURE_COUNT },
        { "columns", SP_FIGURE_COUNT },
        { "different_rows", SP_FIGURE_COUNT },
        { "look_up_accuracy", SP_FIGURE_NUMBER },
        { "best_presence_accuracy", SP_FIGURE_NUMBER },
        { "best_presence_column", SP_FIGURE_COUNT },
        { 0 },
    };
    static const struct sp_figure_column columns[] = {
        { "features", SP_FIGURE_TEXT },
        { "model", SP_FIGURE_TEXT },
        { "accuracy", SP_FIGURE_NUMBER },
        { "f1", SP_FIGURE_NUMBER },
        { "auc", SP_FIGURE_NUMBER },
        { "kappa", SP_FIGURE_NUMBER },
        { "split_accuracy", SP_FIGURE_NUMBER },
        { "split_f1", SP_FIGURE_NUMBER },
        { "published_accuracy", SP_FIGURE_NUMBER },
        { "published_f1", SP_FIGURE_NUMBER },
        { "published_auc", SP_FIGURE_NUMBER },
        { "difference", SP_FIGURE_NUMBER },
        { 0 },
    };
    __attribute__((cleanup(end_session))) struct session session = { .options = options, .figures = figures };
    char path[4096];
    if (sp_train_available(err) < 0 || find_file(path, sizeof(path), options->folder, RESULTS, err) < 0 ||
        sp_published_results(&session.results, &session.result_count, path, err) < 0 ||
        name_columns(&session, err) < 0 ||
        sp_figures_begin(
            figures, "given_away", "What the published rows give away without learning",
            "look-up: majority vote of equal rows, each row seeing its own vote; presence: the one "
            "column that being there or not tells most",
            away_columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(sets); i++)
        if (eval_set(&session, i, false, err) < 0)
            return -1;
    if (sp_figures_begin(
            figures, "published", "Our trainer on the published rows, beside the published results",
            "accuracy to kappa: cross-validation over the published training rows; split: the test "
            "part of a 70/15/15 split of them; published: the authors' own test part, which they "
            "do not publish; columns chosen by chi-square within each training part",
            columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(sets); i++)
        if (eval_set(&session, i, true, err) < 0)
            return -1;
    return 0;
}
