#include "base/clock.h"
#include "gate/evidence.h"
#include "ecosystem/purl.h"

#include <string.h>
#include <time.h>

/* ---------------------------------------------------------------- packages */

static const char *
keep(struct sp_evidence *evidence, const char *string)
{
    const char *kept = string ? sp_arena_copy(&evidence->arena, string, strlen(string), NULL) : NULL;
    if (string && !kept)
        evidence->failed = true;
    return kept;
}

/* The package of that name and version, entered where it is new; NULL: no room. */
static struct sp_run_package *
enter(struct sp_evidence *evidence, const struct sp_ecosystem *ecosystem, const char *name,
      const char *version)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    size_t before = evidence->by_version.count;
    if (sp_buffer_printf(&key, NULL, "%s %s %s", ecosystem->name, name, version ? version : "") < 0)
        return NULL;
    uint32_t *at =
        evidence->package_count < SP_EVIDENCE_PACKAGES_MAX
            ? sp_map_at(&evidence->by_version, key.bytes, key.length, (uint32_t)evidence->package_count, NULL)
            : NULL;
    if (!at ||
        sp_grow(evidence->packages, evidence->package_capacity, evidence->package_count + 1, NULL) < 0) {
        evidence->failed = true;
        return NULL;
    }
    if (evidence->by_version.count != before)
        evidence->packages[evidence->package_count++] = (struct sp_run_package){
            .ecosystem = ecosystem->name,
            .name = keep(evidence, name),
            .version = keep(evidence, version),
        };
    return &evidence->packages[*at];
}

static struct sp_run_package *
enter_purl(struct sp_evidence *evidence, const char *text)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    if (!text || sp_purl_parse(text, strlen(text), &purl, &arena, NULL) < 0 || !purl.ecosystem ||
        sp_purl_package_name(&purl, &name, NULL) < 0)
        return NULL;
    return enter(evidence, purl.ecosystem, sp_buffer_string(&name), purl.version);
}

/* ----------------------------------------------------------------- judging */

static int
judge(struct sp_evidence *evidence, const struct sp_ecosystem *ecosystem, const char *name,
      const char *version, const struct sp_place *place, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    struct sp_error problem = { 0 };
    size_t before = evidence->judged.count;
    if (!evidence->checker)
        return 0;
    if (sp_buffer_printf(&key, err, "%s %s", ecosystem->name, name) < 0 ||
        !sp_map_at(&evidence->judged, key.bytes, key.length, 0, err))
        return -1;
    if (evidence->judged.count == before)
        return 0;
    if (sp_check_name(evidence->checker, ecosystem, name, version, place, evidence->verdict, &problem) == 0)
        return 0;
    if (problem.code == SP_ERROR_INPUT || problem.code == SP_ERROR_LIMIT)
        return sp_verdict_unseen(evidence->verdict, err, "%s", problem.text);
    *err = problem;
    return -1;
}

int
sp_evidence_judge(struct sp_evidence *evidence, struct sp_error *err)
{
    for (size_t i = 0; i < evidence->package_count; i++) {
        const struct sp_run_package *package = &evidence->packages[i];
        const struct sp_ecosystem *ecosystem =
            sp_ecosystem_find(package->ecosystem, strlen(package->ecosystem));
        if (ecosystem && package->name &&
            judge(evidence, ecosystem, package->name, package->version, NULL, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_evidence_purl(struct sp_evidence *evidence, const char *purl, struct sp_error *err)
{
    const struct sp_run_package *package = enter_purl(evidence, purl);
    if (!package)
        return sp_verdict_unseen(evidence->verdict, err, "%s: a package whose name cannot be read",
                                 purl ? purl : "?");
    return 0;
}

struct reading {
    struct sp_evidence *evidence;
};

static int
take_dependency(void *context, const struct sp_dependency *dependency, struct sp_error *err)
{
    struct sp_evidence *evidence = ((struct reading *)context)->evidence;
    if (sp_dependency_is_local(dependency))
        return 0;
    /* a range names no version: the package is then entered when it is fetched */
    bool exact = dependency->version && dependency->version[0] >= '0' && dependency->version[0] <= '9' &&
                 !strpbrk(dependency->version, " <>=~^*|,");
    if (exact) {
        struct sp_run_package *package =
            enter(evidence, dependency->ecosystem, dependency->name, dependency->version);
        if (package)
            package->direct |= dependency->direct;
    }
    return judge(evidence, dependency->ecosystem, dependency->name, dependency->version, &dependency->place,
                 err);
}

static int
note_unseen(void *context, const struct sp_place *place, const char *what, struct sp_error *err)
{
    struct sp_verdict *verdict = ((struct reading *)context)->evidence->verdict;
    return place->line ? sp_verdict_unseen(verdict, err, "%s:%u: %s", place->file, place->line, what)
                       : sp_verdict_unseen(verdict, err, "%s: %s", place->file, what);
}

int
sp_evidence_manifest(struct sp_evidence *evidence, const char *path, const struct sp_manifest_format *format,
                     struct sp_error *err)
{
    sp_autoarena struct sp_arena arena = { 0 };
    struct reading context = { .evidence = evidence };
    const struct sp_manifest_reading reading = {
        .arena = &arena,
        .sink = take_dependency,
        .context = &context,
        .unseen = note_unseen,
    };
    return sp_manifest_read_file(&reading, format, path, err);
}

/* ------------------------------------------------------------------ events */

static void
take_artefact(struct sp_evidence *evidence, const struct sp_event *event)
{
    struct sp_run_package *package = enter_purl(evidence, event->package);
    const char *url = event->subject ? event->subject : "";
    size_t length = strcspn(url, "?#");
    bool built = length > 4 && (!strncmp(url + length - 4, ".zip", 4) ||
                                (length > 7 && !strncmp(url + length - 7, ".tar.gz", 7)));
    if (!package)
        return;
    if (!package->url)
        package->url = keep(evidence, event->subject);
    if (!package->digest)
        package->digest = keep(evidence, event->detail);
    package->from_cache = event->value > 0;
    package->refused |= event->value < 0;
    /* a source distribution of PyPI is built by its own code */
    if (built && !strcmp(package->ecosystem, "pypi") && event->value >= 0) {
        package->ran_code = true;
        evidence->source_builds++;
        sp_evidence_phase(evidence, SP_PHASE_BUILD, url);
    }
}

/* A registry was asked for a name: door one looks at once, so that the finding is there when the run is
 * stopped. */
static void
take_package(struct sp_evidence *evidence, const struct sp_event *event)
{
    sp_autoarena struct sp_arena arena = { 0 };
    sp_autobuffer struct sp_buffer name = { 0 };
    struct sp_purl purl;
    if (!event->package || sp_purl_parse(event->package, strlen(event->package), &purl, &arena, NULL) < 0 ||
        !purl.ecosystem || sp_purl_package_name(&purl, &name, NULL) < 0)
        return;
    if (judge(evidence, purl.ecosystem, sp_buffer_string(&name), purl.version, NULL, NULL) < 0)
        evidence->failed = true;
}

static void
store(struct sp_evidence *evidence, const struct sp_event *event)
{
    if (evidence->event_count >= SP_EVIDENCE_EVENTS_MAX ||
        sp_grow(evidence->events, evidence->event_capacity, evidence->event_count + 1, NULL) < 0) {
        evidence->event_more++;
        return;
    }
    struct sp_event *kept = &evidence->events[evidence->event_count++];
    *kept = *event;
    kept->package = keep(evidence, event->package);
    kept->subject = keep(evidence, event->subject);
    kept->detail = keep(evidence, event->detail);
}

static void
take(void *context, const struct sp_event *event)
{
    struct sp_evidence *evidence = context;
    struct sp_event seen = *event;
    if (seen.kind == SP_EVENT_PHASE) {
        sp_evidence_phase(evidence, seen.phase, seen.subject);
        return;
    }
    seen.phase = evidence->phase;
    if (!seen.time)
        seen.time = sp_now();
    enum sp_severity severity = sp_behaviour_take(evidence->behaviour, &seen);
    if (severity > evidence->worst)
        evidence->worst = severity;
    store(evidence, &seen);
    if (seen.kind == SP_EVENT_ARTEFACT)
        take_artefact(evidence, &seen);
    else if (seen.kind == SP_EVENT_PACKAGE)
        take_package(evidence, &seen);
}

struct sp_event_sink
sp_evidence_sink(struct sp_evidence *evidence)
{
    return (struct sp_event_sink){ .take = take, .context = evidence };
}

void
sp_evidence_phase(struct sp_evidence *evidence, enum sp_phase phase, const char *why)
{
    if (evidence->phase >= phase && evidence->event_count)
        return;
    evidence->phase = phase;
    store(evidence,
          &(struct sp_event){ .kind = SP_EVENT_PHASE, .phase = phase, .time = sp_now(), .subject = why });
}

int
sp_evidence_open(struct sp_evidence *evidence, const struct sp_decoys *decoys, const char *home,
                 struct sp_checker *checker, struct sp_verdict *verdict, struct sp_error *err)
{
    *evidence = (struct sp_evidence){ .checker = checker, .verdict = verdict };
    return sp_behaviour_new(&evidence->behaviour,
                            &(struct sp_behaviour_options){ .decoys = decoys, .home = home }, err);
}

void
sp_evidence_free(struct sp_evidence *evidence)
{
    sp_behaviour_free(evidence->behaviour);
    sp_map_free(&evidence->by_version);
    sp_map_free(&evidence->judged);
    free(evidence->events);
    free(evidence->packages);
    sp_arena_free(&evidence->arena);
}
