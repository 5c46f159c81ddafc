#include "proxy/names.h"
#include "proxy/url.h"

#include <string.h>
#include <strings.h>

static bool
ends_in(const char *text, size_t length, const char *ending)
{
    size_t size = strlen(ending);
    return length > size && !strncasecmp(text + length - size, ending, size);
}

/* ---- npm ---- */

/* "lodash-4.17.21.tgz" of lodash: 4.17.21. Scoped packages leave the scope out of the file's name. */
static int
read_tarball_version(struct sp_buffer *version, const char *name, const char *file, struct sp_error *err)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    size_t length = strlen(file), prefix = strlen(base);
    if (!ends_in(file, length, ".tgz") || strncmp(file, base, prefix) != 0 || file[prefix] != '-' ||
        length <= prefix + 1 + 4)
        return 0;
    return sp_buffer_append(version, file + prefix + 1, length - prefix - 1 - 4, err);
}

int
sp_npm_read_path(const char *rest, enum sp_npm_path *kind, struct sp_buffer *name, struct sp_buffer *version,
                 struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    *kind = SP_NPM_OTHER;
    if (sp_url_decode(&path, rest, strcspn(rest, "?"), err) < 0)
        return -1;
    const char *text = sp_buffer_string(&path), *end = strchr(text, '/');
    if (*text == '@' && end)
        end = strchr(end + 1, '/');
    size_t length = end ? (size_t)(end - text) : strlen(text);
    if (!length || *text == '-' || (*text == '@' && !memchr(text, '/', length)))
        return 0;
    if (sp_buffer_append(name, text, length, err) < 0)
        return -1;
    const char *after = end ? end + 1 : "";
    if (!*after) {
        *kind = SP_NPM_PACKUMENT;
        return 0;
    }
    const char *slash = strrchr(after, '/');
    if (!strncmp(after, "-/", 2) && after[2]) {
        *kind = SP_NPM_TARBALL;
        return read_tarball_version(version, name->bytes, slash + 1, err);
    }
    if (slash)
        return 0;
    *kind = SP_NPM_PACKUMENT;
    return sp_buffer_append_string(version, after, err);
}

/* ---- Python ---- */

static const char *const source_endings[] = { ".tar.gz", ".zip", ".tar.bz2", ".tgz",     ".tar.xz",
                                              ".tar.Z",  ".tar", ".egg",     ".tar.lzma" };

static int
normalise(const char *text, size_t length, struct sp_buffer *out, struct sp_error *err)
{
    return sp_ecosystem_read_name(sp_ecosystems[SP_PYPI], text, length, out, err);
}

/* NAME-VERSION-... of a wheel; its parts hold no hyphen. */
static int
read_wheel(const char *file, size_t length, struct sp_buffer *name, struct sp_buffer *version,
           struct sp_error *err)
{
    const char *first = memchr(file, '-', length);
    const char *second = first ? memchr(first + 1, '-', length - (size_t)(first + 1 - file)) : NULL;
    if (!second || normalise(file, (size_t)(first - file), name, NULL) < 0) {
        sp_buffer_clear(name);
        return 0;
    }
    return sp_buffer_append(version, first + 1, (size_t)(second - first - 1), err);
}

static int
read_source(const char *stem, size_t length, const char *project, struct sp_buffer *name,
            struct sp_buffer *version, struct sp_error *err)
{
    size_t cut = 0; /* of the hyphen between name and version */
    sp_autobuffer struct sp_buffer tried = { 0 };
    for (size_t i = 1; i + 1 < length; i++) {
        if (stem[i] != '-')
            continue;
        bool same = project && normalise(stem, i, &tried, NULL) == 0 && strcmp(tried.bytes, project) == 0;
        bool digit = stem[i + 1] >= '0' && stem[i + 1] <= '9';
        if (same || digit)
            cut = i;
        if (same)
            break;
    }
    if (!cut || normalise(stem, cut, name, NULL) < 0) {
        sp_buffer_clear(name);
        return 0;
    }
    return sp_buffer_append(version, stem + cut + 1, length - cut - 1, err);
}

int
sp_python_read_file(const char *file, size_t length, const char *project, enum sp_python_file *kind,
                    struct sp_buffer *name, struct sp_buffer *version, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer decoded = { 0 };
    *kind = SP_PYTHON_OTHER;
    if (sp_url_decode(&decoded, file, length, err) < 0)
        return -1;
    const char *text = sp_buffer_string(&decoded);
    length = decoded.length;
    bool metadata = ends_in(text, length, ".metadata");
    if (metadata)
        length -= strlen(".metadata");
    if (ends_in(text, length, ".whl")) {
        *kind = metadata ? SP_PYTHON_METADATA : SP_PYTHON_WHEEL;
        return read_wheel(text, length, name, version, err);
    }
    for (size_t i = 0; i < SP_COUNT(source_endings); i++) {
        if (!ends_in(text, length, source_endings[i]))
            continue;
        *kind = metadata ? SP_PYTHON_METADATA : SP_PYTHON_SOURCE;
        return read_source(text, length - strlen(source_endings[i]), project, name, version, err);
    }
    return 0;
}
