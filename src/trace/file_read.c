/* file_read.c: plays a trace. Everything in it is hostile: it may come from a stranger who wants his attack
 * looked at. Memory is bounded by the window, one record and the head, whatever the file says. */
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "trace/file_layout.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

struct reader {
    const char *name; /* for messages */
    const struct sp_trace_reading *reading;
    /* compressed */
    int fd; /* -1: all of it is in .in */
    char *chunk;
    size_t chunk_size;
    ZSTD_inBuffer in;
    bool file_ended;
    ZSTD_DCtx *zstd;
    bool frame_ended;
    /* decompressed */
    char *content;
    size_t content_size, at, end;
    uint64_t total;
    /* what it says */
    struct sp_buffer record;
    uint64_t count, last_time;
    uint64_t numbers[SP_EVENT_NUMBERS_MAX];
};

static void
reader_free(struct reader *reader)
{
    ZSTD_freeDCtx(reader->zstd);
    free(reader->chunk);
    free(reader->content);
    sp_buffer_free(&reader->record);
}

static int
refuse_cut(const struct reader *reader, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%.300s: the trace is cut off; it cannot be judged", reader->name);
}

static int
refuse_altered(const struct reader *reader, const char *what, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%.300s: the trace was altered: %s", reader->name, what);
}

/* ------------------------------------------------------- compressed bytes */

/* Makes sure that .in holds something unless the file has ended. */
static int
fill_in(struct reader *reader, struct sp_error *err)
{
    while (reader->in.pos == reader->in.size && !reader->file_ended) {
        ssize_t count = reader->fd < 0 ? 0 : read(reader->fd, reader->chunk, reader->chunk_size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sp_fail_errno(err, "%.300s: cannot read", reader->name);
        reader->file_ended = count == 0;
        reader->in = (ZSTD_inBuffer){ reader->chunk, (size_t)count, 0 };
    }
    return 0;
}

/* The start, which is not compressed, and the frame's header, which has one form only. */
static int
check_prefix(struct reader *reader, struct sp_error *err)
{
    unsigned char prefix[SP_TRACE_PREFIX_LENGTH];
    size_t length = 0;
    while (length < sizeof(prefix)) {
        if (fill_in(reader, err) < 0)
            return -1;
        size_t left = reader->in.size - reader->in.pos;
        if (!left)
            break;
        size_t more = left < sizeof(prefix) - length ? left : sizeof(prefix) - length;
        memcpy(prefix + length, (const char *)reader->in.src + reader->in.pos, more);
        reader->in.pos += more;
        length += more;
    }
    size_t named = length < SP_TRACE_MAGIC_LENGTH ? length : SP_TRACE_MAGIC_LENGTH;
    if (!length || memcmp(prefix, SP_TRACE_MAGIC, named) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: is no trace of Sallyport%s", reader->name,
                       length ? "" : "; it is empty");
    if (length < SP_TRACE_MAGIC_LENGTH + SP_TRACE_VERSION_LENGTH)
        return refuse_cut(reader, err);
    const unsigned char *v = prefix + SP_TRACE_MAGIC_LENGTH;
    uint32_t version = (uint32_t)v[0] | (uint32_t)v[1] << 8 | (uint32_t)v[2] << 16 | (uint32_t)v[3] << 24;
    if (version != SP_TRACE_VERSION)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: is a trace of version %u; this Sallyport reads version %u", reader->name,
                       version, SP_TRACE_VERSION);
    if (length < sizeof(prefix))
        return refuse_cut(reader, err);
    if (memcmp(v + SP_TRACE_VERSION_LENGTH, SP_TRACE_FRAME, SP_TRACE_FRAME_LENGTH) != 0)
        return refuse_altered(reader, "its compressed part does not begin as one does", err);
    return 0;
}

static int
begin_frame(struct reader *reader, struct sp_error *err)
{
    char nothing;
    ZSTD_inBuffer in = { SP_TRACE_FRAME, SP_TRACE_FRAME_LENGTH, 0 };
    ZSTD_outBuffer out = { &nothing, 0, 0 };
    reader->zstd = ZSTD_createDCtx();
    reader->content_size = ZSTD_DStreamOutSize();
    reader->content = sp_new_array(reader->content_size, 1, err);
    if (!reader->content)
        return -1;
    if (!reader->zstd)
        return sp_fail_memory(err);
    if (ZSTD_isError(ZSTD_DCtx_setParameter(reader->zstd, ZSTD_d_windowLogMax, SP_TRACE_WINDOW_LOG)))
        return sp_fail(err, SP_ERROR_INTERNAL, "zstd does not take the window of a trace");
    if (ZSTD_isError(ZSTD_decompressStream(reader->zstd, &out, &in)) || in.pos != in.size)
        return refuse_altered(reader, "its compressed part does not begin as one does", err);
    return 0;
}

/* --------------------------------------------------------------- content */

/* Makes sure that there is content at .at. 0: there is none any more, the frame ended well. */
static int
fill_content(struct reader *reader, struct sp_error *err)
{
    while (reader->at == reader->end) {
        if (reader->frame_ended)
            return 0;
        if (fill_in(reader, err) < 0)
            return -1;
        ZSTD_outBuffer out = { reader->content, reader->content_size, 0 };
        size_t before = reader->in.pos, left = ZSTD_decompressStream(reader->zstd, &out, &reader->in);
        if (ZSTD_isError(left)) {
            if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
                return sp_fail_memory(err);
            return refuse_altered(reader,
                                  ZSTD_getErrorCode(left) == ZSTD_error_checksum_wrong
                                      ? "its checksum is another"
                                      : "its compressed part is damaged",
                                  err);
        }
        reader->frame_ended = left == 0;
        reader->at = 0;
        reader->end = out.pos;
        reader->total += out.pos;
        if (reader->total > SP_TRACE_CONTENT_MAX)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: unpacks to more than the %llu GiB that are read",
                           reader->name, (unsigned long long)(SP_TRACE_CONTENT_MAX >> 30));
        if (!reader->frame_ended && !out.pos && reader->in.pos == before && reader->file_ended)
            return refuse_cut(reader, err);
    }
    return 1;
}

/* 1: the next byte is in *BYTE; 0: there is none. */
static int
next_byte(struct reader *reader, unsigned char *byte, struct sp_error *err)
{
    int result = fill_content(reader, err);
    if (result > 0)
        *byte = (unsigned char)reader->content[reader->at++];
    return result;
}

/* Reads one record into .record. */
static int
next_record(struct reader *reader, size_t most, const char *what, struct sp_error *err)
{
    uint64_t length = 0;
    unsigned char byte = 0x80;
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (shift > 28)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: %s is longer than the %zu bytes that are read",
                           reader->name, what, most);
        int got = next_byte(reader, &byte, err);
        if (got < 0)
            return -1;
        if (!got)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: the trace is cut off: its last record is missing",
                           reader->name);
        length |= (uint64_t)(byte & 0x7f) << shift;
    }
    if (!length || length > most)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: %s of %llu bytes; 1 to %zu are read", reader->name, what,
                       (unsigned long long)length, most);
    sp_buffer_clear(&reader->record);
    while (reader->record.length < length) {
        int got = fill_content(reader, err);
        if (got < 0)
            return -1;
        if (!got)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: the trace is cut off within a record", reader->name);
        size_t have = reader->end - reader->at, want = (size_t)length - reader->record.length;
        size_t more = have < want ? have : want;
        if (sp_buffer_append(&reader->record, reader->content + reader->at, more, err) < 0)
            return -1;
        reader->at += more;
    }
    return 0;
}

/* ---------------------------------------------------------------- records */

/* What is left of a record. */
struct cursor {
    unsigned char *at, *end;
    bool bad;
};

static uint64_t
get_varint(struct cursor *cursor)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 70 && cursor->at < cursor->end; shift += 7) {
        unsigned char byte = *cursor->at++;
        if (shift == 63 && byte > 1)
            break;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return number;
    }
    cursor->bad = true;
    return 0;
}

static uint64_t
get_number(struct cursor *cursor, unsigned fields, unsigned field, uint64_t most)
{
    uint64_t number = fields & field ? get_varint(cursor) : 0;
    if (number > most || (fields & field && !number)) /* one that is 0 is left out */
        cursor->bad = true;
    return number;
}

/* Moves the string one byte down, over the last byte of its length, so that its NUL has room. */
static const char *
get_string(struct cursor *cursor, unsigned fields, unsigned field)
{
    if (!(fields & field))
        return NULL;
    uint64_t length = get_varint(cursor);
    if (cursor->bad || length > SP_TRACE_STRING_MAX || length > (size_t)(cursor->end - cursor->at) ||
        memchr(cursor->at, '\0', (size_t)length)) {
        cursor->bad = true;
        return NULL;
    }
    unsigned char *string = cursor->at - 1;
    memmove(string, cursor->at, (size_t)length);
    string[length] = '\0';
    cursor->at += length;
    return (const char *)string;
}

static void
get_numbers(struct reader *reader, struct cursor *cursor, struct sp_event *event)
{
    uint64_t count = get_varint(cursor);
    if (!count || count > SP_EVENT_NUMBERS_MAX) {
        cursor->bad = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        reader->numbers[i] = get_varint(cursor);
    event->numbers = reader->numbers;
    event->number_count = (size_t)count;
}

static int
read_event(struct reader *reader, uint64_t kind, struct cursor *cursor, struct sp_error *err)
{
    if (kind >= SP_EVENT_KIND_END)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: event %llu is of an unknown kind (%llu)", reader->name,
                       (unsigned long long)reader->count + 1, (unsigned long long)kind);
    uint64_t phase = get_varint(cursor), all = get_varint(cursor);
    unsigned fields = all <= SP_TRACE_FIELDS_ALL ? (unsigned)all : 0;
    reader->last_time += sp_trace_unzigzag(get_varint(cursor));
    struct sp_event event = { .kind = (enum sp_event_kind)kind, .time = reader->last_time };
    cursor->bad |= phase >= SP_PHASE_COUNT || all > SP_TRACE_FIELDS_ALL;
    event.phase = cursor->bad ? SP_PHASE_FETCH : (enum sp_phase)phase;
    event.pid = (uint32_t)get_number(cursor, fields, SP_TRACE_PID, UINT32_MAX);
    event.process = (uint32_t)get_number(cursor, fields, SP_TRACE_PROCESS, UINT32_MAX);
    event.parent = (uint32_t)get_number(cursor, fields, SP_TRACE_PARENT, UINT32_MAX);
    event.port = (uint16_t)get_number(cursor, fields, SP_TRACE_PORT, UINT16_MAX);
    event.from_port = (uint16_t)get_number(cursor, fields, SP_TRACE_FROM_PORT, UINT16_MAX);
    event.value = (int64_t)sp_trace_unzigzag(get_number(cursor, fields, SP_TRACE_VALUE, UINT64_MAX));
    event.bytes = get_number(cursor, fields, SP_TRACE_BYTES, UINT64_MAX);
    event.package = get_string(cursor, fields, SP_TRACE_PACKAGE);
    event.subject = get_string(cursor, fields, SP_TRACE_SUBJECT);
    event.detail = get_string(cursor, fields, SP_TRACE_DETAIL);
    event.directory = get_string(cursor, fields, SP_TRACE_DIRECTORY);
    if (fields & SP_TRACE_NUMBERS)
        get_numbers(reader, cursor, &event);
    if (cursor->bad || cursor->at != cursor->end)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: event %llu (%s) is damaged", reader->name,
                       (unsigned long long)reader->count + 1, sp_event_kind_name(event.kind));
    reader->count++;
    return reader->reading->event ? reader->reading->event(reader->reading->context, &event, err) : 0;
}

/* After the last record there is nothing: no content, no further frame, no byte. */
static int
read_end(struct reader *reader, struct cursor *cursor, struct sp_error *err)
{
    uint64_t count = get_varint(cursor);
    if (cursor->bad || cursor->at != cursor->end)
        return refuse_altered(reader, "its last record is damaged", err);
    int more = fill_content(reader, err); /* also checks the checksum */
    if (more < 0)
        return -1;
    if (more)
        return refuse_altered(reader, "it goes on after its last record", err);
    if (fill_in(reader, err) < 0)
        return -1;
    if (reader->in.pos < reader->in.size)
        return refuse_altered(reader, "bytes follow its end", err);
    if (count != reader->count)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: the trace holds %llu events and says that it has %llu",
                       reader->name, (unsigned long long)reader->count, (unsigned long long)count);
    return 0;
}

static int
play(struct reader *reader, struct sp_error *err)
{
    if (check_prefix(reader, err) < 0 || begin_frame(reader, err) < 0 ||
        next_record(reader, SP_TRACE_HEAD_MAX, "a head", err) < 0)
        return -1;
    if (memchr(reader->record.bytes, '\0', reader->record.length))
        return refuse_altered(reader, "its head is no text", err);
    if (reader->reading->head &&
        reader->reading->head(reader->reading->context, reader->record.bytes, err) < 0)
        return -1;
    for (;;) {
        if (next_record(reader, SP_TRACE_RECORD_MAX, "a record", err) < 0)
            return -1;
        unsigned char *bytes = (unsigned char *)reader->record.bytes;
        struct cursor cursor = { .at = bytes, .end = bytes + reader->record.length };
        uint64_t kind = get_varint(&cursor);
        if (cursor.bad)
            return refuse_altered(reader, "a record is damaged", err);
        if (kind == SP_TRACE_END)
            return read_end(reader, &cursor, err);
        if (read_event(reader, kind, &cursor, err) < 0)
            return -1;
    }
}

int
sp_trace_read(const char *path, const struct sp_trace_reading *reading, struct sp_error *err)
{
    size_t size;
    sp_autoclose int fd = sp_file_open(path, SIZE_MAX, &size, err);
    if (fd < 0)
        return -1;
    struct reader reader = { .name = path, .reading = reading, .fd = fd, .chunk_size = ZSTD_DStreamInSize() };
    reader.chunk = sp_new_array(reader.chunk_size, 1, err);
    int result = reader.chunk ? play(&reader, err) : -1;
    reader_free(&reader);
    return result;
}

int
sp_trace_read_bytes(const void *bytes, size_t length, const struct sp_trace_reading *reading,
                    struct sp_error *err)
{
    struct reader reader = { .name = "trace", .reading = reading, .fd = -1, .in = { bytes, length, 0 } };
    int result = play(&reader, err);
    reader_free(&reader);
    return result;
}
