#include "name/category.h"
#include "name/pair.h"

#define LEAST_TERM 4
/* A word in more names than this marks nobody. */
#define COMMON_TERM 400

static bool
holds(const struct sp_pair *pair)
{
    /* the target's own mark, its namespace or its rarest word, stands in a name that is otherwise another one
     */
    const struct sp_side *target = pair->target;
    if (pair->best->name_extra == 0 || pair->best->target_extra == 0 ||
        sp_pair_keys_equal(pair, SP_KEY_TOKENS))
        return false;
    if (target->namespace_length >= LEAST_TERM &&
        sp_side_has_word(pair->name, target->namespace_, target->namespace_length))
        return true;
    for (unsigned i = 0; i < target->identifier_tokens.count; i++) {
        struct sp_token token = target->identifier_tokens.at[i];
        const char *word = target->identifier + token.start;
        if (token.length < LEAST_TERM || sp_word_affix(pair->words, word, token.length) != SP_AFFIX_NONE)
            continue;
        if (sp_word_frequency(pair->words, word, token.length) <= COMMON_TERM &&
            sp_side_has_word(pair->name, word, token.length))
            return true;
    }
    return false;
}

const struct sp_category sp_category_familiar_term = {
    .id = SP_CATEGORY_FAMILIAR_TERM,
    .name = "familiar-term",
    .title = "familiar-term abuse",
    .source = "Neupane et al. 2023",
    .example = "solana-rpc-client for @solana/web3.js",
    .holds = holds,
};
