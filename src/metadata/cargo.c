/* cargo.c: asks crates.io: the sparse index, which every registry for cargo has, then the API where it
 * belongs to that index, then the crate itself. */
#include "metadata/cargo.h"

#include <string.h>

typedef int read_function(const struct sp_teller *teller, const char *bytes, size_t length,
                          struct sp_error *err);

static int
ask_api(const struct sp_client_call *call, struct sp_record *record, const char *tail, read_function *read,
        struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_CRATES_API].url, "api/v1/crates/",
                    record->name, tail, NULL) < 0)
        return -1;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ .optional = true }, &answer, record, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, *tail ? "crates.io API, owners" : "crates.io API",
                                      answer.time };
    return read(&teller, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

/* The API of crates.io is not told the names of another registry. */
static bool
may_ask_api(const struct sp_client_call *call)
{
    const struct sp_base *services = call->bases->services;
    if (!sp_document_has_base(call, SP_SERVICE_CRATES_API))
        return false;
    return sp_url_at(services[SP_SERVICE_CRATES_INDEX].url, "index.crates.io") ||
           !sp_url_at(services[SP_SERVICE_CRATES_API].url, "crates.io");
}

static int
ask_artefact(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (!sp_document_has_base(call, SP_SERVICE_CRATES_FILES) || !record->version)
        return 0;
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_CRATES_FILES].url, "", record->name, "/",
                    record->name, "-", record->version, ".crate", NULL) < 0)
        return -1;
    const struct sp_asked how = { .immutable = true, .max_bytes = SP_ARTEFACT_MAX };
    int status = sp_document_ask(call, &url, &how, &answer, record, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "Cargo.toml", answer.time };
    return sp_cargo_read_artefact(&teller, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (!sp_document_has_base(call, SP_SERVICE_CRATES_INDEX))
        return sp_record_problem(record, err, "the index of crates is switched off");
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_CRATES_INDEX].url, NULL) < 0 ||
        sp_cargo_index_path(&url, call->name, err) < 0)
        return -1;
    const struct sp_asked how = { .max_bytes = SP_DOCUMENT_MAX / 4 };
    int status = sp_document_ask(call, &url, &how, &answer, record, err);
    if (status == 0)
        record->presence = SP_ABSENT; /* 410 says the same as 404 here */
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "crate index", answer.time };
    status = sp_cargo_read_index(&teller, call->version, answer.bytes, answer.length, err);
    if (status != SP_READ)
        return status;
    record->presence = SP_PRESENT;
    if (call->depth == SP_DEPTH_SHORT)
        return 0;
    if (may_ask_api(call) && (ask_api(call, record, "", sp_cargo_read_crate, err) < 0 ||
                              ask_api(call, record, "/owners", sp_cargo_read_owners, err) < 0))
        return -1;
    return ask_artefact(call, record, err);
}

const struct sp_client sp_client_cargo = {
    .ecosystem = SP_CARGO,
    .source = "doc.rust-lang.org/cargo, Registry Index; crates.io, Data Access",
    .describe = describe,
};
