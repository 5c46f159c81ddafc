/* texts.h: what two packages say of themselves, compared: do they speak of the same things, and is one the
 * other's copy?
 *
 * Same things: the cosine of two sums of word vectors (the name embedding's), weighted by how rare each word
 * is, and the cosine of TF-IDF (Salton and Buckley 1988).
 * Copy: how many runs of three words (shingles; Broder 1997) are common to both, by the smallest of their
 * hashes (bottom-k MinHash). A sum of bits (SimHash) would be smaller to keep, but nothing is kept here; it
 * only tells near from far, says little about a text of ten words, and its bits have no meaning that a
 * threshold could be read from. MinHash gives the share of common runs itself, and up to 256 runs exactly. */
#pragma once
#include "metadata/prose.h"
#include "metadata/signal.h"
#include "metadata/weights.h"

struct sp_package_prose {
    struct sp_prose description, readme;
    struct sp_phrase name; /* the identifier's words */
};

struct sp_scene_texts {
    struct sp_package_prose name, target;
    double purpose;                               /* -1 to 1; NaN where one of them says too little */
    double cosine, tfidf;                         /* what it is made of; NaN likewise */
    double description_likeness, readme_likeness; /* share of common runs of words; NaN likewise */
};

/* Fewer words than these are no text that could be compared. */
#define SP_PURPOSE_WORDS_MIN 3
#define SP_DESCRIPTION_WORDS_MIN 4
#define SP_README_WORDS_MIN 20

void sp_scene_texts_read(struct sp_scene_texts *out, const struct sp_signal_scene *scene);
