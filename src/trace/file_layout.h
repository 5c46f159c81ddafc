/* file_layout.h: what the writer and the reader of traces agree upon. docs/traces.md says it in words. */
#pragma once
#include "trace/file.h"

/* Uncompressed: the name, the version (32 bits, little-endian), and then one zstd frame to the end. */
#define SP_TRACE_MAGIC "SPTRACE\n"
#define SP_TRACE_MAGIC_LENGTH 8u
#define SP_TRACE_VERSION_LENGTH 4u

/* The frame's header is always the same: its magic number, a descriptor that says "content checksum, no size,
 * no dictionary", and the window. So nothing in it can be changed unnoticed, and a reader's memory is known
 * beforehand. */
#define SP_TRACE_WINDOW_LOG 20
#define SP_TRACE_FRAME "\x28\xb5\x2f\xfd\x04\x50"
#define SP_TRACE_FRAME_LENGTH 6u

#define SP_TRACE_PREFIX_LENGTH (SP_TRACE_MAGIC_LENGTH + SP_TRACE_VERSION_LENGTH + SP_TRACE_FRAME_LENGTH)

#define SP_TRACE_HEAD_MAX ((size_t)16 << 20)
#define SP_TRACE_VARINT_MAX 10u
/* Kind, phase, mask, nine numbers and four lengths, before the strings and the numbers themselves. */
#define SP_TRACE_RECORD_MAX                                                                                  \
    (4u * SP_TRACE_STRING_MAX + SP_TRACE_VARINT_MAX * SP_EVENT_NUMBERS_MAX + 17u * SP_TRACE_VARINT_MAX)
/* Of the whole, decompressed: a small file may not keep a reader busy for days. */
#define SP_TRACE_CONTENT_MAX ((uint64_t)64 << 30)

/* Kind of the last record. */
#define SP_TRACE_END 0u

/* Which fields a record holds, in this order; one that is 0 or NULL is left out. */
enum sp_trace_field {
    SP_TRACE_PID = 1 << 0,
    SP_TRACE_PROCESS = 1 << 1,
    SP_TRACE_PARENT = 1 << 2,
    SP_TRACE_PORT = 1 << 3,
    SP_TRACE_FROM_PORT = 1 << 4,
    SP_TRACE_VALUE = 1 << 5,
    SP_TRACE_BYTES = 1 << 6,
    SP_TRACE_PACKAGE = 1 << 7,
    SP_TRACE_SUBJECT = 1 << 8,
    SP_TRACE_DETAIL = 1 << 9,
    SP_TRACE_DIRECTORY = 1 << 10,
    SP_TRACE_NUMBERS = 1 << 11,
    SP_TRACE_FIELDS_ALL = (1 << 12) - 1,
};

/* Signed numbers near 0 become small unsigned ones: 0, -1, 1, -2 ... */
static inline uint64_t
sp_trace_zigzag(uint64_t number)
{
    return number << 1 ^ (0 - (number >> 63));
}

static inline uint64_t
sp_trace_unzigzag(uint64_t number)
{
    return number >> 1 ^ (0 - (number & 1));
}
