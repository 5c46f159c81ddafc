/* documents.h: what the clients of the smaller registries share: URLs, and JSON and XML documents as trees.
 * None of these trees can outgrow its document by much: how many values it holds is counted first. */
#pragma once
#include "metadata/client.h"

#include <jansson.h>
#include <libxml/tree.h>

#define SP_TREE_MAX ((uint64_t)8 << 20)         /* bytes of a document that is read as a tree */
#define SP_TREE_VALUES_MAX ((size_t)500000)     /* values or elements of one */
#define SP_TREE_CONTAINERS_MAX ((size_t)150000) /* objects and arrays among them, which cost most */

/* Parsers of registry documents return: */
enum { SP_NOT_READ = 0 /* a problem of the record says why */, SP_READ = 1 }; /* -1: memory ran out */

/* Makes URL of BASE and pieces, NULL-terminated: a literal, a text that is escaped, a literal, ... */
int sp_url_join(struct sp_buffer *url, struct sp_error *err, const char *base, ...) __attribute__((sentinel));
/* sp_client_ask for URL on behalf of the record's ecosystem. HOW gives the rest (limits, flags). */
int sp_document_ask(const struct sp_client_call *call, const struct sp_buffer *url,
                    const struct sp_asked *how, struct sp_answer *out, struct sp_record *record,
                    struct sp_error *err);
/* Whether a service is asked at all. */
bool sp_document_has_base(const struct sp_client_call *call, enum sp_service service);
/* Whether BASE is at HOST, whatever the scheme. */
bool sp_url_at(const char *url, const char *host);
/* Sets namespace_ of the record from the name, by the ecosystem's rules; a name without one has none. */
int sp_document_namespace(struct sp_record *record, const char *name, struct sp_error *err);
/* SP_PRESENT, or what a status of 404 or 410 means. */
void sp_document_missing(struct sp_record *record, long status);
/* Tells OWNER, and that the registry says it is an organisation where it does. */
int sp_tell_owner(const struct sp_teller *teller, const char *owner, bool organisation, struct sp_error *err);

/* ---- JSON ---- */

/* What is no JSON, or too large, is SP_NOT_READ. *OUT is the caller's (json_decref). */
int sp_document_json(const struct sp_teller *teller, const char *bytes, size_t length, json_t **out,
                     struct sp_error *err);
static inline void
sp_cleanup_json_tree(json_t **tree)
{
    json_decref(*tree);
}
#define sp_autotree __attribute__((cleanup(sp_cleanup_json_tree)))

/* NULL where KEY has no string; NULL is fine for OBJECT in all of these. */
const char *sp_member_text(const json_t *object, const char *key);
const json_t *sp_member(const json_t *object, const char *key);
/* SP_TIME_UNKNOWN where KEY has no time. */
int64_t sp_member_time(const json_t *object, const char *key);
/* -1 where KEY has no whole number at least 0. */
int64_t sp_member_number(const json_t *object, const char *key);
bool sp_member_true(const json_t *object, const char *key);
/* Tells FIELD what KEY says: a string, or null as nothing; another shape or no such key says nothing. */
int sp_tell_member(const struct sp_teller *teller, enum sp_field field, const json_t *object, const char *key,
                   struct sp_error *err);
/* The same for repository and homepage. */
int sp_tell_member_link(const struct sp_teller *teller, enum sp_field field, const json_t *object,
                        const char *key, struct sp_error *err);
/* Tells a licence that is an array of strings or one string. */
int sp_tell_member_licences(const struct sp_teller *teller, const json_t *object, const char *key,
                            struct sp_error *err);
/* Tells a list of names that is an array of strings. */
int sp_tell_member_names(const struct sp_teller *teller, enum sp_field field, const json_t *object,
                         const char *key, struct sp_error *err);

/* ---- XML ---- */

/* Nothing is loaded and no entity defined: a document type declaration is refused. */
int sp_document_xml(const struct sp_teller *teller, const char *bytes, size_t length, xmlDoc **out,
                    struct sp_error *err);
static inline void
sp_cleanup_xml_tree(xmlDoc **tree)
{
    if (*tree)
        xmlFreeDoc(*tree);
}
#define sp_autoxml __attribute__((cleanup(sp_cleanup_xml_tree)))

/* The first child element NAME, whatever its XML namespace; the next one after NODE of the same name. */
const xmlNode *sp_element_child(const xmlNode *node, const char *name);
const xmlNode *sp_element_next(const xmlNode *node);
/* The text directly within NODE, trimmed and copied into ARENA; "" for NULL. NULL: memory ran out. */
const char *sp_element_text(const xmlNode *node, struct sp_arena *arena, struct sp_error *err);
