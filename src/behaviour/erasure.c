/* erasure.c: traces that are wiped away. Sources: MITRE ATT&CK T1070.002, T1070.003, T1070.004. */
#include "behaviour/judge.h"

#include <fcntl.h>
#include <string.h>

static bool
is_history(const struct sp_behaviour *behaviour, const char *path)
{
    static const char *const names[] = { ".bash_history",
                                         ".zsh_history",
                                         ".sh_history",
                                         ".history",
                                         ".ash_history",
                                         ".local/share/fish/fish_history",
                                         ".mysql_history",
                                         ".psql_history",
                                         ".lesshst",
                                         ".zhistory",
                                         NULL };
    const char *within = sp_within_home(behaviour, path);
    if (within)
        return sp_is_one_of(within, names);
    return !strcmp(path, "/root/.bash_history") || !strcmp(path, "/root/.zsh_history");
}

static bool
is_log(const char *path)
{
    static const char *const names[] = { "/run/utmp", "/var/run/utmp", NULL };
    return !strncmp(path, "/var/log/", 9) || sp_is_one_of(path, names);
}

static bool
wipes(const struct sp_event *event)
{
    if (event->kind == SP_EVENT_OPEN)
        return event->value & O_TRUNC && (event->value & O_ACCMODE) != O_RDONLY && !(event->value & O_EXCL);
    switch (event->value) {
    case SP_FILE_UNLINK:
    case SP_FILE_TRUNCATE:
    case SP_FILE_RENAME:
    case SP_FILE_SYMLINK:
        return true;
    default:
        return false;
    }
}

static bool
says_wipe(const struct sp_command *command)
{
    if (command->shell && command->text &&
        (strstr(command->text, "history -c") || strstr(command->text, "unset HISTFILE") ||
         strstr(command->text, "HISTFILE=/dev/null") || strstr(command->text, "HISTSIZE=0")))
        return true;
    if (!strcmp(command->tool, "journalctl"))
        for (size_t i = command->argument; i < command->count; i++)
            if (!strncmp(command->words[i], "--vacuum", 8))
                return true;
    return false;
}

static bool
read_erased(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *path = event->subject ? event->subject : "";
    if (event->kind == SP_EVENT_EXEC) {
        if (!says_wipe(&behaviour->command))
            return false;
        SP_SAY(remark, "wipes a history or log: %s, %s", sp_shown_words(shown, event->detail),
               sp_phase_words(event->phase));
    } else {
        bool moved_over = event->kind == SP_EVENT_CHANGE && event->value == SP_FILE_RENAME && event->detail &&
                          is_history(behaviour, event->detail);
        if (!wipes(event) || !(is_history(behaviour, path) || is_log(path) || moved_over))
            return false;
        /* a log of its own that is new, such as a build's */
        if (event->kind == SP_EVENT_OPEN && event->value & O_CREAT && !event->bytes && is_log(path) &&
            sp_written_find(behaviour, path) && strncmp(path, "/var/log/wtmp", 13))
            remark->severity = SP_SEVERITY_REVIEW;
        SP_SAY(remark, "wipes %s, %s", sp_shown_path(behaviour, shown, path), sp_phase_words(event->phase));
        sp_tell_path(behaviour, path);
    }
    SP_ADVISE(remark, "do not install it: it covers its tracks");
    return true;
}

const struct sp_rule sp_rule_log_erased = {
    .id = "run/log-erased",
    .title = "a history or log was wiped",
    .source = "MITRE ATT&CK T1070.002, T1070.003",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a shell's history, a file beneath /var/log, or utmp is truncated, deleted, renamed or replaced "
        "by a link; history -c or HISTFILE=/dev/null in a shell's words; journalctl --vacuum; review "
        "where a log is opened anew that may be the package's own",
    .advice = "do not install",
    .page = SP_PAGE "runlog-erased",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_OPEN | 1u << SP_EVENT_CHANGE,
    .read = read_erased,
};

/* --------------------------------------------------------------------------------------------- self-deletion
 */

/* Whether PROCESS runs the file PATH: as its program, or as an interpreter's script. */
static bool
runs(const struct sp_process *process, const char *path)
{
    if (process->program && !strcmp(process->program, path))
        return true;
    const char *slash = strrchr(path, '/');
    if (!process->words || !strstr(process->words, slash ? slash + 1 : path))
        return false; /* most: the words need no reading */
    struct sp_command *command = sp_new(struct sp_command, NULL);
    if (!command)
        return false;
    sp_command_read(command, process->program, process->words, process->directory);
    bool same = !strcmp(command->script, path);
    free(command);
    return same;
}

static bool
read_self_deleted(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const struct sp_process *process = behaviour->who.process;
    if (event->value != SP_FILE_UNLINK || !event->subject || !process)
        return false;
    bool own = false;
    for (int i = 0; i < 5 && process && !own; i++, process = sp_maker(behaviour, process))
        own = !process->ended && runs(process, event->subject);
    if (!own)
        return false;
    SP_SAY(remark, "deletes %s, the script or program that does it, %s",
           sp_shown_path(behaviour, shown, event->subject), sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "compare the package's file in the registry with what is left on disk: it hides what ran");
    return true;
}

const struct sp_rule sp_rule_self_deleted = {
    .id = "run/self-deleted",
    .title = "a script or program deleted itself",
    .source = "MITRE ATT&CK T1070.004",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "a running process, or one that it started, unlinks the file that the process runs",
    .advice = "look at what ran",
    .page = SP_PAGE "runself-deleted",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_CHANGE,
    .read = read_self_deleted,
};
