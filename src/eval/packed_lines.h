/* packed_lines.h: the lines of a text that may be packed with zstd, read as a stream: memory is bounded by
 * one line and zstd's window, whatever the file says. */
#pragma once
#include "base/buffer.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>

struct sp_packed_lines {
    const char *path; /* borrowed, for messages */
    size_t number;    /* of the line last returned, from 1 */
    /* private */
    int fd; /* -1: all of it is in .chunk */
    size_t line_limit, total, total_limit;
    char *chunk, *content; /* as it lies; unpacked */
    bool owned;            /* .chunk is ours */
    size_t chunk_size, chunk_at, chunk_end, at, end;
    bool packed, file_ended, frame_open;
    struct ZSTD_DCtx_s *zstd;
    struct sp_digest *digest; /* of the text, unpacked */
    struct sp_buffer line;
};

/* Opens the regular file PATH. Lines above LINE_LIMIT bytes and a text above TOTAL_LIMIT (unpacked) are
 * errors. Free with sp_packed_lines_close, also after an error. */
int sp_packed_lines_open(struct sp_packed_lines *lines, const char *path, size_t line_limit,
                         size_t total_limit, struct sp_error *err);
/* The same of SIZE bytes in memory, which must stay until the end; PATH is for messages. */
int sp_packed_lines_take(struct sp_packed_lines *lines, const void *bytes, size_t size, const char *path,
                         size_t line_limit, size_t total_limit, struct sp_error *err);
/* 1: *LINE (without its LF, NUL-terminated, may hold NUL bytes and be changed; valid until the next call) and
 * *LENGTH are set; 0: end. */
int sp_packed_lines_next(struct sp_packed_lines *lines, char **line, size_t *length, struct sp_error *err);
/* At the end: the SHA-256 of the unpacked text, in hexadecimal. */
int sp_packed_lines_digest(struct sp_packed_lines *lines, char out[65], struct sp_error *err);
void sp_packed_lines_close(struct sp_packed_lines *lines);
#define sp_autopackedlines __attribute__((cleanup(sp_packed_lines_close)))
