#include "metadata/scene.h"
#include "name/osa.h"
#include "name/tokens.h"

#include <string.h>
#include <strings.h>

#define SHARE_MIN 0.6

/* What is left of a name without the words that both have, in lower case and without delimiters. */
struct rest {
    char bytes[SP_NAME_MAX];
    size_t length;
};

static bool
same_word(const struct sp_phrase *a, unsigned i, const struct sp_phrase *b, unsigned k)
{
    return a->words[i].length == b->words[k].length &&
           strncasecmp(a->words[i].bytes, b->words[k].bytes, a->words[i].length) == 0;
}

static void
add_word(struct rest *rest, const struct sp_phrase *phrase, unsigned i)
{
    for (unsigned k = 0; k < phrase->words[i].length && rest->length < sizeof(rest->bytes); k++)
        rest->bytes[rest->length++] = sp_lower(phrase->words[i].bytes[k]);
}

static void
take_away_common(const struct sp_phrase *a, const struct sp_phrase *b, struct rest *of_a, struct rest *of_b)
{
    bool taken[SP_PHRASE_WORDS] = { false };
    of_a->length = of_b->length = 0;
    for (unsigned i = 0; i < a->count; i++) {
        unsigned k = 0;
        while (k < b->count && (taken[k] || !same_word(a, i, b, k)))
            k++;
        if (k < b->count)
            taken[k] = true;
        else
            add_word(of_a, a, i);
    }
    for (unsigned k = 0; k < b->count; k++)
        if (!taken[k])
            add_word(of_b, b, k);
}

static bool
holds(const struct rest *whole, const struct rest *part)
{
    return memmem(whole->bytes, whole->length, part->bytes, part->length) != NULL;
}

static void
read_obvious_difference(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_phrase *name = &scene->compared->texts.name.name;
    const struct sp_phrase *target = &scene->compared->texts.target.name;
    if (!name->count || !target->count)
        return;
    struct rest a, b;
    take_away_common(name, target, &a, &b);
    size_t longer = a.length > b.length ? a.length : b.length;
    unsigned edits = a.length && b.length ? sp_osa(a.bytes, a.length, b.bytes, b.length) : 0;
    seen->value = longer ? edits / (double)longer : 0;
    if (seen->value >= SHARE_MIN && a.bytes[0] != b.bytes[0] && !holds(&a, &b) && !holds(&b, &a))
        sp_see(seen, true, "beside common words, %u edits in %zu letters lie between the names", edits,
               longer);
    else
        sp_see_no(seen);
}

const struct sp_signal sp_signal_obvious_difference = {
    .id = SP_SIGNAL_OBVIOUS_DIFFERENCE,
    .name = "obvious-difference",
    .title = "the two names are plainly different",
    .definition = "Without the words that both names have, something is left of each, and the edits between "
                  "the two rests are at least 0.6 of the longer one's letters, the rests begin with "
                  "different letters, and neither holds the other. The value is that share.",
    .source = "ConfuGuard 2025, obvious difference",
    .counterpart = "obvious_not_typosquat",
    .lean = SP_LEANS_BENIGN,
    .read = read_obvious_difference,
};
