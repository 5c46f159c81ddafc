/* sallyport train behaviour: fits the model of the box on labelled runs. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/behaviour_train.h"

#include <stddef.h>
#include <string.h>

struct behaviour_options {
    const char *out, *kind;
    unsigned long folds, seed;
    double false_alarms;
    struct sp_arguments with, without;
};

static const char *
kind_at(size_t position)
{
    static const char *const kinds[] = { "boosted", "forest" };
    return position < SP_COUNT(kinds) ? kinds[position] : NULL;
}

#define AT(field) offsetof(struct behaviour_options, field)
static const struct sp_option behaviour_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(out),
      .help = "the model to write",
      .completion = SP_COMPLETE_FILE },
    { .name = "kind",
      .letter = 'k',
      .kind = SP_OPTION_CHOICE,
      .value = "KIND",
      .at = AT(kind),
      .help = "of model",
      .choice = kind_at },
    { .name = "false-alarms",
      .kind = SP_OPTION_NUMBER,
      .value = "PER_1000",
      .at = AT(false_alarms),
      .help = "honest packages of 1,000 that may be blocked; ten times as many reviewed",
      .least = 0,
      .most = 100 },
    { .name = "with",
      .kind = SP_OPTION_LIST,
      .value = "PATTERN",
      .at = AT(with),
      .help = "columns to see besides, as 'all.own.duration'" },
    { .name = "without",
      .kind = SP_OPTION_LIST,
      .value = "PATTERN",
      .at = AT(without),
      .help = "columns not to see, as '*.own.decoys*'" },
    { .name = "folds",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(folds),
      .help = "parts for thresholds and figures out of fold",
      .least = 2,
      .most = 20 },
    { .name = "seed",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(seed),
      .help = "of all that is drawn",
      .least = 0,
      .most = 4294967295.0 },
    { 0 },
};
#undef AT

static int
spell_list(struct sp_buffer *out, const char *option, const struct sp_arguments *words, struct sp_error *err)
{
    for (size_t i = 0; i < words->count; i++)
        if (sp_buffer_printf(out, err, " --%s '%s'", option, words->items[i]) < 0)
            return -1;
    return 0;
}

/* The command as it can be typed again, without the folders, which differ from machine to machine. */
static int
spell_command(const struct behaviour_options *chosen, const struct sp_arguments *words, struct sp_buffer *out,
              struct sp_error *err)
{
    if (sp_buffer_printf(out, err,
                         "sallyport train behaviour --kind %s --seed %lu --folds %lu --false-alarms %g",
                         chosen->kind, chosen->seed, chosen->folds, chosen->false_alarms) < 0 ||
        spell_list(out, "with", &chosen->with, err) < 0 ||
        spell_list(out, "without", &chosen->without, err) < 0)
        return -1;
    return sp_spell_files(out, words, err);
}

static int
run_behaviour(const struct sp_call *call)
{
    struct sp_behaviour_training training = sp_behaviour_training_defaults();
    struct behaviour_options chosen = { .kind = "boosted",
                                        .folds = training.folds,
                                        .seed = training.seed,
                                        .false_alarms = training.block_per_1000 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autobuffer struct sp_buffer command = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = sp_usage(call, "needs tables of runs (features.csv)");
    if (done < 0 && spell_command(&chosen, &words, &command, &err) < 0)
        done = sp_complain(&err);
    if (done < 0) {
        training.tables = words.items;
        training.table_count = words.count;
        training.model_path = chosen.out;
        training.folds = (uint32_t)chosen.folds;
        training.seed = chosen.seed;
        training.block_per_1000 = chosen.false_alarms;
        training.review_per_1000 = 10 * chosen.false_alarms;
        training.with = chosen.with.items;
        training.with_count = chosen.with.count;
        training.without = chosen.without.items;
        training.without_count = chosen.without.count;
        training.command = sp_buffer_string(&command);
        sp_model_kind_parse(&training.kind, chosen.kind);
        if (sp_train_behaviour(&training, stdout, true, &err) < 0)
            done = sp_complain(&err);
    }
    sp_arguments_free(&chosen.with);
    sp_arguments_free(&chosen.without);
    return done >= 0 ? done : fflush(stdout) == 0 ? SP_EXIT_CLEAN : SP_EXIT_INCONCLUSIVE;
}

const struct sp_command sp_command_train_behaviour = {
    .name = "behaviour",
    .summary = "Fit the model of behaviour on labelled runs",
    .arguments = "TABLE.csv...",
    .about = "Needs XGBoost (libxgboost0). docs/behaviour-model.md says what is fitted and how.\n",
    .options = behaviour_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_behaviour,
};
