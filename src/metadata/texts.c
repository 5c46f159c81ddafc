#include "metadata/texts.h"

#include "base/hash.h"

#include <math.h>
#include <string.h>

#define SKETCH 256 /* smallest hashes kept of a text's shingles */
#define SHINGLE_SEED 223u
#define NAME_MARK                                                                                            \
    0x5e1fu             /* stands for either package's name, which a copy puts in the place of the other     \
                         */
#define TERM_SLOTS 2048 /* more than twice the words of a description and a readme */
#define EMBEDDED_MAX 96 /* distinct words whose vectors are added, from the start of the text */
#define DESCRIPTION_WEIGHT 3 /* a word of the description counts as so many of the readme */

/* ---- copies */

struct sketch {
    uint64_t at[SP_PROSE_WORDS]; /* sorted, distinct; SKETCH at most after the cut */
    unsigned count;
};

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* The words of PROSE with either name as one mark. */
static unsigned
mark_names(const struct sp_prose *prose, const struct sp_phrase *one, const struct sp_phrase *other,
           uint32_t out[SP_PROSE_WORDS])
{
    unsigned count = 0;
    for (size_t i = 0; i < prose->word_count;) {
        const struct sp_phrase *longer = one->count >= other->count ? one : other;
        const struct sp_phrase *shorter = longer == one ? other : one;
        if (sp_prose_stands(prose, i, longer)) {
            out[count++] = NAME_MARK;
            i += longer->count;
        } else if (sp_prose_stands(prose, i, shorter)) {
            out[count++] = NAME_MARK;
            i += shorter->count;
        } else {
            out[count++] = prose->words[i++].hash;
        }
    }
    return count;
}

static void
make_sketch(struct sketch *out, const uint32_t *words, unsigned count)
{
    out->count = 0;
    for (unsigned i = 0; i + 3 <= count; i++)
        out->at[out->count++] = sp_hash(words + i, 3 * sizeof(*words), SHINGLE_SEED);
    qsort(out->at, out->count, sizeof(*out->at), by_number);
    unsigned kept = 0;
    for (unsigned i = 0; i < out->count; i++)
        if (!kept || out->at[kept - 1] != out->at[i])
            out->at[kept++] = out->at[i];
    out->count = kept < SKETCH ? kept : SKETCH;
}

/* The share of common members among the smallest of the union. */
static double
likeness_of(const struct sketch *a, const struct sketch *b)
{
    unsigned i = 0, k = 0, both = 0, all = 0;
    while (all < SKETCH && (i < a->count || k < b->count)) {
        all++;
        if (k == b->count || (i < a->count && a->at[i] < b->at[k]))
            i++;
        else if (i == a->count || b->at[k] < a->at[i])
            k++;
        else
            both++, i++, k++;
    }
    return all ? (double)both / all : NAN;
}

static double
likeness(const struct sp_scene_texts *texts, const struct sp_prose *name, const struct sp_prose *target,
         unsigned least)
{
    if (name->word_count < least || target->word_count < least)
        return NAN;
    uint32_t words[SP_PROSE_WORDS];
    struct sketch a, b;
    make_sketch(&a, words, mark_names(name, &texts->name.name, &texts->target.name, words));
    make_sketch(&b, words, mark_names(target, &texts->name.name, &texts->target.name, words));
    return likeness_of(&a, &b);
}

/* ---- purposes */

/* Words of any text, and of any readme: they say nothing of a purpose. */
static const char *const stop_words[] = {
    "a",        "about",        "all",          "also",    "an",      "and",
    "any",      "are",          "as",           "at",      "be",      "but",
    "by",       "can",          "do",           "does",    "for",     "from",
    "has",      "have",         "how",          "if",      "in",      "into",
    "is",       "it",           "its",          "more",    "most",    "no",
    "not",      "of",           "on",           "one",     "only",    "or",
    "other",    "our",          "out",          "over",    "see",     "so",
    "some",     "than",         "that",         "the",     "their",   "them",
    "then",     "there",        "these",        "they",    "this",    "to",
    "up",       "use",          "used",         "uses",    "using",   "was",
    "we",       "what",         "when",         "which",   "will",    "with",
    "you",      "your",         "build",        "install", "usage",   "license",
    "licence",  "npm",          "yarn",         "pip",     "gem",     "readme",
    "badge",    "package",      "packages",     "module",  "library", "example",
    "examples", "contributing", "installation", "getting", "started", "documentation",
    "docs",     "simple",       "version",      "project",
};

static bool
is_stop_word(const char *word, size_t length)
{
    for (size_t i = 0; i < SP_COUNT(stop_words); i++)
        if (*stop_words[i] == *word && strlen(stop_words[i]) == length &&
            memcmp(stop_words[i], word, length) == 0)
            return true;
    return false;
}

struct term {
    uint32_t hash;
    uint16_t length;
    uint16_t count;    /* 0: an empty slot, or a word that says nothing */
    const char *bytes; /* NULL: an empty slot */
    float weight;
};

struct terms {
    struct term slots[TERM_SLOTS];
    uint16_t order[2 * SP_PROSE_WORDS]; /* slots by first appearance */
    unsigned count;
    double norm;
};

static struct term *
term_at(struct terms *terms, const char *bytes, size_t length, uint32_t hash)
{
    /* at most 2 * SP_PROSE_WORDS of the slots are taken */
    for (uint32_t i = hash % TERM_SLOTS;; i = (i + 1) % TERM_SLOTS) {
        struct term *term = &terms->slots[i];
        if (!term->bytes ||
            (term->hash == hash && term->length == length && memcmp(term->bytes, bytes, length) == 0))
            return term;
    }
}

static void
add_terms(struct terms *terms, const struct sp_scene_texts *texts, const struct sp_prose *prose,
          uint16_t weight)
{
    for (size_t i = 0; i < prose->word_count; i++) {
        /* that a text names the other package, or itself, says nothing of what it does */
        const struct sp_phrase *names[] = { &texts->name.name, &texts->target.name };
        size_t before = i;
        for (int k = 0; k < 2 && i == before; k++)
            if (sp_prose_stands(prose, i, names[k]))
                i += names[k]->count;
        if (i > before) {
            i--;
            continue;
        }
        const struct sp_prose_word *word = &prose->words[i];
        const char *bytes = prose->text + word->start;
        struct term *term = term_at(terms, bytes, word->length, word->hash);
        if (!term->bytes) {
            *term = (struct term){ word->hash, word->length, 0, bytes, 0 };
            if (word->length < 2 || is_stop_word(bytes, word->length))
                continue;
            terms->order[terms->count++] = (uint16_t)(term - terms->slots);
            term->count = weight;
        } else if (term->count) {
            term->count = (uint16_t)(term->count + weight);
        }
    }
}

static void
weigh_terms(struct terms *terms, const struct sp_weights *weights)
{
    double squares = 0;
    for (unsigned i = 0; i < terms->count; i++) {
        struct term *term = &terms->slots[terms->order[i]];
        term->weight = (float)((1 + log(term->count)) * sp_word_weight(weights, term->bytes, term->length));
        squares += (double)term->weight * term->weight;
    }
    terms->norm = sqrt(squares);
}

static double
tfidf_cosine(const struct terms *a, struct terms *b)
{
    double product = 0;
    for (unsigned i = 0; i < a->count; i++) {
        const struct term *term = &a->slots[a->order[i]];
        product += (double)term->weight * term_at(b, term->bytes, term->length, term->hash)->weight;
    }
    return a->norm > 0 && b->norm > 0 ? product / (a->norm * b->norm) : 0;
}

static bool
add_vectors(const struct terms *terms, const struct sp_embedding *embedding,
            double out[SP_EMBEDDING_DIMENSION])
{
    bool any = false;
    memset(out, 0, SP_EMBEDDING_DIMENSION * sizeof(*out));
    for (unsigned i = 0; i < terms->count && i < EMBEDDED_MAX; i++) {
        const struct term *term = &terms->slots[terms->order[i]];
        int8_t vector[SP_EMBEDDING_DIMENSION];
        if (!sp_embedding_of(embedding, term->bytes, term->length, vector))
            continue;
        any = true;
        for (int k = 0; k < SP_EMBEDDING_DIMENSION; k++)
            out[k] += (double)term->weight * vector[k];
    }
    return any;
}

static double
vector_cosine(const double *a, const double *b)
{
    double product = 0, aa = 0, bb = 0;
    for (int i = 0; i < SP_EMBEDDING_DIMENSION; i++) {
        product += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? product / sqrt(aa * bb) : 0;
}

static void
compare_purposes(struct sp_scene_texts *texts, const struct sp_signal_scene *scene, struct terms terms[2])
{
    struct sp_package_prose *sides[2] = { &texts->name, &texts->target };
    for (int i = 0; i < 2; i++) {
        add_terms(&terms[i], texts, &sides[i]->description, DESCRIPTION_WEIGHT);
        add_terms(&terms[i], texts, &sides[i]->readme, 1);
        if (terms[i].count < SP_PURPOSE_WORDS_MIN)
            return;
        weigh_terms(&terms[i], scene->weights);
    }
    texts->tfidf = tfidf_cosine(&terms[0], &terms[1]);
    double a[SP_EMBEDDING_DIMENSION], b[SP_EMBEDDING_DIMENSION];
    texts->cosine = scene->embedding && add_vectors(&terms[0], scene->embedding, a) &&
                            add_vectors(&terms[1], scene->embedding, b)
                        ? vector_cosine(a, b)
                        : NAN;
    /* words that are the same say more than words that are near, and are seldom there in short texts */
    texts->purpose = isnan(texts->cosine) ? texts->tfidf : (texts->cosine + texts->tfidf) / 2;
}

/* ---- the scene */

static void
read_package(struct sp_package_prose *out, const struct sp_record *record)
{
    out->name.count = 0;
    sp_prose_read(&out->description,
                  record && sp_record_knows(record, SP_FIELD_DESCRIPTION) ? record->description : NULL);
    sp_prose_read(&out->readme, record && sp_record_knows(record, SP_FIELD_README) ? record->readme : NULL);
    if (record && record->name)
        sp_phrase_read(&out->name, record->name);
}

void
sp_scene_texts_read(struct sp_scene_texts *out, const struct sp_signal_scene *scene)
{
    out->purpose = out->cosine = out->tfidf = out->description_likeness = out->readme_likeness = NAN;
    read_package(&out->name, scene->name);
    read_package(&out->target, scene->target);
    /* a target that was never looked up still has its name */
    if (!out->target.name.count && scene->match && scene->match->target)
        sp_phrase_read(&out->target.name, scene->match->target);
    if (!scene->name || !scene->target)
        return;
    out->description_likeness =
        likeness(out, &out->name.description, &out->target.description, SP_DESCRIPTION_WORDS_MIN);
    out->readme_likeness = likeness(out, &out->name.readme, &out->target.readme, SP_README_WORDS_MIN);
    /* without memory for the tables the purpose stays unknown */
    sp_autofree struct terms *terms = sp_new_array(2, sizeof(*terms), NULL);
    if (terms)
        compare_purposes(out, scene, terms);
}
