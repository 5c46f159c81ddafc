/* ranks.c. Sources: docs.deps.dev/api/v3; packages.ecosyste.ms/docs. */
#include "metadata/ranks.h"
#include "metadata/documents.h"
#include "metadata/told.h"

#include <math.h>
#include <string.h>

/* How the two services call each registry, and where the public one is. */
static const struct {
    const char *system;   /* deps.dev's; NULL: it does not know them */
    const char *registry; /* ecosyste.ms's */
    enum sp_service service;
    const char *hosts[2];
} registries[SP_ECOSYSTEM_COUNT] = {
    [SP_NPM] = { "npm", "npmjs.org", SP_SERVICE_COUNT, { NULL } },
    [SP_PYPI] = { "pypi", "pypi.org", SP_SERVICE_COUNT, { NULL } },
    [SP_RUBYGEMS] = { "rubygems",
                      "rubygems.org",
                      SP_SERVICE_RUBYGEMS,
                      { "rubygems.org", "index.rubygems.org" } },
    [SP_MAVEN] = { "maven",
                   "repo1.maven.org",
                   SP_SERVICE_MAVEN,
                   { "repo1.maven.org", "repo.maven.apache.org" } },
    [SP_GOLANG] = { "go", "proxy.golang.org", SP_SERVICE_GOPROXY, { "proxy.golang.org" } },
    [SP_HUGGINGFACE] = { NULL, "huggingface.co", SP_SERVICE_HUGGINGFACE, { "huggingface.co" } },
    [SP_CARGO] = { "cargo", "crates.io", SP_SERVICE_CRATES_INDEX, { "index.crates.io" } },
    [SP_NUGET] = { "nuget", "nuget.org", SP_SERVICE_NUGET, { "api.nuget.org" } },
};

static bool
is_public(const struct sp_client_call *call, enum sp_ecosystem_id ecosystem)
{
    if (ecosystem == SP_NPM)
        return call->bases->public_npm;
    if (ecosystem == SP_PYPI)
        return call->bases->public_pypi;
    const char *url = call->bases->services[registries[ecosystem].service].url;
    for (size_t i = 0; i < SP_COUNT(registries[0].hosts); i++)
        if (registries[ecosystem].hosts[i] && sp_url_at(url, registries[ecosystem].hosts[i]))
            return true;
    return false;
}

/* ---------------------------------------------------------------- deps.dev */

int
sp_ranks_read_deps_dev(const struct sp_teller *teller, const char *bytes, size_t length, struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    const json_t *item;
    size_t i, untimed = 0;
    struct sp_record *record = teller->record;
    int64_t first = INT64_MAX, last = -1;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    const json_t *versions = sp_member(document, "versions");
    if (!json_is_array(versions))
        return sp_record_problem(record, err, "%s: no list of versions", teller->source);
    bool small = json_array_size(versions) * record->release_count < 20000000;
    json_array_foreach(versions, i, item)
    {
        const char *version = sp_member_text(sp_member(item, "versionKey"), "version");
        int64_t time = sp_member_time(item, "publishedAt");
        if (!version || time == SP_TIME_UNKNOWN)
            continue;
        first = time < first ? time : first;
        last = time > last ? time : last;
        if (small)
            sp_tell_release_time(teller, version, time);
    }
    for (size_t r = 0; r < record->release_count; r++)
        untimed += record->releases[r].time == SP_TIME_UNKNOWN;
    if (record->release_count && !untimed)
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
    if (last < 0)
        return SP_READ;
    return sp_tell_number(teller, SP_FIELD_CREATED, first, err) < 0 ||
                   sp_tell_number(teller, SP_FIELD_UPDATED, last, err) < 0
               ? -1
               : SP_READ;
}

/* ------------------------------------------------------------- ecosyste.ms */

/* The average of its rankings is the share of packages, in percent, that stand before this one. */
static int64_t
read_rank(const json_t *document)
{
    const json_t *average = sp_member(sp_member(document, "rankings"), "average");
    double value = json_is_number(average) ? json_number_value(average) : -1;
    return value >= 0 && value <= 100 ? (int64_t)fmax(1, ceil(value)) : -1;
}

static int
tell_maintainers(const struct sp_teller *teller, const json_t *document, struct sp_error *err)
{
    const json_t *maintainers = sp_member(document, "maintainers"), *item;
    size_t i;
    if (!json_is_array(maintainers) || !json_array_size(maintainers) ||
        !sp_tell_list(teller, SP_FIELD_MAINTAINERS))
        return 0;
    json_array_foreach(maintainers, i, item)
    {
        const struct sp_person person = { .id = sp_member_text(item, "login"),
                                          .name = sp_member_text(item, "name"),
                                          .email = sp_member_text(item, "email") };
        if (sp_tell_person(teller, SP_FIELD_MAINTAINERS, &person, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_ranks_read_ecosystems(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err)
{
    sp_autotree json_t *document = NULL;
    int status = sp_document_json(teller, bytes, length, &document, err);
    if (status != SP_READ)
        return status;
    if (!sp_member_text(document, "name"))
        return sp_record_problem(teller->record, err, "%s: it describes no package", teller->source);
    const char *period = sp_member_text(document, "downloads_period");
    bool monthly = period && !strcmp(period, "last-month");
    if (sp_tell_number(teller, SP_FIELD_RANK, read_rank(document), err) < 0 ||
        sp_tell_number(teller, SP_FIELD_DOWNLOADS, monthly ? sp_member_number(document, "downloads") : -1,
                       err) < 0 ||
        sp_tell_number(teller, SP_FIELD_CREATED, sp_member_time(document, "first_release_published_at"),
                       err) < 0 ||
        sp_tell_number(teller, SP_FIELD_UPDATED, sp_member_time(document, "latest_release_published_at"),
                       err) < 0 ||
        tell_maintainers(teller, document, err) < 0)
        return -1;
    return SP_READ;
}

/* ------------------------------------------------------------------ asking */

typedef int read_function(const struct sp_teller *teller, const char *bytes, size_t length,
                          struct sp_error *err);

static int
ask(const struct sp_client_call *call, struct sp_record *record, const struct sp_buffer *url,
    const char *source, read_function *read, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    const struct sp_asked how = { .optional = true };
    int status = sp_document_ask(call, url, &how, &answer, record, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, source, answer.time };
    return read(&teller, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

int
sp_ranks_ask(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    enum sp_ecosystem_id id = record->ecosystem->id;
    const struct sp_base *services = call->bases->services;
    sp_autobuffer struct sp_buffer url = { 0 };
    if (!call->ranks || record->presence != SP_PRESENT || !is_public(call, id))
        return 0;
    if (registries[id].system && sp_document_has_base(call, SP_SERVICE_DEPS_DEV)) {
        if (sp_url_join(&url, err, services[SP_SERVICE_DEPS_DEV].url, "v3/systems/", registries[id].system,
                        "/packages/", call->name, NULL) < 0 ||
            ask(call, record, &url, "deps.dev", sp_ranks_read_deps_dev, err) < 0)
            return -1;
    }
    if (!sp_document_has_base(call, SP_SERVICE_ECOSYSTEMS))
        return 0;
    if (sp_url_join(&url, err, services[SP_SERVICE_ECOSYSTEMS].url, "api/v1/registries/",
                    registries[id].registry, "/packages/", call->name, NULL) < 0)
        return -1;
    return ask(call, record, &url, "ecosyste.ms", sp_ranks_read_ecosystems, err);
}
