#include "metadata/asking.h"
#include "registry/url.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FRESH_MAX 86400ul  /* an origin that says more is asked again all the same */
#define FRESH_ABSENT 300ul /* what is not there may come soon */

struct asking {
    struct sp_asking *public;
    const char *authorization; /* of the first hop */
    unsigned hops;
    bool mixed; /* a further hop was sent other rights: nobody else may be given the answer */
    uint64_t part_from, part_to; /* of a part, as the answer states them */
    bool has_part;
};

const char *
sp_asking_authorization(const struct sp_bases *bases, const struct sp_asked *asked, const char *url)
{
    return bases ? sp_bases_authorization(bases, asked->ecosystem, url) : NULL;
}

static bool
is_ranged(const struct sp_asked *asked)
{
    return asked->to > 0 || asked->from < 0;
}

static int
fail_host(struct sp_error *err, const char *url, const char *what)
{
    struct sp_url parts;
    char authority[SP_URL_AUTHORITY_MAX] = "";
    if (sp_url_parse(&parts, url, NULL) == 0)
        sp_url_authority(&parts, authority);
    return sp_fail(err, SP_ERROR_INPUT, "%s: %s", authority, what);
}

/* ---- where it goes ---- */

/* Plain http is followed only to the host that the user named himself. */
static int
check_hop(const struct sp_asked *asked, const char *url, struct sp_error *err)
{
    struct sp_url first, next;
    if (sp_url_parse(&next, url, err) < 0 || sp_url_parse(&first, asked->url, err) < 0)
        return -1;
    if (next.user)
        return fail_host(err, asked->url, "redirects to a URL with a login in it; refused");
    if (!next.secure && (first.secure || strcmp(first.host, next.host) != 0))
        return fail_host(err, asked->url, "redirects to another host without https; refused");
    return 0;
}

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    struct asking *asking = context;
    const struct sp_asking *public = asking->public;
    const char *allowed = sp_asking_authorization(public->bases, public->asked, url);
    if (!asking->hops++)
        asking->authorization = allowed;
    else if (check_hop(public->asked, url, err) < 0)
        return -1;
    if (allowed && (!asking->authorization || strcmp(allowed, asking->authorization) != 0))
        asking->mixed = true;
    *authorization = allowed;
    return 0;
}

/* ---- what the head says ---- */

/* A field that does not fit, or that no line holds, is none: half an ETag confirms nothing. */
static void
copy_field(char *out, size_t size, const char *value)
{
    bool fits = value && strlen(value) < size && sp_kept_is_plain(value);
    snprintf(out, size, "%s", fits ? value : "");
}

static void
copy_type(char out[96], const char *value)
{
    char type[512];
    copy_field(type, sizeof(type), value);
    type[strcspn(type, "; \t,")] = '\0';
    for (char *c = type; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c;
    copy_field(out, 96, type);
}

static bool
may_be_kept(long status)
{
    return status == 200 || status == 206 || status == 304 || status == 404 || status == 410;
}

/* RFC 9111, 4.2: what the answer's way through other caches took is gone already. */
static void
read_freshness(struct sp_asking *public, const struct sp_http_head *head)
{
    struct sp_kept *kept = &public->kept;
    bool gone = kept->status == 404 || kept->status == 410, store;
    const char *control = sp_http_header(head, "cache-control"), *age = sp_http_header(head, "age"),
               *vary = sp_http_header(head, "vary");
    unsigned long fresh = sp_http_max_age(control, gone ? FRESH_ABSENT : FRESH_MAX,
                                          gone ? FRESH_ABSENT : public->fresh_seconds, &store);
    unsigned long spent = age && *age >= '0' && *age <= '9' ? strtoul(age, NULL, 10) : 0;
    if (control && strcasestr(control, "max-age"))
        fresh = spent < fresh ? fresh - spent : 0;
    if (vary && strchr(vary, '*'))
        fresh = 0;
    kept->fetched = time(NULL);
    kept->fresh_until = kept->fetched + (int64_t)fresh;
    public->may_keep = store && may_be_kept(kept->status);
}

static bool
read_count(const char **text, uint64_t *out)
{
    const char *at = *text;
    uint64_t value = 0;
    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
            return false;
    *out = value;
    *text = at;
    return true;
}

/* "bytes 0-99/1234"; the whole may be "*". */
static bool
read_part(struct asking *asking, const char *range)
{
    uint64_t whole = 0;
    if (!range || strncasecmp(range, "bytes ", 6) != 0)
        return false;
    range += 6;
    if (!read_count(&range, &asking->part_from) || *range++ != '-' || !read_count(&range, &asking->part_to) ||
        *range++ != '/' || asking->part_to < asking->part_from)
        return false;
    if (*range == '*')
        range++;
    else if (!read_count(&range, &whole) || whole <= asking->part_to)
        return false;
    asking->public->kept.whole = whole;
    return !*range;
}

/* Whether the part is the one that was asked for; it may end early, where the whole does. */
static bool
is_asked_part(const struct asking *asking)
{
    const struct sp_asked *asked = asking->public->asked;
    uint64_t whole = asking->public->kept.whole, from = asking->part_from, to = asking->part_to;
    if (asked->from < 0) {
        uint64_t last = (uint64_t)-asked->from;
        return whole && to == whole - 1 && from == (last < whole ? whole - last : 0);
    }
    return from == (uint64_t)asked->from &&
           (to == (uint64_t)asked->to || (whole && to == whole - 1 && to < (uint64_t)asked->to));
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err)
{
    struct asking *asking = context;
    struct sp_asking *public = asking->public;
    struct sp_kept *kept = &public->kept;
    kept->status = head->status;
    copy_type(kept->type, sp_http_header(head, "content-type"));
    copy_field(kept->etag, sizeof(kept->etag), sp_http_header(head, "etag"));
    copy_field(kept->modified, sizeof(kept->modified), sp_http_header(head, "last-modified"));
    copy_field(kept->answered, sizeof(kept->answered), head->url);
    read_freshness(public, head);
    const char *coding = sp_http_header(head, "content-encoding");
    if (is_ranged(public->asked) && coding && *coding && strcasecmp(coding, "identity") != 0)
        return fail_host(err, head->url, "answered a part in a coding that nobody asked for");
    if (head->status == 304 && !public->known)
        return fail_host(err, head->url, "answered 304 although nothing was known yet");
    if (head->status != 206)
        return 0;
    asking->has_part = true;
    if (!is_ranged(public->asked) || !read_part(asking, sp_http_header(head, "content-range")) ||
        !is_asked_part(asking))
        return fail_host(err, head->url, "answered a part that was not asked for");
    return 0;
}

static int
take_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    struct asking *asking = context;
    return sp_body_add(&asking->public->body, bytes, length, err);
}

/* ---- the question ---- */

static int
write_fields(const struct sp_asking *public, char lines[4][SP_KEPT_ACCEPT_MAX + 32], const char *fields[5])
{
    const struct sp_asked *asked = public->asked;
    const size_t size = SP_KEPT_ACCEPT_MAX + 32;
    int count = 0;
    if (asked->accept)
        snprintf(lines[count++], size, "Accept: %s", asked->accept);
    if (asked->from < 0)
        snprintf(lines[count++], size, "Range: bytes=%" PRId64, asked->from);
    else if (asked->to > 0)
        snprintf(lines[count++], size, "Range: bytes=%" PRId64 "-%" PRId64, asked->from, asked->to);
    /* RFC 9110, 13.1.3: the date counts only where there is no ETag */
    if (public->known && *public->known->etag)
        snprintf(lines[count++], size, "If-None-Match: %s", public->known->etag);
    else if (public->known && *public->known->modified)
        snprintf(lines[count++], size, "If-Modified-Since: %s", public->known->modified);
    for (int i = 0; i < count; i++)
        fields[i] = lines[i];
    return count;
}

int
sp_ask(struct sp_http *http, struct sp_asking *public, struct sp_error *err)
{
    char lines[4][SP_KEPT_ACCEPT_MAX + 32];
    const char *fields[5] = { 0 };
    struct asking asking = { .public = public };
    write_fields(public, lines, fields);
    const struct sp_http_request request = {
        .url = public->asked->url,
        .headers = fields,
        .max_bytes = public->asked->max_bytes,
        .decode = !is_ranged(public->asked), /* a part of a compressed form is none of the document */
        .attempts = public->asked->optional || public->once ? 1 : 0,
        .admit = admit,
        .head = take_head,
        .body = take_body,
        .context = &asking,
    };
    if (sp_http_fetch(http, &request, err) < 0) {
        public->silent = !public->kept.status && asking.hops == 1;
        return -1;
    }
    if (sp_body_complete(&public->body, err) < 0)
        return -1;
    if (asking.has_part && public->body.length != asking.part_to - asking.part_from + 1)
        return fail_host(err, public->asked->url, "answered a part of another length than it stated");
    public->may_keep &= !asking.mixed;
    return 0;
}
