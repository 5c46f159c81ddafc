#include "http/http.h"
#include "base/memory.h"
#include "http/internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define IDLE_MAX 64 /* handles kept, each with its connections */
#define REDIRECTS_MAX 5
#define FIELDS_MAX ((size_t)64 << 10)
#define DISCARD_MAX ((size_t)256 << 10) /* of the body of an answer that does not count */
#define RETRY_AFTER_MAX 30              /* seconds */
#define CONNECT_SECONDS 15L

struct sp_http {
    char *cafile, *proxy, *no_proxy;
    struct sp_buffer ca_pem;
    bool (*unchecked)(const void *context, const char *url);
    const void *unchecked_context;
    unsigned long timeout_seconds, backoff_milliseconds;
    unsigned attempts;
    atomic_bool stopped;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t stop;  /* ends a wait between attempts */
    CURL *idle[IDLE_MAX];
    size_t idle_count;
    CURLSH *share; /* names and TLS sessions, of all handles */
    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
};

/* ---- the pool ---- */

static void
lock_share(CURL *easy, curl_lock_data what, curl_lock_access access, void *context)
{
    (void)easy, (void)access;
    struct sp_http *http = context;
    pthread_mutex_lock(&http->share_locks[what]);
}

static void
unlock_share(CURL *easy, curl_lock_data what, void *context)
{
    (void)easy;
    struct sp_http *http = context;
    pthread_mutex_unlock(&http->share_locks[what]);
}

static int
copy_option(char **out, const char *value, struct sp_error *err)
{
    if (!value || !*value)
        return 0;
    *out = strdup(value);
    return *out ? 0 : sp_fail_memory(err);
}

static int
open_share(struct sp_http *http, struct sp_error *err)
{
    http->share = curl_share_init();
    if (!http->share)
        return sp_fail_memory(err);
    curl_share_setopt(http->share, CURLSHOPT_LOCKFUNC, lock_share);
    curl_share_setopt(http->share, CURLSHOPT_UNLOCKFUNC, unlock_share);
    curl_share_setopt(http->share, CURLSHOPT_USERDATA, http);
    curl_share_setopt(http->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(http->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return 0;
}

int
sp_http_new(struct sp_http **out, const struct sp_http_options *options, struct sp_error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return sp_fail(err, SP_ERROR_INTERNAL, "libcurl does not start");
    struct sp_http *http = sp_new(struct sp_http, err);
    if (!http) {
        curl_global_cleanup();
        return -1;
    }
    pthread_mutex_init(&http->lock, NULL);
    pthread_cond_init(&http->stop, NULL);
    for (size_t i = 0; i < SP_COUNT(http->share_locks); i++)
        pthread_mutex_init(&http->share_locks[i], NULL);
    http->unchecked = options->unchecked;
    http->unchecked_context = options->unchecked_context;
    http->timeout_seconds = options->timeout_seconds ? options->timeout_seconds : 60;
    http->backoff_milliseconds = options->backoff_milliseconds ? options->backoff_milliseconds : 250;
    http->attempts = options->attempts ? options->attempts : 4;
    if (copy_option(&http->cafile, options->cafile, err) < 0 ||
        copy_option(&http->proxy, options->proxy, err) < 0 ||
        copy_option(&http->no_proxy, options->no_proxy, err) < 0 ||
        (options->ca_length &&
         sp_buffer_append(&http->ca_pem, options->ca_pem, options->ca_length, err) < 0) ||
        open_share(http, err) < 0) {
        sp_http_free(http);
        return -1;
    }
    *out = http;
    return 0;
}

void
sp_http_stop(struct sp_http *http)
{
    pthread_mutex_lock(&http->lock);
    atomic_store(&http->stopped, true);
    pthread_cond_broadcast(&http->stop);
    pthread_mutex_unlock(&http->lock);
}

void
sp_http_free(struct sp_http *http)
{
    if (!http)
        return;
    for (size_t i = 0; i < http->idle_count; i++)
        curl_easy_cleanup(http->idle[i]);
    if (http->share)
        curl_share_cleanup(http->share);
    for (size_t i = 0; i < SP_COUNT(http->share_locks); i++)
        pthread_mutex_destroy(&http->share_locks[i]);
    pthread_cond_destroy(&http->stop);
    pthread_mutex_destroy(&http->lock);
    free(http->cafile);
    sp_buffer_free(&http->ca_pem);
    free(http->proxy);
    free(http->no_proxy);
    free(http);
    curl_global_cleanup();
}

/* The handle used last is taken first: its connection is the likeliest to be open still. */
static CURL *
take_handle(struct sp_http *http)
{
    pthread_mutex_lock(&http->lock);
    CURL *easy = http->idle_count ? http->idle[--http->idle_count] : NULL;
    pthread_mutex_unlock(&http->lock);
    if (!easy)
        return curl_easy_init();
    curl_easy_reset(easy);
    return easy;
}

static void
give_back(struct sp_http *http, CURL *easy)
{
    pthread_mutex_lock(&http->lock);
    bool kept = http->idle_count < IDLE_MAX && !atomic_load(&http->stopped);
    if (kept)
        http->idle[http->idle_count++] = easy;
    pthread_mutex_unlock(&http->lock);
    if (!kept)
        curl_easy_cleanup(easy);
}

/* ---- one transfer ---- */

struct transfer {
    struct sp_http *http;
    const struct sp_http_request *request;
    CURL *easy;
    struct sp_error *err;
    const char *url; /* of this hop */
    struct sp_buffer fields;
    bool last_attempt;
    bool decided;   /* the head is complete */
    bool discarded; /* a redirect, or an answer after which we ask again */
    bool handed;    /* the caller has seen the head: no way back */
    bool failed;    /* a callback ended it, and filled err */
    bool too_large;
    long status;
    uint64_t received;
    char detail[CURL_ERROR_SIZE];
};

static bool
is_redirect(const struct transfer *transfer)
{
    long status = transfer->status;
    return transfer->request->admit && transfer->request->method != SP_HTTP_POST &&
           (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

static bool
is_busy(long status)
{
    return status == 429 || (status >= 502 && status <= 504);
}

static int
hand_head(struct transfer *transfer)
{
    curl_off_t length = -1;
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    struct sp_http_head head = {
        .status = transfer->status,
        .url = transfer->url,
        .fields = transfer->fields.bytes,
        .fields_length = transfer->fields.length,
    };
    const char *coding = sp_http_header(&head, "content-encoding");
    bool decoded = transfer->request->decode && coding && *coding && strcasecmp(coding, "identity") != 0;
    head.length = decoded ? -1 : (int64_t)length;
    transfer->handed = true;
    if (transfer->request->head &&
        transfer->request->head(transfer->request->context, &head, transfer->err) < 0) {
        transfer->failed = true;
        return -1;
    }
    return 0;
}

/* What to do with the answer whose head is complete. */
static int
decide(struct transfer *transfer)
{
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    if (transfer->status < 200) { /* an interim answer */
        sp_buffer_clear(&transfer->fields);
        return 0;
    }
    transfer->decided = true;
    transfer->discarded = is_redirect(transfer) || (is_busy(transfer->status) && !transfer->last_attempt);
    return transfer->discarded ? 0 : hand_head(transfer);
}

static size_t
take_field(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    if (transfer->decided) /* a trailer */
        return length;
    if (length >= 5 && !memcmp(line, "HTTP/", 5)) {
        sp_buffer_clear(&transfer->fields);
        return length;
    }
    bool blank = length <= 2 && (line[0] == '\r' || line[0] == '\n');
    if (!blank && sp_http_add_field(&transfer->fields, line, length, transfer->err) == 0)
        return length;
    if (blank && decide(transfer) == 0)
        return length;
    transfer->failed = true;
    return 0;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    const struct sp_http_request *request = transfer->request;
    size_t length = size * count;
    transfer->received += length;
    if (transfer->discarded)
        return transfer->received > DISCARD_MAX ? 0 : length;
    if (transfer->received > request->max_bytes) {
        transfer->too_large = true;
        return 0;
    }
    if (request->body && length && request->body(request->context, bytes, length, transfer->err) < 0) {
        transfer->failed = true;
        return 0;
    }
    return length;
}

static int
look_for_stop(void *context, curl_off_t total, curl_off_t now, curl_off_t upload, curl_off_t uploaded)
{
    (void)total, (void)now, (void)upload, (void)uploaded;
    const struct transfer *transfer = context;
    return atomic_load(&transfer->http->stopped);
}

static void
set_security(const struct sp_http *http, const char *url, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    /* the environment of this process must not decide where requests go */
    curl_easy_setopt(easy, CURLOPT_PROXY, http->proxy ? http->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, http->no_proxy ? http->no_proxy : "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (http->cafile) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, http->cafile);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, http->cafile);
    }
    if (http->ca_pem.length) {
        struct curl_blob blob = { .data = http->ca_pem.bytes,
                                  .len = http->ca_pem.length,
                                  .flags = CURL_BLOB_NOCOPY };
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &blob);
    }
    bool unchecked = http->unchecked && http->unchecked(http->unchecked_context, url);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, unchecked ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, unchecked ? 0L : 2L);
}

static void
set_transfer(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_URL, transfer->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SHARE, transfer->http->share);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)transfer->http->timeout_seconds);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)transfer->request->total_seconds);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_field);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_for_stop);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    if (transfer->request->decode)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (transfer->request->method == SP_HTTP_HEAD)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (transfer->request->method == SP_HTTP_POST) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->request->content_length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                         transfer->request->content ? transfer->request->content : "");
    }
}

static void
drop_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

static int
add_header(struct curl_slist **list, const char *line, struct sp_error *err)
{
    if (strpbrk(line, "\r\n"))
        return sp_fail(err, SP_ERROR_INTERNAL, "a header field of two lines: '%.60s'", line);
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (!longer)
        return sp_fail_memory(err);
    *list = longer;
    return 0;
}

static int
list_headers(struct curl_slist **list, const struct sp_http_request *request, const char *authorization,
             struct sp_error *err)
{
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (add_header(list, request->headers[i], err) < 0)
            return -1;
    if (add_header(list, "User-Agent: sallyport/0.1", err) < 0 || add_header(list, "Expect:", err) < 0)
        return -1;
    if (!authorization)
        return 0;
    sp_autobuffer struct sp_buffer line = { 0 };
    if (sp_buffer_printf(&line, err, "Authorization: %s", authorization) < 0)
        return -1;
    return add_header(list, line.bytes, err);
}

/* ---- attempts and redirects ---- */

/* Waits between two attempts; false: it was stopped meanwhile. */
static bool
wait_before(struct sp_http *http, unsigned attempt, CURL *easy)
{
    unsigned long milliseconds = http->backoff_milliseconds << (attempt < 6 ? attempt : 6);
    curl_off_t asked = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &asked);
    if (asked > 0)
        milliseconds = (unsigned long)(asked < RETRY_AFTER_MAX ? asked : RETRY_AFTER_MAX) * 1000;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(milliseconds / 1000);
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&http->lock);
    while (!atomic_load(&http->stopped) && pthread_cond_timedwait(&http->stop, &http->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&http->lock);
    return !atomic_load(&http->stopped);
}

static int
fail_stopped(const char *url, struct sp_error *err)
{
    char host[256];
    sp_http_host_of(host, sizeof(host), url);
    sp_fail(err, SP_ERROR_SYSTEM, "%.200s: the request was ended, since Sallyport ends", host);
    if (err)
        err->number = ECANCELED;
    return -1;
}

static int
fail_too_large(const struct transfer *transfer)
{
    char host[256];
    sp_http_host_of(host, sizeof(host), transfer->url);
    return sp_fail(transfer->err, SP_ERROR_LIMIT, "%.200s: the answer is larger than %llu bytes", host,
                   (unsigned long long)transfer->request->max_bytes);
}

/* One exchange. 1: ask again, 0: done or a redirect, -1: failed. */
static int
exchange(struct transfer *transfer)
{
    sp_buffer_clear(&transfer->fields);
    transfer->decided = transfer->discarded = transfer->failed = transfer->too_large = false;
    transfer->received = 0;
    transfer->detail[0] = '\0';
    CURLcode code = curl_easy_perform(transfer->easy);
    if (transfer->failed)
        return -1;
    if (atomic_load(&transfer->http->stopped))
        return fail_stopped(transfer->url, transfer->err);
    if (transfer->too_large)
        return fail_too_large(transfer);
    if (transfer->discarded)
        return is_redirect(transfer) ? 0 : 1;
    if (code == CURLE_OK && !transfer->handed)
        code = CURLE_GOT_NOTHING;
    if (code == CURLE_OK)
        return 0;
    if (!transfer->handed && !transfer->last_attempt && sp_http_is_passing(code))
        return 1;
    return sp_http_explain(code, transfer->url, transfer->detail, transfer->http->timeout_seconds,
                           transfer->err);
}

/* Asks transfer->url until there is an answer or no hope. */
static int
ask(struct transfer *transfer)
{
    const struct sp_http_request *request = transfer->request;
    const char *authorization = NULL;
    if (request->admit && request->admit(request->context, transfer->url, &authorization, transfer->err) < 0)
        return -1;
    __attribute__((cleanup(drop_list))) struct curl_slist *headers = NULL;
    if (list_headers(&headers, request, authorization, transfer->err) < 0)
        return -1;
    curl_easy_reset(transfer->easy);
    set_security(transfer->http, transfer->url, transfer->easy);
    set_transfer(transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, headers);
    const unsigned attempts = request->attempts ? request->attempts : transfer->http->attempts;
    for (unsigned attempt = 0;; attempt++) {
        transfer->last_attempt = attempt + 1 >= attempts;
        int status = exchange(transfer);
        if (status <= 0)
            return status;
        if (!wait_before(transfer->http, attempt, transfer->easy))
            return fail_stopped(transfer->url, transfer->err);
    }
}

/* Where the redirect leads, resolved; the caller frees it. NULL with the error filled. */
static char *
read_redirect(const struct transfer *transfer)
{
    char host[256];
    sp_http_host_of(host, sizeof(host), transfer->url);
    const char *target = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
    if (!target || !*target) {
        sp_fail(transfer->err, SP_ERROR_INPUT, "%.200s: redirects (%ld) to nowhere", host, transfer->status);
        return NULL;
    }
    if (!strncasecmp(transfer->url, "https:", 6) && strncasecmp(target, "https:", 6) != 0) {
        sp_fail(transfer->err, SP_ERROR_INPUT, "%.200s: redirects from https to %.200s; refused", host,
                target);
        return NULL;
    }
    char *copy = strdup(target);
    if (!copy)
        sp_fail_memory(transfer->err);
    return copy;
}

static int
follow(struct transfer *transfer)
{
    sp_autofree char *current = NULL;
    for (int hop = 0;; hop++) {
        if (ask(transfer) < 0)
            return -1;
        if (transfer->handed)
            return 0;
        char *next = read_redirect(transfer);
        if (!next)
            return -1;
        free(current);
        transfer->url = current = next;
        if (hop == REDIRECTS_MAX)
            return sp_fail(transfer->err, SP_ERROR_INPUT, "%.300s: redirected more than %d times",
                           transfer->request->url, REDIRECTS_MAX);
    }
}

int
sp_http_fetch(struct sp_http *http, const struct sp_http_request *request, struct sp_error *err)
{
    if (atomic_load(&http->stopped))
        return fail_stopped(request->url, err);
    struct sp_error own = { 0 };
    struct transfer transfer = {
        .http = http,
        .request = request,
        .easy = take_handle(http),
        .err = err ? err : &own,
        .url = request->url,
        .fields.limit = FIELDS_MAX,
    };
    if (!transfer.easy)
        return sp_fail_memory(err);
    int status = follow(&transfer);
    give_back(http, transfer.easy);
    sp_buffer_free(&transfer.fields);
    return status;
}
