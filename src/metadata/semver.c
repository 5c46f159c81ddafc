#include "metadata/semver.h"

#include <string.h>

/* How much of TEXT is digits. */
static size_t
digits(const char *text, size_t length)
{
    size_t count = 0;
    while (count < length && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

static const char *
skip_v(const char *version)
{
    return version + (*version == 'v' || *version == 'V');
}

static bool
is_version(const char *version)
{
    return digits(version, strlen(version)) > 0;
}

static int
sign(long value)
{
    return value < 0 ? -1 : value > 0;
}

static int
compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order ? sign(order) : sign((long)a_length - (long)b_length);
}

static int
compare_numbers(const char *a, size_t a_length, const char *b, size_t b_length)
{
    while (a_length && *a == '0')
        a++, a_length--;
    while (b_length && *b == '0')
        b++, b_length--;
    return a_length != b_length ? sign((long)a_length - (long)b_length)
                                : compare_bytes(a, a_length, b, b_length);
}

/* Identifiers of a prerelease: numbers before words. */
static int
compare_identifier(const char *a, size_t a_length, const char *b, size_t b_length)
{
    bool a_number = a_length && digits(a, a_length) == a_length;
    bool b_number = b_length && digits(b, b_length) == b_length;
    if (a_number && b_number)
        return compare_numbers(a, a_length, b, b_length);
    return a_number != b_number ? (a_number ? -1 : 1) : compare_bytes(a, a_length, b, b_length);
}

static int
compare_dotted(const char *a, size_t a_length, const char *b, size_t b_length)
{
    for (;;) {
        const char *a_dot = memchr(a, '.', a_length), *b_dot = memchr(b, '.', b_length);
        size_t a_part = a_dot ? (size_t)(a_dot - a) : a_length,
               b_part = b_dot ? (size_t)(b_dot - b) : b_length;
        int order = compare_identifier(a, a_part, b, b_part);
        if (order || (!a_dot && !b_dot))
            return order;
        if (!a_dot || !b_dot)
            return a_dot ? 1 : -1;
        a_length -= a_part + 1, b_length -= b_part + 1;
        a = a_dot + 1, b = b_dot + 1;
    }
}

/* "1.2" is "1.2.0", and NuGet has a fourth number. */
static int
compare_core(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const char *a_end = a + a_length, *b_end = b + b_length;
    while (a < a_end || b < b_end) {
        size_t a_part = digits(a, (size_t)(a_end - a)), b_part = digits(b, (size_t)(b_end - b));
        int order = compare_numbers(a, a_part, b, b_part);
        if (order)
            return order;
        a += a_part, b += b_part;
        if ((a < a_end && *a != '.') || (b < b_end && *b != '.'))
            return compare_bytes(a, (size_t)(a_end - a), b, (size_t)(b_end - b));
        a += a < a_end, b += b < b_end;
    }
    return 0;
}

int
sp_semver_compare(const char *a, const char *b)
{
    a = skip_v(a), b = skip_v(b);
    bool a_is = is_version(a), b_is = is_version(b);
    if (!a_is || !b_is)
        return a_is != b_is ? (a_is ? 1 : -1) : sign(strcmp(a, b));
    int order = compare_core(a, strcspn(a, "-+"), b, strcspn(b, "-+"));
    if (order)
        return order;
    const char *a_pre = a + strcspn(a, "-+"), *b_pre = b + strcspn(b, "-+");
    bool a_has = *a_pre == '-', b_has = *b_pre == '-';
    if (!a_has || !b_has)
        return a_has != b_has ? (a_has ? -1 : 1) : 0;
    return compare_dotted(a_pre + 1, strcspn(a_pre + 1, "+"), b_pre + 1, strcspn(b_pre + 1, "+"));
}

bool
sp_semver_is_prerelease(const char *version)
{
    version = skip_v(version);
    return !is_version(version) || version[strcspn(version, "-+")] == '-';
}
