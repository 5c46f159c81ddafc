/* urls.c: URLs of a registry as they are written inside a sandbox, and back. */
#include "registry/registry.h"
#include "registry/url.h"

#include <string.h>
#include <strings.h>

/* An IPv6 literal stands in a path without brackets and colons: [2001:db8::1]:8080 is written
 * ~2001~db8~~1:8080. No host name holds a '~', and nothing percent-encodes one. */
#define LITERAL6_MARK '~'

int
sp_registry_url_inside(struct sp_buffer *out, const char *url, struct sp_error *err)
{
    struct sp_url parts;
    if (sp_url_parse(&parts, url, err) < 0)
        return -1;
    char authority[SP_URL_AUTHORITY_MAX];
    sp_url_authority(&parts, authority);
    if (!parts.secure && strcmp(authority, &SP_PROXY_ORIGIN[strlen("http://")]) == 0)
        return sp_fail(
            err, SP_ERROR_INPUT,
            "%s is where Sallyport itself listens inside a sandbox; name the registry that is meant",
            SP_PROXY_ORIGIN);

    char segment[SP_URL_AUTHORITY_MAX];
    size_t length = 0;
    bool bracketed = false;
    for (const char *c = authority; *c; c++) {
        bracketed = (bracketed || *c == '[') && *c != ']';
        if (*c == '[' || (*c == ':' && bracketed))
            segment[length++] = LITERAL6_MARK;
        else if (*c != ']')
            segment[length++] = *c;
    }
    segment[length] = '\0';
    return sp_buffer_printf(out, err, "%s/%s/%s%s", SP_PROXY_ORIGIN, parts.secure ? "https" : "http", segment,
                            parts.rest);
}

/* --------------------------------------------------------------------- back */

struct span {
    const char *start, *stop; /* the whole text */
    const char *at;           /* the cursor */
};

struct spelling {
    char what;
    const char *text; /* compared without regard to case */
};
/* Each way that a byte of a URL is written in the files of package managers: as it is, in JSON, in a query,
 * in a query within a query. Longer ones first. */
static const struct spelling spellings[] = {
    { '/', "\\u002f" }, { '/', "%252F" },   { '/', "%2F" },   { '/', "\\/" },
    { '/', "/" },       { ':', "\\u003a" }, { ':', "%253A" }, { ':', "%3A" },
    { ':', ":" },       { '~', "%257E" },   { '~', "%7E" },   { '~', "~" },
};

/* Steps over one WHAT, however it is spelled; false: there is none. */
static bool
step(struct span *span, char what)
{
    for (size_t i = 0; i < SP_COUNT(spellings); i++) {
        size_t length = strlen(spellings[i].text);
        if (spellings[i].what == what && (size_t)(span->stop - span->at) >= length &&
            strncasecmp(span->at, spellings[i].text, length) == 0) {
            span->at += length;
            return true;
        }
    }
    return false;
}

/* The same against the reading direction. */
static bool
step_back(struct span *span, char what)
{
    for (size_t i = 0; i < SP_COUNT(spellings); i++) {
        size_t length = strlen(spellings[i].text);
        if (spellings[i].what == what && (size_t)(span->at - span->start) >= length &&
            strncasecmp(span->at - length, spellings[i].text, length) == 0) {
            span->at -= length;
            return true;
        }
    }
    return false;
}

static bool
step_word(struct span *span, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(span->stop - span->at) < length || strncasecmp(span->at, word, length) != 0)
        return false;
    span->at += length;
    return true;
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Reads "~2001~db8~~1" and writes "[2001:db8::1]" with COLON between and brackets spelled as that colon is.
 * False: there is none. */
static bool
read_literal6(struct span *span, const char *colon, size_t colon_length, struct sp_buffer *out, bool *failed,
              struct sp_error *err)
{
    struct span ahead = *span;
    const char *encoded = colon_length == 1 ? "" : colon_length == 3 ? "%" : "%25";
    bool plain = colon[0] != '%';
    size_t groups = 0, digits = 0;
    sp_autobuffer struct sp_buffer literal = { .limit = 512 };
    if (!step(&ahead, LITERAL6_MARK))
        return false;
    while (ahead.at < ahead.stop && groups < 9 && digits < 40) {
        if (is_hex(*ahead.at) || *ahead.at == '.') {
            *failed |= sp_buffer_append_byte(&literal, *ahead.at++, err) < 0;
            digits++;
        } else if (step(&ahead, LITERAL6_MARK)) {
            *failed |= sp_buffer_append(&literal, colon, colon_length, err) < 0;
            groups++;
        } else {
            break;
        }
    }
    if (*failed || groups < 2)
        return false;
    *failed =
        plain ? sp_buffer_printf(out, err, "[%s]", sp_buffer_string(&literal)) < 0
              : sp_buffer_printf(out, err, "%s5B%s%s5D", encoded, sp_buffer_string(&literal), encoded) < 0;
    *span = ahead;
    return !*failed;
}

static bool
is_host_start(const struct span *span)
{
    if (span->at >= span->stop)
        return false;
    char c = *span->at;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* HIT: an SP_PROXY_ADDRESS in SPAN. If it stands in a URL of ours, appends what lies between FROM and that
 * URL, then the URL's own scheme and, for an IPv6 literal, its host: 1, and SPAN stands behind that. 0: no
 * URL of ours. */
static int
turn(struct span *span, const char *from, const char *hit, struct sp_buffer *out, struct sp_error *err)
{
    struct span back = { from, span->stop, hit };
    if (!step_back(&back, '/') || !step_back(&back, '/') || !step_back(&back, ':') || back.at - from < 4 ||
        strncasecmp(back.at - 4, "http", 4) != 0)
        return 0;
    const char *colon = back.at, *url = back.at - 4;
    struct span after = { colon, span->stop, colon };
    step(&after, ':');
    size_t colon_length = (size_t)(after.at - colon);

    struct span ahead = { from, span->stop, hit + strlen(SP_PROXY_ADDRESS) };
    char port[8];
    snprintf(port, sizeof(port), "%d", SP_PROXY_PORT);
    if (!step(&ahead, ':') || !step_word(&ahead, port) || !step(&ahead, '/'))
        return 0;
    const char *scheme = ahead.at;
    if (!step_word(&ahead, "https") && !step_word(&ahead, "http"))
        return 0;
    size_t scheme_length = (size_t)(ahead.at - scheme);
    if (!step(&ahead, '/'))
        return 0;

    bool failed = false;
    sp_autobuffer struct sp_buffer literal = { 0 };
    if (!is_host_start(&ahead) && !read_literal6(&ahead, colon, colon_length, &literal, &failed, err))
        return failed ? -1 : 0;
    if (sp_buffer_append(out, from, (size_t)(url - from), err) < 0 ||
        sp_buffer_append(out, scheme, scheme_length, err) < 0 ||
        sp_buffer_append(out, colon, (size_t)(hit - colon), err) < 0 ||
        sp_buffer_append(out, sp_buffer_string(&literal), literal.length, err) < 0)
        return -1;
    span->at = ahead.at;
    return 1;
}

int
sp_registry_text_outside(struct sp_buffer *out, const char *text, size_t length, size_t *changed,
                         struct sp_error *err)
{
    *changed = 0;
    struct span span = { text, text + length, text };
    const char *from = text, *hit;
    while (
        (hit = memmem(span.at, (size_t)(span.stop - span.at), SP_PROXY_ADDRESS, strlen(SP_PROXY_ADDRESS)))) {
        int turned = turn(&span, from, hit, out, err);
        if (turned < 0)
            return -1;
        if (turned) {
            from = span.at;
            (*changed)++;
        } else {
            span.at = hit + strlen(SP_PROXY_ADDRESS);
        }
    }
    return sp_buffer_append(out, from, (size_t)(span.stop - from), err);
}

int
sp_registry_url_outside(struct sp_buffer *out, const char *url, struct sp_error *err)
{
    static const char origin[] = SP_PROXY_ORIGIN "/";
    sp_autobuffer struct sp_buffer outside = { 0 };
    struct sp_url parts;
    if (sp_url_parse(&parts, url, err) < 0)
        return -1;
    struct span span = { url, url + strlen(url), url };
    int turned = strncasecmp(url, origin, strlen(origin)) == 0
                     ? turn(&span, url, url + strlen("http://"), &outside, err)
                     : 0;
    if (turned < 0 || (turned && sp_buffer_append_string(&outside, span.at, err) < 0))
        return -1;
    if (!turned || sp_url_parse(&parts, outside.bytes, err) < 0)
        return sp_fail(err, SP_ERROR_INPUT, "'%.200s' stands for no registry; it begins with %shttps/HOST/",
                       url, origin);
    return sp_buffer_append(out, outside.bytes, outside.length, err);
}
