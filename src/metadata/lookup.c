#include "metadata/metadata.h"
#include "base/clock.h"
#include "base/hash.h"
#include "metadata/ranks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define JOBS_DEFAULT 32
#define JOBS_MAX 64
#define WORKER_STACK ((size_t)1 << 20)

struct entry {
    struct sp_record *record;
    struct entry *older; /* what it replaced: others may still be reading it */
    enum sp_depth depth;
    bool busy;
};

struct sp_metadata {
    struct sp_metadata_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct sp_map map; /* "ecosystem name version" -> place in entries */
    struct entry **entries;
    size_t count, capacity;
    size_t begun; /* look-ups */
    struct sp_metadata_figures figures;
};

int
sp_metadata_open(struct sp_metadata **out, const struct sp_metadata_options *options, struct sp_error *err)
{
    struct sp_metadata *metadata = sp_new(struct sp_metadata, err);
    if (!metadata)
        return -1;
    metadata->options = *options;
    if (!metadata->options.jobs)
        metadata->options.jobs = JOBS_DEFAULT;
    if (metadata->options.jobs > JOBS_MAX)
        metadata->options.jobs = JOBS_MAX;
    pthread_mutex_init(&metadata->lock, NULL);
    pthread_cond_init(&metadata->changed, NULL);
    if (getrandom(&metadata->map.seed, sizeof(metadata->map.seed), 0) < 0)
        metadata->map.seed = (uint64_t)(uintptr_t)metadata;
    *out = metadata;
    return 0;
}

void
sp_metadata_close(struct sp_metadata *metadata)
{
    if (!metadata)
        return;
    for (size_t i = 0; i < metadata->count; i++)
        for (struct entry *entry = metadata->entries[i], *older; entry; entry = older) {
            older = entry->older;
            sp_record_free(entry->record);
            free(entry);
        }
    free(metadata->entries);
    sp_map_free(&metadata->map);
    pthread_cond_destroy(&metadata->changed);
    pthread_mutex_destroy(&metadata->lock);
    free(metadata);
}

/* --------------------------------------------------------------- one look-up */

static int
look_up(struct sp_metadata *metadata, const struct sp_ecosystem *ecosystem, const char *name,
        const char *version, enum sp_depth depth, struct sp_record **out, struct sp_error *err)
{
    const struct sp_client *client = sp_clients[ecosystem->id];
    const struct sp_client_call call = {
        .transport = metadata->options.transport,
        .bases = metadata->options.bases,
        .name = name,
        .version = version,
        .depth = depth,
        .ranks = metadata->options.ranks,
    };
    sp_autorecord struct sp_record *record = NULL;
    if (sp_record_new(&record, ecosystem, name, err) < 0)
        return -1;
    pthread_mutex_lock(&metadata->lock);
    bool too_many = metadata->options.limit && ++metadata->begun > metadata->options.limit;
    pthread_mutex_unlock(&metadata->lock);
    if (too_many) {
        if (sp_record_problem(record, err, "more than %zu packages are not looked up in one run",
                              metadata->options.limit) < 0)
            return -1;
    } else if (!client) {
        if (sp_record_problem(record, err, "packages of %s cannot be looked up", ecosystem->title) < 0)
            return -1;
    } else if (client->describe(&call, record, err) < 0) {
        return -1;
    }
    if (metadata->options.ranks && record->presence == SP_PRESENT && depth == SP_DEPTH_FULL &&
        sp_ranks_ask(&call, record, err) < 0)
        return -1;
    if (sp_record_finish(record, err) < 0)
        return -1;
    *out = sp_take(record);
    return 0;
}

/* The place of what is sought, new or not; NULL where memory ran out. The lock is held. */
static struct entry **
place_of(struct sp_metadata *metadata, const struct sp_ecosystem *ecosystem, const char *name,
         const char *version, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_buffer_printf(&key, err, "%d %s %s", (int)ecosystem->id, name, version ? version : "") < 0)
        return NULL;
    uint32_t *place = sp_map_at(&metadata->map, key.bytes, key.length, UINT32_MAX, err);
    if (!place)
        return NULL;
    if (*place == UINT32_MAX) {
        if (sp_grow(metadata->entries, metadata->capacity, metadata->count + 1, err) < 0 ||
            !(metadata->entries[metadata->count] = sp_new(struct entry, err)))
            return NULL;
        *place = (uint32_t)metadata->count++;
    }
    return &metadata->entries[*place];
}

/* Puts RECORD where it belongs; readers keep the one that it replaces. The lock is held. */
static int
settle(struct sp_metadata *metadata, struct entry **place, struct sp_record *record, enum sp_depth depth,
       struct sp_error *err)
{
    struct entry *entry = *place;
    if (entry->record) {
        struct entry *newer = sp_new(struct entry, err);
        if (!newer)
            return -1;
        newer->older = entry;
        *place = entry = newer;
    } else {
        metadata->figures.looked_up++;
        metadata->figures.unknown += record->presence == SP_PRESENCE_UNKNOWN;
        metadata->figures.absent += record->presence == SP_ABSENT || record->presence == SP_REMOVED;
    }
    entry->record = record;
    entry->depth = depth;
    return 0;
}

const struct sp_record *
sp_metadata_record(struct sp_metadata *metadata, const struct sp_ecosystem *ecosystem, const char *name,
                   const char *version, enum sp_depth depth, struct sp_error *err)
{
    pthread_mutex_lock(&metadata->lock);
    struct entry **place = place_of(metadata, ecosystem, name, version, err);
    size_t at = 0;
    if (place) {
        at = (size_t)(place - metadata->entries); /* the array may move while we wait */
        while (metadata->entries[at]->busy)
            pthread_cond_wait(&metadata->changed, &metadata->lock);
        struct entry *entry = metadata->entries[at];
        if (entry->record && entry->depth >= depth) {
            pthread_mutex_unlock(&metadata->lock);
            return entry->record;
        }
        entry->busy = true;
    }
    pthread_mutex_unlock(&metadata->lock);
    if (!place)
        return NULL;

    struct sp_record *record = NULL;
    uint64_t begun = sp_now();
    int done = look_up(metadata, ecosystem, name, version, depth, &record, err);
    double seconds = (double)(sp_now() - begun) / 1e9;

    pthread_mutex_lock(&metadata->lock);
    metadata->figures.seconds += seconds;
    metadata->entries[at]->busy = false;
    if (done == 0 && settle(metadata, &metadata->entries[at], record, depth, err) < 0) {
        sp_record_free(record);
        done = -1;
    }
    pthread_cond_broadcast(&metadata->changed);
    pthread_mutex_unlock(&metadata->lock);
    return done < 0 ? NULL : record;
}

/* -------------------------------------------------------------- many at once */

struct fetching {
    struct sp_metadata *metadata;
    const struct sp_sought *sought;
    size_t count, next, done;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned working;
    struct sp_error err; /* the first failure */
};

static void *
fetch_some(void *context)
{
    struct fetching *fetching = context;
    for (;;) {
        struct sp_error err = { 0 };
        pthread_mutex_lock(&fetching->lock);
        size_t at = fetching->next;
        bool more = at < fetching->count && fetching->err.code == SP_ERROR_NONE;
        if (more)
            fetching->next++;
        else
            fetching->working--;
        pthread_cond_signal(&fetching->changed);
        pthread_mutex_unlock(&fetching->lock);
        if (!more)
            return NULL;
        const struct sp_sought *sought = &fetching->sought[at];
        const struct sp_record *record = sp_metadata_record(
            fetching->metadata, sought->ecosystem, sought->name, sought->version, sought->depth, &err);
        pthread_mutex_lock(&fetching->lock);
        fetching->done++;
        if (!record && fetching->err.code == SP_ERROR_NONE)
            fetching->err = err;
        pthread_mutex_unlock(&fetching->lock);
    }
}

int
sp_metadata_fetch(struct sp_metadata *metadata, const struct sp_sought *sought, size_t count,
                  void (*progress)(void *context, size_t done, size_t all), void *context,
                  struct sp_error *err)
{
    pthread_t threads[JOBS_MAX];
    struct fetching fetching = {
        .metadata = metadata,
        .sought = sought,
        .count = count,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    size_t jobs = count < metadata->options.jobs ? count : metadata->options.jobs, started = 0;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, WORKER_STACK);
    pthread_mutex_lock(&fetching.lock);
    for (; started < jobs; started++) {
        fetching.working++;
        if (pthread_create(&threads[started], &small, fetch_some, &fetching) != 0) {
            fetching.working--;
            break;
        }
    }
    while (started && fetching.working) {
        if (progress) {
            size_t done = fetching.done;
            pthread_mutex_unlock(&fetching.lock);
            progress(context, done, count);
            pthread_mutex_lock(&fetching.lock);
        }
        if (fetching.working)
            pthread_cond_wait(&fetching.changed, &fetching.lock);
    }
    pthread_mutex_unlock(&fetching.lock);
    pthread_attr_destroy(&small);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (count && !started) { /* no thread to be had: it is only slower */
        fetching.working = 1;
        fetch_some(&fetching);
    }
    if (progress)
        progress(context, fetching.done, count);
    if (fetching.err.code == SP_ERROR_NONE)
        return 0;
    *err = fetching.err;
    return -1;
}

void
sp_metadata_tally(struct sp_metadata *metadata, struct sp_metadata_figures *out)
{
    pthread_mutex_lock(&metadata->lock);
    *out = metadata->figures;
    pthread_mutex_unlock(&metadata->lock);
}
