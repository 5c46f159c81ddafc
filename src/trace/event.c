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
    [SP_EVENT_PHASE] = "phase",       [SP_EVENT_PACKAGE] = "package",
    [SP_EVENT_ARTEFACT] = "artefact", [SP_EVENT_REQUEST] = "request",
    [SP_EVENT_DECOY] = "decoy",       [SP_EVENT_CANARY] = "canary",
    [SP_EVENT_NAME] = "name",         [SP_EVENT_CONNECTION] = "connection",
    [SP_EVENT_DATAGRAM] = "datagram", [SP_EVENT_PASSED] = "passed",
    [SP_EVENT_WRITE] = "write",       [SP_EVENT_LIMIT] = "limit",
    [SP_EVENT_LOADED] = "loaded",     [SP_EVENT_DROPPED] = "dropped",
    [SP_EVENT_COMMAND] = "command",   [SP_EVENT_PLACE] = "place",
    [SP_EVENT_FORK] = "fork",         [SP_EVENT_EXEC] = "exec",
    [SP_EVENT_EXIT] = "exit",         [SP_EVENT_COUNTS] = "counts",
    [SP_EVENT_OPEN] = "open",         [SP_EVENT_LOOK] = "look",
    [SP_EVENT_BYTES] = "bytes",       [SP_EVENT_CHANGE] = "change",
    [SP_EVENT_SOCKET] = "socket",     [SP_EVENT_TCP] = "tcp",
    [SP_EVENT_SAID] = "said",         [SP_EVENT_CODE] = "code",
};

static const char *const file_act_names[SP_FILE_ACT_COUNT] = {
    [SP_FILE_UNLINK] = "unlink",     [SP_FILE_RMDIR] = "rmdir",     [SP_FILE_RENAME] = "rename",
    [SP_FILE_LINK] = "link",         [SP_FILE_SYMLINK] = "symlink", [SP_FILE_MKDIR] = "mkdir",
    [SP_FILE_MKNOD] = "mknod",       [SP_FILE_MODE] = "mode",       [SP_FILE_OWNER] = "owner",
    [SP_FILE_TRUNCATE] = "truncate", [SP_FILE_TIMES] = "times",     [SP_FILE_XATTR] = "xattr",
};

static const char *const socket_names[SP_SOCKET_ACT_COUNT] = {
    [SP_SOCKET_OPENED] = "opened", [SP_SOCKET_CONNECT] = "connect", [SP_SOCKET_SEND] = "send",
    [SP_SOCKET_BIND] = "bind",     [SP_SOCKET_LISTEN] = "listen",   [SP_SOCKET_ACCEPT] = "accept",
};

static const char *const code_names[SP_CODE_COUNT] = {
    [SP_CODE_MEMFD] = "memfd",     [SP_CODE_MAPPED] = "mapped",   [SP_CODE_MEMORY_MAPPED] = "memory-mapped",
    [SP_CODE_PTRACE] = "ptrace",   [SP_CODE_RENAMED] = "renamed", [SP_CODE_STRING] = "string",
    [SP_CODE_MARSHAL] = "marshal", [SP_CODE_FOREIGN] = "foreign",
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
sp_file_act_name(enum sp_file_act act)
{
    return (unsigned)act < SP_FILE_ACT_COUNT ? file_act_names[act] : "unknown";
}

const char *
sp_socket_act_name(enum sp_socket_act act)
{
    return (unsigned)act < SP_SOCKET_ACT_COUNT ? socket_names[act] : "unknown";
}

const char *
sp_code_name(enum sp_code code)
{
    return (unsigned)code < SP_CODE_COUNT ? code_names[code] : "unknown";
}

const char *
sp_load_outcome_name(enum sp_load_outcome outcome)
{
    return (unsigned)outcome < SP_COUNT(outcome_names) ? outcome_names[outcome] : "unknown";
}

/* ------------------------------------------------------------------ as bytes */

/* One machine, one program: the layout is the compiler's, the version guards against a mix of builds. */
struct wire {
    uint32_t version, kind, phase, pid, process, parent;
    uint64_t time, bytes;
    int64_t value;
    uint16_t port, from_port;
    uint32_t number_count;
    uint32_t lengths[4]; /* with the NUL; 0: no string */
};

#define WIRE_VERSION 2u

static uint32_t
wire_length(const char *string)
{
    return string ? (uint32_t)strnlen(string, SP_EVENT_STRING_MAX - 1) + 1 : 0;
}

size_t
sp_event_encode(const struct sp_event *event, unsigned char *bytes)
{
    const char *strings[4] = { event->package, event->subject, event->detail, event->directory };
    uint32_t numbers =
        event->number_count < SP_EVENT_NUMBERS_MAX ? (uint32_t)event->number_count : SP_EVENT_NUMBERS_MAX;
    struct wire wire = {
        .version = WIRE_VERSION,
        .kind = event->kind,
        .phase = event->phase,
        .pid = event->pid,
        .process = event->process,
        .parent = event->parent,
        .time = event->time,
        .bytes = event->bytes,
        .value = event->value,
        .port = event->port,
        .from_port = event->from_port,
        .number_count = event->numbers ? numbers : 0,
    };
    size_t at = sizeof(wire) + wire.number_count * sizeof(uint64_t);
    if (wire.number_count)
        memcpy(bytes + sizeof(wire), event->numbers, wire.number_count * sizeof(uint64_t));
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
    const char *strings[4] = { NULL };
    if (length < sizeof(wire))
        return sp_fail(err, SP_ERROR_INPUT, "an event of %zu bytes is too short", length);
    memcpy(&wire, bytes, sizeof(wire));
    if (wire.version != WIRE_VERSION || !wire.kind || wire.kind >= SP_EVENT_KIND_END ||
        wire.phase >= SP_PHASE_COUNT || wire.number_count > SP_EVENT_NUMBERS_MAX)
        return sp_fail(err, SP_ERROR_INPUT, "an event of an unknown kind (%u)", wire.kind);
    size_t at = sizeof(wire) + wire.number_count * sizeof(uint64_t);
    if (at > length || (uintptr_t)bytes % _Alignof(uint64_t))
        return sp_fail(err, SP_ERROR_INPUT, "an event whose numbers do not fit it");
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
        .process = wire.process,
        .parent = wire.parent,
        .port = wire.port,
        .from_port = wire.from_port,
        .value = wire.value,
        .bytes = wire.bytes,
        .package = strings[0],
        .subject = strings[1],
        .detail = strings[2],
        .directory = strings[3],
        .numbers = wire.number_count ? (const uint64_t *)(const void *)(bytes + sizeof(wire)) : NULL,
        .number_count = wire.number_count,
    };
    return 0;
}

static void
send_over_socket(void *context, const struct sp_event *event)
{
    _Alignas(uint64_t) unsigned char bytes[SP_EVENT_BYTES_MAX];
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
