/* internal.h: the proxy as its own files see it, and one request. */
#pragma once
#include "proxy/download.h"
#include "proxy/judgements.h"
#include "proxy/learned.h"
#include "proxy/pages.h"
#include "proxy/proxy.h"

#include <microhttpd.h>

#define SP_PROXY_CONTENT_MAX ((size_t)1 << 20) /* of an audit request */

struct sp_proxy {
    struct sp_proxy_options options; /* the judge's memory borrows it */
    char *origin;
    struct sp_hosts *hosts;
    struct sp_http *http;
    struct sp_cache *cache;
    struct sp_learned *learned;
    struct sp_judgements *judged;
    struct sp_pages *pages;
    struct sp_downloads *downloads;
    struct MHD_Daemon *daemon;
};

/* What the request is for. */
enum sp_route {
    SP_ROUTE_PACKUMENT,
    SP_ROUTE_SIMPLE,
    SP_ROUTE_ARTEFACT,
    SP_ROUTE_AUDIT,
    SP_ROUTE_PASS,
};

struct sp_asked {
    struct sp_proxy *proxy;
    struct MHD_Connection *connection;
    const char *method;
    char *target; /* owned: as it stood on the wire */
    bool head;    /* the answer has no body */
    bool seen;    /* its head was looked at */
    bool too_large;
    struct sp_buffer content; /* of a POST */
    struct sp_upstream upstream;

    /* filled by sp_proxy_route */
    enum sp_route route;
    enum sp_registry_kind kind;
    bool permanent;                     /* an artefact of a registry: its URL always names the same bytes */
    bool speaks_npm;                    /* errors are JSON */
    struct sp_buffer name, version;     /* empty: unknown */
    const struct sp_artefact *artefact; /* what a page said of it; NULL: nothing */
};

/* route.c: fills the second half of ASKED from its upstream URL. */
int sp_proxy_route(struct sp_asked *asked, struct sp_error *err);

/* answer.c: every one queues an answer. */
/* One line for people, in the form that the client shows them. */
enum MHD_Result sp_answer_line(struct sp_asked *asked, unsigned status, const char *line);
/* The same, and SP_EVENT_REQUEST. */
enum MHD_Result sp_answer_unserved(struct sp_asked *asked, unsigned status, const char *line);
/* A package that the judge refused. */
enum MHD_Result sp_answer_refused(struct sp_asked *asked, const struct sp_judgement *judgement);
/* A page that could not be had. */
enum MHD_Result sp_answer_no_page(struct sp_asked *asked, unsigned status, const char *line);
/* A file that could not be had. */
enum MHD_Result sp_answer_no_file(struct sp_asked *asked, unsigned status, const char *line);
/* RESPONSE (released here) with STATUS. */
enum MHD_Result sp_answer_queue(struct sp_asked *asked, unsigned status, struct MHD_Response *response);
/* A response that takes over the bytes of BODY. */
struct MHD_Response *sp_answer_body(struct sp_buffer *body, const char *type);
void sp_answer_add(struct MHD_Response *response, const char *name, const char *value);
/* A header field of the client; NULL: absent, or not fit to be passed on. */
const char *sp_asked_header(const struct sp_asked *asked, const char *name);
/* Whether the client has what ETAG (with its quotes) names. */
bool sp_asked_has(const struct sp_asked *asked, const char *etag);

/* serve_page.c, serve_artefact.c */
enum MHD_Result sp_serve_page(struct sp_asked *asked);
enum MHD_Result sp_serve_passed(struct sp_asked *asked);
enum MHD_Result sp_serve_artefact(struct sp_asked *asked);
