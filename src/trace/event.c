#include "trace/event.h"

#include <string.h>
#include <sys/socket.h>

static const char *const phase_names[SP_PHASE_COUNT] = {
    [SP_PHASE_FETCH] = "fetch",
    [SP_PHASE_BUILD] = "build",
    [SP_PHASE_INSTALL] = "install",
    [SP_PHASE_LOAD] = "load",
};

static const char *const kind_names[SP_EVENT_KIND_END] = {
    [SP_EVENT_PHASE] = "phase",     [SP_EVENT_PACKAGE] = "package",       [SP_EVENT_ARTEFACT] = "artefact",
    [SP_EVENT_REQUEST] = "request", [SP_EVENT_DECOY] = "decoy",           [SP_EVENT_CANARY] = "canary",
    [SP_EVENT_NAME] = "name",       [SP_EVENT_CONNECTION] = "connection", [SP_EVENT_DATAGRAM] = "datagram",
    [SP_EVENT_PASSED] = "passed",   [SP_EVENT_WRITE] = "write",           [SP_EVENT_LIMIT] = "limit",
    [SP_EVENT_LOADED] = "loaded",   [SP_EVENT_DROPPED] = "dropped",
};

static const char *const outcome_names[] = {
    [SP_LOAD_DONE] = "loaded",   [SP_LOAD_FAILED] = "failed",         [SP_LOAD_TIMED_OUT] = "timed-out",
    [SP_LOAD_KILLED] = "killed", [SP_LOAD_REMEMBERED] = "remembered",
};

const char *
sp_phase_name(enum sp_phase phase)
{
    return (unsigned)phase < SP_PHASE_COUNT ? phase_names[phase] : "unknown";
}

const char *
sp_event_kind_name(enum sp_event_kind kind)
{
    return kind > 0 && kind < SP_EVENT_KIND_END ? kind_names[kind] : "unknown";
}

const char *
sp_load_outcome_name(enum sp_load_outcome outcome)
{
    return (unsigned)outcome < SP_COUNT(outcome_names) ? outcome_names[outcome] : "unknown";
}

/* ------------------------------------------------------------------ as bytes */

/* One machine, one program: the layout is the compiler's, the version guards against a mix of builds. */
struct wire {
    uint32_t version, kind, phase, pid;
    uint64_t time, bytes;
    int64_t value;
    uint32_t port;
    uint32_t lengths[3]; /* with the NUL; 0: no string */
};

#define WIRE_VERSION 1u

static uint32_t
wire_length(const char *string)
{
    return string ? (uint32_t)strnlen(string, SP_EVENT_STRING_MAX - 1) + 1 : 0;
}

size_t
sp_event_encode(const struct sp_event *event, unsigned char *bytes)
{
    const char *strings[3] = { event->package, event->subject, event->detail };
    struct wire wire = {
        .version = WIRE_VERSION,
        .kind = event->kind,
        .phase = event->phase,
        .pid = event->pid,
        .time = event->time,
        .bytes = event->bytes,
        .value = event->value,
        .port = event->port,
    };
    size_t at = sizeof(wire);
    for (size_t i = 0; i < SP_COUNT(strings); i++) {
        wire.lengths[i] = wire_length(strings[i]);
        if (!wire.lengths[i])
            continue;
        memcpy(bytes + at, strings[i], wire.lengths[i] - 1);
        at += wire.lengths[i];
        bytes[at - 1] = '\0';
    }
    memcpy(bytes, &wire, sizeof(wire));
    return at;
}

int
sp_event_decode(const unsigned char *bytes, size_t length, struct sp_event *out, struct sp_error *err)
{
    struct wire wire;
    const char *strings[3] = { NULL };
    if (length < sizeof(wire))
        return sp_fail(err, SP_ERROR_INPUT, "an event of %zu bytes is too short", length);
    memcpy(&wire, bytes, sizeof(wire));
    if (wire.version != WIRE_VERSION || !wire.kind || wire.kind >= SP_EVENT_KIND_END ||
        wire.phase >= SP_PHASE_COUNT || wire.port > UINT16_MAX)
        return sp_fail(err, SP_ERROR_INPUT, "an event of an unknown kind (%u)", wire.kind);
    size_t at = sizeof(wire);
    for (size_t i = 0; i < SP_COUNT(strings); i++) {
        if (!wire.lengths[i])
            continue;
        if (wire.lengths[i] > length - at ||
            strnlen((const char *)bytes + at, wire.lengths[i]) != wire.lengths[i] - 1)
            return sp_fail(err, SP_ERROR_INPUT, "an event whose strings do not fit it");
        strings[i] = (const char *)bytes + at;
        at += wire.lengths[i];
    }
    if (at != length)
        return sp_fail(err, SP_ERROR_INPUT, "an event with %zu bytes too many", length - at);
    *out = (struct sp_event){
        .kind = (enum sp_event_kind)wire.kind,
        .phase = (enum sp_phase)wire.phase,
        .time = wire.time,
        .pid = wire.pid,
        .port = (uint16_t)wire.port,
        .value = wire.value,
        .bytes = wire.bytes,
        .package = strings[0],
        .subject = strings[1],
        .detail = strings[2],
    };
    return 0;
}

static void
send_over_socket(void *context, const struct sp_event *event)
{
    unsigned char bytes[SP_EVENT_BYTES_MAX];
    size_t length = sp_event_encode(event, bytes);
    /* a message is sent whole or not at all, so threads need no lock; a reader that is gone has ended the run
     */
    (void)!send(*(int *)context, bytes, length, MSG_NOSIGNAL);
}

struct sp_event_sink
sp_event_socket_sink(int *fd)
{
    return (struct sp_event_sink){ .take = send_over_socket, .context = fd };
}
