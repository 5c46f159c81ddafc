#include "name/category.h"
#include "name/pair.h"

#include <string.h>

/* The sound codes leave vowels out, as Metaphone does: rails and rolls have one code. Here the vowels must
 * resemble each other too. */
#define LEAST_SOUND 2

static bool
is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u' || letter == 'y';
}

/* The next run of vowels from *AT on, as a set of letters; y sounds like i. 0: none is left. An e at the end
 * is silent. */
static unsigned
next_vowels(struct sp_slice word, size_t *at)
{
    while (*at < word.length && !is_vowel(word.bytes[*at]))
        (*at)++;
    if (*at + 1 == word.length && word.bytes[*at] == 'e')
        return 0;
    unsigned run = 0;
    for (; *at < word.length && is_vowel(word.bytes[*at]); (*at)++) {
        char letter = word.bytes[*at] == 'y' ? 'i' : word.bytes[*at];
        run |= 1u << (letter - 'a');
    }
    return run;
}

static bool
vowels_alike(struct sp_slice a, struct sp_slice b)
{
    size_t i = 0, j = 0;
    for (;;) {
        unsigned run_a = next_vowels(a, &i), run_b = next_vowels(b, &j);
        if (!run_a || !run_b)
            return run_a == run_b;
        if (!(run_a & run_b))
            return false;
    }
}

static bool
sound_alike(const struct sp_words *words, struct sp_slice a, struct sp_slice b)
{
    if (sp_slices_equal(a, b))
        return true;
    uint32_t class = sp_word_class(words, SP_WORD_HOMOPHONE, a.bytes, a.length);
    if (class && class == sp_word_class(words, SP_WORD_HOMOPHONE, b.bytes, b.length))
        return true;
    char sound_a[16], sound_b[16];
    size_t length = sp_word_sound(a.bytes, a.length, sound_a);
    return length >= LEAST_SOUND && length == sp_word_sound(b.bytes, b.length, sound_b) &&
           memcmp(sound_a, sound_b, length) == 0 && vowels_alike(a, b);
}

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    if (pair->plain_distance == 0)
        return false;
    if (name->tokens.count != target->tokens.count)
        return sound_alike(pair->words, (struct sp_slice){ name->plain, name->plain_length },
                           (struct sp_slice){ target->plain, target->plain_length });
    for (unsigned i = 0; i < name->tokens.count; i++) {
        struct sp_token a = name->tokens.at[i], b = target->tokens.at[i];
        if (!sound_alike(pair->words, (struct sp_slice){ name->flat + a.start, a.length },
                         (struct sp_slice){ target->flat + b.start, b.length }))
            return false;
    }
    return true;
}

const struct sp_category sp_category_homophonic = {
    .id = SP_CATEGORY_HOMOPHONIC,
    .name = "homophonic",
    .title = "homophonic similarity",
    .source = "Neupane et al. 2023",
    .example = "rekwest for request",
    .holds = holds,
};
