#include "eval/registry_words.h"
#include "base/tsv.h"

#include <math.h>
#include <string.h>

#define WORDS_MAX 48 /* of a name or a summary; what follows is not read */
#define TEXT_MAX 1024
#define KNOWN_FROM 3 /* a word that more summaries have is one */

struct split {
    char text[TEXT_MAX]; /* lower case, a - between words */
    size_t count, at[WORDS_MAX], length[WORDS_MAX], size;
};

static void
split(struct split *out, const char *bytes, size_t length)
{
    bool inside = false;
    out->count = out->size = 0;
    for (size_t i = 0; i < length && out->size + 2 < TEXT_MAX; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            inside = false;
            continue;
        }
        if (!inside) {
            if (out->count == WORDS_MAX)
                return;
            if (out->count)
                out->text[out->size++] = '-';
            out->at[out->count] = out->size;
            out->length[out->count++] = 0;
            inside = true;
        }
        out->text[out->size++] = (char)c;
        out->length[out->count - 1]++;
    }
}

static bool
same(const struct split *a, size_t i, const struct split *b, size_t k)
{
    return a->length[i] == b->length[k] && !memcmp(a->text + a->at[i], b->text + b->at[k], a->length[i]);
}

static int
count(struct sp_map *map, const char *key, size_t length, struct sp_error *err)
{
    uint32_t *at = sp_map_at(map, key, length, 0, err);
    if (!at)
        return -1;
    ++*at;
    return 0;
}

static double
seen(const struct sp_map *map, const char *key, size_t length)
{
    uint32_t value = 0;
    sp_map_get(map, key, length, &value);
    return log1p(value);
}

/* Each word once, however often it stands there. */
static int
count_words(struct sp_map *map, const struct split *split, struct sp_error *err)
{
    for (size_t i = 0; i < split->count; i++) {
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)
            before = same(split, i, split, k);
        if (!before && count(map, split->text + split->at[i], split->length[i], err) < 0)
            return -1;
    }
    return 0;
}

/* OUT: the words of NAME with a * for those from FROM up to UPTO. Its length. */
static size_t
pattern(char out[TEXT_MAX + 2], const struct split *name, size_t from, size_t upto)
{
    size_t size = 0, rest = upto < name->count ? name->at[upto] : name->size;
    if (from) {
        size = name->at[from - 1] + name->length[from - 1];
        memcpy(out, name->text, size);
        out[size++] = '-';
    }
    out[size++] = '*';
    if (rest < name->size) {
        out[size++] = '-';
        memcpy(out + size, name->text + rest, name->size - rest);
        size += name->size - rest;
    }
    return size;
}

static int
count_name(struct sp_registry_words *out, const struct split *name, struct sp_error *err)
{
    char key[TEXT_MAX + 2];
    if (name->count < 2)
        return 0;
    for (size_t i = 0; i < name->count; i++) {
        if (count(&out->patterns, key, pattern(key, name, i, i + 1), err) < 0 ||
            (i && count(&out->starts, name->text, name->at[i] - 1, err) < 0))
            return -1;
    }
    size_t end = name->count - 1;
    return count(&out->first, name->text, name->length[0], err) < 0 ||
                   count(&out->last, name->text + name->at[end], name->length[end], err) < 0
               ? -1
               : 0;
}

/* With the slash; 0 none. */
static size_t
namespace_length(const char *name, size_t length)
{
    const char *slash = length && name[0] == '@' ? memchr(name, '/', length) : NULL;
    return slash ? (size_t)(slash - name) + 1 : 0;
}

static int
read_registry(struct sp_registry_words *out, const char *path, bool npm, const struct sp_map *candidates,
              struct sp_error *err)
{
    static const char *const names[] = { "name", "summary", NULL };
    sp_autotsv struct sp_tsv tsv;
    struct sp_tsv_row row;
    struct split words;
    int status;
    if (sp_tsv_open(&tsv, path, names, 1, err) < 0)
        return -1;
    while ((status = sp_tsv_next(&tsv, &row, err)) > 0) {
        const char *name = row.field[0].bytes;
        size_t length = row.field[0].length, space = npm ? namespace_length(name, length) : 0;
        if (sp_map_get(candidates, name, length, NULL) ||
            (space && sp_map_get(candidates, name, space, NULL)))
            continue;
        if (space && count(&out->identifiers, name + space, length - space, err) < 0)
            return -1;
        split(&words, name, length);
        if (count_words(&out->words[npm ? SP_WORDS_NPM : SP_WORDS_PYPI], &words, err) < 0 ||
            (npm && count_name(out, &words, err) < 0))
            return -1;
        split(&words, row.field[1].bytes, row.field[1].length);
        if (count_words(&out->words[npm ? SP_WORDS_NPM_TOLD : SP_WORDS_PYPI_TOLD], &words, err) < 0)
            return -1;
    }
    return status;
}

int
sp_registry_words_read(struct sp_registry_words *out, const char *npm, const char *pypi,
                       const struct sp_pairs *pairs, struct sp_error *err)
{
    sp_automap struct sp_map candidates = { 0 };
    for (size_t i = 0; i < pairs->count; i++) {
        const char *name = pairs->pairs[i].name;
        size_t space = namespace_length(name, strlen(name));
        if (sp_map_set(&candidates, name, strlen(name), 1, err) < 0 ||
            (space && sp_map_set(&candidates, name, space, 1, err) < 0))
            return -1;
    }
    if (read_registry(out, npm, true, &candidates, err) < 0)
        return -1;
    return pypi ? read_registry(out, pypi, false, &candidates, err) : 0;
}

void
sp_registry_words_free(struct sp_registry_words *words)
{
    for (size_t i = 0; i < SP_WORD_SOURCES; i++)
        sp_map_free(&words->words[i]);
    sp_map_free(&words->starts);
    sp_map_free(&words->identifiers);
    sp_map_free(&words->first);
    sp_map_free(&words->last);
    sp_map_free(&words->patterns);
}

const char *const sp_registry_word_names[SP_REGISTRY_WORD_FEATURES] = {
    "pattern-filled", "target-goes-on",   "name-identifier",   "target-identifier", "extra-first",
    "extra-last",     "rarest-told-npm",  "rarest-told-pypi",  "target-told-npm",   "target-told-pypi",
    "share-known",    "extra-npm",        "extra-told-npm",    "extra-pypi",        "extra-told-pypi",
    "extra-words",    "target-extra-npm", "target-extra-told", "target-extra-pypi", "target-extra-told-pypi",
    "extra-gap",
};

/* How often the name without its namespace stands in one. */
static double
seen_identifier(const struct sp_registry_words *words, const char *name)
{
    const char *slash = name[0] == '@' ? strchr(name, '/') : NULL;
    const char *identifier = slash ? slash + 1 : name;
    return seen(&words->identifiers, identifier, strlen(identifier));
}

/* How usual the rarest of the words from FROM up to UPTO is. */
static double
rarest(const struct sp_map *map, const struct split *name, size_t from, size_t upto)
{
    double least = NAN;
    for (size_t i = from; i < upto; i++)
        least = fmin(least, seen(map, name->text + name->at[i], name->length[i]));
    return least;
}

void
sp_registry_words_of(const struct sp_registry_words *words, const struct sp_labelled_pair *pair,
                     float values[SP_REGISTRY_WORD_FEATURES])
{
    struct split name, target;
    char key[TEXT_MAX + 2];
    split(&name, pair->name, strlen(pair->name));
    split(&target, pair->target, strlen(pair->target));
    size_t shorter = name.count < target.count ? name.count : target.count, head = 0, tail = 0, known = 0;
    while (head < shorter && same(&name, head, &target, head))
        head++;
    while (tail < shorter - head && same(&name, name.count - 1 - tail, &target, target.count - 1 - tail))
        tail++;
    size_t end = name.count - tail, target_end = target.count - tail;
    const struct sp_map *told = &words->words[SP_WORDS_NPM_TOLD];
    for (size_t i = 0; i < name.count; i++) {
        uint32_t value = 0;
        sp_map_get(told, name.text + name.at[i], name.length[i], &value);
        known += value > KNOWN_FROM;
    }
    size_t at = 0;
    /* no word in common: every name would fill the pattern */
    values[at++] =
        head + tail ? (float)seen(&words->patterns, key, pattern(key, &target, head, target_end)) : -1;
    values[at++] = (float)seen(&words->starts, target.text, target.size);
    values[at++] = pair->name[0] == '@' ? (float)seen_identifier(words, pair->name) : NAN;
    values[at++] = (float)seen_identifier(words, pair->target);
    values[at++] =
        head < end ? (float)seen(&words->first, name.text + name.at[head], name.length[head]) : NAN;
    values[at++] =
        head < end ? (float)seen(&words->last, name.text + name.at[end - 1], name.length[end - 1]) : NAN;
    values[at++] = (float)rarest(told, &name, 0, name.count);
    values[at++] = (float)rarest(&words->words[SP_WORDS_PYPI_TOLD], &name, 0, name.count);
    values[at++] = (float)rarest(told, &target, 0, target.count);
    values[at++] = (float)rarest(&words->words[SP_WORDS_PYPI_TOLD], &target, 0, target.count);
    values[at++] = name.count ? (float)known / (float)name.count : 0;
    for (size_t i = 0; i < SP_WORD_SOURCES; i++)
        values[at++] = (float)rarest(&words->words[i], &name, head, end);
    values[at++] = (float)(end - head);
    for (size_t i = 0; i < SP_WORD_SOURCES; i++)
        values[at++] = (float)rarest(&words->words[i], &target, head, target_end);
    values[at++] = (float)(rarest(told, &name, head, end) - rarest(told, &target, head, target_end));
}
