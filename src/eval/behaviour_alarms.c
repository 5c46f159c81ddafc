#include "eval/behaviour_alarms.h"
#include "model/metrics.h"

#include <math.h>
#include <string.h>

/* Who says that a package is an attack. A package is said so where any of its rows is. */
enum decider {
    MODEL_HALF,
    MODEL_BLOCK,
    MODEL_REVIEW,
    RULES_BLOCK,
    RULES_REVIEW,
    EITHER_BLOCK,
    EITHER_REVIEW,
    OUTSIDE,
    DECIDERS,
};
static const char *const decider_titles[DECIDERS] = {
    [MODEL_HALF] = "model at 0.5",
    [MODEL_BLOCK] = "model at block",
    [MODEL_REVIEW] = "model at review",
    [RULES_BLOCK] = "rules at block",
    [RULES_REVIEW] = "rules at review",
    [EITHER_BLOCK] = "model or rules at block",
    [EITHER_REVIEW] = "model or rules at review",
    [OUTSIDE] = "anything outside the registry was called",
};
#define SEEN (1u << DECIDERS) /* the package has a row that counts */

static unsigned
row_says(const struct sp_judged_runs *judged, size_t i)
{
    const struct sp_behaviour_row *row = &judged->table->rows[i];
    double p = judged->probabilities[i];
    bool says[DECIDERS] = {
        [MODEL_HALF] = p >= 0.5,
        [MODEL_BLOCK] = p >= judged->block[i],
        [MODEL_REVIEW] = p >= judged->review[i],
        [RULES_BLOCK] = row->rule_block,
        [RULES_REVIEW] = row->rule_review,
        [EITHER_BLOCK] = p >= judged->block[i] || row->rule_block,
        [EITHER_REVIEW] = p >= judged->review[i] || row->rule_review,
        [OUTSIDE] = row->outside,
    };
    unsigned bits = SEEN;
    for (unsigned d = 0; d < DECIDERS; d++)
        bits |= (unsigned)says[d] << d;
    return bits;
}

/* Which rows a count is about. */
struct choice {
    int label;                                                /* 1 attack, 0 honest */
    int twin;                                                 /* 1 twins, 0 others; -1 either */
    const char *(*field)(const struct sp_behaviour_row *row); /* NULL: any */
    const char *value;
};

struct count {
    size_t packages, said[DECIDERS];
};

static bool
chosen(const struct sp_judged_runs *judged, const struct choice *choice, size_t i)
{
    const struct sp_behaviour_row *row = &judged->table->rows[i];
    return (!judged->use || judged->use[i]) && row->attack == choice->label &&
           (choice->twin < 0 || row->twin == choice->twin) &&
           (!choice->field || !strcmp(choice->field(row), choice->value));
}

static int
count_packages(struct count *out, const struct sp_judged_runs *judged, const struct choice *choice,
               struct sp_error *err)
{
    size_t packages = judged->table->package_count;
    sp_autofree unsigned *bits = sp_new_array(packages, sizeof(*bits), err);
    if (!bits)
        return -1;
    *out = (struct count){ 0 };
    for (size_t i = 0; i < judged->table->table.row_count; i++)
        if (chosen(judged, choice, i))
            bits[judged->table->rows[i].package] |= row_says(judged, i);
    for (size_t i = 0; i < packages; i++) {
        out->packages += (bits[i] & SEEN) != 0;
        for (unsigned d = 0; d < DECIDERS; d++)
            out->said[d] += bits[i] >> d & 1;
    }
    return 0;
}

static int
begin(const struct sp_judged_runs *judged, struct sp_figures *figures, const char *id, const char *title,
      const char *note, const struct sp_figure_column *columns, struct sp_error *err)
{
    char full_id[64], full_title[160];
    snprintf(full_id, sizeof(full_id), "%s%s", judged->prefix, id);
    snprintf(full_title, sizeof(full_title), "%s, %s", title, judged->where);
    return sp_figures_begin(figures, full_id, full_title, note, columns, err);
}

/* ------------------------------------------------------- false alarms */

static double
share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static int
add_false_alarms(const struct sp_judged_runs *judged, struct sp_figures *figures, struct sp_error *err)
{
    static const struct sp_figure_column columns[] = {
        { "honest", SP_FIGURE_TEXT },          { "decider", SP_FIGURE_TEXT },
        { "packages", SP_FIGURE_COUNT },       { "alarms", SP_FIGURE_COUNT },
        { "per_1000", SP_FIGURE_NUMBER },      { "at_most_per_1000", SP_FIGURE_NUMBER },
        { "attacks_caught", SP_FIGURE_COUNT }, { "attacks", SP_FIGURE_COUNT },
        { "recall", SP_FIGURE_NUMBER },        { 0 },
    };
    static const struct {
        const char *title;
        int twin;
    } populations[] = { { "real", 0 }, { "twins", 1 }, { "all", -1 } };
    struct count attacks, honest;
    if (begin(judged, figures, "false_alarms", "False alarms",
              "packages; at most: Clopper-Pearson, 95 % sure, one-sided", columns, err) < 0 ||
        count_packages(&attacks, judged, &(struct choice){ .label = 1, .twin = -1 }, err) < 0)
        return -1;
    for (size_t p = 0; p < SP_COUNT(populations); p++) {
        if (count_packages(&honest, judged, &(struct choice){ .twin = populations[p].twin }, err) < 0)
            return -1;
        for (unsigned d = 0; d < DECIDERS && honest.packages; d++) {
            const struct sp_figure row[] = {
                SP_TEXT(populations[p].title),
                SP_TEXT(decider_titles[d]),
                SP_NUMBER(honest.packages),
                SP_NUMBER(honest.said[d]),
                SP_NUMBER(1000 * share(honest.said[d], honest.packages)),
                SP_NUMBER(1000 * sp_binomial_upper(honest.said[d], honest.packages, 0.95)),
                SP_NUMBER(attacks.said[d]),
                SP_NUMBER(attacks.packages),
                SP_NUMBER(share(attacks.said[d], attacks.packages)),
            };
            if (sp_figures_add(figures, row, err) < 0)
                return -1;
        }
    }
    return 0;
}

#define REASONS 3

/* "load.own.decoys=2 (+1.52), ...": what raised the margin of row I most. */
static int
spell_reasons(const struct sp_judged_runs *judged, size_t i, struct sp_buffer *out, struct sp_error *err)
{
    const struct sp_model_view *view = &judged->models[judged->folds ? judged->folds[i] : 0].view;
    sp_autofree float *features = sp_new_array(view->feature_count, sizeof(*features), err);
    sp_autofree float *parts = sp_new_array(view->feature_count + 1, sizeof(*parts), err);
    if (!features || !parts)
        return -1;
    const float *row = sp_table_row(&judged->table->table, i);
    for (size_t j = 0; j < view->feature_count; j++)
        features[j] = row[judged->at[j]];
    if (sp_model_contributions(view, features, parts) < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "the model cannot say why");
    for (int n = 0; n < REASONS; n++) {
        size_t best = 0;
        for (size_t j = 1; j < view->feature_count; j++)
            if (parts[j] > parts[best])
                best = j;
        if (!(parts[best] > 0))
            break;
        if (sp_buffer_printf(out, err, "%s%s=%.6g (%+.2f)", n ? ", " : "", sp_model_feature_name(view, best),
                             (double)features[best], (double)parts[best]) < 0)
            return -1;
        parts[best] = 0;
    }
    return 0;
}

#define NAMED_MAX 500

static int
name_alarm(const struct sp_judged_runs *judged, struct sp_figures *figures, size_t i, unsigned bits,
           struct sp_error *err)
{
    const struct sp_behaviour_row *row = &judged->table->rows[i];
    sp_autobuffer struct sp_buffer reasons = { 0 };
    if (spell_reasons(judged, i, &reasons, err) < 0)
        return -1;
    const struct sp_figure cells[] = {
        SP_TEXT(row->ecosystem),
        SP_TEXT(row->name),
        SP_TEXT(row->version),
        SP_TEXT(row->origin),
        SP_TEXT(row->net),
        SP_NUMBER(judged->probabilities[i]),
        SP_TEXT(bits >> MODEL_BLOCK & 1    ? "block"
                : bits >> MODEL_REVIEW & 1 ? "review"
                                           : "allow"),
        SP_TEXT(bits >> RULES_BLOCK & 1    ? "block"
                : bits >> RULES_REVIEW & 1 ? "review"
                                           : "allow"),
        SP_TEXT(sp_buffer_string(&reasons)),
        SP_TEXT(row->rules),
    };
    return sp_figures_add(figures, cells, err);
}

/* Each honest package that the model or a rule would hold back, by its highest row. */
static int
add_alarms(const struct sp_judged_runs *judged, struct sp_figures *figures, struct sp_error *err)
{
    static const struct sp_figure_column columns[] = {
        { "ecosystem", SP_FIGURE_TEXT },
        { "name", SP_FIGURE_TEXT },
        { "version", SP_FIGURE_TEXT },
        { "origin", SP_FIGURE_TEXT },
        { "net", SP_FIGURE_TEXT },
        { "probability", SP_FIGURE_NUMBER },
        { "model", SP_FIGURE_TEXT },
        { "rules_say", SP_FIGURE_TEXT },
        { "raised_by", SP_FIGURE_TEXT },
        { "rules", SP_FIGURE_TEXT },
        { 0 },
    };
    const struct sp_behaviour_table *table = judged->table;
    size_t rows = table->table.row_count, named = 0;
    sp_autofree unsigned *bits = sp_new_array(table->package_count, sizeof(*bits), err);
    sp_autofree size_t *highest = sp_new_array(table->package_count, sizeof(*highest), err);
    if (!bits || !highest ||
        begin(judged, figures, "alarms", "Honest packages held back by the model or a rule",
              "the first 500; raised by: what adds most to the model's margin", columns, err) < 0)
        return -1;
    const struct choice honest = { .twin = -1 };
    for (size_t i = 0; i < rows; i++) {
        if (!chosen(judged, &honest, i))
            continue;
        uint32_t package = table->rows[i].package;
        if (!bits[package] || judged->probabilities[i] > judged->probabilities[highest[package]])
            highest[package] = i;
        bits[package] |= row_says(judged, i);
    }
    for (size_t p = 0; p < table->package_count && named < NAMED_MAX; p++) {
        if (!(bits[p] & (1u << EITHER_BLOCK | 1u << EITHER_REVIEW)))
            continue;
        if (name_alarm(judged, figures, highest[p], bits[p], err) < 0)
            return -1;
        named++;
    }
    return 0;
}

/* --------------------------------------------------------------- recall */

static const char *
technique_of(const struct sp_behaviour_row *row)
{
    return row->technique;
}
static const char *
origin_of(const struct sp_behaviour_row *row)
{
    return row->origin;
}
static const char *
ecosystem_of(const struct sp_behaviour_row *row)
{
    return row->ecosystem;
}
static const char *
net_of(const struct sp_behaviour_row *row)
{
    return row->net;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The different values of FIELD among the attacks, sorted; VALUES has room for one a row. */
static size_t
list_values(const char **values, const struct sp_judged_runs *judged,
            const char *(*field)(const struct sp_behaviour_row *row))
{
    const struct choice attacks = { .label = 1, .twin = -1 };
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < judged->table->table.row_count; i++)
        if (chosen(judged, &attacks, i))
            values[count++] = field(&judged->table->rows[i]);
    qsort(values, count, sizeof(*values), by_text);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(values[i], values[kept - 1]) != 0)
            values[kept++] = values[i];
    return kept;
}

static int
add_recall(const struct sp_judged_runs *judged, struct sp_figures *figures, const char *id, const char *title,
           const char *(*field)(const struct sp_behaviour_row *row), struct sp_error *err)
{
    const struct sp_figure_column columns[] = {
        { "value", SP_FIGURE_TEXT },
        { "packages", SP_FIGURE_COUNT },
        { "model_at_half", SP_FIGURE_COUNT },
        { "model_at_block", SP_FIGURE_COUNT },
        { "model_at_review", SP_FIGURE_COUNT },
        { "rules_at_block", SP_FIGURE_COUNT },
        { "rules_at_review", SP_FIGURE_COUNT },
        { "either_at_block", SP_FIGURE_COUNT },
        { "either_at_review", SP_FIGURE_COUNT },
        { 0 },
    };
    sp_autofree const char **values = sp_new_array(judged->table->table.row_count, sizeof(*values), err);
    if (!values || begin(judged, figures, id, title, "attack packages caught", columns, err) < 0)
        return -1;
    size_t value_count = list_values(values, judged, field);
    for (size_t v = 0; v < value_count; v++) {
        struct count count;
        const struct choice choice = { 1, -1, field, values[v] };
        if (count_packages(&count, judged, &choice, err) < 0)
            return -1;
        struct sp_figure cells[2 + OUTSIDE] = { SP_TEXT(*values[v] ? values[v] : "-"),
                                                SP_NUMBER(count.packages) };
        for (unsigned d = 0; d < OUTSIDE; d++)
            cells[2 + d] = SP_NUMBER(count.said[d]);
        if (sp_figures_add(figures, cells, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_judged_runs_add(const struct sp_judged_runs *judged, struct sp_figures *figures, struct sp_error *err)
{
    return add_false_alarms(judged, figures, err) < 0 || add_alarms(judged, figures, err) < 0 ||
                   add_recall(judged, figures, "techniques", "By technique", technique_of, err) < 0 ||
                   add_recall(judged, figures, "origins", "By origin", origin_of, err) < 0 ||
                   add_recall(judged, figures, "ecosystems", "By ecosystem", ecosystem_of, err) < 0 ||
                   add_recall(judged, figures, "nets", "By net", net_of, err) < 0
               ? -1
               : 0;
}
