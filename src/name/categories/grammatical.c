#include "name/category.h"
#include "name/pair.h"

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
        if (!sp_slices_equal(stem_a, stem_b))
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
