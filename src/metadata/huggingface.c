/* huggingface.c: asks the Hugging Face Hub about a model. */
#include "metadata/huggingface.h"

#include <string.h>

static int
ask_card(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_HUGGINGFACE].url, NULL) < 0 ||
        sp_url_append(&url, call->name, strlen(call->name), "/", err) < 0 ||
        sp_buffer_append_string(&url, "/raw/", err) < 0 ||
        sp_url_append(&url, call->version ? call->version : "main",
                      strlen(call->version ? call->version : "main"), "", err) < 0 ||
        sp_buffer_append_string(&url, "/README.md", err) < 0)
        return -1;
    int status =
        sp_document_ask(call, &url, &(struct sp_asked){ .max_bytes = SP_TREE_MAX }, &answer, record, err);
    const struct sp_teller teller = { record, "model card", answer.time };
    if (status == 0)
        return sp_tell_text(&teller, SP_FIELD_README, NULL, 0, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    return sp_huggingface_read_card(&teller, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    bool disabled;
    if (!sp_document_has_base(call, SP_SERVICE_HUGGINGFACE))
        return sp_record_problem(record, err, "the Hugging Face Hub is switched off");
    if (sp_document_namespace(record, call->name, err) < 0 ||
        sp_url_join(&url, err, call->bases->services[SP_SERVICE_HUGGINGFACE].url, "api/models/", NULL) < 0 ||
        sp_url_append(&url, call->name, strlen(call->name), "/", err) < 0)
        return -1;
    if (call->version && (sp_buffer_append_string(&url, "/revision/", err) < 0 ||
                          sp_url_append(&url, call->version, strlen(call->version), "", err) < 0))
        return -1;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ 0 }, &answer, record, err);
    if (status == 0 && !call->version)
        sp_document_missing(record, answer.status);
    if (status == 0 && call->version)
        return sp_record_problem(record, err, "the Hub has no such model or no such revision of it");
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "Hugging Face API", answer.time };
    status = sp_huggingface_read_model(&teller, answer.bytes, answer.length, &disabled, err);
    if (status != SP_READ)
        return status;
    record->presence = disabled ? SP_REMOVED : SP_PRESENT;
    if (call->version &&
        !(record->version = sp_arena_copy(&record->arena, call->version, strlen(call->version), err)))
        return -1;
    return call->depth == SP_DEPTH_FULL && !disabled ? ask_card(call, record, err) : 0;
}

const struct sp_client sp_client_huggingface = {
    .ecosystem = SP_HUGGINGFACE,
    .source = "huggingface.co/docs/hub, Hub API Endpoints",
    .describe = describe,
};
