/* outgoing.c: what is handed to somebody outside, told apart from what is asked of him: an honest install
 * downloads, a thief uploads. Sources: MITRE ATT&CK T1041, T1048, T1071, T1095, T1552.005; RFC 9110, RFC
 * 6455; RFC 3927; instance metadata services of the cloud providers' own manuals. */
#include "behaviour/judge.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define CALLED (1u << SP_EVENT_CONNECTION | 1u << SP_EVENT_DATAGRAM)

/* ------------------------------------------------------------------------------------- metadata services */

static bool
is_metadata_service(const char *whom)
{
    static const char *const services[] = { "169.254.169.254",
                                            "169.254.170.2",
                                            "169.254.170.23",
                                            "fd00:ec2::254",
                                            "100.100.100.200",
                                            "192.0.0.192",
                                            "metadata.google.internal",
                                            "metadata.tencentyun.com",
                                            "metadata",
                                            "instance-data",
                                            "metadata.goog",
                                            NULL };
    for (size_t i = 0; services[i]; i++)
        if (!strcasecmp(whom, services[i]))
            return true;
    return false;
}

static bool
read_metadata_service(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
                      struct sp_remark *remark)
{
    char shown[SP_SHOWN_MAX];
    bool connects = event->kind != SP_EVENT_SOCKET || event->value == SP_SOCKET_CONNECT;
    if (!connects || !event->subject || !is_metadata_service(event->subject))
        return false;
    SP_SAY(remark, "asks the cloud's metadata service (%s) %s", sp_shown(shown, event->subject),
           sp_phase_words(event->phase));
    SP_ADVISE(remark, "do not install it: whoever asks there gets the machine's own credentials");
    return true;
}

const struct sp_rule sp_rule_metadata_service = {
    .id = "run/metadata-service",
    .title = "the cloud's metadata service was asked",
    .source = "MITRE ATT&CK T1552.005",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "a call to the address or name under which a cloud hands a machine its own credentials",
    .advice = "do not install",
    .page = SP_PAGE "runmetadata-service",
    .who = SP_RULE_PACKAGES,
    .kinds = CALLED | 1u << SP_EVENT_SOCKET,
    .read = read_metadata_service,
};

/* ------------------------------------------------------------------------------------------------ uploads */

enum manner { ASKS, CARRIES_BODY, OPENS_CHANNEL, OWN_PROTOCOL };

static bool
begins_with_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strncmp(text, *words, strlen(*words)))
            return true;
    return false;
}

static bool
contains_nocase(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

/* How SAID, the beginning of what was sent, addresses whom it is for. */
static enum manner
manner_of(const char *said)
{
    static const char *const asking[] = { "GET ",    "HEAD ",        "OPTIONS ", "CONNECT ",
                                          "TLS to ", "PRI * HTTP/2", NULL };
    static const char *const carrying[] = { "POST ", "PUT ", "PATCH ", "DELETE ", NULL };
    if (begins_with_any(said, carrying))
        return CARRIES_BODY;
    if (!strcmp(said, SP_CONNECTION_SILENT))
        return ASKS;
    if (begins_with_any(said, asking))
        return contains_nocase(said, "upgrade: websocket") ? OPENS_CHANNEL : ASKS;
    /* a hello of TLS that nobody could read a name from */
    return said[0] == '\x16' || !strncmp(said, "\\x16", 4) ? ASKS : OWN_PROTOCOL;
}

static bool
is_address(const char *whom)
{
    unsigned char space[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, whom, space) == 1 || inet_pton(AF_INET6, whom, space) == 1;
}

static bool
read_data_sent(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
               struct sp_remark *remark)
{
    static const char *const manners[] = { [CARRIES_BODY] = "sends data to",
                                           [OPENS_CHANNEL] = "opens a channel for both ways to",
                                           [OWN_PROTOCOL] = "speaks a protocol of its own with" };
    char whom[SP_SHOWN_MAX];
    const char *said = event->detail ? event->detail : "";
    bool datagram = event->kind == SP_EVENT_DATAGRAM, bare = is_address(event->subject ? event->subject : "");
    if (sp_sent(event) == SP_SENT_NOTHING || event->port == 123 || (!datagram && !*said))
        return false;
    enum manner manner = datagram ? OWN_PROTOCOL : manner_of(said);
    if (manner == ASKS)
        return false;
    /* what the kernel saw names addresses only: the sinkhole knows by which name it was called */
    if (!bare || event->kind == SP_EVENT_SAID || datagram)
        remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = event->kind == SP_EVENT_SAID ? "" : event->subject;
    SP_SAY(remark, "%s %s%s port %u %s", manners[manner], bare ? "the bare address " : "",
           sp_shown(whom, event->subject), event->port, sp_phase_words(event->phase));
    SP_ADVISE(remark, remark->severity == SP_SEVERITY_BLOCK
                          ? "do not install it before you know what it sends: honest services have names"
                          : "find out what it sends: an install downloads, it does not upload");
    return true;
}

const struct sp_rule sp_rule_data_sent = {
    .id = "run/data-sent",
    .title = "data was handed to somebody outside",
    .source = "MITRE ATT&CK T1041, T1048, T1095, T1571",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a request with a body (POST, PUT, PATCH, DELETE), an upgrade to a web socket, a datagram, or a "
        "connection that speaks neither HTTP nor TLS; a block where a connection is made to a bare address "
        "that no name led to, else review",
    .advice = "find out what it sends",
    .page = SP_PAGE "rundata-sent",
    .who = SP_RULE_PACKAGES,
    .kinds = CALLED | 1u << SP_EVENT_SAID,
    .read = read_data_sent,
};
