#include "proxy/json_pass.h"

#include <string.h>

int
sp_json_pass_open(struct sp_json_pass *pass, const struct sp_rewriting *rewriting, const char *text,
                  size_t length, struct sp_error *err)
{
    *pass = (struct sp_json_pass){ .rewriting = rewriting, .text = text };
    return sp_json_reader_open(&pass->reader, rewriting->page->url, text, length, &pass->scratch, err);
}

int
sp_json_pass_finish(struct sp_json_pass *pass, size_t length, struct sp_error *err)
{
    if (sp_json_next(&pass->reader, err) != SP_JSON_END)
        return -1;
    return sp_buffer_append(pass->rewriting->out, pass->text + pass->copied, length - pass->copied, err);
}

void
sp_json_pass_close(struct sp_json_pass *pass)
{
    sp_buffer_free(&pass->scratch);
}

/* Puts the inside form of UPSTREAM in the place of the string that ends before TO. */
static int
replace(struct sp_json_pass *pass, size_t from, size_t to, const struct sp_upstream *upstream,
        struct sp_error *err)
{
    struct sp_buffer *out = pass->rewriting->out;
    sp_autobuffer struct sp_buffer inside = { 0 };
    if (sp_upstream_write_inside(&inside, pass->rewriting->origin, upstream, err) < 0 ||
        sp_buffer_append(out, pass->text + pass->copied, from - pass->copied, err) < 0 ||
        sp_rewrite_write_json(out, inside.bytes, inside.length, err) < 0)
        return -1;
    pass->copied = to;
    return 0;
}

int
sp_json_pass_url(struct sp_json_pass *pass, struct sp_upstream *upstream, struct sp_error *err)
{
    size_t before = pass->reader.at; /* behind the key: white space, a colon and the value follow */
    sp_upstream_free(upstream);
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_STRING)
        return sp_json_skip(&pass->reader, token, err);
    if (!sp_rewrite_resolve(pass->rewriting, pass->rewriting->page, pass->reader.text, pass->reader.length,
                            upstream)) {
        sp_upstream_free(upstream);
        return 0;
    }
    const char *quote = memchr(pass->text + before, '"', pass->reader.at - before);
    return replace(pass, (size_t)(quote - pass->text) + 1, pass->reader.at - 1, upstream, err);
}

int
sp_json_pass_string(struct sp_json_pass *pass, struct sp_buffer *out, struct sp_error *err)
{
    sp_buffer_clear(out);
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_STRING)
        return sp_json_skip(&pass->reader, token, err);
    return sp_buffer_append(out, pass->reader.text, pass->reader.length, err);
}
