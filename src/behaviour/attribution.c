#include "behaviour/attribution_parts.h"

#include <fcntl.h>
#include <string.h>

/* ------------------------------------------------------------------- words */

/* Word WHICH of words that each end in SP_EVENT_WORD_END; its length goes to *LENGTH. NULL: there are fewer.
 */
static const char *
word(const char *words, size_t which, size_t *length)
{
    for (; words && *words; which--) {
        *length = strcspn(words, "\x1f");
        if (!which)
            return words;
        words += *length + (words[*length] == SP_EVENT_WORD_END);
    }
    return NULL;
}

static bool
word_ends(const char *words, size_t which, const char *ending)
{
    size_t length, wanted = strlen(ending);
    const char *at = word(words, which, &length);
    return at && length >= wanted && !strncmp(at + length - wanted, ending, wanted);
}

/* Whether a manager starts the project's own scripts so: by a shell, or a build of Python's by its own
 * runner. */
static bool
runs_a_script(const char *words)
{
    size_t length;
    const char *flag = word(words, 1, &length);
    bool shell =
        word_ends(words, 0, "sh") && flag && length >= 2 && flag[0] == '-' && flag[length - 1] == 'c';
    return shell || word_ends(words, 1, "_in_process.py") || word_ends(words, 1, "setup.py");
}

/* ---------------------------------------------------------------- writers */

static void
wrote(struct sp_attribution *attribution, const struct sp_process *process, const char *path)
{
    const struct sp_actor *actor = process->actor;
    size_t length = path ? strlen(path) : 0;
    if (!length)
        return;
    if (actor->kind != SP_ACTOR_PACKAGE) {
        /* what the manager writes anew is nobody's any more */
        if (attribution->writers.count && sp_map_get(&attribution->writers, path, length, NULL))
            (void)!sp_map_set(&attribution->writers, path, length, UINT32_MAX, NULL);
        return;
    }
    uint32_t *writer = attribution->writers.count < SP_ATTRIBUTION_PATHS_MAX ||
                               sp_map_get(&attribution->writers, path, length, NULL)
                           ? sp_map_at(&attribution->writers, path, length, actor->number, NULL)
                           : NULL;
    if (writer)
        *writer = actor->number;
    else
        attribution->unseen++;
}

static const struct sp_actor *
writer_of(const struct sp_attribution *attribution, const char *path, size_t length)
{
    uint32_t at;
    return sp_map_get(&attribution->writers, path, length, &at) && at < attribution->actor_count
               ? attribution->actors[at]
               : NULL;
}

const struct sp_actor *
sp_attribution_writer(const struct sp_attribution *attribution, const char *path)
{
    return path ? writer_of(attribution, path, strlen(path)) : NULL;
}

/* The package that wrote what EXEC starts: the program, or a script that an interpreter is told to run. */
static const struct sp_actor *
writer_of_code(const struct sp_attribution *attribution, const struct sp_event *exec)
{
    const struct sp_actor *writer = sp_attribution_writer(attribution, exec->subject);
    for (size_t i = 1; i < 4 && !writer && attribution->writers.count; i++) {
        char path[4096];
        size_t length;
        const char *at = word(exec->detail, i, &length);
        if (!at)
            break;
        if (*at == '/') {
            writer = writer_of(attribution, at, length);
            continue;
        }
        if (length > 2 && !strncmp(at, "./", 2)) {
            at += 2;
            length -= 2;
        }
        int whole =
            snprintf(path, sizeof(path), "%s/%.*s", exec->directory ? exec->directory : "", (int)length, at);
        if (whole > 0 && whole < (int)sizeof(path))
            writer = writer_of(attribution, path, (size_t)whole);
    }
    return writer;
}

/* ----------------------------------------------------------------- events */

static bool
in_project(const struct sp_attribution *attribution, const char *directory)
{
    const char *project = attribution->options.project;
    size_t length = project ? strlen(project) : 0;
    return project && !strncmp(directory, project, length) &&
           (directory[length] == '/' || !directory[length]);
}

/* Whose code EXEC starts, where it is not simply its process's own. */
static const struct sp_actor *
new_actor(struct sp_attribution *attribution, const struct sp_process *process, const struct sp_event *exec)
{
    enum sp_actor_kind kind = process->actor->kind;
    enum sp_phase phase;
    const struct sp_actor *writer = writer_of_code(attribution, exec);
    /* framing a neighbour, or the manager: who changed the code is who acts */
    if (writer && (!process->actor->package || strcmp(writer->package, process->actor->package) != 0))
        return sp_actor_of(attribution, SP_ACTOR_PACKAGE,
                           kind == SP_ACTOR_PACKAGE ? process->actor->phase : writer->phase, writer->package);
    if (kind == SP_ACTOR_PACKAGE || !exec->directory)
        return NULL;
    const char *package = sp_place_package(attribution, exec->directory, &phase);
    if (package)
        return sp_actor_of(attribution, SP_ACTOR_PACKAGE, phase, package);
    if (kind == SP_ACTOR_MANAGER && process->parent && in_project(attribution, exec->directory) &&
        runs_a_script(exec->detail))
        return sp_actor_of(attribution, SP_ACTOR_PROJECT, SP_PHASE_INSTALL, NULL);
    return NULL;
}

static void
take_exec(struct sp_attribution *attribution, struct sp_process *process, const struct sp_event *exec)
{
    struct sp_arena *arena = &attribution->arena;
    const struct sp_actor *actor = new_actor(attribution, process, exec);
    if (process == &attribution->nobody)
        return;
    size_t words = exec->detail ? strnlen(exec->detail, SP_ATTRIBUTION_WORDS_MAX) : 0;
    process->program =
        exec->subject ? sp_arena_copy(arena, exec->subject, strlen(exec->subject), NULL) : NULL;
    process->words = exec->detail ? sp_arena_copy(arena, exec->detail, words, NULL) : NULL;
    process->directory =
        exec->directory ? sp_arena_copy(arena, exec->directory, strlen(exec->directory), NULL) : NULL;
    process->exec_flags = (uint32_t)exec->value;
    process->execs++;
    if (actor)
        sp_process_assign(process, actor);
}

static void
take_command(struct sp_attribution *attribution, const struct sp_event *event)
{
    uint32_t token = (uint32_t)event->value;
    const char key[4] = { (char)token, (char)(token >> 8), (char)(token >> 16), (char)(token >> 24) };
    const char *package = NULL;
    /* tokens begin anew in each sandbox of a run: the latest counts */
    if (sp_grow(attribution->commands, attribution->command_capacity, attribution->command_count + 1, NULL) <
            0 ||
        (event->package && !(package = sp_arena_copy(&attribution->arena, event->package,
                                                     strnlen(event->package, 1024), NULL))) ||
        sp_map_set(&attribution->tokens, key, sizeof(key), (uint32_t)attribution->command_count, NULL) < 0) {
        attribution->unseen++;
        return;
    }
    attribution->commands[attribution->command_count++] =
        (struct sp_attribution_command){ .package = package, .phase = event->phase };
}

static void
remember(struct sp_attribution *attribution, struct sp_map *map, const char *key, uint32_t process)
{
    size_t length = key ? strlen(key) : 0;
    if (length && (map->count < SP_ATTRIBUTION_PATHS_MAX || sp_map_get(map, key, length, NULL)) &&
        sp_map_set(map, key, length, process, NULL) == 0)
        return;
    attribution->unseen++;
}

/* A name as it is compared: small letters, no dot at its end. */
static const char *
plain_name(char out[256], const char *name)
{
    size_t length = strnlen(name, 255);
    for (size_t i = 0; i < length; i++)
        out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i];
    while (length && out[length - 1] == '.')
        length--;
    out[length] = '\0';
    return out;
}

static uint32_t
recall(const struct sp_map *map, const char *key)
{
    uint32_t process = 0;
    return key && sp_map_get(map, key, strlen(key), &process) ? process : 0;
}

/* What eyes outside saw, without a process: by the port that it came from, the name, the file. */
static void
find_process(struct sp_attribution *attribution, struct sp_event *event)
{
    char name[256];
    switch (event->kind) {
    case SP_EVENT_CONNECTION:
    case SP_EVENT_DATAGRAM:
    case SP_EVENT_CANARY:
    case SP_EVENT_PASSED:
        event->process = event->from_port ? attribution->ports[event->from_port] : 0;
        break;
    case SP_EVENT_NAME:
        event->process = event->from_port ? attribution->ports[event->from_port] : 0;
        if (!event->process && event->subject)
            event->process = recall(&attribution->names, plain_name(name, event->subject));
        break;
    case SP_EVENT_DECOY:
        event->process = recall(&attribution->decoys, event->subject);
        break;
    default:
        break;
    }
}

/* Tables of who did what, for those that ask later. */
static void
learn(struct sp_attribution *attribution, const struct sp_process *process, const struct sp_event *event)
{
    char name[256];
    switch (event->kind) {
    case SP_EVENT_OPEN:
        if (event->value & (O_WRONLY | O_RDWR | O_TRUNC) || event->value >> 32 & 1)
            wrote(attribution, process, event->subject);
        if (event->detail)
            remember(attribution, &attribution->decoys, event->subject, event->process);
        break;
    case SP_EVENT_CHANGE:
        if (event->value == SP_FILE_RENAME || event->value == SP_FILE_LINK)
            wrote(attribution, process, event->detail);
        else if (event->value == SP_FILE_SYMLINK)
            wrote(attribution, process, event->subject);
        break;
    case SP_EVENT_TCP:
        if (event->bytes && event->bytes < 65536)
            attribution->ports[event->bytes] = event->process;
        break;
    case SP_EVENT_SAID:
        if (event->from_port)
            attribution->ports[event->from_port] = event->process;
        break;
    case SP_EVENT_NAME:
        if (event->subject)
            remember(attribution, &attribution->names, plain_name(name, event->subject), event->process);
        break;
    default:
        break;
    }
}

void
sp_attribution_take(struct sp_attribution *attribution, struct sp_event *event)
{
    struct sp_process *process = NULL;
    switch (event->kind) {
    case SP_EVENT_COMMAND:
        take_command(attribution, event);
        return;
    case SP_EVENT_PLACE:
        if (event->subject && event->package)
            sp_place_learn(attribution, event->subject, event->package);
        return;
    case SP_EVENT_ARTEFACT:
        if (event->package && event->value >= 0)
            sp_place_served(attribution, event->package);
        return;
    case SP_EVENT_FORK:
        if (event->process)
            process = sp_process_begin(attribution, event);
        break;
    default:
        if (!event->process)
            find_process(attribution, event);
        if (event->process)
            process = sp_process_of(attribution, event->process);
        break;
    }
    if (!process)
        return;
    if (event->kind == SP_EVENT_EXEC) {
        take_exec(attribution, process, event);
    } else if (event->kind == SP_EVENT_EXIT && process != &attribution->nobody) {
        process->ended = event->time;
        process->status = event->value;
        process->peak_memory = event->bytes;
    } else {
        learn(attribution, process, event);
    }
    if (!event->pid)
        event->pid = process->pid;
    if (process->actor->kind == SP_ACTOR_PACKAGE) {
        event->package = process->actor->package;
        event->phase = process->actor->phase;
    }
}

/* ----------------------------------------------------------------- asking */

int
sp_attribution_new(struct sp_attribution **out, const struct sp_attribution_options *options,
                   struct sp_error *err)
{
    struct sp_attribution *attribution = sp_new(struct sp_attribution, err);
    if (!attribution)
        return -1;
    attribution->options = *options;
    attribution->nobody.actor = &attribution->unknown;
    /* where there is no room for others: a number beyond every table */
    attribution->unknown.number = SP_ATTRIBUTION_ACTORS_MAX;
    *out = attribution;
    return 0;
}

void
sp_attribution_free(struct sp_attribution *attribution)
{
    if (!attribution)
        return;
    struct sp_map *const maps[] = { &attribution->actor_keys, &attribution->tokens,  &attribution->places,
                                    &attribution->served,     &attribution->writers, &attribution->names,
                                    &attribution->decoys };
    for (size_t i = 0; i < SP_COUNT(maps); i++)
        sp_map_free(maps[i]);
    free(attribution->processes);
    free(attribution->by_number);
    free(attribution->actors);
    free(attribution->commands);
    free(attribution->purls);
    sp_arena_free(&attribution->arena);
    free(attribution);
}

const struct sp_process *
sp_attribution_process(const struct sp_attribution *attribution, uint32_t number)
{
    return number && number < attribution->number_capacity ? attribution->by_number[number] : NULL;
}

const struct sp_actor *
sp_attribution_actor(const struct sp_attribution *attribution, const struct sp_event *event)
{
    const struct sp_process *process = sp_attribution_process(attribution, event->process);
    return process ? process->actor : NULL;
}

size_t
sp_attribution_process_count(const struct sp_attribution *attribution)
{
    return attribution->process_count;
}

const struct sp_process *
sp_attribution_process_at(const struct sp_attribution *attribution, size_t at)
{
    return attribution->processes[at];
}

size_t
sp_attribution_actor_count(const struct sp_attribution *attribution)
{
    return attribution->actor_count;
}

const struct sp_actor *
sp_attribution_actor_at(const struct sp_attribution *attribution, size_t at)
{
    return attribution->actors[at];
}

uint64_t
sp_attribution_unseen(const struct sp_attribution *attribution)
{
    return attribution->unseen;
}
