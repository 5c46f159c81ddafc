#include "name/features.h"
#include "name/category.h"
#include "name/osa.h"

#include <math.h>
#include <string.h>

const char *const sp_feature_names[SP_FEATURE_COUNT] = {
    "distance",
    "distance-share",
    "identifier-distance",
    "identifier-share",
    "plain-distance",
    "name-length",
    "target-length",
    "length-difference",
    "name-words",
    "target-words",
    "name-scoped",
    "target-scoped",
    "scope-share",
    "name-scope-packages",
    "name-scope-common",
    "name-scope-length",
    "name-brand-packages",
    "target-rank",
    "name-extra",
    "target-extra",
    "extra-affix",
    "extra-place",
    "name-extra-common",
    "target-extra-common",
    "name-extra-length",
    "target-extra-length",
    "name-rarest",
    "target-rarest",
    "shared-words",
    "cosine",
    "same-delimiterless",
    "same-tokens",
    "same-lookalike",
    "same-sound",
    "same-stem",
    "same-spelling",
    "edit-place",
    "edit-transposed",
    "edit-doubled",
    "edit-adjacent",
    "edit-digit",
    "digits-difference",
    "common-prefix",
    "common-suffix",
    "contained",
    "family",
    "same-family",
    "target-common",
    "nonascii",
    "other-ecosystem",
    "listed",
};

static float
logarithm(double count)
{
    return (float)log1p(count);
}

static float
capped(unsigned value, unsigned most)
{
    return (float)(value < most ? value : most);
}

static float
share(unsigned part, size_t a, size_t b)
{
    return (float)part / (float)(a > b ? a : b);
}

/* The frequency of the rarest of the words [from, from + count). */
static float
rarest(const struct sp_words *words, const char *string, const struct sp_tokens *tokens, unsigned from,
       unsigned count)
{
    uint32_t least = UINT32_MAX;
    for (unsigned i = from; i < from + count && i < tokens->count; i++) {
        uint32_t frequency = sp_word_frequency(words, string + tokens->at[i].start, tokens->at[i].length);
        if (frequency < least)
            least = frequency;
    }
    return count ? logarithm(least) : NAN;
}

static float
mean_length(const struct sp_tokens *tokens, unsigned from, unsigned count)
{
    unsigned bytes = 0;
    for (unsigned i = from; i < from + count && i < tokens->count; i++)
        bytes += tokens->at[i].length;
    return count ? (float)bytes / (float)count : NAN;
}

static int
count_digits(const struct sp_side *side)
{
    int count = 0;
    for (size_t i = 0; i < side->flat_length; i++)
        count += sp_is_digit(side->flat[i]);
    return count;
}

static void
describe_namespace(const struct sp_pair *pair, float *out)
{
    const struct sp_side *name = pair->name;
    out[SP_FEATURE_NAME_SCOPE_PACKAGES] = (float)log2(1.0 + name->namespace_packages);
    out[SP_FEATURE_NAME_BRAND_PACKAGES] = (float)log2(1.0 + name->brand_packages);
    out[SP_FEATURE_NAME_SCOPE_COMMON] = out[SP_FEATURE_NAME_SCOPE_LENGTH] = NAN;
    if (!name->namespace_length)
        return;
    struct sp_tokens tokens;
    sp_tokenise(name->namespace_, name->namespace_length, &tokens);
    out[SP_FEATURE_NAME_SCOPE_COMMON] = rarest(pair->words, name->namespace_, &tokens, 0, tokens.count);
    out[SP_FEATURE_NAME_SCOPE_LENGTH] = name->namespace_length;
}

static void
describe_extra_words(const struct sp_pair *pair, float *out)
{
    const struct sp_word_difference *best = pair->best;
    bool identifier = pair->best_is_identifier;
    const struct sp_side *name = pair->name, *target = pair->target;
    const struct sp_tokens *name_tokens = identifier ? &name->identifier_tokens : &name->tokens;
    const struct sp_tokens *target_tokens = identifier ? &target->identifier_tokens : &target->tokens;
    const char *name_string = identifier ? name->identifier : name->flat;
    const char *target_string = identifier ? target->identifier : target->flat;

    out[SP_FEATURE_NAME_EXTRA] = best->name_extra;
    out[SP_FEATURE_TARGET_EXTRA] = best->target_extra;
    out[SP_FEATURE_NAME_EXTRA_COMMON] =
        rarest(pair->words, name_string, name_tokens, best->head, best->name_extra);
    out[SP_FEATURE_TARGET_EXTRA_COMMON] =
        rarest(pair->words, target_string, target_tokens, best->head, best->target_extra);
    out[SP_FEATURE_NAME_EXTRA_LENGTH] = mean_length(name_tokens, best->head, best->name_extra);
    out[SP_FEATURE_TARGET_EXTRA_LENGTH] = mean_length(target_tokens, best->head, best->target_extra);
    out[SP_FEATURE_NAME_RAREST] = rarest(pair->words, name->flat, &name->tokens, 0, name->tokens.count);
    out[SP_FEATURE_TARGET_RAREST] =
        rarest(pair->words, target->flat, &target->tokens, 0, target->tokens.count);

    unsigned class = 0;
    for (unsigned i = 0; i < best->name_extra; i++) {
        struct sp_slice word = sp_pair_name_word(pair, i);
        unsigned found = sp_word_affix(pair->words, word.bytes, word.length);
        class = found > class ? found : class;
    }
    out[SP_FEATURE_EXTRA_AFFIX] = (float)class;
    out[SP_FEATURE_EXTRA_PLACE] = !best->name_extra           ? NAN
                                  : !best->head && best->tail ? -1.f
                                  : best->head && !best->tail ? 1.f
                                                              : 0.f;
}

/* The letters between the common head and tail of the forms without delimiters. */
static void
describe_edit(const struct sp_pair *pair, float *out)
{
    bool identifier = pair->identifier_distance < pair->distance;
    const char *a = identifier ? pair->name->identifier : pair->name->flat;
    const char *b = identifier ? pair->target->identifier : pair->target->flat;
    size_t m = identifier ? pair->name->identifier_length : pair->name->flat_length;
    size_t n = identifier ? pair->target->identifier_length : pair->target->flat_length;
    size_t shorter = m < n ? m : n, head = 0, tail = 0;
    while (head < shorter && a[head] == b[head])
        head++;
    while (tail < shorter - head && a[m - 1 - tail] == b[n - 1 - tail])
        tail++;
    size_t left_a = m - head - tail, left_b = n - head - tail;

    out[SP_FEATURE_COMMON_PREFIX] = (float)head / (float)shorter;
    out[SP_FEATURE_COMMON_SUFFIX] = (float)tail / (float)shorter;
    out[SP_FEATURE_EDIT_PLACE] = m == n && head == m ? NAN : (float)head / (float)(m > n ? m : n);
    out[SP_FEATURE_EDIT_TRANSPOSED] =
        left_a == 2 && left_b == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
    bool one_more = left_a == 1 && left_b == 0, one_less = left_a == 0 && left_b == 1;
    char moved = one_more ? a[head] : one_less ? b[head] : '\0';
    const char *longer = one_more ? a : b;
    size_t length = one_more ? m : n;
    out[SP_FEATURE_EDIT_DOUBLED] =
        moved && ((head && longer[head - 1] == moved) || (head + 1 < length && longer[head + 1] == moved));
    out[SP_FEATURE_EDIT_ADJACENT] = left_a == 1 && left_b == 1 && sp_keys_adjacent(a[head], b[head]);
    bool digits = false, letters = false;
    for (size_t i = 0; i < left_a; i++) {
        digits = digits || sp_is_digit(a[head + i]);
        letters = letters || !(sp_is_digit(a[head + i]) || sp_is_delimiter(a[head + i]));
    }
    for (size_t i = 0; i < left_b; i++) {
        digits = digits || sp_is_digit(b[head + i]);
        letters = letters || !(sp_is_digit(b[head + i]) || sp_is_delimiter(b[head + i]));
    }
    out[SP_FEATURE_EDIT_DIGIT] = digits && !letters;
}

static void
describe_family(const struct sp_pair *pair, float *out)
{
    const struct sp_side *name = pair->name, *target = pair->target;
    size_t prefix;
    uint32_t members =
        sp_word_family(pair->words, name->ecosystem->id, name->flat, name->flat_length, &prefix);
    out[SP_FEATURE_FAMILY] = logarithm(members);
    out[SP_FEATURE_SAME_FAMILY] =
        members && prefix && prefix < target->flat_length && memcmp(name->flat, target->flat, prefix) == 0;
    out[SP_FEATURE_TARGET_COMMON] =
        target->identifier_tokens.count == 1
            ? logarithm(sp_word_frequency(pair->words, target->identifier, target->identifier_length))
            : 0.f;
}

void
sp_features_of(const struct sp_pair *pair, uint32_t trusted, float out[SP_FEATURE_COUNT])
{
    const struct sp_side *name = pair->name, *target = pair->target;
    out[SP_FEATURE_DISTANCE] = capped(pair->distance, 12);
    out[SP_FEATURE_DISTANCE_SHARE] = share(pair->distance, name->flat_length, target->flat_length);
    out[SP_FEATURE_IDENTIFIER_DISTANCE] = capped(pair->identifier_distance, 12);
    out[SP_FEATURE_IDENTIFIER_SHARE] =
        share(pair->identifier_distance, name->identifier_length, target->identifier_length);
    out[SP_FEATURE_PLAIN_DISTANCE] = capped(pair->plain_distance, 12);
    out[SP_FEATURE_NAME_LENGTH] = name->flat_length;
    out[SP_FEATURE_TARGET_LENGTH] = target->flat_length;
    out[SP_FEATURE_LENGTH_DIFFERENCE] = (float)name->plain_length - (float)target->plain_length;
    out[SP_FEATURE_NAME_WORDS] = name->tokens.count;
    out[SP_FEATURE_TARGET_WORDS] = target->tokens.count;
    out[SP_FEATURE_NAME_SCOPED] = name->namespace_length > 0;
    out[SP_FEATURE_TARGET_SCOPED] = target->namespace_length > 0;
    out[SP_FEATURE_SCOPE_SHARE] =
        name->namespace_length && target->namespace_length
            ? share(pair->namespace_distance, name->namespace_length, target->namespace_length)
            : NAN;
    describe_namespace(pair, out);
    out[SP_FEATURE_DIGITS_DIFFERENCE] = (float)(count_digits(name) - count_digits(target));
    /* popularity is compared within the ecosystem: the rank as a share of the trusted ones, in powers */
    double rank = pair->rank ? pair->rank : trusted;
    out[SP_FEATURE_TARGET_RANK] = (float)log(rank < 1 ? 1 : rank);
    describe_extra_words(pair, out);
    unsigned fewer = name->tokens.count < target->tokens.count ? name->tokens.count : target->tokens.count;
    out[SP_FEATURE_SHARED_WORDS] = fewer ? (float)sp_pair_shared_words(pair) / (float)fewer : 0.f;
    out[SP_FEATURE_COSINE] = (float)pair->cosine;
    out[SP_FEATURE_SAME_DELIMITERLESS] = sp_pair_keys_equal(pair, SP_KEY_DELIMITERS);
    out[SP_FEATURE_SAME_TOKENS] = sp_pair_keys_equal(pair, SP_KEY_TOKENS);
    out[SP_FEATURE_SAME_LOOKALIKE] = sp_pair_keys_equal(pair, SP_KEY_LOOKALIKE);
    out[SP_FEATURE_SAME_SOUND] = sp_pair_keys_equal(pair, SP_KEY_PHONETIC);
    out[SP_FEATURE_SAME_STEM] = sp_pair_keys_equal(pair, SP_KEY_STEM);
    out[SP_FEATURE_SAME_SPELLING] = sp_pair_keys_equal(pair, SP_KEY_SPELLING);
    describe_edit(pair, out);
    bool contained = target->plain_length <= name->plain_length &&
                     memmem(name->plain, name->plain_length, target->plain, target->plain_length);
    out[SP_FEATURE_CONTAINED] = contained ? (float)target->plain_length / (float)name->plain_length : 0.f;
    describe_family(pair, out);
    out[SP_FEATURE_NONASCII] = !name->ascii;
    out[SP_FEATURE_OTHER_ECOSYSTEM] = !pair->same_ecosystem;
    out[SP_FEATURE_LISTED] = pair->is_import ? 1.f : 0.f;
}

uint32_t
sp_categories_of(const struct sp_pair *pair)
{
    uint32_t categories = 0;
    for (int i = 0; i < SP_CATEGORY_COUNT; i++)
        if (sp_categories[i]->holds && sp_categories[i]->holds(pair))
            categories |= 1u << i;
    return categories;
}
