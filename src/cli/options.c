#include "cli/options.h"
#include "cli/output.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#define HELP_COLUMN 28

static const struct sp_option help_option = {
    .name = "help", .letter = 'h', .kind = SP_OPTION_FLAG, .help = "show this help"
};

void
sp_arguments_free(struct sp_arguments *words)
{
    free(words->items);
    *words = (struct sp_arguments){ 0 };
}

static int
add_word(struct sp_arguments *words, const char *word, struct sp_error *err)
{
    if (sp_grow(words->items, words->capacity, words->count + 1, err) < 0)
        return -1;
    words->items[words->count++] = word;
    return 0;
}

/* --------------------------------------------------------------- messages */

int
sp_usage(const struct sp_call *call, const char *format, ...)
{
    char text[512];
    struct sp_error err;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    /* by way of the error, which makes hostile bytes printable */
    sp_fail(&err, SP_ERROR_USAGE, "%s: %s; see '%s --help'", call->path, text, call->path);
    fprintf(stderr, "%s\n", err.text);
    return SP_EXIT_USAGE;
}

int
sp_complain(const struct sp_error *err)
{
    fprintf(stderr, "sallyport: %s\n", err->text);
    switch (err->code) {
    case SP_ERROR_USAGE:
    case SP_ERROR_INPUT:
    case SP_ERROR_LIMIT:
    case SP_ERROR_SYSTEM:
        return SP_EXIT_USAGE;
    default:
        return SP_EXIT_INCONCLUSIVE;
    }
}

/* ---------------------------------------------------------------- parsing */

struct reading {
    const struct sp_call *call;
    void *options;
    struct sp_arguments *arguments;
    int at; /* next word */
    bool help;
    struct sp_error *err;
};

static const struct sp_option *
find_long(const struct sp_option *options, const char *name, size_t length)
{
    for (; options && options->name; options++)
        if (strlen(options->name) == length && !memcmp(options->name, name, length))
            return options;
    return length == 4 && !memcmp(name, "help", 4) ? &help_option : NULL;
}

static const struct sp_option *
find_short(const struct sp_option *options, char letter)
{
    for (; options && options->name; options++)
        if (options->letter == letter)
            return options;
    return letter == 'h' ? &help_option : NULL;
}

static int
set_number(struct reading *reading, const struct sp_option *option, const char *value, void *variable)
{
    char *end;
    errno = 0;
    double number = strtod(value, &end);
    bool whole = option->kind == SP_OPTION_COUNT;
    if (!*value || *end || errno || !isfinite(number) || number < option->least || number > option->most ||
        (whole && number != floor(number)))
        return sp_fail(reading->err, SP_ERROR_USAGE, "--%s takes a%s number from %.15g to %.15g, not '%.60s'",
                       option->name, whole ? " whole" : "", option->least, option->most, value);
    if (whole)
        *(unsigned long *)variable = (unsigned long)number;
    else
        *(double *)variable = number;
    return 0;
}

/* NUMBER with one of UNITS ("k", 1024 ...), the first of which stands where none is written. */
struct unit {
    const char *name;
    double factor;
};

static const struct unit sizes[] = {
    { "", 1 },   { "k", 1024.0 }, { "M", 1048576.0 }, { "G", 1073741824.0 }, { "T", 1099511627776.0 },
    { NULL, 0 },
};
static const struct unit times[] = {
    { "", 1e9 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "h", 3600e9 }, { NULL, 0 },
};

static int
set_measure(struct reading *reading, const struct sp_option *option, const char *value, uint64_t *variable)
{
    char *end;
    errno = 0;
    double number = strtod(value, &end);
    const struct unit *unit = option->kind == SP_OPTION_SIZE ? sizes : times;
    if (!strcmp(value, "none")) {
        *variable = 0;
        return 0;
    }
    while (unit->name && strcmp(unit->name, end) != 0)
        unit++;
    if (end == value || errno || !unit->name || !isfinite(number) || number <= 0 ||
        number * unit->factor > 9e18 || number * unit->factor < 1)
        return sp_fail(reading->err, SP_ERROR_USAGE, "--%s takes %s, not '%.60s'", option->name,
                       option->kind == SP_OPTION_SIZE
                           ? "a size such as 512M or 8G, or 'none'"
                           : "a time such as 90 (seconds), 500ms, 10m or 1h, or 'none'",
                       value);
    *variable = (uint64_t)(number * unit->factor);
    return 0;
}

static int
set_choice(struct reading *reading, const struct sp_option *option, const char *value, void *variable)
{
    char choices[256];
    size_t used = 0;
    for (size_t i = 0; option->choice(i); i++) {
        if (!strcmp(option->choice(i), value)) {
            *(const char **)variable = option->choice(i);
            return 0;
        }
        int count =
            snprintf(choices + used, sizeof(choices) - used, "%s%s", i ? ", " : "", option->choice(i));
        used += (size_t)count < sizeof(choices) - used ? (size_t)count : 0;
    }
    return sp_fail(reading->err, SP_ERROR_USAGE, "--%s takes one of %s, not '%.60s'", option->name, choices,
                   value);
}

static int
set(struct reading *reading, const struct sp_option *option, const char *value)
{
    if (option == &help_option) {
        reading->help = true;
        return 0;
    }
    void *variable = (char *)reading->options + option->at;
    switch (option->kind) {
    case SP_OPTION_FLAG:
        *(bool *)variable = true;
        return 0;
    case SP_OPTION_TEXT:
        *(const char **)variable = value;
        return 0;
    case SP_OPTION_CHOICE:
        return set_choice(reading, option, value, variable);
    case SP_OPTION_NUMBER:
    case SP_OPTION_COUNT:
        return set_number(reading, option, value, variable);
    case SP_OPTION_LIST:
        return add_word(variable, value, reading->err);
    case SP_OPTION_SIZE:
    case SP_OPTION_TIME:
        return set_measure(reading, option, value, variable);
    }
    return 0;
}

/* The value that follows as a word of its own. */
static const char *
next_word(struct reading *reading)
{
    return reading->at < reading->call->argc ? reading->call->argv[reading->at++] : NULL;
}

static int
read_long(struct reading *reading, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const struct sp_option *option = find_long(reading->call->command->options, word, length);
    if (!option)
        return sp_fail(reading->err, SP_ERROR_USAGE, "unknown option '--%.60s'", word);
    if (option->kind == SP_OPTION_FLAG) {
        if (equals)
            return sp_fail(reading->err, SP_ERROR_USAGE, "--%s takes no value", option->name);
        return set(reading, option, NULL);
    }
    const char *value = equals ? equals + 1 : next_word(reading);
    if (!value)
        return sp_fail(reading->err, SP_ERROR_USAGE, "--%s needs a value, %s", option->name, option->value);
    return set(reading, option, value);
}

/* Letters may be bundled ("-qo"); the rest of the word is the value of one that takes a value ("-enpm"). */
static int
read_short(struct reading *reading, const char *letters)
{
    for (; *letters; letters++) {
        const struct sp_option *option = find_short(reading->call->command->options, *letters);
        if (!option)
            return sp_fail(reading->err, SP_ERROR_USAGE, "unknown option '-%c'", *letters);
        if (option->kind == SP_OPTION_FLAG) {
            set(reading, option, NULL);
            continue;
        }
        const char *value = letters[1] ? letters + 1 : next_word(reading);
        if (!value)
            return sp_fail(reading->err, SP_ERROR_USAGE, "-%c needs a value, %s", *letters, option->value);
        return set(reading, option, value);
    }
    return 0;
}

static int
read_words(struct reading *reading)
{
    bool only_arguments = false;
    for (const char *word; (word = next_word(reading));) {
        int status;
        if (!only_arguments && !strcmp(word, "--")) {
            only_arguments = true;
            continue;
        }
        if (!only_arguments && word[0] == '-' && word[1] == '-')
            status = read_long(reading, word + 2);
        else if (!only_arguments && word[0] == '-' && word[1])
            status = read_short(reading, word + 1);
        else if (reading->arguments) {
            status = add_word(reading->arguments, word, reading->err);
            only_arguments |= reading->call->command->wraps;
        } else
            status = sp_fail(reading->err, SP_ERROR_USAGE, "takes no argument '%.60s'", word);
        if (status < 0)
            return -1;
    }
    return 0;
}

int
sp_options_read(const struct sp_call *call, void *options, struct sp_arguments *arguments)
{
    struct sp_error err = { 0 };
    struct reading reading = { .call = call, .options = options, .arguments = arguments, .err = &err };
    int status = read_words(&reading);
    if (reading.help) {
        sp_autobuffer struct sp_buffer text = { 0 };
        if (sp_options_help(call->command, call->path, &text, &err) < 0)
            return sp_complain(&err);
        return sp_output_write(call->output, &text) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
    }
    if (status == 0)
        return -1;
    return err.code == SP_ERROR_USAGE ? sp_usage(call, "%s", err.text) : sp_complain(&err);
}

/* ------------------------------------------------------------------- help */

static int
help_choices(const struct sp_option *option, struct sp_buffer *out, struct sp_error *err)
{
    for (size_t i = 0; option->choice && option->choice(i); i++)
        if (sp_buffer_printf(out, err, "%s%s", i ? ", " : ": ", option->choice(i)) < 0)
            return -1;
    return 0;
}

static int
help_option_line(const struct sp_option *option, struct sp_buffer *out, struct sp_error *err)
{
    char left[64], letter[8] = "    ";
    if (option->letter)
        snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    int used = snprintf(left, sizeof(left), "  %s--%s%s%s", letter, option->name, option->value ? " " : "",
                        option->value ? option->value : "");
    /* a long left side gets a line of its own */
    if (sp_buffer_append_string(out, left, err) < 0 ||
        (used >= HELP_COLUMN - 1 && sp_buffer_append_byte(out, '\n', err) < 0))
        return -1;
    int pad = used >= HELP_COLUMN - 1 ? HELP_COLUMN : HELP_COLUMN - used;
    if (sp_buffer_printf(out, err, "%*s%s", pad, "", option->help) < 0 || help_choices(option, out, err) < 0)
        return -1;
    return sp_buffer_append_byte(out, '\n', err);
}

static int
help_commands(const struct sp_command *command, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_append_string(out, "\nCommands:\n", err) < 0)
        return -1;
    for (const struct sp_command *const *each = command->commands; *each; each++)
        if (!(*each)->hidden &&
            sp_buffer_printf(out, err, "  %-12s%s\n", (*each)->name, (*each)->summary) < 0)
            return -1;
    return 0;
}

int
sp_options_help(const struct sp_command *command, const char *path, struct sp_buffer *out,
                struct sp_error *err)
{
    if (sp_buffer_printf(out, err, "Usage: %s%s%s%s\n%s\n", path, command->commands ? "" : " [OPTION...]",
                         command->arguments ? " " : "", command->arguments ? command->arguments : "",
                         command->summary) < 0)
        return -1;
    if (command->about && sp_buffer_printf(out, err, "\n%s", command->about) < 0)
        return -1;
    if (command->commands && help_commands(command, out, err) < 0)
        return -1;
    if (sp_buffer_append_string(out, "\nOptions:\n", err) < 0)
        return -1;
    for (const struct sp_option *each = command->options; each && each->name; each++)
        if (help_option_line(each, out, err) < 0)
            return -1;
    return help_option_line(&help_option, out, err);
}
