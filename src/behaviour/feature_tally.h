/* feature_tally.h: what is added up while events come, between the files that make the features. */
#pragma once
#include "base/hash.h"
#include "behaviour/feature_places.h"
#include "behaviour/features.h"
#include "behaviour/judge.h"

#include <limits.h>
#include <string.h>

/* Sums over events. */
enum sp_feature_sum {
    SP_SUM_COUNTED, /* processes whose counts came */
    SP_SUM_READERS,
    SP_SUM_WRITERS,
    SP_SUM_OPENERS,
    SP_SUM_ENVIRONMENT_DUMPS,
    SP_SUM_SENT_BEFORE,
    SP_SUM_SENT_AFTER,
    SP_SUM_CONNECTIONS,
    SP_SUM_REFUSED,
    SP_SUM_DATAGRAMS,
    SP_SUM_REQUESTS,
    SP_SUM_BINDS,
    SP_SUM_LISTENS,
    SP_SUM_ACCEPTS,
    SP_SUM_UNUSUAL_SOCKETS,
    SP_SUM_ON_SOCKET,
    SP_SUM_WRITTEN_EXECUTED,
    SP_SUM_DOWNLOADED_EXECUTED,
    SP_SUM_MEMORY_EXECUTIONS,
    SP_SUM_MEMFDS,
    SP_SUM_NESTED,
    SP_SUM_SHELLS,
    SP_SUM_DOWNLOADERS,
    SP_SUM_COMPILERS,
    SP_SUM_PACKERS,
    SP_SUM_ERASED,
    SP_SUM_SELF_DELETIONS,
    SP_SUM_PTRACES,
    SP_SUM_RENAMED,
    SP_SUM_STRINGS,
    SP_SUM_MARSHALS,
    SP_SUM_FOREIGN,
    SP_SUM_BASE64,
    SP_SUM_DROPPED,
    SP_SUM_END,
};
enum sp_feature_max { SP_MAX_NAME_ENTROPY, SP_MAX_NAME_LENGTH, SP_MAX_ARGV, SP_MAX_END };

/* Sets of different things. */
enum sp_feature_set {
    SP_SET_NONE,
    SP_SET_LOCAL_ADDRESSES,
    SP_SET_REMOTE_ADDRESSES,
    SP_SET_LOCAL_PORTS,
    SP_SET_REMOTE_PORTS,
    SP_SET_DECOYS,
    SP_SET_PROVING,
    SP_SET_CANARIES,
    SP_SET_CLASSES,
    SP_SET_NAMES,
    SP_SET_HOSTS,
    SP_SET_RECONNAISSANCE,
    SP_SET_HOST_PLACES,
    SP_SET_SANDBOX_CHECKS,
    SP_SET_OUTSIDE,
    SP_SET_OTHERS,
    SP_SET_PERSISTENCE,
    SP_SET_UNDECLARED,
    SP_SET_EXECUTABLES,
    SP_SET_HIDDEN,
    SP_SET_SENSITIVE, /* one for each class */
    SP_SET_SENSITIVE_END = SP_SET_SENSITIVE + SP_SENSITIVE_COUNT,
    /* of the run only */
    SP_SET_REGISTRIES = SP_SET_SENSITIVE_END, /* hosts of artefacts */
    SP_SET_PACKAGES,                          /* names of packages that are known */
    SP_SET_PYTHON_PACKAGES,                   /* directories beneath site-packages that were opened */
    SP_SET_PATHS,                             /* opened in any way */
    /* paths in their thousands: these leave room for the others */
    SP_SET_READ,
    SP_SET_WRITTEN,
    SP_SET_END,
};
/* Things in all sets together, a thing once for each scope that has it: 16 bytes each, 64 MiB at most. */
#define SP_SET_THINGS_MAX ((size_t)2 << 20)
#define SP_SET_PATHS_MAX (SP_SET_THINGS_MAX / 8 * 7)

struct sp_feature_thing {
    uint64_t thing; /* hash of it */
    uint32_t scope, set;
};

/* Numbers of one actor; of an actor's package, of a phase and of the run only the sets are kept here, since
 * they do not add up. */
struct sp_feature_scope {
    const struct sp_actor *actor; /* borrowed; NULL: nobody in a phase, or no actor's */
    const char *package;          /* of a package over all its phases; borrowed from the attribution */
    char *name;                   /* of that package, as its tools write it; in the arena; NULL unknown */
    uint32_t phase_scope;         /* 0: this is no actor */
    uint32_t package_scope;       /* 0: none */
    bool sensitive;               /* opened something sensitive; of the package where there is one */
    bool called;                  /* called a host, or started a downloader */
    uint64_t first, last;         /* times; 0 none */
    uint64_t sums[SP_SUM_END], counts[SP_COUNT_END];
    double maxima[SP_MAX_END];
    uint32_t sets[SP_SET_END];
};

/* Scopes: the run, its phases, nobody in each phase, then actors and packages as they come. */
#define SP_SCOPE_RUN 0u
#define SP_SCOPE_PHASE 1u
#define SP_SCOPE_NOBODY (SP_SCOPE_PHASE + SP_PHASE_COUNT)
#define SP_SCOPE_FIRST (SP_SCOPE_NOBODY + SP_PHASE_COUNT)
#define SP_SCOPES_MAX 131072u

#define SP_FEATURE_PROCESSES_MAX 262144u
#define SP_FEATURE_PLACES_MAX 65536u

/* Of each process, by its number. */
struct sp_feature_process {
    uint64_t program, script; /* hashes of the paths that it runs; 0 none */
    uint32_t actor;           /* scope when it last started a program; 0 none */
    uint32_t depth;
    bool counted;
    bool interprets; /* its latest program, shells and wrappers aside, is an interpreter */
};

struct sp_feature_place {
    char *directory; /* in the arena */
    uint32_t next;   /* of the same package; 0 none */
};

struct sp_features {
    struct sp_features_options options;
    struct sp_behaviour judge; /* nothing but its home: for sp_persists */
    struct sp_arena arena;
    uint64_t seed;
    uint32_t seen;        /* bits of event kinds */
    uint32_t count_kinds; /* how many numbers each COUNTS had at least */
    uint64_t dependencies[3];
    bool has_dependencies;
    uint64_t unseen;

    struct sp_feature_scope *scopes;
    size_t scope_count, scope_capacity;
    uint32_t *actors; /* number -> scope; 0 none */
    size_t actor_capacity;
    struct sp_map packages; /* purl -> scope */

    struct sp_feature_process *processes;
    size_t process_capacity;

    struct sp_feature_place *places; /* the first is none */
    size_t place_count, place_capacity;
    struct sp_map place_of; /* purl -> its last place */

    struct sp_feature_thing *things;
    size_t thing_count, thing_capacity;
};

/* Where a feature's value comes from. */
enum sp_feature_from {
    SP_FROM_COUNT,
    SP_FROM_SUM,
    SP_FROM_MAX,
    SP_FROM_SET,
    SP_FROM_INSTALL,
    SP_FROM_PROCESS, /* the tree of processes, at the end */
    SP_FROM_SPAN,
};
enum sp_feature_of_process {
    SP_PROCESSES,
    SP_PROCESS_DEPTH,
    SP_PROCESS_DAEMONS,
    SP_PROCESS_SIGNALLED,
    SP_PROCESS_FAILED,
    SP_PROCESS_MEMORY,
    SP_PROCESS_UNCOUNTED,
    SP_PROCESS_END,
};
/* When a feature can be seen: one of these bits, or the counts, which show that the kernel was watched. */
#define SP_SIGHT(kind) (1u << SP_EVENT_##kind)
#define SP_SIGHT_COUNTS SP_SIGHT(COUNTS)
#define SP_SIGHT_ALWAYS 1u /* by the sandbox's own eyes */
#define SP_SIGHT_LIBRARY (1u << 29)
#define SP_SIGHT_INSTALL (1u << 30)
#define SP_SIGHT_PROVING (1u << 31)
_Static_assert(SP_EVENT_KIND_END <= 29, "bits of kinds reach into the others");

struct sp_feature_making {
    uint8_t from;
    uint16_t at;
    uint32_t sight;
};
extern const struct sp_feature_making sp_feature_makings[]; /* as sp_feature_table */

/* The scope of whoever EVENT is laid to: always one that has sums. */
uint32_t sp_feature_scope_of(struct sp_features *features, const struct sp_event *event);
/* The scope that keeps what is known of the whole package, or the actor's own. */
struct sp_feature_scope *sp_feature_owner(struct sp_features *features, uint32_t scope);
/* NULL: beyond the limit, or no memory. */
struct sp_feature_process *sp_feature_process_at(struct sp_features *features, uint32_t number);

static inline uint64_t
sp_feature_hash(const struct sp_features *features, const char *text)
{
    return sp_hash(text, strlen(text), features->seed);
}
/* Adds THING to SET of the actor's SCOPE, its phase, its package and the run. False: the scope had it. True
 * also where there was no room. */
bool sp_feature_add(struct sp_features *features, uint32_t scope, uint32_t set, uint64_t thing);
/* The same of the run alone. */
bool sp_feature_add_run(struct sp_features *features, uint32_t set, uint64_t thing);
bool sp_feature_has_run(const struct sp_features *features, uint32_t set, uint64_t thing);
/* Takes THING out of what SET counts, in every scope; it stays known. */
void sp_feature_discount(struct sp_features *features, uint32_t set, uint64_t thing);

/* Acts on files, by feature_files.c. */
void sp_feature_take_open(struct sp_features *features, uint32_t scope, const struct sp_event *event);
void sp_feature_take_look(struct sp_features *features, uint32_t scope, const struct sp_event *event);
void sp_feature_take_change(struct sp_features *features, uint32_t scope, const struct sp_event *event);
void sp_feature_take_undeclared(struct sp_features *features, uint32_t scope, const struct sp_event *event);
void sp_feature_take_decoy(struct sp_features *features, uint32_t scope, const char *id);
void sp_feature_take_place(struct sp_features *features, const char *package, const char *directory);
/* Learns the name of PACKAGE, a purl. */
void sp_feature_know_package(struct sp_features *features, const char *package);
/* Acts of processes, by feature_programs.c. */
void sp_feature_take_fork(struct sp_features *features, const struct sp_event *event);
void sp_feature_take_exec(struct sp_features *features, uint32_t scope, const struct sp_event *event);
/* Acts on the network, by feature_network.c. */
void sp_feature_take_network(struct sp_features *features, uint32_t scope, const struct sp_event *event);
