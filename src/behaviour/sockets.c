/* sockets.c: sockets that no install needs: a shell's, one that waits for callers, raw ones, the host's own.
 * Sources: MITRE ATT&CK T1059, T1571, T1040, T1095, T1552.004, T1611. */
#include "behaviour/judge.h"

#include <string.h>

/* --------------------------------------------------------------------------------------------- a shell's */

/* A shell that is given nothing to run, made by a package's own process that has called outside: what it is
 * told comes through a pipe or a terminal of its maker's. */
static bool
waits_for_words(const struct sp_behaviour *behaviour, const struct sp_command *command)
{
    const struct sp_process *maker = sp_maker(behaviour, behaviour->who.process);
    const struct sp_traits *traits = maker ? sp_traits_of(behaviour, maker->number) : NULL;
    bool only_options = true;
    for (size_t i = command->argument; i < command->count; i++)
        only_options &= !strcmp(command->words[i], "-i") || !strcmp(command->words[i], "-l") ||
                        !strcmp(command->words[i], "--login");
    return command->shell && only_options && !*command->script && !command->text && traits &&
           traits->bits & SP_TRAIT_INTERPRETER && traits->bits & (SP_TRAIT_SEEN | SP_TRAIT_OUTSIDE);
}

static bool
read_shell_socket(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const struct sp_command *command = &behaviour->command;
    char shown[SP_SHOWN_MAX];
    bool direct = event->value & SP_EXEC_STDIN_SOCKET && command->interpreter;
    if (!direct && waits_for_words(behaviour, command)) {
        SP_SAY(remark, "starts %s without a script, for a process that called outside, %s",
               sp_shown_words(shown, event->detail), sp_phase_words(event->phase));
        SP_ADVISE(remark, "do not install it: a shell that waits for words of somebody outside is a reverse "
                          "shell, whatever carries the words");
        return true;
    }
    if (!direct)
        return false;
    SP_SAY(remark, "starts %s with a connection as its input %s", sp_shown_words(shown, event->detail),
           sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "do not install it: that is a reverse shell, and whoever is at the other end types in it");
    return true;
}

const struct sp_rule sp_rule_shell_socket = {
    .id = "run/shell-socket",
    .title = "a shell or interpreter with a connection as its input",
    .source = "MITRE ATT&CK T1059.004, T1571",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a shell or an interpreter is started with an internet socket as standard input; or a shell with "
        "nothing to run, by an interpreter's process that has called outside the registry",
    .advice = "do not install",
    .page = SP_PAGE "runshell-socket",
    .kinds = 1u << SP_EVENT_EXEC,
    .read = read_shell_socket,
};

/* --------------------------------------------------------------------------------------------- listening */

#define TCP_STATE_LISTEN 10

static bool
read_listen(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    const char *address = event->subject, *detail = event->detail ? event->detail : "";
    unsigned port = event->port;
    remark->subject = "listen";
    if (event->kind == SP_EVENT_TCP) {
        if ((event->value & 0xff) != TCP_STATE_LISTEN)
            return false;
        address = event->detail;
        port = (unsigned)(event->bytes & 0xffff);
    } else if (event->value == SP_SOCKET_BIND) {
        /* a client may bind too; at an address and port for others to find, it is a server. Datagrams to
         * answer are sent from a bound socket as well: a port of 0 is nobody's to find */
        if ((strcmp(detail, "tcp") && strcmp(detail, "udp")) || !port || sp_is_loopback(address))
            return false;
    } else if (event->value != SP_SOCKET_LISTEN || !strcmp(detail, "unix") || !strcmp(detail, "vsock")) {
        return false;
    }
    if (sp_is_loopback(address) || event->phase == SP_PHASE_LOAD)
        remark->severity = SP_SEVERITY_REVIEW;
    SP_SAY(remark, "waits for callers at %s port %u %s",
           address && *address ? sp_shown(shown, address) : "every address", port,
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "nothing calls an install: find out who should; nobody outside can reach it here");
    return true;
}

const struct sp_rule sp_rule_listen = {
    .id = "run/listen",
    .title = "a port was opened for callers",
    .source = "MITRE ATT&CK T1571, T1205",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "listen on an internet socket, or bind to a port at an address other than loopback; review on "
        "loopback, and of a module that is loaded",
    .advice = "find out who should call",
    .page = SP_PAGE "runlisten",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_SOCKET | 1u << SP_EVENT_TCP,
    .read = read_listen,
};

/* ------------------------------------------------------------------------------------------------ raw ones
 */

static bool
read_raw_socket(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
                struct sp_remark *remark)
{
    static const char *const kinds[] = { "raw", "packet", "vsock", "icmp", NULL };
    char shown[SP_SHOWN_MAX];
    if (!event->detail || !sp_is_one_of(event->detail, kinds))
        return false;
    remark->subject = event->detail;
    SP_SAY(remark, "asks for a socket of kind %s%s %s", sp_shown(shown, event->detail),
           event->bytes ? ", which is refused," : "", sp_phase_words(event->phase));
    SP_ADVISE(remark,
              "with these a program listens to others or goes past the firewall; an install needs none");
    return true;
}

const struct sp_rule sp_rule_raw_socket = {
    .id = "run/raw-socket",
    .title = "a raw, packet or machine socket was asked for",
    .source = "MITRE ATT&CK T1040, T1095",
    .severity = SP_SEVERITY_REVIEW,
    .evidence = "a socket of AF_PACKET, AF_VSOCK, SOCK_RAW or for ICMP",
    .advice = "find out what it listens for",
    .page = SP_PAGE "runraw-socket",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_SOCKET,
    .read = read_raw_socket,
};

/* ---------------------------------------------------------------------------------------------- the host's
 */

struct host_socket {
    const char *part; /* of the path */
    const char *what;
    enum sp_severity severity;
};
static const struct host_socket host_sockets[] = {
    { "/docker.sock", "Docker, which is root on the host", SP_SEVERITY_BLOCK },
    { "/containerd.sock", "containerd, which is root on the host", SP_SEVERITY_BLOCK },
    { "/podman.sock", "Podman", SP_SEVERITY_BLOCK },
    { "/crio.sock", "CRI-O, which is root on the host", SP_SEVERITY_BLOCK },
    { "/ssh-agent", "the SSH agent", SP_SEVERITY_BLOCK },
    { "/.ssh/agent/", "the SSH agent", SP_SEVERITY_BLOCK },
    { "/keyring/", "the keyring", SP_SEVERITY_BLOCK },
    { "/S.gpg-agent", "the GnuPG agent", SP_SEVERITY_BLOCK },
    { "/1password/", "the password manager", SP_SEVERITY_BLOCK },
    { "/systemd/private", "systemd", SP_SEVERITY_REVIEW },
    { "/system_bus_socket", "the system's message bus", SP_SEVERITY_REVIEW },
    { "/.X11-unix/", "the screen and the keyboard", SP_SEVERITY_REVIEW },
};

static const struct host_socket *
find_host_socket(const char *path)
{
    for (size_t i = 0; i < SP_COUNT(host_sockets); i++)
        if (strstr(path, host_sockets[i].part))
            return &host_sockets[i];
    /* OpenSSH's own: /tmp/ssh-XXXXXXXXXX/agent.PID */
    static const struct host_socket agent = { "/agent.", "the SSH agent", SP_SEVERITY_BLOCK };
    const char *directory = strstr(path, "/ssh-");
    if (directory && strstr(directory, agent.part))
        return &agent;
    static const struct host_socket bus = { "/bus", "the user's message bus", SP_SEVERITY_REVIEW };
    size_t length = strlen(path);
    return !strncmp(path, "/run/user/", 10) && length > 4 && !strcmp(path + length - 4, "/bus") ? &bus : NULL;
}

static bool
read_host_socket(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    bool asked = event->kind == SP_EVENT_SOCKET;
    if (!event->subject || event->subject[0] != '/' ||
        (asked && event->value != SP_SOCKET_CONNECT && event->value != SP_SOCKET_SEND))
        return false;
    const struct host_socket *found = find_host_socket(event->subject);
    if (!found || (!asked && found->severity != SP_SEVERITY_BLOCK))
        return false;
    /* to look whether it is there is what tools that work with containers do when they start */
    remark->severity = asked                           ? found->severity
                       : event->phase == SP_PHASE_LOAD ? SP_SEVERITY_NONE
                                                       : SP_SEVERITY_REVIEW;
    SP_SAY(remark, "%s %s, the socket of %s, %s", asked ? "asks for" : "looks for",
           sp_shown_path(behaviour, shown, event->subject), found->what, sp_phase_words(event->phase));
    SP_ADVISE(remark, "an install has nothing to say to it; in the sandbox it is out of reach");
    return true;
}

const struct sp_rule sp_rule_host_socket = {
    .id = "run/host-socket",
    .title = "a socket of the host was asked for",
    .source = "MITRE ATT&CK T1611, T1552.004, T1559",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a connection to the socket of Docker, containerd, an SSH or GnuPG agent, a keyring; review of a "
        "message bus, systemd or the screen, or where an agent's or Docker's socket is only looked for",
    .advice = "find out what it wants there",
    .page = SP_PAGE "runhost-socket",
    .who = SP_RULE_PACKAGES,
    .kinds = 1u << SP_EVENT_SOCKET | 1u << SP_EVENT_LOOK,
    .read = read_host_socket,
};
