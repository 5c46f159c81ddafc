/* The listening side: one thread a connection, which may wait for the registry. */
#include "base/memory.h"
#include "proxy/internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define CONNECTIONS_MAX 256u
#define CONNECTION_SECONDS 120u
#define MEMORY_PER_CONNECTION ((size_t)64 << 10) /* bounds a request's head */
#define STACK_BYTES ((size_t)1 << 20)
#define ARTEFACT_MAX ((uint64_t)2 << 30)

/* ---- one request ---- */

/* The first that the server tells of a request: its target, before anything is undone in it. */
static void *
begin_request(void *context, const char *target, struct MHD_Connection *connection)
{
    struct sp_asked *asked = sp_new(struct sp_asked, NULL);
    if (!asked)
        return NULL;
    asked->proxy = context;
    asked->connection = connection;
    asked->content.limit = SP_PROXY_CONTENT_MAX;
    asked->target = strdup(target);
    return asked;
}

static void
end_request(void *context, struct MHD_Connection *connection, void **request,
            enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct sp_asked *asked = *request;
    if (!asked)
        return;
    *request = NULL;
    free(asked->target);
    sp_buffer_free(&asked->content);
    sp_buffer_free(&asked->name);
    sp_buffer_free(&asked->version);
    sp_upstream_free(&asked->upstream);
    free(asked);
}

/* Escapes stay: what they hide is looked at in proxy/url.h. */
static size_t
keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static bool
is_method(const struct sp_asked *asked, const char *method)
{
    return strcmp(asked->method, method) == 0;
}

static bool
is_of_npm(const struct sp_asked *asked)
{
    const char *agent = sp_asked_header(asked, "User-Agent");
    return agent &&
           (!strncmp(agent, "npm/", 4) || !strncmp(agent, "yarn/", 5) || !strncmp(agent, "pnpm/", 5));
}

/* Lockfiles name the public registry where a company's stands in for it. */
static int
replace_npmjs(struct sp_asked *asked, struct sp_error *err)
{
    static const char public[] = "https://registry.npmjs.org/";
    const char *from = asked->proxy->options.npmjs_from;
    if (!from || strncmp(asked->upstream.url, public, sizeof(public) - 1) != 0)
        return 0;
    sp_autobuffer struct sp_buffer url = { 0 };
    if (sp_buffer_printf(&url, err, "%s%s", from, asked->upstream.url + sizeof(public) - 1) < 0)
        return -1;
    sp_upstream_free(&asked->upstream);
    asked->upstream = (struct sp_upstream){ 0 };
    return sp_upstream_read(&asked->upstream, url.bytes, url.length, err);
}

static enum MHD_Result
serve(struct sp_asked *asked)
{
    struct sp_error err = { 0 };
    asked->speaks_npm = is_of_npm(asked);
    bool get = is_method(asked, "GET") || asked->head, post = is_method(asked, "POST");
    if (!get && !post)
        return sp_answer_unserved(asked, MHD_HTTP_METHOD_NOT_ALLOWED,
                                  "only GET and HEAD are served here: nothing is published from inside");
    if (asked->too_large)
        return sp_answer_unserved(asked, MHD_HTTP_CONTENT_TOO_LARGE,
                                  "a request's content may have at most 1 MiB");
    if (!strncmp(asked->target, "/refused/", 9))
        return sp_answer_line(asked, MHD_HTTP_FORBIDDEN, asked->target + 9);
    if (strncmp(asked->target, "/https/", 7) != 0 && strncmp(asked->target, "/http/", 6) != 0)
        return sp_answer_unserved(asked, MHD_HTTP_NOT_FOUND, "paths here are /https/HOST/PATH");
    if (sp_upstream_read_inside(&asked->upstream, asked->target, &err) < 0 || replace_npmjs(asked, &err) < 0)
        return sp_answer_unserved(asked, MHD_HTTP_BAD_REQUEST, err.text);
    if (sp_hosts_admit(asked->proxy->hosts, &asked->upstream, &err) < 0)
        return sp_answer_unserved(asked, MHD_HTTP_FORBIDDEN, err.text);
    if (sp_proxy_route(asked, &err) < 0)
        return sp_answer_line(asked, MHD_HTTP_INTERNAL_SERVER_ERROR, err.text);
    if (post && asked->route != SP_ROUTE_AUDIT)
        return sp_answer_unserved(asked, MHD_HTTP_METHOD_NOT_ALLOWED,
                                  "only GET and HEAD are served here, and npm's audit");
    switch (asked->route) {
    case SP_ROUTE_PACKUMENT:
    case SP_ROUTE_SIMPLE:
        return sp_serve_page(asked);
    case SP_ROUTE_ARTEFACT:
        return sp_serve_artefact(asked);
    default:
        return sp_serve_passed(asked);
    }
}

static enum MHD_Result
take_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
             const char *version, const char *bytes, size_t *length, void **request)
{
    (void)context, (void)connection, (void)path, (void)version;
    struct sp_asked *asked = *request;
    if (!asked || !asked->target)
        return MHD_NO;
    if (!asked->seen) {
        asked->seen = true;
        asked->method = method;
        asked->head = strcmp(method, "HEAD") == 0;
        return MHD_YES;
    }
    if (*length) {
        if (asked->too_large) /* an answer was owed: nobody sends a megabyte more by mistake */
            return MHD_NO;
        if (sp_buffer_append(&asked->content, bytes, *length, NULL) < 0)
            asked->too_large = true;
        *length = 0;
        return MHD_YES;
    }
    return serve(asked);
}

/* ---- life ---- */

static void
greet(void *context, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode code)
{
    (void)context, (void)own;
    if (code != MHD_CONNECTION_NOTIFY_STARTED)
        return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int on = 1;
    if (info)
        setsockopt(info->connect_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int
listen_on(struct sp_proxy *proxy, int fd, struct sp_error *err)
{
    proxy->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL,
        take_request, proxy, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        MEMORY_PER_CONNECTION, MHD_OPTION_THREAD_STACK_SIZE, STACK_BYTES, MHD_OPTION_URI_LOG_CALLBACK,
        begin_request, proxy, MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_NOTIFY_CONNECTION, greet, NULL, MHD_OPTION_END);
    return proxy->daemon ? 0
                         : sp_fail(err, SP_ERROR_SYSTEM, "the registry proxy cannot listen on its socket");
}

static bool
is_unchecked(const void *registries, const char *url)
{
    return sp_registries_unchecked(registries, url);
}

static int
open_rooms(struct sp_proxy *proxy, struct sp_error *err)
{
    const struct sp_proxy_options *options = &proxy->options;
    const struct sp_registries *registries = options->registries;
    const struct sp_http_options http = {
        .cafile = registries->cafile,
        .proxy = registries->http_proxy,
        .no_proxy = registries->no_proxy,
        .ca_pem = options->ca_pem,
        .ca_length = options->ca_length,
        .unchecked = is_unchecked,
        .unchecked_context = registries,
        .timeout_seconds = options->timeout_seconds,
    };
    if (sp_hosts_new(&proxy->hosts, registries, options->allow_hosts, err) < 0 ||
        sp_http_new(&proxy->http, &http, err) < 0 ||
        sp_cache_open(&proxy->cache, options->cache_directory, options->cache_limit, err) < 0 ||
        sp_learned_new(&proxy->learned, err) < 0 ||
        sp_judgements_new(&proxy->judged, &proxy->options, err) < 0)
        return -1;
    const struct sp_pages_options pages = { proxy->http, proxy->cache, proxy->hosts, options->offline };
    const struct sp_downloads_options downloads = { proxy->http, proxy->cache, proxy->hosts,
                                                    options->artefact_limit ? options->artefact_limit
                                                                            : ARTEFACT_MAX,
                                                    options->offline };
    if (sp_pages_new(&proxy->pages, &pages, err) < 0)
        return -1;
    return sp_downloads_new(&proxy->downloads, &downloads, err);
}

int
sp_proxy_start(struct sp_proxy **out, int listen_fd, const struct sp_proxy_options *options,
               struct sp_error *err)
{
    struct sp_proxy *proxy = sp_new(struct sp_proxy, err);
    int status = -1;
    if (proxy) {
        proxy->options = *options;
        proxy->origin = strdup(options->origin ? options->origin : SP_PROXY_ORIGIN);
        status = proxy->origin ? open_rooms(proxy, err) : sp_fail_memory(err);
    }
    if (status == 0)
        status = listen_on(proxy, listen_fd, err);
    if (status == 0) {
        *out = proxy;
        return 0;
    }
    close(listen_fd);
    sp_proxy_stop(proxy);
    return -1;
}

void
sp_proxy_stop(struct sp_proxy *proxy)
{
    if (!proxy)
        return;
    if (proxy->http)
        sp_http_stop(proxy->http); /* whoever waits for a registry wakes up */
    if (proxy->daemon)
        MHD_stop_daemon(proxy->daemon);
    sp_downloads_free(proxy->downloads);
    sp_pages_free(proxy->pages);
    sp_judgements_free(proxy->judged);
    sp_learned_free(proxy->learned);
    sp_cache_close(proxy->cache);
    sp_http_free(proxy->http);
    sp_hosts_free(proxy->hosts);
    free(proxy->origin);
    free(proxy);
}
