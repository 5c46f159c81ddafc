/* lockfile_urls.h: how the URLs of lockfiles are found, one function a format, and turned into those inside.
 * Substitution in the text: every byte that is no URL of the format's own fields stays as it is. */
#pragma once
#include "manager/manager.h"

#define SP_LOCKFILE_MAX ((size_t)128 << 20)

struct sp_url_rewriter {
    struct sp_buffer *out;
    const char *path; /* for messages */
    const char *text;
    size_t length;
    const char *const *env;
    struct sp_registries *registries;
    struct sp_rewritten_urls *urls; /* NULL: not kept */
    struct sp_error *err;
    enum sp_registry_kind kind;
    size_t changed;
    size_t copied; /* so many bytes of TEXT stand in OUT already */
};

/* The URL at TEXT[START, END) is written inside. What is no http or https URL, or lies under SP_PROXY_ORIGIN
 * already, stays. A fragment ("#sha1...") stays behind it. */
int sp_url_rewrite(struct sp_url_rewriter *rewriter, size_t start, size_t end);
/* The same for a value whose decoded form is VALUE. */
int sp_url_rewrite_as(struct sp_url_rewriter *rewriter, size_t start, size_t end, const char *value,
                      size_t length);
/* Puts BYTES in the place of TEXT[START, END). */
int sp_url_put(struct sp_url_rewriter *rewriter, size_t start, size_t end, const char *bytes, size_t length);
/* TEXT[START, END) is percent-encoded, as encodeURIComponent writes it. */
int sp_url_rewrite_encoded(struct sp_url_rewriter *rewriter, size_t start, size_t end);
/* Whether a specifier of package.json is a tarball's URL: npm takes https://github.com/user/repo for git. */
bool sp_url_is_tarball(const char *url, size_t length);
/* Whether BYTES begin as an http or https URL. */
bool sp_url_is_http(const char *bytes, size_t length);
/* Writes URL (LENGTH bytes) inside to OUT, adds its host, and its credentials, to REGISTRIES. */
int sp_url_inside(struct sp_buffer *out, const char *url, size_t length, enum sp_registry_kind kind,
                  const char *source, struct sp_registries *registries, struct sp_error *err);

int
sp_urls_of_json(struct sp_url_rewriter *rewriter); /* package-lock.json, npm-shrinkwrap.json, package.json */
int sp_urls_of_yarn(struct sp_url_rewriter *rewriter);           /* yarn.lock, of yarn 1 and of berry */
int sp_urls_of_pnpm(struct sp_url_rewriter *rewriter);           /* pnpm-lock.yaml */
int sp_urls_of_toml(struct sp_url_rewriter *rewriter);           /* uv.lock, pyproject.toml */
int sp_urls_of_modules_yaml(struct sp_url_rewriter *rewriter);   /* pnpm's .modules.yaml */
int sp_urls_of_yarn_integrity(struct sp_url_rewriter *rewriter); /* yarn 1's .yarn-integrity */
/* .npmrc, .yarnrc, .yarnrc.yml: registry settings; tokens are blanked, for the proxy sends them */
int sp_urls_of_settings(struct sp_url_rewriter *rewriter);
int sp_urls_of_requirements(struct sp_url_rewriter *rewriter);

/* Calls FOUND for each file that a requirements file includes with -r or -c, with the name as it is written.
 */
int sp_requirements_includes(const char *text, size_t length,
                             int (*found)(void *context, const char *name, size_t length,
                                          struct sp_error *err),
                             void *context, struct sp_error *err);
