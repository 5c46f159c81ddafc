/* search.h: door one's question. Given a name, which trusted name may it be mistaken for, how, and how likely
 * is it that this is an attack? A searcher holds the scratch memory of one thread; the index is shared. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "name/category.h"
#include "name/index.h"
#include "verdict/finding.h"

#define SP_MATCHES_MAX 16 /* matches kept for a name, best first */
#define SP_EDITS_MAX 64   /* runs of one alignment */

/* By which index a target was found; a bit set. */
enum sp_index_kind {
    SP_BY_KEY_DELIMITERS, /* equal without delimiters */
    SP_BY_KEY_TOKENS,     /* equal with sorted tokens */
    SP_BY_KEY_LOOKALIKE,  /* equal by Unicode and ASCII lookalikes */
    SP_BY_KEY_PHONETIC,   /* sounds the same */
    SP_BY_KEY_STEM,       /* equal without affixes and endings */
    SP_BY_KEY_SPELLING,   /* equal by spelling variants and abbreviations */
    SP_BY_KEY_FLAT,       /* equal with flattened namespace */
    SP_BY_KEY_IDENTIFIER, /* same identifier in another namespace */
    SP_BY_KEY_TOKEN_RUN,  /* some tokens of one are the whole other */
    SP_BY_EDITS,          /* edit distance at most 2 */
    SP_BY_EMBEDDING,      /* near in meaning */
    SP_BY_NAMESPACE,      /* namespace resembles a known one */
    SP_BY_LIST,           /* command, builtin, import name */
    SP_BY_ECOSYSTEM,      /* equal to a trusted name elsewhere */
    SP_INDEX_KIND_COUNT,
};
const char *sp_index_kind_name(enum sp_index_kind kind);

/* One trusted name that a candidate may be mistaken for. Strings live as long as the index, or (marked *)
 * until the searcher's next call. */
struct sp_match {
    const struct sp_ecosystem *target_ecosystem;
    const char *target;  /* as its registry writes it */
    uint32_t target_id;  /* within its ecosystem; UINT32_MAX: not a trusted package */
    uint32_t rank;       /* 1 best; 0 unknown */
    uint64_t downloads;  /* 0 unknown */
    const char *summary; /* "" unknown */
    uint32_t found_by;   /* bits of enum sp_index_kind */
    uint32_t categories; /* bits of enum sp_category_id */
    double risk;         /* in [0,1] */
    uint8_t distance;    /* optimal string alignment of the two normalised names, capped at 255 */
    double cosine;       /* of their embeddings */
    const char *note;    /* * more to say ("import name of opencv-python"); NULL none */
    size_t edit_count;
    struct sp_edit edits[SP_EDITS_MAX];
};

struct sp_search_result {
    char name[SP_NAME_MAX + 1]; /* normalised */
    bool trusted;               /* the candidate itself is a trusted package: never an alarm */
    uint32_t rank;              /* its own place, if trusted */
    bool listed;                /* a full list of names is loaded for the ecosystem, and it holds the name */
    bool unlisted;              /* a full list is loaded and does not hold it */
    size_t count;
    struct sp_match matches[SP_MATCHES_MAX]; /* by falling risk */
};

struct sp_searcher;
int sp_searcher_new(struct sp_searcher **out, struct sp_index *index, struct sp_error *err);
void sp_searcher_free(struct sp_searcher *searcher);
/* Judges by MODEL (borrowed) from now on instead of the index's own; NULL: by likeness alone. Its features
 * must be those of features.h. */
struct sp_model_view;
int sp_searcher_use_model(struct sp_searcher *searcher, const struct sp_model_view *model,
                          struct sp_error *err);

/* Whether trusted names are searched too: off, they are recognised and cost next to nothing; on, to see what
 * they resemble. Either way they are no alarm. */
void sp_searcher_search_trusted(struct sp_searcher *searcher, bool on);

/* Searches for NAME (LENGTH bytes, any bytes). -1 when the name breaks the registry's rules or memory runs
 * out. */
int sp_search(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name,
              size_t length, struct sp_search_result *out, struct sp_error *err);

/* Judges one given pair, trusted or not, with the same features and model (for explain, and for evaluation).
 */
int sp_relate(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name,
              const struct sp_ecosystem *target_ecosystem, const char *target, struct sp_match *out,
              struct sp_error *err);

/* The features by which the last sp_relate or the best match was judged: values (NaN unknown), names, and
 * contributions to the risk in log-odds (the last entry is the bias). COUNT floats are filled; owned by the
 * searcher. */
struct sp_features_view {
    size_t count;
    const char *const *names;
    const float *values;
    const float *contributions; /* count + 1; NULL without a model */
};
int sp_relate_features(struct sp_searcher *searcher, struct sp_features_view *out, struct sp_error *err);

/* Up to LIMIT trusted names that the index KIND finds for NAME, nearest first; -1 on error, else the count.
 */
int sp_neighbours(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, const char *name,
                  enum sp_index_kind kind, struct sp_match *out, size_t limit, struct sp_error *err);

/* The model's thresholds of risk; overridable. */
struct sp_risk_thresholds {
    double review, block;
};
struct sp_risk_thresholds sp_searcher_thresholds(const struct sp_searcher *searcher);
/* Overrides them. What is found in a list (commands, import names, names of other ecosystems) gets the risk
 * of the review threshold: the model has not seen its like. */
void sp_searcher_use_thresholds(struct sp_searcher *searcher, struct sp_risk_thresholds thresholds);
