#include "proxy/judgements.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "ecosystem/purl.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define MESSAGE_MAX 1024
#define ENTRIES_MAX 1000000u /* what runs inside may invent names for ever */

struct entry {
    bool done;
    struct sp_judgement judgement;
};

struct sp_judgements {
    const struct sp_proxy_options *options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct sp_map map; /* "kind/name" or "kind/name@version" -> place in entries */
    struct entry **entries;
    size_t count, capacity;
    struct sp_arena arena;
};

static enum sp_ecosystem_id
ecosystem_of(enum sp_registry_kind kind)
{
    return kind == SP_REGISTRY_NPM ? SP_NPM : SP_PYPI;
}

int
sp_judgements_new(struct sp_judgements **out, const struct sp_proxy_options *options, struct sp_error *err)
{
    struct sp_judgements *judged = sp_new(struct sp_judgements, err);
    if (!judged)
        return -1;
    judged->options = options;
    pthread_mutex_init(&judged->lock, NULL);
    pthread_cond_init(&judged->changed, NULL);
    if (getrandom(&judged->map.seed, sizeof(judged->map.seed), 0) < 0)
        judged->map.seed = (uint64_t)(uintptr_t)judged;
    *out = judged;
    return 0;
}

void
sp_judgements_free(struct sp_judgements *judged)
{
    if (!judged)
        return;
    pthread_mutex_destroy(&judged->lock);
    pthread_cond_destroy(&judged->changed);
    sp_map_free(&judged->map);
    free(judged->entries);
    sp_arena_free(&judged->arena);
    free(judged);
}

int
sp_judgements_write_purl(struct sp_buffer *out, enum sp_registry_kind kind, const char *name,
                         const char *version, struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct sp_purl purl;
    if (sp_purl_from_package(sp_ecosystems[ecosystem_of(kind)], name, version, &purl, &arena, err) < 0)
        return -1;
    return sp_purl_format(&purl, out, err);
}

static void
tell(const struct sp_judgements *judged, enum sp_registry_kind kind, const char *name, const char *version,
     const struct sp_judgement *judgement)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    bool known = sp_judgements_write_purl(&purl, kind, name, version, NULL) == 0;
    sp_event_send(judged->options->sink, &(struct sp_event){
                                             .kind = SP_EVENT_PACKAGE,
                                             .value = judgement->severity,
                                             .subject = name,
                                             .package = known ? purl.bytes : NULL,
                                             .detail = *judgement->message ? judgement->message : NULL,
                                         });
}

/* Asks the judge; MESSAGE (of MESSAGE_MAX) is made fit for a terminal and for a header. */
static void
ask_judge(const struct sp_judgements *judged, enum sp_registry_kind kind, const char *name,
          const char *version, struct sp_judgement *out, char *message)
{
    const struct sp_proxy_options *options = judged->options;
    char said[MESSAGE_MAX] = "";
    *message = '\0';
    out->severity = SP_SEVERITY_NONE;
    if (options->judge)
        out->severity = options->judge(options->judge_context, sp_ecosystems[ecosystem_of(kind)]->name, name,
                                       version, said, sizeof(said));
    out->refused = options->enforce && (out->severity < 0 || out->severity >= SP_SEVERITY_BLOCK);
    said[sizeof(said) - 1] = '\0';
    if (out->severity != SP_SEVERITY_NONE)
        sp_utf8_printable(message, MESSAGE_MAX, said, strlen(said));
    if (out->refused && !*message)
        snprintf(message, MESSAGE_MAX, "refused by policy");
}

/* The entry of KEY; *NEW: it is the caller's to fill. */
static struct entry *
enter(struct sp_judgements *judged, const struct sp_buffer *key, bool *new, struct sp_error *err)
{
    uint32_t *place = sp_map_at(&judged->map, key->bytes, key->length, UINT32_MAX, err);
    if (!place)
        return NULL;
    *new = *place == UINT32_MAX;
    if (!*new)
        return judged->entries[*place];
    struct entry *entry = NULL;
    if (judged->count >= ENTRIES_MAX)
        sp_fail(err, SP_ERROR_LIMIT, "more than a million packages were asked for");
    else if (sp_grow(judged->entries, judged->capacity, judged->count + 1, err) == 0)
        entry = sp_arena_alloc(&judged->arena, sizeof(*entry), err);
    if (!entry)
        return NULL;
    *place = (uint32_t)judged->count;
    judged->entries[judged->count++] = entry;
    return entry;
}

static void
settle(struct sp_judgements *judged, struct entry *entry, const struct sp_judgement *judgement,
       const char *message)
{
    pthread_mutex_lock(&judged->lock);
    entry->judgement = *judgement;
    entry->judgement.message = sp_arena_copy(&judged->arena, message, strlen(message), NULL);
    if (!entry->judgement.message)
        entry->judgement.message = "";
    entry->done = true;
    pthread_cond_broadcast(&judged->changed);
    pthread_mutex_unlock(&judged->lock);
}

static int
ask_one(struct sp_judgements *judged, enum sp_registry_kind kind, const char *name, const char *version,
        struct sp_judgement *out, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    if (sp_buffer_printf(&key, err, "%d/%s%s%s", (int)kind, name, version ? "@" : "",
                         version ? version : "") < 0)
        return -1;
    bool new = false;
    pthread_mutex_lock(&judged->lock);
    struct entry *entry = enter(judged, &key, &new, err);
    while (entry && !new && !entry->done)
        pthread_cond_wait(&judged->changed, &judged->lock);
    pthread_mutex_unlock(&judged->lock);
    if (!entry)
        return -1;
    if (new) {
        struct sp_judgement judgement;
        char message[MESSAGE_MAX];
        ask_judge(judged, kind, name, version, &judgement, message);
        settle(judged, entry, &judgement, message);
        if (!version || judgement.refused)
            tell(judged, kind, name, version, &entry->judgement);
    }
    *out = entry->judgement; /* does not change once done */
    return 0;
}

int
sp_judgements_ask(struct sp_judgements *judged, enum sp_registry_kind kind, const char *name,
                  const char *version, struct sp_judgement *out, struct sp_error *err)
{
    if (ask_one(judged, kind, name, NULL, out, err) < 0)
        return -1;
    return out->refused || !version ? 0 : ask_one(judged, kind, name, version, out, err);
}
