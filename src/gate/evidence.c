#include "base/clock.h"
#include "gate/evidence.h"
#include "gate/package_places.h"
#include "ecosystem/purl.h"

#include <fcntl.h>
#include <inttypes.h>
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

/* Whether NAME was not judged yet; -1: memory ran out. */
static int
is_new(struct sp_evidence *evidence, const struct sp_ecosystem *ecosystem, const char *name,
       struct sp_error *err)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    size_t before = evidence->judged.count;
    if (!evidence->checker)
        return 0;
    if (sp_buffer_printf(&key, err, "%s %s", ecosystem->name, name) < 0 ||
        !sp_map_at(&evidence->judged, key.bytes, key.length, 0, err))
        return -1;
    return evidence->judged.count != before;
}

/* After a name was judged with the result DONE: what is wrong with the name alone is no failure of ours. */
static int
take_problem(struct sp_evidence *evidence, int done, const struct sp_error *problem, struct sp_error *err)
{
    if (done == 0)
        return 0;
    if (problem->code == SP_ERROR_INPUT || problem->code == SP_ERROR_LIMIT)
        return sp_verdict_unseen(evidence->verdict, err, "%s", problem->text);
    *err = *problem;
    return -1;
}

/* WITH: sp_check_name for what a registry was asked for, sp_check_name_alone for the rest. */
static int
judge(struct sp_evidence *evidence, const struct sp_ecosystem *ecosystem, const char *name,
      const char *version, typeof(sp_check_name) *with, struct sp_error *err)
{
    struct sp_error problem = { 0 };
    int new = is_new(evidence, ecosystem, name, err);
    if (new <= 0)
        return new;
    int done = with(evidence->checker, ecosystem, name, version, NULL, evidence->verdict, &problem);
    return take_problem(evidence, done, &problem, err);
}

int
sp_evidence_judge(struct sp_evidence *evidence, struct sp_error *err)
{
    for (size_t i = 0; i < evidence->package_count; i++) {
        const struct sp_run_package *package = &evidence->packages[i];
        const struct sp_ecosystem *ecosystem =
            sp_ecosystem_find(package->ecosystem, strlen(package->ecosystem));
        /* what came by the proxy was judged then: the rest is the user's own archive or directory */
        if (ecosystem && package->name &&
            judge(evidence, ecosystem, package->name, package->version, sp_check_name_alone, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_evidence_sum_up(struct sp_evidence *evidence, struct sp_error *err)
{
    if (sp_evidence_judge(evidence, err) < 0 ||
        sp_behaviour_findings(evidence->behaviour, evidence->verdict, err) < 0 ||
        sp_evidence_model(evidence, err) < 0)
        return -1;
    if (evidence->failed &&
        sp_verdict_unseen(evidence->verdict, err, "memory ran out: the evidence is not whole") < 0)
        return -1;
    uint64_t unseen = sp_attribution_unseen(evidence->attribution);
    if (unseen && sp_verdict_unseen(evidence->verdict, err,
                                    "%" PRIu64 " acts more than can be laid to anybody", unseen) < 0)
        return -1;
    if (evidence->event_more &&
        sp_verdict_unseen(evidence->verdict, err, "%zu events more than are kept (%u)", evidence->event_more,
                          SP_EVIDENCE_EVENTS_MAX) < 0)
        return -1;
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
    struct sp_dependency *later; /* being looked up */
    size_t later_count, later_capacity;
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
    struct reading *reading = context;
    struct sp_error problem = { 0 };
    bool later = false;
    int new = is_new(evidence, dependency->ecosystem, dependency->name, err);
    if (new <= 0)
        return new;
    int done = dependency->source
                   ? sp_check_name_alone(evidence->checker, dependency->ecosystem, dependency->name,
                                         dependency->version, &dependency->place, evidence->verdict, &problem)
                   : sp_check_name_or_later(evidence->checker, dependency->ecosystem, dependency->name,
                                            dependency->version, &dependency->place, &later,
                                            evidence->verdict, &problem);
    if (done == 0 && later) {
        if (sp_grow(reading->later, reading->later_capacity, reading->later_count + 1, err) < 0)
            return -1;
        reading->later[reading->later_count++] = *dependency;
    }
    return take_problem(evidence, done, &problem, err);
}

static int
note_unseen(void *context, const struct sp_place *place, const char *what, struct sp_error *err)
{
    struct sp_verdict *verdict = ((struct reading *)context)->evidence->verdict;
    return place->line ? sp_verdict_unseen(verdict, err, "%s:%u: %s", place->file, place->line, what)
                       : sp_verdict_unseen(verdict, err, "%s: %s", place->file, what);
}

static int
judge_later(struct reading *reading, struct sp_error *err)
{
    struct sp_evidence *evidence = reading->evidence;
    for (size_t i = 0; i < reading->later_count; i++) {
        const struct sp_dependency *dependency = &reading->later[i];
        struct sp_error problem = { 0 };
        int done = sp_check_name(evidence->checker, dependency->ecosystem, dependency->name,
                                 dependency->version, &dependency->place, evidence->verdict, &problem);
        if (take_problem(evidence, done, &problem, err) < 0)
            return -1;
    }
    return 0;
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
    int done = sp_manifest_read_file(&reading, format, path, err);
    struct sp_error other = { 0 };
    int judged = judge_later(&context, done == 0 ? err : &other);
    free(context.later);
    return done < 0 ? -1 : judged;
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
    if (!package->digest && event->value >= 0)
        package->digest = keep(evidence, event->detail);
    package->from_cache = event->value > 0;
    package->refused |= event->value == -1;
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
    if (judge(evidence, purl.ecosystem, sp_buffer_string(&name), purl.version, sp_check_name, NULL) < 0)
        evidence->failed = true;
}

/* What is kept for the report. Probes tell far more than a reader wants: of the acts of processes, those that
 * changed something, left something, or tell something. */
static bool
is_telling(const struct sp_event *event)
{
    switch (event->kind) {
    case SP_EVENT_COMMAND:
    case SP_EVENT_PLACE:
    case SP_EVENT_FORK:
    case SP_EVENT_EXEC: /* the processes say it */
    case SP_EVENT_EXIT:
    case SP_EVENT_COUNTS:
    case SP_EVENT_LOOK:
    case SP_EVENT_BYTES:
    case SP_EVENT_TCP:
        return false;
    case SP_EVENT_OPEN:
        return event->package && (event->value & O_ACCMODE) != O_RDONLY && event->subject &&
               strncmp(event->subject, "/dev/", 5) != 0;
    case SP_EVENT_CHANGE:
        return event->package != NULL;
    case SP_EVENT_SOCKET:
        return event->value != SP_SOCKET_ACCEPT;
    case SP_EVENT_SAID:
        return event->package != NULL;
    case SP_EVENT_CODE:
        return event->value != SP_CODE_MAPPED && event->value != SP_CODE_RENAMED &&
               (event->value != SP_CODE_STRING || event->package);
    default:
        return true;
    }
}

static bool
has_room(const struct sp_evidence *evidence, const struct sp_event *event)
{
    /* what probes tell in numbers must not crowd out what everybody tells */
    return evidence->event_count <
           (event->kind > SP_EVENT_DROPPED ? SP_EVIDENCE_EVENTS_MAX / 2 : SP_EVIDENCE_EVENTS_MAX);
}

static void
store(struct sp_evidence *evidence, const struct sp_event *event)
{
    if (!is_telling(event))
        return;
    if (!has_room(evidence, event) ||
        sp_grow(evidence->events, evidence->event_capacity, evidence->event_count + 1, NULL) < 0) {
        event->kind > SP_EVENT_DROPPED ? evidence->acts_more++ : evidence->event_more++;
        return;
    }
    struct sp_event *kept = &evidence->events[evidence->event_count++];
    *kept = *event;
    kept->package = keep(evidence, event->package);
    kept->subject = keep(evidence, event->subject);
    kept->detail = keep(evidence, event->detail);
    kept->directory = keep(evidence, event->directory);
    kept->numbers = NULL;
    kept->number_count = 0;
}

/* With probes, a watched decoy's opening comes twice: from the watch without a process, from the probes with
 * one. The first waits for the second. Whether EVENT is to be taken. */
static bool
is_first_hand(struct sp_evidence *evidence, const struct sp_event *event)
{
    const char *path = event->subject ? event->subject : "";
    if (!evidence->probed)
        return true;
    uint32_t *known = sp_map_at(&evidence->opened, path, strlen(path), 0, NULL);
    if (!known)
        return true;
    if (event->process) {
        *known = 2;
        return true;
    }
    if (!*known)
        *known = 1;
    return false;
}

static void
judge_event(struct sp_evidence *evidence, struct sp_event *seen)
{
    sp_attribution_take(evidence->attribution, seen);
    if (evidence->trace)
        sp_trace_write(evidence->trace, seen);
    sp_features_take(evidence->features, seen);
    enum sp_severity severity = sp_behaviour_take(evidence->behaviour, seen);
    if (severity > evidence->worst)
        evidence->worst = severity;
    store(evidence, seen);
}

static void
begin_phase(struct sp_evidence *evidence, enum sp_phase phase, const char *why, uint64_t time)
{
    if (evidence->phase >= phase && evidence->event_count)
        return;
    evidence->phase = phase;
    judge_event(evidence,
                &(struct sp_event){
                    .kind = SP_EVENT_PHASE, .phase = phase, .time = time ? time : sp_now(), .subject = why });
}

static void
take(void *context, const struct sp_event *event)
{
    struct sp_evidence *evidence = context;
    struct sp_event seen = *event;
    if (seen.kind == SP_EVENT_PHASE) {
        begin_phase(evidence, seen.phase, seen.subject, seen.time);
        return;
    }
    if (seen.kind == SP_EVENT_DECOY && !is_first_hand(evidence, &seen))
        return;
    seen.phase = evidence->phase;
    if (!seen.time)
        seen.time = sp_now();
    judge_event(evidence, &seen);
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
    begin_phase(evidence, phase, why, 0);
}

void
sp_evidence_command(struct sp_evidence *evidence, uint32_t token, const char *package,
                    const char *const *argv)
{
    sp_autobuffer struct sp_buffer words = { 0 };
    for (size_t i = 0; argv[i]; i++)
        if (sp_buffer_printf(&words, NULL, "%s%c", argv[i], SP_EVENT_WORD_END) < 0)
            evidence->failed = true;
    take(evidence, &(struct sp_event){ .kind = SP_EVENT_COMMAND,
                                       .value = token,
                                       .package = package,
                                       .subject = words.length ? sp_buffer_string(&words) : NULL });
}

bool
sp_evidence_lingers(const struct sp_evidence *evidence, uint64_t ended)
{
    const struct sp_attribution *attribution = evidence->attribution;
    if (!evidence->probed || sp_now() - ended >= SP_LINGER_NANOSECONDS)
        return false;
    for (size_t i = sp_attribution_process_count(attribution); i-- > 0;) {
        const struct sp_process *process = sp_attribution_process_at(attribution, i);
        if (!process->ended && process->actor->kind == SP_ACTOR_PACKAGE)
            return true;
    }
    return false;
}

void
sp_evidence_settle(struct sp_evidence *evidence)
{
    size_t cursor = 0, length;
    const char *path;
    uint32_t how;
    bool probed = evidence->probed;
    evidence->probed = false;
    while (sp_map_next(&evidence->opened, &cursor, &path, &length, &how)) {
        sp_autobuffer struct sp_buffer name = { 0 };
        const char *id = NULL;
        if (how != 1 || sp_buffer_append(&name, path, length, NULL) < 0)
            continue;
        for (size_t i = 0; evidence->decoys && i < evidence->decoys->count; i++)
            if (evidence->decoys->items[i].path &&
                !strcmp(evidence->decoys->items[i].path, sp_buffer_string(&name)))
                id = evidence->decoys->items[i].id;
        take(evidence,
             &(struct sp_event){ .kind = SP_EVENT_DECOY, .subject = sp_buffer_string(&name), .detail = id });
    }
    sp_map_free(&evidence->opened);
    evidence->opened = (struct sp_map){ 0 };
    evidence->probed = probed;
}

/* ------------------------------------------------------------------ opening */

/* Comes in the midst of judging the event that needed it, and before that is handed on. */
static void
take_place(void *context, const struct sp_event *event)
{
    struct sp_evidence *evidence = context;
    if (evidence->trace)
        sp_trace_write(evidence->trace, event);
    sp_features_take(evidence->features, event);
    (void)sp_behaviour_take(evidence->behaviour, event);
}

static bool
resolve(void *context, const char *directory, struct sp_buffer *purl)
{
    struct sp_evidence *evidence = context;
    return evidence->places && sp_package_places_resolve(evidence->places, directory, purl);
}

static bool
allows(void *context, const char *rule, const char *package)
{
    return sp_policy_allows(((const struct sp_evidence *)context)->policy, rule, package) != NULL;
}

static bool
reading_proves(void *context, const char *id)
{
    const struct sp_evidence *evidence = context;
    for (size_t i = 0; evidence->decoys && i < evidence->decoys->count; i++)
        if (!strcmp(evidence->decoys->items[i].id, id))
            return evidence->decoys->items[i].reading_proves;
    return false;
}

int
sp_evidence_open(struct sp_evidence *evidence, const struct sp_evidence_options *options,
                 struct sp_error *err)
{
    *evidence = (struct sp_evidence){ .checker = options->checker,
                                      .verdict = options->verdict,
                                      .decoys = options->decoys,
                                      .model = options->model,
                                      .model_named = options->model_named,
                                      .place_sink = { .take = take_place, .context = evidence } };
    evidence->attributing = (struct sp_attribution_options){
        .manager = options->manager,
        .ecosystem = options->ecosystem,
        .project = options->project,
        .home = options->home,
        .resolve = options->replayed ? NULL : resolve,
        .context = evidence,
        .places = &evidence->place_sink,
    };
    if (sp_attribution_new(&evidence->attribution, &evidence->attributing, err) < 0)
        return -1;
    const struct sp_features_options features = {
        .attribution = evidence->attribution,
        .home = options->home,
        .project = options->project,
        .decoy_read_proves = reading_proves,
        .context = evidence,
    };
    const struct sp_behaviour_options behaviour = {
        .decoys = options->decoys,
        .home = options->home,
        .project = options->project,
        .attribution = evidence->attribution,
        .unanswered = options->unanswered,
        .allow_write = options->allow_write,
        .allows = allows,
        .allows_context = evidence,
    };
    return sp_features_new(&evidence->features, &features, err) < 0 ||
                   sp_behaviour_new(&evidence->behaviour, &behaviour, err) < 0
               ? -1
               : 0;
}

int
sp_evidence_room(struct sp_evidence *evidence, int root, struct sp_error *err)
{
    sp_package_places_free(evidence->places);
    evidence->places = NULL;
    return sp_package_places_new(&evidence->places, root, evidence->attributing.project, sp_evidence_served,
                                 evidence, err);
}

/* ---------------------------------------------------------------- the report */

void
sp_evidence_report(struct sp_evidence *evidence, struct sp_run_report *report)
{
    size_t count = sp_attribution_process_count(evidence->attribution);
    size_t kept = count < SP_EVIDENCE_PROCESSES_MAX ? count : SP_EVIDENCE_PROCESSES_MAX;
    report->packages = evidence->packages;
    report->package_count = evidence->package_count;
    report->events = evidence->events;
    report->event_count = evidence->event_count;
    report->event_more = evidence->event_more + evidence->acts_more;
    free(evidence->processes);
    evidence->processes = sp_new_array(kept + 1, sizeof(*evidence->processes), NULL);
    if (!evidence->processes)
        kept = 0;
    for (size_t i = 0; i < kept; i++) {
        const struct sp_process *process = sp_attribution_process_at(evidence->attribution, i);
        evidence->processes[i] = (struct sp_run_process){
            .number = process->number,
            .parent = process->parent ? process->parent->number : 0,
            .pid = process->pid,
            .package = process->actor->package,
            .who = sp_actor_kind_name(process->actor->kind),
            .phase = process->actor->phase,
            .program = process->program,
            .words = process->words,
            .directory = process->directory,
            .began = process->began,
            .ended = process->ended,
            .status = process->status,
            .peak_memory = process->peak_memory,
        };
    }
    report->processes = evidence->processes;
    report->process_count = kept;
    report->process_more = count - kept;
    report->model = evidence->model ? sp_risk_model(evidence->model) : NULL;
    report->model_silent = evidence->risks.blind;
    report->risks = evidence->risks.items;
    report->risk_count = evidence->risks.count;
}

void
sp_evidence_free(struct sp_evidence *evidence)
{
    sp_risks_free(&evidence->risks);
    sp_behaviour_free(evidence->behaviour);
    sp_features_free(evidence->features);
    sp_attribution_free(evidence->attribution);
    sp_package_places_free(evidence->places);
    sp_map_free(&evidence->opened);
    sp_map_free(&evidence->by_version);
    sp_map_free(&evidence->judged);
    free(evidence->events);
    free(evidence->packages);
    free(evidence->processes);
    sp_arena_free(&evidence->arena);
}
