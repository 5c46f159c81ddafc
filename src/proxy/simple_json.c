/* PyPI's simple page as JSON: {"files": [{"filename", "url", "hashes": {NAME: HEX}, "core-metadata": true or
 * {NAME: HEX}}]}. Sources: PEP 691, 714. */
#include "proxy/json_pass.h"

#include <string.h>

/* {"sha256": "..."}; true where only the fact is stated. */
static int
read_hashes(struct sp_json_pass *pass, struct sp_stated_digest *digest, bool *there, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer name = { 0 }, text = { 0 };
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    *there = token == SP_JSON_OBJECT || token == SP_JSON_TRUE;
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&pass->reader, token, err);
    while ((token = sp_json_next(&pass->reader, err)) == SP_JSON_KEY) {
        sp_buffer_clear(&name);
        if (sp_buffer_append(&name, pass->reader.text, pass->reader.length, err) < 0 ||
            sp_json_pass_string(pass, &text, err) < 0)
            return -1;
        sp_rewrite_take_digest(digest, sp_buffer_string(&name), sp_buffer_string(&text), text.length);
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

static int
read_file(struct sp_json_pass *pass, struct sp_error *err)
{
    sp_autonamed struct sp_named named = { 0 };
    enum sp_json_token token;
    bool stated;
    while ((token = sp_json_next(&pass->reader, err)) == SP_JSON_KEY) {
        int status = 0;
        if (sp_json_is(&pass->reader, "url"))
            status = sp_json_pass_url(pass, &named.upstream, err);
        else if (sp_json_is(&pass->reader, "hashes"))
            status = read_hashes(pass, &named.digest, &stated, err);
        else if (sp_json_is(&pass->reader, "core-metadata") ||
                 sp_json_is(&pass->reader, "dist-info-metadata") ||
                 sp_json_is(&pass->reader, "data-dist-info-metadata")) {
            status = read_hashes(pass, &named.metadata_digest, &stated, err);
            named.has_metadata |= stated;
        } else {
            status = sp_json_skip_value(&pass->reader, err);
        }
        if (status < 0)
            return -1;
    }
    if (token == SP_JSON_FAILED)
        return -1;
    return sp_rewrite_learn(pass->rewriting, &named, NULL, SP_REGISTRY_PYPI, err);
}

static int
read_files(struct sp_json_pass *pass, struct sp_error *err)
{
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_ARRAY)
        return sp_json_skip(&pass->reader, token, err);
    while ((token = sp_json_next(&pass->reader, err)) != SP_JSON_ARRAY_END) {
        int status = token == SP_JSON_OBJECT ? read_file(pass, err) : sp_json_skip(&pass->reader, token, err);
        if (status < 0)
            return -1;
    }
    return 0;
}

int
sp_rewrite_simple_json(const struct sp_rewriting *rewriting, const char *text, size_t length,
                       struct sp_error *err)
{
    sp_autopass struct sp_json_pass pass = { 0 };
    if (sp_json_pass_open(&pass, rewriting, text, length, err) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&pass.reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_OBJECT)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: %s where a project's files should stand",
                       rewriting->page->url, sp_json_token_name(token));
    while ((token = sp_json_next(&pass.reader, err)) == SP_JSON_KEY) {
        int status = sp_json_is(&pass.reader, "files") ? read_files(&pass, err)
                                                       : sp_json_skip_value(&pass.reader, err);
        if (status < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : sp_json_pass_finish(&pass, length, err);
}
