/* An attribution as its header promises it, made of a table that the test fills. Drop it for the real one by
 * taking it from the tests' parts. */
#include "stand_in_attribution.h"

#include "base/memory.h"

#include <string.h>

#define PROCESSES 4096
#define ACTORS 64

struct sp_attribution {
    struct sp_process processes[PROCESSES];
    struct sp_actor actors[ACTORS];
    uint32_t actor_count;
    struct sp_arena arena;
};

int
sp_attribution_new(struct sp_attribution **out, const struct sp_attribution_options *options SP_UNUSED,
                   struct sp_error *err)
{
    *out = sp_new(struct sp_attribution, err);
    return *out ? 0 : -1;
}

void
sp_attribution_free(struct sp_attribution *attribution)
{
    if (attribution)
        sp_arena_free(&attribution->arena);
    free(attribution);
}

struct sp_process *
stand_in_at(struct sp_attribution *attribution, uint32_t number)
{
    return number && number < PROCESSES && attribution->processes[number].number
               ? &attribution->processes[number]
               : NULL;
}

static const struct sp_actor *
actor_of(struct sp_attribution *attribution, enum sp_actor_kind kind, const char *package,
         enum sp_phase phase)
{
    for (uint32_t i = 0; i < attribution->actor_count; i++) {
        const struct sp_actor *actor = &attribution->actors[i];
        if (actor->kind == kind && actor->phase == phase &&
            !strcmp(actor->package ? actor->package : "", package ? package : ""))
            return actor;
    }
    if (attribution->actor_count >= ACTORS)
        abort();
    struct sp_actor *actor = &attribution->actors[attribution->actor_count];
    *actor = (struct sp_actor){ .number = attribution->actor_count++, .kind = kind, .phase = phase };
    if (package)
        actor->package = sp_arena_copy(&attribution->arena, package, strlen(package), NULL);
    return actor;
}

void
stand_in_process(struct sp_attribution *attribution, uint32_t number, uint32_t parent,
                 enum sp_actor_kind kind, const char *package, enum sp_phase phase)
{
    if (!number || number >= PROCESSES)
        abort();
    struct sp_process *process = &attribution->processes[number];
    process->number = process->pid = number;
    if (parent)
        process->parent = stand_in_at(attribution, parent);
    process->actor = actor_of(attribution, kind, package, phase);
}

const struct sp_process *
sp_attribution_process(const struct sp_attribution *attribution, uint32_t number)
{
    return stand_in_at((struct sp_attribution *)(uintptr_t)attribution, number);
}

const struct sp_actor *
sp_attribution_actor(const struct sp_attribution *attribution, const struct sp_event *event)
{
    const struct sp_process *process = sp_attribution_process(attribution, event->process);
    return process ? process->actor : NULL;
}
