/* file.h: files that may be hostile: a directory, a FIFO or an endless device where a file was expected. */
#pragma once
#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

/* Opens PATH for reading. Anything but a regular file is refused (without blocking on a FIFO), and so is one
 * above LIMIT bytes. Returns the descriptor, which the caller closes, or -1; its size goes to *SIZE. */
int sp_file_open(const char *path, size_t limit, size_t *size, struct sp_error *err);

/* Reads PATH whole into OUT (zero-initialised or reused). Same refusals as sp_file_open; a file that grows
 * while it is read is still held to LIMIT. */
int sp_file_read(const char *path, size_t limit, struct sp_buffer *out, struct sp_error *err);

/* A file mapped read-only. */
struct sp_mapping {
    const unsigned char *bytes; /* NULL for an empty file */
    size_t size;
};
int sp_file_map(struct sp_mapping *out, const char *path, size_t limit, struct sp_error *err);
void sp_mapping_free(struct sp_mapping *mapping);

/* Writes LENGTH bytes to PATH by way of a temporary file beside it, which is renamed over it when complete:
 * a reader sees the old file or the new one, never half. */
int sp_file_write(const char *path, const void *bytes, size_t length, struct sp_error *err);

/* One step down from DIRECTORY, to NAME (LENGTH bytes, which may be hostile), never through a link, never to
 * what begins with a dot, and without waiting for a FIFO. FLAGS: O_DIRECTORY, or 0 to read. -1: there is
 * none.
 */
int sp_step_down(int directory, const char *name, size_t length, int flags);

/* openat2(2), again where the kernel could not be sure: it sees renames and mounts anywhere on the machine
 * while it walks ".." within a root, and then says EAGAIN. FLAGS and RESOLVE as in struct open_how. -1 with
 * errno. */
int sp_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve);

/* Writes all LENGTH bytes, however many calls it takes; -1 with errno. */
int sp_write_all(int fd, const void *bytes, size_t length);

/* Where a file that comes with the program lies: what the environment's VARIABLE says, else NAME where a
 * build or an installation puts it beside the running program, else INSTALLED. May be written into ROOM (SIZE
 * at least 128 bytes). Never NULL. */
const char *sp_shipped_path(char *room, size_t size, const char *variable, const char *name,
                            const char *installed);

/* Lines of a stream, without their LF or CRLF, read as soon as they arrive. */
struct sp_lines {
    int fd;            /* borrowed */
    const char *path;  /* borrowed, for messages */
    size_t line_limit; /* a longer line is cut to this many bytes, and .cut is set for it */
    size_t number;     /* of the line last returned, from 1 */
    bool cut;
    /* private */
    bool ended;
    size_t start, stop;
    char *chunk;
    struct sp_buffer line;
};
/* Prepares LINES, to be freed with sp_lines_free. */
int sp_lines_open(struct sp_lines *lines, int fd, const char *path, size_t line_limit, struct sp_error *err);
/* 1: *LINE (NUL-terminated, may hold NUL bytes; valid until the next call) and *LENGTH are set; 0: end. */
int sp_lines_next(struct sp_lines *lines, const char **line, size_t *length, struct sp_error *err);
/* Whether the next line can be returned without reading from the descriptor. */
bool sp_lines_buffered(const struct sp_lines *lines);
void sp_lines_free(struct sp_lines *lines);
