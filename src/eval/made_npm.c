/* npm's documents: the packument, the latest tarball, and the count of downloads.
 * Sources: "Package Metadata" of npm's registry documentation; its documentation of download counts. */
#include "eval/made_parts.h"

#include <string.h>

static void
put_person(struct sp_json *json, const struct sp_made_person *person)
{
    sp_json_begin_object(json);
    sp_made_json_pair(json, "name", person->id);
    sp_made_json_pair(json, "email", person->email);
    sp_json_end_object(json);
}

static void
put_people(struct sp_json *json, const struct sp_made_package *package)
{
    sp_json_key(json, "maintainers");
    sp_json_begin_array(json);
    for (unsigned i = 0; i < package->people_count; i++)
        put_person(json, &package->people[i]);
    sp_json_end_array(json);
}

static void
put_about(struct sp_json *json, const struct sp_made_package *package)
{
    char url[1024];
    if (package->description)
        sp_made_json_pair(json, "description", package->description);
    if (package->licence)
        sp_made_json_pair(json, "license", package->licence);
    if (package->homepage)
        sp_made_json_pair(json, "homepage", package->homepage);
    if (package->repository) {
        snprintf(url, sizeof(url), "git+%s.git", package->repository);
        sp_json_key(json, "repository");
        sp_json_begin_object(json);
        sp_made_json_pair(json, "type", "git");
        sp_made_json_pair(json, "url", url);
        sp_json_end_object(json);
    }
    sp_json_key(json, "author");
    put_person(json, &package->people[0]);
    if (package->readme) {
        sp_json_key(json, "keywords");
        sp_json_begin_array(json);
        sp_json_string(json, sp_made_keyword(package));
        sp_json_end_array(json);
    }
}

/* What package.json says, and the packument of each version. */
static void
put_manifest(struct sp_json *json, const struct sp_made_package *package, const char *version)
{
    sp_made_json_pair(json, "name", package->name);
    sp_made_json_pair(json, "version", version);
    sp_made_json_pair(json, "main", "index.js");
    put_about(json, package);
    sp_json_key(json, "scripts");
    sp_json_begin_object(json);
    sp_made_json_pair(json, "test", "node --test");
    if (package->hook)
        sp_made_json_pair(json, package->hook, package->hook_command);
    sp_json_end_object(json);
    sp_json_key(json, "dependencies");
    sp_json_begin_object(json);
    for (unsigned i = 0; i < package->dependency_count; i++)
        sp_made_json_pair(json, package->dependencies[i], "^1.0.0");
    sp_json_end_object(json);
}

static void
write_tarball_url(const struct sp_made_package *package, const char *version, char *out, size_t size)
{
    snprintf(out, size, "https://registry.npmjs.org/%s/-/%s-%s.tgz", package->name, package->base, version);
}

static void
put_artefact(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package,
             const char *version)
{
    char text[1024], digest[65];
    sp_made_digest(sink, digest);
    sp_json_key(json, "dist");
    sp_json_begin_object(json);
    write_tarball_url(package, version, text, sizeof(text));
    sp_made_json_pair(json, "tarball", text);
    sp_made_json_pair(json, "shasum", (snprintf(text, sizeof(text), "%.40s", digest), text));
    sp_json_key(json, "fileCount");
    sp_json_integer(json, 3 + (long long)sp_draw_below(&sink->draw, 60));
    sp_json_key(json, "unpackedSize");
    sp_json_integer(json, 1200 + (long long)sp_draw_below(&sink->draw, 400000));
    if (package->provenance) {
        sp_json_key(json, "attestations");
        sp_json_begin_object(json);
        snprintf(text, sizeof(text), "https://registry.npmjs.org/-/npm/v1/attestations/%s@%s", package->name,
                 version);
        sp_made_json_pair(json, "url", text);
        sp_json_key(json, "provenance");
        sp_json_begin_object(json);
        sp_made_json_pair(json, "predicateType", "https://slsa.dev/provenance/v1");
        sp_json_end_object(json);
        sp_json_end_object(json);
    }
    sp_json_end_object(json);
}

static void
put_version(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package,
            const char *version)
{
    sp_json_key(json, version);
    sp_json_begin_object(json);
    put_manifest(json, package, version);
    put_people(json, package);
    if (package->hook) {
        sp_json_key(json, "hasInstallScript");
        sp_json_bool(json, true);
    }
    if (package->deprecated)
        sp_made_json_pair(json, "deprecated", package->deprecated);
    sp_json_key(json, "_npmUser");
    put_person(json, &package->people[0]);
    put_artefact(json, sink, package, version);
    sp_json_end_object(json);
}

static void
put_times(struct sp_json *json, const struct sp_made_package *package)
{
    char version[32], time[32];
    sp_json_key(json, "time");
    sp_json_begin_object(json);
    sp_made_json_pair(json, "created", (sp_made_time(package->created, time), time));
    sp_made_json_pair(json, "modified",
                      (sp_made_time(sp_made_release_time(package, package->releases - 1), time), time));
    for (unsigned i = 0; i < package->releases; i++) {
        sp_made_version(package, i, version);
        sp_made_json_pair(json, version, (sp_made_time(sp_made_release_time(package, i), time), time));
    }
    sp_json_end_object(json);
}

static int
put_downloads(const struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char url[1024];
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    snprintf(url, sizeof(url), "https://api.npmjs.org/downloads/point/last-month/%s", package->name);
    sp_json_begin_object(&json);
    sp_json_key(&json, "downloads");
    sp_json_integer(&json, package->downloads);
    sp_made_json_pair(&json, "package", package->name);
    sp_json_end_object(&json);
    return sp_made_put_json(sink, url, "application/json", "application/json", &json, err);
}

static int
put_tarball(const struct sp_made_sink *sink, const struct sp_made_package *package, const char *version,
            struct sp_error *err)
{
    char url[1024];
    sp_autoarena struct sp_arena arena = { 0 };
    sp_automade struct sp_made_files files = { 0 };
    sp_autobuffer struct sp_buffer code = { 0 }, readme = { 0 };
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    put_manifest(&json, package, version);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0 || sp_made_add(&files, "package.json", &json.out, &arena, err) < 0 ||
        sp_buffer_append_string(&code, "module.exports = {};\n", err) < 0 ||
        sp_made_add(&files, "index.js", &code, &arena, err) < 0 ||
        (package->readme && (sp_buffer_append_string(&readme, package->readme, err) < 0 ||
                             sp_made_add(&files, "README.md", &readme, &arena, err) < 0)))
        return -1;
    write_tarball_url(package, version, url, sizeof(url));
    return sp_made_put_archive(sink, url, SP_ARCHIVE_TGZ, &files, "package/", err);
}

int
sp_made_put_npm(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char version[32], url[1024];
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    sp_json_begin_object(&json);
    sp_made_json_pair(&json, "_id", package->name);
    sp_made_json_pair(&json, "name", package->name);
    sp_made_version(package, package->releases - 1, version);
    sp_json_key(&json, "dist-tags");
    sp_json_begin_object(&json);
    sp_made_json_pair(&json, "latest", version);
    sp_json_end_object(&json);
    sp_json_key(&json, "versions");
    sp_json_begin_object(&json);
    for (unsigned i = 0; i < package->releases; i++) {
        sp_made_version(package, i, version);
        put_version(&json, sink, package, version);
    }
    sp_json_end_object(&json);
    put_times(&json, package);
    put_about(&json, package);
    put_people(&json, package);
    sp_made_json_pair(&json, "readme", package->readme ? package->readme : "ERROR: No README data found!");
    sp_made_json_pair(&json, "readmeFilename", package->readme ? "README.md" : "");
    sp_json_end_object(&json);
    if (package->namespace_)
        snprintf(url, sizeof(url), "https://registry.npmjs.org/@%s%%2f%s", package->namespace_,
                 package->base);
    else
        snprintf(url, sizeof(url), "https://registry.npmjs.org/%s", package->name);
    if (sp_made_put_json(sink, url, "application/json", "application/json", &json, err) < 0 ||
        put_tarball(sink, package, version, err) < 0)
        return -1;
    return put_downloads(sink, package, err);
}
