/* event.h: what happened in a run, one act at a time: the stream that every eye writes and every judge reads.
 * It knows no kernel: probes, the proxy, the sinkhole, the watched decoys and the landing all speak it. */
#pragma once
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum sp_phase {
    SP_PHASE_FETCH,   /* the command runs, nothing of a package did yet */
    SP_PHASE_BUILD,   /* a source distribution was handed out: its build may run */
    SP_PHASE_INSTALL, /* the first file of a package was written to where packages go */
    SP_PHASE_LOAD,    /* what is new is imported, on a layer that is thrown away */
    SP_PHASE_COUNT,
};
const char *sp_phase_name(enum sp_phase phase); /* "fetch", "build", "install", "load" */

enum sp_event_kind {
    SP_EVENT_PHASE = 1, /* a phase began; subject: what showed it */
    SP_EVENT_PACKAGE,   /* a registry was asked for a package. subject: its name as asked for; package: purl;
                           value: enum sp_severity of door one; detail: the message, where refused */
    SP_EVENT_ARTEFACT,  /* an artefact was served. package: purl; subject: URL; detail: "sha512-..." (SRI
                           form);  bytes: its size; value: 1 from the cache, 0 from the registry, -1 refused
                           (why: detail) */
    SP_EVENT_REQUEST, /* the proxy was asked for something it does not serve. subject: "PUT URL"; detail: why
                       */
    SP_EVENT_DECOY,   /* a decoy was opened. subject: its path inside; detail: the decoy's id */
    SP_EVENT_CANARY, /* a decoy's value left a process for the network. subject: where to; detail: the decoy's
                        id */
    SP_EVENT_NAME,   /* a name was looked up. subject: the name; detail: record type */
    SP_EVENT_CONNECTION, /* a connection that is none of the registry's. subject: address; port; detail: who
                            was meant and what was said ("TLS to evil.example", "GET /x"); bytes: sent by the
                            sandbox; value: 1 answered, 0 refused */
    SP_EVENT_DATAGRAM,   /* the same of a datagram */
    SP_EVENT_PASSED,     /* an --allow-host connection was passed through. subject: name; port; bytes: to the
                            host;     value: bytes back */
    SP_EVENT_WRITE,      /* a change that is no declared output. subject: path; detail: what changed */
    SP_EVENT_LIMIT,      /* a limit was met. subject: "memory", "time", ...; value: the limit */
    SP_EVENT_LOADED,     /* a package was loaded. package; subject: module; value: enum sp_load_outcome;
                            detail: last line of its standard error */
    SP_EVENT_DROPPED,    /* something could not be seen. subject: what; value: how many */
    SP_EVENT_KIND_END,
};
const char *sp_event_kind_name(enum sp_event_kind kind); /* "decoy" */

enum sp_load_outcome { SP_LOAD_DONE, SP_LOAD_FAILED, SP_LOAD_TIMED_OUT, SP_LOAD_KILLED, SP_LOAD_REMEMBERED };
const char *sp_load_outcome_name(enum sp_load_outcome outcome);

/* Strings are borrowed from whoever hands the event on, and valid for that call. NULL: unknown, none. All are
 * hostile: any bytes but NUL. */
struct sp_event {
    enum sp_event_kind kind;
    enum sp_phase phase;
    uint64_t time; /* nanoseconds of CLOCK_MONOTONIC; 0: the moment it is taken */
    uint32_t pid;  /* inside the sandbox; 0 unknown */
    uint16_t port;
    int64_t value;
    uint64_t bytes;
    const char *package; /* purl of the package it is laid to */
    const char *subject;
    const char *detail;
};

/* Where events go. take() must not keep the strings; it is called by one thread at a time unless a sink says
 * otherwise, and cannot fail: what it cannot keep it counts. */
struct sp_event_sink {
    void (*take)(void *context, const struct sp_event *event);
    void *context;
};
static inline void
sp_event_send(const struct sp_event_sink *sink, const struct sp_event *event)
{
    if (sink && sink->take)
        sink->take(sink->context, event);
}

/* One event as bytes, to cross from one of our processes to another in one message. */
#define SP_EVENT_STRING_MAX 8192u /* longer strings are cut */
#define SP_EVENT_BYTES_MAX (3 * SP_EVENT_STRING_MAX + 128)
/* Fills BYTES (of SP_EVENT_BYTES_MAX) and returns the length. */
size_t sp_event_encode(const struct sp_event *event, unsigned char *bytes);
/* Reads LENGTH BYTES, which may come from a process that was taken over; the strings of OUT point into BYTES.
 */
int sp_event_decode(const unsigned char *bytes, size_t length, struct sp_event *out, struct sp_error *err);

/* A sink that sends each event over the SOCK_SEQPACKET socket *FD, and may be called from several threads. */
struct sp_event_sink sp_event_socket_sink(int *fd);
