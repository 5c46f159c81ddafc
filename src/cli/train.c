/* sallyport train: fits the models that judge, from labelled data. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/train.h"

#include <stddef.h>
#include <string.h>

struct confusion_options {
    const char *index, *out, *features, *signals, *filter_out;
    unsigned long folds, seed, rounds, sample;
    struct sp_arguments names;
};

#define AT(field) offsetof(struct confusion_options, field)
static const struct sp_option confusion_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(out),
      .help = "the model to write",
      .completion = SP_COMPLETE_FILE },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { .name = "names",
      .letter = 'n',
      .kind = SP_OPTION_LIST,
      .value = "ECO=FILE",
      .at = AT(names),
      .help = "all names of a registry, among which the model is to be quiet",
      .completion = SP_COMPLETE_FILE },
    { .name = "features",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(features),
      .help = "write the table of features too",
      .completion = SP_COMPLETE_FILE },
    { .name = "signals",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(signals),
      .help = "what was known of pairs: fit the benignity filter, too",
      .completion = SP_COMPLETE_FILE },
    { .name = "filter-out",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(filter_out),
      .help = "the filter to write",
      .completion = SP_COMPLETE_FILE },
    { .name = "sample",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(sample),
      .help = "names to draw from each list",
      .least = 0,
      .most = 1000000 },
    { .name = "rounds",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(rounds),
      .help = "times to look for what the model gets wrong",
      .least = 0,
      .most = 10 },
    { .name = "folds",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(folds),
      .help = "parts for the out-of-fold figures",
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

/* The command as it can be typed again, without the folders, which differ from machine to machine. */
static int
spell_command(const struct confusion_options *chosen, const struct sp_arguments *words, struct sp_buffer *out,
              struct sp_error *err)
{
    if (sp_buffer_printf(out, err,
                         "sallyport train confusion --seed %lu --rounds %lu --sample %lu --folds %lu",
                         chosen->seed, chosen->rounds, chosen->sample, chosen->folds) < 0)
        return -1;
    for (size_t i = 0; i < chosen->names.count; i++) {
        const char *equals = strchr(chosen->names.items[i], '='),
                   *slash = strrchr(chosen->names.items[i], '/');
        int eco = (int)(equals - chosen->names.items[i]);
        if (sp_buffer_printf(out, err, " --names %.*s=%s", eco, chosen->names.items[i],
                             slash ? slash + 1 : equals + 1) < 0)
            return -1;
    }
    if (chosen->signals) {
        const char *slash = strrchr(chosen->signals, '/');
        if (sp_buffer_printf(out, err, " --signals %s", slash ? slash + 1 : chosen->signals) < 0)
            return -1;
    }
    return sp_spell_files(out, words, err);
}

static int
run_confusion(const struct sp_call *call)
{
    struct sp_confusion_training training = sp_confusion_training_defaults();
    struct confusion_options chosen = {
        .folds = training.folds, .seed = training.seed, .rounds = training.rounds, .sample = training.sample
    };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autobuffer struct sp_buffer command = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = sp_usage(call, "needs files of labelled pairs");
    if (done < 0 && chosen.filter_out && !chosen.signals)
        done = sp_usage(call, "--filter-out needs --signals");
    if (done < 0)
        done = sp_enter_files(call, "names", &chosen.names, training.names);
    if (done < 0) {
        training.index_path = chosen.index;
        training.pairs = words.items;
        training.pair_files = words.count;
        training.model_path = chosen.out;
        training.features_path = chosen.features;
        training.signals_path = chosen.signals;
        training.filter_path = chosen.filter_out;
        training.folds = (unsigned)chosen.folds;
        training.seed = chosen.seed;
        training.rounds = (unsigned)chosen.rounds;
        training.sample = (unsigned)chosen.sample;
        if (spell_command(&chosen, &words, &command, &err) < 0)
            done = sp_complain(&err);
        training.command = sp_buffer_string(&command);
    }
    if (done < 0 && sp_train_confusion(&training, stdout, true, &err) < 0)
        done = sp_complain(&err);
    sp_arguments_free(&chosen.names);
    return done >= 0 ? done : fflush(stdout) == 0 ? SP_EXIT_CLEAN : SP_EXIT_INCONCLUSIVE;
}

static const struct sp_command command_confusion = {
    .name = "confusion",
    .summary = "Fit the name risk on labelled pairs of names",
    .arguments = "FILE.tsv...",
    .about = "Needs XGBoost (libxgboost0). docs/name-risk.md says what is fitted and how, docs/benignity.md\n"
             "the same of the filter.\n",
    .options = confusion_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_confusion,
};

static const struct sp_command *const train_commands[] = { &command_confusion, &sp_command_train_behaviour,
                                                           NULL };

const struct sp_command sp_command_train = {
    .name = "train",
    .summary = "Fit the models from labelled data",
    .arguments = "COMMAND [ARGUMENT...]",
    .commands = train_commands,
};
