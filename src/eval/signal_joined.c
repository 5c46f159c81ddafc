/* signal_joined.c: names and what metadata there is, over pairs as they are given. Of the candidate itself
 * only the twelve signals of its time are taken: what it has today (absent, taken down, downloads since)
 * would give the label away. */
#include "base/hash.h"
#include "eval/ensemble.h"
#include "eval/registry_words.h"
#include "eval/signal_eval.h"
#include "eval/signal_rows.h"
#include "eval/training_table.h"
#include "model/train.h"
#include "name/features.h"
#include "name/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is known of the target, and how the candidate's name goes with it. */
enum {
    TARGET_DOWNLOADS = SP_FEATURE_COUNT, /* ln(1 + downloads) */
    TARGET_SUMMARY,                      /* bytes of its summary */
    SUMMARY_NAME,                        /* cosine of the name and the target's summary */
    SUMMARY_TARGET,                      /* of the target's name and its summary */
    SUMMARY_GAP,                         /* the second less the first */
    SUMMARY_WORDS,                       /* share of the name's letters that are words of the summary */
    REGISTRIES,                          /* words and patterns, of whole registries */
    TWELVE = REGISTRIES + SP_REGISTRY_WORD_FEATURES,
    PRESENT = TWELVE + SP_TWELVE, /* the twelve are known */
    COLUMNS,
};

/* Larger models over more rows: fewer divisions than for the twelve alone. */
#define DIVISIONS_MOST 3

struct session {
    const struct sp_signal_eval *options;
    struct sp_figures *figures;
    struct sp_signal_rows rows;
    struct sp_pairs pairs;
    struct sp_registry_words words;
    struct sp_index *index, *augmented;
    char path[256];
    struct sp_searcher *searcher;
    const char *names[COLUMNS];
    struct sp_table table; /* all columns, a row for each pair */
    bool *known;           /* pairs that have the twelve */
};

static void
say(const struct session *session, const char *what)
{
    if (session->options->progress)
        fprintf(stderr, "signals: %s\n", what);
}

/* ------------------------------------------------------------------ columns */

/* TEXT as a name of words: what the embedding reads. */
static size_t
as_name(char out[SP_NAME_MAX], const char *text)
{
    size_t length = 0;
    for (; *text && length < SP_NAME_MAX; text++) {
        unsigned char c = (unsigned char)*text;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        char as = letter ? (char)(c >= 'A' && c <= 'Z' ? c + 32 : c) : '-';
        if (as != '-' || (length && out[length - 1] != '-'))
            out[length++] = as;
    }
    return length;
}

/* The share of NAME's letters that stand in words which TEXT has, too. Both as names of words. */
static double
shared_letters(const char *name, size_t name_length, const char *text, size_t text_length)
{
    size_t all = 0, shared = 0;
    for (size_t from = 0; from < name_length;) {
        const char *end = memchr(name + from, '-', name_length - from);
        size_t length = end ? (size_t)(end - name) - from : name_length - from;
        all += length;
        for (size_t at = 0; length && at + length <= text_length; at++) {
            if ((at == 0 || text[at - 1] == '-') && !memcmp(text + at, name + from, length) &&
                (at + length == text_length || text[at + length] == '-')) {
                shared += length;
                break;
            }
        }
        from += length + 1;
    }
    return all ? (double)shared / (double)all : 0;
}

static void
fill_target(float values[COLUMNS], const struct session *session, const struct sp_labelled_pair *pair,
            const struct sp_match *match)
{
    for (size_t i = TARGET_DOWNLOADS; i < REGISTRIES; i++)
        values[i] = NAN;
    if (match->downloads)
        values[TARGET_DOWNLOADS] = (float)log1p((double)match->downloads);
    if (!match->summary[0] || !session->augmented->has_embedding)
        return;
    const struct sp_embedding *embedding = &session->augmented->embedding;
    char name[SP_NAME_MAX], target[SP_NAME_MAX], summary[SP_NAME_MAX];
    int8_t of_name[SP_EMBEDDING_DIMENSION], of_target[SP_EMBEDDING_DIMENSION],
        of_summary[SP_EMBEDDING_DIMENSION];
    size_t name_length = as_name(name, pair->name), summary_length = as_name(summary, match->summary);
    values[TARGET_SUMMARY] = (float)strlen(match->summary);
    values[SUMMARY_WORDS] = (float)shared_letters(name, name_length, summary, summary_length);
    if (!sp_embedding_of(embedding, name, name_length, of_name) ||
        !sp_embedding_of(embedding, target, as_name(target, match->target), of_target) ||
        !sp_embedding_of(embedding, summary, summary_length, of_summary))
        return;
    values[SUMMARY_NAME] = (float)sp_embedding_cosine(of_name, of_summary);
    values[SUMMARY_TARGET] = (float)sp_embedding_cosine(of_target, of_summary);
    values[SUMMARY_GAP] = values[SUMMARY_TARGET] - values[SUMMARY_NAME];
}

static void
fill_twelve(float values[COLUMNS], struct session *session, size_t at)
{
    const struct sp_labelled_pair *pair = &session->pairs.pairs[at];
    for (size_t k = 0; k < SP_TWELVE; k++)
        values[TWELVE + k] = NAN;
    values[PRESENT] = 0;
    for (size_t i = 0; i < session->rows.count; i++) {
        const struct sp_signal_row *row = &session->rows.rows[i];
        if (row->ecosystem != pair->ecosystem || strcmp(row->name, pair->name) != 0 ||
            strcmp(row->target, pair->target) != 0)
            continue;
        memcpy(values + TWELVE, row->values, sizeof(row->values));
        values[PRESENT] = 1;
        session->known[at] = true;
        return;
    }
}

static int
fill_table(struct session *session, struct sp_error *err)
{
    static const char *const more[] = { "target-downloads", "target-summary", "summary-name",
                                        "summary-target",   "summary-gap",    "summary-words" };
    memcpy(session->names, sp_feature_names, sizeof(sp_feature_names));
    memcpy(session->names + TARGET_DOWNLOADS, more, sizeof(more));
    memcpy(session->names + REGISTRIES, sp_registry_word_names, sizeof(sp_registry_word_names));
    memcpy(session->names + TWELVE, sp_twelve_names, sizeof(sp_twelve_names));
    session->names[PRESENT] = "known";
    sp_table_init(&session->table, session->names, COLUMNS);
    session->known = sp_new_array(session->pairs.count, sizeof(bool), err);
    if (!session->known)
        return -1;
    for (size_t i = 0; i < session->pairs.count; i++) {
        const struct sp_labelled_pair *pair = &session->pairs.pairs[i];
        struct sp_match match;
        struct sp_features_view view;
        float values[COLUMNS];
        if (sp_relate(session->searcher, pair->ecosystem, pair->name, pair->ecosystem, pair->target, &match,
                      err) < 0 ||
            sp_relate_features(session->searcher, &view, err) < 0)
            return -1;
        memcpy(values, view.values, SP_FEATURE_COUNT * sizeof(float));
        fill_target(values, session, pair, &match);
        sp_registry_words_of(&session->words, pair, values + REGISTRIES);
        fill_twelve(values, session, i);
        if (sp_table_add(&session->table, values, pair->attack, 1, pair->target_group, err) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------- tables */

static int
take(struct sp_table *out, const char **names, const struct session *session, const bool chosen[COLUMNS],
     bool known_only, struct sp_error *err)
{
    size_t count = 0;
    float values[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        if (chosen[k])
            names[count++] = session->names[k];
    sp_table_init(out, names, count);
    for (size_t i = 0; i < session->table.row_count; i++) {
        if (known_only && !session->known[i])
            continue;
        count = 0;
        for (size_t k = 0; k < COLUMNS; k++)
            if (chosen[k])
                values[count++] = sp_table_row(&session->table, i)[k];
        if (sp_table_add(out, values, session->table.labels[i], 1, session->table.groups[i], err) < 0)
            return -1;
    }
    return 0;
}

struct set {
    const char *title;
    bool names, target, registries, twelve, present;
};

static const struct sp_figure_column columns[] = {
    { "known", SP_FIGURE_TEXT },
    { "f1", SP_FIGURE_NUMBER },
    { "f1_spread", SP_FIGURE_NUMBER },
    { "f1_best", SP_FIGURE_NUMBER },
    { "auc", SP_FIGURE_NUMBER },
    { "auc_spread", SP_FIGURE_NUMBER },
    { "f1_at_recall_0.9", SP_FIGURE_NUMBER },
    { "false_alarms_at_recall_0.9", SP_FIGURE_NUMBER },
    { "false_alarms_spread", SP_FIGURE_NUMBER },
    { 0 },
};

static int
add_set(const struct session *session, const struct set *set, bool known_only, struct sp_error *err)
{
    bool chosen[COLUMNS];
    const char *names[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        chosen[k] = k == PRESENT            ? set->present
                    : k >= TWELVE           ? set->twelve
                    : k >= REGISTRIES       ? set->registries
                    : k >= TARGET_DOWNLOADS ? set->target
                                            : set->names;
    sp_autotable struct sp_table table = { 0 };
    if (take(&table, names, session, chosen, known_only, err) < 0)
        return -1;
    struct sp_train_params members[] = { sp_train_defaults(SP_MODEL_BOOSTED),
                                         sp_train_defaults(SP_MODEL_FOREST) };
    members[0].rounds = known_only ? 100 : 250;
    members[0].depth = known_only ? 3 : 5;
    members[0].eta = 0.05;
    members[0].subsample = 0.7;
    members[0].colsample = 0.4;
    members[0].lambda = 3;
    members[0].min_child_weight = 2;
    members[1].depth = known_only ? 5 : 16;
    members[1].min_child_weight = known_only ? 2 : 1;
    members[1].colsample = known_only ? 0 : 0.3;
    struct sp_ensemble ensemble = { members, SP_COUNT(members), false, 1 };
    const struct sp_divisions divisions = {
        .folds = session->options->folds,
        .count = session->options->divisions < DIVISIONS_MOST ? session->options->divisions : DIVISIONS_MOST,
        .seed = session->options->seed,
    };
    struct sp_division_figures f;
    say(session, set->title);
    if (sp_division_figures(&f, &table, &divisions, sp_score_by_ensemble, &ensemble, err) < 0)
        return sp_fail_within(err, "%s", set->title);
    const struct sp_figure row[] = {
        SP_TEXT(set->title),       SP_NUMBER(f.f1.mean),        SP_NUMBER(f.f1.deviation),
        SP_NUMBER(f.best_f1.mean), SP_NUMBER(f.auc.mean),       SP_NUMBER(f.auc.deviation),
        SP_NUMBER(f.kept_f1.mean), SP_NUMBER(f.kept_rate.mean), SP_NUMBER(f.kept_rate.deviation),
    };
    return sp_figures_add(session->figures, row, err);
}

static int
add_tables(const struct session *session, struct sp_error *err)
{
    static const struct set quiet[] = {
        { "names", .names = true },
        { "names and the target", .names = true, .target = true },
        { "the twelve", .twelve = true },
        { "the twelve and names", .names = true, .twelve = true },
        { "all", .names = true, .target = true, .twelve = true },
    };
    static const struct set all[] = {
        { "names", .names = true },
        { "names and the target", .names = true, .target = true },
        { "these and the twelve where known", .names = true, .target = true, .twelve = true },
        { "these and only whether they are known", .names = true, .target = true, .present = true },
        { "names, the target and the registries' words", .names = true, .target = true, .registries = true },
        { "these and the twelve where known", .names = true, .target = true, .registries = true,
          .twelve = true },
        { "these and only whether they are known", .names = true, .target = true, .registries = true,
          .present = true },
    };
    char title[160];
    size_t known = 0;
    for (size_t i = 0; i < session->pairs.count; i++)
        known += session->known[i];
    snprintf(title, sizeof(title), "Names and signals over the %zu pairs that have the twelve", known);
    if (sp_figures_begin(session->figures, "quiet", title,
                         "boosted trees and a forest, their mean; 3 divisions", columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(quiet); i++)
        if (add_set(session, &quiet[i], true, err) < 0)
            return -1;
    snprintf(title, sizeof(title), "Names and metadata over all %zu npm pairs", session->pairs.count);
    if (sp_figures_begin(
            session->figures, "npm", title,
            "no row of a data set of alarms has the twelve, so that they are known says something "
            "of the label: the rows with only that show how much",
            columns, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(all) && (session->options->npm_path || !all[i].registries); i++)
        if (add_set(session, &all[i], false, err) < 0)
            return -1;
    return 0;
}

static int
run(struct session *session, struct sp_error *err)
{
    const struct sp_signal_eval *options = session->options;
    size_t kept = 0, added;
    if (sp_signal_rows_read(&session->rows, options->signals_path, err) < 0 ||
        sp_pairs_read(&session->pairs, options->pairs_path, err) < 0)
        return -1;
    for (size_t i = 0; i < session->pairs.count; i++)
        if (session->pairs.pairs[i].ecosystem->id == SP_NPM)
            session->pairs.pairs[kept++] = session->pairs.pairs[i];
    session->pairs.count = kept;
    if (!kept)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: holds no pair of npm", options->pairs_path);
    if ((options->npm_path && sp_registry_words_read(&session->words, options->npm_path, options->pypi_path,
                                                     &session->pairs, err) < 0) ||
        sp_pairs_group(&session->pairs, err) < 0 ||
        sp_index_open(&session->index, options->index_path, err) < 0 ||
        sp_temporary_path(session->path, sizeof(session->path), err) < 0 ||
        sp_pairs_augment(&session->pairs, session->index, session->path, &added, err) < 0 ||
        sp_index_open(&session->augmented, session->path, err) < 0 ||
        sp_searcher_new(&session->searcher, session->augmented, err) < 0 ||
        /* the model in the index has seen these pairs */
        sp_searcher_use_model(session->searcher, NULL, err) < 0 || fill_table(session, err) < 0)
        return -1;
    return add_tables(session, err);
}

int
sp_eval_joined(struct sp_figures *figures, const struct sp_signal_eval *options, struct sp_error *err)
{
    struct session session = { .options = options, .figures = figures };
    int status = run(&session, err);
    sp_searcher_free(session.searcher);
    sp_index_close(session.augmented);
    sp_index_close(session.index);
    if (session.path[0])
        unlink(session.path);
    sp_table_free(&session.table);
    sp_pairs_free(&session.pairs);
    sp_registry_words_free(&session.words);
    sp_signal_rows_free(&session.rows);
    free(session.known);
    return status;
}
