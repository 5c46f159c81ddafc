/* golang.c: asks a module proxy, and where ranks are admitted the host of the repository. */
#include "metadata/golang.h"
#include "metadata/members.h"
#include "metadata/semver.h"
#include "metadata/told.h"

#include <string.h>
#include <strings.h>

#define ZIP_MAX ((uint64_t)16 << 20) /* of a module that is read for its readme */

/* ------------------------------------------------------------------ asking */

/* Asks for BASE module WHAT version EXTENSION; VERSION may be NULL. As sp_client_ask. */
static int
ask(const struct sp_client_call *call, struct sp_record *record, const char *what, const char *version,
    const char *extension, struct sp_asked how, struct sp_answer *out, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer url = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_GOPROXY].url, NULL) < 0 ||
        sp_golang_escape(&url, call->name, err) < 0 || sp_buffer_append_string(&url, what, err) < 0 ||
        (version && sp_golang_escape(&url, version, err) < 0) ||
        sp_buffer_append_string(&url, extension, err) < 0)
        return -2;
    return sp_document_ask(call, &url, &how, out, record, err);
}

static int
ask_info(const struct sp_client_call *call, struct sp_record *record, const char *version,
         struct sp_golang_info *out, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    *out = (struct sp_golang_info){ .time = SP_TIME_UNKNOWN };
    int status = version ? ask(call, record, "/@v/", version, ".info", (struct sp_asked){ .immutable = true },
                               &answer, err)
                         : ask(call, record, "/@latest", NULL, "", (struct sp_asked){ 0 }, &answer, err);
    if (status != 1)
        return status;
    const struct sp_teller teller = { record, "Go module proxy", answer.time };
    status = sp_golang_read_info(&teller, answer.bytes, answer.length, out, err);
    return status < 0 ? -2 : status == SP_READ ? 1 : -1;
}

/* -------------------------------------------------------------- repository */

static bool
is_major(const char *element)
{
    return element[0] == 'v' && element[1] >= '0' && element[1] <= '9' &&
           strspn(element + 1, "0123456789") == strlen(element + 1);
}

/* "google/uuid" of "github.com/google/uuid/v2"; *ROOT: the module is the whole repository. */
static bool
github_repository(const char *name, char out[256], bool *root)
{
    if (strncmp(name, "github.com/", 11) != 0)
        return false;
    const char *owner = name + 11, *slash = strchr(owner, '/');
    if (!slash)
        return false;
    const char *end = slash + 1 + strcspn(slash + 1, "/");
    *root = !*end || is_major(end + 1);
    return snprintf(out, 256, "%.*s", (int)(end - owner), owner) < 256;
}

static int
ask_repository(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    char path[256];
    bool root;
    if (!call->ranks || !sp_document_has_base(call, SP_SERVICE_GITHUB) ||
        !github_repository(call->name, path, &root))
        return 0;
    sp_autobuffer struct sp_buffer url = { 0 };
    sp_autoanswer struct sp_answer answer = { 0 };
    if (sp_url_join(&url, err, call->bases->services[SP_SERVICE_GITHUB].url, "repos/", NULL) < 0 ||
        sp_url_append(&url, path, strlen(path), "/", err) < 0)
        return -1;
    int status = sp_document_ask(call, &url, &(struct sp_asked){ .optional = true }, &answer, record, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "GitHub API", answer.time };
    return sp_golang_read_repository(&teller, root, answer.bytes, answer.length, err) < 0 ? -1 : 0;
}

/* A path at a host of repositories is that repository, by how Go finds modules. */
static int
tell_from_path(const struct sp_teller *teller, const char *name, struct sp_error *err)
{
    static const char *const hosts[] = { "github.com/", "gitlab.com/", "bitbucket.org/", "codeberg.org/" };
    char url[SP_NAME_MAX + 16];
    for (size_t i = 0; i < SP_COUNT(hosts); i++) {
        size_t length = strlen(hosts[i]);
        const char *slash = strncmp(name, hosts[i], length) ? NULL : strchr(name + length, '/');
        if (!slash)
            continue;
        int end = (int)(slash + 1 + strcspn(slash + 1, "/") - name);
        int size = snprintf(url, sizeof(url), "https://%.*s", end, name);
        return sp_tell_text(teller, SP_FIELD_REPOSITORY, url, (size_t)size, err);
    }
    return 0;
}

/* ------------------------------------------------------------------ readme */

struct readme {
    const struct sp_teller *teller;
    bool found;
};

/* "module@version/README.md", of which the first folder is cut off: the module's path may have any depth, so
 * the '@' shows where it ends. */
static size_t
want_readme(void *context, const char *name)
{
    (void)context;
    const char *at = strrchr(name, '@'), *slash = at ? strchr(at, '/') : NULL;
    const char *file = !at ? name : slash ? slash + 1 : "";
    bool readme = !strncasecmp(file, "readme", 6) && (!file[6] || file[6] == '.') && !strchr(file, '/');
    return readme ? SP_RECORD_README_MAX + 1 : 0;
}

static int
got_readme(void *context, const char *name, const char *bytes, size_t length, bool cut, struct sp_error *err)
{
    (void)name, (void)cut;
    struct readme *readme = context;
    readme->found = true;
    return sp_tell_text(readme->teller, SP_FIELD_README, bytes, length, err) < 0 ? -1 : 1;
}

static int
ask_zip(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    struct sp_error why = { 0 };
    if (sp_record_knows(record, SP_FIELD_README))
        return 0;
    const struct sp_asked how = { .immutable = true, .max_bytes = ZIP_MAX };
    int status = ask(call, record, "/@v/", record->version, ".zip", how, &answer, err);
    if (status != 1)
        return status == -2 ? -1 : 0;
    const struct sp_teller teller = { record, "Go module zip", answer.time };
    struct readme readme = { &teller, false };
    const struct sp_members_reader reader = { want_readme, got_readme, &readme };
    if (sp_members_read(teller.source, answer.bytes, answer.length, &reader, &why) < 0) {
        if (why.code == SP_ERROR_MEMORY)
            return sp_fail_memory(err);
        return sp_record_problem(record, err, "%s", why.text);
    }
    return readme.found ? 0 : sp_tell_text(&teller, SP_FIELD_README, NULL, 0, err);
}

/* ------------------------------------------------------------------ go.mod */

static int
ask_mod(const struct sp_client_call *call, struct sp_record *record, const char *latest, struct sp_error *err)
{
    const struct sp_asked how = { .immutable = true };
    bool same = record->version && latest && !strcmp(record->version, latest);
    for (int newest = 1; newest >= 0; newest--) {
        const char *version = newest ? latest : record->version;
        sp_autoanswer struct sp_answer answer = { 0 };
        if (!version || (same && !newest))
            continue;
        int status = ask(call, record, "/@v/", version, ".mod", how, &answer, err);
        if (status == -2)
            return -1;
        if (status != 1)
            continue;
        const struct sp_teller teller = { record, "go.mod", answer.time };
        if ((newest && sp_golang_read_notices(&teller, answer.bytes, answer.length, err) < 0) ||
            ((same || !newest) && sp_golang_read_module(&teller, answer.bytes, answer.length, err) < 0))
            return -1;
    }
    return 0;
}

/* ---------------------------------------------------------------- describe */

/* The time of VERSION where it is one more request; commits carry it, so whoever commits chooses it. */
static int
tell_time(const struct sp_client_call *call, struct sp_record *record, enum sp_field field,
          const char *version, const struct sp_golang_info *known, struct sp_error *err)
{
    struct sp_golang_info info = *known;
    if (!version || sp_record_knows(record, field))
        return 0;
    for (size_t i = 0; i < record->release_count; i++)
        if (!strcmp(record->releases[i].number, version) && record->releases[i].time != SP_TIME_UNKNOWN)
            info = (struct sp_golang_info){ .version = version, .time = record->releases[i].time };
    if (!info.version || strcmp(info.version, version) != 0) {
        int status = ask_info(call, record, version, &info, err);
        if (status != 1)
            return status == -2 ? -1 : 0;
    }
    const struct sp_teller teller = { record, "Go module proxy", record->origins[SP_FIELD_RELEASES].time };
    if (info.time != SP_TIME_UNKNOWN)
        sp_tell_release_time(&teller, version, info.time);
    return sp_tell_number(&teller, field, info.time, err);
}

static int
describe_deeply(const struct sp_client_call *call, struct sp_record *record, const char *latest,
                const struct sp_golang_info *known, struct sp_error *err)
{
    const struct sp_teller teller = { record, "module path", record->origins[SP_FIELD_RELEASES].time };
    /* better sources first: the host's word before what is made of the path */
    if (ask_mod(call, record, latest, err) < 0 || ask_repository(call, record, err) < 0 ||
        tell_time(call, record, SP_FIELD_CREATED, sp_golang_first(record), known, err) < 0 ||
        tell_time(call, record, SP_FIELD_UPDATED, latest, known, err) < 0 ||
        tell_from_path(&teller, call->name, err) < 0 ||
        sp_tell_owner(&teller, record->namespace_, false, err) < 0)
        return -1;
    return record->version ? ask_zip(call, record, err) : 0;
}

/* Asks which versions there are. *KNOWN: false where nobody said. */
static int
ask_versions(const struct sp_client_call *call, struct sp_record *record, struct sp_golang_info *latest,
             struct sp_error *err)
{
    sp_autoanswer struct sp_answer answer = { 0 };
    int listed = ask(call, record, "/@v/list", NULL, "", (struct sp_asked){ 0 }, &answer, err);
    if (listed == -2)
        return -1;
    if (listed == 1) {
        const struct sp_teller teller = { record, "Go module proxy", answer.time };
        if (sp_golang_read_list(&teller, answer.bytes, answer.length, err) < 0)
            return -1;
    }
    /* a list of releases says what is latest; a module that has none may have commits */
    int newest = 0;
    if (!record->release_count || call->depth == SP_DEPTH_FULL)
        newest = ask_info(call, record, NULL, latest, err);
    if (newest == -2)
        return -1;
    if (record->release_count || newest == 1)
        record->presence = SP_PRESENT;
    else if (listed == 0 && newest == 0)
        record->presence = SP_ABSENT; /* 410 says the same as 404 here */
    else if (listed == 1 && newest == 0)
        return sp_record_problem(record, err, "the module proxy lists no version");
    return 0;
}

static int
describe(const struct sp_client_call *call, struct sp_record *record, struct sp_error *err)
{
    struct sp_golang_info info = { .time = SP_TIME_UNKNOWN };
    if (!sp_document_has_base(call, SP_SERVICE_GOPROXY))
        return sp_record_problem(record, err, "GOPROXY is off or direct: there is no proxy to ask");
    if (sp_bases_go_private(call->bases, call->name))
        return sp_record_problem(record, err, "GONOPROXY or GOPRIVATE says that no proxy is to hear of it");
    if (sp_document_namespace(record, call->name, err) < 0 || ask_versions(call, record, &info, err) < 0)
        return -1;
    if (record->presence != SP_PRESENT)
        return 0;
    const char *latest = info.version ? info.version : sp_golang_latest(record);
    record->version = latest;
    if (call->version &&
        !(record->version = sp_arena_copy(&record->arena, call->version, strlen(call->version), err)))
        return -1;
    const struct sp_teller teller = { record, "Go module proxy", record->origins[SP_FIELD_RELEASES].time };
    if (info.repository &&
        sp_tell_link(&teller, SP_FIELD_REPOSITORY, info.repository, strlen(info.repository), err) < 0)
        return -1;
    /* a module without releases: its only version is the commit that @latest names */
    if (!record->release_count && info.version && sp_tell_list(&teller, SP_FIELD_RELEASES) &&
        sp_tell_release(&teller, info.version, strlen(info.version), info.time, false, err) < 0)
        return -1;
    if (call->depth == SP_DEPTH_SHORT)
        return sp_tell_number(&teller, SP_FIELD_UPDATED, info.time, err);
    return describe_deeply(call, record, latest, &info, err);
}

const struct sp_client sp_client_golang = {
    .ecosystem = SP_GOLANG,
    .source = "go.dev/ref/mod, GOPROXY protocol",
    .describe = describe,
};
