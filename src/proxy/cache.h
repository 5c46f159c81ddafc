/* cache.h: artefacts by their digest and pages by their URL, in a directory that several processes share.
 *
 *   artefacts/KIND/ab/cdef...   the bytes whose digest of KIND (sha256, sha384, sha512) is abcdef...
 *   urls/ab/cdef...             what a URL (by its SHA-256) gave last: "sha512-...", for artefacts whose
 * digest nobody stated pages/ab/cdef...            metadata with its validators, by the SHA-256 of URL and
 * Accept new/XXXXXX                  not yet complete
 *
 * Files come by rename and go by unlink: a reader has the whole or nothing. What is used is touched; the
 * least recently used go when the limit is passed. */
#pragma once
#include "base/buffer.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stdint.h>

struct sp_cache;
/* DIRECTORY NULL: keeps nothing, temporary files have no name. LIMIT in bytes, 0: 4 GiB. */
int sp_cache_open(struct sp_cache **out, const char *directory, uint64_t limit, struct sp_error *err);
void sp_cache_close(struct sp_cache *cache);

/* A file that is being written. */
struct sp_cache_new {
    int fd;        /* -1: none */
    char name[24]; /* below new/; "": has none */
};
int sp_cache_create(struct sp_cache *cache, struct sp_cache_new *out, struct sp_error *err);
/* Puts FILE (SIZE bytes, verified) where its digest says. Not to be able to is no error. Its descriptor is
 * not touched: others may be reading from it. */
void sp_cache_keep(struct sp_cache *cache, struct sp_cache_new *file, const struct sp_stated_digest *digest,
                   uint64_t size);
/* Closes it, and deletes it where it was not kept. */
void sp_cache_drop(struct sp_cache *cache, struct sp_cache_new *file);

/* A descriptor of the artefact with DIGEST, -1: not there. Verified the first time that this process opens
 * it; a damaged one is removed. WEAK, where its length is not 0, must hold as well. */
int sp_cache_find(struct sp_cache *cache, const struct sp_stated_digest *digest,
                  const struct sp_stated_digest *weak, uint64_t *size);

/* What URL gave last. */
void sp_cache_note_url(struct sp_cache *cache, const char *url, const struct sp_stated_digest *digest);
bool sp_cache_recall_url(struct sp_cache *cache, const char *url, struct sp_stated_digest *digest);

/* Whole small files: a page by KEY. *WRITTEN: seconds since the epoch when it was written or touched. */
bool sp_cache_read_page(struct sp_cache *cache, const char *key, struct sp_buffer *out, int64_t *written);
void sp_cache_write_page(struct sp_cache *cache, const char *key, const struct sp_buffer *page);
void sp_cache_touch_page(struct sp_cache *cache, const char *key);

/* ---- for eviction ---- */
int sp_cache_directory(const struct sp_cache *cache); /* borrowed */
/* Deletes the least recently used below DIRECTORY until at most GOAL bytes are left, and what was begun a day
 * ago and never finished; returns how many bytes are left. */
uint64_t sp_cache_evict(int directory, uint64_t limit, uint64_t goal);
