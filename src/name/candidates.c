#include "base/hash.h"
#include "name/edits.h"
#include "name/osa.h"
#include "name/searcher.h"

#include <math.h>
#include <string.h>

/* How promising a way of being found is, before anything is compared; only the order matters. */
static const float key_promise[SP_KEY_KIND_COUNT] = {
    [SP_KEY_EXACT] = 10.f,   [SP_KEY_DELIMITERS] = 10.f, [SP_KEY_TOKENS] = 8.f,   [SP_KEY_LOOKALIKE] = 9.f,
    [SP_KEY_PHONETIC] = 5.f, [SP_KEY_STEM] = 7.f,        [SP_KEY_SPELLING] = 8.f,
};
static const enum sp_index_kind key_index[SP_KEY_KIND_COUNT] = {
    [SP_KEY_EXACT] = SP_BY_KEY_FLAT,        [SP_KEY_DELIMITERS] = SP_BY_KEY_DELIMITERS,
    [SP_KEY_TOKENS] = SP_BY_KEY_TOKENS,     [SP_KEY_LOOKALIKE] = SP_BY_KEY_LOOKALIKE,
    [SP_KEY_PHONETIC] = SP_BY_KEY_PHONETIC, [SP_KEY_STEM] = SP_BY_KEY_STEM,
    [SP_KEY_SPELLING] = SP_BY_KEY_SPELLING, [SP_KEY_DROPPED] = SP_BY_KEY_TOKEN_RUN,
};

/* A key that is shared by more forms than this tells nothing ("plugin" left of a thousand names). */
#define FORMS_OF_KEY_MAX 48
#define RUN_TOKENS_MAX 8
#define NEIGHBOURS_MAX 4
/* Names less alike in meaning (cosine 0.6) are not taken for each other. */
#define LEAST_DOT (127 * 127 * 6 / 10)

#define TERM_LENGTH_MIN 4
#define GLUED_LENGTH_MIN 4
#define GLUED_LENGTH_MAX 40

void
sp_hit_add(struct sp_searcher *searcher, uint32_t package, enum sp_index_kind kind, uint32_t keys,
           float promise)
{
    uint32_t at = (uint32_t)sp_hash_mix(package, 17) & (SP_HIT_SLOTS - 1);
    while (searcher->slots[at].epoch == searcher->epoch) {
        if (searcher->slots[at].package == package) {
            struct sp_hit *hit = &searcher->hits[searcher->slots[at].hit];
            hit->found_by |= 1u << kind;
            hit->keys |= keys;
            hit->promise = promise > hit->promise ? promise : hit->promise;
            return;
        }
        at = (at + 1) & (SP_HIT_SLOTS - 1);
    }
    if (searcher->hit_count == SP_HITS_MAX)
        return;
    searcher->slots[at].epoch = searcher->epoch;
    searcher->slots[at].package = package;
    searcher->slots[at].hit = searcher->hit_count;
    searcher->hits[searcher->hit_count++] = (struct sp_hit){ package, 1u << kind, keys, promise };
}

/* Popular targets first: at most 2, by the logarithm of the rank. Packages are stored by rank, so their
 * number tells without a look at them; those of unknown rank come last. */
static float
popularity(uint32_t package)
{
    /* bits of the number stand for its logarithm: 0 for the first, 16 for the 65,536th */
    return 2.f - (float)(31 - __builtin_clz(package + 1)) / 8.f;
}

static void
add_form(struct sp_searcher *searcher, uint32_t form, enum sp_index_kind kind, uint32_t keys, float promise)
{
    const struct sp_index_ecosystem *part = searcher->part;
    if (form >= part->form_count)
        return;
    const struct sp_form_record *record = &part->forms[form];
    for (uint32_t i = 0; i < record->owner_count; i++) {
        uint32_t at = record->first_owner + i;
        if (at >= part->owner_count)
            return;
        uint32_t package = part->owners[at] >> 4, flags = part->owners[at] & 15;
        if (package >= part->package_count)
            continue;
        enum sp_index_kind found =
            kind == SP_BY_KEY_FLAT && flags == SP_OWNER_IDENTIFIER ? SP_BY_KEY_IDENTIFIER : kind;
        sp_hit_add(searcher, package, found, keys, promise + popularity(package));
    }
}

static void
add_key(struct sp_searcher *searcher, enum sp_key_kind kind, uint64_t hash, uint32_t equal, float promise)
{
    uint32_t count;
    const struct sp_posting *found = sp_postings_find(&searcher->part->keys, hash, &count);
    if (count > FORMS_OF_KEY_MAX)
        count = FORMS_OF_KEY_MAX; /* forms are numbered by rank: the most popular are kept */
    for (uint32_t i = 0; i < count; i++)
        add_form(searcher, found[i].id, key_index[kind], equal, promise);
}

static void
by_keys(struct sp_searcher *searcher, const char *string, size_t length)
{
    struct sp_keys keys;
    sp_keys_of(&searcher->index->words, string, length, &keys);
    for (unsigned i = 0; i < keys.count; i++)
        sp_postings_prefetch(&searcher->part->keys, keys.at[i].hash);
    for (unsigned i = 0; i < keys.count; i++) {
        enum sp_key_kind kind = keys.at[i].kind;
        if (kind == SP_KEY_DROPPED)
            /* a word of each left out: the more is left, the more alike */
            add_key(searcher, kind, keys.at[i].hash, 0,
                    1.5f + 4.5f * (float)keys.at[i].length / (float)length);
        else
            add_key(searcher, kind, keys.at[i].hash, 1u << kind, key_promise[kind]);
    }
}

/* Some of the name's words are a whole trusted name; or the name is one but for a word left out. */
static void
by_token_runs(struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    const struct sp_tokens *tokens = &name->tokens;
    unsigned count = tokens->count < RUN_TOKENS_MAX ? tokens->count : RUN_TOKENS_MAX;
    char run[SP_NAME_MAX];
    for (unsigned from = 0; from < count; from++) {
        size_t length = 0;
        for (unsigned to = from; to < count; to++) {
            memcpy(run + length, name->flat + tokens->at[to].start, tokens->at[to].length);
            length += tokens->at[to].length;
            if (to - from + 1 == tokens->count || length < 2)
                continue;
            float promise = 3.5f + 3.f * (float)length / (float)name->plain_length;
            uint64_t hash = sp_key_hash(SP_KEY_DELIMITERS, run, length);
            uint32_t forms;
            const struct sp_posting *found = sp_postings_find(&searcher->part->keys, hash, &forms);
            for (uint32_t i = 0; i < forms && i < 4; i++)
                add_form(searcher, found[i].id, SP_BY_KEY_TOKEN_RUN, 0, promise);
        }
    }
    add_key(searcher, SP_KEY_DROPPED, sp_key_hash(SP_KEY_DROPPED, name->plain, name->plain_length), 0, 5.f);
}

/* Glued to something: loadyaml, asynctestpython, requestsjs. */
static void
by_glued(struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    size_t length = name->plain_length;
    if (length <= GLUED_LENGTH_MIN || length > GLUED_LENGTH_MAX)
        return;
    uint64_t hashes[2 * GLUED_LENGTH_MAX];
    unsigned count = 0;
    for (size_t part = GLUED_LENGTH_MIN; part < length; part++)
        for (int tail = 0; tail < 2; tail++) {
            const char *from = tail ? name->plain + length - part : name->plain;
            hashes[count] = sp_key_hash(SP_KEY_DELIMITERS, from, part);
            sp_postings_prefetch(&searcher->part->keys, hashes[count++]);
        }
    for (unsigned i = 0; i < count; i++)
        sp_postings_prefetch_entries(&searcher->part->keys, hashes[i]);
    for (unsigned i = 0; i < count; i++) {
        float promise = 1.5f + 4.f * (float)(GLUED_LENGTH_MIN + i / 2) / (float)length;
        uint32_t forms;
        const struct sp_posting *found = sp_postings_find(&searcher->part->keys, hashes[i], &forms);
        for (uint32_t k = 0; k < forms && k < 2; k++)
            add_form(searcher, found[k].id, SP_BY_KEY_TOKEN_RUN, 0, promise);
    }
}

struct edit_query {
    struct sp_searcher *searcher;
    const char *string;
    size_t length;
    unsigned limit;
    uint32_t signature;
    float promise;
    uint32_t seen[64]; /* forms already looked at, plus one, by their low bits: most come several times */
};

static void
found_edits(void *context, uint32_t id)
{
    struct edit_query *query = context;
    const struct sp_index_ecosystem *part = query->searcher->part;
    uint32_t *seen = &query->seen[id % SP_COUNT(query->seen)];
    if (id >= part->form_count || *seen == id + 1)
        return;
    *seen = id + 1;
    const struct sp_form_record *form = &part->forms[id];
    if ((unsigned)__builtin_popcount(form->signature ^ query->signature) > 2 * query->limit)
        return;
    struct sp_slice string = sp_form_string(part, id);
    unsigned distance =
        sp_osa_within(query->string, query->length, string.bytes, string.length, query->limit);
    if (distance > query->limit)
        return;
    /* two edits in a short name are much, in a long one little */
    float promise = query->promise - 10.f * (float)distance / (float)(query->length + 4);
    add_form(query->searcher, id, SP_BY_EDITS, 0, promise);
}

unsigned
sp_edit_limit(size_t length)
{
    return length <= 2 ? 0 : length <= 4 ? 1 : 2;
}

static void
by_edits(struct sp_searcher *searcher, const char *string, size_t length, unsigned most, float promise)
{
    unsigned limit = sp_edit_limit(length);
    struct edit_query query = {
        .searcher = searcher,
        .string = string,
        .length = length,
        .limit = limit < most ? limit : most,
        .signature = sp_signature(string, length),
        .promise = promise,
    };
    if (query.limit)
        sp_edits_find(&searcher->part->edits, string, length, query.limit, found_edits, &query);
}

/* Misspelt within a longer name: ladash-cli, node-reqeust, loadashjs. */
static void
by_inner_edits(struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    const struct sp_tokens *tokens = &name->tokens;
    const struct sp_words *words = &searcher->index->words;
    if (tokens->count > 1 && tokens->count < SP_TOKENS_MAX) {
        struct sp_token first = tokens->at[0], last = tokens->at[tokens->count - 1];
        const char *end = name->flat + name->flat_length;
        if (sp_word_affix(words, name->flat + first.start, first.length)) {
            const char *rest = name->flat + tokens->at[1].start;
            by_edits(searcher, rest, (size_t)(end - rest), 1, 7.f);
        }
        struct sp_token before = tokens->at[tokens->count - 2];
        if (sp_word_affix(words, name->flat + last.start, last.length)) {
            size_t length = (size_t)before.start + before.length - tokens->at[0].start;
            by_edits(searcher, name->flat + tokens->at[0].start, length, 1, 7.f);
        }
    } else if (tokens->count == 1 && name->flat_length >= 7) {
        static const char *const tails[] = { "js", "py", "ts" };
        for (size_t i = 0; i < SP_COUNT(tails); i++)
            if (memcmp(name->flat + name->flat_length - 2, tails[i], 2) == 0)
                by_edits(searcher, name->flat, name->flat_length - 2u, 1, 7.f);
    }
}

/* A name without a known word of its own has no meaning to compare: its vector is made of its letters, which
 * the other indices look at better. */
static bool
has_meaning(const struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    const struct sp_words *words = &searcher->index->words;
    for (unsigned i = 0; i < name->tokens.count; i++) {
        const char *token = name->flat + name->tokens.at[i].start;
        size_t length = name->tokens.at[i].length;
        enum sp_affix_class affix = sp_word_affix(words, token, length);
        if (affix != SP_AFFIX_LANGUAGE && affix != SP_AFFIX_GENERIC &&
            sp_word_frequency(words, token, length))
            return true;
    }
    return false;
}

static void
by_embedding(struct sp_searcher *searcher)
{
    if (!searcher->part->has_vectors || !searcher->name.has_vector || !has_meaning(searcher))
        return;
    struct sp_neighbour near[NEIGHBOURS_MAX];
    uint32_t count = sp_vectors_search_above(&searcher->part->vectors, &searcher->vectors,
                                             searcher->name.vector, NEIGHBOURS_MAX, LEAST_DOT, near);
    for (uint32_t i = 0; i < count; i++) {
        if (near[i].id >= searcher->part->package_count)
            continue;
        float cosine = (float)near[i].dot / (127.f * 127.f);
        sp_hit_add(searcher, near[i].id, SP_BY_EMBEDDING, 0, 6.f * cosine - 1.f + popularity(near[i].id));
    }
}

/* The package that the name would be within the namespace SPACE. */
static void
add_in_namespace(struct sp_searcher *searcher, uint32_t space, const char *identifier, size_t length)
{
    const struct sp_index_ecosystem *part = searcher->part;
    struct sp_slice name = sp_index_string(part->strings, part->strings_size, part->namespaces[space].name);
    char flat[SP_NAME_MAX * 2 + 1];
    if (name.length + length + 1 > sizeof(flat))
        return;
    size_t size = 0;
    for (size_t i = 0; i < name.length; i++)
        flat[size++] = sp_is_delimiter(name.bytes[i]) ? '-' : name.bytes[i];
    flat[size++] = '-';
    memcpy(flat + size, identifier, length);
    size += length;
    size_t plain = 0;
    for (size_t i = 0; i < size; i++)
        if (!sp_is_delimiter(flat[i]))
            flat[plain++] = flat[i];
    uint32_t count;
    const struct sp_posting *found =
        sp_postings_find(&part->keys, sp_key_hash(SP_KEY_DELIMITERS, flat, plain), &count);
    for (uint32_t i = 0; i < count && i < 4; i++)
        add_form(searcher, found[i].id, SP_BY_NAMESPACE, 0, 9.f);
}

static void
add_namespace(struct sp_searcher *searcher, uint32_t space, float promise)
{
    const struct sp_index_ecosystem *part = searcher->part;
    const struct sp_side *name = &searcher->name;
    if (space >= part->namespace_count)
        return;
    add_in_namespace(searcher, space, name->identifier, name->identifier_length);
    uint32_t best = part->namespaces[space].best_package;
    if (best < part->package_count)
        sp_hit_add(searcher, best, SP_BY_NAMESPACE, 0, promise + popularity(best));
}

static void
found_namespaces(void *context, uint32_t id)
{
    struct edit_query *query = context;
    const struct sp_index_ecosystem *part = query->searcher->part;
    if (id >= part->namespace_count)
        return;
    const struct sp_namespace_record *space = &part->namespaces[id];
    if ((unsigned)__builtin_popcount(space->signature ^ query->signature) > 2 * query->limit)
        return;
    struct sp_slice string = sp_index_string(part->strings, part->strings_size, space->name);
    if (sp_osa_within(query->string, query->length, string.bytes, string.length, query->limit) <=
        query->limit)
        add_namespace(query->searcher, id, 4.f);
}

static void
by_namespace(struct sp_searcher *searcher)
{
    const struct sp_side *name = &searcher->name;
    const struct sp_index_ecosystem *part = searcher->part;
    uint32_t count;
    if (name->namespace_length) {
        struct sp_keys keys;
        sp_keys_of(&searcher->index->words, name->namespace_, name->namespace_length, &keys);
        for (unsigned i = 0; i < keys.count; i++) {
            /* its own namespace is the honest case, found by other keys where the identifier resembles */
            if (keys.at[i].kind == SP_KEY_EXACT || keys.at[i].kind == SP_KEY_DROPPED)
                continue;
            const struct sp_posting *found = sp_postings_find(&part->namespace_keys, keys.at[i].hash, &count);
            for (uint32_t k = 0; k < count && k < 4; k++)
                add_namespace(searcher, found[k].id, 4.f);
        }
        struct edit_query query = {
            .searcher = searcher,
            .string = name->namespace_,
            .length = name->namespace_length,
            .limit = sp_edit_limit(name->namespace_length),
            .signature = sp_signature(name->namespace_, name->namespace_length),
        };
        if (query.limit)
            sp_edits_find(&part->namespace_edits, name->namespace_, name->namespace_length, query.limit,
                          found_namespaces, &query);
    }
    /* a namespace's mark among the words: solana-rpc-client, @sentry-internals/node */
    for (unsigned i = 0; i < name->tokens.count && i < RUN_TOKENS_MAX; i++) {
        struct sp_token token = name->tokens.at[i];
        if (token.length < TERM_LENGTH_MIN || name->tokens.count < 2)
            continue;
        uint64_t hash = sp_key_hash(SP_KEY_EXACT, name->flat + token.start, token.length);
        const struct sp_posting *found = sp_postings_find(&part->namespace_keys, hash, &count);
        if (count)
            add_namespace(searcher, found[0].id, i == 0 ? 5.f : 3.f);
    }
}

int
sp_gather_by(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, enum sp_index_kind kind,
             struct sp_error *err)
{
    struct sp_side *name = &searcher->name;
    searcher->hit_count = 0;
    searcher->epoch++;
    searcher->part = sp_index_ecosystem(searcher->index, ecosystem->id, err);
    if (!searcher->part)
        return -1;
    switch (kind) {
    case SP_BY_EDITS:
        by_edits(searcher, name->flat, name->flat_length, 2, 9.f);
        break;
    case SP_BY_EMBEDDING:
        by_embedding(searcher);
        break;
    case SP_BY_NAMESPACE:
        by_namespace(searcher);
        break;
    case SP_BY_KEY_TOKEN_RUN:
        by_token_runs(searcher);
        break;
    default:
        by_keys(searcher, name->flat, name->flat_length);
        if (name->namespace_length)
            by_keys(searcher, name->identifier, name->identifier_length);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < searcher->hit_count; i++)
        if (searcher->hits[i].found_by >> kind & 1)
            searcher->hits[kept++] = searcher->hits[i];
    searcher->hit_count = kept;
    return 0;
}

int
sp_gather(struct sp_searcher *searcher, const struct sp_ecosystem *ecosystem, struct sp_error *err)
{
    struct sp_side *name = &searcher->name;
    searcher->hit_count = 0;
    searcher->epoch++;
    searcher->part = sp_index_ecosystem(searcher->index, ecosystem->id, err);
    if (!searcher->part)
        return -1;
    by_keys(searcher, name->flat, name->flat_length);
    by_edits(searcher, name->flat, name->flat_length, 2, 9.f);
    if (name->namespace_length) {
        by_keys(searcher, name->identifier, name->identifier_length);
        by_edits(searcher, name->identifier, name->identifier_length, 1, 8.f);
    }
    by_token_runs(searcher);
    by_glued(searcher);
    by_inner_edits(searcher);
    by_namespace(searcher);
    by_embedding(searcher);
    return 0;
}
