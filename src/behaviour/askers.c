/* askers.c: whose a connection is by its port, a looked-up name by who asked for it, an opened decoy by who
 * opened it. Where two could have been it, nobody is named. */
#include "behaviour/attribution_parts.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#define PORTS 65536u
#define DECOYS_MAX 4096u
#define DNS_PORT 53
#define DNS_HEAD 12
#define DNS_NAME_MAX 253

struct sp_port {
    uint32_t process;
    bool opening; /* SYN_SENT was seen, and no answer yet */
};

static bool
make_ports(struct sp_askers *askers)
{
    if (!askers->ports)
        askers->ports = sp_new_array((size_t)2 * PORTS, sizeof(*askers->ports), NULL);
    return askers->ports;
}

static unsigned
take_port(struct sp_askers *askers, bool udp, uint16_t port, uint32_t process)
{
    if (!port)
        return 0;
    if (!make_ports(askers))
        return 1;
    askers->ports[(udp ? PORTS : 0) + port] = (struct sp_port){ .process = process };
    return 0;
}

static unsigned
take_tcp(struct sp_askers *askers, const struct sp_process *process, const struct sp_event *event)
{
    if (!event->bytes || event->bytes >= PORTS)
        return 0;
    uint16_t port = (uint16_t)event->bytes;
    int before = (int)(event->value >> 8 & 0xff), after = (int)(event->value & 0xff);
    if (!make_ports(askers))
        return 1;
    struct sp_port *entry = &askers->ports[port];
    if (after == TCP_SYN_SENT || after == TCP_LISTEN) {
        *entry = (struct sp_port){ .process = process->number, .opening = after == TCP_SYN_SENT };
    } else if (before == TCP_SYN_SENT) {
        /* A port that was chosen while connecting is told with ESTABLISHED first. Where SYN_SENT told it, the
         * answer may be taken in by whoever happens to run. */
        if (!entry->opening && after == TCP_ESTABLISHED)
            entry->process = process->number;
        entry->opening = false;
    }
    return 0;
}

/* ---------------------------------------------------------------- names */

/* Lower case, without the last dot. Returns the length; 0: no name. */
static size_t
fold_name(const char *name, char out[DNS_NAME_MAX + 1])
{
    size_t length = strnlen(name, DNS_NAME_MAX + 2);
    if (length && name[length - 1] == '.')
        length--;
    if (length > DNS_NAME_MAX)
        return 0;
    for (size_t i = 0; i < length; i++)
        out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i];
    out[length] = '\0';
    return length;
}

static unsigned
take_asker(struct sp_askers *askers, struct sp_map *map, size_t max, const char *key, size_t length,
           const struct sp_process *process, bool latest)
{
    uint32_t at;
    if (sp_map_get(map, key, length, &at)) {
        struct sp_asker *asker = &askers->items[at];
        asker->several = !latest && (asker->several || asker->actor != process->actor);
        asker->process = process->number;
        asker->actor = process->actor;
        return 0;
    }
    if (map->count >= max || sp_grow(askers->items, askers->capacity, askers->count + 1, NULL) < 0 ||
        sp_map_set(map, key, length, (uint32_t)askers->count, NULL) < 0)
        return 1;
    askers->items[askers->count++] = (struct sp_asker){ .process = process->number, .actor = process->actor };
    return 0;
}

static unsigned
take_name(struct sp_askers *askers, const struct sp_process *process, const char *name)
{
    char folded[DNS_NAME_MAX + 1];
    size_t length = name ? fold_name(name, folded) : 0;
    return length ? take_asker(askers, &askers->names, SP_NAMES_MAX, folded, length, process, false) : 0;
}

/* Reads the first question of the DNS message of LENGTH BYTES. Source: RFC 1035, 4.1. */
static bool
read_question(const unsigned char *bytes, size_t length, char out[DNS_NAME_MAX + 1])
{
    size_t at = DNS_HEAD, written = 0;
    /* a query (QR clear) with one question */
    if (length <= DNS_HEAD || bytes[2] & 0x80 || bytes[4] || bytes[5] != 1)
        return false;
    while (at < length && bytes[at]) {
        size_t label = bytes[at++];
        if (label > 63 || label > length - at || written + label + 1 > DNS_NAME_MAX + 1)
            return false;
        if (written)
            out[written++] = '.';
        if (written + label > DNS_NAME_MAX || memchr(bytes + at, '\0', label))
            return false;
        memcpy(out + written, bytes + at, label);
        written += label;
        at += label;
    }
    out[written] = '\0';
    return written && at < length;
}

static unsigned
take_said(struct sp_askers *askers, const struct sp_process *process, const struct sp_event *event)
{
    unsigned char bytes[512] = { 0 };
    char name[DNS_NAME_MAX + 1];
    size_t length = 0;
    if (event->port != DNS_PORT || !event->detail)
        return 0;
    for (const char *at = event->detail; *at && length < sizeof(bytes); at++) {
        bool nul = (unsigned char)at[0] == 0xc0 && (unsigned char)at[1] == 0x80;
        bytes[length++] = nul ? 0 : (unsigned char)*at;
        at += nul;
    }
    /* over TCP two bytes of length come first */
    if (read_question(bytes, length, name) || (length > 2 && read_question(bytes + 2, length - 2, name)))
        return take_name(askers, process, name);
    return 0;
}

/* ---------------------------------------------------------------- */

static bool
is_udp(const struct sp_event *event)
{
    return event->kind == SP_EVENT_DATAGRAM ||
           (event->kind == SP_EVENT_SOCKET && event->detail && !strncmp(event->detail, "udp", 3));
}

/* Local addresses of sockets: of a bind it is the event's own. */
static unsigned
take_socket(struct sp_askers *askers, const struct sp_process *process, const struct sp_event *event)
{
    bool tcp = event->detail && !strncmp(event->detail, "tcp", 3);
    if (!tcp && !is_udp(event))
        return 0;
    if (event->value == SP_SOCKET_BIND || event->value == SP_SOCKET_LISTEN)
        return event->bytes ? 0 : take_port(askers, !tcp, event->port, process->number);
    return take_port(askers, !tcp, event->from_port, process->number);
}

unsigned
sp_askers_take(struct sp_askers *askers, const struct sp_process *process, const struct sp_event *event)
{
    switch (event->kind) {
    case SP_EVENT_TCP:
        return take_tcp(askers, process, event);
    case SP_EVENT_SOCKET:
        return take_socket(askers, process, event);
    case SP_EVENT_NAME:
        return take_name(askers, process, event->subject);
    case SP_EVENT_SAID:
        return take_said(askers, process, event);
    case SP_EVENT_OPEN: {
        size_t length = event->detail && event->subject ? strnlen(event->subject, SP_KEY_MAX) : 0;
        return length ? take_asker(askers, &askers->decoys, DECOYS_MAX, event->subject, length, process, true)
                      : 0;
    }
    default:
        return 0;
    }
}

uint32_t
sp_askers_find(const struct sp_askers *askers, const struct sp_event *event)
{
    char folded[DNS_NAME_MAX + 1];
    const struct sp_map *map = NULL;
    const char *key = event->subject;
    size_t length = 0;
    uint32_t at, process = 0;
    if (event->from_port && askers->ports && event->kind != SP_EVENT_NAME)
        process = askers->ports[(is_udp(event) ? PORTS : 0) + event->from_port].process;
    if (process || !key)
        return process;
    if (event->kind == SP_EVENT_NAME) {
        map = &askers->names;
        length = fold_name(key, folded);
        key = folded;
    } else if (event->kind == SP_EVENT_DECOY) {
        map = &askers->decoys;
        length = strnlen(key, SP_KEY_MAX);
    }
    if (!map || !length || !sp_map_get(map, key, length, &at) || askers->items[at].several)
        return 0;
    return askers->items[at].process;
}

void
sp_askers_free(struct sp_askers *askers)
{
    free(askers->ports);
    free(askers->items);
    sp_map_free(&askers->names);
    sp_map_free(&askers->decoys);
}
