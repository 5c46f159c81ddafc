/* PyPI: the JSON API, then the simple API, then what a distribution says of itself. Company indexes often
 * have the simple API alone. */
#include "metadata/client.h"
#include "metadata/place.h"
#include "metadata/pypi_artefact.h"
#include "metadata/pypi_index.h"
#include "metadata/pypi_told.h"

#include <string.h>

#define SIMPLE_MAX ((uint64_t)64 << 20)

struct asking {
    const struct sp_client_call *call;
    struct sp_record *record;
    const char *root;      /* of the simple API */
    struct sp_buffer name; /* as indexes write it (PEP 503) */
    const char *version;   /* wanted, in the record's arena; NULL: the latest */
    struct sp_pypi_files files;
    struct sp_buffer page; /* the document's URL that .files are from */
    bool absent;           /* somebody knows no such project */
};

/* 1 with ANSWER filled, 0 there is none, -1 not known, -2 memory ran out. */
static int
ask(struct asking *asking, const char *url, const char *accept, uint64_t max, struct sp_answer *answer,
    struct sp_error *err)
{
    const struct sp_asked asked = { .url = url, .accept = accept, .max_bytes = max, .ecosystem = SP_PYPI };
    return sp_client_ask(asking->call, &asked, answer, asking->record, err);
}

/* References in a document are relative to where it came from. */
static int
note_page(struct asking *asking, const struct sp_answer *answer, const char *asked, struct sp_error *err)
{
    sp_buffer_clear(&asking->page);
    return sp_buffer_append_string(&asking->page, *answer->url ? answer->url : asked, err);
}

/* ---- the JSON API ---- */

/* The URL of its document, "" where the index cannot have one. */
static int
json_url(const struct asking *asking, const char *version, struct sp_buffer *url, struct sp_error *err)
{
    static const char simple[] = "/simple/";
    size_t length = strlen(asking->root), tail = sizeof(simple) - 1;
    if (length < tail || strcmp(asking->root + length - tail, simple) != 0)
        return 0;
    if (sp_buffer_append(url, asking->root, length - tail, err) < 0 ||
        sp_buffer_append_string(url, "/pypi/", err) < 0 ||
        sp_url_append(url, asking->name.bytes, asking->name.length, "", err) < 0)
        return -1;
    if (version && (sp_buffer_append_byte(url, '/', err) < 0 ||
                    sp_url_append(url, version, strlen(version), "!+", err) < 0))
        return -1;
    return sp_buffer_append_string(url, "/json", err);
}

static int
tell_json(struct asking *asking, const struct sp_answer *answer, const char *url, bool anyway,
          struct sp_error *err)
{
    const struct sp_teller teller = { asking->record, "PyPI JSON", answer->time };
    if (sp_pypi_json_tell(&teller, asking->version, anyway, answer->bytes, answer->length, &asking->files,
                          err) < 0)
        return -1;
    return note_page(asking, answer, url, err);
}

/* The document of the latest version has the releases; another version has one of its own. */
static int
ask_json(struct asking *asking, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 }, of_version = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 }, version_url = { 0 };
    if (json_url(asking, NULL, &url, err) < 0)
        return -1;
    if (!url.length)
        return 0;
    int status = ask(asking, url.bytes, "application/json", SP_DOCUMENT_MAX, &answer, err);
    asking->absent = status == 0;
    if (status <= 0)
        return status == -2 ? -1 : 0;
    if (tell_json(asking, &answer, url.bytes, false, err) < 0)
        return -1;
    if (!asking->files.other_version || asking->record->presence != SP_PRESENT)
        return 0;
    if (json_url(asking, asking->version, &version_url, err) < 0)
        return -1;
    status = ask(asking, version_url.bytes, "application/json", SP_DOCUMENT_MAX, &of_version, err);
    if (status == 1 && tell_json(asking, &of_version, version_url.bytes, true, err) < 0)
        return -1;
    if (status == 0 &&
        sp_record_problem(asking->record, err, "PyPI JSON: there is no version %s", asking->version) < 0)
        return -1;
    return status == -2 ? -1 : tell_json(asking, &answer, url.bytes, true, err);
}

/* ---- the simple API ---- */

static int
ask_simple(struct asking *asking, struct sp_error *err)
{
    static const char accept[] = "application/vnd.pypi.simple.v1+json, "
                                 "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
    sp_autoanswer struct sp_answer answer = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 };
    if (sp_buffer_append_string(&url, asking->root, err) < 0 ||
        sp_url_append(&url, asking->name.bytes, asking->name.length, "", err) < 0 ||
        sp_buffer_append_byte(&url, '/', err) < 0)
        return -1;
    int status = ask(asking, url.bytes, accept, SIMPLE_MAX, &answer, err);
    if (status == 0 && asking->record->presence == SP_PRESENCE_UNKNOWN)
        asking->record->presence = SP_ABSENT;
    if (status <= 0)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { asking->record, "simple index", answer.time };
    const struct sp_pypi_files before = asking->files;
    int (*tell)(const struct sp_teller *, const char *, const char *, size_t, struct sp_pypi_files *,
                struct sp_error *) = strstr(answer.type, "json") || (!*answer.type && *answer.bytes == '{')
                                         ? sp_pypi_simple_json_tell
                                         : sp_pypi_simple_html_tell;
    if (tell(&teller, asking->version, answer.bytes, answer.length, &asking->files, err) < 0)
        return -1;
    if (before.wheel != asking->files.wheel || before.source != asking->files.source)
        return note_page(asking, &answer, url.bytes, err);
    return 0;
}

/* ---- distributions ---- */

/* Fetches bytes of an artefact; OUT->status 206 where only a part came. As ask. */
static int
ask_file(struct asking *asking, const char *url, int64_t from, int64_t to, uint64_t max,
         struct sp_answer *out, struct sp_error *err)
{
    const struct sp_asked asked = {
        .url = url, .max_bytes = max, .ecosystem = SP_PYPI, .from = from, .to = to, .immutable = true
    };
    int status = sp_client_ask(asking->call, &asked, out, asking->record, err);
    if (status == 0 && sp_record_problem(asking->record, err, "there is nothing at %s", url) < 0)
        return -2;
    return status;
}

/* A failure of reading becomes a problem. */
static int
forgive(struct asking *asking, const struct sp_error *failure, struct sp_error *err)
{
    if (failure->code == SP_ERROR_MEMORY)
        return sp_fail_memory(err);
    return sp_record_problem(asking->record, err, "%s", failure->text);
}

static int
tell_core(struct asking *asking, const char *source, int64_t time, const char *bytes, size_t length,
          struct sp_error *err)
{
    const struct sp_teller teller = { asking->record, source, time };
    return sp_pypi_core_tell(&teller, bytes, length, err);
}

/* PEP 658: METADATA beside the wheel. *DONE: it was there. */
static int
ask_beside(struct asking *asking, const char *wheel, bool *done, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 };
    size_t query = strcspn(wheel, "?");
    if (sp_buffer_append(&url, wheel, query, err) < 0 ||
        sp_buffer_append_string(&url, ".metadata", err) < 0 ||
        sp_buffer_append_string(&url, wheel + query, err) < 0)
        return -1;
    int status = ask_file(asking, url.bytes, 0, 0, SP_WHEEL_METADATA_MAX, &answer, err);
    *done = status == 1;
    if (status <= 0)
        return status == -2 ? -1 : 0;
    return tell_core(asking, "core metadata", answer.time, answer.bytes, answer.length, err);
}

/* METADATA out of the bytes of ANSWER, which begin at byte START of the wheel, or by one more request. */
static int
read_part(struct asking *asking, const char *url, const struct sp_answer *answer, uint64_t start,
          const struct sp_wheel_part *part, struct sp_error *err)
{
    sp_autoanswer struct sp_answer more = { 0 };
    sp_autobuffer struct sp_buffer metadata = { 0 };
    struct sp_error failure = { 0 };
    const char *bytes = answer->bytes;
    size_t length = (size_t)(part->to - part->from) + 1;
    if (part->from >= start && part->to < start + answer->length) {
        bytes += part->from - start;
    } else {
        int status =
            ask_file(asking, url, (int64_t)part->from, (int64_t)part->to, SP_ARTEFACT_MAX, &more, err);
        if (status <= 0)
            return status == -2 ? -1 : 0;
        uint64_t skip = more.status == 200 ? part->from : 0; /* the whole came */
        if (more.length < skip)
            return sp_record_problem(asking->record, err, "wheel: shorter than it was");
        bytes = more.bytes + skip;
        length = more.length - skip < length ? more.length - skip : length;
    }
    if (sp_wheel_unpack(bytes, length, &metadata, &failure) < 0)
        return forgive(asking, &failure, err);
    return tell_core(asking, "wheel METADATA", answer->time, sp_buffer_string(&metadata), metadata.length,
                     err);
}

static int
ask_wheel(struct asking *asking, const char *url, struct sp_error *err)
{
    sp_autoanswer struct sp_answer tail = { 0 }, directory = { 0 };
    struct sp_answer *answer = &tail;
    struct sp_wheel_part part;
    enum sp_wheel_found found = SP_WHEEL_DIRECTORY;
    struct sp_error failure = { 0 };
    int status = ask_file(asking, url, -SP_WHEEL_TAIL, 0, SP_ARTEFACT_MAX, &tail, err);
    for (int tries = 0; status == 1; tries++) {
        uint64_t whole = answer->status == 206 && answer->whole ? answer->whole : answer->length;
        if (sp_wheel_find(answer->bytes, answer->length, whole, &found, &part, &failure) < 0)
            return forgive(asking, &failure, err);
        if (found == SP_WHEEL_METADATA)
            return read_part(asking, url, answer, whole - answer->length, &part, err);
        if (tries)
            return sp_record_problem(asking->record, err, "wheel: its directory moves; it is not read");
        answer = &directory;
        status = ask_file(asking, url, (int64_t)part.from, (int64_t)part.to, SP_ARTEFACT_MAX, answer, err);
    }
    return status == -2 ? -1 : 0;
}

static int
ask_source(struct asking *asking, const char *url, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    if (asking->files.source_size > (int64_t)SP_ARTEFACT_MAX)
        return sp_record_problem(asking->record, err, "source distribution: %lld MB; it is not read",
                                 (long long)(asking->files.source_size >> 20));
    int status = ask_file(asking, url, 0, 0, SP_ARTEFACT_MAX, &answer, err);
    if (status <= 0)
        return status == -2 ? -1 : 0;
    return sp_pypi_sdist_tell(asking->record, answer.time, answer.bytes, answer.length, err);
}

/* What the index left out is in the wheel, else in the source distribution. */
static int
ask_artefacts(struct asking *asking, struct sp_error *err)
{
    const struct sp_record *record = asking->record;
    const struct sp_pypi_files *files = &asking->files;
    bool described =
        sp_record_knows(record, SP_FIELD_README) && sp_record_knows(record, SP_FIELD_DEPENDENCIES);
    const char *place = files->wheel ? files->wheel : files->source;
    sp_autobuffer struct sp_buffer url = { 0 };
    if (!place || (described && files->wheel))
        return 0;
    int status = sp_place_admit(&url, asking->call->bases, asking->page.bytes, place, asking->record, err);
    if (status <= 0)
        return status;
    if (!files->wheel)
        return ask_source(asking, url.bytes, err);
    bool done = false;
    if (files->wheel_metadata && ask_beside(asking, url.bytes, &done, err) < 0)
        return -1;
    return done ? 0 : ask_wheel(asking, url.bytes, err);
}

static int
describe_by(struct asking *asking, struct sp_error *err)
{
    const struct sp_client_call *call = asking->call;
    struct sp_record *record = asking->record;
    if (!asking->root)
        return sp_record_problem(record, err, "no package index is configured");
    if (sp_ecosystem_read_name(sp_ecosystems[SP_PYPI], call->name, strlen(call->name), &asking->name, err) <
        0)
        return err->code == SP_ERROR_MEMORY ? -1 : sp_record_problem(record, err, "%s", err->text);
    if (call->version &&
        !(asking->version = sp_arena_copy(&record->arena, call->version, strlen(call->version), err)))
        return -1;
    if (ask_json(asking, err) < 0)
        return -1;
    if (asking->absent && call->bases->public_pypi)
        record->presence = SP_ABSENT;
    else if ((record->presence != SP_PRESENT || call->depth == SP_DEPTH_FULL) && ask_simple(asking, err) < 0)
        return -1;
    if (record->presence != SP_PRESENT)
        return 0;
    /* pip takes a wheel where there is one, and a wheel runs nothing at install; what a .pth file in it runs
     * later is seen by nobody who does not unpack it */
    const struct sp_teller teller = { record, "files of the release",
                                      record->origins[SP_FIELD_RELEASES].time };
    if (asking->files.wheel)
        sp_tell_list(&teller, SP_FIELD_HOOKS);
    return call->depth == SP_DEPTH_FULL ? ask_artefacts(asking, err) : 0;
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    struct sp_error own = { 0 };
    struct asking asking = { .call = call,
                             .record = record,
                             .root = sp_base_pypi(call->bases),
                             .files = { .wheel_size = -1, .source_size = -1 } };
    int status = describe_by(&asking, err ? err : &own);
    sp_buffer_free(&asking.name);
    sp_buffer_free(&asking.page);
    return status;
}

const struct sp_client sp_client_pypi = {
    .ecosystem = SP_PYPI,
    .source = "PyPI JSON API; PyPA specifications, \"Simple repository API\" and \"Core metadata\"",
    .describe = describe,
};
