#include "manifest/requirement.h"
#include "manifest/text.h"

#include <string.h>
#include <strings.h>

/* ---- slices ---- */

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct sp_slice
trim(const char *from, const char *to)
{
    while (from < to && is_space(*from))
        from++;
    while (from < to && is_space(to[-1]))
        to--;
    return (struct sp_slice){ from, (size_t)(to - from) };
}

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of the PEP 508 identifier at FROM; FROM itself where there is none. A name in other characters is
 * taken too: the judge of names, not this reader, says what is wrong with it. */
static const char *
name_end(const char *from, const char *end)
{
    const char *at = from;
    while (at < end && (is_alnum(*at) || (unsigned char)*at >= 0x80 || strchr("-_.", *at)) && *at)
        at++;
    return at > from && (is_alnum(*from) || (unsigned char)*from >= 0x80) ? at : from;
}

static bool
ends(struct sp_slice text, const char *with)
{
    size_t length = strlen(with);
    return text.length >= length && !strncasecmp(text.bytes + text.length - length, with, length);
}

static bool
is_archive(struct sp_slice path)
{
    static const char *const endings[] = { ".whl", ".zip",    ".tar.gz", ".tgz",    ".tar",      ".tar.bz2",
                                           ".tbz", ".tar.xz", ".txz",    ".tar.lz", ".tar.lzma", ".tlz" };
    for (size_t i = 0; i < SP_COUNT(endings); i++)
        if (ends(path, endings[i]))
            return true;
    return false;
}

/* Whether TEXT begins with a scheme: "https://", "git+ssh://", "file:". */
static bool
is_url(const char *text, const char *end)
{
    const char *at = text;
    while (at < end && (is_alnum(*at) || *at == '+' || *at == '-' || *at == '.'))
        at++;
    return at > text + 1 && at < end && *at == ':';
}

/* ---- URLs and paths ---- */

/* The name in a fragment "#egg=name[extra]&subdirectory=x". */
static struct sp_slice
egg_name(const char *from, const char *end)
{
    const char *hash = memchr(from, '#', (size_t)(end - from));
    const char *egg = hash ? sp_text_find(hash, (size_t)(end - hash), "egg=") : NULL;
    if (!egg)
        return (struct sp_slice){ 0 };
    return (struct sp_slice){ egg + 4, (size_t)(name_end(egg + 4, end) - egg - 4) };
}

/* A wheel's file name says its package: "name-1.0-py3-none-any.whl". */
static bool
read_wheel(const char *from, const char *end, struct sp_requirement *out)
{
    const char *stop = from;
    while (stop < end && *stop != '#' && *stop != '?')
        stop++;
    if (!from || !ends((struct sp_slice){ from, (size_t)(stop - from) }, ".whl"))
        return false;
    const char *slash = memrchr(from, '/', (size_t)(stop - from));
    const char *file = slash ? slash + 1 : from;
    const char *dash = memchr(file, '-', (size_t)(stop - file));
    const char *next = dash ? memchr(dash + 1, '-', (size_t)(stop - dash - 1)) : NULL;
    if (!next || dash == file || name_end(file, dash) != dash)
        return false;
    out->name = (struct sp_slice){ file, (size_t)(dash - file) };
    out->version = (struct sp_slice){ dash + 1, (size_t)(next - dash - 1) };
    return true;
}

static enum sp_requirement_kind
read_location(const char *from, const char *end, struct sp_requirement *out)
{
    /* a marker follows "; " after a URL, where ';' itself may be part of it */
    const char *marker = sp_text_find(from, (size_t)(end - from), "; ");
    out->source = trim(from, marker ? marker : end);
    end = out->source.bytes + out->source.length;
    out->name = egg_name(out->source.bytes, end);
    if (out->name.length || read_wheel(out->source.bytes, end, out))
        return SP_REQUIREMENT_NAMED;
    return SP_REQUIREMENT_NAMELESS;
}

/* ---- PEP 508 ---- */

static struct sp_slice
exact_version(struct sp_slice specifiers)
{
    const char *from = specifiers.bytes, *end = from + specifiers.length;
    if (specifiers.length < 3 || memcmp(from, "==", 2) || memchr(from, ',', specifiers.length) ||
        ends(specifiers, "*"))
        return specifiers;
    from += from[2] == '=' ? 3 : 2;
    return trim(from, end);
}

static bool
is_specifiers(struct sp_slice text)
{
    return text.length && strchr("<>=!~", text.bytes[0]) && !memchr(text.bytes, '/', text.length);
}

/* What follows the name and the extras: "@ URL", "(>=1)", ">=1", each with or without a marker. */
static enum sp_requirement_kind
read_rest(const char *from, const char *end, struct sp_requirement *out)
{
    struct sp_slice rest = trim(from, end);
    from = rest.bytes;
    if (rest.length && *from == '@') {
        rest = trim(from + 1, end);
        from = rest.bytes;
        while (from < end && !is_space(*from))
            from++;
        out->source = (struct sp_slice){ rest.bytes, (size_t)(from - rest.bytes) };
        struct sp_slice after = trim(from, end);
        bool good = out->source.length && (!after.length || *after.bytes == ';');
        return good ? SP_REQUIREMENT_NAMED : SP_REQUIREMENT_BROKEN;
    }
    const char *marker = rest.length ? memchr(from, ';', rest.length) : NULL;
    struct sp_slice specifiers = trim(from, marker ? marker : from + rest.length);
    if (specifiers.length > 1 && *specifiers.bytes == '(' && ends(specifiers, ")"))
        specifiers = trim(specifiers.bytes + 1, specifiers.bytes + specifiers.length - 1);
    if (specifiers.length && !is_specifiers(specifiers))
        return SP_REQUIREMENT_BROKEN;
    if (specifiers.length)
        out->version = exact_version(specifiers);
    return SP_REQUIREMENT_NAMED;
}

static enum sp_requirement_kind
read_named(const char *from, const char *end, struct sp_requirement *out)
{
    const char *stop = name_end(from, end);
    if (stop == from)
        return SP_REQUIREMENT_BROKEN;
    out->name = (struct sp_slice){ from, (size_t)(stop - from) };
    struct sp_slice rest = trim(stop, end);
    if (rest.length && *rest.bytes == '[') {
        const char *close = memchr(rest.bytes, ']', rest.length);
        if (!close)
            return SP_REQUIREMENT_BROKEN;
        rest = trim(close + 1, end);
    }
    return read_rest(rest.bytes, end, out);
}

enum sp_requirement_kind
sp_requirement_read(const char *text, size_t length, struct sp_requirement *out)
{
    *out = (struct sp_requirement){ 0 };
    struct sp_slice all = trim(text, text + length);
    const char *from = all.bytes, *end = from + all.length;
    if (!all.length)
        return SP_REQUIREMENT_BROKEN;
    if (is_url(from, end))
        return read_location(from, end, out);

    const char *marker = memchr(from, ';', all.length);
    struct sp_slice plain = trim(from, marker ? marker : end);
    bool has_at = memchr(from, '@', all.length) != NULL;
    if (!is_archive(plain) || has_at) {
        if (read_named(from, end, out) == SP_REQUIREMENT_NAMED)
            return SP_REQUIREMENT_NAMED;
        *out = (struct sp_requirement){ 0 };
    }
    if (is_archive(plain) || *from == '.' || memchr(plain.bytes, '/', plain.length))
        return read_location(from, end, out);
    return SP_REQUIREMENT_BROKEN;
}
