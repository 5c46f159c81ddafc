/* pages.h: the registries' metadata, kept with its validators and asked for anew when it is no longer fresh
 * (RFC 9111); and what else of a registry is passed on. */
#pragma once
#include "http/http.h"
#include "proxy/cache.h"
#include "proxy/hosts.h"

#define SP_PAGE_MAX ((uint64_t)256 << 20)

struct sp_pages;
struct sp_pages_options {
    struct sp_http *http;
    struct sp_cache *cache;
    const struct sp_hosts *hosts;
    bool offline;
};
int sp_pages_new(struct sp_pages **out, const struct sp_pages_options *options, struct sp_error *err);
void sp_pages_free(struct sp_pages *pages);

/* Shared by all who asked for it at the same time; not to be changed. */
struct sp_page {
    unsigned holders;             /* private */
    char *url;                    /* that answered */
    char *type, *etag, *modified; /* "" where the registry did not say */
    unsigned long max_age;        /* seconds */
    struct sp_buffer body;
};

/* The page at URL for a client that accepts ACCEPT (NULL: anything). On failure *STATUS is what the client
 * gets: the registry's own 401, 403, 404, 410, else 502 or 504. */
int sp_pages_get(struct sp_pages *pages, const char *url, const char *accept, struct sp_page **out,
                 unsigned *status, struct sp_error *err);
void sp_pages_release(struct sp_pages *pages, struct sp_page *page); /* NULL is fine */

/* What is passed on as it is, and not kept. */
struct sp_passed {
    long status;
    char *type;     /* owned; "" unknown */
    int64_t length; /* of a HEAD's; -1 unknown */
    struct sp_buffer body;
};
void sp_passed_free(struct sp_passed *passed);
#define sp_autopassed __attribute__((cleanup(sp_passed_free)))
/* HEADERS as in struct sp_http_request. Fails as sp_pages_get does; any status of the registry is success. */
int sp_pages_pass(struct sp_pages *pages, enum sp_http_method method, const char *url,
                  const char *const *headers, const struct sp_buffer *content, struct sp_passed *out,
                  unsigned *status, struct sp_error *err);
