/* sallyport completion: scripts for the shells, made from the tables of options. The files in completions/
 * are its output. */
#include "cli/commands.h"
#include "cli/output.h"

#include <string.h>

#define PATH_SIZE 96

struct script {
    struct sp_buffer *out;
    struct sp_error *err;
    bool failed;
};

static void SP_PRINTF(2, 3) put(struct script *script, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (!script->failed && sp_buffer_append_string(script->out, text, script->err) < 0)
        script->failed = true;
}

/* Calls EACH for COMMAND and everything beneath it. PATH is what the user types, without "sallyport". */
static void
walk(struct script *script, const struct sp_command *command, const char *path,
     void (*each)(struct script *script, const struct sp_command *command, const char *path))
{
    each(script, command, path);
    for (const struct sp_command *const *next = command->commands; next && *next; next++) {
        char longer[PATH_SIZE];
        if ((*next)->hidden)
            continue;
        snprintf(longer, sizeof(longer), "%s%s%s", path, *path ? " " : "", (*next)->name);
        walk(script, *next, longer, each);
    }
}

/* ------------------------------------------------------------------- bash */

static void
bash_values(struct script *script, const struct sp_option *option)
{
    if (option->choice) {
        put(script, "COMPREPLY=($(compgen -W '");
        for (size_t i = 0; option->choice(i); i++)
            put(script, "%s%s", i ? " " : "", option->choice(i));
        put(script, "' -- \"$word\"))");
    } else if (option->completion != SP_COMPLETE_NOTHING) {
        put(script, "COMPREPLY=($(compgen -%c -- \"$word\"))",
            option->completion == SP_COMPLETE_FOLDER ? 'd' : 'f');
    } else {
        put(script, ":");
    }
}

static void
bash_values_of(struct script *script, const struct sp_command *command, const char *path)
{
    for (const struct sp_option *option = command->options; option && option->name; option++) {
        if (option->kind == SP_OPTION_FLAG)
            continue;
        put(script, "    '%s --%s'", path, option->name);
        if (option->letter)
            put(script, " | '%s -%c'", path, option->letter);
        put(script, ") ");
        bash_values(script, option);
        put(script, "; return ;;\n");
    }
}

static void
bash_words_of(struct script *script, const struct sp_command *command, const char *path)
{
    put(script, "    '%s') words='", path);
    for (const struct sp_command *const *next = command->commands; next && *next; next++)
        if (!(*next)->hidden)
            put(script, "%s ", (*next)->name);
    for (const struct sp_option *option = command->options; option && option->name; option++)
        put(script, "--%s ", option->name);
    put(script, "--help'; files=%c ;;\n", command->completion == SP_COMPLETE_FILE ? 'y' : 'n');
}

static void
bash_groups_of(struct script *script, const struct sp_command *command, const char *path)
{
    for (const struct sp_command *const *next = command->commands; next && *next; next++)
        if (!(*next)->hidden)
            put(script, "        '%s %s') path='%s%s%s' ;;\n", path, (*next)->name, path, *path ? " " : "",
                (*next)->name);
}

static void
write_bash(struct script *script)
{
    put(script, "# bash completion of sallyport, made by 'sallyport completion bash'\n"
                "_sallyport() {\n"
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
                "    local path='' words='' files=n i\n"
                "    COMPREPLY=()\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        case \"$path ${COMP_WORDS[i]}\" in\n");
    walk(script, &sp_command_root, "", bash_groups_of);
    put(script, "        esac\n"
                "    done\n"
                "    case \"$path $before\" in\n");
    walk(script, &sp_command_root, "", bash_values_of);
    put(script, "    esac\n"
                "    case \"$path\" in\n");
    walk(script, &sp_command_root, "", bash_words_of);
    put(script, "    esac\n"
                "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                "    if [[ $files == y && $word != -* ]]; then\n"
                "        COMPREPLY+=($(compgen -f -- \"$word\"))\n"
                "    fi\n"
                "}\n"
                "complete -o filenames -F _sallyport sallyport\n");
}

/* -------------------------------------------------------------------- zsh */

/* What a single-quoted specification of _arguments cannot hold as it is. */
static void
zsh_text(struct script *script, const char *text)
{
    for (; *text; text++) {
        if (strchr("[]:", *text))
            put(script, "\\");
        if (*text == '\'')
            put(script, "'\\'");
        put(script, "%c", *text);
    }
}

static void
zsh_value(struct script *script, const struct sp_option *option)
{
    put(script, ":%s:", option->value);
    if (option->choice) {
        put(script, "(");
        for (size_t i = 0; option->choice(i); i++)
            put(script, "%s%s", i ? " " : "", option->choice(i));
        put(script, ")");
    } else if (option->completion != SP_COMPLETE_NOTHING) {
        put(script, "_files%s", option->completion == SP_COMPLETE_FOLDER ? " -/" : "");
    }
}

static void
zsh_option(struct script *script, const struct sp_option *option)
{
    const char *star = option->kind == SP_OPTION_LIST ? "*" : "";
    for (int shorter = 0; shorter <= (option->letter != 0); shorter++) {
        if (shorter)
            put(script, " \\\n            '%s-%c[", star, option->letter);
        else
            put(script, " \\\n            '%s--%s%s[", star, option->name,
                option->kind == SP_OPTION_FLAG ? "" : "=");
        zsh_text(script, option->help);
        put(script, "]");
        if (option->kind != SP_OPTION_FLAG)
            zsh_value(script, option);
        put(script, "'");
    }
}

static void
zsh_command(struct script *script, const struct sp_command *command, const char *path)
{
    put(script, "    '%s')\n", path);
    if (command->commands) {
        put(script, "        _values command");
        for (const struct sp_command *const *next = command->commands; *next; next++)
            if (!(*next)->hidden) {
                put(script, " \\\n            '%s[", (*next)->name);
                zsh_text(script, (*next)->summary);
                put(script, "]'");
            }
    } else {
        put(script, "        _arguments");
        for (const struct sp_option *option = command->options; option && option->name; option++)
            zsh_option(script, option);
        put(script, " \\\n            '--help[show this help]' \\\n            '*:%s:%s'",
            command->arguments ? "argument" : "", command->completion == SP_COMPLETE_FILE ? "_files" : "");
    }
    put(script, " ;;\n");
}

static void
write_zsh(struct script *script)
{
    put(script, "#compdef sallyport\n"
                "# zsh completion of sallyport, made by 'sallyport completion zsh'\n"
                "_sallyport() {\n"
                "    local path='' i\n"
                "    for ((i = 2; i < CURRENT; i++)); do\n"
                "        case \"$path ${words[i]}\" in\n");
    walk(script, &sp_command_root, "", bash_groups_of);
    put(script, "        *) continue ;;\n"
                "        esac\n"
                "        words=(sallyport \"${(@)words[i + 1, -1]}\")\n"
                "        ((CURRENT -= i - 1, i = 1))\n"
                "    done\n"
                "    case \"$path\" in\n");
    walk(script, &sp_command_root, "", zsh_command);
    put(script, "    esac\n"
                "}\n"
                "_sallyport \"$@\"\n");
}

/* ------------------------------------------------------------------- fish */

static void
fish_text(struct script *script, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            put(script, "\\");
        put(script, "%c", *text);
    }
}

static void
fish_option(struct script *script, const struct sp_option *option, const char *path)
{
    put(script, "complete -c sallyport -n '__sallyport_at \"%s\"' -l %s", path, option->name);
    if (option->letter)
        put(script, " -s %c", option->letter);
    if (option->kind != SP_OPTION_FLAG)
        put(script, option->completion == SP_COMPLETE_NOTHING ? " -x" : " -r -F");
    if (option->choice) {
        put(script, " -a '");
        for (size_t i = 0; option->choice(i); i++)
            put(script, "%s%s", i ? " " : "", option->choice(i));
        put(script, "'");
    }
    put(script, " -d '");
    fish_text(script, option->help);
    put(script, "'\n");
}

static void
fish_command(struct script *script, const struct sp_command *command, const char *path)
{
    for (const struct sp_command *const *next = command->commands; next && *next; next++) {
        if ((*next)->hidden)
            continue;
        put(script, "complete -c sallyport -f -n '__sallyport_at \"%s\"' -a %s -d '", path, (*next)->name);
        fish_text(script, (*next)->summary);
        put(script, "'\n");
    }
    for (const struct sp_option *option = command->options; option && option->name; option++)
        fish_option(script, option, path);
}

static void
fish_groups_of(struct script *script, const struct sp_command *command, const char *path)
{
    for (const struct sp_command *const *next = command->commands; next && *next; next++)
        if (!(*next)->hidden)
            put(script, "            case '%s %s'\n                set path '%s%s%s'\n", path, (*next)->name,
                path, *path ? " " : "", (*next)->name);
}

static void
write_fish(struct script *script)
{
    put(script, "# fish completion of sallyport, made by 'sallyport completion fish'\n"
                "function __sallyport_at\n"
                "    set -l path\n"
                "    for word in (commandline -opc)[2..-1]\n"
                "        switch \"$path $word\"\n");
    walk(script, &sp_command_root, "", fish_groups_of);
    put(script, "        end\n"
                "    end\n"
                "    test \"$path\" = \"$argv[1]\"\n"
                "end\n");
    walk(script, &sp_command_root, "", fish_command);
}

/* ---------------------------------------------------------------- command */

static const struct shell {
    const char *name;
    void (*write)(struct script *script);
} shells[] = {
    { "bash", write_bash },
    { "zsh", write_zsh },
    { "fish", write_fish },
};

static int
run(const struct sp_call *call)
{
    sp_autoarguments struct sp_arguments words = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_error err = { 0 };
    struct script script = { .out = &out, .err = &err };
    int done = sp_options_read(call, NULL, &words);
    if (done >= 0)
        return done;
    for (size_t i = 0; words.count == 1 && i < SP_COUNT(shells); i++) {
        if (strcmp(shells[i].name, words.items[0]))
            continue;
        shells[i].write(&script);
        if (script.failed)
            return sp_complain(&err);
        return sp_output_write(call->output, &out) < 0 ? sp_output_exit(call->output) : SP_EXIT_CLEAN;
    }
    return sp_usage(call, "takes one of bash, zsh, fish");
}

const struct sp_command sp_command_completion = {
    .name = "completion",
    .summary = "Print the completion script of a shell",
    .arguments = "bash|zsh|fish",
    .hidden = true,
    .run = run,
};
