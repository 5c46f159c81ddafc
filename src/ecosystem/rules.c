#include "ecosystem/rules.h"
#include "base/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

#define SHOWN_MAX 80 /* bytes of a hostile name that a message shows */

const uint8_t sp_byte_class[256] = {
    ['a' ... 'z'] = SP_LOWER, ['A' ... 'Z'] = SP_UPPER, ['0' ... '9'] = SP_DIGIT, ['.'] = SP_DOT,
    ['-'] = SP_DASH,          ['_'] = SP_UNDERSCORE,    ['~'] = SP_TILDE,         ['!'] = SP_URL_MARK,
    ['\''] = SP_URL_MARK,     ['('] = SP_URL_MARK,      [')'] = SP_URL_MARK,      ['*'] = SP_URL_MARK,
};

bool
sp_is_word(const char *name, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++)
        if (!word[i] || sp_lower(name[i]) != word[i])
            return false;
    return !word[length];
}

bool
sp_is_windows_device(const char *name, size_t length)
{
    if (length == 3)
        return sp_is_word(name, 3, "con") || sp_is_word(name, 3, "prn") || sp_is_word(name, 3, "aux") ||
               sp_is_word(name, 3, "nul");
    if (length == 4 && name[3] >= '1' && name[3] <= '9')
        return sp_is_word(name, 3, "com") || sp_is_word(name, 3, "lpt");
    return false;
}

uint32_t
sp_point_at(const char *name, size_t length, size_t from, size_t *size)
{
    return sp_utf8_decode(name + from, length - from, size);
}

/* Writes the byte or code point at AT for people: " ('x')", or " (U+202E)" where it cannot be printed. */
static void
describe(char *out, size_t size, const char *name, size_t length, size_t at)
{
    size_t step;
    uint32_t point = sp_point_at(name, length, at, &step);
    if (point == SP_UTF8_INVALID)
        snprintf(out, size, " (\\x%02x, no UTF-8)", (unsigned char)name[at]);
    else if (point == ' ' || !sp_utf8_is_printable(point))
        snprintf(out, size, " (U+%04X)", point);
    else if (point < 0x80)
        snprintf(out, size, " ('%c')", (char)point);
    else
        snprintf(out, size, " ('%.*s', U+%04X)", (int)step, name + at, point);
}

int
sp_refuse(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t at, const char *rule,
          const char *advice, struct sp_error *err)
{
    char shown[SHOWN_MAX + 4], place[64], byte[32] = "";
    sp_utf8_printable(shown, sizeof(shown), name, length);
    if (at < length) {
        describe(byte, sizeof(byte), name, length, at);
        snprintf(place, sizeof(place), "byte %zu%s", at + 1, byte);
    } else {
        snprintf(place, sizeof(place), "at its end (byte %zu)", at);
    }
    return sp_fail(err, SP_ERROR_INPUT, "'%.*s' is no %s name: %s: %s; %s", SHOWN_MAX, shown,
                   ecosystem->title, place, rule, advice);
}

static const char *
advice_for(const char *name, size_t at)
{
    unsigned char byte = (unsigned char)name[at];
    if (byte >= 0x80)
        return "retype the name, this letter may be a lookalike";
    if (byte <= ' ' || byte == 0x7f)
        return "remove white space and hidden characters";
    if (strchr("@=<>~!^,;", byte))
        return "give the name alone, without a version";
    if (byte == '[')
        return "give the name alone, without extras";
    if (byte == '/' || byte == '\\' || byte == ':')
        return "give the package's name, not a path or a URL";
    return "check its spelling";
}

int
sp_refuse_byte(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t at,
               const char *allowed, struct sp_error *err)
{
    char rule[160];
    snprintf(rule, sizeof(rule), "only %s are allowed here", allowed);
    return sp_refuse(ecosystem, name, length, at, rule, advice_for(name, at), err);
}

int
sp_check_length(const struct sp_ecosystem *ecosystem, const char *name, size_t length, size_t max,
                struct sp_error *err)
{
    if (!length)
        return sp_fail(err, SP_ERROR_INPUT, "'' is no %s name: it is empty; give a name", ecosystem->title);
    if (length <= max)
        return 0;
    char rule[80];
    snprintf(rule, sizeof(rule), "of %zu bytes, but at most %zu are allowed", length, max);
    return sp_refuse(ecosystem, name, length, max, rule, "look for text that ran into the name", err);
}

static uint32_t
fold_point(uint32_t point)
{
    UChar32 lower = u_tolower((UChar32)point);
    return u_toupper(lower) == (UChar32)point ? (uint32_t)lower : point;
}

int
sp_append_folded(const char *name, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_reserve(out, length, err) < 0)
        return -1;
    size_t i = 0;
    for (; i < length && !((unsigned char)name[i] & 0x80); i++)
        sp_put(out, sp_lower(name[i]));
    sp_put_end(out);
    while (i < length) {
        size_t size;
        uint32_t point = sp_point_at(name, length, i, &size);
        char bytes[4];
        size_t count = point == SP_UTF8_INVALID ? 0 : sp_utf8_encode(fold_point(point), bytes);
        if (sp_buffer_append(out, count ? bytes : name + i, count ? count : size, err) < 0)
            return -1;
        i += size;
    }
    return 0;
}

void
sp_split_none(const char *name, size_t length, struct sp_name_parts *out)
{
    out->namespace_ = (struct sp_slice){ name, 0 };
    out->identifier = (struct sp_slice){ name, length };
}

void
sp_split_at(const char *name, size_t length, char separator, struct sp_name_parts *out)
{
    const char *at = length ? memchr(name, separator, length) : NULL;
    size_t before = at ? (size_t)(at - name) : 0;
    if (!before || before + 1 == length) {
        sp_split_none(name, length, out);
        return;
    }
    out->namespace_ = (struct sp_slice){ name, before };
    out->identifier = (struct sp_slice){ name + before + 1, length - before - 1 };
}
