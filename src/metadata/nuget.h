/* nuget.h: the documents of a NuGet v3 source, read. Each returns SP_READ, SP_NOT_READ or -1. */
#pragma once
#include "metadata/documents.h"

#define SP_NUGET_PAGES_MAX 16 /* asked of one registration */

/* The service index. In the record's arena; NULL where the source has no such service. */
struct sp_nuget_services {
    const char *registrations, *contents, *search, *readme;
};
/* ORIGIN: the URL of the index; services are taken only from https where it is. */
int sp_nuget_read_services(const struct sp_teller *teller, const char *origin, const char *bytes,
                           size_t length, struct sp_nuget_services *out, struct sp_error *err);

/* A registration that is being read, page by page. */
struct sp_nuget_registration {
    const char *wanted;        /* version; NULL the latest */
    struct sp_name_list pages; /* URLs of pages that are not within the index, in the record's arena */
    json_t *described;         /* owned: the catalogue entry of the version described so far */
    const char *id;            /* of it, as the registry writes it */
    bool tells, timed;
    size_t releases;
};
void sp_nuget_registration_free(struct sp_nuget_registration *registration);
/* The index, then each page. */
int sp_nuget_read_page(const struct sp_teller *teller, struct sp_nuget_registration *registration,
                       const char *bytes, size_t length, struct sp_error *err);
/* Tells what the described version's entry says, and sets the record's version. */
int sp_nuget_tell(const struct sp_teller *teller, struct sp_nuget_registration *registration,
                  struct sp_error *err);
int sp_nuget_read_nuspec(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err);
/* The search's answer, of which the entry with the record's name is used. */
int sp_nuget_read_search(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err);
