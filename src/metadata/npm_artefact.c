#include "metadata/npm_artefact.h"
#include "metadata/members.h"
#include "metadata/npm_manifest.h"

#include <string.h>
#include <strings.h>

#define MANIFEST_MAX ((size_t)4 << 20)

struct reading {
    struct sp_record *record;
    int64_t time;
    bool manifest, readme, gyp;
    bool hooks_known; /* before the tarball was read */
};

static bool
is_readme(const char *name)
{
    static const char *const suffixes[] = { "", ".md", ".markdown", ".mkd", ".txt", ".rst" };
    if (strncasecmp(name, "readme", 6) != 0)
        return false;
    for (size_t i = 0; i < SP_COUNT(suffixes); i++)
        if (!strcasecmp(name + 6, suffixes[i]))
            return true;
    return false;
}

static size_t
wants(void *context, const char *name)
{
    const struct reading *reading = context;
    if (!strcmp(name, "package.json"))
        return reading->manifest ? 0 : MANIFEST_MAX;
    if (!strcmp(name, "binding.gyp"))
        return 1;
    return !reading->readme && is_readme(name) ? SP_RECORD_README_MAX + 1 : 0;
}

/* ---- package.json ---- */

static bool
has_hook(const struct sp_record *record, const char *line)
{
    for (size_t i = 0; i < record->hooks.count; i++)
        if (!strcmp(record->hooks.items[i], line))
            return true;
    return false;
}

/* Adds those hooks of INSIDE that RECORD does not have. */
static int
add_hooks(struct sp_record *record, const struct sp_record *inside, struct sp_error *err)
{
    const struct sp_teller teller = { record, inside->origins[SP_FIELD_HOOKS].source, 0 };
    bool told = false;
    for (size_t i = 0; i < inside->hooks.count; i++) {
        const char *line = inside->hooks.items[i];
        if (has_hook(record, line))
            continue;
        if (sp_tell_name(&teller, SP_FIELD_HOOKS, line, strlen(line), err) < 0)
            return -1;
        if (!told && sp_record_problem(record, err,
                                       "npm tarball: it runs at install what its registry does not list: %s",
                                       line) < 0)
            return -1;
        told = true;
    }
    return 0;
}

static int
read_manifest(struct reading *reading, struct sp_record *into, const char *bytes, size_t length,
              struct sp_error *err)
{
    const struct sp_teller teller = { into, "npm tarball", reading->time };
    struct sp_npm_manifest manifest;
    struct sp_json_walk walk = { 0 };
    sp_json_walk_open(&walk, &teller, bytes, length);
    sp_npm_manifest_tell(&walk, true, &manifest);
    return sp_json_walk_close(&walk, err);
}

static int
take_manifest(struct reading *reading, const char *bytes, size_t length, bool cut, struct sp_error *err)
{
    struct sp_record *record = reading->record;
    reading->manifest = true;
    if (cut)
        return sp_record_problem(record, err, "npm tarball: its package.json has more than %zu MB",
                                 MANIFEST_MAX >> 20);
    /* the hooks once more, apart, to compare them with what the registry said */
    sp_autorecord struct sp_record *inside = NULL;
    bool known = sp_record_knows(record, SP_FIELD_HOOKS);
    if (known &&
        (sp_record_new(&inside, record->ecosystem, record->name, err) < 0 ||
         read_manifest(reading, inside, bytes, length, err) < 0 || add_hooks(record, inside, err) < 0))
        return -1;
    return read_manifest(reading, record, bytes, length, err);
}

/* ---- the archive ---- */

static int
take(void *context, const char *name, const char *bytes, size_t length, bool cut, struct sp_error *err)
{
    struct reading *reading = context;
    struct sp_record *record = reading->record;
    const struct sp_teller teller = { record, "npm tarball", reading->time };
    if (!strcmp(name, "package.json")) {
        if (take_manifest(reading, bytes, length, cut, err) < 0)
            return -1;
    } else if (!strcmp(name, "binding.gyp")) {
        reading->gyp = true;
    } else {
        reading->readme = true;
        if (sp_tell_text(&teller, SP_FIELD_README, bytes, length, err) < 0)
            return -1;
    }
    /* binding.gyp may still follow, and matters where nobody said what runs */
    return reading->manifest && reading->readme && reading->hooks_known ? 1 : 0;
}

/* npm's own install script, which nothing in package.json has to mention. */
static int
tell_build(const struct reading *reading, struct sp_error *err)
{
    struct sp_record *record = reading->record;
    const struct sp_teller teller = { record, "npm tarball", reading->time };
    static const char build[] = "install: node-gyp rebuild";
    if (!reading->gyp || !reading->manifest || !sp_record_knows(record, SP_FIELD_HOOKS))
        return 0;
    for (size_t i = 0; i < record->hooks.count; i++)
        if (!strncmp(record->hooks.items[i], "install: ", 9) ||
            !strncmp(record->hooks.items[i], "preinstall: ", 12))
            return 0;
    return sp_tell_name(&teller, SP_FIELD_HOOKS, build, sizeof(build) - 1, err);
}

int
sp_npm_artefact_tell(struct sp_record *record, int64_t time, const char *tarball, size_t length,
                     struct sp_error *err)
{
    struct reading reading = { .record = record,
                               .time = time,
                               .hooks_known = sp_record_knows(record, SP_FIELD_HOOKS) };
    const struct sp_teller teller = { record, "npm tarball", time };
    const struct sp_members_reader reader = { wants, take, &reading };
    struct sp_error failure = { 0 };
    if (sp_members_read("npm tarball", tarball, length, &reader, &failure) < 0) {
        if (failure.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_record_problem(record, err, "%s", failure.text);
    }
    /* read to its end without one */
    if (!reading.readme && reading.manifest && sp_tell_text(&teller, SP_FIELD_README, NULL, 0, err) < 0)
        return -1;
    if (!reading.manifest)
        return sp_record_problem(record, err, "npm tarball: it holds no package.json");
    return tell_build(&reading, err);
}
