/* sallyport eval behaviour and eval published: the tables of DySec, on our runs and on published rows. */
#include "cli/commands.h"
#include "cli/output.h"
#include "eval/behaviour_eval.h"
#include "eval/published.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct behaviour_options {
    const char *format, *model, *scope;
    unsigned long folds, seed;
    struct sp_arguments fresh;
};

static const char *
scope_at(size_t position)
{
    static const char *const scopes[] = { "both", "run", "package" };
    return position < SP_COUNT(scopes) ? scopes[position] : NULL;
}

#define AT(field) offsetof(struct behaviour_options, field)
#define FORMAT_OPTION                                                                                        \
    {                                                                                                        \
        .name = "format", .letter = 'f', .kind = SP_OPTION_CHOICE, .value = "FORMAT", .at = AT(format),      \
        .help = "what to write", .choice = sp_text_or_json_at                                                \
    }
#define FOLDS_OPTION                                                                                         \
    {                                                                                                        \
        .name = "folds", .kind = SP_OPTION_COUNT, .value = "N", .at = AT(folds),                             \
        .help = "parts for every fitted figure", .least = 2, .most = 20                                      \
    }
#define SEED_OPTION                                                                                          \
    {                                                                                                        \
        .name = "seed", .kind = SP_OPTION_COUNT, .value = "N", .at = AT(seed),                               \
        .help = "of the division into parts", .least = 0, .most = 4294967295.0                               \
    }

static const struct sp_option behaviour_options[] = {
    FORMAT_OPTION,
    { .name = "model",
      .letter = 'm',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(model),
      .help = "judge by this model instead of fitting any",
      .completion = SP_COMPLETE_FILE },
    { .name = "fresh",
      .kind = SP_OPTION_LIST,
      .value = "TABLE",
      .at = AT(fresh),
      .help = "with --model: runs that it was not fitted on, the TABLEs being those it was",
      .completion = SP_COMPLETE_FILE },
    { .name = "scope",
      .kind = SP_OPTION_CHOICE,
      .value = "SCOPE",
      .at = AT(scope),
      .help = "DySec's features of the whole run, of the package, or both",
      .choice = scope_at },
    FOLDS_OPTION,
    SEED_OPTION,
    { 0 },
};

static const struct sp_option published_options[] = {
    FORMAT_OPTION,
    FOLDS_OPTION,
    SEED_OPTION,
    { 0 },
};
#undef AT

static int
write_figures(const struct sp_figures *figures, const char *format)
{
    struct sp_error err = { 0 };
    if (sp_figures_write(figures, !strcmp(format, "json"), stdout, &err) < 0)
        return sp_complain(&err);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return SP_EXIT_CLEAN;
    if (errno == EPIPE)
        return SP_EXIT_CLOSED;
    fprintf(stderr, "sallyport: cannot write the result: %s\n", strerror(errno));
    return SP_EXIT_INCONCLUSIVE;
}

static int
run_behaviour(const struct sp_call *call)
{
    struct behaviour_options chosen = { .format = "text", .scope = "both", .folds = 5, .seed = 1 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autofigures struct sp_figures figures = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = sp_usage(call, "needs tables of runs (features.csv)");
    if (done < 0 && chosen.fresh.count && !chosen.model)
        done = sp_usage(call, "--fresh needs --model");
    const struct sp_behaviour_eval options = {
        .tables = words.items,
        .table_count = words.count,
        .model_path = chosen.model,
        .fresh = chosen.fresh.items,
        .fresh_count = chosen.fresh.count,
        .scope_run = strcmp(chosen.scope, "package") != 0,
        .scope_package = strcmp(chosen.scope, "run") != 0,
        .folds = (uint32_t)chosen.folds,
        .seed = chosen.seed,
        .progress = true,
    };
    if (done < 0)
        done = sp_eval_behaviour(&figures, &options, &err) < 0 ? sp_complain(&err)
                                                               : write_figures(&figures, chosen.format);
    sp_arguments_free(&chosen.fresh);
    return done;
}

const struct sp_command sp_command_eval_behaviour = {
    .name = "behaviour",
    .summary = "Measure models of behaviour on labelled runs: DySec's tables, recall, false alarms",
    .arguments = "TABLE.csv...",
    .about = "Fits by cross-validation, unless --model gives a model; needs XGBoost (libxgboost0) then.\n"
             "docs/reproducing-dysec.md has the figures.\n",
    .options = behaviour_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_behaviour,
};

static int
run_published(const struct sp_call *call)
{
    struct behaviour_options chosen = { .format = "text", .folds = 5, .seed = 1 };
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autofigures struct sp_figures figures = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && words.count != 1)
        done = sp_usage(call, "takes one folder, not %zu", words.count);
    const struct sp_published_eval options = {
        .folder = words.count ? words.items[0] : NULL,
        .folds = (uint32_t)chosen.folds,
        .seed = chosen.seed,
        .progress = true,
    };
    if (done >= 0)
        return done;
    return sp_eval_published(&figures, &options, &err) < 0 ? sp_complain(&err)
                                                           : write_figures(&figures, chosen.format);
}

const struct sp_command sp_command_eval_published = {
    .name = "published",
    .summary = "Fit on the rows that QUT-DV25 publishes and compare with its results",
    .arguments = "DIR",
    .about = "DIR holds the published files; docs/reproducing-dysec.md names them and has the figures.\n"
             "Needs XGBoost (libxgboost0).\n",
    .options = published_options,
    .completion = SP_COMPLETE_FOLDER,
    .run = run_published,
};
