/* buffer.h: bytes that grow. Always NUL-terminated once anything was appended. */
#pragma once
#include "base/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct sp_buffer {
    char *bytes;   /* owned; NULL while empty */
    size_t length; /* without the NUL */
    size_t capacity;
    size_t limit; /* 0: none; else an append beyond this many bytes fails with SP_ERROR_LIMIT */
};

void sp_buffer_free(struct sp_buffer *buffer);
#define sp_autobuffer __attribute__((cleanup(sp_buffer_free)))

/* Empties BUFFER and keeps its memory. */
void sp_buffer_clear(struct sp_buffer *buffer);
/* Makes room for MORE further bytes and the NUL. */
int sp_buffer_reserve(struct sp_buffer *buffer, size_t more, struct sp_error *err);
int sp_buffer_append(struct sp_buffer *buffer, const void *bytes, size_t length, struct sp_error *err);
int sp_buffer_append_string(struct sp_buffer *buffer, const char *string, struct sp_error *err);
int sp_buffer_append_byte(struct sp_buffer *buffer, char byte, struct sp_error *err);
int sp_buffer_printf(struct sp_buffer *buffer, struct sp_error *err, const char *format, ...) SP_PRINTF(3, 4);
/* The bytes as a string, "" while empty; owned by BUFFER, valid until it changes. */
const char *sp_buffer_string(const struct sp_buffer *buffer);
/* Hands the bytes to the caller, who frees them; BUFFER becomes empty. NULL when memory ran out. */
char *sp_buffer_steal(struct sp_buffer *buffer, struct sp_error *err);
