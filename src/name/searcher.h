/* searcher.h: the inside of a searcher, for the files that make up search. */
#pragma once
#include "name/features.h"
#include "name/layout.h"
#include "name/lookalike.h"
#include "name/search.h"

/* Packages that the indices propose for one name; those that look best cheaply are judged in full. */
#define SP_HITS_MAX 384
#define SP_JUDGED_MAX 16
/* After the first few only what promises much: most names resemble nothing, and a judgement costs more than a
 * look-up. */
#define SP_JUDGED_FIRST 8
#define SP_PROMISE_MIN 6.f
#define SP_PROMISE_LEAST 4.5f
#define SP_HIT_SLOTS 1024

struct sp_hit {
    uint32_t package;
    uint32_t found_by; /* bits of enum sp_index_kind */
    uint32_t keys;     /* bits of enum sp_key_kind that were equal */
    float promise;     /* the most promising way in which it was found */
};

struct sp_searcher {
    struct sp_index *index;
    struct sp_lookalike lookalike;
    struct sp_vectors_scratch vectors;
    struct sp_buffer normalised, scratch;
    struct sp_slice written; /* the name as the caller gave it; valid while it is searched */
    struct sp_side name, target;
    struct sp_pair pair;

    /* the search that is going on */
    const struct sp_index_ecosystem *part;
    struct sp_hit hits[SP_HITS_MAX];
    uint32_t hit_count;
    uint32_t epoch;
    struct {
        uint32_t epoch, package, hit;
    } slots[SP_HIT_SLOTS];

    float features[SP_FEATURE_COUNT];
    float contributions[SP_FEATURE_COUNT + 1];
    const struct sp_model_view *model; /* NULL: likeness alone */
    struct sp_risk_thresholds thresholds;
    bool search_trusted;
};

/* How many edits are looked for in a name of LENGTH bytes: in a very short one everything is near. */
unsigned sp_edit_limit(size_t length);
/* Runs every index for the prepared name and gathers hits (candidates.c). */
int sp_gather(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, struct sp_error *err);
/* Only the index KIND. */
int sp_gather_by(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, enum sp_index_kind kind,
                 struct sp_error *err);
/* Adds to HITS; PROMISE is raised if it is higher than what is there. */
void sp_hit_add(struct sp_searcher *searcher, uint32_t package, enum sp_index_kind kind, uint32_t keys,
                float promise);

/* Prepares the name in searcher->normalised as searcher->name, with its vector and namespace. */
int sp_prepare_name(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, struct sp_error *err);
/* Prepares searcher->target from a trusted package of PART. */
void sp_prepare_target(struct sp_searcher *searcher, const struct sp_index_ecosystem *part,
                       const struct sp_ecosystem *ecosystem, uint32_t package);
/* The trusted package whose full name (or alias) is this one; UINT32_MAX none. */
uint32_t sp_find_trusted(const struct sp_index_ecosystem *part, const char *form, size_t length);

/* Judges searcher->pair: features, risk. */
double sp_judge(struct sp_searcher *searcher, uint32_t trusted);
/* Fills a match from a trusted package; judging it. EXPLAIN: also categories and edits. */
void sp_fill_match(struct sp_searcher *searcher, const struct sp_index_ecosystem *part,
                   const struct sp_ecosystem *ecosystem, const struct sp_hit *hit, bool explain,
                   struct sp_match *out);
/* Categories and alignment of searcher->pair into OUT; NAME and TARGET as people see them. */
void sp_explain_match(struct sp_searcher *searcher, const char *target, struct sp_match *out);

/* What is no comparison with a trusted package of the same ecosystem (lists.c): commands, builtins, import
 * names, packages of other ecosystems. Adds to OUT. */
int sp_search_lists(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
                    struct sp_search_result *out, struct sp_error *err);
int sp_neighbours_in_lists(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem,
                           enum sp_index_kind kind, struct sp_match *out, size_t limit, struct sp_error *err);
/* Adds a match in its place, or to the match of the same target. */
void sp_result_add(struct sp_search_result *out, const struct sp_match *match);
