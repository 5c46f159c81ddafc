/* memory.c: code that lies in no file, power over other processes, false names, and calls of another world.
 * Sources: MITRE ATT&CK T1620, T1055, T1036.004, T1055.008. */
#include "behaviour/judge.h"

#include <string.h>

static const char *
program_of(const struct sp_behaviour *behaviour)
{
    return behaviour->who.process ? behaviour->who.process->program : NULL;
}

/* ----------------------------------------------------------------------------------------------- memory only
 */

static bool
read_memory(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], words[SP_SHOWN_MAX];
    if (event->kind == SP_EVENT_EXEC) {
        if (!(event->value & (SP_EXEC_MEMORY | SP_EXEC_DELETED)))
            return false;
        bool memory = event->value & SP_EXEC_MEMORY;
        if (!memory)
            remark->severity = SP_SEVERITY_REVIEW;
        SP_SAY(remark, "runs a program %s (%s: %s) %s",
               memory ? "that lies in memory alone" : "whose file is deleted already",
               sp_shown(shown, event->subject), sp_shown_words(words, event->detail),
               sp_phase_words(event->phase));
        SP_ADVISE(remark, "%s",
                  memory ? "do not install it: nothing honest hides its program from the disk"
                         : "an update that replaces a running program can look so; little else does");
        return true;
    }
    if (event->value != SP_CODE_MEMORY_MAPPED)
        return false;
    /* these compile while they run, and call back through code that libffi makes in memory */
    bool compiles = program_of(behaviour) && sp_is_runtime(program_of(behaviour));
    remark->severity = compiles ? SP_SEVERITY_NONE : SP_SEVERITY_REVIEW;
    SP_SAY(remark, "maps code that lies in no file (%s) %s", sp_shown(shown, event->subject),
           sp_phase_words(event->phase));
    if (!compiles)
        SP_ADVISE(remark, "compilers at run time do so; find out whether the program has one");
    return true;
}

const struct sp_rule sp_rule_memory_executed = {
    .id = "run/memory-executed",
    .title = "a program ran from memory alone",
    .source = "MITRE ATT&CK T1620",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a program is started from a memfd; review of one whose file is deleted, or of code mapped from "
        "a memfd or a deleted file by a program that is no interpreter with a compiler of its own (a "
        "note there)",
    .advice = "do not install",
    .page = SP_PAGE "runmemory-executed",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_CODE,
    .read = read_memory,
};

/* ----------------------------------------------------------------------------------------- other processes
 */

static bool
read_other_process(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
                   struct sp_remark *remark)
{
    static const char *const writing[] = { "poke",    "POKE",    "writev",    "/mem",
                                           "SETREGS", "setregs", "SETREGSET", "mem write" };
    char what[SP_SHOWN_MAX], whom[SP_SHOWN_MAX];
    if (event->value != SP_CODE_PTRACE)
        return false;
    const char *request = event->detail ? event->detail : "";
    const char *subject = event->subject ? event->subject : "";
    bool writes = false;
    for (size_t i = 0; i < SP_COUNT(writing); i++)
        writes |= strstr(request, writing[i]) || (writing[i][0] == '/' && strstr(subject, writing[i]));
    if (!writes)
        remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = request;
    SP_SAY(remark, "%s (%s %s) %s",
           writes ? "writes into another process" : "traces a process, or looks whether it is traced itself",
           sp_shown(what, request), sp_shown(whom, event->subject), sp_phase_words(event->phase));
    SP_ADVISE(remark, "%s",
              writes ? "do not install it: it takes over programs that are not its own"
                     : "debuggers and leak checkers do so; an install has no use for one");
    return true;
}

const struct sp_rule sp_rule_other_process = {
    .id = "run/other-process",
    .title = "another process was traced or written into",
    .source = "MITRE ATT&CK T1055.008, T1055.009, T1622",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a write into another process: process_vm_writev, /proc/PID/mem, ptrace that pokes or sets "
                "registers; review of any other ptrace",
    .advice = "do not install what writes into others",
    .page = SP_PAGE "runother-process",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_CODE,
    .read = read_other_process,
};

/* ---------------------------------------------------------------------------------------------- false names
 */

/* Whether NAME is one that people pass over in a list of processes. */
static bool
is_system_name(const char *name)
{
    static const char *const beginnings[] = { "[",        "kworker", "ksoftirqd", "migration/", "rcu_",
                                              "kthreadd", "kswapd",  "kdevtmpfs", "jbd2/" };
    static const char *const names[] = { "systemd",
                                         "sshd",
                                         "cron",
                                         "crond",
                                         "dbus-daemon",
                                         "init",
                                         "systemd-journald",
                                         "udevd",
                                         "rsyslogd",
                                         "agetty",
                                         "atd",
                                         "syslogd",
                                         "systemd-logind",
                                         "watchdogd",
                                         "systemd-udevd",
                                         "systemd-resolved",
                                         "NetworkManager",
                                         "polkitd",
                                         NULL };
    for (size_t i = 0; i < SP_COUNT(beginnings); i++)
        if (!strncmp(name, beginnings[i], strlen(beginnings[i])) && (name[0] != '[' || name[1]))
            return true;
    return sp_is_one_of(name, names);
}

static bool
read_renamed(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const struct sp_command *command = &behaviour->command;
    char shown[SP_SHOWN_MAX], file[SP_SHOWN_MAX], base[128], first[256];
    const char *name, *program = event->kind == SP_EVENT_EXEC ? event->subject : program_of(behaviour);
    if (event->kind == SP_EVENT_EXEC) {
        const char *word = command->count ? command->words[0] : "";
        snprintf(first, sizeof(first), "%.*s", (int)strcspn(word, " "), word[0] == '-' ? word + 1 : word);
        const char *slash = first[0] == '[' ? NULL : strrchr(first, '/');
        name = slash ? slash + 1 : first;
        /* "[" is a program: test */
        if (!strcmp(first, "["))
            return false;
    } else {
        if (event->value != SP_CODE_RENAMED)
            return false;
        name = event->subject ? event->subject : "";
    }
    if (!is_system_name(name))
        return false;
    sp_program_name(program, base, sizeof(base));
    if (!strncmp(base, name, strlen(name)) || !strncmp(base, "systemd", 7) || !strcmp(base, "busybox"))
        return false; /* it is the one */
    SP_SAY(remark, "calls itself %s, which it is not (%s), %s", sp_shown(shown, name),
           sp_shown(file, program), sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: it hides among the system's own processes");
    return true;
}

const struct sp_rule sp_rule_renamed = {
    .id = "run/renamed",
    .title = "a process calls itself by a system process's name",
    .source = "MITRE ATT&CK T1036.004, T1036.011",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "prctl(PR_SET_NAME) or argv[0] gives a name such as [kworker/0:1], systemd or sshd to a program "
        "whose file is another",
    .advice = "do not install",
    .page = SP_PAGE "runrenamed",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_EXEC | 1u << SP_EVENT_CODE,
    .read = read_renamed,
};

/* ------------------------------------------------------------------------------------------ of another world
 */

static bool
read_foreign(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX], base[128];
    if (event->value != SP_CODE_FOREIGN)
        return false;
    /* these try io_uring for files, most by libuv, and go on without it; nobody gets it here */
    static const char *const trying[] = { "node", "nodejs", "bun", "deno", "cmake", "ctest", NULL };
    sp_program_name(program_of(behaviour), base, sizeof(base));
    if (event->subject && strstr(event->subject, "io_uring") && sp_is_one_of(base, trying))
        remark->severity = SP_SEVERITY_NONE;
    SP_SAY(remark, "makes a system call by a way that goes round what watches: %s, %s",
           sp_shown(shown, event->subject), sp_phase_words(event->phase));
    if (remark->severity)
        SP_ADVISE(remark, "it was refused; find out what the program needs it for");
    return true;
}

const struct sp_rule sp_rule_foreign_call = {
    .id = "run/foreign-call",
    .title = "a system call of another architecture, or one that goes round the watch",
    .source = "MITRE ATT&CK T1106, T1562",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "a 32-bit system call, a vsyscall or io_uring; a note where Node, Bun, Deno or CMake "
                "themselves try io_uring",
    .advice = "find out what needs it",
    .page = SP_PAGE "runforeign-call",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_CODE,
    .read = read_foreign,
};
