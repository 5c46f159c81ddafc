/* Numbers. Source: SplitMix64 (Steele, Lea, Flood 2014). */
#include "eval/corpus_parts.h"

#include <string.h>

struct sp_draw
sp_draw_begin(uint64_t seed, const char *label)
{
    return (struct sp_draw){ sp_hash(label, strlen(label), sp_hash_mix(seed, 0x5a11)) };
}

uint64_t
sp_draw_next(struct sp_draw *draw)
{
    uint64_t mixed = draw->state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

size_t
sp_draw_below(struct sp_draw *draw, size_t limit)
{
    return limit ? (size_t)(sp_draw_next(draw) % limit) : 0;
}

bool
sp_draw_chance(struct sp_draw *draw, unsigned percent)
{
    return sp_draw_below(draw, 100) < percent;
}

const char *
sp_draw_pick(struct sp_draw *draw, const char *const *words, size_t count)
{
    return words[sp_draw_below(draw, count)];
}

int
sp_draw_bit(struct sp_draw *draw, uint32_t mask)
{
    size_t left = sp_draw_below(draw, (size_t)__builtin_popcount(mask));
    for (int i = 0; i < 32; i++)
        if (mask >> i & 1 && !left--)
            return i;
    return -1;
}
