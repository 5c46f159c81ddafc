/* fuzz_proxy_rewrite.c: the first byte chooses the page's form, the rest is the page. Beyond memory safety it
 * checks that what comes of JSON is JSON, that every URL that was learned is in its one spelling, and that
 * errors say something. */
#include "base/json_reader.h"
#include "base/utf8.h"
#include "proxy/rewrite.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* A URL that was accepted is accepted again, and stays as it is. */
static void
check_url(const struct sp_upstream *page, const char *text, size_t length)
{
    sp_autoupstream struct sp_upstream one = { 0 }, two = { 0 }, inside = { 0 };
    sp_autobuffer struct sp_buffer target = { 0 };
    if (sp_upstream_resolve(&one, page, text, length, NULL) < 0)
        return;
    must(sp_upstream_read(&two, one.url, strlen(one.url), NULL) == 0 && !strcmp(one.url, two.url));
    must(sp_upstream_write_inside(&target, "", &one, NULL) == 0);
    if (target.length <= SP_UPSTREAM_MAX)
        must(sp_upstream_read_inside(&inside, target.bytes, NULL) == 0 && !strcmp(inside.url, one.url));
}

static void
check_json(const struct sp_buffer *out)
{
    sp_autobuffer struct sp_buffer scratch = { 0 };
    struct sp_json_reader reader;
    enum sp_json_token token;
    struct sp_error err;
    must(sp_json_reader_open(&reader, "out", out->bytes, out->length, &scratch, &err) == 0);
    while ((token = sp_json_next(&reader, &err)) != SP_JSON_END)
        must(token != SP_JSON_FAILED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static int (*const rewriters[])(const struct sp_rewriting *, const char *, size_t,
                                    struct sp_error *) = { sp_rewrite_packument, sp_rewrite_simple_json,
                                                           sp_rewrite_simple_html };
    static const char url[] = "https://registry.example/simple/six/";
    if (!size)
        return 0;
    unsigned kind = bytes[0] % SP_COUNT(rewriters);
    sp_autoupstream struct sp_upstream page = { 0 };
    sp_autobuffer struct sp_buffer out = { 0 };
    struct sp_learned *learned = NULL;
    struct sp_error err = { 0 };
    must(sp_upstream_read(&page, url, strlen(url), NULL) == 0 && sp_learned_new(&learned, NULL) == 0);
    /* exactly as long as the content and its NUL, so that a read beyond it is seen */
    sp_autofree char *content = malloc(size);
    must(content != NULL);
    memcpy(content, bytes + 1, size - 1);
    content[size - 1] = '\0';

    const struct sp_rewriting rewriting = { "http://127.83.80.1:4873", NULL, learned, &page, "six", &out };
    if (rewriters[kind](&rewriting, content, size - 1, &err) < 0)
        must(err.code != SP_ERROR_NONE && err.code != SP_ERROR_INTERNAL && *err.text &&
             sp_utf8_valid(err.text, strlen(err.text)));
    else if (kind < 2)
        check_json(&out);
    check_url(&page, content, size - 1);
    sp_learned_free(learned);
    return 0;
}
