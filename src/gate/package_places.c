#include "gate/package_places.h"
#include "behaviour/directories.h"
#include "ecosystem/purl.h"
#include "manager/inside_root.h"
#include "manager/node_package.h"
#include "manager/python_dist.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>

#define FILE_MAX ((size_t)1 << 20)
#define REMEMBERED_MAX 65536u
#define CLAIM_MAX 256 /* bytes of a version that somebody claims */

struct sp_package_places {
    int root;
    const char *project;
    sp_served_version *served;
    void *context;
    struct sp_map known; /* directory -> its place in .purls */
    struct sp_arena arena;
    const char **purls;
    size_t count, capacity;
};

const char *
sp_evidence_served(void *context, const char *ecosystem, const char *name, const char *wanted, bool *any)
{
    const struct sp_evidence *evidence = context;
    const char *only = NULL;
    size_t versions = 0;
    for (size_t i = 0; i < evidence->package_count; i++) {
        const struct sp_run_package *package = &evidence->packages[i];
        /* a package that was only named in a lockfile has no URL that it came from */
        if (!package->url || package->refused || !package->name || !package->version ||
            strcmp(package->ecosystem, ecosystem) != 0 || strcmp(package->name, name) != 0)
            continue;
        *any = true;
        if (wanted && !strcmp(package->version, wanted))
            return package->version;
        only = package->version;
        versions++;
    }
    return versions == 1 ? only : NULL;
}

/* ---------------------------------------------------------------- what lies there */

/* What a directory's own files say of it. */
struct claim {
    struct sp_arena arena;
    const char *name, *version; /* NULL: nothing */
};

/* FILE beneath DIRECTORY, following no link; false where there is none that can be read. */
static bool
read_file(int directory, const char *file, struct sp_buffer *out)
{
    const char *why;
    return sp_inside_read_at(directory, file, FILE_MAX, out, &why, NULL) == 1;
}

static void
read_package_json(int directory, struct claim *claim)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autopackage struct sp_node_package package = { 0 };
    if (!read_file(directory, "package.json", &text) ||
        sp_node_package_read(&package, &claim->arena, "package.json", sp_buffer_string(&text), text.length,
                             NULL) < 0)
        return;
    claim->name = package.name;
    claim->version = package.version;
}

/* The value of KEY in the section of an INI or TOML file, where it is a plain one: what a build needs to
 * compute is not known here. */
static void
read_setting(const char *text, const char *section, const char *key, struct sp_arena *arena, const char **out)
{
    bool within = false;
    for (const char *line = text; *line && !*out;) {
        size_t span = strcspn(line, "\n"), length = strlen(key);
        const char *next = line + span + (line[span] == '\n');
        while (span && strchr(" \t\r", line[span - 1]))
            span--;
        if (span && line[0] == '[') {
            within = span == strlen(section) && !strncmp(line, section, span);
        } else if (within && span > length && !strncmp(line, key, length) && strchr(" \t=", line[length])) {
            const char *value = line + length + strspn(line + length, " \t");
            if (*value++ == '=') {
                value += strspn(value, " \t\"'");
                size_t end = strcspn(value, " \t\r\n\"'#;");
                *out = end && end < CLAIM_MAX ? sp_arena_copy(arena, value, end, NULL) : NULL;
            }
        }
        line = next;
    }
}

static void
read_sections(int directory, const char *file, const char *section, struct claim *claim)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    if (claim->name || !read_file(directory, file, &text))
        return;
    read_setting(sp_buffer_string(&text), section, "name", &claim->arena, &claim->name);
    read_setting(sp_buffer_string(&text), section, "version", &claim->arena, &claim->version);
}

static void
read_python(int directory, struct claim *claim)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_python_dist dist = { 0 };
    if (read_file(directory, "PKG-INFO", &text) &&
        sp_python_read_metadata(&dist, &claim->arena, sp_buffer_string(&text), text.length, NULL) == 0) {
        claim->name = dist.name;
        claim->version = dist.version;
    }
    sp_python_dist_free(&dist);
    read_sections(directory, "pyproject.toml", "[project]", claim);
    read_sections(directory, "setup.cfg", "[metadata]", claim);
}

/* ---------------------------------------------------------------- what it may be called */

static bool
is_valid(enum sp_ecosystem_id id, const char *name)
{
    return name && *name && strlen(name) <= SP_NAME_MAX &&
           sp_ecosystems[id]->validate(name, strlen(name), NULL) == 0;
}

/* Whether TEXT is such as versions are: nothing that could be mistaken for more of a purl. */
static bool
is_version(const char *text)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+!_";
    return text && *text && strlen(text) < CLAIM_MAX && !text[strspn(text, letters)];
}

static bool
write_purl(enum sp_ecosystem_id id, const char *name, const char *version, struct sp_buffer *out)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_purl purl;
    return sp_purl_from_package(sp_ecosystems[id], name, version, &purl, &arena, NULL) == 0 &&
           sp_purl_format(&purl, out, NULL) == 0;
}

/* Whether DIRECTORY holds VERSION of a package, as it says itself. */
static bool
holds_version(const struct sp_package_places *places, const char *directory, const char *version)
{
    struct claim claim = { 0 };
    sp_autoclose int fd = sp_inside_open(places->root, directory, O_RDONLY | O_DIRECTORY);
    if (fd >= 0)
        read_package_json(fd, &claim);
    bool holds = claim.version && version && !strcmp(claim.version, version);
    sp_arena_free(&claim.arena);
    return holds;
}

/* An alias ("left": "npm:right@1") lies under a name that no registry handed out, and is a package that one
 * did. What lies under its own name as well is somebody else, who says to be it. */
static bool
is_alias(const struct sp_package_places *places, const char *path, const struct sp_directory *directory,
         const struct claim *claim)
{
    sp_autoarena struct sp_arena arena = { 0 };
    bool any = false;
    const char *version =
        places->served(places->context, sp_ecosystems[SP_NPM]->name, claim->name, claim->version, &any);
    if (!any || !version || !claim->version || strcmp(version, claim->version) != 0)
        return false;
    int above = (int)(directory->length - strlen(directory->name));
    const char *beside = sp_arena_printf(&arena, NULL, "%.*s%s", above, path, claim->name);
    const char *top = sp_arena_printf(&arena, NULL, "%s/node_modules/%s",
                                      places->project ? places->project : "", claim->name);
    return beside && top && !holds_version(places, beside, version) && !holds_version(places, top, version);
}

/* The package manager named the directory. */
static bool
write_named(const struct sp_package_places *places, enum sp_ecosystem_id id, const char *path,
            const struct sp_directory *directory, const struct claim *claim, struct sp_buffer *out)
{
    const char *ecosystem = sp_ecosystems[id]->name, *version = NULL;
    const char *wanted = directory->version[0]        ? directory->version
                         : is_version(claim->version) ? claim->version
                                                      : NULL;
    sp_autobuffer struct sp_buffer name = { 0 };
    bool any = false;
    if (sp_ecosystems[id]->normalise(directory->name, strlen(directory->name), &name, NULL) < 0)
        return false;
    if (places->served)
        version = places->served(places->context, ecosystem, sp_buffer_string(&name), wanted, &any);
    if (id == SP_NPM && !any && places->served && is_valid(SP_NPM, claim->name) &&
        strcmp(claim->name, directory->name) != 0) {
        if (is_alias(places, path, directory, claim))
            return write_purl(id, claim->name, claim->version, out);
        /* nobody vouches for what it says of itself */
        wanted = directory->version[0] ? directory->version : NULL;
    }
    /* what came from a warm cache was not handed out: its own version then harms nobody else's name */
    return write_purl(id, directory->name, any && !version ? NULL : version ? version : wanted, out);
}

/* Nobody but itself named it: a checkout, an archive from a URL, a directory of the user's. The type says so,
 * and keeps its claim apart from packages of a registry. */
static bool
write_claimed(const struct claim *claim, struct sp_buffer *out)
{
    if (!is_valid(SP_NPM, claim->name) && !is_valid(SP_PYPI, claim->name))
        return false;
    const char *slash = strchr(claim->name, '/');
    sp_autofree char *space = slash ? strndup(claim->name, (size_t)(slash - claim->name)) : NULL;
    if (slash && !space)
        return false;
    const struct sp_purl purl = {
        .type = "generic",
        .namespace_ = space,
        .name = slash ? slash + 1 : claim->name,
        .version = is_version(claim->version) ? claim->version : NULL,
    };
    return sp_purl_format(&purl, out, NULL) == 0;
}

static bool
look(const struct sp_package_places *places, const char *path, struct sp_buffer *out)
{
    struct sp_directory directory;
    struct claim claim = { 0 };
    bool found = false;
    sp_directory_read(places->project, path, &directory);
    if (path[directory.length] && directory.kind != SP_DIRECTORY_PROJECT)
        return false;
    sp_autoclose int fd = sp_inside_open(places->root, path, O_RDONLY | O_DIRECTORY);
    if (fd >= 0) {
        if (directory.kind != SP_DIRECTORY_BUILD)
            read_package_json(fd, &claim);
        if (directory.kind != SP_DIRECTORY_NODE && !claim.name)
            read_python(fd, &claim);
    }
    if (directory.name[0])
        found = write_named(places, directory.kind == SP_DIRECTORY_NODE ? SP_NPM : SP_PYPI, path, &directory,
                            &claim, out);
    else if (directory.kind != SP_DIRECTORY_PROJECT)
        found = write_claimed(&claim, out);
    sp_arena_free(&claim.arena);
    return found;
}

/* ---------------------------------------------------------------- */

int
sp_package_places_new(struct sp_package_places **out, int root, const char *project,
                      sp_served_version *served, void *context, struct sp_error *err)
{
    struct sp_package_places *places = sp_new(struct sp_package_places, err);
    if (!places)
        return -1;
    *places =
        (struct sp_package_places){ .root = root, .project = project, .served = served, .context = context };
    if (getrandom(&places->known.seed, sizeof(places->known.seed), GRND_NONBLOCK) < 0)
        places->known.seed = (uint64_t)(uintptr_t)places;
    *out = places;
    return 0;
}

void
sp_package_places_free(struct sp_package_places *places)
{
    if (!places)
        return;
    sp_map_free(&places->known);
    sp_arena_free(&places->arena);
    free(places->purls);
    free(places);
}

bool
sp_package_places_resolve(void *context, const char *directory, struct sp_buffer *purl)
{
    struct sp_package_places *places = context;
    sp_autobuffer struct sp_buffer found = { .limit = SP_PURL_MAX };
    size_t length = directory ? strlen(directory) : 0;
    uint32_t at;
    if (!length || directory[0] != '/')
        return false;
    if (sp_map_get(&places->known, directory, length, &at))
        return sp_buffer_append_string(purl, places->purls[at], NULL) == 0;
    if (!look(places, directory, &found) || !found.length)
        return false;
    /* beyond the bounds it is looked for again each time */
    const char *kept = NULL;
    if (places->count < REMEMBERED_MAX &&
        sp_grow(places->purls, places->capacity, places->count + 1, NULL) == 0 &&
        (kept = sp_arena_copy(&places->arena, found.bytes, found.length, NULL)) &&
        sp_map_set(&places->known, directory, length, (uint32_t)places->count, NULL) == 0)
        places->purls[places->count++] = kept;
    return sp_buffer_append(purl, found.bytes, found.length, NULL) == 0;
}
