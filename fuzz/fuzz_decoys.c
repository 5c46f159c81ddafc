/* Files of secrets from strangers: the first byte chooses how to read, the rest is the content. Nothing
 * crashes, the same bytes come out where nothing was replaced, the canary stands in what came out, and no
 * needle is short enough to be hit by chance. */
#include "sandbox/mask.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 1 || size > 1 << 16)
        return 0;
    enum sp_mask_kind kind = (enum sp_mask_kind)(bytes[0] % SP_MASK_KIND_COUNT);
    size_t length = size - 1;
    char *content = malloc(length ? length : 1); /* exactly: a byte too far is noticed */
    REQUIRE(content);
    memcpy(content, bytes + 1, length);

    struct sp_arena arena = { 0 };
    struct sp_buffer out = { 0 };
    struct sp_canaries canaries = { .arena = &arena };
    struct sp_error err;
    int masked = sp_mask_file(kind, content, length, &out, &canaries, &err);
    REQUIRE(masked >= 0);
    if (!masked)
        REQUIRE(out.length == length && !memcmp(sp_buffer_string(&out), content, length) && !canaries.count);
    REQUIRE(canaries.count <= SP_SECRETS_MAX + 1);
    if (canaries.count)
        REQUIRE(memmem(out.bytes, out.length, canaries.texts[0], strlen(canaries.texts[0])));
    const char *const *needles = sp_canary_needles(&canaries, &err);
    REQUIRE(needles);
    for (; *needles; needles++)
        REQUIRE(strlen(*needles) >= SP_NEEDLE_MIN && strlen(*needles) <= SP_NEEDLE_MAX);
    sp_buffer_free(&out);
    sp_arena_free(&arena);
    free(content);
    return 0;
}
