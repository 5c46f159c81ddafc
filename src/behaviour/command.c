/* command.c: reads argv. */
#include "behaviour/command.h"

#include "behaviour/judge.h"

#include <ctype.h>
#include <string.h>

static const char *const shells[] = { "sh",   "bash", "dash",    "zsh",        "ksh",  "ash",
                                      "fish", "mksh", "busybox", "powershell", "pwsh", NULL };
static const char *const interpreters[] = { "node", "nodejs",  "deno", "bun",    "python", "pypy",
                                            "perl", "ruby",    "php",  "lua",    "tclsh",  "osascript",
                                            "tsx",  "ts-node", "java", "luajit", "dotnet", NULL };
static const char *const downloaders[] = { "curl", "wget", "aria2c", "fetch", "axel",
                                           "lynx", "ftp",  "tftp",   "scp",   "sftp",
                                           "nc",   "ncat", "netcat", "socat", NULL };
static const char *const decoders[] = { "base64",  "base32",   "basenc", "xxd",
                                        "openssl", "uudecode", "gpg",    NULL };
static const char *const extractors[] = { "tar",    "bsdtar",  "unzip", "gunzip",  "gzip", "xz",
                                          "unxz",   "bunzip2", "7z",    "7za",     "7zr",  "zstd",
                                          "cp",     "cat",     "dd",    "install", "cpio", "tee",
                                          "unzstd", "bzip2",   "unrar", "rsync",   NULL };
static const char *const builders[] = {
    "make",     "gmake",    "cmake",      "ninja",   "meson",  "configure",    "config",
    "node-gyp", "cmake-js", "autoreconf", "libtool", "scons",  "bazel",        "cargo",
    "rustc",    "gcc",      "g++",        "cc",      "c++",    "clang",        "clang++",
    "gyp_main", "setup",    "bootstrap",  "qmake",   "gradle", "node-pre-gyp", "prebuild-install",
    NULL
};
static const char *const wrappers[] = { "env",    "nohup", "setsid", "timeout", "nice", "stdbuf", "xargs",
                                        "ionice", "exec",  "time",   "sudo",    "doas", NULL };

bool
sp_is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(name, *list))
            return true;
    return false;
}

bool
sp_is_runtime(const char *program)
{
    char name[128];
    sp_program_name(program, name, sizeof(name));
    return sp_is_one_of(name, interpreters);
}

const char *
sp_program_name(const char *path, char *out, size_t size)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    snprintf(out, size, "%s", slash ? slash + 1 : path ? path : "");
    size_t length = strlen(out);
    size_t digits = length;
    while (digits && (isdigit((unsigned char)out[digits - 1]) || out[digits - 1] == '.'))
        digits--;
    out[digits] = '\0';
    /* "7z", "base64" and their like end in what is no version */
    if (!digits || !(sp_is_one_of(out, shells) || sp_is_one_of(out, interpreters) ||
                     sp_is_one_of(out, (const char *const[]){ "pip", "gcc-", "g++-", "clang-", NULL })))
        snprintf(out, size, "%s", slash ? slash + 1 : path ? path : "");
    return out;
}

bool
sp_path_join(char out[SP_COMMAND_PATH], const char *directory, const char *path)
{
    char whole[2 * SP_COMMAND_PATH];
    size_t at = 0;
    if (*path != '/' && (!directory || *directory != '/'))
        return false;
    int length = *path == '/' ? snprintf(whole, sizeof(whole), "%s", path)
                              : snprintf(whole, sizeof(whole), "%s/%s", directory, path);
    if (length < 0 || (size_t)length >= sizeof(whole))
        return false;
    for (const char *from = whole; *from;) {
        from += strspn(from, "/");
        size_t part = strcspn(from, "/");
        if (part == 2 && !strncmp(from, "..", 2)) {
            while (at && out[--at] != '/')
                ;
        } else if (part && !(part == 1 && *from == '.')) {
            if (at + part + 2 > SP_COMMAND_PATH)
                return false;
            out[at++] = '/';
            memcpy(out + at, from, part);
            at += part;
        }
        from += part;
    }
    if (!at)
        out[at++] = '/';
    out[at] = '\0';
    return true;
}

bool
sp_command_has(const struct sp_command *command, size_t from, const char *word)
{
    for (size_t i = from; i < command->count; i++)
        if (!strcmp(command->words[i], word))
            return true;
    return false;
}

const char *
sp_command_operand(const struct sp_command *command, size_t from)
{
    for (size_t i = from; i < command->count; i++)
        if (command->words[i][0] != '-')
            return command->words[i];
    return NULL;
}

static void
split(struct sp_command *out, const char *words)
{
    size_t length = words ? strnlen(words, SP_COMMAND_BYTES - 1) : 0;
    memcpy(out->bytes, words ? words : "", length);
    out->bytes[length] = '\0';
    for (char *at = out->bytes; at < out->bytes + length && out->count < SP_COMMAND_WORDS;) {
        char *end = strchr(at, SP_EVENT_WORD_END);
        if (end)
            *end = '\0';
        out->words[out->count++] = at;
        at = end ? end + 1 : out->bytes + length;
    }
    out->words[out->count] = NULL;
}

/* Where the words of the tool itself begin, behind wrappers and assignments. */
static size_t
skip_wrappers(const struct sp_command *command)
{
    char name[128];
    size_t at = 0;
    for (int depth = 0; depth < 8 && at < command->count; depth++) {
        sp_program_name(command->words[at], name, sizeof(name));
        if (!sp_is_one_of(name, wrappers))
            break;
        bool timed = !strcmp(name, "timeout");
        size_t next = at + 1;
        for (; next < command->count; next++) {
            const char *word = command->words[next];
            if (word[0] == '-') /* options that take a word of their own */
                next +=
                    !strcmp(word, "-u") || !strcmp(word, "-n") || !strcmp(word, "-k") || !strcmp(word, "-s");
            else if (timed)
                timed = false;
            else if (!strchr(word, '=') || strchr(word, '/') == word)
                break;
        }
        if (next >= command->count)
            break; /* the wrapper alone: env that prints */
        at = next;
    }
    return at;
}

static bool
takes_word(const char *option)
{
    static const char *const with[] = { "-r", "--require", "--import", "--loader", "-W",       "-X",
                                        "-o", "-I",        "-C",       "-O",       "--rcfile", NULL };
    return sp_is_one_of(option, with);
}

static void
read_interpreter(struct sp_command *out, const char *directory)
{
    bool python = !strcmp(out->tool, "python") || !strcmp(out->tool, "pypy");
    for (size_t i = out->argument; i < out->count; i++) {
        const char *word = out->words[i];
        if (word[0] != '-') {
            if (!strcmp(word, "run") && (!strcmp(out->tool, "deno") || !strcmp(out->tool, "bun")))
                continue;
            if (!sp_path_join(out->script, directory, word))
                out->script[0] = '\0';
            sp_program_name(word, out->names[1], sizeof(out->names[1]));
            char *dot = strrchr(out->names[1], '.');
            if (dot && dot != out->names[1] && strlen(dot) <= 4)
                *dot = '\0';
            out->module = out->names[1];
            out->module_argument = i + 1;
            return;
        }
        if (!strcmp(word, "-"))
            return;
        if (python && !strcmp(word, "-m")) {
            snprintf(out->names[1], sizeof(out->names[1]), "%s", i + 1 < out->count ? out->words[i + 1] : "");
            out->module = out->names[1];
            out->module_argument = i + 2;
            return;
        }
        bool clustered = out->shell && word[1] != '-' && strchr(word, 'c');
        if (clustered || !strcmp(word, "-c") ||
            (!python && (!strcmp(word, "-e") || !strcmp(word, "-p") || !strcmp(word, "--eval") ||
                         !strcmp(word, "--print") || !strcmp(word, "-pe")))) {
            if (out->shell && !clustered)
                continue; /* -e of a shell is no text */
            out->text = i + 1 < out->count ? out->words[i + 1] : "";
            return;
        }
        i += takes_word(word);
    }
}

void
sp_command_read(struct sp_command *out, const char *file, const char *words, const char *directory)
{
    out->count = 0;
    out->text = NULL;
    out->module = "";
    out->module_argument = 0;
    out->script[0] = out->program[0] = '\0';
    out->shell = out->interpreter = false;
    out->traits = 0;
    split(out, words);
    if (file && !sp_path_join(out->program, directory, file))
        out->program[0] = '\0';
    size_t at = skip_wrappers(out);
    sp_program_name(at < out->count && *out->words[at] ? out->words[at] : file, out->names[0],
                    sizeof(out->names[0]));
    out->tool = out->names[0];
    out->argument = at + 1;
    /* argv[0] is anybody's; the file is the kernel's word: what it is by either, it is */
    char base[128];
    sp_program_name(file, base, sizeof(base));
    bool file_runs = at == 0 && *base;
    out->shell = sp_is_one_of(out->tool, shells) || (file_runs && sp_is_one_of(base, shells));
    out->interpreter = out->shell || sp_is_one_of(out->tool, interpreters) ||
                       (file_runs && sp_is_one_of(base, interpreters));
    if (out->interpreter)
        read_interpreter(out, directory);
    if (out->interpreter)
        out->traits |= SP_TRAIT_INTERPRETER;
    for (int by_file = 0; by_file <= file_runs; by_file++) {
        const char *name = by_file ? base : out->tool;
        out->traits |= sp_is_one_of(name, downloaders) ? SP_TRAIT_DOWNLOADER : 0;
        out->traits |= sp_is_one_of(name, decoders) ? SP_TRAIT_DECODER : 0;
        out->traits |= sp_is_one_of(name, extractors) ? SP_TRAIT_EXTRACTOR : 0;
        out->traits |= sp_is_one_of(name, builders) ? SP_TRAIT_BUILDER : 0;
    }
    if (sp_is_one_of(out->module, builders) || !strncmp(out->module, "config.", 7) ||
        !strcmp(out->module, "mesonbuild") || !strcmp(out->module, "_in_process"))
        out->traits |= SP_TRAIT_BUILDER;
}

/* The name of the command that begins at TEXT; returns what follows it. */
static const char *
command_name(const char *text, char *name, size_t size)
{
    text += strspn(text, " \t(){\"'!");
    size_t length = strcspn(text, " \t|;&)\"'`\n");
    char word[256];
    snprintf(word, sizeof(word), "%.*s", (int)(length < sizeof(word) ? length : sizeof(word) - 1), text);
    sp_program_name(word, name, size);
    return text + length;
}

static bool
names_source(const char *name)
{
    return sp_is_one_of(name, downloaders) || sp_is_one_of(name, decoders);
}

bool
sp_text_pipes_to_shell(const char *text)
{
    char name[128];
    bool source = false; /* in this pipeline */
    for (const char *at = text; *at;) {
        at = command_name(at, name, sizeof(name));
        while (sp_is_one_of(name, wrappers) && *at == ' ')
            at = command_name(at, name, sizeof(name));
        bool runs = sp_is_one_of(name, shells) || sp_is_one_of(name, interpreters);
        if (runs && source)
            return true;
        bool evaluates = runs || !strcmp(name, "eval") || !strcmp(name, "source") || !strcmp(name, ".");
        source |= names_source(name);
        /* eval "$(curl ...)", sh -c "$(...)", bash <(curl ...) */
        size_t length = strcspn(at, "|;\n");
        for (size_t i = 0; evaluates && i + 1 < length; i++)
            if ((at[i] == '$' || at[i] == '<') && at[i + 1] == '(') {
                command_name(at + i + 2, name, sizeof(name));
                if (names_source(name))
                    return true;
            } else if (at[i] == '`') {
                command_name(at + i + 1, name, sizeof(name));
                if (names_source(name))
                    return true;
            }
        for (size_t i = 0; i + 1 < length; i++)
            if (at[i] == '&' && at[i + 1] == '&')
                length = i;
        at += length;
        if (*at == '|' && at[1] == '|')
            source = false;
        if (*at == ';' || *at == '\n' || *at == '&')
            source = false;
        at += strspn(at, "|;&\n");
    }
    return false;
}
