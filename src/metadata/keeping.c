#include "metadata/keeping.h"
#include "metadata/asking.h"
#include "metadata/kept_files.h"
#include "metadata/silent.h"

#include "base/clock.h"

#include <string.h>
#include <time.h>

#define DEFAULT_LIMIT ((uint64_t)1 << 30)
#define DEFAULT_FRESH 600ul

struct sp_keeping {
    struct sp_kept_files files;
    enum sp_keeping_mode mode;
    const struct sp_bases *bases;
    unsigned long fresh_seconds;
    struct sp_http *http;
    struct sp_silent silent;
    atomic_size_t asked, kept, confirmed, failed;
    _Atomic uint64_t bytes, nanoseconds;
};

/* ---- opening ---- */

static bool
is_unchecked(const void *registries, const char *url)
{
    return sp_registries_unchecked(registries, url);
}

static int
open_http(struct sp_keeping *keeping, const struct sp_keeping_options *keeping_options, struct sp_error *err)
{
    const struct sp_http_options *given = keeping_options->http;
    struct sp_http_options options = { 0 };
    const struct sp_registries *registries = keeping->bases ? keeping->bases->registries : NULL;
    sp_autobuffer struct sp_buffer trust = { 0 };
    if (!given && registries) {
        const struct sp_buffer *known = keeping_options->trust ? keeping_options->trust : &trust;
        if (!keeping_options->trust && sp_registries_trust(registries, &trust, err) < 0)
            return -1;
        options.ca_pem = known->bytes;
        options.ca_length = known->length;
        options.proxy = registries->http_proxy;
        options.no_proxy = registries->no_proxy;
        options.unchecked = is_unchecked;
        options.unchecked_context = registries;
    }
    return sp_http_new(&keeping->http, given ? given : &options, err);
}

int
sp_keeping_open(struct sp_keeping **out, const struct sp_keeping_options *options, struct sp_error *err)
{
    struct sp_keeping *keeping = sp_new(struct sp_keeping, err);
    if (!keeping)
        return -1;
    sp_silent_open(&keeping->silent);
    keeping->mode = options->mode;
    keeping->bases = options->bases;
    keeping->fresh_seconds = options->fresh_seconds ? options->fresh_seconds : DEFAULT_FRESH;
    bool offline = options->mode == SP_KEEP_OFFLINE;
    if (sp_kept_files_open(&keeping->files, options->directory, !offline,
                           options->limit ? options->limit : DEFAULT_LIMIT, err) < 0 ||
        (!offline && open_http(keeping, options, err) < 0)) {
        sp_keeping_close(keeping);
        return -1;
    }
    *out = keeping;
    return 0;
}

void
sp_keeping_close(struct sp_keeping *keeping)
{
    if (!keeping)
        return;
    sp_http_free(keeping->http);
    sp_kept_files_close(&keeping->files);
    sp_silent_close(&keeping->silent);
    free(keeping);
}

/* ---- handing out ---- */

static void
release_body(void *owned)
{
    sp_body_free(owned);
    free(owned);
}

/* BODY becomes the answer's. */
static int
hand_out(struct sp_answer *out, const struct sp_kept *kept, struct sp_body *body, bool from_disk,
         struct sp_error *err)
{
    struct sp_body *owned = sp_new(struct sp_body, err);
    if (!owned)
        return -1;
    *owned = *body;
    sp_body_begin(body, -1);
    *out = (struct sp_answer){
        .status = kept->status,
        .bytes = owned->bytes,
        .length = owned->length,
        .whole = kept->whole,
        .time = kept->fetched,
        .kept = from_disk,
        .owned = owned,
        .release = release_body,
    };
    snprintf(out->type, sizeof(out->type), "%s", kept->type);
    snprintf(out->url, sizeof(out->url), "%s", kept->answered);
    return 0;
}

/* ---- what is kept ---- */

struct found {
    bool there;
    struct sp_kept kept;
    struct sp_body file, body;
    const char *packed;
    size_t packed_size;
};

static void
free_found(struct found *found)
{
    sp_body_free(&found->file);
    sp_body_free(&found->body);
}

/* A body longer than what the caller takes stays packed: it is of use to nobody here. */
static void
find(struct sp_keeping *keeping, const struct sp_asked *asked, const char *key, struct found *found)
{
    int directory = keeping->files.writable ? keeping->files.directory : -1;
    sp_body_begin(&found->body, directory);
    found->there =
        sp_kept_load(&keeping->files, key, &found->kept, &found->file, &found->packed, &found->packed_size) &&
        strcmp(found->kept.url, asked->url) == 0;
    if (!found->there || found->kept.length > asked->max_bytes)
        return;
    struct sp_error err = { 0 };
    if (sp_kept_unpack(found->packed, found->packed_size, found->kept.length, &found->body, &err) == 0)
        return;
    if (err.code == SP_ERROR_INPUT)
        sp_kept_drop(&keeping->files, key);
    found->there = false;
}

static bool
is_good_still(const struct sp_kept *kept, const struct sp_asked *asked)
{
    int64_t now = time(NULL);
    if (asked->immutable && (kept->status == 200 || kept->status == 206))
        return true;
    return now >= kept->fetched && now < kept->fresh_until; /* a clock that was set back decides nothing */
}

static int
hand_out_kept(struct sp_keeping *keeping, const struct sp_asked *asked, struct found *found,
              struct sp_answer *out, struct sp_error *err)
{
    if (found->kept.length > asked->max_bytes)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s: the kept answer is larger than %llu bytes", asked->url,
                       (unsigned long long)asked->max_bytes);
    atomic_fetch_add(&keeping->kept, 1);
    return hand_out(out, &found->kept, &found->body, true, err);
}

static void
find_authority(const struct sp_asked *asked, char out[SP_URL_AUTHORITY_MAX])
{
    struct sp_url parts;
    *out = '\0';
    if (sp_url_parse(&parts, asked->url, NULL) == 0)
        sp_url_authority(&parts, out);
}

static int
get_offline(struct sp_keeping *keeping, const struct sp_asked *asked, const char *authorization,
            struct found *found, struct sp_answer *out, struct sp_error *err)
{
    char key[SP_KEPT_KEY_SIZE];
    if (!found->there && authorization) {
        /* what was answered without any token is for everybody */
        if (sp_kept_key(key, asked->url, asked->accept, asked->from, asked->to, NULL, err) < 0)
            return -1;
        free_found(found);
        find(keeping, asked, key, found);
    }
    if (found->there)
        return hand_out_kept(keeping, asked, found, out, err);
    char authority[SP_URL_AUTHORITY_MAX];
    find_authority(asked, authority);
    return sp_fail(err, SP_ERROR_INPUT, "%s: offline, and no answer is kept for %.300s", authority,
                   asked->url);
}

/* ---- asking ---- */

/* A disk that is full is no reason to give no answer. */
static void
keep(struct sp_keeping *keeping, const char *key, struct sp_asking *asking)
{
    sp_autobody struct sp_body packed;
    sp_body_begin(&packed, keeping->files.directory);
    snprintf(asking->kept.key, sizeof(asking->kept.key), "%s", key);
    asking->kept.length = asking->body.length;
    if (keeping->files.directory >= 0 &&
        sp_kept_pack(asking->body.bytes, asking->body.length, &packed, NULL) == 0)
        sp_kept_save(&keeping->files, &asking->kept, packed.bytes, packed.length, NULL);
}

/* The origin says that what is kept is right: its head is written anew. */
static int
confirm(struct sp_keeping *keeping, const char *key, struct sp_asking *asking, struct found *found,
        bool may_keep, struct sp_answer *out, struct sp_error *err)
{
    struct sp_kept *kept = &found->kept;
    atomic_fetch_add(&keeping->confirmed, 1);
    kept->fetched = asking->kept.fetched;
    kept->fresh_until = asking->kept.fresh_until;
    if (*asking->kept.etag)
        memcpy(kept->etag, asking->kept.etag, sizeof(kept->etag));
    if (may_keep)
        sp_kept_save(&keeping->files, kept, found->packed, found->packed_size, NULL);
    else
        sp_kept_drop(&keeping->files, key);
    return hand_out(out, kept, &found->body, false, err);
}

/* Asks, unless the host has been silent too often. */
static int
ask_watched(struct sp_keeping *keeping, struct sp_asking *asking, struct sp_error *err)
{
    char authority[SP_URL_AUTHORITY_MAX];
    uint64_t start = sp_now();
    find_authority(asking->asked, authority);
    unsigned failures = sp_silent_failures(&keeping->silent, authority, start);
    if (failures >= SP_SILENT_LEFT) {
        atomic_fetch_add(&keeping->failed, 1);
        return sp_fail(err, SP_ERROR_INPUT, "%s: did not answer %u times in a row, and is not asked for %d s",
                       authority, failures, SP_SILENT_SECONDS);
    }
    asking->once = failures >= SP_SILENT_DOUBTED;
    atomic_fetch_add(&keeping->asked, 1);
    int status = sp_ask(keeping->http, asking, err);
    uint64_t end = sp_now();
    sp_silent_note(&keeping->silent, authority, !asking->silent, end);
    atomic_fetch_add(&keeping->nanoseconds, end - start);
    atomic_fetch_add(&keeping->bytes, asking->body.length);
    if (status < 0)
        atomic_fetch_add(&keeping->failed, 1);
    return status;
}

static int
get_from_origin(struct sp_keeping *keeping, const struct sp_asked *asked, const char *key,
                struct found *found, struct sp_answer *out, struct sp_error *err)
{
    /* only what was there in full can be confirmed */
    const bool known = found->there && found->kept.length <= asked->max_bytes &&
                       (found->kept.status == 200 || found->kept.status == 206);
    sp_autofree struct sp_asking *asking = sp_new(struct sp_asking, err);
    if (!asking)
        return -1;
    *asking = (struct sp_asking){
        .asked = asked,
        .bases = keeping->bases,
        .known = known ? &found->kept : NULL,
        .fresh_seconds = keeping->fresh_seconds,
        .kept.from = asked->from,
        .kept.to = asked->to,
    };
    snprintf(asking->kept.url, sizeof(asking->kept.url), "%s", asked->url);
    snprintf(asking->kept.accept, sizeof(asking->kept.accept), "%s", asked->accept ? asked->accept : "");
    sp_body_begin(&asking->body, keeping->files.directory);

    int status = ask_watched(keeping, asking, err);
    if (status == 0 && asking->kept.status == 304) {
        status = confirm(keeping, key, asking, found, asking->may_keep, out, err);
    } else if (status == 0) {
        if (asking->may_keep)
            keep(keeping, key, asking);
        else if (found->there && (asking->kept.status < 300 || asking->kept.status == 404))
            sp_kept_drop(&keeping->files, key); /* it is no longer so, and the new one may not be kept */
        status = hand_out(out, &asking->kept, &asking->body, false, err);
    }
    sp_body_free(&asking->body);
    return status;
}

static int
check_asked(const struct sp_asked *asked, struct sp_error *err)
{
    struct sp_url parts;
    if (sp_url_parse(&parts, asked->url, err) < 0)
        return -1;
    if (parts.user)
        return sp_fail(err, SP_ERROR_INTERNAL, "%.100s: a login within a URL that is asked", parts.host);
    if (asked->accept && (strlen(asked->accept) >= SP_KEPT_ACCEPT_MAX || !sp_kept_is_plain(asked->accept)))
        return sp_fail(err, SP_ERROR_INTERNAL, "%.100s: an Accept that no header holds", parts.host);
    if (asked->from < -INT64_MAX || (asked->to > 0 && asked->from > asked->to))
        return sp_fail(err, SP_ERROR_INTERNAL, "%.100s: a part that ends before it begins", parts.host);
    return 0;
}

static int
get(void *context, const struct sp_asked *asked, struct sp_answer *out, struct sp_error *err)
{
    struct sp_keeping *keeping = context;
    char key[SP_KEPT_KEY_SIZE];
    if (check_asked(asked, err) < 0)
        return -1;
    const char *authorization = sp_asking_authorization(keeping->bases, asked, asked->url);
    if (sp_kept_key(key, asked->url, asked->accept, asked->from, asked->to, authorization, err) < 0)
        return -1;
    sp_autofree struct found *found = sp_new(struct found, err);
    if (!found)
        return -1;
    find(keeping, asked, key, found);
    int status = keeping->mode == SP_KEEP_OFFLINE
                     ? get_offline(keeping, asked, authorization, found, out, err)
                 : found->there && is_good_still(&found->kept, asked)
                     ? hand_out_kept(keeping, asked, found, out, err)
                     : get_from_origin(keeping, asked, key, found, out, err);
    free_found(found);
    return status;
}

struct sp_transport
sp_keeping_transport(struct sp_keeping *keeping)
{
    return (struct sp_transport){ .get = get, .context = keeping };
}

void
sp_keeping_tally(struct sp_keeping *keeping, struct sp_keeping_figures *out)
{
    *out = (struct sp_keeping_figures){
        .asked = atomic_load(&keeping->asked),
        .kept = atomic_load(&keeping->kept),
        .confirmed = atomic_load(&keeping->confirmed),
        .failed = atomic_load(&keeping->failed),
        .bytes = atomic_load(&keeping->bytes),
        .seconds = (double)atomic_load(&keeping->nanoseconds) / 1e9,
    };
}

int
sp_keeping_put(const char *directory, const char *url, const char *accept, long status, const char *type,
               const void *bytes, size_t length, int64_t time, struct sp_error *err)
{
    struct sp_kept_files files;
    const struct sp_asked asked = { .url = url, .accept = accept };
    sp_autofree struct sp_kept *kept = sp_new(struct sp_kept, err);
    if (!kept || check_asked(&asked, err) < 0 || sp_kept_key(kept->key, url, accept, 0, 0, NULL, err) < 0)
        return -1;
    if (status < 100 || status > 599 ||
        (type && (strlen(type) >= sizeof(kept->type) || !sp_kept_is_plain(type))))
        return sp_fail(err, SP_ERROR_INTERNAL, "%.300s: a status or type that no answer has", url);
    snprintf(kept->url, sizeof(kept->url), "%s", url);
    snprintf(kept->accept, sizeof(kept->accept), "%s", accept ? accept : "");
    snprintf(kept->type, sizeof(kept->type), "%s", type ? type : "");
    snprintf(kept->answered, sizeof(kept->answered), "%s", strlen(url) < sizeof(kept->answered) ? url : "");
    kept->status = status;
    kept->fetched = time;
    kept->fresh_until = time + (int64_t)DEFAULT_FRESH;
    kept->length = length;
    if (sp_kept_files_open(&files, directory, true, UINT64_MAX / 4, err) < 0)
        return -1;
    sp_autobody struct sp_body packed;
    sp_body_begin(&packed, files.directory);
    int result = sp_kept_pack(bytes, length, &packed, err) < 0 ||
                         sp_kept_save(&files, kept, packed.bytes, packed.length, err) < 0
                     ? -1
                     : 0;
    sp_kept_files_close(&files);
    return result;
}
