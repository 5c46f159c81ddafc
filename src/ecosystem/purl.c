#include "ecosystem/purl.h"
#include "base/utf8.h"
#include "ecosystem/purl_type.h"
#include "ecosystem/rules.h"

#include <string.h>

#define SHOWN_MAX 80

/* A package URL while it is taken apart, by the specification's order: '#' and '?' from the right, the scheme
 * and type from the left, '@' from the right, the last '/'. What is left lies between START and END. */
struct reading {
    const char *text;
    size_t length, start, end;
    struct sp_arena *arena;
    struct sp_error *err;
};

static int
refuse(const struct reading *reading, size_t at, const char *rule, const char *advice)
{
    char shown[SHOWN_MAX + 4];
    sp_utf8_printable(shown, sizeof(shown), reading->text, reading->length);
    return sp_fail(reading->err, SP_ERROR_INPUT, "'%.*s' is no package URL: byte %zu: %s; %s", SHOWN_MAX,
                   shown, at + 1, rule, advice);
}

/* --- Bytes --------------------------------------------------------------------------------------------- */

static int
check_bytes(const struct reading *reading)
{
    for (size_t i = 0, size; i < reading->length; i += size) {
        uint32_t point = sp_point_at(reading->text, reading->length, i, &size);
        if (point == SP_UTF8_INVALID)
            return refuse(reading, i, "it is no UTF-8", "percent-encode it");
        if (point <= ' ' || point == 0x7f)
            return refuse(reading, i, "white space and controls are never part of it",
                          "remove or percent-encode it");
    }
    return 0;
}

static int
hex_digit(char byte)
{
    if (sp_byte_is(byte, SP_DIGIT))
        return byte - '0';
    byte = sp_lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The decoded bytes between FROM and END in the arena, or NULL. */
static char *
decode(const struct reading *reading, size_t from, size_t end)
{
    char *out = sp_arena_alloc(reading->arena, end - from + 1, reading->err);
    size_t used = 0;
    for (size_t i = from; out && i < end; i++) {
        char byte = reading->text[i];
        if (byte == '%') {
            int high = end - i > 2 ? hex_digit(reading->text[i + 1]) : -1;
            int low = end - i > 2 ? hex_digit(reading->text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                refuse(reading, i, "two hexadecimal digits follow a '%'", "write a '%' as %25");
                return NULL;
            }
            byte = (char)(high << 4 | low);
            if (!byte) {
                refuse(reading, i, "a NUL byte is never part of a name", "remove the %00");
                return NULL;
            }
            i += 2;
        }
        out[used++] = byte;
    }
    if (out && !sp_utf8_valid(out, used)) {
        refuse(reading, from, "the percent-encoded bytes are no UTF-8", "encode the text as UTF-8");
        return NULL;
    }
    return out;
}

/* The last BYTE between START and END; END if there is none. */
static size_t
find_last(const struct reading *reading, char byte)
{
    const char *from = reading->text + reading->start;
    const char *at = memrchr(from, byte, reading->end - reading->start);
    return at ? (size_t)(at - reading->text) : reading->end;
}

/* The first BYTE from FROM on; END if there is none. */
static size_t
find_first(const struct reading *reading, char byte, size_t from, size_t end)
{
    const char *at = memchr(reading->text + from, byte, end - from);
    return at ? (size_t)(at - reading->text) : end;
}

static void
strip_slashes(struct reading *reading)
{
    while (reading->start < reading->end && reading->text[reading->start] == '/')
        reading->start++;
    while (reading->end > reading->start && reading->text[reading->end - 1] == '/')
        reading->end--;
}

/* --- Namespace and subpath: segments between slashes --------------------------------------------------- */

static bool
is_dots(const char *segment)
{
    return !strcmp(segment, ".") || !strcmp(segment, "..");
}

/* Decodes each segment between FROM and END and joins them by '/'. Empty ones are dropped, and with DROP_DOTS
 * those that climb or stay, encoded or not. NULL in *OUT: none is left. */
static int
decode_segments(const struct reading *reading, size_t from, size_t end, bool drop_dots, const char **out)
{
    *out = NULL;
    char *joined = sp_arena_alloc(reading->arena, end - from + 1, reading->err);
    if (!joined)
        return -1;
    size_t used = 0;
    for (size_t stop; from < end; from = stop + 1) {
        stop = find_first(reading, '/', from, end);
        const char *segment = decode(reading, from, stop);
        if (!segment)
            return -1;
        if (!*segment || (drop_dots && is_dots(segment)))
            continue;
        if (strchr(segment, '/'))
            return refuse(reading, from, "a segment holds an encoded '/'", "write '/' between segments");
        if (used)
            joined[used++] = '/';
        size_t count = strlen(segment);
        memcpy(joined + used, segment, count);
        used += count;
    }
    if (used)
        *out = joined;
    return 0;
}

static int
read_subpath(struct reading *reading, struct sp_purl *out)
{
    size_t mark = find_last(reading, '#'), end = reading->end;
    if (mark == end)
        return 0;
    reading->end = mark;
    return decode_segments(reading, mark + 1, end, true, &out->subpath);
}

/* --- Qualifiers ---------------------------------------------------------------------------------------- */

static int
read_key(const struct reading *reading, size_t from, size_t end, const char **out)
{
    if (from == end)
        return refuse(reading, from, "a qualifier has no key", "write qualifiers as key=value");
    if (!sp_byte_is(reading->text[from], SP_LETTER))
        return refuse(reading, from, "a qualifier's key begins with a letter", "check its spelling");
    size_t at = sp_span(reading->text, from, end, SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE);
    if (at < end)
        return refuse(reading, at, "a qualifier's key holds only letters, digits, '.', '-' and '_'",
                      "check its spelling; keys are never percent-encoded");
    char *key = sp_arena_copy(reading->arena, reading->text + from, end - from, reading->err);
    for (size_t i = 0; key && key[i]; i++)
        key[i] = sp_lower(key[i]);
    *out = key;
    return key ? 0 : -1;
}

static int
by_key(const void *a, const void *b)
{
    return strcmp(((const struct sp_purl_qualifier *)a)->key, ((const struct sp_purl_qualifier *)b)->key);
}

/* Sorts the qualifiers, refuses keys that come twice and drops empty values; returns how many are left. */
static long
tidy_qualifiers(const struct reading *reading, size_t at, struct sp_purl_qualifier *list, size_t count)
{
    qsort(list, count, sizeof(*list), by_key);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && !strcmp(list[i].key, list[i + 1].key))
            return refuse(reading, at, "the same qualifier comes twice", "give each key once, in any case");
        if (*list[i].value)
            list[kept++] = list[i];
    }
    return (long)kept;
}

static int
read_qualifiers(struct reading *reading, struct sp_purl *out)
{
    size_t mark = find_last(reading, '?'), end = reading->end;
    if (mark == end)
        return 0;
    reading->end = mark;

    size_t most = 1, count = 0;
    for (size_t i = mark; i < end; i++)
        most += reading->text[i] == '&';
    struct sp_purl_qualifier *list = sp_arena_alloc(reading->arena, most * sizeof(*list), reading->err);
    if (!list)
        return -1;
    for (size_t from = mark + 1, stop; from < end; from = stop + 1) {
        stop = find_first(reading, '&', from, end);
        if (stop == from)
            continue;
        size_t equals = find_first(reading, '=', from, stop);
        if (equals == stop)
            return refuse(reading, from, "a qualifier has no '='", "write qualifiers as key=value");
        struct sp_purl_qualifier *next = &list[count++];
        if (read_key(reading, from, equals, &next->key) < 0 ||
            !(next->value = decode(reading, equals + 1, stop)))
            return -1;
    }
    long kept = tidy_qualifiers(reading, mark, list, count);
    if (kept < 0)
        return -1;
    out->qualifiers = kept ? list : NULL;
    out->qualifier_count = (size_t)kept;
    return 0;
}

/* --- Scheme and type ----------------------------------------------------------------------------------- */

static int
read_scheme(struct reading *reading)
{
    size_t colon = find_first(reading, ':', 0, reading->end);
    if (colon == reading->end || !sp_is_word(reading->text, colon, "pkg"))
        return refuse(reading, 0, "it begins with 'pkg:'", "write it as pkg:type/name@version");
    reading->start = colon + 1;
    strip_slashes(reading);
    return 0;
}

static int
read_type(struct reading *reading, const struct sp_purl_type **type, struct sp_purl *out)
{
    size_t from = reading->start, slash = find_first(reading, '/', from, reading->end);
    if (from == reading->end)
        return refuse(reading, from, "the type is missing", "write it as pkg:type/name@version");
    if (!sp_byte_is(reading->text[from], SP_LETTER))
        return refuse(reading, from, "a type begins with a letter", "write it as pkg:type/name@version");
    for (size_t i = from; i < slash; i++)
        if (!sp_byte_is(reading->text[i], SP_ALNUM | SP_DOT | SP_DASH) && reading->text[i] != '+')
            return refuse(reading, i, "a type holds only letters, digits, '.', '-' and '+'",
                          "check its spelling; types are never percent-encoded");
    if (slash == reading->end)
        return refuse(reading, slash, "the name is missing", "write it as pkg:type/name@version");

    char *name = sp_arena_copy(reading->arena, reading->text + from, slash - from, reading->err);
    if (!name)
        return -1;
    for (size_t i = 0; name[i]; i++)
        name[i] = sp_lower(name[i]);
    *type = sp_purl_type_find(name);
    out->type = *type ? (*type)->type : name;
    out->ecosystem = *type ? (*type)->ecosystem : NULL;
    reading->start = slash;
    strip_slashes(reading);
    return 0;
}

/* --- Version, name, namespace -------------------------------------------------------------------------- */

static int
read_version(struct reading *reading, const struct sp_purl *purl, char **out)
{
    size_t mark = find_last(reading, '@'), end = reading->end;
    /* the '@' of an npm scope that was left unencoded begins no version */
    if (mark == end || (purl->ecosystem == &sp_ecosystem_npm && mark == reading->start))
        return 0;
    reading->end = mark;
    char *version = decode(reading, mark + 1, end);
    if (!version)
        return -1;
    *out = *version ? version : NULL;
    return 0;
}

/* "pkg:npm/%40scope%2Fname", which tools write, means what "pkg:npm/%40scope/name" means. */
static void
split_encoded_scope(char **space, char **name)
{
    char *slash = **name == '@' ? strchr(*name, '/') : NULL;
    if (*space || !slash || !slash[1])
        return;
    *slash = '\0';
    *space = *name;
    *name = slash + 1;
}

static int
check_namespace(const struct reading *reading, const struct sp_purl_type *type, const char *space)
{
    unsigned rules = type ? type->rules : 0;
    if (space && (rules & SP_PURL_NO_NAMESPACE))
        return refuse(reading, reading->start, "this type has no namespace", "give the name alone");
    if (!space && (rules & SP_PURL_NEEDS_NAMESPACE))
        return refuse(reading, reading->start, "this type needs a namespace before the name",
                      "write it as pkg:type/namespace/name");
    return 0;
}

static int
read_name(struct reading *reading, const struct sp_purl_type *type, struct sp_purl *out)
{
    char *version = NULL;
    if (read_version(reading, out, &version) < 0)
        return -1;
    strip_slashes(reading);
    size_t slash = find_last(reading, '/');
    size_t from = slash < reading->end ? slash + 1 : reading->start;
    char *name = decode(reading, from, reading->end), *space = NULL;
    if (!name)
        return -1;
    if (!*name)
        return refuse(reading, from, "the name is missing", "write it as pkg:type/name@version");
    if (from > reading->start &&
        decode_segments(reading, reading->start, slash, false, (const char **)&space) < 0)
        return -1;
    if (out->ecosystem == &sp_ecosystem_npm)
        split_encoded_scope(&space, &name);
    if (check_namespace(reading, type, space) < 0)
        return -1;

    sp_purl_type_normalise(type, space, name, version);
    out->namespace_ = space;
    out->name = name;
    out->version = version;
    return 0;
}

int
sp_purl_parse(const char *text, size_t length, struct sp_purl *out, struct sp_arena *arena,
              struct sp_error *err)
{
    struct reading reading = { .text = text, .length = length, .end = length, .arena = arena, .err = err };
    const struct sp_purl_type *type = NULL;
    *out = (struct sp_purl){ 0 };
    if (!length)
        return sp_fail(err, SP_ERROR_INPUT,
                       "'' is no package URL: it is empty; write it as pkg:type/name@version");
    if (length > SP_PURL_MAX)
        return sp_fail(err, SP_ERROR_LIMIT,
                       "'%.*s...' is no package URL: of %zu bytes, but at most %d are read; look for text "
                       "that ran into it",
                       SHOWN_MAX, text, length, SP_PURL_MAX);
    if (check_bytes(&reading) < 0 || read_subpath(&reading, out) < 0 || read_qualifiers(&reading, out) < 0 ||
        read_scheme(&reading) < 0 || read_type(&reading, &type, out) < 0)
        return -1;
    return read_name(&reading, type, out);
}
