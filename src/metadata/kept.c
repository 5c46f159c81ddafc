#include "metadata/kept.h"
#include "base/digest.h"

#include <inttypes.h>
#include <string.h>
#include <zstd.h>

#define LEVEL 3
#define CHUNK ((size_t)64 << 10)

static const char first_line[] = "sallyport answer 1\n";

/* ---- digests ---- */

/* SHA-256 of both, as text. */
static int
digest_two(char out[SP_KEPT_KEY_SIZE], const void *one, size_t one_length, const void *two, size_t two_length,
           struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    char text[SP_DIGEST_TEXT_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!digest || sp_digest_add(digest, one, one_length, err) < 0 ||
        sp_digest_add(digest, two, two_length, err) < 0)
        return -1;
    int length = sp_digest_finish(digest, value, err);
    if (length < 0)
        return -1;
    sp_digest_write_hex(text, value, (size_t)length);
    snprintf(out, SP_KEPT_KEY_SIZE, "%.64s", text);
    return 0;
}

int
sp_kept_key(char out[SP_KEPT_KEY_SIZE], const char *url, const char *accept, int64_t from, int64_t to,
            const char *authorization, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_buffer_printf(&text, err, "%s\n%s\n%" PRId64 " %" PRId64 "\n", url, accept ? accept : "", from,
                         to) < 0)
        return -1;
    /* "none" and "empty" are two things */
    return digest_two(out, text.bytes, text.length, authorization ? authorization : "",
                      authorization ? strlen(authorization) + 1 : 0, err);
}

/* ---- the head ---- */

bool
sp_kept_is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

int
sp_kept_write(const struct sp_kept *kept, const void *packed, size_t size, struct sp_buffer *out,
              struct sp_error *err)
{
    size_t start = out->length;
    if (sp_buffer_printf(out, err,
                         "%skey: %s\nurl: %s\naccept: %s\nrange: %" PRId64 " %" PRId64 "\n"
                         "status: %ld\ntype: %s\netag: %s\nmodified: %s\nanswered: %s\nwhole: %" PRIu64 "\n"
                         "fetched: %" PRId64 "\nfresh-until: %" PRId64 "\nlength: %" PRIu64 "\n",
                         first_line, kept->key, kept->url, kept->accept, kept->from, kept->to, kept->status,
                         kept->type, kept->etag, kept->modified, kept->answered, kept->whole, kept->fetched,
                         kept->fresh_until, kept->length) < 0)
        return -1;
    char digest[SP_KEPT_KEY_SIZE];
    if (digest_two(digest, out->bytes + start, out->length - start, packed, size, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "digest: %s\n\n", digest);
}

struct head {
    const char *at, *stop;
};

/* The value of the line "NAME: value", which is the next one; false: it is not. */
static bool
read_line(struct head *head, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);
    const char *end = memchr(head->at, '\n', (size_t)(head->stop - head->at));
    if (!end || (size_t)(end - head->at) < length + 2 || memcmp(head->at, name, length) != 0 ||
        memcmp(head->at + length, ": ", 2) != 0)
        return false;
    const char *value = head->at + length + 2;
    size_t value_length = (size_t)(end - value);
    if (value_length >= size)
        return false;
    memcpy(out, value, value_length);
    out[value_length] = '\0';
    head->at = end + 1;
    return strlen(out) == value_length && sp_kept_is_plain(out);
}

/* Digits, and for a signed one a minus before them. */
static bool
read_number(const char **text, bool is_signed, int64_t *out)
{
    const char *at = *text;
    bool minus = is_signed && *at == '-';
    uint64_t value = 0;
    at += minus;
    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value) || value > INT64_MAX)
            return false;
    *out = minus ? -(int64_t)value : (int64_t)value;
    *text = at;
    return true;
}

static bool
read_number_line(struct head *head, const char *name, bool is_signed, int64_t *out)
{
    char text[32];
    const char *at = text;
    return read_line(head, name, text, sizeof(text)) && read_number(&at, is_signed, out) && !*at;
}

static bool
read_range(struct head *head, struct sp_kept *out)
{
    char text[64];
    const char *at = text;
    return read_line(head, "range", text, sizeof(text)) && read_number(&at, true, &out->from) &&
           *at++ == ' ' && read_number(&at, true, &out->to) && !*at;
}

bool
sp_kept_read(struct sp_kept *out, const char *file, size_t size, const char **packed, size_t *packed_size)
{
    size_t first = strlen(first_line);
    char stated[SP_KEPT_KEY_SIZE], digest[SP_KEPT_KEY_SIZE];
    int64_t status, whole, length;
    *out = (struct sp_kept){ 0 };
    if (size < first || memcmp(file, first_line, first) != 0)
        return false;
    struct head head = { file + first, file + (size < SP_KEPT_HEAD_MAX ? size : SP_KEPT_HEAD_MAX) };
    if (!read_line(&head, "key", out->key, sizeof(out->key)) ||
        !read_line(&head, "url", out->url, sizeof(out->url)) ||
        !read_line(&head, "accept", out->accept, sizeof(out->accept)) || !read_range(&head, out) ||
        !read_number_line(&head, "status", false, &status) ||
        !read_line(&head, "type", out->type, sizeof(out->type)) ||
        !read_line(&head, "etag", out->etag, sizeof(out->etag)) ||
        !read_line(&head, "modified", out->modified, sizeof(out->modified)) ||
        !read_line(&head, "answered", out->answered, sizeof(out->answered)) ||
        !read_number_line(&head, "whole", false, &whole) ||
        !read_number_line(&head, "fetched", true, &out->fetched) ||
        !read_number_line(&head, "fresh-until", true, &out->fresh_until) ||
        !read_number_line(&head, "length", false, &length) || status < 100 || status > 599)
        return false;
    out->status = (long)status;
    out->whole = (uint64_t)whole;
    out->length = (uint64_t)length;
    size_t head_length = (size_t)(head.at - file);
    if (!read_line(&head, "digest", stated, sizeof(stated)) || head.at == head.stop || *head.at != '\n')
        return false;
    *packed = head.at + 1;
    *packed_size = size - (size_t)(*packed - file);
    return digest_two(digest, file, head_length, *packed, *packed_size, NULL) == 0 &&
           strcmp(digest, stated) == 0;
}

/* ---- the body ---- */

static void
free_packer(ZSTD_CCtx **packer)
{
    ZSTD_freeCCtx(*packer);
}

static void
free_unpacker(ZSTD_DCtx **unpacker)
{
    ZSTD_freeDCtx(*unpacker);
}

int
sp_kept_pack(const void *bytes, size_t length, struct sp_body *out, struct sp_error *err)
{
    __attribute__((cleanup(free_packer))) ZSTD_CCtx *packer = ZSTD_createCCtx();
    sp_autofree char *chunk = malloc(CHUNK);
    if (!packer || !chunk)
        return sp_fail_memory(err);
    ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setPledgedSrcSize(packer, length);
    ZSTD_inBuffer in = { bytes, length, 0 };
    size_t left;
    do {
        ZSTD_outBuffer piece = { chunk, CHUNK, 0 };
        left = ZSTD_compressStream2(packer, &piece, &in, ZSTD_e_end);
        if (ZSTD_isError(left))
            return sp_fail(err, SP_ERROR_INTERNAL, "zstd: %s", ZSTD_getErrorName(left));
        if (sp_body_add(out, chunk, piece.pos, err) < 0)
            return -1;
    } while (left);
    return sp_body_complete(out, err);
}

static int
fail_damaged(struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "the body of a kept answer is damaged; remove the file");
}

int
sp_kept_unpack(const void *packed, size_t size, uint64_t length, struct sp_body *out, struct sp_error *err)
{
    __attribute__((cleanup(free_unpacker))) ZSTD_DCtx *unpacker = ZSTD_createDCtx();
    sp_autofree char *chunk = malloc(CHUNK);
    if (!unpacker || !chunk)
        return sp_fail_memory(err);
    /* what the window may cost; the packer's own is far below */
    ZSTD_DCtx_setParameter(unpacker, ZSTD_d_windowLogMax, 24);
    ZSTD_inBuffer in = { packed, size, 0 };
    size_t left = 1;
    /* one frame, and nothing behind it */
    while (left) {
        ZSTD_outBuffer piece = { chunk, CHUNK, 0 };
        size_t before = in.pos;
        left = ZSTD_decompressStream(unpacker, &piece, &in);
        if (ZSTD_isError(left) || piece.pos > length - out->length || (!piece.pos && in.pos == before))
            return fail_damaged(err);
        if (sp_body_add(out, chunk, piece.pos, err) < 0)
            return -1;
    }
    if (out->length != length || in.pos != size)
        return fail_damaged(err);
    return sp_body_complete(out, err);
}
