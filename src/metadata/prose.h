/* prose.h: the words of a description or a readme, without what is no prose: code blocks, markup, badges,
 * addresses and the text of licences.
 *
 * Whatever the length and the form of a text, a prose has the same size and is read in bounded time. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SP_PROSE_MAX 4096   /* bytes kept */
#define SP_PROSE_READ 16384 /* bytes looked at */
#define SP_PROSE_WORDS 768
#define SP_PROSE_WORD_MAX 40 /* a longer run is no word, and is left out */

struct sp_prose_word {
    uint16_t start, length; /* in .text */
    uint32_t hash;
};

struct sp_prose {
    char text[SP_PROSE_MAX + 1]; /* lower case, one blank between words; "" nothing was said */
    uint16_t length, word_count;
    struct sp_prose_word words[SP_PROSE_WORDS]; /* runs of letters and digits, in their order */
    uint64_t present[16];                       /* a bit a word's hash: most words are not there */
};

/* Reads TEXT, Markdown, HTML or plain; NULL: nothing. */
void sp_prose_read(struct sp_prose *out, const char *text);

/* A few words to look for: a phrase ("hello world") or a package's name ("@babel/core": babel, core). */
#define SP_PHRASE_WORDS 16
struct sp_phrase {
    struct {
        const char *bytes; /* borrowed from the text that was cut */
        uint32_t hash;
        uint16_t length;
    } words[SP_PHRASE_WORDS];
    unsigned count;
};
/* Cuts TEXT into words; bytes are compared without case. */
void sp_phrase_read(struct sp_phrase *out, const char *text);

/* Whether PHRASE's words stand in PROSE from word AT on. */
bool sp_prose_stands(const struct sp_prose *prose, size_t at, const struct sp_phrase *phrase);
/* Whether PROSE says PHRASE anywhere: "proof of concept" is found in "a Proof-of-Concept". */
bool sp_prose_says(const struct sp_prose *prose, const char *phrase);
/* The first of PHRASES (NULL-terminated) that it says; NULL: none. */
const char *sp_prose_says_any(const struct sp_prose *prose, const char *const *phrases);
/* As this, and NAME follows within a few words: "a fork of the well-known lodash". */
const char *sp_prose_says_of(const struct sp_prose *prose, const char *const *phrases,
                             const struct sp_phrase *name);
