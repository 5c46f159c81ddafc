/* rubygems.c: asks RubyGems, or a server with nothing but the compact index. */
#include "metadata/rubygems.h"

#include <string.h>

/* ------------------------------------------------------------- the pieces */

/* What sp_client_ask says of the API's answer about the gem itself. */
static int
ask_gem(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    const char *base = call->bases->services[SP_SERVICE_RUBYGEMS].url;
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    int status = call->version ? sp_url_join(&url, err, base, "api/v2/rubygems/", call->name, "/versions/",
                                             call->version, ".json", NULL)
                               : sp_url_join(&url, err, base, "api/v1/gems/", call->name, ".json", NULL);
    if (status < 0)
        return -2;
    status = sp_document_ask(call, &url, &(struct sp_asked){ 0 }, &answer, record, err);
    if (status != 1)
        return status;
    const struct sp_teller teller = { record, "RubyGems API, gem", answer.time };
    int read = sp_rubygems_read_gem(&teller, answer.bytes, answer.length, err);
    return read < 0 ? -2 : read == SP_READ ? 1 : -1;
}

static int
ask_versions(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_RUBYGEMS].url, "api/v1/versions/", call->name,
                    ".json", NULL) < 0)
        return -2;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ 0 }, &answer, record, err);
    if (status != 1)
        return status;
    const struct sp_teller teller = { record, "RubyGems API, versions", answer.time };
    int read = sp_rubygems_read_versions(&teller, call->version, answer.bytes, answer.length, err);
    return read < 0 ? -2 : read == SP_READ ? 1 : -1;
}

static int
ask_owners(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_RUBYGEMS].url, "api/v1/gems/", call->name,
                    "/owners.json", NULL) < 0)
        return -1;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ 0 }, &answer, record, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "RubyGems API, owners", answer.time };
    return sp_rubygems_read_owners(&teller, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

/* The compact index is what every server has: only it may say that there is no such gem. */
static int
ask_index(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    bool any = false;
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_RUBYGEMS].url, "info/", call->name, NULL) < 0)
        return -1;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ .max_bytes = SP_DOCUMENT_MAX / 4 }, &answer,
                                 record, err);
    bool open = record->presence == SP_PRESENCE_UNKNOWN;
    if (status == 0 && open)
        sp_document_missing(record, answer.status);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "RubyGems compact index", answer.time };
    if (sp_rubygems_read_index(&teller, call->version, answer.bytes, answer.length, &any, err) < 0)
        return -1;
    /* a name whose every version was yanked keeps its page, with nothing on it */
    bool page = answer.length >= 3 && !memcmp(answer.bytes, "---", 3);
    if (!any && !page)
        return sp_record_problem(record, err, "%s: its answer is no list of versions", teller.source);
    if (open)
        record->presence = any ? SP_PRESENT : SP_REMOVED;
    return 0;
}

/* --------------------------------------------------------------- describe */

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    if (!sp_document_has_base(call, SP_SERVICE_RUBYGEMS))
        return sp_record_problem(record, err, "RubyGems is switched off");
    int gem = call->depth == SP_DEPTH_FULL ? ask_gem(call, record, err) : 0;
    int versions = gem == -2 ? -2 : ask_versions(call, record, err);
    if (gem == -2 || versions == -2)
        return -1;
    if (gem == 1 || versions == 1)
        record->presence = SP_PRESENT;
    if (versions != 1 || !record->release_count)
        if (ask_index(call, record, err) < 0)
            return -1;
    if (call->depth == SP_DEPTH_FULL && (gem == 1 || versions == 1))
        return ask_owners(call, record, err);
    return 0;
}

const struct sp_client sp_client_rubygems = {
    .ecosystem = SP_RUBYGEMS,
    .source = "guides.rubygems.org, RubyGems.org API and Compact Index API",
    .describe = describe,
};
