/* npm's packument: {"versions": {V: {"dist": {"tarball", "integrity", "shasum"}}}}; the manifest of one
 * version is what stands under V. Source: npm/registry, docs/responses/package-metadata.md. */
#include "proxy/json_pass.h"

#include <string.h>

/* The "dist" of VERSION. The strongest of what it states counts; a key that stands twice counts as npm reads
 * it: the last. */
static int
read_dist(struct sp_json_pass *pass, struct sp_named *named, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_stated_digest integrity = { 0 }, shasum = { 0 };
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&pass->reader, token, err);
    while ((token = sp_json_next(&pass->reader, err)) == SP_JSON_KEY) {
        int status = 0;
        if (sp_json_is(&pass->reader, "tarball")) {
            status = sp_json_pass_url(pass, &named->upstream, err);
        } else if (sp_json_is(&pass->reader, "integrity")) {
            status = sp_json_pass_string(pass, &text, err);
            sp_digest_read_sri(&integrity, sp_buffer_string(&text));
        } else if (sp_json_is(&pass->reader, "shasum")) {
            status = sp_json_pass_string(pass, &text, err);
            sp_digest_read_hex(&shasum, "sha1", sp_buffer_string(&text), text.length);
        } else {
            status = sp_json_skip_value(&pass->reader, err);
        }
        if (status < 0)
            return -1;
    }
    named->digest = integrity.length ? integrity : shasum;
    return token == SP_JSON_FAILED ? -1 : 0;
}

/* What stands under VERSION. */
static int
read_manifest(struct sp_json_pass *pass, const char *version, struct sp_error *err)
{
    sp_autonamed struct sp_named named = { 0 };
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&pass->reader, token, err);
    while ((token = sp_json_next(&pass->reader, err)) == SP_JSON_KEY) {
        int status = sp_json_is(&pass->reader, "dist") ? read_dist(pass, &named, err)
                                                       : sp_json_skip_value(&pass->reader, err);
        if (status < 0)
            return -1;
    }
    if (token == SP_JSON_FAILED)
        return -1;
    return sp_rewrite_learn(pass->rewriting, &named, version, SP_REGISTRY_NPM, err);
}

static int
read_versions(struct sp_json_pass *pass, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer version = { 0 };
    enum sp_json_token token = sp_json_next(&pass->reader, err);
    if (token != SP_JSON_OBJECT)
        return sp_json_skip(&pass->reader, token, err);
    while ((token = sp_json_next(&pass->reader, err)) == SP_JSON_KEY) {
        sp_buffer_clear(&version);
        if (sp_buffer_append(&version, pass->reader.text, pass->reader.length, err) < 0 ||
            read_manifest(pass, sp_buffer_string(&version), err) < 0)
            return -1;
    }
    return token == SP_JSON_FAILED ? -1 : 0;
}

int
sp_rewrite_packument(const struct sp_rewriting *rewriting, const char *text, size_t length,
                     struct sp_error *err)
{
    sp_autopass struct sp_json_pass pass = { 0 };
    sp_autonamed struct sp_named one = { 0 }; /* of a manifest that stands alone */
    sp_autobuffer struct sp_buffer version = { 0 };
    if (sp_json_pass_open(&pass, rewriting, text, length, err) < 0)
        return -1;
    enum sp_json_token token = sp_json_next(&pass.reader, err);
    if (token == SP_JSON_FAILED)
        return -1;
    if (token != SP_JSON_OBJECT)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: %s where a package's metadata should stand",
                       rewriting->page->url, sp_json_token_name(token));
    while ((token = sp_json_next(&pass.reader, err)) == SP_JSON_KEY) {
        int status;
        if (sp_json_is(&pass.reader, "versions"))
            status = read_versions(&pass, err);
        else if (sp_json_is(&pass.reader, "dist"))
            status = read_dist(&pass, &one, err);
        else if (sp_json_is(&pass.reader, "version"))
            status = sp_json_pass_string(&pass, &version, err);
        else
            status = sp_json_skip_value(&pass.reader, err);
        if (status < 0)
            return -1;
    }
    if (token == SP_JSON_FAILED ||
        sp_rewrite_learn(rewriting, &one, version.length ? version.bytes : NULL, SP_REGISTRY_NPM, err) < 0)
        return -1;
    return sp_json_pass_finish(&pass, length, err);
}
