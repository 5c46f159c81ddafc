/* registry_words.h: how usual the words and the patterns of a pair's names are in whole registries. A name
 * that fills a pattern which many fill (eslint-config-*) is an honest neighbour more often than a typo. */
#pragma once
#include "base/hash.h"
#include "eval/pairs.h"

enum sp_registry_word_source {
    SP_WORDS_NPM,
    SP_WORDS_NPM_TOLD,
    SP_WORDS_PYPI,
    SP_WORDS_PYPI_TOLD,
    SP_WORD_SOURCES
};

/* Zero-initialise. */
struct sp_registry_words {
    struct sp_map words[SP_WORD_SOURCES]; /* packages that have a word in their name, or in their summary */
    struct sp_map starts;                 /* npm names that go on after these words */
    struct sp_map first, last;            /* npm names of two words or more with this one at the end */
    struct sp_map identifiers;            /* npm names with a namespace, by what follows it */
    struct sp_map patterns;               /* npm names by all their words but one, for which * stands */
};

/* Counts over TSV files with the columns name and summary; PYPI may be NULL. The candidates of PAIRS are left
 * out, all of them alike, so that no row tells whether one of them is still there; and so are all packages of
 * their namespaces, since an attacker's are gone by now. */
int sp_registry_words_read(struct sp_registry_words *out, const char *npm, const char *pypi,
                           const struct sp_pairs *pairs, struct sp_error *err);
void sp_registry_words_free(struct sp_registry_words *words);

enum { SP_REGISTRY_WORD_FEATURES = 21 };
extern const char *const sp_registry_word_names[SP_REGISTRY_WORD_FEATURES];
/* Counts as ln(1 + count), NaN where there is no such word. */
void sp_registry_words_of(const struct sp_registry_words *words, const struct sp_labelled_pair *pair,
                          float values[SP_REGISTRY_WORD_FEATURES]);
