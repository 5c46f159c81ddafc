/* read.h: the ring of evidence and the exact counts, as the helper hands them over, turned into events. Needs
 * no privilege: everything is mapped. Private to src/probe. */
#pragma once
#include "probe/wire.h"
#include "sandbox/decoys.h"
#include "trace/event.h"

struct sp_probe_reader;
/* FDS as sp_eyes_fds gives them (ring, counts, control); they may be closed afterwards. DECOYS (NULL: none)
 * are borrowed. */
int sp_probe_read_open(struct sp_probe_reader **out, const int fds[3], const struct sp_decoys *decoys,
                       struct sp_error *err);
/* Readable when the kernel said that there is something urgent; until the next drain. */
int sp_probe_read_fd(const struct sp_probe_reader *reader);
/* Hands on what is in the ring. 1: there was some; 0: none; -1: the ring holds what no program of ours
 * writes. */
int sp_probe_read_drain(struct sp_probe_reader *reader, const struct sp_event_sink *sink,
                        struct sp_error *err);
/* Tells what went through a file and was not told yet. */
void sp_probe_read_leftover(struct sp_probe_reader *reader, const struct sp_wire_file *file,
                            const struct sp_event_sink *sink);
/* After the last drain: the counts of every process, and what was lost. */
void sp_probe_read_end(struct sp_probe_reader *reader, const struct sp_event_sink *sink);
/* How many connections, datagrams and packets were refused so far. */
uint64_t sp_probe_read_refused(const struct sp_probe_reader *reader);
void sp_probe_read_close(struct sp_probe_reader *reader); /* NULL is fine */

/* decode.c: one record as an event. Strings of the event are in TEXT until the next call. */
struct sp_wire_text;
int sp_wire_text_new(struct sp_wire_text **out, const struct sp_decoys *decoys, struct sp_error *err);
void sp_wire_text_free(struct sp_wire_text *text);
/* LENGTH bytes at BYTES. 1: EVENT was filled; 0: the record belongs to one that follows, or says nothing; -1:
 * it is none of ours. */
int sp_wire_decode(struct sp_wire_text *text, const void *bytes, size_t length, struct sp_event *event);
/* The path of a file that was opened before; NULL: not known any more. */
const char *sp_wire_path(const struct sp_wire_text *text, uint32_t device, uint64_t inode);
/* Whether EVENT, just decoded, is an open of a decoy, or a question for a name: *MORE then says so. */
bool sp_wire_more(struct sp_wire_text *text, const struct sp_event *event, struct sp_event *more);
