#include "proxy/pages.h"
#include "base/memory.h"
#include "proxy/page_file.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#define FRESH_SECONDS 300ul /* where the registry says nothing */
#define FRESH_MAX 86400ul
#define TOTAL_SECONDS 600ul

/* A page that somebody is asking for; the others wait for what comes of it. */
struct flight {
    struct flight *next;
    const char *key; /* borrowed from the one who asks */
    unsigned waiting;
    bool done;
    struct sp_page *page; /* NULL: failed */
    unsigned status;
    struct sp_error error;
};

struct sp_pages {
    struct sp_pages_options options;
    pthread_mutex_t lock; /* guards the flights and the holders of all pages */
    pthread_cond_t changed;
    struct flight *first;
};

int
sp_pages_new(struct sp_pages **out, const struct sp_pages_options *options, struct sp_error *err)
{
    struct sp_pages *pages = sp_new(struct sp_pages, err);
    if (!pages)
        return -1;
    pages->options = *options;
    pthread_mutex_init(&pages->lock, NULL);
    pthread_cond_init(&pages->changed, NULL);
    *out = pages;
    return 0;
}

void
sp_pages_free(struct sp_pages *pages)
{
    if (!pages)
        return;
    pthread_mutex_destroy(&pages->lock);
    pthread_cond_destroy(&pages->changed);
    free(pages);
}

void
sp_pages_release(struct sp_pages *pages, struct sp_page *page)
{
    if (!page)
        return;
    pthread_mutex_lock(&pages->lock);
    bool last = --page->holders == 0;
    pthread_mutex_unlock(&pages->lock);
    if (last)
        sp_page_free(page);
}

/* ---- one answer ---- */

struct asking {
    struct sp_pages *pages;
    long status;
    bool store;
    struct sp_page *page; /* filled from the answer */
};

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    const struct asking *asking = context;
    return sp_hosts_admit_url(asking->pages->options.hosts, url, authorization, err);
}

/* A copy of a header's value, fit for a line of a file and for the client. */
static char *
copy_value(const char *value)
{
    if (!value || strlen(value) > 1024)
        return strdup("");
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return strdup("");
    return strdup(value);
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err)
{
    struct asking *asking = context;
    struct sp_page *page = asking->page;
    asking->status = head->status;
    page->max_age =
        sp_http_max_age(sp_http_header(head, "cache-control"), FRESH_MAX, FRESH_SECONDS, &asking->store);
    page->url = strdup(head->url);
    page->type = copy_value(sp_http_header(head, "content-type"));
    page->etag = copy_value(sp_http_header(head, "etag"));
    page->modified = copy_value(sp_http_header(head, "last-modified"));
    return page->url && page->type && page->etag && page->modified ? 0 : sp_fail_memory(err);
}

static int
take_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    const struct asking *asking = context;
    if (asking->status != 200)
        return 0;
    return sp_buffer_append(&asking->page->body, bytes, length, err);
}

static void
drop_asking(struct asking *asking)
{
    sp_page_free(asking->page);
}

/* Appends "NAME: VALUE" as a line of its own (NUL-terminated) to TEXT, and its place to AT. */
static int
add_line(struct sp_buffer *text, size_t *at, size_t *count, const char *name, const char *value,
         struct sp_error *err)
{
    if (!value || !*value)
        return 0;
    at[(*count)++] = text->length;
    if (sp_buffer_printf(text, err, "%s: %s", name, value) < 0)
        return -1;
    return sp_buffer_append_byte(text, '\0', err);
}

/* Asks the registry; OLD, where not NULL, is asked about. *STATUS: what it answered, 0 nothing. */
static int
ask(struct sp_pages *pages, const char *url, const char *accept, const struct sp_page *old,
    struct asking *asking, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    size_t at[3], count = 0;
    const char *headers[4] = { NULL };
    if (add_line(&text, at, &count, "Accept", accept, err) < 0 ||
        (old && (add_line(&text, at, &count, "If-None-Match", old->etag, err) < 0 ||
                 add_line(&text, at, &count, "If-Modified-Since", old->modified, err) < 0)))
        return -1;
    for (size_t i = 0; i < count; i++)
        headers[i] = text.bytes + at[i];
    asking->page = sp_page_new();
    if (!asking->page)
        return sp_fail_memory(err);
    const struct sp_http_request request = {
        .method = SP_HTTP_GET,
        .url = url,
        .headers = headers,
        .max_bytes = SP_PAGE_MAX,
        .decode = true,
        .total_seconds = TOTAL_SECONDS,
        .admit = admit,
        .head = take_head,
        .body = take_body,
        .context = asking,
    };
    return sp_http_fetch(pages->options.http, &request, err);
}

/* ---- the kept form ---- */

static struct sp_page *
find_kept(struct sp_pages *pages, const char *key, bool *fresh)
{
    sp_autobuffer struct sp_buffer file = { 0 };
    int64_t written = 0, now = (int64_t)time(NULL);
    if (!sp_cache_read_page(pages->options.cache, key, &file, &written))
        return NULL;
    struct sp_page *page = sp_page_read(&file);
    /* a time in the future is a clock that was set back: ask */
    *fresh = page && written <= now + 1 && now - written < (int64_t)page->max_age;
    return page;
}

static void
keep(struct sp_pages *pages, const char *key, const struct sp_page *page)
{
    sp_autobuffer struct sp_buffer file = { 0 };
    if (sp_page_write(page, &file, NULL) == 0)
        sp_cache_write_page(pages->options.cache, key, &file);
}

static int
fail_status(const char *url, long answer, unsigned *status, struct sp_error *err)
{
    bool passed_on = answer == 401 || answer == 403 || answer == 404 || answer == 410;
    *status = passed_on ? (unsigned)answer : 502;
    return sp_fail(err, SP_ERROR_INPUT, "the registry answers %ld for %.400s", answer, url);
}

/* Fetches or revalidates. */
static struct sp_page *
obtain(struct sp_pages *pages, const char *key, const char *url, const char *accept, unsigned *status,
       struct sp_error *err)
{
    bool fresh = false;
    struct sp_page *kept = find_kept(pages, key, &fresh);
    if (kept && (fresh || pages->options.offline))
        return kept;
    if (pages->options.offline) {
        *status = 504;
        sp_fail(err, SP_ERROR_USAGE, "%.400s is not in the cache, and --offline was asked for", url);
        return NULL;
    }
    __attribute__((cleanup(drop_asking))) struct asking asking = { .pages = pages };
    *status = 502;
    int failed = ask(pages, url, accept, kept, &asking, err);
    if (!failed && asking.status == 304 && kept) {
        sp_cache_touch_page(pages->options.cache, key);
        return kept;
    }
    sp_page_free(kept);
    if (failed) {
        if (err->number == ETIMEDOUT)
            *status = 504;
        return NULL;
    }
    if (asking.status != 200) {
        fail_status(url, asking.status, status, err);
        return NULL;
    }
    if (asking.store)
        keep(pages, key, asking.page);
    return sp_take(asking.page);
}

/* ---- sharing ---- */

static struct flight *
find_flight(struct sp_pages *pages, const char *key)
{
    struct flight *flight = pages->first;
    while (flight && strcmp(flight->key, key) != 0)
        flight = flight->next;
    return flight;
}

/* Waits for another's FLIGHT; the lock is held. */
static struct sp_page *
wait_for(struct sp_pages *pages, struct flight *flight, unsigned *status, struct sp_error *err)
{
    flight->waiting++;
    while (!flight->done)
        pthread_cond_wait(&pages->changed, &pages->lock);
    struct sp_page *page = flight->page;
    if (page)
        page->holders++;
    *status = flight->status;
    if (!page)
        *err = flight->error;
    if (--flight->waiting == 0)
        pthread_cond_broadcast(&pages->changed);
    return page;
}

/* Hands what came of it to those who wait; FLIGHT lies on our stack, so all must have seen it. */
static void
land(struct sp_pages *pages, struct flight *flight)
{
    for (struct flight **at = &pages->first; *at; at = &(*at)->next)
        if (*at == flight) {
            *at = flight->next;
            break;
        }
    flight->done = true;
    pthread_cond_broadcast(&pages->changed);
    while (flight->waiting)
        pthread_cond_wait(&pages->changed, &pages->lock);
}

int
sp_pages_get(struct sp_pages *pages, const char *url, const char *accept, struct sp_page **out,
             unsigned *status, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_buffer_printf(&key, err, "%s\n%s", url, accept ? accept : "") < 0)
        return -1;
    struct flight flight = { .key = key.bytes };
    pthread_mutex_lock(&pages->lock);
    struct flight *other = find_flight(pages, key.bytes);
    if (other) {
        *out = wait_for(pages, other, status, err);
        pthread_mutex_unlock(&pages->lock);
        return *out ? 0 : -1;
    }
    flight.next = pages->first;
    pages->first = &flight;
    pthread_mutex_unlock(&pages->lock);

    flight.page = *out = obtain(pages, key.bytes, url, accept, &flight.status, &flight.error);
    *status = flight.status;
    pthread_mutex_lock(&pages->lock);
    land(pages, &flight);
    pthread_mutex_unlock(&pages->lock);
    if (!*out)
        *err = flight.error;
    return *out ? 0 : -1;
}

/* ---- what is passed on ---- */

struct passing {
    struct sp_pages *pages;
    struct sp_passed *out;
};

static int
admit_passing(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    const struct passing *passing = context;
    return sp_hosts_admit_url(passing->pages->options.hosts, url, authorization, err);
}

static int
take_passed_head(void *context, const struct sp_http_head *head, struct sp_error *err)
{
    const struct passing *passing = context;
    passing->out->status = head->status;
    passing->out->length = head->length;
    passing->out->type = copy_value(sp_http_header(head, "content-type"));
    return passing->out->type ? 0 : sp_fail_memory(err);
}

static int
take_passed_body(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    const struct passing *passing = context;
    return sp_buffer_append(&passing->out->body, bytes, length, err);
}

void
sp_passed_free(struct sp_passed *passed)
{
    free(passed->type);
    sp_buffer_free(&passed->body);
    *passed = (struct sp_passed){ 0 };
}

int
sp_pages_pass(struct sp_pages *pages, enum sp_http_method method, const char *url, const char *const *headers,
              const struct sp_buffer *content, struct sp_passed *out, unsigned *status, struct sp_error *err)
{
    struct passing passing = { pages, out };
    *out = (struct sp_passed){ .length = -1 };
    *status = 504;
    if (pages->options.offline)
        return sp_fail(err, SP_ERROR_USAGE, "%.400s is not kept, and --offline was asked for", url);
    const struct sp_http_request request = {
        .method = method,
        .url = url,
        .headers = headers,
        .content = content ? content->bytes : NULL,
        .content_length = content ? content->length : 0,
        .max_bytes = SP_PAGE_MAX,
        .decode = method != SP_HTTP_HEAD,
        .total_seconds = TOTAL_SECONDS,
        .admit = admit_passing,
        .head = take_passed_head,
        .body = take_passed_body,
        .context = &passing,
    };
    if (sp_http_fetch(pages->options.http, &request, err) == 0)
        return 0;
    *status = err->number == ETIMEDOUT ? 504 : 502;
    return -1;
}
