#include "name/words.h"
#include "base/hash.h"
#include "name/tokens.h"

#include <string.h>

static uint32_t
look_up(const struct sp_postings *table, const char *token, size_t length, uint64_t seed)
{
    uint32_t count;
    const struct sp_posting *entry = sp_postings_find(table, sp_hash(token, length, seed), &count);
    return count ? entry->id : 0;
}

uint32_t
sp_word_frequency(const struct sp_words *words, const char *token, size_t length)
{
    return look_up(&words->vocabulary, token, length, SP_WORDS_SEED_VOCABULARY);
}

uint32_t
sp_word_class(const struct sp_words *words, enum sp_word_relation relation, const char *token, size_t length)
{
    return look_up(&words->spelling, token, length, SP_WORDS_SEED_SPELLING + (uint64_t)relation);
}

enum sp_affix_class
sp_word_affix(const struct sp_words *words, const char *token, size_t length)
{
    return (enum sp_affix_class)look_up(&words->affixes, token, length, SP_WORDS_SEED_AFFIX);
}

uint32_t
sp_word_family(const struct sp_words *words, unsigned ecosystem, const char *name, size_t length,
               size_t *prefix_length)
{
    uint32_t best = 0;
    *prefix_length = 0;
    if (!words->families.count)
        return 0;
    uint64_t seed = SP_WORDS_SEED_FAMILY + (uint64_t)ecosystem * 2;
    for (size_t i = 1; i < length; i++) {
        if (!sp_is_delimiter(name[i]))
            continue;
        /* the longest prefix wins: eslint-plugin-react- before eslint- */
        uint32_t members = look_up(&words->families, name, i + 1, seed);
        if (members) {
            best = members;
            *prefix_length = i + 1;
        }
    }
    if (best)
        return best;
    for (size_t i = 1; i < length; i++) {
        if (!sp_is_delimiter(name[i]))
            continue;
        uint32_t members = look_up(&words->families, name + i, length - i, seed + 1);
        if (members)
            return members;
    }
    return 0;
}

static bool
ends(const char *token, size_t length, const char *ending)
{
    size_t size = strlen(ending);
    return length > size && memcmp(token + length - size, ending, size) == 0;
}

size_t
sp_word_stem(const char *token, size_t length)
{
    static const struct {
        const char *ending;
        size_t drop, least; /* bytes dropped; bytes that must remain */
    } endings[] = {
        { "ations", 6, 4 }, { "ation", 5, 4 }, { "ings", 4, 3 }, { "ing", 3, 3 }, { "ies", 2, 3 },
        { "ors", 3, 4 },    { "ers", 3, 3 },   { "or", 2, 4 },   { "er", 2, 3 },  { "ed", 2, 4 },
        { "ly", 2, 4 },     { "es", 2, 3 },    { "y", 0, 3 },
    };
    if (ends(token, length, "ss") || ends(token, length, "us") || ends(token, length, "is"))
        return length;
    bool whole = true;
    for (size_t i = 0; i < SP_COUNT(endings); i++) {
        if (!ends(token, length, endings[i].ending) || length - endings[i].drop < endings[i].least)
            continue;
        length -= endings[i].drop;
        whole = endings[i].drop == 0;
        break;
    }
    /* the s that is left of responses or parser is the word's own */
    if (whole && length > 3 && token[length - 1] == 's' && token[length - 2] != 's')
        length--;
    /* parse, parser, parsing; map, mapper, mapping */
    if (length > 3 && (token[length - 1] == 'e' || token[length - 1] == 'i' || token[length - 1] == 'y'))
        length--;
    if (length > 3 && token[length - 1] == token[length - 2] && token[length - 1] != 's' &&
        token[length - 1] != 'l')
        length--;
    return length;
}

static bool
is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

size_t
sp_word_sound(const char *token, size_t length, char out[16])
{
    size_t used = 0;
    for (size_t i = 0; i < length && used < 16; i++) {
        char c = token[i], next = i + 1 < length ? token[i + 1] : '\0', last = i ? token[i - 1] : '\0';
        char sound = '\0';
        if (c == last && c != 'c')
            continue;
        switch (c) {
        case 'a':
        case 'e':
        case 'i':
        case 'o':
        case 'u':
            sound = i == 0 ? 'a' : '\0';
            break;
        case 'y':
            sound = i == 0 ? 'y' : '\0';
            break;
        case 'c':
            if (next == 'h') {
                sound = 'X';
                i++;
            } else if (next == 'e' || next == 'i' || next == 'y') {
                sound = 's';
            } else {
                sound = 'k';
                i += next == 'k';
            }
            break;
        case 'q':
        case 'k':
            /* rekwest for request; but not in unique, whose e is silent */
            if (c == 'q' && next == 'u' && i + 2 < length && is_vowel(token[i + 2]) &&
                !(token[i + 2] == 'e' && i + 3 == length) && used < 15) {
                out[used++] = 'k';
                sound = 'w';
                i++;
                break;
            }
            /* knife, but not ink */
            sound = c == 'k' && i == 0 && next == 'n' ? '\0' : 'k';
            break;
        case 'p':
            sound = next == 'h' ? 'f' : i == 0 && next == 's' ? '\0' : 'p';
            i += next == 'h';
            break;
        case 'g':
            if (next == 'h') {
                sound = i + 2 < length && is_vowel(token[i + 2]) ? 'k' : '\0';
                i++;
            } else if (i == 0 && next == 'n') {
                sound = '\0';
            } else {
                sound = next == 'e' || next == 'i' || next == 'y' ? 'j' : 'k';
            }
            break;
        case 'w':
            sound = is_vowel(next) ? 'w' : '\0';
            break;
        case 'h':
            sound = is_vowel(next) && !is_vowel(last) ? 'h' : '\0';
            break;
        case 's':
            sound = next == 'h' ? 'X' : 's';
            i += next == 'h';
            break;
        case 't':
            sound = next == 'h' ? '0' : 't';
            i += next == 'h';
            break;
        case 'x':
            /* axios sounds like aksios */
            if (i && used < 15 && (!used || out[used - 1] != 'k'))
                out[used++] = 'k';
            sound = 's';
            break;
        case 'z':
            sound = 's';
            break;
        case 'v':
            sound = 'f';
            break;
        case 'd':
            sound = next == 'g' && i + 2 < length && token[i + 2] == 'e' ? 'j' : 't';
            i += sound == 'j';
            break;
        default:
            sound = c;
        }
        if (sound && (!used || out[used - 1] != sound))
            out[used++] = sound;
    }
    return used;
}
