/* keys.h: strings are found by keys, hashes of what a transformation leaves of them: equal keys, equal after
 * the transformation. The same function makes the keys of targets when the index is built and of names when
 * they are looked up. */
#pragma once
#include "name/lookalike.h"
#include "name/words.h"

enum sp_key_kind {
    SP_KEY_EXACT,      /* nothing changed */
    SP_KEY_DELIMITERS, /* no delimiters */
    SP_KEY_TOKENS,     /* tokens sorted */
    SP_KEY_LOOKALIKE,  /* lookalikes folded */
    SP_KEY_PHONETIC,   /* sound of each token, homophones folded */
    SP_KEY_STEM,       /* language affixes and grammatical endings off */
    SP_KEY_SPELLING,   /* British, number and abbreviation variants folded */
    SP_KEY_DROPPED,    /* one token left out: several keys a string */
    SP_KEY_KIND_COUNT,
};

#define SP_KEYS_MAX (SP_KEY_KIND_COUNT + 8)

struct sp_keys {
    unsigned count;
    struct {
        enum sp_key_kind kind;
        uint16_t length; /* of the transformed string */
        uint64_t hash;
    } at[SP_KEYS_MAX];
};

/* The keys of STRING: lower-case ASCII, or its skeleton, at most SP_NAME_MAX bytes. */
void sp_keys_of(const struct sp_words *words, const char *string, size_t length, struct sp_keys *out);

/* One kind's hash for a string that is already transformed. */
uint64_t sp_key_hash(enum sp_key_kind kind, const char *string, size_t length);
