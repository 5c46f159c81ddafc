#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

uint32_t
sp_utf8_decode(const char *text, size_t length, size_t *size)
{
    const unsigned char *s = (const unsigned char *)text;
    *size = 1;
    if (s[0] < 0x80)
        return s[0];

    size_t need;
    uint32_t point, least;
    if ((s[0] & 0xe0) == 0xc0) {
        need = 2, point = s[0] & 0x1f, least = 0x80;
    } else if ((s[0] & 0xf0) == 0xe0) {
        need = 3, point = s[0] & 0x0f, least = 0x800;
    } else if ((s[0] & 0xf8) == 0xf0) {
        need = 4, point = s[0] & 0x07, least = 0x10000;
    } else {
        return SP_UTF8_INVALID;
    }
    if (length < need)
        return SP_UTF8_INVALID;
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return SP_UTF8_INVALID;
        point = point << 6 | (s[i] & 0x3f);
    }
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return SP_UTF8_INVALID;
    *size = need;
    return point;
}

size_t
sp_utf8_encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point >= 0xd800 && point <= 0xdfff)
        return 0;
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    if (point > 0x10ffff)
        return 0;
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

bool
sp_utf8_valid(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t size;
        if (sp_utf8_decode(text + i, length - i, &size) == SP_UTF8_INVALID)
            return false;
        i += size;
    }
    return true;
}

bool
sp_utf8_is_printable(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00a0, 0x00a0 },      { 0x00ad, 0x00ad },
        { 0x034f, 0x034f },   { 0x061c, 0x061c },   { 0x115f, 0x1160 },      { 0x1680, 0x1680 },
        { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x2000, 0x200f },      { 0x2028, 0x202f },
        { 0x205f, 0x206f },   { 0x3000, 0x3000 },   { 0x3164, 0x3164 },      { 0xd800, 0xf8ff },
        { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },      { 0xfff0, 0xffff },
        { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, UINT32_MAX },
    };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (point >= hidden[i].first && point <= hidden[i].last)
            return false;
    return true;
}

size_t
sp_utf8_printable(char *out, size_t size, const char *text, size_t length)
{
    static const char ellipsis[] = "...";
    size_t used = 0;
    /* where to cut so that the ellipsis still fits */
    size_t safe = 0;
    for (size_t i = 0; i < length;) {
        char piece[16];
        size_t step, count;
        uint32_t point = sp_utf8_decode(text + i, length - i, &step);
        if (point == SP_UTF8_INVALID) {
            count = (size_t)snprintf(piece, sizeof(piece), "\\x%02x", (unsigned char)text[i]);
        } else if (!sp_utf8_is_printable(point)) {
            count = (size_t)snprintf(piece, sizeof(piece), "\\u{%x}", point);
        } else {
            memcpy(piece, text + i, step);
            count = step;
        }
        if (used + count + 1 > size) {
            memcpy(out + safe, ellipsis, sizeof(ellipsis));
            return safe + sizeof(ellipsis) - 1;
        }
        memcpy(out + used, piece, count);
        used += count;
        if (used + sizeof(ellipsis) <= size)
            safe = used;
        i += step;
    }
    out[used] = '\0';
    return used;
}
