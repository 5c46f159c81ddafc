/* words.h: what is known of words: how common they are, how else they are written, which are affixes.
 * All of it lies in sections of the index; a table that is absent knows nothing. */
#pragma once
#include "name/postings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sp_word_relation {
    SP_WORD_BRITISH,      /* colour, color */
    SP_WORD_NUMBER,       /* two, 2 */
    SP_WORD_HOMOPHONE,    /* byte, bite */
    SP_WORD_ABBREVIATION, /* js, javascript */
    SP_WORD_PLURAL,       /* index, indices */
    SP_WORD_RELATION_COUNT,
};

enum sp_affix_class {
    SP_AFFIX_NONE,
    SP_AFFIX_LANGUAGE,  /* py, js, node */
    SP_AFFIX_GENERIC,   /* core, utils, sdk, v2 */
    SP_AFFIX_FRAMEWORK, /* react, django: words that honest plugin families use */
};

struct sp_words {
    struct sp_postings vocabulary; /* token -> number of names that hold it */
    struct sp_postings spelling;   /* relation and token -> class of equals */
    struct sp_postings affixes;    /* token -> enum sp_affix_class */
    struct sp_postings families;   /* prefix or suffix of an honest family -> members */
};

/* Seeds of the hashes under which the tables are built. */
enum {
    SP_WORDS_SEED_VOCABULARY = 101,
    SP_WORDS_SEED_SPELLING = 110,
    SP_WORDS_SEED_AFFIX = 120,
    SP_WORDS_SEED_FAMILY = 130
};

/* In how many registry names the token stands; 0: unknown word. */
uint32_t sp_word_frequency(const struct sp_words *words, const char *token, size_t length);
/* The class of words that RELATION makes equal to this one; 0: none. */
uint32_t sp_word_class(const struct sp_words *words, enum sp_word_relation relation, const char *token,
                       size_t length);
enum sp_affix_class sp_word_affix(const struct sp_words *words, const char *token, size_t length);
/* How many packages share the family that the lower-case name begins or ends with ("eslint-plugin-",
 * "-rails"); ECOSYSTEM is its id. *PREFIX_LENGTH gets the length of the family's prefix, 0 for a suffix. */
uint32_t sp_word_family(const struct sp_words *words, unsigned ecosystem, const char *name, size_t length,
                        size_t *prefix_length);

/* The token without its grammatical ending (plural -s/-es/-ies, -er, -or, -ing, -ed, -ly); a prefix of it, at
 * least 3 bytes. Returns the stem's length. */
size_t sp_word_stem(const char *token, size_t length);

/* A code of how the token sounds in English, after the ideas of Philips' Metaphone (1990); OUT gets at most
 * 16 bytes. Returns the length. Vowels count only at the start. */
size_t sp_word_sound(const char *token, size_t length, char out[16]);
