/* attribution_parts.h: between the files that make the attribution: actors, processes, places, writers,
 * askers. All tables are bounded; what they have no room for is counted in sp_attribution.unseen. */
#pragma once
#include "base/hash.h"
#include "behaviour/attribution.h"
#include "behaviour/directories.h"

#define SP_PROCESSES_MAX 262144u
#define SP_PROCESS_NUMBER_MAX (1u << 24) /* numbers are given in turn: what is above is no number */
#define SP_ACTORS_MAX 65536u
#define SP_PLACES_MAX 65536u
#define SP_WRITERS_MAX 65536u
#define SP_NAMES_MAX 16384u
#define SP_TOKENS_MAX 65536u
#define SP_WORDS_MAX 4096u
#define SP_STRINGS_MAX ((size_t)64 << 20) /* bytes of all words, programs and directories */
#define SP_KEY_MAX 4096u                  /* bytes of a path that tell it from others */

/* ---- strings that come again: kept once, NUL-terminated, for as long as the pool lives ---- */
struct sp_pool {
    struct sp_map index;
    struct sp_arena arena;
    const char **items;
    size_t count, capacity;
    size_t room; /* bytes that may still be kept */
};
/* NULL: no room. */
const char *sp_pool_keep(struct sp_pool *pool, const char *text, size_t length);
void sp_pool_free(struct sp_pool *pool);

/* ---- actors ---- */
struct sp_actors {
    struct sp_pool packages; /* equal purls are one pointer */
    struct sp_arena arena;
    struct sp_actor **items;
    size_t count, capacity;
    struct sp_map index;
    struct sp_actor *unknown; /* always there */
};
int sp_actors_open(struct sp_actors *actors, struct sp_error *err);
/* The actor of that kind, phase and package (NULL unless PACKAGE); NULL: no room. */
const struct sp_actor *sp_actors_find(struct sp_actors *actors, enum sp_actor_kind kind, enum sp_phase phase,
                                      const char *package);
void sp_actors_free(struct sp_actors *actors);

/* ---- processes ---- */
struct sp_process_entry {
    struct sp_process shown; /* first: what others see */
    size_t words_room;       /* bytes at .shown.words */
    bool first;              /* of its command: the one that Sallyport started */
    bool helps;              /* a version control tool of the package manager's: places say nothing of it */
};
struct sp_processes {
    uint32_t *slots; /* by number: place in the order of their beginning, plus one; 0: none */
    size_t slot_count;
    struct sp_process_entry **chunks;
    size_t count, chunk_capacity;
    struct sp_pool paths; /* programs and directories */
    struct sp_arena words;
};
static inline struct sp_process_entry *
sp_processes_at(const struct sp_processes *processes, size_t at)
{
    return &processes->chunks[at / 1024][at % 1024];
}
static inline struct sp_process_entry *
sp_processes_find(const struct sp_processes *processes, uint32_t number)
{
    uint32_t slot = number < processes->slot_count ? processes->slots[number] : 0;
    return slot ? sp_processes_at(processes, slot - 1) : NULL;
}
/* A new one; NULL: no room, or the number is taken. Its actor is for the caller to set. */
struct sp_process_entry *sp_processes_add(struct sp_processes *processes, uint32_t number);
/* Keeps what EVENT, an EXEC, says of the program. Returns how many strings had no room. */
unsigned sp_processes_started(struct sp_processes *processes, struct sp_process_entry *process,
                              const struct sp_event *event);
void sp_processes_free(struct sp_processes *processes);

/* ---- which package lives where ---- */
struct sp_served {    /* what a registry handed out under one name */
    const char *purl; /* the latest */
    uint32_t versions;
};
struct sp_package_table {
    struct sp_map directories; /* -> items */
    const char **items;        /* purls; NULL: nobody's */
    size_t count, capacity;
    struct sp_map names; /* purl without its version -> served */
    struct sp_served *served;
    size_t served_count, served_capacity;
    struct sp_pool purls;
};
void sp_package_table_say(struct sp_attribution *attribution, const char *directory, size_t length,
                          const char *package);
void sp_package_table_served(struct sp_attribution *attribution, const struct sp_event *event);
/* The purl of the package whose own directory is the beginning of PATH that DIRECTORY says, asked for where
 * it is new; NULL: not known. EVENT is the one that needs it. */
const char *sp_package_table_find(struct sp_attribution *attribution, const char *path,
                                  const struct sp_directory *directory, const struct sp_event *event);
/* Whether it is PACKAGE's own, its version aside where the directory is not known. Asks nobody and remembers
 * nothing: packages choose the paths that they open. */
bool sp_package_table_holds(const struct sp_attribution *attribution, const char *path,
                            const struct sp_directory *directory, const char *package);
void sp_package_table_free(struct sp_package_table *table);

/* ---- who last wrote what ---- */
struct sp_writer {
    const struct sp_actor *actor; /* NULL: nobody that is a package */
    uint32_t process;
    uint32_t other; /* another name of the same file: its place plus one; 0: none known */
    uint64_t sequence;
    bool tree; /* all that was beneath it then, too */
};
struct sp_writers {
    struct sp_map paths;
    struct sp_writer *items;
    size_t count, capacity;
    size_t key_bytes;
    uint64_t tree_lengths[SP_KEY_MAX / 64 + 1]; /* a bit for each length that a tree's path ever had */
    uint64_t sequence;
};
/* NULL: no package wrote it last. */
const struct sp_writer *sp_writers_find(const struct sp_writers *writers, const char *path, size_t length);
/* EVENT is an OPEN or a CHANGE by PROCESS. Returns how much had no room. */
unsigned sp_writers_take(struct sp_writers *writers, const struct sp_process *process,
                         const struct sp_event *event);
void sp_writers_free(struct sp_writers *writers);
/* Whether an OPEN with these flags of open(2) changes the file or may. */
bool sp_opens_to_write(int64_t flags);

/* ---- who has a port, asked for a name, opened a decoy ---- */
struct sp_asker {
    uint32_t process;
    const struct sp_actor *actor;
    bool several; /* who are not the same */
};
struct sp_askers {
    struct sp_port *ports; /* 65,536 of TCP, then as many of UDP */
    struct sp_map names, decoys;
    struct sp_asker *items;
    size_t count, capacity;
};
/* EVENT has a process. Returns how much had no room. */
unsigned sp_askers_take(struct sp_askers *askers, const struct sp_process *process,
                        const struct sp_event *event);
/* The process of EVENT, which has none; 0: not known. */
uint32_t sp_askers_find(const struct sp_askers *askers, const struct sp_event *event);
void sp_askers_free(struct sp_askers *askers);

/* ---- what the start of a program means ---- */
/* Whose PROCESS is after EVENT, an EXEC of it. */
const struct sp_actor *sp_start_actor(struct sp_attribution *attribution, struct sp_process_entry *process,
                                      const struct sp_event *event);

struct sp_command_token {
    uint32_t number;
    const struct sp_actor *actor;
};
struct sp_attribution {
    struct sp_attribution_options options;
    struct sp_actors actors;
    struct sp_processes processes;
    struct sp_package_table places;
    struct sp_writers writers;
    struct sp_askers askers;
    struct sp_command_token *tokens;
    size_t token_count, token_capacity;
    uint64_t unseen;
};
/* As sp_actors_find; UNKNOWN, and counted, where there is no room. */
const struct sp_actor *sp_attribution_who(struct sp_attribution *attribution, enum sp_actor_kind kind,
                                          enum sp_phase phase, const char *package);
