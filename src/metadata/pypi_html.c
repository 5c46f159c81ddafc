/* The simple API's older form: links in HTML. Only two tags matter, <a> and <meta>. */
#include "metadata/pypi_simple.h"
#include "proxy/url.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define TAG_MAX 8192

/* ---- one tag ---- */

/* Copies VALUE with the few entities undone that URLs and names are written with. */
static void
copy_value(char *out, size_t size, const char *value, size_t length)
{
    static const struct {
        const char *entity;
        char byte;
    } entities[] = { { "&amp;", '&' },  { "&lt;", '<' },   { "&gt;", '>' },
                     { "&quot;", '"' }, { "&#39;", '\'' }, { "&#x27;", '\'' } };
    size_t used = 0;
    for (size_t at = 0; at < length && used + 1 < size;) {
        size_t i = 0;
        while (i < SP_COUNT(entities) &&
               (length - at < strlen(entities[i].entity) ||
                strncmp(value + at, entities[i].entity, strlen(entities[i].entity))))
            i++;
        out[used++] = i < SP_COUNT(entities) ? entities[i].byte : value[at];
        at += i < SP_COUNT(entities) ? strlen(entities[i].entity) : 1;
    }
    out[used] = '\0';
}

/* The attribute NAME of TAG (what stands between the tag's name and '>'); false: it has none. */
static bool
attribute(const char *tag, size_t length, const char *name, char *out, size_t size)
{
    size_t at = 0;
    *out = '\0';
    while (at < length) {
        while (at < length && (isspace((unsigned char)tag[at]) || tag[at] == '/'))
            at++;
        size_t from = at;
        while (at < length && !isspace((unsigned char)tag[at]) && tag[at] != '=')
            at++;
        bool right = at - from == strlen(name) && !strncasecmp(tag + from, name, at - from);
        size_t value = at, end = at;
        while (at < length && isspace((unsigned char)tag[at]))
            at++;
        if (at < length && tag[at] == '=') {
            for (at++; at < length && isspace((unsigned char)tag[at]);)
                at++;
            char quote = at < length && strchr("\"'", tag[at]) && tag[at] ? tag[at] : 0;
            value = at += quote != 0;
            while (at < length && (quote ? tag[at] != quote : !isspace((unsigned char)tag[at])))
                at++;
            end = at;
            at += quote && at < length;
        }
        if (right) {
            copy_value(out, size, tag + value, end - value);
            return true;
        }
        if (at == from)
            at++; /* "==" */
    }
    return false;
}

/* ---- what it says ---- */

static int
read_link(struct sp_pypi_page *page, const char *tag, size_t length, struct sp_error *err)
{
    char url[2048], value[512];
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_pypi_page_file file = { .url = url, .time = SP_TIME_UNKNOWN, .size = -1, .provenance = -1 };
    if (!attribute(tag, length, "href", url, sizeof(url)))
        return 0;
    size_t end = strcspn(url, "?#");
    const char *slash = memrchr(url, '/', end), *from = slash ? slash + 1 : url;
    if (sp_url_decode(&name, from, (size_t)(url + end - from), err) < 0)
        return -1;
    file.name = sp_buffer_string(&name);
    file.yanked = attribute(tag, length, "data-yanked", value, sizeof(value));
    file.metadata = (attribute(tag, length, "data-core-metadata", value, sizeof(value)) ||
                     attribute(tag, length, "data-dist-info-metadata", value, sizeof(value))) &&
                    strcasecmp(value, "false") != 0;
    if (attribute(tag, length, "data-provenance", value, sizeof(value)))
        file.provenance = *value != '\0';
    return sp_pypi_page_file(page, &file, err);
}

static void
read_meta(struct sp_pypi_page *page, const char *tag, size_t length)
{
    char name[64];
    if (!attribute(tag, length, "name", name, sizeof(name)))
        return;
    if (!strcmp(name, "pypi:project-status"))
        attribute(tag, length, "content", page->status, sizeof(page->status));
    else if (!strcmp(name, "pypi:project-status-reason"))
        attribute(tag, length, "content", page->reason, sizeof(page->reason));
}

/* The '>' that ends the tag at AT, one in quotes does not; NULL. */
static const char *
end_of_tag(const char *at, const char *end)
{
    char quote = 0;
    for (const char *start = at; at < end && at - start < TAG_MAX; at++) {
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? 0 : *at;
        else if (!quote && *at == '>')
            return at;
    }
    return NULL;
}

int
sp_pypi_simple_html_tell(const struct sp_teller *teller, const char *wanted, const char *bytes, size_t length,
                         struct sp_pypi_files *files, struct sp_error *err)
{
    __attribute__((cleanup(sp_pypi_page_free))) struct sp_pypi_page page = { .teller = teller,
                                                                             .places.seed =
                                                                                 (uintptr_t)bytes };
    const char *end = bytes + length;
    for (const char *at = bytes; at < end && (at = memchr(at, '<', (size_t)(end - at)));) {
        at++;
        bool link = end - at > 2 && (*at | 32) == 'a' && isspace((unsigned char)at[1]);
        bool meta = end - at > 5 && !strncasecmp(at, "meta", 4) && isspace((unsigned char)at[4]);
        const char *stop = link || meta ? end_of_tag(at, end) : NULL;
        if (!stop &&
            (link || meta)) /* no index writes such; looking at each byte again would take for ever */
            at = end - at > TAG_MAX ? at + TAG_MAX : end;
        if (!stop)
            continue;
        const char *inner = at + (link ? 1 : 4);
        if (link && read_link(&page, inner, (size_t)(stop - inner), err) < 0)
            return -1;
        if (meta)
            read_meta(&page, inner, (size_t)(stop - inner));
        at = stop;
    }
    return sp_pypi_page_tell(&page, wanted, files, err);
}
