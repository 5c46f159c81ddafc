/* PyPI's documents: the JSON of a project, the simple page, and the core metadata of the latest wheel or the
 * latest source distribution.
 * Sources: PyPI's documentation of its JSON API; PEP 691, 700 and 740; the core metadata specification. */
#include "base/digest.h"
#include "eval/made_parts.h"

#include <string.h>

#define SIMPLE_ACCEPT                                                                                        \
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
#define FILES "https://files.pythonhosted.org/packages/made/up/"

/* "velmora_kit": file names are written so (PEP 625, PEP 427). */
static void
write_stem(const struct sp_made_package *package, char *out, size_t size)
{
    snprintf(out, size, "%s", package->name);
    for (char *at = out; *at; at++)
        if (*at == '-' || *at == '.')
            *at = '_';
}

/* File 0 is the source distribution, 1 the wheel. */
static void
write_file_name(const struct sp_made_package *package, unsigned index, unsigned file, char *out, size_t size)
{
    char stem[256], version[32];
    write_stem(package, stem, sizeof(stem));
    sp_made_version(package, index, version);
    snprintf(out, size, file ? "%s-%s-py3-none-any.whl" : "%s-%s.tar.gz", stem, version);
}

static unsigned
count_files(const struct sp_made_package *package)
{
    return package->source_only ? 1 : 2;
}

static void
put_files(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package,
          unsigned index)
{
    char name[512], url[640], time[32], digest[65];
    sp_json_begin_array(json);
    for (unsigned file = 0; file < count_files(package); file++) {
        sp_json_begin_object(json);
        write_file_name(package, index, file, name, sizeof(name));
        snprintf(url, sizeof(url), FILES "%s", name);
        sp_made_json_pair(json, "filename", name);
        sp_made_json_pair(json, "packagetype", file ? "bdist_wheel" : "sdist");
        sp_made_json_pair(json, "url", url);
        sp_made_time(sp_made_release_time(package, index), time);
        sp_made_json_pair(json, "upload_time_iso_8601", time);
        sp_json_key(json, "size");
        sp_json_integer(json, 2000 + (long long)sp_draw_below(&sink->draw, 90000));
        sp_json_key(json, "yanked");
        sp_json_bool(json, false);
        sp_json_key(json, "digests");
        sp_json_begin_object(json);
        sp_made_digest(sink, digest);
        sp_made_json_pair(json, "sha256", digest);
        sp_json_end_object(json);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
put_links(struct sp_json *json, const struct sp_made_package *package)
{
    sp_json_key(json, "project_urls");
    if (!package->repository && !package->homepage) {
        sp_json_null(json);
        return;
    }
    sp_json_begin_object(json);
    if (package->homepage)
        sp_made_json_pair(json, "Homepage", package->homepage);
    if (package->repository)
        sp_made_json_pair(json, "Source", package->repository);
    sp_json_end_object(json);
}

static void
put_info(struct sp_json *json, const struct sp_made_package *package, const char *version)
{
    sp_json_key(json, "info");
    sp_json_begin_object(json);
    sp_made_json_pair(json, "name", package->name);
    sp_made_json_pair(json, "version", version);
    sp_made_json_pair(json, "summary", package->description ? package->description : "");
    sp_made_json_pair(json, "description", package->readme ? package->readme : "");
    sp_made_json_pair(json, "description_content_type", "text/markdown");
    sp_made_json_pair(json, "author", package->people[0].id);
    sp_made_json_pair(json, "author_email", package->people[0].email);
    sp_made_json_pair(json, "license", package->licence);
    sp_made_json_pair(json, "keywords", package->readme ? sp_made_keyword(package) : "");
    sp_made_json_pair(json, "home_page", package->homepage ? package->homepage : "");
    put_links(json, package);
    sp_json_key(json, "requires_dist");
    if (package->dependency_count) {
        sp_json_begin_array(json);
        for (unsigned i = 0; i < package->dependency_count; i++)
            sp_json_string(json, package->dependencies[i]);
        sp_json_end_array(json);
    } else {
        sp_json_null(json);
    }
    sp_json_key(json, "yanked");
    sp_json_bool(json, false);
    sp_json_end_object(json);
}

static void
put_ownership(struct sp_json *json, const struct sp_made_package *package)
{
    sp_json_key(json, "ownership");
    sp_json_begin_object(json);
    sp_json_key(json, "organization");
    sp_json_null(json);
    sp_json_key(json, "roles");
    sp_json_begin_array(json);
    for (unsigned i = 0; i < package->people_count; i++) {
        sp_json_begin_object(json);
        sp_made_json_pair(json, "role", i ? "Maintainer" : "Owner");
        sp_made_json_pair(json, "user", package->people[i].id);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_json_end_object(json);
}

static int
put_project(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char version[32], url[640];
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    sp_json_begin_object(&json);
    sp_made_version(package, package->releases - 1, version);
    put_info(&json, package, version);
    sp_json_key(&json, "releases");
    sp_json_begin_object(&json);
    for (unsigned i = 0; i < package->releases; i++) {
        sp_made_version(package, i, version);
        sp_json_key(&json, version);
        put_files(&json, sink, package, i);
    }
    sp_json_end_object(&json);
    sp_json_key(&json, "urls");
    put_files(&json, sink, package, package->releases - 1);
    put_ownership(&json, package);
    sp_json_key(&json, "vulnerabilities");
    sp_json_begin_array(&json);
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    snprintf(url, sizeof(url), "https://pypi.org/pypi/%s/json", package->name);
    return sp_made_put_json(sink, url, "application/json", "application/json", &json, err);
}

/* ---- core metadata ---- */

static int
write_metadata(struct sp_buffer *out, const struct sp_made_package *package, struct sp_error *err)
{
    char version[32];
    sp_made_version(package, package->releases - 1, version);
    if (sp_buffer_printf(out, err, "Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: %s\n",
                         package->name, version, package->description ? package->description : "") < 0 ||
        (package->licence && sp_buffer_printf(out, err, "License: %s\n", package->licence) < 0) ||
        (package->repository &&
         sp_buffer_printf(out, err, "Project-URL: Source, %s\n", package->repository) < 0) ||
        sp_buffer_printf(out, err, "Author-email: %s <%s>\n", package->people[0].id,
                         package->people[0].email) < 0)
        return -1;
    for (unsigned i = 0; i < package->dependency_count; i++)
        if (sp_buffer_printf(out, err, "Requires-Dist: %s\n", package->dependencies[i]) < 0)
            return -1;
    return sp_buffer_printf(out, err, "Description-Content-Type: text/markdown\n\n%s",
                            package->readme ? package->readme : "");
}

/* The latest wheel's, beside the wheel (PEP 658); its digest goes to OUT. */
static int
put_metadata(const struct sp_made_sink *sink, const struct sp_made_package *package, char out[65],
             struct sp_error *err)
{
    char name[512], url[640], text[SP_DIGEST_TEXT_MAX];
    unsigned char value[SP_DIGEST_MAX];
    sp_autobuffer struct sp_buffer file = { 0 };
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, err);
    if (!digest || write_metadata(&file, package, err) < 0 ||
        sp_digest_add(digest, file.bytes, file.length, err) < 0 || sp_digest_finish(digest, value, err) < 0)
        return -1;
    sp_digest_write_hex(text, value, 32);
    memcpy(out, text, 65);
    write_file_name(package, package->releases - 1, 1, name, sizeof(name));
    snprintf(url, sizeof(url), FILES "%s.metadata", name);
    return sp_made_put(sink, url, NULL, "text/plain", file.bytes, file.length, err);
}

/* The latest source distribution, where there is nothing else to read. */
static int
put_source(const struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char name[512], url[640], prefix[512];
    sp_autoarena struct sp_arena arena = { 0 };
    sp_automade struct sp_made_files files = { 0 };
    sp_autobuffer struct sp_buffer metadata = { 0 }, setup = { 0 };
    if (write_metadata(&metadata, package, err) < 0 ||
        sp_made_add(&files, "PKG-INFO", &metadata, &arena, err) < 0 ||
        sp_buffer_printf(&setup, err, "from setuptools import setup\nsetup(name=\"%s\")\n", package->name) <
            0 ||
        sp_made_add(&files, "setup.py", &setup, &arena, err) < 0)
        return -1;
    write_file_name(package, package->releases - 1, 0, name, sizeof(name));
    snprintf(url, sizeof(url), FILES "%s", name);
    snprintf(prefix, sizeof(prefix), "%.*s/", (int)(strlen(name) - strlen(".tar.gz")), name);
    return sp_made_put_archive(sink, url, SP_ARCHIVE_TGZ, &files, prefix, err);
}

/* ---- the simple page ---- */

static void
put_simple_file(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package,
                unsigned index, unsigned file, const char *metadata)
{
    char name[512], url[640], time[32], digest[65];
    sp_json_begin_object(json);
    write_file_name(package, index, file, name, sizeof(name));
    snprintf(url, sizeof(url), FILES "%s", name);
    sp_made_json_pair(json, "filename", name);
    sp_made_json_pair(json, "url", url);
    sp_made_time(sp_made_release_time(package, index), time);
    sp_made_json_pair(json, "upload-time", time);
    sp_json_key(json, "hashes");
    sp_json_begin_object(json);
    sp_made_digest(sink, digest);
    sp_made_json_pair(json, "sha256", digest);
    sp_json_end_object(json);
    if (file && index + 1 == package->releases) {
        sp_json_key(json, "core-metadata");
        sp_json_begin_object(json);
        sp_made_json_pair(json, "sha256", metadata);
        sp_json_end_object(json);
    }
    if (package->provenance) {
        snprintf(url, sizeof(url), "https://pypi.org/integrity/%s/%s/provenance", package->name, name);
        sp_made_json_pair(json, "provenance", url);
    }
    sp_json_key(json, "size");
    sp_json_integer(json, 2000 + (long long)sp_draw_below(&sink->draw, 90000));
    sp_json_key(json, "yanked");
    sp_json_bool(json, false);
    sp_json_end_object(json);
}

int
sp_made_put_pypi(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char version[32], url[640], metadata[65] = "";
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    if (put_project(sink, package, err) < 0 ||
        (package->source_only ? put_source(sink, package, err) : put_metadata(sink, package, metadata, err)) <
            0)
        return -1;
    sp_json_begin_object(&json);
    sp_json_key(&json, "meta");
    sp_json_begin_object(&json);
    sp_made_json_pair(&json, "api-version", "1.3");
    sp_json_end_object(&json);
    sp_made_json_pair(&json, "name", package->name);
    sp_json_key(&json, "versions");
    sp_json_begin_array(&json);
    for (unsigned i = 0; i < package->releases; i++) {
        sp_made_version(package, i, version);
        sp_json_string(&json, version);
    }
    sp_json_end_array(&json);
    sp_json_key(&json, "files");
    sp_json_begin_array(&json);
    for (unsigned i = 0; i < package->releases; i++)
        for (unsigned file = 0; file < count_files(package); file++)
            put_simple_file(&json, sink, package, i, file, metadata);
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    snprintf(url, sizeof(url), "https://pypi.org/simple/%s/", package->name);
    return sp_made_put_json(sink, url, SIMPLE_ACCEPT, "application/vnd.pypi.simple.v1+json", &json, err);
}
