#include "proxy/download.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#define STACK_BYTES ((size_t)1 << 20)
#define TOTAL_SECONDS 7200ul

struct sp_download {
    struct sp_downloads *room;
    struct sp_download *next; /* in the room's list; guarded by the room's lock */
    bool listed;
    unsigned holders; /* readers and the writer; guarded by the room's lock */
    unsigned readers;
    char *url;
    struct sp_stated_digest stated;
    bool by_url;
    int local; /* what is read in place of the registry; -1: nothing */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    enum sp_download_state state;
    struct sp_cache_new file;
    uint64_t size;
    int64_t length;
    char type[128];
    bool cached, wrong;
    unsigned status;
    struct sp_stated_digest digest;
    struct sp_error error;

    /* the writer's own */
    struct sp_digest *strong, *weak;
    enum sp_digest_kind strong_kind;
};

struct sp_downloads {
    struct sp_downloads_options options;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    struct sp_download *first;
    unsigned threads;
};

int
sp_downloads_new(struct sp_downloads **out, const struct sp_downloads_options *options, struct sp_error *err)
{
    struct sp_downloads *room = sp_new(struct sp_downloads, err);
    if (!room)
        return -1;
    room->options = *options;
    pthread_mutex_init(&room->lock, NULL);
    pthread_cond_init(&room->idle, NULL);
    *out = room;
    return 0;
}

void
sp_downloads_free(struct sp_downloads *room)
{
    if (!room)
        return;
    pthread_mutex_lock(&room->lock);
    while (room->threads)
        pthread_cond_wait(&room->idle, &room->lock);
    pthread_mutex_unlock(&room->lock);
    pthread_mutex_destroy(&room->lock);
    pthread_cond_destroy(&room->idle);
    free(room);
}

/* ---- life ---- */

static void
destroy(struct sp_download *download)
{
    sp_cache_drop(download->room->options.cache, &download->file);
    sp_digest_free(download->strong);
    sp_digest_free(download->weak);
    pthread_mutex_destroy(&download->lock);
    pthread_cond_destroy(&download->changed);
    if (download->local >= 0)
        close(download->local);
    free(download->url);
    free(download);
}

static void
release(struct sp_download *download, bool reader)
{
    struct sp_downloads *room = download->room;
    pthread_mutex_lock(&room->lock);
    download->readers -= reader;
    bool last = --download->holders == 0;
    pthread_mutex_unlock(&room->lock);
    if (last)
        destroy(download);
}

void
sp_download_leave(struct sp_download *download)
{
    if (download)
        release(download, true);
}

static bool
has_readers(struct sp_download *download)
{
    pthread_mutex_lock(&download->room->lock);
    bool has = download->readers > 0;
    pthread_mutex_unlock(&download->room->lock);
    return has;
}

/* From here on a new request begins anew (and finds the file in the cache). */
static void
take_off_list(struct sp_download *download)
{
    struct sp_downloads *room = download->room;
    pthread_mutex_lock(&room->lock);
    for (struct sp_download **at = &room->first; *at; at = &(*at)->next)
        if (*at == download) {
            *at = download->next;
            break;
        }
    download->listed = false;
    pthread_mutex_unlock(&room->lock);
}

/* ---- the writer ---- */

static bool
is_weak(const struct sp_stated_digest *digest)
{
    return digest->kind < SP_DIGEST_SHA256;
}

static int
take_head(void *context, const struct sp_http_head *head, struct sp_error *err)
{
    struct sp_download *download = context;
    if (head->status != 200) {
        long status = head->status;
        bool passed_on = status == 401 || status == 403 || status == 404 || status == 410;
        download->status = passed_on ? (unsigned)status : 502;
        return sp_fail(err, SP_ERROR_INPUT, "the registry answers %ld for %.400s", status, head->url);
    }
    if (head->length > 0 && (uint64_t)head->length > download->room->options.limit)
        return sp_fail(err, SP_ERROR_LIMIT, "%.400s has %lld bytes; at most %llu are let through", head->url,
                       (long long)head->length, (unsigned long long)download->room->options.limit);
    const char *type = sp_http_header(head, "content-type");
    pthread_mutex_lock(&download->lock);
    snprintf(download->type, sizeof(download->type), "%s", type ? type : "");
    download->length = head->length;
    download->state = SP_DOWNLOAD_RUNNING;
    pthread_cond_broadcast(&download->changed);
    pthread_mutex_unlock(&download->lock);
    return 0;
}

static int
write_all(int fd, const char *bytes, size_t length, uint64_t at, struct sp_error *err)
{
    while (length) {
        ssize_t wrote = pwrite(fd, bytes, length, (off_t)at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return sp_fail_errno(err, "the proxy's cache cannot be written; is the disk full?");
        bytes += wrote;
        at += (uint64_t)wrote;
        length -= (size_t)wrote;
    }
    return 0;
}

static int
take_bytes(void *context, const void *bytes, size_t length, struct sp_error *err)
{
    struct sp_download *download = context;
    if (!has_readers(download))
        return sp_fail(err, SP_ERROR_SYSTEM, "nobody waits for it any more");
    if (sp_digest_add(download->strong, bytes, length, err) < 0 ||
        (download->weak && sp_digest_add(download->weak, bytes, length, err) < 0) ||
        write_all(download->file.fd, bytes, length, download->size, err) < 0)
        return -1;
    pthread_mutex_lock(&download->lock);
    download->size += length;
    pthread_cond_broadcast(&download->changed);
    pthread_mutex_unlock(&download->lock);
    return 0;
}

static int
open_digests(struct sp_download *download, struct sp_error *err)
{
    const struct sp_stated_digest *stated = &download->stated;
    download->strong_kind = stated->length && !is_weak(stated) ? stated->kind : SP_DIGEST_SHA512;
    download->strong = sp_digest_new(download->strong_kind, err);
    if (!download->strong)
        return -1;
    if (!stated->length || !is_weak(stated))
        return 0;
    download->weak = sp_digest_new(stated->kind, err);
    return download->weak ? 0 : -1;
}

static int
finish_digest(struct sp_digest *sum, enum sp_digest_kind kind, struct sp_stated_digest *out,
              struct sp_error *err)
{
    int length = sp_digest_finish(sum, out->value, err);
    if (length < 0)
        return -1;
    out->kind = kind;
    out->length = (size_t)length;
    return 0;
}

static int
check_digests(struct sp_download *download, struct sp_stated_digest *seen, struct sp_error *err)
{
    const struct sp_stated_digest *stated = &download->stated;
    struct sp_stated_digest weak;
    if (finish_digest(download->strong, download->strong_kind, seen, err) < 0)
        return -1;
    const struct sp_stated_digest *compared = seen;
    if (download->weak) {
        if (finish_digest(download->weak, stated->kind, &weak, err) < 0)
            return -1;
        compared = &weak;
    }
    if (!stated->length || !memcmp(compared->value, stated->value, stated->length))
        return 0;
    char want[SP_DIGEST_TEXT_MAX], have[SP_DIGEST_TEXT_MAX];
    sp_digest_write_sri(want, stated->kind, stated->value);
    sp_digest_write_sri(have, stated->kind, compared->value);
    download->wrong = true;
    return sp_fail(err, SP_ERROR_INPUT,
                   "%.200s: these are not the bytes that the registry stated: it says %s, what came has %s; "
                   "do not install it, and tell the registry",
                   download->url, want, have);
}

/* What an earlier run left. */
static int
find_cached(struct sp_download *download, struct sp_stated_digest *seen, uint64_t *size)
{
    struct sp_cache *cache = download->room->options.cache;
    const struct sp_stated_digest *stated = &download->stated;
    *seen = *stated;
    if (stated->length && !is_weak(stated))
        return sp_cache_find(cache, stated, NULL, size);
    if (!download->by_url || !sp_cache_recall_url(cache, download->url, seen) || is_weak(seen))
        return -1;
    return sp_cache_find(cache, seen, stated, size);
}

static int
admit(void *context, const char *url, const char **authorization, struct sp_error *err)
{
    const struct sp_download *download = context;
    return sp_hosts_admit_url(download->room->options.hosts, url, authorization, err);
}

/* The bytes of the stand-in take the way of those that come from the registry. */
static int
read_local(struct sp_download *download, struct sp_error *err)
{
    char block[65536];
    ssize_t got;
    while ((got = read(download->local, block, sizeof(block))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sp_fail_errno(err, "%.400s: its stand-in cannot be read", download->url);
        if (download->size + (uint64_t)got > download->room->options.limit)
            return sp_fail(err, SP_ERROR_LIMIT, "%.400s: its stand-in is too large", download->url);
        if (take_bytes(download, block, (size_t)got, err) < 0)
            return -1;
    }
    return 0;
}

static int
fetch(struct sp_download *download, struct sp_stated_digest *seen, struct sp_error *err)
{
    const struct sp_downloads_options *options = &download->room->options;
    download->status = 502;
    if (options->offline && download->local < 0) {
        download->status = 504;
        return sp_fail(err, SP_ERROR_USAGE, "%.400s is not in the cache, and --offline was asked for",
                       download->url);
    }
    if (open_digests(download, err) < 0 || sp_cache_create(options->cache, &download->file, err) < 0)
        return -1;
    const struct sp_http_request request = {
        .method = SP_HTTP_GET,
        .url = download->url,
        .max_bytes = options->limit,
        .total_seconds = TOTAL_SECONDS,
        .admit = admit,
        .head = take_head,
        .body = take_bytes,
        .context = download,
    };
    if (download->local >= 0) {
        if (read_local(download, err) < 0)
            return -1;
    } else if (sp_http_fetch(options->http, &request, err) < 0) {
        if (err->number == ETIMEDOUT)
            download->status = 504;
        return -1;
    }
    if (check_digests(download, seen, err) < 0)
        return -1;
    sp_cache_keep(options->cache, &download->file, seen, download->size);
    if (download->by_url)
        sp_cache_note_url(options->cache, download->url, seen);
    return 0;
}

static void
settle(struct sp_download *download, int status, const struct sp_stated_digest *seen,
       const struct sp_error *err)
{
    pthread_mutex_lock(&download->lock);
    download->state = status < 0 ? SP_DOWNLOAD_FAILED : SP_DOWNLOAD_DONE;
    if (status < 0)
        download->error = *err;
    else
        download->digest = *seen;
    pthread_cond_broadcast(&download->changed);
    pthread_mutex_unlock(&download->lock);
}

static void *
write_file(void *context)
{
    struct sp_download *download = context;
    struct sp_downloads *room = download->room;
    struct sp_stated_digest seen;
    struct sp_error err = { 0 };
    uint64_t size = 0;
    int status = 0, fd = find_cached(download, &seen, &size);
    if (fd >= 0) {
        pthread_mutex_lock(&download->lock);
        download->file.fd = fd;
        download->size = size;
        download->cached = true;
        pthread_mutex_unlock(&download->lock);
    } else {
        status = fetch(download, &seen, &err);
    }
    take_off_list(download);
    settle(download, status, &seen, &err);
    release(download, false);
    pthread_mutex_lock(&room->lock);
    if (--room->threads == 0)
        pthread_cond_broadcast(&room->idle);
    pthread_mutex_unlock(&room->lock);
    return NULL;
}

/* ---- joining ---- */

static bool
is_same(const struct sp_download *download, const struct sp_download_order *order)
{
    return strcmp(download->url, order->url) == 0 && download->stated.length == order->digest.length &&
           (!order->digest.length ||
            (download->stated.kind == order->digest.kind &&
             !memcmp(download->stated.value, order->digest.value, order->digest.length)));
}

static int
begin(struct sp_downloads *room, const struct sp_download_order *order, struct sp_download **out,
      struct sp_error *err)
{
    struct sp_download *download = sp_new(struct sp_download, err);
    if (!download)
        return -1;
    download->room = room;
    download->stated = order->digest;
    download->by_url = order->by_url;
    download->local = order->local;
    download->file.fd = -1;
    download->length = -1;
    download->holders = 2;
    download->readers = 1;
    pthread_mutex_init(&download->lock, NULL);
    pthread_cond_init(&download->changed, NULL);
    download->url = strdup(order->url);
    if (!download->url) {
        destroy(download);
        return sp_fail_memory(err);
    }
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failed = pthread_create(&thread, &attributes, write_file, download);
    pthread_attr_destroy(&attributes);
    if (failed) {
        destroy(download);
        return sp_fail(err, SP_ERROR_SYSTEM, "no thread for a download: too many are under way");
    }
    room->threads++;
    download->listed = true;
    download->next = room->first;
    room->first = download;
    *out = download;
    return 0;
}

int
sp_download_join(struct sp_downloads *room, const struct sp_download_order *order, struct sp_download **out,
                 struct sp_error *err)
{
    int status = 0;
    pthread_mutex_lock(&room->lock);
    struct sp_download *download = room->first;
    while (download && !is_same(download, order))
        download = download->next;
    if (download) {
        download->holders++;
        download->readers++;
        *out = download;
        if (order->local >= 0)
            close(order->local);
    } else {
        status = begin(room, order, out, err);
    }
    pthread_mutex_unlock(&room->lock);
    return status;
}

/* ---- readers ---- */

enum sp_download_state
sp_download_wait(struct sp_download *download, bool whole)
{
    pthread_mutex_lock(&download->lock);
    while (download->state == SP_DOWNLOAD_ASKING || (whole && download->state == SP_DOWNLOAD_RUNNING))
        pthread_cond_wait(&download->changed, &download->lock);
    enum sp_download_state state = download->state;
    pthread_mutex_unlock(&download->lock);
    return state;
}

int64_t
sp_download_length(const struct sp_download *download)
{
    return download->length;
}

const char *
sp_download_type(const struct sp_download *download)
{
    return download->type;
}

struct sp_stated_digest
sp_download_digest(const struct sp_download *download)
{
    return download->digest;
}

uint64_t
sp_download_size(const struct sp_download *download)
{
    return download->size;
}

bool
sp_download_was_cached(const struct sp_download *download)
{
    return download->cached;
}

int
sp_download_open(const struct sp_download *download)
{
    return fcntl(download->file.fd, F_DUPFD_CLOEXEC, 0);
}

const char *
sp_download_error(const struct sp_download *download)
{
    return download->error.text;
}

unsigned
sp_download_status(const struct sp_download *download)
{
    return download->status;
}

bool
sp_download_was_wrong(const struct sp_download *download)
{
    return download->wrong;
}

/* How much may be handed out. */
static uint64_t
released(const struct sp_download *download)
{
    if (download->state == SP_DOWNLOAD_DONE)
        return download->size;
    return download->size > SP_DOWNLOAD_HELD ? download->size - SP_DOWNLOAD_HELD : 0;
}

ssize_t
sp_download_read(struct sp_download *download, uint64_t at, void *bytes, size_t size)
{
    pthread_mutex_lock(&download->lock);
    while (download->state < SP_DOWNLOAD_DONE && released(download) <= at)
        pthread_cond_wait(&download->changed, &download->lock);
    bool failed = download->state == SP_DOWNLOAD_FAILED;
    uint64_t ready = released(download);
    pthread_mutex_unlock(&download->lock);
    if (failed)
        return -1;
    if (at >= ready)
        return 0;
    if (size > ready - at)
        size = (size_t)(ready - at);
    ssize_t got;
    do
        got = pread(download->file.fd, bytes, size, (off_t)at);
    while (got < 0 && errno == EINTR);
    return got > 0 ? got : -1;
}
