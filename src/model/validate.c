#include "model/validate.h"
#include "base/hash.h"

#include <string.h>

struct group {
    size_t first, count; /* in the rows sorted by group */
    double labels[2];
    uint64_t lot; /* orders groups of one size */
};

struct member {
    uint32_t group;
    size_t row;
};

static int
by_group(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

static int
by_size_falling(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->lot != right->lot)
        return left->lot < right->lot ? -1 : 1;
    return (left->first > right->first) - (left->first < right->first);
}

/* Sorts MEMBERS by group and fills GROUPS; returns how many there are. */
static size_t
gather_groups(struct group *groups, struct member *members, const struct sp_table *table, uint64_t seed)
{
    for (size_t i = 0; i < table->row_count; i++)
        members[i] = (struct member){ table->groups ? table->groups[i] : (uint32_t)i, i };
    qsort(members, table->row_count, sizeof(*members), by_group);
    size_t count = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        if (i == 0 || members[i].group != members[i - 1].group)
            groups[count++] =
                (struct group){ .first = i, .lot = sp_hash_mix(seed + 1, (uint64_t)members[i].group + 1) };
        struct group *group = &groups[count - 1];
        group->count++;
        group->labels[table->labels[members[i].row] > 0]++;
    }
    qsort(groups, count, sizeof(*groups), by_size_falling);
    return count;
}

struct fold {
    double labels[2];
    size_t rows;
};

/* The fold that has least of what GROUP holds; of equal ones the emptiest. */
static uint32_t
choose_fold(const struct fold *folds, uint32_t fold_count, const struct group *group, const double totals[2])
{
    uint32_t best = 0;
    double best_cost = 0;
    for (uint32_t i = 0; i < fold_count; i++) {
        double cost = 0;
        for (int label = 0; label < 2; label++) {
            if (totals[label] > 0)
                cost += folds[i].labels[label] / totals[label] * group->labels[label] / totals[label];
        }
        if (i == 0 || cost < best_cost || (cost == best_cost && folds[i].rows < folds[best].rows)) {
            best = i;
            best_cost = cost;
        }
    }
    return best;
}

int
sp_folds(uint32_t *folds, const struct sp_table *table, uint32_t fold_count, uint64_t seed,
         struct sp_error *err)
{
    if (fold_count < 2 || fold_count > table->row_count)
        return sp_fail(err, SP_ERROR_USAGE, "%u folds of %zu rows", fold_count, table->row_count);
    sp_autofree struct member *members = sp_new_array(table->row_count, sizeof(*members), err);
    sp_autofree struct group *groups = sp_new_array(table->row_count, sizeof(*groups), err);
    sp_autofree struct fold *state = sp_new_array(fold_count, sizeof(*state), err);
    if (!members || !groups || !state)
        return -1;
    size_t group_count = gather_groups(groups, members, table, seed);
    if (group_count < fold_count)
        return sp_fail(err, SP_ERROR_INPUT, "%zu groups cannot fill %u folds", group_count, fold_count);
    double totals[2] = { 0 };
    for (size_t i = 0; i < group_count; i++) {
        totals[0] += groups[i].labels[0];
        totals[1] += groups[i].labels[1];
    }
    for (size_t i = 0; i < group_count; i++) {
        const struct group *group = &groups[i];
        uint32_t fold = choose_fold(state, fold_count, group, totals);
        state[fold].labels[0] += group->labels[0];
        state[fold].labels[1] += group->labels[1];
        state[fold].rows += group->count;
        for (size_t j = 0; j < group->count; j++)
            folds[members[group->first + j].row] = fold;
    }
    return 0;
}

static int
score_fold(double *scores, const struct sp_table *table, const uint32_t *folds, uint32_t fold,
           sp_scorer *scorer, void *context, struct sp_error *err)
{
    sp_autofree size_t *rows = sp_new_array(table->row_count, sizeof(*rows), err);
    sp_autofree double *fold_scores = sp_new_array(table->row_count, sizeof(*fold_scores), err);
    if (!rows || !fold_scores)
        return -1;
    /* the rows to learn from at the front, those to score behind them */
    size_t learn = 0, score = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        if (folds[i] != fold)
            rows[learn++] = i;
    }
    for (size_t i = 0; i < table->row_count; i++) {
        if (folds[i] == fold)
            rows[learn + score++] = i;
    }
    if (score == 0)
        return 0;
    sp_autotable struct sp_table train = { 0 }, test = { 0 };
    if (sp_table_pick(&train, table, rows, learn, err) < 0 ||
        sp_table_pick(&test, table, rows + learn, score, err) < 0 ||
        scorer(context, &train, &test, fold_scores, err) < 0)
        return -1;
    for (size_t i = 0; i < score; i++)
        scores[rows[learn + i]] = fold_scores[i];
    return 0;
}

int
sp_out_of_fold(double *scores, const struct sp_table *table, const uint32_t *folds, uint32_t fold_count,
               sp_scorer *scorer, void *context, struct sp_error *err)
{
    for (size_t i = 0; i < table->row_count; i++) {
        if (folds[i] >= fold_count)
            return sp_fail(err, SP_ERROR_USAGE, "row %zu: fold %u of %u", i, folds[i], fold_count);
    }
    for (uint32_t fold = 0; fold < fold_count; fold++) {
        if (score_fold(scores, table, folds, fold, scorer, context, err) < 0)
            return sp_fail_within(err, "fold %u", fold);
    }
    return 0;
}

int
sp_score_by_model(void *context, const struct sp_table *train, const struct sp_table *test, double *scores,
                  struct sp_error *err)
{
    sp_automodel struct sp_model *model = NULL;
    sp_automodelfile struct sp_model_file file = { 0 };
    if (sp_train(&model, train, context, err) < 0 || sp_model_use(&file, model, err) < 0)
        return -1;
    for (size_t i = 0; i < test->row_count; i++)
        scores[i] = sp_model_margin(&file.view, sp_table_row(test, i));
    return 0;
}
