/* pair.h: two names prepared for comparison, and what follows from their letters and words alone. */
#pragma once
#include "ecosystem/ecosystem.h"
#include "name/embedding.h"
#include "name/keys.h"
#include "name/tokens.h"
#include "name/words.h"

/* One name in its forms, lower-case ASCII or skeleton. About 3 KB; strings are inside. */
struct sp_side {
    const struct sp_ecosystem *ecosystem;
    uint16_t flat_length, identifier_length, plain_length, namespace_length;
    char flat[SP_NAME_MAX]; /* flattened; the name itself where it has no namespace */
    char identifier[SP_NAME_MAX];
    char plain[SP_NAME_MAX];      /* flat without delimiters */
    char namespace_[SP_NAME_MAX]; /* without "@" */
    bool ascii;                   /* as it was written */
    struct sp_tokens tokens;      /* of flat */
    struct sp_tokens identifier_tokens;
    int8_t vector[SP_EMBEDDING_DIMENSION];
    bool has_vector;
    uint32_t namespace_packages; /* trusted packages in its namespace; 0 none */
    uint32_t brand_packages;     /* trusted packages in a namespace called as its first word; 0 none */
};

/* Fills SIDE from NORMALISED, a name after sp_ecosystem_read_name. SCRATCH is reused. */
int sp_side_prepare(struct sp_side *side, const struct sp_ecosystem *ecosystem, const char *normalised,
                    size_t length, struct sp_lookalike *lookalike, struct sp_buffer *scratch,
                    struct sp_error *err);

/* Fills in the plain form from the flat one. */
void sp_side_set_plain(struct sp_side *side);

/* How the words of one form of a name differ from the target's: what is left after the common words at both
 * ends. */
struct sp_word_difference {
    uint8_t head, tail;               /* common words at the start and at the end */
    uint8_t name_extra, target_extra; /* words between them */
};

struct sp_pair {
    const struct sp_words *words;
    const struct sp_side *name, *target;
    bool same_ecosystem;
    uint32_t equal_keys;          /* bits of enum sp_key_kind */
    unsigned distance;            /* optimal string alignment of the flat forms */
    unsigned identifier_distance; /* of the identifiers; = distance where neither has a namespace */
    unsigned plain_distance;      /* of the flat forms without delimiters */
    unsigned namespace_distance;  /* of the namespaces; 0 where either has none */
    struct sp_word_difference flat, identifier;
    const struct sp_word_difference *best; /* whichever of these leaves fewer words over */
    bool best_is_identifier;
    double cosine;  /* NaN unknown */
    uint32_t rank;  /* the target's; 0 unknown */
    bool is_import; /* the name is what code imports the target by */
};

/* Compares the two sides. EQUAL_KEYS: the kinds of keys that an index found to be equal; with KNOWN false
 * they are computed here. */
void sp_pair_prepare(struct sp_pair *pair, const struct sp_words *words, const struct sp_side *name,
                     const struct sp_side *target, uint32_t equal_keys, bool known);

bool sp_pair_keys_equal(const struct sp_pair *pair, enum sp_key_kind kind);

/* The words left over in the middle, as a slice of one side's flat form or identifier. */
struct sp_slice sp_pair_name_word(const struct sp_pair *pair, unsigned which);
struct sp_slice sp_pair_target_word(const struct sp_pair *pair, unsigned which);
/* How many words stand in both, whatever their place. */
unsigned sp_pair_shared_words(const struct sp_pair *pair);
/* Whether one of the name's words is this one. */
bool sp_side_has_word(const struct sp_side *side, const char *word, size_t length);
bool sp_slices_equal(struct sp_slice a, struct sp_slice b);
