/* Traces from strangers: as they are, and behind a right prefix so that the records are reached too. What is
 * taken holds to the bounds of its header. */
#include "trace/file_layout.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
take(void *context, const struct sp_event *event, struct sp_error *err)
{
    const char *strings[] = { event->package, event->subject, event->detail, event->directory };
    (void)context;
    (void)err;
    if (event->kind <= 0 || event->kind >= SP_EVENT_KIND_END || (unsigned)event->phase >= SP_PHASE_COUNT ||
        event->number_count > SP_EVENT_NUMBERS_MAX || !event->numbers != !event->number_count)
        abort();
    for (size_t i = 0; i < SP_COUNT(strings); i++)
        if (strings[i] && strlen(strings[i]) > SP_TRACE_STRING_MAX)
            abort();
    volatile uint64_t sum = 0;
    for (size_t i = 0; i < event->number_count; i++)
        sum += event->numbers[i];
    return 0;
}

static int
take_head(void *context, const char *head, struct sp_error *err)
{
    (void)context;
    (void)err;
    if (strlen(head) > SP_TRACE_HEAD_MAX)
        abort();
    return 0;
}

/* DATA as the content of a whole file. */
static void
play_content(const uint8_t *data, size_t size, const struct sp_trace_reading *reading)
{
    struct sp_error err;
    size_t space = ZSTD_compressBound(size) + 64;
    char *bytes = malloc(space + 12);
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    if (!bytes || !zstd)
        abort();
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, SP_TRACE_WINDOW_LOG);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0);
    memcpy(bytes, SP_TRACE_MAGIC "\1\0\0\0", 12);
    ZSTD_inBuffer in = { data, size, 0 };
    ZSTD_outBuffer out = { bytes + 12, space, 0 };
    ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_continue);
    if (ZSTD_compressStream2(zstd, &out, &in, ZSTD_e_end))
        abort();
    (void)!sp_trace_read_bytes(bytes, 12 + out.pos, reading, &err);
    ZSTD_freeCCtx(zstd);
    free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sp_trace_reading reading = { .head = take_head, .event = take };
    struct sp_error err;
    if (sp_trace_read_bytes(data, size, &reading, &err) < 0 && err.code != SP_ERROR_INPUT)
        abort();
    play_content(data, size, &reading);
    return 0;
}
