#include "base/clock.h"
#include "base/path.h"
#include "gate/loading.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define AT_ONCE 16    /* most of them only wait for what a payload might do later */
#define TAIL_MAX 400u /* of standard error, for the report */
#define TURN_MILLISECONDS 20

struct slot {
    uint32_t token; /* 0: free */
    size_t load;
    int out; /* what it writes, read and mostly thrown away */
    char tail[TAIL_MAX];
    size_t tail_length;
};

struct phase {
    struct sp_loading *out;
    const struct sp_loading_options *options;
    struct sp_evidence *evidence;
    struct sp_sandbox *sandbox;
    struct sp_network network;
    struct slot slots[AT_ONCE];
    size_t next, done;
};

/* --------------------------------------------------------------- remembering */

static const char *
memory_path(const struct phase *phase, const struct sp_load *load, char *out, size_t size)
{
    if (!phase->options->remember || !load->digest)
        return NULL;
    /* a new version of ours may see more */
    int length = snprintf(out, size, "%s/loaded/%s-%s", phase->options->places->cache,
                          phase->options->tool_version, load->digest);
    return length < (int)size ? out : NULL;
}

static bool
remembered(const struct phase *phase, const struct sp_load *load)
{
    char path[4096];
    struct stat status;
    return memory_path(phase, load, path, sizeof(path)) && lstat(path, &status) == 0 &&
           S_ISREG(status.st_mode) &&
           (status.st_uid == geteuid() || status.st_uid == phase->options->places->uid);
}

/* Only a phase in which nothing at all was found teaches that its packages load quietly: who did it cannot be
 * told when several load at once. */
static void
remember_all(const struct phase *phase)
{
    char path[4096];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/loaded", phase->options->places->cache);
    if (!phase->options->remember || (mkdir(path, 0700) < 0 && errno != EEXIST))
        return;
    for (size_t i = 0; i < phase->out->count; i++) {
        if (phase->out->loads[i].outcome == SP_LOAD_DONE &&
            memory_path(phase, &phase->options->list->items[i], path, sizeof(path)))
            (void)!sp_file_write(path, "", 0, &err);
    }
}

/* ------------------------------------------------------------------- slots */

static void
keep_tail(struct slot *slot, const char *bytes, size_t length)
{
    if (length >= TAIL_MAX) {
        memcpy(slot->tail, bytes + length - TAIL_MAX, TAIL_MAX);
        slot->tail_length = TAIL_MAX;
        return;
    }
    if (slot->tail_length + length > TAIL_MAX) {
        size_t drop = slot->tail_length + length - TAIL_MAX;
        memmove(slot->tail, slot->tail + drop, slot->tail_length - drop);
        slot->tail_length -= drop;
    }
    memcpy(slot->tail + slot->tail_length, bytes, length);
    slot->tail_length += length;
}

static void
drain(struct slot *slot)
{
    char chunk[65536];
    for (int turns = 0; slot->out >= 0 && turns < 16; turns++) {
        ssize_t got = read(slot->out, chunk, sizeof(chunk));
        if (got <= 0)
            return;
        keep_tail(slot, chunk, (size_t)got);
    }
}

/* The last line that holds something. */
static const char *
last_line(const struct phase *phase, struct slot *slot)
{
    size_t end = slot->tail_length;
    while (end && (slot->tail[end - 1] == '\n' || slot->tail[end - 1] == '\r' || slot->tail[end - 1] == ' '))
        end--;
    size_t start = end;
    while (start && slot->tail[start - 1] != '\n')
        start--;
    return end > start ? sp_arena_copy(&phase->evidence->arena, slot->tail + start, end - start, NULL) : NULL;
}

static int
start_in(struct phase *phase, struct slot *slot, size_t which, struct sp_error *err)
{
    const struct sp_load *load = &phase->options->list->items[which];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return sp_fail_errno(err, "pipe");
    /* the writer blocks as any program's output does; only our end must not */
    (void)!fcntl(ends[1], F_SETFL, 0);
    const struct sp_sandbox_command command = {
        .argv = (const char *const *)load->argv,
        .env = phase->options->env,
        .cwd = load->cwd,
        .in = -1,
        .out = ends[1],
        .error = ends[1],
        .time = phase->options->time,
        .own_session = true,
    };
    uint32_t token = sp_sandbox_run(phase->sandbox, &command, err);
    close(ends[1]);
    if (!token) {
        close(ends[0]);
        return -1;
    }
    sp_evidence_command(phase->evidence, token, load->package, command.argv);
    *slot = (struct slot){ .token = token, .load = which, .out = ends[0] };
    return 0;
}

static int
fill_slots(struct phase *phase, struct sp_error *err)
{
    for (size_t i = 0; i < AT_ONCE; i++) {
        if (phase->slots[i].token)
            continue;
        while (phase->next < phase->out->count &&
               phase->out->loads[phase->next].outcome == SP_LOAD_REMEMBERED)
            phase->next++;
        if (phase->next >= phase->out->count)
            return 0;
        if (start_in(phase, &phase->slots[i], phase->next++, err) < 0)
            return -1;
    }
    return 0;
}

static void
finish_slot(struct phase *phase, struct slot *slot, const struct sp_sandbox_end *end)
{
    struct sp_run_load *load = &phase->out->loads[slot->load];
    const struct sp_event_sink sink = sp_evidence_sink(phase->evidence);
    drain(slot);
    close(slot->out);
    load->nanoseconds = end->nanoseconds;
    load->said = end->failure ? strerror(end->failure) : last_line(phase, slot);
    load->outcome = end->timed_out                                       ? SP_LOAD_TIMED_OUT
                    : end->failure                                       ? SP_LOAD_FAILED
                    : WIFSIGNALED(end->status)                           ? SP_LOAD_KILLED
                    : WIFEXITED(end->status) && WEXITSTATUS(end->status) ? SP_LOAD_FAILED
                                                                         : SP_LOAD_DONE;
    sp_event_send(&sink, &(struct sp_event){ .kind = SP_EVENT_LOADED,
                                             .package = load->package,
                                             .subject = load->what,
                                             .value = load->outcome,
                                             .detail = load->outcome == SP_LOAD_DONE ? NULL : load->said });
    slot->token = 0;
    phase->done++;
}

static bool
stop_asked(const struct phase *phase)
{
    struct pollfd fd = { .fd = phase->options->signals ? *phase->options->signals : -1, .events = POLLIN };
    return (phase->options->enforce && phase->evidence->worst >= SP_SEVERITY_BLOCK) || poll(&fd, 1, 0) > 0;
}

static int
run_all(struct phase *phase, struct sp_error *err)
{
    const struct sp_event_sink sink = sp_evidence_sink(phase->evidence);
    const struct sp_loading_options *options = phase->options;
    struct sp_sandbox_end end;
    size_t total = 0;
    for (size_t i = 0; i < phase->out->count; i++)
        total += phase->out->loads[i].outcome != SP_LOAD_REMEMBERED;
    while (phase->done < total && !stop_asked(phase)) {
        if (fill_slots(phase, err) < 0)
            return -1;
        int got = sp_sandbox_next(phase->sandbox, TURN_MILLISECONDS, &sink, &end, err);
        if (got < 0 || sp_watching_take(options->watching, &sink, err) < 0 ||
            sp_network_take(&phase->network, &sink, err) < 0)
            return -1;
        for (size_t i = 0; i < AT_ONCE; i++) {
            if (!phase->slots[i].token)
                continue;
            drain(&phase->slots[i]);
            if (got && phase->slots[i].token == end.token)
                finish_slot(phase, &phase->slots[i], &end);
        }
        if (options->progress)
            options->progress(options->progress_context, "loading", phase->done, total);
    }
    uint64_t ended = sp_now();
    while (sp_evidence_lingers(phase->evidence, ended) && !stop_asked(phase))
        if (sp_sandbox_next(phase->sandbox, TURN_MILLISECONDS, &sink, &end, err) < 0 ||
            sp_watching_take(options->watching, &sink, err) < 0 ||
            sp_network_take(&phase->network, &sink, err) < 0)
            return -1;
    return 0;
}

static int
open_phase(struct phase *phase, struct sp_error *err)
{
    const struct sp_loading_options *options = phase->options;
    struct sp_sandbox_spec spec = *options->spec;
    spec.over = options->over;
    /* what stands rewritten in the project lies in the first room's layers already; what belongs into the
     * home, which comes last in the list, is made there anew, as the decoys are */
    while (spec.file_count && sp_path_beneath(spec.project, spec.files->path)) {
        spec.files++;
        spec.file_count--;
    }
    const struct sp_network_options network = {
        .places = options->places,
        .decoys = spec.decoys,
        .allow_hosts = options->allow_hosts,
        .answers = options->answers,
        .authority = options->authority,
        .net = spec.net,
        .enforce = options->enforce,
    };
    if (sp_watching_open(options->watching, &phase->sandbox, &spec, options->probes, err) < 0)
        return -1;
    phase->evidence->probed = options->watching->aimed;
    return sp_evidence_room(phase->evidence, sp_sandbox_root(phase->sandbox), err) < 0
               ? -1
               : sp_network_start(&phase->network, phase->sandbox, &network, err);
}

static int
close_phase(struct phase *phase, int result, struct sp_error *err)
{
    const struct sp_event_sink sink = sp_evidence_sink(phase->evidence);
    struct sp_error ignored;
    if (phase->sandbox && sp_sandbox_end(phase->sandbox, result < 0 ? &ignored : err) < 0)
        result = -1;
    if (sp_watching_rest(phase->options->watching, &sink, result < 0 ? &ignored : err) < 0)
        result = -1;
    if (sp_network_stop(&phase->network, &sink, result < 0 ? &ignored : err) < 0)
        result = -1;
    sp_evidence_settle(phase->evidence);
    for (size_t i = 0; i < AT_ONCE; i++)
        if (phase->slots[i].token)
            close(phase->slots[i].out);
    sp_sandbox_close(phase->sandbox);
    return result;
}

int
sp_loading_run(struct sp_loading *out, const struct sp_loading_options *options, struct sp_evidence *evidence,
               struct sp_error *err)
{
    struct phase phase = {
        .out = out, .options = options, .evidence = evidence, .network = { .events = -1, .stop = -1 }
    };
    uint64_t began = sp_now();
    size_t fresh = 0, remarks = sp_behaviour_count(evidence->behaviour);
    *out = (struct sp_loading){ .count = options->list->count };
    out->loads = sp_new_array(out->count + 1, sizeof(*out->loads), err);
    if (!out->loads)
        return -1;
    for (size_t i = 0; i < out->count; i++) {
        const struct sp_load *load = &options->list->items[i];
        out->loads[i] =
            (struct sp_run_load){ .package = load->package, .what = load->what, .outcome = SP_LOAD_KILLED };
        if (remembered(&phase, load))
            out->loads[i].outcome = SP_LOAD_REMEMBERED;
        else
            fresh++;
    }
    if (!fresh)
        return 0;
    sp_evidence_phase(evidence, SP_PHASE_LOAD, "what is new is loaded");
    int result = open_phase(&phase, err);
    if (result == 0)
        result = run_all(&phase, err);
    result = close_phase(&phase, result, err);
    out->nanoseconds = sp_now() - began;
    if (result == 0 && sp_behaviour_count(evidence->behaviour) == remarks)
        remember_all(&phase);
    return result;
}

void
sp_loading_free(struct sp_loading *loading)
{
    free(loading->loads);
    *loading = (struct sp_loading){ 0 };
}
