/* The documents of RubyGems, Maven and Go.
 * Sources: RubyGems.org's API guide; Maven's POM reference and repository metadata; the module proxy protocol
 * of the Go modules reference. */
#include "eval/made_parts.h"

#include <string.h>
#include <time.h>

/* ---- RubyGems ---- */

static void
put_gem(struct sp_json *json, const struct sp_made_package *package)
{
    char version[32], url[640];
    sp_json_begin_object(json);
    sp_made_version(package, package->releases - 1, version);
    sp_made_json_pair(json, "name", package->name);
    sp_json_key(json, "downloads");
    sp_json_integer(json, package->downloads * 12);
    sp_made_json_pair(json, "version", version);
    sp_made_json_pair(json, "platform", "ruby");
    sp_made_json_pair(json, "authors", package->people[0].id);
    sp_made_json_pair(json, "info", package->description ? package->description : "");
    sp_json_key(json, "licenses");
    sp_json_begin_array(json);
    if (package->licence)
        sp_json_string(json, package->licence);
    sp_json_end_array(json);
    snprintf(url, sizeof(url), "https://rubygems.org/gems/%s", package->name);
    sp_made_json_pair(json, "project_uri", url);
    sp_made_json_pair(json, "homepage_uri", package->homepage);
    sp_made_json_pair(json, "source_code_uri", package->repository);
    sp_json_key(json, "dependencies");
    sp_json_begin_object(json);
    sp_json_key(json, "development");
    sp_json_begin_array(json);
    sp_json_end_array(json);
    sp_json_key(json, "runtime");
    sp_json_begin_array(json);
    for (unsigned i = 0; i < package->dependency_count; i++) {
        sp_json_begin_object(json);
        sp_made_json_pair(json, "name", package->dependencies[i]);
        sp_made_json_pair(json, "requirements", ">= 1.0");
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
    sp_json_end_object(json);
    sp_json_end_object(json);
}

static void
put_gem_versions(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package)
{
    char version[32], time[32], digest[65];
    sp_json_begin_array(json);
    for (unsigned i = package->releases; i-- > 0;) { /* the newest first */
        sp_json_begin_object(json);
        sp_made_version(package, i, version);
        sp_made_time(sp_made_release_time(package, i), time);
        sp_made_json_pair(json, "number", version);
        sp_made_json_pair(json, "created_at", time);
        sp_made_json_pair(json, "summary", package->description);
        sp_made_json_pair(json, "platform", "ruby");
        sp_json_key(json, "prerelease");
        sp_json_bool(json, false);
        sp_made_digest(sink, digest);
        sp_made_json_pair(json, "sha", digest);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

static void
put_gem_owners(struct sp_json *json, struct sp_made_sink *sink, const struct sp_made_package *package)
{
    sp_json_begin_array(json);
    for (unsigned i = 0; i < package->people_count; i++) {
        sp_json_begin_object(json);
        sp_json_key(json, "id");
        sp_json_integer(json, 1000 + (long long)sp_draw_below(&sink->draw, 900000));
        sp_made_json_pair(json, "handle", package->people[i].id);
        sp_json_end_object(json);
    }
    sp_json_end_array(json);
}

int
sp_made_put_rubygems(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char url[640];
    sp_autojson struct sp_json gem = { .err = err, .compact = true };
    sp_autojson struct sp_json versions = { .err = err, .compact = true };
    sp_autojson struct sp_json owners = { .err = err, .compact = true };
    put_gem(&gem, package);
    snprintf(url, sizeof(url), "https://rubygems.org/api/v1/gems/%s.json", package->name);
    if (sp_made_put_json(sink, url, NULL, "application/json", &gem, err) < 0)
        return -1;
    put_gem_versions(&versions, sink, package);
    snprintf(url, sizeof(url), "https://rubygems.org/api/v1/versions/%s.json", package->name);
    if (sp_made_put_json(sink, url, NULL, "application/json", &versions, err) < 0)
        return -1;
    put_gem_owners(&owners, sink, package);
    snprintf(url, sizeof(url), "https://rubygems.org/api/v1/gems/%s/owners.json", package->name);
    return sp_made_put_json(sink, url, NULL, "application/json", &owners, err);
}

/* ---- Maven ---- */

static int
write_xml(struct sp_buffer *out, const char *indent, const char *element, const char *text,
          struct sp_error *err)
{
    if (!text)
        return 0;
    if (sp_buffer_printf(out, err, "%s<%s>", indent, element) < 0)
        return -1;
    for (; *text; text++) {
        const char *entity = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : NULL;
        if (entity ? sp_buffer_append_string(out, entity, err) < 0
                   : sp_buffer_append_byte(out, *text, err) < 0)
            return -1;
    }
    return sp_buffer_printf(out, err, "</%s>\n", element);
}

static int
write_versions(struct sp_buffer *out, const struct sp_made_package *package, struct sp_error *err)
{
    char version[32], changed[32];
    time_t time = (time_t)sp_made_release_time(package, package->releases - 1);
    struct tm parts;
    gmtime_r(&time, &parts);
    strftime(changed, sizeof(changed), "%Y%m%d%H%M%S", &parts);
    sp_made_version(package, package->releases - 1, version);
    if (sp_buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata>\n", err) < 0 ||
        write_xml(out, "  ", "groupId", package->namespace_, err) < 0 ||
        write_xml(out, "  ", "artifactId", package->base, err) < 0 ||
        sp_buffer_append_string(out, "  <versioning>\n", err) < 0 ||
        write_xml(out, "    ", "latest", version, err) < 0 ||
        write_xml(out, "    ", "release", version, err) < 0 ||
        sp_buffer_append_string(out, "    <versions>\n", err) < 0)
        return -1;
    for (unsigned i = 0; i < package->releases; i++) {
        sp_made_version(package, i, version);
        if (write_xml(out, "      ", "version", version, err) < 0)
            return -1;
    }
    if (sp_buffer_append_string(out, "    </versions>\n", err) < 0 ||
        write_xml(out, "    ", "lastUpdated", changed, err) < 0)
        return -1;
    return sp_buffer_append_string(out, "  </versioning>\n</metadata>\n", err);
}

/* "org.velmora:kit" as the two elements that stand for it. */
static int
write_coordinates(struct sp_buffer *out, const char *indent, const char *name, struct sp_error *err)
{
    const char *colon = strchr(name, ':');
    return sp_buffer_printf(out, err, "%s<groupId>%.*s</groupId>\n%s<artifactId>%s</artifactId>\n", indent,
                            (int)(colon - name), name, indent, colon + 1);
}

static int
write_developers(struct sp_buffer *out, const struct sp_made_package *package, struct sp_error *err)
{
    if (sp_buffer_append_string(out, "  <developers>\n", err) < 0)
        return -1;
    for (unsigned i = 0; i < package->people_count; i++)
        if (sp_buffer_append_string(out, "    <developer>\n", err) < 0 ||
            write_xml(out, "      ", "id", package->people[i].id, err) < 0 ||
            write_xml(out, "      ", "email", package->people[i].email, err) < 0 ||
            sp_buffer_append_string(out, "    </developer>\n", err) < 0)
            return -1;
    return sp_buffer_append_string(out, "  </developers>\n", err);
}

static int
write_dependencies(struct sp_buffer *out, const struct sp_made_package *package, struct sp_error *err)
{
    if (sp_buffer_append_string(out, "  <dependencies>\n", err) < 0)
        return -1;
    for (unsigned i = 0; i < package->dependency_count; i++)
        if (sp_buffer_append_string(out, "    <dependency>\n", err) < 0 ||
            write_coordinates(out, "      ", package->dependencies[i], err) < 0 ||
            sp_buffer_append_string(out, "      <version>1.0.0</version>\n    </dependency>\n", err) < 0)
            return -1;
    return sp_buffer_append_string(out, "  </dependencies>\n", err);
}

static int
write_pom(struct sp_buffer *out, const struct sp_made_package *package, const char *version,
          struct sp_error *err)
{
    char target[32];
    if (sp_buffer_append_string(out,
                                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n"
                                "  <modelVersion>4.0.0</modelVersion>\n",
                                err) < 0 ||
        write_coordinates(out, "  ", package->name, err) < 0 ||
        write_xml(out, "  ", "version", version, err) < 0 ||
        write_xml(out, "  ", "name", package->base, err) < 0 ||
        write_xml(out, "  ", "description", package->description, err) < 0 ||
        write_xml(out, "  ", "url", package->homepage, err) < 0)
        return -1;
    if (package->licence && (sp_buffer_append_string(out, "  <licenses>\n    <license>\n", err) < 0 ||
                             write_xml(out, "      ", "name", package->licence, err) < 0 ||
                             sp_buffer_append_string(out, "    </license>\n  </licenses>\n", err) < 0))
        return -1;
    if (package->repository && (sp_buffer_append_string(out, "  <scm>\n", err) < 0 ||
                                write_xml(out, "    ", "url", package->repository, err) < 0 ||
                                sp_buffer_append_string(out, "  </scm>\n", err) < 0))
        return -1;
    if (package->relocated)
        sp_made_version(package->relocated, package->relocated->releases - 1, target);
    if (package->relocated &&
        (sp_buffer_append_string(out, "  <distributionManagement>\n    <relocation>\n", err) < 0 ||
         write_coordinates(out, "      ", package->relocated->name, err) < 0 ||
         write_xml(out, "      ", "version", target, err) < 0 ||
         sp_buffer_append_string(out, "    </relocation>\n  </distributionManagement>\n", err) < 0))
        return -1;
    if (write_developers(out, package, err) < 0 || write_dependencies(out, package, err) < 0)
        return -1;
    return sp_buffer_append_string(out, "</project>\n", err);
}

/* What the search knows: when each version came. */
static int
put_search(const struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char url[640], version[32];
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    sp_json_begin_object(&json);
    sp_json_key(&json, "response");
    sp_json_begin_object(&json);
    sp_json_key(&json, "numFound");
    sp_json_integer(&json, package->releases);
    sp_json_key(&json, "docs");
    sp_json_begin_array(&json);
    for (unsigned i = package->releases; i-- > 0;) { /* the newest first */
        sp_made_version(package, i, version);
        sp_json_begin_object(&json);
        sp_made_json_pair(&json, "g", package->namespace_);
        sp_made_json_pair(&json, "a", package->base);
        sp_made_json_pair(&json, "v", version);
        sp_json_key(&json, "timestamp");
        sp_json_integer(&json, sp_made_release_time(package, i) * 1000);
        sp_json_end_object(&json);
    }
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    sp_json_end_object(&json);
    snprintf(url, sizeof(url),
             "https://search.maven.org/solrsearch/select?q=g:%%22%.200s%%22+AND+a:%%22%.200s%%22"
             "&core=gav&rows=200&wt=json",
             package->namespace_, package->base);
    return sp_made_put_json(sink, url, NULL, "application/json", &json, err);
}

int
sp_made_put_maven(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char folder[512], url[640], version[32];
    sp_autobuffer struct sp_buffer versions = { 0 }, pom = { 0 };
    snprintf(folder, sizeof(folder), "%s", package->namespace_);
    for (char *at = folder; *at; at++)
        if (*at == '.')
            *at = '/';
    snprintf(url, sizeof(url), "https://repo1.maven.org/maven2/%.300s/%.200s/maven-metadata.xml", folder,
             package->base);
    if (write_versions(&versions, package, err) < 0 ||
        sp_made_put(sink, url, NULL, "application/xml", versions.bytes, versions.length, err) < 0)
        return -1;
    sp_made_version(package, package->releases - 1, version);
    snprintf(url, sizeof(url), "https://repo1.maven.org/maven2/%.240s/%.120s/%s/%.120s-%s.pom", folder,
             package->base, version, package->base, version);
    if (write_pom(&pom, package, version, err) < 0 ||
        sp_made_put(sink, url, NULL, "application/xml", pom.bytes, pom.length, err) < 0)
        return -1;
    return put_search(sink, package, err);
}

/* ---- Go ---- */

static void
put_version_of(struct sp_json *json, const struct sp_made_package *package, unsigned index)
{
    char version[32], text[40], time[32];
    sp_made_version(package, index, version);
    snprintf(text, sizeof(text), "v%s", version);
    sp_made_time(sp_made_release_time(package, index), time);
    sp_json_begin_object(json);
    sp_made_json_pair(json, "Version", text);
    sp_made_json_pair(json, "Time", time);
    sp_json_key(json, "Origin");
    sp_json_begin_object(json);
    sp_made_json_pair(json, "VCS", "git");
    sp_made_json_pair(json, "URL", package->repository);
    snprintf(text, sizeof(text), "refs/tags/v%.20s", version);
    sp_made_json_pair(json, "Ref", text);
    sp_json_end_object(json);
    sp_json_end_object(json);
}

/* What GitHub says of the repository that the module lies in. */
static int
put_repository(const struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char url[640], text[640], time[32];
    sp_autojson struct sp_json json = { .err = err, .compact = true };
    sp_json_begin_object(&json);
    snprintf(text, sizeof(text), "%s/%s", package->namespace_, package->base);
    sp_made_json_pair(&json, "full_name", text);
    sp_made_json_pair(&json, "description", package->description);
    sp_json_key(&json, "fork");
    sp_json_bool(&json, package->is_fork);
    sp_json_key(&json, "archived");
    sp_json_bool(&json, false);
    sp_json_key(&json, "stargazers_count");
    sp_json_integer(&json, package->downloads / 1000);
    sp_made_json_pair(&json, "created_at", (sp_made_time(package->created, time), time));
    sp_json_key(&json, "license");
    if (package->licence) {
        sp_json_begin_object(&json);
        sp_made_json_pair(&json, "spdx_id", package->licence);
        sp_json_end_object(&json);
    } else {
        sp_json_null(&json);
    }
    sp_json_end_object(&json);
    snprintf(url, sizeof(url), "https://api.github.com/repos/%s/%s", package->namespace_, package->base);
    return sp_made_put_json(sink, url, NULL, "application/json", &json, err);
}

static int
write_module(struct sp_buffer *out, const struct sp_made_package *package, struct sp_error *err)
{
    if (sp_buffer_printf(out, err, "module %s\n\ngo 1.21\n", package->name) < 0)
        return -1;
    for (unsigned i = 0; i < package->dependency_count; i++)
        if (sp_buffer_printf(out, err, "\nrequire %s v1.0.0\n", package->dependencies[i]) < 0)
            return -1;
    return 0;
}

static int
put_module_zip(const struct sp_made_sink *sink, const struct sp_made_package *package, const char *version,
               struct sp_error *err)
{
    char url[640], prefix[640];
    sp_autoarena struct sp_arena arena = { 0 };
    sp_automade struct sp_made_files files = { 0 };
    sp_autobuffer struct sp_buffer module = { 0 }, code = { 0 }, readme = { 0 };
    if (write_module(&module, package, err) < 0 || sp_made_add(&files, "go.mod", &module, &arena, err) < 0 ||
        sp_buffer_append_string(&code, "package made\n", err) < 0 ||
        sp_made_add(&files, "made.go", &code, &arena, err) < 0 ||
        (package->readme && (sp_buffer_append_string(&readme, package->readme, err) < 0 ||
                             sp_made_add(&files, "README.md", &readme, &arena, err) < 0)))
        return -1;
    snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@v/v%s.zip", package->name, version);
    snprintf(prefix, sizeof(prefix), "%s@v%s/", package->name, version);
    return sp_made_put_archive(sink, url, SP_ARCHIVE_ZIP, &files, prefix, err);
}

static int
put_module(const struct sp_made_sink *sink, const struct sp_made_package *package, const char *version,
           struct sp_error *err)
{
    char url[640];
    sp_autobuffer struct sp_buffer module = { 0 };
    if (write_module(&module, package, err) < 0)
        return -1;
    snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@v/v%s.mod", package->name, version);
    return sp_made_put(sink, url, NULL, "text/plain", module.bytes, module.length, err);
}

int
sp_made_put_golang(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err)
{
    char url[640], version[32];
    sp_autobuffer struct sp_buffer list = { 0 };
    for (unsigned i = 0; i < package->releases; i++) {
        sp_autojson struct sp_json json = { .err = err, .compact = true };
        sp_made_version(package, i, version);
        put_version_of(&json, package, i);
        snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@v/v%s.info", package->name, version);
        if (sp_buffer_printf(&list, err, "v%s\n", version) < 0 ||
            sp_made_put_json(sink, url, NULL, "application/json", &json, err) < 0)
            return -1;
    }
    snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@v/list", package->name);
    if (sp_made_put(sink, url, NULL, "text/plain", list.bytes, list.length, err) < 0)
        return -1;
    sp_autojson struct sp_json latest = { .err = err, .compact = true };
    put_version_of(&latest, package, package->releases - 1);
    snprintf(url, sizeof(url), "https://proxy.golang.org/%s/@latest", package->name);
    if (sp_made_put_json(sink, url, NULL, "application/json", &latest, err) < 0 ||
        put_module(sink, package, version, err) < 0 || put_module_zip(sink, package, version, err) < 0)
        return -1;
    return put_repository(sink, package, err);
}
