/* attribution_place.c: from the directory in which a program was started to the package whose code it is. */
#include "behaviour/attribution_parts.h"

#include <string.h>

/* ------------------------------------------------------------------ npm */

/* The length of DIRECTORY up to the end of the innermost package in it; 0: it is in none. */
static size_t
node_package(const char *directory)
{
    static const char modules[] = "/node_modules/";
    size_t found = 0;
    for (const char *at = directory; (at = strstr(at, modules)); at++) {
        const char *name = at + sizeof(modules) - 1;
        size_t length = strcspn(name, "/");
        if (*name == '@' && name[length] == '/')
            length += 1 + strcspn(name + length + 1, "/");
        else if (*name == '@')
            continue;                /* a scope is no package */
        if (!length || *name == '.') /* .bin, .pnpm, .cache */
            continue;
        found = (size_t)(name - directory) + length;
    }
    return found;
}

/* ------------------------------------------------------------------ pip */

static const char *
find_part(const char *directory, const char *beginning)
{
    for (const char *at = directory; (at = strstr(at, beginning)); at++)
        if (at > directory && at[-1] == '/')
            return at;
    return NULL;
}

/* The length of DIRECTORY up to the end of the directory in which pip builds one package; 0: it is none. */
static size_t
build_directory(const char *directory)
{
    static const char *const own[] = { "pip-req-build-", "pip-wheel-build-" };
    const char *at = find_part(directory, "pip-install-");
    if (at) {
        const char *slash = strchr(at, '/');
        return slash && slash[1] ? (size_t)(slash - directory) + 1 + strcspn(slash + 1, "/") : 0;
    }
    for (size_t i = 0; i < SP_COUNT(own); i++)
        if ((at = find_part(directory, own[i])))
            return (size_t)(at - directory) + strcspn(at, "/");
    return 0;
}

/* PEP 503: runs of '-', '_' and '.' are one '-', letters are small. */
static size_t
normal_name(char *out, size_t size, const char *name, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i < length && at + 1 < size; i++) {
        char letter = name[i];
        if (letter == '-' || letter == '_' || letter == '.') {
            if (at && out[at - 1] != '-')
                out[at++] = '-';
        } else {
            out[at++] = letter >= 'A' && letter <= 'Z' ? (char)(letter | 0x20) : letter;
        }
    }
    out[at] = '\0';
    return at;
}

/* "name_0123456789abcdef0123456789abcdef": pip's way to name a directory. */
static size_t
name_before_digest(const char *part, size_t length)
{
    if (length <= 33 || part[length - 33] != '_')
        return 0;
    return strspn(part + length - 32, "0123456789abcdef") >= 32 ? length - 33 : 0;
}

/* --------------------------------------------------------------- memory */

static const char *
keep_purl(struct sp_attribution *attribution, const char *purl, uint32_t *index)
{
    if (attribution->purl_count >= SP_ATTRIBUTION_PATHS_MAX ||
        sp_grow(attribution->purls, attribution->purl_capacity, attribution->purl_count + 1, NULL) < 0)
        return NULL;
    const char *kept = sp_arena_copy(&attribution->arena, purl, strnlen(purl, 1024), NULL);
    if (!kept)
        return NULL;
    attribution->purls[attribution->purl_count++] = kept;
    *index = (uint32_t)attribution->purl_count;
    return kept;
}

void
sp_place_learn(struct sp_attribution *attribution, const char *directory, const char *purl)
{
    uint32_t index;
    if (attribution->places.count >= SP_ATTRIBUTION_PATHS_MAX || !keep_purl(attribution, purl, &index) ||
        sp_map_set(&attribution->places, directory, strlen(directory), index, NULL) < 0)
        attribution->unseen++;
}

void
sp_place_served(struct sp_attribution *attribution, const char *purl)
{
    static const char pypi[] = "pkg:pypi/";
    char name[256];
    uint32_t index;
    if (strncmp(purl, pypi, sizeof(pypi) - 1) != 0)
        return;
    const char *from = purl + sizeof(pypi) - 1;
    size_t length = normal_name(name, sizeof(name), from, strcspn(from, "@?#"));
    if (attribution->served.count >= SP_ATTRIBUTION_PATHS_MAX || !keep_purl(attribution, purl, &index) ||
        sp_map_set(&attribution->served, name, length, index, NULL) < 0)
        attribution->unseen++;
}

/* What lies in the directory of LENGTH bytes, asked once. */
static const char *
look_up(struct sp_attribution *attribution, const char *directory, size_t length)
{
    sp_autobuffer struct sp_buffer path = { 0 }, purl = { 0 };
    uint32_t index = 0;
    if (sp_map_get(&attribution->places, directory, length, &index))
        return index ? attribution->purls[index - 1] : NULL;
    if (sp_buffer_append(&path, directory, length, NULL) < 0 || !attribution->options.resolve)
        return NULL;
    const char *kept = NULL;
    if (attribution->options.resolve(attribution->options.context, sp_buffer_string(&path), &purl) &&
        purl.length)
        kept = keep_purl(attribution, sp_buffer_string(&purl), &index);
    if (attribution->places.count < SP_ATTRIBUTION_PATHS_MAX)
        (void)!sp_map_set(&attribution->places, directory, length, kept ? index : 0, NULL);
    if (kept)
        sp_event_send(attribution->options.places, &(struct sp_event){ .kind = SP_EVENT_PLACE,
                                                                       .subject = sp_buffer_string(&path),
                                                                       .package = kept });
    return kept;
}

/* --------------------------------------------------------------- asking */

static const char *
python_package(struct sp_attribution *attribution, const char *directory, size_t length)
{
    static const char pypi[] = "pkg:pypi/";
    char name[256], said[256];
    uint32_t index;
    const char *known = look_up(attribution, directory, length);
    size_t start = length;
    while (start && directory[start - 1] != '/')
        start--;
    size_t before = name_before_digest(directory + start, length - start);
    if (!before)
        return known;
    size_t size = normal_name(name, sizeof(name), directory + start, before);
    /* pip named the directory; what the package says of itself only adds the version */
    if (known && !strncmp(known, pypi, sizeof(pypi) - 1)) {
        const char *from = known + sizeof(pypi) - 1;
        if (normal_name(said, sizeof(said), from, strcspn(from, "@?#")) == size && !strcmp(said, name))
            return known;
    }
    if (sp_map_get(&attribution->served, name, size, &index))
        return attribution->purls[index - 1];
    /* its name at least: pip made the directory, not the package */
    for (size_t i = 0; i < size; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name[i]))
            return NULL;
    char purl[300];
    snprintf(purl, sizeof(purl), "pkg:pypi/%s", name);
    const char *kept = keep_purl(attribution, purl, &index);
    if (kept)
        (void)!sp_map_set(&attribution->places, directory, length, index, NULL);
    return kept;
}

const char *
sp_place_package(struct sp_attribution *attribution, const char *directory, enum sp_phase *phase)
{
    const char *ecosystem = attribution->options.ecosystem;
    size_t length = node_package(directory);
    if (length) {
        *phase = SP_PHASE_INSTALL;
        return look_up(attribution, directory, length);
    }
    length = build_directory(directory);
    *phase = SP_PHASE_BUILD;
    if (length)
        return python_package(attribution, directory, length);
    /* uv, poetry and others build in directories of their caches, which have no name of their own */
    const char *project = attribution->options.project;
    size_t project_length = project ? strlen(project) : 0;
    bool in_project = project && !strncmp(directory, project, project_length) &&
                      (directory[project_length] == '/' || !directory[project_length]);
    return ecosystem && !strcmp(ecosystem, "pypi") && !in_project
               ? look_up(attribution, directory, strlen(directory))
               : NULL;
}
