/* secrets.c: planted secrets that were read, or left. */
#include "behaviour/judge.h"

#include <string.h>

static const struct sp_decoy *
decoy_by_id(const struct sp_behaviour *behaviour, const char *id)
{
    for (size_t i = 0; id && behaviour->decoys && i < behaviour->decoys->count; i++)
        if (!strcmp(behaviour->decoys->items[i].id, id))
            return &behaviour->decoys->items[i];
    return NULL;
}

/* A cloud's own command line reads its own credentials when it starts, and the load phase starts it. */
static bool
is_read_when_loaded(const char *id)
{
    static const char *const ids[] = { "aws-credentials", "gcloud", "azure", "kube",
                                       "vault-token",     "gh",     "pypirc" };
    for (size_t i = 0; i < SP_COUNT(ids); i++)
        if (!strcmp(id, ids[i]))
            return true;
    return false;
}

static bool
read_decoy(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    char path[SP_SHOWN_MAX], title[SP_SHOWN_MAX];
    const struct sp_decoy *decoy = decoy_by_id(behaviour, event->detail);
    if (!decoy || (event->phase == SP_PHASE_LOAD && is_read_when_loaded(decoy->id)))
        remark->severity = SP_SEVERITY_REVIEW;
    else if (!decoy->reading_proves)
        remark->severity = SP_SEVERITY_NONE;
    remark->subject = decoy ? decoy->id : event->subject;
    snprintf(remark->message, sizeof(remark->message), "reads %s (%s) %s",
             sp_shown(title, decoy ? decoy->title : "a planted secret"),
             sp_shown_path(behaviour, path, event->subject), sp_phase_words(event->phase));
    if (remark->severity == SP_SEVERITY_BLOCK)
        snprintf(
            remark->advice, sizeof(remark->advice),
            "do not install it: no honest install reads this; where it ran without a sandbox, replace the "
            "real secret");
    else if (remark->severity == SP_SEVERITY_REVIEW)
        snprintf(remark->advice, sizeof(remark->advice),
                 "a tool that works with these credentials reads them when it starts; anything else has no "
                 "reason to");
    return true;
}

const struct sp_rule sp_rule_decoy_read = {
    .id = "run/decoy-read",
    .title = "a planted secret was read",
    .source = "DESIGN: decoys; MITRE ATT&CK T1552, T1555",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "an SSH key, cloud credentials, a wallet, a browser's or keyring's store was opened; review where "
        "a cloud's own tool is loaded, a note where package managers read the file themselves",
    .advice = "do not install; replace the real secret where it ran without a sandbox",
    .page = SP_PAGE "rundecoy-read",
    .kinds = 1u << SP_EVENT_DECOY, /* comes beside the OPEN */
    .read = read_decoy,
};

/* Labels of a DNS name cut what they carry. */
static const struct sp_decoy *
find_in_name(const struct sp_decoys *decoys, const char *name)
{
    char joined[1024];
    size_t length = 0;
    for (; *name && length < sizeof(joined); name++)
        if (*name != '.')
            joined[length++] = *name;
    return sp_decoys_find(decoys, joined, length);
}

static const struct sp_decoy *
find_in_words(const struct sp_decoys *decoys, const struct sp_event *event)
{
    const struct sp_decoy *decoy = NULL;
    if (!decoys)
        return NULL;
    if (event->subject)
        decoy = sp_decoys_find(decoys, event->subject, strlen(event->subject));
    if (!decoy && event->detail)
        decoy = sp_decoys_find(decoys, event->detail, strlen(event->detail));
    if (!decoy && event->subject && event->kind == SP_EVENT_NAME)
        decoy = find_in_name(decoys, event->subject);
    return decoy;
}

/* A GitHub token that goes to GitHub is what honest downloads of releases do with it, and thieves too. */
static bool
is_own_service(const struct sp_decoy *decoy, const char *where)
{
    if (!where || !decoy->name || (strcmp(decoy->name, "GITHUB_TOKEN") && strcmp(decoy->name, "GH_TOKEN")))
        return false;
    return !strncmp(where, "api.github.com", 14) && (!where[14] || where[14] == ':' || where[14] == '/');
}

/* The host that an HTTP request names; NULL: none. */
static const char *
said_host(const struct sp_event *event, char out[256])
{
    const char *at = event->detail ? strcasestr(event->detail, "\r\nhost:") : NULL;
    if (!at)
        return NULL;
    at += 7;
    at += strspn(at, " ");
    snprintf(out, 256, "%.*s", (int)strcspn(at, "\r\n"), at);
    return out;
}

static bool
read_canary(struct sp_behaviour *behaviour, const struct sp_event *event, struct sp_remark *remark)
{
    bool told = event->kind == SP_EVENT_CANARY, said = event->kind == SP_EVENT_SAID;
    /* a token goes to its own registry through our proxy, which looks for what goes where it should not */
    if (said && sp_is_loopback(event->subject))
        return false;
    const struct sp_decoy *decoy =
        told ? decoy_by_id(behaviour, event->detail) : find_in_words(behaviour->decoys, event);
    if (!decoy && !told)
        return false;
    char title[SP_SHOWN_MAX], where[SP_SHOWN_MAX], host[256];
    const char *way = event->kind == SP_EVENT_NAME ? "in a name looked up, "
                      : event->kind == SP_EVENT_REQUEST || event->kind == SP_EVENT_PACKAGE
                          ? "in a request to the registry, "
                          : "to ";
    if (decoy && ((told && is_own_service(decoy, event->subject)) ||
                  (said && is_own_service(decoy, said_host(event, host)))))
        remark->severity = SP_SEVERITY_REVIEW;
    remark->subject = decoy ? decoy->id : event->detail;
    snprintf(remark->message, sizeof(remark->message), "sends %s %s%s %s",
             sp_shown(title, decoy ? decoy->title : "a planted secret"), way, sp_shown(where, event->subject),
             sp_phase_words(event->phase));
    snprintf(
        remark->advice, sizeof(remark->advice), "%s",
        remark->severity == SP_SEVERITY_BLOCK
            ? "do not install it; where it ran without a sandbox, replace the real secret now"
            : "some installs use this token to download releases; unset it for the install, and look at what "
              "the package does with it");
    return true;
}

const struct sp_rule sp_rule_canary_sent = {
    .id = "run/canary-sent",
    .title = "a planted secret left",
    .source = "DESIGN: decoys; MITRE ATT&CK T1041, T1048",
    .severity = SP_SEVERITY_BLOCK,
    .evidence =
        "a canary, plain or encoded, in what was sent, in a name looked up, or in what the registry was "
        "asked for; also before TLS enciphers it; review where a GitHub token from the environment goes to "
        "GitHub",
    .advice = "do not install; replace the real secret where it ran without a sandbox",
    .page = SP_PAGE "runcanary-sent",
    .kinds = 1u << SP_EVENT_CANARY | 1u << SP_EVENT_NAME | 1u << SP_EVENT_CONNECTION |
             1u << SP_EVENT_DATAGRAM | 1u << SP_EVENT_REQUEST | 1u << SP_EVENT_PACKAGE | 1u << SP_EVENT_SAID,
    .read = read_canary,
};
