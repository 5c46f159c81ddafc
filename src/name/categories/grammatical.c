#include "name/category.h"
#include "name/pair.h"

static bool
is_loose(char letter)
{
    return letter == 'e' || letter == 'i' || letter == 'y';
}

/* A last letter that the stem has lost is no form of the word: ruby is none of rub, numpi none of numpy. */
static bool
differ_by_own_ending(struct sp_slice a, struct sp_slice b)
{
    size_t common = 0;
    while (common < a.length && common < b.length && a.bytes[common] == b.bytes[common])
        common++;
    if (a.length == b.length)
        return common + 1 == a.length && is_loose(a.bytes[common]) && is_loose(b.bytes[common]);
    struct sp_slice longer = a.length > b.length ? a : b;
    if (common + 1 != longer.length)
        return false;
    char last = longer.bytes[common];
    return is_loose(last) || (common && last == longer.bytes[common - 1]);
}

static bool
holds(const struct sp_pair *pair)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    unsigned changed = 0;
    if (name->tokens.count != target->tokens.count)
        return false;
    for (unsigned i = 0; i < name->tokens.count; i++) {
        struct sp_token a = name->tokens.at[i], b = target->tokens.at[i];
        struct sp_slice whole_a = { name->flat + a.start, a.length },
                        whole_b = { target->flat + b.start, b.length };
        if (sp_slices_equal(whole_a, whole_b))
            continue;
        uint32_t class = sp_word_class(pair->words, SP_WORD_PLURAL, whole_a.bytes, whole_a.length);
        if (class && class == sp_word_class(pair->words, SP_WORD_PLURAL, whole_b.bytes, whole_b.length)) {
            changed++;
            continue;
        }
        struct sp_slice stem_a = { whole_a.bytes, sp_word_stem(whole_a.bytes, whole_a.length) };
        struct sp_slice stem_b = { whole_b.bytes, sp_word_stem(whole_b.bytes, whole_b.length) };
        if (!sp_slices_equal(stem_a, stem_b) || differ_by_own_ending(whole_a, whole_b))
            return false;
        changed++;
    }
    return changed > 0;
}

const struct sp_category sp_category_grammatical = {
    .id = SP_CATEGORY_GRAMMATICAL,
    .name = "grammatical",
    .title = "grammatical substitution",
    .source = "Neupane et al. 2023",
    .example = "request-parsers for request-parser",
    .holds = holds,
};
