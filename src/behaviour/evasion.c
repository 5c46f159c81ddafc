/* evasion.c: a program that looks whether it is watched, waits until nobody looks, or runs away from whoever
 * counts. Sources: MITRE ATT&CK T1497.001, T1497.003, T1622, T1499. */
#include "behaviour/judge.h"

#include "trace/counts.h"

#include <string.h>

#define SECOND 1000000000ull

/* ------------------------------------------------------------------------------------------- sandbox checks
 */

#define SIGNS_MAX 32u /* bits of signs */

/* The sign that a look at PATH is, as a bit; *STRONG: it says enough by itself, others do with another that
 * differs. 0: none. */
static uint32_t
sign_of(const char *path, bool *strong)
{
    static const struct {
        const char *path;
        bool strong;
    } signs[] = {
        { "/.dockerenv", true },
        { "/.dockerinit", true },
        { "/run/.containerenv", true },
        { "/proc/1/cgroup", true },
        { "/proc/1/sched", true },
        { "/sys/class/dmi/id/", true },
        { "/sys/hypervisor", true },
        { "/sys/devices/virtual/dmi/", true },
        { "/proc/xen", true },
        { "/proc/scsi/scsi", true },
        { "/dev/vboxguest", true },
        { "/proc/device-tree/hypervisor", true },
        { "/sys/fs/bpf", true },
        { "/proc/1/environ", false },
        { "/proc/1/comm", false },
        { "/sys/kernel/debug", false },
        { "/sys/kernel/tracing", false },
        { "/sys/bus/pci/devices/", false },
        { "/proc/modules", false },
        { "/proc/1/mountinfo", false },
    };
    _Static_assert(SP_COUNT(signs) < SIGNS_MAX, "a bit each, and one for a process's status");
    for (size_t i = 0; i < SP_COUNT(signs); i++)
        if (!strncmp(path, signs[i].path, strlen(signs[i].path))) {
            *strong = signs[i].strong;
            return 1u << i;
        }
    /* TracerPid stands in it; so does much else */
    size_t length = strlen(path);
    *strong = false;
    return !strncmp(path, "/proc/", 6) && length > 7 && !strcmp(path + length - 7, "/status")
               ? 1u << (SIGNS_MAX - 1)
               : 0;
}

static void
note_check(struct sp_traits *traits, uint64_t time, uint32_t sign, bool strong)
{
    traits->checks |= sign;
    if (!strong && !(traits->checks & (traits->checks - 1)))
        return; /* the same weak sign, however often */
    traits->bits |= SP_TRAIT_CHECKED;
    traits->bits &= ~(uint32_t)SP_TRAIT_ACTED;
    traits->checked = time;
}

/* lscpu asks for the hypervisor and ps for everybody's status whenever they run. The file counts, not the
 * name: a package cannot put one there. */
static bool
looks_by_design(const struct sp_process *process)
{
    static const char *const tools[] = { "lscpu", "ps",    "pgrep", "pidof", "top",
                                         "free",  "lspci", "lsmod", NULL };
    static const char *const places[] = { "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/" };
    const char *program = process && process->program ? process->program : "";
    for (size_t i = 0; i < SP_COUNT(places); i++)
        if (!strncmp(program, places[i], strlen(places[i])))
            return sp_is_one_of(program + strlen(places[i]), tools);
    return false;
}

static bool
read_sandbox_check(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    static const char *const detectors[] = { "systemd-detect-virt", "virt-what", "dmidecode", "facter",
                                             NULL };
    struct sp_traits *traits = behaviour->who.traits;
    remark->subject = "";
    switch (event->kind) {
    case SP_EVENT_OPEN:
    case SP_EVENT_LOOK: {
        bool strong = false;
        uint32_t sign = event->subject ? sign_of(event->subject, &strong) : 0;
        if (sign && !looks_by_design(behaviour->who.process))
            note_check(traits, event->time, sign, strong);
        return false;
    }
    case SP_EVENT_EXEC: {
        if (!sp_is_one_of(behaviour->command.tool, detectors)) {
            traits->bits |= SP_TRAIT_ACTED;
            return false;
        }
        const struct sp_process *maker = sp_maker(behaviour, behaviour->who.process);
        struct sp_traits *asks = maker ? sp_traits_of(behaviour, maker->number) : NULL;
        note_check(asks ? asks : traits, event->time, 0, true);
        return false;
    }
    default:
        break;
    }
    if (!(traits->bits & SP_TRAIT_CHECKED) || traits->bits & SP_TRAIT_ACTED ||
        event->time > traits->checked + 2 * SECOND)
        return false;
    SP_SAY(remark, "looks for a sandbox or a debugger, and then ends without doing anything, %s",
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "it may do something else where it is not watched: read what it does then");
    return true;
}

const struct sp_rule sp_rule_sandbox_check = {
    .id = "run/sandbox-check",
    .title = "a search for a sandbox, then the end",
    .source = "MITRE ATT&CK T1497.001, T1622",
    .severity = SP_SEVERITY_REVIEW,
    .evidence =
        "a process looks at /.dockerenv, /proc/1/cgroup, /sys/class/dmi, /sys/hypervisor, "
        "systemd-detect-virt, or at two different weaker signs such as /proc/self/status, and ends within 2 "
        "seconds without having written, connected or started anything",
    .advice = "read what it does where it is not watched",
    .page = SP_PAGE "runsandbox-check",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_OPEN | 1u << SP_EVENT_LOOK | 1u << SP_EVENT_EXEC | 1u << SP_EVENT_EXIT,
    .read = read_sandbox_check,
};

/* ------------------------------------------------------------------------------------------------- long
 * sleep */

#define SLEPT_MS 60000u
#define LONG_SLEEP_MS 5000u /* on average: those that wait for each other sleep often and shortly */

static bool
read_long_sleep(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
                struct sp_remark *remark)
{
    if (event->number_count <= SP_COUNT_SLEPT_MS || !event->numbers)
        return false;
    uint64_t slept = event->numbers[SP_COUNT_SLEPT_MS], sleeps = event->numbers[SP_COUNT_SLEEPS];
    if (slept <= SLEPT_MS || slept / (sleeps ? sleeps : 1) < LONG_SLEEP_MS)
        return false;
    remark->subject = "";
    SP_SAY(remark, "asks to sleep for %llu seconds (%llu calls) %s", (unsigned long long)(slept / 1000),
           (unsigned long long)sleeps, sp_phase_words(event->phase));
    SP_ADVISE(remark, "an install that waits may wait for whoever watches to go: find out what for");
    return true;
}

const struct sp_rule sp_rule_long_sleep = {
    .id = "run/long-sleep",
    .title = "a long sleep",
    .source = "MITRE ATT&CK T1497.003",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "one process asked for more than 60 seconds of sleep, 5 seconds or more at a time on average",
    .advice = "find out what it waits for",
    .page = SP_PAGE "runlong-sleep",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_COUNTS,
    .read = read_long_sleep,
};

/* ------------------------------------------------------------------------------------------------- fork
 * storm */

#define STORM 500u
#define STORM_TIME (5 * SECOND)

static bool
read_fork_storm(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    struct sp_deeds *deeds = behaviour->who.deeds;
    if (!event->process)
        return false;
    if (!deeds->forks || event->time > deeds->window + STORM_TIME) {
        deeds->window = event->time;
        deeds->forks = 0;
    }
    /* a configure script starts as many, but one after the other */
    if (++deeds->forks <= STORM || deeds->alive < STORM / 2)
        return false;
    remark->subject = "";
    SP_SAY(remark, "starts %u processes within 5 seconds, of which %u still run, %s", deeds->forks,
           deeds->alive, sp_phase_words(event->phase));
    SP_ADVISE(remark, "find out what they are for; the limit of processes keeps the machine usable");
    deeds->forks = 0; /* told once a storm */
    return true;
}

const struct sp_rule sp_rule_fork_storm = {
    .id = "run/fork-storm",
    .title = "a storm of processes",
    .source = "MITRE ATT&CK T1499.001",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "more than 500 processes of one package begin within 5 seconds, and 250 of its run at once",
    .advice = "find out what they are for",
    .page = SP_PAGE "runfork-storm",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_FORK,
    .read = read_fork_storm,
};
