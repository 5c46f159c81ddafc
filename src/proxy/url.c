#include "proxy/url.h"

#include <string.h>
#include <strings.h>

void
sp_upstream_free(struct sp_upstream *upstream)
{
    free(upstream->url);
    upstream->url = NULL;
}

static int
fail_url(const char *url, size_t length, const char *why, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "'%.*s': %s", length > 300 ? 300 : (int)length, url, why);
}

/* ---- percent escapes ---- */

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at TEXT stands for, -1: none. */
static int
read_escape(const char *text, size_t length)
{
    if (length < 3 || text[0] != '%')
        return -1;
    int high = hex_digit(text[1]), low = hex_digit(text[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

int
sp_url_decode(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++) {
        int byte = read_escape(text + i, length - i);
        if (sp_buffer_append_byte(out, byte >= 0 ? (char)byte : text[i], err) < 0)
            return -1;
        i += byte >= 0 ? 2 : 0;
    }
    return 0;
}

/* ---- checks ---- */

static bool
is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

/* "host" or "host:port". */
static const char *
check_authority(const char *text, size_t length)
{
    size_t host = 0;
    while (host < length && is_host_byte(text[host]))
        host++;
    if (memchr(text, '@', length))
        return "credentials do not belong in a URL; they come from your own configuration";
    if (!host || host > 253 || text[0] == '.' || text[0] == '-' || memmem(text, host, "..", 2))
        return "no host name stands where one should";
    if (host == length)
        return NULL;
    unsigned port = 0;
    size_t at = host + 1;
    for (; text[host] == ':' && at < length && at < host + 6 && text[at] >= '0' && text[at] <= '9'; at++)
        port = port * 10 + (unsigned)(text[at] - '0');
    return at == length && port && port < 65536 ? NULL : "what follows the host name is no port";
}

/* Segments that lead elsewhere, in a path whose escapes are undone. */
static const char *
check_segments(const char *path, size_t length)
{
    for (size_t start = 0, end; start <= length; start = end + 1) {
        const char *slash = memchr(path + start, '/', length - start);
        end = slash ? (size_t)(slash - path) : length;
        size_t size = end - start;
        if ((size == 1 && path[start] == '.') || (size == 2 && !memcmp(path + start, "..", 2)))
            return "'.' and '..' are not allowed in the path";
    }
    return NULL;
}

/* PATH with its query. */
static const char *
check_path(const char *path, size_t length)
{
    char decoded[SP_UPSTREAM_MAX];
    size_t used = 0;
    bool query = false;
    if (length > sizeof(decoded))
        return "longer than 8192 bytes";
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)path[i];
        if (c <= ' ' || c >= 0x7f || strchr("\\\"<>^`{|}", c))
            return "a byte that a URL cannot hold; write it as a percent escape";
        int byte = c;
        if (c == '%') {
            byte = read_escape(path + i, length - i);
            if (byte < 0)
                return "a '%' without two hexadecimal digits";
            i += 2;
        }
        query = query || c == '?';
        if (query)
            continue;
        if (byte < ' ' || byte == 0x7f || byte == '\\')
            return "a control character or a backslash is hidden in the path";
        decoded[used++] = (char)byte;
    }
    /* an escape that becomes another one when undone: no registry needs it, and some server undoes it twice
     */
    for (size_t i = 0; i < used; i++) {
        int byte = read_escape(decoded + i, used - i);
        if (byte == '.' || byte == '/' || byte == '\\' || byte == '%')
            return "an escape within an escape";
    }
    return check_segments(decoded, used);
}

/* ---- reading ---- */

static size_t
default_port_length(const char *authority, size_t length, bool https)
{
    const char *port = https ? ":443" : ":80";
    size_t size = strlen(port);
    return length > size && !memcmp(authority + length - size, port, size) ? size : 0;
}

static int
build(struct sp_upstream *out, bool https, const char *authority, size_t authority_length, const char *path,
      size_t path_length, struct sp_error *err)
{
    const char *wrong = check_authority(authority, authority_length);
    if (!wrong)
        wrong = check_path(path, path_length);
    if (wrong)
        return fail_url(authority, (size_t)(path - authority) + path_length, wrong, err);
    authority_length -= default_port_length(authority, authority_length, https);
    sp_autobuffer struct sp_buffer url = { 0 };
    if (sp_buffer_append_string(&url, https ? "https://" : "http://", err) < 0)
        return -1;
    for (size_t i = 0; i < authority_length; i++) {
        char c = authority[i];
        if (sp_buffer_append_byte(&url, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c, err) < 0)
            return -1;
    }
    out->path_at = url.length;
    out->https = https;
    if ((!path_length || *path == '?') && sp_buffer_append_byte(&url, '/', err) < 0)
        return -1;
    if (sp_buffer_append(&url, path, path_length, err) < 0)
        return -1;
    out->url = sp_buffer_steal(&url, err);
    return out->url ? 0 : -1;
}

static size_t
scheme_length(const char *url, size_t length, bool *https)
{
    *https = length > 8 && !strncasecmp(url, "https://", 8);
    return *https ? 8 : length > 7 && !strncasecmp(url, "http://", 7) ? 7 : 0;
}

int
sp_upstream_read(struct sp_upstream *out, const char *url, size_t length, struct sp_error *err)
{
    *out = (struct sp_upstream){ 0 };
    bool https;
    size_t scheme = scheme_length(url, length, &https);
    if (!scheme || length > SP_UPSTREAM_MAX || memchr(url, '\0', length))
        return fail_url(url, length, "no http or https URL", err);
    const char *fragment = memchr(url, '#', length);
    const char *authority = url + scheme, *end = fragment ? fragment : url + length, *path = authority;
    while (path < end && *path != '/' && *path != '?')
        path++;
    return build(out, https, authority, (size_t)(path - authority), path, (size_t)(end - path), err);
}

int
sp_upstream_read_inside(struct sp_upstream *out, const char *target, struct sp_error *err)
{
    *out = (struct sp_upstream){ 0 };
    size_t length = strlen(target);
    bool https = !strncmp(target, "/https/", 7);
    size_t prefix = https ? 7 : !strncmp(target, "/http/", 6) ? 6 : 0;
    if (!prefix || length > SP_UPSTREAM_MAX)
        return fail_url(target, length, "paths here are /https/HOST/PATH", err);
    if (memchr(target, '#', length))
        return fail_url(target, length, "a fragment is not sent to a server", err);
    const char *authority = target + prefix;
    size_t host = strcspn(authority, "/?");
    sp_autobuffer struct sp_buffer plain = { 0 };
    /* pip escapes the colon of a port where it made the URL from a relative one */
    const char *colon = memchr(authority, '%', host);
    if (colon && host - (size_t)(colon - authority) > 3 && !strncasecmp(colon, "%3a", 3)) {
        if (sp_buffer_append(&plain, authority, (size_t)(colon - authority), err) < 0 ||
            sp_buffer_append_byte(&plain, ':', err) < 0 ||
            sp_buffer_append_string(&plain, colon + 3, err) < 0)
            return -1;
        authority = sp_buffer_string(&plain);
        host -= 2;
        length -= 2;
    }
    return build(out, https, authority, host, authority + host, length - prefix - host, err);
}

int
sp_upstream_secure(struct sp_upstream *upstream, struct sp_error *err)
{
    struct sp_upstream secure = { 0 };
    size_t length;
    const char *authority = sp_upstream_authority(upstream, &length), *path = sp_upstream_path(upstream);
    if (upstream->https)
        return 0;
    if (build(&secure, true, authority, length, path, strlen(path), err) < 0)
        return -1;
    sp_upstream_free(upstream);
    *upstream = secure;
    return 0;
}

/* ---- references ---- */

/* Appends PATH without its "." and ".." segments to OUT, which ends in the '/' of a directory and may not be
 * cut below ROOT bytes. */
static int
append_segments(struct sp_buffer *out, size_t root, const char *path, size_t length, struct sp_error *err)
{
    for (size_t start = 0, end; start < length; start = end + 1) {
        const char *slash = memchr(path + start, '/', length - start);
        end = slash ? (size_t)(slash - path) : length;
        size_t size = end - start;
        bool up = size == 2 && !memcmp(path + start, "..", 2), here = size == 1 && path[start] == '.';
        if (up && out->length > root) {
            out->length--;
            while (out->length > root && out->bytes[out->length - 1] != '/')
                out->length--;
        }
        if (up || here)
            continue;
        if (sp_buffer_append(out, path + start, size, err) < 0 ||
            (slash && sp_buffer_append_byte(out, '/', err) < 0))
            return -1;
    }
    return 0;
}

/* Whether REFERENCE begins with a scheme: "mailto:". */
static bool
has_scheme(const char *reference, size_t length)
{
    size_t stop = 0;
    while (stop < length && !memchr(":/?#", reference[stop], 4))
        stop++;
    return stop < length && stop > 0 && reference[stop] == ':';
}

int
sp_upstream_resolve(struct sp_upstream *out, const struct sp_upstream *base, const char *reference,
                    size_t length, struct sp_error *err)
{
    *out = (struct sp_upstream){ 0 };
    const char *fragment = memchr(reference, '#', length);
    if (fragment)
        length = (size_t)(fragment - reference);
    if (has_scheme(reference, length))
        return sp_upstream_read(out, reference, length, err);
    if (length > SP_UPSTREAM_MAX)
        return fail_url(reference, length, "longer than 8192 bytes", err);
    sp_autobuffer struct sp_buffer url = { 0 };
    size_t keep; /* of the base */
    const char *base_path = sp_upstream_path(base);
    size_t base_path_length = strcspn(base_path, "?");
    bool network = length >= 2 && !memcmp(reference, "//", 2);
    if (network)
        keep = base->https ? 6 : 5;
    else if (length && reference[0] == '/')
        keep = base->path_at;
    else if (!length)
        keep = strlen(base->url);
    else if (reference[0] == '?')
        keep = base->path_at + base_path_length;
    else
        for (keep = base->path_at + base_path_length; base->url[keep - 1] != '/'; keep--)
            ;
    if (sp_buffer_append(&url, base->url, keep, err) < 0)
        return -1;
    const char *query = memchr(reference, '?', length);
    size_t path_length = query ? (size_t)(query - reference) : length;
    size_t skip = !network && length && reference[0] == '/';
    if (skip && sp_buffer_append_byte(&url, '/', err) < 0)
        return -1;
    if (network ? sp_buffer_append(&url, reference, path_length, err) < 0
                : append_segments(&url, base->path_at + 1, reference + skip, path_length - skip, err) < 0)
        return -1;
    if (sp_buffer_append(&url, reference + path_length, length - path_length, err) < 0)
        return -1;
    return sp_upstream_read(out, url.bytes, url.length, err);
}

/* ---- writing ---- */

const char *
sp_upstream_authority(const struct sp_upstream *upstream, size_t *length)
{
    size_t scheme = upstream->https ? 8 : 7;
    *length = upstream->path_at - scheme;
    return upstream->url + scheme;
}

int
sp_upstream_write_inside(struct sp_buffer *out, const char *origin, const struct sp_upstream *upstream,
                         struct sp_error *err)
{
    const char *rest = upstream->url + (upstream->https ? 8 : 7);
    if (sp_buffer_append_string(out, origin, err) < 0 ||
        sp_buffer_append_string(out, upstream->https ? "/https/" : "/http/", err) < 0)
        return -1;
    return sp_buffer_append_string(out, rest, err);
}

int
sp_upstream_write_key(struct sp_buffer *out, const struct sp_upstream *upstream, struct sp_error *err)
{
    const char *path = sp_upstream_path(upstream);
    size_t length = strcspn(path, "?");
    if (sp_buffer_append(out, upstream->url, upstream->path_at, err) < 0)
        return -1;
    for (size_t i = 0; i < length; i++) {
        int byte = read_escape(path + i, length - i);
        bool kept = byte == '/' || byte == '%' || byte == '?'; /* these mean something else when undone */
        int status = kept        ? sp_buffer_printf(out, err, "%%%02X", byte)
                     : byte >= 0 ? sp_buffer_append_byte(out, (char)byte, err)
                                 : sp_buffer_append_byte(out, path[i], err);
        if (status < 0)
            return -1;
        i += byte >= 0 ? 2 : 0;
    }
    return sp_buffer_append_string(out, path + length, err);
}
