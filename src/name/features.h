/* features.h: what the risk model sees of a pair. docs/name-risk.md describes each. The order is the model's:
 * a model file names its features, and one that names others is refused. */
#pragma once
#include "name/pair.h"

enum sp_feature {
    SP_FEATURE_DISTANCE,       /* optimal string alignment of the flat forms, at most 12 */
    SP_FEATURE_DISTANCE_SHARE, /* by the longer length */
    SP_FEATURE_IDENTIFIER_DISTANCE,
    SP_FEATURE_IDENTIFIER_SHARE,
    SP_FEATURE_PLAIN_DISTANCE, /* without delimiters */
    SP_FEATURE_NAME_LENGTH,
    SP_FEATURE_TARGET_LENGTH,
    SP_FEATURE_LENGTH_DIFFERENCE,
    SP_FEATURE_NAME_WORDS,
    SP_FEATURE_TARGET_WORDS,
    SP_FEATURE_NAME_SCOPED,
    SP_FEATURE_TARGET_SCOPED,
    SP_FEATURE_SCOPE_SHARE,         /* distance of the namespaces by their length; NaN unless both have one */
    SP_FEATURE_NAME_SCOPE_PACKAGES, /* log2(1 + trusted packages in the name's namespace) */
    SP_FEATURE_NAME_SCOPE_COMMON,   /* ln(1 + names that hold the rarest word of its namespace); NaN none */
    SP_FEATURE_NAME_SCOPE_LENGTH,   /* NaN none */
    SP_FEATURE_NAME_BRAND_PACKAGES, /* log2(1 + trusted packages in a namespace called as its first word) */
    SP_FEATURE_TARGET_RANK,         /* ln of the target's rank; unknown counts as the last */
    SP_FEATURE_NAME_EXTRA,          /* words of the name that the target lacks, in the middle */
    SP_FEATURE_TARGET_EXTRA,
    SP_FEATURE_EXTRA_AFFIX, /* class of the name's extra words: 0 none, 1 language, 2 generic, 3 framework */
    SP_FEATURE_EXTRA_PLACE, /* -1 before, 0 within, 1 after; NaN no extra words */
    SP_FEATURE_NAME_EXTRA_COMMON, /* ln(1 + names that hold the rarest extra word); NaN none */
    SP_FEATURE_TARGET_EXTRA_COMMON,
    SP_FEATURE_NAME_EXTRA_LENGTH, /* bytes of the name's extra words, by their number; NaN none */
    SP_FEATURE_TARGET_EXTRA_LENGTH,
    SP_FEATURE_NAME_RAREST, /* ln(1 + names that hold the name's rarest word) */
    SP_FEATURE_TARGET_RAREST,
    SP_FEATURE_SHARED_WORDS, /* by the words of the shorter */
    SP_FEATURE_COSINE,
    SP_FEATURE_SAME_DELIMITERLESS,
    SP_FEATURE_SAME_TOKENS,
    SP_FEATURE_SAME_LOOKALIKE,
    SP_FEATURE_SAME_SOUND,
    SP_FEATURE_SAME_STEM,
    SP_FEATURE_SAME_SPELLING,
    SP_FEATURE_EDIT_PLACE, /* where the first difference is, 0 start to 1 end */
    SP_FEATURE_EDIT_TRANSPOSED,
    SP_FEATURE_EDIT_DOUBLED,      /* a letter added or lost beside its twin */
    SP_FEATURE_EDIT_ADJACENT,     /* a letter replaced by its neighbour on the keyboard */
    SP_FEATURE_EDIT_DIGIT,        /* the difference is made of digits */
    SP_FEATURE_DIGITS_DIFFERENCE, /* digits of the name less those of the target */
    SP_FEATURE_COMMON_PREFIX,     /* share of the shorter */
    SP_FEATURE_COMMON_SUFFIX,
    SP_FEATURE_CONTAINED,     /* target within the name, without delimiters: its share of the name */
    SP_FEATURE_FAMILY,        /* ln(1 + members of the family that the name belongs to) */
    SP_FEATURE_SAME_FAMILY,   /* target in the same family */
    SP_FEATURE_TARGET_COMMON, /* ln(1 + names that hold the target, where it is one word) */
    SP_FEATURE_NONASCII,
    SP_FEATURE_OTHER_ECOSYSTEM,
    SP_FEATURE_LISTED, /* 1: the name is the import name of the target */
    SP_FEATURE_COUNT,
};

extern const char *const sp_feature_names[SP_FEATURE_COUNT];

/* TRUSTED is how many trusted packages the target's ecosystem has. */
void sp_features_of(const struct sp_pair *pair, uint32_t trusted, float out[SP_FEATURE_COUNT]);

/* The categories that hold for the pair, as bits of enum sp_category_id. */
uint32_t sp_categories_of(const struct sp_pair *pair);
