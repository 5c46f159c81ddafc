/* npm: the packument, then the tarball where the packument leaves out what a judgement needs. */
#include "metadata/client.h"
#include "metadata/npm_artefact.h"
#include "metadata/npm_packument.h"
#include "metadata/place.h"

#include <string.h>

static int
ask_packument(const struct sp_client_call *call, struct sp_record *record, struct sp_npm_manifest *manifest,
              struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 };
    const char *slash = call->name[0] == '@' ? strchr(call->name, '/') : NULL;
    const char *rest = slash ? slash + 1 : call->name;
    /* a scope is written "@scope%2fname", which every registry takes */
    if (sp_buffer_append_string(&url, sp_base_npm(call->bases, call->name), err) < 0 ||
        (slash && (sp_url_append(&url, call->name, (size_t)(slash - call->name), "@", err) < 0 ||
                   sp_buffer_append_string(&url, "%2f", err) < 0)) ||
        sp_url_append(&url, rest, strlen(rest), "", err) < 0)
        return -1;
    /* the abbreviated form has neither descriptions nor times, and both matter to every question asked here
     */
    const struct sp_asked asked = {
        .url = url.bytes, .accept = "application/json", .max_bytes = SP_DOCUMENT_MAX, .ecosystem = SP_NPM
    };
    int status = sp_client_ask(call, &asked, &answer, record, err);
    if (status == 0)
        record->presence = SP_ABSENT;
    if (status <= 0)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "npm packument", answer.time };
    const char *version = NULL;
    if (call->version &&
        !(version = sp_arena_copy(&record->arena, call->version, strlen(call->version), err)))
        return -1;
    return sp_npm_packument_tell(&teller, version, answer.bytes, answer.length, manifest, err);
}

/* ---- the tarball ---- */

static bool
wants_artefact(const struct sp_client_call *call, const struct sp_record *record)
{
    static const enum sp_field fields[] = { SP_FIELD_README, SP_FIELD_HOOKS, SP_FIELD_AUTHORS,
                                            SP_FIELD_LICENCE };
    for (size_t i = 0; i < SP_COUNT(fields); i++)
        if (!sp_record_knows(record, fields[i]))
            return call->depth == SP_DEPTH_FULL && record->presence == SP_PRESENT;
    return false;
}

static int
ask_artefact(const struct sp_client_call *call, struct sp_record *record,
             const struct sp_npm_manifest *manifest, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 };
    if (!manifest->tarball)
        return 0;
    if (manifest->size > (int64_t)SP_ARTEFACT_MAX)
        return sp_record_problem(record, err, "npm tarball: %lld MB unpacked; it is not read",
                                 (long long)(manifest->size >> 20));
    int status = sp_place_admit(&url, call->bases, NULL, manifest->tarball, record, err);
    if (status <= 0)
        return status;
    const struct sp_asked asked = {
        .url = url.bytes, .max_bytes = SP_ARTEFACT_MAX, .ecosystem = SP_NPM, .immutable = true
    };
    status = sp_client_ask(call, &asked, &answer, record, err);
    if (status == 0)
        return sp_record_problem(record, err, "npm tarball: there is none at %s", url.bytes);
    if (status < 0)
        return status == -2 ? -1 : 0;
    return sp_npm_artefact_tell(record, answer.time, answer.bytes, answer.length, err);
}

/* ---- downloads ---- */

static int
ask_downloads(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    static const char *const keys[] = { "downloads" };
    const char *base = call->bases->services[SP_SERVICE_NPM_DOWNLOADS].url;
    sp_autoanswer struct sp_answer answer = { 0 };
    sp_autobuffer struct sp_buffer url = { 0 };
    if (!call->ranks || !call->bases->public_npm || !base || !*base || record->presence != SP_PRESENT)
        return 0;
    if (sp_buffer_printf(&url, err, "%sdownloads/point/last-month/", base) < 0 ||
        sp_url_append(&url, record->name, strlen(record->name), "@/", err) < 0)
        return -1;
    const struct sp_asked asked = { .url = url.bytes,
                                    .accept = "application/json",
                                    .max_bytes = 1 << 20,
                                    .ecosystem = SP_NPM,
                                    .optional = true };
    int status = sp_client_ask(call, &asked, &answer, record, err);
    if (status <= 0)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "npm downloads", answer.time };
    struct sp_json_walk walk = { 0 };
    struct sp_json_walk_mark mark;
    sp_json_walk_open(&walk, &teller, answer.bytes, answer.length);
    if (sp_json_walk_marks(&walk, keys, 1, &mark) && sp_json_walk_go(&walk, &mark))
        sp_tell_number(&teller, SP_FIELD_DOWNLOADS, sp_json_walk_number(&walk), err);
    return sp_json_walk_close(&walk, err);
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    struct sp_npm_manifest manifest = { .size = -1 };
    if (ask_packument(call, record, &manifest, err) < 0 || ask_downloads(call, record, err) < 0)
        return -1;
    return wants_artefact(call, record) ? ask_artefact(call, record, &manifest, err) : 0;
}

const struct sp_client sp_client_npm = {
    .ecosystem = SP_NPM,
    .source = "npm registry documentation, \"Package Metadata\" and \"Download counts\"; package.json",
    .describe = describe,
};
