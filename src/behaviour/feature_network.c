/* feature_network.c: what was called, by what name and address. */
#include "behaviour/feature_tally.h"

#include <math.h>
#include <strings.h>

#define LABEL_MIN 12 /* letters: the entropy of shorter labels says nothing */

/* An IPv4 address mapped into IPv6 is that address. */
static const char *
plain_address(const char *address)
{
    return strncasecmp(address, "::ffff:", 7) || !strchr(address, '.') ? address : address + 7;
}

static bool
is_unspecified(const char *address)
{
    return !*address || !strcmp(address, "0.0.0.0") || !strcmp(address, "::");
}

/* Loopback, or what leads to it. */
static bool
is_local(const char *address)
{
    address = plain_address(address);
    return is_unspecified(address) || !strncmp(address, "127.", 4) || !strcmp(address, "::1") ||
           !strcasecmp(address, "localhost");
}

static double
entropy_of(const char *label, size_t length)
{
    unsigned seen[256] = { 0 };
    double entropy = 0;
    for (size_t i = 0; i < length; i++)
        seen[(unsigned char)label[i]]++;
    for (int i = 0; i < 256; i++)
        if (seen[i])
            entropy -= seen[i] / (double)length * log2(seen[i] / (double)length);
    return entropy;
}

/* Hash of a name without regard to case and to a dot at its end. */
static uint64_t
hash_name(const struct sp_features *features, const char *name, size_t length)
{
    char plain[256];
    while (length && name[length - 1] == '.')
        length--;
    if (length > sizeof(plain))
        return sp_hash(name, length, features->seed);
    for (size_t i = 0; i < length; i++)
        plain[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 32) : name[i];
    return sp_hash(plain, length, features->seed);
}

static void
take_name(struct sp_features *features, uint32_t at, const char *name)
{
    struct sp_feature_scope *scope = &features->scopes[at];
    size_t length = strlen(name);
    uint64_t hash = hash_name(features, name, length);
    if (!strcasecmp(name, "localhost") || !strcasecmp(name, "localhost."))
        return;
    if ((double)length > scope->maxima[SP_MAX_NAME_LENGTH])
        scope->maxima[SP_MAX_NAME_LENGTH] = (double)length;
    for (const char *label = name; *label;) {
        size_t letters = strcspn(label, ".");
        double entropy = letters >= LABEL_MIN ? entropy_of(label, letters) : 0;
        if (entropy > scope->maxima[SP_MAX_NAME_ENTROPY])
            scope->maxima[SP_MAX_NAME_ENTROPY] = entropy;
        label += letters + (label[letters] == '.');
    }
    if (!sp_feature_has_run(features, SP_SET_REGISTRIES, hash))
        sp_feature_add(features, at, SP_SET_NAMES, hash);
}

/* The host of an artefact's URL is the registry's, also where its name was looked up before. */
static void
take_registry(struct sp_features *features, const char *url)
{
    const char *host = strstr(url, "://");
    if (!host)
        return;
    host += 3;
    const char *end = host + strcspn(host, "/?#"), *user = memchr(host, '@', (size_t)(end - host));
    host = user ? user + 1 : host;
    size_t length = strcspn(host, ":/?#");
    uint64_t hash = hash_name(features, host, length);
    if (length && sp_feature_add_run(features, SP_SET_REGISTRIES, hash))
        sp_feature_discount(features, SP_SET_NAMES, hash);
}

static void
take_tcp(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    const char *remote = event->subject ? plain_address(event->subject) : "";
    const char *local = event->detail ? plain_address(event->detail) : "";
    if (!is_unspecified(local))
        sp_feature_add(features, at, SP_SET_LOCAL_ADDRESSES, sp_feature_hash(features, local));
    if (!is_unspecified(remote))
        sp_feature_add(features, at, SP_SET_REMOTE_ADDRESSES, sp_feature_hash(features, remote));
    if (event->bytes)
        sp_feature_add(features, at, SP_SET_LOCAL_PORTS, event->bytes & 0xffff);
    if (event->port)
        sp_feature_add(features, at, SP_SET_REMOTE_PORTS, event->port);
}

static void
take_socket(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    struct sp_feature_scope *scope = &features->scopes[at];
    bool is_unix = event->detail && !strcmp(event->detail, "unix");
    bool refused = event->bytes == 1;
    switch (event->value) {
    case SP_SOCKET_OPENED:
        scope->sums[SP_SUM_UNUSUAL_SOCKETS]++;
        break;
    case SP_SOCKET_CONNECT:
        if (is_unix)
            break;
        scope->sums[SP_SUM_REFUSED] += refused;
        if (!refused && event->subject && !is_local(event->subject))
            sp_feature_owner(features, at)->called = true;
        break;
    case SP_SOCKET_BIND:
        scope->sums[SP_SUM_BINDS] += !is_unix;
        break;
    case SP_SOCKET_LISTEN:
        scope->sums[SP_SUM_LISTENS] += !is_unix;
        break;
    case SP_SOCKET_ACCEPT:
        scope->sums[SP_SUM_ACCEPTS] += !is_unix;
        break;
    default:
        break;
    }
}

/* What the sinkhole heard, or passed on. */
static void
take_call(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    struct sp_feature_scope *scope = &features->scopes[at];
    if (event->subject && is_local(event->subject))
        return;
    scope->sums[event->kind == SP_EVENT_DATAGRAM ? SP_SUM_DATAGRAMS : SP_SUM_CONNECTIONS]++;
    scope->sums[SP_SUM_REFUSED] += event->kind == SP_EVENT_CONNECTION && event->value == 0;
    if (event->subject)
        sp_feature_add(
            features, at, SP_SET_HOSTS,
            hash_name(features, plain_address(event->subject), strlen(plain_address(event->subject))));
    if (event->kind != SP_EVENT_DATAGRAM)
        sp_feature_owner(features, at)->called = true;
}

void
sp_feature_take_network(struct sp_features *features, uint32_t at, const struct sp_event *event)
{
    struct sp_feature_scope *scope = &features->scopes[at];
    switch (event->kind) {
    case SP_EVENT_ARTEFACT:
        if (event->subject && event->value >= 0)
            take_registry(features, event->subject);
        break;
    case SP_EVENT_REQUEST:
        scope->sums[SP_SUM_REQUESTS]++;
        break;
    case SP_EVENT_NAME:
        if (event->subject)
            take_name(features, at, event->subject);
        break;
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
    case SP_EVENT_PASSED:
        take_call(features, at, event);
        break;
    case SP_EVENT_SOCKET:
        take_socket(features, at, event);
        break;
    case SP_EVENT_TCP:
        take_tcp(features, at, event);
        break;
    case SP_EVENT_SAID: /* what a TLS library was given leaves as another write, and is counted there */
        if (event->value == SP_SAID_WRITE && event->subject && !is_local(event->subject))
            scope->sums[sp_feature_owner(features, at)->sensitive ? SP_SUM_SENT_AFTER : SP_SUM_SENT_BEFORE] +=
                event->bytes;
        break;
    default:
        break;
    }
}
