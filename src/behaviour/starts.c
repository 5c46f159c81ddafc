/* starts.c: what the start of a program says about whose it is. Two questions: does a package manager here
 * start what belongs to a package, and was the code that runs changed by another package? How the managers
 * start scripts was read in their sources; docs/attribution.md names the places. */
#include "behaviour/attribution_parts.h"

#include <stdio.h>
#include <string.h>

#define LOOKED_AT 24 /* words of a command line; options of interpreters stand in front */

struct words {
    struct {
        const char *at;
        size_t length;
    } items[LOOKED_AT];
    size_t count;
    bool more;
};

static void
split(const char *text, struct words *words)
{
    words->count = 0;
    for (words->more = false; text && *text;) {
        const char *end = strchrnul(text, SP_EVENT_WORD_END);
        if (words->count == LOOKED_AT) {
            words->more = true;
            return;
        }
        words->items[words->count].at = text;
        words->items[words->count++].length = (size_t)(end - text);
        text = *end ? end + 1 : end;
    }
}

static bool
is(const struct words *words, size_t at, const char *text)
{
    return at < words->count && words->items[at].length == strlen(text) &&
           !memcmp(words->items[at].at, text, words->items[at].length);
}

static bool
begins(const struct words *words, size_t at, const char *text)
{
    return at < words->count && words->items[at].length >= strlen(text) &&
           !memcmp(words->items[at].at, text, strlen(text));
}

/* Whether the last component of a word, a path, is TEXT. */
static bool
names(const struct words *words, size_t at, const char *text)
{
    size_t length = strlen(text);
    if (at >= words->count || words->items[at].length < length)
        return false;
    const char *end = words->items[at].at + words->items[at].length;
    return !memcmp(end - length, text, length) &&
           (words->items[at].length == length || end[-(ptrdiff_t)length - 1] == '/');
}

static const char *
last_part(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "";
}

/* Whether the program NAME is one of LIST, versions aside: "python3.11". */
static bool
is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        size_t length = strlen(*list);
        if (!strncmp(name, *list, length) && strspn(name + length, "0123456789.-") == strlen(name + length))
            return true;
    }
    return false;
}

static bool
is_python(const char *program)
{
    static const char *const list[] = { "python", "pypy", NULL };
    return is_one_of(last_part(program), list);
}

/* ---------------------------------------------------------------- by place */

/* Package managers run these on their own behalf, in directories of packages too (pip clones into the build
 * directory), and they start others. */
static bool
is_version_control(const char *program)
{
    static const char *const list[] = { "git", "git-lfs", "hg", "svn", "bzr", "brz", "ssh", NULL };
    const char *name = last_part(program);
    return is_one_of(name, list) || !strncmp(name, "git-", 4);
}

static bool
has_text(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strstr(text, *list))
            return true;
    return false;
}

/* A hook of a build backend (PEP 517): pip and build run pyproject_hooks' _in_process.py, uv a text of its
 * own; before that standard, setup.py by way of setuptools. */
static bool
runs_build(const char *program, const struct words *words)
{
    static const char *const signs[] = { "setup.py", "setuptools", "backend", NULL };
    if (!is_python(program))
        return false;
    for (size_t i = 1; i < words->count; i++) {
        if (names(words, i, "_in_process.py") || names(words, i, "setup.py"))
            return true;
        if (is(words, i, "-c"))
            return has_text(words->items[i].at, signs);
        if (!begins(words, i, "-"))
            return false;
    }
    return false;
}

/* npm, pnpm and yarn 1 run every script as one text that they hand to a shell, and nothing else so. yarn 2
 * and later have a shell of their own, which starts the script's programs itself: there an interpreter's
 * script, or the program, lies in the project. yarn itself may lie there too. */
static bool
runs_script(const struct sp_attribution *attribution, const char *program, const struct words *words)
{
    const char *project = attribution->options.project;
    if (words->count == 3 && is(words, 1, "-c") && !is_python(program))
        return true;
    size_t length = project && project[0] && project[1] ? strlen(project) : 0;
    if (!length || !attribution->options.manager || strcmp(attribution->options.manager, "yarn") != 0)
        return false;
    const char *file = program;
    if (words->count > 1 && begins(words, 1, project) && words->items[1].at[length] == '/')
        file = words->items[1].at;
    else if (words->count > 1 && words->items[1].length && !begins(words, 1, "-") && !begins(words, 1, "/") &&
             !strncmp(last_part(program), "node", 4))
        return true; /* a name beneath the working directory */
    return file && !strncmp(file, project, length) && file[length] == '/' &&
           strncmp(file + length, "/.yarn/releases/", 16) != 0;
}

static const struct sp_actor *
package_at(struct sp_attribution *attribution, const struct sp_event *event,
           const struct sp_directory *directory, enum sp_phase phase)
{
    const char *purl = sp_package_table_find(attribution, event->directory, directory, event);
    /* code of somebody runs here: whose is not known, and what it starts elsewhere is not laid to others */
    return purl ? sp_attribution_who(attribution, SP_ACTOR_PACKAGE, phase, purl)
                : attribution->actors.unknown;
}

/* PROCESS is the package manager's and starts a program. */
static const struct sp_actor *
by_place(struct sp_attribution *attribution, struct sp_process_entry *process, const struct sp_event *event,
         const struct words *words)
{
    const char *ecosystem = attribution->options.ecosystem;
    const struct sp_actor *same = process->shown.actor;
    struct sp_directory directory;
    if (process->first || process->helps || !event->directory || event->directory[0] != '/')
        return same;
    sp_directory_read(attribution->options.project, event->directory, &directory);
    if (directory.kind == SP_DIRECTORY_NODE)
        return package_at(attribution, event, &directory, SP_PHASE_INSTALL);
    if (is_version_control(event->subject)) {
        process->helps = true;
        return same;
    }
    /* the pip by which pip fills an isolated build environment starts where pip did, not here */
    if (directory.kind == SP_DIRECTORY_BUILD)
        return package_at(attribution, event, &directory, SP_PHASE_BUILD);

    bool node = !ecosystem || !strcmp(ecosystem, "npm"), python = !ecosystem || !strcmp(ecosystem, "pypi");
    bool build = python && runs_build(event->subject, words);
    if (!build && !(node && runs_script(attribution, event->subject, words)))
        return same;
    enum sp_phase phase = build ? SP_PHASE_BUILD : SP_PHASE_INSTALL;
    return directory.kind == SP_DIRECTORY_PROJECT
               ? sp_attribution_who(attribution, SP_ACTOR_PROJECT, phase, NULL)
               : package_at(attribution, event, &directory, phase);
}

/* ---------------------------------------------------------------- by the code that runs */

/* PATH as the process means it, "." and ".." taken out as if no component were a link. Returns the length;
 * 0: too long, or no path. */
static size_t
absolute(const char *directory, const char *path, size_t length, char out[SP_KEY_MAX])
{
    size_t written = 0;
    const char *parts[] = { directory, path };
    size_t lengths[] = { directory ? strlen(directory) : 0, length };
    if (!length || memchr(path, '\0', length) || (path[0] != '/' && (!directory || directory[0] != '/')))
        return 0;
    for (size_t i = path[0] == '/'; i < 2; i++) {
        for (size_t at = 0; at < lengths[i];) {
            const char *slash = memchr(parts[i] + at, '/', lengths[i] - at);
            size_t span = slash ? (size_t)(slash - parts[i]) - at : lengths[i] - at;
            const char *component = parts[i] + at;
            at += span + 1;
            if (!span || (span == 1 && component[0] == '.'))
                continue;
            if (span == 2 && component[0] == '.' && component[1] == '.') {
                while (written && out[--written] != '/')
                    ;
                continue;
            }
            if (written + span + 2 > SP_KEY_MAX)
                return 0;
            out[written++] = '/';
            memcpy(out + written, component, span);
            written += span;
        }
    }
    out[written] = '\0';
    return written;
}

static const struct sp_writer *
writer_of(const struct sp_attribution *attribution, const struct sp_event *event, const char *path,
          size_t length)
{
    char whole[SP_KEY_MAX];
    size_t span = absolute(event->directory, path, length, whole);
    return span ? sp_writers_find(&attribution->writers, whole, span) : NULL;
}

static bool
is_any(const struct words *words, size_t at, const char *const *list)
{
    for (; *list; list++)
        if (is(words, at, *list))
            return true;
    return false;
}

/* Options of interpreters behind which a word of their own may stand, a file of code or another: the script
 * then comes later. With some interpreters the same letter takes none; then it is this word. */
static bool
may_take_word(const struct words *words, size_t at)
{
    static const char *const list[] = {
        "-r", "--require",    "--import",   "--loader",    "--experimental-loader",
        "-C", "--conditions", "--env-file", "--init-file", "--rcfile",
        "-W", "-X",           "-I",         "-O",          "-o",
        NULL
    };
    return is_any(words, at, list);
}

/* Options behind which the code itself stands: what that starts is looked at when it starts. */
static bool
is_code(const struct words *words, size_t at)
{
    static const char *const list[] = { "-c", "-e", "-p", "-pe", "-m", "--eval", "--print", NULL };
    return is_any(words, at, list);
}

static bool
is_interpreter(const char *program)
{
    static const char *const list[] = {
        "node", "nodejs",  "python", "pypy", "sh",   "bash",  "dash",  "ash",   "zsh",    "ksh",     "mksh",
        "fish", "busybox", "perl",   "ruby", "php",  "deno",  "bun",   "lua",   "luajit", "awk",     "gawk",
        "mawk", "tclsh",   "env",    "java", "make", "gmake", "cmake", "ninja", "guile",  "Rscript", NULL,
    };
    const char *name = last_part(program);
    return is_one_of(name, list) || !strncmp(name, "ld-linux", 8) || !strncmp(name, "ld-musl", 7);
}

/* The package that wrote the script that an interpreter is told to run, or a file that it is told to load
 * before. */
static const struct sp_writer *
script_writer(const struct sp_attribution *attribution, const struct sp_event *event,
              const struct words *words)
{
    const char *name = last_part(event->subject);
    /* the programs and applets that these start stand before the script */
    bool passes_on = !strcmp(name, "env") || !strncmp(name, "busybox", 7) || !strncmp(name, "ld-", 3);
    bool optional = false;
    for (size_t i = 1; i < words->count; i++) {
        const char *word = words->items[i].at;
        size_t length = words->items[i].length;
        bool option = length > 1 && word[0] == '-';
        const char *value = option ? memchr(word, '=', length) : NULL;
        if (is_code(words, i))
            return NULL;
        const struct sp_writer *writer = NULL;
        if (value)
            writer = writer_of(attribution, event, value + 1, length - (size_t)(value + 1 - word));
        else if (!option)
            writer = writer_of(attribution, event, word, length);
        if (writer || (!option && !optional && !passes_on))
            return writer;
        optional = option && !value && may_take_word(words, i);
    }
    return NULL;
}

static const struct sp_actor *
by_writer(struct sp_attribution *attribution, const struct sp_actor *actor, const struct sp_event *event,
          const struct words *words)
{
    const struct sp_writer *writer = NULL;
    if (!attribution->writers.count)
        return actor;
    if (event->subject)
        writer = sp_writers_find(&attribution->writers, event->subject, strlen(event->subject));
    /* a script that names its interpreter is a word of that: "#!/usr/bin/env node" */
    if (!writer && is_interpreter(event->subject))
        writer = script_writer(attribution, event, words);
    if (!writer || writer->actor->package == actor->package)
        return actor;
    bool owns = actor->kind == SP_ACTOR_PACKAGE || actor->kind == SP_ACTOR_PROJECT;
    return sp_attribution_who(attribution, SP_ACTOR_PACKAGE, owns ? actor->phase : writer->actor->phase,
                              writer->actor->package);
}

const struct sp_actor *
sp_start_actor(struct sp_attribution *attribution, struct sp_process_entry *process,
               const struct sp_event *event)
{
    const struct sp_actor *actor = process->shown.actor;
    struct words words;
    split(event->detail, &words);
    if (actor->kind == SP_ACTOR_MANAGER)
        actor = by_place(attribution, process, event, &words);
    return by_writer(attribution, actor, event, &words);
}
