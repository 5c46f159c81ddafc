/* judge.h: between the rules of this room. */
#pragma once
#include "base/hash.h"
#include "behaviour/command.h"
#include "behaviour/rules.h"

#define SP_SHOWN_MAX 240 /* bytes of a hostile string in a message */
#define SP_PAGE "docs/rules.md#"

struct sp_remark {
    enum sp_severity severity; /* NONE: a note */
    const char *subject;       /* of equal ones with the same rule and package one is kept; borrowed */
    char message[640], advice[480];
};

/* ---------------------------------------------------------------------- what is kept of those who act */

enum sp_trait {
    SP_TRAIT_SEEN = 1,            /* connected to an address outside, as the kernel saw it */
    SP_TRAIT_OUTSIDE = 1 << 1,    /* the sinkhole got it: nobody allowed that host */
    SP_TRAIT_PASSED = 1 << 2,     /* --allow-host let it through */
    SP_TRAIT_DOWNLOADER = 1 << 3, /* runs curl, wget or their like */
    SP_TRAIT_DECODER = 1 << 4,    /* base64, xxd, openssl ... */
    SP_TRAIT_EXTRACTOR = 1 << 5,  /* tar, unzip, cp: what it writes comes from what it reads */
    SP_TRAIT_INTERPRETER = 1 << 6,
    SP_TRAIT_BUILDER = 1 << 7,        /* make, cmake, node-gyp, configure: they ask a lot about the host */
    SP_TRAIT_READ_CONFIG = 1 << 8,    /* opened a decoy that proves nothing by itself */
    SP_TRAIT_READ_SECRET = 1 << 9,    /* opened one that does */
    SP_TRAIT_CHECKED = 1 << 10,       /* looked for a sandbox or a debugger */
    SP_TRAIT_ACTED = 1 << 11,         /* did something else since */
    SP_TRAIT_CHILD_FETCHES = 1 << 12, /* one of its children is a downloader or connected outside */
    SP_TRAIT_CHILD_DECODES = 1 << 13,
    SP_TRAIT_PIPED_SHELL = 1 << 14,   /* hands a shell what it downloads */
    SP_TRAIT_CHILD_OUTSIDE = 1 << 15, /* one of its children has OUTSIDE */
};
#define SP_TRAITS_FETCHED                                                                                    \
    (SP_TRAIT_SEEN | SP_TRAIT_OUTSIDE | SP_TRAIT_PASSED) /* what it writes may come from outside */

struct sp_traits {
    uint32_t bits;    /* enum sp_trait */
    uint32_t ran;     /* 1 + number of a file that it wrote and somebody executed */
    uint32_t source;  /* process whose bytes it hands on; 0: its own */
    bool piped;       /* those of the source's children, through a pipe */
    uint32_t checks;  /* signs of a search for a sandbox, a bit each */
    uint64_t checked; /* when */
};

#define SP_RECONNAISSANCE_MAX 24
struct sp_deeds {                          /* of one actor */
    uint64_t asked[SP_RECONNAISSANCE_MAX]; /* when each tool was last asked about the host */
    uint32_t asked_bits;
    uint32_t bits; /* SP_TRAIT_READ_* */
    bool burst;    /* at least four different within ten seconds, at .burst_time */
    uint64_t burst_time;
    bool dumped;        /* the whole environment */
    const char *secret; /* title of the last decoy that it read; static or of the decoys */
    uint64_t window;    /* when the count of new processes began */
    uint32_t forks, alive;
};

enum sp_written_bit {
    SP_WRITTEN_DECODED = 1, /* an interpreter or decoder wrote it */
    SP_WRITTEN_RAN = 2,
    SP_WRITTEN_PIPED = 4, /* the bytes came from a child of .process, through a pipe */
};
struct sp_written { /* a file that somebody other than the package manager wrote */
    uint32_t process, bits;
    const char *path; /* in the arena of the state */
};

struct sp_moved { /* a directory that got another name */
    const char *from, *to;
};

/* Who does the event that is being judged. */
struct sp_who {
    const struct sp_process *process; /* NULL: not known */
    enum sp_actor_kind kind;
    const char *package;      /* purl; NULL */
    struct sp_traits *traits; /* never NULL: a blank that is not kept where there is no process */
    struct sp_deeds *deeds;   /* never NULL, likewise */
};

/* places.c: what a path is to somebody other than its package. */
enum sp_place_class {
    SP_PLACE_NONE,
    SP_PLACE_LATER,    /* runs or is obeyed later */
    SP_PLACE_MANAGER,  /* settings of a package manager */
    SP_PLACE_WORKFLOW, /* continuous integration */
    SP_PLACE_LOADER,   /* what every program loads */
    SP_PLACE_BROWSER,
};

#define SP_RULES_MAX 64u
struct sp_behaviour {
    const struct sp_decoys *decoys;           /* borrowed; NULL: none */
    const char *home, *project;               /* borrowed; NULL: unknown */
    const struct sp_attribution *attribution; /* borrowed; NULL: nobody is known */
    const char *const *allow_write;           /* borrowed; NULL: none */
    bool (*allows)(void *context, const char *rule, const char *package); /* NULL: nothing is */
    void *allows_context;
    bool unanswered; /* nothing arrives from outside */
    struct sp_arena arena;
    struct sp_observation *items;
    size_t count, capacity;
    size_t kept[3], lost[3]; /* by severity */
    struct sp_map known;     /* rule, package and subject -> item */
    struct sp_map unseen;    /* what -> index of .unseen_counts */
    uint64_t *unseen_counts;
    const char **unseen_names;
    size_t unseen_count, unseen_capacity;
    uint64_t unseen_more;       /* kinds of things beyond the limit */
    struct sp_map names, zones; /* looked up; how many beneath one zone */
    /* the rules that look at a kind, as indices of sp_rules */
    unsigned char by_kind[SP_EVENT_KIND_END][SP_RULES_MAX];
    unsigned char by_kind_count[SP_EVENT_KIND_END];
    struct sp_who who;
    uint64_t events; /* taken so far */
    /* of the event number .put_event */
    uint64_t put_event;
    enum sp_place_class put_class;
    const char *put_path, *put_where;
    struct sp_command command; /* of the EXEC that is being judged */
    struct sp_traits blank_traits;
    struct sp_deeds blank_deeds;
    struct sp_traits *traits; /* by process number */
    size_t traits_count, traits_capacity;
    struct sp_deeds *deeds; /* by 1 + actor number; 0: a process that is laid to nobody */
    size_t deeds_count, deeds_capacity;
    struct sp_map files;   /* path -> index of .written */
    struct sp_map folders; /* that hold one of them at any depth */
    struct sp_written *written;
    size_t written_count, written_capacity;
    struct sp_moved *moved;
    size_t moved_count, moved_capacity;
    struct sp_map places; /* directory of a package -> hash of its purl */
    struct sp_map made;   /* directory of a package -> 1 + number of the actor that made it */
    struct sp_map told;   /* paths that a rule spoke of during the run */
};

/* Notes EVENT in what is kept of who did it, and fills behaviour->who; before any rule looks. */
void sp_deeds_take(struct sp_behaviour *behaviour, const struct sp_event *event);
void sp_deeds_free(struct sp_behaviour *behaviour);
/* Keeps which files are written; a part of sp_deeds_take. */
void sp_files_take(struct sp_behaviour *behaviour, const struct sp_event *event);
/* Whether an event of an open for reading needs a look at all: nearly none does. */
bool sp_deeds_wants_read(const struct sp_behaviour *behaviour, const struct sp_event *event);
/* Of a process by its number; NULL: nothing is kept. */
struct sp_traits *sp_traits_of(const struct sp_behaviour *behaviour, uint32_t process);
/* Whether BITS are among those of the process that acts or of those that made it, as far as they are no
 * package manager's. */
bool sp_family_has(const struct sp_behaviour *behaviour, uint32_t bits);
/* The nearest maker that is judged as a package is; NULL: none. */
const struct sp_process *sp_maker(const struct sp_behaviour *behaviour, const struct sp_process *process);
/* The record of a file that somebody wrote, through renamed directories; NULL: none. */
struct sp_written *sp_written_find(const struct sp_behaviour *behaviour, const char *path);

enum sp_sent {
    SP_SENT_NOTHING,
    SP_SENT_SEEN,    /* a connection or bytes, of which it is not said yet where they end up */
    SP_SENT_PASSED,  /* to a host of --allow-host */
    SP_SENT_OUTSIDE, /* to nobody that was allowed */
};
/* What EVENT sends beyond loopback and the registry. */
enum sp_sent sp_sent(const struct sp_event *event);
bool sp_is_loopback(const char *address);

/* The file that EVENT writes, makes, renames or removes, else NULL. */
const char *sp_changed_path(const struct sp_event *event);
/* The path under which EVENT puts new content or a new file, else NULL. */
const char *sp_put_path(const struct sp_event *event);
/* Whether a change at PATH is allowed by --allow-write. */
bool sp_write_allowed(const struct sp_behaviour *behaviour, const char *path);
/* Remembers that a rule spoke of PATH; false: one did already. */
bool sp_tell_path(struct sp_behaviour *behaviour, const char *path);
bool sp_was_told(const struct sp_behaviour *behaviour, const char *path);
/* Whether PATH lies in the project, which may itself lie beneath /tmp. */
bool sp_within_project(const struct sp_behaviour *behaviour, const char *path);
/* Whether PATH lies where things are thrown away: /tmp, /var/tmp, /dev/shm. */
bool sp_is_temporary(const char *path);
/* Whether PATH lies among installed packages: beneath a node_modules, site-packages or dist-packages. */
bool sp_is_installed(const char *path);

/* ---------------------------------------------------------------------- words in messages */

/* What stands for a hostile string: printable, cut, "?" for none. OUT is returned. */
const char *sp_shown(char out[SP_SHOWN_MAX], const char *text);
/* The same of a path, with "~" for the home. */
const char *sp_shown_path(const struct sp_behaviour *behaviour, char out[SP_SHOWN_MAX], const char *path);
/* The same of a command's words. */
const char *sp_shown_words(char out[SP_SHOWN_MAX], const char *words);
/* "while loading" */
const char *sp_phase_words(enum sp_phase phase);
/* Adds COUNT to what could not be seen of WHAT. */
void sp_behaviour_unseen(struct sp_behaviour *behaviour, const char *what, uint64_t count);
/* The path beneath the home, else NULL. */
const char *sp_within_home(const struct sp_behaviour *behaviour, const char *path);

#define SP_SAY(remark, ...) snprintf((remark)->message, sizeof((remark)->message), __VA_ARGS__)
#define SP_ADVISE(remark, ...) snprintf((remark)->advice, sizeof((remark)->advice), __VA_ARGS__)

/* --------------------------------------------------------------------------------------------- the rules */

extern const struct sp_rule sp_rule_decoy_read, sp_rule_canary_sent, sp_rule_connection, sp_rule_name_lookup,
    sp_rule_request, sp_rule_digest, sp_rule_write_outside, sp_rule_persistence, sp_rule_limit;
extern const struct sp_rule sp_rule_decoy_then_sent, sp_rule_reconnaissance, sp_rule_environment_dumped;
extern const struct sp_rule sp_rule_fetched_executed, sp_rule_decoded_executed, sp_rule_piped_shell;
extern const struct sp_rule sp_rule_shell_socket, sp_rule_listen, sp_rule_raw_socket, sp_rule_host_socket;
extern const struct sp_rule sp_rule_neighbour_rewritten, sp_rule_manager_config, sp_rule_workflow,
    sp_rule_loader, sp_rule_path_hijack, sp_rule_browser;
extern const struct sp_rule sp_rule_memory_executed, sp_rule_other_process, sp_rule_renamed,
    sp_rule_foreign_call;
extern const struct sp_rule sp_rule_sandbox_check, sp_rule_long_sleep, sp_rule_fork_storm;
extern const struct sp_rule sp_rule_log_erased, sp_rule_self_deleted;
extern const struct sp_rule sp_rule_metadata_service, sp_rule_data_sent, sp_rule_secret_destroyed;
extern const struct sp_rule sp_rule_publishes, sp_rule_miner, sp_rule_clipboard, sp_rule_staged;

/* places.c */
/* *WHERE says by what it is run or obeyed. */
enum sp_place_class sp_place_class(const struct sp_behaviour *behaviour, const char *path,
                                   const char **where);
/* The same of what EVENT puts at *PATH while the run goes on: not what is thrown away, what --allow-write
 * names, or a package's own copy within itself. */
enum sp_place_class sp_put_class(struct sp_behaviour *behaviour, const struct sp_event *event,
                                 const char **path, const char **where);
/* Whether PATH is where people's commands are looked up, under the name of one that everybody types. */
bool sp_hijacks(const char *path);
