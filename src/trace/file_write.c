#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "trace/file_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#define LEVEL 3

struct sp_trace_writer {
    char *path, *temporary;
    int fd;
    ZSTD_CCtx *zstd;
    struct sp_buffer record;
    char *out; /* compressed, on its way to the file */
    size_t out_size;
    uint64_t count, content, last_time;
    bool failed;
    struct sp_error err; /* the first failure */
};

static void
writer_free(struct sp_trace_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    ZSTD_freeCCtx(writer->zstd);
    sp_buffer_free(&writer->record);
    free(writer->out);
    free(writer->path);
    free(writer->temporary);
    free(writer);
}

/* ------------------------------------------------------------------- bytes */

static int
write_all(struct sp_trace_writer *writer, const char *bytes, size_t length, struct sp_error *err)
{
    while (length) {
        ssize_t count = write(writer->fd, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sp_fail_errno(err, "%.300s: cannot write the trace", writer->path);
        bytes += count;
        length -= (size_t)count;
    }
    return 0;
}

static int
compress(struct sp_trace_writer *writer, const void *bytes, size_t length, ZSTD_EndDirective directive,
         struct sp_error *err)
{
    ZSTD_inBuffer in = { bytes, length, 0 };
    for (;;) {
        ZSTD_outBuffer out = { writer->out, writer->out_size, 0 };
        size_t left = ZSTD_compressStream2(writer->zstd, &out, &in, directive);
        if (ZSTD_isError(left))
            return sp_fail(err, SP_ERROR_INTERNAL, "%.300s: cannot compress the trace: %s", writer->path,
                           ZSTD_getErrorName(left));
        if (out.pos && write_all(writer, writer->out, out.pos, err) < 0)
            return -1;
        if (directive == ZSTD_e_end ? !left : in.pos == in.size)
            return 0;
    }
}

static size_t
put_varint(unsigned char *out, uint64_t number)
{
    size_t length = 0;
    for (; number >= 0x80; number >>= 7)
        out[length++] = (unsigned char)(number | 0x80);
    out[length++] = (unsigned char)number;
    return length;
}

static int
append_varint(struct sp_buffer *record, uint64_t number, struct sp_error *err)
{
    unsigned char bytes[SP_TRACE_VARINT_MAX];
    return sp_buffer_append(record, bytes, put_varint(bytes, number), err);
}

/* What the record buffer holds, behind its length. */
static int
put_record(struct sp_trace_writer *writer, struct sp_error *err)
{
    unsigned char length[SP_TRACE_VARINT_MAX];
    size_t size = put_varint(length, writer->record.length);
    writer->content += size + writer->record.length;
    if (writer->content > SP_TRACE_CONTENT_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s: the run did more than a trace of %llu GiB holds",
                       writer->path, (unsigned long long)(SP_TRACE_CONTENT_MAX >> 30));
    if (compress(writer, length, size, ZSTD_e_continue, err) < 0)
        return -1;
    return compress(writer, writer->record.bytes, writer->record.length, ZSTD_e_continue, err);
}

/* ------------------------------------------------------------------ events */

static unsigned
fields_of(const struct sp_event *event)
{
    unsigned fields = 0;
    fields |= event->pid ? SP_TRACE_PID : 0;
    fields |= event->process ? SP_TRACE_PROCESS : 0;
    fields |= event->parent ? SP_TRACE_PARENT : 0;
    fields |= event->port ? SP_TRACE_PORT : 0;
    fields |= event->from_port ? SP_TRACE_FROM_PORT : 0;
    fields |= event->value ? SP_TRACE_VALUE : 0;
    fields |= event->bytes ? SP_TRACE_BYTES : 0;
    fields |= event->package ? SP_TRACE_PACKAGE : 0;
    fields |= event->subject ? SP_TRACE_SUBJECT : 0;
    fields |= event->detail ? SP_TRACE_DETAIL : 0;
    fields |= event->directory ? SP_TRACE_DIRECTORY : 0;
    fields |= event->numbers && event->number_count ? SP_TRACE_NUMBERS : 0;
    return fields;
}

static int
append_strings(struct sp_buffer *record, const struct sp_event *event, struct sp_error *err)
{
    const char *strings[] = { event->package, event->subject, event->detail, event->directory };
    for (size_t i = 0; i < SP_COUNT(strings); i++) {
        size_t length = strings[i] ? strnlen(strings[i], SP_TRACE_STRING_MAX) : 0;
        if (strings[i] &&
            (append_varint(record, length, err) < 0 || sp_buffer_append(record, strings[i], length, err) < 0))
            return -1;
    }
    return 0;
}

static int
append_event(struct sp_trace_writer *writer, const struct sp_event *event, struct sp_error *err)
{
    struct sp_buffer *record = &writer->record;
    unsigned fields = fields_of(event);
    uint64_t time = event->time ? event->time : sp_now();
    const struct {
        unsigned field;
        uint64_t number;
    } numbers[] = {
        { SP_TRACE_PID, event->pid },
        { SP_TRACE_PROCESS, event->process },
        { SP_TRACE_PARENT, event->parent },
        { SP_TRACE_PORT, event->port },
        { SP_TRACE_FROM_PORT, event->from_port },
        { SP_TRACE_VALUE, sp_trace_zigzag((uint64_t)event->value) },
        { SP_TRACE_BYTES, event->bytes },
    };
    sp_buffer_clear(record);
    if (append_varint(record, event->kind, err) < 0 || append_varint(record, event->phase, err) < 0 ||
        append_varint(record, fields, err) < 0 ||
        append_varint(record, sp_trace_zigzag(time - writer->last_time), err) < 0)
        return -1;
    writer->last_time = time;
    for (size_t i = 0; i < SP_COUNT(numbers); i++)
        if (fields & numbers[i].field && append_varint(record, numbers[i].number, err) < 0)
            return -1;
    if (append_strings(record, event, err) < 0)
        return -1;
    if (!(fields & SP_TRACE_NUMBERS))
        return 0;
    size_t count = event->number_count < SP_EVENT_NUMBERS_MAX ? event->number_count : SP_EVENT_NUMBERS_MAX;
    if (append_varint(record, count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (append_varint(record, event->numbers[i], err) < 0)
            return -1;
    return 0;
}

void
sp_trace_write(struct sp_trace_writer *writer, const struct sp_event *event)
{
    if (writer->failed)
        return;
    /* what no reader would take is not written: it would spoil the whole */
    if (event->kind <= 0 || event->kind >= SP_EVENT_KIND_END || (unsigned)event->phase >= SP_PHASE_COUNT) {
        writer->failed = true;
        sp_fail(&writer->err, SP_ERROR_INTERNAL, "%.300s: an event of an unknown kind (%d) or phase (%d)",
                writer->path, (int)event->kind, (int)event->phase);
        return;
    }
    if (append_event(writer, event, &writer->err) < 0 || put_record(writer, &writer->err) < 0)
        writer->failed = true;
    else
        writer->count++;
}

/* ---------------------------------------------------------- begin and end */

static int
open_temporary(struct sp_trace_writer *writer, const char *path, struct sp_error *err)
{
    struct stat status;
    size_t length = strlen(path);
    writer->path = sp_new_array(length + 1, 1, err);
    writer->temporary = sp_new_array(length + 8, 1, err);
    if (!writer->path || !writer->temporary)
        return -1;
    memcpy(writer->path, path, length);
    snprintf(writer->temporary, length + 8, "%s.XXXXXX", path);
    /* a rename would put a file in the place of /dev/null */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return sp_fail(err, SP_ERROR_USAGE, "%.300s: is no regular file; name another for the trace", path);
    writer->fd = mkostemp(writer->temporary, O_CLOEXEC); /* of mode 0600 */
    if (writer->fd < 0)
        return sp_fail_errno(err, "%.300s: cannot create the trace", path);
    return 0;
}

static int
begin_frame(struct sp_trace_writer *writer, struct sp_error *err)
{
    writer->zstd = ZSTD_createCCtx();
    writer->out_size = ZSTD_CStreamOutSize();
    writer->out = sp_new_array(writer->out_size, 1, err);
    if (!writer->out)
        return -1;
    if (!writer->zstd)
        return sp_fail_memory(err);
    if (ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_windowLog, SP_TRACE_WINDOW_LOG)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_contentSizeFlag, 0)))
        return sp_fail(err, SP_ERROR_INTERNAL, "zstd does not take the parameters of a trace");
    const unsigned char version[SP_TRACE_VERSION_LENGTH] = { SP_TRACE_VERSION & 0xff,
                                                             SP_TRACE_VERSION >> 8 & 0xff,
                                                             SP_TRACE_VERSION >> 16 & 0xff,
                                                             SP_TRACE_VERSION >> 24 & 0xff };
    if (write_all(writer, SP_TRACE_MAGIC, SP_TRACE_MAGIC_LENGTH, err) < 0)
        return -1;
    return write_all(writer, (const char *)version, sizeof(version), err);
}

int
sp_trace_create(struct sp_trace_writer **out, const char *path, const char *head, struct sp_error *err)
{
    size_t length = strlen(head);
    if (!length || length > SP_TRACE_HEAD_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s: a trace's head of %zu bytes; at most %zu are kept", path,
                       length, SP_TRACE_HEAD_MAX);
    struct sp_trace_writer *writer = sp_new(struct sp_trace_writer, err);
    if (!writer)
        return -1;
    writer->fd = -1;
    if (open_temporary(writer, path, err) < 0) {
        writer_free(writer);
        return -1;
    }
    if (begin_frame(writer, err) < 0 || sp_buffer_append(&writer->record, head, length, err) < 0 ||
        put_record(writer, err) < 0) {
        sp_trace_abandon(writer);
        return -1;
    }
    *out = writer;
    return 0;
}

static int
put_end(struct sp_trace_writer *writer, struct sp_error *err)
{
    sp_buffer_clear(&writer->record);
    if (append_varint(&writer->record, SP_TRACE_END, err) < 0 ||
        append_varint(&writer->record, writer->count, err) < 0 || put_record(writer, err) < 0 ||
        compress(writer, NULL, 0, ZSTD_e_end, err) < 0)
        return -1;
    if (fsync(writer->fd) < 0 || rename(writer->temporary, writer->path) < 0)
        return sp_fail_errno(err, "%.300s: cannot write the trace", writer->path);
    return 0;
}

int
sp_trace_finish(struct sp_trace_writer *writer, struct sp_error *err)
{
    if (writer->failed && err)
        *err = writer->err;
    int result = writer->failed ? -1 : put_end(writer, err);
    if (result < 0)
        sp_trace_abandon(writer);
    else
        writer_free(writer);
    return result;
}

void
sp_trace_abandon(struct sp_trace_writer *writer)
{
    if (writer)
        unlink(writer->temporary);
    writer_free(writer);
}
