/* sallyport eval: the tables of the papers, from labelled pairs of names. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/eval.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct confusion_options {
    const char *format, *index;
    unsigned long folds, seed, jobs;
    struct sp_arguments names;
    bool stated, high;
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
      .help = "count the alarms over all names of a registry",
      .completion = SP_COMPLETE_FILE },
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

static int
run_confusion(const struct sp_call *call)
{
    struct confusion_options chosen = { .format = "text", .folds = 5, .seed = 1, .jobs = sp_default_jobs() };
    sp_autoarguments struct sp_arguments words = { 0 };
    struct sp_error err;
    int done = sp_options_read(call, &chosen, &words);
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
             "figures and how they were made.\n",
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
