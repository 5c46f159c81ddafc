#include "name/vectors.h"

#include "base/memory.h"
#include "name/vectors_layout.h"

#include <endian.h>
#include <string.h>

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "vectors are used in place: only little-endian machines can"
#endif

#define DIMENSION SP_VECTOR_DIMENSION
#define PARTS SP_VECTORS_PARTS
#define WORDS SP_VECTORS_WORDS
#define GROUP SP_VECTORS_GROUP
#define TABLE_MAX 127   /* of a number in the table of a query: two fit in a byte */
#define CHUNK 8         /* groups whose members are compared before the floor is raised */
#define EXACT_CHUNK 256 /* vectors */
#define AHEAD 2         /* cells that are fetched while one is scanned */
#define FETCH 4         /* groups of them */
#define CELL_HOPE 8 /* sixteenths of the way from the mean of a sum to its most: a cell is left at this, */
#define HALF_HOPE 9 /* and a group for what its second half may add */
#define BINS 128
#define BIN_SHIFT 7

_Static_assert(sizeof(struct sp_vectors_header) == 64, "the header is 64 bytes");

struct sp_vectors_work {
    int16_t query[DIMENSION];
    uint8_t table[PARTS][WORDS];
    uint32_t budget; /* groups that may still be scanned */
    int32_t products[SP_VECTORS_CELLS_MAX];
    int32_t scores[SP_VECTORS_CELLS_MAX];
    uint8_t bins[SP_VECTORS_CELLS_MAX];
    uint32_t order[SP_VECTORS_CELLS_MAX];
    uint32_t masks[CHUNK];
    uint32_t ids[CHUNK * GROUP];
    int32_t dots[EXACT_CHUNK];
};

/* ---- opening */

static const void *
next_section(const unsigned char *bytes, size_t size, uint64_t *at, uint64_t length)
{
    uint64_t start = (*at + 63) & ~(uint64_t)63;
    if (start > size || length > size - start)
        return NULL;
    *at = start + length;
    return bytes + start;
}

int
sp_vectors_open(struct sp_vectors *out, const void *bytes, size_t size, struct sp_error *err)
{
    *out = (struct sp_vectors){ 0 };
    const struct sp_vectors_header *header = bytes;
    if (size < sizeof(*header) || memcmp(header->magic, SP_VECTORS_MAGIC, sizeof(header->magic)) != 0)
        return sp_fail(err, SP_ERROR_INPUT, "vectors: not a section of vectors");
    if ((uintptr_t)bytes % 64)
        return sp_fail(err, SP_ERROR_INTERNAL, "vectors: the section is not 64-byte aligned");
    if (header->version != SP_VECTORS_VERSION || header->dimension != DIMENSION)
        return sp_fail(err, SP_ERROR_INPUT, "vectors: version %u with %u dimensions, expected %u with %d",
                       header->version, header->dimension, SP_VECTORS_VERSION, DIMENSION);
    if (header->count > SP_VECTORS_MAX || header->cells > SP_VECTORS_CELLS_MAX ||
        header->cells % SP_VECTORS_BLOCK || header->groups > SP_VECTORS_MAX || header->margin > 1u << 20 ||
        header->size != size)
        return sp_fail(err, SP_ERROR_INPUT, "vectors: the header is damaged");

    struct sp_vectors view = { .count = header->count,
                               .cell_count = header->cells,
                               .group_count = header->groups,
                               .probes = header->probes,
                               .margin = (int32_t)header->margin };
    uint64_t at = sizeof(*header);
    const void *part[7];
    const uint64_t length[7] = {
        (uint64_t)view.count * DIMENSION,
        (uint64_t)view.cell_count * sizeof(*view.cells),
        (uint64_t)view.cell_count * sizeof(*view.bonuses),
        (uint64_t)view.cell_count * DIMENSION * sizeof(*view.means),
        SP_VECTORS_CODEWORDS * sizeof(*view.codewords),
        (uint64_t)view.group_count * SP_VECTORS_HALF_BYTES * 2,
        (uint64_t)view.group_count * GROUP * sizeof(*view.members),
    };
    for (int i = 0; i < 7; i++)
        if (!(part[i] = next_section(bytes, size, &at, length[i])))
            return sp_fail(err, SP_ERROR_INPUT, "vectors: the header's counts do not fit the section's size");
    if (at != size)
        return sp_fail(err, SP_ERROR_INPUT, "vectors: bytes are left after the section's end");
    view.vectors = part[0];
    view.cells = part[1];
    view.bonuses = part[2];
    view.means = part[3];
    view.codewords = part[4];
    view.codes = part[5];
    view.members = part[6];
    *out = view;
    return 0;
}

const int8_t *
sp_vectors_at(const struct sp_vectors *vectors, uint32_t id)
{
    return id < vectors->count ? vectors->vectors[id] : NULL;
}

int
sp_vectors_scratch_init(struct sp_vectors_scratch *scratch, struct sp_error *err)
{
    scratch->work = sp_new(struct sp_vectors_work, err);
    return scratch->work ? 0 : -1;
}

void
sp_vectors_scratch_free(struct sp_vectors_scratch *scratch)
{
    free(scratch->work);
    scratch->work = NULL;
}

/* ---- the nearest so far */

struct nearest {
    struct sp_neighbour *at; /* best first */
    uint32_t count, room;
    int32_t least; /* nothing below it is wanted */
};

static inline bool
is_before(int32_t dot, uint32_t id, const struct sp_neighbour *other)
{
    return dot > other->dot || (dot == other->dot && id < other->id);
}

static inline void
consider(struct nearest *nearest, uint32_t id, int32_t dot)
{
    uint32_t place = nearest->count;
    if (dot < nearest->least)
        return;
    if (place == nearest->room) {
        if (!is_before(dot, id, &nearest->at[place - 1]))
            return;
        place--;
    } else {
        nearest->count++;
    }
    for (; place > 0 && is_before(dot, id, &nearest->at[place - 1]); place--)
        nearest->at[place] = nearest->at[place - 1];
    nearest->at[place] = (struct sp_neighbour){ id, dot };
}

/* A search for what is above a floor opens so many times fewer cells: those that hold it score well. */
#define QUICK 6

/* ---- every vector */

static const struct sp_vectors_kernels *
prepare(struct sp_vectors_scratch *scratch, const int8_t query[DIMENSION])
{
    for (int i = 0; i < DIMENSION; i++)
        scratch->work->query[i] = query[i];
    return scratch->portable ? &sp_vectors_portable : sp_vectors_fastest();
}

static void
search_all(const struct sp_vectors *vectors, const struct sp_vectors_kernels *kernels,
           struct sp_vectors_work *work, struct nearest *nearest)
{
    for (uint32_t first = 0; first < vectors->count; first += EXACT_CHUNK) {
        uint32_t left = vectors->count - first, count = left < EXACT_CHUNK ? left : EXACT_CHUNK;
        kernels->dots(vectors->vectors + first, count, work->query, work->dots);
        int32_t worst = nearest->count == nearest->room ? nearest->at[nearest->room - 1].dot : INT32_MIN;
        for (uint32_t i = 0; i < count; i++)
            if (work->dots[i] > worst || nearest->count < nearest->room) {
                consider(nearest, first + i, work->dots[i]);
                if (nearest->count == nearest->room)
                    worst = nearest->at[nearest->room - 1].dot;
            }
    }
}

uint32_t
sp_vectors_search_exact(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                        const int8_t query[DIMENSION], uint32_t k, struct sp_neighbour *out)
{
    struct nearest nearest = { out, 0, k < SP_NEIGHBOURS_MAX ? k : SP_NEIGHBOURS_MAX, INT32_MIN };
    if (nearest.room)
        search_all(vectors, prepare(scratch, query), scratch->work, &nearest);
    return nearest.count;
}

/* ---- cells */

/* What the query's product with a code is made of: product = base + sum of the table's numbers * range /
 * TABLE_MAX, rounded. */
struct scale {
    int32_t base, range;
    int32_t hope;  /* what all parts may be hoped to add up to */
    int32_t later; /* what the second half of the parts may be hoped to add */
};

static struct scale
fill_table(const int16_t *codewords, struct sp_vectors_work *work)
{
    int32_t products[PARTS][WORDS], least[PARTS];
    struct scale scale = { 0, 1, 0, 0 };
    for (int p = 0; p < PARTS; p++) {
        const int16_t *at = codewords + p * SP_VECTORS_PART * WORDS;
        const int16_t *query = work->query + p * SP_VECTORS_PART;
        memset(products[p], 0, sizeof(products[p]));
        for (int i = 0; i < SP_VECTORS_PART; i++)
            for (int w = 0; w < WORDS; w++)
                products[p][w] += at[i * WORDS + w] * query[i];
        int32_t low = products[p][0], high = low;
        for (int w = 1; w < WORDS; w++) {
            low = products[p][w] < low ? products[p][w] : low;
            high = products[p][w] > high ? products[p][w] : high;
        }
        least[p] = low;
        scale.base += low;
        scale.range = high - low > scale.range ? high - low : scale.range;
    }
    uint32_t factor = ((uint32_t)TABLE_MAX << 16) / (uint32_t)scale.range;
    for (int p = 0; p < PARTS; p++) {
        int32_t most = 0, sum = 0;
        for (int w = 0; w < WORDS; w++) {
            uint32_t number = ((uint32_t)(products[p][w] - least[p]) * factor + 32768) >> 16;
            work->table[p][w] = (uint8_t)number;
            most = (int32_t)number > most ? (int32_t)number : most;
            sum += (int32_t)number;
        }
        scale.hope += sum * (16 - CELL_HOPE) + most * WORDS * CELL_HOPE;
        if (p >= PARTS / 2)
            scale.later += sum * (16 - HALF_HOPE) + most * WORDS * HALF_HOPE;
    }
    scale.hope /= 16 * WORDS;
    scale.later /= 16 * WORDS;
    return scale;
}

/* The cells to open, most promising first (near enough: by bins of their scores); returns how many. */
static uint32_t
order_cells(const struct sp_vectors *vectors, struct sp_vectors_work *work)
{
    uint32_t starts[BINS + 1] = { 0 };
    int32_t best = INT32_MIN;
    for (uint32_t c = 0; c < vectors->cell_count; c++) {
        int32_t score = work->products[c] + vectors->bonuses[c];
        work->scores[c] = score;
        best = score > best ? score : best;
    }
    for (uint32_t c = 0; c < vectors->cell_count; c++) {
        uint32_t bin = (uint32_t)(best - work->scores[c]) >> BIN_SHIFT;
        work->bins[c] = (uint8_t)(bin < BINS ? bin : BINS - 1);
    }
    for (uint32_t c = 0; c < vectors->cell_count; c++)
        starts[work->bins[c] + 1]++;
    uint32_t last = 0; /* bin that is still wanted */
    for (uint32_t b = 0; b < BINS; b++) {
        starts[b + 1] += starts[b];
        if (starts[b] < vectors->probes)
            last = b;
    }
    uint32_t stop = starts[last + 1];
    for (uint32_t c = 0; c < vectors->cell_count; c++)
        if (work->bins[c] <= last)
            work->order[starts[work->bins[c]]++] = c;
    return stop < vectors->probes ? stop : vectors->probes;
}

/* Compares the query with the members that MASKS lets through. */
static void
compare_members(const struct sp_vectors *vectors, const struct sp_vectors_kernels *kernels,
                struct sp_vectors_work *work, const uint32_t *members, uint32_t groups,
                struct nearest *nearest)
{
    uint32_t count = 0;
    for (uint32_t g = 0; g < groups; g++, members += GROUP)
        for (uint32_t mask = work->masks[g]; mask; mask &= mask - 1) {
            uint32_t id = members[__builtin_ctz(mask)];
            if (id >= vectors->count)
                continue;
            __builtin_prefetch(vectors->vectors[id]);
            work->ids[count++] = id;
        }
    for (uint32_t i = 0; i < count; i++)
        consider(nearest, work->ids[i], kernels->dot(vectors->vectors[work->ids[i]], work->query));
}

static void
search_cell(const struct sp_vectors *vectors, const struct sp_vectors_kernels *kernels,
            struct sp_vectors_work *work, uint32_t cell, const struct scale *scale, struct nearest *nearest)
{
    const struct sp_vectors_cell *at = &vectors->cells[cell];
    if (at->first_group > vectors->group_count || at->group_count > vectors->group_count - at->first_group)
        return;
    if (at->group_count > work->budget)
        return; /* cells of a damaged section overlap */
    work->budget -= at->group_count;
    uint32_t group = at->first_group, stop = group + at->group_count;
    while (group < stop) {
        bool full = nearest->count == nearest->room;
        uint32_t most = full || nearest->least > INT32_MIN ? CHUNK : 1; /* without a floor all go through */
        uint32_t groups = stop - group < most ? stop - group : most;
        int32_t worst = full ? nearest->at[nearest->room - 1].dot : INT32_MIN;
        worst = worst > nearest->least ? worst : nearest->least;
        int64_t floor = 0;
        if (worst > INT32_MIN) {
            int64_t wanted = (int64_t)worst -
                             (nearest->least > INT32_MIN ? vectors->margin / 2 : vectors->margin) -
                             work->products[cell] - scale->base;
            floor = wanted > 0 ? wanted * TABLE_MAX / scale->range : 0;
        }
        if (floor > scale->hope)
            return;
        kernels->scan(vectors->codes + (size_t)group * SP_VECTORS_HALF_BYTES,
                      vectors->codes + ((size_t)vectors->group_count + group) * SP_VECTORS_HALF_BYTES, groups,
                      (const uint8_t(*)[WORDS])work->table,
                      floor > scale->later ? (int32_t)floor - scale->later : 0, (int32_t)floor, work->masks);
        compare_members(vectors, kernels, work, vectors->members + (size_t)group * GROUP, groups, nearest);
        group += groups;
    }
}

/* Fetches what the scan of CELL reads first. */
static inline void
prefetch_cell(const struct sp_vectors *vectors, uint32_t cell)
{
    const struct sp_vectors_cell *at = &vectors->cells[cell];
    if (at->first_group >= vectors->group_count)
        return;
    uint32_t left = vectors->group_count - at->first_group;
    uint32_t groups = at->group_count < left ? at->group_count : left;
    const uint8_t *codes = vectors->codes + (size_t)at->first_group * SP_VECTORS_HALF_BYTES;
    for (uint32_t i = 0; i < (groups < FETCH ? groups : FETCH) * SP_VECTORS_HALF_BYTES; i += 64)
        __builtin_prefetch(codes + i);
}

uint32_t
sp_vectors_search(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                  const int8_t query[DIMENSION], uint32_t k, struct sp_neighbour *out)
{
    return sp_vectors_search_above(vectors, scratch, query, k, INT32_MIN, out);
}

uint32_t
sp_vectors_search_above(const struct sp_vectors *vectors, struct sp_vectors_scratch *scratch,
                        const int8_t query[DIMENSION], uint32_t k, int32_t least, struct sp_neighbour *out)
{
    struct nearest nearest = { out, 0, k < SP_NEIGHBOURS_MAX ? k : SP_NEIGHBOURS_MAX, least };
    if (!nearest.room)
        return 0;
    struct sp_vectors_work *work = scratch->work;
    const struct sp_vectors_kernels *kernels = prepare(scratch, query);
    if (!vectors->cell_count) {
        search_all(vectors, kernels, work, &nearest);
        return nearest.count;
    }
    kernels->means(vectors->means, vectors->cell_count / SP_VECTORS_BLOCK, work->query, work->products);
    work->budget = vectors->group_count;
    uint32_t probes = order_cells(vectors, work);
    if (least > INT32_MIN)
        probes = (probes + QUICK - 1) / QUICK;
    struct scale scale = fill_table(vectors->codewords, work);
    for (uint32_t i = 0; i < probes; i++) {
        if (i + AHEAD < probes)
            prefetch_cell(vectors, work->order[i + AHEAD]);
        search_cell(vectors, kernels, work, work->order[i], &scale, &nearest);
    }
    return nearest.count;
}
