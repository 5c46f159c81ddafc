#include "sandbox/canary.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int
sp_random_bytes(void *bytes, size_t length, struct sp_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = getrandom((char *)bytes + done, length - done, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return sp_fail_errno(err, "the kernel gives no random numbers");
        done += (size_t)got;
    }
    return 0;
}

int
sp_random_text(char *text, size_t length, const char *alphabet, struct sp_error *err)
{
    unsigned count = (unsigned)strlen(alphabet), fair = 256 / count * count;
    for (size_t at = 0; at < length;) {
        unsigned char bytes[64];
        if (sp_random_bytes(bytes, sizeof(bytes), err) < 0)
            return -1;
        for (size_t i = 0; i < sizeof(bytes) && at < length; i++)
            if (bytes[i] < fair)
                text[at++] = alphabet[bytes[i] % count];
    }
    text[length] = '\0';
    return 0;
}

int
sp_canary_new(char canary[SP_CANARY_LENGTH + 1], struct sp_error *err)
{
    return sp_random_text(canary, SP_CANARY_LENGTH, SP_BASE58, err);
}

int
sp_base64_append(struct sp_buffer *out, const void *bytes, size_t length, size_t columns,
                 struct sp_error *err)
{
    const unsigned char *b = bytes;
    for (size_t i = 0, column = 0; i < length; i += 3) {
        unsigned left = length - i < 3 ? (unsigned)(length - i) : 3;
        uint32_t three =
            (uint32_t)b[i] << 16 | (left > 1 ? (uint32_t)b[i + 1] << 8 : 0) | (left > 2 ? b[i + 2] : 0);
        for (unsigned k = 0; k < 4; k++) {
            char letter = k > left ? '=' : SP_BASE64[three >> (18 - 6 * k) & 63];
            if (sp_buffer_append_byte(out, letter, err) < 0)
                return -1;
            if (columns && ++column == columns) {
                column = 0;
                if (sp_buffer_append_byte(out, '\n', err) < 0)
                    return -1;
            }
        }
    }
    return 0;
}

void
sp_base64_decode(const char *text, size_t length, unsigned char *out)
{
    for (size_t i = 0; i + 4 <= length; i += 4) {
        uint32_t three = 0;
        for (size_t k = 0; k < 4; k++)
            three = three << 6 | (uint32_t)(strchr(SP_BASE64, text[i + k]) - SP_BASE64);
        *out++ = (unsigned char)(three >> 16);
        *out++ = (unsigned char)(three >> 8);
        *out++ = (unsigned char)three;
    }
}

void
sp_token_checksum(const char *text, size_t length, char out[7])
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    crc = ~crc;
    out[6] = '\0';
    for (int i = 5; i >= 0; i--, crc /= 62)
        out[i] = SP_BASE62[crc % 62];
}

int
sp_canaries_add(struct sp_canaries *canaries, const char *text, size_t length, struct sp_error *err)
{
    if (canaries->count == canaries->capacity) {
        size_t capacity = canaries->capacity ? 2 * canaries->capacity : 4;
        const char **texts = sp_arena_alloc(canaries->arena, capacity * sizeof(*texts), err);
        if (!texts)
            return -1;
        if (canaries->count)
            memcpy(texts, canaries->texts, canaries->count * sizeof(*texts));
        canaries->texts = texts;
        canaries->capacity = capacity;
    }
    const char *copy = sp_arena_copy(canaries->arena, text, length, err);
    if (!copy)
        return -1;
    canaries->texts[canaries->count++] = copy;
    return 0;
}

/* ------------------------------------------------------------------------------------- forms of one text */

#define TEXT_MAX 64 /* of a text, for its forms; needles are cut to SP_NEEDLE_MAX anyway */

struct needles {
    struct sp_arena *arena;
    const char **items;
    size_t count, capacity;
    size_t text_from; /* of the text whose forms are being made: only among them are there doubles */
};

static int
add_needle(struct needles *needles, const char *bytes, size_t length, struct sp_error *err)
{
    if (length < SP_NEEDLE_MIN)
        return 0;
    if (length > SP_NEEDLE_MAX)
        length = SP_NEEDLE_MAX;
    for (size_t i = needles->text_from; i < needles->count; i++)
        if (strlen(needles->items[i]) == length && !memcmp(needles->items[i], bytes, length))
            return 0;
    const char *copy = sp_arena_copy(needles->arena, bytes, length, err);
    if (!copy)
        return -1;
    needles->items[needles->count++] = copy;
    return 0;
}

static char
with_case(char c, bool upper)
{
    if (upper)
        return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static int
add_cases(struct needles *needles, const char *text, size_t length, struct sp_error *err)
{
    char cased[8 * TEXT_MAX];
    if (add_needle(needles, text, length, err) < 0)
        return -1;
    for (int upper = 0; upper < 2; upper++) {
        for (size_t i = 0; i < length; i++)
            cased[i] = with_case(text[i], upper);
        if (add_needle(needles, cased, length, err) < 0)
            return -1;
    }
    return 0;
}

/* Hexadecimal digits in both cases, each byte behind PREFIX ("", "%"). */
static int
add_hex(struct needles *needles, const char *text, size_t length, const char *prefix, struct sp_error *err)
{
    char hex[8 * TEXT_MAX];
    size_t at = 0, lead = strlen(prefix);
    for (size_t i = 0; i < length; i++) {
        memcpy(hex + at, prefix, lead);
        at += lead;
        hex[at++] = SP_HEX[(unsigned char)text[i] >> 4];
        hex[at++] = SP_HEX[(unsigned char)text[i] & 15];
    }
    return add_cases(needles, hex, at, err);
}

/* The letters of an encoding of BITS bits a letter that depend on TEXT alone when SKIP bytes stand before. */
static size_t
encode_middle(const char *text, size_t length, size_t skip, unsigned bits, const char *alphabet, char *out)
{
    size_t from = skip * 8, to = from + length * 8, count = 0;
    for (size_t bit = (from + bits - 1) / bits * bits; bit + bits <= to; bit += bits) {
        unsigned letter = 0;
        for (size_t i = bit - from; i < bit - from + bits; i++)
            letter = letter << 1 | ((unsigned char)text[i / 8] >> (7 - i % 8) & 1);
        out[count++] = alphabet[letter];
    }
    return count;
}

static int
add_base(struct needles *needles, const char *text, size_t length, struct sp_error *err)
{
    static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char out[8 * TEXT_MAX];
    for (size_t skip = 0; skip < 3; skip++)
        if (add_needle(needles, out, encode_middle(text, length, skip, 6, SP_BASE64, out), err) < 0 ||
            add_needle(needles, out, encode_middle(text, length, skip, 6, url, out), err) < 0)
            return -1;
    for (size_t skip = 0; skip < 5; skip++)
        if (add_cases(needles, out, encode_middle(text, length, skip, 5, base32, out), err) < 0)
            return -1;
    return 0;
}

/* As encodeURIComponent and its kin write it: letters and digits stay. */
static int
add_percent(struct needles *needles, const char *text, size_t length, struct sp_error *err)
{
    char out[8 * TEXT_MAX];
    for (int upper = 0; upper < 2; upper++) {
        size_t at = 0;
        for (size_t i = 0; i < length; i++) {
            if (strchr(SP_BASE62 "-_.~", text[i])) {
                out[at++] = text[i];
            } else {
                out[at++] = '%';
                out[at++] = with_case(SP_HEX[(unsigned char)text[i] >> 4], upper);
                out[at++] = with_case(SP_HEX[(unsigned char)text[i] & 15], upper);
            }
        }
        if (add_needle(needles, out, at, err) < 0)
            return -1;
    }
    return 0;
}

static int
add_forms(struct needles *needles, const char *text, size_t length, struct sp_error *err)
{
    if (length > TEXT_MAX)
        length = TEXT_MAX;
    needles->text_from = needles->count;
    char reversed[TEXT_MAX];
    for (size_t i = 0; i < length; i++)
        reversed[i] = text[length - 1 - i];
    if (add_cases(needles, text, length, err) < 0 || add_percent(needles, text, length, err) < 0 ||
        add_hex(needles, text, length, "", err) < 0 || add_hex(needles, text, length, "%", err) < 0 ||
        add_hex(needles, text, length, "\\x", err) < 0 || add_base(needles, text, length, err) < 0)
        return -1;
    /* backwards before it was wrapped: as it is, in hex and in base64; what was wrapped before it was turned
     * is the reverse of a needle and rarer */
    return add_needle(needles, reversed, length, err) < 0 ||
                   add_hex(needles, reversed, length, "", err) < 0 ||
                   add_base(needles, reversed, length, err) < 0
               ? -1
               : 0;
}

#define FORMS_MAX                                                                                            \
    80 /* of one text; counted: 3 cases, 2 percent, 3 x 3 hex, 2 x (6 + 15) bases, 1 + 3 turned */

const char *const *
sp_canary_needles(const struct sp_canaries *canaries, struct sp_error *err)
{
    struct needles needles = { .arena = canaries->arena, .capacity = canaries->count * FORMS_MAX };
    sp_autofree const char **items = sp_new_array(needles.capacity + 1, sizeof(*items), err);
    if (!items)
        return NULL;
    needles.items = items;
    for (size_t i = 0; i < canaries->count; i++)
        if (add_forms(&needles, canaries->texts[i], strlen(canaries->texts[i]), err) < 0)
            return NULL;
    const char **kept = sp_arena_alloc(canaries->arena, (needles.count + 1) * sizeof(*kept), err);
    if (kept && needles.count)
        memcpy(kept, items, needles.count * sizeof(*kept));
    return kept;
}
