/* Artefacts: judged by name and version, taken from the cache or followed as they come. */
#include "base/memory.h"
#include "proxy/internal.h"

#include <inttypes.h>
#include <string.h>

/* Up to this size an artefact is handed out when it is whole: a wrong one then gets an answer with words in
 * it, not a connection that breaks. */
#define WHOLE_MAX ((int64_t)1 << 20)
#define BLOCK ((size_t)64 << 10)

/* ---- events ---- */

/* What the event says, kept until the last byte has gone. */
struct tale {
    const struct sp_event_sink *sink;
    char *url, *package; /* package NULL: unknown */
};

static void
tell(const struct tale *tale, int value, uint64_t bytes, const char *detail)
{
    sp_event_send(tale->sink, &(struct sp_event){
                                  .kind = SP_EVENT_ARTEFACT,
                                  .value = value,
                                  .bytes = bytes,
                                  .subject = tale->url,
                                  .package = tale->package,
                                  .detail = detail,
                              });
}

/* Other bytes than were stated are one thing, and a download that failed is another. */
static void
tell_failed(const struct tale *tale, const struct sp_download *download, uint64_t bytes)
{
    tell(tale, sp_download_was_wrong(download) ? -1 : -2, bytes, sp_download_error(download));
}

static void
tell_served(const struct tale *tale, const struct sp_download *download, uint64_t bytes)
{
    char sri[SP_DIGEST_TEXT_MAX];
    struct sp_stated_digest digest = sp_download_digest(download);
    sp_digest_write_sri(sri, digest.kind, digest.value);
    tell(tale, sp_download_was_cached(download), bytes, sri);
}

static void
drop_tale(struct tale *tale)
{
    free(tale->url);
    free(tale->package);
}

static int
begin_tale(struct tale *tale, const struct sp_asked *asked, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer purl = { 0 };
    *tale = (struct tale){ .sink = asked->proxy->options.sink, .url = strdup(asked->upstream.url) };
    if (!tale->url)
        return sp_fail_memory(err);
    /* a name that is none has no purl, and is served by its URL alone */
    if (asked->name.length &&
        sp_judgements_write_purl(&purl, asked->kind, asked->name.bytes,
                                 asked->version.length ? asked->version.bytes : NULL, NULL) == 0)
        tale->package = sp_buffer_steal(&purl, NULL);
    return 0;
}

/* ---- following ---- */

/* One client that reads while the file grows. */
struct follower {
    struct sp_download *download;
    struct tale tale;
    bool told;
};

static ssize_t
follow(void *context, uint64_t at, char *bytes, size_t size)
{
    struct follower *follower = context;
    ssize_t got = sp_download_read(follower->download, at, bytes, size);
    if (got > 0)
        return got;
    bool whole = got == 0;
    if (!follower->told && whole)
        tell_served(&follower->tale, follower->download, at);
    else if (!follower->told)
        tell_failed(&follower->tale, follower->download, at);
    follower->told = true;
    return whole ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

/* With a known length the server stops asking at the last byte: the end is told here. */
static void
stop_following(void *context)
{
    struct follower *follower = context;
    if (!follower->told && sp_download_wait(follower->download, false) == SP_DOWNLOAD_DONE)
        tell_served(&follower->tale, follower->download, sp_download_size(follower->download));
    sp_download_leave(follower->download);
    drop_tale(&follower->tale);
    free(follower);
}

static enum MHD_Result
answer_following(struct sp_asked *asked, struct sp_download *download, struct tale *tale)
{
    struct follower *follower = sp_new(struct follower, NULL);
    int64_t length = sp_download_length(download);
    char type[160];
    snprintf(type, sizeof(type), "%s", sp_download_type(download));
    if (!follower) {
        sp_download_leave(download);
        return MHD_NO;
    }
    *follower = (struct follower){ .download = download, .tale = *tale };
    *tale = (struct tale){ 0 };
    struct MHD_Response *response = MHD_create_response_from_callback(
        length >= 0 ? (uint64_t)length : MHD_SIZE_UNKNOWN, BLOCK, follow, follower, stop_following);
    if (!response)
        stop_following(follower);
    sp_answer_add(response, "Content-Type", type);
    sp_answer_add(response, "Cache-Control", "no-cache");
    return sp_answer_queue(asked, MHD_HTTP_OK, response);
}

/* ---- whole files ---- */

static enum MHD_Result
answer_whole(struct sp_asked *asked, struct sp_download *download, const struct tale *tale)
{
    char sri[SP_DIGEST_TEXT_MAX], etag[SP_DIGEST_TEXT_MAX + 2];
    struct sp_stated_digest digest = sp_download_digest(download);
    uint64_t size = sp_download_size(download);
    sp_digest_write_sri(sri, digest.kind, digest.value);
    snprintf(etag, sizeof(etag), "\"%s\"", sri);
    bool known = sp_asked_has(asked, etag);
    struct MHD_Response *response;
    int fd = known ? -1 : sp_download_open(download);
    if (known)
        response = MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    else
        response = fd >= 0 ? MHD_create_response_from_fd64(size, fd) : NULL;
    if (!response && fd >= 0)
        close(fd);
    if (response && !asked->head)
        tell_served(tale, download, known ? 0 : size);
    const char *type = sp_download_type(download);
    sp_answer_add(response, "Content-Type", *type ? type : "application/octet-stream");
    sp_answer_add(response, "ETag", etag);
    /* kept by the client, and asked about each time, so that what an install uses is seen */
    sp_answer_add(response, "Cache-Control", "no-cache");
    return sp_answer_queue(asked, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

static enum MHD_Result
answer_failed(struct sp_asked *asked, const struct sp_download *download, const struct tale *tale)
{
    tell_failed(tale, download, 0);
    return sp_answer_no_file(asked, sp_download_status(download), sp_download_error(download));
}

static enum MHD_Result
answer_download(struct sp_asked *asked, struct sp_download *download, struct tale *tale)
{
    enum sp_download_state state = sp_download_wait(download, false);
    int64_t length = state == SP_DOWNLOAD_RUNNING ? sp_download_length(download) : -1;
    if (length >= 0 && length <= WHOLE_MAX)
        state = sp_download_wait(download, true);
    if (state == SP_DOWNLOAD_RUNNING)
        return answer_following(asked, download, tale);
    enum MHD_Result queued = state == SP_DOWNLOAD_DONE ? answer_whole(asked, download, tale)
                                                       : answer_failed(asked, download, tale);
    sp_download_leave(download);
    return queued;
}

/* ---- the request ---- */

/* Whether the judge lets it pass; else *QUEUED is the answer. What he said was told already; an artefact that
 * was refused is another matter, one that is not what was stated. */
static bool
passes_judge(struct sp_asked *asked, enum MHD_Result *queued)
{
    struct sp_judgement judgement;
    struct sp_error err = { 0 };
    if (!asked->name.length)
        return true;
    if (sp_judgements_ask(asked->proxy->judged, asked->kind, asked->name.bytes,
                          asked->version.length ? asked->version.bytes : NULL, &judgement, &err) < 0) {
        *queued = sp_answer_line(asked, MHD_HTTP_INTERNAL_SERVER_ERROR, err.text);
        return false;
    }
    if (!judgement.refused)
        return true;
    *queued = sp_answer_refused(asked, &judgement);
    return false;
}

enum MHD_Result
sp_serve_artefact(struct sp_asked *asked)
{
    __attribute__((cleanup(drop_tale))) struct tale tale = { 0 };
    struct sp_error err = { 0 };
    enum MHD_Result queued = MHD_NO;
    if (begin_tale(&tale, asked, &err) < 0)
        return MHD_NO;
    if (!passes_judge(asked, &queued))
        return queued;
    struct sp_download_order order = { .url = asked->upstream.url, .by_url = asked->permanent, .local = -1 };
    if (asked->name.length &&
        sp_stand_in_has(asked->proxy->options.stand_in, asked->kind, asked->name.bytes)) {
        order.by_url = false; /* the same URL gives other bytes without the stand-in */
        order.local = sp_stand_in_artefact(asked->proxy->options.stand_in, asked->kind, asked->name.bytes,
                                           asked->upstream.url, &err);
        if (order.local < 0)
            return sp_answer_no_file(asked, MHD_HTTP_NOT_FOUND, err.text);
    } else if (asked->head) {
        return sp_serve_passed(asked);
    }
    if (asked->artefact) {
        order.digest = asked->artefact->digest;
        order.url = asked->artefact->url; /* as the page wrote it */
    }
    struct sp_download *download;
    if (sp_download_join(asked->proxy->downloads, &order, &download, &err) < 0)
        return sp_answer_line(asked, MHD_HTTP_SERVICE_UNAVAILABLE, err.text);
    return answer_download(asked, download, &tale);
}
