/* attribution_tree.c: processes and actors, each kept once and for as long as the run. */
#include "behaviour/attribution_parts.h"

#include <string.h>

static const char *const kind_names[] = {
    [SP_ACTOR_UNKNOWN] = "unknown", [SP_ACTOR_MANAGER] = "manager", [SP_ACTOR_PROJECT] = "project",
    [SP_ACTOR_COMMAND] = "command", [SP_ACTOR_PACKAGE] = "package",
};

const char *
sp_actor_kind_name(enum sp_actor_kind kind)
{
    return (unsigned)kind < SP_COUNT(kind_names) ? kind_names[kind] : "unknown";
}

const struct sp_actor *
sp_actor_of(struct sp_attribution *attribution, enum sp_actor_kind kind, enum sp_phase phase,
            const char *package)
{
    char key[1200];
    int length = snprintf(key, sizeof(key), "%d %d %.1100s", (int)kind, (int)phase, package ? package : "");
    uint32_t at;
    if (sp_map_get(&attribution->actor_keys, key, (size_t)length, &at))
        return attribution->actors[at];
    struct sp_actor *actor = NULL;
    const char *kept = NULL;
    bool room =
        attribution->actor_count < SP_ATTRIBUTION_ACTORS_MAX &&
        sp_grow(attribution->actors, attribution->actor_capacity, attribution->actor_count + 1, NULL) == 0 &&
        (actor = sp_arena_alloc(&attribution->arena, sizeof(*actor), NULL)) &&
        (!package || (kept = sp_arena_copy(&attribution->arena, package, strlen(package), NULL))) &&
        sp_map_set(&attribution->actor_keys, key, (size_t)length, (uint32_t)attribution->actor_count, NULL) ==
            0;
    if (!room) {
        attribution->unseen++;
        return &attribution->unknown;
    }
    *actor = (struct sp_actor){
        .number = (uint32_t)attribution->actor_count, .kind = kind, .phase = phase, .package = kept
    };
    attribution->actors[attribution->actor_count++] = actor;
    return actor;
}

static struct sp_process *
enter(struct sp_attribution *attribution, uint32_t number)
{
    struct sp_process *process = NULL;
    bool room = number < SP_ATTRIBUTION_PROCESSES_MAX &&
                sp_grow(attribution->processes, attribution->process_capacity, attribution->process_count + 1,
                        NULL) == 0;
    if (room && number >= attribution->number_capacity) {
        size_t wanted = attribution->number_capacity ? attribution->number_capacity : 256;
        while (wanted <= number)
            wanted *= 2;
        struct sp_process **grown = realloc(attribution->by_number, wanted * sizeof(struct sp_process *));
        room = grown != NULL;
        if (grown) {
            memset(grown + attribution->number_capacity, 0,
                   (wanted - attribution->number_capacity) * sizeof(struct sp_process *));
            attribution->by_number = grown;
            attribution->number_capacity = wanted;
        }
    }
    if (!room || !(process = sp_arena_alloc(&attribution->arena, sizeof(*process), NULL))) {
        attribution->unseen++;
        return &attribution->nobody;
    }
    *process = (struct sp_process){ .number = number };
    attribution->processes[attribution->process_count++] = process;
    attribution->by_number[number] = process;
    return process;
}

void
sp_process_assign(struct sp_process *process, const struct sp_actor *actor)
{
    if (process->actor == actor)
        return;
    /* actors are ours; those who look at them may not write */
    if (process->actor)
        ((struct sp_actor *)process->actor)->processes--;
    process->actor = actor;
    ((struct sp_actor *)actor)->processes++;
}

struct sp_process *
sp_process_of(struct sp_attribution *attribution, uint32_t number)
{
    if (number < attribution->number_capacity && attribution->by_number[number])
        return attribution->by_number[number];
    struct sp_process *process = enter(attribution, number);
    if (process != &attribution->nobody)
        sp_process_assign(process, sp_actor_of(attribution, SP_ACTOR_UNKNOWN, SP_PHASE_FETCH, NULL));
    return process;
}

static const struct sp_actor *
actor_of_command(struct sp_attribution *attribution, uint32_t token)
{
    const char key[4] = { (char)token, (char)(token >> 8), (char)(token >> 16), (char)(token >> 24) };
    uint32_t at;
    if (!sp_map_get(&attribution->tokens, key, sizeof(key), &at))
        return sp_actor_of(attribution, SP_ACTOR_UNKNOWN, SP_PHASE_FETCH, NULL);
    const struct sp_attribution_command *command = &attribution->commands[at];
    if (command->package)
        return sp_actor_of(attribution, SP_ACTOR_PACKAGE, command->phase, command->package);
    return sp_actor_of(attribution, attribution->options.manager ? SP_ACTOR_MANAGER : SP_ACTOR_COMMAND,
                       SP_PHASE_FETCH, NULL);
}

struct sp_process *
sp_process_begin(struct sp_attribution *attribution, const struct sp_event *fork)
{
    const struct sp_process *maker = fork->parent ? sp_process_of(attribution, fork->parent) : NULL;
    bool known = fork->process < attribution->number_capacity && attribution->by_number[fork->process];
    struct sp_process *process =
        known ? attribution->by_number[fork->process] : enter(attribution, fork->process);
    if (process == &attribution->nobody)
        return process;
    process->pid = fork->pid;
    process->began = fork->time;
    process->parent = maker == &attribution->nobody ? NULL : maker;
    process->token = maker ? maker->token : (uint32_t)fork->value;
    if (maker) {
        process->program = maker->program;
        process->words = maker->words;
        process->directory = maker->directory;
        sp_process_assign(process, maker->actor);
    } else {
        sp_process_assign(process, actor_of_command(attribution, process->token));
    }
    return process;
}
