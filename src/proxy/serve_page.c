/* Metadata: judged by name, fetched or taken from the cache, rewritten. */
#include "proxy/internal.h"
#include "proxy/page_file.h"
#include "proxy/rewrite.h"

#include <string.h>
#include <strings.h>

static int
rewrite(struct sp_asked *asked, const struct sp_page *page, struct sp_buffer *out, struct sp_error *err)
{
    sp_autoupstream struct sp_upstream url = { 0 };
    if (sp_upstream_read(&url, page->url, strlen(page->url), err) < 0)
        return -1;
    const struct sp_rewriting rewriting = {
        .origin = asked->proxy->origin,
        .hosts = asked->proxy->hosts,
        .learned = asked->proxy->learned,
        .page = &url,
        .name = asked->name.bytes,
        .out = out,
    };
    const char *text = sp_buffer_string(&page->body);
    if (asked->route == SP_ROUTE_PACKUMENT)
        return sp_rewrite_packument(&rewriting, text, page->body.length, err);
    if (!strncasecmp(page->type, "text/html", 9) ||
        !strncasecmp(page->type, "application/vnd.pypi.simple.v1+html", 35))
        return sp_rewrite_simple_html(&rewriting, text, page->body.length, err);
    if (!strncasecmp(page->type, "application/vnd.pypi.simple.v1+json", 35) ||
        !strncasecmp(page->type, "application/json", 16))
        return sp_rewrite_simple_json(&rewriting, text, page->body.length, err);
    return sp_fail(err, SP_ERROR_INPUT, "%.300s: its type '%.100s' is that of no simple page", page->url,
                   page->type);
}

static void
drop_page(struct sp_page **page)
{
    sp_page_free(*page);
}

static enum MHD_Result
answer_page(struct sp_asked *asked, const struct sp_page *page)
{
    struct sp_error err = { 0 };
    sp_autobuffer struct sp_buffer out = { .limit = (size_t)SP_PAGE_MAX * 2 };
    /* read even where the client has it already: its artefacts will be asked for */
    if (sp_buffer_reserve(&out, page->body.length + page->body.length / 8, &err) < 0 ||
        rewrite(asked, page, &out, &err) < 0)
        return sp_answer_no_page(asked, MHD_HTTP_BAD_GATEWAY, err.text);
    bool known = sp_asked_has(asked, page->etag);
    if (known)
        sp_buffer_clear(&out);
    struct MHD_Response *response = sp_answer_body(&out, page->type);
    sp_answer_add(response, "ETag", page->etag);
    sp_answer_add(response, "Last-Modified", page->modified);
    sp_answer_add(response, "Vary", "Accept");
    /* asked for every time, so that every package that an install uses is seen */
    sp_answer_add(response, "Cache-Control", "no-cache");
    return sp_answer_queue(asked, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* A package of the stand-in: the page takes the way of one that came from the registry. */
static enum MHD_Result
serve_stand_in(struct sp_asked *asked, const char *version)
{
    struct sp_error err = { 0 };
    __attribute__((cleanup(drop_page))) struct sp_page *page = sp_page_new();
    if (!page || !(page->url = strdup(asked->upstream.url)) || !(page->etag = strdup("")) ||
        !(page->modified = strdup("")) ||
        !(page->type = strdup(asked->kind == SP_REGISTRY_NPM ? "application/json"
                                                             : "application/vnd.pypi.simple.v1+json")))
        return MHD_NO;
    if (version && asked->kind == SP_REGISTRY_NPM)
        return sp_answer_no_page(asked, MHD_HTTP_NOT_FOUND, "a stand-in has no page of one version alone");
    if (sp_stand_in_page(asked->proxy->options.stand_in, asked->kind, asked->name.bytes, &page->body, &err) <
        0)
        return sp_answer_no_page(asked, MHD_HTTP_BAD_GATEWAY, err.text);
    return answer_page(asked, page);
}

enum MHD_Result
sp_serve_page(struct sp_asked *asked)
{
    struct sp_proxy *proxy = asked->proxy;
    struct sp_error err = { 0 };
    struct sp_judgement judgement;
    struct sp_page *page = NULL;
    unsigned status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    const char *stated = sp_buffer_string(&asked->version);
    const char *version = *stated >= '0' && *stated <= '9' ? stated : NULL; /* else a tag: "latest" */
    if (sp_judgements_ask(proxy->judged, asked->kind, asked->name.bytes, version, &judgement, &err) < 0)
        return sp_answer_no_page(asked, status, err.text);
    if (judgement.refused)
        return sp_answer_refused(asked, &judgement);
    if (sp_stand_in_has(proxy->options.stand_in, asked->kind, asked->name.bytes))
        return serve_stand_in(asked, *stated ? stated : NULL);
    if (sp_pages_get(proxy->pages, asked->upstream.url, sp_asked_header(asked, "Accept"), &page, &status,
                     &err) < 0)
        return sp_answer_no_page(asked, status, err.text);
    enum MHD_Result queued = answer_page(asked, page);
    sp_pages_release(proxy->pages, page);
    return queued;
}

/* ---- passed on as it is ---- */

static ssize_t
read_nothing(void *context, uint64_t at, char *bytes, size_t size)
{
    (void)context, (void)at, (void)bytes, (void)size;
    return MHD_CONTENT_READER_END_WITH_ERROR; /* of a HEAD: never called */
}

enum MHD_Result
sp_serve_passed(struct sp_asked *asked)
{
    static const char *const passed_on[] = { "Accept", "Content-Type", "Content-Encoding" };
    struct sp_buffer lines[SP_COUNT(passed_on)] = { 0 };
    sp_autopassed struct sp_passed passed = { 0 };
    const char *headers[SP_COUNT(passed_on) + 1] = { NULL };
    struct sp_error err = { 0 };
    unsigned status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    bool post = asked->route == SP_ROUTE_AUDIT && !asked->head && strcmp(asked->method, "POST") == 0;
    int failed = 0;
    for (size_t i = 0, count = 0; i < (post ? SP_COUNT(passed_on) : 1); i++) {
        const char *value = sp_asked_header(asked, passed_on[i]);
        if (!value)
            continue;
        failed |= sp_buffer_printf(&lines[i], &err, "%s: %s", passed_on[i], value);
        headers[count++] = lines[i].bytes;
    }
    enum sp_http_method method = post ? SP_HTTP_POST : asked->head ? SP_HTTP_HEAD : SP_HTTP_GET;
    if (!failed)
        failed = sp_pages_pass(asked->proxy->pages, method, asked->upstream.url, headers,
                               post ? &asked->content : NULL, &passed, &status, &err);
    for (size_t i = 0; i < SP_COUNT(lines); i++)
        sp_buffer_free(&lines[i]);
    if (!failed && asked->head && passed.length >= 0) {
        struct MHD_Response *head =
            MHD_create_response_from_callback((uint64_t)passed.length, 4096, read_nothing, NULL, NULL);
        sp_answer_add(head, "Content-Type", passed.type);
        return sp_answer_queue(asked, (unsigned)passed.status, head);
    }
    if (failed)
        return sp_answer_line(asked, status, err.text);
    return sp_answer_queue(asked, (unsigned)passed.status, sp_answer_body(&passed.body, passed.type));
}
