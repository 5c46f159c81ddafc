/* nuget.c: asks a NuGet v3 source: its service index says where everything else is. */
#include "metadata/nuget.h"

#include <string.h>
#include <strings.h>

struct asking {
    const struct sp_client_call *call;
    struct sp_record *record;
    struct sp_error *err;
    struct sp_nuget_services services;
    struct sp_nuget_registration registration;
    char id[SP_NAME_MAX + 1]; /* lower case, as URLs have it */
};

static void
asking_free(struct asking *asking)
{
    sp_nuget_registration_free(&asking->registration);
}

static void
lower(char *out, size_t size, const char *text)
{
    size_t i = 0;
    for (; text[i] && i + 1 < size; i++)
        out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    out[i] = '\0';
}

/* BASE with a '/' at its end. */
static int
start_url(struct sp_buffer *url, const char *base, struct sp_error *err)
{
    if (sp_url_join(url, err, base, NULL) < 0)
        return -1;
    return url->length && url->bytes[url->length - 1] == '/' ? 0 : sp_buffer_append_byte(url, '/', err);
}

/* ------------------------------------------------------------- registration */

/* As sp_client_ask. */
static int
ask_page(struct asking *asking, const struct sp_buffer *url, long *missing)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    int status =
        sp_document_ask(asking->call, url, &(struct sp_asked){ 0 }, &answer, asking->record, asking->err);
    if (status == 0)
        *missing = answer.status;
    if (status != 1)
        return status;
    const struct sp_teller teller = { asking->record, "NuGet registration", answer.time };
    status = sp_nuget_read_page(&teller, &asking->registration, answer.bytes, answer.length, asking->err);
    return status < 0 ? -2 : status == SP_READ ? 1 : -1;
}

/* The newest versions are on the last pages. */
static int
ask_pages(struct asking *asking)
{
    struct sp_name_list *pages = &asking->registration.pages;
    size_t all = pages->count, asked = 0;
    long missing;
    for (; asked < SP_NUGET_PAGES_MAX && asked < all; asked++) {
        sp_autobuffer struct sp_buffer url = { 0 };
        const char *page = pages->items[all - 1 - asked];
        bool secure = !strncasecmp(asking->services.registrations, "https://", 8);
        if (strncasecmp(page, "https://", 8) && (secure || strncasecmp(page, "http://", 7)))
            continue;
        if (sp_buffer_append_string(&url, page, asking->err) < 0)
            return -1;
        int status = ask_page(asking, &url, &missing);
        if (status == -2)
            return -1;
        if (status != 1)
            return 0; /* some are left: the times are not known of all */
    }
    if (asked < all)
        return sp_record_problem(asking->record, asking->err, "NuGet registration: %zu of %zu pages are read",
                                 asked, all);
    pages->count = 0; /* nothing is left unread */
    return 0;
}

static int
ask_registration(struct asking *asking)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    long missing = 0;
    if (start_url(&url, asking->services.registrations, asking->err) < 0 ||
        sp_url_append(&url, asking->id, strlen(asking->id), "", asking->err) < 0 ||
        sp_buffer_append_string(&url, "/index.json", asking->err) < 0)
        return -1;
    int status = ask_page(asking, &url, &missing);
    if (status == 0)
        sp_document_missing(asking->record, missing);
    if (status != 1)
        return status == -2 ? -1 : 0;
    asking->record->presence = SP_PRESENT;
    if (ask_pages(asking) < 0)
        return -1;
    const struct sp_teller teller = { asking->record, "NuGet registration",
                                      asking->record->origins[SP_FIELD_RELEASES].time };
    return sp_nuget_tell(&teller, &asking->registration, asking->err) < 0 ? -1 : 0;
}

/* -------------------------------------------------- nuspec, readme and search */

static int
ask_nuspec(struct asking *asking)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    char version[130];
    if (!asking->services.contents || !asking->record->version)
        return 0;
    lower(version, sizeof(version), asking->record->version);
    version[strcspn(version, "+")] = '\0';
    if (start_url(&url, asking->services.contents, asking->err) < 0 ||
        sp_url_append(&url, asking->id, strlen(asking->id), "", asking->err) < 0 ||
        sp_buffer_append_byte(&url, '/', asking->err) < 0 ||
        sp_url_append(&url, version, strlen(version), "", asking->err) < 0 ||
        sp_buffer_append_byte(&url, '/', asking->err) < 0 ||
        sp_url_append(&url, asking->id, strlen(asking->id), "", asking->err) < 0 ||
        sp_buffer_append_string(&url, ".nuspec", asking->err) < 0)
        return -1;
    const struct sp_asked how = { .immutable = true };
    int status = sp_document_ask(asking->call, &url, &how, &answer, asking->record, asking->err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { asking->record, "nuspec", answer.time };
    return sp_nuget_read_nuspec(&teller, answer.bytes, answer.length, asking->err) < 0 ? -1 : 0;
}

/* "https://.../{lower_id}/{lower_version}/readme" */
static int
fill_template(struct asking *asking, struct sp_buffer *url, const char *version)
{
    static const char id_mark[] = "{lower_id}", version_mark[] = "{lower_version}";
    for (const char *at = asking->services.readme; *at;) {
        bool id = !strncmp(at, id_mark, sizeof(id_mark) - 1);
        bool number = !strncmp(at, version_mark, sizeof(version_mark) - 1);
        const char *put = id ? asking->id : version;
        if (id || number ? sp_url_append(url, put, strlen(put), "", asking->err) < 0
                         : sp_buffer_append_byte(url, *at, asking->err) < 0)
            return -1;
        at += id ? sizeof(id_mark) - 1 : number ? sizeof(version_mark) - 1 : 1;
    }
    return 0;
}

static int
ask_readme(struct asking *asking)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    char version[130];
    if (!asking->services.readme || !asking->record->version)
        return 0;
    lower(version, sizeof(version), asking->record->version);
    version[strcspn(version, "+")] = '\0';
    if (fill_template(asking, &url, version) < 0)
        return -1;
    const struct sp_asked how = { .immutable = true };
    int status = sp_document_ask(asking->call, &url, &how, &answer, asking->record, asking->err);
    const struct sp_teller teller = { asking->record, "NuGet readme", answer.time };
    if (status != 1 && status != 0)
        return status == -2 ? -1 : 0;
    return sp_tell_text(&teller, SP_FIELD_README, status ? answer.bytes : NULL, status ? answer.length : 0,
                        asking->err);
}

static int
ask_search(struct asking *asking)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (!asking->services.search)
        return 0;
    if (sp_url_join(&url, asking->err, asking->services.search, "?q=packageid:", asking->id,
                    "&prerelease=true&semVerLevel=2.0.0&take=5", NULL) < 0)
        return -1;
    const struct sp_asked how = { .optional = true };
    int status = sp_document_ask(asking->call, &url, &how, &answer, asking->record, asking->err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { asking->record, "NuGet search", answer.time };
    return sp_nuget_read_search(&teller, answer.bytes, answer.length, asking->err) < 0 ? -1 : 0;
}

/* ---------------------------------------------------------------- describe */

static int
ask_services(struct asking *asking)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    const char *base = asking->call->bases->services[SP_SERVICE_NUGET].url;
    if (sp_url_join(&url, asking->err, base, NULL) < 0)
        return -1;
    int status =
        sp_document_ask(asking->call, &url, &(struct sp_asked){ 0 }, &answer, asking->record, asking->err);
    if (status == 0)
        return sp_record_problem(asking->record, asking->err, "%s: there is no service index", base);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { asking->record, "NuGet service index", answer.time };
    return sp_nuget_read_services(&teller, base, answer.bytes, answer.length, &asking->services, asking->err);
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    __attribute__((
        cleanup(asking_free))) struct asking asking = { .call = call, .record = record, .err = err };
    if (!sp_document_has_base(call, SP_SERVICE_NUGET))
        return sp_record_problem(record, err, "NuGet is switched off");
    lower(asking.id, sizeof(asking.id), call->name);
    asking.registration.wanted = call->version;
    int status = ask_services(&asking);
    if (status != SP_READ)
        return status;
    if (!asking.services.registrations)
        return sp_record_problem(record, err, "NuGet service index: no package metadata is offered");
    if (ask_registration(&asking) < 0)
        return -1;
    if (record->presence != SP_PRESENT || call->depth == SP_DEPTH_SHORT)
        return 0;
    return ask_nuspec(&asking) < 0 || ask_readme(&asking) < 0 || ask_search(&asking) < 0 ? -1 : 0;
}

const struct sp_client sp_client_nuget = {
    .ecosystem = SP_NUGET,
    .source = "learn.microsoft.com/nuget/api",
    .describe = describe,
};
