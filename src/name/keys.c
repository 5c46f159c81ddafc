#include "name/keys.h"
#include "base/hash.h"
#include "ecosystem/ecosystem.h"
#include "name/tokens.h"

#include <string.h>

/* Shorter transformed strings would join everything with everything. */
#define LEAST_LENGTH 3
#define LEAST_STEM 2 /* d3.js */
#define LEAST_SOUND 3
#define DROPPED_TOKENS_MAX 8

struct text {
    char bytes[SP_NAME_MAX * 2];
    size_t length;
};

static void
add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (length > sizeof(text->bytes) - text->length)
        length = sizeof(text->bytes) - text->length;
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

uint64_t
sp_key_hash(enum sp_key_kind kind, const char *string, size_t length)
{
    return sp_hash(string, length, 7 + (uint64_t)kind);
}

static void
put(struct sp_keys *out, enum sp_key_kind kind, const char *bytes, size_t length)
{
    if (out->count < SP_KEYS_MAX) {
        out->at[out->count].kind = kind;
        out->at[out->count].length = (uint16_t)length;
        out->at[out->count++].hash = sp_key_hash(kind, bytes, length);
    }
}

static void
put_sorted(struct sp_keys *out, const char *string, const struct sp_tokens *tokens)
{
    struct sp_token sorted[SP_TOKENS_MAX];
    for (unsigned i = 0; i < tokens->count; i++) {
        unsigned at = i;
        for (; at; at--) {
            const struct sp_token *before = &sorted[at - 1], *token = &tokens->at[i];
            size_t common = before->length < token->length ? before->length : token->length;
            int order = memcmp(string + before->start, string + token->start, common);
            if (order < 0 || (order == 0 && before->length <= token->length))
                break;
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = tokens->at[i];
    }
    struct text text = { .length = 0 };
    for (unsigned i = 0; i < tokens->count; i++) {
        add_bytes(&text, string + sorted[i].start, sorted[i].length);
        add_bytes(&text, "-", 1);
    }
    put(out, SP_KEY_TOKENS, text.bytes, text.length);
}

static void
put_sound(const struct sp_words *words, struct sp_keys *out, const char *string,
          const struct sp_tokens *tokens)
{
    struct text text = { .length = 0 };
    for (unsigned i = 0; i < tokens->count; i++) {
        const char *token = string + tokens->at[i].start;
        uint32_t same = sp_word_class(words, SP_WORD_HOMOPHONE, token, tokens->at[i].length);
        if (same) {
            /* a known homophone stands for its group, whatever the rules make of it */
            char group[5] = { '#', (char)same, (char)(same >> 8), (char)(same >> 16), (char)(same >> 24) };
            add_bytes(&text, group, sizeof(group));
            continue;
        }
        char sound[16];
        add_bytes(&text, sound, sp_word_sound(token, tokens->at[i].length, sound));
    }
    if (text.length >= LEAST_SOUND)
        put(out, SP_KEY_PHONETIC, text.bytes, text.length);
}

/* The glued affixes that names wear most: loadashjs, pyyaml. */
static void
trim_glued(const char **token, size_t *length)
{
    static const char *const heads[] = { "node", "py" }, *const tails[] = { "js", "py" };
    for (size_t i = 0; i < SP_COUNT(heads); i++) {
        size_t size = strlen(heads[i]);
        if (*length >= size + LEAST_LENGTH && memcmp(*token, heads[i], size) == 0) {
            *token += size;
            *length -= size;
            break;
        }
    }
    for (size_t i = 0; i < SP_COUNT(tails); i++) {
        size_t size = strlen(tails[i]);
        if (*length >= size + LEAST_LENGTH && memcmp(*token + *length - size, tails[i], size) == 0) {
            *length -= size;
            break;
        }
    }
}

static void
put_stem(const struct sp_words *words, struct sp_keys *out, const char *string,
         const struct sp_tokens *tokens)
{
    struct text text = { .length = 0 };
    for (unsigned i = 0; i < tokens->count; i++) {
        const char *token = string + tokens->at[i].start;
        size_t length = tokens->at[i].length;
        if (tokens->count > 1 && sp_word_affix(words, token, length) == SP_AFFIX_LANGUAGE)
            continue;
        if (tokens->count <= 2)
            trim_glued(&token, &length);
        add_bytes(&text, token, sp_word_stem(token, length));
    }
    if (text.length >= LEAST_STEM)
        put(out, SP_KEY_STEM, text.bytes, text.length);
}

static void
put_spelling(const struct sp_words *words, struct sp_keys *out, const char *string,
             const struct sp_tokens *tokens)
{
    static const enum sp_word_relation relations[] = { SP_WORD_BRITISH, SP_WORD_NUMBER, SP_WORD_ABBREVIATION,
                                                       SP_WORD_PLURAL };
    struct text text = { .length = 0 };
    bool any = false;
    for (unsigned i = 0; i < tokens->count; i++) {
        const char *token = string + tokens->at[i].start;
        size_t length = tokens->at[i].length;
        uint32_t same = 0;
        for (size_t r = 0; r < SP_COUNT(relations) && !same; r++) {
            same = sp_word_class(words, relations[r], token, length);
            if (same)
                same |= (uint32_t)(r + 1) << 28;
        }
        if (same) {
            char group[5] = { '#', (char)same, (char)(same >> 8), (char)(same >> 16), (char)(same >> 24) };
            add_bytes(&text, group, sizeof(group));
            any = true;
        } else {
            add_bytes(&text, token, length);
        }
    }
    if (any)
        put(out, SP_KEY_SPELLING, text.bytes, text.length);
}

static void
put_dropped(struct sp_keys *out, const char *string, const struct sp_tokens *tokens)
{
    if (tokens->count < 2 || tokens->count > DROPPED_TOKENS_MAX)
        return;
    for (unsigned drop = 0; drop < tokens->count; drop++) {
        struct text text = { .length = 0 };
        for (unsigned i = 0; i < tokens->count; i++)
            if (i != drop)
                add_bytes(&text, string + tokens->at[i].start, tokens->at[i].length);
        if (text.length >= LEAST_LENGTH)
            put(out, SP_KEY_DROPPED, text.bytes, text.length);
    }
}

void
sp_keys_of(const struct sp_words *words, const char *string, size_t length, struct sp_keys *out)
{
    struct sp_tokens tokens;
    sp_tokenise(string, length, &tokens);
    out->count = 0;
    put(out, SP_KEY_EXACT, string, length);

    struct text text = { .length = 0 };
    for (unsigned i = 0; i < tokens.count; i++)
        add_bytes(&text, string + tokens.at[i].start, tokens.at[i].length);
    if (text.length)
        put(out, SP_KEY_DELIMITERS, text.bytes, text.length);

    char folded[SP_NAME_MAX * 2];
    size_t folded_length = sp_fold_lookalikes(text.bytes, text.length, folded);
    if (folded_length >= LEAST_LENGTH)
        put(out, SP_KEY_LOOKALIKE, folded, folded_length);

    if (tokens.count > 1)
        put_sorted(out, string, &tokens);
    put_sound(words, out, string, &tokens);
    put_stem(words, out, string, &tokens);
    put_spelling(words, out, string, &tokens);
    put_dropped(out, string, &tokens);
}
