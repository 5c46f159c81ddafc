/* network.c: what was called that is no registry, and what the registry was asked for that it does not serve.
 */
#include "behaviour/judge.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------------------------------- connections */

static bool
is_loopback(const char *address)
{
    return address && (!strncmp(address, "127.", 4) || !strcmp(address, "::1"));
}

/* The name in "TLS to NAME", of letters that --allow-host takes; false: none. */
static bool
tls_name(const char *detail, char out[254])
{
    static const char lead[] = "TLS to ";
    if (!detail || strncmp(detail, lead, sizeof(lead) - 1))
        return false;
    detail += sizeof(lead) - 1;
    size_t length = strspn(detail, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
    if (!length || length > 253 || detail[0] == '-' || (detail[length] && !strchr(" ,;", detail[length])))
        return false;
    memcpy(out, detail, length);
    out[length] = '\0';
    return true;
}

static bool
read_connection(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
                struct sp_remark *remark)
{
    char address[SP_SHOWN_MAX], detail[SP_SHOWN_MAX], name[254], sent[48] = "";
    bool passed = event->kind == SP_EVENT_PASSED, named = tls_name(event->detail, name);
    if (passed || is_loopback(event->subject))
        remark->severity = SP_SEVERITY_NONE;
    if (event->bytes)
        snprintf(sent, sizeof(sent), ", %llu bytes sent", (unsigned long long)event->bytes);
    const char *verb = passed                             ? "was let through to"
                       : event->kind == SP_EVENT_DATAGRAM ? "sends a datagram to"
                                                          : "connects to";
    if (named) {
        remark->subject = event->detail;
        snprintf(remark->message, sizeof(remark->message), "%s %s (%s, port %u%s) %s", verb, name,
                 sp_shown(address, event->subject), event->port, sent, sp_phase_words(event->phase));
    } else {
        snprintf(remark->message, sizeof(remark->message), "%s %s port %u%s%s%s %s", verb,
                 sp_shown(address, event->subject), event->port, event->detail ? " saying " : "",
                 event->detail ? sp_shown(detail, event->detail) : "", sent, sp_phase_words(event->phase));
    }
    if (remark->severity == SP_SEVERITY_NONE)
        return true;
    if (named && event->port == 443)
        snprintf(remark->advice, sizeof(remark->advice),
                 "if it honestly downloads from there: --allow-host %s", name);
    else
        snprintf(remark->advice, sizeof(remark->advice),
                 "only TLS at port 443 can be let through, by name; find out what the package wants there");
    return true;
}

const struct sp_rule sp_rule_connection = {
    .id = "run/connection",
    .title = "something other than the registry was called",
    .source = "DESIGN: sinkhole; MITRE ATT&CK T1071, T1105",
    .severity = SP_SEVERITY_REVIEW,
    .evidence =
        "a connection or datagram to an address outside, with the TLS server name or what was said; a note "
        "where --allow-host let it through or it stays on loopback",
    .advice = "--allow-host NAME for an honest download",
    .page = SP_PAGE "runconnection",
    .kinds = 1u << SP_EVENT_CONNECTION | 1u << SP_EVENT_DATAGRAM | 1u << SP_EVENT_PASSED,
    .read = read_connection,
};

/* ------------------------------------------------------------------------------------------------- names */

#define NAMES_MAX 8192 /* that are told apart; more are not counted */
#define ZONES_MAX 1024
#define MANY 24       /* different random names beneath one zone */
#define LABEL_LONG 40 /* letters of one label: the hashes of honest hosts stay below, carriers do not */
#define NAME_LONG 120

/* Whether LABEL looks like carried bytes and not like words. */
static bool
is_random(const char *label, size_t length)
{
    unsigned seen[256] = { 0 }, digits = 0;
    if (length < 16)
        return false;
    for (size_t i = 0; i < length; i++) {
        seen[(unsigned char)label[i]]++;
        digits += label[i] >= '0' && label[i] <= '9';
    }
    double entropy = 0;
    for (int i = 0; i < 256; i++)
        if (seen[i])
            entropy -= seen[i] / (double)length * log2(seen[i] / (double)length);
    return entropy >= 3.0 && digits * 10 >= length;
}

/* The last two labels. */
static const char *
zone_of(const char *name, size_t length)
{
    size_t dots = 0, at = length;
    while (at > 0 && (name[at - 1] != '.' || ++dots < 2))
        at--;
    return name + at;
}

/* How many different random names were looked up beneath the zone of this one. */
static uint32_t
count_in_zone(struct sp_behaviour *behaviour, const char *name, size_t length, const char *zone)
{
    size_t zone_length = length - (size_t)(zone - name);
    uint32_t count = 0;
    sp_map_get(&behaviour->zones, zone, zone_length, &count);
    if (sp_map_get(&behaviour->names, name, length, NULL))
        return count;
    if (behaviour->names.count >= NAMES_MAX)
        return count;
    sp_map_set(&behaviour->names, name, length, 1, NULL);
    if (count || behaviour->zones.count < ZONES_MAX)
        sp_map_set(&behaviour->zones, zone, zone_length, ++count, NULL);
    return count;
}

static bool
read_name(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    const char *name = event->subject ? event->subject : "";
    size_t length = strnlen(name, 1024);
    while (length && name[length - 1] == '.')
        length--;
    if (!length)
        return false;
    const char *zone = zone_of(name, length);
    bool carries = false;
    bool reverse = length > 5 && !strncasecmp(name + length - 5, ".arpa", 5);
    size_t random_length = 0;
    for (size_t from = 0; from < (size_t)(zone - name) && !reverse;) {
        size_t label = strcspn(name + from, ".");
        if (from + label > length)
            label = length - from;
        if (is_random(name + from, label))
            random_length += label;
        carries |= label >= LABEL_LONG && is_random(name + from, label);
        from += label + 1;
    }
    carries |= length >= NAME_LONG && random_length >= LABEL_LONG;
    uint32_t count = random_length ? count_in_zone(behaviour, name, length, zone) : 0;
    char shown[SP_SHOWN_MAX];
    if (!carries && count < MANY) {
        remark->severity = SP_SEVERITY_NONE;
        snprintf(remark->message, sizeof(remark->message), "looks up %s %s", sp_shown(shown, name),
                 sp_phase_words(event->phase));
        return true;
    }
    remark->subject = zone;
    snprintf(remark->message, sizeof(remark->message),
             "looks up names that seem to carry data beneath one zone, such as %s, %s", sp_shown(shown, name),
             sp_phase_words(event->phase));
    snprintf(
        remark->advice, sizeof(remark->advice),
        "a DNS tunnel works so; nothing of it left the sandbox. Find out what the package encodes in them");
    return true;
}

const struct sp_rule sp_rule_name_lookup = {
    .id = "run/name-lookup",
    .title = "names looked up that carry data",
    .source = "MITRE ATT&CK T1071.004, T1048.003",
    .severity = SP_SEVERITY_REVIEW,
    .evidence =
        "a random label of 40 letters or more, a name of 120 with so many random ones, or 24 different "
        "random names beneath one zone; any other lookup is a note",
    .advice = "find out what the package encodes in the names",
    .page = SP_PAGE "runname-lookup",
    .kinds = 1u << SP_EVENT_NAME,
    .read = read_name,
};

/* ------------------------------------------------------------------------------------------ the registry */

static bool
begins(const char *text, const char *with)
{
    return !strncasecmp(text, with, strlen(with));
}

static bool
read_request(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event, struct sp_remark *remark)
{
    char what[SP_SHOWN_MAX], why[SP_SHOWN_MAX];
    const char *request = event->subject ? event->subject : "";
    bool upload = begins(request, "POST ") && (strstr(request, "/legacy") || strstr(request, "upload.") ||
                                               strstr(request, "/tokens") || strstr(request, "/-/user/"));
    bool publishes =
        begins(request, "PUT ") || begins(request, "DELETE ") || begins(request, "PATCH ") || upload;
    remark->severity = publishes ? SP_SEVERITY_BLOCK : SP_SEVERITY_REVIEW;
    snprintf(remark->message, sizeof(remark->message), "%s %s %s%s%s",
             publishes ? "tries to change the registry:" : "asks the proxy for what it does not serve:",
             sp_shown(what, request), sp_phase_words(event->phase), event->detail ? ": " : "",
             event->detail ? sp_shown(why, event->detail) : "");
    snprintf(remark->advice, sizeof(remark->advice), "%s",
             publishes
                 ? "do not install it: an install never publishes; worms spread so"
                 : "if the host belongs to your registry, name it in the package manager's configuration; "
                   "an honest download elsewhere needs --allow-host");
    return true;
}

const struct sp_rule sp_rule_request = {
    .id = "run/request",
    .title = "the registry was asked for what no install asks",
    .source = "DESIGN: publishing with our token; MITRE ATT&CK T1195.002",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "PUT, DELETE, PATCH or an upload is a block; another host or path is for review",
    .advice = "do not install what publishes; name an honest host in the configuration or by --allow-host",
    .page = SP_PAGE "runrequest",
    .kinds = 1u << SP_EVENT_REQUEST,
    .read = read_request,
};

static bool
read_artefact(struct sp_behaviour *behaviour SP_UNUSED, const struct sp_event *event,
              struct sp_remark *remark)
{
    char what[SP_SHOWN_MAX], why[SP_SHOWN_MAX];
    if (event->value != -1)
        return false;
    snprintf(remark->message, sizeof(remark->message), "the artefact %s was refused: %s",
             sp_shown(what, event->subject), sp_shown(why, event->detail));
    snprintf(
        remark->advice, sizeof(remark->advice),
        "do not install it: what was served is not what was stated; compare the lockfile's digest with the "
        "registry's, and try again without a mirror or cache between");
    return true;
}

const struct sp_rule sp_rule_digest = {
    .id = "run/digest",
    .title = "an artefact is not what was stated",
    .source = "DESIGN: digests; W3C SRI; MITRE ATT&CK T1195.002",
    .severity = SP_SEVERITY_BLOCK,
    .evidence = "the proxy refused an artefact whose digest differs",
    .advice = "compare the lockfile's digest with the registry's",
    .page = SP_PAGE "rundigest",
    .kinds = 1u << SP_EVENT_ARTEFACT,
    .read = read_artefact,
};
