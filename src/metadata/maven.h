/* maven.h: the documents of a Maven repository, read. */
#pragma once
#include "manifest/pom_properties.h"
#include "metadata/documents.h"

#define SP_MAVEN_PARENTS_MAX 8
#define SP_MAVEN_RELOCATIONS_MAX 4

struct sp_maven_id {
    const char *group, *artefact, *version; /* "" where not given */
};

/* A POM as it is written: nothing interpolated. Everything lives in the arena that it was read with. */
struct sp_maven_pom {
    struct sp_maven_id self, parent, relocation;
    bool has_parent, has_relocation;
    const char *description, *url, *scm_url, *scm_connection, *message; /* "" where not given */
    struct sp_name_list licences;
    struct sp_person *developers;
    struct sp_maven_id *needs;
    size_t developer_count, developer_capacity, need_count, need_capacity;
    struct {
        const char *name, *value;
    } * properties;
    size_t property_count, property_capacity;
};
void sp_maven_pom_free(struct sp_maven_pom *pom);

/* Each returns SP_READ, SP_NOT_READ or -1. */
int sp_maven_read_pom(const struct sp_teller *teller, const char *bytes, size_t length,
                      struct sp_arena *arena, struct sp_maven_pom *out, struct sp_error *err);
/* maven-metadata.xml. */
struct sp_maven_versions {
    const char
        *latest; /* the release that it names, else the last of all; in the record's arena; NULL none */
};
int sp_maven_read_metadata(const struct sp_teller *teller, const char *bytes, size_t length,
                           struct sp_maven_versions *out, struct sp_error *err);
/* The answer of the search service for all versions of one artefact. */
int sp_maven_read_search(const struct sp_teller *teller, const char *bytes, size_t length,
                         struct sp_error *err);

/* Tells what COUNT POMs say together: the package's own first, then its parent, and so on. WHOLE: the last
 * has no further parent, so that what nobody says is not said at all. */
int sp_maven_tell(const struct sp_teller *teller, const struct sp_maven_pom *poms, size_t count, bool whole,
                  struct sp_error *err);
/* "group:artefact" that POM's relocation leads to, with what it does not give taken from POM itself. */
int sp_maven_relocation(const struct sp_maven_pom *pom, const struct sp_maven_id *self,
                        struct sp_maven_id *out);
