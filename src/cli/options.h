/* options.h: what a subcommand takes. One declarative table each; parsing, --help and the shells' completions
 * are all made from it. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>

enum sp_exit {
    SP_EXIT_CLEAN = 0,        /* nothing at or above --fail-on */
    SP_EXIT_FOUND = 1,        /* findings */
    SP_EXIT_USAGE = 2,        /* the command line, or input that cannot be read */
    SP_EXIT_INCONCLUSIVE = 3, /* not everything could be seen, or Sallyport itself failed */
    SP_EXIT_CLOSED = 141,     /* the reader of our output went away; what a shell shows for SIGPIPE */
};

enum sp_option_kind {
    SP_OPTION_FLAG,   /* bool */
    SP_OPTION_TEXT,   /* const char * */
    SP_OPTION_CHOICE, /* const char *: one of the choices, the table's own string */
    SP_OPTION_NUMBER, /* double, within [least, most] */
    SP_OPTION_COUNT,  /* unsigned long, within [least, most] */
    SP_OPTION_LIST,   /* struct sp_arguments: may be given again and again */
    SP_OPTION_SIZE,   /* uint64_t, bytes: "512M", "8G"; "none" is 0 */
    SP_OPTION_TIME,   /* uint64_t, nanoseconds: "90", "500ms", "10m", "1h"; "none" is 0 */
};

enum sp_completion { SP_COMPLETE_NOTHING, SP_COMPLETE_FILE, SP_COMPLETE_FOLDER };

struct sp_option {
    const char *name; /* without the dashes; NULL ends the table */
    char letter;      /* short form; 0: none */
    enum sp_option_kind kind;
    const char *value; /* the word for the value in --help; NULL with a flag */
    const char *help;
    const char *(*choice)(size_t position); /* the values to choose from; NULL past the last */
    enum sp_completion completion;
    size_t at; /* offsetof the variable in the subcommand's own struct */
    double least, most;
};

/* Words of the command line, borrowed from argv. */
struct sp_arguments {
    const char **items;
    size_t count, capacity;
};
void sp_arguments_free(struct sp_arguments *words);
#define sp_autoarguments __attribute__((cleanup(sp_arguments_free)))

struct sp_call;

struct sp_command {
    const char *name;
    const char *summary;   /* one line */
    const char *arguments; /* "[WHAT...]"; NULL: none */
    const char *about;     /* paragraphs for --help */
    const struct sp_option *options;
    const struct sp_command *const *commands; /* of a group such as "index"; NULL-terminated; else NULL */
    enum sp_completion completion;            /* of the arguments */
    bool hidden;                              /* not in the lists */
    bool wraps; /* its arguments are another program's command line: options end at the first of them */
    int (*run)(const struct sp_call *call); /* returns the exit code */
};

/* A command about to run. */
struct sp_call {
    const struct sp_command *command;
    const char *path; /* "sallyport index build", for messages */
    int argc;
    char **argv;              /* after the command's own words */
    struct sp_output *output; /* standard output */
};

/* Parses CALL's words: options go to the fields of OPTIONS, which hold the defaults, the rest to ARGUMENTS
 * (freed by the caller; NULL: none are taken). Returns -1 to go on, or the exit code: --help was asked for
 * and printed, or the words were wrong and one line was said. */
int sp_options_read(const struct sp_call *call, void *options, struct sp_arguments *arguments);

/* Appends the text of --help. */
int sp_options_help(const struct sp_command *command, const char *path, struct sp_buffer *out,
                    struct sp_error *err);

/* Says FORMAT and "see 'PATH --help'" in one line on standard error; returns SP_EXIT_USAGE. */
int sp_usage(const struct sp_call *call, const char *format, ...) SP_PRINTF(2, 3);
/* Says the error in one line on standard error; returns the exit code that fits it. */
int sp_complain(const struct sp_error *err);
