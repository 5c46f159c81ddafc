#include "eval/packed_lines.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <zstd.h>

#define FILE_MAX ((size_t)2 << 30)
#define CHUNK ((size_t)128 << 10)
#define WINDOW_LOG 27 /* what zstd -19 and --long=27 need at most */

/* Reads more where .chunk is used up. 0: the file has ended. */
static int
fill_chunk(struct sp_packed_lines *lines, struct sp_error *err)
{
    while (lines->chunk_at == lines->chunk_end && !lines->file_ended) {
        ssize_t count = lines->fd < 0 ? 0 : read(lines->fd, lines->chunk, lines->chunk_size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return sp_fail_errno(err, "%.300s: cannot read", lines->path);
        lines->file_ended = count == 0;
        lines->chunk_at = 0;
        lines->chunk_end = (size_t)count;
    }
    return lines->chunk_at < lines->chunk_end;
}

static int
begin(struct sp_packed_lines *lines, struct sp_error *err)
{
    static const char magic[4] = { 0x28, (char)0xb5, 0x2f, (char)0xfd };
    lines->digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!lines->digest || fill_chunk(lines, err) < 0)
        return -1;
    lines->packed = lines->chunk_end >= 4 && !memcmp(lines->chunk, magic, 4);
    if (!lines->packed)
        return 0;
    lines->zstd = ZSTD_createDCtx();
    lines->content = sp_new_array(CHUNK, 1, err);
    if (!lines->content)
        return -1;
    if (!lines->zstd || ZSTD_isError(ZSTD_DCtx_setParameter(lines->zstd, ZSTD_d_windowLogMax, WINDOW_LOG)))
        return sp_fail_memory(err);
    return 0;
}

int
sp_packed_lines_open(struct sp_packed_lines *lines, const char *path, size_t line_limit, size_t total_limit,
                     struct sp_error *err)
{
    size_t size;
    *lines = (struct sp_packed_lines){ .path = path,
                                       .fd = -1,
                                       .line_limit = line_limit,
                                       .total_limit = total_limit,
                                       .owned = true,
                                       .chunk_size = CHUNK };
    lines->fd = sp_file_open(path, FILE_MAX, &size, err);
    lines->chunk = lines->fd < 0 ? NULL : sp_new_array(CHUNK, 1, err);
    return lines->chunk ? begin(lines, err) : -1;
}

int
sp_packed_lines_take(struct sp_packed_lines *lines, const void *bytes, size_t size, const char *path,
                     size_t line_limit, size_t total_limit, struct sp_error *err)
{
    *lines = (struct sp_packed_lines){ .path = path,
                                       .fd = -1,
                                       .line_limit = line_limit,
                                       .total_limit = total_limit,
                                       .chunk = (char *)bytes, /* never written: nothing is read into it */
                                       .chunk_end = size };
    return begin(lines, err);
}

/* Makes sure that there is text at .at. 0: there is none any more. */
static int
fill_content(struct sp_packed_lines *lines, const char **text, struct sp_error *err)
{
    if (!lines->packed) {
        int more = lines->at < lines->end ? 1 : fill_chunk(lines, err);
        if (more > 0 && lines->at == lines->end) {
            lines->at = lines->chunk_at;
            lines->end = lines->chunk_at = lines->chunk_end;
        }
        *text = lines->chunk;
        return more;
    }
    *text = lines->content;
    while (lines->at == lines->end) {
        int more = fill_chunk(lines, err);
        if (more < 0)
            return -1;
        if (more == 0 && !lines->frame_open)
            return 0;
        ZSTD_inBuffer in = { lines->chunk, lines->chunk_end, lines->chunk_at };
        ZSTD_outBuffer out = { lines->content, CHUNK, 0 };
        size_t left = ZSTD_decompressStream(lines->zstd, &out, &in);
        if (ZSTD_isError(left))
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: damaged (zstd: %s); make it again", lines->path,
                           ZSTD_getErrorName(left));
        if (more == 0 && out.pos == 0)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s: cut off; make it again", lines->path);
        lines->frame_open = left != 0;
        lines->chunk_at = in.pos;
        lines->at = 0;
        lines->end = out.pos;
    }
    return 1;
}

int
sp_packed_lines_next(struct sp_packed_lines *lines, char **line, size_t *length, struct sp_error *err)
{
    sp_buffer_clear(&lines->line);
    for (;;) {
        const char *text;
        int more = fill_content(lines, &text, err);
        if (more < 0)
            return -1;
        if (more == 0 && lines->line.length == 0)
            return 0;
        size_t left = more ? lines->end - lines->at : 0;
        const char *start = text + lines->at, *feed = left ? memchr(start, '\n', left) : NULL;
        size_t take = feed ? (size_t)(feed - start) : left, with_feed = take + (feed != NULL);
        lines->total += with_feed;
        if (lines->line.length + take > lines->line_limit)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s:%zu: a line of more than %zu bytes", lines->path,
                           lines->number + 1, lines->line_limit);
        if (lines->total > lines->total_limit)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s: more than %zu MiB of text; give parts of it",
                           lines->path, lines->total_limit >> 20);
        if (with_feed && sp_digest_add(lines->digest, start, with_feed, err) < 0)
            return -1;
        if (sp_buffer_append(&lines->line, start, take, err) < 0)
            return -1;
        lines->at += with_feed;
        if (!feed && more)
            continue;
        lines->number++;
        /* an empty line has no memory of its own yet */
        if (sp_buffer_reserve(&lines->line, 1, err) < 0)
            return -1;
        lines->line.bytes[lines->line.length] = '\0';
        *line = lines->line.bytes;
        *length = lines->line.length;
        return 1;
    }
}

int
sp_packed_lines_digest(struct sp_packed_lines *lines, char out[65], struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    char text[SP_DIGEST_TEXT_MAX];
    int length = sp_digest_finish(lines->digest, value, err);
    if (length < 0)
        return -1;
    for (int i = 0; i < 32; i++)
        snprintf(text + 2 * (size_t)i, 3, "%02x", value[i]);
    memcpy(out, text, 65);
    return 0;
}

void
sp_packed_lines_close(struct sp_packed_lines *lines)
{
    if (lines->fd >= 0)
        close(lines->fd);
    if (lines->owned)
        free(lines->chunk);
    free(lines->content);
    ZSTD_freeDCtx(lines->zstd);
    sp_digest_free(lines->digest);
    sp_buffer_free(&lines->line);
    *lines = (struct sp_packed_lines){ .fd = -1 };
}
