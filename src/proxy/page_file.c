#include "proxy/page_file.h"
#include "base/memory.h"

#include <string.h>

static const char first_line[] = "sallyport page 1\n";

struct sp_page *
sp_page_new(void)
{
    struct sp_page *page = sp_new(struct sp_page, NULL);
    if (page)
        page->holders = 1;
    return page;
}

void
sp_page_free(struct sp_page *page)
{
    if (!page)
        return;
    free(page->url);
    free(page->type);
    free(page->etag);
    free(page->modified);
    sp_buffer_free(&page->body);
    free(page);
}

int
sp_page_write(const struct sp_page *page, struct sp_buffer *out, struct sp_error *err)
{
    if (sp_buffer_printf(out, err,
                         "%surl: %s\ntype: %s\netag: %s\nmodified: %s\nmax-age: %lu\nlength: %zu\n\n",
                         first_line, page->url, page->type, page->etag, page->modified, page->max_age,
                         page->body.length) < 0)
        return -1;
    return sp_buffer_append(out, page->body.bytes ? page->body.bytes : "", page->body.length, err);
}

/* The value of the line "NAME: value" at *AT, which is moved behind it. */
static char *
read_line(const char **at, const char *end, const char *name)
{
    size_t length = strlen(name);
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop || (size_t)(stop - *at) < length + 2 || memcmp(*at, name, length) != 0 ||
        memcmp(*at + length, ": ", 2) != 0)
        return NULL;
    const char *value = *at + length + 2;
    *at = stop + 1;
    return strndup(value, (size_t)(stop - value));
}

static bool
read_number(const char **at, const char *end, const char *name, unsigned long *out)
{
    sp_autofree char *text = read_line(at, end, name);
    char *rest = NULL;
    if (text)
        *out = strtoul(text, &rest, 10);
    return text && rest != text && !*rest;
}

struct sp_page *
sp_page_read(const struct sp_buffer *file)
{
    size_t first = strlen(first_line);
    if (file->length < first || memcmp(file->bytes, first_line, first) != 0)
        return NULL;
    const char *at = file->bytes + first, *end = file->bytes + file->length;
    struct sp_page *page = sp_page_new();
    if (!page)
        return NULL;
    unsigned long length = 0;
    bool whole = (page->url = read_line(&at, end, "url")) && (page->type = read_line(&at, end, "type")) &&
                 (page->etag = read_line(&at, end, "etag")) &&
                 (page->modified = read_line(&at, end, "modified")) &&
                 read_number(&at, end, "max-age", &page->max_age) &&
                 read_number(&at, end, "length", &length) && at < end && *at == '\n' &&
                 (size_t)(end - at - 1) == length && sp_buffer_append(&page->body, at + 1, length, NULL) == 0;
    if (whole)
        return page;
    sp_page_free(page);
    return NULL;
}
