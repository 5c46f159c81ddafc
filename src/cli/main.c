/* The command: finds the subcommand, hands it its words, exits with its code. */
#include "cli/commands.h"
#include "cli/output.h"
#include "sallyport/sallyport.h"

#include <string.h>

static const struct sp_command *const commands[] = {
    &sp_command_check,   &sp_command_run,        &sp_command_scan,  &sp_command_demo,
    &sp_command_replay,  &sp_command_doctor,     &sp_command_setup, &sp_command_explain,
    &sp_command_lookup,  &sp_command_neighbours, &sp_command_index, &sp_command_corpus,
    &sp_command_collect, &sp_command_eval,       &sp_command_train, &sp_command_help,
    &sp_command_version, &sp_command_completion, &sp_command_model, NULL,
};

const struct sp_command sp_command_root = {
    .name = "sallyport",
    .summary = "Stand between a package registry and your machine",
    .arguments = "COMMAND [ARGUMENT...]",
    .about = "Try: sallyport check package-lock.json\n"
             "     sallyport run -- npm ci\n",
    .commands = commands,
};

static int
print(struct sp_output *output, struct sp_buffer *text)
{
    return sp_output_write(output, text) < 0 ? sp_output_exit(output) : SP_EXIT_CLEAN;
}

static int
print_help(const struct sp_command *command, const char *path, struct sp_output *output)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err;
    if (sp_options_help(command, path, &text, &err) < 0)
        return sp_complain(&err);
    return print(output, &text);
}

/* ------------------------------------------------------- version and help */

static int
print_version(struct sp_output *output)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err;
    if (sp_buffer_append_string(&text, "sallyport " SALLYPORT_VERSION "\n", &err) < 0)
        return sp_complain(&err);
    return print(output, &text);
}

static int
run_version(const struct sp_call *call)
{
    int done = sp_options_read(call, NULL, NULL);
    return done >= 0 ? done : print_version(call->output);
}

const struct sp_command sp_command_version = {
    .name = "version",
    .summary = "Print the version",
    .run = run_version,
};

static const struct sp_command *
find(const struct sp_command *group, const char *name)
{
    for (const struct sp_command *const *each = group->commands; each && *each; each++)
        if (!strcmp((*each)->name, name))
            return *each;
    return NULL;
}

static int
run_help(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    int done = sp_options_read(call, NULL, &words);
    if (done >= 0)
        return done;
    char path[128] = "sallyport";
    const struct sp_command *command = &sp_command_root;
    for (size_t i = 0; i < words.count; i++) {
        command = find(command, words.items[i]);
        if (!command)
            return sp_usage(call, "there is no command '%.60s'", words.items[i]);
        size_t used = strlen(path);
        snprintf(path + used, sizeof(path) - used, " %s", command->name);
    }
    return print_help(command, path, call->output);
}

const struct sp_command sp_command_help = {
    .name = "help",
    .summary = "Print the help of a command",
    .arguments = "[COMMAND]",
    .run = run_help,
};

/* ----------------------------------------------------------------- choice */

/* Follows the words down the groups to a command that runs. */
static int
dispatch(const struct sp_command *command, const char *path, int argc, char **argv, struct sp_output *output)
{
    struct sp_call call = { .command = command, .path = path, .argc = argc, .argv = argv, .output = output };
    if (command->run)
        return command->run(&call);
    if (!argc)
        return sp_usage(&call, "say which command");
    if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"))
        return print_help(command, path, output);
    if (command == &sp_command_root && (!strcmp(argv[0], "--version") || !strcmp(argv[0], "-V")))
        return print_version(output);
    const struct sp_command *next = find(command, argv[0]);
    if (!next)
        return sp_usage(&call, "there is no command '%.60s'", argv[0]);
    char longer[128];
    snprintf(longer, sizeof(longer), "%s %s", path, next->name);
    return dispatch(next, longer, argc - 1, argv + 1, output);
}

int
main(int argc, char **argv)
{
    struct sp_output output = { .fd = STDOUT_FILENO };
    return dispatch(&sp_command_root, "sallyport", argc ? argc - 1 : 0, argv + 1, &output);
}
