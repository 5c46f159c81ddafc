/* download.h: an artefact on its way from the registry into a file, followed by any number of readers. None
 * gets the last 64 KiB before the digest was found right. */
#pragma once
#include "http/http.h"
#include "proxy/cache.h"
#include "proxy/hosts.h"

#define SP_DOWNLOAD_HELD ((uint64_t)64 << 10)

struct sp_downloads; /* those under way */
struct sp_downloads_options {
    struct sp_http *http;
    struct sp_cache *cache;
    const struct sp_hosts *hosts;
    uint64_t limit; /* bytes of one */
    bool offline;
};
int sp_downloads_new(struct sp_downloads **out, const struct sp_downloads_options *options,
                     struct sp_error *err);
/* Waits for all; the http client must have been stopped. NULL is fine. */
void sp_downloads_free(struct sp_downloads *downloads);

/* What is wanted; borrowed but for .local. */
struct sp_download_order {
    const char *url;
    struct sp_stated_digest digest; /* .length 0: none is known */
    bool by_url;                    /* the URL always names the same bytes: it may be found by its URL */
    int local; /* a descriptor to read it from in place of the registry, closed by sp_download_join; -1: none
                */
};

struct sp_download; /* shared by its readers */
/* Begins it, or joins those who wait for the same. */
int sp_download_join(struct sp_downloads *downloads, const struct sp_download_order *order,
                     struct sp_download **out, struct sp_error *err);
void sp_download_leave(struct sp_download *download); /* NULL is fine */

enum sp_download_state { SP_DOWNLOAD_ASKING, SP_DOWNLOAD_RUNNING, SP_DOWNLOAD_DONE, SP_DOWNLOAD_FAILED };
/* Waits until it is at least RUNNING (WHOLE: until it ended). */
enum sp_download_state sp_download_wait(struct sp_download *download, bool whole);

/* Valid from RUNNING on. */
int64_t sp_download_length(const struct sp_download *download);   /* as announced; -1 unknown */
const char *sp_download_type(const struct sp_download *download); /* content type; "" unknown */
/* Valid once DONE. */
struct sp_stated_digest sp_download_digest(const struct sp_download *download);
uint64_t sp_download_size(const struct sp_download *download);
bool sp_download_was_cached(const struct sp_download *download);
int sp_download_open(const struct sp_download *download); /* a descriptor of the caller's own, or -1 */
/* Valid once FAILED: one line, and the status for the client (404, 410, 401, 403 of the registry; 502, 504).
 */
const char *sp_download_error(const struct sp_download *download);
unsigned sp_download_status(const struct sp_download *download);
bool sp_download_was_wrong(const struct sp_download *download); /* other bytes than the registry stated */

/* Copies bytes from AT on, waiting for them; 0 at the end, -1 when it failed. */
ssize_t sp_download_read(struct sp_download *download, uint64_t at, void *bytes, size_t size);
