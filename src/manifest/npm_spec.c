#include "manifest/npm_spec.h"
#include "manifest/text.h"

#include <string.h>
#include <strings.h>

static bool
starts(const char *text, size_t length, const char *with)
{
    size_t need = strlen(with);
    return length >= need && !strncasecmp(text, with, need);
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "npm:^4.0.0" is Yarn's way to write a plain range; "npm:7zip-bin" is an alias: names may begin with a
 * digit, but a version continues with digits and a dot. */
static bool
is_range(const char *text, size_t length)
{
    if (!length || strchr("^~<>=*", text[0]))
        return true;
    size_t i = 0;
    while (i < length && is_digit(text[i]))
        i++;
    return i && (i == length || text[i] == '.');
}

static void
read_alias(const char *text, size_t length, struct sp_npm_spec *out)
{
    /* the '@' of a scope is not the one before the version */
    const char *at = length > 1 ? memchr(text + 1, '@', length - 1) : NULL;
    if (!at && is_range(text, length)) {
        out->version = (struct sp_slice){ text, length };
        return;
    }
    size_t name = at ? (size_t)(at - text) : length;
    out->name = (struct sp_slice){ text, name };
    if (at && length > name + 1)
        out->version = (struct sp_slice){ at + 1, length - name - 1 };
}

/* workspace:real@^1 names another package of this project under an alias; workspace:* and workspace:^ none.
 */
static void
read_workspace(const char *text, size_t length, struct sp_npm_spec *out)
{
    static const size_t prefix = sizeof("workspace:") - 1;
    out->source = (struct sp_slice){ text, length };
    struct sp_npm_spec alias = { 0 };
    read_alias(text + prefix, length - prefix, &alias);
    if (alias.name.length && alias.version.length)
        out->name = alias.name;
}

void
sp_npm_spec_read(const char *text, size_t length, struct sp_npm_spec *out)
{
    *out = (struct sp_npm_spec){ 0 };
    while (length && (text[0] == ' ' || text[0] == '\t'))
        text++, length--;
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (!length)
        return;
    if (starts(text, length, "npm:"))
        read_alias(text + 4, length - 4, out);
    else if (starts(text, length, "workspace:"))
        read_workspace(text, length, out);
    else if (starts(text, length, "catalog:")) /* a version kept elsewhere; the registry's package */
        out->version = (struct sp_slice){ text, length };
    else if (memchr(text, ':', length) || memchr(text, '/', length) || starts(text, length, "./") ||
             starts(text, length, "..") || starts(text, length, "~/") || (length == 1 && text[0] == '.'))
        out->source = (struct sp_slice){ text, length }; /* a URL, a path, user/repository */
    else
        out->version = (struct sp_slice){ text, length };
}

int
sp_npm_text_keep(struct sp_npm_text *out, struct sp_sheet *sheet, const struct sp_json_reader *reader,
                 struct sp_error *err)
{
    *out = (struct sp_npm_text){ .slice = { reader->text, reader->length },
                                 .line = reader->line,
                                 .column = reader->column,
                                 .escaped = reader->escaped };
    if (!reader->escaped)
        return 0;
    out->slice.bytes = sp_sheet_copy(sheet, reader->text, reader->length, reader->line, reader->column, err);
    return out->slice.bytes ? 0 : -1;
}

uint32_t
sp_npm_text_column(const struct sp_npm_text *text, size_t offset)
{
    return text->escaped ? text->column : text->column + (uint32_t)offset;
}

static int
copy_slice(const char **out, struct sp_sheet *sheet, struct sp_slice slice, const struct sp_npm_text *from,
           struct sp_error *err)
{
    *out = NULL;
    if (!slice.length)
        return 0;
    *out = sp_sheet_copy(sheet, slice.bytes, slice.length, from->line, from->column, err);
    return *out ? 0 : -1;
}

int
sp_npm_add(struct sp_sheet *sheet, const struct sp_npm_text *name, const struct sp_npm_text *spec,
           const struct sp_dependency *like, struct sp_error *err)
{
    struct sp_npm_spec meaning;
    sp_npm_spec_read(spec->slice.bytes ? spec->slice.bytes : "", spec->slice.length, &meaning);
    struct sp_dependency dependency = *like;
    if (copy_slice(&dependency.name, sheet, name->slice, name, err) < 0 ||
        copy_slice(&dependency.version, sheet, meaning.version, spec, err) < 0)
        return -1;
    if (!like->source && copy_slice(&dependency.source, sheet, meaning.source, spec, err) < 0)
        return -1;
    if (!dependency.name)
        return sp_sheet_unseen(sheet, name->line, name->column, err,
                               "a package without a name; remove it or name it");
    dependency.place.line = name->line;
    dependency.place.column = name->column;
    bool aliased = meaning.name.length != name->slice.length ||
                   memcmp(meaning.name.bytes, name->slice.bytes, meaning.name.length) != 0;
    if (meaning.name.length && aliased) {
        dependency.alias = dependency.name;
        if (copy_slice(&dependency.name, sheet, meaning.name, spec, err) < 0)
            return -1;
        dependency.place.line = spec->line;
        dependency.place.column = sp_npm_text_column(spec, (size_t)(meaning.name.bytes - spec->slice.bytes));
    }
    return sp_sheet_add(sheet, &dependency, err);
}

static int
append_unescaped(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        if (starts(text + i, length - i, "%40"))
            byte = '@', i += 2;
        else if (starts(text + i, length - i, "%2f"))
            byte = '/', i += 2;
        if (sp_buffer_append_byte(out, byte, err) < 0)
            return -1;
    }
    return 0;
}

/* Whether FILE (what follows "/-/") is how a registry calls the archive of the package at NAME: "name-1.tgz",
 * or "@scope/name-1.tgz". Repository hosts have a "/-/" in their URLs too. */
static bool
is_archive_of(const char *file, const char *end, const char *name, size_t length)
{
    if (file < end && *file == '@') {
        const char *slash = memchr(file, '/', (size_t)(end - file));
        file = slash ? slash + 1 : end;
    }
    return (size_t)(end - file) > length && !memcmp(file, name, length) && file[length] == '-' &&
           !memchr(file, '/', (size_t)(end - file));
}

static bool
is_public_registry(const char *host, size_t length)
{
    return starts(host, length, "registry.npmjs.org/") || starts(host, length, "registry.yarnpkg.com/");
}

int
sp_npm_tarball_name(const char *url, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    sp_buffer_clear(out);
    if (!starts(url, length, "https://") && !starts(url, length, "http://"))
        return 0;
    const char *end = url + length;
    const char *host = (const char *)memchr(url, ':', length) + 3;
    const char *stop = sp_text_find(host, (size_t)(end - host), "/-/");
    const char *from = stop;
    while (from && from > host && from[-1] != '/')
        from--;
    if (!stop || from == host || from == stop)
        return 0;
    size_t base = (size_t)(stop - from);
    const char *joined = sp_text_find(from, base, "%2f");
    const char *file_name = joined ? joined + 3 : from;
    if (!is_public_registry(host, (size_t)(end - host)) &&
        !is_archive_of(stop + 3, end, file_name, (size_t)(stop - file_name)))
        return 0;
    /* the scope is the segment before, unless the two are joined by %2f */
    const char *scope = from - 1;
    while (scope > host && scope[-1] != '/')
        scope--;
    if (scope > host && scope < from - 1 && (*scope == '@' || starts(scope, (size_t)(from - scope), "%40")))
        from = scope;
    return append_unescaped(out, from, (size_t)(stop - from), err);
}
