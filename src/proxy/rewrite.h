/* rewrite.h: turns a registry's page into one whose artefacts lie behind the proxy, and learns of them what
 * it says. Everything but those URLs stays byte by byte. The pages are hostile. */
#pragma once
#include "proxy/hosts.h"
#include "proxy/learned.h"

/* Where a page came from, and what becomes of it. */
struct sp_rewriting {
    const char *origin;             /* of the proxy: "http://127.83.80.1:4873" */
    const struct sp_hosts *hosts;   /* may be NULL: no URL is made https, none is own */
    struct sp_learned *learned;     /* may be NULL: nothing is learned */
    const struct sp_upstream *page; /* its URL, after redirects */
    const char *name;               /* of the package */
    struct sp_buffer *out;          /* what comes of it is appended */
};

/* npm: a packument (full or abbreviated) or the manifest of one version. TEXT is followed by a NUL. */
int sp_rewrite_packument(const struct sp_rewriting *rewriting, const char *text, size_t length,
                         struct sp_error *err);
/* PyPI: a project's page as JSON (PEP 691) or HTML (PEP 503). .name is normalised. */
int sp_rewrite_simple_json(const struct sp_rewriting *rewriting, const char *text, size_t length,
                           struct sp_error *err);
int sp_rewrite_simple_html(const struct sp_rewriting *rewriting, const char *text, size_t length,
                           struct sp_error *err);

/* ---- for those three ---- */

/* One artefact that a page names. */
struct sp_named {
    struct sp_upstream upstream; /* .url NULL: none */
    struct sp_stated_digest digest, metadata_digest;
    bool has_metadata;
};
void sp_named_clear(struct sp_named *named);
#define sp_autonamed __attribute__((cleanup(sp_named_clear)))

/* Resolves REFERENCE against BASE into *OUT, https where the host is known so. False: it is none of ours to
 * rewrite. */
bool sp_rewrite_resolve(const struct sp_rewriting *rewriting, const struct sp_upstream *base,
                        const char *reference, size_t length, struct sp_upstream *out);
/* Appends TEXT as the inside of a JSON string. */
int sp_rewrite_write_json(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err);
/* Learns NAMED; VERSION NULL: a Python file, whose name tells. */
int sp_rewrite_learn(const struct sp_rewriting *rewriting, const struct sp_named *named, const char *version,
                     enum sp_registry_kind kind, struct sp_error *err);
/* Takes the digest "NAME" with HEX where it is stronger than what is there. */
void sp_rewrite_take_digest(struct sp_stated_digest *digest, const char *name, const char *hex,
                            size_t length);
