#include "proxy/cache.h"
#include "base/hash.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define PATH_MAX_BYTES 192
#define PAGE_MAX ((size_t)260 << 20)
#define DEFAULT_LIMIT ((uint64_t)4 << 30)

struct sp_cache {
    int directory; /* -1: nothing is kept */
    uint64_t limit;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    struct sp_map verified; /* paths that were found whole in this process */
    uint64_t added;         /* bytes since the last look at the whole */
    bool looked, stopping, has_evictor;
    uint64_t held; /* bytes at the last look */
    pthread_t evictor;
};

/* ---- eviction ---- */

/* Other processes add too: a look at the whole now and then. */
static bool
is_time_to_look(const struct sp_cache *cache)
{
    return cache->added &&
           (!cache->looked || cache->held + cache->added > cache->limit || cache->added > cache->limit / 16);
}

static void *
evict(void *context)
{
    struct sp_cache *cache = context;
    pthread_mutex_lock(&cache->lock);
    for (;;) {
        while (!cache->stopping && !is_time_to_look(cache))
            pthread_cond_wait(&cache->changed, &cache->lock);
        if (cache->stopping)
            break;
        cache->added = 0;
        pthread_mutex_unlock(&cache->lock);
        uint64_t held = sp_cache_evict(cache->directory, cache->limit, cache->limit / 10 * 9);
        pthread_mutex_lock(&cache->lock);
        cache->held = held;
        cache->looked = true;
    }
    pthread_mutex_unlock(&cache->lock);
    return NULL;
}

static void
count_added(struct sp_cache *cache, uint64_t size)
{
    pthread_mutex_lock(&cache->lock);
    cache->added += size + 1;
    pthread_cond_signal(&cache->changed);
    pthread_mutex_unlock(&cache->lock);
}

/* ---- opening ---- */

static int
open_directory(struct sp_cache *cache, const char *path, struct sp_error *err)
{
    static const char *const rooms[] = { "artefacts", "urls", "pages", "new" };
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return sp_fail_errno(err, "%.300s: cannot make the proxy's cache", path);
    cache->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (cache->directory < 0)
        return sp_fail_errno(err, "%.300s: cannot open the proxy's cache", path);
    for (size_t i = 0; i < SP_COUNT(rooms); i++)
        if (mkdirat(cache->directory, rooms[i], 0700) < 0 && errno != EEXIST)
            return sp_fail_errno(err, "%.300s/%s: cannot be made; is the directory yours?", path, rooms[i]);
    if (pthread_create(&cache->evictor, NULL, evict, cache) != 0)
        return sp_fail(err, SP_ERROR_SYSTEM, "no thread for the proxy's cache");
    cache->has_evictor = true;
    return 0;
}

int
sp_cache_open(struct sp_cache **out, const char *directory, uint64_t limit, struct sp_error *err)
{
    struct sp_cache *cache = sp_new(struct sp_cache, err);
    if (!cache)
        return -1;
    cache->directory = -1;
    cache->limit = limit ? limit : DEFAULT_LIMIT;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->changed, NULL);
    if (directory && open_directory(cache, directory, err) < 0) {
        sp_cache_close(cache);
        return -1;
    }
    *out = cache;
    return 0;
}

void
sp_cache_close(struct sp_cache *cache)
{
    if (!cache)
        return;
    if (cache->has_evictor) {
        pthread_mutex_lock(&cache->lock);
        cache->stopping = true;
        pthread_cond_broadcast(&cache->changed);
        pthread_mutex_unlock(&cache->lock);
        pthread_join(cache->evictor, NULL);
    }
    if (cache->directory >= 0)
        close(cache->directory);
    pthread_mutex_destroy(&cache->lock);
    pthread_cond_destroy(&cache->changed);
    sp_map_free(&cache->verified);
    free(cache);
}

int
sp_cache_directory(const struct sp_cache *cache)
{
    return cache->directory;
}

/* ---- new files ---- */

static int
create_unnamed(struct sp_cache_new *out, struct sp_error *err)
{
    out->fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (out->fd < 0)
        out->fd = memfd_create("sallyport-artefact", MFD_CLOEXEC);
    return out->fd < 0 ? sp_fail_errno(err, "cannot make a temporary file") : 0;
}

int
sp_cache_create(struct sp_cache *cache, struct sp_cache_new *out, struct sp_error *err)
{
    *out = (struct sp_cache_new){ .fd = -1 };
    if (cache->directory < 0)
        return create_unnamed(out, err);
    for (int tries = 0; tries < 8; tries++) {
        uint64_t chance = 0;
        char path[PATH_MAX_BYTES];
        if (getrandom(&chance, sizeof(chance), 0) < 0)
            return sp_fail_errno(err, "no random numbers");
        snprintf(out->name, sizeof(out->name), "%016llx", (unsigned long long)chance);
        snprintf(path, sizeof(path), "new/%s", out->name);
        out->fd = openat(cache->directory, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (out->fd >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    out->name[0] = '\0';
    return create_unnamed(out, err); /* a full or read-only cache must not end an install */
}

void
sp_cache_drop(struct sp_cache *cache, struct sp_cache_new *file)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof(path), "new/%s", file->name);
    if (file->name[0])
        unlinkat(cache->directory, path, 0);
    if (file->fd >= 0)
        close(file->fd);
    *file = (struct sp_cache_new){ .fd = -1 };
}

/* Moves new/NAME to PATH, whose parent is made where it is missing. */
static bool
move_into_place(struct sp_cache *cache, const char *name, const char *path)
{
    char from[PATH_MAX_BYTES], parent[PATH_MAX_BYTES];
    snprintf(from, sizeof(from), "new/%s", name);
    if (renameat(cache->directory, from, cache->directory, path) == 0)
        return true;
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
        if (mkdirat(cache->directory, parent, 0700) < 0 && errno != EEXIST)
            return false;
    }
    return renameat(cache->directory, from, cache->directory, path) == 0;
}

/* ---- artefacts ---- */

static void
artefact_path(char out[PATH_MAX_BYTES], const struct sp_stated_digest *digest)
{
    static const char *const names[] = {
        [SP_DIGEST_MD5] = "md5",       [SP_DIGEST_SHA1] = "sha1",     [SP_DIGEST_SHA256] = "sha256",
        [SP_DIGEST_SHA384] = "sha384", [SP_DIGEST_SHA512] = "sha512",
    };
    char hex[SP_DIGEST_TEXT_MAX];
    sp_digest_write_hex(hex, digest->value, digest->length);
    snprintf(out, PATH_MAX_BYTES, "artefacts/%s/%.2s/%s", names[digest->kind], hex, hex + 2);
}

static void
mark_verified(struct sp_cache *cache, const char *path)
{
    pthread_mutex_lock(&cache->lock);
    sp_map_set(&cache->verified, path, strlen(path), 1, NULL);
    pthread_mutex_unlock(&cache->lock);
}

void
sp_cache_keep(struct sp_cache *cache, struct sp_cache_new *file, const struct sp_stated_digest *digest,
              uint64_t size)
{
    char path[PATH_MAX_BYTES];
    artefact_path(path, digest);
    if (!file->name[0] || !move_into_place(cache, file->name, path))
        return;
    file->name[0] = '\0';
    mark_verified(cache, path);
    count_added(cache, size);
}

static bool
holds(int fd, const struct sp_stated_digest *digest)
{
    struct sp_error err;
    unsigned char value[SP_DIGEST_MAX];
    sp_autodigest struct sp_digest *sum = sp_digest_new(digest->kind, &err);
    sp_autofree char *chunk = malloc((size_t)256 << 10);
    off_t at = 0;
    if (!sum || !chunk)
        return false;
    for (;;) {
        ssize_t got = pread(fd, chunk, (size_t)256 << 10, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || (got > 0 && sp_digest_add(sum, chunk, (size_t)got, &err) < 0))
            return false;
        if (!got)
            break;
        at += got;
    }
    return sp_digest_finish(sum, value, &err) == (int)digest->length &&
           !memcmp(value, digest->value, digest->length);
}

static bool
is_verified(struct sp_cache *cache, const char *key)
{
    pthread_mutex_lock(&cache->lock);
    bool verified = sp_map_get(&cache->verified, key, strlen(key), NULL);
    pthread_mutex_unlock(&cache->lock);
    return verified;
}

static bool
verify(struct sp_cache *cache, int fd, const char *path, const struct sp_stated_digest *digest)
{
    char key[PATH_MAX_BYTES + SP_DIGEST_TEXT_MAX], sri[SP_DIGEST_TEXT_MAX];
    sp_digest_write_sri(sri, digest->kind, digest->value);
    snprintf(key, sizeof(key), "%s %s", path, sri);
    if (is_verified(cache, key))
        return true;
    if (!holds(fd, digest))
        return false;
    mark_verified(cache, key);
    return true;
}

int
sp_cache_find(struct sp_cache *cache, const struct sp_stated_digest *digest,
              const struct sp_stated_digest *weak, uint64_t *size)
{
    char path[PATH_MAX_BYTES];
    struct stat status;
    if (cache->directory < 0 || !digest->length)
        return -1;
    artefact_path(path, digest);
    sp_autoclose int fd = openat(cache->directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return -1;
    if (!is_verified(cache, path) && !holds(fd, digest)) {
        unlinkat(cache->directory, path, 0); /* damaged: fetched anew */
        return -1;
    }
    mark_verified(cache, path);
    if (weak && weak->length && !verify(cache, fd, path, weak))
        return -1;
    futimens(fd, NULL);
    *size = (uint64_t)status.st_size;
    int out = fd;
    fd = -1;
    return out;
}

/* ---- small files ---- */

static bool
write_small(struct sp_cache *cache, const char *path, const void *bytes, size_t length)
{
    struct sp_cache_new file;
    if (cache->directory < 0 || sp_cache_create(cache, &file, NULL) < 0)
        return false;
    size_t done = 0;
    while (file.name[0] && done < length) {
        ssize_t wrote = write(file.fd, (const char *)bytes + done, length - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    bool kept = file.name[0] && done == length && move_into_place(cache, file.name, path);
    if (kept)
        file.name[0] = '\0';
    sp_cache_drop(cache, &file);
    if (kept)
        count_added(cache, length);
    return kept;
}

static bool
read_small(struct sp_cache *cache, const char *path, size_t limit, struct sp_buffer *out, int64_t *written)
{
    struct stat status;
    if (cache->directory < 0)
        return false;
    sp_autoclose int fd = openat(cache->directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || (uint64_t)status.st_size > limit)
        return false;
    if (written)
        *written = status.st_mtim.tv_sec;
    size_t size = (size_t)status.st_size;
    if (sp_buffer_reserve(out, size, NULL) < 0)
        return false;
    while (out->length < size) {
        ssize_t got = read(fd, out->bytes + out->length, size - out->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out->length += (size_t)got;
    }
    out->bytes[out->length] = '\0';
    return true;
}

static bool
hashed_path(char out[PATH_MAX_BYTES], const char *room, const char *text)
{
    unsigned char value[SP_DIGEST_MAX];
    char hex[SP_DIGEST_TEXT_MAX];
    sp_autodigest struct sp_digest *sum = sp_digest_new(SP_DIGEST_SHA256, NULL);
    if (!sum || sp_digest_add(sum, text, strlen(text), NULL) < 0)
        return false;
    int length = sp_digest_finish(sum, value, NULL);
    if (length < 0)
        return false;
    sp_digest_write_hex(hex, value, (size_t)length);
    snprintf(out, PATH_MAX_BYTES, "%s/%.2s/%s", room, hex, hex + 2);
    return true;
}

void
sp_cache_note_url(struct sp_cache *cache, const char *url, const struct sp_stated_digest *digest)
{
    char path[PATH_MAX_BYTES], sri[SP_DIGEST_TEXT_MAX];
    if (cache->directory < 0 || !hashed_path(path, "urls", url))
        return;
    sp_digest_write_sri(sri, digest->kind, digest->value);
    write_small(cache, path, sri, strlen(sri));
}

bool
sp_cache_recall_url(struct sp_cache *cache, const char *url, struct sp_stated_digest *digest)
{
    char path[PATH_MAX_BYTES];
    sp_autobuffer struct sp_buffer sri = { 0 };
    if (!hashed_path(path, "urls", url) || !read_small(cache, path, SP_DIGEST_TEXT_MAX, &sri, NULL))
        return false;
    utimensat(cache->directory, path, NULL, AT_SYMLINK_NOFOLLOW); /* as old as what it leads to */
    return sp_digest_read_sri(digest, sp_buffer_string(&sri));
}

bool
sp_cache_read_page(struct sp_cache *cache, const char *key, struct sp_buffer *out, int64_t *written)
{
    char path[PATH_MAX_BYTES];
    return hashed_path(path, "pages", key) && read_small(cache, path, PAGE_MAX, out, written);
}

void
sp_cache_write_page(struct sp_cache *cache, const char *key, const struct sp_buffer *page)
{
    char path[PATH_MAX_BYTES];
    if (hashed_path(path, "pages", key))
        write_small(cache, path, page->bytes, page->length);
}

void
sp_cache_touch_page(struct sp_cache *cache, const char *key)
{
    char path[PATH_MAX_BYTES];
    if (cache->directory >= 0 && hashed_path(path, "pages", key))
        utimensat(cache->directory, path, NULL, AT_SYMLINK_NOFOLLOW);
}
