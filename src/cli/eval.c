/* sallyport eval: the tables of the papers, from labelled pairs of names. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/eval.h"
#include "eval/popular.h"
#include "eval/saved.h"
#include "eval/signal_eval.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct confusion_options {
    const char *format, *index, *signals, *saved;
    unsigned long folds, seed, jobs;
    struct sp_arguments names;
    bool stated, high, popular, made_up;
};

#define AT(field) offsetof(struct confusion_options, field)
static const struct sp_option confusion_options[] = {
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = AT(format),
      .help = "what to write",
      .choice = sp_text_or_json_at },
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
      .help = "count the alarms over all names of a registry; with --signals their words are read, "
              "with --popular they are long-lived packages",
      .completion = SP_COMPLETE_FILE },
    { .name = "signals",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(signals),
      .help = "instead, what metadata says of pairs: models of this table of signals",
      .completion = SP_COMPLETE_FILE },
    { .name = "metadata",
      .kind = SP_OPTION_TEXT,
      .value = "DIR",
      .at = AT(saved),
      .help = "instead, what the filter makes of the pairs with the answers kept in DIR",
      .completion = SP_COMPLETE_FOLDER },
    { .name = "made-up",
      .kind = SP_OPTION_FLAG,
      .at = AT(made_up),
      .help = "there, the pairs that are made up, which count for nothing" },
    { .name = "popular",
      .kind = SP_OPTION_FLAG,
      .at = AT(popular),
      .help = "instead, count the alarms over the 10,000 most popular packages of npm and PyPI" },
    { .name = "stated",
      .kind = SP_OPTION_FLAG,
      .at = AT(stated),
      .help = "only pairs whose source states the target" },
    { .name = "high", .kind = SP_OPTION_FLAG, .at = AT(high), .help = "only pairs of high quality" },
    { .name = "jobs",
      .letter = 'j',
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(jobs),
      .help = "threads for whole registries",
      .least = 1,
      .most = 16 },
    { .name = "folds",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(folds),
      .help = "parts for every fitted figure",
      .least = 2,
      .most = 20 },
    { .name = "seed",
      .kind = SP_OPTION_COUNT,
      .value = "N",
      .at = AT(seed),
      .help = "of the division into parts",
      .least = 0,
      .most = 4294967295.0 },
    { 0 },
};
#undef AT

/* These commands print with stdio as they go. */
static int
finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return SP_EXIT_CLEAN;
    if (errno == EPIPE)
        return SP_EXIT_CLOSED;
    fprintf(stderr, "sallyport: cannot write the result: %s\n", strerror(errno));
    return SP_EXIT_INCONCLUSIVE;
}

#define DIVISIONS 10 /* into folds, one after another: one alone is luck */

static int
print_figures(const struct sp_figures *figures, const char *format)
{
    struct sp_error err = { 0 };
    if (sp_figures_write(figures, !strcmp(format, "json"), stdout, &err) < 0)
        return sp_complain(&err);
    return finish_output();
}

static int
run_popular(const struct sp_call *call, const struct confusion_options *chosen)
{
    sp_autofigures struct sp_figures figures = { 0 };
    struct sp_error err = { 0 };
    struct sp_popular_eval options = { .index_path = chosen->index, .most = 10000 };
    int done = sp_enter_files(call, "names", &chosen->names, options.names);
    if (done >= 0)
        return done;
    return sp_eval_popular(&figures, &options, &err) < 0 ? sp_complain(&err)
                                                         : print_figures(&figures, chosen->format);
}

static int
run_signals(const struct sp_call *call, const struct confusion_options *chosen,
            const struct sp_arguments *words)
{
    sp_autofigures struct sp_figures figures = { 0 };
    struct sp_error err = { 0 };
    const char *names[SP_ECOSYSTEM_COUNT] = { 0 };
    int done = sp_enter_files(call, "names", &chosen->names, names);
    if (done >= 0)
        return done;
    if (names[SP_PYPI] && !names[SP_NPM])
        return sp_usage(call, "takes --names of npm, or of npm and pypi, with --signals");
    const struct sp_signal_eval options = {
        .signals_path = chosen->signals,
        .pairs_path = words->count ? words->items[0] : NULL,
        .index_path = chosen->index,
        .npm_path = names[SP_NPM],
        .pypi_path = names[SP_PYPI],
        .folds = (unsigned)chosen->folds,
        .divisions = DIVISIONS,
        .seed = chosen->seed,
        .progress = true,
    };
    return sp_eval_signals(&figures, &options, &err) < 0 ? sp_complain(&err)
                                                         : print_figures(&figures, chosen->format);
}

static int
run_saved(const struct confusion_options *chosen, const struct sp_arguments *words)
{
    sp_autofigures struct sp_figures figures = { 0 };
    struct sp_error err = { 0 };
    const struct sp_saved_eval options = {
        .pairs_path = words->items[0],
        .directory = chosen->saved,
        .index_path = chosen->index,
        .made_up = chosen->made_up,
    };
    return sp_eval_saved(&figures, &options, &err) < 0 ? sp_complain(&err)
                                                       : print_figures(&figures, chosen->format);
}

static int
run_confusion(const struct sp_call *call)
{
    struct confusion_options chosen = { .format = "text", .folds = 5, .seed = 1, .jobs = sp_default_jobs() };
    sp_autoarguments struct sp_arguments words = { 0 };
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && chosen.popular && !words.count && !chosen.signals) {
        done = run_popular(call, &chosen);
        sp_arguments_free(&chosen.names);
        return done;
    }
    if (done < 0 && chosen.popular)
        done = sp_usage(call, "takes no file with --popular");
    if (done < 0 && chosen.signals && words.count < 2) {
        done = run_signals(call, &chosen, &words);
        sp_arguments_free(&chosen.names);
        return done;
    }
    if (done < 0 && chosen.saved && !chosen.signals && words.count == 1 && !chosen.names.count)
        return run_saved(&chosen, &words);
    if (done < 0 && (chosen.saved || chosen.made_up))
        done = sp_usage(call, "--metadata takes one file of pairs, and neither --names nor --signals");
    if (done < 0 && chosen.signals)
        done = sp_usage(call, "takes at most one file of pairs with --signals");
    if (done < 0 && words.count != 1)
        done = sp_usage(call, "takes one file of pairs, not %zu", words.count);
    struct sp_eval_options options = {
        .pairs_path = words.count ? words.items[0] : NULL,
        .index_path = chosen.index,
        .json = !strcmp(chosen.format, "json"),
        .folds = (unsigned)chosen.folds,
        .seed = chosen.seed,
        .threads = (unsigned)chosen.jobs,
        .stated_only = chosen.stated,
        .high_only = chosen.high,
    };
    if (done < 0)
        done = sp_enter_files(call, "names", &chosen.names, options.names);
    if (done < 0 && sp_eval_confusion(&options, stdout, &err) < 0)
        done = sp_complain(&err);
    sp_arguments_free(&chosen.names);
    return done >= 0 ? done : finish_output();
}

static const struct sp_command command_confusion = {
    .name = "confusion",
    .summary = "Judge labelled pairs of names: recall, false alarms, ROC, speed",
    .arguments = "FILE.tsv",
    .about = "The columns are found by their names in the first line; docs/benchmarks.md has the\n"
             "figures and how they were made. With --signals FILE.tsv may be left out; fits models, which\n"
             "needs XGBoost (libxgboost0); docs/reproducing-confuguard.md has the figures.\n",
    .options = confusion_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_confusion,
};

static const struct sp_command *const eval_commands[] = { &command_confusion, &sp_command_eval_behaviour,
                                                          &sp_command_eval_published, NULL };

const struct sp_command sp_command_eval = {
    .name = "eval",
    .summary = "Measure Sallyport on labelled data",
    .arguments = "COMMAND [ARGUMENT...]",
    .commands = eval_commands,
};
