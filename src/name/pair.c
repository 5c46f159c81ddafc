#include "name/pair.h"
#include "name/osa.h"

#include <math.h>
#include <string.h>

void
sp_side_set_plain(struct sp_side *side)
{
    side->plain_length = 0;
    for (size_t i = 0; i < side->flat_length; i++)
        if (!sp_is_delimiter(side->flat[i]))
            side->plain[side->plain_length++] = side->flat[i];
}

int
sp_side_prepare(struct sp_side *side, const struct sp_ecosystem *ecosystem, const char *normalised,
                size_t length, struct sp_lookalike *lookalike, struct sp_buffer *scratch,
                struct sp_error *err)
{
    struct sp_name_parts parts;
    ecosystem->split(normalised, length, &parts);
    side->ecosystem = ecosystem;
    side->ascii = sp_is_ascii(normalised, length);
    side->has_vector = false;
    side->namespace_packages = side->brand_packages = 0;
    struct sp_slice space = parts.namespace_, flat = { normalised, length };
    if (space.length && space.bytes[0] == '@') {
        space.bytes++;
        space.length--;
    }
    if (space.length) {
        sp_buffer_clear(scratch);
        if (sp_ecosystem_flatten(ecosystem, normalised, length, scratch, err) < 0)
            return -1;
        flat = (struct sp_slice){ sp_buffer_string(scratch), scratch->length };
    }
    side->flat_length =
        (uint16_t)sp_skeleton(lookalike, flat.bytes, flat.length, side->flat, sizeof(side->flat));
    side->identifier_length =
        (uint16_t)sp_skeleton(lookalike, parts.identifier.bytes, parts.identifier.length, side->identifier,
                              sizeof(side->identifier));
    side->namespace_length = (uint16_t)sp_skeleton(lookalike, space.bytes, space.length, side->namespace_,
                                                   sizeof(side->namespace_));
    if (!side->flat_length || !side->identifier_length)
        return sp_fail(err, SP_ERROR_INPUT, "'%.80s': has no letters to compare", normalised);
    sp_side_set_plain(side);
    sp_tokenise(side->flat, side->flat_length, &side->tokens);
    sp_tokenise(side->identifier, side->identifier_length, &side->identifier_tokens);
    return 0;
}

bool
sp_slices_equal(struct sp_slice a, struct sp_slice b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

static struct sp_slice
word(const char *string, const struct sp_tokens *tokens, unsigned i)
{
    return (struct sp_slice){ string + tokens->at[i].start, tokens->at[i].length };
}

static struct sp_word_difference
compare_words(const char *a, const struct sp_tokens *as, const char *b, const struct sp_tokens *bs)
{
    struct sp_word_difference out = { 0 };
    unsigned most = as->count < bs->count ? as->count : bs->count;
    while (out.head < most && sp_slices_equal(word(a, as, out.head), word(b, bs, out.head)))
        out.head++;
    while (out.tail < most - out.head &&
           sp_slices_equal(word(a, as, as->count - 1u - out.tail), word(b, bs, bs->count - 1u - out.tail)))
        out.tail++;
    out.name_extra = (uint8_t)(as->count - out.head - out.tail);
    out.target_extra = (uint8_t)(bs->count - out.head - out.tail);
    return out;
}

/* The kinds of keys that any form of the one shares with any form of the other. */
static uint32_t
compare_keys(const struct sp_words *words, const struct sp_side *a, const struct sp_side *b)
{
    struct sp_keys keys[4];
    sp_keys_of(words, a->flat, a->flat_length, &keys[0]);
    sp_keys_of(words, a->identifier, a->identifier_length, &keys[1]);
    sp_keys_of(words, b->flat, b->flat_length, &keys[2]);
    sp_keys_of(words, b->identifier, b->identifier_length, &keys[3]);
    uint32_t equal = 0;
    for (int x = 0; x < 2; x++)
        for (int y = 2; y < 4; y++)
            for (unsigned i = 0; i < keys[x].count; i++)
                for (unsigned j = 0; j < keys[y].count; j++)
                    if (keys[x].at[i].kind == keys[y].at[j].kind && keys[x].at[i].hash == keys[y].at[j].hash)
                        equal |= 1u << keys[x].at[i].kind;
    return equal;
}

void
sp_pair_prepare(struct sp_pair *pair, const struct sp_words *words, const struct sp_side *name,
                const struct sp_side *target, uint32_t equal_keys, bool known)
{
    *pair = (struct sp_pair){ .words = words, .name = name, .target = target };
    pair->same_ecosystem = name->ecosystem == target->ecosystem;
    pair->equal_keys = known ? equal_keys : compare_keys(words, name, target);
    pair->distance = sp_osa(name->flat, name->flat_length, target->flat, target->flat_length);
    pair->plain_distance = sp_osa(name->plain, name->plain_length, target->plain, target->plain_length);
    pair->flat = compare_words(name->flat, &name->tokens, target->flat, &target->tokens);
    pair->best = &pair->flat;
    pair->identifier_distance = pair->distance;
    if (name->namespace_length || target->namespace_length) {
        pair->identifier_distance =
            sp_osa(name->identifier, name->identifier_length, target->identifier, target->identifier_length);
        pair->identifier = compare_words(name->identifier, &name->identifier_tokens, target->identifier,
                                         &target->identifier_tokens);
        if (pair->identifier.name_extra + pair->identifier.target_extra <
            pair->flat.name_extra + pair->flat.target_extra) {
            pair->best = &pair->identifier;
            pair->best_is_identifier = true;
        }
    } else {
        pair->identifier = pair->flat;
    }
    if (name->namespace_length && target->namespace_length)
        pair->namespace_distance =
            sp_osa(name->namespace_, name->namespace_length, target->namespace_, target->namespace_length);
    pair->cosine =
        name->has_vector && target->has_vector ? sp_embedding_cosine(name->vector, target->vector) : NAN;
}

bool
sp_pair_keys_equal(const struct sp_pair *pair, enum sp_key_kind kind)
{
    return pair->equal_keys >> kind & 1;
}

struct sp_slice
sp_pair_name_word(const struct sp_pair *pair, unsigned which)
{
    const struct sp_side *side = pair->name;
    return pair->best_is_identifier
               ? word(side->identifier, &side->identifier_tokens, pair->best->head + which)
               : word(side->flat, &side->tokens, pair->best->head + which);
}

struct sp_slice
sp_pair_target_word(const struct sp_pair *pair, unsigned which)
{
    const struct sp_side *side = pair->target;
    return pair->best_is_identifier
               ? word(side->identifier, &side->identifier_tokens, pair->best->head + which)
               : word(side->flat, &side->tokens, pair->best->head + which);
}

bool
sp_side_has_word(const struct sp_side *side, const char *bytes, size_t length)
{
    for (unsigned i = 0; i < side->tokens.count; i++)
        if (sp_slices_equal(word(side->flat, &side->tokens, i), (struct sp_slice){ bytes, length }))
            return true;
    return false;
}

unsigned
sp_pair_shared_words(const struct sp_pair *pair)
{
    unsigned shared = 0;
    for (unsigned i = 0; i < pair->name->tokens.count; i++) {
        struct sp_slice token = word(pair->name->flat, &pair->name->tokens, i);
        shared += sp_side_has_word(pair->target, token.bytes, token.length);
    }
    return shared;
}
