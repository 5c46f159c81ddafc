/* PyPI's simple page as HTML: <a href="URL#sha256=HEX" data-core-metadata="sha256=HEX">. Only anchors (and
 * the first <base>) are looked at; a link that this reading misses stays as it is and leads nowhere inside.
 * Sources: PEP 503, 658, 714; WHATWG HTML, "Tokenization". */
#include "proxy/rewrite.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

struct page {
    const struct sp_rewriting *rewriting;
    const char *text;
    size_t length, at, copied;
    struct sp_upstream base; /* of <base href>; .url NULL: the page's own */
};

struct span {
    size_t from, to;
};

struct attribute {
    struct span name, value;
    bool quoted;
};

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_named(const struct page *page, struct span span, const char *word)
{
    size_t length = strlen(word);
    return span.to - span.from == length && !strncasecmp(page->text + span.from, word, length);
}

/* Reads the next attribute of the tag at page->at; false: the tag ends. */
static bool
next_attribute(struct page *page, struct attribute *out)
{
    const char *s = page->text;
    size_t at = page->at, size = page->length;
    while (at < size && (is_space(s[at]) || s[at] == '/'))
        at++;
    *out = (struct attribute){ .name.from = at };
    if (at >= size || s[at] == '>') {
        page->at = at;
        return false;
    }
    at++; /* whatever it is, it begins a name */
    while (at < size && !is_space(s[at]) && s[at] != '/' && s[at] != '>' && s[at] != '=')
        at++;
    out->name.to = at;
    while (at < size && is_space(s[at]))
        at++;
    if (at >= size || s[at] != '=') {
        out->value = (struct span){ at, at };
        page->at = at;
        return true;
    }
    at++;
    while (at < size && is_space(s[at]))
        at++;
    char quote = at < size && (s[at] == '"' || s[at] == '\'') ? s[at] : '\0';
    out->quoted = quote != '\0';
    out->value.from = at += out->quoted;
    while (at < size && (quote ? s[at] != quote : !is_space(s[at]) && s[at] != '>'))
        at++;
    out->value.to = at;
    page->at = at + (quote && at < size);
    return true;
}

/* ---- character references ---- */

static const struct {
    const char *name;
    char byte;
} references[] = { { "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' } };

/* The code point of the reference at TEXT, which begins with '&'; 0: none. */
static uint32_t
read_reference(const char *text, size_t length, size_t *size)
{
    for (size_t i = 0; i < SP_COUNT(references); i++) {
        size_t name = strlen(references[i].name);
        if (length > name && !memcmp(text + 1, references[i].name, name)) {
            *size = name + 1;
            return (uint32_t)references[i].byte;
        }
    }
    if (length < 4 || text[1] != '#')
        return 0;
    bool hex = (text[2] | 32) == 'x';
    uint32_t point = 0;
    size_t at = hex ? 3 : 2, start = at;
    for (; at < length && at < start + 7; at++) {
        char c = text[at] | 32;
        bool digit = text[at] >= '0' && text[at] <= '9', letter = hex && c >= 'a' && c <= 'f';
        if (!digit && !letter)
            break;
        point = point * (hex ? 16 : 10) + (uint32_t)(digit ? text[at] - '0' : c - 'a' + 10);
    }
    if (at == start || at >= length || text[at] != ';' || point > 0x10ffff)
        return 0;
    *size = at + 1;
    return point;
}

static int
decode(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length;) {
        size_t size = 1;
        char bytes[4];
        uint32_t point = text[i] == '&' ? read_reference(text + i, length - i, &size) : 0;
        size_t written = point ? sp_utf8_encode(point, bytes) : 0;
        if (written ? sp_buffer_append(out, bytes, written, err) < 0
                    : sp_buffer_append_byte(out, text[i], err) < 0)
            return -1;
        i += written ? size : 1;
    }
    return 0;
}

static int
encode(struct sp_buffer *out, const char *text, struct sp_error *err)
{
    for (; *text; text++) {
        const char *name = NULL;
        for (size_t i = 0; i < SP_COUNT(references) && *text != '\''; i++)
            if (*text == references[i].byte)
                name = references[i].name;
        int status = *text == '\'' ? sp_buffer_append_string(out, "&#39;", err)
                     : name        ? sp_buffer_printf(out, err, "&%s", name)
                                   : sp_buffer_append_byte(out, *text, err);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* ---- anchors ---- */

/* "#sha256=HEX" or "sha256=HEX". */
static void
read_digest(struct sp_stated_digest *digest, const char *text)
{
    char name[16];
    text += *text == '#';
    while (*text) {
        size_t part = strcspn(text, "&"), equals = strcspn(text, "=&");
        if (equals < part && equals < sizeof(name)) {
            memcpy(name, text, equals);
            name[equals] = '\0';
            sp_rewrite_take_digest(digest, name, text + equals + 1, part - equals - 1);
        }
        text += part + (text[part] != '\0');
    }
}

static int
write_link(struct page *page, const struct attribute *href, const struct sp_upstream *upstream,
           const char *fragment, struct sp_error *err)
{
    struct sp_buffer *out = page->rewriting->out;
    sp_autobuffer struct sp_buffer inside = { 0 };
    if (sp_upstream_write_inside(&inside, page->rewriting->origin, upstream, err) < 0 ||
        sp_buffer_append_string(&inside, fragment, err) < 0 ||
        sp_buffer_append(out, page->text + page->copied, href->value.from - page->copied, err) < 0)
        return -1;
    if ((!href->quoted && sp_buffer_append_byte(out, '"', err) < 0) || encode(out, inside.bytes, err) < 0 ||
        (!href->quoted && sp_buffer_append_byte(out, '"', err) < 0))
        return -1;
    page->copied = href->value.to;
    return 0;
}

static int
rewrite_anchor(struct page *page, const struct attribute *href, struct sp_named *named, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    size_t from = href->value.from, to = href->value.to;
    while (from < to && is_space(page->text[from]))
        from++;
    while (to > from && is_space(page->text[to - 1]))
        to--;
    if (decode(&url, page->text + from, to - from, err) < 0)
        return -1;
    const char *text = sp_buffer_string(&url), *fragment = text + strcspn(text, "#");
    const struct sp_upstream *base = page->base.url ? &page->base : page->rewriting->page;
    if (strlen(text) != url.length ||
        !sp_rewrite_resolve(page->rewriting, base, text, (size_t)(fragment - text), &named->upstream)) {
        sp_upstream_free(&named->upstream);
        return 0;
    }
    read_digest(&named->digest, fragment);
    return write_link(page, href, &named->upstream, fragment, err);
}

static int
read_anchor(struct page *page, struct sp_error *err)
{
    sp_autonamed struct sp_named named = { 0 };
    sp_autobuffer struct sp_buffer text = { 0 };
    struct attribute attribute, href = { 0 };
    bool found = false;
    while (next_attribute(page, &attribute)) {
        if (is_named(page, attribute.name, "href") && !found) { /* the first counts, as in every parser */
            href = attribute;
            found = true;
        } else if (is_named(page, attribute.name, "data-core-metadata") ||
                   is_named(page, attribute.name, "data-dist-info-metadata")) {
            sp_buffer_clear(&text);
            if (decode(&text, page->text + attribute.value.from, attribute.value.to - attribute.value.from,
                       err) < 0)
                return -1;
            named.has_metadata = named.has_metadata || !text.length || strcasecmp(text.bytes, "false") != 0;
            read_digest(&named.metadata_digest, sp_buffer_string(&text));
        }
    }
    if (!found)
        return 0;
    if (rewrite_anchor(page, &href, &named, err) < 0)
        return -1;
    return sp_rewrite_learn(page->rewriting, &named, NULL, SP_REGISTRY_PYPI, err);
}

static int
read_base(struct page *page, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    struct attribute attribute;
    while (next_attribute(page, &attribute)) {
        if (page->base.url || !is_named(page, attribute.name, "href"))
            continue;
        sp_buffer_clear(&url);
        if (decode(&url, page->text + attribute.value.from, attribute.value.to - attribute.value.from, err) <
            0)
            return -1;
        if (sp_upstream_resolve(&page->base, page->rewriting->page, sp_buffer_string(&url), url.length,
                                NULL) < 0)
            sp_upstream_free(&page->base);
    }
    return 0;
}

/* Whether the tag that begins behind a '<' at page->at is NAME; then page->at is moved behind it. */
static bool
enter_tag(struct page *page, const char *name)
{
    size_t length = strlen(name), left = page->length - page->at;
    const char *s = page->text + page->at;
    if (left <= length || strncasecmp(s, name, length) != 0 || (!is_space(s[length]) && s[length] != '/'))
        return false;
    page->at += length;
    return true;
}

static void
drop_page(struct page *page)
{
    sp_upstream_free(&page->base);
}

int
sp_rewrite_simple_html(const struct sp_rewriting *rewriting, const char *text, size_t length,
                       struct sp_error *err)
{
    __attribute__((
        cleanup(drop_page))) struct page page = { .rewriting = rewriting, .text = text, .length = length };
    const char *open;
    while (page.at < length && (open = memchr(text + page.at, '<', length - page.at))) {
        page.at = (size_t)(open - text) + 1;
        if (length - page.at >= 3 && !memcmp(text + page.at, "!--", 3)) {
            const char *end = memmem(text + page.at, length - page.at, "-->", 3);
            page.at = end ? (size_t)(end - text) + 3 : length;
        } else if (enter_tag(&page, "a")) {
            if (read_anchor(&page, err) < 0)
                return -1;
        } else if (enter_tag(&page, "base") && read_base(&page, err) < 0) {
            return -1;
        }
    }
    return sp_buffer_append(rewriting->out, text + page.copied, length - page.copied, err);
}
