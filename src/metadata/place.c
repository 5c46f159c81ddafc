#include "metadata/place.h"
#include "proxy/hosts.h"

#include <string.h>

static void
close_hosts(struct sp_hosts **hosts)
{
    sp_hosts_free(*hosts);
}

/* What went wrong short of memory is the document's fault: a problem of the record. */
static int
refuse(const struct sp_error *failure, struct sp_record *record, struct sp_error *err)
{
    if (failure->code == SP_ERROR_MEMORY)
        return sp_fail_memory(err);
    return sp_record_problem(record, err, "%s", failure->text);
}

int
sp_place_admit(struct sp_buffer *out, const struct sp_bases *bases, const char *page, const char *reference,
               struct sp_record *record, struct sp_error *err)
{
    __attribute__((cleanup(close_hosts))) struct sp_hosts *hosts = NULL;
    sp_autoupstream struct sp_upstream base = { 0 }, place = { 0 };
    struct sp_error failure = { 0 };
    size_t length = strlen(reference), authority_length;
    if (page ? sp_upstream_read(&base, page, strlen(page), &failure) < 0 ||
                   sp_upstream_resolve(&place, &base, reference, length, &failure) < 0
             : sp_upstream_read(&place, reference, length, &failure) < 0)
        return refuse(&failure, record, err);
    if (sp_hosts_new(&hosts, bases->registries, NULL, &failure) < 0)
        return refuse(&failure, record, err);
    if (sp_hosts_admit(hosts, &place, &failure) < 0) {
        if (failure.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        const char *authority = sp_upstream_authority(&place, &authority_length);
        return sp_record_problem(record, err,
                                 "%.*s: the registry points there, and it is none of the registries' hosts; "
                                 "it is not asked",
                                 (int)authority_length, authority);
    }
    return sp_buffer_append_string(out, place.url, err) < 0 ? -1 : 1;
}
