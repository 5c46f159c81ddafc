/* fuzz_kept.c: the first byte chooses: a kept answer as bytes; the same with its digest made right, so that
 * what lies behind it is reached; a body alone. Beyond memory safety it checks that an answer that is taken
 * can be written and read again, and that a body never unpacks to more than was stated. */
#include "metadata/kept.h"
#include "base/digest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
unpack(const char *packed, size_t size, uint64_t length)
{
    struct sp_error err = { 0 };
    sp_autobody struct sp_body body;
    sp_body_begin(&body, -1);
    if (sp_kept_unpack(packed, size, length, &body, &err) == 0)
        must(body.length == length && body.bytes && !body.bytes[length]);
    else
        must(err.code == SP_ERROR_INPUT && *err.text && body.length <= length);
}

static void
read_answer(const char *bytes, size_t size)
{
    struct sp_kept kept, again;
    const char *packed, *packed_again;
    size_t packed_size, again_size;
    sp_autobuffer struct sp_buffer written = { 0 };
    if (!sp_kept_read(&kept, bytes, size, &packed, &packed_size))
        return;
    must(packed >= bytes && packed + packed_size == bytes + size);
    must(sp_kept_is_plain(kept.url) && sp_kept_is_plain(kept.etag) && kept.status >= 100);
    unpack(packed, packed_size, kept.length > 1 << 20 ? 1 << 20 : kept.length);
    must(sp_kept_write(&kept, packed, packed_size, &written, NULL) == 0);
    must(sp_buffer_append(&written, packed, packed_size, NULL) == 0);
    must(sp_kept_read(&again, written.bytes, written.length, &packed_again, &again_size));
    must(again_size == packed_size && memcmp(&kept, &again, sizeof(kept)) == 0);
}

/* The digest's line is put where it belongs: between the lines before it and the body. */
static void
read_signed(const char *bytes, size_t size)
{
    static const char line[] = "digest: ";
    unsigned char value[SP_DIGEST_MAX];
    char text[SP_DIGEST_TEXT_MAX];
    const char *end = memmem(bytes, size, "\n\n", 2);
    size_t head = end ? (size_t)(end - bytes) + 1 : size, body = end ? head + 1 : size;
    sp_autobuffer struct sp_buffer whole = { 0 };
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, NULL);
    must(digest && sp_digest_add(digest, bytes, head, NULL) == 0 &&
         sp_digest_add(digest, bytes + body, size - body, NULL) == 0);
    int length = sp_digest_finish(digest, value, NULL);
    sp_digest_write_hex(text, value, (size_t)length);
    must(sp_buffer_append(&whole, bytes, head, NULL) == 0 &&
         sp_buffer_printf(&whole, NULL, "%s%s\n\n", line, text) == 0 &&
         sp_buffer_append(&whole, bytes + body, size - body, NULL) == 0);
    /* exactly as long as the file, so that a read beyond it is seen */
    sp_autofree char *exact = malloc(whole.length);
    must(exact != NULL);
    memcpy(exact, whole.bytes, whole.length);
    read_answer(exact, whole.length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    sp_autofree char *exact = malloc(size);
    must(exact != NULL);
    memcpy(exact, bytes + 1, size - 1);
    switch (bytes[0] % 3) {
    case 0:
        read_answer(exact, size - 1);
        break;
    case 1:
        read_signed(exact, size - 1);
        break;
    default:
        unpack(exact, size - 1, 70000);
    }
    return 0;
}
