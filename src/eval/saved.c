#include "eval/saved.h"
#include "base/clock.h"
#include "eval/filtered.h"

#include <stdlib.h>
#include <string.h>

struct sp_saved {
    struct sp_lookups *lookups;
    struct sp_searcher *searcher;
};

int
sp_saved_open(struct sp_saved **out, const char *directory, struct sp_index *index, struct sp_error *err)
{
    /* the public registries, whatever this machine is configured to */
    static const char *const no_environment[] = { NULL };
    const struct sp_lookups_options options = {
        .look = SP_LOOK_OFFLINE,
        .saved = directory,
        .env = no_environment,
        .home = "/nonexistent",
        .project = "/nonexistent",
        .review = -1,
        .block = -1,
    };
    struct sp_saved *saved = sp_new(struct sp_saved, err);
    if (!saved)
        return -1;
    if (sp_lookups_read(&saved->lookups, &options, err) < 0 ||
        sp_lookups_start(saved->lookups, NULL, index, err) < 0 ||
        sp_searcher_new(&saved->searcher, index, err) < 0) {
        sp_saved_close(saved);
        return -1;
    }
    *out = saved;
    return 0;
}

void
sp_saved_close(struct sp_saved *saved)
{
    if (!saved)
        return;
    if (saved->searcher)
        sp_searcher_free(saved->searcher);
    sp_lookups_close(saved->lookups);
    free(saved);
}

int
sp_saved_read(struct sp_saved *saved, const struct sp_labelled_pair *pair, struct sp_saved_pair *out,
              struct sp_error *err)
{
    struct sp_metadata *metadata = sp_lookups_metadata(saved->lookups);
    const struct sp_clearing *clearing = sp_lookups_clearing(saved->lookups);
    const struct sp_record *name =
        sp_metadata_record(metadata, pair->ecosystem, pair->name, NULL, SP_DEPTH_FULL, err);
    const struct sp_record *target =
        name ? sp_metadata_record(metadata, pair->ecosystem, pair->target, NULL, SP_DEPTH_FULL, err) : NULL;
    sp_autofree struct sp_match *match = sp_new(struct sp_match, err);
    if (!target || !match)
        return -1;
    *out = (struct sp_saved_pair){ .known = name->presence == SP_PRESENT && target->presence == SP_PRESENT };
    if (sp_relate(saved->searcher, pair->ecosystem, pair->name, pair->ecosystem, pair->target, match, err) <
        0)
        return -1;
    out->name_risk = match->risk;
    uint64_t begun = sp_now();
    sp_clearing_read(clearing, name, target, match, out->seen);
    sp_filter_judge(clearing->filter, match->risk, out->seen, &out->filtered);
    out->seconds = (double)(sp_now() - begun) / 1e9;
    return 0;
}

/* ----------------------------------------------------------------- tables */

struct judging {
    struct sp_saved *saved;
    struct sp_error *err;
};

static int
read_pair(void *context, const struct sp_labelled_pair *pair, struct sp_signal_seen out[SP_SIGNAL_COUNT])
{
    struct judging *judging = context;
    sp_autofree struct sp_saved_pair *read = sp_new(struct sp_saved_pair, judging->err);
    if (!read || sp_saved_read(judging->saved, pair, read, judging->err) < 0)
        return -1;
    if (!read->known)
        return 1;
    memcpy(out, read->seen, sizeof(read->seen));
    return 0;
}

static int
relate_all(double *risks, const struct sp_pairs *pairs, struct sp_searcher *searcher, struct sp_error *err)
{
    sp_autofree struct sp_match *match = sp_new(struct sp_match, err);
    for (size_t i = 0; match && i < pairs->count; i++) {
        const struct sp_labelled_pair *pair = &pairs->pairs[i];
        if (sp_relate(searcher, pair->ecosystem, pair->name, pair->ecosystem, pair->target, match, err) < 0)
            return -1;
        risks[i] = match->risk;
    }
    return match ? 0 : -1;
}

/* Made-up pairs and real ones are never in one table. */
static void
choose(struct sp_pairs *pairs, bool made_up)
{
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (!strcmp(pairs->pairs[i].source, "made up") == made_up)
            pairs->pairs[count++] = pairs->pairs[i];
    pairs->count = count;
}

int
sp_eval_saved(struct sp_figures *figures, const struct sp_saved_eval *options, struct sp_error *err)
{
    sp_autopairs struct sp_pairs pairs = { 0 };
    struct sp_index *index = NULL;
    struct judging judging = { .err = err };
    double *risks = NULL;
    int status = -1;
    if (sp_pairs_read(&pairs, options->pairs_path, err) < 0)
        return -1;
    choose(&pairs, options->made_up);
    if (!pairs.count)
        return sp_fail(err, SP_ERROR_INPUT, "%s: holds no pairs %s", options->pairs_path,
                       options->made_up ? "that are made up" : "that are not made up");
    if (sp_index_open(&index, options->index_path, err) == 0 &&
        sp_saved_open(&judging.saved, options->directory, index, err) == 0 &&
        (risks = sp_new_array(pairs.count, sizeof(*risks), err)) &&
        relate_all(risks, &pairs, judging.saved->searcher, err) == 0) {
        const struct sp_filtered_eval filtered = {
            .filter_path = options->filter_path,
            .name = sp_searcher_thresholds(judging.saved->searcher),
            .risks = risks,
            .read = read_pair,
            .context = &judging,
        };
        status = sp_eval_filtered(figures, &filtered, &pairs, err);
    }
    free(risks);
    sp_saved_close(judging.saved);
    sp_index_close(index);
    return status;
}
