/* judge.h: between the rules of this room. */
#pragma once
#include "base/hash.h"
#include "behaviour/rules.h"

#define SP_SHOWN_MAX 240 /* bytes of a hostile string in a message */

struct sp_remark {
    enum sp_severity severity; /* NONE: a note */
    const char *subject;       /* of equal ones with the same rule and package one is kept; borrowed */
    char message[640], advice[480];
};

struct sp_behaviour {
    const struct sp_decoys *decoys;           /* borrowed; NULL: none */
    const char *home, *project;               /* borrowed; NULL: unknown */
    const struct sp_attribution *attribution; /* borrowed; NULL: nobody is known */
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
};

/* What stands for a hostile string: printable, cut, "?" for none. OUT is returned. */
const char *sp_shown(char out[SP_SHOWN_MAX], const char *text);
/* The same of a path, with "~" for the home. */
const char *sp_shown_path(const struct sp_behaviour *behaviour, char out[SP_SHOWN_MAX], const char *path);
/* "while loading" */
const char *sp_phase_words(enum sp_phase phase);
/* Adds COUNT to what could not be seen of WHAT. */
void sp_behaviour_unseen(struct sp_behaviour *behaviour, const char *what, uint64_t count);
/* The path beneath the home, else NULL. */
const char *sp_within_home(const struct sp_behaviour *behaviour, const char *path);

extern const struct sp_rule sp_rule_decoy_read, sp_rule_canary_sent, sp_rule_connection, sp_rule_name_lookup,
    sp_rule_request, sp_rule_digest, sp_rule_write_outside, sp_rule_persistence, sp_rule_limit;

/* Whether a change at PATH is one that runs later; *WHERE says by what. */
bool sp_persists(const struct sp_behaviour *behaviour, const char *path, const char **where);
