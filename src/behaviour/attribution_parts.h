/* attribution_parts.h: between the files of the attribution. */
#pragma once
#include "base/hash.h"
#include "behaviour/attribution.h"

#define SP_ATTRIBUTION_PROCESSES_MAX 262144u
#define SP_ATTRIBUTION_ACTORS_MAX 65536u
#define SP_ATTRIBUTION_PATHS_MAX 131072u /* files with a last writer; directories looked up; names */
#define SP_ATTRIBUTION_WORDS_MAX 4096u

struct sp_attribution {
    struct sp_attribution_options options;
    struct sp_arena arena;
    struct sp_process **processes; /* in the order in which they began */
    size_t process_count, process_capacity;
    struct sp_process **by_number;
    size_t number_capacity;
    struct sp_actor **actors;
    size_t actor_count, actor_capacity;
    struct sp_map actor_keys;       /* kind, phase and package -> index */
    struct sp_actor unknown;        /* where there is no room for another */
    struct sp_process nobody;       /* the same of processes */
    struct sp_map tokens;           /* of commands -> index of .commands */
    struct sp_attribution_command { /* a command that was announced */
        const char *package;
        enum sp_phase phase;
    } * commands;
    size_t command_count, command_capacity;
    struct sp_map places; /* directory -> index of .purls + 1; 0: none lives there */
    const char **purls;
    size_t purl_count, purl_capacity;
    struct sp_map served;  /* PyPI's normal name -> index of .purls + 1 */
    struct sp_map writers; /* path -> actor that wrote it last */
    struct sp_map names;   /* looked up -> process */
    struct sp_map decoys;  /* path -> process that opened it last */
    uint32_t ports[65536]; /* local ports -> process */
    uint64_t unseen;
};

/* attribution_tree.c: never NULL; counts in .unseen what there was no room for. */
const struct sp_actor *sp_actor_of(struct sp_attribution *attribution, enum sp_actor_kind kind,
                                   enum sp_phase phase, const char *package);
/* The process of that number, entered as UNKNOWN where it never was seen to begin. */
struct sp_process *sp_process_of(struct sp_attribution *attribution, uint32_t number);
struct sp_process *sp_process_begin(struct sp_attribution *attribution, const struct sp_event *fork);

void sp_process_assign(struct sp_process *process, const struct sp_actor *actor);

/* attribution_place.c: the package whose code is started by a program in DIRECTORY; NULL: none is told by it.
 */
const char *sp_place_package(struct sp_attribution *attribution, const char *directory, enum sp_phase *phase);
/* What PLACE and ARTEFACT events say. */
void sp_place_learn(struct sp_attribution *attribution, const char *directory, const char *purl);
void sp_place_served(struct sp_attribution *attribution, const char *purl);
