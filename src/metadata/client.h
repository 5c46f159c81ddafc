/* client.h: how each registry is asked about a package. One file a registry, one const struct. */
#pragma once
#include "metadata/bases.h"
#include "metadata/record.h"
#include "metadata/transport.h"

#define SP_DOCUMENT_MAX ((uint64_t)256 << 20) /* of one document; npm's largest packuments have 100 MB */
#define SP_ARTEFACT_MAX ((uint64_t)64 << 20)  /* of an artefact that is read for its manifest */

enum sp_depth {
    SP_DEPTH_SHORT, /* existence, versions and times, description: what one request gives */
    SP_DEPTH_FULL,  /* every field that the registry or the artefact can give */
};

struct sp_client_call {
    const struct sp_transport *transport;
    const struct sp_bases *bases;
    const char *name;    /* valid for the ecosystem, as it was typed */
    const char *version; /* NULL: the latest */
    enum sp_depth depth;
    bool ranks; /* the optional sources of rank and downloads may be asked */
};

struct sp_client {
    enum sp_ecosystem_id ecosystem;
    const char *source; /* where the protocol is written down */
    /* Fills RECORD (made by sp_record_new) with what can be had; what fails is a problem of the record and
     * leaves its fields unknown. -1 only where memory ran out. */
    int (*describe)(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err);
};
extern const struct sp_client *const sp_clients[SP_ECOSYSTEM_COUNT]; /* in the order of their ids */
extern const struct sp_client sp_client_npm, sp_client_pypi, sp_client_rubygems, sp_client_maven,
    sp_client_golang, sp_client_huggingface, sp_client_cargo, sp_client_nuget;

/* Appends TEXT to URL with everything but unreserved characters (RFC 3986) and those in KEEP escaped. */
int sp_url_append(struct sp_buffer *url, const char *text, size_t length, const char *keep,
                  struct sp_error *err);

/* Asks, and sorts the outcome: 1 with OUT filled (status 200 or 206), 0 where the registry has none (404,
 * 410; record->presence is not touched, OUT->status says which), -1 where it is not known: a problem is
 * added to RECORD in words ("registry.npmjs.org: answered 500 to ..."). -2: memory ran out, ERR filled. */
int sp_client_ask(const struct sp_client_call *call, const struct sp_asked *asked, struct sp_answer *out,
                  struct sp_record *record, struct sp_error *err);
