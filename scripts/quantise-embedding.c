/* quantise-embedding: from a fastText model (.bin) to the int8 file that src/name/embedding.h describes.
 *
 *   quantise-embedding MODEL OUT [ROWS [WORDS]]
 *
 * Layout of a fastText .bin, version 12, little-endian:
 *   i32 magic 793712314, i32 version
 *   i32 dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate, f64 t
 *   dictionary: i32 entries, i32 words, i32 labels, i64 tokens, i64 size of the prune index (-1: none);
 *     an entry: the word, NUL, i64 count, i8 type (0: a word); by falling count
 *   u8 quantised (0), i64 rows, i64 columns, f32 input matrix: a row a word, then a row a bucket
 *   then the output matrix, which is of no use here.
 * fastText's vector of a word is the mean of its own row and the rows of its n-grams. */
#include "base/file.h"
#include "base/hash.h"
#include "name/embedding.h"

#include <math.h>
#include <string.h>

#define DIMENSION SP_EMBEDDING_DIMENSION
#define FASTTEXT_MAGIC 793712314
#define FASTTEXT_VERSION 12
#define WORD_MAX 128
#define ROWS 110000
#define WORDS 30000
#define OTHER_WEIGHT 160  /* of a token that is no known word; a rare known one has 255 */
#define WHOLE_WEIGHT 110  /* of the whole name beside its tokens */
#define COMMON_SHARE 5e-4 /* of all words: a word as common as this has half the weight of a rare one */
#define SAMPLE 50000      /* words that mean and axes are taken from */

struct model {
    int32_t bucket, minn, maxn, words;
    int64_t tokens;
    char (*word)[WORD_MAX];
    int64_t *count;
    float (*input)[DIMENSION]; /* a row a word, then a row a bucket */
};

static _Noreturn void
give_up(const char *what)
{
    fprintf(stderr, "quantise-embedding: %s\n", what);
    exit(1);
}

static void *
allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        give_up("out of memory");
    return memory;
}

static void
take(FILE *file, void *out, size_t size)
{
    if (fread(out, size, 1, file) != 1)
        give_up("the model ends early");
}

/* ---- reading the model */

static void
read_word(FILE *file, struct model *model, int32_t index)
{
    size_t length = 0;
    int byte;
    while ((byte = getc(file)) > 0)
        if (length < WORD_MAX - 1)
            model->word[index][length++] = (char)byte;
    if (byte == EOF)
        give_up("the model ends early");
    int8_t type;
    take(file, &model->count[index], sizeof(int64_t));
    take(file, &type, sizeof(type));
}

static void
read_model(const char *path, struct model *model)
{
    sp_autofclose FILE *file = fopen(path, "rb");
    if (!file)
        give_up("cannot open the model");
    int32_t head[2], args[12], sizes[3];
    int64_t counts[2], shape[2];
    double t;
    uint8_t quantised;
    take(file, head, sizeof(head));
    if (head[0] != FASTTEXT_MAGIC || head[1] != FASTTEXT_VERSION)
        give_up("not a fastText model of version 12");
    take(file, args, sizeof(args));
    take(file, &t, sizeof(t));
    if (args[0] != DIMENSION)
        give_up("the model's dimension is not 64");
    model->bucket = args[8];
    model->minn = args[9];
    model->maxn = args[10];
    take(file, sizes, sizeof(sizes));
    take(file, counts, sizeof(counts));
    model->words = sizes[1];
    model->tokens = counts[0];
    if (sizes[0] != sizes[1] || counts[1] > 0)
        give_up("the model has labels or was pruned");
    model->word = allocate((size_t)model->words, WORD_MAX);
    model->count = allocate((size_t)model->words, sizeof(int64_t));
    for (int32_t i = 0; i < model->words; i++)
        read_word(file, model, i);
    take(file, &quantised, 1);
    take(file, shape, sizeof(shape));
    if (quantised || shape[0] != (int64_t)model->words + model->bucket || shape[1] != DIMENSION)
        give_up("the model's input matrix is of another shape");
    model->input = allocate((size_t)shape[0], sizeof(*model->input));
    if (fread(model->input, sizeof(*model->input), (size_t)shape[0], file) != (size_t)shape[0])
        give_up("the model ends early");
}

/* ---- n-grams */

/* The buckets of WORD's n-grams, as fastText cuts them; returns how many. */
static int
buckets_of(const struct model *model, const char *word, uint32_t *buckets)
{
    char text[WORD_MAX + 2];
    int length = snprintf(text, sizeof(text), "<%s>", word), count = 0;
    for (int start = 0; start < length; start++) {
        if ((text[start] & 0xc0) == 0x80)
            continue;
        int stop = start;
        for (int n = 1; n <= model->maxn && stop < length; n++) {
            do
                stop++;
            while (stop < length && (text[stop] & 0xc0) == 0x80);
            if (n >= model->minn && !(n == 1 && (start == 0 || stop == length)))
                buckets[count++] =
                    sp_embedding_ngram_hash(text + start, (size_t)(stop - start)) % (uint32_t)model->bucket;
        }
    }
    return count;
}

struct ranked {
    double weight;
    uint32_t index;
};

static int
by_weight(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Which buckets to keep: those that add most to the words' vectors, by how many words have them and by the
 * length of their rows. */
static uint8_t *
choose_rows(const struct model *model, uint32_t rows)
{
    struct ranked *ranked = allocate((size_t)model->bucket, sizeof(*ranked));
    uint32_t buckets[WORD_MAX * 8];
    for (int32_t b = 0; b < model->bucket; b++)
        ranked[b].index = (uint32_t)b;
    for (int32_t w = 0; w < model->words; w++) {
        int count = buckets_of(model, model->word[w], buckets);
        for (int i = 0; i < count; i++)
            ranked[buckets[i]].weight += 1.0 / count;
    }
    for (int32_t b = 0; b < model->bucket; b++) {
        double squares = 0;
        for (int i = 0; i < DIMENSION; i++)
            squares += (double)model->input[model->words + b][i] * model->input[model->words + b][i];
        ranked[b].weight *= squares;
    }
    qsort(ranked, (size_t)model->bucket, sizeof(*ranked), by_weight);
    uint8_t *kept = allocate((size_t)model->bucket, 1);
    double all = 0, taken = 0;
    for (int32_t b = 0; b < model->bucket; b++)
        all += ranked[b].weight;
    for (uint32_t r = 0; r < rows && r < (uint32_t)model->bucket; r++) {
        kept[ranked[r].index] = 1;
        taken += ranked[r].weight;
    }
    fprintf(stderr, "kept %u of %d n-gram rows, %.1f %% of their weight\n", rows, model->bucket,
            100 * taken / all);
    free(ranked);
    return kept;
}

/* ---- writing */

static void
put(struct sp_buffer *out, const void *bytes, size_t size)
{
    static const char zeros[64];
    struct sp_error err;
    if (sp_buffer_append(out, zeros, (64 - out->length % 64) % 64, &err) < 0 ||
        sp_buffer_append(out, bytes, size, &err) < 0)
        give_up(err.text);
}

static void
put_rows(const struct model *model, const uint8_t *kept, uint32_t rows, struct sp_buffer *out)
{
    size_t blocks = ((size_t)model->bucket + 63) / 64;
    struct sp_embedding_block *remap = allocate(blocks, sizeof(*remap));
    uint8_t *scales = allocate(rows, 1);
    int8_t(*quantised)[DIMENSION] = allocate(rows, sizeof(*quantised));
    float largest = 0;
    for (int32_t b = 0; b < model->bucket; b++)
        for (int i = 0; kept[b] && i < DIMENSION; i++)
            largest = fmaxf(largest, fabsf(model->input[model->words + b][i]));
    float step = largest / 127 / 255; /* of a row with scale 1 */
    uint32_t row = 0;
    for (int32_t b = 0; b < model->bucket; b++) {
        if (b % 64 == 0)
            remap[b / 64].rank = row;
        if (!kept[b])
            continue;
        const float *from = model->input[model->words + b];
        float most = 0;
        for (int i = 0; i < DIMENSION; i++)
            most = fmaxf(most, fabsf(from[i]));
        float scale = fminf(fmaxf(ceilf(most / 127 / step), 1), 255);
        for (int i = 0; i < DIMENSION; i++)
            quantised[row][i] = (int8_t)fminf(fmaxf(rintf(from[i] / (scale * step)), -127), 127);
        remap[b / 64].kept |= (uint64_t)1 << (b % 64);
        scales[row++] = (uint8_t)scale;
    }
    put(out, remap, blocks * sizeof(*remap));
    put(out, scales, rows);
    put(out, quantised, rows * sizeof(*quantised));
    free(remap);
    free(scales);
    free(quantised);
}

/* The weight of a word among the tokens of a name: smooth inverse frequency (Arora et al. 2017). */
static uint32_t
weight_of(const struct model *model, int64_t count)
{
    double share = (double)count / (double)model->tokens;
    return (uint32_t)fmax(1, rint(255 * COMMON_SHARE / (COMMON_SHARE + share)));
}

/* The unit vector of word W. */
static void
vector_of(const struct model *model, int32_t w, double out[DIMENSION])
{
    uint32_t buckets[WORD_MAX * 8];
    int count = buckets_of(model, model->word[w], buckets);
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
        out[i] = model->input[w][i];
        for (int b = 0; b < count; b++)
            out[i] += model->input[(uint32_t)model->words + buckets[b]][i];
        squares += out[i] * out[i];
    }
    for (int i = 0; i < DIMENSION && squares > 0; i++)
        out[i] /= sqrt(squares);
}

/* What all vectors have in common says nothing, and hides what they do not. */
static void
find_mean(const struct model *model, double mean[DIMENSION])
{
    int32_t step = model->words / SAMPLE + 1, count = 0;
    memset(mean, 0, DIMENSION * sizeof(*mean));
    for (int32_t w = 0; w < model->words; w += step, count++) {
        double vector[DIMENSION];
        vector_of(model, w, vector);
        for (int i = 0; i < DIMENSION; i++)
            mean[i] += vector[i];
    }
    for (int i = 0; i < DIMENSION; i++)
        mean[i] /= count;
}

/* Jacobi's rotations: MATRIX (symmetric) becomes diagonal, the columns of AXES its eigenvectors. */
static void
diagonalise(double matrix[DIMENSION][DIMENSION], double axes[DIMENSION][DIMENSION])
{
    for (int i = 0; i < DIMENSION; i++)
        for (int j = 0; j < DIMENSION; j++)
            axes[i][j] = i == j;
    for (int sweep = 0; sweep < 20; sweep++)
        for (int p = 0; p < DIMENSION; p++)
            for (int q = p + 1; q < DIMENSION; q++) {
                double angle = 0.5 * atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]);
                double c = cos(angle), s = sin(angle);
                for (int i = 0; i < DIMENSION; i++) {
                    double x = matrix[i][p], y = matrix[i][q], u = axes[i][p], v = axes[i][q];
                    matrix[i][p] = c * x - s * y;
                    matrix[i][q] = s * x + c * y;
                    axes[i][p] = c * u - s * v;
                    axes[i][q] = s * u + c * v;
                }
                for (int i = 0; i < DIMENSION; i++) {
                    double x = matrix[p][i], y = matrix[q][i];
                    matrix[p][i] = c * x - s * y;
                    matrix[q][i] = s * x + c * y;
                }
            }
}

/* Turns all vectors so that the search's codes lose least: towards the principal axes, those of the wider
 * half first, and in either half the widest and the narrowest side by side, so that each pair of numbers
 * holds about as much as any other of its half. Cosines stay. */
static void
rotate(struct model *model, double mean[DIMENSION])
{
    double(*matrix)[DIMENSION] = allocate(DIMENSION, sizeof(*matrix));
    double(*axes)[DIMENSION] = allocate(DIMENSION, sizeof(*axes));
    int32_t step = model->words / SAMPLE + 1;
    for (int32_t w = 0; w < model->words; w += step) {
        double vector[DIMENSION];
        vector_of(model, w, vector);
        for (int i = 0; i < DIMENSION; i++)
            for (int j = 0; j < DIMENSION; j++)
                matrix[i][j] += (vector[i] - mean[i]) * (vector[j] - mean[j]);
    }
    diagonalise(matrix, axes);
    struct ranked ranked[DIMENSION];
    for (uint32_t i = 0; i < DIMENSION; i++)
        ranked[i] = (struct ranked){ matrix[i][i], i };
    qsort(ranked, DIMENSION, sizeof(*ranked), by_weight);
    uint32_t order[DIMENSION];
    for (int half = 0; half < DIMENSION; half += DIMENSION / 2)
        for (int i = 0; i < DIMENSION / 4; i++) {
            order[half + 2 * i] = ranked[half + i].index;
            order[half + 2 * i + 1] = ranked[half + DIMENSION / 2 - 1 - i].index;
        }
    for (int64_t r = -1; r < (int64_t)model->words + model->bucket; r++) {
        double turned[DIMENSION] = { 0 };
        for (int i = 0; i < DIMENSION; i++)
            for (int j = 0; j < DIMENSION; j++)
                turned[i] += axes[j][order[i]] * (r < 0 ? mean[j] : model->input[r][j]);
        for (int i = 0; i < DIMENSION; i++)
            if (r < 0)
                mean[i] = turned[i];
            else
                model->input[r][i] = (float)turned[i];
    }
    free(matrix);
    free(axes);
}

static void
put_mean(const double mean[DIMENSION], struct sp_buffer *out)
{
    int16_t rounded[DIMENSION];
    for (int i = 0; i < DIMENSION; i++)
        rounded[i] = (int16_t)rint(mean[i] * SP_EMBEDDING_PART_UNIT);
    put(out, rounded, sizeof(rounded));
}

static void
put_words(const struct model *model, const double mean[DIMENSION], uint32_t words, uint32_t slots,
          struct sp_buffer *out)
{
    struct sp_embedding_slot *slot = allocate(slots, sizeof(*slot));
    int8_t(*vectors)[DIMENSION] = allocate(words, sizeof(*vectors));
    memset(slot, 0xff, slots * sizeof(*slot));
    /* the dictionary is sorted by falling count */
    for (uint32_t w = 0; w < words; w++) {
        double vector[DIMENSION], squares = 0;
        vector_of(model, (int32_t)w, vector);
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] -= mean[i];
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION && squares > 0; i++)
            vectors[w][i] = (int8_t)rint(vector[i] * SP_EMBEDDING_UNIT / sqrt(squares));
        uint64_t hash = sp_hash(model->word[w], strlen(model->word[w]), SP_EMBEDDING_WORD_SEED);
        uint32_t at = (uint32_t)hash & (slots - 1);
        while (slot[at].word != UINT32_MAX)
            at = (at + 1) & (slots - 1);
        slot[at] =
            (struct sp_embedding_slot){ (uint32_t)(hash >> 32), w << 8 | weight_of(model, model->count[w]) };
    }
    put(out, slot, slots * sizeof(*slot));
    put(out, vectors, words * sizeof(*vectors));
    free(slot);
    free(vectors);
}

int
main(int argc, char **argv)
{
    if (argc < 3 || argc > 5)
        give_up("MODEL OUT [ROWS [WORDS]]");
    uint32_t rows = argc > 3 ? (uint32_t)atoi(argv[3]) : ROWS;
    uint32_t words = argc > 4 ? (uint32_t)atoi(argv[4]) : WORDS;
    struct model model = { 0 };
    read_model(argv[1], &model);
    rows = rows < (uint32_t)model.bucket ? rows : (uint32_t)model.bucket;
    words = words < (uint32_t)model.words ? words : (uint32_t)model.words;
    uint32_t slots = words ? 64 : 0;
    while (words && slots < 2 * words)
        slots *= 2;
    uint32_t numbers[10] = {
        SP_EMBEDDING_VERSION,
        DIMENSION,
        (uint32_t)model.minn,
        (uint32_t)model.maxn,
        (uint32_t)model.bucket,
        rows,
        slots,
        words,
        OTHER_WEIGHT,
        WHOLE_WEIGHT,
    };
    fprintf(stderr, "%d words, the last kept occurs %lld times\n", model.words,
            words ? (long long)model.count[words - 1] : 0);
    sp_autobuffer struct sp_buffer out = { 0 };
    char header[64] = SP_EMBEDDING_MAGIC;
    memcpy(header + 8, numbers, sizeof(numbers));
    put(&out, header, sizeof(header));
    double mean[DIMENSION];
    find_mean(&model, mean);
    rotate(&model, mean);
    uint8_t *kept = choose_rows(&model, rows);
    put_mean(mean, &out);
    put_rows(&model, kept, rows, &out);
    put_words(&model, mean, words, slots, &out);
    uint64_t size = out.length;
    memcpy(out.bytes + 48, &size, sizeof(size));
    struct sp_error err;
    if (sp_file_write(argv[2], out.bytes, out.length, &err) < 0)
        give_up(err.text);
    fprintf(stderr, "%s: %zu bytes\n", argv[2], out.length);
    free(kept);
    free(model.word);
    free(model.count);
    free(model.input);
    return 0;
}
