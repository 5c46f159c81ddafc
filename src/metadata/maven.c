/* maven.c: asks a Maven repository. Metadata and POM are one file each; parents and relocations lead to more,
 * of which a limited number is followed. */
#include "metadata/maven.h"

#include <string.h>

#define SOURCE_POM "POM"

struct asking {
    const struct sp_client_call *call;
    struct sp_record *record;
    struct sp_error *err;
    struct sp_arena arena; /* of the POMs */
    struct sp_maven_pom poms[SP_MAVEN_PARENTS_MAX + 1];
    struct sp_maven_id ids[SP_MAVEN_PARENTS_MAX + 1];
    size_t count;
};

static void
asking_free(struct asking *asking)
{
    for (size_t i = 0; i < asking->count; i++)
        sp_maven_pom_free(&asking->poms[i]);
    sp_arena_free(&asking->arena);
}

/* -------------------------------------------------------------------- URLs */

/* Whether a word from a POM may be a part of a path: what it is made of decides where the request goes. */
static bool
may_be_asked(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    size_t length = strlen(word);
    return length && length < 256 && word[0] != '.' && strspn(word, plain) == length && !strstr(word, "..");
}

static int
directory_url(struct asking *asking, const struct sp_maven_id *id, struct sp_buffer *url)
{
    if (sp_url_join(url, asking->err, asking->call->bases->services[SP_SERVICE_MAVEN].url, NULL) < 0)
        return -1;
    size_t from = url->length;
    if (sp_url_append(url, id->group, strlen(id->group), "", asking->err) < 0)
        return -1;
    for (size_t i = from; i < url->length; i++)
        if (url->bytes[i] == '.')
            url->bytes[i] = '/';
    return sp_buffer_append_byte(url, '/', asking->err) < 0 ||
                   sp_url_append(url, id->artefact, strlen(id->artefact), "", asking->err) < 0 ||
                   sp_buffer_append_byte(url, '/', asking->err) < 0
               ? -1
               : 0;
}

static int
pom_url(struct asking *asking, const struct sp_maven_id *id, struct sp_buffer *url)
{
    if (directory_url(asking, id, url) < 0 ||
        sp_url_append(url, id->version, strlen(id->version), "", asking->err) < 0 ||
        sp_buffer_append_byte(url, '/', asking->err) < 0 ||
        sp_url_append(url, id->artefact, strlen(id->artefact), "", asking->err) < 0 ||
        sp_buffer_append_byte(url, '-', asking->err) < 0 ||
        sp_url_append(url, id->version, strlen(id->version), "", asking->err) < 0)
        return -1;
    return sp_buffer_append_string(url, ".pom", asking->err);
}

/* -------------------------------------------------------------------- POMs */

/* 1, 0: there is none or it cannot be read, -1. TELLER's time becomes that of the answer. */
static int
ask_pom(struct asking *asking, const struct sp_maven_id *id, struct sp_maven_pom *out,
        struct sp_teller *teller)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (!may_be_asked(id->group) || !may_be_asked(id->artefact) || !may_be_asked(id->version))
        return sp_record_problem(asking->record, asking->err, "%s: '%.100s:%.100s:%.60s' names no file",
                                 SOURCE_POM, id->group, id->artefact, id->version);
    if (pom_url(asking, id, &url) < 0)
        return -1;
    const struct sp_asked how = { .immutable = !strstr(id->version, "SNAPSHOT") };
    int status = sp_document_ask(asking->call, &url, &how, &answer, asking->record, asking->err);
    if (status == 0)
        return sp_record_problem(asking->record, asking->err, "%s: there is none for %s:%s:%s", SOURCE_POM,
                                 id->group, id->artefact, id->version);
    if (status != 1)
        return status == -2 ? -1 : 0;
    *teller = (struct sp_teller){ asking->record, SOURCE_POM, answer.time };
    status = sp_maven_read_pom(teller, answer.bytes, answer.length, &asking->arena, out, asking->err);
    if (status != SP_READ)
        sp_maven_pom_free(out);
    return status;
}

static bool
same_package(const struct sp_maven_id *a, const struct sp_maven_id *b)
{
    return !strcmp(a->group, b->group) && !strcmp(a->artefact, b->artefact);
}

static bool
was_asked(const struct asking *asking, const struct sp_maven_id *id)
{
    for (size_t i = 0; i < asking->count; i++)
        if (same_package(&asking->ids[i], id) && !strcmp(asking->ids[i].version, id->version))
            return true;
    return false;
}

/* Reads the parents; *WHOLE: all of them. */
static int
ask_parents(struct asking *asking, bool *whole)
{
    struct sp_teller teller;
    *whole = false;
    for (;;) {
        const struct sp_maven_pom *last = &asking->poms[asking->count - 1];
        if (!last->has_parent) {
            *whole = true;
            return 0;
        }
        if (was_asked(asking, &last->parent))
            return sp_record_problem(asking->record, asking->err, "%s: its parents lead in a circle",
                                     SOURCE_POM);
        if (asking->count > SP_MAVEN_PARENTS_MAX)
            return sp_record_problem(asking->record, asking->err,
                                     "%s: more than %d parents; the rest is not read", SOURCE_POM,
                                     SP_MAVEN_PARENTS_MAX);
        asking->ids[asking->count] = last->parent;
        int status = ask_pom(asking, &last->parent, &asking->poms[asking->count], &teller);
        if (status != 1)
            return status;
        asking->count++;
    }
}

/* Reports where the package has moved to in the end, as far as that is followed. */
static int
follow_relocations(struct asking *asking, const struct sp_teller *teller)
{
    struct sp_maven_id seen[SP_MAVEN_RELOCATIONS_MAX + 1] = { asking->ids[0] }, next;
    struct sp_teller ignored;
    size_t moves = 0;
    if (!sp_maven_relocation(&asking->poms[0], &seen[0], &next))
        return sp_tell_text(teller, SP_FIELD_RELOCATED, NULL, 0, asking->err);
    bool circle = false, more = true;
    while (more && !circle && moves < SP_MAVEN_RELOCATIONS_MAX) {
        for (size_t i = 0; i <= moves; i++)
            circle |= same_package(&seen[i], &next);
        if (circle)
            break;
        seen[++moves] = next;
        if (moves == SP_MAVEN_RELOCATIONS_MAX)
            break;
        struct sp_maven_pom pom = { 0 };
        int status = ask_pom(asking, &next, &pom, &ignored);
        more = status == 1 && sp_maven_relocation(&pom, &seen[moves], &next);
        sp_maven_pom_free(&pom);
        if (status < 0)
            return -1;
    }
    if ((circle || moves == SP_MAVEN_RELOCATIONS_MAX) &&
        sp_record_problem(asking->record, asking->err, "%s: its relocations %s", SOURCE_POM,
                          circle ? "lead in a circle" : "go on further than is followed") < 0)
        return -1;
    const struct sp_maven_id *end = &seen[circle ? (moves ? 1 : 0) : moves];
    char name[SP_NAME_MAX + 8];
    if (!may_be_asked(end->group) || !may_be_asked(end->artefact) || same_package(end, &seen[0]))
        return 0;
    int length = snprintf(name, sizeof(name), "%.255s:%.255s", end->group, end->artefact);
    if (*asking->poms[0].message && sp_tell_text(teller, SP_FIELD_DEPRECATED, asking->poms[0].message,
                                                 strlen(asking->poms[0].message), asking->err) < 0)
        return -1;
    return sp_tell_text(teller, SP_FIELD_RELOCATED, name, (size_t)length, asking->err);
}

static int
describe_version(struct asking *asking, const struct sp_maven_id *id)
{
    struct sp_teller teller = { 0 };
    bool whole = false;
    asking->ids[0] = *id;
    int status = ask_pom(asking, id, &asking->poms[0], &teller);
    if (status != 1)
        return status;
    asking->count = 1;
    asking->record->presence = SP_PRESENT;
    if (!*asking->poms[0].self.artefact && !asking->poms[0].has_parent &&
        sp_record_problem(asking->record, asking->err, "%s: a stub that says nothing of the package",
                          SOURCE_POM) < 0)
        return -1;
    if (asking->call->depth == SP_DEPTH_FULL &&
        (ask_parents(asking, &whole) < 0 || follow_relocations(asking, &teller) < 0))
        return -1;
    whole |= !asking->poms[0].has_parent;
    return sp_maven_tell(&teller, asking->poms, asking->count, whole, asking->err);
}

/* ---------------------------------------------------------------- versions */

/* 0, or -1. */
static int
ask_versions(struct asking *asking, const struct sp_maven_id *id, struct sp_maven_versions *out)
{
    struct sp_record *record = asking->record;
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    *out = (struct sp_maven_versions){ 0 };
    if (directory_url(asking, id, &url) < 0 ||
        sp_buffer_append_string(&url, "maven-metadata.xml", asking->err) < 0)
        return -1;
    int status = sp_document_ask(asking->call, &url, &(struct sp_asked){ 0 }, &answer, record, asking->err);
    if (status == 0)
        sp_document_missing(record, answer.status);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "Maven metadata", answer.time };
    status = sp_maven_read_metadata(&teller, answer.bytes, answer.length, out, asking->err);
    if (status != SP_READ)
        return status;
    record->presence = SP_PRESENT;
    record->version = out->latest;
    return 0;
}

/* The search knows when each version came. It is asked only about what its own repository serves: a name from
 * elsewhere may be a secret. */
static int
ask_search(struct asking *asking, const struct sp_maven_id *id)
{
    const struct sp_base *repository = &asking->call->bases->services[SP_SERVICE_MAVEN];
    const char *base = asking->call->bases->services[SP_SERVICE_MAVEN_SEARCH].url;
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (asking->call->depth != SP_DEPTH_FULL ||
        !sp_document_has_base(asking->call, SP_SERVICE_MAVEN_SEARCH) ||
        (!sp_url_at(repository->url, "repo1.maven.org") &&
         !sp_url_at(repository->url, "repo.maven.apache.org")))
        return 0;
    if (sp_url_join(&url, asking->err, base, "?q=g:%22", id->group, "%22+AND+a:%22", id->artefact,
                    "%22&core=gav&rows=200&wt=json", NULL) < 0)
        return -1;
    int status = sp_document_ask(asking->call, &url, &(struct sp_asked){ .optional = true }, &answer,
                                 asking->record, asking->err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { asking->record, "Maven search", answer.time };
    return sp_maven_read_search(&teller, answer.bytes, answer.length, asking->err) < 0 ? -1 : 0;
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    __attribute__((cleanup(asking_free))) struct asking asking = { call, record, err };
    const char *colon = strchr(call->name, ':');
    if (!sp_document_has_base(call, SP_SERVICE_MAVEN))
        return sp_record_problem(record, err, "Maven is switched off");
    if (!colon)
        return sp_record_problem(record, err, "a Maven name is group:artifact");
    struct sp_maven_id id = { .artefact = colon + 1 };
    struct sp_maven_versions versions;
    id.group = sp_arena_copy(&asking.arena, call->name, (size_t)(colon - call->name), err);
    if (!id.group || sp_document_namespace(record, call->name, err) < 0 ||
        ask_versions(&asking, &id, &versions) < 0)
        return -1;
    if (call->version &&
        !(record->version = sp_arena_copy(&record->arena, call->version, strlen(call->version), err)))
        return -1;
    if (record->presence == SP_PRESENT) {
        const struct sp_teller teller = { record, "Maven group", record->origins[SP_FIELD_RELEASES].time };
        /* lastUpdated is when a file was written, by the repository or a mirror: no release's time */
        if (sp_tell_owner(&teller, id.group, false, err) < 0 || ask_search(&asking, &id) < 0)
            return -1;
    }
    /* a repository that keeps no metadata may still have the version that was asked for */
    if (!record->version || (record->presence != SP_PRESENT && !call->version))
        return 0;
    id.version = record->version;
    return describe_version(&asking, &id);
}

const struct sp_client sp_client_maven = {
    .ecosystem = SP_MAVEN,
    .source = "maven.apache.org, Repository Layout, Repository Metadata and POM Reference",
    .describe = describe,
};
