/* file.h: a run's events as a file, to be kept and played again without a kernel. Layout: docs/traces.md. */
#pragma once
#include "trace/event.h"

/* Strings of events are kept whole up to this; what is longer is cut. */
#define SP_TRACE_STRING_MAX (1u << 20)
#define SP_TRACE_VERSION 1u

struct sp_trace_writer;
/* Makes PATH (replacing what was there only once the trace is whole; mode 0600). HEAD is JSON text that says
 * what run this is, at most 16 MiB; the room does not read it. */
int sp_trace_create(struct sp_trace_writer **out, const char *path, const char *head, struct sp_error *err);
/* Never fails at once: the first failure is kept for sp_trace_finish. */
void sp_trace_write(struct sp_trace_writer *writer, const struct sp_event *event);
/* Ends the file with the count that says it is whole, and frees WRITER whatever happens. */
int sp_trace_finish(struct sp_trace_writer *writer, struct sp_error *err);
/* Frees WRITER and removes what was written. NULL is fine. */
void sp_trace_abandon(struct sp_trace_writer *writer);

struct sp_trace_reading {
    /* Called once, before any event. HEAD lives for the call; -1 ends the reading. */
    int (*head)(void *context, const char *head, struct sp_error *err);
    /* Called for each event, in order; strings live for the call. -1 ends the reading. */
    int (*event)(void *context, const struct sp_event *event, struct sp_error *err);
    void *context;
};
/* Plays PATH. A file that is cut, altered, of another version or no trace at all is refused: SP_ERROR_INPUT
 * with one line that says which. What was handed on before is then void. Memory does not grow with the file.
 */
int sp_trace_read(const char *path, const struct sp_trace_reading *reading, struct sp_error *err);
/* The same from memory, for tests. */
int sp_trace_read_bytes(const void *bytes, size_t length, const struct sp_trace_reading *reading,
                        struct sp_error *err);
