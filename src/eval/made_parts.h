/* made_parts.h: what the parts of the generator of made-up records share. */
#pragma once
#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "ecosystem/ecosystem.h"
#include "eval/corpus_parts.h"
#include "eval/made_records.h"

#define SP_MADE_PEOPLE_MAX 4
#define SP_MADE_DEPENDENCIES_MAX 4
#define SP_MADE_DAY 86400

struct sp_made_person {
    const char *id, *email;
};

/* NULL: the package does not say. Strings live in the arena or are static. */
struct sp_made_package {
    const struct sp_ecosystem *ecosystem;
    const char *namespace_, *base, *name; /* "velmora", "kit", "@velmora/kit" */
    unsigned topic;
    const char *description, *readme, *licence, *repository, *homepage;
    struct sp_made_person people[SP_MADE_PEOPLE_MAX];
    unsigned people_count;
    unsigned major, releases; /* MAJOR.0.0, MAJOR.1.0 and so on */
    const char *version;      /* the only release; NULL: as above */
    int64_t created, updated;
    const char *hook, *hook_command; /* npm: "postinstall" */
    bool source_only;                /* PyPI: no wheel, so that setup.py runs */
    const char *dependencies[SP_MADE_DEPENDENCIES_MAX];
    unsigned dependency_count;
    const char *deprecated;
    const struct sp_made_package *relocated; /* Maven: what to use in its place */
    bool provenance, is_fork;
    int64_t downloads; /* a month */
};

struct sp_made_pair {
    struct sp_made_package name, target;
    struct sp_draw draw;
    struct sp_arena *arena;
    struct sp_map *taken;
    int64_t now;
    struct sp_error *err; /* filled where FAILED */
    bool failed;
};

struct sp_made_pattern {
    const char *name;
    bool attack;
    const char *kind;    /* of an attack: "active", "stealthy" */
    uint32_t ecosystems; /* bits of enum sp_ecosystem_id */
    /* TARGET is whole and NAME an ordinary honest package called otherwise; it becomes one of the pattern. */
    void (*dress)(struct sp_made_pair *pair);
};
extern const struct sp_made_pattern sp_made_patterns[];
extern const size_t sp_made_pattern_count;

/* ------------------------------------------------------------ made_names.c: names, people and prose
 * Where memory runs out PAIR fails and "" is returned: what is made of it is not written. */

const char *sp_made_print(struct sp_made_pair *pair, const char *format, ...) SP_PRINTF(2, 3);
/* An ordinary established package with a name that nobody has. */
void sp_made_draw_package(struct sp_made_pair *pair, struct sp_made_package *out,
                          const struct sp_ecosystem *ecosystem);
void sp_made_draw_person(struct sp_made_pair *pair, struct sp_made_person *out);
/* Names PACKAGE; where that name is taken already a number is appended. */
void sp_made_call(struct sp_made_pair *pair, struct sp_made_package *package, const char *namespace_,
                  const char *base);
enum sp_made_change {
    SP_MADE_TYPO,
    SP_MADE_LOOKALIKE, /* 1 for l, 0 for o, rn for m */
    SP_MADE_DELIMITER, /* another, or none */
    SP_MADE_COMBINED,  /* with a word that says nothing */
};
const char *sp_made_change(struct sp_made_pair *pair, const char *base, enum sp_made_change change);
const char *sp_made_describe(struct sp_made_pair *pair, unsigned topic);
void sp_made_write_readme(struct sp_made_pair *pair, struct sp_made_package *package);
unsigned sp_made_draw_topic(struct sp_made_pair *pair); /* another than the target's */
const char *sp_made_keyword(const struct sp_made_package *package);
/* Version INDEX of PACKAGE, the oldest first, and when it was published. */
void sp_made_version(const struct sp_made_package *package, unsigned index, char out[32]);
int64_t sp_made_release_time(const struct sp_made_package *package, unsigned index);
/* "2024-03-01T12:00:00Z" */
void sp_made_time(int64_t time, char out[32]);

/* ------------------------------------------------------------ documents */

struct sp_made_sink {
    const struct sp_made_options *options;
    struct sp_draw draw; /* of digests */
};
/* ACCEPT: as the client asks. */
int sp_made_put(const struct sp_made_sink *sink, const char *url, const char *accept, const char *type,
                const void *bytes, size_t length, struct sp_error *err);
/* Ends JSON and puts it. */
int sp_made_put_json(const struct sp_made_sink *sink, const char *url, const char *accept, const char *type,
                     struct sp_json *json, struct sp_error *err);
void sp_made_digest(struct sp_made_sink *sink, char out[65]);
/* A key and a string; NULL: null. */
void sp_made_json_pair(struct sp_json *json, const char *key, const char *value);

/* Packs FILES beneath PREFIX and puts the archive. */
int sp_made_put_archive(const struct sp_made_sink *sink, const char *url, enum sp_archive_kind kind,
                        const struct sp_made_files *files, const char *prefix, struct sp_error *err);

int sp_made_put_npm(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err);
int sp_made_put_pypi(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err);
int sp_made_put_rubygems(struct sp_made_sink *sink, const struct sp_made_package *package,
                         struct sp_error *err);
int sp_made_put_maven(struct sp_made_sink *sink, const struct sp_made_package *package, struct sp_error *err);
int sp_made_put_golang(struct sp_made_sink *sink, const struct sp_made_package *package,
                       struct sp_error *err);
