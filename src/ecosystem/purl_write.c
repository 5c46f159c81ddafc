#include "ecosystem/purl.h"
#include "base/utf8.h"
#include "ecosystem/purl_type.h"
#include "ecosystem/rules.h"

#include <string.h>

/* --- The canonical string ------------------------------------------------------------------------------ */

/* Letters, digits, ".-_~" and ':' stay; so does KEEP (0: nothing more). */
static int
append_encoded(struct sp_buffer *out, const char *text, char keep, struct sp_error *err)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t length = strlen(text);
    if (sp_buffer_reserve(out, length * 3, err) < 0)
        return -1;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (sp_byte_is(text[i], SP_ALNUM | SP_DOT | SP_DASH | SP_UNDERSCORE | SP_TILDE) || byte == ':' ||
            (keep && text[i] == keep)) {
            sp_put(out, text[i]);
        } else {
            sp_put(out, '%');
            sp_put(out, digits[byte >> 4]);
            sp_put(out, digits[byte & 15]);
        }
    }
    sp_put_end(out);
    return 0;
}

static int
append_after(struct sp_buffer *out, char mark, const char *text, char keep, struct sp_error *err)
{
    if (!text || !*text)
        return 0;
    if (sp_buffer_append_byte(out, mark, err) < 0)
        return -1;
    return append_encoded(out, text, keep, err);
}

static int
append_qualifiers(struct sp_buffer *out, const struct sp_purl *purl, struct sp_error *err)
{
    for (size_t i = 0; i < purl->qualifier_count; i++) {
        const struct sp_purl_qualifier *each = &purl->qualifiers[i];
        if (append_after(out, i ? '&' : '?', each->key, 0, err) < 0 ||
            append_after(out, '=', each->value, 0, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_purl_format(const struct sp_purl *purl, struct sp_buffer *out, struct sp_error *err)
{
    if (!purl->type || !*purl->type || !purl->name || !*purl->name)
        return sp_fail(err, SP_ERROR_USAGE, "a package URL needs a type and a name; fill in both");
    if (sp_buffer_append_string(out, "pkg:", err) < 0 || sp_buffer_append_string(out, purl->type, err) < 0 ||
        append_after(out, '/', purl->namespace_, '/', err) < 0 ||
        append_after(out, '/', purl->name, 0, err) < 0 || append_after(out, '@', purl->version, 0, err) < 0 ||
        append_qualifiers(out, purl, err) < 0)
        return -1;
    return append_after(out, '#', purl->subpath, '/', err);
}

/* --- To and from a package's own name ------------------------------------------------------------------ */

static char
separator_of(const struct sp_ecosystem *ecosystem)
{
    return ecosystem == &sp_ecosystem_maven ? ':' : '/';
}

int
sp_purl_package_name(const struct sp_purl *purl, struct sp_buffer *out, struct sp_error *err)
{
    if (purl->namespace_ && (sp_buffer_append_string(out, purl->namespace_, err) < 0 ||
                             sp_buffer_append_byte(out, separator_of(purl->ecosystem), err) < 0))
        return -1;
    return sp_buffer_append_string(out, purl->name, err);
}

int
sp_purl_from_package(const struct sp_ecosystem *ecosystem, const char *name, const char *version,
                     struct sp_purl *out, struct sp_arena *arena, struct sp_error *err)
{
    size_t length = strlen(name);
    *out = (struct sp_purl){ 0 };
    if (ecosystem->validate(name, length, err) < 0)
        return -1;
    if (version && !sp_utf8_valid(version, strlen(version)))
        return sp_fail(err, SP_ERROR_INPUT, "'%.80s': its version is no UTF-8; check where it came from",
                       name);
    char *space = sp_arena_copy(arena, name, length, err), *version_copy = NULL;
    if (!space)
        return -1;
    if (version && *version && !(version_copy = sp_arena_copy(arena, version, strlen(version), err)))
        return -1;

    char *last = space;
    char *separator = ecosystem->has_namespaces ? strrchr(space, separator_of(ecosystem)) : NULL;
    if (separator) {
        *separator = '\0';
        last = separator + 1;
    } else {
        space = NULL;
    }
    const struct sp_purl_type *type = sp_purl_type_of(ecosystem);
    sp_purl_type_normalise(type, space, last, version_copy);
    out->type = type->type;
    out->namespace_ = space;
    out->name = last;
    out->version = version_copy;
    out->ecosystem = ecosystem;
    return 0;
}
