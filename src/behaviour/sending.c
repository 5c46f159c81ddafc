/* sending.c: first learn, then send: a planted secret, what the host is, or the environment.
 * Sources: MITRE ATT&CK T1041, T1082, T1033, T1016, T1057, T1552. */
#include "behaviour/judge.h"

#include <fcntl.h>
#include <string.h>

#define SENDING                                                                                              \
    (1u << SP_EVENT_CONNECTION | 1u << SP_EVENT_DATAGRAM | 1u << SP_EVENT_PASSED | 1u << SP_EVENT_SOCKET |   \
     1u << SP_EVENT_SAID)

/* ------------------------------------------------------------------------------------- a secret, then a send
 */

static bool
read_decoy_sent(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    enum sp_sent sent = sp_sent(event);
    uint32_t bits = behaviour->who.deeds->bits;
    bool secret = bits & SP_TRAIT_READ_SECRET || sp_family_has(behaviour, SP_TRAIT_READ_SECRET);
    bool config = bits & SP_TRAIT_READ_CONFIG || sp_family_has(behaviour, SP_TRAIT_READ_CONFIG);
    if (sent == SP_SENT_NOTHING || !(secret || config))
        return false;
    if (!secret) {
        /* package managers and git read their own settings: where it goes decides, and only the sinkhole
         * knows that; a host of --allow-host is what they were read for */
        if (sent == SP_SENT_SEEN)
            return false;
        remark->severity = sent == SP_SENT_PASSED || behaviour->who.kind == SP_ACTOR_MANAGER
                               ? SP_SEVERITY_NONE
                               : SP_SEVERITY_REVIEW;
    } else if (event->phase == SP_PHASE_LOAD && behaviour->who.kind == SP_ACTOR_PACKAGE &&
               sent == SP_SENT_PASSED) {
        remark->severity = SP_SEVERITY_REVIEW; /* a cloud's own tool that calls its own, allowed service */
    }
    char title[SP_SHOWN_MAX], where[SP_SHOWN_MAX];
    const char *read = behaviour->who.deeds->secret;
    SP_SAY(remark, "reads %s and then sends to %s port %u %s",
           sp_shown(title, read ? read : "a planted secret"), sp_shown(where, event->subject), event->port,
           sp_phase_words(event->phase));
    if (remark->severity == SP_SEVERITY_BLOCK)
        SP_ADVISE(remark, "do not install it; where it ran without a sandbox, replace the real secret now");
    else if (remark->severity == SP_SEVERITY_REVIEW)
        SP_ADVISE(remark, "find out what it sends there; the file holds tokens");
    return true;
}

const struct sp_rule sp_rule_decoy_then_sent = {
    .id = "run/decoy-then-sent",
    .title = "a planted secret was read, then something was sent",
    .source = "DESIGN 4.4; MITRE ATT&CK T1552, T1041",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a decoy that no honest install reads, then any send by the same package or the processes that "
        "made it; review where the decoy is a file that tools read themselves (.npmrc, .env) and the "
        "host is not allowed",
    .advice = "do not install; replace the real secret where it ran without a sandbox",
    .page = SP_PAGE "rundecoy-then-sent",
    .kinds = SENDING,
    .read = read_decoy_sent,
};

/* ------------------------------------------------------------------------------------------ reconnaissance
 */

static const char *const tools[] = { "whoami", "id",      "uname",      "hostname",    "ip",   "ifconfig",
                                     "ps",     "netstat", "ss",         "lsb_release", "who",  "w",
                                     "last",   "arp",     "route",      "hostnamectl", "lsof", "dmidecode",
                                     "groups", "lspci",   "systeminfo", "sw_vers" };
#define USERS_TOOL SP_COUNT(tools) /* cat /etc/passwd and its like */
_Static_assert(SP_COUNT(tools) + 1 <= SP_RECONNAISSANCE_MAX, "one bit and one time each");
#define BURST 4u
#define BURST_TIME (10 * 1000000000ull)
#define ALONE 6u /* more than so many without a send */

/* The number of the question that the command asks about the host; -1: none. */
static int
question(const struct sp_behaviour *behaviour)
{
    static const char *const building[] = {
        "uname", "hostname", "sw_vers", "lsb_release", "id", "lspci", NULL
    };
    static const char *const readers[] = {
        "cat", "head", "tail", "less", "more", "cut", "awk", "grep", NULL
    };
    const struct sp_command *command = &behaviour->command;
    for (size_t i = 0; i < SP_COUNT(tools); i++)
        if (!strcmp(command->tool, tools[i])) {
            /* a configure script asks what it builds for */
            bool builds = behaviour->who.traits->bits & SP_TRAIT_BUILDER;
            return builds && sp_is_one_of(tools[i], building) ? -1 : (int)i;
        }
    if (sp_is_one_of(command->tool, readers) &&
        (sp_command_has(command, command->argument, "/etc/passwd") ||
         sp_command_has(command, command->argument, "/etc/hosts") ||
         sp_command_has(command, command->argument, "/etc/resolv.conf")))
        return USERS_TOOL;
    return -1;
}

/* How many different questions were asked within ten seconds before NOW. */
static unsigned
count_asked(const struct sp_deeds *deeds, uint64_t now)
{
    unsigned count = 0;
    for (unsigned i = 0; i <= USERS_TOOL; i++)
        count += deeds->asked_bits >> i & 1 && deeds->asked[i] + BURST_TIME >= now;
    return count;
}

static bool
read_reconnaissance(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    struct sp_deeds *deeds = behaviour->who.deeds;
    char where[SP_SHOWN_MAX];
    remark->subject = "";
    if (event->kind == SP_EVENT_EXEC) {
        int asked = question(behaviour);
        if (asked < 0)
            return false;
        deeds->asked_bits |= 1u << asked;
        deeds->asked[asked] = event->time;
        unsigned count = count_asked(deeds, event->time);
        deeds->burst |= count >= BURST;
        if (count <= ALONE)
            return false;
        remark->severity = SP_SEVERITY_REVIEW;
        SP_SAY(remark, "asks %u different questions about the host within 10 seconds %s, %s the last", count,
               sp_phase_words(event->phase), sp_shown(where, behaviour->command.tool));
        SP_ADVISE(remark, "an install needs to know the system it builds for, not who uses it");
        return true;
    }
    enum sp_sent sent = sp_sent(event);
    if (!deeds->burst || sent == SP_SENT_NOTHING || sent == SP_SENT_SEEN)
        return false;
    if (sent == SP_SENT_PASSED)
        remark->severity = SP_SEVERITY_REVIEW;
    SP_SAY(remark, "asks who and where the host is in a burst and then sends to %s port %u %s",
           sp_shown(where, event->subject), event->port, sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it before you know what it sends: thieves choose their victims so");
    return true;
}

const struct sp_rule sp_rule_reconnaissance = {
    .id = "run/reconnaissance",
    .title = "the host was asked about, then something was sent",
    .source = "MITRE ATT&CK T1033, T1082, T1016, T1057, T1049",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "at least 4 different of whoami, id, hostname, ip, ps, netstat, cat /etc/passwd ... within 10 "
        "seconds, then a send to a host that is not allowed; review where it is allowed, or for more "
        "than 6 without a send",
    .advice = "find out what it sends",
    .page = SP_PAGE "runreconnaissance",
    .who = SP_RULE_PACKAGES,
    .kinds = SENDING | 1u << SP_EVENT_EXEC,
    .read = read_reconnaissance,
};

/* --------------------------------------------------------------------------------------------- environment
 */

static bool
is_environ(const char *path)
{
    size_t length = strlen(path);
    return length > 14 && !strncmp(path, "/proc/", 6) && !strcmp(path + length - 8, "/environ");
}

static bool
dumps_environment(const struct sp_behaviour *behaviour, const struct sp_event *event)
{
    static const char *const lists_processes[] = {
        "ps", "pgrep", "pidof", "top", "systemd-detect-virt", NULL
    };
    const struct sp_command *command = &behaviour->command;
    if (event->kind == SP_EVENT_EXEC)
        return (!strcmp(command->tool, "env") || !strcmp(command->tool, "printenv")) &&
               !sp_command_operand(command, command->argument);
    if (event->kind != SP_EVENT_OPEN || !event->subject || !is_environ(event->subject))
        return false;
    char name[128];
    const struct sp_process *process = behaviour->who.process;
    sp_program_name(process ? process->program : NULL, name, sizeof(name));
    return !sp_is_one_of(name, lists_processes);
}

static bool
read_environment(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    struct sp_deeds *deeds = behaviour->who.deeds;
    char where[SP_SHOWN_MAX];
    if (dumps_environment(behaviour, event)) {
        deeds->dumped = true;
        remark->severity = SP_SEVERITY_NONE;
        SP_SAY(remark, "lists the whole environment (%s) %s", sp_shown(where, event->subject),
               sp_phase_words(event->phase));
        return true;
    }
    enum sp_sent sent = sp_sent(event);
    if (!deeds->dumped || sent == SP_SENT_NOTHING || sent == SP_SENT_SEEN)
        return false;
    if (sent == SP_SENT_PASSED)
        remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = "";
    SP_SAY(remark, "lists the whole environment and then sends to %s port %u %s",
           sp_shown(where, event->subject), event->port, sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it before you know what it sends: tokens live in the environment");
    return true;
}

const struct sp_rule sp_rule_environment_dumped = {
    .id = "run/environment-dumped",
    .title = "the whole environment was listed, then something was sent",
    .source = "MITRE ATT&CK T1552.001, T1082",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "env or printenv without a name, or an open of /proc/PID/environ, then a send to a host that is "
        "not allowed; review where it is allowed; a note without a send",
    .advice = "find out what it sends",
    .page = SP_PAGE "runenvironment-dumped",
    .who = SP_RULE_PACKAGES,
    .kinds = SENDING | 1u << SP_EVENT_EXEC | 1u << SP_EVENT_OPEN,
    .read = read_environment,
};
