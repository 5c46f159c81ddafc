/* processes.c: the processes of a run, found by their numbers, kept in the order in which they began. */
#include "behaviour/attribution_parts.h"

#include <string.h>

#define CHUNK 1024 /* processes that are allocated together: they never move */

static bool
make_slot(struct sp_processes *processes, uint32_t number)
{
    size_t need = processes->slot_count ? processes->slot_count : 4096;
    while (need <= number)
        need *= 2;
    if (need == processes->slot_count)
        return true;
    uint32_t *slots = realloc(processes->slots, need * sizeof(*slots));
    if (!slots)
        return false;
    memset(slots + processes->slot_count, 0, (need - processes->slot_count) * sizeof(*slots));
    processes->slots = slots;
    processes->slot_count = need;
    return true;
}

struct sp_process_entry *
sp_processes_add(struct sp_processes *processes, uint32_t number)
{
    size_t chunk = processes->count / CHUNK;
    if (!number || number >= SP_PROCESS_NUMBER_MAX || processes->count >= SP_PROCESSES_MAX ||
        !make_slot(processes, number) || processes->slots[number])
        return NULL;
    if (processes->count % CHUNK == 0) {
        if (sp_grow(processes->chunks, processes->chunk_capacity, chunk + 1, NULL) < 0)
            return NULL;
        processes->chunks[chunk] = sp_new_array(CHUNK, sizeof(**processes->chunks), NULL);
        if (!processes->chunks[chunk])
            return NULL;
    }
    struct sp_process_entry *process = sp_processes_at(processes, processes->count);
    process->shown.number = number;
    processes->slots[number] = (uint32_t)++processes->count;
    return process;
}

/* A process that starts one program after the other reuses the room of its words. */
static bool
keep_words(struct sp_processes *processes, struct sp_process_entry *process, const char *text)
{
    size_t length = strnlen(text, SP_WORDS_MAX);
    if (length >= process->words_room) {
        size_t room = length < 64 ? 64 : length + 1;
        char *words = processes->words.used + room <= SP_STRINGS_MAX
                          ? sp_arena_alloc(&processes->words, room, NULL)
                          : NULL;
        process->shown.words = words;
        process->words_room = words ? room : 0;
        if (!words)
            return false;
    }
    char *words = (char *)process->shown.words;
    memcpy(words, text, length);
    words[length] = '\0';
    return true;
}

static bool
keep_path(struct sp_processes *processes, const char **out, const char *text)
{
    *out = text ? sp_pool_keep(&processes->paths, text, strnlen(text, SP_KEY_MAX)) : NULL;
    return *out || !text;
}

unsigned
sp_processes_started(struct sp_processes *processes, struct sp_process_entry *process,
                     const struct sp_event *event)
{
    struct sp_process *shown = &process->shown;
    unsigned lost = 0;
    if (shown->execs < UINT32_MAX)
        shown->execs++;
    shown->exec_flags = (uint32_t)event->value;
    lost += !keep_path(processes, &shown->program, event->subject);
    lost += !keep_path(processes, &shown->directory, event->directory);
    lost += !keep_words(processes, process, event->detail ? event->detail : "");
    return lost;
}

void
sp_processes_free(struct sp_processes *processes)
{
    for (size_t i = 0; i * CHUNK < processes->count; i++)
        free(processes->chunks[i]);
    free(processes->chunks);
    free(processes->slots);
    sp_pool_free(&processes->paths);
    sp_arena_free(&processes->words);
}
