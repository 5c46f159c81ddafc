#include "eval/eval.h"
#include "base/json.h"
#include "eval/judged.h"
#include "eval/scan.h"

#include <math.h>
#include <string.h>

/* One row of the tables: a title and which pairs it is about. */
struct row {
    const char *section, *title;
    bool (*choose)(const struct sp_judged_pair *pair, const void *context);
    const void *context;
};

struct tables {
    const struct sp_eval_options *options;
    struct sp_pairs pairs;
    struct sp_index *index, *augmented;
    char path[256];
    struct sp_judged judged[2];
    struct sp_registry_scan scans[2][SP_ECOSYSTEM_COUNT];
    struct row *rows;
    size_t row_count, row_capacity;
};

static bool
choose_all(const struct sp_judged_pair *pair, const void *context)
{
    (void)pair, (void)context;
    return true;
}

static bool
choose_active(const struct sp_judged_pair *pair, const void *context)
{
    (void)context;
    return pair->pair->attack && strcmp(pair->pair->kind, "active") == 0;
}

static bool
choose_without_campaigns(const struct sp_judged_pair *pair, const void *context)
{
    return choose_active(pair, context) && !sp_pair_campaign(pair->pair);
}

static bool
choose_source(const struct sp_judged_pair *pair, const void *context)
{
    return strcmp(pair->pair->source, context) == 0;
}

static bool
choose_source_active(const struct sp_judged_pair *pair, const void *context)
{
    return choose_source(pair, context) && choose_active(pair, NULL);
}

static bool
choose_source_quiet(const struct sp_judged_pair *pair, const void *context)
{
    return choose_source(pair, context) && !choose_active(pair, NULL);
}

static bool
choose_ecosystem(const struct sp_judged_pair *pair, const void *context)
{
    return pair->pair->ecosystem == context;
}

static bool
choose_category(const struct sp_judged_pair *pair, const void *context)
{
    const struct sp_category *category = context;
    return pair->categories >> category->id & 1;
}

static int
add_row(struct tables *tables, const char *section, const char *title,
        bool (*choose)(const struct sp_judged_pair *, const void *), const void *context,
        struct sp_error *err)
{
    if (sp_grow(tables->rows, tables->row_capacity, tables->row_count + 1, err) < 0)
        return -1;
    tables->rows[tables->row_count++] = (struct row){ section, title, choose, context };
    return 0;
}

static int
add_sources(struct tables *tables, struct sp_error *err)
{
    enum { SOURCES_MAX = 12 };
    const char *sources[SOURCES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < tables->pairs.count; i++) {
        const char *source = tables->pairs.pairs[i].source;
        size_t at = 0;
        while (at < count && strcmp(sources[at], source) != 0)
            at++;
        if (at < count)
            continue;
        /* a file with a source a row (write-ups) has no data sets to speak of */
        if (count == SOURCES_MAX)
            return 0;
        sources[count++] = source;
    }
    for (size_t i = 0; i < count; i++) {
        if (add_row(tables, "data set", sources[i], choose_source, sources[i], err) < 0 ||
            add_row(tables, "data set, active attacks", sources[i], choose_source_active, sources[i], err) <
                0 ||
            add_row(tables, "data set, without malware", sources[i], choose_source_quiet, sources[i], err) <
                0)
            return -1;
    }
    return 0;
}

static int
add_rows(struct tables *tables, struct sp_error *err)
{
    if (add_row(tables, "all", "all pairs", choose_all, NULL, err) < 0 ||
        add_row(tables, "all", "active attacks", choose_active, NULL, err) < 0 ||
        add_row(tables, "all", "active attacks, no campaigns", choose_without_campaigns, NULL, err) < 0 ||
        add_sources(tables, err) < 0)
        return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        if (add_row(tables, "ecosystem", sp_ecosystems[id]->title, choose_ecosystem, sp_ecosystems[id], err) <
            0)
            return -1;
    for (int id = 0; id < SP_CATEGORY_COUNT; id++)
        if (add_row(tables, "category", sp_categories[id]->title, choose_category, sp_categories[id], err) <
            0)
            return -1;
    return 0;
}

static double
share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static void
print_share(FILE *out, double value)
{
    if (isnan(value))
        fprintf(out, "      -");
    else
        fprintf(out, " %6.3f", value);
}

static int
print_rows(const struct tables *tables, const struct sp_judged *judged, FILE *out, struct sp_error *err)
{
    const char *section = "";
    for (size_t i = 0; i < tables->row_count; i++) {
        const struct row *row = &tables->rows[i];
        struct sp_eval_group group;
        if (sp_eval_sum(&group, judged, tables->options->folds, tables->options->seed, row->choose,
                        row->context, err) < 0)
            return -1;
        if (!group.attacks && !group.benign)
            continue;
        if (strcmp(section, row->section) != 0)
            fprintf(out, "\n  %-30s %5s %5s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s\n", row->section,
                    "att.", "ben.", "first", "three", "review", "block", "f.rev", "f.blk", "prec.", "F1",
                    "acc.", "AUC", "F1 fit", "always");
        section = row->section;
        fprintf(out, "  %-30.30s %5zu %5zu", row->title, group.attacks, group.benign);
        const struct sp_confusion *confusion = &group.at_review;
        bool both = group.attacks && group.benign;
        double figures[] = {
            share(group.first, group.attacks),
            share(group.third, group.attacks),
            share(group.attack_review, group.attacks),
            share(group.attack_block, group.attacks),
            share(group.benign_review, group.benign),
            share(group.benign_block, group.benign),
            both ? sp_precision(confusion) : NAN,
            both ? sp_f1(confusion) : NAN,
            both ? sp_accuracy(confusion) : NAN,
            group.auc,
            group.fitted_f1,
            group.always_f1,
        };
        for (size_t k = 0; k < SP_COUNT(figures); k++)
            print_share(out, figures[k]);
        fputc('\n', out);
    }
    return 0;
}

/* What a threshold costs and brings: alarms over all names, recall of active attacks. */
static const double curve_shares[] = { 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05 };

static double
active_recall(const struct sp_judged *judged, double threshold)
{
    size_t attacks = 0, alarms = 0;
    for (size_t i = 0; i < judged->count; i++) {
        if (!choose_active(&judged->pairs[i], NULL))
            continue;
        attacks++;
        alarms += !judged->pairs[i].trusted && judged->pairs[i].name_risk >= threshold;
    }
    return share(alarms, attacks);
}

/* The threshold at which at most SHARE of the names of every registry scanned are alarms. */
static double
curve_threshold(const struct sp_registry_scan *scans, double part)
{
    double threshold = 0;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        if (!scans[id].risks)
            continue;
        double own = sp_registry_scan_threshold(&scans[id], (size_t)(part * (double)scans[id].names));
        threshold = own > threshold ? own : threshold;
    }
    return threshold;
}

static void
print_scans(const struct tables *tables, int which, FILE *out)
{
    const struct sp_judged *judged = &tables->judged[which];
    const struct sp_registry_scan *scans = tables->scans[which];
    bool any = false;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        const struct sp_registry_scan *scan = &scans[id];
        if (!scan->risks)
            continue;
        any = true;
        size_t review = sp_registry_scan_alarms(scan, judged->thresholds.review);
        size_t block = sp_registry_scan_alarms(scan, judged->thresholds.block);
        size_t others = scan->names - scan->trusted;
        fprintf(
            out,
            "\n  all %zu names of %s (%zu trusted, %zu not valid): %zu at review or above (%.3f %% of all), "
            "%zu at block (%.3f %% of the others); %.1f s with %u threads, %.0f names/s\n",
            scan->names, scan->ecosystem->title, scan->trusted, scan->invalid, review,
            100 * share(review, scan->names), block, 100 * share(block, others), scan->seconds, scan->threads,
            (double)scan->names / scan->seconds);
    }
    if (!any)
        return;
    fprintf(out, "\n  %-38s %10s %10s\n", "alarms over all names, at most", "risk", "active");
    for (size_t i = 0; i < SP_COUNT(curve_shares); i++) {
        double threshold = curve_threshold(scans, curve_shares[i]);
        fprintf(out, "  %37.2f %% %10.4f %10.3f\n", 100 * curve_shares[i], threshold,
                active_recall(judged, threshold));
    }
}

static int
print_text(const struct tables *tables, FILE *out, struct sp_error *err)
{
    fprintf(out, "%zu pairs from %s; %zu more break today's rules of their registry and are left out.\n",
            tables->pairs.count, tables->options->pairs_path, tables->pairs.invalid);
    fprintf(
        out,
        "first, three: the right target comes first, among the first three. review, block: the name is an\n"
        "alarm. f.rev, f.blk: a benign name is. The rest judges the pair as given: precision, F1, accuracy "
        "at\n"
        "review, area under the ROC curve, F1 at a threshold fitted on other folds, F1 of alarming "
        "always.\n");
    for (int which = 0; which < 2; which++) {
        const struct sp_judged *judged = &tables->judged[which];
        fprintf(out, "\n== %s", judged->title);
        if (which)
            fprintf(out, " (%zu)", judged->added);
        fprintf(out,
                ": review from risk %.4f, block from %.4f; median %.1f us, 99th percentile %.1f us, "
                "%.0f names/s\n",
                judged->thresholds.review, judged->thresholds.block, 1e6 * judged->median, 1e6 * judged->p99,
                judged->names_per_second);
        if (print_rows(tables, judged, out, err) < 0)
            return -1;
        print_scans(tables, which, out);
    }
    return 0;
}

static void
json_group(struct sp_json *json, const struct row *row, const struct sp_eval_group *group)
{
    const struct sp_confusion *confusion = &group->at_review;
    bool both = group->attacks && group->benign;
    sp_json_begin_object(json);
    sp_json_key(json, "section");
    sp_json_string(json, row->section);
    sp_json_key(json, "title");
    sp_json_string(json, row->title);
    const struct {
        const char *key;
        double value;
    } figures[] = {
        { "attacks", (double)group->attacks },
        { "benign", (double)group->benign },
        { "match_first", share(group->first, group->attacks) },
        { "match_three", share(group->third, group->attacks) },
        { "attack_review", share(group->attack_review, group->attacks) },
        { "attack_block", share(group->attack_block, group->attacks) },
        { "benign_review", share(group->benign_review, group->benign) },
        { "benign_block", share(group->benign_block, group->benign) },
        { "precision", both ? sp_precision(confusion) : NAN },
        { "recall", group->attacks ? sp_recall(confusion) : NAN },
        { "f1", both ? sp_f1(confusion) : NAN },
        { "accuracy", both ? sp_accuracy(confusion) : NAN },
        { "auc", group->auc },
        { "f1_best", group->best_f1 },
        { "f1_fitted", group->fitted_f1 },
        { "f1_always", group->always_f1 },
    };
    for (size_t i = 0; i < SP_COUNT(figures); i++) {
        sp_json_key(json, figures[i].key);
        sp_json_number(json, figures[i].value, 6);
    }
    sp_json_end_object(json);
}

static void
json_scans(struct sp_json *json, const struct tables *tables, int which)
{
    const struct sp_judged *judged = &tables->judged[which];
    const struct sp_registry_scan *scans = tables->scans[which];
    bool any = false;
    sp_json_key(json, "registries");
    sp_json_begin_array(json);
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++) {
        const struct sp_registry_scan *scan = &scans[id];
        if (!scan->risks)
            continue;
        any = true;
        sp_json_begin_object(json);
        sp_json_key(json, "ecosystem");
        sp_json_string(json, scan->ecosystem->name);
        const struct {
            const char *key;
            size_t value;
        } counts[] = {
            { "names", scan->names },
            { "trusted", scan->trusted },
            { "invalid", scan->invalid },
            { "review", sp_registry_scan_alarms(scan, judged->thresholds.review) },
            { "block", sp_registry_scan_alarms(scan, judged->thresholds.block) },
        };
        for (size_t i = 0; i < SP_COUNT(counts); i++) {
            sp_json_key(json, counts[i].key);
            sp_json_integer(json, (long long)counts[i].value);
        }
        sp_json_key(json, "seconds");
        sp_json_number(json, scan->seconds, 4);
        sp_json_key(json, "threads");
        sp_json_integer(json, scan->threads);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_json_key(json, "curve");
    sp_json_begin_array(json);
    for (size_t i = 0; any && i < SP_COUNT(curve_shares); i++) {
        double threshold = curve_threshold(scans, curve_shares[i]);
        sp_json_begin_object(json);
        sp_json_key(json, "alarms_at_most");
        sp_json_number(json, curve_shares[i], 6);
        sp_json_key(json, "risk");
        sp_json_number(json, threshold, 6);
        sp_json_key(json, "active_recall");
        sp_json_number(json, active_recall(judged, threshold), 6);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static int
json_judged(struct sp_json *json, const struct tables *tables, int which, struct sp_error *err)
{
    const struct sp_judged *judged = &tables->judged[which];
    const struct {
        const char *key;
        double value;
    } figures[] = {
        { "targets_added", (double)judged->added },
        { "review_threshold", judged->thresholds.review },
        { "block_threshold", judged->thresholds.block },
        { "median_seconds", judged->median },
        { "p99_seconds", judged->p99 },
        { "names_per_second", judged->names_per_second },
    };
    sp_json_begin_object(json);
    sp_json_key(json, "index");
    sp_json_string(json, judged->title);
    for (size_t i = 0; i < SP_COUNT(figures); i++) {
        sp_json_key(json, figures[i].key);
        sp_json_number(json, figures[i].value, 6);
    }
    sp_json_key(json, "groups");
    sp_json_begin_array(json);
    for (size_t i = 0; i < tables->row_count; i++) {
        struct sp_eval_group group;
        if (sp_eval_sum(&group, judged, tables->options->folds, tables->options->seed, tables->rows[i].choose,
                        tables->rows[i].context, err) < 0)
            return -1;
        if (group.attacks || group.benign)
            json_group(json, &tables->rows[i], &group);
    }
    sp_json_end_array(json);
    json_scans(json, tables, which);
    sp_json_end_object(json);
    return 0;
}

static int
print_json(const struct tables *tables, FILE *out, struct sp_error *err)
{
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "pairs");
    sp_json_integer(&json, (long long)tables->pairs.count);
    sp_json_key(&json, "invalid");
    sp_json_integer(&json, (long long)tables->pairs.invalid);
    sp_json_key(&json, "results");
    sp_json_begin_array(&json);
    for (int which = 0; which < 2; which++)
        if (json_judged(&json, tables, which, err) < 0)
            return -1;
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    fprintf(out, "%s\n", sp_buffer_string(&json.out));
    return 0;
}

static void
keep_chosen(struct sp_pairs *pairs, const struct sp_eval_options *options)
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        bool dropped = (options->stated_only && !pairs->pairs[i].stated) ||
                       (options->high_only && !pairs->pairs[i].high_quality);
        if (!dropped)
            pairs->pairs[kept++] = pairs->pairs[i];
    }
    pairs->count = kept;
}

static int
judge_with(struct tables *tables, int which, struct sp_index *index, struct sp_error *err)
{
    const struct sp_eval_options *options = tables->options;
    struct sp_judged *judged = &tables->judged[which];
    judged->title = which ? "with the missing targets added" : "the index as it is";
    if (sp_judge_pairs(judged, &tables->pairs, index, err) < 0)
        return -1;
    for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
        if (options->names[id] && sp_scan_registry(&tables->scans[which][id], index, NULL, sp_ecosystems[id],
                                                   options->names[id], options->threads, err) < 0)
            return -1;
    return 0;
}

static int
run(struct tables *tables, FILE *out, struct sp_error *err)
{
    const struct sp_eval_options *options = tables->options;
    if (sp_pairs_read(&tables->pairs, options->pairs_path, err) < 0)
        return -1;
    keep_chosen(&tables->pairs, options);
    if (!tables->pairs.count)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: no pair is left; it may lack target_known or quality",
                       options->pairs_path);
    if (sp_pairs_group(&tables->pairs, err) < 0 ||
        sp_index_open(&tables->index, options->index_path, err) < 0 ||
        judge_with(tables, 0, tables->index, err) < 0 ||
        sp_temporary_path(tables->path, sizeof(tables->path), err) < 0 ||
        sp_pairs_augment(&tables->pairs, tables->index, tables->path, &tables->judged[1].added, err) < 0 ||
        sp_index_open(&tables->augmented, tables->path, err) < 0 ||
        judge_with(tables, 1, tables->augmented, err) < 0 || add_rows(tables, err) < 0)
        return -1;
    return options->json ? print_json(tables, out, err) : print_text(tables, out, err);
}

int
sp_eval_confusion(const struct sp_eval_options *options, FILE *out, struct sp_error *err)
{
    struct tables tables = { .options = options };
    int status = run(&tables, out, err);
    sp_index_close(tables.index);
    sp_index_close(tables.augmented);
    if (tables.path[0])
        unlink(tables.path);
    for (int which = 0; which < 2; which++) {
        sp_judged_free(&tables.judged[which]);
        for (int id = 0; id < SP_ECOSYSTEM_COUNT; id++)
            sp_registry_scan_free(&tables.scans[which][id]);
    }
    sp_pairs_free(&tables.pairs);
    free(tables.rows);
    return status;
}
