/* deeds.c: what is kept of those who act, so that a rule can ask what came before: traits of each process,
 * deeds of each actor. All of it is bounded; what is beyond the bounds is counted as unseen. */
#include "behaviour/judge.h"

#include <fcntl.h>
#include <string.h>

#define PROCESSES_MAX (1u << 18)
#define ACTORS_MAX (1u << 16)
#define MAKERS_MAX 64 /* steps up the tree */

void
sp_deeds_free(struct sp_behaviour *behaviour)
{
    free(behaviour->traits);
    free(behaviour->deeds);
    free(behaviour->written);
    free(behaviour->moved);
    sp_map_free(&behaviour->files);
    sp_map_free(&behaviour->folders);
    sp_map_free(&behaviour->places);
    sp_map_free(&behaviour->made);
    sp_map_free(&behaviour->told);
}

/* --------------------------------------------------------------------------------------------- processes */

struct sp_traits *
sp_traits_of(const struct sp_behaviour *behaviour, uint32_t process)
{
    return process && process < behaviour->traits_count ? &behaviour->traits[process] : NULL;
}

/* The same, made where there is none. */
static struct sp_traits *
make_traits(struct sp_behaviour *behaviour, uint32_t process)
{
    struct sp_traits *traits = sp_traits_of(behaviour, process);
    if (traits || !process)
        return traits;
    if (process >= PROCESSES_MAX ||
        sp_grow(behaviour->traits, behaviour->traits_capacity, process + 1, NULL) < 0) {
        sp_behaviour_unseen(behaviour, "acts of processes beyond what is kept", 1);
        return NULL;
    }
    memset(behaviour->traits + behaviour->traits_count, 0,
           (process + 1 - behaviour->traits_count) * sizeof(*behaviour->traits));
    behaviour->traits_count = process + 1;
    return &behaviour->traits[process];
}

static struct sp_deeds *
make_deeds(struct sp_behaviour *behaviour, uint32_t number)
{
    if (number < behaviour->deeds_count)
        return &behaviour->deeds[number];
    if (number >= ACTORS_MAX ||
        sp_grow(behaviour->deeds, behaviour->deeds_capacity, (size_t)number + 1, NULL) < 0) {
        sp_behaviour_unseen(behaviour, "acts of packages beyond what is kept", 1);
        return NULL;
    }
    memset(behaviour->deeds + behaviour->deeds_count, 0,
           (number + 1 - behaviour->deeds_count) * sizeof(*behaviour->deeds));
    behaviour->deeds_count = (size_t)number + 1;
    return &behaviour->deeds[number];
}

const struct sp_process *
sp_maker(const struct sp_behaviour *behaviour SP_UNUSED, const struct sp_process *process)
{
    const struct sp_process *maker = process ? process->parent : NULL;
    return maker && maker->actor->kind != SP_ACTOR_MANAGER ? maker : NULL;
}

bool
sp_family_has(const struct sp_behaviour *behaviour, uint32_t bits)
{
    if (behaviour->who.traits->bits & bits)
        return true;
    const struct sp_process *process = behaviour->who.process;
    for (int i = 0; i < MAKERS_MAX && (process = sp_maker(behaviour, process)); i++) {
        const struct sp_traits *traits = sp_traits_of(behaviour, process->number);
        if (traits && traits->bits & bits)
            return true;
    }
    return false;
}

/* Marks the process that acts and those that made it. */
static void
mark_family(struct sp_behaviour *behaviour, uint32_t bits)
{
    behaviour->who.traits->bits |= bits;
    const struct sp_process *process = behaviour->who.process;
    for (int i = 0; i < MAKERS_MAX && (process = sp_maker(behaviour, process)); i++) {
        struct sp_traits *traits = make_traits(behaviour, process->number);
        if (traits)
            traits->bits |= bits;
    }
}

#define SUBSHELLS 4

static void
mark_maker(struct sp_behaviour *behaviour, uint32_t bits)
{
    const struct sp_process *maker = sp_maker(behaviour, behaviour->who.process);
    for (int depth = 0; maker && depth < SUBSHELLS; depth++) {
        struct sp_traits *traits = make_traits(behaviour, maker->number);
        if (traits)
            traits->bits |= bits;
        /* a shell's group in braces or brackets is a copy of it, and what comes out of one comes from the
         * other */
        const struct sp_process *above = maker->parent;
        bool copy = above && maker->program && above->program && maker->words && above->words &&
                    !strcmp(maker->program, above->program) && !strcmp(maker->words, above->words);
        maker = copy ? above : NULL;
    }
}

/* ----------------------------------------------------------------------------------------------- network */

bool
sp_is_loopback(const char *address)
{
    return address && (!strncmp(address, "127.", 4) || !strcmp(address, "::1") ||
                       !strncmp(address, "::ffff:127.", 11) || !strcmp(address, "localhost"));
}

static bool
is_nowhere(const char *address)
{
    return !address || !*address || sp_is_loopback(address);
}

enum sp_sent
sp_sent(const struct sp_event *event)
{
    const char *detail = event->detail ? event->detail : "";
    switch (event->kind) {
    case SP_EVENT_PASSED:
        return SP_SENT_PASSED;
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
        return is_nowhere(event->subject) || event->port == 53 ? SP_SENT_NOTHING : SP_SENT_OUTSIDE;
    case SP_EVENT_SOCKET:
        /* connect of a datagram socket sends nothing: getaddrinfo does it to sort addresses */
        if (is_nowhere(event->subject) || event->port == 53 ||
            !((event->value == SP_SOCKET_CONNECT && !strcmp(detail, "tcp")) ||
              (event->value == SP_SOCKET_SEND && !strcmp(detail, "udp"))))
            return SP_SENT_NOTHING;
        return event->bytes ? SP_SENT_OUTSIDE : SP_SENT_SEEN;
    case SP_EVENT_SAID:
        return is_nowhere(event->subject) || event->port == 53 ? SP_SENT_NOTHING : SP_SENT_SEEN;
    default:
        return SP_SENT_NOTHING;
    }
}

static void
note_sent(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    static const uint32_t bits[] = { [SP_SENT_SEEN] = SP_TRAIT_SEEN,
                                     [SP_SENT_PASSED] = SP_TRAIT_PASSED,
                                     [SP_SENT_OUTSIDE] = SP_TRAIT_OUTSIDE };
    enum sp_sent sent = sp_sent(event);
    if (sent == SP_SENT_NOTHING)
        return;
    behaviour->who.traits->bits |= bits[sent];
    mark_maker(behaviour,
               SP_TRAIT_CHILD_FETCHES | (sent == SP_SENT_OUTSIDE ? (uint32_t)SP_TRAIT_CHILD_OUTSIDE : 0));
    behaviour->who.traits->bits |= SP_TRAIT_ACTED;
}

/* ------------------------------------------------------------------------------------------------- starts */

static const uint32_t program_traits =
    SP_TRAIT_DOWNLOADER | SP_TRAIT_DECODER | SP_TRAIT_EXTRACTOR | SP_TRAIT_INTERPRETER;

static void
note_fork(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    struct sp_deeds *deeds = behaviour->who.deeds;
    struct sp_traits *parent = sp_traits_of(behaviour, event->parent);
    deeds->alive++;
    if (!parent)
        return;
    /* until it starts a program it is what its maker was */
    behaviour->who.traits->bits = parent->bits & (program_traits | SP_TRAIT_BUILDER);
    parent->bits |= SP_TRAIT_ACTED;
}

static void
note_exec(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    struct sp_traits *traits = behaviour->who.traits;
    struct sp_command *command = &behaviour->command;
    sp_command_read(command, event->subject, event->detail, event->directory);
    traits->bits = (traits->bits & ~program_traits) | command->traits;
    if (command->traits & SP_TRAIT_DOWNLOADER)
        mark_maker(behaviour, SP_TRAIT_CHILD_FETCHES);
    if (command->traits & SP_TRAIT_DECODER)
        mark_maker(behaviour, SP_TRAIT_CHILD_DECODES);
    /* curl | tar: what comes through the pipe comes from the sibling */
    const struct sp_process *maker = sp_maker(behaviour, behaviour->who.process);
    const struct sp_traits *siblings = maker ? sp_traits_of(behaviour, maker->number) : NULL;
    if (siblings && event->value & SP_EXEC_STDIN_PIPE && siblings->bits & SP_TRAIT_CHILD_FETCHES &&
        command->traits & (SP_TRAIT_EXTRACTOR | SP_TRAIT_DECODER)) {
        traits->source = maker->number;
        traits->piped = true;
    }
}

/* ------------------------------------------------------------------------------------------------- secrets
 */

static void
note_decoy(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    for (size_t i = 0; behaviour->decoys && event->detail && i < behaviour->decoys->count; i++) {
        const struct sp_decoy *decoy = &behaviour->decoys->items[i];
        if (strcmp(decoy->id, event->detail))
            continue;
        uint32_t bit = decoy->reading_proves ? SP_TRAIT_READ_SECRET : SP_TRAIT_READ_CONFIG;
        behaviour->who.deeds->bits |= bit;
        behaviour->who.deeds->secret = decoy->title;
        mark_family(behaviour, bit);
        return;
    }
}

bool
sp_deeds_wants_read(const struct sp_behaviour *behaviour, const struct sp_event *event)
{
    const char *path = event->subject;
    if (event->value & (O_ACCMODE | O_CREAT | O_TRUNC) || event->detail)
        return true;
    const struct sp_traits *traits = sp_traits_of(behaviour, event->process);
    if (traits && traits->bits & SP_TRAIT_EXTRACTOR)
        return true;
    if (!path || path[0] != '/')
        return false;
    switch (path[1]) {
    case 'p':
        return !strncmp(path, "/proc/", 6);
    case 's':
        return !strncmp(path, "/sys/", 5);
    case 'd':
        return !strncmp(path, "/dev/vbox", 9);
    case 'r':
        return !strncmp(path, "/run/", 5);
    case '.':
        return true;
    default:
        return false;
    }
}

/* --------------------------------------------------------------------------------------------------- who */

static void
find_who(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    struct sp_who *who = &behaviour->who;
    const struct sp_attribution *attribution = behaviour->attribution;
    const struct sp_actor *actor = attribution ? sp_attribution_actor(attribution, event) : NULL;
    *who = (struct sp_who){ .kind = actor ? actor->kind : SP_ACTOR_UNKNOWN, .package = event->package };
    if (actor && actor->package)
        who->package = actor->package;
    if (attribution && event->process)
        who->process = sp_attribution_process(attribution, event->process);
    who->traits = make_traits(behaviour, event->process);
    if (actor || event->process)
        who->deeds = make_deeds(behaviour, actor ? actor->number + 1 : 0);
    if (!who->traits) {
        behaviour->blank_traits = (struct sp_traits){ 0 };
        who->traits = &behaviour->blank_traits;
    }
    if (!who->deeds) {
        behaviour->blank_deeds = (struct sp_deeds){ 0 };
        who->deeds = &behaviour->blank_deeds;
    }
}

void
sp_deeds_take(struct sp_behaviour *behaviour, const struct sp_event *event)
{
    /* before: making one of these may move the other's table, so both are there before either is used */
    const struct sp_process *process = behaviour->attribution && event->process
                                           ? sp_attribution_process(behaviour->attribution, event->process)
                                           : NULL;
    const struct sp_process *maker = sp_maker(behaviour, process);
    behaviour->events++;
    make_traits(behaviour, event->parent);
    make_traits(behaviour, maker ? maker->number : 0);
    find_who(behaviour, event);
    switch (event->kind) {
    case SP_EVENT_FORK:
        note_fork(behaviour, event);
        break;
    case SP_EVENT_EXEC:
        note_exec(behaviour, event);
        break;
    case SP_EVENT_EXIT:
        behaviour->who.deeds->alive -= behaviour->who.deeds->alive > 0;
        break;
    case SP_EVENT_DECOY:
        note_decoy(behaviour, event);
        break;
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
    case SP_EVENT_PASSED:
    case SP_EVENT_SOCKET:
    case SP_EVENT_SAID:
        note_sent(behaviour, event);
        break;
    case SP_EVENT_OPEN:
        sp_files_take(behaviour, event);
        break;
    case SP_EVENT_CHANGE:
    case SP_EVENT_PLACE:
        sp_files_take(behaviour, event);
        break;
    default:
        break;
    }
}
