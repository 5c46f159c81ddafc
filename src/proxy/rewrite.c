/* What the rewriting of packuments and of simple pages has in common. */
#include "proxy/rewrite.h"
#include "proxy/names.h"

#include <string.h>

void
sp_named_clear(struct sp_named *named)
{
    sp_upstream_free(&named->upstream);
    *named = (struct sp_named){ 0 };
}

bool
sp_rewrite_resolve(const struct sp_rewriting *rewriting, const struct sp_upstream *base,
                   const char *reference, size_t length, struct sp_upstream *out)
{
    if (sp_upstream_resolve(out, base, reference, length, NULL) < 0)
        return false;
    /* a host that may not be asked is rewritten all the same: the answer will say why */
    if (rewriting->hosts)
        sp_hosts_admit(rewriting->hosts, out, NULL);
    return out->url != NULL;
}

int
sp_rewrite_write_json(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        int status = c < 0x20                ? sp_buffer_printf(out, err, "\\u%04x", c)
                     : c == '"' || c == '\\' ? sp_buffer_printf(out, err, "\\%c", c)
                                             : sp_buffer_append_byte(out, (char)c, err);
        if (status < 0)
            return -1;
    }
    return 0;
}

void
sp_rewrite_take_digest(struct sp_stated_digest *digest, const char *name, const char *hex, size_t length)
{
    struct sp_stated_digest one;
    if (sp_digest_read_hex(&one, name, hex, length) && (!digest->length || one.kind > digest->kind))
        *digest = one;
}

/* Whether page and artefact are of one registry, or of one host and its companion. */
static bool
is_own(const struct sp_rewriting *rewriting, const struct sp_upstream *upstream)
{
    const char *rest;
    if (!rewriting->hosts)
        return false;
    const struct sp_registry *of_page = sp_hosts_registry(rewriting->hosts, rewriting->page, &rest);
    const struct sp_registry *of_file = sp_hosts_registry(rewriting->hosts, upstream, &rest);
    if (of_file)
        return of_file == of_page;
    return of_page && (sp_hosts_kinds(rewriting->hosts, upstream) >> of_page->kind & 1);
}

static int
learn_metadata(const struct sp_rewriting *rewriting, const struct sp_named *named,
               const struct sp_artefact *artefact, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoupstream struct sp_upstream upstream = { 0 };
    const char *file = named->upstream.url;
    size_t path = strcspn(file, "?");
    if (sp_buffer_append(&url, file, path, err) < 0 || sp_buffer_append_string(&url, ".metadata", err) < 0 ||
        sp_buffer_append_string(&url, file + path, err) < 0)
        return -1;
    if (sp_upstream_read(&upstream, url.bytes, url.length, NULL) < 0)
        return 0; /* grew too long */
    struct sp_artefact metadata = *artefact;
    metadata.url = upstream.url;
    metadata.digest = named->metadata_digest;
    return sp_learned_add(rewriting->learned, &upstream, &metadata, err);
}

int
sp_rewrite_learn(const struct sp_rewriting *rewriting, const struct sp_named *named, const char *version,
                 enum sp_registry_kind kind, struct sp_error *err)
{
    if (!rewriting->learned || !named->upstream.url)
        return 0;
    sp_autobuffer struct sp_buffer name = { 0 }, read = { 0 };
    if (kind == SP_REGISTRY_PYPI) {
        enum sp_python_file file;
        const char *path = sp_upstream_path(&named->upstream);
        size_t length = strcspn(path, "?"), start = length;
        while (start && path[start - 1] != '/')
            start--;
        if (sp_python_read_file(path + start, length - start, rewriting->name, &file, &name, &read, err) < 0)
            return -1;
        version = read.length ? read.bytes : NULL;
    }
    struct sp_artefact artefact = {
        .kind = kind,
        .url = named->upstream.url,
        .name = rewriting->name,
        .version = version,
        .digest = named->digest,
        .own = is_own(rewriting, &named->upstream),
    };
    if (sp_learned_add(rewriting->learned, &named->upstream, &artefact, err) < 0)
        return -1;
    return named->has_metadata ? learn_metadata(rewriting, named, &artefact, err) : 0;
}
