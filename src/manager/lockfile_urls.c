/* lockfile_urls.c: one URL of a lockfile turned into the one inside, and back. */
#include "manager/lockfile_urls.h"
#include "manager/planning.h"
#include "registry/url.h"

#include <string.h>
#include <strings.h>

bool
sp_url_is_http(const char *bytes, size_t length)
{
    return (length > 7 && !strncasecmp(bytes, "http://", 7)) ||
           (length > 8 && !strncasecmp(bytes, "https://", 8));
}

static bool
is_inside(const char *url, size_t length)
{
    size_t origin = strlen(SP_PROXY_ORIGIN);
    return length >= origin && !strncmp(url, SP_PROXY_ORIGIN, origin) &&
           (length == origin || url[origin] == '/');
}

bool
sp_url_is_tarball(const char *url, size_t length)
{
    static const char *const hosted[] = { "github.com",      "www.github.com", "gitlab.com",
                                          "www.gitlab.com",  "bitbucket.org",  "www.bitbucket.org",
                                          "gist.github.com", "git.sr.ht" };
    if (!sp_url_is_http(url, length))
        return false;
    const char *end = url + length, *host = strchr(url, ':') + 3;
    const char *fragment = memchr(host, '#', (size_t)(end - host));
    if (fragment)
        end = fragment;
    const char *path = memchr(host, '/', (size_t)(end - host));
    if (!path)
        return false;
    if (end - path > 4 && !strncmp(end - 4, ".git", 4))
        return false;
    const char *at = memchr(host, '@', (size_t)(path - host));
    if (at)
        host = at + 1;
    for (size_t i = 0; i < SP_COUNT(hosted); i++) {
        if (strlen(hosted[i]) != (size_t)(path - host) || strncasecmp(host, hosted[i], strlen(hosted[i])))
            continue;
        /* /user/repo and /user/repo/tree/... are git to npm; /user/repo/archive/... is a tarball */
        int slashes = 0;
        for (const char *at_path = path; at_path < end; at_path++)
            if (*at_path == '/' && ++slashes == 3)
                return end - at_path > 6 ? strncmp(at_path, "/tree/", 6) != 0 : false;
        return false;
    }
    return true;
}

/* ---- credentials ---- */

static int
hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int
percent_decode(struct sp_buffer *out, const char *bytes, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '%' && i + 2 < length && hex_value(bytes[i + 1]) >= 0 && hex_value(bytes[i + 2]) >= 0) {
            c = (char)(hex_value(bytes[i + 1]) << 4 | hex_value(bytes[i + 2]));
            i += 2;
        }
        if (sp_buffer_append_byte(out, c, err) < 0)
            return -1;
    }
    return 0;
}

static int
percent_encode(struct sp_buffer *out, const char *bytes, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-_.!~*'()", c));
        if (plain ? sp_buffer_append_byte(out, (char)c, err) < 0
                  : sp_buffer_printf(out, err, "%%%02X", (unsigned)c) < 0)
            return -1;
    }
    return 0;
}

static int
base64(struct sp_buffer *out, const char *bytes, size_t length, struct sp_error *err)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        unsigned word = (unsigned)(unsigned char)bytes[i] << 16;
        word |= i + 1 < length ? (unsigned)(unsigned char)bytes[i + 1] << 8 : 0;
        word |= i + 2 < length ? (unsigned)(unsigned char)bytes[i + 2] : 0;
        const char four[4] = { digits[word >> 18], digits[word >> 12 & 63],
                               i + 1 < length ? digits[word >> 6 & 63] : '=',
                               i + 2 < length ? digits[word & 63] : '=' };
        if (sp_buffer_append(out, four, 4, err) < 0)
            return -1;
    }
    return 0;
}

/* URL's credentials are the proxy's from here: it sends them to that host, and no sandbox sees them. What the
 * user configured for the host himself stands. */
static int
keep_credentials(struct sp_registries *registries, const char *url, enum sp_registry_kind kind,
                 const char *source, struct sp_error *err)
{
    struct sp_url parts;
    if (sp_url_parse(&parts, url, err) < 0)
        return -1;
    if (!parts.user)
        return 0;
    char authority[SP_URL_AUTHORITY_MAX];
    sp_url_authority(&parts, authority);
    sp_autobuffer struct sp_buffer plain = { 0 }, value = { 0 }, prefix = { 0 };
    if (percent_decode(&plain, parts.user, parts.user_length, err) < 0 ||
        sp_buffer_append_byte(&plain, ':', err) < 0 ||
        (parts.password && percent_decode(&plain, parts.password, parts.password_length, err) < 0) ||
        sp_buffer_append_string(&value, "Basic ", err) < 0 ||
        base64(&value, plain.bytes, plain.length, err) < 0 ||
        sp_buffer_printf(&prefix, err, "//%s/", authority) < 0)
        return -1;
    for (size_t i = 0; i < registries->credential_count; i++)
        if (registries->credentials[i].kind == kind &&
            !strcmp(registries->credentials[i].prefix, prefix.bytes))
            return 0;
    if (sp_grow(registries->credentials, registries->credential_capacity, registries->credential_count + 1,
                err) < 0)
        return -1;
    struct sp_credential *added = &registries->credentials[registries->credential_count++];
    *added = (struct sp_credential){
        .kind = kind, .source = strdup(source), .project = true, .plain = !parts.secure
    };
    added->prefix = sp_buffer_steal(&prefix, err);
    added->authorization = sp_buffer_steal(&value, err);
    return added->source && added->prefix && added->authorization ? 0 : sp_fail_memory(err);
}

/* ---- one URL ---- */

int
sp_url_inside(struct sp_buffer *out, const char *url, size_t length, enum sp_registry_kind kind,
              const char *source, struct sp_registries *registries, struct sp_error *err)
{
    if (memchr(url, '\0', length))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: a URL with a NUL byte in it", source);
    const char *fragment = memchr(url, '#', length);
    size_t plain = fragment ? (size_t)(fragment - url) : length;
    sp_autofree char *copy = strndup(url, plain);
    if (!copy)
        return sp_fail_memory(err);
    if (sp_registry_url_inside(out, copy, err) < 0 ||
        sp_buffer_append(out, url + plain, length - plain, err) < 0)
        return sp_fail_within(err, "%.300s", source);
    if (!registries)
        return 0;
    if (sp_registries_add_host(registries, copy, err) < 0)
        return sp_fail_within(err, "%.300s", source);
    return keep_credentials(registries, copy, kind, source, err);
}

void
sp_rewritten_urls_free(struct sp_rewritten_urls *urls)
{
    free(urls->items);
    sp_map_free(&urls->seen);
    *urls = (struct sp_rewritten_urls){ 0 };
}

/* Keeps what cannot be told from INSIDE alone. Where two URLs look the same inside, one with credentials and
 * one without, both come back without: none is ever handed to a line that did not have it. */
static int
remember(struct sp_url_rewriter *rewriter, const char *inside, size_t length, size_t start, size_t end)
{
    enum { PLAIN = UINT32_MAX };
    struct sp_rewritten_urls *urls = rewriter->urls;
    if (!urls)
        return 0;
    sp_autobuffer struct sp_buffer outside = { 0 };
    size_t changed;
    if (sp_registry_text_outside(&outside, inside, length, &changed, rewriter->err) < 0)
        return -1;
    bool plain = outside.length == end - start && !memcmp(outside.bytes, rewriter->text + start, end - start);
    uint32_t known;
    if (sp_map_get(&urls->seen, inside, length, &known)) {
        if (known == PLAIN)
            return 0;
        struct sp_rewritten_url *url = &urls->items[known];
        if (strlen(url->outside) == end - start && !memcmp(url->outside, rewriter->text + start, end - start))
            return 0;
        url->outside = sp_arena_copy(urls->arena, outside.bytes, outside.length, rewriter->err);
        return url->outside ? 0 : -1;
    }
    if (plain)
        return sp_map_set(&urls->seen, inside, length, PLAIN, rewriter->err);
    const char *from = sp_arena_copy(urls->arena, inside, length, rewriter->err);
    const char *to = sp_arena_copy(urls->arena, rewriter->text + start, end - start, rewriter->err);
    if (!from || !to || sp_grow(urls->items, urls->capacity, urls->count + 1, rewriter->err) < 0 ||
        sp_map_set(&urls->seen, inside, length, (uint32_t)urls->count, rewriter->err) < 0)
        return -1;
    urls->items[urls->count++] = (struct sp_rewritten_url){ from, to };
    return 0;
}

int
sp_url_put(struct sp_url_rewriter *rewriter, size_t start, size_t end, const char *bytes, size_t length)
{
    if (sp_buffer_append(rewriter->out, rewriter->text + rewriter->copied, start - rewriter->copied,
                         rewriter->err) < 0 ||
        sp_buffer_append(rewriter->out, bytes, length, rewriter->err) < 0)
        return -1;
    rewriter->copied = end;
    rewriter->changed++;
    return 0;
}

int
sp_url_rewrite_as(struct sp_url_rewriter *rewriter, size_t start, size_t end, const char *value,
                  size_t length)
{
    if (start < rewriter->copied || !sp_url_is_http(value, length) || is_inside(value, length))
        return 0;
    sp_autobuffer struct sp_buffer inside = { 0 };
    if (sp_url_inside(&inside, value, length, rewriter->kind, rewriter->path, rewriter->registries,
                      rewriter->err) < 0)
        return -1;
    if (remember(rewriter, inside.bytes, inside.length, start, end) < 0)
        return -1;
    return sp_url_put(rewriter, start, end, inside.bytes, inside.length);
}

int
sp_url_rewrite(struct sp_url_rewriter *rewriter, size_t start, size_t end)
{
    return sp_url_rewrite_as(rewriter, start, end, rewriter->text + start, end - start);
}

int
sp_url_rewrite_encoded(struct sp_url_rewriter *rewriter, size_t start, size_t end)
{
    sp_autobuffer struct sp_buffer plain = { 0 }, inside = { 0 }, encoded = { 0 };
    if (percent_decode(&plain, rewriter->text + start, end - start, rewriter->err) < 0)
        return -1;
    if (start < rewriter->copied || !sp_url_is_http(plain.bytes, plain.length) ||
        is_inside(plain.bytes, plain.length))
        return 0;
    if (sp_url_inside(&inside, plain.bytes, plain.length, rewriter->kind, rewriter->path,
                      rewriter->registries, rewriter->err) < 0 ||
        percent_encode(&encoded, inside.bytes, inside.length, rewriter->err) < 0)
        return -1;
    if (remember(rewriter, encoded.bytes, encoded.length, start, end) < 0)
        return -1;
    return sp_url_put(rewriter, start, end, encoded.bytes, encoded.length);
}

/* ---- one file ---- */

static const struct {
    const char *name;
    int (*rewrite)(struct sp_url_rewriter *rewriter);
    enum sp_registry_kind kind;
} formats[] = {
    { "package-lock.json", sp_urls_of_json, SP_REGISTRY_NPM },
    { "npm-shrinkwrap.json", sp_urls_of_json, SP_REGISTRY_NPM },
    { "package.json", sp_urls_of_json, SP_REGISTRY_NPM },
    { "yarn.lock", sp_urls_of_yarn, SP_REGISTRY_NPM },
    { "pnpm-lock.yaml", sp_urls_of_pnpm, SP_REGISTRY_NPM },
    { "uv.lock", sp_urls_of_toml, SP_REGISTRY_PYPI },
    { "pyproject.toml", sp_urls_of_toml, SP_REGISTRY_PYPI },
    { "uv.toml", sp_urls_of_toml, SP_REGISTRY_PYPI },
    { ".package-lock.json", sp_urls_of_json, SP_REGISTRY_NPM },
    { "lock.yaml", sp_urls_of_pnpm, SP_REGISTRY_NPM },
    { ".modules.yaml", sp_urls_of_modules_yaml, SP_REGISTRY_NPM },
    { ".yarn-integrity", sp_urls_of_yarn_integrity, SP_REGISTRY_NPM },
    { ".yarn-state.yml", sp_urls_of_yarn, SP_REGISTRY_NPM },
    { ".npmrc", sp_urls_of_settings, SP_REGISTRY_NPM },
    { ".yarnrc", sp_urls_of_settings, SP_REGISTRY_NPM },
    { ".yarnrc.yml", sp_urls_of_settings, SP_REGISTRY_NPM },
};

int
sp_manager_rewrite_text(struct sp_buffer *out, const char *path, const char *text, size_t length,
                        const char *const *env, struct sp_registries *registries,
                        struct sp_rewritten_urls *urls, size_t *changed, struct sp_error *err)
{
    *changed = 0;
    if (length > SP_LOCKFILE_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s: larger than %zu MB", path, SP_LOCKFILE_MAX >> 20);
    struct sp_url_rewriter rewriter = { .out = out,
                                        .path = path,
                                        .text = text,
                                        .length = length,
                                        .env = env,
                                        .registries = registries,
                                        .urls = urls,
                                        .err = err,
                                        .kind = SP_REGISTRY_PYPI };
    int (*rewrite)(struct sp_url_rewriter *) = sp_urls_of_requirements;
    for (size_t i = 0; i < SP_COUNT(formats); i++)
        if (!strcmp(sp_base_name(path), formats[i].name)) {
            rewrite = formats[i].rewrite;
            rewriter.kind = formats[i].kind;
        }
    if (rewrite(&rewriter) < 0 ||
        sp_buffer_append(out, text + rewriter.copied, length - rewriter.copied, err) < 0)
        return -1;
    *changed = rewriter.changed;
    return 0;
}

/* Whether a URL can go on at C: then what stands before is not the whole of it. */
static bool
goes_on(char c)
{
    return c && !strchr("\"'`<>()[]{},; \t\r\n\\", c) && (unsigned char)c > ' ';
}

static bool
begins(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && !memcmp(text, word, strlen(word));
}

int
sp_manager_restore_text(const struct sp_manager_plan *plan, struct sp_buffer *out, const char *text,
                        size_t length, size_t *changed, struct sp_error *err)
{
    const struct sp_rewritten_urls *urls = &plan->urls;
    if (!urls->count)
        return sp_registry_text_outside(out, text, length, changed, err);
    sp_autobuffer struct sp_buffer half = { 0 };
    size_t copied = 0, own = 0;
    static const char *const starts[] = { SP_PROXY_ORIGIN "/", "http%3A%2F%2F" SP_PROXY_ADDRESS };
    for (size_t i = 0; i < length; i++) {
        if (text[i] != 'h' ||
            !(begins(text + i, length - i, starts[0]) || begins(text + i, length - i, starts[1])))
            continue;
        for (size_t u = 0; u < urls->count; u++) {
            size_t span = strlen(urls->items[u].inside);
            if (span > length - i || memcmp(text + i, urls->items[u].inside, span) ||
                (i + span < length && goes_on(text[i + span])))
                continue;
            if (sp_buffer_append(&half, text + copied, i - copied, err) < 0 ||
                sp_buffer_append_string(&half, urls->items[u].outside, err) < 0)
                return -1;
            copied = i + span;
            i = copied - 1;
            own++;
            break;
        }
    }
    if (sp_buffer_append(&half, text + copied, length - copied, err) < 0 ||
        sp_registry_text_outside(out, half.bytes, half.length, changed, err) < 0)
        return -1;
    *changed += own;
    return 0;
}
