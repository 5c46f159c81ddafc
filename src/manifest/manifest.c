#include "manifest/manifest.h"
#include "base/file.h"

#include <fnmatch.h>
#include <string.h>

extern const struct sp_manifest_format sp_manifest_package_lock, sp_manifest_package_json,
    sp_manifest_requirements, sp_manifest_go_mod, sp_manifest_gemfile_lock, sp_manifest_pom_xml;

/* Where two recognise the same content, the first wins. */
const struct sp_manifest_format *const sp_manifest_formats[] = {
    &sp_manifest_package_lock, &sp_manifest_package_json, &sp_manifest_pom_xml,
    &sp_manifest_go_mod,       &sp_manifest_gemfile_lock, &sp_manifest_requirements,
};
const size_t sp_manifest_format_count = SP_COUNT(sp_manifest_formats);

/* A format shows itself early; the search must not cost what the reading costs. */
#define RECOGNISE_MAX ((size_t)64 << 10)

const struct sp_manifest_format *
sp_manifest_format_find(const char *id)
{
    for (size_t i = 0; i < sp_manifest_format_count; i++)
        if (!strcmp(sp_manifest_formats[i]->id, id))
            return sp_manifest_formats[i];
    return NULL;
}

/* The last component of PATH; with PARENT the last two. */
static const char *
last_part(const char *path, bool parent)
{
    const char *part = path;
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++)
        if (!parent || strchr(slash + 1, '/'))
            part = slash + 1;
    return part;
}

static bool
fits_name(const struct sp_manifest_format *format, const char *path)
{
    for (const char *const *name = format->names; *name; name++) {
        bool parent = strchr(*name, '/') != NULL;
        if (!fnmatch(*name, last_part(path, parent), FNM_PATHNAME))
            return true;
    }
    return false;
}

const struct sp_manifest_format *
sp_manifest_format_guess(const char *path, const char *content, size_t length)
{
    for (size_t i = 0; path && i < sp_manifest_format_count; i++)
        if (fits_name(sp_manifest_formats[i], path))
            return sp_manifest_formats[i];
    if (length > RECOGNISE_MAX)
        length = RECOGNISE_MAX;
    for (size_t i = 0; content && i < sp_manifest_format_count; i++)
        if (sp_manifest_formats[i]->recognise && sp_manifest_formats[i]->recognise(content, length))
            return sp_manifest_formats[i];
    return NULL;
}

int
sp_manifest_read_file(const struct sp_manifest_reading *reading, const struct sp_manifest_format *format,
                      const char *path, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer content = { 0 };
    if (sp_file_read(path, SP_MANIFEST_SIZE_MAX, &content, err) < 0)
        return -1;
    if (!content.length)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:1:1: an empty file; make it again", path);
    if (!format)
        format = sp_manifest_format_guess(path, content.bytes, content.length);
    if (!format)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s: of no known manifest format; name the format, or rename the file", path);
    return format->read(reading, path, content.bytes, content.length, err);
}
