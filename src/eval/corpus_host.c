#include "eval/corpus_host.h"
#include "base/digest.h"
#include "proxy/url.h"

#include <jansson.h>
#include <string.h>

struct asking {
    const struct sp_registries *registries;
    enum sp_registry_kind kind;
    struct sp_buffer body;
    long status;
};

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err SP_UNUSED)
{
    const struct asking *asking = context;
    *authorization = sp_registries_authorization(asking->registries, asking->kind, url);
    return 0;
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err SP_UNUSED)
{
    ((struct asking *)context)->status = head->status;
    return 0;
}

static int
take_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    return sp_buffer_append(&((struct asking *)context)->body, bytes, length, err);
}

static int
fetch(struct sp_http *http, struct asking *asking, const char *url, const char *accept, uint64_t limit,
      struct sp_error *err)
{
    const char *const headers[] = { accept, NULL };
    const struct sp_http_request request = {
        .method = SP_HTTP_GET,
        .url = url,
        .headers = accept ? headers : NULL,
        .max_bytes = limit,
        .decode = accept != NULL,
        .total_seconds = 120,
        .admit = admit,
        .head = take_head,
        .body = take_body,
        .context = asking,
    };
    sp_buffer_clear(&asking->body);
    if (sp_http_fetch(http, &request, err) < 0)
        return -1;
    return asking->status == 200
               ? 0
               : sp_fail(err, SP_ERROR_INPUT, "%.400s: the registry answers %ld", url, asking->status);
}

static void
drop_json(json_t **json)
{
    json_decref(*json);
}

static const char *
text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* ------------------------------------------------------------ which artefact */

/* What the page says of the artefact. */
struct named {
    const char *url; /* may be relative to the page */
    struct sp_stated_digest digest;
};

static int
choose_npm(struct sp_corpus_host *host, const json_t *page, struct named *out, struct sp_error *err)
{
    const json_t *dist =
        json_object_get(json_object_get(json_object_get(page, "versions"), host->version), "dist");
    const char *integrity = text_at(dist, "integrity"), *shasum = text_at(dist, "shasum");
    out->url = text_at(dist, "tarball");
    if (!out->url)
        return sp_fail(err, SP_ERROR_INPUT, "the registry has no version %s", host->version);
    if (!(integrity && sp_digest_read_sri(&out->digest, integrity)) && shasum)
        sp_digest_read_hex(&out->digest, "sha1", shasum, strlen(shasum));
    return 0;
}

static bool
ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), size = strlen(ending);
    return length > size && !strcmp(name + length - size, ending);
}

/* Whether FILE is NAME-VERSION-..., however the name is spelled. */
static bool
is_version(const char *file, const char *version)
{
    size_t length = strlen(version);
    for (const char *dash = strchr(file, '-'); dash; dash = strchr(dash + 1, '-'))
        if (!strncmp(dash + 1, version, length) &&
            (dash[1 + length] == '-' || !strcmp(dash + 1 + length, ".tar.gz")))
            return true;
    return false;
}

static int
choose_pypi(struct sp_corpus_host *host, const json_t *page, struct named *out, struct sp_arena *arena,
            struct sp_error *err)
{
    const json_t *files = json_object_get(page, "files"), *one = NULL;
    for (unsigned pass = 0; pass < 2 && !one; pass++)
        for (size_t i = 0; i < json_array_size(files) && !one; i++) {
            const char *file = text_at(json_array_get(files, i), "filename");
            if (file && is_version(file, host->version) && ends_in(file, pass ? ".tar.gz" : "-none-any.whl"))
                one = json_array_get(files, i);
        }
    const char *file = text_at(one, "filename"), *hex = text_at(json_object_get(one, "hashes"), "sha256");
    const char *requires = text_at(one, "requires-python");
    out->url = text_at(one, "url");
    if (!file || !out->url || strchr(file, '/'))
        return sp_fail(err, SP_ERROR_INPUT, "the registry has no wheel for any machine and no sdist of %s",
                       host->version);
    if (hex)
        sp_digest_read_hex(&out->digest, "sha256", hex, strlen(hex));
    host->source = ends_in(file, ".tar.gz");
    host->file = sp_arena_copy(arena, file, strlen(file), err);
    if (requires)
    host->requires = sp_arena_copy(arena, requires, strlen(requires), err);
    return host->file ? 0 : -1;
}

/* ------------------------------------------------------------ its bytes */

static int
check_digest(const struct sp_stated_digest *stated, const struct sp_buffer *bytes, struct sp_error *err)
{
    unsigned char value[SP_DIGEST_MAX];
    if (!stated->length)
        return sp_fail(err, SP_ERROR_INPUT, "the registry states no digest");
    sp_autodigest struct sp_digest *digest = sp_digest_new(stated->kind, err);
    if (!digest || sp_digest_add(digest, bytes->bytes, bytes->length, err) < 0)
        return -1;
    int length = sp_digest_finish(digest, value, err);
    if (length < 0)
        return -1;
    return (size_t)length == stated->length && !memcmp(value, stated->value, stated->length)
               ? 0
               : sp_fail(err, SP_ERROR_INPUT, "other bytes came than the registry stated");
}

/* npm's archives have one folder, "package" by custom. */
static int
strip_folder(struct sp_made_files *files, struct sp_error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        const char *slash = strchr(files->items[i].path, '/');
        if (!slash || !slash[1])
            return sp_fail(err, SP_ERROR_INPUT, "%.200s lies beside the archive's folder",
                           files->items[i].path);
        files->items[i].path = slash + 1;
    }
    return 0;
}

static const char *
registry_of(const struct sp_registries *registries, enum sp_registry_kind kind)
{
    for (size_t i = 0; i < registries->count; i++)
        if (registries->items[i].kind == kind && !registries->items[i].scope)
            return registries->items[i].url;
    return NULL;
}

static int
get(struct sp_corpus_host *host, struct sp_http *http, struct asking *asking, struct sp_arena *arena,
    struct sp_error *err)
{
    bool npm = host->ecosystem == SP_CORPUS_NPM;
    const char *registry = registry_of(asking->registries, asking->kind);
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoupstream struct sp_upstream base = { 0 }, artefact = { 0 };
    struct named named = { 0 };
    if (!registry)
        return sp_fail(err, SP_ERROR_INPUT, "no registry is configured for it");
    const char *slash = npm ? strchr(host->name, '/') : NULL;
    if ((slash ? sp_buffer_printf(&url, err, "%s%.*s%%2f%s", registry, (int)(slash - host->name), host->name,
                                  slash + 1)
               : sp_buffer_printf(&url, err, "%s%s%s", registry, host->name, npm ? "" : "/")) < 0 ||
        fetch(http, asking, url.bytes,
              npm ? "Accept: application/json" : "Accept: application/vnd.pypi.simple.v1+json",
              (uint64_t)64 << 20, err) < 0)
        return -1;
    __attribute__((cleanup(drop_json))) json_t *page =
        json_loadb(sp_buffer_string(&asking->body), asking->body.length, 0, NULL);
    if (!json_is_object(page))
        return sp_fail(err, SP_ERROR_INPUT, "%s: the registry's page is no JSON", url.bytes);
    if ((npm ? choose_npm(host, page, &named, err) : choose_pypi(host, page, &named, arena, err)) < 0 ||
        sp_upstream_read(&base, url.bytes, url.length, err) < 0 ||
        sp_upstream_resolve(&artefact, &base, named.url, strcspn(named.url, "#"), err) < 0 ||
        fetch(http, asking, artefact.url, NULL, SP_HOST_ARCHIVE_MAX, err) < 0 ||
        check_digest(&named.digest, &asking->body, err) < 0 ||
        sp_corpus_unpack(&host->files, asking->body.bytes, asking->body.length, SP_HOST_FILES_MAX, arena,
                         err) < 0)
        return -1;
    return npm ? strip_folder(&host->files, err) : 0;
}

int
sp_corpus_fetch_host(struct sp_corpus_host *out, struct sp_http *http, const struct sp_registries *registries,
                     struct sp_arena *arena, struct sp_error *err)
{
    struct asking asking = { .registries = registries,
                             .kind = out->ecosystem == SP_CORPUS_NPM ? SP_REGISTRY_NPM : SP_REGISTRY_PYPI };
    int status = get(out, http, &asking, arena, err);
    sp_buffer_free(&asking.body);
    return status < 0 ? sp_fail_within(err, "%s %s %s", sp_corpus_ecosystem_name(out->ecosystem), out->name,
                                       out->version)
                      : 0;
}
