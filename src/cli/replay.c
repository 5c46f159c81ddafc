/* sallyport replay: a run judged again from its trace, on any machine. */
#include "gate/replay.h"
#include "cli/installing.h"
#include "cli/output.h"
#include "sallyport/sallyport.h"

#include <string.h>

struct replay_options {
    struct sp_installing installing;
};

#define AT(field) SP_INSTALLING_AT(struct replay_options, field)
static const struct sp_option options[] = {
    { .name = "format",
      .letter = 'f',
      .kind = SP_OPTION_CHOICE,
      .value = "FORMAT",
      .at = AT(format),
      .help = "of the report",
      .choice = sp_text_or_json_at },
    { .name = "fail-on",
      .kind = SP_OPTION_CHOICE,
      .value = "SEVERITY",
      .at = AT(fail_on),
      .help = "what ends with 100 or 101",
      .choice = sp_review_or_block_at },
    { .name = "index",
      .letter = 'i',
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(index),
      .help = "index of the popular names",
      .completion = SP_COMPLETE_FILE },
    { .name = "model",
      .kind = SP_OPTION_TEXT,
      .value = "FILE",
      .at = AT(model),
      .help = "model that judges behaviour",
      .completion = SP_COMPLETE_FILE },
    { .name = "no-model",
      .kind = SP_OPTION_FLAG,
      .at = AT(no_model),
      .help = "judge behaviour by the rules alone" },
    { .name = "verbose",
      .letter = 'v',
      .kind = SP_OPTION_FLAG,
      .at = AT(verbose),
      .help = "list packages, loads and events too" },
    { .name = "quiet",
      .letter = 'q',
      .kind = SP_OPTION_FLAG,
      .at = AT(quiet),
      .help = "say nothing where all is well" },
    { .name = "color",
      .kind = SP_OPTION_CHOICE,
      .value = "WHEN",
      .at = AT(colour),
      .help = "colour the text",
      .choice = sp_colour_at },
    { 0 },
};
#undef AT

static int
replay(const struct sp_call *call, const struct sp_installing *chosen, const char *path)
{
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_replay *replayed = NULL;
    struct sp_error err = { 0 };
    const struct sp_replay_options how = {
        .path = path,
        .index_path = chosen->index,
        .model = chosen->model,
        .no_model = chosen->no_model,
        .tool_version = SALLYPORT_VERSION,
        .fail_on_review = !strcmp(chosen->fail_on, "review"),
    };
    if (sp_replay_run(&replayed, &how, &err) < 0)
        return sp_installing_complain(&err);
    const struct sp_run_report *report = sp_replay_report(replayed);
    int code = report->exit_code;
    if (sp_installing_report(chosen, report, call->output->fd, &out, &err) < 0)
        code = sp_installing_complain(&err);
    else if (sp_output_write(call->output, &out) < 0)
        code = call->output->closed ? SP_EXIT_CLOSED : SP_RUN_FAILED;
    sp_replay_free(replayed);
    return code;
}

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    struct replay_options chosen = { 0 };
    sp_installing_defaults(&chosen.installing);
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && words.count != 1)
        done = sp_usage(call, "takes one trace, not %zu", words.count);
    if (done < 0)
        done = replay(call, &chosen.installing, words.items[0]);
    else if (done == SP_EXIT_USAGE)
        done = SP_RUN_FAILED;
    sp_installing_free(&chosen.installing);
    return done;
}

const struct sp_command sp_command_replay = {
    .name = "replay",
    .summary = "Judge a run again from its trace",
    .arguments = "TRACE",
    .about = "TRACE is a file that 'sallyport run --trace FILE' wrote. It is judged by the rules and\n"
             "the index of this Sallyport; nothing runs, and nothing lands.\n\n"
             "Ends with 0 where the verdict is good, 100 blocked, 101 review (with --fail-on review),\n"
             "102 inconclusive, 125 where the trace is refused or Sallyport itself failed.\n",
    .options = options,
    .completion = SP_COMPLETE_FILE,
    .run = run,
};
