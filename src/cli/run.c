/* sallyport run: the user's own command, in a sandbox; what it made lands when the verdict is good. */
#include "cli/installing.h"

struct run_options {
    struct sp_installing installing;
};

#define AT(field) SP_INSTALLING_AT(struct run_options, field)
static const struct sp_option options[] = {
    SP_INSTALLING_OPTIONS(struct run_options),
    { .name = "fail-on",
      .kind = SP_OPTION_CHOICE,
      .value = "SEVERITY",
      .at = AT(fail_on),
      .help = "what keeps the result from landing",
      .choice = sp_review_or_block_at },
    { .name = "allow-write",
      .kind = SP_OPTION_LIST,
      .value = "PATH",
      .at = AT(allow_writes),
      .help = "let changes there land as well (again for more)",
      .completion = SP_COMPLETE_FILE },
    { .name = "dry-run", .letter = 'n', .kind = SP_OPTION_FLAG, .at = AT(dry_run), .help = "land nothing" },
    { .name = "diff",
      .kind = SP_OPTION_FLAG,
      .at = AT(diff),
      .help = "show what would land, and land nothing" },
    { .name = "land-failed",
      .kind = SP_OPTION_FLAG,
      .at = AT(land_failed),
      .help = "land although the command failed" },
    { .name = "keep-cache",
      .kind = SP_OPTION_FLAG,
      .at = AT(keep_cache),
      .help = "land the package manager's cache as well" },
    { 0 },
};
#undef AT

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    struct run_options chosen = { 0 };
    sp_installing_defaults(&chosen.installing);
    int done = sp_options_read(call, &chosen, &words);
    if (done < 0 && !words.count)
        done = sp_usage(call, "say which command to run, as in '%s -- npm ci'", call->path);
    if (done < 0) {
        sp_autofree const char **argv = calloc(words.count + 1, sizeof(*argv));
        for (size_t i = 0; argv && i < words.count; i++)
            argv[i] = words.items[i];
        done =
            argv ? sp_installing_do(
                       &chosen.installing,
                       &(struct sp_installing_work){ .kind = "run", .argv = (const char *const *)argv }, NULL)
                 : SP_RUN_FAILED;
    } else if (done == SP_EXIT_USAGE) {
        done = SP_RUN_FAILED; /* 2 may be the command's own */
    }
    sp_installing_free(&chosen.installing);
    return done;
}

const struct sp_command sp_command_run = {
    .name = "run",
    .summary = "Run a command in a sandbox; what it made lands when the verdict is good",
    .arguments = "[--] COMMAND [ARGUMENT...]",
    .about = "The command is yours, as you would type it: npm ci, pip install -r requirements.txt.\n"
             "It sees your project and your toolchain, a home with decoys in place of yours, and\n"
             "no network but the registry that your configuration names.\n\n"
             "Ends with the command's own code where the verdict is good; 100 blocked, 101 review\n"
             "(with --fail-on review), 102 inconclusive, 125 Sallyport itself failed.\n",
    .options = options,
    .wraps = true,
    .run = run,
};
