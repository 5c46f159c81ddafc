#include "base/buffer.h"

#include <string.h>

void
sp_buffer_free(struct sp_buffer *buffer)
{
    free(buffer->bytes);
    buffer->bytes = NULL;
    buffer->length = buffer->capacity = 0;
}

void
sp_buffer_clear(struct sp_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

int
sp_buffer_reserve(struct sp_buffer *buffer, size_t more, struct sp_error *err)
{
    if (more > SIZE_MAX / 2 - buffer->length)
        return sp_fail_memory(err);
    size_t need = buffer->length + more;
    if (buffer->limit && need > buffer->limit)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %zu bytes", buffer->limit);
    if (need + 1 <= buffer->capacity)
        return 0;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < need + 1)
        capacity += capacity / 2 + 64;
    char *bytes = realloc(buffer->bytes, capacity);
    if (!bytes)
        return sp_fail_memory(err);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return 0;
}

int
sp_buffer_append(struct sp_buffer *buffer, const void *bytes, size_t length, struct sp_error *err)
{
    if (sp_buffer_reserve(buffer, length, err) < 0)
        return -1;
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
    return 0;
}

int
sp_buffer_append_string(struct sp_buffer *buffer, const char *string, struct sp_error *err)
{
    return sp_buffer_append(buffer, string, strlen(string), err);
}

int
sp_buffer_append_byte(struct sp_buffer *buffer, char byte, struct sp_error *err)
{
    return sp_buffer_append(buffer, &byte, 1, err);
}

int
sp_buffer_printf(struct sp_buffer *buffer, struct sp_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        return sp_fail(err, SP_ERROR_INTERNAL, "cannot format '%s'", format);
    if (sp_buffer_reserve(buffer, (size_t)need, err) < 0)
        return -1;
    va_start(args, format);
    vsnprintf(buffer->bytes + buffer->length, (size_t)need + 1, format, args);
    va_end(args);
    buffer->length += (size_t)need;
    return 0;
}

const char *
sp_buffer_string(const struct sp_buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}

char *
sp_buffer_steal(struct sp_buffer *buffer, struct sp_error *err)
{
    if (sp_buffer_reserve(buffer, 0, err) < 0)
        return NULL;
    buffer->bytes[buffer->length] = '\0';
    char *bytes = buffer->bytes;
    buffer->bytes = NULL;
    buffer->length = buffer->capacity = 0;
    return bytes;
}
