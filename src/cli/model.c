/* sallyport model: what the build does with a model of behaviour or a benignity filter: its text becomes the
 * form that is used where it lies. Anybody may do without: either form is read. */
#include "cli/commands.h"
#include "base/file.h"
#include "behaviour/risk.h"
#include "metadata/filter.h"
#include "model/model.h"

#include <stddef.h>

struct compile_options {
    const char *out;
    bool filter;
};

static const struct sp_option compile_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = offsetof(struct compile_options, out),
      .help = "the file to write",
      .completion = SP_COMPLETE_FILE },
    { .name = "filter",
      .kind = SP_OPTION_FLAG,
      .at = offsetof(struct compile_options, filter),
      .help = "it is a benignity filter" },
    { 0 },
};

/* A model that could not judge is better refused here than where it is needed. */
static int
try_model(const char *path, bool is_filter, struct sp_error *err)
{
    struct sp_risk_judge *judge = NULL;
    struct sp_filter *filter = NULL;
    int status = is_filter ? sp_filter_open(&filter, path, err) : sp_risk_open(&judge, path, err);
    sp_filter_free(filter);
    sp_risk_close(judge);
    return status;
}

static int
compile(const char *path, const struct compile_options *chosen, struct sp_error *err)
{
    const char *out = chosen->out;
    sp_automodelfile struct sp_model_file file = { 0 };
    if (try_model(path, chosen->filter, err) < 0 || sp_model_load(&file, path, err) < 0)
        return -1;
    return file.compiled.length ? sp_file_write(out, file.compiled.bytes, file.compiled.length, err)
                                : sp_fail(err, SP_ERROR_USAGE, "%s: is compiled already", path);
}

static int
run_compile(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    struct compile_options chosen = { 0 };
    struct sp_error err = { 0 };
    int done = sp_options_read(call, &chosen, &words);
    if (done >= 0)
        return done;
    if (words.count != 1 || !chosen.out)
        return sp_usage(call, "takes one model and --out FILE");
    return compile(words.items[0], &chosen, &err) < 0 ? sp_complain(&err) : SP_EXIT_CLEAN;
}

static const struct sp_command command_compile = {
    .name = "compile",
    .summary = "Check a model and write its compiled form",
    .arguments = "FILE",
    .options = compile_options,
    .completion = SP_COMPLETE_FILE,
    .run = run_compile,
};

static const struct sp_command *const model_commands[] = { &command_compile, NULL };

const struct sp_command sp_command_model = {
    .name = "model",
    .summary = "Check and compile models",
    .arguments = "COMMAND [ARGUMENT...]",
    .commands = model_commands,
    .hidden = true,
};
