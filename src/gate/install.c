#include "base/clock.h"
#include "gate/asking.h"
#include "gate/journey.h"
#include "gate/trace_head.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

static bool
stopped_by_rule(const struct sp_install *install)
{
    return install->options.enforce && install->evidence.worst >= SP_SEVERITY_BLOCK;
}

#define TURN_MILLISECONDS 50 /* what the probes tell waits so long at most, proofs excepted */

/* -------------------------------------------------------------- 1. door one */

static int
open_door_one(struct sp_install *install, struct sp_error *err)
{
    const struct sp_check_options options = { .index_path = install->options.index_path,
                                              .review = -1,
                                              .block = -1 };
    return sp_checker_open(&install->checker, &options, err);
}

static int
open_model(struct sp_install *install, struct sp_error *err)
{
    return install->options.no_model ? 0 : sp_risk_open(&install->model, install->options.model, err);
}

/* NULL: none that door one knows. Requirement files may have any name. */
static const struct sp_manifest_format *
format_of(const struct sp_manager_plan *plan, const char *path)
{
    const char *name = strrchr(path, '/') + 1, *dot = strrchr(name, '.');
    const struct sp_manifest_format *format = sp_manifest_format_guess(name, "", 0);
    if (!format && plan->manager->ecosystem && !strcmp(plan->manager->ecosystem, "pypi") &&
        (!dot || (strcmp(dot, ".toml") != 0 && strcmp(dot, ".lock") != 0)))
        format = sp_manifest_format_find("requirements");
    return format;
}

/* What the user allows, read before anything runs that could write it. */
static int
read_policy(struct sp_install *install, struct sp_error *err)
{
    const char *path = install->options.policy, *project = install->plan.project;
    if (!path && project && !install->options.never_land) {
        path = sp_arena_printf(&install->arena, err, "%s/" SP_POLICY_NAME, project);
        if (!path)
            return -1;
        if (access(path, F_OK) < 0)
            return 0;
    }
    install->evidence.policy = &install->policy;
    return path ? sp_policy_read(&install->policy, path, err) : 0;
}

/* Door one over what the project's own files name, before anything runs. */
static int
judge_manifests(struct sp_install *install, struct sp_error *err)
{
    const struct sp_path_list *manifests = &install->plan.manifests;
    for (size_t i = 0; i < manifests->count; i++) {
        struct sp_error problem = { 0 };
        const struct sp_manifest_format *format = format_of(&install->plan, manifests->items[i]);
        /* what door one cannot read (yarn.lock, pnpm-lock.yaml, uv.lock) it judges name by name, as they are
         * fetched */
        if (!format || sp_evidence_manifest(&install->evidence, manifests->items[i], format, &problem) == 0)
            continue;
        if (problem.code != SP_ERROR_INPUT && problem.code != SP_ERROR_LIMIT &&
            problem.code != SP_ERROR_SYSTEM) {
            *err = problem;
            return -1;
        }
        /* a manifest that cannot be read is the command's to complain about; what it names is judged when
         * fetched */
        if (problem.code != SP_ERROR_SYSTEM &&
            sp_verdict_unseen(&install->verdict, err, "%s", problem.text) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------- 2. the command */

static int
start_network(struct sp_install *install, struct sp_error *err)
{
    const struct sp_network_options network = {
        .places = &install->places,
        .registries = &install->registries,
        .decoys = &install->decoys,
        .npmjs_from = install->plan.npmjs_from,
        .stand_in = install->options.stand_in,
        .answers = install->options.answers,
        .allow_hosts = install->options.allow_hosts,
        .checker = install->checker,
        .lookups = install->lookups,
        .policy = &install->policy,
        .authority = install->authority,
        .net = install->options.net,
        .enforce = install->options.enforce,
        .offline = install->options.offline,
        .keep_nothing = install->options.keep_nothing,
    };
    return sp_network_start(&install->network, install->sandbox, &network, err);
}

static void
catch_signals(struct sp_install *install)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGQUIT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    sigprocmask(SIG_BLOCK, &wanted, &install->masked_before);
    install->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
release_signals(struct sp_install *install)
{
    if (install->signals < 0)
        return;
    close(install->signals);
    install->signals = -1;
    sigprocmask(SIG_SETMASK, &install->masked_before, NULL);
}

/* The terminal sends its signals to the command as well, which may have better manners than to die at once:
 * the first is its own affair, the second ends it. Whoever signals us alone means the whole. */
static bool
take_signals(struct sp_install *install)
{
    struct signalfd_siginfo came;
    bool end = false;
    while (install->signals >= 0 && read(install->signals, &came, sizeof(came)) == sizeof(came)) {
        bool terminal = (came.ssi_signo == SIGINT || came.ssi_signo == SIGQUIT) && came.ssi_code == SI_KERNEL;
        end |= !terminal || install->interrupted;
        install->interrupted |= terminal;
        install->signal_came = (int)came.ssi_signo;
    }
    return end;
}

static int
kill_now(struct sp_install *install, bool *killed, struct sp_error *err)
{
    *killed = true;
    if (stopped_by_rule(install) && !install->report.stopped)
        install->report.stopped = "at the first proof";
    return sp_sandbox_kill(install->sandbox, err);
}

/* Waits a moment and takes what there is to take. 1: a command ended, *END says which; 0: none did. */
static int
take_turn(struct sp_install *install, bool *killed, struct sp_sandbox_end *end, struct sp_error *err)
{
    const struct sp_event_sink sink = sp_evidence_sink(&install->evidence);
    struct pollfd fds[] = {
        { .fd = sp_sandbox_poll_fd(install->sandbox), .events = POLLIN },
        { .fd = sp_sandbox_notify_fd(install->sandbox), .events = POLLIN },
        { .fd = sp_sandbox_seccomp_fd(install->sandbox), .events = POLLIN },
        { .fd = install->network.events, .events = POLLIN },
        { .fd = install->signals, .events = POLLIN },
        { .fd = sp_watching_fd(&install->watching), .events = POLLIN },
    };
    if (poll(fds, SP_COUNT(fds), TURN_MILLISECONDS) < 0 && errno != EINTR)
        return sp_fail_errno(err, "poll");
    if (sp_watching_take(&install->watching, &sink, err) < 0)
        return -1;
    /* a proof stops everything before anything else is looked at */
    if (stopped_by_rule(install) && !*killed && kill_now(install, killed, err) < 0)
        return -1;
    if (sp_network_take(&install->network, &sink, err) < 0)
        return -1;
    int got = sp_sandbox_next(install->sandbox, 0, &sink, end, err);
    if (got < 0)
        return -1;
    bool stop = take_signals(install);
    if ((stop || stopped_by_rule(install)) && !*killed && kill_now(install, killed, err) < 0)
        return -1;
    return got;
}

static int
watch(struct sp_install *install, uint32_t token, struct sp_sandbox_end *end, struct sp_error *err)
{
    uint64_t began = sp_now();
    bool killed = false;
    int got = 0;
    while (!(got > 0 && end->token == token)) {
        got = take_turn(install, &killed, end, err);
        if (got < 0)
            return -1;
    }
    struct sp_sandbox_end other;
    uint64_t ended = sp_now();
    while (!killed && sp_evidence_lingers(&install->evidence, ended))
        if (take_turn(install, &killed, &other, err) < 0)
            return -1;
    install->report.command_time = ended - began;
    install->command_ended = sp_now();
    return 0;
}

static int
open_room(struct sp_install *install, struct sp_error *err)
{
    if (sp_watching_open(&install->watching, &install->sandbox, &install->spec, install->options.probes,
                         err) < 0)
        return -1;
    install->evidence.probed = install->watching.aimed;
    return sp_evidence_room(&install->evidence, sp_sandbox_root(install->sandbox), err);
}

static int
run_command(struct sp_install *install, struct sp_error *err)
{
    uint64_t began = sp_now();
    const struct sp_sandbox_command command = {
        .argv = (const char *const *)install->plan.argv,
        .env = install->env,
        .cwd = install->places.cwd,
        .in = install->options.in,
        .out = install->options.out,
        .error = install->options.error,
    };
    struct sp_sandbox_end end = { 0 };
    if (open_room(install, err) < 0)
        return -1;
    sp_evidence_phase(&install->evidence, SP_PHASE_FETCH, "the command starts");
    uint32_t token = sp_sandbox_run(install->sandbox, &command, err);
    if (token)
        sp_evidence_command(&install->evidence, token, NULL, (const char *const *)install->plan.argv);
    install->report.sandbox_start = sp_now() - began;
    /* whoever calls before the network's process is there waits at its sockets */
    if (!token || start_network(install, err) < 0 || watch(install, token, &end, err) < 0)
        return -1;
    install->report.command_status = end.failure               ? end.failure == ENOENT ? 127 : 126
                                     : WIFSIGNALED(end.status) ? 128 + WTERMSIG(end.status)
                                                               : WEXITSTATUS(end.status);
    if (end.failure)
        return sp_verdict_unseen(&install->verdict, err, "%s: could not be started in the sandbox: %s",
                                 install->plan.argv[0], strerror(end.failure));
    /* daemons that outlive the install do not outlive this */
    return sp_sandbox_kill(install->sandbox, err);
}

/* ---------------------------------------------------------------- 3. loading */

static int
list_loads(struct sp_install *install, struct sp_error *err)
{
    const struct sp_manager *manager = install->plan.manager;
    int root = sp_sandbox_root(install->sandbox);
    if (manager->loads && manager->loads(&install->plan, root, &install->arena, &install->loads, err) < 0)
        return -1;
    /* also what came from a warm cache, which no proxy saw */
    for (size_t i = 0; i < install->loads.purl_count; i++)
        if (sp_evidence_purl(&install->evidence, install->loads.purls[i], err) < 0)
            return -1;
    size_t before = install->loads.count;
    if (install->options.run_blocked && manager->blocked &&
        manager->blocked(&install->plan, root, &install->arena, &install->loads, err) < 0)
        return -1;
    install->scripts = install->loads.count - before;
    return 0;
}

static int
load(struct sp_install *install, struct sp_error *err)
{
    const struct sp_install_options *options = &install->options;
    const struct sp_loading_options loading = {
        .places = &install->places,
        .spec = &install->spec,
        .over = install->sandbox,
        .env = install->env,
        .list = &install->loads,
        .allow_hosts = options->allow_hosts,
        .answers = options->answers,
        .authority = install->authority,
        .time = options->load_time,
        .remember = !options->keep_nothing && !options->load_anew,
        .enforce = options->enforce,
        .tool_version = options->tool_version,
        .progress = options->progress,
        .progress_context = options->progress_context,
        .signals = &install->signals,
        .watching = &install->watching,
        .probes = options->probes,
    };
    return sp_loading_run(&install->loading, &loading, &install->evidence, err);
}

static bool
command_went_well(const struct sp_install *install)
{
    return !install->report.command_status && !install->report.stopped && !install->signal_came;
}

/* After this the first room has ended, and its layers hold still. */
static int
end_and_load(struct sp_install *install, struct sp_error *err)
{
    const struct sp_event_sink sink = sp_evidence_sink(&install->evidence);
    /* the list also says which packages are new, whether they are to be loaded or not */
    bool well = command_went_well(install), worth = well && !install->options.no_load;
    uint64_t began = sp_now();
    if (well && list_loads(install, err) < 0)
        return -1;
    install->report.load_time = sp_now() - began;
    if (sp_sandbox_end(install->sandbox, err) < 0 || sp_watching_rest(&install->watching, &sink, err) < 0 ||
        sp_network_stop(&install->network, &sink, err) < 0)
        return -1;
    sp_evidence_settle(&install->evidence);
    if (!worth || !install->loads.count || stopped_by_rule(install))
        return 0;
    began = sp_now();
    int result = load(install, err);
    install->report.load_time += sp_now() - began;
    return result;
}

/* ---------------------------------------------------------------- 4. verdict */

/* Whether WORD of the command line asks for NAME: "ms", "ms@2", "wrapt==1.16.0", "black[jupyter]". */
static bool
asks_for(const struct sp_run_package *package, const char *word)
{
    sp_autobuffer struct sp_buffer asked = { 0 };
    const struct sp_ecosystem *ecosystem = sp_ecosystem_find(package->ecosystem, strlen(package->ecosystem));
    size_t scope = *word == '@', length = scope + strcspn(word + scope, "@=<>~!^[; ");
    return ecosystem && sp_ecosystem_read_name(ecosystem, word, length, &asked, NULL) == 0 &&
           !strcmp(sp_buffer_string(&asked), package->name);
}

static void
mark_direct(struct sp_install *install)
{
    for (size_t i = 0; i < install->evidence.package_count; i++)
        for (const char *const *word = install->options.argv; *word; word++)
            install->evidence.packages[i].direct |= asks_for(&install->evidence.packages[i], *word);
}

static void
count_packages(struct sp_install *install)
{
    struct sp_run_report *report = &install->report;
    report->ran_code = install->loads.ran_code + install->evidence.source_builds;
    for (size_t i = 0; i < install->evidence.package_count; i++)
        install->evidence.packages[i].direct ? report->direct++ : report->indirect++;
}

static int
exit_code(const struct sp_install *install)
{
    switch (install->report.outcome) {
    case SP_OUTCOME_BLOCK:
        return SP_RUN_BLOCKED;
    case SP_OUTCOME_REVIEW:
        if (install->options.fail_on_review)
            return SP_RUN_REVIEW;
        break;
    case SP_OUTCOME_INCONCLUSIVE:
        /* nothing more can be said of a program that is not there than that it is not there */
        return install->report.command_status == 127 || install->report.command_status == 126
                   ? install->report.command_status
                   : SP_RUN_INCONCLUSIVE;
    case SP_OUTCOME_ALLOW:
        break;
    }
    return install->signal_came && !install->report.command_status ? 128 + install->signal_came
                                                                   : install->report.command_status;
}

/* ---------------------------------------------------------------- 5. landing */

static int
plan_landing(struct sp_install *install, struct sp_error *err)
{
    const struct sp_outputs_options options = {
        .places = &install->places,
        .plan = &install->plan,
        .allow_write = install->allow_write,
        .keep_cache = install->options.keep_cache,
        .decoys = &install->decoys,
        .files = install->spec.files,
        .file_count = install->spec.file_count,
    };
    return sp_outputs_plan(&install->outputs, install->sandbox, &options, &install->evidence, err);
}

static const char *
why_not_land(const struct sp_install *install)
{
    const struct sp_run_report *report = &install->report;
    if (report->outcome == SP_OUTCOME_BLOCK)
        return "the verdict is block";
    if (report->outcome == SP_OUTCOME_INCONCLUSIVE)
        return "the verdict is inconclusive";
    if (report->outcome == SP_OUTCOME_REVIEW && install->options.fail_on_review)
        return "the verdict is review (--fail-on review)";
    if (install->signal_came)
        return "the run was interrupted";
    if (report->command_status && !install->options.land_failed)
        return "the command failed (--land-failed lands all the same)";
    return NULL;
}

static void
land(struct sp_install *install)
{
    struct sp_run_report *report = &install->report;
    const struct sp_landing_totals *totals = &install->outputs.totals;
    struct sp_error err = { 0 };
    const char *why = why_not_land(install), *conflict = sp_landing_conflict(install->outputs.landing);
    bool something = totals->new || totals->modified || totals->deleted || conflict;
    if (install->options.never_land)
        report->landed = SP_LANDED_NEVER;
    else if (why)
        report->landed = something ? SP_LANDED_REFUSED : SP_LANDED_NOTHING;
    else if (!something)
        report->landed = SP_LANDED_NOTHING;
    else if (install->options.dry_run)
        report->landed = SP_LANDED_WOULD;
    else if (conflict || sp_outputs_land(&install->outputs, &err) < 0) {
        report->landed = SP_LANDED_FAILED;
        why = conflict ? conflict : err.text;
        report->exit_code = SP_RUN_FAILED;
    } else
        report->landed = SP_LANDED_YES;
    report->landing = why ? sp_arena_copy(&install->arena, why, strlen(why), NULL) : NULL;
}

/* --------------------------------------------------------------- the journey */

/* What is known before anything runs: a trace begins with it. */
static void
begin_report(struct sp_install *install)
{
    static const char *const nets[] = {
        [SP_NET_NONE] = "none", [SP_NET_REGISTRY] = "registry", [SP_NET_SINKHOLE] = "sinkhole"
    };
    struct sp_run_report *report = &install->report;
    const struct sp_install_options *options = &install->options;
    report->tool_version = options->tool_version;
    report->kind = options->kind;
    report->command = options->argv;
    report->project = install->plan.project;
    report->limit_values = &install->options.limits;
    report->started = install->began;
    report->manager = install->plan.manager->id;
    report->mode = options->enforce ? "enforce" : "audit";
    report->net = nets[options->net];
    report->verdict = &install->verdict;
    report->policy = install->policy.path;
    report->packages = install->evidence.packages;
    report->package_count = install->evidence.package_count;
}

static void
fill_report(struct sp_install *install)
{
    struct sp_run_report *report = &install->report;
    const struct sp_install_options *options = &install->options;
    const char *missing = install->sandbox ? sp_sandbox_sinkhole(install->sandbox)->missing : "";
    begin_report(install);
    sp_evidence_report(&install->evidence, report);
    report->sight = install->watching.lost[0] && install->sandbox ? install->watching.lost : NULL;
    report->limits = install->sandbox ? sp_sandbox_limits_by(install->sandbox) : "none";
    report->watched = sp_arena_printf(
        &install->arena, NULL, "%s%s%sdecoys, overlay%s%s%s", install->watching.seen ? "probes, " : "",
        options->net == SP_NET_NONE ? "" : "registry proxy, ",
        options->net == SP_NET_NONE ? "" : "sinkhole, ", *missing ? " (" : "", missing, *missing ? ")" : "");
    report->loads = install->loading.loads;
    report->load_count = install->loading.count;
    report->script_count = install->loading.count ? install->scripts : 0;
    report->unfollowed = install->registries.notes;
    report->unfollowed_count = install->registries.note_count;
    report->notes = install->loads.notes;
    report->note_count = install->loads.note_count;
    report->changes = install->outputs.changes;
    report->change_count = install->outputs.change_count;
    report->change_more = install->outputs.change_more;
    report->landed_things =
        install->outputs.totals.new + install->outputs.totals.modified + install->outputs.totals.deleted;
    report->landed_bytes = install->outputs.totals.bytes;
    count_packages(install);
}

static int
begin_trace(struct sp_install *install, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer head = { 0 };
    if (!install->options.trace_path)
        return 0;
    begin_report(install);
    return sp_trace_head_write(&install->report, install->places.home, install->plan.project,
                               install->plan.manager->ecosystem, &install->decoys, &head, err) < 0
               ? -1
               : sp_trace_create(&install->evidence.trace, install->options.trace_path,
                                 sp_buffer_string(&head), err);
}

/* A trace or features that could not be written are no reason to keep a result back, but to be told. */
static int
write_what_was_asked(struct sp_install *install, struct sp_error *err)
{
    struct sp_trace_writer *trace = install->evidence.trace;
    const char *directory = install->options.features_path;
    sp_autobuffer struct sp_buffer name = { 0 };
    install->evidence.trace = NULL;
    if (trace && sp_trace_finish(trace, err) < 0)
        return -1;
    if (!directory)
        return 0;
    for (const char *const *word = install->options.argv; *word; word++)
        if (sp_buffer_printf(&name, err, "%s%s", name.length ? " " : "", *word) < 0)
            return -1;
    return sp_features_write(install->evidence.features, directory, sp_buffer_string(&name), err);
}

/* The whole way, once everything is prepared. A failure of ours on it is a verdict too: inconclusive. */
static int
travel(struct sp_install *install, struct sp_error *err)
{
    if (judge_manifests(install, err) < 0 || begin_trace(install, err) < 0 ||
        sp_policy_apply(&install->policy, &install->verdict, err) < 0)
        return -1;
    if (install->options.enforce && sp_verdict_count(&install->verdict, SP_SEVERITY_BLOCK)) {
        install->report.stopped = "by its name, before anything ran";
        return 0;
    }
    if (run_command(install, err) < 0 || end_and_load(install, err) < 0)
        return -1;
    uint64_t began = sp_now();
    int result = plan_landing(install, err);
    install->report.landing_time = sp_now() - began;
    return result;
}

static int
conclude(struct sp_install *install, int travelled, const struct sp_error *problem, struct sp_error *err)
{
    struct sp_run_report *report = &install->report;
    if (travelled < 0 && sp_verdict_unseen(&install->verdict, err, "%s", problem->text) < 0)
        return -1;
    mark_direct(install);
    if (sp_evidence_sum_up(&install->evidence, err) < 0 ||
        sp_policy_apply(&install->policy, &install->verdict, err) < 0)
        return -1;
    report->outcome = sp_verdict_outcome(&install->verdict);
    report->exit_code = exit_code(install);
    if (install->command_ended)
        report->verdict_time = sp_now() - install->command_ended - report->load_time - report->landing_time;
    if (install->outputs.landing) {
        uint64_t began = sp_now();
        land(install);
        report->landing_time += sp_now() - began;
    }
    report->total = sp_now() - install->began;
    fill_report(install);
    return write_what_was_asked(install, err);
}

static int
open_evidence(struct sp_install *install, struct sp_error *err)
{
    const struct sp_evidence_options options = {
        .decoys = &install->decoys,
        .home = install->places.home,
        .project = install->plan.project,
        .manager = install->plan.manager->ecosystem ? install->plan.manager->id : NULL,
        .ecosystem = install->plan.manager->ecosystem,
        .unanswered = install->options.net != SP_NET_SINKHOLE,
        .allow_write = install->allow_write,
        .checker = install->checker,
        .model = install->model,
        .model_named = install->options.model != NULL,
        .verdict = &install->verdict,
    };
    return sp_evidence_open(&install->evidence, &options, err);
}

static void
recover_landings(const struct sp_install *install)
{
    sp_autobuffer struct sp_buffer journal = { 0 };
    unsigned recovered = 0;
    struct sp_error err = { 0 };
    if (sp_buffer_printf(&journal, &err, "%s/landing", install->places.cache) == 0)
        (void)!sp_landing_recover(journal.bytes, &recovered, &err);
}

int
sp_install_run(struct sp_install **out, const struct sp_install_options *options, struct sp_error *err)
{
    struct sp_error problem = { 0 };
    struct sp_install *install = sp_new(struct sp_install, err);
    if (!install)
        return -1;
    install->options = *options;
    install->began = sp_now();
    install->signals = -1;
    install->network = (struct sp_network){ .events = -1, .stop = -1 };
    install->report.command_status = -1;
    /* before all else: the probes are loaded beside it */
    sp_watching_start(&install->watching, options->probes, options->enforce);
    if (sp_install_prepare(install, err) < 0 || open_door_one(install, err) < 0 ||
        sp_install_start_looking(install, err) < 0 || open_model(install, err) < 0 ||
        open_evidence(install, err) < 0 || read_policy(install, err) < 0) {
        sp_install_free(install);
        return -1;
    }
    install->watching.home = install->places.home;
    /* the kernel does not know who may read a decoy: where somebody may, what happened is judged afterwards
     */
    for (size_t i = 0; i < install->policy.count; i++)
        install->watching.enforce &= strcmp(install->policy.lines[i].rule, "run/decoy-read") != 0;
    recover_landings(install);
    catch_signals(install);
    int travelled = travel(install, &problem);
    /* where no sandbox could be made, nothing ran and there is nothing to judge */
    bool made = travelled == 0 || install->sandbox;
    if (!made)
        *err = problem;
    int result = made ? conclude(install, travelled, &problem, err) : -1;
    release_signals(install);
    if (result < 0) {
        sp_install_free(install);
        return -1;
    }
    *out = install;
    return 0;
}

const struct sp_run_report *
sp_install_report(const struct sp_install *install)
{
    return &install->report;
}

const struct sp_evidence *
sp_install_evidence(const struct sp_install *install)
{
    return &install->evidence;
}

void
sp_install_free(struct sp_install *install)
{
    if (!install)
        return;
    if (install->sandbox)
        (void)!sp_sandbox_end(install->sandbox, NULL);
    sp_watching_stop(&install->watching);
    sp_trace_abandon(install->evidence.trace);
    (void)!sp_network_stop(&install->network, NULL, NULL);
    release_signals(install);
    sp_outputs_free(&install->outputs);
    sp_loading_free(&install->loading);
    sp_evidence_free(&install->evidence);
    sp_sandbox_close(install->sandbox);
    sp_manager_plan_free(&install->plan);
    sp_asking_stop(install->asking);
    sp_checker_close(install->checker);
    sp_lookups_close(install->lookups);
    sp_registries_free(&install->registries);
    sp_risk_close(install->model);
    sp_policy_free(&install->policy);
    sp_verdict_free(&install->verdict);
    sp_sinkhole_authority_free(install->authority);
    sp_places_free(&install->places);
    sp_arena_free(&install->arena);
    sp_load_list_free(&install->loads);
    free(install);
}
