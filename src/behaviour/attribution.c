/* attribution.c: takes the events of a run and lays each to whom it belongs. */
#include "behaviour/attribution_parts.h"

#include <string.h>
#include <sys/random.h>

const struct sp_actor *
sp_attribution_who(struct sp_attribution *attribution, enum sp_actor_kind kind, enum sp_phase phase,
                   const char *package)
{
    const struct sp_actor *actor = sp_actors_find(&attribution->actors, kind, phase, package);
    if (actor)
        return actor;
    attribution->unseen++;
    return attribution->actors.unknown;
}

int
sp_attribution_new(struct sp_attribution **out, const struct sp_attribution_options *options,
                   struct sp_error *err)
{
    struct sp_attribution *made = sp_new(struct sp_attribution, err);
    uint64_t seed = 0;
    if (!made)
        return -1;
    made->options = *options;
    /* strangers choose the keys; without the kernel's randomness an address has to do */
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
        seed = (uint64_t)(uintptr_t)made;
    struct sp_map *const maps[] = {
        &made->actors.index,       &made->actors.packages.index, &made->processes.paths.index,
        &made->places.directories, &made->places.names,          &made->places.purls.index,
        &made->writers.paths,      &made->askers.names,          &made->askers.decoys,
    };
    for (size_t i = 0; i < SP_COUNT(maps); i++)
        maps[i]->seed = seed;
    made->processes.paths.room = made->places.purls.room = SP_STRINGS_MAX;
    if (sp_actors_open(&made->actors, err) < 0) {
        sp_attribution_free(made);
        return -1;
    }
    *out = made;
    return 0;
}

void
sp_attribution_free(struct sp_attribution *attribution)
{
    if (!attribution)
        return;
    sp_actors_free(&attribution->actors);
    sp_processes_free(&attribution->processes);
    sp_package_table_free(&attribution->places);
    sp_writers_free(&attribution->writers);
    sp_askers_free(&attribution->askers);
    free(attribution->tokens);
    free(attribution);
}

/* ---------------------------------------------------------------- the tree */

static void
lay(struct sp_attribution *attribution, struct sp_process_entry *process, const struct sp_actor *actor)
{
    if (process->shown.actor == actor)
        return;
    if (process->shown.actor)
        attribution->actors.items[process->shown.actor->number]->processes--;
    attribution->actors.items[actor->number]->processes++;
    process->shown.actor = actor;
}

static struct sp_process_entry *
begin(struct sp_attribution *attribution, uint32_t number, const struct sp_event *event,
      const struct sp_actor *actor)
{
    struct sp_process_entry *process = sp_processes_add(&attribution->processes, number);
    if (!process) {
        attribution->unseen++;
        return NULL;
    }
    process->shown.pid = event->process == number ? event->pid : 0;
    process->shown.began = event->time;
    lay(attribution, process, actor);
    return process;
}

static const struct sp_command_token *
find_token(const struct sp_attribution *attribution, int64_t value)
{
    for (size_t i = attribution->token_count; value > 0 && i > 0; i--)
        if (attribution->tokens[i - 1].number == value)
            return &attribution->tokens[i - 1];
    return NULL;
}

static void
take_command(struct sp_attribution *attribution, const struct sp_event *event)
{
    enum sp_actor_kind kind = event->package                 ? SP_ACTOR_PACKAGE
                              : attribution->options.manager ? SP_ACTOR_MANAGER
                                                             : SP_ACTOR_COMMAND;
    enum sp_phase phase = (unsigned)event->phase < SP_PHASE_COUNT ? event->phase : SP_PHASE_FETCH;
    if (event->value <= 0 || event->value > UINT32_MAX || attribution->token_count >= SP_TOKENS_MAX ||
        sp_grow(attribution->tokens, attribution->token_capacity, attribution->token_count + 1, NULL) < 0) {
        attribution->unseen++;
        return;
    }
    attribution->tokens[attribution->token_count++] = (struct sp_command_token){
        .number = (uint32_t)event->value,
        .actor = sp_attribution_who(attribution, kind, phase, event->package),
    };
}

static void
take_fork(struct sp_attribution *attribution, const struct sp_event *event)
{
    struct sp_processes *processes = &attribution->processes;
    const struct sp_command_token *token = find_token(attribution, event->value);
    struct sp_process_entry *parent = sp_processes_find(processes, event->parent);
    if (sp_processes_find(processes, event->process))
        return;
    /* whoever makes processes and was never seen to begin is part of the tree all the same */
    if (!parent && !token && event->parent)
        parent = begin(attribution, event->parent, event, attribution->actors.unknown);
    const struct sp_actor *actor = token    ? token->actor
                                   : parent ? parent->shown.actor
                                            : attribution->actors.unknown;
    struct sp_process_entry *process = begin(attribution, event->process, event, actor);
    if (!process)
        return;
    process->first = token != NULL;
    process->shown.token = token ? token->number : parent ? parent->shown.token : 0;
    if (token || !parent)
        return;
    process->shown.parent = &parent->shown;
    process->helps = parent->helps;
    /* until it starts a program of its own it runs its maker's */
    process->shown.program = parent->shown.program;
    process->shown.directory = parent->shown.directory;
}

/* Reads what another package wrote into its own directory: that is the other's code from there on. */
static void
take_reading(struct sp_attribution *attribution, struct sp_process_entry *process,
             const struct sp_event *event)
{
    const struct sp_actor *actor = process->shown.actor;
    const struct sp_writer *writer;
    struct sp_directory directory;
    if (!attribution->writers.count || actor->kind != SP_ACTOR_PACKAGE || !event->subject ||
        !(writer = sp_writers_find(&attribution->writers, event->subject, strlen(event->subject))) ||
        writer->actor->package == actor->package)
        return;
    sp_directory_read(attribution->options.project, event->subject, &directory);
    if (directory.kind != SP_DIRECTORY_NODE && directory.kind != SP_DIRECTORY_BUILD)
        return;
    if (sp_package_table_holds(attribution, event->subject, &directory, actor->package))
        lay(attribution, process,
            sp_attribution_who(attribution, SP_ACTOR_PACKAGE, actor->phase, writer->actor->package));
}

static void
take_exec(struct sp_attribution *attribution, struct sp_process_entry *process, const struct sp_event *event)
{
    attribution->unseen += sp_processes_started(&attribution->processes, process, event);
    lay(attribution, process, sp_start_actor(attribution, process, event));
}

static void
take_exit(struct sp_process_entry *process, const struct sp_event *event)
{
    process->shown.ended = event->time;
    process->shown.status = event->value;
    process->shown.peak_memory = event->bytes;
}

/* ---------------------------------------------------------------- events */

/* An act of PROCESS. */
static void
take_act(struct sp_attribution *attribution, struct sp_process_entry *process, const struct sp_event *event)
{
    switch (event->kind) {
    case SP_EVENT_EXEC:
        take_exec(attribution, process, event);
        break;
    case SP_EVENT_EXIT:
        take_exit(process, event);
        break;
    case SP_EVENT_OPEN:
        if (event->detail)
            attribution->unseen += sp_askers_take(&attribution->askers, &process->shown, event);
        if (!sp_opens_to_write(event->value)) {
            take_reading(attribution, process, event);
            break;
        }
        /* fall through */
    case SP_EVENT_CHANGE:
        attribution->unseen += sp_writers_take(&attribution->writers, &process->shown, event);
        break;
    default:
        attribution->unseen += sp_askers_take(&attribution->askers, &process->shown, event);
        break;
    }
}

/* Whose an event is that was seen from outside: 0 unless it is known for certain. */
static uint32_t
find_process(const struct sp_attribution *attribution, const struct sp_event *event)
{
    if (event->kind == SP_EVENT_WRITE && event->subject) {
        size_t length = strlen(event->subject);
        while (length > 1 && event->subject[length - 1] == '/')
            length--;
        const struct sp_writer *writer = sp_writers_find(&attribution->writers, event->subject, length);
        return writer ? writer->process : 0;
    }
    return sp_askers_find(&attribution->askers, event);
}

static void
fill_in(const struct sp_actor *actor, struct sp_event *event)
{
    event->package = actor->package;
    if (actor->kind == SP_ACTOR_PACKAGE || actor->kind == SP_ACTOR_PROJECT)
        event->phase = actor->phase;
}

void
sp_attribution_take(struct sp_attribution *attribution, struct sp_event *event)
{
    switch (event->kind) {
    case SP_EVENT_COMMAND:
        take_command(attribution, event);
        return;
    case SP_EVENT_PLACE:
        if (event->subject && event->subject[0] == '/')
            sp_package_table_say(attribution, event->subject, strlen(event->subject), event->package);
        return;
    case SP_EVENT_ARTEFACT:
        sp_package_table_served(attribution, event);
        return;
    case SP_EVENT_PACKAGE: /* these say of themselves whose they are */
    case SP_EVENT_LOADED:
    case SP_EVENT_PHASE:
    case SP_EVENT_LIMIT:
    case SP_EVENT_DROPPED:
        return;
    case SP_EVENT_FORK:
        take_fork(attribution, event);
        break;
    default:
        break;
    }
    if (!event->process && !(event->process = find_process(attribution, event)))
        return;
    struct sp_process_entry *process = sp_processes_find(&attribution->processes, event->process);
    if (!process && event->kind != SP_EVENT_FORK)
        process = begin(attribution, event->process, event, attribution->actors.unknown);
    if (process && event->kind != SP_EVENT_FORK)
        take_act(attribution, process, event);
    fill_in(process ? process->shown.actor : attribution->actors.unknown, event);
    if (event->kind == SP_EVENT_WRITE) {
        const struct sp_actor *writer = sp_attribution_writer(attribution, event->subject);
        if (writer)
            fill_in(writer, event);
    }
}

const struct sp_process *
sp_attribution_process(const struct sp_attribution *attribution, uint32_t number)
{
    const struct sp_process_entry *process = sp_processes_find(&attribution->processes, number);
    return process ? &process->shown : NULL;
}

const struct sp_actor *
sp_attribution_actor(const struct sp_attribution *attribution, const struct sp_event *event)
{
    if (!event->process)
        return NULL;
    const struct sp_process_entry *process = sp_processes_find(&attribution->processes, event->process);
    return process ? process->shown.actor : attribution->actors.unknown;
}

size_t
sp_attribution_process_count(const struct sp_attribution *attribution)
{
    return attribution->processes.count;
}

const struct sp_process *
sp_attribution_process_at(const struct sp_attribution *attribution, size_t at)
{
    return at < attribution->processes.count ? &sp_processes_at(&attribution->processes, at)->shown : NULL;
}

size_t
sp_attribution_actor_count(const struct sp_attribution *attribution)
{
    return attribution->actors.count;
}

const struct sp_actor *
sp_attribution_actor_at(const struct sp_attribution *attribution, size_t at)
{
    return at < attribution->actors.count ? attribution->actors.items[at] : NULL;
}

const struct sp_actor *
sp_attribution_writer(const struct sp_attribution *attribution, const char *path)
{
    size_t length = path ? strlen(path) : 0;
    while (length > 1 && path[length - 1] == '/')
        length--;
    const struct sp_writer *writer = length ? sp_writers_find(&attribution->writers, path, length) : NULL;
    return writer ? writer->actor : NULL;
}

uint64_t
sp_attribution_unseen(const struct sp_attribution *attribution)
{
    return attribution->unseen;
}
