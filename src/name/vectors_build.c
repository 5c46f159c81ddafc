#include "base/hash.h"
#include "base/memory.h"
#include "name/vectors_layout.h"

#include <math.h>
#include <string.h>

#define DIMENSION SP_VECTOR_DIMENSION
#define PARTS SP_VECTORS_PARTS
#define PART SP_VECTORS_PART
#define WORDS SP_VECTORS_WORDS
#define GROUP SP_VECTORS_GROUP
#define BLOCK SP_VECTORS_BLOCK

#define FEW 3072              /* vectors that are compared faster one and all than by cells */
#define ROUNDS 12             /* of either k-means */
#define PART_SAMPLE 30000     /* vectors that the codewords are learned from */
#define PROBE_PERCENT 30      /* of the cells that a search opens at most, */
#define PROBES_MORE 45        /* and so many more: few cells are large ones */
#define BONUS 2.5             /* deviations of a cell's members from its mean */
#define MARGIN_DEVIATIONS 5.0 /* of a code's error that a search makes up for */

struct build {
    const int8_t (*vectors)[DIMENSION];
    uint32_t count, cells;
    int16_t *means;    /* interleaved */
    uint32_t *cell_of; /* of each vector */
    int16_t codewords[PARTS][PART][WORDS];
    uint8_t (*codes)[PARTS]; /* of each vector, not packed */
};

static void
free_build(struct build *build)
{
    free(build->means);
    free(build->cell_of);
    free(build->codes);
}

static int32_t
divide_rounded(int64_t sum, int64_t by)
{
    return (int32_t)((sum >= 0 ? sum + by / 2 : sum - by / 2) / by);
}

/* ---- cells */

static uint32_t
cells_for(uint32_t count)
{
    if (count <= FEW)
        return 0;
    uint32_t cells = (uint32_t)(2 * sqrt((double)count)) / BLOCK * BLOCK;
    return cells < SP_VECTORS_CELLS_MAX ? cells : SP_VECTORS_CELLS_MAX;
}

static void
set_mean(struct build *build, uint32_t c, const int16_t mean[DIMENSION])
{
    for (uint32_t i = 0; i < DIMENSION; i++)
        build->means[sp_vectors_mean_at(c, i)] = mean[i];
}

/* Puts each vector into the cell whose mean is nearest (Euclid); returns how many moved. */
static uint32_t
assign(struct build *build, int32_t *products, int32_t *squares)
{
    const struct sp_vectors_kernels *kernels = sp_vectors_fastest();
    for (uint32_t c = 0; c < build->cells; c++) {
        squares[c] = 0;
        for (uint32_t i = 0; i < DIMENSION; i++) {
            int32_t number = build->means[sp_vectors_mean_at(c, i)];
            squares[c] += number * number;
        }
    }
    uint32_t moved = 0;
    for (uint32_t v = 0; v < build->count; v++) {
        int16_t query[DIMENSION];
        for (int i = 0; i < DIMENSION; i++)
            query[i] = build->vectors[v][i];
        kernels->means(build->means, build->cells / BLOCK, query, products);
        uint32_t best = 0;
        int32_t best_score = INT32_MIN;
        for (uint32_t c = 0; c < build->cells; c++) {
            int32_t score = 2 * products[c] - squares[c];
            if (score > best_score) {
                best_score = score;
                best = c;
            }
        }
        moved += build->cell_of[v] != best;
        build->cell_of[v] = best;
    }
    return moved;
}

/* Moves each mean to the middle of its members; a cell without members stays as it is. */
static void
move_means(struct build *build, int32_t (*sums)[DIMENSION], uint32_t *sizes)
{
    memset(sums, 0, build->cells * sizeof(*sums));
    memset(sizes, 0, build->cells * sizeof(*sizes));
    for (uint32_t v = 0; v < build->count; v++) {
        uint32_t c = build->cell_of[v];
        sizes[c]++;
        for (int i = 0; i < DIMENSION; i++)
            sums[c][i] += build->vectors[v][i];
    }
    for (uint32_t c = 0; c < build->cells; c++) {
        int16_t mean[DIMENSION];
        for (int i = 0; sizes[c] && i < DIMENSION; i++)
            mean[i] = (int16_t)divide_rounded(sums[c][i], sizes[c]);
        if (sizes[c])
            set_mean(build, c, mean);
    }
}

static int
make_cells(struct build *build, struct sp_error *err)
{
    sp_autofree int32_t *products = sp_new_array(build->cells, sizeof(*products), err);
    sp_autofree int32_t *squares = sp_new_array(build->cells, sizeof(*squares), err);
    sp_autofree uint32_t *sizes = sp_new_array(build->cells, sizeof(*sizes), err);
    sp_autofree void *sums_memory = sp_new_array(build->cells, DIMENSION * sizeof(int32_t), err);
    int32_t(*sums)[DIMENSION] = sums_memory;
    build->means = sp_new_array((size_t)build->cells * DIMENSION, sizeof(*build->means), err);
    build->cell_of = sp_new_array(build->count, sizeof(*build->cell_of), err);
    if (!products || !squares || !sizes || !sums || !build->means || !build->cell_of)
        return -1;
    for (uint32_t c = 0; c < build->cells; c++) { /* vectors from all over, as first means */
        uint32_t part = build->count / build->cells;
        uint32_t v = c * part + (uint32_t)(sp_hash_mix(c, part) % part);
        int16_t mean[DIMENSION];
        for (int i = 0; i < DIMENSION; i++)
            mean[i] = build->vectors[v][i];
        set_mean(build, c, mean);
    }
    for (int round = 0; round < ROUNDS; round++) {
        if (assign(build, products, squares) == 0 && round > 0)
            return 0;
        move_means(build, sums, sizes);
    }
    assign(build, products, squares);
    return 0;
}

/* ---- codes */

/* What is left of vector V after its cell's mean, in one part. */
static inline void
rest(const struct build *build, uint32_t v, int part, int32_t out[PART])
{
    for (int i = 0; i < PART; i++) {
        uint32_t d = (uint32_t)(part * PART + i);
        out[i] = build->vectors[v][d] - build->means[sp_vectors_mean_at(build->cell_of[v], d)];
    }
}

static inline uint8_t
nearest_word(const int16_t words[PART][WORDS], const int32_t number[PART])
{
    int32_t distances[WORDS];
    for (int w = 0; w < WORDS; w++) {
        distances[w] = 0;
        for (int i = 0; i < PART; i++)
            distances[w] += (words[i][w] - number[i]) * (words[i][w] - number[i]);
    }
    uint8_t best = 0;
    for (uint8_t w = 1; w < WORDS; w++)
        if (distances[w] < distances[best])
            best = w;
    return best;
}

static void
learn_words(struct build *build, int part)
{
    int16_t(*words)[WORDS] = build->codewords[part];
    uint32_t sample = build->count < PART_SAMPLE ? build->count : PART_SAMPLE;
    uint32_t step = build->count / sample;
    for (uint32_t w = 0; w < WORDS; w++) {
        int32_t number[PART];
        rest(build, (uint32_t)(sp_hash_mix(w, (uint64_t)part) % build->count), part, number);
        for (int i = 0; i < PART; i++)
            words[i][w] = (int16_t)number[i];
    }
    for (int round = 0; round < ROUNDS; round++) {
        int64_t sums[WORDS][PART] = { 0 };
        int64_t sizes[WORDS] = { 0 };
        for (uint32_t s = 0; s < sample; s++) {
            int32_t number[PART];
            rest(build, s * step, part, number);
            uint8_t w = nearest_word((const int16_t(*)[WORDS])words, number);
            sizes[w]++;
            for (int i = 0; i < PART; i++)
                sums[w][i] += number[i];
        }
        for (int w = 0; w < WORDS; w++)
            for (int i = 0; sizes[w] && i < PART; i++)
                words[i][w] = (int16_t)divide_rounded(sums[w][i], sizes[w]);
    }
}

/* Gives each vector its codes; *ERROR gets the mean square of what they lose. */
static int
make_codes(struct build *build, double *error, struct sp_error *err)
{
    build->codes = sp_new_array(build->count, sizeof(*build->codes), err);
    if (!build->codes)
        return -1;
    int64_t squares = 0;
    for (int part = 0; part < PARTS; part++) {
        learn_words(build, part);
        const int16_t(*words)[WORDS] = (const int16_t(*)[WORDS])build->codewords[part];
        for (uint32_t v = 0; v < build->count; v++) {
            int32_t number[PART];
            rest(build, v, part, number);
            uint8_t w = nearest_word(words, number);
            build->codes[v][part] = w;
            for (int i = 0; i < PART; i++)
                squares += (int64_t)(words[i][w] - number[i]) * (words[i][w] - number[i]);
        }
    }
    *error = (double)squares / build->count;
    return 0;
}

/* ---- writing */

static int
put(struct sp_buffer *out, size_t start, const void *bytes, size_t size, struct sp_error *err)
{
    static const char zeros[64];
    return sp_buffer_append(out, zeros, (64 - (out->length - start) % 64) % 64, err) < 0
               ? -1
               : sp_buffer_append(out, bytes, size, err);
}

struct lists {
    int16_t *bonuses;
    struct sp_vectors_cell *cells;
    uint32_t *members;
    uint8_t *codes;
    uint32_t groups;
};

static void
free_lists(struct lists *lists)
{
    free(lists->bonuses);
    free(lists->cells);
    free(lists->members);
    free(lists->codes);
}

/* How far the members of each cell reach: their mean square distance from the mean. */
static void
set_bonuses(const struct build *build, const uint32_t *sizes, int64_t *squares, int16_t *bonuses)
{
    for (uint32_t v = 0; v < build->count; v++) {
        uint32_t c = build->cell_of[v];
        for (uint32_t i = 0; i < DIMENSION; i++) {
            int32_t off = build->vectors[v][i] - build->means[sp_vectors_mean_at(c, i)];
            squares[c] += off * off;
        }
    }
    for (uint32_t c = 0; c < build->cells; c++)
        if (sizes[c])
            bonuses[c] = (int16_t)(BONUS * 127 * sqrt((double)squares[c] / sizes[c] / DIMENSION));
}

static int
make_lists(const struct build *build, struct lists *lists, struct sp_error *err)
{
    sp_autofree uint32_t *filled = sp_new_array(build->cells, sizeof(*filled), err);
    sp_autofree int64_t *squares = sp_new_array(build->cells, sizeof(*squares), err);
    lists->cells = sp_new_array(build->cells, sizeof(*lists->cells), err);
    lists->bonuses = sp_new_array(build->cells, sizeof(*lists->bonuses), err);
    if (!filled || !squares || !lists->cells || !lists->bonuses)
        return -1;
    for (uint32_t v = 0; v < build->count; v++)
        filled[build->cell_of[v]]++;
    for (uint32_t c = 0; c < build->cells; c++) {
        uint32_t groups = (filled[c] + GROUP - 1) / GROUP;
        lists->cells[c] = (struct sp_vectors_cell){ lists->groups, groups };
        lists->groups += groups;
    }
    set_bonuses(build, filled, squares, lists->bonuses);
    memset(filled, 0, build->cells * sizeof(*filled));
    lists->members = sp_new_array((size_t)lists->groups * GROUP, sizeof(*lists->members), err);
    lists->codes = sp_new_array(lists->groups, 2 * SP_VECTORS_HALF_BYTES, err);
    if (!lists->members || !lists->codes)
        return -1;
    memset(lists->members, 0xff, (size_t)lists->groups * GROUP * sizeof(*lists->members));
    for (uint32_t v = 0; v < build->count; v++) {
        uint32_t c = build->cell_of[v], member = lists->cells[c].first_group * GROUP + filled[c]++;
        lists->members[member] = v;
        uint32_t upper = member % GROUP / (GROUP / 2), place = member % (GROUP / 2);
        for (uint32_t part = 0; part < PARTS; part++) {
            size_t group = member / GROUP + (part < SP_VECTORS_HALF ? 0 : lists->groups);
            uint32_t row = part % SP_VECTORS_HALF;
            lists->codes[group * SP_VECTORS_HALF_BYTES + row * (GROUP / 2) + place] |=
                (uint8_t)(build->codes[v][part] << (4 * upper));
        }
    }
    return 0;
}

static int
write_section(const struct build *build, const struct lists *lists, struct sp_vectors_header header,
              struct sp_buffer *out, struct sp_error *err)
{
    size_t start = out->length;
    if (put(out, start, &header, sizeof(header), err) < 0 ||
        put(out, start, build->vectors, (size_t)build->count * DIMENSION, err) < 0 ||
        put(out, start, lists->cells, build->cells * sizeof(*lists->cells), err) < 0 ||
        put(out, start, lists->bonuses, build->cells * sizeof(*lists->bonuses), err) < 0 ||
        put(out, start, build->means, (size_t)build->cells * DIMENSION * sizeof(*build->means), err) < 0 ||
        put(out, start, build->codewords, sizeof(build->codewords), err) < 0 ||
        put(out, start, lists->codes, (size_t)lists->groups * 2 * SP_VECTORS_HALF_BYTES, err) < 0 ||
        put(out, start, lists->members, (size_t)lists->groups * GROUP * sizeof(*lists->members), err) < 0)
        return -1;
    header.size = out->length - start;
    memcpy(out->bytes + start, &header, sizeof(header));
    return 0;
}

static int
build_cells(struct build *build, struct lists *lists, struct sp_vectors_header *header, struct sp_error *err)
{
    double error = 0;
    if (make_cells(build, err) < 0 || make_codes(build, &error, err) < 0 || make_lists(build, lists, err) < 0)
        return -1;
    header->groups = lists->groups;
    header->probes = build->cells * PROBE_PERCENT / 100 + PROBES_MORE;
    /* the error's product with a query of length 127 in no special direction */
    header->margin = (uint32_t)(MARGIN_DEVIATIONS * sqrt(error / DIMENSION) * 127);
    return 0;
}

int
sp_vectors_build(const int8_t (*vectors)[DIMENSION], uint32_t count, struct sp_buffer *out,
                 struct sp_error *err)
{
    if (count > SP_VECTORS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "vectors: %u are more than %u", count, SP_VECTORS_MAX);
    if (out->length % 64)
        return sp_fail(err, SP_ERROR_INTERNAL, "vectors: the section would not be 64-byte aligned");
    struct build build = { .vectors = vectors, .count = count, .cells = cells_for(count) };
    struct lists lists = { 0 };
    struct sp_vectors_header header = { .magic = SP_VECTORS_MAGIC,
                                        .version = SP_VECTORS_VERSION,
                                        .dimension = DIMENSION,
                                        .count = count,
                                        .cells = build.cells };
    int result = build.cells ? build_cells(&build, &lists, &header, err) : 0;
    if (result == 0)
        result = write_section(&build, &lists, header, out, err);
    free_lists(&lists);
    free_build(&build);
    return result;
}
